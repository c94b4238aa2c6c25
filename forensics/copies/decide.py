"""What the pictures that agree between two assets amount to: a copy, the same scene, or nothing.

One pair that was registered and agrees is enough where one side is a still. Between moving pictures at
least two distinct pictures must agree and follow each other in time; and where nothing in them moves, no
order in time can tell a copy from another recording of the same view, so that nearly everything must agree.
Where of the other asset only whole-picture codes are known, they alone decide, as strictly as they can.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from forensics.copies.align import Line, Pair, lines, spans
from forensics.copies.candidates import FrameHit
from forensics.copies.confirmed import NONE_SEEN, Confirmed
from forensics.model import (
    Asset,
    Copy,
    CopySpan,
    KnownAsset,
    MediaKind,
    Relation,
)
from forensics.signatures.schemes import LOCAL, PDQ, SCHEMES

STILLS = frozenset({MediaKind.IMAGE, MediaKind.DOCUMENT, MediaKind.DRAWING})
REGISTERED = "+".join(LOCAL)
REENCODED = "at most scaled or re-encoded; framing as before"
_IN_LINE = 2
"""Distinct pictures that must follow each other on both sides before moving pictures are a copy."""
_GAP = 3
"""Sampling steps without a match that divide a passage in two."""
_NEARLY_ALL = Fraction(9, 10)
_ENOUGH_TILES = 12
_BY_CODES = 24
"""Bits within which whole-picture codes count where no picture can be laid over another."""
_SCENES = 2
"""Pairs that must show the same scene on moving pictures."""
_FINE = 1 << 16
_SHOWN = 3
"""Pairs for people to see beside the best one, at most."""
_LESS = 50
"""Thousandths of a picture."""
_LOOSER = 5
"""Hundredths of correlation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InHand:
    """The asset in hand, as far as pairing its pictures with others needs it.

    Attributes:
        asset: The asset.
        groups: Number of the distinct picture shown at each sampled time, by time.
        spacing: Seconds between samples.
        unmoving: It shows one thing throughout.
    """

    asset: Asset
    groups: Mapping[Fraction, int]
    spacing: Fraction
    unmoving: bool

    @property
    def still(self) -> bool:
        """It is one picture."""
        return self.asset.kind in STILLS

    @property
    def moves(self) -> bool:
        """Its pictures differ from each other."""
        return not self.still and not self.unmoving


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What registering pictures of two assets came to.

    Attributes:
        confirmed: The pairs that agree, or show the same scene, by time.
        compared: How many pairs were tried.
        looked: There were pictures of the other asset to compare with.
        loose: Each picture agrees with many of the other asset: agreement tells no time.
        offset: Where then the crop holds still: other minus in hand, in seconds; None where it does not.
    """

    confirmed: tuple[Confirmed, ...] = ()
    compared: int = 0
    looked: bool = False
    loose: bool = False
    offset: Fraction | None = None


def from_registered(
    mine: InHand, other: KnownAsset, found: Registered, hits: Sequence[FrameHit]
) -> Copy | None:
    """Returns what the registered pairs of pictures between two assets amount to, or None.

    Args:
        mine: The asset in hand.
        other: The other asset.
        found: Pairs that were registered and agree, or show the same scene.
        hits: Whole-picture codes of the two that are near each other: they lengthen what was confirmed.
    """
    copied = [one for one in found.confirmed if one.relation is Relation.COPY]
    if found.offset is not None:
        copied = [one for one in copied if _beside(one, found.offset) <= mine.spacing]
        hits = [hit for hit in hits if abs(hit.time - hit.query - found.offset) <= mine.spacing]
    else:
        copied = best_placed(copied)
    one_is_still = mine.still or other.kind in STILLS
    sure = {(one.query, one.reference) for one in copied}
    pairs = [pair_of(mine, one) for one in copied]
    known = {(pair.query, pair.copy) for pair in pairs}
    pairs += [pair for hit in hits if ((pair := _coded(mine, hit)).query, pair.copy) not in known]
    if one_is_still:
        ordered = sorted(pairs, key=lambda pair: (pair.query, pair.copy)) if copied else []
        runs = [Line(pairs=tuple(ordered), speed=Fraction(1))] if ordered else []
    else:
        needed = 1 if mine.unmoving else _IN_LINE
        runs = [
            line
            for line in lines(pairs, mine.spacing, needed, speeds=not found.loose)
            if len({p.group for p in line.pairs if (p.query, p.copy) in sure}) >= needed
        ]
    # Where agreement tells no time, several lines are one passage seen in several ways.
    runs = runs[:1] if found.loose and found.offset is None else runs
    in_line = {(p.query, p.copy) for line in runs for p in line.pairs}
    kept = [one for one in copied if (one.query, one.reference) in in_line]
    if kept and (one_is_still or not mine.unmoving or _nearly_all(kept)):
        return _copy(
            mine, other, Relation.COPY, kept, runs, vague=found.loose and found.offset is None
        )
    if not copied:
        return same_scene(mine, other, found)
    why = (
        "too little moves to tell" if kept else "the pictures that agree follow in no order of time"
    )
    return same_scene(mine, other, found, why)


def same_scene(
    mine: InHand, other: KnownAsset, found: Registered, why: str = "too few places agree"
) -> Copy | None:
    """Returns the two assets as showing the same scene, where enough pictures do; else None.

    Args:
        mine: The asset in hand.
        other: The other asset.
        found: Pairs that were registered.
        why: They are no copy.
    """
    scenes = list(found.confirmed)
    needed = _SCENES if mine.moves and other.kind not in STILLS else 1
    if len({one.query for one in scenes}) >= needed:
        return _copy(mine, other, Relation.SAME_SCENE, scenes, (), why=why)
    return None


def best_placed(confirmed: Sequence[Confirmed]) -> list[Confirmed]:
    """Returns of each picture in hand the pairs that are about as good as the best of its pairs.

    A slowly moving camera shows much of one picture in the next ones too; those are not its copies.
    """
    most: dict[Fraction, int] = defaultdict(int)
    for one in confirmed:
        most[one.query] = max(most[one.query], _shown(one))
    large = [one for one in confirmed if _shown(one) >= most[one.query] - _LESS]
    closest: dict[Fraction, int] = defaultdict(lambda: -100)
    for one in large:
        closest[one.query] = max(closest[one.query], one.closeness)
    return [one for one in large if one.closeness >= closest[one.query] - _LOOSER]


def _beside(one: Confirmed, offset: Fraction) -> Fraction:
    return abs(one.reference - one.query - offset)


def _shown(one: Confirmed) -> int:
    """Returns how much of the two pictures is common to both, in thousandths."""
    return min(one.of_query, one.of_reference)


def from_course(
    mine: InHand,
    other: KnownAsset,
    confirmed: Sequence[Confirmed],
    line: Line,
    tiles: int,
    agree: int,
) -> Copy:
    """Returns the copy whose pictures take one course in time with the other's.

    Args:
        mine: The asset in hand.
        other: The other asset.
        confirmed: Pairs on that line, as they were registered.
        line: The pictures that were followed.
        tiles: Tiles compared along it.
        agree: How many of them agree.
    """
    copy = _copy(mine, other, Relation.COPY, confirmed, [line])
    return replace(copy, pairs=len(line.pairs), tiles=tiles, agree=agree)


def from_codes(mine: InHand, other: KnownAsset, hits: Sequence[FrameHit]) -> Copy | None:
    """Returns what whole-picture codes alone amount to, where no picture of the other asset is known."""
    scheme = SCHEMES[PDQ]
    pairs = [_coded(mine, hit) for hit in hits if hit.distance <= _BY_CODES]
    one_suffices = mine.still or other.kind in STILLS or mine.unmoving
    if one_suffices:
        pairs = [pair for pair in pairs if pair.distance <= scheme.alone]
    if mine.still or other.kind in STILLS:
        ordered = sorted(pairs, key=lambda pair: (pair.query, pair.copy))
        runs = [Line(pairs=tuple(ordered), speed=Fraction(1))] if ordered else []
    else:
        # Few pictures at any speed fit too easily where none of them can be looked at.
        runs = lines(pairs, mine.spacing, 1 if one_suffices else _IN_LINE, speeds=False)
    matched = [pair for line in runs for pair in line.pairs]
    if not matched:
        return None
    best = min(matched, key=lambda pair: (pair.distance, pair.query, pair.copy))
    distances = sorted(pair.distance for pair in matched)
    turned = Counter(
        hit.turned
        for hit in hits
        if (hit.query, hit.time) in {(pair.query, pair.copy) for pair in matched}
    )
    words = [max(turned, key=lambda w: (turned[w], w == "", w)), _speed(runs)]
    alike = NONE_SEEN if distances[-1] == 0 else REENCODED
    return Copy(
        relation=Relation.COPY,
        asset=other,
        spans=_stretches(mine, other, runs),
        transform=", ".join(word for word in words if word) or alike,
        distance=distances[(len(distances) - 1) // 2],
        pairs=len(matched),
        scheme=PDQ,
        frames=(best.query, best.copy),
    )


def _copy(
    mine: InHand,
    other: KnownAsset,
    relation: Relation,
    confirmed: Sequence[Confirmed],
    runs: Sequence[Line],
    *,
    vague: bool = False,
    why: str = "",
) -> Copy:
    best = max(confirmed, key=lambda one: (one.agree, one.inliers, -one.query, -one.reference))
    words: Counter[str] = Counter()
    whole = max(_shown(one) for one in confirmed)
    for one in confirmed:
        if _shown(one) >= whole - _LESS // 2:
            words[one.words] += one.agree
    changed = max(words, key=lambda text: (words[text], text == best.words, text))
    said = [changed, _speed(runs)] if relation is Relation.COPY else [f"not told, as {why}"]
    said += ["the pictures change too little to tell the times exactly"] if vague else []
    told = [text for text in said if text and text != NONE_SEEN]
    return Copy(
        relation=relation,
        asset=other,
        spans=_stretches(mine, other, runs),
        transform=", ".join(told) or REENCODED,
        distance=None,
        pairs=max(len(confirmed), sum(len(line.pairs) for line in runs)),
        scheme=REGISTERED,
        frames=(best.query, best.reference),
        tiles=sum(one.tiles for one in confirmed),
        agree=sum(one.agree for one in confirmed),
        placement=tuple(Fraction(round(value * _FINE), _FINE) for value in best.matrix),
        part=best.of_reference,
        more=_further(confirmed, best),
    )


def _further(
    confirmed: Sequence[Confirmed], best: Confirmed
) -> tuple[tuple[Fraction, Fraction], ...]:
    """Returns the times of a few more pairs for people to see, evenly over those that agree."""
    closest: dict[Fraction, Confirmed] = {}
    for one in confirmed:
        if one.query not in closest or one.closeness > closest[one.query].closeness:
            closest[one.query] = one
    rest = [closest[time] for time in sorted(closest) if time != best.query]
    wanted = min(_SHOWN, len(rest))
    places = sorted({round(k * (len(rest) - 1) / max(1, wanted - 1)) for k in range(wanted)})
    return tuple((rest[place].query, rest[place].reference) for place in places)


def _nearly_all(confirmed: Sequence[Confirmed]) -> bool:
    return any(
        one.tiles >= _ENOUGH_TILES and one.agree >= _NEARLY_ALL * one.tiles for one in confirmed
    )


def pair_of(mine: InHand, one: Confirmed) -> Pair:
    """Returns a registered pair as one to be put in line; its distance is what it lacks in closeness."""
    return Pair(
        query=one.query,
        copy=one.reference,
        distance=100 - one.closeness,
        quality=one.agree,
        group=mine.groups.get(one.query, -1),
    )


def _coded(mine: InHand, hit: FrameHit) -> Pair:
    return Pair(
        query=hit.query,
        copy=hit.time,
        distance=hit.distance,
        quality=0,
        group=mine.groups.get(hit.query, -1),
    )


def _speed(runs: Sequence[Line]) -> str:
    """Says how fast the asset in hand runs beside the other, and whether passages changed places."""
    said = []
    longest = max(runs, key=lambda line: len(line.pairs), default=None)
    if longest is not None and longest.speed != 1:
        said.append(f"played at about {float(longest.speed):.2f} times the speed")
    starts = [line.pairs[0].copy for line in sorted(runs, key=lambda line: line.pairs[0].query)]
    if starts != sorted(starts):
        said.append("passages in another order")
    return ", ".join(said)


def _stretches(mine: InHand, other: KnownAsset, runs: Sequence[Line]) -> tuple[CopySpan, ...]:
    """Returns where the pictures agree, in order of time; nothing between two stills."""
    if other.kind in STILLS and mine.still:
        return ()
    # Of a long passage not every picture was compared.
    times = sorted({pair.query for line in runs for pair in line.pairs})
    steps = sorted(b - a for a, b in pairwise(times))
    gap = _GAP * max([mine.spacing, *steps[len(steps) // 2 : len(steps) // 2 + 1]])
    if mine.still:
        turned = [
            Pair(
                query=pair.copy,
                copy=pair.query,
                distance=pair.distance,
                quality=pair.quality,
                group=pair.group,
            )
            for line in runs
            for pair in line.pairs
        ]
        found = spans(sorted(turned, key=lambda pair: pair.query), gap)
        return tuple(CopySpan(query=span.copy, copy=span.query) for span in found)
    whole = [span for line in runs for span in spans(line.pairs, gap)]
    return tuple(sorted(whole, key=lambda span: (span.query.start, span.copy.start)))
