"""How a graphic is laid out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from forensics.maps.panels import boxes, columns, inside, on_map, panels
from forensics.model.map import Box2D, Lettering, PanelKind

SIZE = (1200, 800)
PANEL = (880, 100, 1180, 700)


def line(text: str, x: float, y: float, height: float = 16) -> Lettering:
    box = Box2D(x=x, y=y, width=0.55 * height * len(text), height=height)
    return Lettering(text=text, box=box, confidence=90)


def laid_out(*filled: tuple[int, int, int, int]) -> np.ndarray:
    image = Image.new("RGB", SIZE, (230, 225, 210))
    draw = ImageDraw.Draw(image)
    for box in filled:
        draw.rectangle(box, fill=(255, 255, 255), outline=(20, 30, 80), width=2)
    draw.line((0, 400, 870, 300), fill=(120, 110, 100), width=3)
    return np.asarray(image, np.uint8)


def kinds(picture: np.ndarray, lines: list[Lettering]) -> set[PanelKind]:
    return {panel.kind for panel in panels(picture, lines)}


TOWNS = [
    line(name, 60 + 190 * i, 130 + 97 * (i * 7 % 5))
    for i, name in enumerate(("Kursk", "Orel", "Tula"))
]
LEGEND = [
    line(text, 900, 130 + 40 * i)
    for i, text in enumerate(("Условные обозначения", "район пуска", "цель", "Рязань", "граница"))
]
TABLE = [line(f"Брянск {n}", 900, 130 + 40 * i) for i, n in enumerate((49, 1, 41, 91))]


def test_a_box_is_found_where_it_is() -> None:
    (box,) = boxes(laid_out(PANEL))
    assert (box.x, box.y) == pytest.approx(PANEL[:2], abs=4)
    assert (box.x + box.width, box.y + box.height) == pytest.approx(PANEL[2:], abs=4)


def test_the_map_itself_and_small_marks_are_no_boxes() -> None:
    assert boxes(laid_out()) == []
    assert boxes(laid_out((5, 5, 1190, 790))) == []
    assert boxes(laid_out((100, 100, 140, 130))) == []


def test_texts_of_a_legend_do_not_stand_on_the_map() -> None:
    found = panels(laid_out(PANEL), [*TOWNS, *LEGEND])
    assert [p.kind for p in found] == [PanelKind.LEGEND]
    assert on_map([*TOWNS, *LEGEND], found) == TOWNS


def test_a_list_with_numbers_is_a_table() -> None:
    assert kinds(laid_out(PANEL), [*TOWNS, *TABLE]) == {PanelKind.TABLE}


def test_a_legend_without_a_box_is_known_by_its_even_lines() -> None:
    found = panels(laid_out(), [*TOWNS, *LEGEND])
    assert {p.kind for p in found} == {PanelKind.LEGEND}
    assert on_map([*TOWNS, *LEGEND], found) == TOWNS


def test_a_banner_is_a_title() -> None:
    words = line("НАПРАВЛЕНИЯ УДАРОВ", 40, 20, height=30)
    assert kinds(laid_out((0, 0, 1199, 60)), [words, *TOWNS]) == {PanelKind.TITLE}
    assert kinds(laid_out(), [line("НАПРАВЛЕНИЯ УДАРОВ В НОЧЬ", 40, 20, 30), *TOWNS]) == {
        PanelKind.TITLE
    }


def test_a_box_with_towns_here_and_there_is_a_map_of_its_own() -> None:
    towns = [line(f"Town{c}", 900 + 60 * (i * 3 % 4), 130 + 120 * i) for i, c in enumerate("abcde")]
    assert kinds(laid_out(PANEL), [*TOWNS, *towns]) == {PanelKind.INSET}


def test_numbers_on_one_level_with_a_unit_are_a_scale() -> None:
    numbers = [line("0", 40, 740), line("100", 130, 740), line("200 км", 230, 740)]
    found = panels(laid_out(), [*TOWNS, *numbers])
    assert [p.kind for p in found] == [PanelKind.SCALE_BAR]
    assert on_map([*TOWNS, *numbers], found) == TOWNS


def test_towns_that_happen_to_stand_over_one_another_are_no_list() -> None:
    towns = [line("Kursk", 60, 100), line("Orel", 61, 150), line("Tula", 59, 290)]
    assert columns(towns) == []
    assert kinds(laid_out(), towns) == set()


def test_the_letter_of_a_north_arrow_is_told_and_is_no_town() -> None:
    for letter in ("N", "С", "Пн"):
        found = panels(laid_out(), [*TOWNS, line(letter, 820, 60)])
        assert [p.kind for p in found] == [PanelKind.NORTH_ARROW]


def test_a_box_lies_in_another_by_its_middle() -> None:
    outer = Box2D(x=0, y=0, width=10, height=10)
    assert inside(Box2D(x=8, y=8, width=4, height=4), outer)
    assert not inside(Box2D(x=9, y=9, width=4, height=4), outer)


def test_cells_of_a_graticule_are_no_panels() -> None:
    image = Image.new("RGB", SIZE, (230, 225, 210))
    draw = ImageDraw.Draw(image)
    for x in range(100, 1101, 200):
        draw.line((x, 100, x, 700), fill=(90, 90, 90), width=2)
    for y in range(100, 701, 150):
        draw.line((100, y, 1100, y), fill=(90, 90, 90), width=2)
    assert boxes(np.asarray(image, np.uint8)) == []


def test_figures_to_the_right_of_a_list_make_it_a_table() -> None:
    names = ("Брянская область", "Смоленская область", "Новгородская область", "ВСЕГО")
    rows = [line(name, 900, 130 + 50 * i) for i, name in enumerate(names)]
    figures = [line(n, 1150, 130 + 50 * i) for i, n in enumerate(("49", "1", "41", "91"))]
    legend = [replace(entry, box=replace(entry.box, y=entry.box.y + 240)) for entry in LEGEND]
    found = panels(laid_out(), [*TOWNS, *rows, *figures, *legend])
    assert [p.kind for p in found] == [PanelKind.TABLE, PanelKind.LEGEND]
    assert on_map([*TOWNS, *rows, *figures, *legend], found) == TOWNS
