"""The analysis of earlier savings and resizing, over real files."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from forensics.analyses.saving_history import SavingHistory
from forensics.context import ScratchContext
from forensics.errors import NotFitting
from forensics.media.identify import identify_file
from forensics.media.prepare import prepare
from forensics.model import Asset, Diagnostic, Finding, Sha256
from forensics.running import held_to_contract
from tests.traces.test_grid import Pixels, jpeg, photograph
from tests.traces.test_twice import scene

SAVING = {
    "earlier-saving",
    "shifted-saving",
    "no-earlier-saving",
    "was-jpeg",
    "never-jpeg",
    "saving-not-testable",
}
RESIZING = {"resized", "no-resizing-trace", "resizing-not-testable"}


def examine(folder: Path, pixels: Pixels, kind: str, **options: Any) -> dict[str, Finding]:
    stream = io.BytesIO()
    mode = options.pop("mode", "RGB")
    Image.fromarray(pixels).convert(mode).save(stream, kind, **options)
    return examined(folder, stream.getvalue())


def examined(folder: Path, data: bytes) -> dict[str, Finding]:
    (folder / "asset").write_bytes(data)
    known = identify_file(folder / "asset")
    prepare(str(folder), known.kind.value, known.mime, known.demuxer, 10**8, 60.0)
    asset = Asset(sha256=Sha256("0" * 64), size=1, kind=known.kind, mime=known.mime, name="file")
    context = ScratchContext(asset, folder, name=SavingHistory.name, seconds=60)
    analysis = SavingHistory()
    findings = list(held_to_contract(analysis, analysis.run(asset, context)))
    for finding in findings:
        assert finding.statement
        assert finding.question is None
        assert finding.diagnostic is Diagnostic.NO
        assert finding.strength is None
    return {finding.id: finding for finding in findings}


def value(finding: Finding, key: str) -> str:
    return str(next(m.value for m in finding.measurements if m.key == key))


def test_a_picture_saved_twice_is_told_with_both_qualities(tmp_path: Path) -> None:
    found = examine(tmp_path, jpeg(scene(1), 75), "JPEG", quality=92)
    finding = found["earlier-saving"]
    assert value(finding, "quality") == "75"
    assert value(finding, "last") == "92"
    assert finding.exhibits
    assert "no-resizing-trace" in found


def test_steps_are_measurements_and_do_not_fill_the_sentence(tmp_path: Path) -> None:
    finding = examine(tmp_path, jpeg(scene(1), 75), "JPEG", quality=92)["earlier-saving"]
    steps = [str(m.value) for m in finding.measurements if m.key == "steps"]
    assert len(steps) > 10
    assert "(0, 1) 6" in steps, "libjpeg's table at 75: the step beside the mean is 11 by 50 of 100"
    assert not any(step in finding.statement for step in steps)


def test_a_picture_saved_once_is_told_what_would_have_shown(tmp_path: Path) -> None:
    found = examine(tmp_path, scene(2), "JPEG", quality=92)
    assert set(found) == {"no-earlier-saving", "no-resizing-trace"}
    assert "30–" in value(found["no-earlier-saving"], "seen")


def test_a_cut_between_two_savings_is_told_with_the_grid(tmp_path: Path) -> None:
    cut = np.ascontiguousarray(jpeg(scene(3), 70)[3:, 6:])
    finding = examine(tmp_path, cut, "JPEG", quality=97)["shifted-saving"]
    assert value(finding, "origin") == "2, 5"
    assert value(finding, "quality") == "70"


@pytest.mark.parametrize(
    ("kind", "options"), [("PNG", {}), ("BMP", {}), ("TIFF", {}), ("WEBP", {"lossless": True})]
)
def test_a_picture_stored_without_loss_is_told_what_it_was(
    tmp_path: Path, kind: str, options: dict[str, Any]
) -> None:
    found = examine(tmp_path, jpeg(scene(4), 85), kind, **options)
    assert value(found["was-jpeg"], "quality") == "85"


def test_a_picture_never_saved_as_jpeg_is_told_so(tmp_path: Path) -> None:
    assert set(examine(tmp_path, scene(5), "PNG")) == {"never-jpeg", "no-resizing-trace"}


def test_an_enlarged_picture_is_told_with_its_factor(tmp_path: Path) -> None:
    before = Image.fromarray(jpeg(photograph(6, 900, 700), 85))
    larger = np.asarray(before.resize((990, 770), Image.Resampling.BICUBIC))
    finding = examine(tmp_path, larger, "PNG")["resized"]
    assert value(finding, "factor") == "1.10"
    assert finding.exhibits
    lossy = examine(tmp_path, larger, "JPEG", quality=95)["resized"]
    assert "cannot be told" in lossy.statement


@pytest.mark.parametrize("orientation", [3, 6])
def test_a_picture_stored_on_its_side_is_read_as_stored(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = jpeg(np.ascontiguousarray(scene(7)[:501, :613]), 75)
    found = examine(tmp_path, pixels, "JPEG", quality=90, exif=exif)
    assert value(found["earlier-saving"], "quality") == "75"


@pytest.mark.parametrize(
    ("kind", "options"),
    [("WEBP", {"quality": 90}), ("JPEG", {"mode": "CMYK"}), ("JPEG", {"keep_rgb": True})],
)
def test_codings_that_it_does_not_read_are_not_testable(
    tmp_path: Path, kind: str, options: dict[str, Any]
) -> None:
    assert set(examine(tmp_path, jpeg(scene(8), 80), kind, **options)) == {"saving-not-testable"}


def test_a_grey_picture_is_read(tmp_path: Path) -> None:
    found = examine(tmp_path, jpeg(scene(9), 70), "JPEG", mode="L", quality=90)
    assert abs(int(value(found["earlier-saving"], "quality")) - 70) <= 2


@pytest.mark.parametrize("pixels", ["flat", "small"])
def test_a_picture_that_says_nothing_is_not_testable(tmp_path: Path, pixels: str) -> None:
    made = np.full((400, 400, 3), 200, np.uint8) if pixels == "flat" else scene(1)[:80, :80]
    found = examine(tmp_path, np.ascontiguousarray(made), "JPEG", quality=85)
    assert "saving-not-testable" in found


def test_a_tiny_picture_is_none_of_its_business(tmp_path: Path) -> None:
    with pytest.raises(NotFitting):
        examine(tmp_path, scene(1)[:40, :300], "PNG")


def test_one_finding_of_each_kind_and_none_accuses(tmp_path: Path) -> None:
    for quality in (70, 95):
        found = examine(tmp_path, scene(10), "JPEG", quality=quality)
        assert len(set(found) & SAVING) == 1
        assert len(set(found) & RESIZING) == 1
        said = " ".join(f.statement for f in found.values()).lower()
        assert not any(word in said for word in ("fake", "tamper", "manipul", "authentic"))
