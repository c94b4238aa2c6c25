"""Edits of videos by script: which picture of the source stands at each place, then coded anew."""

from __future__ import annotations

import random
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Place = tuple[int, bool]
"""Number of a picture of the source (negative: of another source, from -1 on), and whether it is mirrored."""

CODINGS = {"crf 18": (18, 0), "crf 23": (23, 0), "crf 30": (30, 0), "720p CRF 28": (28, 720)}
EDITS = ("repeat", "loop", "freeze", "delete", "insert", "mirror", "mirror-copy", "slow", "fast")
UNTOUCHED = ("as it is", "25 to 30", "30 to 25", "irregular")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What was done: the places in order, the first and the end of what was edited, in pictures."""

    places: tuple[Place, ...]
    first: int
    end: int


def edit(kind: str, count: int, rate: float, rng: random.Random) -> Edit:
    """Lays out an edit of `count` pictures, away from both ends."""
    whole: list[Place] = [(k, False) for k in range(count)]
    least = int(0.6 * rate)
    long = rng.randint(least, max(least, min(int(2.5 * rate), count // 4)))
    first = rng.randint(count // 10, count - long - count // 3)
    run = whole[first : first + long]
    at = rng.randint(first + long + int(0.3 * rate), count - int(0.2 * rate) - 1)
    if kind == "repeat":
        return Edit(places=(*whole[:at], *run, *whole[at:]), first=at, end=at + long)
    if kind == "loop":
        times = rng.randint(1, 2)
        rest = whole[first + long :]
        end = first + long * (1 + times)
        return Edit(places=(*whole[:first], *run * (1 + times), *rest), first=first + long, end=end)
    if kind == "freeze":
        hold = rng.randint(int(0.35 * rate), int(2 * rate))
        frozen = [whole[at]] * hold
        rest = whole[at + 1 :] if rng.random() < 0.5 else whole[at + hold :]
        return Edit(places=(*whole[:at], *frozen, *rest), first=at, end=at + hold)
    if kind == "delete":
        return Edit(places=(*whole[:first], *whole[first + long :]), first=first, end=first)
    if kind == "insert":
        other = [(-1 - k, False) for k in range(long)]
        return Edit(places=(*whole[:at], *other, *whole[at:]), first=at, end=at + long)
    if kind == "mirror":
        turned = [(k, True) for k, _ in run]
        rest = whole[first + long :]
        return Edit(places=(*whole[:first], *turned, *rest), first=first, end=first + long)
    if kind == "mirror-copy":
        turned = [(k, True) for k, _ in run]
        return Edit(places=(*whole[:at], *turned, *whole[at:]), first=at, end=at + long)
    if kind == "slow":
        slowed = [place for place in run for _ in range(2)]
        rest = whole[first + long :]
        return Edit(places=(*whole[:first], *slowed, *rest), first=first, end=first + 2 * long)
    if kind == "fast":
        quick = run[::2]
        rest = whole[first + long :]
        return Edit(places=(*whole[:first], *quick, *rest), first=first, end=first + len(quick))
    raise ValueError(kind)


def untouched(kind: str, count: int, rng: random.Random) -> tuple[Place, ...]:
    """Lays out what platforms do to times: nothing, pictures repeated or left out to another rate."""
    if kind == "25 to 30":
        return tuple((k * 5 // 6, False) for k in range(count * 6 // 5))
    if kind == "30 to 25":
        return tuple((k * 6 // 5, False) for k in range(count * 5 // 6))
    if kind == "irregular":  # as from a device of variable rate, laid on regular times
        places, at = [], 0.0
        while at < count - 1:
            at += rng.choice((0.5, 1.0, 1.0, 1.0, 1.5))
            places.append((min(int(at), count - 1), False))
        return tuple(places)
    return tuple((k, False) for k in range(count))


def coded(
    pictures: Sequence[Pixels],
    places: Sequence[Place],
    coding: str,
    rate: float,
    other: Sequence[Pixels] = (),
) -> bytes:
    """Returns the pictures at their places as H.264 in MP4 (preset veryfast)."""
    crf, rows = CODINGS[coding]
    high, wide, _ = pictures[0].shape
    scale = f"scale=-2:{rows}" if rows else "scale=trunc(iw/2)*2:trunc(ih/2)*2"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.mp4"
        command = [
            "ffmpeg", "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{wide}x{high}",
            "-r", f"{rate:g}", "-i", "-", "-vf", scale, "-c:v", "libx264", "-preset", "veryfast",
            "-crf", str(crf), "-pix_fmt", "yuv420p", "-threads", "1", "-movflags", "+faststart", str(path),
        ]  # fmt: skip
        with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
            assert process.stdin is not None  # noqa: S101 - asked for above
            for number, flipped in places:
                shown = pictures[number] if number >= 0 else other[(-1 - number) % len(other)]
                if shown.shape != pictures[0].shape:
                    shown = _fitted(shown, high, wide)
                process.stdin.write(
                    np.ascontiguousarray(shown[:, ::-1] if flipped else shown).tobytes()
                )
            process.stdin.close()
            process.wait()
        return path.read_bytes()


def _fitted(picture: Pixels, high: int, wide: int) -> Pixels:
    return np.asarray(cv2.resize(picture, (wide, high), interpolation=cv2.INTER_AREA), np.uint8)


def decoded(path: Path, most: int) -> tuple[list[Pixels], float]:
    """Returns a video's first pictures as RGB, at most `most`, no larger than 854 × 480, and their rate."""
    video = cv2.VideoCapture(str(path))
    rate = video.get(cv2.CAP_PROP_FPS) or 25.0
    found: list[Pixels] = []
    while len(found) < most:
        there, picture = video.read()
        if not there:
            break
        shrink = min(1.0, 854 / max(picture.shape[:2]))
        if shrink < 1:
            picture = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        high, wide = picture.shape[0] // 2 * 2, picture.shape[1] // 2 * 2
        found.append(np.ascontiguousarray(picture[:high, :wide, ::-1]))
    video.release()
    return found, rate
