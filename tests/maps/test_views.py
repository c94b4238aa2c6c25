"""Which pictures of a file are read as maps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from forensics.context import ScratchContext
from forensics.maps.views import PICTURES, View, views
from forensics.media.identify import identify_file
from forensics.media.prepare import prepare
from forensics.media.prepared import load
from forensics.model import Asset, Sha256
from forensics.model.map import ReadBy
from tests.maps.pictured import leaves, page_of_text, pictured
from tests.media.making import make, svg, x264


def taken(folder: Path, **options: object) -> list[View]:
    """What is yielded for the file that lies in the folder as "asset"."""
    path = folder / "asset"
    what = identify_file(path)
    assert what.kind is not None
    prepare(str(folder), what.kind.value, what.mime, what.demuxer, 100_000_000, 60.0)
    asset = Asset(
        sha256=Sha256("0" * 64),
        size=path.stat().st_size,
        kind=what.kind,
        mime=what.mime,
        name="file",
        probe=load(folder).probe,
    )
    context = ScratchContext(asset, folder, name="map", seconds=60.0)
    return list(views(asset, context, **options))


def save(folder: Path, *pictures: np.ndarray) -> None:
    first, *rest = (Image.fromarray(p) for p in pictures)
    options = {"save_all": True, "append_images": rest, "duration": 500} if rest else {}
    first.save(folder / "asset", "PNG", **options)


def test_a_picture_of_a_map_is_read_as_it_is(tmp_path: Path) -> None:
    save(tmp_path, pictured().pixels)
    (view,) = taken(tmp_path)
    assert view.index == 0
    assert view.vector == ()
    assert np.array_equal(view.pixels, pictured().pixels)


def test_another_picture_is_not_read_unless_a_person_asks(tmp_path: Path) -> None:
    save(tmp_path, leaves())
    assert taken(tmp_path) == []
    assert [view.index for view in taken(tmp_path, insists=True)] == [0]


def test_of_many_pictures_the_first_maps_are_read(tmp_path: Path) -> None:
    other = np.asarray(np.roll(pictured().pixels, 40, axis=1), np.uint8)
    save(tmp_path, page_of_text(), *[pictured().pixels, other] * 3)
    assert [view.index for view in taken(tmp_path)] == [1, 2, 3]
    assert PICTURES == 3
    assert [view.index for view in taken(tmp_path, picture=4)] == [4]


def test_a_drawing_comes_with_its_own_text(tmp_path: Path) -> None:
    map_ = pictured()
    words = "".join(
        f"<text x='{line.box.x}' y='{line.box.y + line.box.height}' font-size='22'>{name}</text>"
        for name, line in zip(map_.points, map_.lettering, strict=True)
    )
    (tmp_path / "asset").write_bytes(svg(words, 'viewBox="0 0 1000 1000"'))
    (view,) = taken(tmp_path, insists=True)
    assert view.pixels.shape == (1600, 1600, 3)
    assert {line.text for line in view.vector} == set(map_.points)
    assert {line.by for line in view.vector} == {ReadBy.FILE}
    at = {line.text: line.box for line in view.vector}
    assert at["Kyiv"].x == pytest.approx(1.6 * map_.lettering[0].box.x)


def test_of_a_video_each_scene_with_a_map_is_read_once_at_full_size(tmp_path: Path) -> None:
    map_ = tmp_path / "map.png"
    Image.fromarray(pictured().pixels).save(map_)
    leaf = tmp_path / "leaf.png"
    Image.fromarray(leaves()).save(leaf)
    inputs = [v for path in (leaf, map_) for v in ("-loop", "1", "-t", "3", "-r", "5", "-i", path)]
    joined = "[0:v][1:v]concat=n=2:v=1[v]"
    film = tmp_path / "film.mp4"
    make(*inputs, "-filter_complex", joined, "-map", "[v]", *x264(gop=5, b_frames=0), film)
    film.rename(tmp_path / "asset")
    (view,) = taken(tmp_path)
    assert view.pixels.shape == (1000, 1000, 3)
    shown = view.pixels.astype(int).mean(axis=2)
    assert np.abs(shown - pictured().pixels.astype(int).mean(axis=2)).mean() < 4
