"""The text that a PDF's page carries, and where it stands on the picture that is drawn of the page.

What a file carries need not be what it shows: whoever uses this looks whether there is ink.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pypdfium2
import pypdfium2.raw

from forensics.errors import MediaError

MAX_LINES: Final = 3_000
MAX_TEXT: Final = 200
_FINE: Final = 16
"""PDFium gives whole pixels; asked for a picture so many times as large, it gives parts of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """A stretch of text in one font on one line.

    Attributes:
        text: As the file has it; hostile until escaped.
        x: Left edge, in pixels of the drawn page.
        y: Upper edge.
        width: In pixels.
        height: In pixels.
    """

    text: str
    x: float
    y: float
    width: float
    height: float


def page_text(path: Path, page: int, width: int, height: int) -> tuple[PageText, ...]:
    """Reads the text of one page.

    Args:
        path: A PDF.
        page: Which, from 0.
        width: Pixels of the picture that is drawn of the page.
        height: As `width`.

    Raises:
        MediaError: PDFium cannot read it.
    """
    try:
        document = pypdfium2.PdfDocument(path)
        try:
            return tuple(_lines(document[page], width, height))
        finally:
            document.close()
    except (pypdfium2.PdfiumError, ValueError, OverflowError, IndexError) as error:
        raise MediaError("The text of the PDF's page cannot be read: it is damaged.") from error


def _lines(page: pypdfium2.PdfPage, width: int, height: int) -> list[PageText]:
    texts = page.get_textpage()
    found = []
    for index in range(min(texts.count_rects(), MAX_LINES)):
        left, bottom, right, top = texts.get_rect(index)
        text = " ".join(texts.get_text_bounded(left, bottom, right, top).split())[:MAX_TEXT]
        corners = [_pixel(page, x, y, width, height) for x, y in ((left, top), (right, bottom))]
        (x0, x1), (y0, y1) = (sorted(values) for values in zip(*corners, strict=True))
        if text and x1 > x0 and y1 > y0:
            found.append(PageText(text=text, x=x0, y=y0, width=x1 - x0, height=y1 - y0))
    return found


def _pixel(
    page: pypdfium2.PdfPage, x: float, y: float, width: int, height: int
) -> tuple[float, float]:
    """Where a point of the page is drawn, with its crop box and rotation."""
    across, down = ctypes.c_int(), ctypes.c_int()
    pypdfium2.raw.FPDF_PageToDevice(
        page, 0, 0, _FINE * width, _FINE * height, 0, x, y, ctypes.byref(across), ctypes.byref(down)
    )
    return across.value / _FINE, down.value / _FINE
