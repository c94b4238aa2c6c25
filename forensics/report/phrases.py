"""The fixed phrases of a verdict, by what they stand for."""

from __future__ import annotations

from collections.abc import Mapping

from forensics.language import noted, say
from forensics.model import (
    IntegrityPhrase,
    MediaKind,
    Pillar,
    Relation,
    Status,
    StreamType,
    Verifiability,
)

HEADLINES: Mapping[Verifiability, str] = {
    Verifiability.CONTRADICTED: noted("Contradicted"),
    Verifiability.NOT_VERIFIABLE: noted("Not verifiable from this material"),
    Verifiability.PARTLY_CORROBORATED: noted("Partly corroborated"),
    Verifiability.CORROBORATED: noted("Corroborated"),
}

STATUSES: Mapping[Status, str] = {
    Status.CORROBORATED: noted("corroborated"),
    Status.CONSISTENT: noted("consistent"),
    Status.UNDETERMINED: noted("undetermined"),
    Status.CONTRADICTED: noted("contradicted"),
    Status.NOT_EXAMINED: noted("not examined"),
}

INTEGRITY: Mapping[IntegrityPhrase, str] = {
    IntegrityPhrase.CONSISTENT: noted("consistent with an original"),
    IntegrityPhrase.INCONSISTENT: noted("inconsistent with an original"),
    IntegrityPhrase.INCONCLUSIVE: noted("inconclusive"),
}

PILLARS: Mapping[Pillar, str] = {
    Pillar.PROVENANCE: noted("provenance"),
    Pillar.SOURCE: noted("source"),
    Pillar.DATE: noted("date"),
    Pillar.LOCATION: noted("location"),
    Pillar.MOTIVATION: noted("motivation"),
    Pillar.INTEGRITY: noted("integrity"),
}

OUTCOMES: Mapping[str, str] = {
    "ran": noted("ran"),
    "not-applicable": noted("not applicable"),
    "not-run": noted("not run"),
    "failed": noted("failed"),
}

RELATIONS: Mapping[Relation, str] = {
    Relation.COPY: noted("the same pictures"),
    Relation.SAME_SCENE: noted("the same scene, perhaps another recording"),
    Relation.SAME_SOUND: noted("the same sound"),
    Relation.SAME_STREAM: noted("the same coded stream, bit for bit, in another file"),
}

KINDS: Mapping[MediaKind, str] = {
    MediaKind.IMAGE: noted("picture"),
    MediaKind.VIDEO: noted("video"),
    MediaKind.AUDIO: noted("sound"),
    MediaKind.DOCUMENT: noted("document"),
    MediaKind.DRAWING: noted("drawing"),
    MediaKind.GEODATA: noted("places as data"),
}

STREAMS: Mapping[StreamType, str] = {
    StreamType.VIDEO: noted("video"),
    StreamType.AUDIO: noted("audio"),
    StreamType.IMAGE: noted("image"),
}


def headline(value: Verifiability) -> str:
    """Returns the headline of a verdict."""
    return say(HEADLINES[value])


def status(value: Status) -> str:
    """Returns what can be said about a pillar, in a word or two."""
    return say(STATUSES[value])


def integrity(value: IntegrityPhrase) -> str:
    """Returns what can be said about a file itself."""
    return say(INTEGRITY[value])


def pillar(value: Pillar) -> str:
    """Returns the name of a pillar."""
    return say(PILLARS[value])


def outcome(value: str) -> str:
    """Returns what became of an analysis, in a word or two."""
    return say(OUTCOMES[value])


def relation(value: Relation) -> str:
    """Returns what two assets share."""
    return say(RELATIONS[value])


def kind(value: MediaKind) -> str:
    """Returns what kind of asset it is."""
    return say(KINDS[value])


def stream_kind(value: StreamType) -> str:
    """Returns what a stream carries."""
    return say(STREAMS[value]) if value in STREAMS else value.value
