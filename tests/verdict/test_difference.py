"""Differences: what moved and why, in a fixed order, and nothing where nothing did."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from forensics.model import Direction, Finding, IntegrityPhrase, Pillar, Status, questions
from forensics.verdict.claims import reach_claim
from forensics.verdict.difference import changes, claim_changes
from forensics.verdict.engine import FIVE, reach
from forensics.verdict.ruleset import load
from tests.verdict.made import CLAIM, offered, outcome, sha, verdict

RULES = load()


def old(direction: Direction = Direction.SUPPORTS_H2) -> Finding:
    return Finding(
        id="seen-before-event", template="Seen.", question=questions.EVENT_TIME, direction=direction
    )


def test_nothing_is_different_from_itself() -> None:
    one = reach([outcome("time-and-place", old())], CLAIM, RULES)
    assert changes(one, one) == ()
    made = reach_claim(1, CLAIM, [(sha("1"), 3, one)], [], RULES)
    assert claim_changes(made, made) == ()


def test_another_ruleset_that_says_the_same_is_no_difference() -> None:
    assert changes(verdict(), replace(verdict(), ruleset="another")) == ()


def test_a_date_that_falls_is_told_with_its_reason() -> None:
    before = reach([outcome("time-and-place")], CLAIM, RULES)
    after = reach([outcome("time-and-place", old())], CLAIM, RULES)
    assert changes(before, after) == (
        (
            "The headline stays “not verifiable from this material”, for another reason: This asset is "
            "contradicted as evidence of the claim. That removes its support; it says nothing about whether "
            "the event took place."
        ),
        (
            "Date: was undetermined, is now contradicted. The material existed before the stated time of the "
            "event."
        ),
    )


GENERATED = replace(old(Direction.SUPPORTS_H1), id="made-up", question=questions.MADE_BY_GENERATOR)
NAMED = Finding(id="device-stated", template="Named.")


def of_source(*findings: Finding) -> list[str]:
    """What is told of the source where a device was named before and now there are other findings."""
    before = reach([outcome("metadata", NAMED)], CLAIM, RULES)
    after = reach([outcome("metadata", *findings)], CLAIM, RULES)
    told = changes(before, after), changes(after, before)
    return [one for both in told for one in both if one.startswith("Source")]


def test_a_reason_that_comes_and_one_that_goes_are_told() -> None:
    by_a_generator = "By its own word the file, or part of it, was made by a generative system."
    assert of_source(NAMED, GENERATED) == [
        f"Source: stays undetermined. A reason is new: {by_a_generator}",
        f"Source: stays undetermined. A reason is gone: {by_a_generator}",
    ]


def test_one_reason_in_the_place_of_another_is_one_difference() -> None:
    (told, _) = of_source(GENERATED)
    assert told == (
        "Source: stays undetermined, for another reason: By its own word the file, or part of it, was made "
        "by a generative system."
    )


def test_a_reason_that_rests_on_other_findings_is_told() -> None:
    before = reach([outcome("time-and-place", old())], CLAIM, RULES)
    after = reach([outcome("elsewhere", old())], CLAIM, RULES)
    (told,) = changes(before, after)
    assert told.startswith("Date: stays contradicted. A reason rests on other findings than before")


def test_integrity_and_the_two_lists_are_compared() -> None:
    before = verdict()
    after = replace(
        verdict(phrase=IntegrityPhrase.INCONSISTENT),
        could_not_be_confirmed=("who made it",),
        would_settle_it=("the device",),
    )
    assert changes(before, after) == (
        "Integrity: was inconclusive, is now inconsistent with an original. Because of integrity.",
        "Could not be confirmed, which was not said before: who made it.",
        "Would settle it, which was not said before: the device.",
    )
    assert changes(after, before)[1:] == (
        "No longer among what could not be confirmed: who made it.",
        "No longer among what would settle it: the device.",
    )


def test_support_that_falls_away_is_told_by_asset() -> None:
    before = reach_claim(1, CLAIM, [offered("1"), offered("2"), offered("3")], [], RULES)
    fallen = offered("2", {Pillar.DATE: Status.CONTRADICTED})
    after = reach_claim(1, CLAIM, [offered("1"), fallen, offered("4")], [], RULES)
    told = claim_changes(before, after)
    assert told[1:4] == (
        (
            "Asset 222222222222: its support was open, is now removed. It is contradicted as evidence of the "
            "claim, so it lends no support; that says nothing about whether the event took place."
        ),
        (
            "Asset 444444444444 is new among what is offered; its support is open: Nothing outside it "
            "confirms it, and nothing found contradicts it as evidence."
        ),
        "Asset 333333333333 is no longer among what is offered; its support was open.",
    )


def test_a_second_asset_that_is_contradicted_is_told_though_the_words_are_the_same() -> None:
    fallen = {Pillar.DATE: Status.CONTRADICTED}
    before = reach_claim(1, CLAIM, [offered("1", fallen), offered("2"), offered("3")], [], RULES)
    after = reach_claim(
        1, CLAIM, [offered("1", fallen), offered("2", fallen), offered("3")], [], RULES
    )
    left_out = "An asset that was offered is contradicted on this, and is left out here."
    assert claim_changes(after, after) == ()
    there = [told for told in claim_changes(before, after) if told.startswith("Date")]
    assert there == [f"Date: stays undetermined. A reason is new: {left_out}"]
    back = [told for told in claim_changes(after, before) if told.startswith("Date")]
    assert back == [f"Date: stays undetermined. A reason is gone: {left_out}"]


def test_a_newer_verdict_on_an_asset_is_told_though_its_support_stays() -> None:
    before = reach_claim(1, CLAIM, [(sha("1"), 3, verdict())], [], RULES)
    after = reach_claim(1, CLAIM, [(sha("1"), 9, verdict())], [], RULES)
    told = "Asset 111111111111: its support stays open; its own verdict is a newer one."
    assert claim_changes(before, after) == (told,)


STATUSES = st.dictionaries(st.sampled_from(FIVE), st.sampled_from(Status))


@given(STATUSES, STATUSES)
def test_every_status_that_moved_is_told_once_and_no_other(
    before: dict[Pillar, Status], after: dict[Pillar, Status]
) -> None:
    told = changes(verdict(before), verdict(after))
    usual = Status.UNDETERMINED
    moved = [p for p in FIVE if before.get(p, usual) is not after.get(p, usual)]
    assert [one.split(":")[0].lower() for one in told] == [p.value for p in moved]
