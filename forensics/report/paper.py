"""Paper: headings, paragraphs, lists, tables and pictures on numbered A4 pages. A thin shell of fpdf2.

The typefaces (Source Sans, Source Serif; SIL Open Font License) come as packages, since PDF's own have no
Cyrillic. A character that they lack is written as its number, so that nothing is left out in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path

import font_source_sans_pro
import font_source_serif_pro
from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos
from fpdf.fonts import FontFace, TTFFont

from forensics.model import Picture

SANS, SERIF = "sans", "serif"
_INK, _SOFT, _RULE, _ACCENT = (28, 31, 36), (85, 90, 98), (200, 196, 188), (123, 30, 88)
_TINT = (244, 242, 237)
_MARGIN, _LINE = 19.0, 4.9
"""Millimetres."""
_BODY, _SMALL = 9.6, 8.0
"""Points."""
_LACKING = {"⟨": "‹", "⟩": "›", "\u202f": "\u00a0", "\u2011": "-"}
"""What stands for characters of ours that the typefaces lack."""


class Paper(FPDF):
    """A document that is written from top to bottom."""

    def __init__(self, *, title: str, language: str, at: datetime, page: str) -> None:
        """Begins a document.

        Args:
            title: Of the document.
            language: Its code.
            at: What stands as the time of its making: that of the newest entry, never the clock's.
            page: What stands before the number of a page.
        """
        super().__init__(format="A4")
        self._page_word = page
        for family, package, name in (
            (SANS, font_source_sans_pro, "SourceSansPro"),
            (SERIF, font_source_serif_pro, "SourceSerifPro"),
        ):
            folder = Path(package.__file__).parent / "files"
            for style, weight in (("", "Regular"), ("B", "Semibold")):
                self.add_font(family, style, folder / f"{name}-{weight}.ttf")
        self.set_title(title)
        self.set_lang(language)
        self.set_creation_date(at)
        self.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.set_auto_page_break(True, 20)
        self.add_page()

    def footer(self) -> None:
        """Writes the number of the page."""
        self.set_y(-14)
        self._ink(_SOFT, SANS, "", _SMALL)
        self.cell(0, 5, f"{self._page_word} {self.page_no()}", align="R")

    def normalize_text(self, text: str) -> str:
        """Returns text as the typeface can show it."""
        known = self.current_font.cmap if isinstance(self.current_font, TTFFont) else {}
        return "".join(
            c if ord(c) in known or c in "\n\t" else _LACKING.get(c) or f"‹U+{ord(c):04X}›"
            for c in super().normalize_text(text)
        )

    def bytes(self) -> bytes:
        """Returns the finished document."""
        return bytes(self.output())

    def title_line(self, text: str, *, accent: bool = False) -> None:
        """The headline."""
        self._ink(_ACCENT if accent else _INK, SERIF, "", 27)
        self._text(text, 10.5, after=3)

    def heading(self, text: str, level: int = 2) -> None:
        """A heading, with a rule above it where it begins a section."""
        if self.will_page_break(42 if level == 2 else 16):
            self.add_page()
        if level == 2:
            self.ln(3)
            self.set_draw_color(*_RULE)
            self.line(_MARGIN, self.get_y(), self.w - _MARGIN, self.get_y())
            self.ln(3)
            self._ink(_INK, SERIF, "", 15)
            self.start_section(text)
            self._text(text, 6.5, after=2)
        else:
            self.ln(1)
            self._ink(_INK, SANS, "B", _BODY + 0.6)
            self._text(text, _LINE + 0.3, after=1)

    def lead(self, text: str) -> None:
        """A sentence that is to be read first."""
        self._ink(_INK, SERIF, "", 12.5)
        self._text(text, 6.0, after=2)

    def quote(self, text: str) -> None:
        """Somebody's words."""
        self._ink(_INK, SERIF, "", 11.5)
        self.set_left_margin(_MARGIN + 5)
        self._text(text, 5.6, after=1)
        self.set_left_margin(_MARGIN)
        self.set_x(_MARGIN)

    def paragraph(self, text: str, *, strong: bool = False, after: float = 1.2) -> None:
        """Plain text."""
        self._ink(_INK, SANS, "B" if strong else "", _BODY)
        self._text(text, _LINE, after=after)

    def note(self, text: str) -> None:
        """Small print."""
        self._ink(_SOFT, SANS, "", _SMALL)
        self._text(text, 4.1, after=1)

    def items(self, sentences: Sequence[str]) -> None:
        """A list."""
        for sentence in sentences:
            self._ink(_INK, SANS, "", _BODY)
            self.set_x(_MARGIN + 1)
            self.cell(4, _LINE, "•")
            self.set_left_margin(_MARGIN + 5)
            self._text(sentence, _LINE, after=0.7)
            self.set_left_margin(_MARGIN)
        self.set_x(_MARGIN)
        self.ln(1)

    def rows(self, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        """A table without heads; the first column names the row."""
        self._ink(_INK, SANS, "", _BODY - 0.4)
        self.set_draw_color(*_RULE)
        with self.table(
            col_widths=tuple(widths),
            line_height=4.6,
            borders_layout="HORIZONTAL_LINES",
            first_row_as_headings=False,
            padding=(0.8, 2, 0.8, 0),
            text_align="LEFT",
        ) as table:
            for row in rows:
                line = table.row()
                for number, value in enumerate(row):
                    line.cell(value, style=FontFace(emphasis="BOLD") if number == 0 else None)
        self.ln(2)

    def facts(self, rows: Sequence[tuple[str, str]]) -> None:
        """What is known of something, by name."""
        self.rows(rows, (30, 70))

    def boxed(self, sentences: Sequence[str]) -> None:
        """Sentences that belong together and are not part of what stands around them."""
        self._ink(_INK, SANS, "", _BODY)
        self.set_fill_color(*_TINT)
        for sentence in sentences:
            self.multi_cell(
                0, _LINE + 0.4, sentence, fill=True, new_x=XPos.LMARGIN, new_y=YPos.NEXT, padding=1
            )
        self.ln(2)

    def pictures(self, pictures: Sequence[Picture], *, across: int, captions: bool = True) -> None:
        """Pictures side by side, each row with its captions below."""
        gap = 4.0
        width = (self.epw - gap * (across - 1)) / across
        for start in range(0, len(pictures), across):
            row = pictures[start : start + across]
            height = max(width * p.height / p.width for p in row)
            if self.will_page_break(height + 10):
                self.add_page()
            top = self.get_y()
            for number, picture in enumerate(row):
                left = _MARGIN + number * (width + gap)
                self.image(BytesIO(picture.data), x=left, y=top, w=width, alt_text=picture.caption)
            self.set_y(top + height + 1)
            if captions:
                low = self.get_y()
                for number, picture in enumerate(row):
                    self.set_xy(_MARGIN + number * (width + gap), self.get_y())
                    self._ink(_SOFT, SANS, "", _SMALL)
                    here = self.get_y()
                    self.multi_cell(width, 3.8, picture.caption, align="L")
                    low = max(low, self.get_y())
                    self.set_y(here)
                self.set_y(low)
            self.ln(2)
            self.set_x(_MARGIN)

    def verbatim(self, text: str) -> None:
        """Exact text, such as a signed note."""
        self._ink(_INK, SANS, "", _SMALL)
        self.set_fill_color(*_TINT)
        self.multi_cell(
            0,
            4.2,
            text,
            fill=True,
            align="L",
            wrapmode=WrapMode.CHAR,
            new_x=XPos.LMARGIN,
            padding=2,
        )
        self.ln(3)

    def _ink(self, colour: tuple[int, int, int], family: str, style: str, size: float) -> None:
        self.set_text_color(*colour)
        self.set_font(family, style, size)

    def _text(self, text: str, height: float, *, after: float) -> None:
        self.multi_cell(0, height, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(after)
