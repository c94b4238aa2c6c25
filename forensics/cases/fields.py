"""Parts of an entry: text in it or behind a commitment, numbers, ratios; what to say of any other part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from forensics.codec import recall, well_formed
from forensics.errors import LedgerError
from forensics.model import Recorded, Sha256, Stated

REDACTED = "(redacted)"
"""Stands where a personal value was deleted."""
_ASSET = re.compile("sha256:([0-9a-f]{64})", re.ASCII)


class Unreadable(LedgerError):  # noqa: N818 - names what happened, as the field does
    """An entry of a known type has a payload of another form."""


@contextmanager
def reading(entry: Recorded) -> Iterator[None]:
    """Turns whatever breaks while an entry is read back into an error that names it.

    Raises:
        Unreadable: The entry has another form than its type asks for.
    """
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        what = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
        raise Unreadable(
            f"entry {entry.index} ({entry.type}) cannot be read back: {what}",
            hint=f"`forensics ledger show {entry.index}` prints it as it stands in the log.",
        ) from error


def sha256_of(entry: Recorded) -> Sha256 | None:
    """Returns the asset that an entry is about, or None where it is about something else."""
    match = _ASSET.fullmatch(entry.subject or "")
    return Sha256(match[1]) if match else None


def said(entry: Recorded, key: str) -> str:
    """Returns text of the payload: as it stands, from its commitment, or "" where there is none."""
    return text(entry, entry.payload.get(key)) if key in entry.payload else ""


def text(entry: Recorded, value: object) -> str:
    """Returns text, or the value behind a commitment.

    Raises:
        TypeError: It is neither.
    """
    if isinstance(value, Mapping) and isinstance(value.get("commitment"), str):
        return entry.disclosed.get(str(value["commitment"]), REDACTED)
    if not isinstance(value, str):
        raise TypeError(f"expected text, found {type(value).__name__}")
    return well_formed(value)


def stated(entry: Recorded, key: str = "by") -> Stated:
    """Returns who wrote an entry, and when."""
    return Stated(entry=entry.index, at=entry.at, by=said(entry, key))


def asset_of(entry: Recorded) -> Sha256:
    """Returns the asset that an entry is about, which it has to be about."""
    found = sha256_of(entry)
    if found is None:
        raise ValueError(f"it is about {entry.subject!r}, expected sha256:<64 hex digits>")
    return found


def listed(value: object) -> list[Any]:
    """Returns a list, which it has to be."""
    if not isinstance(value, list):
        raise TypeError(f"expected a list, found {type(value).__name__}")
    return value


def whole(value: object) -> int:
    """Returns a whole number, which it has to be."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"expected a whole number, found {type(value).__name__}")
    return value


def number(value: object) -> int:
    """Returns the number of a claim: a whole number from 1 on."""
    found = whole(value)
    if found < 1:
        raise ValueError(f"a claim has the number {found}, expected one from 1 on")
    return found


def number_or_none(data: Mapping[str, Any], key: str) -> int | None:
    """Returns the number of a claim, or None where there is none."""
    return None if data.get(key) is None else number(data[key])


def text_or_none(data: Mapping[str, Any], key: str) -> str | None:
    """Returns text, or None where there is none."""
    return None if data.get(key) is None else recall(data[key], str)


def ratio_or_none(data: Mapping[str, Any], key: str) -> Fraction | None:
    """Returns a ratio, or None where there is none."""
    return None if data.get(key) is None else recall(data[key], Fraction)
