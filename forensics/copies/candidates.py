"""Which pictures of which known assets may show what a picture in hand shows? Guesses, to be confirmed.

Two ways lead to a guess: codes of whole pictures within the radius, exactly, for the picture as it is,
turned, mirrored and without its border; and local codes that vote for a known picture. What is very common
in this index next to the rest of the asset (a station's ident, a countdown) is left out of both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from forensics.model import CopyIndex, Sha256
from forensics.signatures.cards import cards
from forensics.signatures.schemes import LOCAL, PDQ, SCHEMES, differing_bits
from forensics.signatures.signed import Signed

_COMMON = 10
_COMMON_TIMES = 4
"""A picture is common if it occurs in at least 10 assets, and in 4 times as many as the quarter of the
asset's pictures that fewest have: an ident may be most of a short film."""
_VOTERS = (16, 8)
"""Kept pictures of the asset in hand that vote, evenly chosen: as they are, and their mirror images."""
_KNOWN = 12
"""Known pictures considered for each that votes."""
_FRAME_WEIGHT = 2000
"""What a whole-picture code that differs in no bit weighs, in thousandths of a local code's vote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A kept picture in hand and a picture of another asset that may show the same.

    Attributes:
        query: Position of the kept picture in hand (`Signed.looks`).
        asset: The other asset.
        time: Of its picture, in seconds.
        weight: How much speaks for it, comparable between candidates of one search.
    """

    query: int
    asset: Sha256
    time: Fraction
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameHit:
    """A sampled picture in hand whose whole-picture code is near one of another asset.

    Attributes:
        scheme: Of the two codes.
        asset: The other asset.
        query: Seconds from the start of the asset in hand.
        time: Seconds from the start of the other asset.
        distance: Bits that differ.
        turned: How the picture in hand was turned or trimmed for it; "" if not.
    """

    scheme: str
    asset: Sha256
    query: Fraction
    time: Fraction
    distance: int
    turned: str


def frame_hits(
    signed: Signed, index: CopyIndex, own: Sha256
) -> tuple[list[FrameHit], set[Fraction]]:
    """Returns the hits of whole-picture codes, and the times of pictures that are too common to count."""
    common = _common(signed, index)
    best: dict[tuple[str, Sha256, Fraction, Fraction], FrameHit] = {}
    for name, scheme in SCHEMES.items():
        asked = [
            a
            for a in signed.asked
            if a.scheme == name and a.quality >= scheme.least_quality and a.time not in common
        ]
        for hit in index.nearest(name, [a.code for a in asked], scheme.radius):
            mine = asked[hit.query]
            key = (name, hit.asset, mine.time, hit.time)
            if hit.asset != own and (key not in best or hit.distance < best[key].distance):
                best[key] = FrameHit(
                    scheme=name,
                    asset=hit.asset,
                    query=mine.time,
                    time=hit.time,
                    distance=hit.distance,
                    turned=mine.turned,
                )
    return list(best.values()), common


def _common(signed: Signed, index: CopyIndex) -> set[Fraction]:
    """Returns the times of test cards, and of pictures that far more assets have than have its others."""
    scheme = SCHEMES[PDQ]
    asked = [
        a
        for a in signed.asked
        if a.scheme == PDQ and not a.turned and a.quality >= scheme.least_quality
    ]
    if not asked:
        return set()
    spread = index.spread(PDQ, [a.code for a in asked], scheme.radius)
    most = max(_COMMON, _COMMON_TIMES * max(sorted(spread)[len(spread) // 4], 1))
    return {
        a.time
        for a, n in zip(asked, spread, strict=True)
        if n >= most or any(differing_bits(a.code, card) <= scheme.radius for card in cards())
    }


def candidates(
    signed: Signed,
    hits: Iterable[FrameHit],
    common: set[Fraction],
    index: CopyIndex,
    own: Sha256,
) -> dict[Sha256, list[Candidate]]:
    """Returns the guesses for each asset, most weight first; assets in the order of their weight."""
    weights: dict[tuple[int, Sha256, Fraction], int] = defaultdict(int)
    for hit in hits:
        radius = SCHEMES[hit.scheme].radius
        place = signed.nearest_look(hit.query)
        if place is not None:
            key = (place, hit.asset, hit.time)
            weight = _FRAME_WEIGHT * (2 * radius - hit.distance) // (2 * radius)
            weights[key] = max(weights[key], weight)
    telling = [i for i, look in enumerate(signed.looks) if look.time not in common]
    for scheme, local in LOCAL.items():
        for codes, most in zip(signed.local_codes(scheme), _VOTERS, strict=False):
            rich = [i for i in telling if len(codes[i]) >= 32 * local.least]
            asked = [(i, codes[i]) for i in _evenly(rich, most)]
            if not asked:
                continue
            for vote in index.votes(
                scheme, [c for _, c in asked], local.radius, limit=_KNOWN, without=own
            ):
                if vote.votes >= local.votes:
                    key = (asked[vote.query][0], vote.asset, vote.time)
                    weights[key] += vote.weight
    by_asset: dict[Sha256, list[Candidate]] = defaultdict(list)
    for (query, asset, time), weight in weights.items():
        by_asset[asset].append(Candidate(query=query, asset=asset, time=time, weight=weight))
    for found in by_asset.values():
        found.sort(key=lambda c: (-c.weight, c.query, c.time))
    return dict(sorted(by_asset.items(), key=lambda item: (-_weight(item[1]), item[0])))


def _weight(found: Sequence[Candidate]) -> int:
    """Returns what speaks for an asset: the best guess of each picture in hand."""
    best: dict[int, int] = {}
    for one in found:
        best[one.query] = max(best.get(one.query, 0), one.weight)
    return sum(best.values())


def _evenly(places: Sequence[int], most: int) -> list[int]:
    if len(places) <= most:
        return list(places)
    return [places[i * len(places) // most] for i in range(most)]
