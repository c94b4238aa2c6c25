"""Text of drawings, where it is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.maps.svgtext import svg_lettering
from forensics.model.map import Lettering, ReadBy
from tests.media.making import svg

VIEW = 'viewBox="0 0 200 100"'


def texts(
    tmp_path: Path, body: str, attributes: str = VIEW, size: tuple[int, int] = (400, 200)
) -> list[Lettering]:
    path = tmp_path / "drawing.svg"
    path.write_bytes(svg(body, attributes))
    return list(svg_lettering(path, *size))


def test_a_text_stands_at_its_point_in_pixels(tmp_path: Path) -> None:
    (line,) = texts(tmp_path, '<text x="50" y="40" font-size="10">Суми</text>')
    assert line.text == "Суми"
    assert line.by is ReadBy.FILE
    assert line.confidence is None
    assert line.box.x == pytest.approx(100)
    assert line.box.y + line.box.height == pytest.approx(80)
    assert line.box.height == pytest.approx(14.8)


@pytest.mark.parametrize(("anchor", "share"), [("start", 0.0), ("middle", 0.5), ("end", 1.0)])
def test_its_anchor_decides_where_it_begins(tmp_path: Path, anchor: str, share: float) -> None:
    body = f'<text x="100" y="40" style="font-size: 10px; text-anchor: {anchor}">Kursk</text>'
    (line,) = texts(tmp_path, body)
    assert line.box.x + share * line.box.width == pytest.approx(200)


@pytest.mark.parametrize(
    ("transform", "at"),
    [
        ("translate(10, 20)", (60, 60)),
        ("scale(2)", (100, 80)),
        ("translate(10) scale(.5,1)", (35, 40)),
        ("matrix(1 0 0 1 5 6)", (55, 46)),
        ("rotate(90 50 40)", (50, 40)),
        ("rotate(90)", (-40, 50)),
    ],
)
def test_transforms_of_groups_are_followed(
    tmp_path: Path, transform: str, at: tuple[float, float]
) -> None:
    body = f'<g transform="{transform}"><text x="50" y="40" font-size="10">K</text></g>'
    found = texts(tmp_path, body, 'viewBox="-100 -100 300 300"', (300, 300))
    (line,) = found
    x, y = at[0] + 100, at[1] + 100
    if "rotate" in transform:
        assert line.angle == 90
        assert (line.box.x, line.box.y) == pytest.approx((x, y), abs=0.01)
    else:
        assert (line.box.x, line.box.y + line.box.height) == pytest.approx((x, y), abs=0.01)


def test_spans_are_texts_of_their_own(tmp_path: Path) -> None:
    body = '<text x="10" y="20">Kyiv<tspan x="10" dy="20">Sumy</tspan></text>'
    kyiv, sumy = texts(tmp_path, body)
    assert (kyiv.text, sumy.text) == ("Kyiv", "Sumy")
    assert sumy.box.y - kyiv.box.y == pytest.approx(40)


def test_a_drawing_of_another_shape_is_put_in_the_middle(tmp_path: Path) -> None:
    (line,) = texts(tmp_path, '<text x="0" y="50">Kyiv</text>', 'viewBox="0 0 100 100"', (400, 200))
    assert line.box.x == pytest.approx(100)


@pytest.mark.parametrize(
    "body",
    {
        "in definitions": "<defs><text x='9' y='9'>Kyiv</text></defs>",
        "not displayed": "<g style='display:none'><text x='9' y='9'>Kyiv</text></g>",
        "hidden": "<text x='9' y='9' visibility='hidden'>Kyiv</text>",
        "off the picture": "<text x='900' y='9'>Kyiv</text>",
        "nowhere": "<text x='1e999' y='9'>Kyiv</text>",
        "of no number": "<g transform='scale(1e308) scale(1e308)'><text x='9' y='9'>K</text></g>",
        "unfinished": "<text x='9' y='9'>Kyiv",
        "an entity": "<text x='9' y='9'>&evil;</text>",
    }.values(),
)
def test_what_is_not_shown_is_not_read(tmp_path: Path, body: str) -> None:
    assert texts(tmp_path, body) == []


@pytest.mark.parametrize(
    "body",
    {
        "deep": "<g>" * 3000 + "</g>" * 3000,
        "many": "<text x='9' y='9'>K</text>" * 5000,
        "long": f"<text x='9' y='9'>{'K' * 1_000_000}</text>",
        "many steps": f"<g transform='{'rotate(1) ' * 50_000}'><text x='9' y='9'>K</text></g>",
    }.values(),
)
def test_large_drawings_are_bounded(tmp_path: Path, body: str) -> None:
    found = texts(tmp_path, body)
    assert len(found) <= 3000
    assert all(len(line.text) <= 200 for line in found)
