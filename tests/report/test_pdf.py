"""A case on paper: readable in every language, the same bytes each time, nothing left out in silence."""

from __future__ import annotations

import pypdfium2
import pytest

from forensics.report.pdf import render_pdf
from tests.report.cased import HOSTILE, report


def text_of(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_it_says_the_headline_and_the_lists():
    text = " ".join(text_of(render_pdf(report("plain words"))).split())
    assert "Not verifiable from this material" in text
    for heading in ("What is known", "What could not be confirmed", "What would settle it"):
        assert heading in text
    assert "entry 20" in text
    assert "desk.example/t 62 AAAA" in text


@pytest.mark.parametrize("language", ["uk", "ru", "de", "fr"])
def test_cyrillic_and_accents_are_letters(language):
    text = text_of(render_pdf(report("Сумы, Суми, їжак, Größe, été"), language))
    assert "їжак" in text
    assert "Größe" in text


def test_a_letter_that_the_typeface_lacks_is_told_by_its_number():
    assert "‹U+0645›" in text_of(render_pdf(report("م")))


def test_the_same_report_gives_the_same_bytes():
    assert render_pdf(report()) == render_pdf(report())


def test_nothing_of_a_stranger_becomes_an_action():
    data = render_pdf(report(HOSTILE))
    assert b"/JavaScript" not in data
    assert b"/URI" not in data
    assert b"/Launch" not in data
