"""The analysis that shows thumbnails beside their picture."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from forensics.analyses.embedded_picture import EmbeddedPicture
from forensics.inside.jpeg import read_jpeg
from forensics.inside.window import Window
from forensics.model import Asset, Context, Diagnostic, Exhibit, Finding, MediaKind, Part, Sha256
from tests.inside.jpegs import app, exif, resource, saved, scene, with_segments


class Shown:
    """What this analysis reads of a context, over a real file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.shown: dict[str, NDArray[np.uint8]] = {}

    @cached_property
    def carried(self) -> Part:
        return read_jpeg(Window.over(self.path.read_bytes()))

    @property
    def samples(self) -> Shown:
        return self

    def pixels(self, index: int) -> NDArray[np.uint8]:
        assert index == 0
        with Image.open(self.path) as picture:
            return np.asarray(picture.convert("RGB"), dtype=np.uint8)

    def check_deadline(self) -> None:
        pass

    def exhibit(self, id: str, picture: NDArray[np.uint8], caption: str) -> Exhibit:
        self.shown[id] = picture
        return Exhibit(
            id=id, caption=caption, mime="image/png", path="x", sha256="0" * 64,
            width=picture.shape[1], height=picture.shape[0],
        )  # fmt: skip


def examine(path: Path) -> tuple[list[Finding], Shown]:
    asset = Asset(
        sha256=Sha256("0" * 64),
        size=path.stat().st_size,
        kind=MediaKind.IMAGE,
        mime="image/jpeg",
        name="file",
    )
    shown = Shown(path)
    return list(EmbeddedPicture().run(asset, cast("Context", shown))), shown


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "picture.jpg"


PICTURE = scene(480, 320, seed=5)
SMALL = PICTURE.resize((160, 107))


def test_both_are_shown_side_by_side_and_nothing_is_moved(path: Path) -> None:
    path.write_bytes(with_segments(saved(PICTURE), exif(saved(SMALL))))
    (finding,), context = examine(path)
    assert finding.id == "embedded-picture"
    assert finding.question is None
    assert finding.diagnostic is Diagnostic.NO
    assert finding.statement.startswith(
        "In EXIF lies an embedded picture (Thumbnail, 160 × 107 px). Laid over the picture (as it is), "
    )
    assert context.shown["beside-1"].shape[0] == 480
    assert context.shown["beside-1"].shape[1] > 3 * 640
    assert "A viewing aid." in finding.exhibits[0].caption


def test_the_place_of_the_largest_difference_is_given_in_the_pictures_pixels(path: Path) -> None:
    changed = PICTURE.copy()
    changed.paste((255, 0, 0), (300, 200, 360, 260))
    path.write_bytes(with_segments(saved(changed, quality=95), exif(saved(SMALL, quality=95))))
    (finding,), _ = examine(path)
    apart = next(m for m in finding.measurements if m.key == "most-apart")
    assert apart.where is not None
    assert apart.where.region is not None
    x, y, width, height = apart.where.region
    assert 290 <= x < x + width <= 370
    assert 190 <= y < y + height <= 270


def test_the_same_thumbnail_in_two_blocks_is_shown_once(path: Path) -> None:
    thumbnail = saved(SMALL)
    head = b"\0\0\0\1" + bytes(20) + b"\0\x18\0\1"
    block = b"Photoshop 3.0\0" + resource(0x040C, head + thumbnail)
    path.write_bytes(with_segments(saved(PICTURE), exif(thumbnail), app(13, block)))
    findings, _ = examine(path)
    assert [f.id for f in findings] == ["embedded-picture"]


def test_a_file_without_one_says_so(path: Path) -> None:
    path.write_bytes(saved(PICTURE))
    (finding,), _ = examine(path)
    assert finding.statement == "The file carries no thumbnail or preview beside its picture."


def test_one_that_cannot_be_decoded_is_named(path: Path) -> None:
    broken = b"\xff\xd8\xff\xdb\0\4\0\0"
    path.write_bytes(with_segments(saved(PICTURE), exif(broken)))
    (finding,), _ = examine(path)
    assert finding.id == "embedded-unread"
    assert "cannot be decoded" in finding.statement
