"""What the search for earlier copies amounts to, in the form that the verdict and every report read.

Matching says that two assets share pictures. It does not say which came first: that is known, if at all,
from where and when each was published, and is tested against a claim elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt

from forensics.copies.declared import CAVEATS, ENLARGED, QUANTITIES
from forensics.model.asset import Asset, MediaKind
from forensics.model.copy import Copy, CopySpan, Relation, Searched
from forensics.model.finding import (
    Diagnostic,
    Direction,
    Finding,
    Measurement,
    Pillar,
    Where,
)
from forensics.model.moment import read_moment
from forensics.model.outcome import Outcome, Ran
from forensics.model.questions import SEEN_BEFORE

__all__ = ["CAVEATS", "EXAMINES", "NAME", "QUANTITIES", "VERSION", "as_outcome"]

NAME = "earlier-copies"
VERSION = 6
EXAMINES = (Pillar.PROVENANCE, Pillar.DATE)

_SHORT = 12
_SAID = 10
"""Passages said in the sentence; a report's list of copies has all of them."""


def as_outcome(
    copies: Sequence[Copy], searched: Searched, asset: Asset, received_at: str
) -> Outcome:
    """Returns the outcome "earlier-copies".

    Args:
        copies: As found, strongest first.
        searched: What was looked through.
        asset: The asset in hand.
        received_at: RFC 3339 time at which it was first received here.

    Returns:
        One `copy-found`, `same-sound` or `same-scene` for each copy; `nothing-searchable` where nothing
        could be asked with, or no picture of what has pictures; `no-copy` where nothing was found; and one
        `search-incomplete` for each thing that was not looked at.
    """
    is_sound = asset.kind is MediaKind.AUDIO
    findings = [_copy_found(copy, received_at, is_sound=is_sound) for copy in copies]
    findings += [
        _shows_a_part(copy)
        for copy in copies
        if copy.relation is Relation.COPY and copy.part < _CROPPED
    ]
    findings += [
        _fineness(copy, share) for copy in copies if (share := _share(copy, asset)) is not None
    ]
    if not searched.queries and not (is_sound and searched.listened):
        findings.append(_nothing_searchable(searched, asset))
    elif not copies:
        findings.append(_no_copy(searched))
    findings += map(_incomplete, searched.notes)
    return Outcome(
        analysis=NAME,
        version=VERSION,
        examines=EXAMINES,
        result=Ran(findings=tuple(findings)),
        parameters={
            f"radius {scheme}": f"{radius} bits"
            for scheme, radius in zip(searched.schemes, searched.radius, strict=True)
        },
    )


def _copy_found(copy: Copy, received_at: str, *, is_sound: bool) -> Finding:
    here = copy.asset.first_seen <= received_at  # RFC 3339 in UTC sorts as text
    elsewhere = None if here else _seen_elsewhere(copy, received_at)
    earlier = here or elsewhere is not None
    after = "" if earlier else ", after this one"
    where = " ({spans})" if copy.spans else ""
    met = "first met here at {first-seen}"
    whose: tuple[Measurement, ...] = ()
    if copy.asset.listed_by is not None:
        met = "known here only from a list of hashes by {listed-by} since {first-seen}"
        whose = (_text("listed-by", copy.asset.listed_by),)
    elif elsewhere is not None:
        met = "first met here at {first-seen} and on record elsewhere since {seen-elsewhere}"
        whose = (Measurement(key="seen-elsewhere", value=elsewhere, unit="time"),)
    values = (
        _text("asset", copy.asset.sha256[:_SHORT]),
        _text("asset-sha256", copy.asset.sha256),
        _text("relation", copy.relation.value),
        Measurement(key="first-seen", value=copy.asset.first_seen, unit="time"),
        *whose,
        *_passages(copy.spans),
        *_counted(copy),
        _text("scheme", copy.scheme),
        _text("transform", copy.transform),
        Measurement(key="name", value=copy.asset.name, unit="text", personal=True),
    )
    # The same scene is no copy: nothing of it was seen before, only the place. And of what has pictures,
    # they are what it is shown for: sound that was met earlier says nothing of them.
    speaks = earlier and (
        copy.relation in {Relation.COPY, Relation.SAME_STREAM}
        or (is_sound and copy.relation is Relation.SAME_SOUND)
    )
    return Finding(
        id=_IDS[copy.relation],
        template=(
            f"Another asset, {{asset}}, {met}{after}, "
            f"{_SHARED[copy.relation]}{where}{_agreement(copy)}"
        ),
        measurements=values,
        question=SEEN_BEFORE,
        direction=Direction.SUPPORTS_H1 if speaks else Direction.NEUTRAL,
        # That the two agree is seen; which of them came first is not.
        diagnostic=Diagnostic.UNKNOWN,
        caveats=CAVEATS,
    )


