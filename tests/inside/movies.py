"""Movies and sound as bytes, made once by the ffmpeg in use, and what every tree of parts has to be."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from forensics.codec import plain
from forensics.errors import LimitExceeded
from forensics.inside.window import MAX_TEXT, Allowance, Window
from forensics.model import Part
from tests.media.making import make, pattern, tone, x264

HOSTILE = "\x1b[31mred\x1b[0m \u202egnp.exe\u2066 <script>\r\n\u0000end"
"""Terminal escapes, bidi marks, mark-up and line ends in one text."""
_CHAPTERS = """;FFMETADATA1
title=A film
[CHAPTER]
TIMEBASE=1/1000
START=0
END=500
title=One
[CHAPTER]
TIMEBASE=1/1000
START=500
END=1000
title=Zwei ü
"""
_COVER = ("-f", "lavfi", "-i", "color=red:size=32x32:rate=1:duration=1")
_DATE = ("-metadata", "creation_time=2024-03-01T10:11:12Z")


@cache
def made(name: str) -> bytes:
    """Returns a file of a second, by its name in `_RECIPES`."""
    with tempfile.TemporaryDirectory() as folder:
        return _RECIPES[name](Path(folder)).read_bytes()


def _film(folder: Path, name: str, *options: str) -> Path:
    chapters, note, titles = folder / "chapters", folder / "note.txt", folder / "s.srt"
    chapters.write_text(_CHAPTERS)
    note.write_text("attached text")
    titles.write_text("1\n00:00:00,000 --> 00:00:00,900\nHello\n")
    path = folder / name
    inputs = (*pattern(1), *tone(1), "-i", str(chapters), "-i", str(titles))
    filled = [option.format(note=note) for option in options]
    make(
        *inputs, "-map", "0", "-map", "1", "-map_metadata", "2", "-map_chapters", "2", *filled, path
    )
    return path


def _sound(folder: Path, name: str, *options: str, cover: bool = False) -> Path:
    path = folder / name
    inputs = (*tone(1), *(_COVER if cover else ()))
    maps = ("-map", "0", "-map", "1", "-disposition:v", "attached_pic") if cover else ()
    make(*inputs, *maps, *options, path)
    return path


_CODED = (*x264(), "-c:a", "aac")
_PLACE = "+47.3769+008.5417+408/"
_RECIPES: dict[str, Callable[[Path], Path]] = {
    "a.mp4": lambda f: _film(f, "a.mp4", *_CODED, *_DATE, "-metadata", "comment=a note"),
    "a.mov": lambda f: _film(
        f,
        "a.mov",
        *_CODED,
        *_DATE,
        *("-movflags", "use_metadata_tags", "-metadata", "com.apple.quicktime.make=Apple"),
        *("-metadata", f"com.apple.quicktime.location.ISO6709={_PLACE}"),
    ),
    "user.mov": lambda f: _film(f, "a.mov", *_CODED, "-metadata", f"location={_PLACE}"),
    "a.3gp": lambda f: _film(f, "a.3gp", *_CODED, "-metadata", f"location={_PLACE}"),
    "fragments.mp4": lambda f: _film(
        f, "a.mp4", *_CODED, "-movflags", "frag_keyframe+empty_moov+default_base_moof"
    ),
    "a.mkv": lambda f: _film(
        f,
        "a.mkv",
        *(*_CODED, "-map", "3", "-c:s", "srt", *_DATE, "-metadata:s:a", "language=deu"),
        *("-attach", "{note}", "-metadata:s:t", "mimetype=text/plain"),
    ),
    "a.webm": lambda f: _film(
        f, "a.webm", "-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libvorbis"
    ),
    "live.webm": lambda f: _film(
        f,
        "a.webm",
        *("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus", "-live", "1"),
    ),
    "a.ts": lambda f: _film(
        f,
        "a.ts",
        *_CODED,
        "-metadata",
        "service_name=Station",
        "-metadata",
        "service_provider=Someone",
    ),
    "a.m2ts": lambda f: _film(f, "a.m2ts", *_CODED, "-mpegts_m2ts_mode", "1"),
    "3.mp3": lambda f: _sound(
        f,
        "a.mp3",
        *("-c:a", "libmp3lame", "-id3v2_version", "3", "-write_id3v1", "1"),
        *("-metadata", "title=Tïtle", "-metadata", "artist=Someone"),
    ),
    "4.mp3": lambda f: _sound(
        f,
        "a.mp3",
        *("-c:v", "mjpeg", "-c:a", "libmp3lame", "-id3v2_version", "4"),
        *("-metadata", "title=Tïtle", "-metadata", "date=2024-01-02"),
        cover=True,
    ),
    "a.ogg": lambda f: _sound(f, "a.ogg", "-c:a", "libvorbis", "-metadata", "title=Tïtle"),
    "a.opus": lambda f: _sound(f, "a.opus", "-c:a", "libopus", "-metadata", "title=Tïtle"),
    "a.flac": lambda f: _sound(
        f, "a.flac", "-c:v", "png", "-c:a", "flac", "-metadata", "title=Tïtle", cover=True
    ),
    "flac.ogg": lambda f: _sound(f, "a.ogg", "-c:a", "flac", "-metadata", "title=Tïtle"),
}


def sound(root: Part, size: int) -> Part:
    """Asserts what holds of every tree: places inside the file, bounded texts that JSON can carry."""
    for _, part in ((), root), *root.walk():
        if part.at is not None:
            assert 0 <= part.at <= size, part
            assert part.at + (part.size or 0) <= size, part
        assert isinstance(part.value, int | str | None)
        if isinstance(part.value, str):
            assert len(part.value) <= MAX_TEXT
        assert part.trouble is None or part.trouble
    json.dumps(plain(root, Part)).encode()
    return root


def survives(reader: Callable[[Window], Part], data: bytes, *, seconds: float = 10) -> Part | None:
    """Reads hostile bytes: a sound tree within the time, or None where the allowance is spent."""
    start = time.monotonic()
    try:
        return sound(reader(Window.over(data, Allowance(bytes=64 << 20, parts=20_000))), len(data))
    except LimitExceeded:
        return None
    finally:
        assert time.monotonic() - start < seconds


def cut_everywhere(reader: Callable[[Window], Part], data: bytes, *, step: int = 1) -> None:
    """Reads every beginning of the data."""
    for length in range(0, len(data), step):
        survives(reader, data[:length])
