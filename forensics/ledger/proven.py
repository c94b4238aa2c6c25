"""What a single proof file proves to somebody who holds nothing of ours but a policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from forensics.errors import LedgerBroken, LedgerError, UsageError
from forensics.ledger.entry import Entry, read_entry
from forensics.ledger.note import parse_checkpoint, parse_note
from forensics.ledger.policy import Finding, Policy, evaluate
from forensics.ledger.proof import Proof, check_proof, parse_proof
from forensics.ledger.verify import Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What was verified of a proof, and what was not.

    Attributes:
        grade: `BROKEN`, `INTEGRITY_ONLY`, `SIGNED` or `WITNESSED`.
        index: Place of the entry, as the proof states it.
        size: How many entries the checkpoint signs.
        root: Root that it states.
        origin: Name of the log that it states.
        finding: What the policy says of the checkpoint; None where none was given, or the proof is broken.
        body: The bytes that were proven to stand at the index.
        entry: What they say; None where they are no entry of a ledger of ours.
        problem: Why it is broken, one sentence; None where it is not.
        others: Short forms of the keys of this log's name that signed, where others of that name were given.
    """

    grade: Grade
    index: int
    size: int
    root: bytes
    origin: str
    finding: Finding | None
    body: bytes
    entry: Entry | None
    problem: str | None = None
    others: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether nothing contradicts the proof and the policy, if one was given, accepts its checkpoint."""
        return self.problem is None and (self.finding is None or self.finding.met)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The result in words, for a person."""
        return tuple(_sentences(self))


def verify_proof(data: bytes, *, policy: Policy | None = None, body: bytes | None = None) -> Proven:
    """Verifies a proof file.

    Args:
        data: The file.
        policy: Which logs and witnesses the verifier knows. None: no signature can be verified.
        body: The entry, where the verifier has it from elsewhere. None: the one in the proof is used.

    Raises:
        NoteError: The file is not a proof at all.
        UsageError: There is no entry to be proven.
    """
    proof = parse_proof(data)
    body = proof.extra if body is None else body
    if body is None:
        raise UsageError(
            "the proof does not carry the entry that it is for",
            hint="Give the entry's exact bytes with --entry (`forensics ledger show N --raw`).",
        )
    problem, finding = None, None
    try:
        check_proof(proof, body)
        finding = None if policy is None else evaluate(policy, parse_note(proof.checkpoint))
    except LedgerBroken as error:
        problem = str(error)
    return replace(_proven(proof, body, finding, problem), others=_others(proof, policy))


def _others(proof: Proof, policy: Policy | None) -> tuple[str, ...]:
    note = parse_note(proof.checkpoint)
    origin = parse_checkpoint(note.text).origin
    known = [log.key_id for log in policy.logs if log.name == origin] if policy else []
    mine = [s for s in note.signatures if s.name == origin]
    if not known or any(line.key_id in known for line in mine):
        return ()
    return tuple(f"{line.name}+{line.key_id.hex()}" for line in mine)


def _proven(proof: Proof, body: bytes, finding: Finding | None, problem: str | None) -> Proven:
    checkpoint = parse_checkpoint(parse_note(proof.checkpoint).text)
    if problem is not None:
        grade = Grade.BROKEN
    elif finding is None or finding.log is None:
        grade = Grade.INTEGRITY_ONLY
    elif finding.quorum and finding.cosigned:
        grade = Grade.WITNESSED
    else:
        grade = Grade.SIGNED
    try:
        entry = read_entry(body)
    except LedgerError:
        entry = None
    return Proven(
        grade=grade,
        index=proof.index,
        size=checkpoint.size,
        root=checkpoint.root,
        origin=checkpoint.origin,
        finding=finding,
        body=body,
        entry=entry,
        problem=problem,
    )


def _sentences(proven: Proven) -> Iterator[str]:
    if proven.problem is not None:
        yield f"Broken, for entry {proven.index}: {proven.problem}."
        return
    yield (
        f"Entry {proven.index} stands in the tree of {proven.size} entries that the checkpoint of "
        f"{proven.origin} states."
    )
    finding = proven.finding
    if finding is None or finding.log is None:
        yield _unknown(proven)
    else:
        yield f"The checkpoint is signed by {finding.log.short}, which the policy accepts."
    if finding is not None:
        yield from _witnesses(finding)
    if finding is None or not finding.cosigned:
        yield (
            "No witness whose key you gave stands for the checkpoint: the log's owner could have shown "
            "others another log."
        )
    if proven.entry is None:
        yield "The proven bytes are not an entry of a ledger of this program; they are proven as they are."
    yield "The proof says nothing of other entries, nor whether what the entry says is true."


def _unknown(proven: Proven) -> str:
    """Says what it means that no key was given that signed the checkpoint."""
    if proven.others:
        return (
            f"It is signed with {' and '.join(proven.others)}, which is none of the keys that you gave for "
            f"this log. The log may have changed its key since you were told one; a proof does not show "
            "that, and a bundle of the log does: verify one with the key that you have. Until then the "
            "checkpoint may have been made by anybody, with the entry."
        )
    given = (
        "No key was given" if proven.finding is None else "None of the logs in the policy signed it"
    )
    return (
        f"{given}: the checkpoint may have been made by anybody, with the entry. "
        "Verify with the log's key, as its owner told it to you by other means."
    )


def _witnesses(finding: Finding) -> Iterator[str]:
    if not finding.asked:
        yield "The policy asks for no witness."
        return
    who = ", ".join(f"{name} ({made.at})" for name, made in finding.cosigned.items())
    yield f"Cosigned by {finding.count} witnesses{': ' + who if who else ''}."
    reached = "reached" if finding.quorum else "not reached"
    yield f"The policy asks for {finding.rule}: {reached}."
