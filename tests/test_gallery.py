"""The pictures that a report shows, from a check that really ran."""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from db.ledger import SqlLedger
from db.reading import Reader as LedgerReader
from forensics import gallery
from forensics.media.worker import Worker
from forensics.model import Ledger, Picture
from forensics.pipeline import Options, check
from tests.media.making import coded, make, nearest_colour, pattern, picture, x264
from tests.media.reading import LIMITS, Reader


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker(LIMITS) as started:
        yield started


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with SqlLedger.open(tmp_path / "ledger.sqlite", origin="test/0") as opened:
        yield opened


def colour(shown: Picture) -> str:
    with Image.open(io.BytesIO(shown.data)) as image:
        assert image.size == (shown.width, shown.height)
        return nearest_colour(np.asarray(image.convert("RGB"))[image.height // 4, image.width // 4])


def test_a_still_shows_its_frame_and_its_exhibits(
    tmp_path: Path, worker: Worker, ledger: Ledger
) -> None:
    source = tmp_path / "picture.jpg"
    source.write_bytes(coded(picture((640, 480)), "JPEG"))
    options = Options(limits=LIMITS, with_pictures=True)
    report = check(source, ledger=ledger, worker=worker, options=options)
    shown = {p.id: p for p in report.pictures}
    assert colour(shown["frame/0"]) == "red"
    assert (shown["frame/0"].width, shown["frame/0"].height) == (480, 360)
    exhibits = [e.id for o in report.outcomes for f in o.findings for e in f.exhibits]
    assert exhibits
    assert sum(name.startswith("exhibit/") for name in shown) == len(exhibits)


def test_a_copy_is_shown_beside_the_asset_met_earlier(
    tmp_path: Path, worker: Worker, ledger: Ledger
) -> None:
    first, second = tmp_path / "first.mp4", tmp_path / "second.mp4"
    make(*pattern(6, size="320x240"), *x264(), first)
    make("-ss", "2", "-i", first, *x264("-crf", "30"), second)
    options = Options(limits=LIMITS, with_pictures=True)
    check(first, ledger=ledger, worker=worker, options=options)
    report = check(second, ledger=ledger, worker=worker, options=options)
    assert report.copies
    shown = {p.id: p for p in report.pictures}
    mine, theirs = shown["copy/0/query"], shown["copy/0/copy"]
    assert (mine.time, theirs.time) == report.copies[0].frames
    both = [
        np.asarray(Image.open(io.BytesIO(p.data)).convert("L").resize((32, 24))).astype(int)
        for p in (mine, theirs)
    ]
    assert np.abs(both[0] - both[1]).mean() < 12
    with LedgerReader.open(tmp_path / "ledger.sqlite") as reader:
        entries = reader.entries(asset=report.copies[0].asset.sha256, type="custody")
    (accessed,) = [e.entry.payload for e in entries if e.entry.payload["event"] == "accessed"]
    assert accessed == {
        "event": "accessed",
        "sha256": report.copies[0].asset.sha256,
        "size": first.stat().st_size,
        "why": f"shown beside sha256:{report.asset.sha256} in a report",
    }


def test_a_long_film_is_shown_in_a_few_frames_from_first_to_last(
    tmp_path: Path, worker: Worker, ledger: Ledger
) -> None:
    source = tmp_path / "film.mp4"
    make(*pattern(30, rate="5"), *x264(), source)
    options = Options(limits=LIMITS, with_pictures=True)
    report = check(source, ledger=ledger, worker=worker, options=options)
    frames = [p for p in report.pictures if p.id.startswith("frame/")]
    assert len(frames) == gallery.FRAMES
    assert frames[0].time == 0
    assert frames[-1].time is not None
    assert frames[-1].time >= Fraction(28)


def test_a_picture_that_is_gone_is_left_out(tmp_path: Path, worker: Worker, ledger: Ledger) -> None:
    source = tmp_path / "picture.jpg"
    source.write_bytes(coded(picture(), "JPEG"))
    report = check(source, ledger=ledger, worker=worker, options=Options(limits=LIMITS))
    reading = Reader(tmp_path, worker).read(source)
    made = gallery.pictures(report, reading.prepared, reading.folder, worker, {}, LIMITS)
    assert [p.id for p in made] == ["frame/0"], "the exhibits of the other folder are not there"


def test_no_picture_is_made_where_the_worker_cannot(
    tmp_path: Path, worker: Worker, ledger: Ledger
) -> None:
    source = tmp_path / "picture.jpg"
    source.write_bytes(coded(picture(), "JPEG"))
    report = check(source, ledger=ledger, worker=worker, options=Options(limits=LIMITS))
    reading = Reader(tmp_path, worker).read(source)
    (reading.folder / "prepared.json").write_text('{"kind": "image"')
    assert gallery.pictures(report, reading.prepared, reading.folder, worker, {}, LIMITS) == ()
