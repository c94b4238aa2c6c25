"""What do the boxes that describe coded media, fragments and references state?

ISO/IEC 14496-12:2022 (sections named below), ISO/IEC 14496-1 section 7.2.6 (`esds`), ISO/IEC 14496-15,
the AV1, VP9, Opus and FLAC bindings to ISOBMFF, ISO/IEC 23009-1 (`emsg`), the QuickTime File Format, and
Google's Spherical Video V2 RFC.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from forensics.media.boxtext import MAX_TEXT, Fields, four_cc, text

_NTP_EPOCH = datetime(1900, 1, 1, tzinfo=UTC)
_ES, _DECODER, _SPECIFIC = 3, 4, 5


def avc(data: bytes) -> Fields:
    """ISO/IEC 14496-15 section 5.3.3."""
    return {"nal_length": (data[4] & 3) + 1, "profile": data[1], "level": data[3]}


def hevc(data: bytes) -> Fields:
    """ISO/IEC 14496-15 section 8.3.3."""
    return {"nal_length": (data[21] & 3) + 1, "profile": data[1] & 0x1F, "level": data[12]}


def _av1(data: bytes) -> Fields:
    """AV1 Codec ISO Media File Format Binding section 2.3."""
    return {
        "profile": data[1] >> 5,
        "level": data[1] & 0x1F,
        "depth": 8 + 2 * (data[2] >> 6 & 1) * (1 + (data[2] >> 5 & 1)),
    }


def _vp9(data: bytes) -> Fields:
    """VP Codec ISO Media File Format Binding: a full box."""
    return {"profile": data[4], "level": data[5], "depth": data[6] >> 4}


def rates(data: bytes) -> Fields:
    """Section 8.5.2."""
    buffer, maximum, average = struct.unpack_from(">III", data)
    return {"buffer": buffer, "maximum": maximum, "average": average}


def _descriptors(data: bytes) -> Fields:
    """ISO/IEC 14496-1 section 7.2.6: the decoder configuration in the elementary stream descriptor."""
    at, fields = 4, Fields()
    while at < len(data):
        tag, at = data[at], at + 1
        size = 0
        for _ in range(4):
            byte, at = data[at], at + 1
            size = size << 7 | byte & 0x7F
            if byte < 0x80:
                break
        if tag == _ES:
            flags = data[at + 2]
            at += 3 + (2 if flags & 0x80 else 0) + (2 if flags & 0x20 else 0)
            at += 1 + data[at] if flags & 0x40 else 0
        elif tag == _DECODER:
            fields["object"] = data[at]
            maximum, average = struct.unpack_from(">II", data, at + 5)
            fields |= {"maximum": maximum, "average": average}
            at += 13
        elif tag == _SPECIFIC:
            if fields.get("object") == 0x40 and size:
                fields["sound_object"] = data[at] >> 3
            break
        else:
            at += size
    return fields


def _colour(data: bytes) -> Fields:
    """Section 12.1.5; codes of ITU-T H.273. QuickTime's `nclc` has no range."""
    kind = four_cc(data[:4])
    if kind not in ("nclx", "nclc"):
        return {"kind": kind}
    primaries, transfer, matrix = struct.unpack_from(">HHH", data, 4)
    fields: Fields = {"primaries": primaries, "transfer": transfer, "matrix": matrix}
    full = {"full_range": data[10] >> 7} if kind == "nclx" else {}
    return {"kind": kind} | fields | full


def _aspect(data: bytes) -> Fields:
    """Section 12.1.4."""
    across, down = struct.unpack_from(">II", data)
    return {"across": across, "down": down}


def _aperture(data: bytes) -> Fields:
    """Section 12.1.4: width, height and the offsets of the middle, as fractions."""
    numbers = struct.unpack_from(">IIIIiIiI", data)
    names = ("width", "height", "right", "down")
    return {
        name: f"{top}/{bottom}"
        for name, top, bottom in zip(names, numbers[::2], numbers[1::2], strict=True)
    }


def _light(data: bytes) -> Fields:
    """Section 12.1.6: the most of a pixel and of a picture's mean, in candela per square metre."""
    most, mean = struct.unpack_from(">HH", data)
    return {"most": most, "mean": mean}


def _opus(data: bytes) -> Fields:
    """Encapsulation of Opus in ISO Base Media File Format section 4.3.2."""
    channels, skip, rate = struct.unpack_from(">xBHI", data)
    return {"channels": channels, "pre_skip": skip, "rate": rate}


def _segments(data: bytes) -> Fields:
    """Section 8.16.3."""
    track, scale = struct.unpack_from(">II", data, 4)
    (count,) = struct.unpack_from(">H", data, 30 if data[0] else 22)
    return {"track": track, "timescale": scale, "entries": count}


