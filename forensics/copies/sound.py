"""Is any of this sound known, at whatever speed and pitch it is played here?

Lines along which the sound in hand may agree with a known one (`forensics.copies.soundlines`) are
followed through the whole of both. What agrees along one for long enough, and says enough, is the same
sound. Silence, hum and bare tones say nothing, noise only at length; a short passage that many assets
share says nothing either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from forensics.copies.soundlines import Along, Line, along, drawn, lines, settled
from forensics.index.postings import Postings
from forensics.model.asset import Sha256
from forensics.model.claim import Span
from forensics.model.copy import CopySpan
from forensics.signatures.sound import FRAMES, HOP, PER_OCTAVE, RATE, REACH, ROWS, WINDOW, Levels

_EACH_SECOND = FRAMES // ROWS
_WINDOW = 2 * _EACH_SECOND
_SAME = 0.40
"""Mean agreement over 2 s, from -1 to 1 with 0 for chance, above which they belong to a passage."""
SAME_BITS = int(16 * (1 - _SAME))
"""The same in bits of a code: so many of 32 may differ in the mean, uncertain ones counting for less."""
_HEARD = 4
"""Codes of these 2 s that must say something."""
_EVIDENCE = 4.5
"""Sum of the agreement of a passage's codes, over the root of their number."""
_TELLING = 3 * _EACH_SECOND
"""Codes of a passage that must say something."""
_STEADY_TELLING, _STEADY_SAME = 6 * _EACH_SECOND, 0.60
"""The same and their mean agreement where most of a passage is steady, as noise is: what coders made of two
noises may be alike for a while."""
_DISTINCT, _APART = 12, 7
"""Different codes that a passage must have, and the bits by which they differ."""
_GAP = 3 * _EACH_SECOND
"""Codes between two passages of one line that are told as one."""
_TIMES = 3
"""Times that a line is told more finely."""
_COMMON = 5
"""Assets in which a short passage is so common that it says nothing."""
_SHORT = 15
"""Seconds up to which a passage can be a jingle."""
_FINE = 100
"""Times are told in hundredths of a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundMatch:
    """The same sound in another asset.

    Attributes:
        asset: The other asset.
        spans: Where, in order of time in the sound in hand.
        tempo: How many times as fast it is played here.
        pitch: How many times as high it is here.
        agreement: Of the passages' codes, thousandths; for ranking, never for entries.
    """

    asset: Sha256
    spans: tuple[CopySpan, ...]
    tempo: Fraction
    pitch: Fraction
    agreement: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passage:
    """A stretch of a line: its first place and one past its last, and what speaks for it."""

    line: Line
    places: slice
    total: float
    telling: int
    span: CopySpan


def match(heard: Levels, known: Postings, without: Sha256 | None = None) -> list[SoundMatch]:
    """Returns the known assets that have some of the sound, most of it first.

    Args:
        heard: Levels of the sound in hand (`forensics.signatures.sound.levels`).
        known: What is known.
        without: An asset that is left out: the one in hand.

    Returns:
        At most one match for each asset.
    """
    left_out = known.assets.index(without) if without in known.assets else None
    found: dict[int, list[_Passage]] = defaultdict(list)
    for rough, places in lines(heard, known, left_out):
        if any(_covers(passage, rough, places) for passage in found[rough.asset]):
            continue
        line = drawn(heard, known, rough, places)
        found[line.asset].extend(_followed(heard, known, line))
    chosen = {asset: kept for asset, all_ in found.items() if (kept := _apart(all_))}
    length = Fraction(len(heard), FRAMES)
    matches = [
        _told(Sha256(known.assets[asset]), kept)
        for asset, passages in chosen.items()
        if (kept := [p for p in passages if not _jingle(p, chosen, known, length)])
    ]
    return sorted(matches, key=lambda m: (-_seconds(m.spans), m.asset))


def _covers(passage: _Passage, rough: Line, places: slice) -> bool:
    """Whether a passage already says what a rough line may say over some places."""
    middle = (places.start + places.stop) / 2
    here = (middle - rough.offset) / rough.tempo
    off = abs(passage.line.offset + here * passage.line.tempo - middle)
    within: bool = passage.places.start <= middle < passage.places.stop
    return within and off < _EACH_SECOND


def _followed(heard: Levels, known: Postings, line: Line) -> list[_Passage]:
    """Returns the passages of a line, which is told more finely as they grow longer."""
    passages = _passages(known, line, along(heard, known, line), len(heard))
    for _ in range(_TIMES):
        if not passages:
            break
        longest = max(passages, key=lambda p: (p.total, -p.places.start)).places
        line = settled(heard, known, line, longest)
        again = _passages(known, line, along(heard, known, line), len(heard))
        if sum(p.total for p in again) <= sum(p.total for p in passages):
            break
        passages = again
    return passages


def _passages(known: Postings, line: Line, seen: Along, rows: int) -> list[_Passage]:
    """Returns the stretches of a line that are the same sound on both sides."""
    value = np.where(seen.telling, seen.agreement, 0.0)
    runs = _runs(_mean(value, seen.telling) > _SAME)
    passages = []
    for start, stop in _joined(runs):
        first, end = _trimmed(value, start, stop)
        told = np.flatnonzero(seen.telling[first:end]) + first
        total = float(value[told].sum())
        codes = known.codes[seen.first + told]
        steady = 2 * int(seen.steady[told].sum()) > len(told)
        if (
            len(told) >= (_STEADY_TELLING if steady else _TELLING)
            and total >= (_STEADY_SAME if steady else 0.0) * len(told)
            and total >= _EVIDENCE * len(told) ** 0.5
            and _distinct(codes) >= _DISTINCT
        ):
            places = slice(seen.first + first, seen.first + end)
            whole = (first == 0, end == len(value))
            passages.append(
                _Passage(
                    line=line,
                    places=places,
                    total=total,
                    telling=len(told),
                    span=_span(known, line, places, whole, rows),
                )
            )
    return passages


def _mean(value: NDArray[np.floating], telling: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Returns the mean over the telling codes of 2 s around each; -1 where too few say something."""
    if not len(value):
        return np.zeros(0)
    box = np.ones(_WINDOW + 1)
    half = _WINDOW // 2
    total = np.convolve(value, box)[half : half + len(value)]
    count = np.convolve(telling.astype(float), box)[half : half + len(value)]
    return np.where(count >= _HEARD, total / np.maximum(count, 1), -1.0)


