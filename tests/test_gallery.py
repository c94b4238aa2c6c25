"""The pictures that a report shows, from a check that really ran."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from db.ledger import SqlLedger
from db.reading import Reader as LedgerReader
from forensics import gallery
from forensics.media.worker import Worker
from forensics.model import Ledger, Look, Picture, Report, Sha256
from forensics.pipeline import Options, check
from forensics.report.html import render_html
from tests.copies.pictures import scene
from tests.copies.thumbnails import NO_THUMBNAILS
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
    further = report.copies[0].more
    assert further
    assert report.copies[0].frames not in further
    for place, times in enumerate(further):
        pair = [shown[f"copy/0/more/{place}/{what}"] for what in ("query", "copy")]
        assert tuple(p.time for p in pair) == times
        page = render_html(report).encode()
        assert all(b64encode(p.data) in page for p in pair)
    laid = shown["copy/0/overlay"]
    assert (laid.time, laid.caption) == (mine.time, gallery.OVERLAY)
    assert (laid.width, laid.height) == (480, 360)
    with LedgerReader.open(tmp_path / "ledger.sqlite") as reader:
        entries = reader.entries(asset=report.copies[0].asset.sha256, type="custody")
    (accessed,) = [e.entry.payload for e in entries if e.entry.payload["event"] == "accessed"]
    assert accessed == {
        "event": "accessed",
        "sha256": report.copies[0].asset.sha256,
        "size": first.stat().st_size,
        "why": f"shown beside sha256:{report.asset.sha256} in a report",
    }


@pytest.fixture
def unkept(tmp_path: Path, worker: Worker, ledger: Ledger) -> Report:
    """The report of a copy whose original the ledger met and did not keep."""
    first, second = tmp_path / "first.jpg", tmp_path / "second.jpg"
    first.write_bytes(coded(Image.fromarray(scene(1)), "JPEG"))
    second.write_bytes(coded(Image.fromarray(scene(1)[20:270, 30:480]), "JPEG", quality=60))
    check(first, ledger=ledger, worker=worker, options=Options(limits=LIMITS, keep=False))
    options = Options(limits=LIMITS, with_pictures=True)
    return check(second, ledger=ledger, worker=worker, options=options)


def test_a_copy_whose_original_is_not_kept_is_shown_reduced(
    tmp_path: Path, unkept: Report, ledger: Ledger
) -> None:
    shown = {p.id: p for p in unkept.pictures}
    theirs = shown["copy/0/copy"]
    assert "its original is not kept here" in theirs.caption
    assert max(theirs.width, theirs.height) <= 160
    with Image.open(io.BytesIO(theirs.data)) as image:
        seen = np.asarray(image.convert("L")).astype(int)
        known = Image.fromarray(scene(1)).convert("L").resize(image.size, Image.Resampling.BOX)
    assert np.abs(seen - np.asarray(known)).mean() < 12
    laid = shown["copy/0/overlay"]
    with Image.open(io.BytesIO(laid.data)) as image:
        inner = np.asarray(image.convert("RGB"))[10:-10, 10:-10].astype(int)
    assert max(laid.width, laid.height) == 480
    assert np.abs(inner[..., 0] - inner[..., 1]).mean() < 20, "grey where both agree"
    with LedgerReader.open(tmp_path / "ledger.sqlite") as reader:
        entries = reader.entries(asset=unkept.copies[0].asset.sha256, type="custody")
    assert [e.entry.payload["event"] for e in entries] == ["not-kept"]


def test_a_reduced_picture_that_is_none_is_left_out_and_this_asset_is_still_shown(
    tmp_path: Path, unkept: Report, worker: Worker, ledger: SqlLedger
) -> None:
    reading = Reader(tmp_path, worker).read(tmp_path / "second.jpg")
    report = replace(unkept, outcomes=(), copies=unkept.copies[:1])
    ((name, (kept,)),) = gallery.kept_looks(report.copies, {}, ledger).items()

    def shown(looks: dict[Sha256, tuple[Look, ...]]) -> list[str]:
        made = gallery.pictures(report, reading.prepared, reading.folder, worker, {}, looks, LIMITS)
        return [picture.id for picture in made]

    mine = ["frame/0", "copy/0/query"]
    assert shown({name: (kept,)}) == [
        *mine,
        "copy/0/copy",
        "copy/0/overlay",
        "copy/0/laid",
    ]
    assert shown({}) == mine
    for defect, thumbnail in NO_THUMBNAILS.items():
        assert shown({name: (replace(kept, thumbnail=thumbnail),)}) == mine, defect


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
    made = gallery.pictures(report, reading.prepared, reading.folder, worker, {}, {}, LIMITS)
    assert [p.id for p in made] == ["frame/0"], "the exhibits of the other folder are not there"


def test_no_picture_is_made_where_the_worker_cannot(
    tmp_path: Path, worker: Worker, ledger: Ledger
) -> None:
    source = tmp_path / "picture.jpg"
    source.write_bytes(coded(picture(), "JPEG"))
    report = check(source, ledger=ledger, worker=worker, options=Options(limits=LIMITS))
    reading = Reader(tmp_path, worker).read(source)
    (reading.folder / "prepared.json").write_text('{"kind": "image"')
    assert gallery.pictures(report, reading.prepared, reading.folder, worker, {}, {}, LIMITS) == ()
