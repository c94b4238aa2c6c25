"""Proofs that stand alone (C2SP tlog-proof): an entry, its path to a root, and a checkpoint with that root.

c2sp.org/tlog-proof@v1
extra eyJhY3RvciI6…           base64, optional; here the entry's body, which the path then proves
index 17                      the entry's place in the log
gSKyXoYZUgZ6jduWYrkDOARi…     the path (RFC 6962 section 2.1.1), leaf to root, one hash a line

desk.example/2f9a             the checkpoint as it is, with cosignatures
…
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from forensics.ledger.canonical import MAX_BODY
from forensics.ledger.merkle import (
    HASH_SIZE,
    NodeReader,
    ProofError,
    inclusion_proof,
    leaf_hash,
    verify_inclusion,
)
from forensics.ledger.note import (
    MAX_NOTE,
    MAX_SIZE,
    Checkpoint,
    NoteError,
    from_base64,
    parse_checkpoint,
    parse_note,
    to_base64,
)

HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 63
"""No path is longer, in the protocols of transparency logs."""
MAX_PROOF = MAX_BODY * 4 // 3 + MAX_NOTE + 64 * 1024
"""No proof file is longer than this many bytes."""

_NUMBER = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A proof file's content; nothing of it is verified.

    Attributes:
        index: The entry's place in the log.
        path: Hashes of 32 bytes, from the leaf's sibling to the root's child.
        checkpoint: The signed note, verbatim.
        extra: What the file carries beside; in proofs of ours the entry's body. None if nothing.
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    @property
    def text(self) -> str:
        """The file's text."""
        extra = [] if self.extra is None else [f"extra {to_base64(self.extra)}"]
        lines = [HEADER, *extra, f"index {self.index}", *map(to_base64, self.path)]
        return "\n".join(lines) + "\n\n" + self.checkpoint


def make_proof(index: int, note: str, node: NodeReader, body: bytes | None = None) -> Proof:
    """Makes the proof of an entry in the tree of a signed checkpoint.

    Args:
        index: The entry.
        note: The signed checkpoint, with cosignatures if there are any.
        node: Reads the tree's complete nodes.
        body: The entry's body, if the proof is to carry it.

    Raises:
        ProofError: The entry is not among those that the checkpoint signs.
    """
    size = parse_checkpoint(parse_note(note).text).size
    path = tuple(inclusion_proof(index, size, node))
    return Proof(index=index, path=path, checkpoint=note, extra=body)


def parse_proof(data: bytes) -> Proof:
    """Reads a proof file, strictly; verifies nothing.

    Raises:
        NoteError: Not well-formed.
        ProofError: A hash of its path is not of 32 bytes.
    """
    if len(data) > MAX_PROOF:
        raise NoteError(f"a proof has {len(data):,} bytes, expected at most {MAX_PROOF:,}")
    try:
        text = data.decode()
    except UnicodeError:
        raise NoteError("a proof is not UTF-8 text") from None
    head, found, checkpoint = text.partition("\n\n")
    header, *lines = head.split("\n")
    if header != HEADER:
        raise NoteError(f"a proof begins with {header[:80]!r}, expected {HEADER!r}")
    if not found:
        raise NoteError("a proof has no empty line before its checkpoint")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = from_base64(lines.pop(0).removeprefix("extra "), "a proof's extra data")
    stated = lines.pop(0) if lines else ""
    index = number_after("index", stated)
    path = parse_hashes(lines)
    parse_checkpoint(parse_note(checkpoint).text)
    return Proof(index=index, path=path, checkpoint=checkpoint, extra=extra)


def check_proof(proof: Proof, body: bytes) -> Checkpoint:
    """Checks that the body is the entry which the proof's checkpoint commits to; returns the checkpoint.

    The checkpoint's signatures are for the caller to verify.

    Raises:
        ProofError: It is not.
        NoteError: The proof's checkpoint is not one.
    """
    checkpoint = parse_checkpoint(parse_note(proof.checkpoint).text)
    verify_inclusion(proof.index, checkpoint.size, leaf_hash(body), proof.path, checkpoint.root)
    return checkpoint


def number_after(word: str, line: str) -> int:
    """Reads a line of a word, one space and a whole number without leading zeros.

    Raises:
        NoteError: Not that.
    """
    stated, space, number = line.partition(" ")
    if stated != word or not space or not _NUMBER.fullmatch(number) or int(number) > MAX_SIZE:
        raise NoteError(f"expected the line {word!r} and a whole number, found {line[:80]!r}")
    return int(number)


def parse_hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    """Reads the lines of a path, one hash in base64 each.

    Raises:
        NoteError: Too many, or one is not base64.
        ProofError: One is not of 32 bytes.
    """
    if len(lines) > MAX_HASHES:
        raise NoteError(f"a proof has {len(lines)} hashes, expected at most {MAX_HASHES}")
    hashes = tuple(from_base64(line, "a proof's hash") for line in lines)
    for value in hashes:
        if len(value) != HASH_SIZE:
            raise ProofError("a hash has the wrong length", expected=HASH_SIZE, found=len(value))
    return hashes
