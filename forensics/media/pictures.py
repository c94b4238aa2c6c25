"""Which type of picture a coded packet holds, read from its first header.

Own code: libav gives picture types only by decoding. Read are H.264 (ITU-T H.264 sections 7.3.1, 7.3.3),
H.265 (ITU-T H.265 sections 7.3.2.3, 7.3.6.1), AV1 (AV1 specification, section 5.9.2), VP8 (RFC 6386, section
9.1), VP9 (VP9 bitstream specification, section 6.2), MPEG-1 and MPEG-2 (ISO/IEC 13818-2, section 6.2.3) and
MPEG-4 part 2 (ISO/IEC 14496-2, section 6.2.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from forensics.media.bits import Bits, unescaped
from forensics.media.units import Coding, Unit

UNREAD: Final = "?"
AGAIN: Final = "R"
"""Of a packet that only shows an earlier picture again (VP9, AV1)."""
INTRA: Final = frozenset(
    {"mjpeg", "png", "prores", "dnxhd", "dvvideo", "rawvideo", "jpeg2000", "cfhd", "gif"}
)
"""Codecs each of whose pictures stands for itself, by libav's names."""

PICTURES: Final = {
    Coding.AVC: frozenset({1, 2, 3, 4, 5, 19, 20, 21}),
    Coding.HEVC: frozenset(range(32)),
    Coding.VVC: frozenset(range(12)),
    Coding.AV1: frozenset({3, 4, 6, 7, 8}),
    Coding.MPEG1: frozenset(range(0xB0)),
    Coding.MPEG2: frozenset(range(0xB0)),
    Coding.MPEG4: frozenset({0xB6}),
}
"""Kinds of units that hold coded pictures: slices and their headers, frames, tiles."""

_AVC_TYPES: Final = "PBIPI"  # H.264 table 7-6: 0 P, 1 B, 2 I, 3 SP, 4 SI; 5 to 9 repeat them
_HEVC_TYPES: Final = "BPI"
_AVC_SLICES: Final = frozenset({1, 2, 5})
_HEVC_PPS: Final = 34
_AV1_SEQUENCE: Final = 1
_HEAD: Final = 24
"""Bytes of a header that are looked at."""


class PictureTypes:
    """Reads the types of the pictures of one stream, packet after packet."""

    __slots__ = ("_codec", "_coding", "_extra", "_still")

    def __init__(self, coding: Coding, codec: str = "") -> None:
        self._coding = coding
        self._codec = codec
        self._extra: dict[int, int] = {}
        self._still = False

    def learn(self, unit: bytes) -> None:
        """Takes note of a parameter set, on which later headers depend."""
        try:
            if self._coding is Coding.HEVC and len(unit) > 2 and unit[0] >> 1 & 63 == _HEVC_PPS:
                bits = Bits(unescaped(unit[2 : 2 + _HEAD]))
                number = bits.unsigned()
                bits.unsigned()
                bits.take(2)
                if number < 64:
                    self._extra[number] = bits.take(3)
            elif self._coding is Coding.AV1 and unit:
                self._still = bool(unit[0] & 8)
        except ValueError:
            return

    def of(self, data: bytes, units: Sequence[Unit], *, key: bool) -> tuple[str, int]:
        """Returns the type of the packet's first picture, and the kind of its first unit (-1: none).

        The type is "I", "P", "B", "S" (MPEG-4: predicted from a sprite), `AGAIN` or `UNREAD`.

        Args:
            data: The packet.
            units: As `forensics.media.units.units` gives them.
            key: The container calls it a keyframe.
        """
        holding = PICTURES.get(self._coding)
        if holding is None:
            return self._whole(data, key=key), -1
        for unit in units:
            if unit.kind in holding:
                try:
                    return self._first(data, unit), unit.kind
                except (ValueError, IndexError):
                    return UNREAD, unit.kind
        return UNREAD, -1

    def _whole(self, data: bytes, *, key: bool) -> str:
        if self._coding is Coding.VP8 and data:
            return "P" if data[0] & 1 else "I"
        if self._coding is Coding.VP9:
            return _vp9(data)
        return "I" if key or self._codec in INTRA else UNREAD

    def _first(self, data: bytes, unit: Unit) -> str:
        kind, start, end = unit
        end = min(end, start + _HEAD)
        match self._coding:
            case Coding.AVC:
                return avc_slice_type(data[start + 1 : end]) if kind in _AVC_SLICES else UNREAD
            case Coding.HEVC:
                return self._hevc(kind, data[start + 2 : end])
            case Coding.AV1:
                return self._av1(data[start])
            case Coding.MPEG1 | Coding.MPEG2:
                return "?IPB?"[min(data[start + 2] >> 3 & 7, 4)] if kind == 0 else UNREAD
            case Coding.MPEG4:
                return "IPBS"[data[start + 1] >> 6]
        return UNREAD

    def _hevc(self, kind: int, header: bytes) -> str:
        bits = Bits(unescaped(header))
        if not bits.take(1):  # not the picture's first slice
            return UNREAD
        if 16 <= kind <= 23:
            bits.take(1)
        bits.take(self._extra.get(bits.unsigned(), 0))
        kind = bits.unsigned()
        return _HEVC_TYPES[kind] if kind < 3 else UNREAD

    def _av1(self, first: int) -> str:
        if self._still:
            return "I"
        if first & 0x80:
            return AGAIN
        return "IPIP"[first >> 5 & 3]


def avc_slice_type(header: bytes) -> str:
    """Returns "I", "P" or "B" for the start of an H.264 slice header, "?" where it cannot be."""
    try:
        bits = Bits(unescaped(header))
        bits.unsigned()
        kind = bits.unsigned()
    except ValueError:
        return UNREAD
    return _AVC_TYPES[kind % 5] if kind < 10 else UNREAD


def _vp9(data: bytes) -> str:
    bits = Bits(data[:4])
    try:
        if bits.take(2) != 2:
            return UNREAD
        if bits.take(1) + 2 * bits.take(1) == 3:
            bits.take(1)
        if bits.flag():
            return AGAIN
        key = not bits.flag()
        shown = bits.flag()
        bits.take(1)
        return "I" if key or (not shown and bits.flag()) else "P"
    except ValueError:
        return UNREAD
