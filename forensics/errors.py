"""The one error tree: what happened, what was expected and found, and what to do next.

Every error that a person can meet is a `ForensicsError`. The message says what happened and what was
found instead of what was expected; `hint` says what to do; `exit_code` is what the command returns.
Anything else that escapes is a bug and ends with 70.
"""

from __future__ import annotations

from typing import ClassVar

EXIT_DONE = 0
EXIT_ADVERSE = 1
EXIT_USAGE = 2
EXIT_INCOMPLETE = 3
EXIT_LEDGER = 4
EXIT_BUG = 70
EXIT_INTERRUPTED = 130
EXIT_PIPE = 141


class ForensicsError(Exception):
    """Something that stops one act, said so that a person can act on it.

    Attributes:
        hint: What to do next, one sentence, or an empty string.
        exit_code: What a command that ends with this error returns.
    """

    exit_code: ClassVar[int] = EXIT_INCOMPLETE

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(ForensicsError):
    """The command line, the configuration or a claim file asks for something that cannot be."""

    exit_code = EXIT_USAGE


class IntakeError(ForensicsError):
    """A file could not be taken in: unreadable, empty, too large, or of no kind that is examined."""


class MediaError(ForensicsError):
    """A file was taken in, but its media could not be read within the limits."""


class LimitExceeded(MediaError):  # noqa: N818 - names what happened, as the field does
    """A worker reached a limit on time, memory, pixels or output."""


class NotFitting(ForensicsError):  # noqa: N818 - names what happened
    """An analysis looked and found that this asset is none of its business; not a failure."""


class MissingCapability(ForensicsError):  # noqa: N818 - names what happened
    """Something that an act needs is not installed here."""


class RegistryError(ForensicsError):
    """An analysis plugin breaks the contract of `forensics.model.ports.Analysis`."""


class LedgerError(ForensicsError):
    """The ledger cannot be opened, read or written."""

    exit_code = EXIT_LEDGER


class LedgerBroken(LedgerError):  # noqa: N818 - names what happened
    """The ledger contradicts itself: something in it was changed, removed or reordered."""
