"""Signatures: fixed width, a quality that marks empty pictures, robust to what copies go through."""

from __future__ import annotations

import io
from fractions import Fraction

import imagehash
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from forensics.model.sample import Signature
from forensics.signatures.perceptual import phash
from forensics.signatures.schemes import PDQ, PHASH, SCHEMES, differing_bits
from forensics.signatures.sign import sign
from forensics.signatures.signed import Asked


def scenery(seed: int, shape: tuple[int, int] = (288, 512)) -> np.ndarray:
    """A picture with coarse and fine structure, RGB."""
    rng = np.random.default_rng(seed)
    total = np.zeros((*shape, 3))
    for cells, weight in ((5, 60), (12, 50), (40, 20), (110, 8)):
        noise = rng.normal(0, weight, (cells, cells, 3)).astype(np.float32)
        for channel in range(3):
            layer = Image.fromarray(noise[..., channel])
            total[..., channel] += np.asarray(layer.resize(shape[::-1], Image.Resampling.BICUBIC))
    return np.clip(total + 120, 0, 255).astype(np.uint8)


def saved_again(pixels: np.ndarray, scale: float, quality: int) -> np.ndarray:
    picture = Image.fromarray(pixels)
    picture = picture.resize((round(picture.width * scale), round(picture.height * scale)))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    with Image.open(out) as again:
        return np.asarray(again.convert("RGB"))


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 255), st.integers(0, 2**32 - 1))
def test_every_picture_gets_one_signature_of_each_scheme(
    h: int, w: int, top: int, seed: int
) -> None:
    pixels = np.random.default_rng(seed).integers(0, top + 1, (h, w, 3), dtype=np.uint8)
    signatures, asked = sign(pixels, Fraction(7, 3))
    assert tuple(s.scheme for s in signatures) == tuple(SCHEMES)
    for signature in signatures:
        assert len(signature.code) == SCHEMES[signature.scheme].width
        assert 0 <= signature.quality <= 100
        assert signature.time == Fraction(7, 3)
    assert [(a.scheme, a.code, a.quality) for a in asked if not a.turned] == [
        (s.scheme, s.code, s.quality) for s in signatures
    ]
    assert {a.time for a in asked} == {Fraction(7, 3)}
    assert sign(pixels, Fraction(7, 3)) == (signatures, asked)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_scaled_and_saved_copy_lies_within_the_radius_and_another_picture_does_not(
    scheme: str,
) -> None:
    place = list(SCHEMES).index(scheme)
    radius = SCHEMES[scheme].radius
    for seed in range(5):
        pixels = scenery(seed)
        code = sign(pixels, Fraction(0))[0][place].code
        copy = sign(saved_again(pixels, 0.5, 75), Fraction(0))[0][place].code
        other = sign(scenery(seed + 50), Fraction(0))[0][place].code
        assert differing_bits(code, copy) <= radius < differing_bits(code, other)


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((288, 512, 3), np.uint8),
        np.full((288, 512, 3), 235, np.uint8),
        np.random.default_rng(3).integers(16, 20, (288, 512, 3), dtype=np.uint8),
        np.repeat(np.linspace(90, 130, 288).astype(np.uint8)[:, None, None], 512, 1).repeat(3, 2),
    ],
    ids=["black", "white", "sensor-noise", "plain-sky"],
)
def test_a_picture_with_nothing_in_it_is_below_the_least_quality(pixels: np.ndarray) -> None:
    for made in sign(pixels, Fraction(0)):
        for code in made:
            assert code.quality < SCHEMES[code.scheme].least_quality


def test_a_dark_picture_with_texture_is_still_searched_for_and_found() -> None:
    dark = (scenery(1).astype(np.float64) * 0.2).astype(np.uint8)  # nothing above level 51
    mine, _ = sign(dark, Fraction(0))
    again, _ = sign(saved_again(dark, 0.6, 70), Fraction(0))
    for one, other in zip(mine, again, strict=True):
        assert one.quality >= SCHEMES[one.scheme].least_quality
        assert differing_bits(one.code, other.code) <= SCHEMES[one.scheme].radius


def asked_by(pixels: np.ndarray) -> dict[str, Asked]:
    return {a.turned: a for a in sign(pixels, Fraction(2))[1] if a.scheme == PDQ}


def recorded(pixels: np.ndarray) -> Signature:
    return sign(pixels, Fraction(2))[0][0]


def laid_down(pixels: np.ndarray, turns: int, *, mirrored: bool) -> np.ndarray:
    return np.rot90(pixels[:, ::-1] if mirrored else pixels, -turns)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("turns", range(4))
def test_a_turned_picture_is_asked_for_as_it_was_before(turns: int, mirrored: bool) -> None:
    pixels = scenery(4)
    original = recorded(pixels)
    asked = asked_by(laid_down(pixels, turns, mirrored=mirrored))
    assert len(asked) == 8
    nearest = min(asked.values(), key=lambda a: differing_bits(a.code, original.code))
    assert differing_bits(nearest.code, original.code) <= 8
    # A mirror image turned by 90 degrees is undone by the same again, not by its opposite.
    back = turns if mirrored else (4 - turns) % 4
    said = ("mirrored" * mirrored, f"turned by {90 * back} degrees" * bool(back))
    assert nearest.turned == " and ".join(filter(None, said))


@pytest.mark.parametrize("tone", [0, 128])
def test_a_picture_in_borders_is_asked_for_without_them_in_all_eight_ways(tone: int) -> None:
    pixels = scenery(5)
    framed = np.pad(pixels[:, ::-1], ((60, 60), (100, 100), (0, 0)), constant_values=tone)
    asked = asked_by(framed)
    assert sum("borders added" in turned for turned in asked) == 8
    assert len(asked) == 16
    inner = asked["mirrored, borders added"]
    assert differing_bits(inner.code, recorded(pixels).code) <= 8
    assert differing_bits(asked[""].code, recorded(pixels).code) > SCHEMES[PDQ].radius
    assert inner.quality == recorded(np.ascontiguousarray(pixels[:, ::-1])).quality


@pytest.mark.parametrize("shape", [(1, 1, 3), (4, 300, 3), (288, 4, 3)])
def test_a_picture_too_small_for_a_code_is_never_searched_for(shape: tuple[int, int, int]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    assert {a.quality for a in sign(pixels, Fraction(0))[1]} == {0}


def test_phash_keeps_its_leading_zeros_and_the_order_of_imagehash() -> None:
    for seed in range(8):
        luma = scenery(seed)[..., 1]
        code = phash(luma)
        assert len(code) == 8
        assert code.hex() == str(imagehash.phash(Image.fromarray(luma)))


def test_schemes_are_consistent() -> None:
    assert SCHEMES[PDQ].width * 8 == 256
    assert SCHEMES[PHASH].width * 8 == 64
    for scheme in SCHEMES.values():
        assert 0 <= scheme.alone <= scheme.radius < scheme.width * 8 // 4
        assert scheme.radius < scheme.distinct < scheme.width * 8 // 2
