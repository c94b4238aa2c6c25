"""A claim: who says what about the world, with stated time and place."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From start to end, in seconds."""

    start: Fraction
    end: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A stated place. Decimal degrees (WGS 84) and kilometres, as text.

    Attributes:
        name: In words.
        lat: Of its centre.
        lon: Of its centre.
        radius_km: How far around the centre it reaches; None: it is a point.
        area: (latitude, longitude) of each corner of an area, in order; empty: there is none.
    """

    name: str
    lat: str | None = None
    lon: str | None = None
    radius_km: str | None = None
    area: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number that a claim states: how many of what."""

    what: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What an asset is offered as evidence of.

    Attributes:
        statement: The claim, one sentence, in the words of whoever makes it.
        by: Who makes it.
        first_said_at: RFC 3339 time of the first statement, or its day where no more is known, or None.
        released_at: RFC 3339 time at which the assets were released, or its day, or None.
        event_from: Earliest stated time of the event, RFC 3339 UTC, or None.
        event_to: Latest stated time of the event, RFC 3339 UTC, or None.
        place: Stated place, or None.
        source: Where the assets came from, as stated, or None.
        said_where: Where it was first said: an address or the name of a medium, or None.
        event_zone: Time zone in which the event's time was stated ("Europe/Moscow", "+03:00"), or None.
        counts: Numbers that it states.
    """

    statement: str
    by: str
    first_said_at: str | None = None
    released_at: str | None = None
    event_from: str | None = None
    event_to: str | None = None
    place: Place | None = None
    source: str | None = None
    said_where: str | None = None
    event_zone: str | None = None
    counts: tuple[Count, ...] = ()
