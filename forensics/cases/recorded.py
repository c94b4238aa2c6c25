"""Entries read back into the values that they were made from.

What an entry cannot hold does not come back: of an asset, the tags of its container; of a copy, the pictures
of the best pair; of an exhibit, the file. A personal value comes back as text, and as "(redacted)" where it
was deleted. Keys that a newer program added are passed over; those that an older one did not write are as if
empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from forensics.cases.entries import FOUND
from forensics.cases.fields import (
    REDACTED,
    asset_of,
    listed,
    number,
    number_or_none,
    ratio_or_none,
    reading,
    said,
    sha256_of,
    stated,
    text,
    text_or_none,
    whole,
)
from forensics.codec import recall
from forensics.ledger.note import NoteError, parse_vkey
from forensics.model import (
    Appearance,
    Asset,
    Caveat,
    Claim,
    ClaimVerdict,
    Copy,
    CopySpan,
    Diagnostic,
    Direction,
    Exhibit,
    Failed,
    Finding,
    HumanDecision,
    KnownAsset,
    Measurement,
    MediaKind,
    NotApplicable,
    Note,
    NotRun,
    NumberedClaim,
    Observation,
    Offer,
    Outcome,
    OutsideSearch,
    Pillar,
    Probe,
    Question,
    Ran,
    Recorded,
    RecordedClaimVerdict,
    RecordedOutcome,
    RecordedVerdict,
    Relation,
    Result,
    Searched,
    Seen,
    Sha256,
    Stated,
    Status,
    Stream,
    Strength,
    Verdict,
    questions,
)

Known = Callable[[Sha256], KnownAsset | None]
"""What a ledger knows of an asset: `CopyIndex.known`."""

_QUESTIONS: Mapping[str, Question] = {
    value.id: value for value in vars(questions).values() if isinstance(value, Question)
}


def asset(entry: Recorded) -> Asset:
    """Reads `asset-received`: the asset, without what only its container's tags would tell."""
    with reading(entry):
        data = entry.payload
        container = data.get("container")
        probe = Probe(
            container=str(container),
            streams=recall(data["streams"], tuple[Stream, ...]),
            duration=ratio_or_none(data, "duration"),
        )
        return Asset(
            sha256=asset_of(entry),
            size=whole(data["size"]),
            kind=recall(data["kind"], MediaKind),
            mime=recall(data["mime"], str),
            name=entry.disclosed.get("name", REDACTED),
            probe=None if container is None else probe,
            blake2b=str(data.get("blake2b") or ""),
        )


def appearance(entry: Recorded) -> Appearance:
    """Reads `appearance`."""
    with reading(entry):
        return recall(entry.payload, Appearance)


def claim(entry: Recorded) -> Claim:
    """Reads `claim`, of a case or of older logs."""
    with reading(entry):
        return recall(entry.payload, Claim)


def numbered(entry: Recorded) -> NumberedClaim:
    """Reads `claim` of a case."""
    with reading(entry):
        written = "recorded_by" if "recorded_by" in entry.payload else "by"
        return NumberedClaim(
            number=number(entry.payload["number"]),
            claim=claim(entry),
            stated=stated(entry, written),
        )


def offer(entry: Recorded) -> Offer:
    """Reads `evidence-offered`."""
    with reading(entry):
        data = entry.payload
        return Offer(
            asset=asset_of(entry),
            claims=tuple(number(n) for n in listed(data.get("claims", []))),
            released_at=text_or_none(data, "released_at"),
            url=text_or_none(data, "url"),
            publisher=text_or_none(data, "publisher"),
            stated=stated(entry),
        )


def observation(entry: Recorded) -> Observation | None:
    """Reads `observation`; None where it is of a kind that this version does not know."""
    with reading(entry):
        data = entry.payload
        if data["kind"] not in set(Seen):
            return None
        return Observation(
            asset=asset_of(entry),
            kind=recall(data["kind"], Seen),
            values=recall(data["values"], dict[str, str]),
            time=ratio_or_none(data, "time"),
            words=said(entry, "words"),
            stated=stated(entry),
        )


def note(entry: Recorded) -> Note:
    """Reads `note`."""
    with reading(entry):
        return Note(
            asset=sha256_of(entry),
            pillar=recall(entry.payload["pillar"], Pillar),
            diagnostic=recall(entry.payload["diagnostic"], Diagnostic),
            text=said(entry, "text"),
            reason=said(entry, "reason"),
            stated=stated(entry),
        )


def outside(entry: Recorded) -> OutsideSearch:
    """Reads `outside-search`."""
    with reading(entry):
        data = entry.payload
        return OutsideSearch(
            asset=asset_of(entry),
            engine=recall(data["engine"], str),
            asked_at=recall(data["asked_at"], str),
            found=data["answer"] == FOUND,
            url=text_or_none(data, "url"),
            crop=text_or_none(data, "crop"),
            time=ratio_or_none(data, "time"),
            stated=stated(entry),
        )


def decision(entry: Recorded) -> HumanDecision:
    """Reads `decision`; the key is the one that the entry names, which only a verifier can match."""
    with reading(entry):
        statement = entry.payload["statement"]
        if not isinstance(statement, Mapping):
            raise TypeError("it has no statement")
        try:
            key = parse_vkey(str(entry.payload["vkey"]))
        except NoteError as error:
            raise ValueError(str(error)) from error
        words = statement.get("words")
        return HumanDecision(
            on=whole(statement["entry"]),
            outcome=recall(statement["decision"], str),
            pillars=recall(statement.get("pillars", {}), dict[Pillar, Status]),
            words="" if words is None else text(entry, words),
            category=text_or_none(statement, "category"),
            key=key.short,
            stated=Stated(entry=entry.index, at=entry.at, by=key.name),
        )


