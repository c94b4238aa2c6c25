"""Daylight, twilight, moon and season, as a person saw them, against the stated time and place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

import numpy as np

from forensics.claims.sky_values import (
    ADDED,
    BY_HAND,
    CLOCKS,
    CLOUDS,
    EXPOSURE,
    Answer,
    as_stated,
    ask,
    degrees,
    not_tested,
    of_event,
    said,
    text,
    time,
    unreadable,
)
from forensics.model import Diagnostic, Finding, Measurement
from forensics.model.case import Observation
from forensics.sky.bodies import HORIZON, phase
from forensics.sky.fitting import Fits, grid, light_fits, moon_fits
from forensics.sky.setting import Setting

TWILIGHTS: Final = (
    ("night", -90.0, -18.0),
    ("astronomical twilight", -18.0, -12.0),
    ("nautical twilight", -12.0, -6.0),
    ("civil twilight", -6.0, HORIZON),
    ("day", HORIZON, 90.0),
)
"""True altitude of the sun's centre, from and to (USNO, "Rise, Set, and Twilight Definitions")."""
LIGHTS: Final[Mapping[str, tuple[float, float]]] = {
    "day": (-6.0, 90.0),
    "twilight": (-18.0, 3.0),
    "night": (-90.0, -4.0),
}
"""At which altitudes of the sun a picture can look so. They overlap: a camera sets its own brightness."""
MOONS: Final[Mapping[str, tuple[float, float]]] = {
    "full": (0.90, 1.0),
    "gibbous": (0.45, 1.0),
    "half": (0.30, 0.70),
    "crescent": (0.0, 0.55),
    "visible": (0.01, 1.0),
}
"""Share of the disc that is lit where a person says so: two days before full the eye takes it for full."""
UNSEEN: Final = frozenset({"new", "not-visible"})

_LIGHT: Final = (BY_HAND, EXPOSURE, CLOCKS)
_MOON: Final = (BY_HAND, ADDED, CLOCKS)

LIGHT_TOLD: Final[Mapping[Answer, Finding]] = {
    Answer.FITS: Finding(
        id="light-fits",
        template="A person saw {light} in the picture (entry {entry}); at the stated place and time "
        "({event}) the sun stood {least} to {most} degrees above the horizon ({phase}), "
        "which fits.",
    ),
    Answer.MIXED: Finding(
        id="light-mixed",
        template="A person saw {light} in the picture (entry {entry}); the stated time ({event}) "
        "spans {phase} at the stated place, so that this is not tested.",
    ),
    Answer.NEVER: Finding(
        id="light-cannot-fit",
        template="A person saw {light} in the picture (entry {entry}); that fits no moment from the "
        "beginning of the stated time of the event ({event}) until the material was known "
        "({known}), anywhere in the stated place.",
    ),
    Answer.LATER: Finding(
        id="only-after-event",
        template="A person saw {light} in the picture (entry {entry}); at the stated place through "
        "all of the stated time ({event}) the sun stood {least} to {most} degrees above the "
        "horizon ({phase}), which does not fit. A moment after it, before the material was "
        "known ({known}), fits.",
    ),
    Answer.MISSES: Finding(
        id="not-during-event",
        template="A person saw {light} in the picture (entry {entry}); at the stated place through "
        "all of the stated time ({event}) the sun stood {least} to {most} degrees above the "
        "horizon ({phase}), which does not fit. Since when the material is known is not "
        "stated.",
    ),
}
"""The finding and its sentence for each answer; that the sun is down is none, where light is asked for."""
MOON_TOLD: Final[Mapping[Answer, Finding]] = {
    Answer.FITS: Finding(
        id="moon-fits",
        template="A person saw the moon (entry {entry}: {moon}); during the stated time ({event}) a "
        "share of {lit} of its disc was lit ({turn}), and at the stated place it stood "
        "{most} degrees above the horizon at most, which fits.",
    ),
    Answer.NEVER: Finding(
        id="moon-cannot-fit",
        template="A person saw the moon (entry {entry}: {moon}); that fits no moment from the "
        "beginning of the stated time of the event ({event}) until the material was known "
        "({known}), anywhere in the stated place.",
    ),
    Answer.LATER: Finding(
        id="only-after-event",
        template="A person saw the moon (entry {entry}: {moon}); through all of the stated time "
        "({event}) a share of {lit} of its disc was lit ({turn}), and at the stated place it "
        "stood {most} degrees above the horizon at most, which does not fit. A moment after "
        "it, before the material was known ({known}), fits.",
    ),
    Answer.MISSES: Finding(
        id="not-during-event",
        template="A person saw the moon (entry {entry}: {moon}); through all of the stated time "
        "({event}) a share of {lit} of its disc was lit ({turn}), and at the stated place it "
        "stood {most} degrees above the horizon at most, which does not fit. Since when the "
        "material is known is not stated.",
    ),
}
"""The same of the moon, which need not have been seen through all of the time."""


