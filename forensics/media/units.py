"""Into which units is a coded packet divided, whatever container it came from?

MP4, MOV and Matroska put a length before each NAL unit of H.264, H.265 and H.266 (ISO/IEC 14496-15),
MPEG-TS and AVI a start code (ITU-T H.264 annex B); AV1 has units of its own (AV1 specification, section
5.3); MPEG-1, MPEG-2 and MPEG-4 part 2 have start codes everywhere. What a unit holds is the same in each.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

MAX_UNITS: Final = 10_000
"""Units told apart in one packet; what follows counts as one more, of the kind `REST`."""
REST: Final = -1
"""Kind of what is no unit: bytes after the last, or lengths that lead nowhere."""


class Coding(Enum):
    """How a stream is coded, as far as its units go."""

    AVC = "h264"
    HEVC = "hevc"
    VVC = "vvc"
    AV1 = "av1"
    MPEG2 = "mpeg2video"
    MPEG1 = "mpeg1video"
    MPEG4 = "mpeg4"
    VP8 = "vp8"
    VP9 = "vp9"
    AAC = "aac"
    PCM = "pcm"
    OTHER = ""
    """Packets are taken whole."""


class Unit(NamedTuple):
    """One unit in a packet: its kind, and from where to where its bytes are.

    Of NAL units and AV1 the kind is the type; of start codes the code. The bytes are those after the start
    code, length field or AV1's header, without zeros that only fill up.
    """

    kind: int
    start: int
    end: int


_NAL: Final = frozenset({Coding.AVC, Coding.HEVC, Coding.VVC})
_CODES: Final = frozenset({Coding.MPEG1, Coding.MPEG2, Coding.MPEG4})


def coding_of(name: str) -> Coding:
    """Returns the coding for libav's canonical name of a codec."""
    if name.startswith("pcm_"):
        return Coding.PCM
    return next((coding for coding in Coding if coding.value == name), Coding.OTHER)


def length_size(coding: Coding, extradata: bytes | None) -> int:
    """Returns the bytes of a unit's length field, 0 where units follow start codes.

    Read from avcC, hvcC or vvcC (ISO/IEC 14496-15 sections 5.3.3.1, 8.3.3.1 and 11.2.4.2).
    """
    if not extradata or extradata[:3] == b"\0\0\1" or extradata[:4] == b"\0\0\0\1":
        return 0
    if coding is Coding.AVC and len(extradata) > 6 and extradata[0] == 1:
        return (extradata[4] & 3) + 1
    if coding is Coding.HEVC and len(extradata) > 22:
        return (extradata[21] & 3) + 1
    if coding is Coding.VVC and len(extradata) > 6:
        return (extradata[0] >> 1 & 3) + 1
    return 0


def units(coding: Coding, data: bytes, length: int = 0) -> list[Unit]:
    """Returns the units of a packet, in order; none where the coding has none.

    Args:
        coding: Of the stream.
        data: The packet.
        length: As `length_size` returns it.
    """
    if coding in _NAL:
        return _prefixed(coding, data, length) if length else _after_codes(coding, data)
    if coding in _CODES:
        return _after_codes(coding, data)
    if coding is Coding.AV1:
        return _obus(data)
    return []


def configured(coding: Coding, extradata: bytes | None) -> list[bytes]:
    """Returns the parameter sets that stand outside the packets, in avcC, hvcC or with start codes."""
    if not extradata:
        return []
    if not length_size(coding, extradata):
        return [extradata[u.start : u.end] for u in units(coding, extradata) if u.kind != REST]
    if coding is Coding.AVC:
        return _of_avcc(extradata)
    return _of_hvcc(extradata) if coding is Coding.HEVC else []


def _prefixed(coding: Coding, data: bytes, length: int) -> list[Unit]:
    found: list[Unit] = []
    at, size = 0, len(data)
    while at < size:
        start = at + length
        end = start + int.from_bytes(data[at:start], "big")
        if start > size or end > size or len(found) == MAX_UNITS:
            found.append(Unit(REST, at, size))
            break
        if end > start:
            found.append(_unit(coding, data, start, end))
        at = end
    return found


def _after_codes(coding: Coding, data: bytes) -> list[Unit]:
    found: list[Unit] = []
    at = data.find(b"\0\0\1")
    if at < 0:
        return [Unit(REST, 0, len(data))] if data else []
    while at >= 0:
        start = at + 3
        at = data.find(b"\0\0\1", start) if len(found) < MAX_UNITS else -1
        end = at if at >= 0 else len(data)
        if end > start:
            found.append(_unit(coding, data, start, end))
    return found


def _unit(coding: Coding, data: bytes, start: int, end: int) -> Unit:
    if not data[end - 1]:
        end = start + max(1, len(data[start:end].rstrip(b"\0")))
    first = data[start]
    if coding is Coding.AVC:
        return Unit(first & 31, start, end)
    if coding is Coding.HEVC:
        return Unit(first >> 1 & 63, start, end)
    if coding is Coding.VVC:
        return Unit(data[start + 1] >> 3 if end > start + 1 else REST, start, end)
    return Unit(first, start, end)


def _obus(data: bytes) -> list[Unit]:
    """Units of AV1: header, perhaps an extension, perhaps a size in LEB128, payload."""
    found: list[Unit] = []
    at, size = 0, len(data)
    while at < size:
        header = data[at]
        start = at + 1 + (header >> 2 & 1)
        count = size - start
        if header & 2:
            count, start = _leb128(data, start)
        end = start + count
        if header & 0x80 or count < 0 or end > size or len(found) == MAX_UNITS:
            found.append(Unit(REST, at, size))
            break
        found.append(Unit(header >> 3 & 15, start, end))
        at = end
    return found


def _leb128(data: bytes, at: int) -> tuple[int, int]:
    """Returns a number (AV1 specification, section 4.10.5) and the place after it; -1 where it is cut off."""
    value = 0
    for place in range(8):
        if at + place >= len(data):
            break
        byte = data[at + place]
        value |= (byte & 127) << 7 * place
        if not byte & 128:
            return value, at + place + 1
    return -1, at


def _of_avcc(data: bytes) -> list[bytes]:
    """Sequence parameter sets, a count of 5 bits before them, then picture parameter sets, one of 8."""
    found: list[bytes] = []
    at = 5
    for mask in (31, 255):
        count = data[at] & mask if at < len(data) else 0
        sets, end = _sized(data, at + 1, count)
        found += sets
        if end is None:
            return found
        at = end
    return found


def _of_hvcc(data: bytes) -> list[bytes]:
    found: list[bytes] = []
    at = 23
    for _ in range(data[22]):
        count = int.from_bytes(data[at + 1 : at + 3], "big")
        sets, end = _sized(data, at + 3, count)
        found += sets
        if end is None:
            return found
        at = end
    return found


def _sized(data: bytes, at: int, count: int) -> tuple[list[bytes], int | None]:
    """Units with their size in 2 bytes before each, and where they end; None where they are cut short."""
    found: list[bytes] = []
    for _ in range(count):
        size = int.from_bytes(data[at : at + 2], "big")
        if not size or at + 2 + size > len(data):
            return found, None
        found.append(data[at + 2 : at + 2 + size])
        at += 2 + size
    return found, at
