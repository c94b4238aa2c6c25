"""Text of PDF pages, where it is drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from forensics.errors import MediaError
from forensics.media.pagetext import PageText, joined, page_text
from forensics.media.stills import decode_pdf
from tests.media.making import pdf

FONT = b"/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"


def paged(tmp_path: Path, content: bytes, more: bytes = b"") -> Path:
    path = tmp_path / "page.pdf"
    data = pdf([(300, 200, content)])
    # The helper's pages have no fonts; what it puts under /Resources is no longer than this.
    old = data[data.index(b"/Resources") : data.index(b">> >>", data.index(b"/Resources")) + 5]
    data = data.replace(old, FONT + more)
    path.write_bytes(data)
    return path


WORD = b"BT /F 20 Tf 100 50 Td (Kharkiv) Tj ET"


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_word_is_told_where_it_is_drawn(tmp_path: Path, turn: int) -> None:
    path = paged(tmp_path, WORD, b" /Rotate %d" % turn)
    _, (sample,) = decode_pdf(path, tmp_path / "pixels", 10_000_000)
    pixels = np.fromfile(tmp_path / "pixels", np.uint8).reshape(sample.height, sample.width, 3)
    rows, columns = np.nonzero(pixels.min(axis=2) < 128)
    (line,) = page_text(path, 0, sample.width, sample.height)
    assert line.text == "Kharkiv"
    assert line.x == pytest.approx(columns.min(), abs=4)
    assert line.y == pytest.approx(rows.min(), abs=4)
    assert line.x + line.width == pytest.approx(columns.max(), abs=4)
    assert line.y + line.height == pytest.approx(rows.max(), abs=4)


def test_a_page_without_text_has_none(tmp_path: Path) -> None:
    assert page_text(paged(tmp_path, b"0 0 50 50 re f"), 0, 400, 300) == ()


@pytest.mark.parametrize("page", [1, -9])
def test_a_page_that_is_not_there_is_refused(tmp_path: Path, page: int) -> None:
    with pytest.raises(MediaError, match="cannot be read"):
        page_text(paged(tmp_path, WORD), page, 400, 300)


def test_what_is_no_pdf_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"%PDF-1.7\nno")
    with pytest.raises(MediaError, match="cannot be read"):
        page_text(tmp_path / "x", 0, 400, 300)


def stretch(text: str, x: float, y: float = 100, high: float = 20) -> PageText:
    return PageText(text=text, x=x, y=y, width=10.0 * len(text), height=high)


def test_words_and_letters_that_were_set_one_by_one_are_one_line() -> None:
    words = [stretch("из", 0, 106, 13), stretch("района", 28), stretch("Курска", 96)]
    (line,) = joined(words)
    assert line == PageText(text="из района Курска", x=0, y=100, width=156, height=20)
    (spelt,) = joined([stretch(c, 10 * i) for i, c in enumerate("Сумы")])
    assert spelt.text == "Сумы"


def test_names_that_stand_apart_or_at_other_levels_stay_apart() -> None:
    apart = [stretch("Курск", 0), stretch("Сумы", 80), stretch("Орёл", 121, 130)]
    assert joined(apart) == apart
