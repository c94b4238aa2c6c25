"""Model values as JSON values and back, exactly; what is of another form is an error of ours."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.codec import plain, ratio, recall, revive, well_formed
from forensics.errors import MediaError
from forensics.media.prepared import Prepared
from forensics.model import (
    Asset,
    Caveat,
    Failed,
    LocalCodes,
    Look,
    MediaKind,
    NotApplicable,
    NotRun,
    Outcome,
    Pillar,
    Probe,
    Ran,
    Result,
    Sample,
    SamplePlan,
    Sha256,
    Signature,
    Stream,
    StreamType,
)

TEXTS = st.text(max_size=20).map(well_formed)
FRACTIONS = st.fractions()
STREAMS = st.builds(
    Stream,
    index=st.integers(0, 99),
    type=st.sampled_from(StreamType),
    codec=TEXTS,
    digest=st.none() | TEXTS,
    digest_scheme=st.none() | TEXTS,
    width=st.none() | st.integers(0),
    height=st.none() | st.integers(0),
    rotation=st.sampled_from([0, 90, 180, 270]),
    time_base=st.none() | FRACTIONS,
    frame_rate=st.none() | FRACTIONS,
    start=st.none() | FRACTIONS,
    duration=st.none() | FRACTIONS,
    picture_types=st.dictionaries(TEXTS, st.integers(0), max_size=3),
    tags=st.dictionaries(TEXTS, TEXTS, max_size=3),
)
PROBES = st.builds(
    Probe,
    container=TEXTS,
    streams=st.lists(STREAMS, max_size=3).map(tuple),
    duration=st.none() | FRACTIONS,
    tags=st.dictionaries(TEXTS, TEXTS, max_size=3),
    pictures=st.none() | st.integers(0),
    notes=st.lists(TEXTS, max_size=2).map(tuple),
)
ASSETS = st.builds(
    Asset,
    sha256=st.just(Sha256("0" * 64)),
    size=st.integers(0),
    kind=st.sampled_from(MediaKind),
    mime=TEXTS,
    name=TEXTS,
    probe=st.none() | PROBES,
)
SAMPLES = st.builds(
    Sample,
    index=st.integers(0),
    time=FRACTIONS,
    keyframe=st.booleans(),
    width=st.integers(1),
    height=st.integers(1),
)
PLANS = st.builds(
    SamplePlan,
    keyframes=st.booleans(),
    every=st.none() | FRACTIONS,
    limit=st.integers(0),
    long_side=st.none() | st.integers(1),
    note=TEXTS,
)
PREPARED = st.builds(
    Prepared,
    kind=st.sampled_from(MediaKind),
    probe=st.none() | PROBES,
    plan=st.none() | PLANS,
    samples=st.lists(SAMPLES, max_size=4).map(tuple),
    trouble=TEXTS,
    notes=st.lists(TEXTS, max_size=2).map(tuple),
)
SIGNATURES = st.builds(
    Signature, scheme=TEXTS, code=st.binary(), quality=st.integers(0, 100), time=FRACTIONS
)
LOCAL_CODES = st.builds(
    LocalCodes,
    scheme=TEXTS,
    time=FRACTIONS,
    width=st.integers(1),
    height=st.integers(1),
    points=st.binary(),
    codes=st.binary(),
)
LOOKS = st.builds(
    Look,
    time=FRACTIONS,
    width=st.integers(1),
    height=st.integers(1),
    thumbnail=st.binary(),
    local=st.lists(LOCAL_CODES, max_size=2).map(tuple),
)
RESULTS = (
    st.just(Ran(findings=()))
    | st.builds(NotApplicable, why=TEXTS)
    | st.builds(NotRun, needs=TEXTS)
    | st.builds(Failed, error=TEXTS)
)
OUTCOMES = st.builds(
    Outcome,
    analysis=TEXTS,
    version=st.integers(1),
    examines=st.lists(st.sampled_from(Pillar), max_size=2).map(tuple),
    result=RESULTS,
)


def there_and_back(value: Any, kind: Any) -> Any:
    return revive(json.loads(json.dumps(plain(value))), kind)


@settings(max_examples=40)
@given(ASSETS)
def test_assets_come_back_as_they_were(asset: Asset) -> None:
    assert there_and_back(asset, Asset) == asset


@settings(max_examples=40)
@given(PREPARED)
def test_readings_come_back_as_they_were(prepared: Prepared) -> None:
    assert there_and_back(prepared, Prepared) == prepared


@settings(max_examples=40)
@given(st.lists(SIGNATURES, max_size=4).map(tuple))
def test_signatures_come_back_as_they_were(signatures: tuple[Signature, ...]) -> None:
    assert there_and_back(signatures, tuple[Signature, ...]) == signatures


@settings(max_examples=40)
@given(LOOKS)
def test_looks_come_back_as_they_were(look: Look) -> None:
    assert there_and_back(look, Look) == look


def test_a_thumbnail_that_is_not_base64_is_refused() -> None:
    look = Look(time=Fraction(0), width=1, height=1, thumbnail=b"\xff\xd8", local=())
    with pytest.raises(MediaError, match="not of the form expected"):
        revive(plain(look) | {"thumbnail": "!!!!"}, Look)


@settings(max_examples=40)
@given(OUTCOMES)
def test_outcomes_come_back_as_they_were(outcome: Outcome) -> None:
    assert there_and_back(outcome, Outcome) == outcome


@pytest.mark.parametrize(
    ("result", "status"),
    [
        (Ran(findings=()), "ran"),
        (NotApplicable(why="x"), "not-applicable"),
        (NotRun(needs="x"), "not-run"),
        (Failed(error="x"), "failed"),
    ],
)
def test_results_carry_their_status(result: Result, status: str) -> None:
    assert plain(result, Result)["status"] == status


@given(FRACTIONS)
def test_fractions_are_written_with_their_denominator(value: Fraction) -> None:
    text = ratio(value)
    assert Fraction(text) == value
    assert text.count("/") == 1
    assert ratio(Fraction(3)) == "3/1"


@given(st.text(alphabet=st.characters(codec=None), max_size=30))
def test_any_text_becomes_text_that_utf8_carries(text: str) -> None:
    text = text + "\udcff"
    made = well_formed(text)
    made.encode("utf-8")
    assert made.endswith("\\udcff")
    assert well_formed(made) == made


GOOD = plain(Sample(index=0, time=Fraction(1, 2), keyframe=True, width=1, height=1))


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        "text",
        [],
        {},
        {**GOOD, "more": 1},
        {k: v for k, v in GOOD.items() if k != "time"},
        {**GOOD, "time": "1/0"},
        {**GOOD, "time": "half"},
        {**GOOD, "time": None},
        {**GOOD, "index": "x"},
        {**GOOD, "width": None},
    ],
    ids=str,
)
def test_data_of_another_form_is_an_error_of_ours(data: object) -> None:
    with pytest.raises(MediaError, match="not of the form expected"):
        revive(data, Sample)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda c: st.lists(c) | st.dictionaries(st.sampled_from(sorted(GOOD)), c),
        max_leaves=8,
    )
)
def test_any_json_is_revived_or_told(data: object) -> None:
    for kind in (Sample, Prepared, tuple[Signature, ...]):
        try:
            revive(data, kind)
        except MediaError:
            continue


def test_half_a_surrogate_pair_in_a_value_is_written_out() -> None:
    caveat = Caveat(id="a", text="name \udcff")
    assert revive(plain(caveat), Caveat).text == "name \\udcff"


def test_an_entry_holds_what_it_says_and_may_hold_more() -> None:
    caveat = {"id": "a", "text": "t"}
    assert recall({**caveat, "later": 1}, Caveat) == Caveat(id="a", text="t")
    assert recall({"index": 0, "type": "video", "codec": "x"}, Stream).type is StreamType.VIDEO


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"id": "a", "text": 7}, Caveat),
        ({"id": "a"}, Caveat),
        ({"index": "0", "type": "video", "codec": "x"}, Stream),
        ({"index": True, "type": "video", "codec": "x"}, Stream),
        ({"index": 0, "type": "smell", "codec": "x"}, Stream),
        ({"index": 0, "type": "video", "codec": "x", "duration": "1e99"}, Stream),
        ("text", Caveat),
    ],
)
def test_an_entry_of_another_form_is_not_bent_into_shape(data: object, kind: type) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        recall(data, kind)
