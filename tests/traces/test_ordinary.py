"""What repeats as layouts, collages, insets and prints do, and what does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from forensics.traces.copied import Piece
from forensics.traces.ordinary import ordinary

SIDE = 40
HIGH, WIDE = 240, 320


def disc(x: int, y: int, reach: int = SIDE // 2) -> NDArray[np.bool_]:
    rows, columns = np.mgrid[:HIGH, :WIDE]
    return np.asarray(np.hypot(columns - x, rows - y) < reach, np.bool_)


def box(x: int, y: int, wide: int, high: int) -> NDArray[np.bool_]:
    made = np.zeros((HIGH, WIDE), bool)
    made[y : y + high, x : x + wide] = True
    return made


def piece(one: NDArray[np.bool_], other: NDArray[np.bool_], scale: float = 1.0) -> Piece:
    return Piece(
        matrix=np.array([[scale, 0, 90.0], [0, scale, 37.0]], np.float64),
        correlation=0.9,
        difference=2.0,
        offset=0.2,
        structure=8.0,
        source=one,
        target=other,
        overlap=0.0,
        plain=0.0,
    )


def printed(times: int) -> NDArray[np.uint8]:
    """Noise with a motif at some places, each with grain of its own."""
    rng = np.random.default_rng(4)
    picture = rng.normal(128, 12, (HIGH, WIDE))
    motif = rng.normal(0, 30, (SIDE, SIDE))
    places = [(x, y) for y in range(20, 200, 60) for x in range(20, 280, 60)][:times]
    for x, y in places:
        picture[y : y + SIDE, x : x + SIDE] += motif
    return np.clip(picture, 0, 255).astype(np.uint8)


NOISE = printed(0)


def test_two_pieces_of_any_shape_and_place_are_not_ordinary() -> None:
    assert not ordinary(NOISE, piece(disc(60, 60), disc(150, 97)))


@pytest.mark.parametrize("moved", [(90.0, 0.2), (0.3, 90.0)])
def test_a_shift_along_a_row_or_column_is(moved: tuple[float, float]) -> None:
    along = replace(
        piece(disc(60, 60), disc(150, 97)),
        matrix=np.array([[1, 0, moved[0]], [0, 1, moved[1]]], np.float64),
    )
    assert ordinary(NOISE, along)


def test_a_large_rectangle_is_a_picture_in_a_collage_and_a_small_one_is_not() -> None:
    assert ordinary(NOISE, piece(box(0, 0, 150, 110), box(160, 120, 150, 110)))
    assert not ordinary(NOISE, piece(box(10, 10, 40, 30), box(160, 120, 40, 30)))


def test_an_enlarged_rectangle_is_an_inset_and_an_enlarged_disc_is_not() -> None:
    assert ordinary(NOISE, piece(box(10, 10, 40, 30), box(160, 120, 80, 60), 2.0))
    assert not ordinary(NOISE, piece(disc(40, 40, 15), disc(200, 150, 30), 2.0))


def test_a_motif_that_is_there_again_and_again_is() -> None:
    two = piece(disc(40, 40), disc(100, 40))
    assert ordinary(printed(15), two)
    assert not ordinary(printed(3), two), "one more beside the two is another copy of the same"


def test_pieces_closer_than_a_print_to_its_own_motif_are_not() -> None:
    assert not ordinary(printed(15), replace(piece(disc(40, 40), disc(100, 100)), correlation=0.98))


def test_a_piece_at_the_picture_s_edge_is_borne() -> None:
    assert not ordinary(NOISE, piece(disc(2, 2), disc(316, 236)))
