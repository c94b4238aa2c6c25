"""A time as somebody stated it, with its zone if one was given, and never guessed if not.

A time without a zone lies in an interval: clocks on earth run from UTC-12 to UTC+14. Two stated times
contradict each other only when their intervals cannot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_AHEAD, _BEHIND = timedelta(hours=14), timedelta(hours=12)
_FORM = re.compile(
    r"\s*(?:D:)?(\d{4})[-:./]?(\d\d)[-:./]?(\d\d)"  # the "D:" of PDF (ISO 32000-1 section 7.9.4)
    r"(?:[T _]?(\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d+)?)?"
    r"\s*(Z|UTC|[+-]\d\d'?:?\d{0,2}'?)?\s*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A stated time.

    Attributes:
        text: As it was stated, with the zone behind it where a field of its own gave one.
        earliest: The earliest instant it can mean, UTC.
        latest: The latest instant it can mean, UTC.
    """

    text: str
    earliest: datetime
    latest: datetime

    @property
    def day(self) -> date:
        """The day it lies in: of a time without a zone as it was stated, else in UTC."""
        bare = self.latest - self.earliest >= _AHEAD + _BEHIND
        return (self.earliest + _AHEAD if bare else self.earliest).date()

    def before(self, other: Moment, slack: timedelta = timedelta(0)) -> bool:
        """Whether this time lies before the other by more than `slack`, whatever the zones."""
        return self.latest + slack < other.earliest


def read_moment(text: str, zone: str | None = None) -> Moment | None:
    """Returns the time that `text` states, or None where it states none.

    Args:
        text: EXIF ("2025:12:30 06:12:00"), ISO 8601, PDF ("D:20251230061200+03'00'") or a plain date.
        zone: The zone, where the format keeps it in a field of its own ("+03:00").
    """
    found = _FORM.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, inline = found.groups()
    try:
        start = datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            tzinfo=UTC,
        )
        end = start if hour else start + timedelta(days=1)
        offset = _offset(inline or zone)
        said = text.strip()
        if offset is None:
            return Moment(text=said, earliest=start - _AHEAD, latest=end + _BEHIND)
        if not inline and zone:
            said = f"{said} {zone.strip()}"
        return Moment(text=said, earliest=start - offset, latest=end - offset)
    except (ValueError, OverflowError):  # month 13, year 0, or past the end of time
        return None


def _offset(zone: str | None) -> timedelta | None:
    if zone is None:
        return None
    if zone.strip() in {"Z", "UTC"}:
        return timedelta(0)
    found = re.fullmatch(r"\s*([+-])(\d\d)'?:?(\d\d)?'?\s*", zone)
    if not found:
        return None
    size = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return -size if found[1] == "-" else size
