"""Stated and known times and places against each other and against a claim."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forensics.claims.time_and_place import compare_time_and_place
from forensics.inside.places import distance_km
from forensics.model import (
    Appearance,
    Claim,
    Copy,
    Direction,
    Finding,
    KnownAsset,
    Measurement,
    MediaKind,
    Outcome,
    Pillar,
    Place,
    Ran,
    Relation,
    Sha256,
)

RECEIVED = "2026-01-02T10:00:00Z"
CLAIM = Claim(
    statement="An attack.",
    by="A ministry",
    event_from="2025-12-28T18:00:00Z",
    event_to="2025-12-29T06:00:00Z",
    place=Place(name="Valdai", lat="57.98", lon="33.25", radius_km="60"),
)


def stating(time: str | None = None, place: tuple[str, str] | None = None) -> list[Outcome]:
    findings = []
    if time:
        findings.append(
            Finding(
                id="dates-stated",
                template="{captured}",
                measurements=(Measurement(key="captured", value=time, unit="time"),),
            )
        )
    if place:
        findings.append(
            Finding(
                id="place-stated",
                template="{latitude} {longitude}",
                measurements=(
                    Measurement(key="latitude", value=place[0], unit="text"),
                    Measurement(key="longitude", value=place[1], unit="text"),
                ),
            )
        )
    return [
        Outcome(
            analysis="metadata",
            version=1,
            examines=(Pillar.DATE,),
            result=Ran(findings=tuple(findings)),
        )
    ]


def copy(at: str, relation: Relation = Relation.COPY) -> Copy:
    return Copy(
        relation=relation,
        asset=KnownAsset(
            sha256=Sha256("a" * 64),
            kind=MediaKind.VIDEO,
            name="older.mp4",
            first_seen=at,
            appearances=(Appearance(what="received", at=at, by="desk"),),
        ),
        spans=(),
        transform="none seen",
        distance=0,
        pairs=3,
        scheme="pdq/1",
    )


def found(outcome: Outcome) -> list[str]:
    return [f.id for f in outcome.findings]


def test_nothing_stated_and_nothing_known_gives_no_finding() -> None:
    outcome = compare_time_and_place([], [], None, RECEIVED)
    assert outcome.status == "ran"
    assert not outcome.findings


def test_a_date_after_receipt_contradicts_itself() -> None:
    outcome = compare_time_and_place(stating("2027-05-01T00:00:00Z"), [], None, RECEIVED)
    assert found(outcome) == ["stated-after-receipt"]
    assert outcome.findings[0].direction is Direction.SUPPORTS_H2


def test_a_date_without_zone_on_the_day_of_receipt_does_not() -> None:
    outcome = compare_time_and_place(stating("2026-01-02 20:00:00"), [], None, RECEIVED)
    assert not outcome.findings


def test_a_copy_on_record_before_the_stated_date_contradicts_it() -> None:
    outcome = compare_time_and_place(
        stating("2025-12-30T03:12:07Z"), [copy("2025-02-11T00:00:00Z")], None, RECEIVED
    )
    assert found(outcome) == ["seen-before-stated"]


@pytest.mark.parametrize("relation", [Relation.SAME_SCENE, Relation.SAME_SOUND])
def test_the_same_scene_or_sound_alone_dates_nothing(relation: Relation) -> None:
    older = copy("2025-02-11T00:00:00Z", relation)
    outcome = compare_time_and_place(stating("2025-12-30T03:12:07Z"), [older], CLAIM, RECEIVED)
    assert found(outcome) == ["stated-after-event"]


def test_a_copy_on_record_before_the_event_is_no_evidence_of_it() -> None:
    outcome = compare_time_and_place([], [copy("2025-02-11T00:00:00Z")], CLAIM, RECEIVED)
    assert found(outcome) == ["seen-before-event"]


def itself(*seen: tuple[str, str]) -> KnownAsset:
    return KnownAsset(
        sha256=Sha256("0" * 64),
        kind=MediaKind.VIDEO,
        name="this.mp4",
        first_seen=RECEIVED,
        appearances=tuple(
            Appearance(what=what, at=at, by="desk") for what, at in [*seen, ("received", RECEIVED)]
        ),
    )


def test_the_very_same_file_published_before_the_event_is_no_evidence_of_it() -> None:
    met = itself(("captured", "2025-12-30T00:00:00Z"), ("published", "2025-02-11T00:00:00Z"))
    outcome = compare_time_and_place([], [], CLAIM, RECEIVED, met)
    assert found(outcome) == ["seen-before-event"]
    (finding,) = outcome.findings
    assert finding.direction is Direction.SUPPORTS_H2
    assert finding.statement == (
        "This very file is on record since 2025-02-11T00:00:00Z, before the stated time of the event "
        "(2025-12-28T18:00:00Z)."
    )


def test_the_very_same_file_on_record_before_the_stated_date_contradicts_it() -> None:
    met = itself(("published", "2025-02-11T00:00:00Z"))
    stated = stating("2025-12-30T03:12:07Z")
    assert found(compare_time_and_place(stated, [], None, RECEIVED, met)) == ["seen-before-stated"]


def test_receipt_of_the_file_itself_is_told_once() -> None:
    late = stating("2027-05-01T00:00:00Z")
    assert found(compare_time_and_place(late, [], None, RECEIVED, itself())) == [
        "stated-after-receipt"
    ]
    published = itself(("published", "2025-12-31T00:00:00Z"))
    assert not compare_time_and_place([], [], CLAIM, RECEIVED, published).findings


def test_a_copy_received_after_the_event_says_nothing_about_its_date() -> None:
    outcome = compare_time_and_place([], [copy("2025-12-31T00:00:00Z")], CLAIM, RECEIVED)
    assert not outcome.findings


@pytest.mark.parametrize(
    ("time", "want"),
    [
        ("2025-12-28T23:00:00Z", "stated-fits-event"),
        ("2025-12-30T03:12:07Z", "stated-after-event"),  # a wreck is filmed later
        ("2025-12-28 10:00:00", "stated-fits-event"),  # without a zone it may be the same instant
        ("2025-12-26T00:00:00Z", "stated-before-event"),
    ],
)
def test_a_stated_time_against_the_event(time: str, want: str) -> None:
    assert found(compare_time_and_place(stating(time), [], CLAIM, RECEIVED)) == [want]


@pytest.mark.parametrize(
    ("place", "want"),
    [
        (("57.980000", "33.250000"), "stated-inside-place"),
        (("58.400000", "33.250000"), "stated-inside-place"),
        (("55.752200", "37.615600"), "stated-outside-place"),
    ],
)
def test_a_stated_place_against_the_claim(place: tuple[str, str], want: str) -> None:
    assert found(compare_time_and_place(stating(place=place), [], CLAIM, RECEIVED)) == [want]


@pytest.mark.parametrize(
    ("time", "want"),
    [("2025-01-01T00:00:00Z", "stated-before-end"), ("2026-01-01T00:00:00Z", "stated-after-event")],
)
def test_where_only_the_end_is_stated_what_can_be_is_tested(time: str, want: str) -> None:
    claim = replace(CLAIM, event_from=None, place=None)
    outcome = compare_time_and_place(stating(time), [copy("2020-01-01T00:00:00Z")], claim, RECEIVED)
    told = {f.id: f for f in outcome.findings}
    assert {"no-beginning-stated", want} < set(told)
    assert told["no-beginning-stated"].direction is Direction.NEUTRAL
    assert told[want].direction is Direction.NEUTRAL
    assert "seen-before-event" not in told


def test_a_claim_without_any_time_is_silent_about_the_event() -> None:
    claim = replace(CLAIM, event_from=None, event_to=None, place=None)
    outcome = compare_time_and_place([], [copy("2020-01-01T00:00:00Z")], claim, RECEIVED)
    assert not outcome.findings


def test_every_finding_carries_a_caveat_and_names_its_values() -> None:
    outcome = compare_time_and_place(
        stating("2027-05-01T00:00:00Z", ("1.0", "1.0")),
        [copy("2025-02-11T00:00:00Z")],
        CLAIM,
        RECEIVED,
    )
    assert len(outcome.findings) == 5
    for f in outcome.findings:
        assert f.caveats
        assert "{" not in f.statement


def test_distance_is_the_great_circle() -> None:
    # Moscow to Saint Petersburg, 55.7558 N 37.6173 E to 59.9343 N 30.3351 E: 633 km.
    assert distance_km(55.7558, 37.6173, 59.9343, 30.3351) == pytest.approx(633, abs=2)
    assert distance_km(10, 20, 10, 20) == 0
    assert distance_km(0, 0, 0, 180) == pytest.approx(20015, abs=1)


def changed(at: str, captured: str = "2025-12-30T03:12:07Z") -> list[Outcome]:
    (outcome,) = stating(captured)
    assert isinstance(outcome.result, Ran)
    (dates,) = outcome.result.findings
    more = Measurement(key="modified", value=at, unit="time")
    held = replace(dates, measurements=(*dates.measurements, more))
    return [replace(outcome, result=Ran(findings=(held,)))]


def test_a_change_after_receipt_is_told_and_decides_nothing() -> None:
    outcome = compare_time_and_place(changed("2027-05-01T00:00:00Z"), [], None, RECEIVED)
    assert found(outcome) == ["changed-after-record"]
    assert outcome.findings[0].direction is Direction.NEUTRAL


def test_a_change_after_the_very_same_file_was_published_is_told() -> None:
    met = itself(("published", "2025-12-30T06:00:00Z"))
    late, early = "2026-01-01T00:00:00Z", "2025-12-30T05:00:00Z"
    told = compare_time_and_place(changed(late), [], None, RECEIVED, met)
    assert found(told) == ["changed-after-record"]
    assert not compare_time_and_place(changed(early), [], None, RECEIVED, met).findings


def test_a_change_after_a_copy_of_the_material_is_on_record_is_usual() -> None:
    older = copy("2025-12-31T00:00:00Z")
    outcome = compare_time_and_place(changed("2026-01-01T00:00:00Z"), [older], None, RECEIVED)
    assert not outcome.findings


def marking(south: str, north: str, west: str, east: str) -> list[Outcome]:
    (outcome,) = stating()
    sides = {"south": south, "north": north, "west": west, "east": east}
    marked = Finding(
        id="places-marked",
        template="{south} {north} {west} {east}",
        measurements=tuple(Measurement(key=k, value=v, unit="text") for k, v in sides.items()),
    )
    return [replace(outcome, result=Ran(findings=(marked,)))]


@pytest.mark.parametrize(
    ("sides", "told"),
    [
        (("57", "58", "33", "34"), "marked-inside-place"),
        (("57.9", "58", "33.5", "34"), "marked-inside-place"),
        (("50", "51", "30", "31"), "marked-outside-place"),
        (("-10", "-5", "170", "-170"), "marked-outside-place"),
        (("57", "58", "30", "-170"), "marked-inside-place"),
    ],
)
def test_marked_places_are_measured_and_decide_nothing(
    sides: tuple[str, str, str, str], told: str
) -> None:
    outcome = compare_time_and_place(marking(*sides), [], CLAIM, RECEIVED)
    assert found(outcome) == [told]
    assert outcome.findings[0].direction is Direction.NEUTRAL


@pytest.mark.parametrize(
    "sides", [("x", "58", "33", "34"), ("58", "57", "33", "34"), ("57", "58", "33", "nan")]
)
def test_sides_that_bound_nothing_are_not_measured(sides: tuple[str, str, str, str]) -> None:
    assert not compare_time_and_place(marking(*sides), [], CLAIM, RECEIVED).findings
