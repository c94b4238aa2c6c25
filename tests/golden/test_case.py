"""The case that this project began with, in two acts, as people and programs get it.

Act one: a claim, a map and a video as released. Act two: the archive learns of earlier footage of the same.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from rich.console import Console

from db.ledger import SqlLedger
from forensics.archive import register
from forensics.cases import entries
from forensics.cases.acts import Offering, take_claim
from forensics.cases.adding import add_note
from forensics.cases.settling import settle
from forensics.checking import check_for
from forensics.claims.claimfile import read_claim
from forensics.language import LANGUAGES
from forensics.media.capabilities import available, this_tool
from forensics.media.worker import Worker
from forensics.model import (
    Appearance,
    Case,
    CaseReport,
    Diagnostic,
    Head,
    Pillar,
    Status,
    Support,
    Verifiability,
)
from forensics.pipeline import Options
from forensics.rechecking import Means, Rechecked, recheck
from forensics.report.casedocument import case_document
from forensics.report.casepage import render_case_html
from forensics.report.cases import show_case
from forensics.report.document import schema
from forensics.report.markdown import render_markdown
from tests.golden.repeatable import Chance, noon

SAMPLES = Path(__file__).parents[2] / "samples"
GOLDEN = Path(__file__).parent
CASE, BY = "valdai", "City desk"
MAP, VIDEO, EARLIER = "released-map.png", "released-drone-video.mp4", "earlier-footage.mp4"
HEAD = Head(ledger="ledger.sqlite", origin="desk/golden", vkey="", size=0, root="", checkpoint="")
Golden = Callable[[Path, bytes], None]


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """A worker that finds no tesseract, so that the case is the same where it is installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "/nonexistent")
        available.cache_clear()
        with Worker(Options().limits) as running:
            yield running
    available.cache_clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """The case after each act, and what the recheck between them told."""

    one: Case
    two: Case
    rechecked: Rechecked


def first_act(ledger: SqlLedger, worker: Worker) -> Case:
    case, number = take_claim(ledger, CASE, read_claim(SAMPLES / "claim.toml"), by=BY)
    offering = Offering(
        case=case,
        claims=(number,),
        released_at="2025-12-31T09:00:00Z",
        url="https://ministry.example/releases/1",
        publisher="Ministry of Defence",
        by=BY,
    )
    for name in (MAP, VIDEO):
        check_for(
            SAMPLES / name, offering, ledger=ledger, worker=worker, options=Options(), clock=noon
        )
    add_note(
        ledger,
        case,
        pillar=Pillar.SOURCE,
        diagnostic=Diagnostic.NO,
        text="The type that the video shows can be built from parts that are sold everywhere.",
        reason="Whoever built it, it would look the same.",
        by=BY,
        asset=None,
    )
    return settle(ledger, case).case


def second_act(ledger: SqlLedger, worker: Worker) -> tuple[Case, Rechecked]:
    register(
        SAMPLES / EARLIER,
        Appearance(
            what="published",
            at="2025-02-14T10:00:00Z",
            url="https://archive.example/2025/02/14",
            publisher="Regional archive",
            by=BY,
        ),
        ledger=ledger,
        worker=worker,
        limits=Options().limits,
        keep=True,
    )
    told = recheck(CASE, ledger, Means(worker=worker, limits=Options().limits, files={}))
    return settle(ledger, CASE).case, told


@pytest.fixture(scope="module")
def acts(tmp_path_factory: pytest.TempPathFactory, worker: Worker) -> Acts:
    path = tmp_path_factory.mktemp("case") / "ledger.sqlite"
    with SqlLedger.open(path, origin="desk/golden", clock=noon, entropy=Chance()) as ledger:
        one = first_act(ledger, worker)
        two, told = second_act(ledger, worker)
    return Acts(one=one, two=two, rechecked=told)


def report(case: Case) -> CaseReport:
    return CaseReport(
        tool=replace(this_tool(), decoder="replaced", libraries={}), case=case, head=HEAD
    )


def as_text(case: Case) -> bytes:
    out = io.StringIO()
    show_case(case, HEAD, Console(file=out, width=80, no_color=True, highlight=False))
    return out.getvalue().encode()


