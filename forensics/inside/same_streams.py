"""Which tracks of two files are the same pictures or the same sound, as they are coded, in another wrapper?

By the digests of streams (`forensics.media.coded`), which a tree of parts carries beside each track. Only
digests of one scheme compare, and that of a track without content says nothing.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from forensics.media.coded import SCHEME
from forensics.model import Part

SCHEMES: Final = (SCHEME, "packets-sha256/1")
"""The one that survives most changes of the wrapper comes first."""
_OF_NOTHING: Final = hashlib.sha256().hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class SameStream:
    """A track of one file and one of another that share a digest.

    Attributes:
        type: What both are, as the tree says: "video" or "audio".
        a: Name of the part that stands for the track in the first file.
        b: Likewise in the second file.
        scheme: Of the digest.
        digest: Hexadecimal.
    """

    type: str
    a: str
    b: str
    scheme: str
    digest: str


def same_streams(a: Part, b: Part) -> tuple[SameStream, ...]:
    """Returns the tracks that two trees share, in the order of the first; each track stands in one pair."""
    ours, theirs = list(_tracks(a)), list(_tracks(b))
    found: dict[int, SameStream] = {}
    taken: set[int] = set()
    for scheme in SCHEMES:
        waiting: dict[tuple[str, str], deque[int]] = defaultdict(deque)
        for j, track in enumerate(theirs):
            if j not in taken and (digest := _digest(track, scheme)):
                waiting[str(track.value), digest].append(j)
        for i, track in enumerate(ours):
            digest = _digest(track, scheme)
            if i in found or not digest or not (alike := waiting.get((str(track.value), digest))):
                continue
            j = alike.popleft()
            taken.add(j)
            found[i] = SameStream(
                type=str(track.value),
                a=track.name,
                b=theirs[j].name,
                scheme=scheme,
                digest=digest,
            )
    return tuple(found[i] for i in sorted(found))


def _tracks(tree: Part) -> Iterator[Part]:
    for holder in tree.parts:
        if holder.name == "Streams":
            yield from holder.parts


def _digest(track: Part, scheme: str) -> str:
    """Of what lies directly in the track: a tag deeper in it may bear the name of a scheme."""
    digest = next((str(p.value) for p in track.parts if p.name == scheme and p.value), "")
    return "" if digest == _OF_NOTHING else digest
