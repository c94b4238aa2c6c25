"""Reads a claim: from a TOML file, or from the options of a command, which take the same way."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from forensics.errors import UsageError
from forensics.model import Claim, Count, Place

MAX_SIZE = 64 * 1024
_FORM = (
    "Expected is a table [claim] with statement and by, and where known first_said_at, said_where, "
    "released_at, source, [claim.event] from, to and zone, [claim.place] name, lat, lon, radius_km "
    "and area, and a [[claim.count]] with what and number for each number that it states."
)
_KEYS = {
    "statement",
    "by",
    "first_said_at",
    "said_where",
    "released_at",
    "source",
    "event",
    "place",
    "count",
}
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)", re.ASCII)
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}", re.ASCII)
_CORNERS = 500
"""Of an area, more than any claim in words has."""


def read_claim(path: Path) -> Claim:
    """Returns the claim that a TOML file states.

    Raises:
        UsageError: The file cannot be read or does not have the expected form; says which part.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_SIZE + 1)
        if len(raw) > MAX_SIZE:
            raise UsageError(
                f"{path} is longer than a claim, which has at most {MAX_SIZE} bytes.", hint=_FORM
            )
        data = tomllib.loads(raw.decode())
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", hint=_FORM) from error
    except (ValueError, RecursionError) as error:  # not UTF-8, or not TOML
        raise UsageError(f"{path} is not a TOML file: {error}.", hint=_FORM) from error
    return claim_of(data, str(path))


def claim_of(data: Mapping[str, Any], path: str, hint: str = _FORM) -> Claim:
    """Returns the claim that a document states.

    Args:
        data: With a table "claim", as in a TOML file.
        path: What is said to hold it.
        hint: What to do where it is not as expected.

    Raises:
        UsageError: It does not have the expected form; says which part.
    """
    try:
        return _claim(data, path)
    except UsageError as error:
        raise UsageError(str(error), hint=hint) from error


def _claim(data: Mapping[str, Any], path: str) -> Claim:
    claim = _table(data, "claim", path)
    _only(claim, _KEYS, path)
    event = _table(claim, "event", path) if "event" in claim else {}
    _only(event, {"from", "to", "zone"}, path)
    zone_name = _text(event, "zone", path)
    zone = _zone(zone_name, path) if zone_name else None
    start, end = _time(event, "from", path, zone), _time(event, "to", path, zone, end=True)
    if start and end and start > end:
        raise UsageError(f"{path}: the event ends ({end}) before it begins ({start}).")
    return Claim(
        statement=_text(claim, "statement", path, needed=True) or "",
        by=_text(claim, "by", path, needed=True) or "",
        first_said_at=_time_or_day(claim, "first_said_at", path),
        said_where=_text(claim, "said_where", path),
        released_at=_time_or_day(claim, "released_at", path),
        event_from=start,
        event_to=end,
        event_zone=zone_name,
        place=_place(_table(claim, "place", path), path) if "place" in claim else None,
        source=_text(claim, "source", path),
        counts=tuple(_count(one, path) for one in _tables(claim, "count", path)),
    )


def _place(place: Mapping[str, Any], path: str) -> Place:
    _only(place, {"name", "lat", "lon", "radius_km", "area"}, path)
    if ("lat" in place) != ("lon" in place):
        raise UsageError(f"{path}: a place has both lat and lon, or neither.")
    if "radius_km" in place and "lat" not in place:
        raise UsageError(f"{path}: a place with radius_km has lat and lon, its centre.")
    return Place(
        name=_text(place, "name", path, needed=True) or "",
        lat=_number(place, "lat", path, 90),
        lon=_number(place, "lon", path, 180),
        radius_km=_number(place, "radius_km", path, 20040, least=0),
        area=_area(place, path),
    )


