"""The analysis that tells of photographed and filmed screens, over stills and over whole videos."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from forensics.analyses.recapture import Recapture
from forensics.context import ScratchContext
from forensics.errors import MediaError, NotFitting
from forensics.media.identify import identify_file
from forensics.media.prepare import prepare
from forensics.media.prepared import load
from forensics.model import Asset, Diagnostic, Finding, MediaKind, Sha256
from tests.analyses.test_copy_move import Shown, asset_of
from tests.traces.test_moire import Pixels, scene, waved


def examine(picture: Pixels) -> tuple[list[Finding], Shown]:
    shown = Shown(picture)
    return list(Recapture().run(asset_of(MediaKind.IMAGE), shown.context)), shown


def video(
    folder: Path, pictures: list[Pixels], rate: int, name: str
) -> tuple[Asset, ScratchContext]:
    """A video of these pictures, read as in a check."""
    import av

    path = folder / "asset"
    height, width, _ = pictures[0].shape
    coding = {"crf": "16", "preset": "ultrafast", "threads": "1"}
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate, options=coding)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv444p"
        for picture in pictures:
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    kind = identify_file(path)
    assert kind.kind is not None
    prepare(str(folder), kind.kind.value, kind.mime, kind.demuxer, 10**7, 60.0)
    prepared = load(folder)
    asset = Asset(
        sha256=Sha256("0" * 64), size=path.stat().st_size, kind=prepared.kind, mime=kind.mime,
        name="file", probe=prepared.probe,
    )  # fmt: skip
    return asset, ScratchContext(asset, folder, name=name, seconds=60.0)


def filmed(folder: Path, pictures: list[Pixels]) -> list[Finding]:
    asset, context = video(folder, pictures, 24, Recapture.name)
    return list(Recapture().run(asset, context))


def test_a_photographed_screen_is_told_with_its_place_and_moves_nothing() -> None:
    (finding,), context = examine(waved((0, 1 / 3, 2 / 3)))
    assert finding.id == "screen-raster"
    assert finding.question is None
    assert finding.diagnostic is Diagnostic.NO
    (box,) = [m for m in finding.measurements if m.key == "box"]
    assert box.where is not None
    assert box.where.region == (0, 0, 512, 384)
    assert "repeats after 5." in finding.statement
    assert context.shown["screen-raster"].shape[0] == 512
    assert "Right: the framed place, four times as large" in finding.exhibits[0].caption


def test_what_a_weave_is_stays_open() -> None:
    both = waved((0, 0, 0), period=6).astype(int) + waved((0, 0, 0), period=6, degrees=97)
    (finding,), _ = examine((both // 2).astype(np.uint8))
    assert finding.id == "regular-pattern"
    assert finding.statement.endswith("which of them it is, is open.")


def test_a_large_picture_without_a_raster_gives_no_finding() -> None:
    findings, _ = examine(np.clip(scene((700, 1100)), 0, 255).astype(np.uint8))
    assert not findings


@pytest.mark.parametrize(
    ("shape", "says"), [((384, 512), "hardly could have been"), ((200, 900), "too small")]
)
def test_where_it_could_not_be_seen_it_says_so(shape: tuple[int, int], says: str) -> None:
    (finding,), _ = examine(np.clip(scene(shape), 0, 255).astype(np.uint8))
    assert finding.id == "not-testable"
    assert finding.diagnostic is Diagnostic.NO
    assert says in finding.statement


def test_a_filmed_screen_is_told_with_its_times_and_bands(tmp_path: Path) -> None:
    screen = waved((0, 1 / 3, 2 / 3)).astype(float)
    down = np.arange(384)[:, None, None] / 384
    pictures = [
        np.clip(screen * (1 + 0.05 * np.sin(2 * np.pi * (2 * down + 0.125 * k))), 0, 255)
        for k in range(64)
    ]
    raster, bands = filmed(tmp_path, [picture.astype(np.uint8) for picture in pictures])
    assert raster.id == "screen-raster"
    (box,) = [m for m in raster.measurements if m.key == "box"]
    assert box.where is not None
    assert box.where.start is not None
    assert box.where.end is not None
    assert box.where.start < box.where.end
    assert bands.id == "rolling-bands"
    assert "(2 in the picture's height, upwards; a place becomes brighter" in bands.statement
    assert {m.value for m in bands.measurements if m.key == "pace"} == {"3.00"}


def test_a_filmed_scene_has_neither(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    plain = scene((360, 500))
    pictures = [np.clip(plain + random.normal(0, 2, plain.shape), 0, 255) for _ in range(50)]
    (finding,) = filmed(tmp_path, [picture.astype(np.uint8) for picture in pictures])
    assert finding.id == "not-testable"


def test_a_video_of_one_picture_is_no_trouble(tmp_path: Path) -> None:
    (finding,) = filmed(tmp_path, [np.clip(scene(), 0, 255).astype(np.uint8)])
    assert finding.id == "not-testable"


def test_a_video_without_pictures_is_declined() -> None:
    with pytest.raises(NotFitting):
        list(Recapture().run(asset_of(MediaKind.VIDEO), Shown().context))


def test_a_working_copy_that_is_no_video_any_more_is_told(tmp_path: Path) -> None:
    shown = Shown(np.clip(scene(), 0, 255).astype(np.uint8))
    shown.path = tmp_path / "asset"
    shown.path.write_bytes(b"\x00")
    with pytest.raises(MediaError, match="no moving pictures"):
        list(Recapture().run(asset_of(MediaKind.VIDEO), shown.context))
