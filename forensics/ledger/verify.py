"""Does a log hold together, who signed it, and what could its owner still change unseen?

One pass over the bodies makes the tree again. Every checkpoint in the log must sign exactly the entries
before it; nodes and checkpoints that are stored beside the log must be what the bodies give; copies of
checkpoints that left the owner's hands must agree. The pass ends at the first entry that does not.

A log that holds together is still its owner's: whatever comes after the last checkpoint that somebody else
holds can be cut or written anew with the owner's key. So a result always names that range.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from typing import TypeAlias

from forensics.errors import LedgerError
from forensics.ledger.anchors import Anchor
from forensics.ledger.entry import (
    CHECKPOINT_TAIL,
    CREATED,
    FORMAT,
    Entry,
    is_checkpoint,
    read_entry,
)
from forensics.ledger.keychain import KEY_CHANGED_TAIL, Keychain, KeyRange
from forensics.ledger.merkle import HASH_SIZE, Block, Frontier, leaf_hash
from forensics.ledger.note import (
    Checkpoint,
    NoteError,
    Verifier,
    open_checkpoint,
    parse_checkpoint,
    parse_note,
    parse_vkey,
)

_MARKED = (CHECKPOINT_TAIL, KEY_CHANGED_TAIL)
"""How the bodies end that say something about the log itself."""


class Grade(StrEnum):
    """What a log was found to be; each includes what stands below it."""

    BROKEN = "broken"
    INTEGRITY_ONLY = "integrity only"
    """It holds together, under a key that only it names: whoever made the file could have made that too."""
    SIGNED = "signed"
    """Every checkpoint is signed with the key that the verifier was told by other means."""
    WITNESSED = "witnessed"
    """Signed, and cosigned by as many witnesses as the verifier's policy asks for."""
    TIMESTAMPED = "timestamped"
    """Signed, and seen by an authority that the verifier trusts to tell the time."""


class Part(StrEnum):
    """Which part of a ledger a problem lies in."""

    LOG = "log"
    SCHEMA = "schema"
    PROJECTION = "projection"
    DISCLOSURE = "disclosure"
    ATTACHMENT = "attachment"
    FOREIGN = "other desks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that contradicts the log.

    Attributes:
        part: Where it lies.
        entry: First bad entry; the first of a range where only the range is known; None outside the log.
        what: One sentence.
    """

    part: Part
    entry: int | None
    what: str


Stored: TypeAlias = tuple[int, bytes | None, bytes | None]
"""One entry as it is stored: its index, its body, and the tree's nodes beside it, if there are any.

