"""Does a log hold together, who signed it, and what could its owner still change unseen?

One pass over the bodies makes the tree again. Every checkpoint in the log must sign exactly the entries
before it; nodes and checkpoints that are stored beside the log must be what the bodies give; copies of
checkpoints that left the owner's hands must agree. The pass ends at the first entry that does not.

A log that holds together is still its owner's: whatever comes after the last checkpoint that somebody else
holds can be cut or written anew with the owner's key. So a result always names that range.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import islice

from forensics.ledger.elsewhere import Elsewhere, read_held
from forensics.ledger.entry import is_checkpoint
from forensics.ledger.findings import Bad, Grade, Part, Problem, Stored
from forensics.ledger.merkle import HASH_SIZE, Block, Frontier
from forensics.ledger.note import Verifier
from forensics.ledger.seals import MARKED, Seals
from forensics.ledger.verification import Verification

__all__ = [
    "Grade",
    "Part",
    "Problem",
    "Stored",
    "Verification",
    "read_held",
    "verify_log",
]


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
    seals = Seals(None if checkpoints is None else iter(checkpoints))
    run = _Run(seals, pinned, Elsewhere(held))
    try:
        run.take(entries)
        if head is not None:
            seals.close(head, run.frontier.size, run.frontier.root())
        run.finish(closed=head is not None)
    except Bad as bad:
        # Under a key that does not lead to the one that was told, all the rest says little.
        return run.result(run.foreign() or bad.problem)
    return run.result(None)


class _Rows:
    """The rows of one block: each body is hashed as it comes and let go, but for those that matter later.

    Attributes:
        indices: As stored.
        leaves: The leaf hashes; None where the body was left out.
        nodes: As stored.
        bodies: Of the first entry and of those that say something about the log itself, by their place.
    """

    __slots__ = ("bodies", "indices", "leaves", "nodes")

    def __init__(self, rows: Iterable[Stored]) -> None:
        self.indices: list[int] = []
        self.leaves: list[bytes | None] = []
        self.nodes: list[bytes | None] = []
        self.bodies: dict[int, bytes] = {}
        for index, body, nodes in rows:
            if body is None:
                self.leaves.append(None)
            else:
                self.leaves.append(sha256(b"\x00" + body).digest())
                if body.endswith(MARKED) or not index:
                    self.bodies[len(self.indices)] = body
            self.indices.append(index)
            self.nodes.append(nodes)


class _Run:
    def __init__(self, seals: Seals, pinned: Verifier | None, held: Elsewhere) -> None:
        self.frontier = Frontier()
        self.seals = seals
        self.pinned = pinned
        self.held = held

    def take(self, entries: Iterable[Stored]) -> None:
        """Takes entries in blocks; where a block is not simply right, one by one, to say what is wrong."""
        stored = iter(entries)
        while (rows := _Rows(islice(stored, Block.SIZE))).indices:
            if not self._take_block(rows):
                self._take_each(rows)

    def _take_block(self, rows: _Rows) -> bool:
        """Takes whole entries whose nodes are as they should be; otherwise changes nothing."""
        before, count = self.frontier, len(rows.indices)
        leaves = [leaf for leaf in rows.leaves if leaf is not None]
        if rows.indices != list(range(before.size, before.size + count)) or len(leaves) < count:
            return False
        block = Block(leaves)
        if rows.nodes.count(None) != count and block.completed(before) != rows.nodes:
            return False
        reached = {size - before.size - 1 for size in self.held.sizes}
        for i in sorted({*rows.bodies, *reached} & set(range(count))):
            body = rows.bodies.get(i)
            root = block.grown(before, i).root() if body and is_checkpoint(body) else None
            self.frontier = block.grown(before, i + 1)
            self._act(before.size + i, body, root)
        self.frontier = block.grown(before, count)
        return True

    def _take_each(self, rows: _Rows) -> None:
        frontier = self.frontier
        for i, (index, leaf, nodes) in enumerate(
            zip(rows.indices, rows.leaves, rows.nodes, strict=True)
        ):
            if index != frontier.size:
                raise Bad(
                    frontier.size,
                    f"entry {frontier.size} is missing: in its place comes entry {index}",
                )
            if leaf is None:
                self._left_out(index, nodes)
                continue
            if nodes is not None and not nodes.startswith(leaf):
                raise Bad(
                    index,
                    f"the body of entry {index} is not the one that was appended: "
                    f"expected the leaf hash {nodes[:HASH_SIZE].hex()}, found {leaf.hex()}",
                )
            body = rows.bodies.get(i)
            root = frontier.root() if body and is_checkpoint(body) else None
            completed = frontier.add(leaf)
            if nodes is not None and b"".join(completed) != nodes:
                raise Bad(
                    index, f"the tree's nodes that are stored with entry {index} were changed"
                )
            self._act(index, body, root)

    def _act(self, index: int, body: bytes | None, root: bytes | None) -> None:
        """Lets an entry take effect that is in the tree by now; a checkpoint comes with the root before."""
        if body is not None:
            if index == 0:
                self.seals.begin(body)
                self.held.of_log(self.seals.origin)
            elif root is not None:
                self.seals.checkpoint(index, body, root)
            else:
                self.seals.change_key(index, body)
        self.held.compare(self.frontier, self.seals.keys)

    def _left_out(self, index: int, leaf: bytes | None) -> None:
        if index == 0:
            raise Bad(0, "the first entry, which names the log and its key, was left out")
        if leaf is None or len(leaf) != HASH_SIZE:
            raise Bad(index, f"the body of entry {index} was left out, and its leaf hash as well")
        self.frontier.add(leaf)
        self.held.compare(self.frontier, self.seals.keys)

    def finish(self, *, closed: bool) -> None:
        """Checks what can be told only at the end.

        Raises:
            Bad: Something is left over, unsigned or cut.
        """
        if problem := self.foreign():
            raise Bad(problem.entry, problem.what)
        self.seals.finish(self.frontier.size, closed=closed)
        self.held.finish(self.frontier.size, self.seals.keys)

    def foreign(self) -> Problem | None:
        """Returns what is wrong if the key that the verifier was told is none of the log's keys."""
        keys = self.seals.keys
        if not keys or not self.pinned or keys.knows(self.pinned):
            return None
        what = (
            f"the log was begun with another key: expected {self.pinned.vkey}, "
            f"found {keys.ranges[0].verifier.vkey}, and no change of keys leads from this to that"
        )
        return Problem(part=Part.LOG, entry=0, what=what)

    def result(self, problem: Problem | None) -> Verification:
        """Returns what was found."""
        seals, keys = self.seals, self.seals.keys
        known = keys.current if keys else self.pinned
        grade = Grade.SIGNED if self.pinned and seals.count else Grade.INTEGRITY_ONLY
        return Verification(
            grade=Grade.BROKEN if problem else grade,
            size=self.frontier.size,
            root=self.frontier.root(),
            origin=seals.origin,
            key=known.short if known else None,
            keys=tuple(keys.ranges) if keys else (),
            pinned=self.pinned is not None,
            checkpoints=seals.count,
            signed=seals.signed,
            anchored=self.held.anchored,
            problems=(problem,) if problem else (),
            remarks=tuple(seals.remarks),
        )