def light(
    observation: Observation, where: Setting | str, stated: Setting | None
) -> Iterator[Finding]:
    """Yields what daylight or its absence says."""
    word = observation.values.get("light", "")
    if word not in LIGHTS:
        yield unreadable(
            observation,
            "What a person wrote of the light (entry {entry}) is none of day, twilight and night, so that "
            "it is not tested.",
        )
        return
    look = partial(light_fits, *LIGHTS[word])
    if stated is not None:
        answer, _ = ask(look, stated, whole=True)
        yield from as_stated(observation, answer, stated)
    if isinstance(where, str):
        yield not_tested(observation, where)
        return
    answer, fits = ask(look, where, whole=True)
    yield _light((text("light", word), *said(observation)), where, answer, fits)
    yield from _polar(where)


def _light(seen: tuple[Measurement, ...], where: Setting, answer: Answer, fits: Fits) -> Finding:
    phases = [name for name, low, high in TWILIGHTS if fits.high > low and fits.low < high]
    values = (
        *seen,
        time("event", where.event_text),
        degrees("least", fits.low),
        degrees("most", fits.high),
        *(text("phase", name) for name in phases),
    )
    return of_event(answer, LIGHT_TOLD[answer], where, values, _LIGHT)


def _polar(where: Setting) -> Iterator[Finding]:
    """Places where the sun does not rise or set on the days of the stated time."""
    if where.days is None:
        return
    all_days = light_fits(-90.0, 90.0, where.region, where.days)
    if all_days.low > HORIZON:
        yield Finding(
            id="polar-day",
            template="At the stated place the sun does not set on the days of the stated time ({event}).",
            measurements=(time("event", where.event_text),),
            diagnostic=Diagnostic.NO,
            caveats=(CLOCKS,),
        )
    if all_days.high < HORIZON:
        yield Finding(
            id="polar-night",
            template="At the stated place the sun does not rise on the days of the stated time ({event}).",
            measurements=(time("event", where.event_text),),
            diagnostic=Diagnostic.NO,
            caveats=(CLOCKS,),
        )


def moon(
    observation: Observation, where: Setting | str, stated: Setting | None
) -> Iterator[Finding]:
    """Yields what the moon, or that it is not seen, says."""
    word = observation.values.get("moon", "")
    if word not in {*MOONS, *UNSEEN}:
        yield unreadable(
            observation,
            "What a person wrote of the moon (entry {entry}) is none of full, gibbous, half, "
            "crescent, new, visible and not-visible, so that it is not tested.",
        )
        return
    if word in MOONS and stated is not None:
        answer, _ = ask(partial(moon_fits, *MOONS[word]), stated)
        yield from as_stated(observation, answer, stated)
    if isinstance(where, str):
        yield not_tested(observation, where)
        return
    seen = (text("moon", word), *said(observation), time("event", where.event_text), *_lit(where))
    if word in MOONS:
        yield _moon(seen, where, *ask(partial(moon_fits, *MOONS[word]), where))
    else:
        yield _no_moon(seen, where)


def _moon(seen: tuple[Measurement, ...], where: Setting, answer: Answer, fits: Fits) -> Finding:
    values = (*seen, degrees("most", fits.high))
    return of_event(answer, MOON_TOLD[answer], where, values, _MOON)


def _no_moon(seen: tuple[Measurement, ...], where: Setting) -> Finding:
    fits = moon_fits(0.0, 1.0, where.region, where.event)
    return Finding(
        id="moon-not-visible",
        template="A person saw no moon in the picture (entry {entry}: {moon}); during the stated time "
        "({event}) a share of {lit} of its disc was lit ({turn}), and at the stated place it stood {most} "
        "degrees above the horizon at most. That it is not seen decides nothing.",
        measurements=(*seen, degrees("most", fits.high)),
        diagnostic=Diagnostic.NO,
        caveats=(BY_HAND, CLOUDS, CLOCKS),
    )


def _lit(where: Setting) -> tuple[Measurement, ...]:
    """Least and greatest share of the moon that is lit in the stated time, and whether it grows."""
    found = phase(grid(where.event)[0])
    low, high = f"{found.lit.min():.2f}", f"{found.lit.max():.2f}"
    waxing = set(np.unique(found.waxing).tolist())
    turn = "waxing and waning" if len(waxing) > 1 else "waxing" if True in waxing else "waning"
    return (text("lit", low if low == high else f"{low} to {high}"), text("turn", turn))


def season(observation: Observation) -> Finding:
    """Returns what a person saw of the time of year; nothing is computed of it."""
    return Finding(
        id="season",
        template="A person noted what the picture shows of the season (entry {entry}): “{season}”.",
        measurements=(
            text("season", observation.values.get("season", ""), personal=True),
            *said(observation),
        ),
        diagnostic=Diagnostic.NO,
        caveats=(BY_HAND,),
    )
