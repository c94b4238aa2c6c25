"""Which known assets carry a coded stream of the one in hand, bit for bit?

A re-mux or a changed tag leaves the coded pictures and sound as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from fractions import Fraction

from forensics.model import (
    Asset,
    Copy,
    CopyIndex,
    CopySpan,
    KnownAsset,
    Relation,
    Sha256,
    Span,
    Stream,
    StreamType,
)

_CARRIERS = {
    StreamType.VIDEO: "pictures",
    StreamType.IMAGE: "pictures",
    StreamType.AUDIO: "sound",
}


def same_streams(
    asset: Asset, index: CopyIndex, known: Callable[[CopyIndex, Sha256], KnownAsset]
) -> list[Copy]:
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
            copies.setdefault(other, _same_stream(scheme, known(index, other), streams))
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
