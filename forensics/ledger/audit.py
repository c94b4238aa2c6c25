"""What a bundle proves to somebody who holds nothing of ours but a key, a policy or a root certificate.

Everything in it is recomputed: the tree from the bodies, each checkpoint against it, the proof since an
earlier bundle, cosignatures, time-stamp tokens, disclosed values, originals. A result names what the log
seals and what only the manifest lists, and which entries the owner could have written anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import BinaryIO

from forensics.errors import LedgerBroken, LedgerError, MissingCapability, UsageError
from forensics.ledger import bundle as names
from forensics.ledger.acts import (
    Earlier,
    Frames,
    check_against,
    check_named,
    concerns,
    decided_words,
    own_decision,
)
from forensics.ledger.bundle import Bundle, BundleError, open_bundle
from forensics.ledger.decision import Decided
from forensics.ledger.entry import CHECKPOINT, commitment, read_entry
from forensics.ledger.keychain import KeyRange
from forensics.ledger.merkle import leaf_hash, verify_consistency
from forensics.ledger.note import Checkpoint, Verifier, parse_checkpoint, parse_note, parse_vkey
from forensics.ledger.opentimestamps import StampError, read_stamp
from forensics.ledger.policy import Finding, Policy, evaluate, with_chain, with_key
from forensics.ledger.timestamps import Chain, TimestampError, read_roots, verify_token
from forensics.ledger.verify import Grade, Stored, Verification, read_held, verify_log
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
        decided: Decisions of people that hold, each under the key that its entry names.
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
    decided: tuple[Decided, ...] = ()
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
    first_bad: tuple[int, str] | None = None
    frames: Frames = field(default_factory=Frames)
    speaking: dict[int, list[int]] = field(default_factory=dict)
    """Entries that speak of earlier ones, and of which."""

    def wrong(self, index: int, what: str) -> None:
        """Keeps the first entry that breaks a rule: it is named only if the log itself holds."""
        if self.first_bad is None or index < self.first_bad[0]:
            self.first_bad = (index, what)


def audit(
    file: BinaryIO,
    *,
    policy: Policy | None = None,
    vkey: str | None = None,
    roots_pem: bytes | None = None,
    held: tuple[str, ...] = (),
    deciders: tuple[Verifier, ...] = (),
) -> Audit:
    """Verifies a bundle; needs no ledger, no network and no configuration.

    Args:
        file: The bundle; must be seekable.
        policy: Which logs and witnesses the verifier knows.
        vkey: The log's key, as the verifier was told it. None: the policy's key of the log, or none.
        roots_pem: Certificates of time-stamping authorities that are trusted, PEM.
        held: Checkpoints of this log that the verifier held before.
        deciders: Keys of people whose decisions the verifier knows.

    Raises:
        NoteError: The key or a held checkpoint is not one at all.
        UsageError: A held checkpoint is of another log.
        TimestampError: The root certificates are none.
    """
    pinned = None if vkey is None else parse_vkey(vkey)
    if roots_pem is not None:
        read_roots(roots_pem)
    read_held(held)
    try:
        bundle = open_bundle(file)
        head = parse_checkpoint(parse_note(bundle.note(bundle.size)).text)
    except LedgerBroken as error:
        return Audit(
            grade=Grade.BROKEN, problem=str(error), first_bad=getattr(error, "entry", None)
        )
    if vkey is None and policy is not None:
        pinned = _key_of(policy, bundle, head.origin)
    if vkey is not None:
        policy = policy and with_key(policy, vkey)
    known = {"origin": head.origin, "size": head.size, "root": head.root}
    try:
        told = _Told(
            policy=policy,
            pinned=pinned,
            roots_pem=roots_pem,
            held=_comparable(held, head, pinned),
            deciders=deciders,
        )
        return _audit(bundle, told)
    except LedgerError as error:
        entry = getattr(error, "entry", None)
        return Audit(grade=Grade.BROKEN, problem=str(error), first_bad=entry, **known)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the verifier knows by other means."""

    policy: Policy | None
    pinned: Verifier | None
    roots_pem: bytes | None
    held: tuple[tuple[Checkpoint, str], ...]
    deciders: tuple[Verifier, ...]