Where a bundle leaves the body out, it is None, and the leaf hash alone stands in the place of the nodes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was verified, and what was not.

    Attributes:
        grade: What the log was found to be.
        size: How many entries were read; where it is broken, up to the first bad one.
        root: Root over them.
        origin: The log's name, by its first entry.
        key: Short form of the key that signs it now; None where there is none.
        pinned: A key was given, and is one of the log's: none was taken on the log's word alone.
        checkpoints: How many signed checkpoints hold.
        signed: Size that the last of them signs.
        anchored: Size of the largest checkpoint that is held elsewhere and agrees; 0 if there is none.
        keys: The log's keys in turn, and which entries were appended under each.
        anchors: What is stored to show when checkpoints existed.
        problems: What is wrong, the log's first bad entry first; empty unless broken.
        remarks: What an auditor may want to look at; nothing that breaks the log.
    """

    grade: Grade
    size: int
    root: bytes
    origin: str
    key: str | None
    pinned: bool
    checkpoints: int
    signed: int
    anchored: int
    keys: tuple[KeyRange, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    problems: tuple[Problem, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def first_bad(self) -> int | None:
        """The first bad entry, where one is known."""
        return next((p.entry for p in self.problems if p.entry is not None), None)

    @property
    def timestamped(self) -> int:
        """Size of the largest checkpoint whose time an authority under a given root vouches for."""
        return max((anchor.size for anchor in self.anchors if anchor.holds), default=0)

    @property
    def open_to_change(self) -> tuple[int, int] | None:
        """First and last entry that the owner could still cut or rewrite unseen; None if there is none."""
        return (self.anchored, self.size - 1) if self.anchored < self.size else None

    @property
    def sentences(self) -> tuple[str, ...]:
        """The result in words, for a person."""
        return tuple(_sentences(self))


class _Bad(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, entry: int | None, what: str) -> None:
        super().__init__(what)
        self.problem = Problem(part=Part.LOG, entry=entry, what=what)


def verify_log(
    entries: Iterable[Stored],
    checkpoints: Iterable[tuple[int, str]] | None = None,
    *,
    pinned: Verifier | None = None,
    held: Sequence[str] = (),
    head: str | None = None,
) -> Verification:
    """Verifies a log from its bodies.

    Args:
        entries: In order of their index.
        checkpoints: The (size, signed note) stored beside the log, in order of size; None if none are.
        pinned: The log's key, as the verifier was told it. None: the key that the first entry names is used.
        held: Signed checkpoints of this log that were kept elsewhere: in reports, in bundles, by witnesses.
        head: The signed checkpoint over all these entries, where it comes apart from them, as in a bundle;
            None: the last entry repeats it.

    Raises:
        NoteError: A text in `held` is not a checkpoint at all.
    """
    run = _Run(None if checkpoints is None else iter(checkpoints), pinned, read_held(held))
    try:
        run.take(entries)
        if head is not None:
            run.close(head)
        run.finish(closed=head is not None)
    except _Bad as bad:
        # Under a key that does not lead to the one that was told, all the rest says little.
        return run.result(run.foreign() or bad.problem)
    return run.result(None)


def read_held(held: Sequence[str]) -> list[tuple[Checkpoint, str]]:
    """Returns the checkpoints that are held elsewhere, by rising size; of no entries they say nothing.

    Raises:
        NoteError: A text is not a checkpoint.
    """
    read = [(parse_checkpoint(parse_note(text).text), text) for text in held]
    return sorted((pair for pair in read if pair[0].size), key=lambda pair: pair[0].size)


class _Run:
    def __init__(
        self,
        checkpoints: Iterator[tuple[int, str]] | None,
        pinned: Verifier | None,
        held: list[tuple[Checkpoint, str]],
    ) -> None:
        self.frontier = Frontier()
        self.stored = checkpoints
        self.pinned = pinned
        self.keys: Keychain | None = None
        self.held = held
        self.origin = ""
        self.signed = 0
        self.count = 0
        self.anchored = 0
        self.last_at = ""
        self.remarks: list[str] = []

    def take(self, entries: Iterable[Stored]) -> None:
        """Takes entries in blocks; where a block is not simply right, one by one, to say what is wrong."""
        rows = iter(entries)
        while block := list(islice(rows, Block.SIZE)):
            if not self._take_block(block):
                self._take_each(block)

    def _take_block(self, rows: list[Stored]) -> bool:
        """Takes whole entries whose nodes are as they should be; otherwise changes nothing."""
        before = self.frontier
        indices = [row[0] for row in rows]
        bodies = [row[1] for row in rows if row[1] is not None]
        nodes = [row[2] for row in rows]
        if indices != list(range(before.size, before.size + len(rows))) or len(bodies) < len(rows):
            return False
        block = Block([sha256(b"\x00" + body).digest() for body in bodies])
        if nodes.count(None) != len(nodes) and block.completed(before) != nodes:
            return False
        marked = {i for i, body in enumerate(bodies) if body.endswith(_MARKED)}
        marked |= {checkpoint.size - before.size - 1 for checkpoint, _ in self.held}
        if not before.size:
            marked.add(0)
        for i in sorted(marked & set(range(len(rows)))):
            root = block.grown(before, i).root() if is_checkpoint(bodies[i]) else None
            self.frontier = block.grown(before, i + 1)
            self._act(indices[i], bodies[i], root)
        self.frontier = block.grown(before, len(rows))
        return True

    def _take_each(self, rows: list[Stored]) -> None:
        frontier = self.frontier
        for index, body, nodes in rows:
            if index != frontier.size:
                raise _Bad(
                    frontier.size,
                    f"entry {frontier.size} is missing: in its place comes entry {index}",
                )
            if body is None:
                self._left_out(index, nodes)
                continue
            leaf = leaf_hash(body)
            if nodes is not None and not nodes.startswith(leaf):
                raise _Bad(
                    index,
                    f"the body of entry {index} is not the one that was appended: "
                    f"expected the leaf hash {nodes[:HASH_SIZE].hex()}, found {leaf.hex()}",
                )
            root = frontier.root() if is_checkpoint(body) else None
            completed = frontier.add(leaf)
            if nodes is not None and b"".join(completed) != nodes:
                raise _Bad(
                    index, f"the tree's nodes that are stored with entry {index} were changed"
                )
            self._act(index, body, root)

    def _act(self, index: int, body: bytes, root: bytes | None) -> None:
        """Lets an entry take effect that is in the tree by now; a checkpoint comes with the root before."""
        if index == 0:
            self._begin(body)
        elif root is not None:
            self._checkpoint(index, _read(index, body), root)
        elif body.endswith(KEY_CHANGED_TAIL):
            self._change_key(index, _read(index, body))
        if self.held:
            self._compare_held()

    def close(self, head: str) -> None:
        """Checks the checkpoint over all entries, which comes apart from them."""
        size, root = self.frontier.size, self.frontier.root()
        checkpoint = self._open(size, head)
        if checkpoint.size != size:
            raise _Bad(
                min(size, checkpoint.size),
                f"the checkpoint over all entries signs {checkpoint.size}, and {size} are here",
            )
        if checkpoint.root != root:
            raise _Bad(
                self.signed,
                f"{_entries(self.signed, size - 1)} are not those that the checkpoint over all entries "
                f"signs: expected the root {checkpoint.root.hex()}, found {root.hex()}",
            )
        self.signed = size
        self.count += 1

    def finish(self, *, closed: bool = False) -> None:
        size = self.frontier.size
        if problem := self.foreign():
            raise _Bad(problem.entry, problem.what)
        if self.stored is not None and (left := next(self.stored, None)) is not None:
            raise _Bad(
                size,
                f"a checkpoint of {left[0]} entries is stored, but no entry {left[0]} repeats it: "
                f"the log ends with {size} entries",
            )
        if size and not closed and self.signed != size - 1:
            first = self.signed + 1 if self.count else 0
            raise _Bad(
                first, f"{_entries(first, size - 1)} come after the last checkpoint: unsigned"
            )
        if self.held:
            self._check_held_key(*self.held[0])
            raise _Bad(
                size,
                f"a checkpoint that is held elsewhere signs {self.held[0][0].size} entries, "
                f"and only {size} are here: the log was cut",
            )

    def foreign(self) -> Problem | None:
        """Returns what is wrong if the key that the verifier was told is none of the log's keys."""
        if not self.keys or not self.pinned or self.keys.knows(self.pinned):
            return None
        what = (
            f"the log was begun with another key: expected {self.pinned.vkey}, "
            f"found {self.keys.ranges[0].verifier.vkey}, and no change of keys leads from this to that"
        )
        return Problem(part=Part.LOG, entry=0, what=what)

    def result(self, problem: Problem | None) -> Verification:
        known = self.keys.current if self.keys else self.pinned
        grade = Grade.SIGNED if self.pinned and self.count else Grade.INTEGRITY_ONLY
        return Verification(
            grade=Grade.BROKEN if problem else grade,
            size=self.frontier.size,
            root=self.frontier.root(),
            origin=self.origin,
            key=known.short if known else None,
            keys=tuple(self.keys.ranges) if self.keys else (),
            pinned=self.pinned is not None,
            checkpoints=self.count,
            signed=self.signed,
            anchored=self.anchored,
            problems=(problem,) if problem else (),
            remarks=tuple(self.remarks),
        )

    def _begin(self, body: bytes) -> None:
        entry = _read(0, body)
        if entry.type != CREATED:
            raise _Bad(0, f"the log begins with {entry.type!r}, expected {CREATED!r}")
        payload = entry.payload
        if payload.get("format") != FORMAT:
            raise _Bad(0, f"the log has the format {payload.get('format')!r}, expected {FORMAT!r}")
        try:
            named = parse_vkey(str(payload.get("vkey")))
        except NoteError as error:
            raise _Bad(0, f"the first entry names no usable key: {error}") from error
        self.keys = Keychain(named)
        if payload.get("origin") != named.name:
            raise _Bad(0, f"the log's name {payload.get('origin')!r} is not that of its key")
        self.origin = named.name
        self.last_at = entry.at
        for checkpoint, _ in self.held:
            if checkpoint.origin != self.origin:
                raise _Bad(
                    0,
                    f"the checkpoint that is held elsewhere is of another log: "
                    f"expected {self.origin!r}, found {checkpoint.origin!r}",
                )

    def _checkpoint(self, index: int, entry: Entry, root: bytes) -> None:
        self._compare_stored(index, entry)
        checkpoint = self._open(index, str(entry.payload.get("note")))
        encoded = base64.b64encode(root).decode("ascii")
        if checkpoint.size != index or entry.payload.get("size") != index:
            raise _Bad(
                index,
                f"the checkpoint in entry {index} signs {checkpoint.size} entries, expected {index}",
            )
        if checkpoint.root != root:
            raise _Bad(
                self.signed,
                f"{_entries(self.signed, index - 1)} are not those that the checkpoint in entry "
                f"{index} signs: expected the root {checkpoint.root.hex()}, found {root.hex()}",
            )
        if entry.payload.get("root") != encoded or checkpoint.extensions:
            raise _Bad(index, f"entry {index} says something else than the checkpoint in it")
        if entry.at < self.last_at:
            self.remarks.append(
                f"Entry {index} states an earlier time ({entry.at}) than the checkpoint before it "
                f"({self.last_at}): the clock was set back."
            )
        self.last_at = entry.at
        self.signed = index
        self.count += 1
        if self.keys:
            self.keys.pass_on(index)

    def _left_out(self, index: int, leaf: bytes | None) -> None:
        if index == 0:
            raise _Bad(0, "the first entry, which names the log and its key, was left out")
        if leaf is None or len(leaf) != HASH_SIZE:
            raise _Bad(index, f"the body of entry {index} was left out, and its leaf hash as well")
        self.frontier.add(leaf)
        if self.held:
            self._compare_held()

    def _open(self, index: int, note: str) -> Checkpoint:
        try:
            checkpoint = self.keys.open(note) if self.keys else open_checkpoint(note, [])
        except NoteError as error:
            raise _Bad(
                index, f"the checkpoint of {index} entries does not hold: {error}"
            ) from error
        if checkpoint.origin != self.origin:
            raise _Bad(
                index,
                f"the checkpoint of {index} entries is of another log: "
                f"expected {self.origin!r}, found {checkpoint.origin!r}",
            )
        return checkpoint

    def _compare_stored(self, index: int, entry: Entry) -> None:
        if self.stored is None:
            return
        size, note = next(self.stored, (None, None))
        if size == index and note == entry.payload.get("note"):
            return
        if size is not None and size < index:
            raise _Bad(
                size,
                f"entry {size} does not repeat the checkpoint of {size} entries stored beside it",
            )
        what = "nothing" if size is None else f"one of {size} entries"
        raise _Bad(
            index,
            f"entry {index} repeats a checkpoint of {index} entries; stored beside it is "
            f"{'another text' if size == index else what}",
        )

    def _change_key(self, index: int, entry: Entry) -> None:
        try:
            if self.keys:
                self.keys.change(entry)
        except NoteError as error:
            raise _Bad(
                index, f"the change of keys in entry {index} does not hold: {error}"
            ) from error

    def _check_held_key(self, checkpoint: Checkpoint, text: str) -> None:
        """Checks that what is held elsewhere was signed by the key that this log had at that size."""
        if self.keys is None:
            return
        try:
            self.keys.check_held(text)
        except NoteError as error:
            raise _Bad(
                self.keys.ranges[-1].first if self.keys.signed_by_any(text) else 0,
                f"the checkpoint of {checkpoint.size} entries that is held elsewhere is not "
                f"signed by the key of this log: {error}",
            ) from error

    def _compare_held(self) -> None:
        size = self.frontier.size
        while self.held and self.held[0][0].size <= size:
            checkpoint, text = self.held.pop(0)
            self._check_held_key(checkpoint, text)
            if checkpoint.size == size and checkpoint.root != self.frontier.root():
                raise _Bad(
                    self.anchored,
                    f"{_entries(self.anchored, size - 1)} are not those that a checkpoint held "
                    f"elsewhere signs: expected the root {checkpoint.root.hex()}, "
                    f"found {self.frontier.root().hex()}",
                )
            self.anchored = checkpoint.size


