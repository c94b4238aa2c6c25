"""The last coding of a picture, on files made here."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from forensics.traces.grid import ZERO
from forensics.traces.stored import OTHER, UNREADABLE, coding, quality_class
from tests.traces.test_grid import photograph


@pytest.mark.parametrize(
    ("quality", "name"),
    [(100, "q98-100"), (98, "q98-100"), (97, "q95-97"), (94, "q90-94"), (1, "below q90")],
)
def test_classes_of_quality(quality: int, name: str) -> None:
    assert quality_class(quality) == name


@pytest.mark.parametrize(("quality", "stirred"), [(80, False), (92, True), (97, True)])
def test_a_jpeg_tells_its_quality_and_what_it_stirred(
    tmp_path: Path, quality: int, *, stirred: bool
) -> None:
    Image.fromarray(photograph(3)).save(tmp_path / "file", "JPEG", quality=quality)
    last = coding(tmp_path / "file", "image/jpeg")
    assert last.quality == quality_class(quality)
    assert last.said.endswith(f"about {quality}")
    assert (last.zero > ZERO) == stirred


@pytest.mark.parametrize(("lossless", "name"), [(True, "lossless"), (False, OTHER)])
def test_webp_is_both(tmp_path: Path, name: str, *, lossless: bool) -> None:
    Image.fromarray(photograph(3)).save(tmp_path / "file", "WEBP", lossless=lossless)
    assert coding(tmp_path / "file", "image/webp").quality == name


def test_what_stores_without_loss_is_not_opened(tmp_path: Path) -> None:
    assert coding(tmp_path / "missing", "image/png").quality == "lossless"


def test_a_jpeg_that_is_none_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"GIF89a, and no JPEG")
    with pytest.raises(UNREADABLE):
        coding(tmp_path / "file", "image/jpeg")
