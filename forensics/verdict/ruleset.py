"""A ruleset: which findings give a pillar which status, and the words for it. Data, with an id.

The same outcomes under the same ruleset give the same verdict, byte for byte.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from forensics.model import Pillar

CURRENT = "forensics-rules-2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What must have been found.

    Attributes:
        question: Id of the question that a finding bears on; None for any.
        direction: The side it speaks for; None for any.
        finding: "analysis/finding-id"; None for any.
    """

    question: str | None = None
    direction: str | None = None
    finding: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: where every condition is met, a pillar has a status for a reason.

    Attributes:
        id: Kebab-case.
        pillar: What it speaks about; integrity included.
        status: A `Status`, or for integrity an `IntegrityPhrase`.
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
class Ruleset:
    """Rules and words, by id and version."""

    id: str
    rules: tuple[Rule, ...]
    words: Mapping[Pillar, PillarWords]
    headlines: Mapping[str, str]


def load(name: str = CURRENT) -> Ruleset:
    """Returns a packaged ruleset by its id."""
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
