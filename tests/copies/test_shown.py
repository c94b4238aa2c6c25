"""What a report shows of a copy: the other asset's picture as it is kept, and laid on the one in hand."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from forensics.errors import MediaError
from forensics.media.worker import Worker
from tests.copies.pictures import Picture, scene
from tests.copies.thumbnails import GOOD, NO_THUMBNAILS, coded, with_segment
from tests.media.reading import LIMITS, Reader

AS_IT_LIES = ["1/1", "0/1", "0/1", "0/1", "1/1", "0/1", "0/1", "0/1", "1/1"]
MIRRORED = ["-1/1", "0/1", "1/1", "0/1", "1/1", "0/1", "0/1", "0/1", "1/1"]
LOWER_RIGHT = ["1/2", "0/1", "1/2", "0/1", "1/2", "1/2", "0/1", "0/1", "1/1"]
EDGE = (255, 176, 0)


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker(LIMITS) as started:
        yield started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, worker: Worker) -> Path:
    """The working copy of a still, and beside it pictures of other assets."""
    root = tmp_path_factory.mktemp("shown")
    source = root / "asset.png"
    source.write_bytes(coded(scene(1), "PNG"))
    work = Reader(root, worker).read(source).folder
    for name, picture in {
        "same": scene(1)[::2, ::2],
        "mirror": scene(1)[:, ::-1],
        "other": scene(4),
    }.items():
        (work / f"{name}.jpg").write_bytes(coded(np.ascontiguousarray(picture), "JPEG"))
    (work.parent / "outside.jpg").write_bytes(coded(scene(5), "JPEG"))
    return work


def laid(worker: Worker, folder: Path, other: str, placement: list[str]) -> Picture:
    said = worker.call(
        "forensics.copies.shown:overlay_picture",
        folder=str(folder),
        index=0,
        other=other,
        placement=placement,
        name="overlay",
    )
    return picture_of(said, folder / "overlay.jpg")


def picture_of(said: Any, path: Path) -> Picture:
    assert Path(said["path"]) == path
    decoded = cv2.imread(str(path), cv2.IMREAD_COLOR)
    assert decoded is not None
    assert (said["width"], said["height"]) == (decoded.shape[1], decoded.shape[0])
    return np.asarray(decoded[..., ::-1], np.uint8)


def colour(picture: Picture) -> float:
    """How far red and the other two differ, on average, away from the edge line."""
    inner = picture[8:-8, 8:-8].astype(int)
    return float(np.abs(inner[..., 0] - inner[..., 1:].mean(axis=2)).mean())


@pytest.mark.parametrize(("other", "placement"), [("same", AS_IT_LIES), ("mirror", MIRRORED)])
def test_what_agrees_is_grey(
    worker: Worker, folder: Path, other: str, placement: list[str]
) -> None:
    made = laid(worker, folder, f"{other}.jpg", placement)
    assert made.shape == (270, 480, 3)
    assert colour(made) < 12


@pytest.mark.parametrize(("other", "placement"), [("other", AS_IT_LIES), ("same", MIRRORED)])
def test_what_does_not_agree_is_coloured(
    worker: Worker, folder: Path, other: str, placement: list[str]
) -> None:
    assert colour(laid(worker, folder, f"{other}.jpg", placement)) > 30


def test_only_the_part_that_is_covered_is_laid_over_and_its_edge_is_marked(
    worker: Worker, folder: Path
) -> None:
    made = laid(worker, folder, "other.jpg", LOWER_RIGHT)
    assert colour(made[:130, :235]) < 6
    assert colour(made[140:, 245:]) > 25
    whole = laid(worker, folder, "same.jpg", AS_IT_LIES)
    dimmed = made[10:120, 10:220].mean() / whole[10:120, 10:220].mean()
    assert 0.4 < dimmed < 0.6
    edge = made[134:137, 260:470].astype(int).mean(axis=(0, 1))
    assert np.argmax(edge) == 0
    assert edge[2] < edge[1]


@pytest.mark.parametrize("other", ["gone.jpg", "../outside.jpg", "text.jpg"])
def test_what_is_no_picture_of_the_folder_is_not_shown(
    worker: Worker, folder: Path, other: str
) -> None:
    (folder / "text.jpg").write_text("no picture")
    assert (folder.parent / "outside.jpg").exists()
    with pytest.raises(MediaError, match="cannot be read"):
        laid(worker, folder, other, AS_IT_LIES)


@pytest.mark.parametrize(
    "placement",
    [
        ["100000000/1", "0/1", "0/1", "0/1", "100000000/1", "0/1", "0/1", "0/1", "1/1"],
        ["1/1", "0/1", "90000000/1", "0/1", "1/1", "0/1", "0/1", "0/1", "1/1"],
        ["1/1", "0/1", "0/1", "0/1", "1/1", "0/1", "-2/1", "0/1", "1/1"],
        ["0/1"] * 8 + ["1/1"],
    ],
    ids=["endless", "far-away", "through-the-horizon", "a-point"],
)
def test_a_placement_that_leads_off_the_picture_is_still_drawn(
    worker: Worker, folder: Path, placement: list[str]
) -> None:
    assert laid(worker, folder, "same.jpg", placement).shape == (270, 480, 3)


def reduced(worker: Worker, folder: Path, thumbnail: bytes) -> Picture:
    said = worker.call(
        "forensics.copies.shown:reduced_picture",
        folder=str(folder),
        thumbnail=b64encode(thumbnail).decode(),
        name="reduced",
    )
    return picture_of(said, folder / "reduced.jpg")


def test_the_kept_picture_is_shown_in_its_colours(worker: Worker, folder: Path) -> None:
    made = reduced(worker, folder, GOOD)
    want = cv2.resize(scene(1), made.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(made.astype(int) - want).mean() < 16
    assert np.abs(made[..., ::-1].astype(int) - want).mean() > 32, "red and blue are not exchanged"


def test_it_is_written_anew_without_what_came_with_it(worker: Worker, folder: Path) -> None:
    reduced(worker, folder, with_segment(GOOD, 0xFE, b"<script>alert(1)</script>"))
    assert b"script" not in (folder / "reduced.jpg").read_bytes()


@pytest.mark.parametrize("defect", NO_THUMBNAILS)
def test_what_is_no_thumbnail_is_not_shown(worker: Worker, folder: Path, defect: str) -> None:
    with pytest.raises(MediaError, match="not a readable thumbnail"):
        reduced(worker, folder, NO_THUMBNAILS[defect])
