"""Are two moving pictures one recording, or two of one place? What moves between them decides.

`moves_alike` asks about places that move within a second around some pairs, closely. `follow` asks about
coarse brightness over a whole passage along one line in time: it finds copies of which single pictures say
too little (dark, coarsely coded, partly covered), with their line, and knows another recording by its course.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from statistics import median

import numpy as np
from numpy.typing import NDArray

from forensics.copies.align import Line, Pair, lines
from forensics.copies.comparing import Compare
from forensics.copies.confirmed import Confirmed, Course, Followed, Moving
from forensics.copies.decide import STILLS, InHand, Registered, from_course, pair_of, same_scene
from forensics.model import Copy, CopyIndex, KnownAsset, Look, Relation, Sha256

_WATCHED, _ENOUGH_MOVES = 4, 8
"""Pairs that are looked at where something moves, and moving places in all from which on two in three must
agree best at one moment, or seventeen in twenty agree well at it, or three in four well and half best; of
fewer, half."""
_TRIED = 3
"""Lines that are followed, at most."""
_PASSAGE = Fraction(12)
"""Seconds of the asset in hand that are followed, at most."""
_STILL_CROP = 0.03
"""Shares of the picture in hand by which a corner of the other may wander on one line."""
_IN_LINE = 2
"""Pairs that suggest a line."""
_PICTURES, _ALIKE, _STRENGTH = 4, 90, 20
"""Of a course that only a copy takes: pictures, hundredths of correlation, tenths of a grey level, at least.

