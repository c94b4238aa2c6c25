"""Chapters that a movie keeps as the samples of a text track (QuickTime File Format, "Chapter lists")."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.inside.bmff_samples import durations, samples
from forensics.inside.making import part
from forensics.inside.window import Window
from forensics.media.boxtext import old_text
from forensics.model import Box, Part


def read_chapters(window: Window, root: Box) -> Iterator[Part]:
    """Yields "chapters" for each track that others refer to as theirs.

    Args:
        window: The file.
        root: Its boxes.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    tracks = [box for path, box in root.walk() if path == "moov/trak"]
    wanted: set[str] = set()
    for track in tracks:
        reference = track.find("tref/chap")
        if reference is not None:
            wanted.update(str(reference.fields.get("tracks", "")).split(","))
    for track in tracks:
        header, handler = track.find("tkhd"), track.find("mdia/hdlr")
        if header is None or handler is None or str(header.fields.get("track")) not in wanted:
            continue
        if handler.fields.get("handler") not in ("text", "sbtl"):
            continue
        parts = tuple(_texts(window, track))
        yield part(
            window,
            "chapters",
            start=track.offset,
            size=track.size,
            meaning="chapters, as the samples of a text track",
            parts=parts,
        )


def _texts(window: Window, track: Box) -> Iterator[Part]:
    header = track.find("mdia/mdhd")
    scale = header.fields.get("timescale", 0) if header else 0
    ticks = 0
    for (at, size), lasts in zip(samples(window, track), durations(window, track), strict=False):
        data = window.read(at, min(size, 1 << 16))
        length = int.from_bytes(data[:2], "big")
        seconds = f"{ticks / scale:.3f} s" if isinstance(scale, int) and scale else f"{ticks} ticks"
        yield part(
            window,
            "chapter",
            old_text(data[2 : 2 + length], 0),
            start=at,
            size=size,
            meaning=f"from {seconds} on",
        )
        ticks += lasts
