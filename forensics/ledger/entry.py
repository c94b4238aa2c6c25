"""An entry's body: what each one says, and how values that can be deleted later are bound into it.

A body is the canonical JSON object

    {"actor", "at", "commitments", "payload", "subject", "supersedes"?, "type", "v": 1}

`docs/ledger-format.md` lists the types and their payloads. Types that a reader does not know are kept and
verified like all others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from forensics.errors import LedgerError
from forensics.ledger.canonical import body_bytes, canonical_bytes, read_body

VERSION = 1
FORMAT = "forensics/ledger/1"
"""Named in the first entry."""
CREATED = "ledger-created"
"""Type of the first entry: origin, verification key, format."""
CHECKPOINT = "checkpoint"
"""Type of the entry that repeats each signed checkpoint."""
SALT_SIZE = 32
CHECKPOINT_TAIL = b'"type":"checkpoint","v":1}'
"""How a checkpoint entry's body ends, and no other body: keys are sorted, quotes in text are escaped."""

_TYPE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)
_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)
_REQUIRED = {
    "actor": str,
    "at": str,
    "commitments": dict,
    "payload": dict,
    "type": str,
}
_KINDS = list(_REQUIRED.values())
_KEYS = frozenset(_REQUIRED) | {"subject", "supersedes", "v"}


class EntryError(LedgerError, ValueError):
    """A body does not have the shape of an entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one body says.

    Attributes:
        v: Version of the body's shape.
        type: What kind of act it records.
        at: RFC 3339 time in UTC, by the clock of whoever appended it.
        actor: Short form of the key that acted, "name+key id"; never a person's name.
        subject: What it is about, "sha256:<64 hex>" or another kind of name; or None.
        payload: What happened.
        commitments: Salted hashes of values that are kept beside the log, hexadecimal, by key.
        supersedes: Index of the entry that this one corrects, or None.
    """

    v: int = VERSION
    type: str
    at: str
    actor: str
    subject: str | None
    payload: Mapping[str, Any]
    commitments: Mapping[str, str]
    supersedes: int | None = None


def entry_bytes(entry: Entry) -> bytes:
    """Returns the body of an entry: the exact bytes that the log keeps.

    Raises:
        EntryError: A part has the wrong shape.
        CanonicalError: A value has no canonical form.
    """
    body: dict[str, Any] = {
        "v": entry.v,
        "type": entry.type,
        "at": entry.at,
        "actor": entry.actor,
        "subject": entry.subject,
        "payload": dict(entry.payload),
        "commitments": dict(entry.commitments),
    }
    if entry.supersedes is not None:
        body["supersedes"] = entry.supersedes
    _check(body)
    return body_bytes(body)


def read_entry(body: bytes) -> Entry:
    """Reads a body.

    Raises:
        CanonicalError: Not canonical JSON.
        EntryError: Not an entry of a version that this program knows.
    """
    return Entry(**read_parts(body))


def read_parts(body: bytes) -> dict[str, Any]:
    """Reads a body into the parts of an entry, by name, each of the shape that it has to have.

    Raises:
        CanonicalError: Not canonical JSON.
        EntryError: Not an entry of a version that this program knows.
    """
    value = read_body(body)
    _check(value)
    return value


def commitment(salt: bytes, value: str) -> str:
    """Returns SHA-256(0x00 ‖ salt ‖ canonical JSON of the value), hexadecimal.

    The salt (32 random bytes) and the value are kept beside the log and can be deleted; the hash alone tells
    nothing of the value.
    """
    if len(salt) != SALT_SIZE:
        raise EntryError(f"a salt has {len(salt)} bytes, expected {SALT_SIZE}")
    return sha256(b"\x00" + salt + canonical_bytes(value)).hexdigest()


def check_supersedes(index: int, entry: Entry, earlier: Entry | None) -> None:
    """Checks that an entry corrects one that it may: an earlier one of the same type, about the same.

    Args:
        index: Of the entry.
        entry: The one that supersedes another.
        earlier: The one that it supersedes; None if there is none.

    Raises:
        EntryError: It may not.
    """
    replaced = entry.supersedes
    if replaced is None:
        return
    if replaced >= index or earlier is None:
        raise EntryError(
            f"entry {index} cannot supersede entry {replaced}: there is none before it"
        )
    if (earlier.type, earlier.subject) != (entry.type, entry.subject):
        raise EntryError(
            f"entry {index} cannot supersede entry {replaced}: expected the type {entry.type!r} about "
            f"{entry.subject}, found {earlier.type!r} about {earlier.subject}"
        )


def is_checkpoint(body: bytes) -> bool:
    """Tells whether a canonical body of version 1 is a checkpoint entry, without reading all of it."""
    return body.endswith(CHECKPOINT_TAIL)


@lru_cache(maxsize=64)
def _is_type(text: str) -> bool:
    return _TYPE.fullmatch(text) is not None


@lru_cache(maxsize=64)
def _is_time(text: str) -> bool:
    """One append gives all its entries the same time."""
    return _TIME.fullmatch(text) is not None


def _check(body: Mapping[str, Any]) -> None:
    v = body.get("v")
    if v != VERSION or isinstance(v, bool):
        raise EntryError(
            f"an entry has the version {v!r}, expected {VERSION}; a newer program may read it"
        )
    if not _KEYS.issuperset(body):
        unknown = sorted(set(body) - _KEYS)
        raise EntryError(f"an entry of version 1 has unknown parts: {', '.join(unknown)}")
    if [type(body.get(key)) for key in _REQUIRED] != _KINDS:
        for key, kind in _REQUIRED.items():
            if not isinstance(body.get(key), kind):
                raise EntryError(f"an entry's {key!r} is not a {kind.__name__}")
    if not _is_type(body["type"]):
        raise EntryError(f"an entry's type is {body['type']!r}, expected words joined by hyphens")
    if not _is_time(body["at"]):
        raise EntryError(f"an entry's time is {body['at']!r}, expected RFC 3339 in UTC")
    if "subject" not in body or not isinstance(body["subject"], str | None):
        raise EntryError("an entry's 'subject' is neither text nor null")
    if "supersedes" in body:
        replaced = body["supersedes"]
        if not isinstance(replaced, int) or isinstance(replaced, bool) or replaced < 0:
            raise EntryError("an entry's 'supersedes' is not the index of an entry")
    for key, value in body["commitments"].items():
        if not isinstance(value, str) or not _HEX.fullmatch(value):
            raise EntryError(f"the commitment {key!r} is not a SHA-256 in hexadecimal")
