"""What the chunks of RIFF files state: WebP, AVI and WAV.

RIFF (Microsoft and IBM, 1991); WebP container (RFC 9649 section 2); AVI RIFF file reference (Microsoft)
and OpenDML 1.02; EBU Tech 3285 (Broadcast Wave, `bext`), IEXML as iXML 3.01. Numbers are little-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Final

from forensics.inside.making import utf8

Rows = list[tuple[str, int | str, str]]
"""Name, value and meaning of each thing that a chunk states."""

_ANIMATION, _XMP, _EXIF, _ALPHA, _ICC = 0x02, 0x04, 0x08, 0x10, 0x20
_FEATURES: Final = (
    (_ICC, "colour profile"), (_ALPHA, "transparency"), (_EXIF, "EXIF"), (_XMP, "XMP"),
    (_ANIMATION, "animation"),
)  # fmt: skip
_CODINGS: Final = {
    1: "PCM", 2: "Microsoft ADPCM", 3: "floating point", 6: "A-law", 7: "µ-law", 17: "IMA ADPCM",
    80: "MPEG audio layer 2", 85: "MP3", 255: "AAC", 353: "Windows Media Audio", 8192: "AC-3",
    8193: "DTS", 0xFFFE: "as its subformat says",
}  # fmt: skip

INFO: Final = {
    "IARL": "Where the original is kept", "IART": "Artist", "ICMS": "Commissioned by",
    "ICMT": "Comment", "ICOP": "Copyright", "ICRD": "Date of creation", "ICRP": "Cropped",
    "IDIM": "Dimensions of the original", "IDPI": "Dots per inch", "IENG": "Engineer",
    "IGNR": "Genre", "IKEY": "Keywords", "ILNG": "Language", "IMED": "Medium of the original",
    "INAM": "Title", "IPRD": "Product", "IPRT": "Part", "ISBJ": "Subject", "ISFT": "Software",
    "ISMP": "SMPTE time code", "ISRC": "Source", "ISRF": "Form of the source",
    "ITCH": "Technician", "ITRK": "Track", "IDIT": "Date of recording", "IMIT": "More information",
    "IAS1": "Language", "IWRI": "Written by", "IPRO": "Produced by", "ICNT": "Country",
    "IURL": "Address", "IBSU": "Base address", "TAPE": "Tape", "YEAR": "Year", "CMNT": "Comment",
}  # fmt: skip
"""Texts of an INFO list: those of RIFF, and those that AVI programs add."""

PUBLIC_INFO: Final = frozenset(
    {"ICRD", "IDIT", "ISFT", "IGNR", "ILNG", "IDPI", "IDIM", "IMED", "ISMP", "IPRD", "YEAR"}
)
"""Texts that name no person."""

MEANINGS: Final = {
    "ALPH": "Transparency", "ANMF": "Picture of the animation", "JUNK": "Filler",
    "PAD ": "Filler", "FLLR": "Filler", "idx1": "Index", "indx": "Index (OpenDML)",
    "LIST movi": "Coded pictures and sound", "data": "Samples", "cue ": "Marks",
    "smpl": "Sampler data", "inst": "Instrument data", "PEAK": "Loudest samples",
    "levl": "Levels (EBU)", "chna": "Audio tracks (ADM)", "axml": "Audio definition model, XML",
    "iXML": "Recorder's notes, XML", "bext": "Broadcast Wave extension",
    "cart": "Radio automation (AES46)", "umid": "Unique material identifier",
    "vprp": "Video properties", "segm": "Segments", "id3 ": "ID3 tag", "ID3 ": "ID3 tag",
    "_PMX": "XMP", "XMP ": "XMP", "EXIF": "EXIF", "ICCP": "Colour profile",
    "C2PA": "Content credentials", "strd": "Data of the codec or camera", "fact": "Samples stated",
    "strn": "Name of the stream", "LGWV": "Logic Pro: data", "minf": "Pro Tools: data",
    "elm1": "Pro Tools: data", "regn": "Pro Tools: regions", "DGDA": "Pro Tools: data",
    "afsp": "AFsp: text", "DISP": "Title or picture for display", "PrmA": "Adobe Premiere: data",
    "Tdat": "Adobe Premiere: time code", "nctg": "Nikon: camera data", "ncdt": "Nikon: data",
    "hydt": "Pentax: data", "pntx": "Pentax: data", "CASI": "Casio: data", "Cr8r": "Adobe: creator",
}  # fmt: skip


def _extended(data: bytes) -> Rows:
    """RFC 9649 section 2.7."""
    found = ", ".join(name for bit, name in _FEATURES if data[0] & bit)
    width = int.from_bytes(data[4:7], "little") + 1
    height = int.from_bytes(data[7:10], "little") + 1
    return [("Canvas", f"{width} x {height}", "pixels"), ("Features", found or "none", "as stated")]


def _lossy(data: bytes) -> Rows:
    """RFC 6386 section 9.1: a key frame's tag, start code, width and height of 14 bits each."""
    if data[3:6] != b"\x9d\x01\x2a":
        return []
    width, height = struct.unpack_from("<HH", data, 6)
    return [("Size", f"{width & 0x3FFF} x {height & 0x3FFF}", "pixels, lossy coding")]


