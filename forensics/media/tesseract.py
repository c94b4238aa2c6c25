"""The one door to tesseract: which program, which languages, and how it is run.

tesseract comes from the system's packages. It is given a grey picture on its standard input and answers
with words and boxes as tab-separated text; it opens no file but its own language data. Its share of
processor, memory and time is that of the worker that calls this.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forensics.errors import LimitExceeded, MediaError, MissingCapability
from forensics.media.limits import die_with_parent

LANGUAGES: Final = ("rus", "ukr", "eng")
SPARSE: Final = 11
"""tesseract's page segmentation for text in no order."""
LINE: Final = 7
"""For a single line."""
MAX_WORDS: Final = 5_000
MAX_TEXT: Final = 200
MAX_SIDE: Final = 100_000
"""Pixels: no picture that is read is larger."""
MAX_ANSWER: Final = 8 << 20
AT_ONCE: Final = 2
"""Pictures read side by side; each run keeps to one core."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word as tesseract reads it.

    Attributes:
        text: Hostile until escaped.
        x: Left edge in pixels of the picture that was given.
        y: Upper edge.
        width: In pixels.
        height: In pixels.
        confidence: tesseract's own, 0 to 100.
        line: Words with equal numbers stand on one line.
    """

    text: str
    x: float
    y: float
    width: float
    height: float
    confidence: int
    line: int


@functools.cache
def program() -> str | None:
    """Returns the absolute path of tesseract, or None."""
    found = shutil.which("tesseract")
    return os.path.abspath(found) if found else None  # noqa: PTH100 - a link's own name is kept


@functools.cache
def languages() -> tuple[str, ...]:
    """Returns which of `LANGUAGES` are installed, in that order; none without tesseract."""
    path = program()
    if path is None:
        return ()
    said = subprocess.run(  # noqa: S603 - a fixed program, fixed arguments
        [path, "--list-langs"], capture_output=True, timeout=20, check=False
    ).stdout.decode("ascii", "replace")
    return tuple(name for name in LANGUAGES if name in said.split())


@functools.cache
def version() -> str | None:
    """Returns the version with its languages ("5.3.0 rus+ukr+eng"), or None where it cannot be used."""
    path = program()
    if path is None or not languages():
        return None
    said = subprocess.run(  # noqa: S603 - a fixed program, and no shell
        [path, "--version"], capture_output=True, timeout=20, check=False
    )
    found = re.search(rb"tesseract v?(\S{1,40})", said.stdout + said.stderr)
    return f"{found[1].decode('ascii', 'replace')} {'+'.join(languages())}" if found else None


def read(
    pictures: Sequence[NDArray[np.uint8]],
    *,
    mode: int,
    seconds: float,
    only: Sequence[str] = LANGUAGES,
) -> list[list[Word]]:
    """Reads pictures side by side.

    Args:
        pictures: Grey, uint8 of shape (height, width).
        mode: `SPARSE` or `LINE`.
        seconds: Wall-clock time for each.
        only: Which of `LANGUAGES` to read; those that are not installed are left out.

    Returns:
        The words of each picture, in tesseract's order.

    Raises:
        MissingCapability: tesseract or its languages are not installed.
        LimitExceeded: It did not end in time.
        MediaError: It failed.
    """
    path = program()
    if path is None or not languages():
        raise MissingCapability(
            "tesseract or its languages are not installed.",
            hint="Install tesseract-ocr, tesseract-ocr-rus and tesseract-ocr-ukr, or give labels by hand.",
        )
    chosen = [name for name in languages() if name in only] or languages()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda picture: _read(path, picture, mode, seconds, chosen), pictures))


def _read(
    path: str, picture: NDArray[np.uint8], mode: int, seconds: float, chosen: Sequence[str]
) -> list[Word]:
    height, width = picture.shape
    data = b"P5 %d %d 255\n" % (width, height) + picture.tobytes()
    command = [path, "stdin", "stdout", "-l", "+".join(chosen), "--psm", str(mode), "tsv"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program; the picture comes on its standard input
            command,
            input=data,
            capture_output=True,
            timeout=seconds,
            check=False,
            preexec_fn=die_with_parent,
            env=_environment(),
        )
    except subprocess.TimeoutExpired as error:
        raise LimitExceeded(f"tesseract did not read the picture in {seconds:.0f} s.") from error
    if done.returncode:
        raise MediaError(f"tesseract failed on the picture with code {done.returncode}.")
    return words(done.stdout[:MAX_ANSWER].decode("utf-8", "replace"))


def _environment() -> dict[str, str]:
    kept = {k: os.environ[k] for k in ("TESSDATA_PREFIX",) if k in os.environ}
    return {"PATH": os.defpath, "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8", **kept}


def words(answer: str) -> list[Word]:
    """Reads tesseract's tab-separated answer; lines that are not of its form are passed over."""
    head, *rows = answer.split("\n")
    names = head.rstrip("\r").split("\t")
    found: list[Word] = []
    for row in rows:
        if len(found) >= MAX_WORDS:
            break
        word = _word(dict(zip(names, row.rstrip("\r").split("\t"), strict=False)))
        if word is not None:
            found.append(word)
    return found


def _word(row: dict[str, str]) -> Word | None:
    text = row.get("text", "").strip()[:MAX_TEXT]
    try:
        block, paragraph, line = (int(row[k]) for k in ("block_num", "par_num", "line_num"))
        x, y, width, height, sure = (
            float(row[k]) for k in ("left", "top", "width", "height", "conf")
        )
    except (KeyError, ValueError):
        return None
    if (
        not text
        or not all(0 <= v <= MAX_SIDE for v in (x, y, width, height))
        or not 0 <= sure <= 100
    ):
        return None
    return Word(
        text=text,
        x=x,
        y=y,
        width=width,
        height=height,
        confidence=round(sure),
        line=(block * 1000 + paragraph) * 1000 + line,
    )