def _runs(same: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _joined(runs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, end in runs:
        if joined and first - joined[-1][1] <= _GAP:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((first, end))
    return joined


def _trimmed(value: NDArray[np.floating], start: int, stop: int) -> tuple[int, int]:
    """Returns a run without what the window of 2 s added: it ends on codes that half agree."""
    run = value[start:stop]
    good = np.flatnonzero(
        run >= max(_SAME, float(run[run > 0].sum() / max(1, (run > 0).sum()))) / 2
    )
    if not len(good):
        return start, start
    return start + int(good[0]), start + int(good[-1]) + 1


def _distinct(codes: NDArray[np.uint32]) -> int:
    """Returns how many of some codes differ from every earlier one, up to the number needed."""
    leaders = np.zeros(0, np.uint32)
    for code in codes:
        if np.all(np.bitwise_count(leaders ^ code) >= _APART):
            leaders = np.append(leaders, code)
            if len(leaders) == _DISTINCT:
                break
    return len(leaders)


def _span(
    known: Postings, line: Line, places: slice, whole: tuple[bool, bool], rows: int
) -> CopySpan:
    """Returns a passage in seconds; codes stand for their middle, and at an end for all they saw."""
    start = int(known.starts[line.asset])
    reach = float(REACH)
    window = WINDOW / RATE / 2
    patch = reach / 2 - window

    def moments(place: int, share: float) -> tuple[float, float]:
        there = (place - start) / _EACH_SECOND + 2 * share * (patch + window)
        here = ((place - line.offset) / _EACH_SECOND + 2 * share * patch) / line.tempo
        return here + 2 * share * window, there

    first = moments(places.start, 0.0 if whole[0] else 0.5)
    last = moments(places.stop - 1, 1.0 if whole[1] else 0.5)
    most = ((rows - 1) * HOP + WINDOW) / RATE
    ends = [
        (Fraction(round(max(0.0, min(a, limit)) * _FINE), _FINE),
         Fraction(round(max(0.0, min(b, limit)) * _FINE), _FINE))
        for a, b, limit in ((first[0], last[0], most), (first[1], last[1], float("inf")))
    ]  # fmt: skip
    return CopySpan(
        query=Span(start=ends[0][0], end=ends[0][1]), copy=Span(start=ends[1][0], end=ends[1][1])
    )


def _apart(passages: Sequence[_Passage]) -> list[_Passage]:
    """Returns passages that do not overlap in the sound in hand, the strongest of each kept."""
    kept: list[_Passage] = []
    for passage in sorted(passages, key=lambda p: (-p.total, p.span.query.start, p.places.start)):
        if all(_overlap(passage.span.query, other.span.query) <= 1 for other in kept):
            kept.append(passage)
    return sorted(kept, key=lambda p: p.span.query.start)


def _overlap(one: Span, other: Span) -> Fraction:
    return min(one.end, other.end) - max(one.start, other.start)


def _jingle(
    passage: _Passage, chosen: Mapping[int, Sequence[_Passage]], known: Postings, length: Fraction
) -> bool:
    """Whether a passage is short, a small part of both sides, and met in many assets."""
    here = passage.span.query
    seconds = here.end - here.start
    asset = passage.line.asset
    other = Fraction(int(known.starts[asset + 1] - known.starts[asset]), _EACH_SECOND)
    if seconds > _SHORT or 2 * seconds > length or 2 * seconds > other:
        return False
    sharing = sum(
        any(5 * _overlap(here, p.span.query) >= 4 * seconds for p in passages)
        for passages in chosen.values()
    )
    return sharing >= _COMMON


def _told(asset: Sha256, passages: Sequence[_Passage]) -> SoundMatch:
    best = max(passages, key=lambda p: p.total)
    total, telling = sum(p.total for p in passages), sum(p.telling for p in passages)
    return SoundMatch(
        asset=asset,
        spans=tuple(p.span for p in passages),
        tempo=Fraction(round(best.line.tempo * 1000), 1000),
        pitch=Fraction(round(2 ** (best.line.pitch / PER_OCTAVE) * 1000), 1000),
        agreement=round(1000 * total / telling),
    )


def _seconds(spans: Sequence[CopySpan]) -> Fraction:
    return sum((s.query.end - s.query.start for s in spans), Fraction(0))
