"""The page of a case: whole, harmless, and each sentence with its entry."""

from __future__ import annotations

import re

import pytest

from forensics.report.casepage import render_case_html
from forensics.report.markdown import render_markdown
from forensics.report.pdf import render_pdf
from tests.report.cased import HOSTILE, report
from tests.report.test_html import Page as Strict
from tests.report.test_pdf import text_of

CAVEATS = ("A wrong record would mislead this test.",)

VOID = {"meta", "img", "br", "rect", "polygon", "line"}


class Page(Strict):
    def handle_starttag(self, tag, attrs):
        if tag == "line":
            self.tags.append((tag, dict(attrs)))
            return
        super().handle_starttag(tag, attrs)

    def handle_startendtag(self, tag, attrs):
        assert tag in VOID
        self.tags.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def page():
    return Page(render_case_html(report()))


def test_it_is_a_whole_document_with_one_headline(page):
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1


def test_nothing_runs_and_nothing_is_fetched(page):
    tags = {name for name, _ in page.tags}
    assert not tags & {"script", "link", "iframe", "object", "embed", "form", "base", "video"}
    for tag, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on")]
        for name in ("href", "src"):
            value = attrs.get(name, "#")
            assert value.startswith(("#", "data:image/")), (tag, value)


def test_what_a_stranger_wrote_is_text_and_nothing_else(page):
    text = render_case_html(report())
    assert "<script>" not in text
    assert "\x1b" not in text
    assert "alert(1)" in page.words


def test_each_link_leads_somewhere_and_each_id_is_there_once(page):
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for attrs in page.all("a"):
        assert attrs["href"][1:] in ids


def test_what_is_known_names_its_entry_and_contradictions_come_first(page):
    known = page.words.split("What is known")[1].split("What could not be confirmed")[0]
    assert "entry 20" in known
    first = known.split("[entry")[0]
    assert "published 2025-02-14 10:00 UTC" in first or "on record since 2025-02-14" in first


def test_what_findings_cannot_show_stands_with_them_everywhere(page):
    for caveat in CAVEATS:
        assert caveat in page.words
    for made in (render_markdown(report()), text_of(render_pdf(report()))):
        words = " ".join(made.split())
        for caveat in CAVEATS:
            assert caveat in words


def test_what_was_found_across_the_files_is_told_in_every_format(page):
    said = "Two files are of one publisher."
    assert said in page.words
    assert said in " ".join(text_of(render_pdf(report())).split())


def test_a_person_and_the_machine_are_told_apart(page):
    assert "A person looked at the verdict in entry 30 and judges otherwise." in page.words
    assert "A person's decision stands beside the machine's verdict" in page.words
    assert "It would be expected just as well if the claim were false" in page.words


def test_the_slider_needs_no_script_and_can_be_reached_by_keyboard(page):
    (slider,) = [a for a in page.all("div") if a.get("class") == "slider"]
    assert slider["tabindex"] == "0"
    assert slider["aria-label"]


def test_pictures_have_words_or_are_hidden_from_readers(page):
    for attrs in page.all("img"):
        assert "alt" in attrs


def test_times_read_as_times(page):
    assert "2025-12-31 09:00 UTC" in page.words
    assert not re.search(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", page.words.split("Signed checkpoint")[0]
    )


@pytest.mark.parametrize("language", ["uk", "ru", "de", "fr"])
def test_other_languages_mark_what_is_still_english(language):
    page = Page(render_case_html(report(), language))
    assert page.all("html") == [{"lang": language}]
    assert HOSTILE[:20] not in render_case_html(report(), language)


def test_the_same_report_gives_the_same_bytes():
    assert render_case_html(report()) == render_case_html(report())
