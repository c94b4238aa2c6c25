"""Observations of a person against a claim's time and place."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.claims.sky import compare_sky
from forensics.model import (
    Claim,
    Diagnostic,
    Direction,
    Finding,
    Measurement,
    Outcome,
    Pillar,
    Place,
    Ran,
    Sha256,
)
from forensics.model.case import Observation, Seen, Stated

ASSET = Sha256("a" * 64)
VALDAI = Place(name="Valdai", lat="57.98", lon="33.25", radius_km="60")
NIGHT = Claim(
    statement="An attack.",
    by="A ministry",
    event_from="2025-12-28T18:00:00Z",
    event_to="2025-12-29T03:00:00Z",
    released_at="2025-12-31T09:00:00Z",
    place=VALDAI,
)
MIDDAY = replace(NIGHT, event_from="2025-12-29T09:00:00Z", event_to="2025-12-29T10:00:00Z")
LOW_SUN = {"height": "1.80", "height-error": "0.05", "shadow": "12.0", "shadow-error": "0.5"}
HIGH_SUN = {"height": "1.80", "height-error": "0.05", "shadow": "1.50", "shadow-error": "0.05"}
"""8.5 degrees, as at midday in December there; 50 degrees, as never in December there."""


def observed(kind: Seen, values: dict[str, str], entry: int = 7) -> Observation:
    return Observation(
        asset=ASSET,
        kind=kind,
        values=values,
        time=Fraction(3),
        words="measured on the fence post",
        stated=Stated(entry=entry, at="2026-01-02T00:00:00Z", by="desk"),
    )


def found(
    claim: Claim | None,
    kind: Seen,
    values: dict[str, str],
    known_at: str | None = None,
    outcomes: tuple[Outcome, ...] = (),
) -> dict[str, Finding]:
    outcome = compare_sky(ASSET, claim, [observed(kind, values)], known_at, outcomes)
    assert (outcome.analysis, outcome.version, outcome.status) == ("sky", 1, "ran")
    for finding in outcome.findings:
        assert "{" not in finding.statement
        assert finding.caveats
        for m in finding.measurements:
            assert isinstance(m.value, int | str)
            assert m.personal == (m.key in {"words", "author", "season"})
    return {f.id: f for f in outcome.findings}


def test_a_low_sun_fits_midday_in_december() -> None:
    seen = found(MIDDAY, Seen.SHADOW, LOW_SUN)
    assert set(seen) == {"sun-measured", "sun-fits", "sun-times", "sun-band"}
    assert seen["sun-fits"].direction is Direction.SUPPORTS_H1
    assert seen["sun-fits"].diagnostic is Diagnostic.UNKNOWN
    assert "stood 8.0 to 9.1 degrees" in seen["sun-measured"].statement
    assert "2025-12-29" in seen["sun-times"].statement


def test_a_high_sun_fits_no_moment_of_december() -> None:
    seen = found(MIDDAY, Seen.SHADOW, HIGH_SUN)
    assert "sun-times-none" in seen
    never = seen["sun-cannot-fit"]
    assert (never.direction, never.diagnostic) == (Direction.SUPPORTS_H2, Diagnostic.YES)
    assert never.question is not None
    assert never.question.id == "sky-since-event"


def test_a_scene_of_the_day_after_is_told_and_not_held_against_the_file() -> None:
    seen = found(NIGHT, Seen.SHADOW, LOW_SUN)
    assert seen["only-after-event"].direction is Direction.NEUTRAL
    assert "sun-cannot-fit" not in seen


def test_the_time_since_which_the_material_is_known_bounds_it() -> None:
    before_dawn = "2025-12-29T04:00:00Z"
    assert "sun-below-horizon" in found(NIGHT, Seen.SHADOW, LOW_SUN, before_dawn)
    assert "light-cannot-fit" in found(NIGHT, Seen.LIGHT, {"light": "day"}, before_dawn)


def test_material_known_during_the_event_is_tested_too() -> None:
    assert "sun-cannot-fit" in found(MIDDAY, Seen.SHADOW, HIGH_SUN, "2025-12-29T09:30:00Z")
    before = "2025-12-20T09:30:00Z"  # material older than the event is another test's
    assert "not-during-event" in found(MIDDAY, Seen.SHADOW, HIGH_SUN, before)


def test_without_a_release_nothing_is_held_against_the_file() -> None:
    claim = replace(MIDDAY, released_at=None)
    assert "not-during-event" in found(claim, Seen.SHADOW, HIGH_SUN)


@pytest.mark.parametrize(
    ("claim", "why"),
    [
        (None, "no claim"),
        (replace(MIDDAY, event_from=None), "no time"),
        (replace(MIDDAY, place=None), "no place"),
        (replace(MIDDAY, place=Place(name="Russia")), "no place"),
        (replace(MIDDAY, place=replace(VALDAI, radius_km="5000")), "1000 km"),
        (replace(MIDDAY, event_from="0001-01-01T00:00:00Z"), "between 1900 and 2099"),
    ],
)
def test_what_cannot_be_tested_says_why(claim: Claim | None, why: str) -> None:
    for kind, values in (
        (Seen.SHADOW, LOW_SUN),
        (Seen.LIGHT, {"light": "day"}),
        (Seen.MOON, {"moon": "full"}),
    ):
        seen = found(claim, kind, values)
        assert why in seen["not-tested"].statement
        assert not any(f.direction is not Direction.NEUTRAL for f in seen.values())


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Seen.SHADOW, {"height": "tall", "shadow": "long"}),
        (Seen.LIGHT, {"light": "{bright}"}),
        (Seen.MOON, {}),
    ],
)
def test_what_cannot_be_read_says_so(kind: Seen, values: dict[str, str]) -> None:
    assert set(found(MIDDAY, kind, values)) == {"unreadable"}


@pytest.mark.parametrize(
    ("claim", "light", "want"),
    [
        (MIDDAY, "day", "light-fits"),
        (MIDDAY, "night", "only-after-event"),
        (NIGHT, "night", "light-fits"),
        (NIGHT, "day", "only-after-event"),
        (replace(NIGHT, event_to="2025-12-29T09:00:00Z"), "night", "light-mixed"),
        (replace(NIGHT, event_to="2025-12-29T09:00:00Z"), "day", "light-mixed"),
        (
            replace(MIDDAY, event_to="2025-12-29T09:30:00Z", released_at="2025-12-29T10:00:00Z"),
            "night",
            "light-cannot-fit",
        ),
    ],
)
def test_light_against_the_stated_time(claim: Claim, light: str, want: str) -> None:
    assert want in found(claim, Seen.LIGHT, {"light": light})


def test_the_polar_night_and_the_polar_day_are_told() -> None:
    svalbard = Place(name="Longyearbyen", lat="78.22", lon="15.65", radius_km="5")
    winter = replace(MIDDAY, place=svalbard)
    seen = found(winter, Seen.LIGHT, {"light": "day"})
    assert {"polar-night", "light-cannot-fit"} <= set(seen)
    summer = replace(
        winter,
        event_from="2025-06-20T23:00:00Z",
        event_to="2025-06-20T23:00:00Z",
        released_at="2025-06-25T00:00:00Z",
    )
    seen = found(summer, Seen.LIGHT, {"light": "night"})
    assert {"polar-day", "light-cannot-fit"} <= set(seen)


@pytest.mark.parametrize(
    ("moon", "want"),
    [
        # In the evening of 28 December 2025 the moon was half full and growing; it set after midnight.
        ("half", "moon-fits"),
        ("visible", "moon-fits"),
        ("full", "moon-cannot-fit"),
        ("new", "moon-not-visible"),
        ("not-visible", "moon-not-visible"),
    ],
)
def test_the_moon_against_the_stated_time(moon: str, want: str) -> None:
    seen = found(NIGHT, Seen.MOON, {"moon": moon})
    assert want in seen
    assert "waxing" in seen[want].statement or want == "moon-cannot-fit"


def test_a_moon_that_is_not_seen_never_decides() -> None:
    full = replace(NIGHT, event_from="2025-12-04T22:00:00Z", event_to="2025-12-04T23:00:00Z")
    (finding,) = found(full, Seen.MOON, {"moon": "not-visible"}).values()
    assert finding.direction is Direction.NEUTRAL
    assert finding.question is None


def test_a_season_is_noted_in_the_persons_words() -> None:
    outcome = compare_sky(ASSET, MIDDAY, [observed(Seen.SEASON, {"season": "snow {x}"})])
    (finding,) = outcome.findings
    assert "snow {x}" in finding.statement
    assert finding.question is None
    assert [m.key for m in finding.measurements if m.personal] == ["season", "author", "words"]


def stating(time: str, north: str, east: str) -> tuple[Outcome, ...]:
    def finding(id: str, **values: str) -> Finding:
        return Finding(
            id=id,
            template="",
            measurements=tuple(Measurement(key=k, value=v, unit="text") for k, v in values.items()),
        )

    stated = (
        finding("dates-stated", captured=time),
        finding("place-stated", latitude=north, longitude=east),
    )
    return (
        Outcome(
            analysis="metadata",
            version=3,
            examines=(Pillar.DATE,),
            result=Ran(findings=stated),
        ),
    )


@pytest.mark.parametrize(
    ("time", "values", "want"),
    [
        ("2025-12-29T09:20:00Z", LOW_SUN, "fits-stated"),
        ("2025-12-29T09:20:00Z", HIGH_SUN, "against-stated"),
        ("2025:12:29 09:20:00", LOW_SUN, "fits-stated"),  # without a zone: any hour of the day
        ("2025:12:29 09:20:00", HIGH_SUN, "against-stated"),
    ],
)
def test_what_the_file_states_of_itself_is_tested_too(
    time: str, values: dict[str, str], want: str
) -> None:
    seen = found(None, Seen.SHADOW, values, outcomes=stating(time, "57.9", "33.2"))
    assert seen[want].question is not None
    assert seen[want].question.id == "sky-as-stated"


def test_observations_of_other_assets_are_left_out_and_order_does_not_matter() -> None:
    one, two = (
        observed(Seen.LIGHT, {"light": "day"}, 9),
        observed(Seen.MOON, {"moon": "half"}, 8),
    )
    other = replace(observed(Seen.SHADOW, LOW_SUN, 1), asset=Sha256("b" * 64))
    assert compare_sky(ASSET, NIGHT, [one, two, other]) == compare_sky(ASSET, NIGHT, [two, one])
    assert not compare_sky(ASSET, NIGHT, [other]).findings


@settings(max_examples=40)
@given(
    st.floats(0.5, 20),
    st.floats(0, 0.4),
    st.floats(0, 2),
    st.floats(0, 60),
    st.floats(0, 30),
    st.integers(0, 500),
)
def test_wider_errors_never_contradict_anew(
    shadow: float, error: float, more: float, way: float, turn: float, radius: int
) -> None:
    values = {
        "height": "1.8",
        "height-error": "0.05",
        "shadow": f"{shadow:.3f}",
        "shadow-error": f"{error:.3f}",
        "azimuth": f"{way:.1f}",
        "azimuth-error": "3",
    }
    wider = {
        **values,
        "shadow-error": f"{error + more:.3f}",
        "azimuth-error": f"{3 + turn:.1f}",
    }
    if "sun-cannot-fit" not in found(MIDDAY, Seen.SHADOW, values):
        assert "sun-cannot-fit" not in found(MIDDAY, Seen.SHADOW, wider)
        larger = replace(MIDDAY, place=replace(VALDAI, radius_km=str(60 + radius)))
        assert "sun-cannot-fit" not in found(larger, Seen.SHADOW, values)
