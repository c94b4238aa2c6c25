"""An index that compares with everything it holds: the protocol, said as plainly as possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from forensics.model import Asset, Hit, KnownAsset, Sha256, Signature
from forensics.signatures.schemes import differing_bits


@dataclass
class ExactIndex:
    assets: dict[Sha256, tuple[Asset, tuple[Signature, ...]]] = field(default_factory=dict)
    forgotten: set[Sha256] = field(default_factory=set)

    def register(self, asset: Asset, signatures: Sequence[Signature]) -> None:
        self.assets[asset.sha256] = (asset, tuple(signatures))

    def nearest(self, scheme: str, codes: Sequence[bytes], radius: int) -> list[Hit]:
        hits = [
            Hit(query=number, asset=sha256, time=s.time, distance=differing_bits(code, s.code))
            for number, code in enumerate(codes)
            for sha256, (_, signatures) in self.assets.items()
            for s in signatures
            if s.scheme == scheme and differing_bits(code, s.code) <= radius
        ]
        return sorted(hits, key=lambda hit: (hit.query, hit.asset, hit.time))

    def same_stream(self, scheme: str, digests: Sequence[str]) -> list[tuple[str, Sha256]]:
        return [
            (digest, sha256)
            for digest in digests
            for sha256, (asset, _) in sorted(self.assets.items())
            for stream in asset.streams
            if (stream.digest, stream.digest_scheme) == (digest, scheme)
        ]

    def known(self, sha256: Sha256) -> KnownAsset | None:
        if sha256 in self.forgotten or sha256 not in self.assets:
            return None
        asset, _ = self.assets[sha256]
        return KnownAsset(
            sha256=sha256, kind=asset.kind, name=asset.name, first_seen="2026-01-02T03:04:05Z"
        )

    def extent(self, schemes: Sequence[str], without: Sha256) -> tuple[int, int]:
        others = [
            signatures for sha256, (_, signatures) in self.assets.items() if sha256 != without
        ]
        counts = [sum(s.scheme in schemes for s in signatures) for signatures in others]
        return sum(counts), sum(count > 0 for count in counts)