def _seen_elsewhere(copy: Copy, received_at: str) -> str | None:
    """Returns since when another asset is on record elsewhere, if that is before this one was received."""
    received = read_moment(received_at)
    times = (read_moment(a.at) for a in copy.asset.appearances if a.what != "received")
    first = min((m for m in times if m is not None), key=lambda m: m.latest, default=None)
    return first.text if first and received and first.before(received) else None


_IDS = {
    Relation.SAME_STREAM: "copy-found",
    Relation.COPY: "copy-found",
    Relation.SAME_SOUND: "same-sound",
    Relation.SAME_SCENE: "same-scene",
}
_SHARED = {
    Relation.SAME_STREAM: "carries a coded stream of this one",
    Relation.COPY: "carries the same pictures",
    Relation.SAME_SOUND: "carries the same sound",
    Relation.SAME_SCENE: "seems to show the same scene in another recording",
}


def _agreement(copy: Copy) -> str:
    match copy.relation:
        case Relation.SAME_STREAM:
            return ". Change between them: {transform}."
        case Relation.SAME_SOUND:
            return (
                ". Change of the sound between them: {transform}. It says nothing of the pictures."
            )
        case Relation.SAME_SCENE:
            pairs = "pair" if copy.pairs == 1 else "pairs"
            return (
                f": {{pairs}} {pairs} of pictures can be laid over each other, but only {{agree}} of "
                "{tiles} places compared agree, or what moves does not, so that it is not called a copy."
            )
    laid = (
        "; laid over each other, {agree} of {tiles} places agree"
        if copy.distance is None
        else ", {distance} bits apart at the median; only codes of whole pictures could be compared"
    )
    pairs = "pair of pictures agrees" if copy.pairs == 1 else "pairs of pictures agree"
    return f"; {{pairs}} {pairs}{laid}. Change between them: {{transform}}."


def _counted(copy: Copy) -> tuple[Measurement, ...]:
    if copy.relation in {Relation.SAME_STREAM, Relation.SAME_SOUND}:
        return ()
    if copy.distance is None:
        return (
            _count("pairs", copy.pairs),
            _count("agree", copy.agree),
            _count("tiles", copy.tiles),
        )
    return (
        _count("pairs", copy.pairs),
        Measurement(key="distance", value=copy.distance, unit="bits"),
    )


_CROPPED = 970
"""Thousandths of the other's picture from which on all of it counts as seen."""
_AS_FINE = Fraction(4, 5)
"""Points a side for each of the other's from which on both count as equally fine."""