def outcome(entry: Recorded) -> RecordedOutcome:
    """Reads `outcome`."""
    with reading(entry):
        data = entry.payload
        findings = tuple(_finding(entry, f) for f in listed(data.get("findings", [])))
        made = Outcome(
            analysis=recall(data["analysis"], str),
            version=whole(data["version"]),
            examines=recall(data.get("examines", []), tuple[Pillar, ...]),
            result=_result(data, findings),
            viewing_aid=data.get("viewing_aid") is True,
            parameters=recall(data.get("parameters", {}), dict[str, str]),
        )
        return RecordedOutcome(entry=entry.index, outcome=made, claim=number_or_none(data, "claim"))


def search(entry: Recorded, known: Known) -> tuple[tuple[Copy, ...], Searched]:
    """Reads `search`: the copies, and what was looked through.

    Args:
        entry: The entry.
        known: What is known of the copies today; a copy may have appeared earlier than was known then.
    """
    with reading(entry):
        data = entry.payload
        copies = tuple(_copy(entry, c, known) for c in listed(data.get("copies", [])))
        return copies, recall(data["searched"], Searched)


def verdict(entry: Recorded) -> RecordedVerdict:
    """Reads `verdict`."""
    with reading(entry):
        return RecordedVerdict(
            entry=entry.index,
            at=entry.at,
            verdict=recall(entry.payload, Verdict),
            claim=number_or_none(entry.payload, "claim_number"),
            **_kept(entry),
        )


def claim_verdict(entry: Recorded) -> RecordedClaimVerdict:
    """Reads `claim-verdict`."""
    with reading(entry):
        made = recall(entry.payload, ClaimVerdict)
        return RecordedClaimVerdict(entry=entry.index, at=entry.at, verdict=made, **_kept(entry))


def _kept(entry: Recorded) -> dict[str, Any]:
    return {
        "supersedes": entry.supersedes,
        "why": recall(entry.payload.get("why", "checked"), str),
        "changes": recall(entry.payload.get("changes", []), tuple[str, ...]),
    }


def _result(data: Mapping[str, Any], findings: tuple[Finding, ...]) -> Result:
    status, why = data["status"], str(data.get("why") or "")
    match status:
        case "ran":
            return Ran(findings=findings)
        case "not-applicable":
            return NotApplicable(why=why)
        case "not-run":
            return NotRun(needs=why)
        case "failed":
            return Failed(error=why)
    raise ValueError(f"an outcome has the status {status!r}")


def _finding(entry: Recorded, data: Mapping[str, Any]) -> Finding:
    """Puts back what an entry keeps elsewhere or leaves out: questions, personal values, paths."""
    asked, strength = data.get("question"), data.get("strength")
    return Finding(
        id=recall(data["id"], str),
        template=recall(data["template"], str),
        measurements=tuple(_measurement(entry, m) for m in listed(data.get("measurements", []))),
        question=None if asked is None else _question(entry, recall(asked, str)),
        direction=Direction(data["direction"]),
        diagnostic=Diagnostic(data["diagnostic"]),
        strength=None if strength is None else recall(strength, Strength),
        exhibits=tuple(
            recall({**e, "path": ""}, Exhibit) for e in listed(data.get("exhibits", []))
        ),
        caveats=recall(data.get("caveats", []), tuple[Caveat, ...]),
    )


def _question(entry: Recorded, name: str) -> Question:
    """Returns a question by its id; one of a plugin, or of another version, without its propositions."""
    examined = recall(entry.payload.get("examines", []), tuple[Pillar, ...])
    pillar = examined[0] if examined else Pillar.INTEGRITY
    return _QUESTIONS.get(name) or Question(id=name, pillar=pillar, h1="", h2="")


def _measurement(entry: Recorded, data: Mapping[str, Any]) -> Measurement:
    value = data["value"]
    if isinstance(value, Mapping):
        return recall({**data, "value": text(entry, value), "personal": True}, Measurement)
    return recall(data, Measurement)


def _copy(entry: Recorded, data: Mapping[str, Any], known: Known) -> Copy:
    sha256 = Sha256(recall(data["asset"], str))
    distance, frames = data.get("distance"), data.get("frames")
    return Copy(
        relation=Relation(data["relation"]),
        asset=known(sha256) or _forgotten(sha256, entry),
        spans=recall(data["spans"], tuple[CopySpan, ...]),
        transform=recall(data["transform"], str),
        distance=None if distance is None else whole(distance),
        pairs=whole(data["pairs"]),
        scheme=recall(data["scheme"], str),
        tiles=whole(data.get("tiles", 0)),
        agree=whole(data.get("agree", 0)),
        frames=None if frames is None else recall(frames, tuple[Fraction, Fraction]),
        more=recall(data.get("more", []), tuple[tuple[Fraction, Fraction], ...]),
        placement=recall(data.get("placement", []), tuple[Fraction, ...]),
        part=whole(data.get("part", 1000)),
    )


def _forgotten(sha256: Sha256, entry: Recorded) -> KnownAsset:
    """Stands for a copy of which nothing is known any more: a list or log of others was replaced.

    Of its kind nothing is recorded; that it was known when the search was made, the entry tells.
    """
    name = "(no longer on record)"
    return KnownAsset(sha256=sha256, kind=MediaKind.VIDEO, name=name, first_seen=entry.at)
