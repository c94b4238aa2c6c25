"""The report of every sample, whole, as a person and as a program get it.

Time and chance are fixed, so the reports repeat byte for byte. Only what names the installed versions, and
with it the ledger's root, differs between environments: it is replaced.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from db.ledger import SqlLedger
from forensics.cases.acts import Offering, take_claim
from forensics.checking import check_for
from forensics.claims.claimfile import read_claim
from forensics.language import LANGUAGES
from forensics.media.capabilities import available
from forensics.media.worker import Worker
from forensics.model import Pillar, Relation, Report, Verifiability
from forensics.pipeline import Options, check
from forensics.report.document import document, schema
from forensics.report.html import render_html
from forensics.report.text import render_text
from tests.golden.repeatable import Chance, noon

SAMPLES = Path(__file__).parents[2] / "samples"
PATH = os.environ["PATH"]
GOLDEN = Path(__file__).parent
NAMES = (
    "clean-still.jpg",
    "earlier-footage.mp4",
    "edited-still.jpg",
    "released-drone-video-reupload.mp4",
    "released-map.pdf",
    "released-map.png",
    "screenshot.png",
)
RELEASED = "released-drone-video.mp4"
Golden = Callable[[Path, bytes], None]


def in_folder(folder: Path) -> SqlLedger:
    """A folder's ledger, made where there is none."""
    path = folder / "ledger.sqlite"
    return SqlLedger.open(path, origin="desk/golden", clock=noon, entropy=Chance())


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    with in_folder(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """A worker that finds no tesseract, so that reports are the same where it is installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "/nonexistent")
        available.cache_clear()
        with Worker(Options().limits) as running:
            yield running
    available.cache_clear()


@pytest.fixture
def reader() -> Iterator[Worker]:
    """A worker that has all that this machine has, also beside one that finds no tesseract."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", PATH)
        available.cache_clear()
        with Worker(Options().limits) as running:
            yield running
    available.cache_clear()


def made(name: str, ledger: SqlLedger, worker: Worker, *, claimed: bool = False) -> Report:
    options = Options(keep=False)
    if not claimed:
        return check(SAMPLES / name, ledger=ledger, worker=worker, options=options, clock=noon)
    claim = read_claim(SAMPLES / "claim.toml")
    case, number = take_claim(ledger, None, claim, by="City desk")
    offering = Offering(case=case, claims=(number,), released_at=claim.released_at, by="City desk")
    return check_for(
        SAMPLES / name, offering, ledger=ledger, worker=worker, options=options, clock=noon
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """The report of the released video, and the folder of the ledger that met nothing else."""

    report: Report
    folder: Path


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, worker: Worker) -> Released:
    folder = tmp_path_factory.mktemp("released")
    with in_folder(folder) as ledger:
        return Released(report=made(RELEASED, ledger, worker), folder=folder)


@pytest.fixture
def afterwards(released: Released, tmp_path: Path) -> Iterator[SqlLedger]:
    """A ledger of the test's own that met the released video before."""
    shutil.copytree(released.folder, tmp_path, dirs_exist_ok=True)
    with in_folder(tmp_path) as opened:
        yield opened


def as_json(report: Report) -> bytes:
    whole: dict[str, Any] = document(report)
    Draft202012Validator(schema()).validate(whole)
    whole["tool"] = "replaced"
    whole["ledger"] = {
        **whole["ledger"],
        "path": "replaced",
        "root": "replaced",
        "checkpoint": "replaced",
    }
    return (json.dumps(whole, indent=1, ensure_ascii=False) + "\n").encode()


def as_text(report: Report) -> bytes:
    out = io.StringIO()
    render_text(report, Console(file=out, width=80, no_color=True, highlight=False))
    body, record = out.getvalue().split("\nRecord\n")
    assert "Checkpoint" in record
    return body.encode()


