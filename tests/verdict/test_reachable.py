"""Every status that the rules can reach has a golden case; those that they cannot are listed with the reason.

A case is the fewest outcomes that let one rule speak. `--regenerate-golden` writes the cases again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from forensics.codec import plain
from forensics.model import (
    IntegrityPhrase,
    Outcome,
    Pillar,
    Status,
    Support,
    Verdict,
    Verifiability,
)
from forensics.verdict.claims import Offered, reach_claim
from forensics.verdict.engine import FIVE, JUDGED, reach
from forensics.verdict.ruleset import ASIDE, Rule, load
from tests.verdict.made import CLAIM, letting_speak, meeting, offered, outcome, sha

GOLDEN = Path(__file__).parent / "golden"
RULES = load()
assert RULES.claims

_OUTSIDE = (
    "needs something outside the material that does not depend on whoever released it; no analysis of this "
    "version reads such a thing, so only a person can decide it"
)
_OWN_PILLAR = (
    "what bears on it leaves open which file came first or who made it: nothing contradicts it yet"
)
UNREACHABLE: dict[tuple[Pillar, Status], str] = {
    **{(pillar, Status.CORROBORATED): _OUTSIDE for pillar in FIVE},
    (Pillar.PROVENANCE, Status.CONTRADICTED): _OWN_PILLAR,
    (Pillar.SOURCE, Status.CONTRADICTED): _OWN_PILLAR,
    (Pillar.SOURCE, Status.CONSISTENT): "a device that a file names does not tell who held it",
    (Pillar.MOTIVATION, Status.CONTRADICTED): "only a person judges motivation",
    (Pillar.MOTIVATION, Status.CONSISTENT): "only a person judges motivation",
}
"""What no rule of the current set gives an asset's pillar, and why."""

UNREACHABLE_HEADLINES: dict[tuple[str, Verifiability], str] = {
    ("file", Verifiability.PARTLY_CORROBORATED): _OUTSIDE,
    ("file", Verifiability.CORROBORATED): _OUTSIDE,
    ("claim", Verifiability.PARTLY_CORROBORATED): _OUTSIDE,
    ("claim", Verifiability.CORROBORATED): _OUTSIDE,
    (
        "claim",
        Verifiability.CONTRADICTED,
    ): "only evidence about the event itself contradicts a claim",
}

UNREACHABLE_SUPPORT: dict[Support, str] = {
    Support.PARTLY: _OUTSIDE,
    Support.CONFIRMED: _OUTSIDE,
}
"""What no asset lends under the current rules alone."""


def cases() -> Iterator[tuple[str, list[Outcome]]]:
    """(name, outcomes): one for each status and phrase that a rule or a default gives."""
    seen: set[tuple[Pillar, str]] = set()
    for rule in RULES.rules:
        if (rule.pillar, rule.status) not in seen:
            seen.add((rule.pillar, rule.status))
            yield f"{rule.pillar}-{rule.status.replace(' ', '-')}", letting_speak(rule)
    yield "nothing-examined", []
    yield "examined-nothing-found", [outcome("metadata")]


CASES = dict(cases())


def reached(made: Verdict) -> set[tuple[Pillar, str]]:
    found: set[tuple[Pillar, str]] = {(p.pillar, p.status.value) for p in made.pillars}
    return found | {(Pillar.INTEGRITY, made.integrity.phrase.value)}


def every_verdict() -> list[Verdict]:
    """Under each rule alone, and with nothing."""
    given = [*map(letting_speak, RULES.rules), *CASES.values()]
    return [reach(one, claim, RULES) for one in given for claim in (None, CLAIM)]


def as_text(value: object) -> bytes:
    return (json.dumps(plain(value), indent=2, ensure_ascii=False) + "\n").encode()


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("claimed", [False, True], ids=["file", "claim"])
def test_the_verdict_of_a_case(
    name: str, claimed: bool, golden: Callable[[Path, bytes], None]
) -> None:
    made = reach(CASES[name], CLAIM if claimed else None, RULES)
    again = reach(list(reversed(CASES[name])), CLAIM if claimed else None, RULES)
    assert as_text(made) == as_text(again)
    golden(GOLDEN / f"{name}-{'claim' if claimed else 'file'}.json", as_text(made))


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_every_rule_can_speak(rule: Rule) -> None:
    made = reach(letting_speak(rule), CLAIM, RULES)
    reasons = [r for p in made.pillars for r in p.reasons] + list(made.integrity.reasons)
    assert rule.id in {reason.rule for reason in reasons}
    if rule.status != ASIDE:
        assert (rule.pillar, rule.status) in reached(made)


