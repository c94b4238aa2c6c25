"""Which type of picture a coded packet holds, read from its first slice header.

Own code: libav gives picture types only by decoding. H.264 (ITU-T H.264 sections 7.3.1, 7.3.3 and 9.1)
is read; for other codecs only keyframes are known.
"""

from __future__ import annotations

_SLICE_TYPES = "PBIPI"  # H.264 table 7-6: 0 P, 1 B, 2 I, 3 SP, 4 SI; 5 to 9 repeat them
_IDR, _NON_IDR = 5, 1
_HEAD = 64 * 1024


def nal_length_size(extradata: bytes | None) -> int:
    """Returns the bytes of a NAL unit's length field (avcC, ISO/IEC 14496-15), 0 for start codes."""
    if extradata and len(extradata) > 6 and extradata[0] == 1:
        return (extradata[4] & 3) + 1
    return 0


def h264_picture_type(packet: bytes | memoryview, length_size: int) -> str:
    """Returns "I", "P" or "B" for a packet with one coded picture; "?" where none is found."""
    head = bytes(packet[:_HEAD])
    position = 0
    while (unit := _next_unit(head, position, length_size)) is not None:
        start, position = unit
        if start < len(head) and head[start] & 0x1F in {_IDR, _NON_IDR}:
            return _slice_type(head[start + 1 : start + 17])
    return "?"


def _next_unit(head: bytes, position: int, length_size: int) -> tuple[int, int] | None:
    """Returns (start of the unit, where to look for the next)."""
    if length_size:
        start = position + length_size
        if start >= len(head):
            return None
        return start, start + int.from_bytes(head[position:start], "big")
    found = head.find(b"\x00\x00\x01", position)
    return None if found < 0 else (found + 3, found + 3)


def _slice_type(header: bytes) -> str:
    bits = int.from_bytes(header.replace(b"\x00\x00\x03", b"\x00\x00"), "big")
    width = 8 * len(header.replace(b"\x00\x00\x03", b"\x00\x00"))
    values = []
    for _ in range(2):  # first_mb_in_slice, slice_type: Exp-Golomb codes
        zeros = 0
        while width and not bits >> (width - 1) & 1:
            zeros, width = zeros + 1, width - 1
        if width < zeros + 1:
            return "?"
        width -= zeros + 1
        values.append((bits >> width & ((1 << (zeros + 1)) - 1)) - 1)
        bits &= (1 << width) - 1
    return _SLICE_TYPES[values[1] % 5] if values[1] < 10 else "?"