def check_every_language(report: Report) -> None:
    """No sentence of the report is left in English, in any of the languages."""
    for language in list(LANGUAGES)[1:]:
        page = render_html(report, language)
        assert not re.findall(r'<(?:span|bdi) lang="en">([^<]*)', page), language


@pytest.mark.parametrize("name", NAMES)
def test_the_report_of_a_sample(
    name: str, ledger: SqlLedger, worker: Worker, golden: Golden
) -> None:
    report = made(name, ledger, worker)
    golden(GOLDEN / f"{name}.json", as_json(report))
    golden(GOLDEN / f"{name}.txt", as_text(report))
    check_every_language(report)


@pytest.mark.interop
def test_the_released_map_is_read_where_tesseract_is(ledger: SqlLedger, reader: Worker) -> None:
    """Versions of tesseract read small things otherwise: what is held is what any of them should find."""
    report = made("released-map.png", ledger, reader)
    (outcome,) = (o for o in report.outcomes if o.analysis == "map-graphic")
    assert outcome.status == "ran"
    found = {finding.id: finding for finding in outcome.findings}
    said = {m.key: m.value for m in found["placed"].measurements}
    assert said["projection"] == "Mercator"
    assert int(said["fitting"]) >= 20
    assert float(said["residual"]) < 3
    assert any("49" in f.statement and f.id == "statement-holds" for f in outcome.findings)
    assert "2025-12-29" in found["states-date"].statement
    assert {e.id for f in outcome.findings for e in f.exhibits} == {"graphic-read", "base-map"}
    reasons = {p.pillar: [r.rule for r in p.reasons] for p in report.verdict.pillars}
    assert "map-date-is-own-word" in reasons[Pillar.DATE]
    assert "map-place-is-own-word" in reasons[Pillar.LOCATION]
    assert report.verdict.verifiability is Verifiability.NOT_VERIFIABLE


def test_the_report_of_the_released_video(released: Released, golden: Golden) -> None:
    golden(GOLDEN / f"{RELEASED}.json", as_json(released.report))
    golden(GOLDEN / f"{RELEASED}.txt", as_text(released.report))
    check_every_language(released.report)


def test_the_case_with_its_claim(ledger: SqlLedger, worker: Worker, golden: Golden) -> None:
    """The drone video as it was released, against the claim that it is offered for."""
    report = made(RELEASED, ledger, worker, claimed=True)
    assert report.verdict.verifiability is Verifiability.NOT_VERIFIABLE
    golden(GOLDEN / "case-with-claim.json", as_json(report))
    golden(GOLDEN / "case-with-claim.txt", as_text(report))
    check_every_language(report)


def test_a_reupload_is_found_as_a_copy(
    afterwards: SqlLedger, worker: Worker, golden: Golden
) -> None:
    report = made("released-drone-video-reupload.mp4", afterwards, worker)
    assert [copy.relation for copy in report.copies] == [Relation.COPY, Relation.SAME_SOUND]
    assert {copy.asset.name for copy in report.copies} == {RELEASED}
    golden(GOLDEN / "reupload-after-release.txt", as_text(report))
    check_every_language(report)


def test_the_same_file_again_gives_the_same_outcomes_and_is_no_copy_of_itself(
    released: Released, afterwards: SqlLedger, worker: Worker
) -> None:
    again = made(RELEASED, afterwards, worker)
    assert again.outcomes == released.report.outcomes
    assert again.verdict == released.report.verdict
    assert not again.copies


def test_two_ledgers_with_the_same_time_and_chance_are_byte_for_byte_the_same_log(
    tmp_path: Path, worker: Worker
) -> None:
    roots = set()
    for number in range(2):
        path = tmp_path / f"{number}.sqlite"
        with SqlLedger.open(path, origin="desk/golden", clock=noon, entropy=Chance()) as ledger:
            roots.add(made("screenshot.png", ledger, worker).receipt.root)
    assert len(roots) == 1
