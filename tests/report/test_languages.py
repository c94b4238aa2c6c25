"""Reports in every language: the same page in other words, as safe, and marked where it is English."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from babel.messages import Catalog

from forensics.language import LANGUAGES, catalogue
from forensics.report.html import render_html
from tests.report import made

OTHERS = tuple(LANGUAGES)[1:]
HEADLINES = {
    "uk": "За цим матеріалом перевірити неможливо",
    "ru": "По этому материалу проверить невозможно",
    "de": "Anhand dieses Materials nicht überprüfbar",
    "fr": "Non vérifiable à partir de ces éléments",
}


class Page(HTMLParser):
    """The elements of a page, their attributes, and the text that does not say that it is English."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[bool] = []
        self.unmarked = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in {"meta", "img", "br"}:
            self.open.append(tag != "html" and ("lang", "en") in attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self.open):
            self.unmarked += data


@pytest.mark.parametrize("code", OTHERS)
def test_a_page_names_its_language_and_has_the_same_elements(code: str) -> None:
    raw = render_html(made.still(), code)
    page, english = Page(raw), Page(render_html(made.still()))
    assert ("lang", code) in page.attributes[:1]
    assert HEADLINES[code] in raw
    assert page.tags.count("section") == english.tags.count("section")
    assert page.tags.count("table") == english.tags.count("table")


@pytest.mark.parametrize("code", OTHERS)
def test_text_names_the_headline_first(code: str, as_text) -> None:
    assert as_text(made.still(), language=code).startswith(HEADLINES[code])


@pytest.mark.parametrize("code", OTHERS)
def test_no_line_of_a_terminal_is_too_wide(code: str, as_text) -> None:
    commands = ("forensics ", "/")
    for line in as_text(made.drone(), 60, language=code).splitlines():
        assert len(line) <= 60 or any(c in line for c in commands), line


HOSTILE = ("<script>alert(1)</script>\"'&", "{asset} {0} {self.x!r} {{", "\u202egpj.exe\x1b[31m")


@pytest.mark.parametrize("text", HOSTILE, ids=["markup", "braces", "hidden"])
@pytest.mark.parametrize("code", OTHERS)
def test_hostile_text_is_as_harmless_in_every_language(code: str, text: str) -> None:
    raw = render_html(made.hostile(text), code)
    assert Page(raw).tags == Page(render_html(made.hostile("plain"), code)).tags
    assert not {unicodedata.category(c) for c in raw.replace("\n", "")} & {"Cc", "Cf", "Cs", "Co"}
    if "{" in text:
        assert text.replace("{{", "") in Page(raw).unmarked.replace("{{", "")


def test_all_that_a_catalogue_lacks_is_marked_as_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """With an empty catalogue every sentence is English, says so, and breaks no attribute."""
    monkeypatch.setattr(catalogue, "read", lambda _: Catalog(locale="de"))
    catalogue.load.cache_clear()
    try:
        page, english = Page(render_html(made.drone(), "de")), Page(render_html(made.drone()))
    finally:
        catalogue.load.cache_clear()
    assert not [value for _, value in page.attributes if value and "<" in value]
    assert [t for t in page.tags if t not in {"span", "p"}] == [
        t for t in english.tags if t not in {"span", "p"}
    ]
    told = set(re.findall(r"[A-Z][a-z]+(?: [a-z]+){4,}\.", english.unmarked))
    assert len(told) > 10
    assert not [sentence for sentence in told if sentence in page.unmarked]