def test_every_status_is_reached_or_its_absence_has_a_reason() -> None:
    found = set().union(*map(reached, every_verdict()))
    wanted = {(pillar, status.value) for pillar in FIVE for status in Status}
    assert wanted - found == {(p, s.value) for p, s in UNREACHABLE}
    assert {(Pillar.INTEGRITY, phrase.value) for phrase in IntegrityPhrase} <= found
    headlines = {(one.about, one.verifiability) for one in every_verdict()}
    every = {(about, one) for about in ("file", "claim") for one in Verifiability}
    assert every - headlines == set(UNREACHABLE_HEADLINES)
    names = [f"{p}-{s}" for p in Pillar for s in (*Status, *IntegrityPhrase)]
    assert {name for name in CASES if name.replace(" ", "-") in names}


def of_rule(rule: Rule) -> list[Outcome]:
    return [outcome(name, found, examines=()) for name, found in map(meeting, rule.when)]


CONSISTENT = dict.fromkeys((Pillar.DATE, Pillar.LOCATION, Pillar.SOURCE), Status.CONSISTENT)
CLAIMS: dict[str, tuple[list[Offered], list[Outcome]]] = {
    "nothing-offered": ([], []),
    "all-removed": ([offered("1", {Pillar.DATE: Status.CONTRADICTED})], []),
    "some-removed": ([offered("1", {Pillar.LOCATION: Status.CONTRADICTED}), offered("2")], []),
    "open": ([offered("1")], []),
    "not-an-original": ([offered("1", phrase=IntegrityPhrase.INCONSISTENT)], []),
    "not-examined": ([offered("1", dict.fromkeys(FIVE, Status.NOT_EXAMINED))], []),
    "rest-not-examined": (
        [
            offered("1", {Pillar.DATE: Status.CONTRADICTED}),
            offered("2", dict.fromkeys(FIVE, Status.NOT_EXAMINED)),
        ],
        [],
    ),
    "consistent": ([offered("1", CONSISTENT)], []),
    "partly": ([offered("1", {Pillar.DATE: Status.CORROBORATED})], []),
    "confirmed": ([offered("1", dict.fromkeys(JUDGED, Status.CORROBORATED))], []),
    **{
        f"rule-{rule.id}": ([offered("1", CONSISTENT), offered("2", CONSISTENT)], of_rule(rule))
        for rule in RULES.claims.rules
    },
}


@pytest.mark.parametrize("name", CLAIMS)
def test_the_verdict_on_a_claim(name: str, golden: Callable[[Path, bytes], None]) -> None:
    assets, outcomes = CLAIMS[name]
    made = reach_claim(1, CLAIM, assets, outcomes, RULES)
    golden(GOLDEN / f"of-claim-{name}.json", as_text(made))


def test_every_support_and_headline_of_a_claim_has_a_case() -> None:
    made = [reach_claim(1, CLAIM, a, o, RULES) for a, o in CLAIMS.values()]
    assert {one.support for verdict in made for one in verdict.assets} == set(Support)
    headlines = {one.verifiability for one in made}
    assert set(Verifiability) - headlines == {Verifiability.CONTRADICTED}
    statuses = {p.status for one in made for p in one.pillars}
    assert set(Status) - statuses == {Status.CONTRADICTED}


def test_what_the_rules_alone_lend() -> None:
    by_rules = {
        asset.support
        for verdict in every_verdict()
        for asset in reach_claim(1, CLAIM, [(sha("1"), 1, verdict)], [], RULES).assets
    }
    assert set(Support) - by_rules == set(UNREACHABLE_SUPPORT)


@pytest.mark.parametrize("rule", RULES.claims.rules, ids=lambda rule: rule.id)
def test_every_rule_on_claims_can_speak(rule: Rule) -> None:
    assets, outcomes = CLAIMS[f"rule-{rule.id}"]
    made = reach_claim(1, CLAIM, assets, outcomes, RULES)
    assert rule.id in {r.rule for p in made.pillars if p.pillar is rule.pillar for r in p.reasons}
