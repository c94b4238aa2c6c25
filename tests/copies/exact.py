"""An index that compares with everything it holds: the protocol, said as plainly as possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from forensics.copies.confirm import confirm, query_picture
from forensics.copies.confirmed import (
    Comparison,
    Confirmed,
    Course,
    Followed,
    Moved,
    Moving,
)
from forensics.index.postings import Postings, build
from forensics.model import Asset, Hit, KnownAsset, Look, Sha256, Vote
from forensics.signatures.schemes import differing_bits
from forensics.signatures.signed import Signed
from forensics.signatures.sound import SoundCodes

WIDTH = 32


def _codes(joined: bytes) -> np.ndarray:
    return np.frombuffer(joined, np.uint64).reshape(-1, WIDTH // 8)


@dataclass
class ExactIndex:
    assets: dict[Sha256, tuple[Asset, Signed]] = field(default_factory=dict)
    forgotten: set[Sha256] = field(default_factory=set)
    heard: dict[Sha256, SoundCodes] = field(default_factory=dict)

    def register(self, asset: Asset, signed: Signed) -> None:
        self.assets[asset.sha256] = (asset, signed)

    def nearest(self, scheme: str, codes: Sequence[bytes], radius: int) -> list[Hit]:
        hits = [
            Hit(query=number, asset=sha256, time=s.time, distance=differing_bits(code, s.code))
            for number, code in enumerate(codes)
            for sha256, (_, signed) in self.assets.items()
            for s in signed.signatures
            if s.scheme == scheme and differing_bits(code, s.code) <= radius
        ]
        return sorted(hits, key=lambda hit: (hit.query, hit.asset, hit.time))

    def spread(self, scheme: str, codes: Sequence[bytes], radius: int) -> list[int]:
        return [len({hit.asset for hit in self.nearest(scheme, [code], radius)}) for code in codes]

    def votes(
        self,
        scheme: str,
        pictures: Sequence[bytes],
        radius: int,
        *,
        limit: int,
        without: Sha256 | None = None,
    ) -> list[Vote]:
        found: list[Vote] = []
        for number, joined in enumerate(pictures):
            mine = _codes(joined)
            met: dict[tuple[Sha256, Fraction], np.ndarray] = {}
            for sha256, (_, signed) in self.assets.items():
                for look in signed.looks if sha256 != without else ():
                    theirs = _codes(b"".join(c.codes for c in look.local if c.scheme == scheme))
                    bits = np.bitwise_count(mine[:, None] ^ theirs[None]).sum(axis=2)
                    met[sha256, look.time] = (bits <= radius).any(axis=1)
            assets: Counter[int] = Counter()
            for sha256 in {key[0] for key in met}:
                hit = np.any([near for key, near in met.items() if key[0] == sha256], axis=0)
                assets.update(np.flatnonzero(hit).tolist())
            votes = [
                Vote(
                    query=number,
                    asset=sha256,
                    time=time,
                    votes=int(near.sum()),
                    weight=sum(1000 // assets[i] for i in np.flatnonzero(near).tolist()),
                )
                for (sha256, time), near in met.items()
                if near.any()
            ]
            votes.sort(key=lambda v: (-v.weight, -v.votes, v.asset, v.time))
            found += votes[:limit]
        return found

    def looks(self, asset: Sha256, times: Sequence[Fraction]) -> list[Look]:
        held = self.assets[asset][1].looks
        near = {min(held, key=lambda look: (abs(look.time - t), look.time)) for t in times if held}
        return sorted(near, key=lambda look: look.time)

    def sounds(self, scheme: str) -> Postings:
        known = {name: one for name, one in self.heard.items() if one.scheme == scheme}
        return build({name: (one.array(), one.telling()) for name, one in known.items()})

    def same_stream(self, scheme: str, digests: Sequence[str]) -> list[tuple[str, Sha256]]:
        return [
            (digest, sha256)
            for digest in digests
            for sha256, (asset, _) in sorted(self.assets.items())
            for stream in asset.streams
            if (scheme, digest) in stream.digests
        ]

    def known(self, sha256: Sha256) -> KnownAsset | None:
        if sha256 in self.forgotten or sha256 not in self.assets:
            return None
        asset, _ = self.assets[sha256]
        return KnownAsset(
            sha256=sha256, kind=asset.kind, name=asset.name, first_seen="2026-01-02T03:04:05Z"
        )

    def extent(self, schemes: Sequence[str], without: Sha256) -> tuple[int, int]:
        counts = [
            sum(s.scheme in schemes for s in signed.signatures)
            for sha256, (_, signed) in self.assets.items()
            if sha256 != without
        ]
        return sum(counts), sum(count > 0 for count in counts)


@dataclass
class Clip:
    """An asset's pictures at hand, and what is made of them."""

    signed: Signed
    pixels: dict[Fraction, np.ndarray]

    def register(
        self, looks: Sequence[Look], pairs: Sequence[Comparison]
    ) -> list[Confirmed | None]:
        kept = {look.time: look for look in self.signed.looks}
        return [
            confirm(
                query_picture(self.pixels[pair.query], pair.query, kept[pair.query].local),
                looks[pair.look],
            )
            for pair in pairs
        ]

    def motion(self, looks: Sequence[Look], pairs: Sequence[Moving]) -> list[Moved | None]:
        """There is no file to read more of: nothing is known to move."""
        return [Moved(places=0, agree=0, together=0) for _ in pairs]

    def follow(self, looks: Sequence[Look], courses: Sequence[Course]) -> list[Followed | None]:
        """Nor can anything be followed."""
        return [None for _ in courses]
