"""The scale bar and the degrees at a map's edge."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from forensics.maps.scales import graticule, scales
from forensics.model.map import Box2D, Lettering, Statement

WEST, NORTH, A_DEGREE = 28.0, 55.0, 100.0


class Plane:
    """A map in which a degree either way is a hundred pixels."""

    def ground(self, pixels: np.ndarray) -> np.ndarray:
        return np.column_stack((WEST + pixels[:, 0] / A_DEGREE, NORTH - pixels[:, 1] / A_DEGREE))

    def error_km(self, pixels: np.ndarray) -> np.ndarray:
        return np.full(len(pixels), 2.0)


def line(text: str, x: float, y: float, height: float = 12) -> Lettering:
    """A text whose middle is at a point."""
    wide = 0.6 * height * len(text)
    return Lettering(
        text=text, box=Box2D(x=x - wide / 2, y=y - height / 2, width=wide, height=height)
    )


def degrees(sign: str = "°", moved: float = 0.0) -> list[Lettering]:
    return [
        *(line(f"{28 + i}{sign}", 100 * i + moved, 880) for i in range(1, 6)),
        *(line(f"{55 - i}{sign}", 20, 100 * i + moved) for i in range(1, 6)),
    ]


def bar(stated: str, pixels: int) -> tuple[np.ndarray, list[Lettering]]:
    image = Image.new("RGB", (1000, 900), (240, 238, 230))
    draw = ImageDraw.Draw(image)
    draw.line([(50, 834), (50, 840), (50 + pixels, 840), (50 + pixels, 834)], (30, 30, 30), 2)
    return np.asarray(image, np.uint8), [line(stated, 50 + pixels, 822), line("0", 50, 822)]


def only(found: tuple[Statement, ...], kind: str) -> Statement:
    (one,) = (s for s in found if s.kind == kind)
    return one


BLANK = np.full((900, 1000, 3), 240, np.uint8)


@pytest.mark.parametrize("sign", ["°", ""])
def test_degrees_are_told_by_how_they_grow(sign: str) -> None:
    found = graticule(degrees(sign))
    assert [d.value for d in found if d.east] == [29, 30, 31, 32, 33]
    assert [d.value for d in found if not d.east] == [54, 53, 52, 51, 50]


def test_degrees_that_stand_where_the_names_put_them_hold() -> None:
    found = only(scales(BLANK, degrees(), Plane()), "graticule")
    assert found.holds
    assert found.why.startswith("10 of 10 degrees stand where")


def test_degrees_of_another_place_do_not() -> None:
    assert only(scales(BLANK, degrees(moved=70), Plane()), "graticule").holds is False


def test_bare_numbers_that_do_not_fit_accuse_nobody() -> None:
    assert only(scales(BLANK, degrees("", moved=70), Plane()), "graticule").holds is None


def test_the_colours_of_temperatures_are_no_graticule() -> None:
    legend = [line(f"{5 * i}°", 90 * i, 842) for i in range(7)]
    assert scales(BLANK, legend, Plane()) == ()


def test_the_axis_of_a_chart_is_no_graticule() -> None:
    axis = [line(f"{10 * i}", 90 * i, 842) for i in range(7)]
    assert scales(BLANK, axis, None) == ()


@pytest.mark.parametrize(
    "texts",
    [
        ["20°C", "21°C", "19°C"],
        ["28", "30", "32"],
        ["17:00", "18:00", "19:00"],
        ["361°", "362°", "363°"],
    ],
)
def test_other_numbers_are_no_graticule(texts: list[str]) -> None:
    assert graticule([line(text, 100 * i, 880) for i, text in enumerate(texts)]) == []


def test_letters_for_east_and_north_are_read() -> None:
    texts = ("30° в.д.", "32°30' в. д.", "35° сх. д.", "50°N", "48.5° с.ш.", "46° пн. ш.")
    lines = [line(text, 90 * i, 37 * i * i) for i, text in enumerate(texts)]
    found = {d.value: d.east for d in graticule(lines)}
    assert found == {30: True, 32.5: True, 35: True, 50: False, 48.5: False, 46: False}


# A degree of longitude, 100 pixels, is 64 to 71 km long between 50 and 55 degrees north.
@pytest.mark.parametrize(
    ("stated", "pixels", "holds"),
    [("100 км", 150, True), ("100 km", 300, False), ("50 mi", 120, True), ("100 км", 140, True)],
)
def test_a_scale_bar_is_held_against_the_fit(stated: str, pixels: int, holds: bool) -> None:
    picture, lines = bar(stated, pixels)
    found = only(scales(picture, lines, Plane()), "scale")
    assert found.holds is holds, found.why
    assert found.text == stated


def test_a_unit_that_was_read_apart_is_joined() -> None:
    picture, (number, zero) = bar("100", 150)
    unit = line("км", number.box.x + number.box.width + 10, 822)
    assert only(scales(picture, [number, unit, zero], Plane()), "scale").holds


def test_a_length_without_a_bar_is_none() -> None:
    picture = BLANK.copy()
    picture[836:839, 100:900] = 30  # a border
    assert scales(picture, [line("100 км", 300, 822)], Plane()) == ()


def test_a_map_that_is_not_placed_has_nothing_to_hold_them_against() -> None:
    picture, lines = bar("100 км", 150)
    assert [s.holds for s in scales(picture, [*lines, *degrees()], None)] == [None, None]