def _lossless(data: bytes) -> Rows:
    """RFC 9649 section 3.4."""
    bits = int.from_bytes(data[1:5], "little")
    if data[0] != 0x2F:
        return []
    size = f"{(bits & 0x3FFF) + 1} x {(bits >> 14 & 0x3FFF) + 1}"
    return [("Size", size, "pixels, lossless coding")]


def _animation(data: bytes) -> Rows:
    _, loops = struct.unpack_from("<IH", data)
    return [("Loops", loops, f"Played {loops} times" if loops else "Played for ever")]


def _avi_header(data: bytes) -> Rows:
    each, rate, _, _, frames, _, streams, _, width, height = struct.unpack_from("<10I", data)
    rows: Rows = [
        ("Size", f"{width} x {height}", "pixels"),
        ("Frames", frames, ""),
        ("Streams", streams, ""),
        ("MaxBytesPerSecond", rate, ""),
    ]
    if each:
        rows.append(("MicroSecPerFrame", each, f"{1_000_000 / each:.6g} pictures a second"))
    return rows


def _stream_header(data: bytes) -> Rows:
    kind, handler = data[:4].decode("latin-1"), data[4:8].decode("latin-1").rstrip("\0 ")
    _, _, _, _, scale, rate, start, length = struct.unpack_from("<IHHIIIII", data, 8)
    what = {"vids": "pictures", "auds": "sound", "txts": "text", "mids": "MIDI"}.get(kind, "")
    rows: Rows = [("Type", kind, what), ("Handler", handler, "Codec, as stated")]
    if scale:
        rows.append(("Rate", f"{rate}/{scale}", f"{rate / scale:.6g} a second"))
    return [*rows, ("Start", start, ""), ("Length", length, "in units of the rate")]


def picture_format(data: bytes) -> Rows:
    """`strf` of a stream of pictures: BITMAPINFOHEADER."""
    _, width, height, _, depth, coding = struct.unpack_from("<IiiHH4s", data)
    name = coding.decode("latin-1").rstrip("\0 ") if any(coding) else "uncompressed"
    return [
        ("Size", f"{width} x {height}", "pixels"),
        ("Depth", depth, "bits"),
        ("Coding", name, ""),
    ]


def sound_format(data: bytes) -> Rows:
    """`strf` of a stream of sound and `fmt ` of WAV: WAVEFORMATEX."""
    coding, channels, rate, average, _, depth = struct.unpack_from("<HHIIHH", data)
    return [
        ("Coding", coding, _CODINGS.get(coding, "")),
        ("Channels", channels, ""),
        ("SampleRate", rate, "Hz"),
        ("BytesPerSecond", average, ""),
        ("BitsPerSample", depth, ""),
    ]


def _fact(data: bytes) -> Rows:
    return [("Samples", struct.unpack_from("<I", data)[0], "")]


def _broadcast(data: bytes) -> Rows:
    """EBU Tech 3285 section 2.3."""
    texts = (
        ("Description", 0, 256), ("Originator", 256, 32), ("OriginatorReference", 288, 32),
        ("OriginationDate", 320, 10), ("OriginationTime", 330, 8),
    )  # fmt: skip
    rows: Rows = [(name, utf8(data[at : at + size]).rstrip(), "") for name, at, size in texts]
    low, high, version = struct.unpack_from("<IIH", data, 338)
    rows.append(("TimeReference", high << 32 | low, "samples since midnight"))
    rows.append(("Version", version, ""))
    if version and any(data[348:412]):
        rows.append(("UMID", data[348:412].hex(), "Unique material identifier"))
    history = utf8(data[602:]).strip()
    return (
        [*rows, ("CodingHistory", history, "How it was coded, step by step")] if history else rows
    )


STATED: Final[Mapping[str, Callable[[bytes], Rows]]] = {
    "VP8X": _extended,
    "VP8 ": _lossy,
    "VP8L": _lossless,
    "ANIM": _animation,
    "avih": _avi_header,
    "strh": _stream_header,
    "fmt ": sound_format,
    "fact": _fact,
    "bext": _broadcast,
}
"""What reads the first bytes of a chunk; too few of them make it raise struct.error or IndexError."""

PERSONAL_ROWS: Final = frozenset({"Description", "Originator", "OriginatorReference", "UMID"})
