"""How was a JPEG picture coded: tables, frame and scans.

ITU-T T.81 annex B.2 (headers), annex K.3 (the Huffman tables that most encoders use as they are).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from forensics.inside.jpegscan import FRAMES, Segment
from forensics.inside.making import part
from forensics.inside.quantisation import Estimate, estimate, in_rows
from forensics.inside.window import Window
from forensics.model import Part

_PROCESSES: Final = {
    0xC0: "Baseline",
    0xC1: "Extended sequential",
    0xC2: "Progressive",
    0xC3: "Lossless",
    0xC5: "Differential sequential",
    0xC6: "Differential progressive",
    0xC7: "Differential lossless",
    0xC9: "Extended sequential, arithmetic coding",
    0xCA: "Progressive, arithmetic coding",
    0xCB: "Lossless, arithmetic coding",
    0xCD: "Differential sequential, arithmetic coding",
    0xCE: "Differential progressive, arithmetic coding",
    0xCF: "Differential lossless, arithmetic coding",
}
_SEQUENTIAL: Final = (0xC0, 0xC1, 0xC9)
STANDARD_HUFFMAN: Final = {
    "2f66814c875b53173f057d784a16a34d0d1f9aa91cdfa7143c41be02c9c7b005": "K.3",
    "602f734c8c12c1d9d049a18fd91d9ef3d3d8c402665f90db3d97721fc49e4804": "K.4",
    "a6283a08f5d97906b66adcc812e32396ea83059e55dd4cc91934cf447559aeb6": "K.5",
    "13f90e3c9dc476c66f24347f6ad29cea93262e99faed279970c2f74e0557f445": "K.6",
}
"""T.81's examples of Huffman tables by the SHA-256 of their counts and values."""
_SAMPLINGS: Final = {
    (1, 1): "4:4:4",
    (2, 1): "4:2:2",
    (1, 2): "4:4:0",
    (2, 2): "4:2:0",
    (4, 1): "4:1:1",
    (4, 2): "4:1:0",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a frame header states.

    Attributes:
        marker: Which kind of frame.
        precision: Bits of a sample.
        width: Pixels.
        height: Pixels; 0 where a later marker states it.
        components: Id, samples across, samples down and quantisation table of each.
    """

    marker: int
    precision: int
    width: int
    height: int
    components: tuple[tuple[int, int, int, int], ...]

    @property
    def process(self) -> str:
        """How it is coded, as a phrase."""
        return _PROCESSES[self.marker]

    @property
    def sampling(self) -> str:
        """As "4:2:0"; empty for one component; the factors where there is no such name."""
        if len(self.components) < 3:
            return ""
        (_, across, down, _), *others = self.components
        if all((h, v) == (1, 1) for _, h, v, _ in others[:2]) and (across, down) in _SAMPLINGS:
            return _SAMPLINGS[across, down]
        if all((h, v) == (across, down) for _, h, v, _ in others[:2]):
            return "4:4:4"
        return " ".join(f"{h}×{v}" for _, h, v, _ in self.components)

    @property
    def units(self) -> int:
        """Coded units of a scan of all components (T.81 A.2.4)."""
        if len(self.components) == 1:
            return math.ceil(self.width / 8) * math.ceil(self.height / 8)
        across = max((h for _, h, _, _ in self.components), default=0)
        down = max((v for _, _, v, _ in self.components), default=0)
        if not across or not down:
            return 0
        return math.ceil(self.width / (8 * across)) * math.ceil(self.height / (8 * down))

    def colours(self, table: int) -> bool:
        """Whether a quantisation table serves the colour components, and not brightness."""
        first, *others = self.components or ((0, 0, 0, -1),)
        return first[3] != table and any(t == table for _, _, _, t in others)


def frame_of(window: Window, segments: Iterable[Segment]) -> Frame | None:
    """Returns the first frame whose header can be read."""
    for segment in segments:
        if segment.marker in FRAMES:
            data = window.read(segment.payload, segment.size)
            if len(data) >= 6 and len(data) >= 6 + 3 * data[5]:
                return Frame(
                    marker=segment.marker,
                    precision=data[0],
                    height=int.from_bytes(data[1:3], "big"),
                    width=int.from_bytes(data[3:5], "big"),
                    components=tuple(
                        (data[p], data[p + 1] >> 4, data[p + 1] & 15, data[p + 2])
                        for p in range(6, 6 + 3 * data[5], 3)
                    ),
                )
    return None


def frame_parts(window: Window, frame: Frame) -> tuple[Part, ...]:
    """Describes a frame header; the window is on its payload."""
    found = [
        part(window, "BitsPerSample", frame.precision, start=0, size=1),
        part(window, "ImageHeight", frame.height, start=1, size=2, meaning="Pixels"),
        part(window, "ImageWidth", frame.width, start=3, size=2, meaning="Pixels"),
        part(window, "ColorComponents", len(frame.components), start=5, size=1),
    ]
    if frame.sampling:
        found.append(
            part(
                window,
                "ChromaSampling",
                frame.sampling,
                meaning=f"Chroma sampling {frame.sampling}",
            )
        )
    for index, (number, across, down, table) in enumerate(frame.components):
        found.append(
            part(
                window,
                f"Component {number}",
                f"{across}×{down}",
                start=6 + 3 * index,
                size=3,
                meaning=f"Samples in a unit; quantisation table {table}",
            )
        )
    return tuple(found)


def quantisation_parts(
    window: Window, frame: Frame | None
) -> tuple[tuple[Part, ...], list[Estimate]]:
    """Describes the tables of a DQT segment (T.81 B.2.4.1), each with its values row by row."""
    data = window.read()
    found: list[Part] = []
    estimates: list[Estimate] = []
    position = 0
    while position < len(data):
        wide, number = data[position] >> 4, data[position] & 15
        size = 128 if wide else 64
        values = data[position + 1 : position + 1 + size]
        if wide > 1 or len(values) < size:
            found.append(
                part(
                    window,
                    f"Table {number}",
                    start=position,
                    size=1 + len(values),
                    trouble="It is cut off.",
                )
            )
            break
        stored = (
            [int.from_bytes(values[i : i + 2], "big") for i in range(0, 128, 2)]
            if wide
            else list(values)
        )
        table = in_rows(stored)
        colours = frame.colours(number) if frame else number > 0
        looks = estimate(table, chroma=colours)
        estimates.append(looks)
        found.append(
            part(
                window,
                f"Table {number}",
                " ".join(map(str, table)),
                start=position,
                size=1 + size,
                meaning=f"Quantisation table {number}, row by row. {looks.sentence}",
                trouble="A value of 0 is not possible." if 0 in table else None,
            )
        )
        position += 1 + size
    return tuple(found), estimates


def huffman_parts(window: Window) -> tuple[Part, ...]:
    """Describes the tables of a DHT segment (T.81 B.2.4.2)."""
    data = window.read()
    found: list[Part] = []
    position = 0
    while position < len(data):
        kind, number = data[position] >> 4, data[position] & 15
        counts = data[position + 1 : position + 17]
        end = position + 17 + sum(counts)
        name = f"{'AC' if kind else 'DC'} {number}"
        if end > len(data) or len(counts) < 16:
            found.append(
                part(
                    window,
                    name,
                    start=position,
                    size=len(data) - position,
                    trouble="It is cut off.",
                )
            )
            break
        table = hashlib.sha256(data[position + 1 : end]).hexdigest()
        standard = STANDARD_HUFFMAN.get(table)
        found.append(
            part(
                window,
                name,
                sum(counts),
                start=position,
                size=end - position,
                meaning="Codes. "
                + (
                    f"The standard's example, table {standard}"
                    if standard
                    else "Not the standard's example: made for this picture, or the encoder's own"
                ),
            )
        )
        position = end
    return tuple(found)


def scan_parts(window: Window) -> tuple[Part, ...]:
    """Describes a scan header; the window is on its payload."""
    data = window.read(0, 64)
    count = data[0] if data else 0
    found = []
    if len(data) >= 4 + 2 * count:
        ids = " ".join(str(data[1 + 2 * i]) for i in range(count))
        first, last, bits = data[1 + 2 * count : 4 + 2 * count]
        found.append(part(window, "Components", ids, start=0, size=1 + 2 * count))
        if (first, last, bits) != (0, 63, 0):
            found.append(
                part(
                    window,
                    "Selection",
                    f"{first}-{last}, bits {bits >> 4}-{bits & 15}",
                    start=1 + 2 * count,
                    size=3,
                    meaning="Coefficients, and bits before and after, in this scan",
                )
            )
    return tuple(found)


def missing_restarts(frame: Frame | None, segments: list[Segment], interval: int) -> str | None:
    """Says where a picture of one scan has another number of restart markers than its size asks for."""
    scans = [s for s in segments if s.marker == 0xDA]
    if not frame or frame.marker not in _SEQUENTIAL or len(scans) != 1 or not interval:
        return None
    expected = max(0, math.ceil(frame.units / interval) - 1)
    found = scans[0].restarts
    if found in {expected, expected + 1} or not frame.height:  # some encoders end with one
        return None
    return f"It holds {found} restart markers; a picture of this size has {expected}."
