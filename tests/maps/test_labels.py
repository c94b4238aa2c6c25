"""Names, their dots, and what is neither."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forensics.maps.areas_named import names_an_area
from forensics.maps.dots import Dot, Marks, find_marks
from forensics.maps.gazetteer import gazetteer
from forensics.maps.labels import labels
from forensics.model.map import Box2D, Label, Lettering
from tests.maps.pictured import pictured

NOTHING = np.zeros((0, 4))


def line(text: str, x: float, y: float, confidence: int = 90) -> Lettering:
    """Text 16 pixels high whose letters are 9 wide."""
    return Lettering(
        text=text, box=Box2D(x=x, y=y, width=9.0 * len(text), height=16), confidence=confidence
    )


def letters(*lines: Lettering) -> np.ndarray:
    """The outline of each letter."""
    boxes = [
        (t.box.x + 9 * i, t.box.y, t.box.x + 9 * i + 8, t.box.y + 16)
        for t in lines
        for i, c in enumerate(t.text)
        if c != " "
    ]
    return np.array(boxes, float)


def found(lines: list[Lettering], dots: list[Dot]) -> dict[str, Label]:
    marks = Marks(dots=tuple(dots), outlines=(letters(*lines), NOTHING), crowd=0.0)
    return {label.text: label for label in labels(lines, marks, gazetteer())}


def dot(x: float, y: float, *, solid: bool = True, size: float = 8) -> Dot:
    return Dot(x=x, y=y, size=size, solid=solid)


def test_every_name_of_a_drawn_map_has_its_own_dot() -> None:
    map_ = pictured()
    read = labels(map_.lettering, find_marks(map_.pixels), gazetteer())
    at = {label.text: (label.x, label.y) for label in read if label.dotted}
    assert at.keys() == map_.points.keys()
    for name, point in map_.points.items():
        assert at[name] == pytest.approx(point, abs=1)


def test_a_name_without_a_dot_belongs_to_its_middle_and_says_by_how_much_that_may_be_off() -> None:
    map_ = pictured(dots=False)
    read = labels(map_.lettering, find_marks(map_.pixels), gazetteer())
    assert len(read) == len(map_.points)
    assert not any(label.dotted for label in read)
    assert all(label.slack > 20 for label in read)


def test_one_dot_belongs_to_one_name() -> None:
    kaluga, tula = line("Калуга", 110, 90), line("Тула", 112, 116)
    read = found([kaluga, tula], [dot(102, 98), dot(104, 124)])
    assert (read["Калуга"].x, read["Калуга"].y) == (102, 98)
    assert (read["Тула"].x, read["Тула"].y) == (104, 124)


def test_a_name_whose_dot_another_name_stands_nearer_to_has_none() -> None:
    read = found([line("Калуга", 110, 90), line("Тула", 114, 106)], [dot(104, 100)])
    assert [label.dotted for label in read.values()].count(True) == 1


@pytest.mark.parametrize(
    ("text", "at", "name", "solid"),
    [
        ("Киево", 110 + 4 * 9 + 4, "Киев", False),
        ("о Рига", 114, "Рига", False),
        ("Белгороде", 110 + 8 * 9 + 4, "Белгород", True),
        ("оСмоленск", 114, "Смоленск", False),
    ],
)
def test_a_dot_that_was_read_as_a_letter_is_a_dot(
    text: str, at: float, name: str, solid: bool
) -> None:
    read = found([line(text, 110, 90)], [dot(at, 98, solid=solid)])
    assert read[name].dotted
    assert (read[name].x, read[name].y) == (at, 98)


def test_a_ring_that_is_a_letter_of_the_name_is_no_dot() -> None:
    read = found([line("Орёл", 110, 90)], [dot(114, 98, solid=False)])
    assert not read["Орёл"].dotted


def test_a_mark_that_was_read_but_not_found_is_left_out_of_the_name() -> None:
    read = found([line("oKharkiv", 110, 90)], [])
    assert set(read) == {"Kharkiv"}
    assert read["Kharkiv"].dotted
    assert read["Kharkiv"].x == pytest.approx(114, abs=1)


def test_a_dot_above_the_letters_in_a_box_around_both_is_the_dot() -> None:
    tall = replace(line("Витебск", 110, 90), box=Box2D(x=110, y=76, width=63, height=30))
    marks = Marks(
        dots=(dot(141, 80),), outlines=(letters(line("Витебск", 110, 90)), NOTHING), crowd=0
    )
    (label,) = labels([tall], marks, gazetteer())
    assert label.dotted
    assert (label.x, label.y) == (141, 80)


def test_two_lines_that_name_one_place_together_are_one_label() -> None:
    read = found([line("Великий", 200, 100), line("Новгород", 196, 120)], [])
    assert "Великий Новгород" in read
    assert "Великий" not in read


def test_letters_that_crosses_are_read_as_name_nothing() -> None:
    towns = [
        line(name, 100, 40 * i) for i, name in enumerate(("Москва", "Рязань", "Воронеж", "Брянск"))
    ]
    read = found([*towns, line("Bes", 400, 90), line("хо", 400, 190), line("Ош", 400, 290)], [])
    assert set(read) == {"Москва", "Рязань", "Воронеж", "Брянск"}


@pytest.mark.parametrize(
    "text",
    [
        *("РОССИЯ", "Україна", "Belarus", "Брянская обл.", "Сумська область", "Black Sea"),
        *("Чёрное море", "Kursk Oblast"),
    ],
)
def test_areas_are_no_towns(text: str) -> None:
    assert names_an_area(line(text, 0, 0))
    assert found([line(text, 100, 100)], [dot(92, 108)]) == {}


def test_a_name_that_is_set_apart_is_that_of_an_area() -> None:
    wide = replace(line("Волынь", 0, 0), box=Box2D(x=0, y=0, width=240, height=16))
    assert names_an_area(wide)
    assert not names_an_area(line("Волынь", 0, 0))
    assert not names_an_area(line("Нижний Новгород", 0, 0))


@pytest.mark.parametrize("names", [("Сумы", "Sumy"), ("Харьков", "Харків", "Kharkiv")])
def test_one_place_named_in_several_languages_is_one_label(names: tuple[str, ...]) -> None:
    lines = [line(name, 100, 100 + 20 * i) for i, name in enumerate(names)]
    label = found(lines, [dot(90, 108)])[" / ".join(names)]
    assert label.dotted
    assert len(label.candidates) == 1


def test_two_places_one_above_the_other_stay_two() -> None:
    assert set(found([line("Курск", 100, 100), line("Сумы", 100, 120)], [])) == {"Курск", "Сумы"}


@pytest.mark.parametrize("text", ["Сумы (Sumy)", "Kharkiv / Харків"])
def test_a_name_given_twice_on_one_line_is_known(text: str) -> None:
    (label,) = found([line(text, 100, 100)], []).values()
    assert label.candidates[0].edits == 0