def _event(data: bytes) -> Fields:
    """ISO/IEC 23009-1 section 5.10.3.3."""
    if data[0]:
        scale, _, _, number = struct.unpack_from(">IQII", data, 4)
        scheme, value, *_ = [*data[24:].split(b"\0", 2), b"", b""]
    else:
        scheme, value, rest = data[4:].split(b"\0", 2) if data[4:].count(b"\0") > 1 else (b"",) * 3
        scale, _, _, number = struct.unpack_from(">IIII", rest)
    return {"scheme": text(scheme), "value": text(value), "timescale": scale, "id": number}


def _producer(data: bytes) -> Fields:
    """Section 8.16.5: when the producer's clock met a time of the media (NTP, RFC 5905)."""
    track, ntp = struct.unpack_from(">IQ", data, 4)
    moment = _NTP_EPOCH + timedelta(seconds=ntp >> 32)
    return {"track": track, "clock": moment.strftime("%Y-%m-%dT%H:%M:%SZ")} if ntp else {}


def _start(data: bytes) -> Fields:
    """Section 8.8.12."""
    return {"start": struct.unpack_from(">Q" if data[0] else ">I", data, 4)[0]}


def _length(data: bytes) -> Fields:
    """Section 8.8.2."""
    return {"duration": struct.unpack_from(">Q" if data[0] else ">I", data, 4)[0]}


def _sequence(data: bytes) -> Fields:
    """Section 8.8.5."""
    return {"sequence": struct.unpack_from(">I", data, 4)[0]}


def _fragment(data: bytes) -> Fields:
    """Sections 8.8.3 and 8.8.7."""
    return {"track": struct.unpack_from(">I", data, 4)[0]}


def _sound_header(data: bytes) -> Fields:
    """Section 12.2.2."""
    return {"balance": struct.unpack_from(">h", data, 4)[0]}


def _picture_header(data: bytes) -> Fields:
    """Section 12.1.2."""
    return {"graphics": struct.unpack_from(">H", data, 4)[0]}


def references(data: bytes) -> Fields:
    """Section 8.3.3: the tracks that one refers to."""
    count = min(len(data) // 4, 64)
    return {"tracks": ",".join(map(str, struct.unpack_from(f">{count}I", data)))}


def location(raw: bytes, data: bytes) -> Fields:
    """Section 8.7.2: where the media is, if it is not in this file."""
    if data[3] & 1:
        return {"here": 1}
    if raw == b"alis":
        return {"here": 0, "bytes": len(data) - 4}
    return {"here": 0, "value": text(data[4:].split(b"\0", 1)[0])}


def _key(data: bytes) -> Fields:
    """QuickTime File Format, "Timed metadata sample description": a namespace and a name."""
    return {"key": f"{four_cc(data[:4])}:{text(data[4:])[:256]}"}


def _xml(data: bytes) -> Fields:
    """Section 8.11.2; cut like any text."""
    return {"value": text(data[4:])[:MAX_TEXT]}


def _stereo(data: bytes) -> Fields:
    """Spherical Video V2: 0 none, 1 top and bottom, 2 left and right."""
    return {"layout": data[4]}


def _original(data: bytes) -> Fields:
    """Section 8.12.3."""
    return {"coding": four_cc(data[:4])}


def _scheme(data: bytes) -> Fields:
    """Section 8.12.6."""
    return {"scheme": four_cc(data[4:8])}


def _display(data: bytes) -> Fields:
    """QuickTime File Format, "Track aperture mode dimensions atoms": pixels, 16.16 fixed point."""
    width, height = struct.unpack_from(">II", data, 4)
    return {"width": width >> 16, "height": height >> 16}


DECODERS: Final[dict[bytes, Callable[[bytes], Fields]]] = {
    b"avcC": avc,
    b"hvcC": hevc,
    b"av1C": _av1,
    b"vpcC": _vp9,
    b"btrt": rates,
    b"esds": _descriptors,
    b"colr": _colour,
    b"pasp": _aspect,
    b"clap": _aperture,
    b"clli": _light,
    b"dOps": _opus,
    b"sidx": _segments,
    b"emsg": _event,
    b"prft": _producer,
    b"tfdt": _start,
    b"mehd": _length,
    b"mfhd": _sequence,
    b"tfhd": _fragment,
    b"trex": _fragment,
    b"smhd": _sound_header,
    b"vmhd": _picture_header,
    b"keyd": _key,
    b"xml ": _xml,
    b"st3d": _stereo,
    b"frma": _original,
    b"schm": _scheme,
    b"clef": _display,
    b"prof": _display,
    b"enof": _display,
}
