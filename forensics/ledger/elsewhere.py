"""Checkpoints of a log that were kept elsewhere, in reports, in bundles, by witnesses: does it agree?"""

from __future__ import annotations

from collections.abc import Sequence

from forensics.ledger.findings import Bad, entries_named
from forensics.ledger.keychain import Keychain
from forensics.ledger.merkle import Frontier
from forensics.ledger.note import Checkpoint, NoteError, parse_checkpoint, parse_note


def read_held(held: Sequence[str]) -> list[tuple[Checkpoint, str]]:
    """Returns the checkpoints that are held elsewhere, by rising size; of no entries they say nothing.

    Raises:
        NoteError: A text is not a checkpoint.
    """
    read = [(parse_checkpoint(parse_note(text).text), text) for text in held]
    return sorted((pair for pair in read if pair[0].size), key=lambda pair: pair[0].size)


class Elsewhere:
    """Holds a growing log against each of those checkpoints as it reaches its size.

    Attributes:
        anchored: Size of the largest that agrees so far; 0 if none does.
    """

    def __init__(self, held: Sequence[str]) -> None:
        self.anchored = 0
        self._left = read_held(held)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The sizes that the log has yet to reach."""
        return tuple(checkpoint.size for checkpoint, _ in self._left)

    def of_log(self, origin: str) -> None:
        """Checks that they are of this log.

        Raises:
            Bad: One is of another.
        """
        for checkpoint, _ in self._left:
            if checkpoint.origin != origin:
                raise Bad(
                    0,
                    f"the checkpoint that is held elsewhere is of another log: "
                    f"expected {origin!r}, found {checkpoint.origin!r}",
                )

    def compare(self, frontier: Frontier, keys: Keychain | None) -> None:
        """Compares those of the size that the log has now.

        Raises:
            Bad: One contradicts it.
        """
        size = frontier.size
        while self._left and self._left[0][0].size <= size:
            checkpoint, text = self._left.pop(0)
            _check_key(keys, checkpoint, text)
            if checkpoint.size == size and checkpoint.root != frontier.root():
                raise Bad(
                    self.anchored,
                    f"{entries_named(self.anchored, size - 1)} are not those that a checkpoint held "
                    f"elsewhere signs: expected the root {checkpoint.root.hex()}, "
                    f"found {frontier.root().hex()}",
                )
            self.anchored = checkpoint.size

    def finish(self, size: int, keys: Keychain | None) -> None:
        """Checks that the log reached all of them.

        Raises:
            Bad: It was cut.
        """
        if self._left:
            _check_key(keys, *self._left[0])
            raise Bad(
                size,
                f"a checkpoint that is held elsewhere signs {self._left[0][0].size} entries, "
                f"and only {size} are here: the log was cut",
            )


def _check_key(keys: Keychain | None, checkpoint: Checkpoint, text: str) -> None:
    """Checks that what is held elsewhere was signed by the key that this log had at that size."""
    if keys is None:
        return
    try:
        keys.check_held(text)
    except NoteError as error:
        raise Bad(
            keys.ranges[-1].first if keys.signed_by_any(text) else 0,
            f"the checkpoint of {checkpoint.size} entries that is held elsewhere is not "
            f"signed by the key of this log: {error}",
        ) from error
