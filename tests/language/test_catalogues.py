"""The catalogues: complete, with the places of the English, and with nothing that reports do not say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.catalog import Message

from forensics import language
from forensics.language import catalogue, extract, speaking, told, told_list, told_with
from forensics.language.extract import PACKAGE, messages
from forensics.language.filling import places

OTHERS = tuple(language.LANGUAGES)[1:]
TRUTH = {
    "uk": r"справжн|підробк|підробл|фейк|автентичн|фальшив",
    "ru": r"подлинн|настоящ|поддел|фейк|аутентичн|фальшив",
    "de": r"\becht|gefälscht|fälschung|fake|authentisch",
    "fr": r"authenti|\bvrai\b|truqu|falsifi|fake|trucage",
}
"""What no report says of its material, in any language."""


@lru_cache(maxsize=8)
def read(code: str) -> Catalog:
    return catalogue.read(code)


def translated(code: str) -> Iterator[tuple[Message, tuple[str, ...], tuple[str, ...]]]:
    """Each message with its English and its translations, as many as it has forms."""
    for message in read(code):
        if message.id:
            english = message.id if isinstance(message.id, tuple) else (message.id,)
            said = message.string
            yield message, english, said if isinstance(said, tuple) else (said,)


def test_every_message_is_in_every_catalogue() -> None:
    """Where it is not: `python -m forensics.language.extract` brings the catalogues up to date."""
    wanted = {m.key for m in messages()}
    for code in OTHERS:
        found = {(english[0], m.context) for m, english, _ in translated(code)}
        assert found == wanted, code


@pytest.mark.parametrize("code", OTHERS)
def test_the_words_of_reports_and_rules_are_translated(code: str) -> None:
    """What reports and rules say. Sentences of an analysis may follow: they come in English, and marked."""
    folders = [PACKAGE / "report", PACKAGE / "verdict"]
    needed = {m.key for folder in folders for m in every_message(folder)}
    lacking = [
        english[0]
        for m, english, said in translated(code)
        if (english[0], m.context) in needed and not all(said)
    ]
    assert not lacking
    assert len(needed) > 400


def every_message(folder: Path) -> Iterator[extract.Message]:
    for path in folder.rglob("*.py"):
        yield from extract.said_in_module(path.read_text("utf-8"))
    for path in folder.rglob("*.j2"):
        yield from extract.said_in_template(path.read_text("utf-8"))
    for path in folder.rglob("*.toml"):
        yield from (extract.Message(id=text) for text in extract.sentences(path))


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_has_the_places_of_its_source_and_every_form(code: str) -> None:
    forms = read(code).num_plurals
    for message, english, said in translated(code):
        assert len(said) == (forms if message.pluralizable else 1), english
        assert all(said) or not any(said), english
        wanted = {name for text in english for name in places(text)}
        for text in filter(None, said):
            assert places(text) == wanted, (english, text)
            assert text.count("{") == text.count("}"), text


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_judges_no_truth_and_gives_no_shares(code: str) -> None:
    for _, english, said in translated(code):
        for text in said:
            assert not re.search(TRUTH[code], text, re.IGNORECASE), text
            assert "!" not in text, text
            assert ("%" in text) <= any("%" in source for source in english), text


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_stands_as_its_source_does(code: str) -> None:
    """It begins and ends alike, so that it fits where the English stands: no space or stop of its own."""
    for _, english, said in translated(code):
        for text in filter(None, said):
            assert text.strip() == text or english[0].strip() != english[0], text
            ends = {english[0].rstrip()[-1], text.rstrip()[-1]}
            assert "." not in ends or ends & {"}", "№", "°"} or len(ends) == 1, text


@pytest.mark.parametrize("code", OTHERS)
def test_a_finding_with_parts_is_found_by_what_it_was_made_from(code: str) -> None:
    with speaking(code) as speech:
        said = [
            told_with(
                "No copy was found among {signatures} signature of {assets} other assets, compared with "
                "{queries} signatures of this one by {schemes}; an earlier copy elsewhere is not excluded. "
                "Sampled pictures left out: {skipped} with too little in them, {common} that occur in many "
                "assets here. Pairs of pictures laid over each other: {compared}.",
                dict.fromkeys(("signatures", "assets", "queries", "skipped", "common"), "7")
                | {"schemes": told_list("pdq/1 (up to 31 bits) and sound/1 (up to 9 bits)")}
                | {"compared": "8"},
            ),
            told_with(
                "Another asset, {asset}, first met here at {first-seen}, after this one, carries the same "
                "pictures ({spans}); {pairs} pair of pictures agrees; laid over each other, {agree} of "
                "{tiles} places agree. Change between them: {transform}.",
                {
                    "asset": "0123456789ab",
                    "first-seen": "2026-01-02T12:00:00Z",
                    "spans": told_list("0.0 to 13.0 s here is 1.5 to 14.5 s there, 3 more"),
                    "pairs": "{asset}",
                    "agree": "3",
                    "tiles": "4",
                    "transform": told_list(
                        "mirrored, turned by 90 degrees clockwise, cropped to 62 %"
                    ),
                },
            ),
            told_with(
                "The file states times: captured {captured}, modified {modified}.",
                {"captured": "2025:12:27 14:21:09", "modified": "{captured}"},
            ),
            told("It examines audio, video; this is a drawing."),
            told("What this mark cannot show: which program used the library."),
            told("what the analysis some-name would have shown: it failed"),
        ]
    assert not speech.missing
    assert not any(isinstance(text, language.Untranslated) for text in said)
    assert all(value in said[1] for value in ("0123456789ab", "2026-01-02T12:00:00Z", "62 %"))
    assert "{asset}" in said[1]
    assert said[2].endswith("{captured}.")
    assert "some-name" in said[5]