def _key_of(policy: Policy, bundle: Bundle, origin: str) -> Verifier | None:
    """Returns the policy's key of a log: of several one that the bundle names itself."""
    keys = [log for log in policy.logs if log.name == origin]
    signing = {(s.name, s.key_id) for s in parse_note(bundle.note(bundle.size)).signatures}
    named = (k for k in keys if k.vkey == bundle.key or (k.name, k.key_id) in signing)
    return next(named, keys[0] if keys else None)


def _comparable(
    held: tuple[str, ...], head: Checkpoint, pinned: Verifier | None
) -> tuple[tuple[Checkpoint, str], ...]:
    """Returns the checkpoints of this log that the verifier holds.

    Raises:
        UsageError: One is of another log, and it is not the bundle that is of another than expected.
    """
    mine = []
    for checkpoint, text in read_held(held):
        if checkpoint.origin == head.origin:
            mine.append((checkpoint, text))
        elif pinned is None or pinned.name != checkpoint.origin:
            raise UsageError(
                f"a checkpoint that you hold is of the log {checkpoint.origin!r}, and the bundle is of "
                f"{head.origin!r}: nothing was compared",
                hint="Give checkpoints of the log that the bundle is part of.",
            )
    return tuple(mine)


def _audit(bundle: Bundle, told: _Told) -> Audit:
    disclosed = _committed(bundle)
    found = _Found()
    earlier = bundle.since()
    within = [(c, text) for c, text in told.held if c.size <= bundle.size]
    log = verify_log(
        _gather(bundle, disclosed, found),
        pinned=told.pinned,
        held=[*(text for _, text in within), *([earlier[0]] if earlier else [])],
        head=bundle.note(bundle.size),
    )
    if log.problems:
        raise BundleError(log.problems[0].what, log.problems[0].entry)
    decided = _check_acts(bundle, found, log)
    _check_head(bundle, log.keys)
    if disclosed:
        entry, key = min(disclosed)
        raise BundleError(f"the value disclosed as {key!r} belongs to no commitment", entry)
    since = _check_since(bundle, earlier) if earlier else None
    finding, witnessed = _witnesses(bundle, told.policy and with_chain(told.policy, log.keys))
    times = tuple(_times(bundle, told.roots_pem))
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
        decided=decided,
        held=max((c.size for c, _ in within), default=0),
        since=since,
        sealed=sealed,
        unsealed=unsealed,
        remarks=(
            *log.remarks,
            *decided_words(decided, told.deciders),
            *_newer(bundle, told),
            *_cosigned_by_unknown(bundle, told.policy),
            *_key_remark(bundle),
        ),
    )


