"""Which known writers, devices and encoders do the facts of a file fit? Matching only; rules are data.

A rules file is TOML; those in `forensics/analyses/data` explain the grammar at their tops.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from forensics.media.boxfacts import Fact, Facts

Test = Literal["matches", "every", "lacks"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A test of one fact."""

    fact: str
    test: Test
    pattern: re.Pattern[str]

    def met(self, facts: Facts) -> bool:
        """Returns whether the condition holds."""
        hits = [self.pattern.search(fact.text) is not None for fact in facts.get(self.fact, ())]
        match self.test:
            case "matches":
                return any(hits)
            case "every":
                return bool(hits) and all(hits)
            case "lacks":
                return not any(hits)

    def traces(self, facts: Facts) -> list[tuple[str, Fact]]:
        """Returns the facts that meet the condition, each with its name."""
        if self.test == "lacks":
            return []
        found = facts.get(self.fact, ())
        return [(self.fact, fact) for fact in found if self.pattern.search(fact.text)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """A rule that tells a writer; the fields are those of the rules file."""

    id: str
    family: str
    writer: str
    kind: str
    shows: str
    evidence: str
    cannot_show: str
    all: tuple[Condition, ...]
    habits: tuple[Condition, ...]
    at_least: int
    source: str = ""

    def fits(self, facts: Facts) -> bool:
        """Returns whether the rule applies to a file."""
        if not all(condition.met(facts) for condition in self.all):
            return False
        return sum(condition.met(facts) for condition in self.habits) >= self.at_least

    def traces(self, facts: Facts) -> list[tuple[str, Fact]]:
        """Returns what made the rule apply."""
        return [hit for c in (*self.all, *self.habits) if c.met(facts) for hit in c.traces(facts)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A rule that tells a stated recording device.

    Attributes:
        id: Of the rule.
        device: What to call it in a sentence.
        families: Families of writers that its own recorder belongs to.
        own_writer: Its recorder is known to lay out files by itself.
        any: One of these conditions must hold.
    """

    id: str
    device: str
    families: tuple[str, ...]
    own_writer: bool
    any: tuple[Condition, ...]

    def fits(self, facts: Facts) -> bool:
        """Returns whether a file states such a device."""
        return any(condition.met(facts) for condition in self.any)

    def traces(self, facts: Facts) -> list[tuple[str, Fact]]:
        """Returns what states the device."""
        return [hit for condition in self.any for hit in condition.traces(facts)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoder:
    """A rule that tells an encoder by what it signs with."""

    id: str
    encoder: str
    pattern: re.Pattern[str]
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All rules of one file, in its order."""

    writers: tuple[Writer, ...]
    devices: tuple[Device, ...]
    encoders: tuple[Encoder, ...]

    def last_writers(self, facts: Facts) -> tuple[list[Writer], list[Writer]]:
        """Returns the rules about who wrote the file last, and those about who did earlier.

        Layouts and tags are made anew at each writing; names may be carried along by a copy, so they
        count as the last writer's only where nothing else tells.
        """
        found = [rule for rule in self.writers if rule.fits(facts)]
        fresh = [rule for rule in found if rule.shows != "name"]
        names = [rule for rule in found if rule.shows == "name"]
        if not fresh:
            return names, []
        families = {rule.family for rule in fresh}
        last = [*fresh, *(rule for rule in names if rule.family in families)]
        return last, [rule for rule in names if rule.family not in families]

    def stated_device(self, facts: Facts) -> Device | None:
        """Returns the first device that the file states, in the order of the rules."""
        return next((rule for rule in self.devices if rule.fits(facts)), None)


def parse_rules(text: str) -> Rules:
    """Reads a rules file.

    Raises:
        ValueError: The file breaks the grammar; names the rule.
    """
    data = tomllib.loads(text)
    return Rules(
        writers=tuple(_writer(table) for table in data.get("writer", [])),
        devices=tuple(
            Device(
                id=table["id"],
                device=table["device"],
                families=tuple(table["families"]),
                own_writer=table["own_writer"],
                any=_conditions(table["id"], table["any"]),
            )
            for table in data.get("device", [])
        ),
        encoders=tuple(
            Encoder(
                id=table["id"],
                encoder=table["encoder"],
                pattern=re.compile(table["matches"]),
                evidence=table["evidence"],
            )
            for table in data.get("encoder", [])
        ),
    )


def _writer(table: Mapping[str, Any]) -> Writer:
    habits = _conditions(table["id"], table.get("habits", []))
    at_least = int(table.get("at_least", 0))
    if at_least > len(habits):
        raise ValueError(f"Rule {table['id']} wants {at_least} of {len(habits)} habits.")
    return Writer(
        all=_conditions(table["id"], table["all"]),
        habits=habits,
        at_least=at_least,
        source=table.get("source", ""),
        **{
            key: table[key]
            for key in ("id", "family", "writer", "kind", "shows", "evidence", "cannot_show")
        },
    )


def _conditions(rule: str, tables: Iterable[Mapping[str, str]]) -> tuple[Condition, ...]:
    conditions = []
    tests: Sequence[Test] = ("matches", "every", "lacks")
    for table in tables:
        test = next((name for name in tests if name in table), None)
        if test is None or set(table) != {"fact", test}:
            raise ValueError(f"Rule {rule}: a condition has a fact and one test, not {table}.")
        pattern = re.compile(table[test])
        conditions.append(Condition(fact=table["fact"], test=test, pattern=pattern))
    return tuple(conditions)
