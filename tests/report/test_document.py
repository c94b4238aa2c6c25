import copy
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import orjson
import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from forensics.model import Finding, Measurement, Outcome, Ran
from forensics.report.document import document, schema, to_json, to_jsonl
from tests.report import made
from tests.report.pictured import digest

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def validator():
    Draft202012Validator.check_schema(schema())
    return Draft202012Validator(schema())


@pytest.mark.parametrize("name", ["drone", "still"])
def test_golden(name, golden):
    golden(GOLDEN / f"{name}.json", to_json(getattr(made, name)()))


@pytest.mark.parametrize("name", ["drone", "still"])
def test_documents_follow_the_schema(name, validator):
    validator.validate(orjson.loads(to_json(getattr(made, name)())))


def test_the_shape_that_others_rely_on(drone):
    value = document(drone)
    assert value["schema"] == "forensics/report/1"
    assert value["tool"]["decoder"] == "FFmpeg 9.0.2 (imageio-ffmpeg 0.8.1)"
    assert value["asset"]["streams"][0]["digest"] == digest("video")
    assert value["asset"]["streams"][0]["frame_rate"] == "30000/1001"
    assert value["asset"]["streams"][0]["start"] == "0/1"
    first = value["outcomes"][0]
    assert first["status"] == "ran"
    assert "why" not in first
    finding = first["findings"][1]
    assert finding["statement"].endswith("written at 2025-12-29T03:12:44Z.")
    assert (finding["direction"], finding["diagnostic"]) == ("supports-h1", "no")
    assert finding["strength"] == {}
    assert finding["measurements"][0]["where"] == {"offset": 131, "field": "creation_time"}
    match = value["copies"][0]
    assert match["relation"] == "copy"
    assert match["asset"] == digest("earlier")
    assert match["first_seen"] == "2025-08-14T09:30:00Z"
    assert match["spans"][0] == {
        "query": {"start": "0/1", "end": "6/1"},
        "copy": {"start": "41/5", "end": "71/5"},
    }
    assert value["verdict"]["about"] == "claim"
    assert value["verdict"]["pillars"]["date"]["status"] == "contradicted"
    assert value["verdict"]["integrity"]["reasons"][0]["findings"] == [
        "container-structure/re-muxed"
    ]
    assert value["ledger"]["checkpoint"] == drone.receipt.checkpoint
    assert value["ledger"]["entries"] == [31, 32, 33, 34, 35, 36, 37, 39]


def test_the_four_outcomes_stay_apart(drone):
    statuses = {o["analysis"]: (o["status"], o.get("why")) for o in document(drone)["outcomes"]}
    assert statuses["duplicated-frames"] == ("ran", None)
    assert statuses["jpeg-grid"] == (
        "not-applicable",
        "It reads JPEG pictures; this is a video.",
    )
    assert statuses["content-credentials"][0] == "not-run"
    assert statuses["sound-continuity"][0] == "failed"


def test_there_is_no_claim_where_none_was_made(still):
    assert "claim" not in document(still)["verdict"]


def test_the_text_of_a_file_is_exact():
    hostile = 'a"\\\x00\x1b[2J\u202e</script>\n'
    assert orjson.loads(to_json(made.hostile(hostile)))["asset"]["name"] == hostile


def test_a_lone_surrogate_is_written_out(validator):
    value = orjson.loads(to_json(made.hostile("\udcff.mp4")))
    validator.validate(value)
    assert value["asset"]["name"] == "⟨U+DCFF⟩.mp4"
    assert "⟨U+DCFF⟩.mp4" in value["asset"]["tags"]


@pytest.mark.parametrize("number", [2**53 + 1, -(2**80), 10**30])
def test_a_number_too_large_for_other_readers_is_text(number, still, validator):
    finding = Finding(
        id="x", template="x", measurements=(Measurement(key="k", value=number, unit="count"),)
    )
    outcome = Outcome(analysis="x", version=1, examines=(), result=Ran(findings=(finding,)))
    value = orjson.loads(to_json(replace(still, outcomes=(outcome,))))
    validator.validate(value)
    assert value["outcomes"][0]["findings"][0]["measurements"][0]["value"] == str(number)


