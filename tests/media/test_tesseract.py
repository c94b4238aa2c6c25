"""What tesseract answers, and what it does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.errors import MissingCapability
from forensics.media import tesseract
from forensics.media.tesseract import words

HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)
GOOD = "5\t1\t2\t1\t3\t1\t10\t20\t30\t40\t91.6\tКурск"


def test_words_are_read_with_their_boxes() -> None:
    (word,) = words(f"{HEAD}\n{GOOD}\n")
    assert (word.text, word.x, word.y, word.width, word.height) == ("Курск", 10, 20, 30, 40)
    assert word.confidence == 92
    assert word.line == 2_001_003


@pytest.mark.parametrize(
    "row",
    {
        "no columns": "",
        "too few columns": "5\t1\t2\t1\t3\t1\t10\t20",
        "no text": "5\t1\t2\t1\t3\t1\t10\t20\t30\t40\t91\t ",
        "no word": "4\t1\t2\t1\t3\t0\t10\t20\t30\t40\t-1\t",
        "not a number": GOOD.replace("\t10\t", "\tnan\t"),
        "without end": GOOD.replace("\t10\t", "\tinf\t"),
        "below zero": GOOD.replace("\t10\t", "\t-10\t"),
        "too large": GOOD.replace("\t10\t", "\t1e9\t"),
        "long digits": GOOD.replace("\t2\t", "\t" + "9" * 5000 + "\t"),
        "surer than sure": GOOD.replace("91.6", "1e300"),
        "words for numbers": GOOD.replace("\t20\t", "\ttwenty\t"),
    }.values(),
)
def test_rows_that_are_not_of_the_form_are_passed_over(row: str) -> None:
    assert [w.text for w in words(f"{HEAD}\n{row}\n{GOOD}")] == ["Курск"]


def test_another_head_gives_nothing() -> None:
    assert words(f"a\tb\n{GOOD}") == []
    assert words("") == []


def test_quotes_long_fields_and_many_rows_are_bounded() -> None:
    quoted = GOOD.replace("Курск", '"Курск')
    long = GOOD.replace("Курск", "К" * 500_000)
    found = words("\n".join([HEAD, quoted, long, *[GOOD] * (tesseract.MAX_WORDS + 10)]))
    assert len(found) == tesseract.MAX_WORDS
    assert found[0].text == '"Курск'
    assert len(found[1].text) == tesseract.MAX_TEXT


@given(st.text())
def test_nothing_that_it_says_is_an_error(answer: str) -> None:
    words(answer)
    words(f"{HEAD}\n{answer}")


def test_without_the_program_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "program", lambda: None)
    with pytest.raises(MissingCapability) as caught:
        tesseract.read([np.zeros((9, 9), np.uint8)], mode=tesseract.SPARSE, seconds=9)
    assert "tesseract-ocr-ukr" in caught.value.hint


@pytest.mark.interop
def test_an_empty_picture_has_no_words() -> None:
    blank = np.full((60, 200), 255, np.uint8)
    assert tesseract.read([blank, blank], mode=tesseract.SPARSE, seconds=30) == [[], []]
    assert tesseract.version() is not None
