"""Where do the segments of a JPEG stream begin and end?

ISO/IEC 10918-1 (ITU-T T.81) annex B: markers are 0xFF and a code; most are followed by a length and a
payload, SOS by entropy-coded data in which 0xFF is followed by 0x00 or a restart marker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from forensics.errors import LimitExceeded
from forensics.inside.window import Window

MAX_SEGMENTS: Final = 4000
"""Segments that are told each; of those behind them only the ones that tell of the picture or of the file."""
MAX_MORE: Final = 500
"""How many of those."""
MAX_HEADERS: Final = 50_000
"""Segments whose headers are read."""
_FIRST: Final = 1 << 12
_LARGEST: Final = 1 << 20
"""Bytes read at once: few at first, since most segments and scans are short, and twice as many each time."""
_RESTART: Final = re.compile(rb"\xff[\xd0-\xd7]")
_MARKER: Final = re.compile(rb"\xff[^\x00\xff]")
_STRAY: Final = re.compile(rb"\xff[\x01-\xbf\xf0-\xfd]")
_PLAIN: Final = re.compile(rb"\xff[\xc0-\xcf\xd8-\xef\xfe]")
"""Markers that can end a scan; the others do not occur in one unless it is damaged."""

SOI, EOI, SOS, DQT, DHT, DRI, DNL, COM, TEM = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xDD, 0xDC, 0xFE, 0x01
FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_TELLING: Final = frozenset({0xE0, 0xE1, 0xE2, 0xEB, 0xED, 0xEE})
_PADDING: Final = (frozenset(range(0xE0, 0xF0)) - _TELLING) | {0, COM, TEM}
_BARE: Final = frozenset({SOI, EOI, TEM, *range(0xD0, 0xD8)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One marker and what belongs to it.

    Attributes:
        marker: Its code, the byte after 0xFF.
        start: Offset of its 0xFF in the window.
        payload: Offset of its payload, after the length.
        size: Bytes of payload that are there.
        coded: Bytes of entropy-coded data after an SOS.
        restarts: Restart markers in that data.
        trouble: What is wrong with it.
    """

    marker: int
    start: int
    payload: int
    size: int = 0
    coded: int = 0
    restarts: int = 0
    trouble: str | None = None

    @property
    def end(self) -> int:
        """Offset of the first byte after it."""
        return self.payload + self.size + self.coded


def scan(window: Window) -> Iterator[Segment]:
    """Yields the segments from the start of the window up to and with EOI.

    Ends without EOI where the stream is cut off or breaks off, and at a limit, which stands in the
    allowance then.
    """
    position, scanned, more = 0, False, MAX_MORE
    with suppress(LimitExceeded):
        for number in range(MAX_HEADERS):
            if position >= window.size:
                return
            segment = _segment(window, position, scanned=scanned)
            scanned = scanned or segment.marker == SOS
            if number < MAX_SEGMENTS:
                yield segment
            elif more and segment.marker not in _PADDING:
                more -= 1
                yield segment
            else:
                window.allowance.reach(
                    f"More than {MAX_SEGMENTS} segments; of the rest those that often hold"
                    " metadata were read."
                )
            if segment.marker == EOI or segment.end <= position:
                return
            position = segment.end
        window.allowance.reach(f"More than {MAX_HEADERS} segments; the rest was not read.")


def _segment(window: Window, start: int, *, scanned: bool) -> Segment:
    """The next segment at or after `start`; bytes before its marker are its trouble."""
    head = window.read(start, 4)
    trouble = None
    if (
        scanned
        and head.lstrip(b"\xff")[:1]
        and not _PLAIN.match(b"\xff" + head.lstrip(b"\xff")[:1])
    ):
        size, restarts, _, _ = _coded(window, start)
        return Segment(
            marker=0,
            start=start,
            payload=start,
            coded=size,
            restarts=restarts,
            trouble="Coded picture outside a scan: the file is damaged before it.",
        )
    if len(head) < 2 or head[0] != 0xFF or head[1] in {0x00, 0xFF}:
        found = _next_marker(window, start, _MARKER)
        if found is None:
            return Segment(
                marker=0,
                start=start,
                payload=start,
                size=window.size - start,
                trouble="Here a marker is expected, and none follows.",
            )
        between = found - start
        if window.read(start, min(between, 64)).strip(b"\xff"):
            trouble = f"{between} bytes that belong to nothing lie before it."
        start, head = found, window.read(found, 4)
    marker = head[1]
    if marker in _BARE:
        return Segment(marker=marker, start=start, payload=start + 2, trouble=trouble)
    stated = int.from_bytes(head[2:4], "big") if len(head) == 4 else 0
    payload = min(start + 4, window.size)
    size = max(0, stated - 2)
    if stated < 2:
        trouble = f"It states a length of {stated}; at least 2 is possible."
    elif payload + size > window.size:
        trouble = f"It states {size} bytes; {window.size - payload} are left in the file."
        size = window.size - payload
    coded, restarts = 0, 0
    if marker == SOS:
        coded, restarts, strays, ended = _coded(window, payload + size)
        if not ended:
            trouble = trouble or "The file ends inside the coded picture."
        elif strays:
            trouble = trouble or f"Markers that cannot stand in it: {strays}. It is damaged."
    return Segment(
        marker=marker,
        start=start,
        payload=payload,
        size=size,
        coded=coded,
        restarts=restarts,
        trouble=trouble,
    )


def _next_marker(window: Window, start: int, pattern: re.Pattern[bytes]) -> int | None:
    """Offset of the next match; read block by block, one byte of each seen twice."""
    step = _FIRST
    while start < window.size - 1:
        block = window.read(start, step)
        step = min(2 * step, _LARGEST)
        if match := pattern.search(block):
            return start + match.start()
        if len(block) < 2:
            return None
        start += len(block) - 1
    return None


def _coded(window: Window, start: int) -> tuple[int, int, int, bool]:
    """Bytes of coded data from `start`, restart and stray markers in them, and whether a marker ends them."""
    position, restarts, strays, step = start, 0, 0, _FIRST
    while position < window.size - 1:
        block = window.read(position, step)
        step = min(2 * step, _LARGEST)
        match = _PLAIN.search(block)
        end = match.start() if match else len(block)
        restarts += len(_RESTART.findall(block, 0, end))
        strays += len(_STRAY.findall(block, 0, end))
        if match:
            return position + end - start, restarts, strays, True
        if len(block) < 2:
            break
        position += len(block) - 1
    return max(0, window.size - start), restarts, strays, False
