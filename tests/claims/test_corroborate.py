"""Several assets of one case against each other."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.claims.corroborate import corroborate
from forensics.claims.timeline import When, timeline
from forensics.model import (
    Appearance,
    Asset,
    Case,
    CaseAsset,
    Claim,
    Copy,
    Direction,
    Finding,
    KnownAsset,
    Measurement,
    MediaKind,
    Outcome,
    Pillar,
    Probe,
    Ran,
    Relation,
    Searched,
    Sha256,
    Stream,
    StreamType,
)
from forensics.model.case import NumberedClaim, Offer, RecordedOutcome, Stated
from forensics.model.claim import Count

BY = Stated(entry=3, at="2026-01-02T00:00:00Z", by="desk")
SEARCHED = Searched(signatures=1, assets=1, schemes=("pdq/1",), radius=(31,), queries=1, skipped=0)


def finding(analysis: str, id: str, *values: tuple[str, int | str]) -> RecordedOutcome:
    measured = tuple(Measurement(key=k, value=v, unit="text") for k, v in values)
    return RecordedOutcome(
        entry=1,
        outcome=Outcome(
            analysis=analysis,
            version=1,
            examines=(Pillar.DATE,),
            result=Ran(findings=(Finding(id=id, template="", measurements=measured),)),
        ),
    )


def asset(
    digit: str, *outcomes: RecordedOutcome, publisher: str | None = None, audio: str | None = None
) -> CaseAsset:
    sha256 = Sha256(digit * 64)
    streams = (
        Stream(
            index=0,
            type=StreamType.AUDIO,
            codec="aac",
            coded_digest=audio,
            coded_digest_scheme="coded/1",
        ),
    )
    return CaseAsset(
        asset=Asset(
            sha256=sha256,
            size=1,
            kind=MediaKind.VIDEO,
            mime="video/mp4",
            name="x.mp4",
            probe=Probe(container="mp4", duration=Fraction(60), streams=streams if audio else ()),
        ),
        received_at="2026-01-02T10:00:00Z",
        offers=(
            Offer(
                asset=sha256,
                claims=(),
                released_at="2025-12-31T09:00:00Z",
                url=None,
                publisher=publisher,
                stated=BY,
            ),
        ),
        outcomes=outcomes,
        searched=SEARCHED,
    )


def copy_of(one: CaseAsset, relation: Relation = Relation.COPY) -> Copy:
    return Copy(
        relation=relation,
        asset=KnownAsset(
            sha256=one.asset.sha256,
            kind=MediaKind.VIDEO,
            name="y.mp4",
            first_seen="2026-01-01T00:00:00Z",
            appearances=(Appearance(what="published", at="2025-02-11T00:00:00Z", by="desk"),),
        ),
        spans=(),
        transform="none seen",
        distance=0,
        pairs=3,
        scheme="pdq/1",
    )


def case(*assets: CaseAsset, claims: tuple[Claim, ...] = ()) -> Case:
    return Case(
        id="valdai",
        title="",
        opened=BY,
        claims=tuple(NumberedClaim(number=n, claim=c, stated=BY) for n, c in enumerate(claims, 1)),
        assets=assets,
    )


def found(*assets: CaseAsset, claims: tuple[Claim, ...] = ()) -> dict[str, Finding]:
    outcome = corroborate(case(*assets, claims=claims))
    assert (outcome.analysis, outcome.version) == ("corroboration", 1)
    for f in outcome.findings:
        assert "{" not in f.statement
        assert f.caveats
        assert not any(m.personal for m in f.measurements)
    return {f.id: f for f in outcome.findings if f.id != "timeline"}


def captured(time: str) -> RecordedOutcome:
    return finding("metadata", "dates-stated", ("captured", time))


def placed(lat: str, lon: str) -> RecordedOutcome:
    return finding("metadata", "place-stated", ("latitude", lat), ("longitude", lon))


def test_a_single_asset_has_nothing_to_be_compared_with() -> None:
    assert corroborate(case()).status == "not-applicable"
    alone = replace(asset("a"), received_at="unknown", offers=())
    assert corroborate(case(alone)).status == "not-applicable"


@pytest.mark.parametrize("relation", [Relation.COPY, Relation.SAME_STREAM])
def test_copies_are_one_source_not_two(relation: Relation) -> None:
    older = asset("a", publisher="One")
    newer = replace(asset("b", publisher="Other"), copies=(copy_of(older, relation),))
    seen = found(older, newer)
    assert set(seen) == {"one-recording"}
    assert seen["one-recording"].direction is Direction.SUPPORTS_H2


def test_the_same_sound_ties_and_may_be_music() -> None:
    seen = found(asset("a", publisher="x", audio="ff"), asset("b", publisher="y", audio="ff"))
    assert set(seen) == {"same-sound"}
    assert "sound-laid-under" in {c.id for c in seen["same-sound"].caveats}


def test_one_serial_number_ties_but_two_deleted_ones_do_not() -> None:
    def device(serial: str) -> RecordedOutcome:
        return finding("metadata", "device-stated", ("make", "Aurora"), ("serial", serial))

    one, other = asset("a", device("17"), publisher="x"), asset("b", device("17"), publisher="y")
    assert set(found(one, other)) == {"same-device", "same-traces"}
    deleted = [asset(d, device("(redacted)"), publisher=p) for d, p in (("a", "x"), ("b", "y"))]
    assert set(found(*deleted)) == {"same-traces", "nothing-ties"}


def test_one_publisher_is_one_source() -> None:
    seen = found(asset("a", publisher="Ministry "), asset("b", publisher="ministry"))
    assert set(seen) == {"one-publisher"}
    assert seen["one-publisher"].direction is Direction.SUPPORTS_H2


def test_independent_only_as_far_as_can_be_told() -> None:
    seen = found(asset("a", publisher="x"), asset("b", publisher="y"))
    assert set(seen) == {"nothing-ties"}
    assert "not shown" in seen["nothing-ties"].statement
    assert set(found(asset("a", publisher="x"), asset("b"))) == {"not-comparable"}
    unsearched = [replace(asset(d, publisher=d), searched=None) for d in "ab"]
    assert set(found(*unsearched)) == {"not-comparable"}


@pytest.mark.parametrize(
    ("one", "other", "want"),
    [
        ("2025-02-10T09:00:00Z", "2025-12-29T03:00:00Z", "times-disagree"),
        ("2025-12-29T03:00:00Z", "2025-12-29T03:05:00Z", "times-agree"),
        ("2025-12-29T03:00:00Z", "2025-12-29 12:00:00", "times-agree"),  # a zone may explain it
    ],
)
def test_the_same_pictures_were_recorded_once(one: str, other: str, want: str) -> None:
    older = asset("a", captured(one), publisher="x")
    newer = replace(asset("b", captured(other), publisher="y"), copies=(copy_of(older),))
    assert want in found(older, newer)


def test_times_of_different_pictures_are_not_compared() -> None:
    seen = found(
        asset("a", captured("2025-02-10T09:00:00Z")), asset("b", captured("2025-12-29T03:00:00Z"))
    )
    assert not {"times-agree", "times-disagree"} & set(seen)


@pytest.mark.parametrize(("lat", "want"), [("57.99", "places-agree"), ("59.93", "places-disagree")])
def test_the_same_pictures_were_recorded_at_one_place(lat: str, want: str) -> None:
    older = asset("a", placed("57.98", "33.25"), publisher="x")
    newer = replace(asset("b", placed(lat, "33.25"), publisher="y"), copies=(copy_of(older),))
    assert want in found(older, newer)


@pytest.mark.parametrize(
    ("lat", "want"), [("58.00", "map-near-place"), ("50.00", "map-away-from-place")]
)
def test_tracks_of_a_map_against_the_place_of_a_video(lat: str, want: str) -> None:
    words = f"arrow (red) from 51.52° N, 31.40° E (± 3 km) to {lat}° N, 33.30° E (± 4 km), 700 km"
    drawn = asset("a", finding("map-graphic", "track", ("number", 1), ("track", words)))
    video = asset("b", placed("57.98", "33.25"))
    assert found(drawn, video)[want].direction is Direction.NEUTRAL
    assert want in found(video, drawn)


@pytest.mark.parametrize(
    ("statement", "want"),
    [
        ("Total drones 91", "counts-agree"),
        ("Drones shot down: 90", "counts-differ"),
        ("Depots 3", None),
        ("Drones 9 + 3 = 12 in all", None),
    ],
)
def test_counts_of_a_claim_and_a_map(statement: str, want: str | None) -> None:
    claim = Claim(statement="x", by="y", counts=(Count(what="drones", number=91),))
    drawn = asset("a", finding("map-graphic", "statement-not-tested", ("statement", statement)))
    seen = found(drawn, claims=(claim,))
    assert {f for f in seen if f.startswith("counts")} == ({want} if want else set())


def test_drawn_tracks_are_counted() -> None:
    claim = Claim(statement="x", by="y", counts=(Count(what="launch tracks", number=2),))
    drawn = asset("a", finding("map-graphic", "track", ("track", "line")))
    assert "counts-differ" in found(drawn, claims=(claim,))


CLAIM = Claim(
    statement="An attack.",
    by="A ministry",
    event_from="2025-12-28T18:00:00Z",
    event_to="2025-12-29T06:00:00Z",
    first_said_at="2025-12-29T18:00:00Z",
)


def test_a_timeline_is_in_order() -> None:
    older = asset("a", captured("2025-02-10T09:00:00Z"))
    newer = replace(asset("b", captured("2025-12-29T03:00:00Z")), copies=(copy_of(older),))
    told = timeline(case(newer, older, claims=(CLAIM,)))
    assert [t.at.earliest for t in told] == sorted(t.at.earliest for t in told)
    assert [t.what for t in told] == [
        When.STATED,
        When.SEEN,
        When.EVENT_BEGINS,
        When.STATED,
        When.EVENT_ENDS,
        When.SAID,
        When.RELEASED,
        When.RELEASED,
        When.RECEIVED,
        When.RECEIVED,
    ]
    (finding,) = [
        f for f in corroborate(case(newer, older, claims=(CLAIM,))).findings if f.id == "timeline"
    ]
    assert finding.measurements[0].value == "stated 2025-02-10T09:00:00Z"


def test_the_order_of_assets_changes_nothing() -> None:
    older = asset("a", captured("2025-02-10T09:00:00Z"), placed("57.98", "33.25"), publisher="x")
    newer = replace(
        asset("b", captured("2025-12-29T03:00:00Z"), placed("50", "30")), copies=(copy_of(older),)
    )
    other = asset("c", publisher="x", audio="ff")
    outcomes = {
        repr(corroborate(case(*order, claims=(CLAIM,))))
        for order in permutations((older, newer, other))
    }
    assert len(outcomes) == 1


@given(st.integers(0, 10_000), st.integers(0, 3_000))
def test_a_longer_recording_never_makes_times_disagree_anew(minutes: int, longer: int) -> None:
    day, rest = divmod(minutes, 1440)
    later = f"2025-12-{1 + day:02}T{rest // 60:02}:{rest % 60:02}:00Z"

    def told(seconds: int) -> bool:
        older = asset("a", captured("2025-12-01T00:00:00Z"))
        newer = replace(asset("b", captured(later)), copies=(copy_of(older),))
        probe = Probe(container="mp4", duration=Fraction(seconds))
        newer = replace(newer, asset=replace(newer.asset, probe=probe))
        return "times-disagree" in found(older, newer)

    assert told(60) or not told(60 + longer)
