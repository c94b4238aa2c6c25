"""The text that a PDF's page carries, and where it stands on the picture that is drawn of the page.

What a file carries need not be what it shows: whoever uses this looks whether there is ink.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pypdfium2
import pypdfium2.raw

from forensics.errors import MediaError

MAX_LINES: Final = 3_000
MAX_TEXT: Final = 200
SPACE: Final = 0.12
"""Heights from one word to the next, at least."""
APART: Final = 0.6
"""Heights between two words that are not of one line."""
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
            return tuple(joined(_stretches(document[page], width, height)))
        finally:
            document.close()
    except (pypdfium2.PdfiumError, ValueError, OverflowError, IndexError) as error:
        raise MediaError("The text of the PDF's page cannot be read: it is damaged.") from error


def joined(stretches: Sequence[PageText]) -> list[PageText]:
    """Returns lines: words, or letters, that a program set one by one, put together where they follow."""
    found: list[PageText] = []
    for after in stretches:
        before = found[-1] if found else None
        gap = None if before is None else _gap(before, after)
        if before is None or gap is None or len(before.text) + len(after.text) >= MAX_TEXT:
            found.append(after)
            continue
        space = " " if gap > SPACE else ""
        top = min(before.y, after.y)
        found[-1] = PageText(
            text=f"{before.text}{space}{after.text}",
            x=before.x,
            y=top,
            width=after.x + after.width - before.x,
            height=max(before.y + before.height, after.y + after.height) - top,
        )
    return found


def _gap(before: PageText, after: PageText) -> float | None:
    """Heights between two stretches of one line; None where they are not of one line."""
    high, low = max(before.height, after.height), min(before.height, after.height)
    level = min(before.y + before.height, after.y + after.height) - max(before.y, after.y)
    gap = (after.x - before.x - before.width) / high
    return gap if level > 0.7 * low and low > 0.4 * high and -0.1 < gap < APART else None


def _stretches(page: pypdfium2.PdfPage, width: int, height: int) -> list[PageText]:
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
