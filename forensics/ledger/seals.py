"""What a log says of itself: its name and first key, each checkpoint in it, each change of keys."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from forensics.errors import LedgerError
from forensics.ledger.entry import CHECKPOINT_TAIL, CREATED, FORMAT, Entry, read_entry
from forensics.ledger.findings import Bad, entries_named
from forensics.ledger.keychain import KEY_CHANGED_TAIL, Keychain
from forensics.ledger.note import Checkpoint, NoteError, open_checkpoint, parse_vkey

MARKED = (CHECKPOINT_TAIL, KEY_CHANGED_TAIL)
"""How the bodies end that say something about the log itself."""


class Seals:
    """Follows the entries that say something about the log itself, each against the tree before it.

    Args:
        stored: The (size, signed note) stored beside the log, in order of size; None if none are.

    Attributes:
        origin: The log's name; "" before its first entry.
        keys: Its keys; None before its first entry.
        signed: Size that the last checkpoint signs.
        count: How many checkpoints hold.
        remarks: What an auditor may want to look at.
    """

    def __init__(self, stored: Iterator[tuple[int, str]] | None) -> None:
        self.origin = ""
        self.keys: Keychain | None = None
        self.signed = 0
        self.count = 0
        self.remarks: list[str] = []
        self._stored = stored
        self._last_at = ""

    def begin(self, body: bytes) -> None:
        """Takes the first entry.

        Raises:
            Bad: It does not name a log and its key.
        """
        entry = _read(0, body)
        if entry.type != CREATED:
            raise Bad(0, f"the log begins with {entry.type!r}, expected {CREATED!r}")
        payload = entry.payload
        if payload.get("format") != FORMAT:
            raise Bad(0, f"the log has the format {payload.get('format')!r}, expected {FORMAT!r}")
        try:
            named = parse_vkey(str(payload.get("vkey")))
        except NoteError as error:
            raise Bad(0, f"the first entry names no usable key: {error}") from error
        self.keys = Keychain(named)
        if payload.get("origin") != named.name:
            raise Bad(0, f"the log's name {payload.get('origin')!r} is not that of its key")
        self.origin = named.name
        self._last_at = entry.at

    def checkpoint(self, index: int, body: bytes, root: bytes) -> None:
        """Takes an entry that repeats a checkpoint; `root` is that of the tree before it.

        Raises:
            Bad: It does not sign exactly the entries before it.
        """
        entry = _read(index, body)
        self._compare_stored(index, entry)
        checkpoint = self._open(index, str(entry.payload.get("note")))
        encoded = base64.b64encode(root).decode("ascii")
        if checkpoint.size != index or entry.payload.get("size") != index:
            raise Bad(
                index,
                f"the checkpoint in entry {index} signs {checkpoint.size} entries, expected {index}",
            )
        if checkpoint.root != root:
            raise Bad(
                self.signed,
                f"{entries_named(self.signed, index - 1)} are not those that the checkpoint in entry "
                f"{index} signs: expected the root {checkpoint.root.hex()}, found {root.hex()}",
            )
        if entry.payload.get("root") != encoded or checkpoint.extensions:
            raise Bad(index, f"entry {index} says something else than the checkpoint in it")
        if entry.at < self._last_at:
            self.remarks.append(
                f"Entry {index} states an earlier time ({entry.at}) than the checkpoint before it "
                f"({self._last_at}): the clock was set back."
            )
        self._last_at = entry.at
        self.signed = index
        self.count += 1
        if self.keys:
            self.keys.pass_on(index)

    def change_key(self, index: int, body: bytes) -> None:
        """Takes an entry by which the key names its successor.

        Raises:
            Bad: It may not.
        """
        entry = _read(index, body)
        try:
            if self.keys:
                self.keys.change(entry)
        except NoteError as error:
            raise Bad(
                index, f"the change of keys in entry {index} does not hold: {error}"
            ) from error

    def close(self, head: str, size: int, root: bytes) -> None:
        """Takes the checkpoint over all entries, which comes apart from them.

        Raises:
            Bad: It signs something else.
        """
        checkpoint = self._open(size, head)
        if checkpoint.size != size:
            raise Bad(
                min(size, checkpoint.size),
                f"the checkpoint over all entries signs {checkpoint.size}, and {size} are here",
            )
        if checkpoint.root != root:
            raise Bad(
                self.signed,
                f"{entries_named(self.signed, size - 1)} are not those that the checkpoint over all "
                f"entries signs: expected the root {checkpoint.root.hex()}, found {root.hex()}",
            )
        self.signed = size
        self.count += 1
        if self.keys:
            self.keys.pass_on(size)

    def finish(self, size: int, *, closed: bool) -> None:
        """Checks that no checkpoint is left over, and no entry is unsigned.

        Raises:
            Bad: One is.
        """
        if self._stored is not None and (left := next(self._stored, None)) is not None:
            raise Bad(
                size,
                f"a checkpoint of {left[0]} entries is stored, but no entry {left[0]} repeats it: "
                f"the log ends with {size} entries",
            )
        if size and not closed and self.signed != size - 1:
            first = self.signed + 1 if self.count else 0
            raise Bad(
                first,
                f"{entries_named(first, size - 1)} come after the last checkpoint: unsigned",
            )

    def _open(self, index: int, note: str) -> Checkpoint:
        try:
            checkpoint = self.keys.open(note) if self.keys else open_checkpoint(note, [])
        except NoteError as error:
            raise Bad(index, f"the checkpoint of {index} entries does not hold: {error}") from error
        if checkpoint.origin != self.origin:
            raise Bad(
                index,
                f"the checkpoint of {index} entries is of another log: "
                f"expected {self.origin!r}, found {checkpoint.origin!r}",
            )
        return checkpoint

    def _compare_stored(self, index: int, entry: Entry) -> None:
        if self._stored is None:
            return
        size, note = next(self._stored, (None, None))
        if size == index and note == entry.payload.get("note"):
            return
        if size is not None and size < index:
            raise Bad(
                size,
                f"entry {size} does not repeat the checkpoint of {size} entries stored beside it",
            )
        what = "nothing" if size is None else f"one of {size} entries"
        raise Bad(
            index,
            f"entry {index} repeats a checkpoint of {index} entries; stored beside it is "
            f"{'another text' if size == index else what}",
        )


def _read(index: int, body: bytes) -> Entry:
    try:
        return read_entry(body)
    except LedgerError as error:
        raise Bad(index, f"entry {index} cannot be read: {error}") from error
