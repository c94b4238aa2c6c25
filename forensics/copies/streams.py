"""Which known assets carry a coded stream of the one in hand, bit for bit?

A change of container or of a tag leaves the coded pictures and sound as they are. Digests over the packets
say most; those of what is coded find it also where the packets were framed anew, as MPEG-TS does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
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
        if stream.type in _CARRIERS and stream.packets != 0:
            for scheme, digest in stream.digests:
                asked[scheme].setdefault(digest, stream)
    shared: dict[Sha256, dict[str, list[Stream]]] = {}
    for scheme, streams in asked.items():
        for digest, other in index.same_stream(scheme, sorted(streams)):
            if other != asset.sha256:
                shared.setdefault(other, defaultdict(list))[scheme].append(streams[digest])
    return [
        _same_stream(known(index, other), *_most(asset, by_scheme))
        for other, by_scheme in shared.items()
    ]


def _most(
    asset: Asset, by_scheme: Mapping[str, Sequence[Stream]]
) -> tuple[str, Sequence[Stream], bool]:
    """Returns the scheme under which most streams are shared, the streams, and if it is of whole packets."""
    packets = {stream.digest_scheme for stream in asset.streams}
    scheme = min(by_scheme, key=lambda s: (-len(by_scheme[s]), s not in packets, s))
    return scheme, by_scheme[scheme], scheme in packets


def _same_stream(
    other: KnownAsset, scheme: str, streams: Sequence[Stream], of_packets: bool
) -> Copy:
    what = " and ".join(sorted({_CARRIERS[stream.type] for stream in streams}))
    verb = "are" if what.startswith("pictures") else "is"
    durations = [stream.duration for stream in streams if stream.duration]
    whole = Span(start=Fraction(0), end=max(durations, default=Fraction(0)))
    pictures = [s.packets or 1 for s in streams if _CARRIERS[s.type] == "pictures"]
    return Copy(
        relation=Relation.SAME_STREAM,
        asset=other,
        spans=(CopySpan(query=whole, copy=whole),) if durations else (),
        transform=(
            f"the coded {what} {verb} bit for bit the same, in another wrapper"
            if of_packets
            else f"the same {what} in another wrapper: what is coded is bit for bit the same, how it is "
            "packed is not"
        ),
        distance=0,
        pairs=max(pictures, default=0),
        scheme=scheme,
    )
