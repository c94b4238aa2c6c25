"""What is this file? Decided by its first bytes, never by its name.

Signatures of formats come from their public specifications. What is recognised but not examined is
named, so that a refusal can say what the file looks like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from forensics.media import places
from forensics.model import MediaKind

HEAD = 64 * 1024
"""Bytes of the file's beginning that `identify` wants."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a file is, by its content.

    Attributes:
        kind: None: recognised or not, it is not examined.
        mime: Media type; empty when unknown.
        label: What it looks like, for a person.
        demuxer: libavformat's name of the one demuxer that may open it; None for stills.
    """

    kind: MediaKind | None
    mime: str
    label: str
    demuxer: str | None = None


_STILL_BRANDS = {
    b"heic": ("image/heic", "HEIC picture"),
    b"heix": ("image/heic", "HEIC picture"),
    b"heim": ("image/heic", "HEIC picture"),
    b"heis": ("image/heic", "HEIC picture"),
    b"hevc": ("image/heic-sequence", "HEIC picture sequence"),
    b"mif1": ("image/heif", "HEIF picture"),
    b"msf1": ("image/heif-sequence", "HEIF picture sequence"),
    b"avif": ("image/avif", "AVIF picture"),
    b"avis": ("image/avif", "AVIF picture"),
}
_GENERAL_BRANDS = {b"mif1", b"msf1"}
_AUDIO_BRANDS = {b"M4A ", b"M4B ", b"M4P ", b"F4A "}
_MOVIE_STARTS = {b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp", b"moof", b"sidx"}


def _still(mime: str, label: str) -> Identity:
    return Identity(kind=MediaKind.IMAGE, mime=mime, label=label)


def _video(mime: str, label: str, demuxer: str) -> Identity:
    return Identity(kind=MediaKind.VIDEO, mime=mime, label=label, demuxer=demuxer)


def _audio(mime: str, label: str, demuxer: str) -> Identity:
    return Identity(kind=MediaKind.AUDIO, mime=mime, label=label, demuxer=demuxer)


def _places(mime: str) -> Identity:
    return Identity(kind=MediaKind.GEODATA, mime=mime, label=places.LABELS[mime])


def _not_examined(mime: str, label: str) -> Identity:
    return Identity(kind=None, mime=mime, label=label)


ARCHIVE = b"PK\x03\x04"
_PREFIXES: tuple[tuple[bytes, Identity], ...] = (
    (b"\xff\xd8\xff", _still("image/jpeg", "JPEG picture")),
    (b"\x89PNG\r\n\x1a\n", _still("image/png", "PNG picture")),
    (b"GIF87a", _still("image/gif", "GIF picture")),
    (b"GIF89a", _still("image/gif", "GIF picture")),
    (b"II*\x00", _still("image/tiff", "TIFF picture")),
    (b"MM\x00*", _still("image/tiff", "TIFF picture")),
    (b"II+\x00", _still("image/tiff", "BigTIFF picture")),
    (b"MM\x00+", _still("image/tiff", "BigTIFF picture")),
    (b"fLaC", _audio("audio/flac", "FLAC sound", "flac")),
    (b"OggS", _audio("audio/ogg", "Ogg sound", "ogg")),
    (b"ID3", _audio("audio/mpeg", "MP3 sound", "mp3")),
    (b"#!AMR", _audio("audio/amr", "AMR sound", "amr")),
    (b"caff", _audio("audio/x-caf", "Core Audio sound", "caf")),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", _not_examined("image/jp2", "a JPEG 2000 picture")),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", _not_examined("image/jxl", "a JPEG XL picture")),
    (b"\xff\x0a", _not_examined("image/jxl", "a JPEG XL picture")),
    (b"BPG\xfb", _not_examined("image/bpg", "a BPG picture")),
    (b"\x8aMNG\r\n\x1a\n", _not_examined("video/x-mng", "an MNG animation")),
    (b"8BPS", _not_examined("image/vnd.adobe.photoshop", "a Photoshop document")),
    (b"\x00\x00\x01\x00", _not_examined("image/x-icon", "an icon")),
    (b"\x00\x00\x01\xba", _not_examined("video/mpeg", "an MPEG program stream")),
    (b"\x00\x00\x01\xb3", _not_examined("video/mpeg", "a bare MPEG video stream")),
    (b"FLV\x01", _not_examined("video/x-flv", "a Flash video")),
    (
        b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",
        _not_examined("video/x-ms-asf", "a Windows Media file"),
    ),
    (ARCHIVE, _not_examined("application/zip", "a ZIP archive or an office document")),
    (b"PK\x05\x06", _not_examined("application/zip", "an empty ZIP archive")),
    (b"7z\xbc\xaf\x27\x1c", _not_examined("application/x-7z-compressed", "a 7-Zip archive")),
    (b"Rar!\x1a\x07", _not_examined("application/vnd.rar", "a RAR archive")),
    (b"\x1f\x8b", _not_examined("application/gzip", "a gzip archive")),
    (b"\xd0\xcf\x11\xe0", _not_examined("application/x-ole-storage", "an old office document")),
    (b"\x7fELF", _not_examined("application/x-elf", "a program")),
    (b"MZ", _not_examined("application/x-msdownload", "a Windows program")),
    (b"SQLite format 3\x00", _not_examined("application/vnd.sqlite3", "an SQLite database")),
)

_RIFF = {
    b"WEBP": _still("image/webp", "WebP picture"),
    b"AVI ": _video("video/x-msvideo", "AVI video", "avi"),
    b"WAVE": _audio("audio/wav", "WAV sound", "wav"),
}


def identify(head: bytes, tail: bytes = b"") -> Identity:
    """Returns what a file is.

    Args:
        head: Its first `HEAD` bytes.
        tail: Its last `places.TAIL` bytes, which list the members of an archive; nothing else needs them.
    """
    if head.startswith(ARCHIVE) and places.is_kmz(head, tail):
        return _places(places.KMZ)
    for prefix, identity in _PREFIXES:
        if head.startswith(prefix):
            return identity
    return _structured(head) or _textual(head) or _not_examined("", "a file of no known kind")


def identify_file(path: Path) -> Identity:
    """Returns what a file on disk is, by its first bytes, and for an archive by its last ones.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD)
        tail = b""
        if head.startswith(ARCHIVE):
            stream.seek(max(0, path.stat().st_size - places.TAIL))
            tail = stream.read(places.TAIL)
    return identify(head, tail)