def as_json(case: Case) -> bytes:
    whole: dict[str, Any] = case_document(report(case))
    registry = Registry().with_resource("urn:forensics:report:1", Resource.from_contents(schema()))
    Draft202012Validator(schema("case-1"), registry=registry).validate(whole)
    whole["tool"] = "replaced"
    return (json.dumps(whole, indent=1, ensure_ascii=False) + "\n").encode()


@pytest.mark.parametrize("act", ["one", "two"])
def test_an_act_in_every_format(act: str, acts: Acts, golden: Golden) -> None:
    case: Case = getattr(acts, act)
    golden(GOLDEN / f"case-act-{act}.txt", as_text(case))
    golden(GOLDEN / f"case-act-{act}.json", as_json(case))
    golden(GOLDEN / f"case-act-{act}.md", render_markdown(report(case)).encode())


@pytest.mark.parametrize("language", list(LANGUAGES)[1:])
def test_both_acts_are_told_whole_in_every_language(language: str, acts: Acts) -> None:
    for case in (acts.one, acts.two):
        page = render_case_html(report(case), language)
        assert not re.findall(r'<(?:span|bdi) lang="en">([^<]*)', page)
        assert HEADLINES[language] in page


HEADLINES = {
    "uk": "За цим матеріалом перевірити неможливо",
    "ru": "По этому материалу проверить невозможно",
    "de": "Anhand dieses Materials nicht überprüfbar",
    "fr": "Non vérifiable à partir de ces éléments",
}


def test_act_one_is_not_verifiable_and_says_what_would_settle_it(acts: Acts) -> None:
    standing = acts.one.verdicts[-1].verdict
    assert standing.verifiability is Verifiability.NOT_VERIFIABLE
    assert [asset.support for asset in standing.assets] == [Support.OPEN, Support.OPEN]
    assert all(p.status is not Status.CONTRADICTED for p in standing.pillars)
    source = next(p for p in standing.pillars if p.pillar is Pillar.SOURCE)
    assert source.status is Status.UNDETERMINED
    assert "case-either-way-on-source" in {reason.rule for reason in source.reasons}
    assert standing.would_settle_it


def test_act_two_takes_the_video_away_and_says_nothing_of_the_event(acts: Acts) -> None:
    before, after = acts.one.verdicts[-1], acts.two.verdicts[-1]
    assert after.supersedes is not None
    assert before.verdict.verifiability is after.verdict.verifiability
    support = {lent.asset: lent.support for lent in after.verdict.assets}
    video = next(one for one in acts.two.assets if one.asset.name == VIDEO)
    assert support[video.asset.sha256] is Support.REMOVED
    assert sorted(support.values()) == [Support.OPEN, Support.REMOVED]
    standing = [one for one in video.verdicts if one.claim == 1][-1]
    assert standing.why == entries.RECHECKED
    date = next(p for p in standing.verdict.pillars if p.pillar is Pillar.DATE)
    assert date.status is Status.CONTRADICTED
    assert standing.changes
    assert acts.rechecked.changed


def test_nothing_is_written_where_nothing_is_new(tmp_path: Path, worker: Worker) -> None:
    with SqlLedger.open(tmp_path / "l.sqlite", origin="desk/golden", clock=noon) as ledger:
        first_act(ledger, worker)
        size = ledger.size()
        assert settle(ledger, CASE).receipts == ()
        assert ledger.size() == size


@pytest.mark.parametrize("language", ["en", "uk", "ru", "de", "fr"])
def test_the_page_is_the_same_each_time_and_holds_no_script(acts: Acts, language: str) -> None:
    page = render_case_html(report(acts.two), language)
    assert page == render_case_html(report(acts.two), language)
    assert "<script" not in page
    assert f'<html lang="{language}">' in page
    assert "http-equiv" in page


def test_each_sentence_of_what_is_known_names_an_entry_that_exists(acts: Acts) -> None:
    from forensics.report.casefacts import views

    known = [one for view in views(acts.two) for one in view.known]
    assert known
    entries_ = {r.entry for asset in acts.two.assets for r in asset.outcomes}
    entries_ |= {r.entry for r in acts.two.outcomes}
    assert {one.entry for one in known} <= entries_
