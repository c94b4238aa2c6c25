"""A ledger held against all that an auditor may have: a policy, bundles, checkpoints, the originals."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from db import attachments, proving
from db.attachments import COSIGNATURE
from db.head import last_note
from db.held import Left, verify_against
from db.originals import Originals, look_through
from db.place import Place
from db.reading import Reader
from db.rotation import shown_keys
from forensics.ledger.keychain import KeyRange
from forensics.ledger.note import NoteError, parse_note, parse_vkey
from forensics.ledger.policy import Finding, Policy, evaluate, with_chain
from forensics.ledger.verify import Grade, Part, Problem, Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was found of a ledger.

    Attributes:
        found: Of the log and what lies beside it.
        policy: A policy was given.
        finding: What it says of the largest checkpoint that it accepts as witnessed, or else of the last one.
        witnessed: Size of the largest checkpoint that it accepts as witnessed; 0 if there is none.
        originals: What lies in the evidence store; None if it was not looked at.
    """

    found: Verification
    policy: bool = False
    finding: Finding | None = None
    witnessed: int = 0
    originals: Originals | None = None

    @property
    def accepted(self) -> bool:
        """Whether nothing is broken, the policy is met, and the originals are as recorded."""
        return (
            not self.found.problems
            and (not self.policy or (self.finding is not None and self.finding.met))
            and (self.originals is None or self.originals.as_recorded)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What a policy says of a ledger's checkpoints."""

    vkey: str | None = None
    finding: Finding | None = None
    witnessed: int = 0
    note: str | None = None
    trouble: str | None = None


def judge(
    place: Place,
    *,
    vkey: str | None = None,
    notes: list[str] | None = None,
    bundles: list[Left] | None = None,
    roots_pem: bytes | None = None,
    policy: Policy | None = None,
    originals: bool = False,
) -> Judged:
    """Verifies a ledger with all that is in hand; a checkpoint that enough witnesses saw is held elsewhere.

    Args:
        place: The ledger.
        vkey: Its key, as the verifier was told it. None: the policy's key of this log, if it names one.
        notes: Checkpoints that were kept elsewhere.
        bundles: Bundles that were kept elsewhere.
        roots_pem: Certificates of time-stamping authorities that are trusted, PEM.
        policy: Which logs and witnesses the verifier knows.
        originals: Hash every original that is kept beside the ledger as well.

    Raises:
        LedgerError: There is no ledger that could be read.
        NoteError: The key or a checkpoint is not one at all.
    """
    seen = _Seen() if policy is None else _by_policy(place, policy)
    found = verify_against(
        place,
        vkey=vkey or seen.vkey,
        notes=[*(notes or []), *([seen.note] if seen.note else [])],
        bundles=bundles or [],
        roots_pem=roots_pem,
    )
    if seen.trouble and not found.problems:
        problem = Problem(part=Part.ATTACHMENT, entry=None, what=seen.trouble)
        found = replace(found, grade=Grade.BROKEN, problems=(problem,))
    if found.grade is Grade.SIGNED and seen.witnessed:
        found = replace(found, grade=Grade.WITNESSED)
    return Judged(
        found=found,
        policy=policy is not None,
        finding=seen.finding,
        witnessed=seen.witnessed,
        originals=look_through(place) if originals else None,
    )


def _by_policy(place: Place, policy: Policy) -> _Seen:
    with Reader.open(place) as reader, reader.snapshot() as connection:
        known = [log.vkey for log in policy.logs if log.name == reader.origin]
        vkey = known[0] if known else None
        try:
            # By the file's word until it is verified: then, and only then, the result counts.
            chain = [
                KeyRange(verifier=parse_vkey(key.vkey), first=key.first)
                for key in shown_keys(reader)
            ]
            vkey = next((key.verifier.vkey for key in chain if key.verifier.vkey in known), vkey)
            return replace(_witnessed(connection, with_chain(policy, chain)), vkey=vkey)
        except (NoteError, UnicodeError) as error:
            return _Seen(vkey=vkey, trouble=f"a cosigned checkpoint does not hold: {error}")


def _witnessed(connection: Connection, policy: Policy) -> _Seen:
    last = last_note(connection)
    if last is None:
        return _Seen()
    first = None
    for size in sorted({last[0], *attachments.sizes(connection, COSIGNATURE)}, reverse=True):
        if size > last[0]:
            continue  # a cosignature of entries that are not here; `verify` names it
        note = proving.checkpoint(connection, size)
        finding = evaluate(policy, parse_note(note))
        if finding.met and finding.cosigned:
            return _Seen(finding=finding, witnessed=size, note=note)
        first = first or finding
    return _Seen(finding=first)
