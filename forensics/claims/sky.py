"""Does what a person read off a picture's shadows, light and moon fit the stated time and place?

The readings are a person's, never the machine's; what is computed is where sun and moon stand. A scene, a
wreck for instance, can honestly be recorded after the event, so that two things are kept apart: what fits no
moment of the event itself, and what fits no moment from its beginning until the material was known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from forensics.claims.sky_light import light, moon, season
from forensics.claims.sky_sun import sun
from forensics.model import Claim, Finding, Outcome, Pillar, Ran, Sha256
from forensics.model.case import Observation, Seen
from forensics.sky.fitting import MARGIN
from forensics.sky.setting import CLOCK, Setting, setting, stated_setting

NAME: Final = "sky"
VERSION: Final = 1


def compare_sky(
    asset: Sha256,
    claim: Claim | None,
    observations: Sequence[Observation],
    known_at: str | None = None,
    outcomes: Sequence[Outcome] = (),
) -> Outcome:
    """Returns the outcome of one asset's observations against one claim, and the file's own statements.

    Args:
        asset: Whose observations are tested; those of others are left out.
        claim: The stated time and place, or None.
        observations: Of the case, in any order.
        known_at: RFC 3339 time since which this material is known: the earliest of its release, its
            appearances and its receipt here; None: the release that the claim states.
        outcomes: The asset's own, for the time and the place that the file states.
    """
    own = sorted((o for o in observations if o.asset == asset), key=lambda o: o.stated.entry)
    where, stated = setting(claim, known_at), stated_setting(outcomes)
    return Outcome(
        analysis=NAME,
        version=VERSION,
        examines=(Pillar.DATE, Pillar.LOCATION),
        result=Ran(findings=tuple(f for o in own for f in _findings(o, where, stated))),
        parameters={
            "margin": f"{MARGIN:g} degrees",
            "clock": f"{CLOCK:g} s on each side of a stated time",
            "positions": "astronomy-engine",
        },
    )


def _findings(
    observation: Observation, where: Setting | str, stated: Setting | None
) -> Iterator[Finding]:
    match observation.kind:
        case Seen.SHADOW | Seen.AZIMUTH:
            yield from sun(observation, where, stated)
        case Seen.LIGHT:
            yield from light(observation, where, stated)
        case Seen.MOON:
            yield from moon(observation, where, stated)
        case Seen.SEASON:
            yield season(observation)
