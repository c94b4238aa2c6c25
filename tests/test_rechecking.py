"""A case is looked at again: what the record learned since reopens verdicts, and nothing else is written."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from db.ledger import SqlLedger
from forensics import pipeline, record, registry
from forensics.cases import entries
from forensics.cases.judging import standing
from forensics.cases.reading import load
from forensics.cases.reevaluating import reevaluate
from forensics.cases.settling import settle
from forensics.cases.walking import explain_verdict, find_verdict
from forensics.errors import LedgerError, UsageError
from forensics.media.capabilities import available, this_tool
from forensics.media.limits import Limits
from forensics.media.worker import Worker
from forensics.model import (
    Appearance,
    Case,
    Claim,
    Diagnostic,
    Failed,
    NotRun,
    Outcome,
    Pillar,
    Ran,
    Sha256,
    Status,
    Support,
    Verifiability,
)
from forensics.rechecking import Means, by_digest, is_new, recheck
from forensics.verdict.explain import Explained
from forensics.verdict.explain_claim import ExplainedClaim
from forensics.verdict.ruleset import load as rules

SAMPLE = Path(__file__).parents[1] / "samples" / "clean-still.jpg"
CLAIM = Claim(
    statement="An attack took place.",
    by="Ministry",
    event_from="2025-12-28T18:00:00Z",
    event_to="2025-12-29T06:00:00Z",
)
PUBLISHED = Appearance(what="published", at="2025-02-10T12:00:00Z", by="archive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A ledger with the case "valdai", in which one picture is offered for one claim."""

    ledger: SqlLedger
    worker: Worker
    asset: Sha256
    home: Path

    def case(self) -> Case:
        return load(self.ledger, "valdai")

    def recheck(self, **files: Path):
        means = Means(worker=self.worker, limits=Limits(), files=by_digest(list(files.values())))
        return recheck("valdai", self.ledger, means)

    def date(self) -> Status:
        (asset,) = self.case().assets
        made = standing(asset, 1)
        assert made is not None
        return next(p.status for p in made.verdict.pillars if p.pillar is Pillar.DATE)

    def meet_earlier_copy(self) -> None:
        """The archive learns of the same picture, smaller, published months before the event."""
        smaller = self.home / "smaller.png"
        with Image.open(SAMPLE) as picture:
            picture.resize((picture.width // 2, picture.height // 2)).save(smaller)
        met = pipeline.check(
            smaller, ledger=self.ledger, worker=self.worker, options=pipeline.Options()
        )
        self.ledger.append([record.appeared(met.asset.sha256, PUBLISHED)])


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker(Limits()) as running:
        yield running


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory, worker: Worker) -> tuple[Path, Sha256]:
    """A folder with a ledger of the case; tests take a copy of it."""
    home = tmp_path_factory.mktemp("desk")
    with SqlLedger.open(home / "l.sqlite", origin="desk/case", clock=noon) as ledger:
        report = pipeline.check(SAMPLE, ledger=ledger, worker=worker, options=pipeline.Options())
        sha256 = report.asset.sha256
        ledger.append(
            [
                entries.opened("valdai", title="Alleged attack", by="desk"),
                entries.claimed("valdai", 1, CLAIM, by="desk"),
                entries.offered("valdai", sha256, by="desk"),
            ]
        )
        settle(ledger, "valdai")
    return home, sha256


def noon() -> datetime:
    return datetime(2026, 1, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def desk(checked: tuple[Path, Sha256], worker: Worker, tmp_path: Path) -> Iterator[Desk]:
    home, sha256 = checked
    shutil.copytree(home, tmp_path, dirs_exist_ok=True)
    with SqlLedger.open(tmp_path / "l.sqlite", clock=noon) as ledger:
        yield Desk(ledger=ledger, worker=worker, asset=sha256, home=tmp_path)


def test_where_nothing_is_new_only_the_look_is_recorded(desk: Desk) -> None:
    before = desk.case()
    made = desk.recheck()
    assert made.changed == ()
    assert made.missed == ()
    assert not made.adverse
    after = desk.case()
    assert after.verdicts == before.verdicts
    assert after.assets[0].verdicts == before.assets[0].verdicts
    last = desk.ledger.recorded(made.entries[-1])
    assert last is not None
    assert (last.type, last.payload["changed"]) == ("recheck", [])
    assert last.payload["since"] == before.size
    assert "analyses that were run: none is new" in last.payload["looked"][0]


def test_an_earlier_copy_reopens_the_verdict_and_leaves_the_claim_open(desk: Desk) -> None:
    before = desk.case()
    assert desk.date() is not Status.CONTRADICTED
    desk.meet_earlier_copy()
    made = desk.recheck()
    assert made.adverse
    assert desk.date() is Status.CONTRADICTED
    assert any("was not known before" in told and PUBLISHED.at in told for told in made.changed)
    assert any("is now contradicted" in told for told in made.changed)
    (asset,) = desk.case().assets
    stands = standing(asset, 1)
    earlier = standing(before.assets[0], 1)
    assert stands is not None
    assert earlier is not None
    assert (stands.supersedes, stands.why) == (earlier.entry, "recheck")
    assert set(stands.changes) <= {told.split(": ", 1)[1] for told in made.changed}
    alone = f"Asset {desk.asset[:12]}, judged outside cases: Date: was undetermined, is now contradicted."
    assert any(told.startswith(alone) for told in made.changed)
    claim = desk.case().verdicts[-1]
    assert claim.supersedes == before.verdicts[-1].entry
    assert claim.verdict.verifiability is Verifiability.NOT_VERIFIABLE
    assert claim.verdict.assets[0].support is Support.REMOVED
    assert claim.verdict.assets[0].verdict == stands.entry
    assert desk.recheck().changed == ()


def test_what_stands_and_what_stood_can_both_be_explained(desk: Desk) -> None:
    earlier = standing(desk.case().assets[0], 1)
    assert earlier is not None
    desk.meet_earlier_copy()
    desk.recheck()
    claim = explain_verdict(desk.ledger, find_verdict(desk.ledger, "valdai/1"))
    assert isinstance(claim, ExplainedClaim)
    assert claim.repeats
    ((lent, its_own),) = claim.assets
    assert lent.support is Support.REMOVED
    assert its_own is not None
    date = next(p for p in its_own.pillars if p.pillar is Pillar.DATE)
    (spoke,) = [rule for rule in date.spoke if rule.rule == "older-than-event"]
    assert spoke.decides
    entry = desk.ledger.recorded(spoke.evidence[0].entry)
    assert entry is not None
    assert entry.payload["analysis"] == "time-and-place"
    by_asset = find_verdict(desk.ledger, desk.asset[:12])  # outside cases it was judged later still
    assert by_asset.index == its_own.entry
    old = explain_verdict(desk.ledger, find_verdict(desk.ledger, str(earlier.entry)))
    assert isinstance(old, Explained)
    assert old.repeats
    assert old.verdict == earlier.verdict


def test_other_cases_with_the_same_asset_are_reopened_too(desk: Desk) -> None:
    desk.ledger.append(
        [
            entries.opened("other", title="Another", by="desk"),
            entries.claimed("other", 1, replace(CLAIM, statement="Another."), by="desk"),
            entries.offered("other", desk.asset, by="desk"),
        ]
    )
    settle(desk.ledger, "other")
    desk.meet_earlier_copy()
    made = desk.recheck()
    assert any(told.startswith("Case other: Asset") for told in made.changed)
    (asset,) = load(desk.ledger, "other").assets
    assert [v.why for v in asset.verdicts] == ["checked", "recheck"]


def test_an_analysis_that_failed_is_run_again(desk: Desk) -> None:
    failed = Outcome(
        analysis="metadata",
        version=next(a.version for a in registry.analyses() if a.name == "metadata"),
        examines=(Pillar.DATE,),
        result=Failed(error="It broke."),
    )
    draft = record.examination(f"sha256:{desk.asset}", failed, this_tool())
    desk.ledger.append([draft])
    settle(desk.ledger, "valdai")
    made = desk.recheck()
    assert f"Asset {desk.asset[:12]}: the analysis metadata ran; before, it failed." in made.changed
    assert "metadata" in made.looked[0]


def test_an_original_that_was_not_kept_is_asked_for_and_taken_when_given(desk: Desk) -> None:
    kept = desk.ledger.kept(desk.asset)
    assert kept is not None
    kept.chmod(0o600)
    kept.unlink()
    missed = desk.recheck()
    assert "was not kept here, and none was given with --file" in missed.missed[0]
    given = desk.recheck(one=SAMPLE)
    assert given.missed == ()
    assert "was searched for among" in given.looked[0]


def test_a_damaged_original_ends_the_look(desk: Desk) -> None:
    kept = desk.ledger.kept(desk.asset)
    assert kept is not None
    kept.chmod(0o600)
    shutil.copyfile(SAMPLE.parent / "edited-still.jpg", kept)
    with pytest.raises(LedgerError, match="is not what it was stored as"):
        desk.recheck()


def test_a_case_that_is_not_there_is_refused(desk: Desk) -> None:
    means = Means(worker=desk.worker, limits=Limits(), files={})
    with pytest.raises(UsageError, match="no case 'nowhere'"):
        recheck("nowhere", desk.ledger, means)


def test_what_is_new_is_a_version_a_failure_or_what_can_run_now() -> None:
    analysis = registry.analyses()[0]
    there = available()

    def on_record(result: Ran | Failed | NotRun, version: int = analysis.version) -> Outcome:
        return Outcome(analysis=analysis.name, version=version, examines=(), result=result)

    assert is_new(analysis, None, there)
    assert not is_new(analysis, on_record(Ran()), there)
    assert is_new(analysis, on_record(Ran(), analysis.version + 1), there)
    assert is_new(analysis, on_record(Failed(error="It broke.")), there)
    assert is_new(analysis, on_record(NotRun(needs="pdf")), there)
    needing = next(a for a in registry.analyses() if a.needs)
    lacking = Outcome(
        analysis=needing.name, version=needing.version, examines=(), result=NotRun(needs="it")
    )
    assert not is_new(needing, lacking, dict.fromkeys(there))


def test_a_ruleset_that_says_the_same_writes_nothing(desk: Desk) -> None:
    size = desk.ledger.size()
    made = reevaluate(desk.ledger, "valdai", rules(), this_tool())
    assert (made.entries, made.changed, desk.ledger.size()) == ((), (), size)


def test_rules_older_than_claims_are_refused_for_a_case_that_has_them(desk: Desk) -> None:
    size = desk.ledger.size()
    with pytest.raises(UsageError, match=r"valdai has claims: expected one .* Nothing was written"):
        reevaluate(desk.ledger, "valdai", rules("forensics-rules-1"), this_tool())
    assert desk.ledger.size() == size


def test_a_note_on_an_asset_reaches_the_claim_and_its_walk(desk: Desk) -> None:
    before = desk.case().verdicts[-1].verdict
    note = entries.noted(
        "valdai",
        asset=desk.asset,
        pillar=Pillar.SOURCE,
        diagnostic=Diagnostic.NO,
        text="The type is sold everywhere.",
        reason="",
        by="desk",
    )
    desk.ledger.append([note])
    settle(desk.ledger, "valdai")
    after = desk.case().verdicts[-1].verdict
    source = after.pillars[1]
    assert source.reasons[-1].rule == "case-either-way-on-source"
    assert [p.status for p in after.pillars] == [p.status for p in before.pillars]
    assert after.would_settle_it[0].startswith("what is shown, examined with its numbers")
    walked = explain_verdict(desk.ledger, find_verdict(desk.ledger, "valdai/1"))
    assert walked.repeats
    (spoke,) = [rule for rule in walked.pillars[1].spoke if rule.rule == source.reasons[-1].rule]
    (asset,) = desk.case().assets
    noted = [one.entry for one in asset.outcomes if one.outcome.analysis == "context"]
    assert [one.entry for one in spoke.evidence] == noted


def test_a_ruleset_that_says_otherwise_supersedes_with_what_changed(desk: Desk) -> None:
    other = rules()
    words = other.words[Pillar.DATE]
    changed = replace(
        other,
        id="forensics-rules-of-a-test",
        words={**other.words, Pillar.DATE: replace(words, unconfirmed_claim="its time")},
    )
    before = standing(desk.case().assets[0], 1)
    made = reevaluate(desk.ledger, "valdai", changed, this_tool())
    after = standing(desk.case().assets[0], 1)
    assert before is not None
    assert after is not None
    assert (after.supersedes, after.why) == (before.entry, "re-evaluated")
    assert after.verdict.ruleset == "forensics-rules-of-a-test"
    newer = f"Asset {desk.asset[:12]}: its support stays open; its own verdict is a newer one."
    assert made.changed == (
        *(
            f"Asset {desk.asset[:12]}, as evidence of claim valdai/1: {told}"
            for told in after.changes
        ),
        f"Claim valdai/1: {newer}",
    )
    assert "Could not be confirmed, which was not said before: its time." in after.changes
