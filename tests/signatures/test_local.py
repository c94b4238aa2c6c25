"""Local codes: where they stand, that they are spread, repeat and are mirrored as said."""

from __future__ import annotations

from fractions import Fraction

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from forensics.model import LocalCodes
from forensics.signatures.local import (
    BUDGET,
    CODE_BYTES,
    ORB_GRID,
    POINT_BYTES,
    SIFT_GRID,
    THUMBNAIL_SIDE,
    local_codes,
    look,
    mirrored_codes,
    thumbnail,
)
from tests.copies.pictures import captioned, scene, sky

NOW = Fraction(3, 2)


def points(codes: LocalCodes) -> NDArray[np.float64]:
    """Returns x and y in pixels, log size in octaves and angle in turns, shape (n, 4)."""
    raw = np.frombuffer(codes.points, dtype=np.uint8).reshape(-1, POINT_BYTES)
    at = raw[:, :4].copy().view(">u2") / 65535 * [codes.width, codes.height]
    return np.column_stack([at, raw[:, 4] / 16, raw[:, 5] / 256])


def bits(codes: LocalCodes) -> NDArray[np.uint8]:
    table = np.frombuffer(codes.codes, dtype=np.uint8).reshape(-1, CODE_BYTES)
    return np.unpackbits(table, axis=1)


def test_both_schemes_are_made_with_as_many_points_as_codes() -> None:
    orb, sift = local_codes(scene(1), NOW)
    assert (orb.scheme, sift.scheme) == (ORB_GRID, SIFT_GRID)
    for codes in (orb, sift):
        count = len(codes.codes) // CODE_BYTES
        assert 100 < count <= BUDGET
        assert len(codes.points) == count * POINT_BYTES
        assert (codes.time, codes.width, codes.height) == (NOW, 512, 288)


def test_the_same_picture_has_the_same_codes_whatever_the_number_of_threads() -> None:
    threads = cv2.getNumThreads()
    try:
        cv2.setNumThreads(1)
        one = look(scene(2), NOW)
        cv2.setNumThreads(4)
        assert look(scene(2), NOW) == one
    finally:
        cv2.setNumThreads(threads)


def test_a_dark_disc_is_found_where_it_is() -> None:
    picture = np.full((300, 400, 3), 200, dtype=np.uint8)
    cv2.circle(picture, (100, 75), 12, (20, 20, 20), -1)
    _, sift = local_codes(picture, NOW)
    at = points(sift)
    nearest = at[np.abs(at[:, :2] - [100, 75]).sum(axis=1).argmin()]
    assert abs(nearest[:2] - [100, 75]).max() < 2
    assert 3.5 < nearest[2] < 5.5  # octaves above one pixel: a diameter of some 24 pixels


def test_words_do_not_use_up_the_codes_of_the_rest() -> None:
    picture = (80 + 0.4 * scene(3)).astype(np.uint8)
    for line in (0.62, 0.72, 0.82, 0.92):
        picture = captioned(picture, "THIS IS WHAT REALLY HAPPENED", line)
    # ORB looks at the 2,000 strongest corners, which many words can use up; SIFT is there for that.
    _, sift = local_codes(picture, NOW)
    assert (points(sift)[:, 1] < 144).mean() > 0.3


def test_sift_codes_of_the_mirror_image_are_the_same_bits_in_another_order() -> None:
    picture = scene(4)
    derived = mirrored_codes(picture, local_codes(picture, NOW))[1]
    made = local_codes(np.ascontiguousarray(picture[:, ::-1]), NOW)[1]
    ours, theirs = points(derived), points(made)
    near = np.abs(ours[:, None, :3] - theirs[None, :, :3]).max(axis=2) < 0.5
    turn = np.abs(ours[:, None, 3] - theirs[None, :, 3])
    near &= np.minimum(turn, 1 - turn) < 0.02
    assert near.any(axis=1).mean() > 0.9
    pairs = [(i, int(near[i].argmax())) for i in np.flatnonzero(near.any(axis=1))]
    differ = [int((bits(derived)[i] != bits(made)[j]).sum()) for i, j in pairs]
    assert np.median(differ) <= 4


def test_orb_codes_of_the_mirror_image_are_those_that_it_has_itself() -> None:
    picture = scene(5)
    derived = mirrored_codes(picture, local_codes(picture, NOW))[0]
    assert derived == local_codes(np.ascontiguousarray(picture[:, ::-1]), NOW)[0]


def test_mirroring_sift_codes_twice_gives_them_back() -> None:
    picture = scene(6)
    sift = local_codes(picture, NOW)[1]
    assert mirrored_codes(picture, mirrored_codes(picture, [sift])) == (sift,)


def test_a_plain_sky_has_hardly_any_codes() -> None:
    assert all(len(codes.codes) // CODE_BYTES < 12 for codes in local_codes(sky(), NOW))


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 512, 3), (512, 3, 3), (24, 24, 3)])
def test_very_small_and_very_narrow_pictures_are_taken(shape: tuple[int, int, int]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    kept = look(picture, NOW)
    decoded = cv2.imdecode(np.frombuffer(kept.thumbnail, dtype=np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    assert mirrored_codes(picture, kept.local)


def test_a_thumbnail_is_small_and_looks_like_the_picture() -> None:
    picture = scene(7)
    kept = thumbnail(picture)
    assert len(kept) < 12_000
    decoded = cv2.imdecode(np.frombuffer(kept, dtype=np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    shown = np.asarray(decoded)[..., ::-1].astype(float)
    assert shown.shape == (90, THUMBNAIL_SIDE, 3)
    small = cv2.resize(picture, (THUMBNAIL_SIDE, 90), interpolation=cv2.INTER_AREA)
    assert np.abs(shown - small).mean() < 16


def test_a_picture_that_cannot_be_written_to_is_read() -> None:
    picture = scene(8)
    picture.setflags(write=False)
    assert look(picture, NOW) == look(picture.copy(), NOW)


@settings(max_examples=10)
@given(st.integers(24, 90), st.integers(24, 90), st.integers(0, 1 << 30))
def test_points_lie_within_the_picture(height: int, width: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    picture = chance.integers(0, 256, (height, width, 3), dtype=np.uint8)
    for codes in local_codes(picture, NOW):
        at = points(codes)
        assert (at[:, :2] >= 0).all()
        assert (at[:, 0] <= width).all()
        assert (at[:, 1] <= height).all()
