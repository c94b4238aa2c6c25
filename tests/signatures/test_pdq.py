"""PDQ against the reference, against a plain reading of its description, and its own promises."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from forensics.signatures.pdq import TURNS, dihedral, luminance, pdq, reduced
from forensics.signatures.schemes import differing_bits

# Made once by the reference's Python binding (pdqhash 0.2.8) from the pictures that `drawn` makes.
REFERENCE = json.loads(Path(__file__).with_name("pdq_reference.json").read_text("utf-8"))


def drawn(height: int, width: int, k: int) -> np.ndarray:
    """A picture made by whole-number arithmetic, RGB: the same everywhere."""
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    y, x = y * 997 // height, x * 1009 // width
    a = (x * x * (k + 3) + y * y * (2 * k + 5) + x * y * 7) >> 11
    b = ((x - 400) * (x - 400) + (y - 300 - 40 * k) * (y - 300 - 40 * k)) >> 10
    c = (x // (90 + 17 * k) + y // (70 + 11 * k)) * 53
    return (np.stack([a + c, b + c, (a ^ b) + k * 20], -1) % 256).astype(np.uint8)


@pytest.mark.parametrize("case", REFERENCE, ids=[case["desc"] for case in REFERENCE])
def test_agrees_with_the_reference(case: dict[str, Any]) -> None:
    code, quality = pdq(luminance(drawn(case["height"], case["width"], case["k"])))
    assert code.hex() == case["want"]["hash"]
    assert quality == case["want"]["quality"]


def plainly(luma: np.ndarray) -> tuple[np.ndarray, bytes, int]:
    """PDQ step by step, as the paper describes it: slow, and sharing nothing with the module."""
    height, width = luma.shape
    picture = luma.astype(np.float64)
    for _ in range(2):
        picture = np.array([box(row, math.ceil(width / 128)) for row in picture])
        picture = np.array([box(column, math.ceil(height / 128)) for column in picture.T]).T
    small = np.array(
        [
            [picture[int((i + 0.5) * height / 64), int((j + 0.5) * width / 64)] for j in range(64)]
            for i in range(64)
        ]
    )
    basis = np.array(
        [
            [math.sqrt(2 / 64) * math.cos(math.pi / 128 * k * (2 * n + 1)) for n in range(64)]
            for k in range(1, 17)
        ]
    )
    block = basis @ small @ basis.T
    median = sorted(block.ravel())[127]
    number = sum(1 << (16 * i + j) for i in range(16) for j in range(16) if block[i, j] > median)
    steps = 0
    for i in range(64):
        for j in range(64):
            if i < 63:
                steps += abs(int((small[i, j] - small[i + 1, j]) * 100 / 255))
            if j < 63:
                steps += abs(int((small[i, j] - small[i, j + 1]) * 100 / 255))
    return small, number.to_bytes(32, "big"), min(100, steps // 90)


def box(values: np.ndarray, full: int) -> list[float]:
    half = (full + 2) // 2
    plain = values.tolist()
    windows = [plain[max(0, i + half - full) : i + half] for i in range(len(plain))]
    return [sum(window) / len(window) for window in windows]


@pytest.mark.parametrize("shape", [(64, 64), (5, 5), (40, 200), (129, 131), (258, 120), (70, 400)])
def test_agrees_with_a_plain_reading_of_the_paper(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(shape[0])
    coarse = rng.normal(120, 60, (8, 8))
    luma = np.asarray(
        Image.fromarray(coarse.astype(np.float32)).resize(shape[::-1], Image.Resampling.BICUBIC)
    ) + rng.normal(0, 4, shape).astype(np.float32)
    small, code, quality = plainly(luma)
    assert np.abs(reduced(luma) - small).max() < 1e-4
    got, got_quality = pdq(luma)
    assert differing_bits(got, code) == 0
    assert abs(got_quality - quality) <= 1


def test_is_printed_in_the_order_of_the_reference() -> None:
    # A single cosine, 2 half-waves across and 1 down, can only set the bit of row 1, column 2.
    y, x = np.mgrid[0:64, 0:64]
    wave = np.cos(np.pi / 128 * (2 * y + 1)) * np.cos(np.pi / 128 * 2 * (2 * x + 1))
    code, _ = pdq((128 + 90 * wave).astype(np.float32))
    assert int.from_bytes(code, "big") == 1 << 1


def test_counts_quality_as_the_reference_does() -> None:
    luma = np.zeros((64, 64), np.float32)
    luma[:, 32:] = 51  # 64 steps of exactly 20 hundredths of the range
    assert pdq(luma)[1] == 64 * 20 // 90


@pytest.mark.parametrize("shape", [(1, 1), (4, 400), (400, 4)])
def test_a_picture_too_small_has_no_code(shape: tuple[int, int]) -> None:
    assert pdq(np.full(shape, 200, np.uint8)) == (bytes(32), 0)


@settings(max_examples=15, deadline=None)
@given(st.integers(5, 700), st.integers(5, 700), st.integers(0, 255))
def test_a_flat_picture_has_quality_zero_whatever_its_size(
    height: int, width: int, level: int
) -> None:
    code, quality = pdq(np.full((height, width), level, np.uint8))
    assert quality == 0
    assert code == bytes(32)


@settings(max_examples=15, deadline=None)
@given(st.integers(5, 300), st.integers(5, 300), st.integers(0, 2**32 - 1))
def test_whole_grey_levels_and_their_floats_give_one_code(h: int, w: int, seed: int) -> None:
    luma = np.random.default_rng(seed).integers(0, 256, (h, w), dtype=np.uint8)
    assert pdq(luma) == pdq(luma.astype(np.float32)) == pdq(np.asfortranarray(luma))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_turning_a_picture_turns_its_coefficients(seed: int) -> None:
    # Sides of equal parity sample symmetrically only where no rounding occurs: 64 pixels.
    luma = np.random.default_rng(seed).integers(0, 256, (64, 64), dtype=np.uint8)
    code, quality = pdq(luma)
    turned, same = pdq(np.ascontiguousarray(luma.T))
    bits = np.unpackbits(np.frombuffer(code, np.uint8)).reshape(16, 16)
    assert np.packbits(bits.T).tobytes() == turned
    assert quality == same


def test_luminance_is_exact_for_whole_levels() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (50, 70, 3), dtype=np.uint8)
    exact = pixels.astype(np.int64) @ np.array([299, 587, 114])
    assert np.array_equal(luminance(pixels), exact.astype(np.float32) / np.float32(1000))


def test_dihedral_codes_are_those_of_the_picture_laid_down_each_way() -> None:
    luma = np.random.default_rng(3).random((61, 90)).cumsum(axis=0).cumsum(axis=1)
    luma = (255 * np.sin(luma) ** 2).astype(np.float32)
    expected = [
        pdq(np.ascontiguousarray(np.rot90(start, -quarters)))[0]
        for start in (luma, luma[:, ::-1])
        for quarters in range(4)
    ]
    assert list(dihedral(luma)) == expected
    assert len(set(expected)) == len(TURNS)


def test_a_picture_too_small_for_a_code_has_eight_empty_ones() -> None:
    assert dihedral(np.zeros((3, 90), dtype=np.float32)) == (bytes(32),) * 8
