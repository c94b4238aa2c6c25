"""Pieces of a picture that are copies of others: found, placed, and not confused with look-alikes."""

from __future__ import annotations

import io
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from forensics.errors import LimitExceeded
from forensics.traces import pieces
from forensics.traces.consensus import affine, agreements, moved
from forensics.traces.pieces import Looked, look
from forensics.traces.selfmatch import apart, keypoints, matched, recurring
from tests.traces.pictures import REACH, SOURCE, TARGET, Pixels, alike, put, scene


def looked(picture: Pixels) -> Looked:
    return look(picture, lambda: None)


def saved(picture: Pixels, quality: int) -> Pixels:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", quality=quality)
    return np.asarray(Image.open(stream), np.uint8)


def disc(middle: tuple[int, int], reach: float) -> Any:
    rows, columns = np.mgrid[:400, :560]
    return np.hypot(columns - middle[0], rows - middle[1]) < reach


@pytest.mark.parametrize(
    "how", [{}, {"turn": 35.0}, {"scale": 0.8}, {"scale": 1.3}, {"mirrored": True}], ids=str
)
def test_a_copied_piece_is_found_where_it_lies(how: Any) -> None:
    found = looked(saved(put(scene(), **how), 90))
    piece = found.pieces[0]
    assert piece.mirrored == how.get("mirrored", False)
    target = disc(TARGET, REACH * how.get("scale", 1.0))
    source = disc(SOURCE, REACH)
    overlap = max(
        ((one & source).sum() + (other & target).sum())
        / ((one | source).sum() + (other | target).sum())
        for one, other in ((piece.one, piece.other), (piece.other, piece.one))
    )
    assert overlap > 0.5
    assert piece.log_nfa < -5


def test_nothing_is_found_in_a_picture_in_which_nothing_recurs() -> None:
    found = looked(saved(scene(), 90))
    assert found.testable
    assert not found.pieces


def test_what_only_looks_alike_agrees_in_shape_and_is_not_taken_for_a_copy() -> None:
    picture = alike(scene())
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    points = keypoints(grey)
    pairs = matched(points, apart(grey.shape), mirrored=False)
    assert any(c.log_nfa < -5 for c in agreements(points, pairs, grey.shape, 3))
    assert not looked(picture).pieces


def test_a_thing_in_other_light_is_not_taken_for_a_copy() -> None:
    """All that is fine is the same; the light is not, as it never is at two places of the world."""
    lit = put(scene()).astype(np.int16)
    lit[disc(TARGET, REACH + 2)] += 3
    assert not looked(np.clip(lit, 0, 255).astype(np.uint8)).pieces
    assert looked(put(scene())).pieces[0].offset < 0.3


def test_pieces_in_one_row_are_told_apart() -> None:
    picture = scene()
    picture[100:200, 400:500] = picture[100:200, 80:180]
    assert looked(picture).pieces[0].ordinary
    assert not looked(put(scene())).pieces[0].ordinary


def test_what_recurs_again_and_again_is_not_examined() -> None:
    picture = np.tile(scene()[100:230, 100:240], (3, 4, 1))
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    assert recurring(keypoints(grey)) > 0.5
    assert looked(picture).drawn
    plain = np.asarray(cv2.cvtColor(scene(), cv2.COLOR_RGB2GRAY), np.uint8)
    assert recurring(keypoints(plain)) < 0.02


def test_a_sign_laid_over_twice_is_not_taken_for_a_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    sign = np.full((90, 90, 3), 60, np.uint8)
    for number, corner in enumerate(((4, 8), (60, 12), (30, 50), (8, 70), (66, 64), (40, 20))):
        cv2.circle(sign, corner, 4 + number, (250 - 30 * number, 40 * number, 200), -1)
    picture = scene()
    picture[30:120, 40:130] = sign
    picture[270:360, 410:500] = sign
    assert not looked(picture).pieces
    monkeypatch.setattr(pieces, "LAID_OVER", 2.0)
    monkeypatch.setattr(pieces, "STRUCTURE", 999.0)
    assert looked(picture).pieces


def test_lettering_is_not_examined() -> None:
    picture = np.full((400, 560, 3), 255, np.uint8)
    for row in range(12):
        cv2.putText(
            picture, "the same words twice", (20, 30 + 30 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (0, 0, 0)
        )  # fmt: skip
    found = looked(picture)
    assert found.drawn
    assert not found.testable


def test_a_smooth_picture_is_not_testable() -> None:
    shading = np.linspace(20, 220, 560)[None, :, None] + np.zeros((400, 1, 3))
    grain = np.random.default_rng(2).normal(0, 1.5, shading.shape)
    soft = cv2.GaussianBlur(shading + grain, (0, 0), 1)
    found = looked((np.asarray(soft) * 1.0).astype(np.uint8))
    assert not found.testable
    assert not found.pieces


@pytest.mark.parametrize("size", [(1, 1), (3, 700), (16, 16)])
def test_a_picture_of_any_size_is_no_trouble(size: tuple[int, int]) -> None:
    random = np.random.default_rng(4)
    assert not looked(random.integers(0, 255, (*size, 3)).astype(np.uint8)).pieces


def test_it_gives_the_same_twice() -> None:
    picture = saved(put(scene(), turn=20.0), 85)
    one, again = looked(picture).pieces[0], looked(picture).pieces[0]
    assert np.array_equal(one.matrix, again.matrix)
    assert np.array_equal(one.pairs, again.pairs)
    assert one.log_nfa == again.log_nfa


def test_it_ends_when_its_time_is_over() -> None:
    def over() -> None:
        raise LimitExceeded("over")

    with pytest.raises(LimitExceeded):
        look(scene(), over)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_an_affine_transform_is_recovered_from_points(sign: float) -> None:
    random = np.random.default_rng(8)
    at = random.random((30, 2)) * 200
    turned = 1.2 * np.array([[0.8, -0.6], [0.6, 0.8]]) @ np.diag([1.0, sign])
    matrix = np.column_stack([turned, [30.0, -12.0]])
    assert np.allclose(affine(at, moved(matrix, at)), matrix, atol=1e-6)


def test_a_picture_twice_in_a_collage_is_told_as_ordinary() -> None:
    one, other = scene()[:200, :280], 255 - np.rot90(scene())[:200, :280]
    collage = np.vstack([np.hstack([one, other]), np.hstack([scene()[200:, 280:], one])])
    found = looked(np.ascontiguousarray(collage))
    assert found.pieces
    assert all(piece.ordinary for piece in found.pieces)


def test_an_inset_that_shows_a_part_enlarged_is_told_as_ordinary() -> None:
    picture = scene()
    part = cv2.resize(picture[40:130, 40:160], None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    picture[200:380, 300:540] = part
    found = looked(picture)
    assert found.pieces
    assert all(piece.ordinary for piece in found.pieces)
