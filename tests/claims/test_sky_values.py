"""What becomes of a reading against a stated time: of each answer that can come, something is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import product

import numpy as np
import pytest

from forensics.claims.sky_light import LIGHT_TOLD, MOON_TOLD
from forensics.claims.sky_sun import SUN_TOLD
from forensics.claims.sky_values import Answer, ask
from forensics.model import Claim, Finding, Place
from forensics.sky.fitting import Fits, Span
from forensics.sky.region import Region
from forensics.sky.setting import Setting, setting

CLAIM = Claim(
    statement="An attack.",
    by="A ministry",
    event_from="2025-12-28T18:00:00Z",
    event_to="2025-12-29T03:00:00Z",
    released_at="2025-12-31T09:00:00Z",
    place=Place(name="Valdai", lat="57.98", lon="33.25", radius_km="60"),
)
WAYS = ((True, True), (True, False), (False, False))
"""Whether it was so at each of two times."""


def look(
    during: Span,
    event: tuple[bool, ...],
    later: tuple[bool, ...],
    high: float,
    _: Region,
    span: Span,
) -> Fits:
    so = event if span == during else later
    return Fits(times=np.zeros(2), fits=np.array(so), low=-50.0, high=high)


def answers(*, whole: bool = False, up: bool = False) -> set[Answer]:
    """Every answer that comes, whatever was so during the event and after it."""
    where = setting(CLAIM, None)
    assert isinstance(where, Setting)
    found = set()
    for event, later, high, known in product(WAYS, WAYS, (-40.0, 20.0), (True, False)):
        place = where if known else replace(where, until=None)

        found.add(ask(partial(look, where.event, event, later, high), place, whole=whole, up=up)[0])
    return found


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (LIGHT_TOLD, answers(whole=True)),
        (MOON_TOLD, answers()),
        (SUN_TOLD, answers(up=True)),
    ],
    ids=["light", "moon", "sun"],
)
def test_each_answer_that_can_come_is_told(
    told: Mapping[Answer, Finding], wanted: set[Answer]
) -> None:
    assert set(told) == wanted
    assert len({finding.id for finding in told.values()}) == len(told)
