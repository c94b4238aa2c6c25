"""A digest of what a stream codes, whatever wrapper it lies in: the scheme "coded-sha256/1".

It is made of the units that hold pictures or sound, and of nothing that a change of container rewrites:
the SHA-256 of, for each of these units in stored order, its length as 8 bytes, big-endian, and its bytes.

- H.264, H.265, H.266: each NAL unit with coded slices (`nal_unit_type` 1 to 5 and 19 to 21; 0 to 31; 0 to
  11), header included, emulation prevention as it is, without zeros at its end. Length fields, start codes,
  parameter sets, delimiters, filler and messages (SEI) are left out: MP4 keeps some of them apart, MPEG-TS
  repeats and adds them.
- AV1: the payload of each frame, frame header, tile group and tile list (types 3, 4, 6, 7, 8).
- MPEG-1 and MPEG-2: each picture header and slice (codes 00 to AF); MPEG-4 part 2: each picture (B6). The
  code is included, the three bytes before it are not, nor are zeros at the end.
- AAC: each frame without its ADTS header.
- PCM: all samples joined, without lengths: containers divide them as they please.
- everything else: each packet.

Of a stream of pictures nothing counts before the first packet that the container calls a keyframe: it cannot
be decoded, and a re-mux drops it. What is in no unit (bytes after the last, a length that leads nowhere)
counts as a unit, so that damaged streams do not become equal.

Equal digests say: the same coded pictures or sound. They say nothing of colour tags, cropping, rotation,
times and messages, which a wrapper or an edit without new coding can change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

from forensics.media.pictures import PICTURES
from forensics.media.units import REST, Coding, Unit

SCHEME: Final = "coded-sha256/1"

_ADTS_LEAST: Final = 7


class CodedDigest:
    """Takes in the packets of one stream."""

    __slots__ = ("_coding", "_digest", "_holding", "_open", "count")

    def __init__(self, coding: Coding, *, pictures: bool) -> None:
        self._coding = coding
        self._digest: Any = hashlib.sha256()
        self._holding = PICTURES.get(coding)
        self._open = not pictures
        self.count = 0
        """Units taken in."""

    def take(self, data: bytes, units: Sequence[Unit], *, key: bool) -> None:
        """Takes in a packet.

        Args:
            data: The packet.
            units: As `forensics.media.units.units` gives them.
            key: The container calls it a keyframe.
        """
        if not self._open and not key:
            return
        self._open = True
        if self._holding is not None:
            view = memoryview(data)
            for kind, start, end in units:
                if kind in self._holding or kind == REST:
                    self._add(view[start:end])
        elif self._coding is Coding.AAC:
            for frame in _frames(data):
                self._add(frame)
        elif self._coding is Coding.PCM:
            self._digest.update(data)
            self.count += 1
        else:
            self._add(memoryview(data))

    def hexdigest(self) -> str | None:
        """Returns the digest; None where nothing was taken in."""
        return str(self._digest.hexdigest()) if self.count else None

    def _add(self, unit: memoryview) -> None:
        self._digest.update(len(unit).to_bytes(8, "big"))
        self._digest.update(unit)
        self.count += 1


def _frames(data: bytes) -> list[memoryview]:
    """Returns the raw frames of an AAC packet, without ADTS headers (ISO/IEC 14496-3, section 1.A.2.2.1)."""
    view, found, at = memoryview(data), [], 0
    while at + _ADTS_LEAST <= len(data) and data[at] == 0xFF and data[at + 1] & 0xF6 == 0xF0:
        header = _ADTS_LEAST if data[at + 1] & 1 else _ADTS_LEAST + 2
        size = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
        if size < header or at + size > len(data):
            break
        found.append(view[at + header : at + size])
        at += size
    return found if at == len(data) else [view]
