"""Lines, arrows, symbols and regions of drawings whose truth is known."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from forensics.maps.areas import find_regions
from forensics.maps.inks import canvas
from forensics.maps.markers import find_symbols
from forensics.maps.strokes import Stroke, find_strokes, length
from forensics.model.map import Box2D

Picture = NDArray[np.uint8]
RED, BLACK, YELLOW = (200, 30, 38), (20, 20, 20), (250, 220, 60)


def ground(colour: tuple[int, int, int] = (232, 231, 222)) -> Picture:
    return np.full((800, 1200, 3), colour, np.uint8)


def bent(
    a: tuple[float, float], bow: tuple[float, float], b: tuple[float, float]
) -> NDArray[np.float64]:
    t = np.linspace(0, 1, 120)[:, None]
    one, two, three = (np.array(p, np.float64) for p in (a, bow, b))
    return np.asarray((1 - t) ** 2 * one + 2 * t * (1 - t) * two + t**2 * three)


def draw(
    picture: Picture,
    path: NDArray[np.float64],
    colour: tuple[int, int, int],
    width: int,
    *,
    head: float = 0.0,
    dashed: bool = False,
) -> None:
    way = path[-1] - path[-8]
    way = way / np.hypot(*way)
    side = np.array((-way[1], way[0]))
    shaft = path[np.hypot(*(path - path[-1]).T) > head] if head else path
    fixed = np.round(shaft * 16).astype(np.int32)
    if dashed:
        for i in range(0, len(fixed) - 3, 6):
            cv2.polylines(picture, [fixed[i : i + 4]], False, colour, width, cv2.LINE_AA, 4)
    else:
        cv2.polylines(picture, [fixed], False, colour, width, cv2.LINE_AA, 4)
    if head:
        back = path[-1] - way * head * 1.6
        corners = np.array([path[-1], back + side * head * 0.7, back - side * head * 0.7])
        cv2.fillPoly(picture, [np.round(corners * 16).astype(np.int32)], colour, cv2.LINE_AA, 4)


def strokes(picture: Picture) -> tuple[Stroke, ...]:
    return tuple(s for s in find_strokes(canvas(picture, [], [])) if not s.base)


def jpeg(picture: Picture, quality: int) -> Picture:
    _, data = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[:, :, ::-1], np.uint8)


CURVE = bent((200, 650), (500, 300), (900, 150))


@pytest.mark.parametrize(
    ("colour", "below", "width"),
    [
        (RED, (232, 231, 222), 4),
        (BLACK, (240, 240, 240), 3),
        (YELLOW, (30, 36, 48), 5),
        (RED, (232, 231, 222), 14),
    ],
)
def test_an_arrow_is_followed_from_its_tail_to_its_tip(
    colour: tuple[int, int, int], below: tuple[int, int, int], width: int
) -> None:
    picture = ground(below)
    draw(picture, CURVE, colour, width, head=10 + 1.5 * width)
    (found,) = strokes(picture)
    assert found.arrow
    assert np.hypot(*(found.path[0] - CURVE[0])) < 3 + width / 2
    assert np.hypot(*(found.path[-1] - CURVE[-1])) < 5
    assert length(found.path) == pytest.approx(length(CURVE), rel=0.02)


def test_a_compressed_arrow_is_followed_within_its_error() -> None:
    picture = ground()
    draw(picture, CURVE, RED, 4, head=16)
    (found,) = strokes(jpeg(picture, 50))
    assert found.arrow
    assert np.hypot(*(found.path[0] - CURVE[0])) < 5
    assert np.hypot(*(found.path[-1] - CURVE[-1])) < found.error
    assert length(found.path) == pytest.approx(length(CURVE), rel=0.03)


def test_dashes_are_one_line() -> None:
    picture = ground()
    draw(picture, CURVE, RED, 4, dashed=True)
    (found,) = strokes(picture)
    assert not found.arrow
    assert 0.1 < found.covered < 0.65
    assert length(found.path) == pytest.approx(length(CURVE), rel=0.04)


def test_tracks_that_cross_go_straight_on() -> None:
    picture = ground()
    other = bent((250, 120), (500, 350), (850, 620))
    draw(picture, CURVE, RED, 4, head=16)
    draw(picture, other, RED, 4, head=16)
    found = strokes(picture)
    assert [s.arrow for s in found] == [True, True]
    for truth in (CURVE, other):
        assert (
            min(
                np.hypot(*(s.path[-1] - truth[-1])) + np.hypot(*(s.path[0] - truth[0]))
                for s in found
            )
            < 12
        )


def close(found: tuple[Stroke, ...], truth: NDArray[np.float64]) -> float:
    """How far both ends of the best stroke are from those of a line, at most."""
    return float(
        min(
            max(np.hypot(*(s.path[0] - truth[0])), np.hypot(*(s.path[-1] - truth[-1])))
            for s in found
        )
    )


def test_arrows_of_a_fan_and_those_that_cross_at_a_small_angle_keep_their_ways() -> None:
    picture = ground()
    fan = [bent((200, 700), (500, 480), (900, 120 + 130 * i)) for i in range(4)]
    fan.append(bent((150, 420), (560, 420), (1000, 330)))
    for way in fan:
        draw(picture, way, RED, 4, head=16)
    found = strokes(picture)
    assert len(found) == len(fan)
    assert all(close(found, way) < 12 for way in fan)


@pytest.mark.parametrize("quality", [0, 50])
def test_a_dashed_arrow_over_a_dashed_arrow(quality: int) -> None:
    picture = ground((30, 36, 48))
    ways = [CURVE, bent((250, 120), (500, 350), (850, 620))]
    for way in ways:
        draw(picture, way, YELLOW, 4, head=14, dashed=True)
    found = strokes(jpeg(picture, quality) if quality else picture)
    assert [s.arrow for s in found] == [True, True]
    assert all(close(found, way) < 8 for way in ways)


def test_a_short_arrow_at_640_pixels_is_followed() -> None:
    picture = np.full((400, 640, 3), (240, 238, 230), np.uint8)
    way = bent((120, 330), (250, 200), (430, 90))
    draw(picture, way, RED, 2, head=7)
    found = strokes(jpeg(picture, 75))
    assert close(found, way) < 6


def test_an_arrow_begins_in_the_area_that_it_is_drawn_from() -> None:
    picture = ground()
    cv2.ellipse(picture, (200, 650), (50, 34), 0, 0, 360, (232, 180, 180), -1, cv2.LINE_AA)
    cv2.ellipse(picture, (200, 650), (50, 34), 0, 0, 360, RED, 2, cv2.LINE_AA)
    draw(picture, CURVE, RED, 4, head=16)
    assert close(strokes(picture), CURVE) < 8


def test_lines_of_the_map_itself_are_no_tracks() -> None:
    picture, chooser = ground(), np.random.default_rng(8)
    for row in range(80, 800, 90):  # borders, with an arrow's ink used for them as well
        x = np.arange(20, 1180, 6.0)
        y = row + np.cumsum(chooser.normal(0, 4, len(x)))
        cv2.polylines(picture, [np.column_stack((x, y)).astype(np.int32)], False, BLACK, 2)
    cv2.rectangle(picture, (900, 80), (1150, 500), BLACK, 2)
    cv2.line(picture, (40, 60), (1100, 60), RED, 5)
    assert strokes(picture) == ()


def test_a_head_at_both_ends_tells_no_direction() -> None:
    picture = ground()
    draw(picture, CURVE, RED, 4, head=16)
    draw(picture, CURVE[::-1], RED, 4, head=16)
    (found,) = strokes(picture)
    assert not found.arrow
    assert min(close((found,), CURVE), close((found,), CURVE[::-1])) < 8


@pytest.mark.parametrize("form", ["open", "swept", "broad"])
def test_heads_of_other_forms_are_told(form: str) -> None:
    picture = ground()
    way = CURVE[-1] - CURVE[-8]
    way = way / np.hypot(*way)
    side, tip = np.array((-way[1], way[0])), CURVE[-1]
    draw(picture, CURVE, RED, 4)
    arms = [tip - 18 * way + 10 * side, tip, tip - 18 * way - 10 * side]
    notch = {"swept": tip - 11 * way, "broad": tip - 18 * way}.get(form)
    if notch is None:
        cv2.polylines(picture, [np.round(arms).astype(np.int32)], False, RED, 3, cv2.LINE_AA)
    else:
        cv2.fillPoly(picture, [np.round([*arms, notch]).astype(np.int32)], RED, cv2.LINE_AA)
    (found,) = strokes(picture)
    assert found.arrow
    assert np.hypot(*(found.path[-1] - tip)) < 6


def test_a_line_that_a_label_hides_goes_on() -> None:
    picture = ground()
    draw(picture, CURVE, RED, 4, head=16)
    middle = CURVE[60].round().astype(int)
    cv2.circle(picture, middle.tolist(), 9, BLACK, -1)
    (found,) = strokes(picture)
    assert length(found.path) == pytest.approx(length(CURVE), rel=0.02)


def test_a_rough_line_is_no_track() -> None:
    picture, chooser = ground(), np.random.default_rng(5)
    rough = bent((80, 500), (600, 250), (1120, 560))[::2]
    rough = rough + chooser.normal(0, 7, rough.shape)
    draw(picture, rough, RED, 3)
    assert strokes(picture) == ()


def test_what_lies_apart_is_not_looked_at() -> None:
    picture = ground()
    draw(picture, CURVE, RED, 4, head=16)
    out = Box2D(x=0, y=0, width=1200, height=800)
    assert find_strokes(canvas(picture, [], [out])) == ()


@pytest.mark.parametrize("shape", [(1, 1), (3, 2000), (40, 40)])
def test_degenerate_pictures_have_nothing_drawn(shape: tuple[int, int]) -> None:
    seen = canvas(np.zeros((*shape, 3), np.uint8), [], [])
    assert (find_strokes(seen), find_symbols(seen), find_regions(seen)) == ((), (), ())


def test_noise_has_no_arrows_in_bounded_time() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (500, 700, 3), np.uint8)
    assert not [s for s in strokes(noise) if s.arrow]


def test_crosses_are_counted() -> None:
    picture, chooser = ground(), np.random.default_rng(3)
    at = [
        (x + dx, y + dy)
        for x in range(120, 1000, 80)
        for y in (200, 330, 460)
        for dx, dy in [chooser.integers(-15, 15, 2)]
    ]
    for x, y in at:
        for sign in (1, -1):
            cv2.line(picture, (x - 6, y - 6 * sign), (x + 6, y + 6 * sign), BLACK, 3, cv2.LINE_AA)
    (found,) = find_symbols(canvas(picture, [], []))
    assert found.kind == "cross"
    assert abs(len(found.points) - len(at)) <= found.error
    away = [min(np.hypot(x - px, y - py) for px, py in found.points) for x, y in at]
    assert max(away) < 2


def test_a_shaded_region_is_outlined() -> None:
    picture = ground()
    cv2.ellipse(picture, (600, 400), (120, 80), 0, 0, 360, (240, 180, 150), -1, cv2.LINE_AA)
    (found,) = find_regions(canvas(picture, [], []))
    assert cv2.contourArea(found.outline.astype(np.float32)) == pytest.approx(
        np.pi * 120 * 80, rel=0.05
    )
