"""What is told of a map as a page, whose text needs no reader of lettering."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from forensics import registry
from forensics.analyses.map_graphic import MapGraphic
from forensics.context import ScratchContext
from forensics.errors import MissingCapability, NotFitting
from forensics.media import tesseract
from forensics.media.limits import Limits
from forensics.media.worker import Worker
from forensics.model import Asset, Diagnostic, Direction, Finding, MediaKind, NotApplicable, NotRun
from forensics.readings import Reading, read
from forensics.running import held_to_contract

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "/nonexistent")  # no tesseract, whatever this machine has
        with Worker(Limits()) as running:
            yield running


@pytest.fixture(scope="module")
def page(worker: Worker) -> Iterator[Reading]:
    with read(SAMPLES / "released-map.pdf", worker=worker, limits=Limits()) as reading:
        yield reading


@pytest.fixture(scope="module")
def findings(page: Reading) -> list[Finding]:
    analysis = MapGraphic()
    context = ScratchContext(page.asset, page.folder, name=analysis.name, seconds=600)
    found = list(held_to_contract(analysis, analysis.run(page.asset, context)))
    for finding in found:
        for exhibit in finding.exhibits:
            assert (context.scratch / exhibit.path).read_bytes().startswith(b"\x89PNG")
    return found


def of(findings: list[Finding], id: str) -> list[Finding]:
    return [finding for finding in findings if finding.id == id]


def test_it_is_placed_and_the_misplaced_town_is_named(findings: list[Finding]) -> None:
    (placed,) = of(findings, "placed")
    said = {m.key: m.value for m in placed.measurements}
    assert (said["fitting"], said["labels"], said["projection"]) == (18, 19, "Mercator")
    assert float(said["residual"]) < 3
    assert said["chance"] == "fewer than 0.000001"
    (off,) = of(findings, "labels-do-not-fit")
    assert [m.value for m in off.measurements] == ["Tula"]


def test_tracks_are_measured(findings: list[Finding]) -> None:
    lengths = [
        float(m.value) for f in of(findings, "track") for m in f.measurements if m.key == "length"
    ]
    assert len(lengths) == 3
    assert all(640 < length < 790 for length in lengths)
    assert "from Ukraine into Russia" in of(findings, "track")[0].statement


def test_a_sum_that_does_not_add_up_is_told_with_its_innocent_reasons(
    findings: list[Finding],
) -> None:
    (wrong,) = of(findings, "statement-does-not-hold")
    assert "49 + 1 + 42 is 92" in wrong.statement
    assert "misread, or is drawn schematically, or is wrong" in wrong.statement


def test_what_it_states_and_where_it_comes_from(findings: list[Finding]) -> None:
    (dates,) = of(findings, "states-date")
    assert [m.value for m in dates.measurements] == ["2025-12-28", "2025-12-29"]
    (traces,) = of(findings, "traces")
    assert "Fonts that the file names: Helvetica." in traces.statement
    assert "Sirin Mapmaker 3" in traces.statement


def test_nothing_of_it_moves_a_verdict(findings: list[Finding]) -> None:
    for finding in findings:
        assert finding.question is None
        assert finding.direction is Direction.NEUTRAL
        assert finding.diagnostic in {Diagnostic.NO, Diagnostic.UNKNOWN}
        assert sum("drawing by its author" in caveat.text for caveat in finding.caveats) == 1


def test_what_may_be_a_map_is_not_run_where_nothing_reads_its_lettering(
    monkeypatch: pytest.MonkeyPatch, worker: Worker
) -> None:
    monkeypatch.setattr(tesseract, "version", lambda: None)
    with read(SAMPLES / "released-map.png", worker=worker, limits=Limits()) as reading:
        context = ScratchContext(reading.asset, reading.folder, name="map-graphic", seconds=60)
        with pytest.raises(MissingCapability, match="to read what may be a map"):
            list(MapGraphic().run(reading.asset, context))


def test_a_still_is_no_map_and_sound_is_none_of_its_business(worker: Worker) -> None:
    with read(SAMPLES / "clean-still.jpg", worker=worker, limits=Limits()) as reading:
        context = ScratchContext(reading.asset, reading.folder, name="map-graphic", seconds=60)
        with pytest.raises(NotFitting, match="no map graphic as far as could be told"):
            list(MapGraphic().run(reading.asset, context))
    assert MediaKind.AUDIO not in MapGraphic.applies_to


def test_a_capability_that_one_asset_needs_makes_it_not_run() -> None:
    class Without:
        def call(self, task: str, **arguments: object) -> object:
            raise MissingCapability("tesseract: not found here.")

    asset = Asset(
        sha256="0" * 64, size=1, kind=MediaKind.IMAGE, mime="image/png", name="x", probe=None
    )
    outcome = registry.examine(MapGraphic(), asset, Path(), Without(), {})
    assert outcome.result == NotRun(needs="tesseract: not found here.")
    sound = registry.examine(
        MapGraphic(), replace(asset, kind=MediaKind.AUDIO), Path(), Without(), {}
    )
    assert isinstance(sound.result, NotApplicable)