def _area(place: Mapping[str, Any], path: str) -> tuple[tuple[str, str], ...]:
    value = place.get("area", [])
    pairs = isinstance(value, list) and all(isinstance(c, list) and len(c) == 2 for c in value)
    if not pairs or len(value) in {1, 2} or len(value) > _CORNERS:
        raise UsageError(
            f"{path}: area is not a list of 3 to {_CORNERS} corners, each [latitude, longitude]."
        )
    return tuple(
        (_decimal(lat, "area", path, 90), _decimal(lon, "area", path, 180)) for lat, lon in value
    )


def _count(count: Mapping[str, Any], path: str) -> Count:
    _only(count, {"what", "number"}, path)
    number = count.get("number")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= 2**53:
        raise UsageError(f"{path}: the number of a count is {number!r}: expected a whole number.")
    return Count(what=_text(count, "what", path, needed=True) or "", number=number)


def _table(data: Mapping[str, Any], key: str, path: str) -> Mapping[str, Any]:
    value = data.get(key)
    if not isinstance(value, dict):
        raise UsageError(f"{path} has no table [{key}].")
    return value


def _tables(data: Mapping[str, Any], key: str, path: str) -> list[Mapping[str, Any]]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise UsageError(f"{path}: {key} is not a list of tables [[claim.{key}]].")
    return value


def _only(table: Mapping[str, Any], keys: set[str], path: str) -> None:
    extra = sorted(set(table) - keys)
    if extra:
        raise UsageError(f"{path} has unknown keys: {', '.join(extra)}.")


def _text(table: Mapping[str, Any], key: str, path: str, *, needed: bool = False) -> str | None:
    value = table.get(key)
    if value is None and not needed:
        return None
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{path}: {key} is missing or is not text.")
    return value.strip()


def _number(
    table: Mapping[str, Any], key: str, path: str, limit: int, least: int | None = None
) -> str | None:
    value = table.get(key)
    return None if value is None else _decimal(value, key, path, limit, least)


def _decimal(value: object, key: str, path: str, limit: int, least: int | None = None) -> str:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    low = -limit if least is None else least
    if isinstance(value, bool) or not number.is_finite() or not low <= number <= limit:
        raise UsageError(
            f"{path}: {key} is {value!r}: expected a number from {low} to {limit}, such as 57.98."
        )
    return format(number, "f")


def _zone(name: str, path: str) -> tzinfo:
    if offset := _OFFSET.fullmatch(name):
        size = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        if size < timedelta(hours=24):
            return timezone(-size if offset[1] == "-" else size)
    try:
        if _ZONE.fullmatch(name):
            return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not known here, or the name of a folder
        pass
    raise UsageError(
        f"{path}: zone is {name!r}: expected an offset such as +03:00, or a zone of the IANA database that "
        "is known here, such as Europe/Moscow."
    )


def _time_or_day(table: Mapping[str, Any], key: str, path: str) -> str | None:
    """Returns a time in UTC, or the day where no more is stated: no time of day is made of it."""
    value = table.get(key)
    if isinstance(value, str) and len(value) == len("2025-12-29"):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            value = None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return _time(table, key, path)


def _time(
    table: Mapping[str, Any], key: str, path: str, zone: tzinfo | None = None, *, end: bool = False
) -> str | None:
    """Returns a time in UTC; with a zone beside it, a day or a time without one is meant in that zone.

    Where the clock goes back and an hour comes twice, the earlier one begins an event and the later ends it.
    """
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
        except ValueError:
            value = None
    if zone is not None and isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time(23, 59, 59) if end else time(0))
    if not isinstance(value, datetime) or (value.tzinfo is None and zone is None):
        event = key in {"from", "to"}
        more = (
            ' or a zone beside it, as in zone = "+03:00"' if event else ", or is a day, 2025-12-29"
        )
        raise UsageError(
            f"{path}: {key} needs a date, a time and a zone, as in 2025-12-29T18:00:00Z{more}."
        )
    if value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    try:
        either = [value.replace(fold=fold).astimezone(UTC) for fold in (0, 1)]
    except OverflowError as error:
        raise UsageError(f"{path}: {key} lies at the end of all calendars.") from error
    return (max(either) if end else min(either)).strftime("%Y-%m-%dT%H:%M:%SZ")
