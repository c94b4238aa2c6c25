"""Pictures of observations of the sky: they show where it fits, and are the same each time."""

from __future__ import annotations

import io
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from forensics.claims.sky_pictures import sky_pictures
from forensics.model import Claim, Place, Sha256
from forensics.model.case import Observation, Seen, Stated

ASSET = Sha256("a" * 64)
CLAIM = Claim(
    statement="An attack.",
    by="A ministry",
    event_from="2025-12-29T09:00:00Z",
    event_to="2025-12-29T10:00:00Z",
    place=Place(name="<script>", lat="57.98", lon="33.25", radius_km="60"),
)
LOW_SUN = {"height": "1.80", "height-error": "0.05", "shadow": "12.0", "shadow-error": "0.5"}


def observed(kind: Seen, values: dict[str, str], entry: int = 7) -> Observation:
    return Observation(
        asset=ASSET,
        kind=kind,
        values=values,
        time=Fraction(3),
        words="",
        stated=Stated(entry=entry, at="2026-01-02T00:00:00Z", by="desk"),
    )


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def test_a_shadow_gives_a_curve_and_a_world_that_are_the_same_each_time() -> None:
    (picture,) = sky_pictures(ASSET, CLAIM, [observed(Seen.SHADOW, LOW_SUN)])
    assert (picture.id, picture.mime, picture.time) == ("sky/7", "image/png", Fraction(3))
    seen = pixels(picture.data)
    assert seen.shape == (picture.height, picture.width, 3)
    again = replace(CLAIM, place=replace(CLAIM.place, name="elsewhere"))
    assert sky_pictures(ASSET, again, [observed(Seen.SHADOW, LOW_SUN)]) == (picture,)


def test_the_stated_place_lies_in_the_band_where_it_fits_and_outside_where_it_does_not() -> None:
    def hatched(claim: Claim) -> int:
        (picture,) = sky_pictures(ASSET, claim, [observed(Seen.SHADOW, LOW_SUN)])
        seen = pixels(picture.data)
        # Around the place's cross on the world's map: 960 × 480 pixels from row 454 on.
        x, y = round((33.25 + 180) / 360 * 960), round(454 + (90 - 57.98) / 180 * 480)
        around = seen[y - 14 : y + 15, x - 24 : x - 10].reshape(-1, 3).astype(int)
        red, green, blue = around.T
        return int(((green > red + 12) & (green > blue)).sum())

    night = replace(CLAIM, event_from="2025-12-28T20:00:00Z", event_to="2025-12-28T21:00:00Z")
    assert hatched(CLAIM) > 200
    assert hatched(night) == 0


@pytest.mark.parametrize(
    ("kind", "values", "height"),
    [
        (Seen.LIGHT, {"light": "day"}, 420),
        (Seen.MOON, {"moon": "half"}, 420),
        (Seen.AZIMUTH, {"azimuth": "180", "azimuth-error": "5"}, 940),
    ],
)
def test_what_else_is_drawn(kind: Seen, values: dict[str, str], height: int) -> None:
    (picture,) = sky_pictures(ASSET, CLAIM, [observed(kind, values)])
    assert (picture.width, picture.height) == (960, height)


def test_nothing_is_drawn_of_what_cannot_be_tested() -> None:
    shadow = observed(Seen.SHADOW, LOW_SUN)
    assert not sky_pictures(ASSET, None, [shadow])
    assert not sky_pictures(ASSET, replace(CLAIM, place=None), [shadow])
    assert not sky_pictures(ASSET, CLAIM, [observed(Seen.SHADOW, {"height": "x"})])
    assert not sky_pictures(ASSET, CLAIM, [observed(Seen.SEASON, {"season": "snow"})])


def test_a_long_stated_time_shows_the_day_in_its_middle() -> None:
    claim = replace(CLAIM, event_from="2025-01-01T00:00:00Z")
    assert sky_pictures(ASSET, claim, [observed(Seen.LIGHT, {"light": "day"})])