def _shows_a_part(copy: Copy) -> Finding:
    """Says which of the two shows more: a hint at which was made from which, and no more than that."""
    return Finding(
        id="shows-a-part",
        template=(
            "The asset in hand shows {part} percent of the picture of asset {asset}: what lies outside that "
            "part cannot have come from it."
        ),
        measurements=(
            Measurement(key="part", value=copy.part // 10, unit="percent"),
            _text("asset", copy.asset.sha256[:_SHORT]),
        ),
        question=SEEN_BEFORE,
        direction=Direction.NEUTRAL,
        diagnostic=Diagnostic.UNKNOWN,
        caveats=CAVEATS,
    )


def _share(copy: Copy, asset: Asset) -> Fraction | None:
    """Points a side that this asset has for each of the other's, of what both show; None if much alike."""
    own = max(((s.width or 0) * (s.height or 0) for s in asset.streams), default=0)
    if copy.relation is not Relation.COPY or not (own and copy.asset.points and copy.placement):
        return None
    a, b, _, c, d, *_ = copy.placement
    squared = abs(a * d - b * c) * own / copy.asset.points
    share = Fraction(isqrt(int(squared * 10**6)), 1000)
    return share if share and not _AS_FINE < share < 1 / _AS_FINE else None


def _fineness(copy: Copy, share: Fraction) -> Finding:
    """Says which of the two shows the same with more points: a hint, since pictures are also enlarged."""
    finer, coarser = "The asset in hand", "asset {asset}"
    if share < 1:
        finer, coarser, share = "Asset {asset}", "the asset in hand", 1 / share
    return Finding(
        id="finer-picture",
        template=(
            f"{finer} shows what both show with {{times}} times as many points a side as {coarser}: a "
            "smaller picture is commonly made from a larger one."
        ),
        measurements=(
            Measurement(key="times", value=f"{float(share):.1f}", unit="ratio"),
            _text("asset", copy.asset.sha256[:_SHORT]),
        ),
        question=SEEN_BEFORE,
        direction=Direction.NEUTRAL,
        diagnostic=Diagnostic.UNKNOWN,
        caveats=(*CAVEATS, ENLARGED),
    )


def _signatures(key: str, number: int) -> str:
    return f"{{{key}}} signature{'' if number == 1 else 's'}"


def _others(key: str, number: int) -> str:
    return f"{{{key}}} other asset{'' if number == 1 else 's'}"


def _listened(searched: Searched) -> str:
    others = _others("sounds", searched.sounds)
    return f"Its sound, of which {{listened}} s could be asked with, was compared with that of {others}"


def _no_copy(searched: Searched) -> Finding:
    pictures = (
        f"No copy was found among {_signatures('signatures', searched.signatures)} of "
        f"{_others('assets', searched.assets)}, compared with "
        f"{_signatures('queries', searched.queries)} of this one by {{schemes}}; an "
        "earlier copy elsewhere is not excluded. Sampled pictures left out: {skipped} with too little in "
        "them, {common} that occur in many assets here. Pairs of pictures laid over each other: {compared}."
    )
    template = (
        f"No copy was found. {_listened(searched)}; an earlier copy elsewhere is not excluded."
        if not searched.queries
        else f"{pictures} {_listened(searched)}."
        if searched.listened
        else pictures
    )
    return Finding(
        id="no-copy",
        template=template,
        measurements=_extent(searched),
        question=SEEN_BEFORE,
        direction=Direction.NEUTRAL,
        diagnostic=Diagnostic.UNKNOWN,
        caveats=CAVEATS,
    )


def _nothing_searchable(searched: Searched, asset: Asset) -> Finding:
    why = (
        "Nothing in this sound says where it is from: it is too short, silent, steady or a bare tone"
        if asset.kind is MediaKind.AUDIO
        else "This asset is places as data and holds no pictures and no sound"
        if asset.kind is MediaKind.GEODATA
        else "No sampled picture of this asset has enough in it to be searched for ({skipped} left out)"
        if searched.skipped
        else "No picture of this asset could be searched for"
    )
    left = "equal coded streams"
    also = ""
    if searched.listened:
        left, also = "equal coded streams and the same sound", f" {_listened(searched)}."
    return Finding(
        id="nothing-searchable",
        template=(
            f"{why}: beyond {left}, nothing was looked for among "
            f"{_others('assets', searched.assets)}.{also}"
        ),
        measurements=_extent(searched),
        question=SEEN_BEFORE,
        direction=Direction.NEUTRAL,
        diagnostic=Diagnostic.NO,
        caveats=CAVEATS,
    )


def _incomplete(note: str) -> Finding:
    return Finding(
        id="search-incomplete",
        template="{note}",
        measurements=(_text("note", note),),
        question=SEEN_BEFORE,
        direction=Direction.NEUTRAL,
        diagnostic=Diagnostic.NO,
        caveats=CAVEATS,
    )


def _extent(searched: Searched) -> tuple[Measurement, ...]:
    schemes = (
        f"{scheme} (up to {radius} bits)"
        for scheme, radius in zip(searched.schemes, searched.radius, strict=True)
    )
    return (
        _count("signatures", searched.signatures),
        _count("assets", searched.assets),
        _count("queries", searched.queries),
        _count("skipped", searched.skipped),
        _count("common", searched.common),
        _count("compared", searched.compared),
        _count("sounds", searched.sounds),
        _count("listened", searched.listened),
        _text("schemes", " and ".join(schemes)),
    )


def _passages(spans: Sequence[CopySpan]) -> list[Measurement]:
    said = [_span(span) for span in spans[:_SAID]]
    more = len(spans) - len(said)
    return [*said, _text("spans", f"{more} more")] if more else said


def _span(span: CopySpan) -> Measurement:
    here, there = (
        f"{_seconds(side.start)} to {_seconds(side.end)} s"
        if side.start != side.end
        else f"{_seconds(side.start)} s"
        for side in (span.query, span.copy)
    )
    return Measurement(
        key="spans",
        value=f"{here} here is {there} there",
        unit="text",
        where=Where(start=span.query.start, end=span.query.end),
    )


def _seconds(value: Fraction) -> str:
    """Returns seconds to the nearest tenth, "12.3"; exact halves go to the even tenth."""
    tenths = round(value * 10)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"


def _text(key: str, value: str) -> Measurement:
    return Measurement(key=key, value=value, unit="text")


def _count(key: str, value: int) -> Measurement:
    return Measurement(key=key, value=value, unit="count")