def _newer(bundle: Bundle, told: _Told) -> Iterator[str]:
    for checkpoint, _ in told.held:
        if checkpoint.size > bundle.size:
            yield (
                f"The checkpoint of {checkpoint.size} entries that you hold is newer than this bundle, and "
                "was not compared: a later bundle, exported with --since this one, shows whether it agrees."
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
    repeated = _to_repeat(bundle)
    for index, body, leaf in bundle.entries():
        if body is not None:
            found.bodies += 1
            try:
                entry = read_entry(body)
                found.frames.take(index, entry.type, entry.at, entry.actor)
                if concerns(entry.type, entry.supersedes):
                    found.speaking[index] = check_named(index, entry)
            except LedgerError as error:
                found.wrong(index, str(error))
            else:
                if entry.subject and entry.subject.startswith("sha256:"):
                    found.assets.add(entry.subject.removeprefix("sha256:"))
                note = entry.payload.get("note") if entry.type == CHECKPOINT else None
                if repeated.get(index, {note}) == {note}:
                    repeated.pop(index, None)
                for key, expected in entry.commitments.items():
                    given = disclosed.pop((index, key), expected)
                    if given != expected:
                        raise BundleError(
                            f"the value disclosed as {key!r} is not the one that entry {index} commits "
                            f"to: expected {expected}, found {given}",
                            index,
                        )
        yield index, body, leaf
    if repeated:
        size = min(repeated)
        found.wrong(
            size, "it does not repeat, byte for byte, the checkpoint of its size in the bundle"
        )


def _to_repeat(bundle: Bundle) -> dict[int, set[str]]:
    """Returns the checkpoints in the bundle that an entry in it has to repeat byte for byte, by size."""
    found = {size: {bundle.note(size)} for size in bundle.sizes}
    if earlier := bundle.since():
        found.setdefault(parse_checkpoint(parse_note(earlier[0]).text).size, set()).add(earlier[0])
    if len(found.pop(bundle.size)) > 1:  # which no entry here repeats
        raise BundleError(f"{names.SINCE_NOTE} is not the bundle's own checkpoint of that size")
    return found


def _check_acts(bundle: Bundle, found: _Found, log: Verification) -> tuple[Decided, ...]:
    """Checks what entries say of others, in a second pass over those; returns the decisions that hold.

    Raises:
        BundleError: One breaks a rule; the first that does is named.
    """
    wanted = {named for each in found.speaking.values() for named in each}
    earlier: dict[int, Earlier] = {}
    decided: list[Decided] = []
    for index, body, leaf in bundle.entries() if found.speaking else ():
        try:
            if index in wanted:
                entry = None if body is None else read_entry(body)
                hashed = leaf or b"" if body is None else leaf_hash(body)
                earlier[index] = Earlier(leaf=hashed, entry=entry)
            if body is not None and index in found.speaking:
                one = check_against(index, read_entry(body), earlier.__getitem__, log.origin)
                decided += [] if one is None else [one]
        except LedgerError as error:
            found.wrong(index, str(error))
    for wrong in (found.frames.strange_actor(log.keys), own_decision(decided, log.keys)):
        if wrong:
            found.wrong(*wrong)
    if found.first_bad:
        index, what = found.first_bad
        raise BundleError(f"entry {index} is not as it has to be: {what}", index)
    return tuple(decided)


def _check_head(bundle: Bundle, keys: Sequence[KeyRange]) -> None:
    """Checks that the bundle's own checkpoint carries the lines of the log's keys, and no others.

    No entry in the bundle repeats it, so nothing else would show that a line was added.

    Raises:
        BundleError: It does not.
    """
    signing = [k.verifier for k in keys if k.last in {None, bundle.size}]
    lines = [(s.name, s.key_id) for s in parse_note(bundle.note(bundle.size)).signatures]
    if lines != [(key.name, key.key_id) for key in signing]:
        raise BundleError(
            f"{names.CHECKPOINTS}{bundle.size}/{names.NOTE} has {len(lines)} signature lines, expected "
            f"one of each key that signs the log there ({', '.join(k.short for k in signing)}): lines of "
            f"others belong into {names.COSIGNED}",
            bundle.size,
        )


def _check_since(bundle: Bundle, earlier: tuple[str, str]) -> int:
    """Checks the proof that this bundle continues an earlier one; returns the size of that."""
    request = parse_request(earlier[1].encode())
    old = parse_checkpoint(parse_note(earlier[0]).text)
    head = parse_checkpoint(parse_note(bundle.note(bundle.size)).text)
    said = (request.old, request.checkpoint, request.text)
    if said != (old.size, bundle.note(bundle.size), earlier[1]):
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
                f"The checkpoint of {size} entries carries {_lines_named(lines)} not verified: no policy "
                "with the keys of witnesses was given."
            )


def _lines_named(lines: int) -> str:
    return (
        "one line of another, which was" if lines == 1 else f"{lines} lines of others, which were"
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
    return tuple(sorted(sealed)), tuple(sorted((bundle.names - sealed) | set(bundle.bag.tags)))
