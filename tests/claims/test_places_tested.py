"""Stated coordinates, telemetry, marked places and zones against the stated place of the event."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.claims.places_tested import outside_km, read_track
from forensics.claims.time_and_place import compare_time_and_place
from forensics.model import (
    Appearance,
    Claim,
    Diagnostic,
    Direction,
    Finding,
    KnownAsset,
    Measurement,
    MediaKind,
    Outcome,
    Pillar,
    Place,
    Ran,
    Sha256,
)

RECEIVED = "2026-01-02T10:00:00Z"
POINT = Place(name="Valdai", lat="57.98", lon="33.25")
DISC = replace(POINT, radius_km="60")
AREA = Place(
    name="oblast", area=(("57.5", "32.5"), ("57.5", "34.0"), ("58.5", "34.0"), ("58.5", "32.5"))
)
CLAIM = Claim(
    statement="An attack.",
    by="A ministry",
    event_from="2025-12-28T18:00:00Z",
    event_to="2025-12-29T06:00:00Z",
    place=DISC,
)


def outcome(analysis: str, id: str, **values: str) -> Outcome:
    measured = tuple(
        Measurement(key=key.replace("_", "-"), value=value, unit="text")
        for key, value in values.items()
    )
    return Outcome(
        analysis=analysis,
        version=1,
        examines=(Pillar.DATE,),
        result=Ran(findings=(Finding(id=id, template="", measurements=measured),)),
    )


def found(claim: Claim, *outcomes: Outcome, met: KnownAsset | None = None) -> dict[str, Finding]:
    tested = compare_time_and_place(outcomes, [], claim, RECEIVED, met)
    for f in tested.findings:
        assert "{" not in f.statement
        assert f.caveats
    return {f.id: f for f in tested.findings}


@pytest.mark.parametrize(
    ("place", "lat", "lon", "want"),
    [
        (POINT, "57.985", "33.25", "stated-inside-place"),  # half a kilometre off is no other place
        (POINT, "58.1", "33.25", "stated-outside-place"),
        (DISC, "58.4", "33.25", "stated-inside-place"),
        (DISC, "59.4", "33.25", "stated-outside-place"),
        (AREA, "57.6", "33.9", "stated-inside-place"),
        (AREA, "57.495", "33.0", "stated-inside-place"),
        (AREA, "57.4", "33.0", "stated-outside-place"),
    ],
)
def test_stated_coordinates(place: Place, lat: str, lon: str, want: str) -> None:
    stated = outcome("metadata", "place-stated", latitude=lat, longitude=lon)
    assert set(found(replace(CLAIM, place=place), stated)) == {want}


def test_a_deleted_value_is_no_place() -> None:
    stated = outcome("metadata", "place-stated", latitude="(redacted)", longitude="(redacted)")
    assert not found(CLAIM, stated)


@pytest.mark.parametrize(
    ("track", "want", "direction"),
    [
        ("57.98,33.25;58.0,33.3", "track-inside-place", Direction.SUPPORTS_H1),
        ("57.98,33.25;59.9,30.3", "track-partly-inside", Direction.NEUTRAL),
        ("55.75,37.61;55.76,37.62", "track-outside-place", Direction.SUPPORTS_H2),
    ],
)
def test_telemetry_as_a_whole(track: str, want: str, direction: Direction) -> None:
    seen = found(CLAIM, outcome("metadata", "track-stated", track=track))
    assert set(seen) == {want}
    assert seen[want].direction is direction


def test_a_deleted_track_is_none() -> None:
    assert not found(CLAIM, outcome("metadata", "track-stated", track="(redacted)"))
    assert read_track("1,2;x,y;;91,0;3,4") == [(1, 2), (3, 4)]


@pytest.mark.parametrize(
    ("first", "last", "want"),
    [
        ("2025-12-01T10:00:00Z", "2025-12-01T10:05:00Z", "track-before-event"),
        ("2025-12-28T20:00:00Z", "2025-12-28T20:05:00Z", "track-fits-event"),
        ("2025-12-30T20:00:00Z", "2025-12-30T20:05:00Z", "track-after-event"),
        ("2025-12-01T10:00:00Z", "2025-12-30T20:05:00Z", "track-fits-event"),
    ],
)
@pytest.mark.parametrize("source", [("metadata", "track-stated"), ("metadata", "marked-times")])
def test_times_of_positions(source: tuple[str, str], first: str, last: str, want: str) -> None:
    seen = found(replace(CLAIM, place=None), outcome(*source, first=first, last=last))
    assert set(seen) == {want}
    supports = seen[want].direction is Direction.SUPPORTS_H1
    assert supports == (want == "track-fits-event" and source[1] == "track-stated")


def test_places_that_are_marked_wholly_within_say_so() -> None:
    def marked(south: str, north: str) -> Finding:
        sides = {"south": south, "north": north, "west": "33.2", "east": "33.3"}
        return found(CLAIM, outcome("metadata", "places-marked", **sides))["marked-inside-place"]

    assert "All places" in marked("57.9", "58.0").statement
    assert "nearest" in marked("50.0", "58.0").statement


@pytest.mark.parametrize(
    ("zone", "lon", "told"),
    [
        ("+03:00", "33.25", False),
        ("+08:00", "76.0", False),  # Kashgar keeps Beijing's time
        ("+14:00", "-157.4", False),  # Kiritimati lies a day ahead
        ("-05:00", "33.25", True),
        ("Europe/Moscow", "-157.4", False),
    ],
)
def test_a_zone_that_is_nowhere_near(zone: str, lon: str, told: bool) -> None:
    claim = replace(CLAIM, place=replace(DISC, lon=lon), event_zone=zone)
    assert ("zone-far-from-place" in found(claim)) == told
    stated = (
        outcome("metadata", "dates-stated", captured=f"2025-12-28T20:00:00{zone}"),
        outcome("metadata", "place-stated", latitude="0", longitude=lon),
    )
    seen = found(replace(CLAIM, place=None), *stated)
    assert ("zone-far-from-place" in seen) == told
    if told:
        assert seen["zone-far-from-place"].direction is Direction.NEUTRAL


def test_release_before_the_event_and_a_file_written_after_its_release() -> None:
    early = replace(
        CLAIM, released_at="2025-12-27T00:00:00Z", first_said_at="2025-12-26T00:00:00Z", place=None
    )
    written = outcome("metadata", "dates-stated", modified="2025-12-30T00:00:00Z")
    seen = found(early, written)
    assert {"released-before-event", "said-before-event", "dated-after-release"} == set(seen)
    assert all(f.direction is Direction.NEUTRAL for f in seen.values())
    late = replace(early, released_at="2025-12-31T00:00:00Z", first_said_at="2025-12-29T12:00:00Z")
    assert not found(late, written)


def test_the_release_of_the_asset_goes_before_that_of_the_claim() -> None:
    claim = replace(CLAIM, released_at="2025-12-31T00:00:00Z", place=None)
    tested = compare_time_and_place([], [], claim, RECEIVED, None, "2025-12-27T00:00:00Z")
    assert [f.id for f in tested.findings] == ["released-before-event"]


def test_material_on_record_before_its_release_is_told() -> None:
    met = KnownAsset(
        sha256=Sha256("0" * 64),
        kind=MediaKind.VIDEO,
        name="x.mp4",
        first_seen=RECEIVED,
        appearances=(Appearance(what="published", at="2025-12-29T10:00:00Z", by="desk"),),
    )
    claim = replace(CLAIM, released_at="2025-12-31T00:00:00Z")
    seen = found(claim, met=met)
    assert set(seen) == {"seen-before-release"}
    assert seen["seen-before-release"].diagnostic is Diagnostic.NO


def test_an_area_over_the_date_line_is_whole() -> None:
    fiji = Place(name="", area=(("-20", "176"), ("-20", "-178"), ("-15", "-178"), ("-15", "176")))
    assert outside_km(fiji, -17, 180) == 0
    assert outside_km(fiji, -17, -179) == 0
    far = outside_km(fiji, -17, 170)
    assert far is not None
    assert far > 500


@given(st.floats(-80, 80), st.floats(-180, 180), st.floats(0, 2000), st.floats(0, 2000))
def test_a_larger_radius_never_puts_a_place_outside(
    lat: float, lon: float, radius: float, more: float
) -> None:
    small = outside_km(replace(POINT, radius_km=f"{radius:.1f}"), lat, lon)
    large = outside_km(replace(POINT, radius_km=f"{radius + more:.1f}"), lat, lon)
    assert small is not None
    assert large is not None
    assert large <= small + 0.2
