"""The Merkle tree of RFC 6962 section 2 (RFC 9162 section 2.1), over SHA-256.

A tree over n leaves splits at the largest power of two below n. A node (level, position) covers the leaves
position·2^level up to, not including, (position+1)·2^level. Nodes whose leaves are all there never change
again: they are the ones that a ledger stores, and every proof is made of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from forensics.errors import LedgerBroken

EMPTY_ROOT = sha256(b"").digest()
"""Root of the tree without leaves."""
HASH_SIZE = 32

NodeReader = Callable[[int, int], bytes]
"""Returns the hash of the complete node (level, position)."""


class ProofError(LedgerBroken):
    """A proof does not lead to the root that it should lead to.

    Attributes:
        expected: What should have come out.
        found: What came out.
    """

    def __init__(self, message: str, *, expected: object = None, found: object = None) -> None:
        if expected is not None or found is not None:
            message = f"{message}: expected {_show(expected)}, found {_show(found)}"
        super().__init__(message)
        self.expected = expected
        self.found = found


def leaf_hash(body: bytes) -> bytes:
    """Returns SHA-256(0x00 ‖ body)."""
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Returns SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The growing edge of a tree: its size and the roots of its complete subtrees, largest first.

    There is one subtree for each bit that is set in the size; with them the tree can grow and its root be
    told without looking at any leaf again.
    """

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count():
            raise ProofError(
                f"the edge of a tree of {size} leaves is incomplete",
                expected=size.bit_count(),
                found=len(self.peaks),
            )

    def add(self, leaf: bytes) -> list[bytes]:
        """Adds a leaf's hash; returns the nodes it completes, levels 0 (the leaf itself) upwards."""
        completed = [leaf]
        edge = self.size
        while edge & 1:
            leaf = sha256(b"\x01" + self.peaks.pop() + leaf).digest()
            completed.append(leaf)
            edge >>= 1
        self.peaks.append(leaf)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """Returns the root of the tree as it is now."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            root = node_hash(peak, root)
        return root


class Block:
    """Many leaves at once: the complete subtrees over up to 1,024 leaves that begin at a multiple of 1,024.

    The same nodes as `Frontier.add` gives, level by level instead of leaf by leaf.
    """

    SIZE = 1024
    LEVELS = 10

    __slots__ = ("levels",)

    def __init__(self, leaves: list[bytes]) -> None:
        self.levels = [leaves]
        while len(level := self.levels[-1]) > 1:
            pairs = zip(level[::2], level[1::2], strict=False)  # an odd last one completes nothing
            self.levels.append([sha256(b"\x01" + a + b).digest() for a, b in pairs])

    def completed(self, before: Frontier) -> list[bytes]:
        """Returns the nodes that each leaf completes, joined, after the tree as it was before the block."""
        nodes = list(self.levels[0])
        step = 1
        for level in self.levels[1:]:
            step *= 2
            nodes[step - 1 :: step] = [
                a + b for a, b in zip(nodes[step - 1 :: step], level, strict=True)
            ]
        if len(nodes) == self.SIZE:
            nodes[-1] += b"".join(
                Frontier(before.size >> self.LEVELS, before.peaks).add(self._top)[1:]
            )
        return nodes

    def grown(self, before: Frontier, count: int) -> Frontier:
        """Returns the tree as it was before the block, grown by the block's first `count` leaves."""
        if count == self.SIZE:
            above = Frontier(before.size >> self.LEVELS, before.peaks)
            above.add(self._top)
            return Frontier(before.size + count, above.peaks)
        inner = [self.levels[level][position] for level, position in peak_nodes(count)]
        return Frontier(before.size + count, before.peaks + inner)

    @property
    def _top(self) -> bytes:
        return self.levels[-1][0]


def peak_nodes(size: int) -> list[tuple[int, int]]:
    """Returns (level, position) of the complete subtrees at the edge of a tree, largest first."""
    nodes = []
    start = 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            nodes.append((level, start >> level))
            start += 1 << level
    return nodes


