"""The very same bytes, checked again: what is on record of where they appeared counts, and is shown."""

from __future__ import annotations

import io
from pathlib import Path

import jsonschema
import pytest
from PIL import Image
from rich.console import Console

from db.ledger import SqlLedger
from forensics.archive import register
from forensics.cases.acts import Offering, take_claim
from forensics.checking import check_for
from forensics.media.worker import Worker
from forensics.model import Appearance, Claim, Pillar, Report, Status
from forensics.pipeline import Options
from forensics.report.document import document, schema
from forensics.report.html import render_html
from forensics.report.text import render_text
from tests.copies.pictures import scene
from tests.media.making import coded
from tests.media.reading import LIMITS

CLAIM = Claim(statement="A fire.", by="A ministry", event_from="2025-12-28T18:00:00Z")
OLD = Appearance(
    what="published",
    at="2025-02-11T00:00:00Z",
    url="https://example.org/<b>old</b>",
    publisher="An agency",
    by="desk.example/a",
)


def checked(folder: Path, seen: Appearance | None) -> tuple[Report, Report]:
    """Registers a picture, checks the same file against a claim, and once more without one."""
    source = folder / "picture.png"
    source.write_bytes(coded(Image.fromarray(scene(6)), "PNG"))
    options = Options(limits=LIMITS, keep=False)
    with (
        Worker(LIMITS) as worker,
        SqlLedger.open(folder / "ledger.sqlite", origin="desk.example/a") as ledger,
    ):
        case, number = take_claim(ledger, None, CLAIM, by="City desk")
        offering = Offering(case=case, claims=(number,), by="City desk")
        new = check_for(source, offering, ledger=ledger, worker=worker, options=options)
        register(source, seen, ledger=ledger, worker=worker, limits=LIMITS, keep=False)
        return new, check_for(source, offering, ledger=ledger, worker=worker, options=options)


def dated(report: Report) -> Status:
    (date,) = [one.status for one in report.verdict.pillars if one.pillar is Pillar.DATE]
    return date


def test_an_earlier_appearance_of_the_same_file_contradicts_the_claim_and_is_shown(
    tmp_path: Path,
) -> None:
    new, again = checked(tmp_path, OLD)
    assert new.met is None
    assert dated(new) is not Status.CONTRADICTED
    assert dated(again) is Status.CONTRADICTED
    assert (new.adverse, again.adverse) == (False, True)
    assert again.met is not None
    assert [one.what for one in again.met.appearances] == ["published", "received"]
    made = document(again)
    jsonschema.Draft202012Validator(schema()).validate(made)
    assert (document(new)["met"], made["met"]["appearances"][0]["url"]) == (None, OLD.url)
    console = Console(record=True, width=100, file=io.StringIO())
    render_text(again, console)
    told = console.export_text()
    assert "This very file is known here\n  As picture.png. First seen here" in told
    assert "Published 2025-02-11 00:00 UTC by An agency at https://example.org/" in told
    page = render_html(again)
    assert "This very file is known here" in page
    assert "https://example.org/&lt;b&gt;old" in page
    assert "This very file" not in render_html(new)


@pytest.mark.parametrize("at", ["2025-12-30T00:00:00Z", None])
def test_one_after_the_event_contradicts_nothing(tmp_path: Path, at: str | None) -> None:
    seen = Appearance(what="published", at=at, by="desk.example/a") if at else None
    new, again = checked(tmp_path, seen)
    assert again.verdict.pillars == new.verdict.pillars