def _structured(head: bytes) -> Identity | None:
    """Formats that need more than a prefix."""
    if head[:4] == b"RIFF" and head[8:12] in _RIFF:
        return _RIFF[head[8:12]]
    if head[4:8] == b"ftyp":
        return _iso_bmff(head)
    if head[4:8] in _MOVIE_STARTS:
        return _video("video/quicktime", "QuickTime video", "mov")
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        webm = b"webm" in head[:64]
        mime = "video/webm" if webm else "video/x-matroska"
        return _video(mime, "WebM video" if webm else "Matroska video", "matroska")
    if head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}:
        return _audio("audio/aiff", "AIFF sound", "aiff")
    for packet, start in ((188, 0), (192, 4)):
        syncs = head[start : start + 5 * packet : packet]
        if len(syncs) >= 3 and set(syncs) == {0x47}:
            return _video("video/mp2t", "MPEG transport stream", "mpegts")
    if head[:2] == b"BM" and head[14:18] in {
        bytes([n, 0, 0, 0]) for n in (12, 40, 52, 56, 108, 124)
    }:
        return _still("image/bmp", "BMP picture")
    if b"%PDF-" in head[:1024]:
        return Identity(kind=MediaKind.DOCUMENT, mime="application/pdf", label="PDF document")
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return _audio("audio/aac", "AAC sound", "aac")
    if (
        len(head) > 2
        and head[0] == 0xFF
        and head[1] & 0xE6 in {0xE2, 0xE4}
        and head[2] >> 4 not in {0, 15}
    ):
        return _audio("audio/mpeg", "MP3 sound", "mp3")
    if re.match(rb"P[1-7]\s", head):
        return _not_examined("image/x-portable-anymap", "a portable anymap picture")
    return None


