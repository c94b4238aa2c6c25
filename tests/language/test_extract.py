"""Collecting messages from modules, templates and sentences that are built."""

from __future__ import annotations

from pathlib import Path

from babel.messages.pofile import read_po

from forensics.language.extract import (
    Message,
    brought_up_to_date,
    composed_in_module,
    messages,
    said_in_module,
    said_in_template,
)

MODULE = '''
"""Documentation is no message. Not this either."""
KINDS = {"a": "cats", "b": "dogs"}
TAIL = "Look at them."
say("One {thing}.", thing=1)
say_many("{n} cat", "{n} cats", 3)
say_as("animal", "cat")
say(variable)
noted("Later.")
Finding(template=f"The file states {{when}} and {one.field}. " + TAIL)
Finding(template="A file of the kind " + KINDS[kind] + " was found.")
Finding(template=f"Between {a.x} and {b.x} lie {a.x} things.")
what = "recorded" if late else "saved"
Caveat(text=f"It was {what} here.")
fail(hint="Run it again, and it will work.")
'''


def test_what_is_said_is_found() -> None:
    assert list(said_in_module(MODULE)) == [
        Message(id="One {thing}."),
        Message(id="{n} cat", many="{n} cats"),
        Message(id="cat", context="animal"),
        Message(id="Later."),
    ]
    template = (
        "<p>{{ say('A {b}.', b=c) }}</p>{% if x %}{{ say_many_plain('1', 'n', 2)|bare }}{% endif %}"
    )
    assert list(said_in_template(template)) == [
        Message(id="A {b}."),
        Message(id="1", many="n"),
    ]


def test_sentences_are_found_in_each_of_their_variants() -> None:
    assert {m.id for m in composed_in_module(MODULE)} == {
        "Look at them.",
        "The file states {when} and {one_field}. Look at them.",
        "A file of the kind cats was found.",
        "A file of the kind dogs was found.",
        "Between {a_x} and {b_x} lie {a_x_2} things.",
        "It was recorded here.",
        "It was saved here.",
    }


def test_the_package_is_searched_and_each_message_is_there_once() -> None:
    found = messages()
    assert len({m.key for m in found}) == len(found) > 900
    ids = {m.id for m in found}
    assert {"Not verifiable from this material", "first met here at {first-seen}"} <= ids


def test_a_catalogue_keeps_its_translations_and_loses_what_is_said_no_more(tmp_path: Path) -> None:
    path = tmp_path / "x.po"
    path.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "kept"\nmsgstr "bleibt"\n\nmsgid "gone"\nmsgstr "weg"\n',
        "utf-8",
    )
    wanted = [
        Message(id="kept"),
        Message(id="new {n}", many="new {n}s"),
        Message(id="kept", context="other"),
    ]
    brought_up_to_date("de", wanted, path)
    first = path.read_bytes()
    brought_up_to_date("de", wanted, path)
    assert path.read_bytes() == first
    with path.open("rb") as file:
        catalog = read_po(file, locale="de")
    assert [(m.id, m.string, m.context) for m in catalog if m.id] == [
        ("kept", "bleibt", None),
        (("new {n}", "new {n}s"), ("", ""), None),
        ("kept", "", "other"),
    ]
