"""The analysis of JPEG grids, over real files."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from forensics.analyses.jpeg_grid import JpegGrid
from forensics.calibrated import calibration
from forensics.context import ScratchContext
from forensics.errors import NotFitting
from forensics.media.identify import identify_file
from forensics.media.prepare import prepare
from forensics.model import Asset, Diagnostic, Direction, Finding, Sha256
from forensics.running import held_to_contract
from tests.traces.test_grid import Pixels, jpeg, photograph, with_part


def examine(folder: Path, pixels: Pixels, kind: str, **options: Any) -> dict[str, Finding]:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, kind, **options)
    (folder / "asset").write_bytes(stream.getvalue())
    known = identify_file(folder / "asset")
    prepare(str(folder), known.kind.value, known.mime, known.demuxer, 10**8, 60.0)
    asset = Asset(sha256=Sha256("0" * 64), size=1, kind=known.kind, mime=known.mime, name="file")
    context = ScratchContext(asset, folder, name=JpegGrid.name, seconds=60)
    analysis = JpegGrid()
    findings = list(held_to_contract(analysis, analysis.run(asset, context)))
    assert all(finding.statement for finding in findings)
    return {finding.id: finding for finding in findings}


def spliced() -> Pixels:
    part = jpeg(photograph(6), 80)[32:144, 64:184]
    return with_part(jpeg(photograph(5), 90), part, 101, 83)


@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("JPEG", {"quality": 99})])
def test_a_part_put_in_is_named_with_its_place(
    tmp_path: Path, kind: str, options: dict[str, Any]
) -> None:
    found = examine(tmp_path, spliced(), kind, **options)
    finding = found["foreign-grid"]
    assert finding.direction is Direction.SUPPORTS_H1
    assert finding.diagnostic is Diagnostic.YES
    assert finding.exhibits
    where = next(m.where for m in finding.measurements if m.key == "box")
    assert where is not None
    assert where.region is not None
    assert where.region[0] == pytest.approx(101, abs=8)
    assert where.region[1] == pytest.approx(83, abs=8)
    assert "not-testable" not in found


def test_a_picture_on_a_page_accuses_nobody(tmp_path: Path) -> None:
    page = np.full((420, 520, 3), 250, np.uint8)
    page[17:337, 21:405] = jpeg(photograph(5), 90)
    page[300:400, 410:510] = jpeg(photograph(6), 80)[32:132, 64:164]
    found = examine(tmp_path, page, "PNG")
    assert "foreign-grid" not in found
    assert found["pictures-within"].question is None
    assert found["pictures-within"].exhibits


def test_a_part_is_named_though_a_last_saving_stirred_its_zeros(tmp_path: Path) -> None:
    part = jpeg(photograph(6), 70)[32:144, 64:184]
    made = with_part(jpeg(photograph(5), 90), part, 101, 83)
    assert "foreign-grid" in examine(tmp_path, made, "JPEG", quality=97)


def test_the_word_is_the_calibrations(tmp_path: Path) -> None:
    strength = examine(tmp_path, spliced(), "PNG")["foreign-grid"].strength
    measured = calibration("jpeg-grid")
    assert measured is not None
    row = measured.row("foreign-grid", "lossless", "below 0.25 MP")
    assert row is not None
    assert strength is not None
    assert f"{row.alarms} of {row.clean} untouched" in strength.calibration


def test_below_what_it_can_see_it_says_so(tmp_path: Path) -> None:
    found = examine(tmp_path, spliced(), "JPEG", quality=80)
    assert "foreign-grid" not in found
    finding = found["not-testable"]
    assert finding.diagnostic is Diagnostic.NO
    assert "a quality of about 80" in finding.statement


def test_a_cut_is_history_and_moves_nothing(tmp_path: Path) -> None:
    found = examine(tmp_path, jpeg(photograph(3), 85)[3:-2, 5:-1], "PNG")
    assert found["shifted-grid"].question is None
    assert "3, 5" in found["shifted-grid"].statement
    assert "foreign-grid" not in found


def test_a_cut_that_may_be_a_turn_is_told_as_both(tmp_path: Path) -> None:
    found = examine(tmp_path, jpeg(photograph(3), 85)[3:, 5:], "PNG")
    assert "turned, mirrored, or cut" in found["turned-grid"].statement


def test_a_part_in_a_picture_without_grid_accuses_nobody(tmp_path: Path) -> None:
    part = jpeg(photograph(6), 80)[32:144, 64:184]
    found = examine(tmp_path, with_part(photograph(5), part, 101, 83), "PNG")
    assert set(found) == {"part-grid", "not-testable"}
    assert found["part-grid"].question is None


def test_no_sentence_calls_a_picture_clean(tmp_path: Path) -> None:
    found = examine(tmp_path, jpeg(photograph(3), 85), "PNG")
    said = " ".join(f.statement for f in found.values()).lower()
    assert "no-foreign-grid" in found
    assert not any(word in said for word in ("clean", "authentic", "genuine", "untouched"))


def test_other_codings_with_loss_are_not_testable(tmp_path: Path) -> None:
    found = examine(tmp_path, spliced(), "WEBP", quality=90)
    assert set(found) == {"not-testable"}
    assert "not as JPEG" in found["not-testable"].statement


def test_webp_without_loss_is_read_as_what_it_was(tmp_path: Path) -> None:
    assert "foreign-grid" in examine(tmp_path, spliced(), "WEBP", lossless=True)


@pytest.mark.parametrize("orientation", [3, 6])
def test_a_picture_stored_on_its_side_is_not_called_cut(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = np.ascontiguousarray(photograph(8)[:301, :333])
    found = examine(tmp_path, pixels, "JPEG", quality=85, exif=exif)
    assert "grid" in found
    assert not {"shifted-grid", "foreign-grid", "earlier-grid"} & set(found)


def test_a_tiny_picture_is_not_its_business(tmp_path: Path) -> None:
    with pytest.raises(NotFitting):
        examine(tmp_path, photograph(9)[:40, :200], "PNG")


@pytest.mark.parametrize("how", ["straightened", "freed of distortion", "resized by three pixels"])
def test_a_grid_that_was_carried_along_accuses_nobody(tmp_path: Path, how: str) -> None:
    """From place to place it begins a pixel further on, as if parts had been put in."""
    before = jpeg(photograph(5, 640, 480), 75)
    high, wide = before.shape[:2]
    rows, columns = np.mgrid[:high, :wide].astype(np.float32)
    x, y = columns - wide / 2, rows - high / 2
    if how == "straightened":
        turned = cv2.getRotationMatrix2D((wide / 2, high / 2), 0.3, 1)
        after = cv2.warpAffine(before, turned, (wide, high), flags=cv2.INTER_NEAREST)
    elif how == "freed of distortion":
        grown = 1 + 0.02 * (x * x + y * y) / wide**2
        after = cv2.remap(before, x * grown + wide / 2, y * grown + high / 2, cv2.INTER_NEAREST)
    else:
        after = cv2.resize(before, (wide + 3, high), interpolation=cv2.INTER_NEAREST)
    found = examine(tmp_path, np.asarray(after, np.uint8), "PNG")
    assert "foreign-grid" not in found
    assert all(f.direction is Direction.NEUTRAL for f in found.values())
    if how == "freed of distortion":
        assert found["adjoining-grid"].diagnostic is Diagnostic.NO


@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("JPEG", {"quality": 99})])
def test_a_part_a_pixel_off_is_named_where_the_rest_surrounds_it(
    tmp_path: Path, kind: str, options: dict[str, Any]
) -> None:
    part = jpeg(photograph(6), 75)[32:144, 64:184]
    made = with_part(jpeg(photograph(5), 75), part, 97, 81)
    found = examine(tmp_path, made, kind, **options)
    assert "(1, 1)" in found["foreign-grid"].statement
    assert "adjoining-grid" not in found


def test_mirrored_edges_accuse_nobody(tmp_path: Path) -> None:
    before = jpeg(photograph(5), 75)[:-3]
    after = cv2.copyMakeBorder(before, 0, 61, 0, 0, cv2.BORDER_REFLECT)
    found = examine(tmp_path, np.asarray(after, np.uint8), "PNG")
    assert "foreign-grid" not in found
    finding = found["adjoining-grid"]
    assert finding.question is None
    assert finding.exhibits


def test_a_panorama_accuses_nobody(tmp_path: Path) -> None:
    joined = np.hstack([jpeg(photograph(5), 75), jpeg(photograph(6), 75)[:, 3:123]])
    found = examine(tmp_path, joined, "PNG")
    assert not {"foreign-grid", "no-foreign-grid"} & set(found)
    assert {f.direction for f in found.values()} == {Direction.NEUTRAL}


def test_places_are_told_apart(tmp_path: Path) -> None:
    host, part = jpeg(photograph(5, 520, 400), 75), jpeg(photograph(6), 75)[32:144, 64:184]
    round_one = cv2.ellipse(np.zeros((112, 120), np.uint8), (60, 56), (58, 54), 0, 0, 360, 1, -1)
    within = np.asarray(round_one)[:, :, None] > 0
    for x, y in ((61, 61), (301, 205)):
        there = host[y : y + 112, x : x + 120]
        host = with_part(host, np.where(within, part, there).astype(np.uint8), x, y)
    said = examine(tmp_path, host, "PNG")["foreign-grid"].statement
    assert re.search(r"Their places: \d+×\d+ px at \d+, \d+; \d+×\d+ px at \d+, \d+\. ", said)
