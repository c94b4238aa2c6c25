"""Markdown of a case: what strangers wrote stays text."""

from __future__ import annotations

import pytest

from forensics.report.markdown import escaped, render_markdown
from tests.report.cased import report


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[x](javascript:y)", r"\[x\](javascript:y)"),
        ("<img src=x>", r"\<img src=x\>"),
        ("# heading", r"\# heading"),
        ("- item", r"\- item"),
        ("1. item", r"\1. item"),
        ("a\n\nb", "a⟨U+000A⟩⟨U+000A⟩b"),
        ("**b** `c` _d_", r"\*\*b\*\* \`c\` \_d\_"),
        ("https://evil.example/x", r"https:\//evil.example/x"),
        ("a | b", r"a \| b"),
        ("a@b.example", r"a\@b.example"),
        ("plain-name.mp4", "plain-name.mp4"),
    ],
)
def test_marks_are_escaped(text, shown):
    assert escaped(text) == shown


def test_a_case_holds_no_markup_of_strangers():
    text = render_markdown(report())
    assert "<script" not in text.replace(r"\<script", "")
    assert "](javascript" not in text.replace(r"\](javascript", "")
    assert "\x1b" not in text


def test_it_says_the_headline_what_is_known_and_what_would_settle_it():
    text = render_markdown(report("plain words"))
    assert text.startswith("# Not verifiable from this material\n")
    for heading in (
        "## What is known",
        "## What could not be confirmed",
        "## What would settle it",
    ):
        assert heading in text
    assert "(entry 20)" in text
    assert "desk.example/t\n62\nAAAA" in text


def test_each_language_gives_the_same_text_twice():
    for language in ("en", "uk", "ru", "de", "fr"):
        assert render_markdown(report(), language) == render_markdown(report(), language)
