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
    """A stated place. Decimal degrees (WGS 84) and kilometres, as text."""

    name: str
    lat: str | None = None
    lon: str | None = None
    radius_km: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What an asset is offered as evidence of.

    Attributes:
        statement: The claim, one sentence, in the words of whoever makes it.
        by: Who makes it.
        first_said_at: RFC 3339 time of the first statement, or None.
        released_at: RFC 3339 time at which the assets were released, or None.
        event_from: Earliest stated time of the event, RFC 3339 UTC, or None.
        event_to: Latest stated time of the event, RFC 3339 UTC, or None.
        place: Stated place, or None.
        source: Where the assets came from, as stated, or None.
    """

    statement: str
    by: str
    first_said_at: str | None = None
    released_at: str | None = None
    event_from: str | None = None
    event_to: str | None = None
    place: Place | None = None
    source: str | None = None
