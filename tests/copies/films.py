"""Films made of pictures by the ffmpeg in use, and read as a check reads them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.copies.pictures import Picture, resized, scene
from tests.media.making import make, x264


def film(path: Path, pictures: Sequence[Picture], rate: int, *options: str) -> Path:
    """Encodes pictures of one size, `rate` a second."""
    raw = path.with_suffix(".rgb")
    raw.write_bytes(b"".join(np.ascontiguousarray(picture).tobytes() for picture in pictures))
    height, width = pictures[0].shape[:2]
    given = ("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(rate))
    make(*given, "-i", raw, *x264("-crf", "23", *options), path)
    raw.unlink()
    return path


def cut_together(seeds: Sequence[int], seconds: int, rate: int = 5) -> list[Picture]:
    """Returns the pictures of a film that shows each scene for so many seconds, 320 × 180."""
    shown = [resized(scene(seed), 320, 180) for seed in seeds]
    return [picture for picture in shown for _ in range(seconds * rate)]


def before_a_wall(
    wall: int, walker: int | None, seconds: int, rate: int = 10, *, wide: int = 130, tall: int = 140
) -> list[Picture]:
    """Returns the pictures of a camera that stands before a wall along which something passes."""
    back = resized(scene(wall), 320, 180)
    pictures = []
    for number in range(seconds * rate):
        picture = back.copy()
        if walker is not None:
            x = (37 * walker + 11 * number) % (320 - wide)
            front = resized(scene(walker), 320, 180)[:tall, :wide]
            picture[180 - tall :, x : x + wide] = front
        pictures.append(picture)
    return pictures
