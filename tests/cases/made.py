"""Drafts as entries that are read back, without a ledger; and values of a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from hashlib import sha256

from forensics.ledger.entry import Entry, commitment, entry_bytes, read_entry
from forensics.ledger.merkle import leaf_hash
from forensics.model import (
    Appearance,
    Asset,
    Claim,
    Count,
    Draft,
    KnownAsset,
    MediaKind,
    Place,
    Probe,
    Recorded,
    Sha256,
    Stream,
    StreamType,
    Tool,
)

AT = "2025-12-31T10:00:00Z"
TOOL = Tool(name="forensics", version="1.0.0", decoder="FFmpeg 9", libraries={"av": "18.1"})
CLAIM = Claim(
    statement="On the night of 29 December 2025, 91 drones attacked a residence near Valdai.",
    by="Ministry",
    first_said_at="2025-12-29T18:00:00Z",
    event_from="2025-12-28T18:00:00Z",
    event_to="2025-12-29T06:00:00Z",
    event_zone="Europe/Moscow",
    place=Place(name="Valdai", lat="57.98", lon="33.25", radius_km="60"),
    counts=(Count(what="drones", number=91),),
)


def digest(number: int) -> Sha256:
    return Sha256(sha256(b"asset %d" % number).hexdigest())


def asset(number: int) -> Asset:
    stream = Stream(index=0, type=StreamType.VIDEO, codec="h264", width=640, height=360)
    return Asset(
        sha256=digest(number),
        size=1000 + number,
        kind=MediaKind.VIDEO,
        mime="video/mp4",
        name=f"видео {number}.mp4",
        probe=Probe(container="mov,mp4", streams=(stream,), duration=Fraction(7, 2)),
        blake2b="ab" * 64,
    )


def known(sha: Sha256) -> KnownAsset | None:
    """A ledger that received asset 0 to 9."""
    for number in range(10):
        if digest(number) == sha:
            received = Appearance(what="received", at=AT, by="desk.example/case")
            return KnownAsset(
                sha256=sha,
                kind=MediaKind.VIDEO,
                name=f"видео {number}.mp4",
                first_seen=AT,
                appearances=(received,),
            )
    return None


def entry(index: int, draft: Draft, *, without: Iterable[str] = (), at: str = AT) -> Recorded:
    """The entry that a ledger would make of a draft, read back; the values `without` were deleted."""
    salt = b"\x07" * 32
    body = entry_bytes(
        Entry(
            type=draft.type,
            at=at,
            actor="desk.example/case+0123abcd",
            subject=draft.subject,
            payload=draft.payload,
            commitments={key: commitment(salt, value) for key, value in draft.personal.items()},
            supersedes=draft.supersedes,
        )
    )
    read = read_entry(body)
    gone = set(without)
    return Recorded(
        index=index,
        type=read.type,
        at=read.at,
        subject=read.subject,
        payload=read.payload,
        disclosed={k: v for k, v in draft.personal.items() if k not in gone},
        leaf=leaf_hash(body).hex(),
        supersedes=read.supersedes,
    )


def log(drafts: Sequence[Draft], start: int = 1) -> list[Recorded]:
    return [entry(index, draft) for index, draft in enumerate(drafts, start)]
