"""What is given on the command line: keys, checkpoints, certificates, names of claims; refused by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.commands.streams import read
from forensics.errors import UsageError

if TYPE_CHECKING:
    from forensics.ledger.note import Verifier

_ADDRESS = re.compile(r"https?://[^\s/?#]+([/?#]\S*)?", re.IGNORECASE)


def key(text: str | None, option: str = "--key") -> str | None:
    """Returns a log's key as it was given.

    Raises:
        UsageError: It is none.
    """
    if text is not None:
        _parsed(text, option)
    return text


def deciders(texts: Sequence[str] | None) -> tuple[Verifier, ...]:
    """Returns the keys of people whose decisions the verifier knows.

    Raises:
        UsageError: One is none.
    """
    return tuple(_parsed(text, "--decider") for text in texts or ())


def checkpoints(files: Sequence[Path] | None) -> list[str]:
    """Returns the checkpoints that the verifier held before.

    Raises:
        UsageError: A file cannot be read, or is none.
    """
    from forensics.ledger.note import MAX_NOTE, NoteError
    from forensics.ledger.verify import read_held

    notes = []
    for file in files or ():
        text = read(file, MAX_NOTE).decode("utf-8", "replace")
        try:
            read_held([text])
        except NoteError as error:
            raise UsageError(f"--checkpoint {file} cannot be used: {error}.") from error
        notes.append(text)
    return notes


def roots(file: Path | None) -> bytes | None:
    """Returns the certificates of time-stamping authorities that the verifier trusts, PEM.

    Raises:
        UsageError: The file cannot be read, or holds none.
    """
    from forensics.ledger.timestamps import MAX_TOKEN, TimestampError, read_roots

    if file is None:
        return None
    pem = read(file, MAX_TOKEN)
    try:
        read_roots(pem)
    except TimestampError as error:
        raise UsageError(f"--tsa-root {file} cannot be used: {error}.", hint=error.hint) from error
    return pem


def named(text: str) -> tuple[str, int | None]:
    """Returns a case and the number of one of its claims, as in "valdai/1"; None where no claim is named.

    Raises:
        UsageError: It is neither a case nor a claim.
    """
    case, slash, number = text.partition("/")
    if not case or (slash and not re.fullmatch("[1-9][0-9]{0,5}", number)):
        raise UsageError(
            f"{text!r} names no case and no claim.",
            hint="Expected is a form like valdai or valdai/1.",
        )
    return case, int(number) if slash else None


def address(text: str | None, option: str = "--source-url") -> str | None:
    """Returns the address of a page or a file on the web as it was given.

    Raises:
        UsageError: It is none that begins with http:// or https:// and names a host.
    """
    if text is not None and not (_ADDRESS.fullmatch(text) and text.isprintable()):
        raise UsageError(
            f"{option} is {text!r}: expected an address that begins with http:// or https://.",
            hint="Copy it from the browser, whole. Who published it goes into --publisher.",
        )
    return text


def _parsed(text: str, option: str) -> Verifier:
    from forensics.ledger.note import NoteError, parse_vkey

    try:
        return parse_vkey(text)
    except NoteError as error:
        raise UsageError(f"{option} cannot be used: {error}.", hint=error.hint) from error