def _times(found: Verification) -> Iterator[str]:
    """The furthest-reaching proof of time of each kind, and each that shows nothing."""
    anchors = sorted(found.anchors, key=lambda anchor: anchor.size)
    yield from (anchor.sentence for anchor in anchors if anchor.trouble)
    sound = [anchor for anchor in anchors if not anchor.trouble]
    groups = (
        [anchor for anchor in sound if anchor.holds],
        [anchor for anchor in sound if anchor.token and not anchor.holds],
        [anchor for anchor in sound if anchor.stamp],
    )
    yield from (group[-1].sentence for group in groups if group)
    if 0 < found.timestamped < found.size:
        rest = _entries(found.timestamped, found.size - 1).capitalize()
        yield f"{rest} came later; no verified token shows when."


def _signed_by(part: KeyRange) -> str:
    if part.last is None:
        return f"The entries from {part.first} on were appended under {part.verifier.short}."
    entries = _entries(part.first, part.last).capitalize()
    return f"{entries} were appended under {part.verifier.short}, which named the next key."


def _read(index: int, body: bytes) -> Entry:
    try:
        return read_entry(body)
    except LedgerError as error:
        raise _Bad(index, f"entry {index} cannot be read: {error}") from error


def _entries(first: int, last: int) -> str:
    return f"entry {first}" if first == last else f"entries {first}–{last}"


