"""Reads a claim from a TOML file, as given to `forensics check --claim`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from forensics.errors import UsageError
from forensics.model import Claim, Place

MAX_SIZE = 64 * 1024
_FORM = (
    "Expected is a table [claim] with statement and by, and where known first_said_at, released_at, source, "
    "[claim.event] from and to, [claim.place] name, lat, lon and radius_km."
)


def read_claim(path: Path) -> Claim:
    """Returns the claim that a TOML file states.

    Raises:
        UsageError: The file cannot be read or does not have the expected form; says which part.
    """
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_SIZE:
            raise UsageError(
                f"{path} has {len(raw)} bytes: a claim has at most {MAX_SIZE}.", hint=_FORM
            )
        data = tomllib.loads(raw.decode())
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", hint=_FORM) from error
    except ValueError as error:  # not UTF-8, or not TOML
        raise UsageError(f"{path} is not a TOML file: {error}.", hint=_FORM) from error
    return _claim(data, path)


def _claim(data: Mapping[str, Any], path: Path) -> Claim:
    claim = _table(data, "claim", path)
    _only(
        claim, {"statement", "by", "first_said_at", "released_at", "source", "event", "place"}, path
    )
    event = _table(claim, "event", path) if "event" in claim else {}
    _only(event, {"from", "to"}, path)
    start, end = _time(event, "from", path), _time(event, "to", path)
    if start and end and start > end:
        raise UsageError(f"{path}: the event ends ({end}) before it begins ({start}).", hint=_FORM)
    return Claim(
        statement=_text(claim, "statement", path, needed=True) or "",
        by=_text(claim, "by", path, needed=True) or "",
        first_said_at=_time(claim, "first_said_at", path),
        released_at=_time(claim, "released_at", path),
        event_from=start,
        event_to=end,
        place=_place(_table(claim, "place", path), path) if "place" in claim else None,
        source=_text(claim, "source", path),
    )


def _place(place: Mapping[str, Any], path: Path) -> Place:
    _only(place, {"name", "lat", "lon", "radius_km"}, path)
    if ("lat" in place) != ("lon" in place):
        raise UsageError(f"{path}: a place has both lat and lon, or neither.", hint=_FORM)
    return Place(
        name=_text(place, "name", path, needed=True) or "",
        lat=_number(place, "lat", path, 90),
        lon=_number(place, "lon", path, 180),
        radius_km=_number(place, "radius_km", path, 20040),
    )


def _table(data: Mapping[str, Any], key: str, path: Path) -> Mapping[str, Any]:
    value = data.get(key)
    if not isinstance(value, dict):
        raise UsageError(f"{path} has no table [{key}].", hint=_FORM)
    return value


def _only(table: Mapping[str, Any], keys: set[str], path: Path) -> None:
    extra = sorted(set(table) - keys)
    if extra:
        raise UsageError(f"{path} has unknown keys: {', '.join(extra)}.", hint=_FORM)


def _text(table: Mapping[str, Any], key: str, path: Path, *, needed: bool = False) -> str | None:
    value = table.get(key)
    if value is None and not needed:
        return None
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{path}: {key} is missing or is not text.", hint=_FORM)
    return value.strip()


def _number(table: Mapping[str, Any], key: str, path: Path, limit: int) -> str | None:
    value = table.get(key)
    if value is None:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite() or abs(number) > limit:
        raise UsageError(
            f"{path}: {key} is {value!r}: expected a number up to {limit}.", hint=_FORM
        )
    return format(number, "f")


def _time(table: Mapping[str, Any], key: str, path: Path) -> str | None:
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise UsageError(
            f"{path}: {key} needs a date, a time and a zone, as in 2025-12-29T18:00:00Z.",
            hint=_FORM,
        )
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
