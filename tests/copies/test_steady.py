"""Where a crop holds still tells the time at which a passage begins; where all holds still nothing does."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.copies.confirmed import Confirmed
from forensics.copies.steady import is_loose, steady_offset
from forensics.model import Relation

Floats = np.ndarray
CROP = np.array([[1.6, 0, -0.25], [0, 1.6, -0.3], [0, 0, 1]])


def camera(seed: int, seconds: int, sway: float) -> Floats:
    """Where a hand-held camera looks, four times a second, in shares of its picture: it wanders."""
    steps = np.random.default_rng(seed).normal(0, 1, (4 * seconds, 2))
    slow = np.stack([np.convolve(column, np.hanning(40), "same") for column in steps.T], axis=1)
    path = np.cumsum(slow, axis=0)
    return sway * path / np.abs(np.diff(path[::8], axis=0)).max()


def pairs(
    path: Floats,
    offset: Fraction,
    queries: Sequence[int],
    around: int = 8,
    crop: Floats = CROP,
    noise: float = 0.0,
) -> list[Confirmed]:
    """Pictures of a cropped passage, each laid on those of the whole, two seconds apart.

    Args:
        path: Of the camera, four places a second.
        offset: Seconds at which the passage begins in the whole.
        queries: Seconds of the pictures in hand.
        around: Pictures of the whole on each side of the true one.
        crop: How the whole lies on the passage.
        noise: Of the placement, in shares.
    """
    chance = np.random.default_rng(7)
    found = []
    for query in queries:
        true = query + offset
        first = int(true / 2) * 2 - 2 * around
        for reference in range(max(0, first), first + 4 * around + 1, 2):
            if reference * 4 >= len(path):
                continue
            seen = path[reference * 4] - path[int(true * 4)]
            moved = np.eye(3)
            moved[:2, 2] = seen
            matrix = crop @ moved
            matrix[:2] += chance.normal(0, noise, (2, 3))
            found.append(confirmed(Fraction(query), Fraction(reference), matrix))
    return found


def confirmed(query: Fraction, reference: Fraction, matrix: Floats) -> Confirmed:
    return Confirmed(
        relation=Relation.COPY,
        query=query,
        reference=reference,
        inliers=90,
        tiles=36,
        agree=34,
        closeness=90,
        matrix=tuple(float(value) for value in matrix.ravel()),
        mirrored=False,
        of_query=1000,
        of_reference=390,
        words="cropped to 62 %",
    )


QUERIES = (1, 5, 9, 13, 17)


@settings(max_examples=30)
@given(seed=st.integers(0, 400), begins=st.integers(60, 100), mirrored=st.booleans())
def test_a_fixed_crop_over_a_wandering_camera_is_found_to_a_quarter_second(
    seed: int, begins: int, mirrored: bool
) -> None:
    offset = Fraction(begins, 4)
    crop = np.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]]) @ CROP if mirrored else CROP
    path = camera(seed, 70, 0.2)
    met = pairs(path, offset, QUERIES, crop=crop, noise=0.0005)
    found = steady_offset(met)
    assert found is not None
    assert abs(found - offset) <= Fraction(1, 4)
    assert steady_offset(met[::-1]) == found


@pytest.mark.parametrize("sway", [0.02, 0.05, 0.4])
def test_a_camera_that_hardly_wanders_is_enough_and_one_that_wanders_far_is_not_too_much(
    sway: float,
) -> None:
    found = steady_offset(pairs(camera(3, 70, sway), Fraction(81, 4), QUERIES, noise=0.0005))
    assert found is not None
    assert abs(found - Fraction(81, 4)) <= Fraction(1, 4)


@settings(max_examples=30)
@given(seed=st.integers(0, 400), noise=st.sampled_from([0.0, 0.0002, 0.001, 0.003]))
def test_a_camera_that_stands_still_tells_no_time(seed: int, noise: float) -> None:
    chance = np.random.default_rng(seed)
    met = []
    for one in pairs(np.zeros((280, 2)), Fraction(20), QUERIES):
        matrix = np.array(one.matrix).reshape(3, 3)
        matrix[:2] += chance.normal(0, noise, (2, 3))
        met.append(confirmed(one.query, one.reference, matrix))
    assert steady_offset(met) is None


def test_a_camera_that_travels_evenly_tells_no_time() -> None:
    # The crop then lies as far off for every picture, whichever the offset is.
    path = np.stack([np.linspace(0, 3, 280), np.zeros(280)], axis=1)
    assert steady_offset(pairs(path, Fraction(20), QUERIES)) is None


def test_few_pictures_in_hand_or_few_partners_tell_no_time() -> None:
    path = camera(5, 70, 0.1)
    assert steady_offset([]) is None
    assert steady_offset(pairs(path, Fraction(20), QUERIES[:3])) is None
    sparse = [
        one for n, one in enumerate(pairs(path, Fraction(20), QUERIES, around=1)) if n % 5 < 3
    ]
    assert max(sum(o.query == q for o in sparse) for q in QUERIES) < 4
    assert steady_offset(sparse) is None


def test_partners_that_lie_far_apart_do_not_stand_for_what_is_between() -> None:
    met = pairs(camera(5, 70, 0.1), Fraction(20), QUERIES, around=16)
    assert steady_offset([one for one in met if one.reference % 8 == 0]) is None


def test_agreement_is_loose_where_one_picture_usually_agrees_with_many() -> None:
    path = camera(6, 70, 0.1)
    many = pairs(path, Fraction(20), QUERIES)
    assert is_loose(many)
    assert not is_loose([])
    nearest = [one for one in many if abs(one.reference - one.query - 20) <= 2]
    assert not is_loose(nearest)
    assert is_loose([*nearest, *(one for one in many if one.query in QUERIES[:3])])
