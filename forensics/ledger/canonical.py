"""Which bytes is a body? One JSON value, one sequence of bytes: a restricted profile of RFC 8785.

The profile leaves out what makes RFC 8785 hard: no fractional numbers (decimals are text, ratios "n/d"),
ASCII keys (so that sorting by UTF-16 code units and by bytes agree), whole numbers within ±2^53
(section 3.2.2.3 and RFC 7493), well-formed Unicode. Within it, `orjson` with sorted keys writes exactly what
RFC 8785 asks for; the tests hold it against an independent implementation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from forensics.errors import LedgerError

MAX_BODY = 16 * 2**20
"""No body is longer than this many bytes, neither written nor read."""
MAX_DEPTH = 64
"""No body nests deeper than this."""
MAX_INTEGER = 2**53

Plain = dict[str, Any] | list[Any] | str | int | bool | None
"""A JSON value of this profile."""


class CanonicalError(LedgerError, ValueError):
    """A value has no canonical bytes, or bytes are not canonical."""


def canonical_bytes(value: object) -> bytes:
    """Returns the one sequence of bytes that stands for a JSON value.

    Args:
        value: Mappings with ASCII text keys, lists, tuples, text, whole numbers within ±2^53, booleans, None.

    Raises:
        CanonicalError: The value is outside the profile; the message says where.
    """
    try:
        data = _plain_bytes(value) or orjson.dumps(_plain(value, 0), option=orjson.OPT_SORT_KEYS)
    except _Outside as outside:
        raise CanonicalError(outside.message) from None
    if len(data) > MAX_BODY:
        raise CanonicalError(
            f"a body of {len(data):,} bytes is too long: the most that one entry holds is {MAX_BODY:,} bytes"
        )
    return data


def body_bytes(body: Mapping[str, object]) -> bytes:
    """Returns the canonical bytes of an entry's body.

    Raises:
        CanonicalError: The body is outside the profile; the message says where.
    """
    return canonical_bytes(body)


def read_body(data: bytes) -> dict[str, Any]:
    """Reads a body, and refuses bytes that are not exactly what `body_bytes` would write.

    So no two readers can see different values in it: a repeated key, other spacing or a number in another
    spelling is refused. The hash of an entry never depends on this; it is taken over the bytes as they are.

    Raises:
        CanonicalError: Too long, not JSON, not an object, or not canonical.
    """
    if len(data) > MAX_BODY:
        raise CanonicalError(f"a body has {len(data):,} bytes, expected at most {MAX_BODY:,}")
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise CanonicalError(f"a body is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise CanonicalError(f"a body is a JSON {_kind(value)}, expected an object")
    if canonical_bytes(value) != data:
        raise CanonicalError(
            "a body is JSON but not in canonical form (RFC 8785): its keys, spacing or escapes differ"
        )
    return value


class _Outside(Exception):  # noqa: N818 - never leaves this module
    """A part is outside the profile; each level that it passes adds where it lies."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
        self.path: list[str] = []

    @property
    def message(self) -> str:
        where = "".join(f"/{step}" for step in reversed(self.path))
        return f"the value at {where} {self.what}" if where else f"the value {self.what}"


def _plain_bytes(value: object) -> bytes | None:
    """Returns the bytes of a value that is surely inside the profile as it is; None: look closer."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS) if _is_plain(value, 0) else None
    except TypeError:  # a key is not text, or text has an unpaired surrogate
        return None


def _is_plain(value: Any, depth: int) -> bool:
    """Tells whether a dict or list holds plain types alone, within the bounds; says nothing of its text."""
    if depth >= MAX_DEPTH:
        return False
    if type(value) is dict:
        if not "".join(value).isascii():
            return False
        value = value.values()
    elif type(value) is not list:
        return False
    for part in value:
        kind = type(part)
        if kind is str or part is None or kind is bool:
            continue
        if kind is int:
            if not -MAX_INTEGER <= part <= MAX_INTEGER:
                return False
        elif not _is_plain(part, depth + 1):
            return False
    return True


def _plain(value: object, depth: int) -> Plain:
    """Copies a value into plain dicts and lists, checking every part of it."""
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise _Outside(f"is the number {value}, outside ±2^53; write it as text")
        return int(value)
    if depth >= MAX_DEPTH:
        raise _Outside(f"nests deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict | Mapping):  # most are dicts, and those are told apart faster
        return _object(value, depth + 1)
    if isinstance(value, list | tuple):
        return _array(value, depth + 1)
    hint = "; write decimals as text and ratios as n/d" if isinstance(value, float) else ""
    raise _Outside(f"is a {_kind(value)}, which has no canonical form here{hint}")


def _object(value: Mapping[object, object], depth: int) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key, item in value.items():
        if not isinstance(key, str) or not key.isascii():
            raise _Outside(f"has the key {key!r}; keys are ASCII text")
        if type(item) is str and item.isascii():  # most parts are short text: without another call
            plain[str(key)] = item
            continue
        try:
            plain[str(key)] = _plain(item, depth)
        except _Outside as outside:
            outside.path.append(key)
            raise
    return plain


def _array(value: Sequence[object], depth: int) -> list[Any]:
    if all(type(item) is str and item.isascii() for item in value):
        return list(value)
    plain: list[Any] = []
    for place, item in enumerate(value):
        try:
            plain.append(_plain(item, depth))
        except _Outside as outside:
            outside.path.append(str(place))
            raise
    return plain


def _text(value: str) -> str:
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise _Outside("is text with an unpaired surrogate") from None
    return str(value)


def _kind(value: object) -> str:
    return type(value).__name__
