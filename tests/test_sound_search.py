"""Sound, end to end: ffmpeg's files, the worker, a ledger on disk, the search, another desk, the reports."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.console import Console

from db.exporting import Wanted, export
from db.importing import import_bundle
from db.ledger import SqlLedger
from db.reading import Reader
from db.searching import SearchReader
from db.verifying import verify
from forensics import pipeline
from forensics.archive import register
from forensics.errors import MediaError
from forensics.media.limits import Limits
from forensics.media.worker import Worker
from forensics.model import Direction, Pillar, Relation, Report, SearchReport
from forensics.pipeline import Options, check
from forensics.report.document import document, schema
from forensics.report.html import render_html
from forensics.report.text import render_search, render_text
from forensics.signatures.signed import Heard
from tests.media.making import make, pattern, x264
from tests.signatures.tunes import Sound, plain, tune

SECONDS = 14
LIMITS = Limits()


def wave(path: Path, sound: Sound) -> tuple[object, ...]:
    """A sound as an ffmpeg input."""
    sound.astype("<f4").tofile(path)
    return ("-f", "f32le", "-ar", 8000, "-ac", 1, "-i", path)


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    one = wave(folder / "one.f32", tune(1, SECONDS))
    two = wave(folder / "two.f32", tune(2, SECONDS))
    aac = ("-c:a", "aac", "-b:a", "48k", "-ar", "44100")
    film = ("-map", "0:v", "-map", "1:a", *x264())
    make(*pattern(SECONDS), *one, *film, *aac, folder / "film.mp4")
    make(*two, *aac, folder / "recording.m4a")
    make(
        *wave(folder / "3.f32", plain("silence", SECONDS)), "-c:a", "flac", folder / "silence.flac"
    )
    make(*one, "-filter:a", "atempo=1.25", "-c:a", "libmp3lame", "-b:a", "32k", folder / "fast.mp3")
    make(
        *("-f", "lavfi", "-i", "mandelbrot=size=160x90:rate=25"), *two, *film, "-t", SECONDS,
        "-c:a", "libopus", "-b:a", "24k", folder / "overlaid.mkv",
    )  # fmt: skip
    make(
        *wave(folder / "4.f32", plain("silence", SECONDS + 3)), "-c:a", "libmp3lame",
        folder / "longer-silence.mp3",
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker(LIMITS) as opened:
        yield opened


@pytest.fixture(scope="module")
def registered(media: Path, worker: Worker, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    with SqlLedger.open(folder / "case.sqlite", origin="desk.example/a") as ledger:
        for name in ("film.mp4", "recording.m4a", "silence.flac"):
            done = register(
                media / name, None, ledger=ledger, worker=worker, limits=LIMITS, keep=False
            )
            assert done.unsigned == ""
    return folder


@pytest.fixture
def archive(registered: Path, tmp_path: Path) -> Iterator[SqlLedger]:
    """A ledger of its own for each test, in which the three files are registered."""
    folder = shutil.copytree(registered, tmp_path / "desk")
    with SqlLedger.open(folder / "case.sqlite", create=False) as opened:
        yield opened


def searched(path: Path, worker: Worker, place: Path) -> SearchReport:
    with SearchReader.open(place) as index:
        return pipeline.search(path, index=index, worker=worker, limits=LIMITS)


def found(report: SearchReport | Report) -> list[tuple[Relation, str]]:
    return [(copy.relation, copy.asset.name) for copy in report.copies]


def payloads(place: Path) -> list[dict[str, Any]]:
    with Reader.open(place) as reader:
        every = [dict(stored.entry.payload) for stored in reader.entries(type="signatures")]
    return [payload for payload in every if payload["scheme"] == "sound/1"]


def test_registering_records_the_sound_and_verifies(archive: SqlLedger) -> None:
    recorded = payloads(archive.path)
    assert len(recorded) == 3
    assert set(recorded[0]) == {"scheme", "step", "seconds", "codes", "plain"}
    assert recorded[0]["step"] == "1/8"
    assert len(json.dumps(recorded[0])) < 50 * SECONDS + 300, "bounded by the length of the sound"
    assert verify(archive.path).problems == ()


def test_sped_up_sound_of_a_film_is_found_in_a_file_of_sound(
    archive: SqlLedger, media: Path, worker: Worker
) -> None:
    report = searched(media / "fast.mp3", worker, archive.path)
    assert found(report) == [(Relation.SAME_SOUND, "film.mp4")]
    (copy,) = report.copies
    assert copy.transform == "played at about 1.25 times the speed"
    (span,) = copy.spans
    assert float(span.query.end) == pytest.approx(SECONDS / 1.25, abs=0.6)
    assert float(span.copy.end) == pytest.approx(SECONDS, abs=0.6)
    (finding,) = report.outcome.findings
    assert (finding.id, finding.direction) == ("same-sound", Direction.SUPPORTS_H1)
    assert report.searched is not None
    assert report.searched.sounds == 3


def test_a_recording_is_found_under_other_pictures_and_says_nothing_of_them(
    archive: SqlLedger, media: Path, worker: Worker
) -> None:
    report = searched(media / "overlaid.mkv", worker, archive.path)
    assert found(report) == [(Relation.SAME_SOUND, "recording.m4a")]
    assert report.copies[0].transform == "at most cut or re-encoded"
    (finding,) = [f for f in report.outcome.findings if f.id == "same-sound"]
    assert finding.direction is Direction.NEUTRAL


def test_silence_never_matches(archive: SqlLedger, media: Path, worker: Worker) -> None:
    report = searched(media / "longer-silence.mp3", worker, archive.path)
    assert found(report) == []
    assert [f.id for f in report.outcome.findings] == ["nothing-searchable"]
    assert report.searched is not None
    assert report.searched.listened == 0


def test_a_rebuild_changes_no_answer(archive: SqlLedger, media: Path, worker: Worker) -> None:
    before = searched(media / "fast.mp3", worker, archive.path)
    archive.rebuild()
    assert searched(media / "fast.mp3", worker, archive.path) == before


def test_another_desk_finds_what_was_heard_here(
    archive: SqlLedger, media: Path, worker: Worker, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle.zip"
    export(archive, bundle, Wanted())
    with SqlLedger.open(tmp_path / "other.sqlite", origin="other.example/b") as other:
        import_bundle(other, bundle, vkey=archive.vkey)
        report = searched(media / "fast.mp3", worker, other.path)
    (copy,) = report.copies
    assert copy.relation is Relation.SAME_SOUND
    assert "desk.example/a" in {seen.by for seen in copy.asset.appearances}


def test_a_check_records_the_sound_and_every_report_shows_where_it_agrees(
    archive: SqlLedger, media: Path, worker: Worker
) -> None:
    report = check(
        media / "overlaid.mkv", ledger=archive, worker=worker, options=Options(keep=False)
    )
    assert found(report) == [(Relation.SAME_SOUND, "recording.m4a")]
    assert not report.adverse, "other pictures under a known sound are not known pictures"
    assert len(payloads(archive.path)) == 4
    made = document(report)
    jsonschema.Draft202012Validator(schema()).validate(made)
    assert made["copies"][0]["relation"] == "same-sound"
    assert made["copies"][0]["distance"] is None, "no codes of pictures were compared"
    with Reader.open(archive.path) as reader:
        (entry,) = [stored.entry for stored in reader.entries(type="search")]
    assert entry.payload["copies"][0]["distance"] is None
    assert made["searched"]["schemes"][-1] == "sound/1"
    assert made["searched"]["sounds"] == 3
    shown = render_html(report)
    assert "Where both sound the same" in shown
    console = Console(record=True, width=100, file=io.StringIO())
    render_text(report, console)
    assert "recording.m4a: the same sound" in console.export_text()


def test_a_file_of_sound_that_was_met_earlier_is_adverse(
    archive: SqlLedger, media: Path, worker: Worker
) -> None:
    report = check(media / "fast.mp3", ledger=archive, worker=worker, options=Options(keep=False))
    assert report.adverse
    (provenance,) = [p for p in report.verdict.pillars if p.pillar is Pillar.PROVENANCE]
    assert "earlier-copy" in {reason.rule for reason in provenance.reasons}


SMALL = Limits(pixels=100)
"""Fewer pixels than the pictures of the films have."""


def test_the_sound_is_searched_for_where_the_pictures_cannot_be_decoded(
    archive: SqlLedger, media: Path, worker: Worker
) -> None:
    report = check(
        media / "overlaid.mkv",
        ledger=archive,
        worker=worker,
        options=Options(limits=SMALL, keep=False),
    )
    assert found(report) == [(Relation.SAME_SOUND, "recording.m4a")]
    assert report.searched is not None
    (note,) = report.searched.notes
    assert note.startswith("The pictures could not be searched for: ")
    (searched,) = [o for o in report.outcomes if o.analysis == "earlier-copies"]
    assert [f.id for f in searched.findings] == [
        "same-sound", "nothing-searchable", "search-incomplete",
    ]  # fmt: skip
    assert searched.findings[1].statement.startswith(
        "No picture of this asset could be searched for: beyond equal coded streams and the same sound,"
    )
    assert len(payloads(archive.path)) == 4, "its sound is recorded"


def test_pictures_that_cannot_be_decoded_and_unknown_sound_are_a_search_that_failed(
    archive: SqlLedger, media: Path, worker: Worker, tmp_path: Path
) -> None:
    unknown = wave(tmp_path / "unknown.f32", tune(9, SECONDS))
    film = ("-map", "0:v", "-map", "1:a", *x264(), "-c:a", "aac")
    make(*pattern(SECONDS, size="320x180"), *unknown, *film, tmp_path / "unknown.mp4")
    report = check(
        tmp_path / "unknown.mp4",
        ledger=archive,
        worker=worker,
        options=Options(limits=SMALL, keep=False),
    )
    (searched,) = [o for o in report.outcomes if o.analysis == "earlier-copies"]
    assert searched.status == "failed"
    assert searched.why is not None
    assert searched.why.startswith("The pictures could not be searched for: ")
    assert "No copy was found by its sound" in searched.why
    assert report.searched is None
    assert len(payloads(archive.path)) == 4, "its sound is recorded"


def test_sound_that_cannot_be_heard_leaves_the_pictures_searched(
    archive: SqlLedger, media: Path, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Heard:
        raise MediaError("The container cannot be read.")

    monkeypatch.setattr("forensics.seeking.hear", refuse)
    report = searched(media / "film.mp4", worker, archive.path)
    assert report.searched is not None
    assert report.searched.queries > 0
    (note,) = report.searched.notes
    assert note.startswith("The sound could not be heard")
    assert [f.statement for f in report.outcome.findings if f.id == "search-incomplete"] == [note]
    console = Console(record=True, width=100, file=io.StringIO())
    render_search(report, console)
    assert "Note: The sound could not be heard" in console.export_text()