def _iso_bmff(head: bytes) -> Identity:
    """By the brands of the file type box (ISO/IEC 14496-12 section 4.3, ISO/IEC 23008-12 section 10)."""
    brands = [head[8:12], *re.findall(rb"(?s).{4}", head[16 : int.from_bytes(head[:4], "big")])]
    stills = [brand for brand in brands if brand in _STILL_BRANDS]
    if stills:  # the general brands do not say which coding the picture has
        return _still(*_STILL_BRANDS[min(stills, key=_GENERAL_BRANDS.__contains__)])
    if brands[0] in _AUDIO_BRANDS:
        return _audio("audio/mp4", "MPEG-4 sound", "mov")
    if brands[0] == b"qt  ":
        return _video("video/quicktime", "QuickTime video", "mov")
    if brands[0] in {b"jxl ", b"jp2 ", b"crx "}:
        return _not_examined("", "a picture format that is not examined")
    return _video("video/mp4", "MPEG-4 video", "mov")


def _textual(head: bytes) -> Identity | None:
    text = _text(head).lstrip()
    if not text or any(ord(c) < 9 for c in text[:1024]):
        return None
    root = _root(text).rsplit(":", 1)[-1].lower()
    if root == "svg":
        return Identity(
            kind=MediaKind.DRAWING, mime="image/svg+xml", label="SVG drawing", demuxer="svg_pipe"
        )
    if root in places.ROOTS:
        return _places(places.ROOTS[root])
    if root == "html" or text[:14].lower() == "<!doctype html":
        return _not_examined("text/html", "a web page")
    if text.startswith("<?xml") or root:
        return _not_examined("application/xml", "an XML document")
    if places.is_geojson(text):
        return _places(places.GEOJSON)
    if places.is_world_file(text):
        return _places(places.WORLD_FILE)
    for pattern, identity in _TEXTS:
        if re.match(pattern, text):
            return identity
    return _not_examined("text/plain", "a text")


_TEXTS = (
    (
        r"#EXTM3U|(?i:\[playlist\])|ffconcat version",
        _not_examined("application/vnd.apple.mpegurl", "a playlist that points elsewhere"),
    ),
    (r"v=\d+\s+o=", _not_examined("application/sdp", "a stream description that points elsewhere")),
    (r"#!", _not_examined("text/x-script", "a script")),
    (
        r'[{\[]\s*(["{}\[\]\d-]|true|false|null)',
        _not_examined("application/json", "a JSON document"),
    ),
)


def _text(head: bytes) -> str:
    """Text in UTF-8, or in UTF-16 with a mark; empty where it is neither."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(encoding, "replace")
    try:
        return head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # A character may be cut at the end of the head.
        return head[: error.start].decode("utf-8-sig") if error.start >= len(head) - 3 else ""


_PROLOG = (("<!--", "-->"), ("<?", "?>"), ("<!", ">"))


def _root(text: str) -> str:
    """Name of the first element of an XML document, past its prolog (XML 1.0 section 2.8)."""
    position = 0
    while end := next((e for start, e in _PROLOG if text.startswith(start, position)), ""):
        found = text.find(end, position)
        subset = text.find("[", position, found) if end == ">" else -1
        if subset >= 0:  # declarations of its own, which hold ">" too
            closing = re.compile(r"\]\s*>").search(text, subset)
            found = closing.end() - 1 if closing else -1
        if found < 0:
            return ""
        position = found + len(end)
        position += len(text[position:]) - len(text[position:].lstrip())
    name = re.compile(r"<([\w:.-]+)").match(text, position)
    return name.group(1) if name else ""
