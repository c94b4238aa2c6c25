"""How one picture follows another: steps, jumps, and places that run on when what lies between is left out.

A step is how much a small picture differs from the one before. A jump is a step far larger than its
neighbours. Where a run was put into a recording, it begins and ends with a jump, and the picture before it is
followed by the picture after it as if nothing lay between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forensics.traces.repeats import Repeat, Way, difference

Luma = NDArray[np.uint8]
Floats = NDArray[np.float32]

AROUND: Final = 6
"""Pictures on either side with whose steps a step is compared."""
FAINT: Final = 0.5
"""Grey levels: no step is taken as smaller, for coding alone brings as much."""
JUMP: Final = 1.8
"""Times the largest step around it, from which on a step is a jump."""
SEAM: Final = 1.7
"""Times the usual step around it, up to which two pictures follow each other directly."""
CLOSER: Final = 0.6
"""Of a jump: what a seam may be, for where everything moves fast the usual step is as large as a cut."""
ALIKE: Final = 0.7
"""Correlation of a mirrored picture with the one that it goes on from, at least."""
PLACE: Final = 0.5
"""Correlation of two pictures of one place, before one of which somebody may stand, at least."""
SNAP: Final = 3
"""Pictures by which an end of a run may be off."""
MOVED: Final = 6.0
"""Grey levels by which a place of the picture must change within a run to count as moved."""
LOPSIDED: Final = 0.35
"""Share of a picture that must differ from its mirror image, by `MOVED`, before that tells anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A run between the pictures before and after it; ratios are NaN at an end of the video.

    Attributes:
        begin: Its first picture.
        end: The picture after its last.
        into: The step into it, in times of the largest around it.
        out: The step out of it, in the same way.
        seam: The step from the picture before to the picture after it, in times of the usual step there.
        closer: The same step as a share of the smaller of the steps into it and out of it; of a loop, which
            ends without a jump, of the step into it.
    """

    begin: int
    end: int
    into: float
    out: float
    seam: float
    closer: float

    @property
    def runs_on(self) -> bool:
        """Whether what is around it runs on without it."""
        return self.seam <= SEAM and self.closer <= CLOSER

    @property
    def put_in(self) -> bool:
        """Whether it begins and ends with a jump, and what is around it runs on without it."""
        return self.into >= JUMP and self.out >= JUMP and self.runs_on


def steps(luma: Luma) -> Floats:
    """Returns the step to each picture from the one before, grey levels; 0 for the first."""
    count = len(luma)
    if count < 2:
        return np.zeros(count, np.float32)
    places = np.arange(1, count)
    return np.concatenate([np.zeros(1, np.float32), difference(luma, places - 1, places)])


def placed(luma: Luma, step: Floats, begin: int, end: int) -> Placed:
    """Returns how a run lies between its neighbours.

    Args:
        luma: Small pictures, shape (pictures, rows, columns).
        step: As `steps` gives them.
        begin: First picture of the run.
        end: The picture after its last.
    """
    count = len(luma)
    before, after = begin > 0, end < count
    nan = float("nan")
    seam = closer = nan
    if before and after:
        usual = max(
            _median(step[max(1, begin - AROUND) : begin]), _median(step[end + 1 : end + 1 + AROUND])
        )
        across = float(difference(luma, np.array([begin - 1]), np.array([end]))[0])
        seam = across / max(FAINT, usual)
        sides = [float(step[k]) for k in (begin, end) if jump(step, k) >= JUMP]
        closer = across / max(FAINT, min(sides, default=0.0))
    return Placed(
        begin=begin,
        end=end,
        into=jump(step, begin) if before else nan,
        out=jump(step, end) if after else nan,
        seam=seam,
        closer=closer,
    )


def jump(step: Floats, place: int) -> float:
    """Returns a step in times of the largest around it."""
    near = np.concatenate(
        [step[max(1, place - AROUND) : place], step[place + 1 : place + 1 + AROUND]]
    )
    return float(step[place]) / max(FAINT, float(near.max(initial=0.0)))


def inserted(luma: Luma, step: Floats, repeat: Repeat) -> Placed | None:
    """Returns which run of a repeat was put in where the recording runs on without it, or None.

    A run that directly follows the other, once or more often, is a loop: it begins with a jump back and needs
    no second one, but something must move around both: what is played over and then stands was made so. One
    that a cut leads to and from is no such run: without it nothing would run on. Nor is one whose other
    begins or ends with a jump, or with the video, as well: what is shown twice, and left for a scene that
    stands, has a place of its own nowhere. Nor is one between two pictures that stand and show something
    else: a teaser between two titles.
    """
    first, again, length = repeat.first, repeat.again, repeat.length
    later = placed(luma, step, _snapped(step, again), _snapped(step, again + length))
    if loops(repeat):
        back = later.into >= JUMP and later.runs_on
        return later if back and _moves_around(step, first, later.end) else None
    earlier = placed(luma, step, _snapped(step, first), _snapped(step, first + length))
    for run, other in ((later, earlier), (earlier, later)):
        if run.put_in and other.into < JUMP and other.out < JUMP and _of_its_place(luma, step, run):
            return run
    return None


def _of_its_place(luma: Luma, step: Floats, run: Placed) -> bool:
    """Whether what is around a run moves on both sides, or shows what the run shows."""
    before, after = _around(step, run.begin, run.end)
    if min(_median(before), _median(after)) > FAINT:
        return True
    sides = ((run.begin - 1, run.begin), (run.end, run.end - 1))
    return max(_correlation(luma[k], luma[inner]) for k, inner in sides) >= PLACE


def loops(repeat: Repeat) -> bool:
    """Returns whether a run directly follows the one that it repeats."""
    return repeat.way is Way.PLAIN and repeat.again <= repeat.first + repeat.length + SNAP


def _moves_around(step: Floats, begin: int, end: int) -> bool:
    """Whether something moves right before a stretch or right after it."""
    before, after = _around(step, begin, end)
    return max(_median(before), _median(after)) > FAINT


def _around(step: Floats, begin: int, end: int) -> tuple[Floats, Floats]:
    return step[max(1, begin - AROUND) : begin], step[end + 1 : end + 1 + AROUND]


def _snapped(step: Floats, place: int) -> int:
    """Returns the place of the jump next to an end of a run, for ends are found to a few pictures only."""
    near = [
        k
        for k in range(max(1, place - SNAP), min(len(step), place + SNAP + 1))
        if jump(step, k) >= JUMP
    ]
    return max(near, key=lambda k: (float(step[k]), -k), default=place)


def moved(luma: Luma, begin: int, end: int) -> float:
    """Returns the share of the picture in which something moves within a run, 0 to 1."""
    run = luma[begin:end][:: max(1, (end - begin) // 64)].astype(np.float32)
    spread = np.abs(run - np.median(run, axis=0)).max(axis=0)
    return float((spread > MOVED).mean())


def turned(luma: Luma, step: Floats) -> tuple[tuple[int, int], ...]:
    """Returns sections, begin and end, that run on with what is around them only if they are mirrored.

    Both ends are jumps that vanish when one side is mirrored, of pictures that are far from symmetric: a
    drawn figure that turns round before a plain ground is none.
    """
    count = len(luma)
    ends = []
    for place in np.flatnonzero(step >= 2 * FAINT):
        k = int(place)
        if k >= count - 1 or jump(step, k) < JUMP:
            continue
        usual = max(_median(step[max(1, k - AROUND) : k]), _median(step[k + 1 : k + 1 + AROUND]))
        across = float(difference(luma, np.array([k - 1]), np.array([k]), Way.MIRRORED)[0])
        near = across <= SEAM * max(FAINT, usual) and across <= CLOSER * step[k]
        alike = near and _correlation(luma[k - 1], luma[k][:, ::-1]) >= ALIKE
        if alike and lopsided(luma[k]) >= LOPSIDED:
            ends.append(k)
    return tuple(zip(ends[::2], ends[1::2], strict=False))


def lopsided(picture: NDArray[np.uint8]) -> float:
    """Returns the share of a picture that differs from its mirror image, 0 to 1."""
    apart = np.abs(picture.astype(np.int16) - picture[:, ::-1])
    return float((apart > MOVED).mean())


def _correlation(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    left, right = one - one.mean(), other - other.mean()
    length = float(np.sqrt((left**2).sum() * (right**2).sum()))
    return float((left * right).sum()) / length if length > 1 else 0.0


def _median(values: Floats) -> float:
    return float(np.median(values)) if len(values) else 0.0


def foreign(luma: Luma, step: Floats, least: int, most: int) -> tuple[Placed, ...]:
    """Returns runs that begin and end with a jump where the recording runs on without them.

    Args:
        luma: Small pictures, shape (pictures, rows, columns).
        step: As `steps` gives them.
        least: Pictures of a run, at least.
        most: Pictures of a run, at most.
    """
    jumps = [int(k) for k in np.flatnonzero(step >= 2 * FAINT) if jump(step, int(k)) >= JUMP]
    found: list[Placed] = []
    done = 0
    for number, begin in enumerate(jumps):
        if begin < done:
            continue
        for end in jumps[number + 1 : number + 9]:
            if not least <= end - begin <= most:
                continue
            run = placed(luma, step, begin, end)
            if run.put_in:
                found.append(run)
                done = end
                break
    return tuple(found)
