"""What a bundle proves to somebody who holds nothing of ours but a key, a policy or a root certificate.

Everything in it is recomputed: the tree from the bodies, each checkpoint against it, the proof since an
earlier bundle, cosignatures, time-stamp tokens, disclosed values, originals. A result names what the log
seals and what only the manifest lists, and which entries the owner could have written anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import BinaryIO

from forensics.errors import LedgerBroken, LedgerError, MissingCapability
from forensics.ledger import bundle as names
from forensics.ledger.bundle import Bundle, BundleError, open_bundle
from forensics.ledger.entry import commitment, read_entry
from forensics.ledger.merkle import verify_consistency
from forensics.ledger.note import Verifier, parse_checkpoint, parse_note, parse_vkey
from forensics.ledger.opentimestamps import StampError, read_stamp
from forensics.ledger.policy import Finding, Policy, evaluate
from forensics.ledger.timestamps import Chain, TimestampError, read_roots, verify_token
from forensics.ledger.verify import Grade, Stored, verify_log
from forensics.ledger.witness import parse_request


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A token or a stamp over a checkpoint.

    Attributes:
        size: Of the checkpoint.
        name: The file in the bundle.
        at: Time by which the checkpoint existed, RFC 3339; None: not verified.
        said: What it comes to, one sentence.
    """

    size: int
    name: str
    at: str | None
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What was verified of a bundle, and what was not.

    Attributes:
        grade: The highest that was reached.
        origin: The log's name, by its checkpoint; "" where none could be read.
        size: How many entries the bundle's checkpoint signs.
        root: Root over them; b"" where none could be read.
        bodies: How many of them are here with their body.
        key: Short form of the key that the checkpoints were verified with.
        pinned: The verifier gave that key.
        witnessed: Size of the largest checkpoint that the policy accepts as witnessed; 0 if there is none.
        finding: What the policy says of it, or of the largest one where none is accepted.
        times: Tokens and stamps.
        held: Size of the largest checkpoint that the verifier held before, and that agrees; or 0.
        since: Size of the earlier bundle that this one continues; None if it says nothing of one.
        sealed: Files whose content the log proves.
        unsealed: Files that only the manifest lists: whoever passed the bundle on could have changed them.
        problem: What is wrong first, one sentence; None unless broken.
        first_bad: First bad entry, where one is known.
        remarks: What an auditor may want to look at.
    """

    grade: Grade
    origin: str = ""
    size: int = 0
    root: bytes = b""
    bodies: int = 0
    key: str | None = None
    pinned: bool = False
    witnessed: int = 0
    finding: Finding | None = None
    times: tuple[Timed, ...] = ()
    held: int = 0
    since: int | None = None
    sealed: tuple[str, ...] = ()
    unsealed: tuple[str, ...] = ()
    problem: str | None = None
    first_bad: int | None = None
    remarks: tuple[str, ...] = ()

    @property
    def stamped(self) -> Timed | None:
        """The token over the largest checkpoint whose time was verified, if any."""
        proven = [timed for timed in self.times if timed.at is not None]
        return max(proven, key=lambda timed: timed.size, default=None)

    @property
    def accepted(self) -> bool:
        """Whether nothing contradicts the bundle, and the policy, if one was given, accepts a checkpoint."""
        return self.problem is None and (self.finding is None or self.finding.met)

    @property
    def open_to_change(self) -> tuple[int, int] | None:
        """First and last entry for which the owner alone vouches; None if there is none."""
        stamped = self.stamped.size if self.stamped else 0
        first = max(self.witnessed, self.held, stamped)
        return (first, self.size - 1) if first < self.size else None


@dataclass(slots=True)
class _Found:
    """What is gathered in one pass over the entries."""

    bodies: int = 0
    assets: set[str] = field(default_factory=set)
    unread: list[int] = field(default_factory=list)


def audit(
    file: BinaryIO,
    *,
    policy: Policy | None = None,
    vkey: str | None = None,
    roots_pem: bytes | None = None,
    held: tuple[str, ...] = (),
) -> Audit:
    """Verifies a bundle; needs no ledger, no network and no configuration.

    Args:
        file: The bundle; must be seekable.
        policy: Which logs and witnesses the verifier knows.
        vkey: The log's key, as the verifier was told it. None: the policy's key of the log, or none.
        roots_pem: Certificates of time-stamping authorities that are trusted, PEM.
        held: Checkpoints of this log that the verifier held before.

    Raises:
        NoteError: The key or a held checkpoint is not one at all.
        TimestampError: The root certificates are none.
    """
    pinned = None if vkey is None else parse_vkey(vkey)
    if roots_pem is not None:
        read_roots(roots_pem)
    sizes = [parse_checkpoint(parse_note(text).text).size for text in held]
    try:
        bundle = open_bundle(file)
        head = parse_checkpoint(parse_note(bundle.note(bundle.size)).text)
    except LedgerBroken as error:
        return Audit(
            grade=Grade.BROKEN, problem=str(error), first_bad=getattr(error, "entry", None)
        )
    if pinned is None and policy is not None:
        pinned = next((log for log in policy.logs if log.name == head.origin), None)
    known = {"origin": head.origin, "size": head.size, "root": head.root}
    try:
        return _audit(bundle, policy, pinned, roots_pem, held, max(sizes, default=0))
    except LedgerError as error:
        entry = getattr(error, "entry", None)
        return Audit(grade=Grade.BROKEN, problem=str(error), first_bad=entry, **known)  # type: ignore[arg-type]


def _audit(
    bundle: Bundle,
    policy: Policy | None,
    pinned: Verifier | None,
    roots_pem: bytes | None,
    held: tuple[str, ...],
    held_size: int,
) -> Audit:
    disclosed = _committed(bundle)
    found = _Found()
    earlier = bundle.since()
    others = [bundle.note(size) for size in bundle.sizes[:-1]]
    log = verify_log(
        _gather(bundle, disclosed, found),
        pinned=pinned,
        held=[*held, *others, *([earlier[0]] if earlier else [])],
        head=bundle.note(bundle.size),
    )
    if log.problems:
        raise BundleError(log.problems[0].what, log.problems[0].entry)
    if found.unread:
        raise BundleError(f"entry {found.unread[0]} cannot be read", found.unread[0])
    if disclosed:
        entry, key = min(disclosed)
        raise BundleError(f"the value disclosed as {key!r} belongs to no commitment", entry)
    since = _check_since(bundle, earlier) if earlier else None
    finding, witnessed = _witnesses(bundle, policy)
    times = tuple(_times(bundle, roots_pem))
    sealed, unsealed = _seals(bundle, found)
    signed = log.pinned
    grade = Grade.SIGNED if signed else Grade.INTEGRITY_ONLY
    if signed and witnessed:
        grade = Grade.WITNESSED
    if signed and any(timed.at for timed in times):
        grade = Grade.TIMESTAMPED
    return Audit(
        grade=grade,
        origin=log.origin,
        size=log.size,
        root=log.root,
        bodies=found.bodies,
        key=log.key,
        pinned=log.pinned,
        witnessed=witnessed,
        finding=finding,
        times=times,
        held=held_size,
        since=since,
        sealed=sealed,
        unsealed=unsealed,
        remarks=(*log.remarks, *_cosigned_by_unknown(bundle, policy), *_key_remark(bundle)),
    )


def _committed(bundle: Bundle) -> dict[tuple[int, str], str]:
    """Returns the commitment that each disclosed value gives, by entry and key."""
    given: dict[tuple[int, str], str] = {}
    for one in bundle.disclosures():
        place = (one.entry, one.key)
        if place in given:
            raise BundleError(f"the value {one.key!r} is disclosed twice", one.entry)
        given[place] = commitment(one.salt, one.value)
    return given


def _gather(
    bundle: Bundle, disclosed: dict[tuple[int, str], str], found: _Found
) -> Iterator[Stored]:
    """Passes the entries on, and reads each on the way; takes out of `disclosed` what agrees."""
    for index, body, leaf in bundle.entries():
        if body is not None:
            found.bodies += 1
            try:
                entry = read_entry(body)
            except LedgerError:
                found.unread.append(index)  # named only if the log itself holds
            else:
                if entry.subject and entry.subject.startswith("sha256:"):
                    found.assets.add(entry.subject.removeprefix("sha256:"))
                for key, expected in entry.commitments.items():
                    given = disclosed.pop((index, key), expected)
                    if given != expected:
                        raise BundleError(
                            f"the value disclosed as {key!r} is not the one that entry {index} commits "
                            f"to: expected {expected}, found {given}",
                            index,
                        )
        yield index, body, leaf


def _check_since(bundle: Bundle, earlier: tuple[str, str]) -> int:
    """Checks the proof that this bundle continues an earlier one; returns the size of that."""
    request = parse_request(earlier[1].encode())
    old = parse_checkpoint(parse_note(earlier[0]).text)
    head = parse_checkpoint(parse_note(bundle.note(bundle.size)).text)
    if request.old != old.size or not request.checkpoint.startswith(head.text):
        raise BundleError(f"{names.SINCE_PROOF} is not for the checkpoints beside it")
    verify_consistency(old.size, head.size, request.proof, old.root, head.root)
    return old.size


def _witnesses(bundle: Bundle, policy: Policy | None) -> tuple[Finding | None, int]:
    """Returns what the policy says of the largest checkpoint that it accepts, or else of the bundle's own."""
    if policy is None:
        return None, 0
    first = None
    for size in reversed(bundle.sizes):
        finding = evaluate(policy, parse_note(bundle.cosigned(size)))
        if finding.met and finding.cosigned:
            return finding, size
        first = first or finding
    return first, 0


