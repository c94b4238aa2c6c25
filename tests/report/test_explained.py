"""Explanations in a terminal and as JSON: whole, valid, and nothing hostile unescaped."""

from __future__ import annotations

import io
import json
from dataclasses import replace

from jsonschema import Draft202012Validator
from rich.console import Console

from forensics.model import (
    Direction,
    Finding,
    Measurement,
    Outcome,
    RecordedClaimVerdict,
    RecordedOutcome,
    RecordedVerdict,
    questions,
)
from forensics.report.explained import print_explanation
from forensics.report.explanation import explanation, schema, to_json
from forensics.verdict.claims import reach_claim
from forensics.verdict.engine import reach
from forensics.verdict.explain import Explained, explain
from forensics.verdict.explain_claim import ExplainedClaim, explain_claim
from forensics.verdict.ruleset import load
from tests.verdict.made import CLAIM, outcome, sha

RULES = load()
AT = "2026-01-02T12:00:00Z"
HOSTILE = "\x1b[31m\u202e<script>"
OLD = Finding(
    id="seen-before-event",
    template="On record since {seen}.",
    measurements=(Measurement(key="seen", value=HOSTILE, unit="time"),),
    question=questions.EVENT_TIME,
    direction=Direction.SUPPORTS_H2,
)


def of_asset(*outcomes: Outcome) -> Explained:
    given = [RecordedOutcome(entry=10 + i, outcome=o) for i, o in enumerate(outcomes)]
    made = RecordedVerdict(entry=30, at=AT, verdict=reach(outcomes, CLAIM, RULES))
    return explain(sha("1"), made, given, RULES)


def of_claim(its_own: Explained) -> ExplainedClaim:
    assets = [(sha("1"), 30, its_own.verdict)]
    made = RecordedClaimVerdict(entry=31, at=AT, verdict=reach_claim(1, CLAIM, assets, [], RULES))
    return explain_claim("valdai", made, CLAIM, assets, [], {sha("1"): its_own}, RULES)


def printed(made: Explained | ExplainedClaim, width: int = 100) -> str:
    out = io.StringIO()
    print_explanation(made, Console(file=out, width=width, highlight=False, markup=False))
    return out.getvalue()


def test_what_is_printed_leads_from_the_status_to_the_entry() -> None:
    text = printed(of_asset(outcome("metadata"), outcome("time-and-place", OLD)))
    at = [
        text.index("Date: contradicted"),
        text.index("The material existed before the stated time of the event."),
        text.index("Rule older-than-event gives the status."),
        text.index("Entry 11: On record since"),
        text.index("time-and-place/seen-before-event"),
    ]
    assert at == sorted(at)
    assert "What would have changed it:" in text
    assert "more rules would; --json has them all." in text


def test_nothing_from_a_file_moves_the_terminal() -> None:
    text = printed(of_asset(outcome("time-and-place", OLD)))
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_a_claim_names_what_each_asset_lends_and_how_to_go_on() -> None:
    text = printed(of_claim(of_asset(outcome("time-and-place", OLD))))
    assert "Asset 111111111111…: support removed." in text
    assert "forensics explain 30" in text


def test_a_claim_leads_to_findings_and_says_what_would_have_changed_it() -> None:
    stated = Finding(id="dates-stated", template="Stated.")
    text = " ".join(printed(of_claim(of_asset(outcome("metadata", stated)))).split())
    date = text[text.index("Date: undetermined") : text.index("Location: ")]
    said = [
        "When the material was recorded is open.",
        "By the verdict on asset 111111111111… (entry 30):",
        "The file states a time; that is its own word",
        "Entry 10: Stated.",
        "What would have changed it:",
        "To consistent, by rule fits-event-time on asset 111111111111… (entry 30):",
    ]
    at = [date.index(one) for one in said]
    assert at == sorted(at)
    gone = " ".join(printed(of_claim(of_asset(outcome("time-and-place", OLD)))).split())
    assert "An asset that was offered is contradicted on this, and is left out here. By" in gone
    assert "Entry 10: On record since" in gone
    assert "No rule alone would have changed it." in gone


def test_a_record_that_does_not_hold_all_says_so() -> None:
    made = replace(of_asset(outcome("time-and-place", OLD)), repeats=False)
    assert "give something else" in " ".join(printed(made, 60).split())


def test_json_is_valid_and_has_every_rule() -> None:
    its_own = of_asset(outcome("metadata"), outcome("time-and-place", OLD))
    for made in (its_own, of_claim(its_own)):
        document = json.loads(to_json(made))
        Draft202012Validator.check_schema(schema())
        Draft202012Validator(schema()).validate(document)
        assert document == explanation(made)
        assert to_json(made) == to_json(made)
    rules = [
        rule["rule"]
        for pillar in explanation(its_own)["pillars"]
        for rule in (*pillar["spoke"], *pillar["silent"])
    ]
    assert sorted(rules) == sorted(rule.id for rule in RULES.rules)
