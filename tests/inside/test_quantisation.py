"""Whose tables: held against the encoders themselves."""

from __future__ import annotations

import io
import subprocess
import tomllib
from importlib import resources
from pathlib import Path

import imageio_ffmpeg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from forensics.inside.quantisation import (
    CHROMA,
    LUMA,
    MOZJPEG,
    NEAR,
    ZIGZAG,
    Table,
    digest,
    estimate,
    ffmpeg,
    in_rows,
    scaled,
)
from tests.inside.jpegs import saved, scene


def tables(data: bytes) -> list[Table]:
    with Image.open(io.BytesIO(data)) as picture:
        return [tuple(t) for _, t in sorted(picture.quantization.items())]


@pytest.mark.parametrize("quality", range(1, 101))
def test_the_quality_that_pillow_saved_with_is_found(quality: int) -> None:
    luma, chroma = tables(saved(scene(8, 8), quality=quality))
    assert luma == scaled(quality)
    assert chroma == scaled(quality, CHROMA)
    for looks, base in ((estimate(luma), LUMA), (estimate(chroma, chroma=True), CHROMA)):
        assert looks.exact
        assert scaled(looks.quality, base) == scaled(quality, base)
    assert estimate(luma).base == "IJG luma"
    if quality not in {1, 100}:  # there the tables of both are the same
        assert estimate(chroma, chroma=True).base == "IJG chroma"


@pytest.mark.parametrize("scale", [2, 3, 5, 13, 31])
def test_the_scale_that_ffmpeg_saved_with_is_found(scale: int, tmp_path: Path) -> None:
    made = tmp_path / "frame.jpg"
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", "testsrc=s=32x32:d=1",
        "-frames:v", "1", "-q:v", str(scale), str(made),
    ]  # fmt: skip
    subprocess.run(command, check=True)
    (table,) = tables(made.read_bytes())
    assert table == ffmpeg(scale)
    assert estimate(table).family == f"equals the table of ffmpeg's JPEG encoder at scale {scale}"


def test_mozjpegs_table_is_told_from_the_ijgs() -> None:
    looks = estimate(scaled(75, MOZJPEG))
    assert (looks.base, looks.quality, looks.exact) == ("mozjpeg", 75, True)
    assert looks.sentence == "Equals the mozjpeg table at quality 75"


@pytest.mark.parametrize("quality", [20, 35, 45, 61, 79, 88])
def test_another_way_of_rounding_is_near(quality: int) -> None:
    share = (5000 // quality if quality < 50 else 200 - 2 * quality) / 100
    table = tuple(max(1, int(value * share)) for value in LUMA)  # cut off, not rounded
    looks = estimate(table)
    assert not looks.exact
    assert looks.far <= NEAR
    assert looks.quality == quality
    assert "No value is more than 1 from" in looks.sentence


def test_photoshops_tables_are_named() -> None:
    for name, says in (("high", "quality 8 of 12"), ("medium", "quality 5 of 12")):
        luma, _ = tables(saved(scene(8, 8), qtables=name))
        looks = estimate(luma)
        assert says in looks.family
        assert looks.sentence.startswith("Not the IJG's nor mozjpeg's; on average as coarse as")


def test_nobodys_table_is_nobodys() -> None:
    looks = estimate(tuple(range(3, 67)))
    assert looks.family == ""
    assert not looks.exact


@given(st.lists(st.integers(0, 0xFFFF), min_size=64, max_size=64))
def test_any_table_gets_an_estimate(values: list[int]) -> None:
    looks = estimate(in_rows(values))
    assert 1 <= looks.quality <= 100
    assert looks.sentence


def test_stored_values_are_put_in_rows() -> None:
    rows = in_rows(range(64))
    assert [rows[place] for place in ZIGZAG] == list(range(64))
    assert rows[:3] == (0, 1, 5)


def test_every_known_table_says_what_it_rests_on() -> None:
    text = resources.files("forensics.inside").joinpath("data/quantisation.toml").read_text("utf-8")
    known = tomllib.loads(text)["known"]
    assert len({entry["table"] for entry in known}) == len(known)
    for entry in known:
        assert bytes.fromhex(entry["table"]).hex() == entry["table"]
        assert len(entry["table"]) == 64
        assert entry["says"].startswith("equals a table of ")
        assert entry["evidence"] == "measured"
        assert entry["files"] > 0
        assert entry["writers"]
    own = {digest(scaled(q, base)) for q in range(1, 101) for base in (LUMA, CHROMA, MOZJPEG)}
    assert not own & {entry["table"] for entry in known}