def _cosigned_by_unknown(bundle: Bundle, policy: Policy | None) -> Iterator[str]:
    for size in bundle.sizes:
        lines = len(parse_note(bundle.cosigned(size)).signatures)
        lines -= len(parse_note(bundle.note(size)).signatures)
        if policy is None and lines:
            yield (
                f"The checkpoint of {size} entries carries {lines} lines of others, which were not "
                "verified: no policy with the keys of witnesses was given."
            )


def _key_remark(bundle: Bundle) -> Iterator[str]:
    if names.POLICY in bundle.names:
        yield f"{names.POLICY} is the owner's suggestion and was not used; a policy is yours to choose."


def _times(bundle: Bundle, roots_pem: bytes | None) -> Iterator[Timed]:
    for size in bundle.sizes:
        note = bundle.note(size).encode()
        for name, token in bundle.attached(size, ".tsr"):
            yield _token(size, name, token, note, roots_pem)
        for name, data in bundle.attached(size, ".ots"):
            try:
                stamp = read_stamp(data)
            except StampError as error:
                raise BundleError(f"{name} is no OpenTimestamps proof: {error}") from error
            if stamp.algorithm == "sha256" and stamp.digest != sha256(note).digest():
                raise BundleError(f"{name} is over other bytes than the checkpoint beside it")
            yield Timed(size=size, name=name, at=None, said=f"OpenTimestamps: {stamp.state}")


