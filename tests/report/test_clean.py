import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.report.clean import visible

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=300)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("released.mp4", "released.mp4"),
        ("упавший дрон.mp4", "упавший дрон.mp4"),
        ("雪の中.jpg", "雪の中.jpg"),
        ("\x1b[2J", "⟨U+001B⟩[2J"),
        ("\x9b31m", "⟨U+009B⟩31m"),
        ("a\u202egpj.exe", "a⟨U+202E⟩gpj.exe"),
        ("one\ntwo\r", "one⟨U+000A⟩two⟨U+000D⟩"),
        ("tab\there", "tab⟨U+0009⟩here"),
        ("zero\u200bwidth\ufeff", "zero⟨U+200B⟩width⟨U+FEFF⟩"),
        ("line\u2028paragraph\u2029", "line⟨U+2028⟩paragraph⟨U+2029⟩"),
        ("isolate\u2066\u2069", "isolate⟨U+2066⟩⟨U+2069⟩"),
        ("not utf-8 \udcff", "not utf-8 ⟨U+DCFF⟩"),
        ("blank\u2800\u3164", "blank⟨U+2800⟩⟨U+3164⟩"),
        ("tag\U000e0041", "tag⟨U+E0041⟩"),
        ("selector\ufe0f", "selector⟨U+FE0F⟩"),
        ("\u0301leading mark", "⟨U+0301⟩leading mark"),
        ("cafe\u0301", "cafe\u0301"),
        ("[bold]not markup[/]", "[bold]not markup[/]"),
        ("", ""),
    ],
)
def test_what_is_hidden_is_shown(raw, shown):
    assert visible(raw) == shown


def test_a_pile_of_combining_marks_is_taken_apart():
    shown = visible("e" + "\u0300" * 50)
    assert shown.count("\u0300") == 4
    assert shown.count("⟨U+0300⟩") == 46


def test_a_long_text_keeps_its_beginning_and_its_end():
    shown = visible("a" * 5000 + ".exe", limit=100)
    assert shown.startswith("a" * 75)
    assert shown.endswith(".exe")
    assert "⟨… 4904 more characters …⟩" in shown


@given(ANY_TEXT)
def test_nothing_hidden_is_left_and_twice_is_once(text):
    shown = visible(text)
    assert not {unicodedata.category(c) for c in shown} & {
        "Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp",
    }  # fmt: skip
    assert visible(shown) == shown
    shown.encode()


@given(ANY_TEXT, st.integers(8, 60))
def test_the_length_is_bounded(text, limit):
    assert len(visible(text, limit)) <= limit * len("⟨U+10FFFF⟩") + len("⟨… 300 more characters …⟩")
