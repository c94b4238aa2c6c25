"""What parts on another grid are, on pictures made here."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from forensics.traces.grid import NONE, Grid, Votes, foreign, overall, vote
from forensics.traces.parts import (
    Sector,
    blank,
    elsewhere,
    laid_out,
    rectangular,
    rim,
    surrounded,
)
from tests.traces.test_grid import Pixels, jpeg, photograph, with_part


def part() -> Pixels:
    return jpeg(photograph(6), 80)[32:144, 64:184]


def looked(pixels: Pixels) -> tuple[Votes, Grid, tuple[Grid, ...]]:
    found = vote(pixels)
    main = overall(found)
    assert main is not None
    local, _ = foreign(found, main)
    assert local
    return found, main, local


def names(pixels: Pixels, *, saved: bool = False) -> set[tuple[int, int]]:
    """The origins of the parts that the main grid surrounds."""
    return {(grid.x, grid.y) for grid in surrounded(*looked(pixels), saved=saved)}


def carried(pixels: Pixels, x: NDArray[np.float32], y: NDArray[np.float32]) -> Pixels:
    """The picture with each pixel taken from where the field says, without interpolation."""
    high, wide = pixels.shape[:2]
    rows, columns = np.mgrid[:high, :wide].astype(np.float32)
    return np.asarray(cv2.remap(pixels, columns + x, rows + y, cv2.INTER_NEAREST), np.uint8)


@pytest.mark.parametrize("round_one", [False, True])
def test_a_rectangle_is_told_from_another_shape(*, round_one: bool) -> None:
    host, part = jpeg(photograph(5), 90), jpeg(photograph(6), 80)[32:144, 64:184]
    made = with_part(host, part, 101, 83)
    if round_one:
        inside = cv2.ellipse(
            np.zeros(host.shape[:2], np.uint8), ((160.0, 138.0), (118.0, 110.0), 0.0), 1.0, -1
        )
        made = np.where(np.asarray(inside)[:, :, None] > 0, made, host).astype(np.uint8)
    found = vote(made)
    local, _ = foreign(found, overall(found))
    assert [rectangular(found, grid) for grid in local] == [not round_one]


def test_a_page_is_blank_and_a_photograph_is_not() -> None:
    assert blank(np.full((40, 60, 3), 240, np.uint8), ()) > 0.9
    assert blank(photograph(4), ()) < 0.05


@pytest.mark.parametrize("saved", [False, True])
@pytest.mark.parametrize(("x", "y"), [(101, 83), (97, 81), (98, 80), (103, 87)])
def test_a_part_within_the_picture_is_surrounded(x: int, y: int, *, saved: bool) -> None:
    assert names(with_part(jpeg(photograph(5), 80), part(), x, y), saved=saved) == {(x % 8, y % 8)}


def test_the_rim_of_a_part_is_the_main_grids_all_around() -> None:
    found, main, local = looked(with_part(jpeg(photograph(5), 80), part(), 101, 83))
    assert rim(found, main, local[0]).count(Sector.MAIN) >= 11


def test_a_part_at_the_edge_counts_where_it_cannot_have_been_carried_there() -> None:
    host = jpeg(photograph(5), 80)
    found, main, local = looked(with_part(host, part(), 0, 83))
    assert Sector.BEYOND in rim(found, main, local[0])
    assert surrounded(found, main, local, saved=False) == local
    assert names(with_part(host, part(), 0, 81)) == set()


@pytest.mark.parametrize("saved", [False, True])
@pytest.mark.parametrize("edge_to_edge", ["column lost", "strip moved", "mirrored", "joined"])
def test_what_goes_from_edge_to_edge_is_not_surrounded(edge_to_edge: str, *, saved: bool) -> None:
    host = jpeg(photograph(5), 80)
    if edge_to_edge == "column lost":
        made = np.delete(host, [270, 271, 272], 1)
    elif edge_to_edge == "strip moved":
        made = host.copy()
        made[104:168] = np.roll(made[104:168], 11, 1)
    elif edge_to_edge == "mirrored":
        made = np.asarray(cv2.copyMakeBorder(host[:-3], 0, 45, 0, 0, cv2.BORDER_REFLECT), np.uint8)
    else:
        made = np.hstack([host, jpeg(photograph(6), 80)[:, 3:123]])
    assert names(np.ascontiguousarray(made), saved=saved) == set()


def test_a_strip_that_shows_in_pieces_is_a_strip() -> None:
    """Where the picture has too much texture to show the grid, only its ends are found."""
    host = jpeg(photograph(5), 80).copy()
    host[104:168] = np.roll(host[104:168], 11, 1)
    host[100:172, 120:260] = photograph(8)[100:172, 120:260]
    assert names(host) == set()


def test_bumps_of_a_field_are_not_surrounded_by_one_grid_alone() -> None:
    host = jpeg(photograph(5, 640, 480), 75)
    rows, columns = np.mgrid[:480, :640].astype(np.float32)
    one = np.exp(-((columns - 200) ** 2 + (rows - 240) ** 2) / 90**2)
    other = np.exp(-((columns - 450) ** 2 + (rows - 240) ** 2) / 90**2)
    assert names(carried(host, 1.4 * one - 1.4 * other, np.zeros_like(one))) == set()
    assert names(carried(host, 3.4 * one, np.zeros_like(one))) == set()


def test_after_a_last_saving_another_grid_elsewhere_speaks_against_a_part() -> None:
    made = with_part(jpeg(photograph(5, 640, 480), 80), part(), 101, 83)
    assert names(made, saved=True) == {(5, 3)}
    third = with_part(made, part(), 402, 300)
    assert names(third, saved=True) == set()
    assert names(third) == {(5, 3), (2, 4)}
    strip = with_part(made, part()[:20], 402, 300)  # too thin to be a part, and still there
    assert elsewhere(*looked(strip)) > 0.2 > elsewhere(*looked(made))
    assert names(strip, saved=True) == set()


def test_pictures_on_a_page_are_a_layout_and_one_in_a_photograph_is_not() -> None:
    page = np.full((420, 520, 3), 250, np.uint8)
    page[17:337, 21:405] = jpeg(photograph(5), 90)
    page[300:400, 410:510] = part()[:100, :100]
    found, _, local = looked(page)
    assert laid_out(found, page, local)
    photo = with_part(jpeg(photograph(5), 90), part(), 101, 83)
    found, _, local = looked(photo)
    assert not laid_out(found, photo, local)


@pytest.mark.parametrize(("left", "told"), [(100, True), (0, False)])
def test_where_little_is_seen_around_a_part_only_one_within_the_picture_counts(
    left: int, *, told: bool
) -> None:
    """Above and below the part no pixel votes."""
    found = np.zeros((256, 384), np.uint8)
    found[60:200, left : left + 110] = NONE
    found[100:160, left + 90 : left + 110] = 0
    found[100:160, left : left + 90] = 5 * 8 + 3
    main = Grid(x=0, y=0, box=(0, 0, 384, 256), votes=1, log_nfa=-9.0)
    part = Grid(x=3, y=5, box=(left, 100, 90, 60), votes=1, log_nfa=-9.0)
    assert rim(found, main, part)[:3] == (Sector.MAIN,) * 3
    assert rim(found, main, part).count(Sector.NEITHER) >= 4
    assert (surrounded(found, main, (part,), saved=False) == (part,)) is told


def test_a_weak_grid_around_a_large_part_is_seen() -> None:
    rng = np.random.default_rng(3)
    found = np.where(rng.random((700, 900)) < 0.08, 0, NONE).astype(np.uint8)
    found[200:500, 300:600] = 5 * 8 + 3
    main = Grid(x=0, y=0, box=(0, 0, 900, 700), votes=1, log_nfa=-9.0)
    part = Grid(x=3, y=5, box=(300, 200, 300, 300), votes=1, log_nfa=-9.0)
    assert set(rim(found, main, part)) == {Sector.MAIN}
    assert surrounded(found, main, (part,), saved=False) == (part,)
    found[found == 0] = NONE
    assert set(rim(found, main, part)) == {Sector.NEITHER}
    assert surrounded(found, main, (part,), saved=False) == ()
