from __future__ import annotations

import re
from importlib.resources import files

import pytest

from forensics.media import boxfacts
from forensics.media.boxfacts import Fact
from forensics.media.writers import Rules, parse_rules

RULE = """
[[writer]]
id = "{id}"
family = "{family}"
writer = "a writer"
kind = "editor"
shows = "{shows}"
evidence = "published"
cannot_show = "Much."
all = [{all}]
{more}
"""


def rule(id: str, family: str, shows: str, all: str, more: str = "") -> str:
    return RULE.format(id=id, family=family, shows=shows, all=all, more=more)


def facts(**texts: tuple[str, ...]) -> dict[str, tuple[Fact, ...]]:
    return {
        name: tuple(Fact(text=text, offset=0, field="") for text in found)
        for name, found in texts.items()
    }


@pytest.fixture(scope="module")
def shipped() -> Rules:
    path = files("forensics.analyses").joinpath("data", "writers.toml")
    return parse_rules(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("condition", "texts", "met"),
    [
        ("{fact='tool', matches='^b'}", ("a", "b"), True),
        ("{fact='tool', matches='^c'}", ("a", "b"), False),
        ("{fact='tool', matches='^c'}", (), False),
        ("{fact='tool', every='^[ab]$'}", ("a", "b"), True),
        ("{fact='tool', every='^a$'}", ("a", "b"), False),
        ("{fact='tool', every='^a$'}", (), False),
        ("{fact='tool', lacks='^c$'}", ("a", "b"), True),
        ("{fact='tool', lacks='^a$'}", ("a", "b"), False),
        ("{fact='tool', lacks='^a$'}", (), True),
    ],
)
def test_conditions(condition: str, texts: tuple[str, ...], met: bool) -> None:
    rules = parse_rules(rule("r", "f", "tag", condition))
    assert rules.writers[0].fits(facts(tool=texts)) is met


@pytest.mark.parametrize(("held", "fits"), [((), False), (("a",), False), (("a", "b"), True)])
def test_habits_are_counted(held: tuple[str, ...], fits: bool) -> None:
    habits = ", ".join(f"{{fact='key', matches='^{name}$'}}" for name in "abc")
    text = rule("r", "f", "layout", "", f"at_least = 2\nhabits = [{habits}]")
    assert parse_rules(text).writers[0].fits(facts(key=held)) is fits


def test_names_count_only_where_nothing_fresh_tells() -> None:
    rules = parse_rules(
        rule("tag-a", "a", "tag", "{fact='tool', matches='A'}")
        + rule("name-a", "a", "name", "{fact='handler', matches='A'}")
        + rule("name-b", "b", "name", "{fact='handler', matches='B'}")
    )

    def ids(**found: tuple[str, ...]) -> tuple[list[str], list[str]]:
        last, earlier = rules.last_writers(facts(**found))
        return [r.id for r in last], [r.id for r in earlier]

    assert ids(handler=("B",)) == (["name-b"], [])
    assert ids(tool=("A",), handler=("B",)) == (["tag-a"], ["name-b"])
    assert ids(tool=("A",), handler=("A",)) == (["tag-a", "name-a"], [])
    assert ids() == ([], [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (rule("r", "f", "tag", "{fact='tool'}"), "Rule r: a condition has a fact and one test"),
        (
            rule("r", "f", "tag", "{fact='tool', matches='a', lacks='b'}"),
            "Rule r: a condition has a fact and one test",
        ),
        (rule("r", "f", "tag", "", "at_least = 1"), "Rule r wants 1 of 0 habits"),
    ],
)
def test_a_rule_that_breaks_the_grammar_is_named(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_rules(text)


def test_shipped_rules_keep_to_their_vocabulary(shipped: Rules) -> None:
    ids = [r.id for r in (*shipped.writers, *shipped.devices, *shipped.encoders)]
    assert len(ids) == len(set(ids))
    kinds = {"general-library", "editor", "platform", "system", "device"}
    for writer in shipped.writers:
        assert writer.kind in kinds
        assert writer.shows in {"layout", "tag", "name"}
        assert writer.evidence in {"measured here", "published", "stated by its maker"}
        assert writer.cannot_show.endswith(".")
        assert writer.all
    families = {writer.family for writer in shipped.writers}
    for device in shipped.devices:
        assert set(device.families) <= families


def test_shipped_rules_ask_only_for_facts_that_are_read(shipped: Rules) -> None:
    described = set(re.findall(r"[a-z]+(?:-[a-z]+)*", boxfacts.__doc__ or ""))
    asked = {c.fact for w in shipped.writers for c in (*w.all, *w.habits)}
    asked |= {c.fact for d in shipped.devices for c in d.any}
    assert asked <= described
