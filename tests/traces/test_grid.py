"""The JPEG grid method, on pictures made here."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from PIL import Image

from forensics.traces.coefficients import SIDE
from forensics.traces.grid import NONE, SEEN, confined, foreign, overall, rounding, vote, zeros

Pixels = NDArray[np.uint8]


def photograph(seed: int, wide: int = 384, high: int = 320) -> Pixels:
    """Smooth noise with sensor noise: never saved as JPEG."""
    rng = np.random.default_rng(seed)
    planes = rng.standard_normal((high, wide, 3))
    smooth = sum(cv2.GaussianBlur(planes, (0, 0), s) * s for s in (2, 5, 15))
    scene = 128 + smooth / smooth.std() * 40 + rng.normal(0, 1, planes.shape)
    return np.clip(scene.round(), 0, 255).astype(np.uint8)


def jpeg(pixels: Pixels, quality: int) -> Pixels:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=quality)
    return np.asarray(Image.open(stream).convert("RGB"))


def with_part(host: Pixels, part: Pixels, x: int, y: int) -> Pixels:
    made = host.copy()
    made[y : y + part.shape[0], x : x + part.shape[1]] = part
    return made


def test_zeros_are_those_of_the_transform() -> None:
    light = photograph(1)[:24, :24, 1].astype(np.float32)
    counted = zeros(light)
    for y, x in ((0, 0), (3, 5), (16, 16), (9, 2)):
        block = cv2.dct(light[y : y + 8, x : x + 8])
        expected = int((np.abs(block.ravel()[1:]) <= 0.5).sum())
        assert abs(int(counted[y, x] >> 1) - expected) <= 1  # one may lie at the edge
        assert counted[y, x] & 1 == 0


@pytest.mark.parametrize("axis", [0, 1])
def test_blocks_that_are_constant_along_an_axis_have_no_vote(axis: int) -> None:
    line = np.random.default_rng(2).integers(0, 255, 64).astype(np.uint8)
    drawn = np.repeat(np.expand_dims(line, axis), 64, axis)
    assert (vote(np.dstack([drawn] * 3)) == NONE).all()


@pytest.mark.parametrize(("x", "y"), [(0, 0), (3, 5), (7, 1)])
def test_a_cut_shows_in_the_origin_of_the_grid(x: int, y: int) -> None:
    cut = jpeg(photograph(3), 85)[SIDE - y :, SIDE - x :]
    main = overall(vote(cut))
    assert main is not None
    assert (main.x, main.y) == (x, y)
    assert main.log_nfa < SEEN
    assert foreign(vote(cut), main) == ((), ())


def test_what_was_never_a_jpeg_has_no_grid() -> None:
    found = vote(photograph(4))
    assert overall(found) is None
    assert foreign(found, None) == ((), ())


def test_a_part_off_the_grid_is_found_with_its_place_and_origin() -> None:
    part = jpeg(photograph(6), 80)[32:144, 64:184]
    found = vote(with_part(jpeg(photograph(5), 90), part, 101, 83))
    local, spread = foreign(found, overall(found))
    assert spread == ()
    assert {(grid.x, grid.y) for grid in local} == {(101 % 8, 83 % 8)}
    x, y, wide, high = local[0].box
    assert abs(x - 101) <= 8
    assert abs(y - 83) <= 8
    assert abs(x + wide - 221) <= 8
    assert abs(y + high - 195) <= 8
    assert local[0].log_nfa < SEEN


def test_a_part_with_the_only_grid_is_not_taken_for_the_whole_picture() -> None:
    part = jpeg(photograph(6), 80)[32:144, 64:184]
    found = vote(with_part(photograph(5), part, 101, 83))
    main = overall(found)
    assert main is not None
    regions = confined(found, main)
    assert {(grid.x, grid.y) for grid in regions} == {(101 % 8, 83 % 8)}
    whole = vote(jpeg(photograph(5), 90))
    main = overall(whole)
    assert main is not None
    assert confined(whole, main) == ()


def test_a_part_on_the_grid_is_not_found() -> None:
    part = jpeg(photograph(6), 80)[32:144, 64:184]
    found = vote(with_part(jpeg(photograph(5), 90), part, 96, 80))
    assert foreign(found, overall(found))[0] == ()


@pytest.mark.parametrize("quality", [95, 96, 97, 98, 99])
def test_a_picture_cut_and_saved_again_has_no_foreign_part(quality: int) -> None:
    """Half of it smooth: there the earlier grid outlives the second saving, as it would in a part put in."""
    scene = photograph(7)
    scene[:, 200:] = cv2.GaussianBlur(scene[:, 200:], (0, 0), 6)
    twice = jpeg(np.ascontiguousarray(jpeg(scene, 85)[3:, 5:]), quality)
    found = vote(twice)
    assert foreign(found, overall(found), own={(0, 0)})[0] == ()


def saved(pixels: Pixels, quality: int) -> tuple[Pixels, float]:
    """The picture saved once more, and what counts as zero then."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=quality)
    with Image.open(stream, formats=("JPEG",)) as opened:
        steps = getattr(opened, "quantization", {})[0]
        return np.asarray(opened.convert("RGB")), rounding(steps)


def test_rounding_spreads_as_a_uniform_error_does() -> None:
    assert rounding([1] * 64) == pytest.approx(12**-0.5)
    errors = np.random.default_rng(1).uniform(-3, 3, 100_000)
    assert rounding([6] * 64) == pytest.approx(errors.std(), rel=0.02)


def test_a_last_saving_leaves_a_part_that_is_nearly_zero() -> None:
    part = jpeg(photograph(6), 70)[32:144, 64:184]
    last, zero = saved(with_part(jpeg(photograph(5), 90), part, 101, 83), 97)
    main = overall(vote(last))
    assert foreign(vote(last), main, own={(0, 0)}) == ((), ())
    local, _ = foreign(vote(last, zero=zero), main, own={(0, 0)})
    assert {(grid.x, grid.y) for grid in local} == {(101 % 8, 83 % 8)}


@pytest.mark.parametrize("quality", [90, 92, 94, 95, 96, 97])
def test_a_cut_before_such_a_saving_leaves_no_foreign_part(quality: int) -> None:
    scene = photograph(7)
    scene[:, 200:] = cv2.GaussianBlur(scene[:, 200:], (0, 0), 6)
    twice, zero = saved(np.ascontiguousarray(jpeg(scene, 85)[3:, 5:]), quality)
    main = overall(vote(twice))
    assert foreign(vote(twice, zero=zero), main, own={(0, 0)})[0] == ()


def test_a_thin_strip_is_no_part() -> None:
    part = jpeg(photograph(6), 80)[32:144, 64:80]
    found = vote(with_part(jpeg(photograph(5), 90), part, 101, 83))
    assert foreign(found, overall(found)) == ((), ())


def test_the_files_own_grid_is_never_foreign() -> None:
    part = jpeg(photograph(6), 80)[32:144, 64:184]
    found = vote(with_part(jpeg(photograph(5), 90), part, 101, 83))
    local, spread = foreign(found, overall(found), own={(101 % 8, 83 % 8)})
    assert local == ()
    assert spread


@settings(max_examples=30, deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(3))))
def test_any_small_picture_is_borne(pixels: Pixels) -> None:
    found = vote(pixels)
    assert found.shape == pixels.shape[:2]
    assert ((found < 64) | (found == NONE)).all()
    foreign(found, overall(found))
