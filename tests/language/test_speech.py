"""Saying sentences: English as it is, other languages from catalogues, and nothing read in values."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from babel.messages import Catalog
from hypothesis import given
from hypothesis import strategies as st

from forensics import language
from forensics.errors import UsageError
from forensics.language import catalogue, say, say_as, say_many, speaking, told
from forensics.language.filling import fill, places, values_in

COPIES = ("{n} copy was found in {where}.", "{n} copies were found in {where}.")


@pytest.fixture
def ukrainian(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Catalog], None]]:
    """Speaks from a catalogue of the test's own."""

    def use(catalog: Catalog) -> None:
        monkeypatch.setattr(catalogue, "read", lambda language: catalog)
        catalogue.load.cache_clear()

    yield use
    catalogue.load.cache_clear()


def small() -> Catalog:
    catalog = Catalog(locale="uk")
    catalog.add("Claimed by {who}.", "Стверджує {who}.")
    catalog.add(COPIES, ("{n} копія у {where}.", "{n} копії у {where}.", "{n} копій у {where}."))
    catalog.add("open", "відкрито", context="status")
    catalog.add("video", "відео")
    catalog.add(
        "It examines {our_kinds}; this is {name}.",
        "Розглядає {our_kinds}; це {name}.",
        auto_comments=[catalogue.FILLED],
    )
    catalog.add("unsure", "непевно", flags=["fuzzy"])
    return catalog


def test_english_needs_no_catalogue() -> None:
    assert say("Claimed by {who}.", who="a desk") == "Claimed by a desk."
    assert say_many(*COPIES, 1, where="it") == "1 copy was found in it."
    assert say_many(*COPIES, 1204, where="it") == "1,204 copies were found in it."
    assert say_as("status", "open") == "open"
    assert told("anything {at} all") == "anything {at} all"


def test_a_language_says_it_its_own_way(ukrainian: Callable[[Catalog], None]) -> None:
    ukrainian(small())
    with speaking("uk") as speech:
        assert say("Claimed by {who}.", who="{who}") == "Стверджує {who}."
        assert say_as("status", "open") == "відкрито"
        forms = [say_many(*COPIES, n, where="індексі") for n in (1, 2, 5, 11, 21, 22, 1000)]
    assert [text.split(" ")[1] for text in forms] == [
        "копія",
        "копії",
        "копій",
        "копій",
        "копія",
        "копії",
        "копій",
    ]
    assert forms[-1].startswith("1\u00a0000 ")
    assert not speech.missing
    assert say("Claimed by {who}.", who="a desk") == "Claimed by a desk."


def test_what_is_missing_comes_in_english_and_says_so(
    ukrainian: Callable[[Catalog], None],
) -> None:
    ukrainian(small())
    with speaking("uk") as speech:
        said = [
            say("Nobody said {this}.", this="that"),
            say_as("pillar", "open"),
            say_many("{n} day", "{n} days", 3),
            told("A reason of rules."),
            say("unsure"),
        ]
    assert said == ["Nobody said that.", "open", "3 days", "A reason of rules.", "unsure"]
    assert all(isinstance(text, language.Untranslated) for text in said)
    assert list(speech.missing) == [
        "Nobody said {this}.",
        "open",
        "{n} days",
        "A reason of rules.",
        "unsure",
    ]


def test_a_filled_sentence_is_found_by_its_pattern(ukrainian: Callable[[Catalog], None]) -> None:
    ukrainian(small())
    with speaking("uk") as speech:
        assert told("It examines video; this is video.") == "Розглядає відео; це video."
    assert not speech.missing


def test_a_language_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="'tlh'"), speaking("tlh"):
        pass


def test_languages_nest() -> None:
    with speaking("de"), speaking("en"):
        assert language.number(1204) == "1,204"
    with speaking("de"):
        assert (language.number(1204), language.figures("1.4")) == ("1.204", "1,4")


@given(st.text(), st.text())
def test_nothing_in_a_value_is_read(one: str, other: str) -> None:
    said = say("First {a-1}, then {b}, and {{so}} on.", **{"a-1": one, "b": other})
    assert said == f"First {one}, then {other}, and {{so}} on."


@given(st.text(min_size=1), st.text(min_size=1))
def test_values_are_found_again(one: str, other: str) -> None:
    message = "Between {a} and then {b}: {a}."
    found = values_in(message, fill(message, {"a": one, "b": other}))
    assert found is not None
    assert fill(message, found) == fill(message, {"a": one, "b": other})


def test_places_are_simple_names() -> None:
    assert places("{a} {first-seen} {b!r} {c[0]} {{d}} {e:,}") == {"a", "first-seen"}