def _sentences(found: Verification) -> Iterator[str]:
    if found.grade is Grade.BROKEN:
        for problem in found.problems:
            place = "" if problem.entry is None else f", first at entry {problem.entry}"
            yield f"Broken ({problem.part}{place}): {problem.what}."
        if found.problems[0].part is Part.LOG:
            yield (
                f"Before that, the first {found.signed} entries agree with a signed checkpoint."
                if found.signed
                else "No signed checkpoint before that holds."
            )
        else:
            yield f"The log itself holds: its {found.size} entries agree with its checkpoints."
        return
    if not found.size:
        yield "The ledger is empty: nothing was recorded in it yet."
        return
    many = f"the {found.checkpoints} checkpoints among them, each"
    signed = many if found.checkpoints > 1 else "the checkpoint among them,"
    by = "the log's key of that time" if len(found.keys) > 1 else found.key
    yield f"All {found.size} entries agree with each other and with {signed} signed by {by}."
    yield from map(_signed_by, found.keys if len(found.keys) > 1 else ())
    if not found.pinned:
        yield (
            "Only the file itself names that key, and whoever made the file could have chosen it: "
            "compare it with the key that the owner told you, and verify with that."
        )
    if found.anchored:
        yield f"They also agree with a checkpoint of {found.anchored} entries that is held elsewhere."
    if open_ := found.open_to_change:
        later = "later checkpoint" if found.anchored else "checkpoint"
        yield (
            f"{_entries(*open_).capitalize()} could still be cut or rewritten by the owner: "
            f"no copy of a {later} is held elsewhere."
        )
    yield from _times(found)
    yield from found.remarks
