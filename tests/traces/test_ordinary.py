"""What repeats as signs, layouts, collages, insets and prints do, and what does not."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from forensics.traces.copied import Piece
from forensics.traces.ordinary import PAIRS, ordinary, throughout

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


def printed(times: int, shared: float = 1.0) -> NDArray[np.uint8]:
    """Noise with a motif at some places, each with grain of its own; `shared` of the motif is the same."""
    rng = np.random.default_rng(4)
    picture = rng.normal(128, 12, (HIGH, WIDE))
    motif = rng.normal(0, 30, (SIDE, SIDE))
    places = [(x, y) for y in range(20, 200, 60) for x in range(20, 280, 60)][:times]
    for x, y in places:
        own = rng.normal(0, 30, (SIDE, SIDE)) * (1 - shared)
        picture[y : y + SIDE, x : x + SIDE] += shared * motif + own
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


def test_a_texture_that_is_less_like_itself_than_two_pieces_are_is_not_a_motif() -> None:
    texture = printed(15, shared=0.75)
    copied = disc(40, 40), disc(210, 185)
    texture[copied[1]] = texture[copied[0]]
    moved = replace(piece(*copied), matrix=np.array([[1, 0, 170], [0, 1, 145]], np.float64))
    assert not ordinary(texture, moved)
    assert ordinary(printed(15), replace(moved, matrix=np.array([[1, 0, 60], [0, 1, 60]], float)))


def test_small_pieces_may_be_signs() -> None:
    assert ordinary(NOISE, piece(disc(60, 60, 12), disc(150, 97, 12)))
    assert ordinary(NOISE, piece(disc(60, 60, 12), disc(150, 97, 20), 1.6))


@pytest.mark.parametrize("turn", [0.0, 20.0])
def test_rectangles_with_edges_all_around_are_pictures_in_a_collage(turn: float) -> None:
    shape = (60.0, 44.0)
    one, other = (
        np.asarray(cv2.fillConvexPoly(np.zeros((HIGH, WIDE), np.uint8), corners, 1)) > 0
        for corners in (
            cv2.boxPoints(((70.0, 70.0), shape, turn)).astype(np.int32),
            cv2.boxPoints(((200.0, 150.0), shape, turn)).astype(np.int32),
        )
    )
    page = cv2.GaussianBlur(NOISE, (0, 0), 1.5)
    laid = page.copy()
    laid[one | other] = 40
    assert ordinary(np.asarray(laid, np.uint8), piece(one, other))
    laid[one] = page[one]
    assert not ordinary(np.asarray(laid, np.uint8), piece(one, other)), "cut out of the midst"


def test_a_rectangle_too_short_to_tell_is_borne() -> None:
    assert not ordinary(NOISE, piece(box(10, 10, 200, 3), box(60, 120, 200, 3)))


def test_a_picture_made_of_what_repeats_is_told_from_one_that_was_copied_into() -> None:
    pairs = [disc(40 + 60 * k, 40) | disc(40 + 60 * k, 140) for k in range(PAIRS)]
    assert throughout(pairs)
    assert not throughout(pairs[1:])
    assert not throughout([pairs[0]] * 4)
    assert not throughout([])


def test_a_piece_at_the_picture_s_edge_is_borne() -> None:
    assert not ordinary(NOISE, piece(disc(2, 2, 40), disc(316, 236, 40)))
