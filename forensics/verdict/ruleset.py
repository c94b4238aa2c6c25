"""A ruleset: which findings give a pillar which status, and the words for it. Data, with an id.

The same outcomes under the same ruleset give the same verdict, byte for byte.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from forensics.errors import UsageError
from forensics.model import Pillar

CURRENT = "forensics-rules-3"
ASIDE = "aside"
"""The status of a rule that gives a reason beside whatever holds, and no status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What must have been found.

    Attributes:
        question: Id of the question that a finding bears on; None for any.
        direction: The side it speaks for; None for any.
        finding: "analysis/finding-id"; None for any.
        strength: The least word of strength (`STRENGTHS`), so that what was not measured does not meet
            it; None: none is asked for.
    """

    question: str | None = None
    direction: str | None = None
    finding: str | None = None
    strength: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: where every condition is met, a pillar has a status for a reason.

    Attributes:
        id: Kebab-case.
        pillar: What it speaks about; integrity included.
        status: A `Status`, for integrity an `IntegrityPhrase`, or "aside".
        when: All must be met, each by some finding.
        unless: None may be met.
        reason: One sentence, without values from the file.
        settle: What would settle it, one sentence, or empty.
    """

    id: str
    pillar: Pillar
    status: str
    when: tuple[Condition, ...]
    unless: tuple[Condition, ...]
    reason: str
    settle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PillarWords:
    """What is said of a pillar beside its status.

    Attributes:
        unconfirmed: What could not be confirmed, without a claim.
        unconfirmed_claim: The same, with a claim.
        settle: What would settle it.
        nothing_found: Reason where it was examined and nothing spoke.
        not_examined: Reason where nothing examined it.
    """

    unconfirmed: str
    unconfirmed_claim: str
    settle: tuple[str, ...]
    nothing_found: str
    not_examined: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPillarWords:
    """What is said of a claim's pillar.

    Attributes:
        unconfirmed: What could not be confirmed; may be empty.
        settle: What would settle it.
        reasons: One sentence by "corroborated", "consistent" and "undetermined", for what the assets that
            stand lend; by "removed", where none stands; by "not_examined"; and by "not_examined_of_rest",
            where only what no longer stands was examined.
    """

    unconfirmed: str
    settle: tuple[str, ...]
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRules:
    """Rules and words about a claim for which several assets may be offered.

    Attributes:
        rules: On outcomes made for the whole case. "undetermined" holds a pillar down; "contradicted"
            contradicts the claim.
        words: By pillar.
        headlines: Why the headline is what it is.
        support: What an asset lends, and why.
        unconfirmed: What could not be confirmed beside the pillars.
        left_out: Said beside a pillar's status of an asset that is contradicted on that pillar.
    """

    rules: tuple[Rule, ...]
    words: Mapping[Pillar, ClaimPillarWords]
    headlines: Mapping[str, str]
    support: Mapping[str, str]
    unconfirmed: tuple[str, ...]
    left_out: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruleset:
    """Rules and words, by id and version.

    Attributes:
        id: Names it in every verdict.
        rules: On the outcomes of one asset.
        words: By pillar, integrity included.
        headlines: Why the headline is what it is.
        claims: On claims; None: it is older than verdicts on claims.
    """

    id: str
    rules: tuple[Rule, ...]
    words: Mapping[Pillar, PillarWords]
    headlines: Mapping[str, str]
    claims: ClaimRules | None = None


def available() -> tuple[str, ...]:
    """Returns the ids of the packaged rulesets, oldest first."""
    names = (one.name for one in (files(__package__) / "rulesets").iterdir())
    ids = [name.removesuffix(".toml") for name in names if name.endswith(".toml")]
    return tuple(sorted(ids, key=lambda one: (len(one), one)))


def load(name: str = CURRENT) -> Ruleset:
    """Returns a packaged ruleset by its id.

    Raises:
        UsageError: There is none with this id.
    """
    if name not in available():
        known = ", ".join(available())
        raise UsageError(
            f"There is no ruleset {name!r} here: expected one of {known}.",
            hint="A newer version of this program may have it.",
        )
    return parse((files(__package__) / "rulesets" / f"{name}.toml").read_text("utf-8"))


def parse(text: str) -> Ruleset:
    """Returns the ruleset that a TOML text states.

    Raises:
        KeyError, TypeError, ValueError: The text does not have the form of a ruleset.
    """
    data = tomllib.loads(text)
    return Ruleset(
        id=data["id"],
        rules=tuple(_rule(rule) for rule in data["rule"]),
        words={Pillar(name): _words(words) for name, words in data["pillar"].items()},
        headlines=data["headline"],
        claims=_claims(data["claim"]) if "claim" in data else None,
    )


def _claims(data: Mapping[str, Any]) -> ClaimRules:
    return ClaimRules(
        rules=tuple(_rule(rule) for rule in data["rule"]),
        words={Pillar(name): _claim_words(words) for name, words in data["pillar"].items()},
        headlines=data["headline"],
        support=data["support"],
        unconfirmed=tuple(data["unconfirmed"]),
        left_out=data["left_out"],
    )


def _rule(data: Mapping[str, Any]) -> Rule:
    return Rule(
        id=data["id"],
        pillar=Pillar(data["pillar"]),
        status=data["status"],
        when=tuple(Condition(**c) for c in data["when"]),
        unless=tuple(Condition(**c) for c in data.get("unless", ())),
        reason=data["reason"],
        settle=data.get("settle", ""),
    )


def _words(data: Mapping[str, Any]) -> PillarWords:
    return PillarWords(
        unconfirmed=data["unconfirmed"],
        unconfirmed_claim=data["unconfirmed_claim"],
        settle=tuple(data["settle"]),
        nothing_found=data["nothing_found"],
        not_examined=data["not_examined"],
    )


def _claim_words(data: Mapping[str, Any]) -> ClaimPillarWords:
    names = (
        "corroborated",
        "consistent",
        "undetermined",
        "removed",
        "not_examined",
        "not_examined_of_rest",
    )
    return ClaimPillarWords(
        unconfirmed=data["unconfirmed"],
        settle=tuple(data["settle"]),
        reasons={name: data[name] for name in names},
    )