Other takes made from one viewpoint with one camera path, edited in six ways, came to 82 (tune half of
`bench/copies.py`, and more of its kind); copies whose line was found mostly to 97 and more.
"""
_TILES = Fraction(3, 10)
"""Share of the tiles that agree on such a course, at least."""
_APART, _OTHER_PICTURES, _MOVES = 50, 3, 30
"""Of a course that no copy takes, where the crop holds still: at most this alike, at least so many pictures,
and so much change in tenths of a grey level."""
_DOUBTFUL, _SURELY_STILL = 86, 4
"""Of one that hardly any does: less alike than this, over `_PICTURES`, where as many pairs as these suggest
the line. In a studio with one set a head and a line of words came to 81; a copy whose crop wanders, to 91."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A course that two videos take together.

    Attributes:
        followed: What following it came to.
        confirmed: The pairs that suggested it.
        line: Its pictures.
    """

    followed: Followed
    confirmed: tuple[Confirmed, ...]
    line: Line

    @property
    def one(self) -> bool:
        """Only one recording takes such a course."""
        found = self.followed
        return (
            len(found.pairs) >= _PICTURES
            and found.alike >= _ALIKE
            and found.strength >= _STRENGTH
            and found.agree >= _TILES * found.tiles
        )

    @property
    def told(self) -> tuple[tuple[Confirmed, ...], Line, int, int]:
        """The pairs, the line, and the tiles that were compared and agree."""
        return self.confirmed, self.line, self.followed.tiles, self.followed.agree

    def holds(self, copy: Copy, spacing: Fraction) -> bool:
        """Whether a copy lies on this line already: its pairs then tell its ends as well, and were more."""
        query, other = self.followed.pairs[0]
        return len(copy.spans) == 1 and all(
            abs((there - other) - self.line.speed * (here - query)) <= spacing
            for span in copy.spans
            for here, there in (
                (span.query.start, span.copy.start),
                (span.query.end, span.copy.end),
            )
        )

    @property
    def two(self) -> bool:
        """It takes two recordings."""
        found = self.followed
        long = len(found.pairs) >= _PICTURES and len(self.confirmed) >= _SURELY_STILL
        return found.strength >= _MOVES and (
            (len(found.pairs) >= _OTHER_PICTURES and found.alike <= _APART)
            or (long and found.alike < _DOUBTFUL)
        )


def told_apart(
    mine: InHand,
    other: KnownAsset,
    found: Registered,
    copy: Copy | None,
    index: CopyIndex,
    compare: Compare,
) -> tuple[Copy | None, bool]:
    """Returns what two assets are to each other after a look at what moves, and whether it could be had.

    Args:
        mine: The asset in hand.
        other: The other asset.
        found: Pairs that were registered.
        copy: What those amount to.
        index: Has the other's pictures.
        compare: Looks at them.
    """
    if copy is None or not copy.tiles or not mine.moves or other.kind in STILLS:
        return copy, True
    if copy.relation is not Relation.COPY:
        run = follow(mine, found.confirmed, other.sha256, index, compare)
        return (from_course(mine, other, *run.told) if run and run.one else copy), True
    alike, plain = moves_alike(copy, found.confirmed, index, compare)
    if alike is None or (plain and alike):
        return copy, alike is not None
    run = follow(mine, found.confirmed, other.sha256, index, compare)
    if run is not None and run.one:
        kept = alike or run.holds(copy, mine.spacing)
        return (copy if kept else from_course(mine, other, *run.told)), True
    if not alike:
        return same_scene(mine, other, found, "what moves does not agree"), True
    if run is not None and run.two:
        return same_scene(
            mine, other, found, "what changes does so elsewhere or at other times"
        ), True
    return copy, True


def moves_alike(
    copy: Copy, confirmed: Sequence[Confirmed], index: CopyIndex, compare: Compare
) -> tuple[bool | None, bool]:
    """Returns whether a copy agrees where something moves, None if not to be seen; and if it does plainly."""
    inside = [
        one
        for one in confirmed
        if one.relation is Relation.COPY
        and any(
            span.query.start <= one.query <= span.query.end
            and span.copy.start <= one.reference <= span.copy.end
            for span in copy.spans
        )
    ]
    closest: dict[Fraction, Confirmed] = {}
    for one in inside:
        if one.query not in closest or one.closeness > closest[one.query].closeness:
            closest[one.query] = one
    chosen = [closest[time] for time in sorted(closest)]
    chosen = chosen[:: max(1, -(-len(chosen) // _WATCHED))]
    looks = index.looks(copy.asset.sha256, sorted({one.reference for one in chosen}))
    times = [look.time for look in looks]
    pairs = [
        Moving(query=one.query, look=times.index(one.reference), matrix=one.matrix)
        for one in chosen
        if one.reference in times
    ]
    moved = compare.motion(looks, pairs) if pairs else ()
    seen = [one for one in moved if one is not None]
    places = sum(one.places for one in seen)
    if places >= _ENOUGH_MOVES:
        agree, together = sum(one.agree for one in seen), sum(one.together for one in seen)
        both = 4 * agree >= 3 * places and 2 * together >= places
        plain = 3 * together >= 2 * places
        return plain or both or 20 * agree >= 17 * places, plain
    if places:
        return 2 * sum(one.agree for one in seen) >= places, False
    return (True if pairs and len(seen) == len(pairs) else None), False


def follow(
    mine: InHand, confirmed: Sequence[Confirmed], other: Sha256, index: CopyIndex, compare: Compare
) -> Run | None:
    """Returns the line in time along which two videos take one course most; None if none was followed."""
    suggested = _lines(mine, confirmed)
    if not suggested:
        return None
    courses = [_course(mine, company, speed) for company, speed in suggested]
    times: set[Fraction] = set()
    for course in courses:
        first = ceil(course.start * course.speed + course.offset)
        last = int(course.end * course.speed + course.offset)
        times |= {Fraction(time) for time in range(max(0, first), last + 1)}
    looks: dict[Fraction, Look] = {}
    for look in index.looks(other, sorted(times)) if times else ():
        if look.thumbnail:
            looks[look.time] = look
    known = [looks[time] for time in sorted(looks)]
    if len(known) < _OTHER_PICTURES:
        return None
    runs = [
        Run(followed=followed, confirmed=company, line=_line(mine, company, speed, followed))
        for (company, speed), followed in zip(
            suggested, compare.follow(known, courses), strict=True
        )
        if followed is not None
    ]
    return max(runs, key=lambda run: (run.one, run.followed.alike), default=None)


def _lines(
    mine: InHand, confirmed: Sequence[Confirmed]
) -> list[tuple[tuple[Confirmed, ...], Fraction]]:
    """Returns the pairs, with their speed, of lines on which the crop holds still; most likely first."""
    pairs = [pair_of(mine, one) for one in confirmed]
    found = lines(pairs, mine.spacing, _IN_LINE)[:_IN_LINE]
    speeds = dict.fromkeys([Fraction(1), *(line.speed for line in found)])
    corners = np.stack([_corners(one) for one in confirmed]) if confirmed else np.zeros((0, 8))
    made = []
    for speed in speeds:
        offsets = np.array([float(one.reference - speed * one.query) for one in confirmed])
        for number, seed in enumerate(confirmed):
            wander = np.abs(corners - corners[number]).max(axis=1)
            beside = np.abs(offsets - offsets[number]) <= float(mine.spacing) / 2
            company: dict[Fraction, int] = {}
            for i in np.flatnonzero(beside & (wander <= _STILL_CROP)).tolist():
                query = confirmed[i].query
                if query not in company or wander[i] < wander[company[query]]:
                    company[query] = i
            if len(company) >= _IN_LINE:
                kept = tuple(confirmed[i] for _, i in sorted(company.items()))
                made.append((kept, speed, seed.reference - speed * seed.query))
    made.sort(key=lambda one: (-len(one[0]), -sum(c.agree for c in one[0]), one[2], one[1]))
    chosen: list[tuple[tuple[Confirmed, ...], Fraction, Fraction]] = []
    for one in made:
        same = (c for c in chosen if c[1] == one[1] and abs(c[2] - one[2]) <= mine.spacing / 2)
        if not any(same) and len(chosen) < _TRIED:
            chosen.append(one)
    return [(company, speed) for company, speed, _ in chosen]


def _course(mine: InHand, company: Sequence[Confirmed], speed: Fraction) -> Course:
    best = max(company, key=lambda one: (one.agree, one.inliers, -one.query))
    first, last = company[0].query, company[-1].query
    start = max(Fraction(0), first - 2 * mine.spacing)
    end = min(last + 2 * mine.spacing, max(mine.groups, default=last))
    if end - start > _PASSAGE:
        start = max(Fraction(0), (first + last - _PASSAGE) / 2)
        end = start + _PASSAGE
    offset = median([one.reference - speed * one.query for one in company])
    return Course(matrix=best.matrix, speed=speed, offset=offset, start=start, end=end)


def _line(mine: InHand, company: Sequence[Confirmed], speed: Fraction, followed: Followed) -> Line:
    """Returns the pictures that were followed, and those that suggested it and lie beside them."""
    offset = median([copy - speed * query for query, copy in followed.pairs])
    near = [
        (one.query, one.reference)
        for one in company
        if abs(one.reference - speed * one.query - offset) <= mine.spacing / 2
    ]
    reached = [query for query, _ in followed.pairs]
    beyond = [pair for pair in near if not min(reached) <= pair[0] <= max(reached)]
    pairs = sorted({*followed.pairs, *beyond})
    return Line(
        pairs=tuple(
            Pair(query=query, copy=copy, distance=0, quality=0, group=-1) for query, copy in pairs
        ),
        speed=speed,
    )


def _corners(one: Confirmed) -> NDArray[np.float64]:
    """Returns where the other's corners lie: x, x, x, x, y, y, y, y, shares of the picture in hand."""
    matrix = np.array(one.matrix).reshape(3, 3)
    moved = matrix @ np.array([[0.0, 1.0, 1.0, 0.0], [0.0, 0.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0]])
    corners: NDArray[np.float64] = (moved[:2] / moved[2]).ravel()
    return corners
