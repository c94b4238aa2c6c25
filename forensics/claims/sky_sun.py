"""The sun as a person measured it, on a shadow or in a picture of known direction: when and where so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

import numpy as np

from forensics.claims.sky_values import (
    AIR,
    BY_HAND,
    CAMERA,
    CLOCKS,
    FLAT,
    LAMPS,
    Answer,
    as_stated,
    ask,
    degrees,
    moments,
    not_tested,
    number,
    of_event,
    said,
    text,
    time,
    unreadable,
)
from forensics.model import Diagnostic, Finding, Measurement
from forensics.model.case import Observation
from forensics.sky.bodies import Body, follow
from forensics.sky.fitting import MARGIN, Fits, sun_fits
from forensics.sky.measured import Sighting, sighting
from forensics.sky.region import KM_A_DEGREE
from forensics.sky.setting import Setting, clock

_CAVEATS: Final = (BY_HAND, FLAT, CAMERA, AIR, CLOCKS)

SUN_TOLD: Final[Mapping[Answer, Finding]] = {
    Answer.FITS: Finding(
        id="sun-fits",
        template="What a person measured of the sun (entry {entry}) fits the stated time and place of "
        "the event ({event}), at {consistent}.",
    ),
    Answer.DOWN: Finding(
        id="sun-below-horizon",
        template="The sun is below the horizon at the stated place through all of the time that can "
        "be tested (the event: {event}), so that what a person measured (entry {entry}) is "
        "not tested.",
    ),
    Answer.NEVER: Finding(
        id="sun-cannot-fit",
        template="What a person measured of the sun (entry {entry}) fits no moment from the beginning "
        "of the stated time of the event ({event}) until the material was known ({known}), "
        "anywhere in the stated place.",
    ),
    Answer.LATER: Finding(
        id="only-after-event",
        template="What a person measured of the sun (entry {entry}) fits no moment of the stated time "
        "of the event ({event}) anywhere in the stated place, where the sun stood {least} to "
        "{most} degrees above the horizon; it fits a moment after it, before the material "
        "was known ({known}).",
    ),
    Answer.MISSES: Finding(
        id="not-during-event",
        template="What a person measured of the sun (entry {entry}) fits no moment of the stated time "
        "of the event ({event}) anywhere in the stated place, where the sun stood {least} to "
        "{most} degrees above the horizon. Since when the material is known is not stated.",
    ),
}
"""The finding and its sentence for each answer; a measurement need not hold through all of the time."""


def sun(
    observation: Observation, where: Setting | str, stated: Setting | None
) -> Iterator[Finding]:
    """Yields what was measured, what it says of the stated times and places, and where else it is so."""
    measured = sighting(observation)
    if measured is None:
        yield unreadable(
            observation,
            "The values of a person's measurement (entry {entry}) are no lengths above nothing and no "
            "directions, so that the sun is not tested.",
        )
        return
    yield from _measured(observation, measured)
    if stated is not None:
        answer, _ = ask(partial(sun_fits, measured), stated, up=True)
        yield from as_stated(observation, answer, stated)
    if isinstance(where, str):
        yield not_tested(observation, where)
        return
    answer, fits = ask(partial(sun_fits, measured), where, up=True)
    yield _against_event(observation, where, answer, fits)
    yield from _inverse(observation, measured, where)


def _measured(observation: Observation, measured: Sighting) -> Iterator[Finding]:
    if measured.low is not None and measured.high is not None:
        yield Finding(
            id="sun-measured",
            template="By a person's measurement of a shadow (entry {entry}) the sun stood {low} to {high} "
            "degrees above the horizon.",
            measurements=(
                degrees("low", measured.low),
                degrees("high", measured.high),
                *said(observation),
            ),
            diagnostic=Diagnostic.NO,
            caveats=(BY_HAND, FLAT, CAMERA),
        )
    if measured.azimuth is not None:
        yield Finding(
            id="sun-direction",
            template="By a person's measurement (entry {entry}) the sun stood in the direction of "
            "{azimuth} degrees from true north, give or take {azimuth-error}.",
            measurements=(
                degrees("azimuth", measured.azimuth),
                degrees("azimuth-error", measured.azimuth_error),
                *said(observation),
            ),
            diagnostic=Diagnostic.NO,
            caveats=(BY_HAND, CAMERA),
        )
    if measured.assumed:
        yield Finding(
            id="error-assumed",
            template="The person gave no error for all that was measured (entry {entry}): a tenth of a "
            "length, or ten degrees of a direction, was assumed.",
            measurements=(number("entry", observation.stated.entry),),
            diagnostic=Diagnostic.NO,
            caveats=(BY_HAND,),
        )


def _against_event(observation: Observation, where: Setting, answer: Answer, fits: Fits) -> Finding:
    values: tuple[Measurement, ...] = (
        number("entry", observation.stated.entry),
        time("event", where.event_text),
    )
    match answer:
        case Answer.FITS:
            values = (*values, *moments("consistent", fits.spans))
        case Answer.LATER | Answer.MISSES:
            values = (*values, degrees("least", fits.low), degrees("most", fits.high))
    caveats = (*_CAVEATS, LAMPS) if answer is Answer.DOWN else _CAVEATS
    return of_event(answer, SUN_TOLD[answer], where, values, caveats)


def _inverse(observation: Observation, measured: Sighting, where: Setting) -> Iterator[Finding]:
    """Which times of the stated days fit at the stated place, and which places at the stated time."""
    entry = number("entry", observation.stated.entry)
    if where.days:
        fits = sun_fits(measured, where.region, where.days)
        days = time("days", f"{clock(where.days[0])[:10]} to {clock(where.days[1] - 1)[:10]}")
        if fits.any:
            yield Finding(
                id="sun-times",
                template="At the stated place, on the days {days} (UTC), what a person measured of the sun "
                "(entry {entry}) fits at {consistent}.",
                measurements=(entry, days, *moments("consistent", fits.spans)),
                diagnostic=Diagnostic.NO,
                caveats=_CAVEATS,
            )
        else:
            yield Finding(
                id="sun-times-none",
                template="At the stated place, on the days {days} (UTC), what a person measured of the sun "
                "(entry {entry}) fits no time.",
                measurements=(entry, days),
                diagnostic=Diagnostic.NO,
                caveats=_CAVEATS,
            )
    if measured.low is not None and measured.high is not None:
        yield _band(entry, measured.low, measured.high, where)


def _band(entry: Measurement, low: float, high: float, where: Setting) -> Finding:
    """Places from which the sun stands between two altitudes lie in a ring around where it is overhead."""
    track = follow(Body.SUN, np.array([where.middle]))
    near, far = max(0.0, 90.0 - high - MARGIN), 90.0 - max(low - MARGIN, -MARGIN)
    return Finding(
        id="sun-band",
        template="At {middle}, the middle of the stated time, what a person measured of the sun (entry "
        "{entry}) fits places that lie {near} to {far} km from {overhead} (degrees north, degrees east), "
        "where it is overhead.",
        measurements=(
            entry,
            time("middle", clock(where.middle)),
            Measurement(key="near", value=round(near * KM_A_DEGREE), unit="km"),
            Measurement(key="far", value=round(far * KM_A_DEGREE), unit="km"),
            text("overhead", f"{track.north[0]:.1f}, {track.east[0]:.1f}"),
        ),
        diagnostic=Diagnostic.NO,
        caveats=(BY_HAND, FLAT, CAMERA, AIR),
    )