def test_a_report_without_plan_probe_or_search(still, validator):
    bare = replace(still, searched=None, asset=replace(still.asset, probe=None))
    value = orjson.loads(to_json(bare))
    validator.validate(value)
    assert value["searched"] is None
    assert value["plan"] is None
    assert value["asset"]["container"] is None


def test_one_line_for_each_document(drone):
    line = to_jsonl(drone)
    assert line.count(b"\n") == 1
    assert line.endswith(b"}\n")
    assert orjson.loads(line) == orjson.loads(to_json(drone))


def test_the_same_report_gives_the_same_bytes():
    assert to_json(made.drone()) == to_json(made.drone())


def test_the_order_in_which_tags_were_read_does_not_show(still):
    tags = {"b": "2", "a": "1"}
    probe = still.asset.probe
    one = replace(still, asset=replace(still.asset, probe=replace(probe, tags=tags)))
    reverse = dict(reversed(tags.items()))
    two = replace(still, asset=replace(still.asset, probe=replace(probe, tags=reverse)))
    assert to_json(one) == to_json(two)


def _walk(value):
    yield value
    children = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        for child in children:
            yield from _walk(child)


def test_there_are_no_floats(drone):
    assert not [v for v in _walk(document(drone)) if isinstance(v, float)]
    assert not [v for v in _walk(schema()) if v == "number"]


def test_the_schema_is_strict_everywhere():
    objects = [v for v in _walk(schema()) if isinstance(v, dict) and v.get("type") == "object"]
    assert len(objects) > 20
    assert all("additionalProperties" in v for v in objects)


def _set(path, value):
    def spoil(target):
        *way, last = path
        for step in way:
            target = target[step]
        target[last] = value

    return spoil


def _drop(path):
    def spoil(target):
        *way, last = path
        for step in way:
            target = target[step]
        del target[last]

    return spoil


MEASUREMENT = ("outcomes", 0, "findings", 0, "measurements", 0)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(_set(("extra",), 1), id="unknown key"),
        pytest.param(_set(("asset", "extra"), 1), id="unknown key within"),
        pytest.param(_set((*MEASUREMENT, "value"), 0.5), id="float"),
        pytest.param(_set((*MEASUREMENT, "value"), 2**60), id="number beyond 2^53"),
        pytest.param(_set(("asset", "sha256"), "ABC"), id="digest in capitals"),
        pytest.param(_set(("asset", "duration"), "12.5"), id="decimal for a ratio"),
        pytest.param(_set(("asset", "duration"), "1/0"), id="ratio over zero"),
        pytest.param(_set(("verdict", "verifiability"), "verified"), id="unknown headline"),
        pytest.param(_set(("verdict", "about"), "world"), id="about something else"),
        pytest.param(_drop(("verdict", "pillars", "motivation")), id="pillar missing"),
        pytest.param(_drop(("verdict", "would_settle_it")), id="list missing"),
        pytest.param(_drop(("outcomes", 4, "why")), id="not run without why"),
        pytest.param(_set(("outcomes", 0, "why"), "because"), id="ran with why"),
        pytest.param(_set(("outcomes", 6, "findings"), [{}]), id="failed with findings"),
        pytest.param(
            _set(("outcomes", 0, "findings", 0, "strength"), {"word": "strong"}),
            id="strength word without calibration",
        ),
        pytest.param(_set(("copies", 0, "first_seen"), "yesterday"), id="time in words"),
        pytest.param(_set(("ledger", "root"), "0" * 64), id="root in hexadecimal"),
    ],
)
def test_the_schema_refuses(spoil, drone, validator):
    value = orjson.loads(to_json(drone))
    validator.validate(value)
    spoiled = copy.deepcopy(value)
    spoil(spoiled)
    with pytest.raises(ValidationError):
        validator.validate(spoiled)


def test_whole_seconds_are_ratios_too(drone):
    assert document(drone)["plan"]["every"] == "1/2"
    whole = replace(drone, plan=replace(drone.plan, every=Fraction(2)))
    assert document(whole)["plan"]["every"] == "2/1"
