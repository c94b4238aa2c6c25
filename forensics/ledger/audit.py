"""What a bundle proves to somebody who holds nothing of ours but a key, a policy or a root certificate.

Everything in it is recomputed: the tree from the bodies, each checkpoint against it, the proof since an
earlier bundle, cosignatures, time-stamp tokens, disclosed values, originals. A result names what the log
seals and what only the manifest lists, and which entries the owner could have written anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from forensics.errors import LedgerBroken, LedgerError, UsageError
from forensics.ledger import bundle as names
from forensics.ledger.acts import decided_words
from forensics.ledger.bundle import Bundle, BundleError, open_bundle
from forensics.ledger.decision import Decided
from forensics.ledger.keychain import KeyRange
from forensics.ledger.merkle import verify_consistency
from forensics.ledger.note import Checkpoint, Verifier, parse_checkpoint, parse_note, parse_vkey
from forensics.ledger.policy import Finding, Policy, evaluate, with_chain, with_key
from forensics.ledger.said import Said, check_acts, committed, gather
from forensics.ledger.timed import Timed, times
from forensics.ledger.timestamps import read_roots
from forensics.ledger.verify import Grade, read_held, verify_log
from forensics.ledger.witness import parse_request


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


def audit(
    file: BinaryIO | Bundle,
    *,
    policy: Policy | None = None,
    vkey: str | None = None,
    roots_pem: bytes | None = None,
    held: tuple[str, ...] = (),
    deciders: tuple[Verifier, ...] = (),
) -> Audit:
    """Verifies a bundle; needs no ledger, no network and no configuration.

    Args:
        file: The bundle; must be seekable. Or one that was opened before, with `open_bundle`.
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
        bundle = file if isinstance(file, Bundle) else open_bundle(file)
        head = parse_checkpoint(parse_note(bundle.note(bundle.size)).text)
    except LedgerBroken as error:
        return Audit(
            grade=Grade.BROKEN, problem=str(error), first_bad=getattr(error, "entry", None)
        )
    if vkey is None and policy is not None:
        pinned = _key_of(policy, bundle, head.origin)
    if vkey is not None:
        policy = policy and with_key(policy, vkey)
    known = Audit(grade=Grade.BROKEN, origin=head.origin, size=head.size, root=head.root)
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
        return replace(known, problem=str(error), first_bad=entry)


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
    disclosed = committed(bundle)
    found = Said()
    earlier = bundle.since()
    within = [(c, text) for c, text in told.held if c.size <= bundle.size]
    log = verify_log(
        gather(bundle, disclosed, found),
        pinned=told.pinned,
        held=[*(text for _, text in within), *([earlier[0]] if earlier else [])],
        head=bundle.note(bundle.size),
    )
    if log.problems:
        raise BundleError(log.problems[0].what, log.problems[0].entry)
    decided = check_acts(bundle, found, log)
    _check_head(bundle, log.keys)
    if disclosed:
        entry, key = min(disclosed)
        raise BundleError(f"the value disclosed as {key!r} belongs to no commitment", entry)
    since = _check_since(bundle, earlier) if earlier else None
    finding, witnessed = _witnesses(bundle, told.policy and with_chain(told.policy, log.keys))
    stamps = tuple(times(bundle, told.roots_pem))
    sealed, unsealed = _seals(bundle, found)
    signed = log.pinned
    grade = Grade.SIGNED if signed else Grade.INTEGRITY_ONLY
    if signed and witnessed:
        grade = Grade.WITNESSED
    if signed and any(timed.at for timed in stamps):
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
        times=stamps,
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


def _seals(bundle: Bundle, found: Said) -> tuple[tuple[str, ...], tuple[str, ...]]:
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