def root_from_leaves(leaves: Iterable[bytes]) -> bytes:
    """Returns the root over leaf hashes, in order."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier.root()


def root_at(size: int, node: NodeReader) -> bytes:
    """Returns the root over the first `size` leaves, from complete nodes."""
    return _range_root(0, size, node) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, node: NodeReader) -> list[bytes]:
    """Returns the path from leaf `index` to the root over `size` leaves (RFC 9162 section 2.1.3.1).

    Raises:
        ProofError: Not 0 ≤ index < size.
    """
    if not 0 <= index < size:
        raise ProofError(f"entry {index} is not among the {size} entries of the tree")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_range_root(middle, high, node))
            high = middle
        else:
            path.append(_range_root(low, middle, node))
            low = middle
    return path[::-1]


def consistency_proof(size1: int, size2: int, node: NodeReader) -> list[bytes]:
    """Returns the proof that the first `size1` of `size2` leaves are unchanged (RFC 9162 section 2.1.4.1).

    Raises:
        ProofError: Not 0 < size1 ≤ size2.
    """
    if not 0 < size1 <= size2:
        raise ProofError(f"there is no proof from {size1} to {size2} entries")
    path: list[bytes] = []
    low, high = 0, size2
    while high != size1:
        middle = low + _split(high - low)
        if size1 <= middle:
            path.append(_range_root(middle, high, node))
            high = middle
        else:
            path.append(_range_root(low, middle, node))
            low = middle
    if low:
        path.append(_range_root(low, high, node))
    return path[::-1]


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """Returns the root that an inclusion proof leads to (RFC 9162 section 2.1.3.2).

    Raises:
        ProofError: The index lies outside the tree, or the proof has another length than it must have.
    """
    if not 0 <= index < size:
        raise ProofError(f"entry {index} is not among the {size} entries of the tree")
    inner = (index ^ (size - 1)).bit_length()
    border = (index >> inner).bit_count()
    _check_hashes([leaf, *proof])
    if len(proof) != inner + border:
        raise ProofError(
            "an inclusion proof has the wrong length", expected=inner + border, found=len(proof)
        )
    for level, sibling in enumerate(proof):
        from_left = level >= inner or index >> level & 1
        leaf = node_hash(sibling, leaf) if from_left else node_hash(leaf, sibling)
    return leaf


def verify_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Checks that the leaf stands at `index` in the tree of `size` leaves with this root.

    Raises:
        ProofError: It does not.
    """
    found = root_from_inclusion(index, size, leaf, proof)
    if found != root:
        raise ProofError(
            f"the proof for entry {index} does not lead to the root", expected=root, found=found
        )


def verify_consistency(
    size1: int, size2: int, proof: Sequence[bytes], root1: bytes, root2: bytes
) -> None:
    """Checks that the tree with root2 begins with the tree with root1 (RFC 9162 section 2.1.4.2).

    From the empty tree (size1 = 0) nothing can be proven, and it is refused.

    Raises:
        ProofError: It does not, or nothing can be proven.
    """
    if not 0 < size1 <= size2:
        raise ProofError(f"nothing can be proven from {size1} to {size2} entries")
    if size1 == size2:
        if proof:
            raise ProofError(
                "a proof between equal sizes is not empty", expected=0, found=len(proof)
            )
        if root1 != root2:
            raise ProofError(f"two roots are given for size {size1}", expected=root1, found=root2)
        return
    shift = (size1 & -size1).bit_length() - 1
    inner = ((size1 - 1) ^ (size2 - 1)).bit_length() - shift
    border = ((size1 - 1) >> (inner + shift)).bit_count()
    whole = size1 == 1 << shift  # one complete subtree: its root begins the path
    expected = inner + border + (0 if whole else 1)
    _check_hashes([root1, root2, *proof])
    if len(proof) != expected:
        raise ProofError(
            "a consistency proof has the wrong length", expected=expected, found=len(proof)
        )
    seed, path = (root1, proof) if whole else (proof[0], proof[1:])
    first = second = seed
    position = (size1 - 1) >> shift
    for level, sibling in enumerate(path):
        if level >= inner or position >> level & 1:
            first = node_hash(sibling, first)
            second = node_hash(sibling, second)
        else:
            second = node_hash(second, sibling)
    if first != root1:
        raise ProofError(
            f"the proof does not lead to the root at size {size1}", expected=root1, found=first
        )
    if second != root2:
        raise ProofError(
            f"the proof does not lead to the root at size {size2}", expected=root2, found=second
        )


def _split(width: int) -> int:
    """Returns the largest power of two below `width`, which is 2 or more."""
    return 1 << (width - 1).bit_length() - 1


def _range_root(low: int, high: int, node: NodeReader) -> bytes:
    """Returns the root over the leaves from low up to, not including, high; low is where a subtree begins."""
    width = high - low
    if width.bit_count() == 1:
        level = width.bit_length() - 1
        return node(level, low >> level)
    middle = low + _split(width)
    return node_hash(_range_root(low, middle, node), _range_root(middle, high, node))


def _check_hashes(hashes: Iterable[bytes]) -> None:
    for value in hashes:
        if len(value) != HASH_SIZE:
            raise ProofError("a hash has the wrong length", expected=HASH_SIZE, found=len(value))


def _show(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
