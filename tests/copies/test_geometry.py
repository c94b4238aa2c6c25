"""Placing one picture on another: known transforms come back, and what recurs or is unrelated does not."""

from __future__ import annotations

from fractions import Fraction

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from forensics.copies.geometry import Placement, moved_by, place, plausible, unpack
from forensics.model import LocalCodes
from forensics.signatures.local import ORB_GRID, local_codes
from tests.copies.pictures import HEIGHT, WIDTH, Picture, scene, windows

NOW = Fraction(0)
CORNERS = np.array([[60.0, 50], [450, 50], [450, 240], [60, 240]])


def placed(query: Picture, reference: Picture) -> Placement | None:
    return place(local_codes(query, NOW), local_codes(reference, NOW))


def warped(picture: Picture, matrix: NDArray[np.float64]) -> Picture:
    """Moves the corner-counted point p of the picture to matrix @ p."""
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    centred = np.linalg.inv(half) @ matrix @ half
    return np.asarray(cv2.warpPerspective(picture, centred, (WIDTH, HEIGHT)), dtype=np.uint8)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("scale", "degrees", "x", "y"),
    [
        (1, 0, 0, 0),
        (0.5, 0, 100, 60),
        (1.6, 5, -150, -90),
        (0.9, 20, 90, -40),
        (0.45, -160, 400, 250),
    ],
)
def test_a_similarity_comes_back_to_a_pixel(
    seed: int, scale: float, degrees: float, x: float, y: float
) -> None:
    a = np.radians(degrees)
    matrix = np.array(
        [
            [scale * np.cos(a), -scale * np.sin(a), x],
            [scale * np.sin(a), scale * np.cos(a), y],
            [0, 0, 1],
        ]
    )
    found = placed(warped(scene(seed), matrix), scene(seed))
    assert found is not None
    assert found.inliers >= 20
    inside = moved_by(matrix, CORNERS)
    seen = ((inside > 0) & (inside < [WIDTH, HEIGHT])).all(axis=1)
    off = np.abs(moved_by(found.matrix, CORNERS) - inside)[seen]
    assert off.max(initial=0) < 1.5


def test_a_stretch_comes_back() -> None:
    matrix = np.diag([0.75, 1.0, 1.0])
    found = placed(warped(scene(4), matrix), scene(4))
    assert found is not None
    assert np.abs(moved_by(found.matrix, CORNERS) - moved_by(matrix, CORNERS)).max() < 1.5


def test_a_screen_seen_at_an_angle_comes_back() -> None:
    source = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], dtype=np.float32)
    target = np.array([[60, 40], [490, 5], [500, 280], [40, 230]], dtype=np.float32)
    matrix = np.asarray(cv2.getPerspectiveTransform(source, target), dtype=np.float64)
    found = placed(warped(scene(5), matrix), scene(5))
    assert found is not None
    assert np.abs(moved_by(found.matrix, CORNERS) - moved_by(matrix, CORNERS)).max() < 4


@settings(max_examples=12)
@given(st.integers(0, 500), st.integers(501, 1000))
def test_different_pictures_share_no_more_than_a_few_places(one: int, other: int) -> None:
    found = placed(scene(one), scene(other))
    assert found is None or found.inliers < 7


@pytest.mark.parametrize("step", [24, 31])
def test_equal_windows_of_two_fronts_are_not_taken_for_one_place(step: int) -> None:
    found = placed(windows(150, 1, 28), windows(110, 2, step))
    assert found is None or found.inliers < 8


def test_the_answer_does_not_depend_on_the_order_of_the_schemes() -> None:
    query, reference = local_codes(scene(6)[20:, 30:], NOW), local_codes(scene(6), NOW)
    one, other = place(query, reference), place(query[::-1], reference[::-1])
    assert one is not None
    assert other is not None
    assert one.inliers == other.inliers
    assert np.allclose(one.matrix, other.matrix, atol=1e-6)


def test_codes_of_schemes_that_only_one_side_has_are_left_out() -> None:
    orb, sift = local_codes(scene(7), NOW)
    assert place((orb,), (sift,)) is None
    assert place((orb, sift), (sift,)) is not None


def test_a_picture_without_codes_lies_nowhere() -> None:
    empty = LocalCodes(scheme=ORB_GRID, time=NOW, width=512, height=288, points=b"", codes=b"")
    assert place((empty,), local_codes(scene(8), NOW)) is None
    assert place(local_codes(scene(8), NOW), (empty,)) is None


@settings(max_examples=40)
@given(st.binary(max_size=400), st.binary(max_size=1500), st.integers(1, 4), st.integers(1, 4))
def test_codes_of_any_bytes_are_taken(points: bytes, codes: bytes, width: int, height: int) -> None:
    broken = LocalCodes(
        scheme=ORB_GRID, time=NOW, width=width, height=height, points=points, codes=codes
    )
    assert len(unpack(broken).at) == min(len(points) // 6, len(codes) // 32)
    place((broken,), (broken,))
    place(local_codes(scene(9), NOW), (broken,))


def test_mirrored_squashed_and_endless_transforms_are_not_plausible() -> None:
    assert plausible(np.eye(3))
    assert not plausible(np.diag([-1.0, 1.0, 1.0]))
    assert not plausible(np.diag([5.0, 1.0, 1.0]))
    assert not plausible(np.diag([0.001, 0.001, 1.0]))
    assert not plausible(np.full((3, 3), np.nan))
    behind = np.array([[1, 0, 0], [0, 1, 0], [-0.01, 0, 1]])
    assert not plausible(behind, np.array([[0.0, 0.0], [200.0, 0.0]]))
