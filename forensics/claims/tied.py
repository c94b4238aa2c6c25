"""What ties two assets of a case together: pictures, sound, device, traces, publisher."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from forensics.claims.timeline import findings
from forensics.model import CaseAsset, Relation, StreamType

REDACTED: Final = "(redacted)"
"""What stands for a value that was deleted: two of them are not the same."""

_TRACES: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    ("metadata", "device-stated"): frozenset({"make", "model", "lens"}),
    ("metadata", "software-stated"): frozenset({"software"}),
    ("container-structure", "encoder-named"): frozenset({"encoder-text"}),
    ("container-structure", "encoder-note"): frozenset({"encoder-text"}),
    ("container-structure", "writer-named"): frozenset({"writer"}),
    ("processing-history", "program-named"): frozenset({"program"}),
    ("processing-history", "program-mark"): frozenset({"program"}),
    ("consistency", "tables-of-a-program"): frozenset({"tables"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """What two assets share.

    Attributes:
        pictures: They show the same pictures: one is a copy of the other, or both of a third.
        sound: They carry the same sound.
        scene: Pictures alike that may be two recordings of one scene.
        serial: They state one serial number of a device.
        traces: Names of devices, programs and encoders that both bear, in order.
        publisher: Both were offered by it; empty: not known to be one.
        why_open: What keeps it from being told whether they share anything; empty: nothing does.
    """

    pictures: bool
    sound: bool
    scene: bool
    serial: bool
    traces: tuple[str, ...]
    publisher: str
    why_open: str

    @property
    def independent(self) -> bool:
        """Whether nothing ties them, as far as was looked."""
        tied = self.pictures or self.sound or self.scene or self.serial or self.publisher
        return not tied and not self.why_open


def tie(one: CaseAsset, other: CaseAsset) -> Tie:
    """Returns what two assets share; which of them is the first does not matter."""
    relations = {*_relations(one, other), *_relations(other, one)}
    coded = _coded(one) & _coded(other)
    both = _publishers(one) & _publishers(other)
    pictures = bool(relations & {Relation.COPY, Relation.SAME_STREAM}) or bool(
        {kind for kind, *_ in coded} & {StreamType.VIDEO, StreamType.IMAGE}
    )
    return Tie(
        pictures=pictures,
        sound=Relation.SAME_SOUND in relations or StreamType.AUDIO in {k for k, *_ in coded},
        scene=Relation.SAME_SCENE in relations,
        serial=bool(_serials(one) & _serials(other)),
        traces=tuple(sorted(_traces(one) & _traces(other))),
        publisher=min(both, default=""),
        why_open=_why_open(one, other),
    )


def _relations(one: CaseAsset, other: CaseAsset) -> Iterator[Relation]:
    for copy in one.copies:
        if copy.asset.sha256 == other.asset.sha256:
            yield copy.relation


def _coded(asset: CaseAsset) -> set[tuple[StreamType, str, str]]:
    return {
        (stream.type, scheme, digest)
        for stream in asset.asset.streams
        if stream.packets != 0
        for scheme, digest in stream.digests
    }


def _serials(asset: CaseAsset) -> set[str]:
    return {
        str(m.value)
        for f in findings(asset, "metadata", "device-stated")
        for m in f.measurements
        if m.key == "serial" and m.value != REDACTED
    }


def _traces(asset: CaseAsset) -> set[str]:
    return {
        str(m.value)
        for (analysis, id), keys in _TRACES.items()  # noqa: A001 - the model's word
        for f in findings(asset, analysis, id)
        for m in f.measurements
        if m.key in keys and m.value != REDACTED
    }


def _publishers(asset: CaseAsset) -> set[str]:
    return {
        offer.publisher.strip().casefold()
        for offer in asset.offers
        if offer.publisher and offer.publisher != REDACTED
    }


def _why_open(one: CaseAsset, other: CaseAsset) -> str:
    if one.searched is None and other.searched is None:
        return "search"
    if not _publishers(one) or not _publishers(other):
        return "publisher"
    return ""
