"""What is recorded comes back as it was: outcomes, copies, verdicts, claims, and people's words."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics import record
from forensics.cases import entries, recorded
from forensics.cases.fields import REDACTED, Unreadable
from forensics.media.identify import Identity
from forensics.media.intake import Received
from forensics.model import (
    Asset,
    Claim,
    ClaimVerdict,
    Copy,
    Diagnostic,
    Draft,
    Finding,
    Outcome,
    Pillar,
    Place,
    Ran,
    Recorded,
    Relation,
    Searched,
    Seen,
    Sha256,
    Verdict,
    questions,
)
from tests.cases.drawn import (
    assets,
    claim_verdicts,
    claims,
    copies,
    optional,
    outcomes,
    searches,
    sentences,
    verdicts,
)
from tests.cases.made import AT, CLAIM, TOOL, asset, digest, entry, known

quick = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(outcome=outcomes, claim=optional(st.integers(1, 9)))
def test_an_outcome_comes_back(outcome: Outcome, claim: int | None) -> None:
    (plain_draft,) = record.examined(asset(1), [outcome], TOOL)
    assert recorded.outcome(entry(4, plain_draft)).outcome == outcome
    draft = entries.examined("valdai", outcome, TOOL, asset=digest(1), claim=claim)
    back = recorded.outcome(entry(5, draft))
    assert (back.entry, back.outcome, back.claim) == (5, outcome, claim)


@quick
@given(found=st.lists(copies, max_size=3).map(tuple), searched=searches)
def test_a_search_comes_back(found: tuple[Copy, ...], searched: Searched) -> None:
    (draft,) = record.sought(asset(1), found, searched)
    assert recorded.search(entry(1, draft), known) == (found, searched)


@quick
@given(given_asset=assets)
def test_an_asset_comes_back(given_asset: Asset) -> None:
    taken = Received(
        path=Path("x"),
        sha256=given_asset.sha256,
        blake2b="",
        size=1,
        name="x",
        identity=Identity(kind=given_asset.kind, mime="video/mp4", label="MP4"),
    )
    draft, _ = record.received(given_asset, taken, kept=True)
    assert recorded.asset(entry(1, draft)) == given_asset
    assert recorded.asset(entry(1, draft, without=["name"])).name == REDACTED


@quick
@given(verdict=verdicts, claim=optional(st.integers(1, 9)), changes=sentences)
def test_a_verdict_comes_back(
    verdict: Verdict, claim: int | None, changes: tuple[str, ...]
) -> None:
    draft = entries.judged(
        "valdai", digest(1), verdict, TOOL, claim=claim, why="recheck", changes=changes
    )
    back = recorded.verdict(entry(9, draft))
    assert (back.verdict, back.claim, back.why, back.changes) == (
        verdict,
        claim,
        "recheck",
        changes,
    )
    plain_draft = record.judged(asset(1), verdict, TOOL)
    older = recorded.verdict(entry(9, plain_draft))
    assert (older.verdict, older.claim, older.why, older.changes) == (verdict, None, "checked", ())


@quick
@given(verdict=claim_verdicts)
def test_a_verdict_on_a_claim_comes_back(verdict: ClaimVerdict) -> None:
    draft = entries.claim_judged("valdai", verdict, TOOL, supersedes=3, why="re-evaluated")
    back = recorded.claim_verdict(entry(9, draft))
    assert (back.verdict, back.supersedes, back.why) == (verdict, 3, "re-evaluated")


@quick
@given(claim=claims, number=st.integers(1, 99))
def test_a_claim_comes_back(claim: Claim, number: int) -> None:
    back = recorded.numbered(entry(2, entries.claimed("valdai", number, claim, by="desk")))
    assert (back.number, back.claim, back.stated.by) == (number, claim, "desk")


def test_what_people_say_comes_back_and_can_be_deleted() -> None:
    observed = entries.observed(
        "valdai",
        digest(1),
        Seen.SHADOW,
        {"height": "1.80", "height-error": "0.05"},
        time=Fraction(5, 2),
        words="measured on the pole",
        by="desk",
    )
    back = recorded.observation(entry(3, observed))
    assert back is not None
    assert (back.asset, back.kind, back.time) == (digest(1), Seen.SHADOW, Fraction(5, 2))
    assert (back.values["height"], back.words, back.stated.by) == (
        "1.80",
        "measured on the pole",
        "desk",
    )
    assert "pole" not in str(entry(3, observed).payload)
    gone = recorded.observation(entry(3, observed, without=["words", "by"]))
    assert gone is not None
    assert (gone.words, gone.stated.by) == (REDACTED, REDACTED)

    noted = entries.noted(
        "valdai",
        pillar=Pillar.SOURCE,
        diagnostic=Diagnostic.NO,
        text="The type is built from parts on sale.",
        reason="Anyone could build it.",
        by="desk",
    )
    note = recorded.note(entry(4, noted))
    assert (note.asset, note.pillar, note.diagnostic) == (None, Pillar.SOURCE, Diagnostic.NO)
    assert note.reason == "Anyone could build it."

    asked = entries.asked_elsewhere(
        digest(1), engine="TinEye", asked_at=AT, found=False, by="desk", crop="the wing"
    )
    search = recorded.outside(entry(5, asked))
    assert (search.found, search.engine, search.crop, search.url) == (
        False,
        "TinEye",
        "the wing",
        None,
    )

    offered = entries.offered("valdai", digest(1), claims=[1], released_at=AT, by="desk")
    offer = recorded.offer(entry(6, offered))
    assert (offer.claims, offer.released_at, offer.url) == ((1,), AT, None)


def test_words_that_were_never_said_are_not_taken_for_deleted() -> None:
    silent = entries.observed("valdai", digest(1), Seen.LIGHT, {"light": "night"}, by="desk")
    back = recorded.observation(entry(3, silent))
    assert back is not None
    assert back.words == ""


def test_an_observation_of_a_kind_from_the_future_is_kept_out() -> None:
    draft = entries.observed("valdai", digest(1), Seen.MOON, {"moon": "full"}, by="desk")
    later = replace(draft, payload={**draft.payload, "kind": "aurora"})
    assert recorded.observation(entry(3, later)) is None


def test_entries_of_older_logs_are_read() -> None:
    """As the first version wrote them: no new keys of claims, copies or searches; 0 for a distance."""
    old = Draft(
        type="search",
        subject=f"sha256:{digest(1)}",
        payload={
            "searched": {
                "signatures": 3,
                "assets": 1,
                "schemes": ["pdq/1"],
                "radius": [31],
                "queries": 3,
                "skipped": 0,
            },
            "copies": [
                {
                    "relation": "copy",
                    "asset": digest(2),
                    "spans": [],
                    "transform": "none seen",
                    "distance": 0,
                    "pairs": 3,
                    "scheme": "pdq/1",
                }
            ],
        },
    )
    (copy,), searched = recorded.search(entry(1, old), known)
    assert (copy.asset, copy.distance, copy.tiles) == (known(digest(2)), 0, 0)
    assert searched.sounds == 0
    claim = Draft(
        type="claim",
        subject=f"sha256:{digest(1)}",
        payload={"statement": "It happened.", "by": "Somebody", "place": {"name": "There"}},
    )
    assert recorded.claim(entry(1, claim)) == Claim(
        statement="It happened.", by="Somebody", place=Place(name="There")
    )


def test_a_copy_of_which_nothing_is_known_any_more_is_still_told() -> None:
    other = Sha256("0" * 64)
    gone = Copy(
        relation=Relation.COPY,
        asset=replace(known(digest(1)), sha256=other),
        spans=(),
        transform="none seen",
        distance=2,
        pairs=1,
        scheme="pdq/1",
    )
    searched = Searched(signatures=1, assets=1, schemes=(), radius=(), queries=1, skipped=0)
    (draft,) = record.sought(asset(1), [gone], searched)
    (copy,), _ = recorded.search(entry(1, draft), known)
    assert (copy.asset.sha256, copy.asset.name) == (other, "(no longer on record)")


def test_a_question_of_another_version_keeps_its_id() -> None:
    outcome = Outcome(
        analysis="a",
        version=1,
        examines=(Pillar.SOURCE,),
        result=Ran(findings=(Finding(id="f", template="t", question=questions.EVENT_TIME),)),
    )
    (draft,) = record.examined(asset(1), [outcome], TOOL)
    finding = {**draft.payload["findings"][0], "question": "of-a-plugin"}
    later = replace(draft, payload={**draft.payload, "findings": [finding]})
    (back,) = recorded.outcome(entry(1, later)).outcome.findings
    assert back.question is not None
    assert (back.question.id, back.question.pillar) == ("of-a-plugin", Pillar.SOURCE)


def broken(draft: Draft, **changed: object) -> Recorded:
    return entry(12, replace(draft, payload={**draft.payload, **changed}))


OUTCOME = entries.examined(
    "valdai",
    Outcome(analysis="a", version=1, examines=(), result=Ran()),
    TOOL,
    asset=digest(1),
)
OFFER = entries.offered("valdai", digest(1), by="desk")
CLAIMED = entries.claimed("valdai", 1, CLAIM, by="desk")


@pytest.mark.parametrize(
    ("read", "bad"),
    [
        (recorded.outcome, broken(OUTCOME, status="perhaps")),
        (recorded.outcome, broken(OUTCOME, version="1")),
        (recorded.outcome, broken(OUTCOME, findings={"id": "f"})),
        (recorded.outcome, broken(OUTCOME, findings=["f"])),
        (recorded.offer, broken(OFFER, claims=[0])),
        (recorded.offer, broken(OFFER, claims=[True])),
        (recorded.offer, entry(12, replace(OFFER, subject="sha256:short"))),
        (recorded.numbered, broken(CLAIMED, number="1")),
        (recorded.numbered, broken(CLAIMED, statement=7)),
        (recorded.numbered, entry(12, Draft(type="claim", subject="case:v", payload={}))),
        (recorded.decision, entry(12, Draft(type="decision", subject="case:v", payload={}))),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_what_cannot_be_read_names_its_entry(read: Any, bad: Recorded) -> None:
    with pytest.raises(Unreadable, match=rf"entry 12 \({bad.type}\) cannot be read back"):
        read(bad)


def test_a_number_made_to_take_for_ever_is_refused() -> None:
    draft = entries.observed(
        "valdai", digest(1), Seen.LIGHT, {"light": "day"}, time=Fraction(1), by="desk"
    )
    with pytest.raises(Unreadable, match="expected a ratio"):
        recorded.observation(broken(draft, time="1e999999999"))
