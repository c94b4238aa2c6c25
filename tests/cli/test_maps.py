"""`forensics map`: a map placed by a person's labels, with no reader of text on the machine."""

from __future__ import annotations

import json

import pytest

from forensics.commands.maps import parse_label, parse_speed
from forensics.errors import UsageError
from tests.cli.conftest import SAMPLES, Program, Ran

MAP = SAMPLES / "released-map.png"
LABELS = {
    "Сумы": (677, 849),
    "Киев": (464, 885),
    "Москва": (819, 442),
    "Рига": (143, 334),
    "Тула": (819, 578),
    "Ярославль": (932, 272),
    "Минск": (315, 603),
}
UNREAD = {"PATH": "/nonexistent"}
"""No tesseract is found, whatever this machine has."""


def given(*names: str) -> list[str]:
    chosen = names or tuple(LABELS)
    return [f"--label={name}={LABELS[name][0]},{LABELS[name][1]}" for name in chosen]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A map placed by a person's labels, one of which is in the wrong place."""
    program = Program(home=tmp_path_factory.mktemp("maps"))
    wrong = "--label=Гомель=900,120"
    held = ("--max-range-km", "900", "--speed-kmh", "150-200")
    ran = program("map", "measure", MAP, *given(), wrong, *held, "--json", env=UNREAD)
    assert list(program.home.iterdir()) == []  # nothing is recorded
    return ran


def test_labels_by_hand_place_a_map_without_tesseract(measured: Ran) -> None:
    assert measured.code == 0, measured.err
    found = json.loads(measured.out)
    assert found["schema"] == "forensics/map/1"
    assert found["placed"] is True
    assert found["projection"] == "Mercator"
    assert 0 < found["residual_km"] < 5
    assert {p["by"] for p in found["control_points"]} == {"person"}
    assert any("tesseract" in note for note in found["notes"])
    assert {"tracks", "markers", "areas"} <= set(found)
    assert {"range", "speed"} <= {statement["kind"] for statement in found["statements"]}


def test_a_label_in_the_wrong_place_is_named(measured: Ran) -> None:
    points = {p["label"]: p["accepted"] for p in json.loads(measured.out)["control_points"]}
    assert points == {**dict.fromkeys(LABELS, True), "Гомель": False}


def test_too_few_labels_place_nothing_and_there_is_nothing_to_export(program: Program) -> None:
    few = given("Сумы", "Киев", "Москва", "Рига")
    ran = program("map", "export", MAP, *few, "--geojson", env=UNREAD)
    assert (ran.code, ran.out) == (3, b"")
    assert "not placed, so there is nothing to export" in ran.err
    assert "fewer than 5 independent ones" in " ".join(ran.err.split())


def test_geojson_and_svg_are_written_where_they_are_asked_for(program: Program) -> None:
    out = ("--geojson", "out.geojson", "--svg", "out.svg")
    ran = program("map", "export", MAP, *given(), *out, env=UNREAD)
    assert (ran.code, ran.out) == (0, b"")
    written = json.loads((program.home / "out.geojson").read_text())
    assert {f["properties"].get("label") for f in written["features"]} >= set(LABELS)
    assert (program.home / "out.svg").read_text().startswith("<svg ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--label", "Сумы=9999,3"), "expected a point of the picture, which is 1600 × 1000"),
        (("--label", "Сумы"), "expected NAME=X,Y"),
        (("--picture", "7", "--label", "Сумы=1,1"), "--picture is 7: expected at most 1"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    program: Program, arguments: tuple[str, ...], says: str
) -> None:
    ran = program("map", "place", MAP, *arguments, env=UNREAD)
    assert ran.code == 2
    assert says in " ".join(ran.err.split())


def test_a_range_that_is_none_is_refused(program: Program) -> None:
    ran = program("map", "measure", MAP, "--max-range-km", "0")
    assert ran.code == 2
    assert "expected a number above 0" in ran.err


def test_a_name_may_hold_an_equals_sign_and_a_point_fractions() -> None:
    label = parse_label(" a=b = 1.5,2 ")
    assert (label.text, label.x, label.y) == ("a=b", 1.5, 2.0)


@pytest.mark.parametrize("text", ["", "=1,2", "x=", "x=1", "x=1,2,3", "x=nan,1", "x=1,inf"])
def test_a_label_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="expected NAME=X,Y"):
        parse_label(text)


@pytest.mark.parametrize(
    ("text", "speeds"),
    [("180", (180.0, 180.0)), ("150-200", (150.0, 200.0)), ("1.5-2", (1.5, 2.0))],
)
def test_a_speed_is_one_or_an_interval(text: str, speeds: tuple[float, float]) -> None:
    assert parse_speed(text) == speeds


@pytest.mark.parametrize("text", ["0", "-5", "200-150", "x", "1-2-3", "nan", "1-inf"])
def test_a_speed_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="expected a speed"):
        parse_speed(text)
