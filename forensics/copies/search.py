"""Has any picture, or any coded stream, of this asset been met in another asset?

Every searchable signature is asked for, exactly to its scheme's radius; what comes back is sorted by the
other asset and put in line in time. For moving pictures at least two distinct pictures must lie in line;
where one side is a still, one pair within the narrower radius is all there can be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from forensics.copies.align import Pair, distinct_groups, lines, sampling_spacing, spans
from forensics.errors import LedgerBroken
from forensics.model.asset import Asset, MediaKind, Sha256, Stream, StreamType
from forensics.model.claim import Span
from forensics.model.copy import Copy, CopySpan, Hit, KnownAsset, Relation, Searched
from forensics.model.ports import CopyIndex
from forensics.model.sample import Signature
from forensics.signatures.schemes import SCHEMES, Scheme

UNCHANGED = "none seen"
_IN_LINE = 2
"""Distinct pictures that must follow each other on both sides before moving pictures are a copy."""
_GAP = 3
"""Sampling steps without a match that divide a passage in two."""
_STILLS = frozenset({MediaKind.IMAGE, MediaKind.DOCUMENT, MediaKind.DRAWING})
_CARRIERS = {
    StreamType.VIDEO: "pictures",
    StreamType.IMAGE: "pictures",
    StreamType.AUDIO: "sound",
}


def find_copies(
    asset: Asset,
    signatures: Sequence[Signature],
    index: CopyIndex,
    schemes: Mapping[str, Scheme] = SCHEMES,
) -> tuple[tuple[Copy, ...], Searched]:
    """Returns the copies of an asset among those met earlier, and what was looked through.

    Args:
        asset: The asset in hand; hits on itself are dropped.
        signatures: Of its sampled pictures, all schemes, in any order.
        index: What is known.
        schemes: Which schemes to ask, and how.

    Returns:
        At most one copy for each other asset and relation, strongest first: equal streams, then more
        pairs, then fewer differing bits, then by SHA-256; and the extent of the search.

    Raises:
        LedgerBroken: The index names an asset that it does not know.
    """
    asked = [_prepare(asset, name, scheme, signatures) for name, scheme in schemes.items()]
    found: dict[Sha256, Copy] = {}
    for query in asked:
        for copy in _by_scheme(query, index):
            best = found.get(copy.asset.sha256)
            # Of equally many pairs, those of the more trusted scheme count, which is asked first.
            if best is None or copy.pairs > best.pairs:
                found[copy.asset.sha256] = copy
    copies = [*_same_streams(asset, index), *found.values()]
    total, assets = index.extent(tuple(schemes), asset.sha256)
    searched = Searched(
        signatures=total,
        assets=assets,
        schemes=tuple(schemes),
        radius=tuple(scheme.radius for scheme in schemes.values()),
        queries=sum(len(query.asked) for query in asked),
        skipped=len({s.time for s in signatures} - {s.time for q in asked for s in q.asked}),
    )
    return tuple(sorted(copies, key=lambda copy: _strength(copy, schemes))), searched


def _strength(copy: Copy, schemes: Mapping[str, Scheme]) -> tuple[bool, int, Fraction, Sha256]:
    """Sorts copies: strongest first."""
    width = schemes[copy.scheme].width if copy.scheme in schemes else 1
    return (
        copy.relation is not Relation.SAME_STREAM,
        -copy.pairs,
        Fraction(copy.distance, width),
        copy.asset.sha256,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Query:
    """The signatures asked with, and what the choice among their hits rests on."""

    asset: Asset
    name: str
    scheme: Scheme
    asked: tuple[Signature, ...]
    groups: tuple[int, ...]
    spacing: Fraction
    still: bool
    """One picture is all there is: a still, or moving pictures that show one thing throughout."""


def _prepare(asset: Asset, name: str, scheme: Scheme, signatures: Sequence[Signature]) -> _Query:
    mine = sorted((s for s in signatures if s.scheme == name), key=lambda s: (s.time, s.code))
    asked = tuple(s for s in mine if s.quality >= scheme.least_quality)
    groups = tuple(distinct_groups((s.code for s in asked), scheme.distinct))
    unmoving = len(asked) == len(mine) and len(set(groups)) == 1
    return _Query(
        asset=asset,
        name=name,
        scheme=scheme,
        asked=asked,
        groups=groups,
        spacing=sampling_spacing(s.time for s in mine),
        still=asset.kind in _STILLS or unmoving,
    )


def _by_scheme(query: _Query, index: CopyIndex) -> list[Copy]:
    if not query.asked:
        return []
    by_asset: dict[Sha256, list[Hit]] = defaultdict(list)
    for hit in index.nearest(query.name, [s.code for s in query.asked], query.scheme.radius):
        if hit.asset != query.asset.sha256:
            by_asset[hit.asset].append(hit)
    copies = (_compare(query, _known(index, other), hits) for other, hits in by_asset.items())
    return [copy for copy in copies if copy is not None]


def _compare(query: _Query, other: KnownAsset, hits: Sequence[Hit]) -> Copy | None:
    """Returns the copy that the hits on one asset amount to, or None."""
    pairs = [
        Pair(
            query=query.asked[hit.query].time,
            copy=hit.time,
            distance=hit.distance,
            quality=query.asked[hit.query].quality,
            group=query.groups[hit.query],
        )
        for hit in hits
    ]
    one_suffices = query.still or other.kind in _STILLS
    if one_suffices:
        pairs = [pair for pair in pairs if pair.distance <= query.scheme.alone]
    if query.asset.kind in _STILLS or other.kind in _STILLS:
        # The order of time means nothing against a still: every pair stands for itself.
        runs = [sorted(pairs, key=lambda pair: (pair.query, pair.copy))] if pairs else []
    else:
        needed = 1 if one_suffices else _IN_LINE
        runs = [list(line.pairs) for line in lines(pairs, query.spacing, needed)]
    matched = [pair for run in runs for pair in run]
    if not matched:
        return None
    best = min(matched, key=lambda pair: (pair.distance, -pair.quality, pair.query, pair.copy))
    distances = sorted(pair.distance for pair in matched)
    return Copy(
        relation=Relation.COPY,
        asset=other,
        spans=_stretches(query, other, runs),
        transform=_transform(query, other, alike=distances[-1] == 0),
        distance=distances[(len(distances) - 1) // 2],
        pairs=len(matched),
        scheme=query.name,
        frames=(best.query, best.copy),
    )


def _stretches(
    query: _Query, other: KnownAsset, runs: Sequence[Sequence[Pair]]
) -> tuple[CopySpan, ...]:
    """Returns where the pictures agree, in order of time; nothing between two stills."""
    gap = _GAP * query.spacing
    if other.kind not in _STILLS and query.asset.kind in _STILLS:
        flipped = [
            Pair(
                query=pair.copy,
                copy=pair.query,
                distance=pair.distance,
                quality=pair.quality,
                group=pair.group,
            )
            for run in runs
            for pair in run
        ]
        turned = spans(sorted(flipped, key=lambda pair: pair.query), gap)
        return tuple(CopySpan(query=span.copy, copy=span.query) for span in turned)
    if other.kind in _STILLS and query.asset.kind in _STILLS:
        return ()
    found = [span for run in runs for span in spans(run, gap)]
    return tuple(sorted(found, key=lambda span: (span.query.start, span.copy.start)))


def _transform(query: _Query, other: KnownAsset, *, alike: bool) -> str:
    """Says what was done to the pictures, as far as codes of whole pictures can tell."""
    change = UNCHANGED if alike else "scaled or re-encoded; framing as before"
    if (query.asset.kind in _STILLS) is not (other.kind in _STILLS):
        return f"{change}; a still on one side, moving pictures on the other: one pair was enough"
    if query.still and query.asset.kind not in _STILLS:
        return f"{change}; the pictures here do not move: one pair was enough"
    return change


def _same_streams(asset: Asset, index: CopyIndex) -> list[Copy]:
    """Returns the assets that carry a coded stream of this one, bit for bit."""
    asked: dict[str, dict[str, Stream]] = defaultdict(dict)
    for stream in asset.streams:
        # A stream without packets has the digest of nothing, which every other such stream shares.
        if (
            stream.digest
            and stream.digest_scheme
            and stream.type in _CARRIERS
            and stream.packets != 0
        ):
            asked[stream.digest_scheme].setdefault(stream.digest, stream)
    copies: dict[Sha256, Copy] = {}
    for scheme in sorted(asked):
        shared: dict[Sha256, list[Stream]] = defaultdict(list)
        for digest, other in index.same_stream(scheme, sorted(asked[scheme])):
            if other != asset.sha256:
                shared[other].append(asked[scheme][digest])
        for other, streams in shared.items():
            copies.setdefault(other, _same_stream(scheme, _known(index, other), streams))
    return list(copies.values())


def _same_stream(scheme: str, other: KnownAsset, streams: Sequence[Stream]) -> Copy:
    what = " and ".join(sorted({_CARRIERS[stream.type] for stream in streams}))
    verb = "are" if what.startswith("pictures") else "is"
    durations = [stream.duration for stream in streams if stream.duration]
    whole = Span(start=Fraction(0), end=max(durations, default=Fraction(0)))
    pictures = [s.packets or 1 for s in streams if _CARRIERS[s.type] == "pictures"]
    return Copy(
        relation=Relation.SAME_STREAM,
        asset=other,
        spans=(CopySpan(query=whole, copy=whole),) if durations else (),
        transform=f"the coded {what} {verb} bit for bit the same, in another wrapper",
        distance=0,
        pairs=max(pictures, default=0),
        scheme=scheme,
    )


def _known(index: CopyIndex, sha256: Sha256) -> KnownAsset:
    known = index.known(sha256)
    if known is None:
        raise LedgerBroken(
            f"The copy index names the asset {sha256}, which the ledger does not know.",
            hint="Run `forensics ledger rebuild`, which makes the index again from the log.",
        )
    return known