def _token(size: int, name: str, token: bytes, note: bytes, roots_pem: bytes | None) -> Timed:
    try:
        stamped = verify_token(token, note, roots_pem)
    except MissingCapability as error:
        return Timed(size=size, name=name, at=None, said=f"token present, not verified: {error}")
    except TimestampError as error:
        raise BundleError(f"{name} is no time-stamp token: {error}") from error
    if not stamped.imprint:
        raise BundleError(f"{name} is over other bytes than the checkpoint beside it")
    if stamped.holds:
        return Timed(
            size=size, name=name, at=stamped.gen_time, said=f"{stamped.gen_time} by {stamped.tsa}"
        )
    why = (
        "no root certificate was given"
        if stamped.chain is Chain.NO_ROOT
        else f"its signature does not lead to the root that was given ({stamped.why})"
    )
    said = f"states {stamped.gen_time} by {stamped.tsa}; not verified: {why}"
    return Timed(size=size, name=name, at=None, said=said)


def _seals(bundle: Bundle, found: _Found) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tells the files that the log proves from those that only the manifest lists."""
    sealed = {names.ENTRIES, names.LEAVES, names.DISCLOSURES, names.SINCE_NOTE, names.SINCE_PROOF}
    sealed = {name for name in sealed if name in bundle.names}
    sealed |= {f"{names.CHECKPOINTS}{size}/{names.NOTE}" for size in bundle.sizes}
    for digest in bundle.evidence():
        name = names.EVIDENCE + digest
        if bundle.bag.digests[name] != digest:
            raise BundleError(
                f"{name} does not have the bytes it is named after: found {bundle.bag.digests[name]}"
            )
        if digest in found.assets:
            sealed.add(name)
    return tuple(sorted(sealed)), tuple(sorted(bundle.names - sealed))
