"""What a claim states of time and place, as far as the sky can be tested against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np

from forensics.model import Claim, Outcome
from forensics.model.moment import read_moment
from forensics.sky.fitting import FIRST, LAST, Span
from forensics.sky.region import MAX_RADIUS_KM, Region, disc, position, region

CLOCK: Final = 600.0
"""Seconds by which a stated time may be off, on both sides."""
OWN_KM: Final = 1.0
"""How far off a place may be that a file states."""
MAX_DAYS: Final = 3
"""Of a longer stated time the days are not gone through one by one."""
_DAY: Final = 86_400.0

NO_CLAIM: Final = (
    "What a person read off the sky is not tested: no claim states a time and a place."
)
NO_TIME: Final = (
    "What a person read off the sky is not tested: the claim states no time of the event."
)
NO_PLACE: Final = (
    "What a person read off the sky is not tested: the claim states no place by its coordinates."
)
TOO_LARGE: Final = (
    "What a person read off the sky is not tested: the stated place reaches over more than 1000 km."
)
FAR_OFF: Final = (
    "What a person read off the sky is not tested: the stated time is not between 1900 and 2099."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """When and where, with the uncertainty of both.

    Attributes:
        region: The stated place.
        event: The stated time of the event, with what a clock may be off.
        until: From the beginning of it to the time since which the material is known, or to its end where
            that is later; None where it is not known, or was before.
        event_text: The stated time, as it is shown.
        known: The time since which the material is known, as it is shown; empty where `until` is None.
    """

    region: Region
    event: Span
    until: Span | None
    event_text: str
    known: str

    @property
    def days(self) -> Span | None:
        """The days (UTC) of the stated time from midnight to midnight; None where there are many."""
        first = float(np.floor(self.event[0] / _DAY) * _DAY)
        last = float(np.ceil(self.event[1] / _DAY) * _DAY)
        return (first, last) if last - first <= MAX_DAYS * _DAY else None

    @property
    def middle(self) -> float:
        """POSIX time in the middle of the stated time."""
        return (self.event[0] + self.event[1]) / 2


def setting(claim: Claim | None, known_at: str | None) -> Setting | str:
    """Returns when and where, or the sentence that says why the sky cannot be tested.

    Args:
        claim: What is claimed, or None.
        known_at: RFC 3339 time since which the material is known; None: the claim's release is taken.
    """
    if claim is None:
        return NO_CLAIM
    begin = read_moment(claim.event_from) if claim.event_from else None
    if begin is None:
        return NO_TIME
    if claim.place is None or (where := region(claim.place)) is None:
        return NO_PLACE
    if where.radius_km > MAX_RADIUS_KM:
        return TOO_LARGE
    end = read_moment(claim.event_to) if claim.event_to else None
    last = max((end or begin).latest, begin.latest)
    if not (begin.earliest >= FIRST and last < LAST):
        return FAR_OFF
    event = (begin.earliest.timestamp() - CLOCK, last.timestamp() + CLOCK)
    release = read_moment(known_at or claim.released_at or "")
    later = release is not None and begin.earliest <= release.latest < LAST
    return Setting(
        region=where,
        event=event,
        until=(event[0], max(last, release.latest).timestamp() + CLOCK)
        if release and later
        else None,
        event_text=begin.text if end is None else f"{begin.text} to {end.text}",
        known=release.text if release and later else "",
    )


def stated_setting(outcomes: Sequence[Outcome]) -> Setting | None:
    """Returns when and where a file says that it was recorded; None where it does not say both.

    Args:
        outcomes: Of the asset; "metadata" is read.
    """
    told = [f for o in outcomes if o.analysis == "metadata" for f in o.findings]
    times = [
        moment
        for f in told
        if f.id == "dates-stated"
        for m in f.measurements
        if m.key == "captured" and (moment := read_moment(str(m.value)))
    ]
    places = [{m.key: str(m.value) for m in f.measurements} for f in told if f.id == "place-stated"]
    point = position(places[0]["latitude"], places[0]["longitude"]) if places else None
    if not times or point is None:
        return None
    first, last = min(m.earliest for m in times), max(m.latest for m in times)
    if not (first >= FIRST and last < LAST):
        return None
    return Setting(
        region=disc(*point, OWN_KM),
        event=(first.timestamp() - CLOCK, last.timestamp() + CLOCK),
        until=None,
        event_text=times[0].text,
        known="",
    )


def clock(posix: float) -> str:
    """Returns a time as it is shown, to the minute, UTC."""
    return datetime.fromtimestamp(posix, UTC).strftime("%Y-%m-%dT%H:%MZ")


def shown(span: Span) -> str:
    """Returns an interval as it is shown."""
    return f"{clock(span[0])} to {clock(span[1])}"
