"""The pictures of an asset that serve a search elsewhere: sharp, not dark, with little text, each another.

A choice to begin with, by rules of this project that are stated here and measured on nothing: a person may
choose better. Of each picture, reduced to 480 pixels on the longer side and grey:

- dark: its mean is below 40 of 255; blank: its standard deviation is below 12. Such pictures come last.
- text: the share of it in areas that look like lines of letters: strong edges (morphological gradient, Otsu's
  threshold) that join into areas at least twice as wide as high, 6 to 64 pixels high and half filled. Engines
  match the letters of a subtitle or an ident instead of the scene; above a tenth a picture comes later.
- sharpness: variance of the Laplacian (Pech-Pacheco et al., ICPR 2000); the sharpest comes first.
- alike: two pictures whose 16 × 16 reductions, mean and spread evened out, correlate by more than 0.9.

A worker task; what it leaves lies in the scratch folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from forensics.codec import ratio
from forensics.media.prepare import load_samples
from forensics.media.prepared import load

SIDE = 480
DARK, BLANK, TEXT, ALIKE = 40.0, 12.0, 0.1, 0.9
QUALITY = 92


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a picture looks like to the rules above.

    Attributes:
        empty: Dark or blank.
        text: Share of it that looks like lines of letters.
        sharpness: Variance of the Laplacian.
        small: 16 × 16, mean 0 and length 1; all 0 where it is blank.
    """

    empty: bool
    text: float
    sharpness: float
    small: NDArray[np.float64]


def picked_keyframes(folder: str, count: int) -> Any:
    """Writes the best pictures of the working copy as JPEG, in order of time.

    Args:
        folder: The scratch folder.
        count: No more than this many.

    Returns:
        [{path, time, width, height, notes}]; notes say what speaks against a picture that was taken for want
        of a better one: "dark-or-blank", "text".
    """
    work = Path(folder)
    samples = load_samples(work, load(work))
    looks = [look(samples.pixels(i)) for i in range(len(samples))]
    made = []
    for i in sorted(pick(looks, count)):
        path = work / f"keyframe-{i}.jpg"
        image = Image.fromarray(np.ascontiguousarray(samples.pixels(i)))
        image.save(path, "JPEG", quality=QUALITY)
        notes = [
            *(["dark-or-blank"] if looks[i].empty else []),
            *(["text"] if looks[i].text > TEXT else []),
        ]
        made.append(
            {
                "path": str(path),
                "time": ratio(samples[i].time),
                "width": image.width,
                "height": image.height,
                "notes": notes,
            }
        )
    return made


def pick(looks: list[Look], count: int) -> list[int]:
    """Returns which pictures to take, best first: each unlike all before it."""
    order = sorted(
        range(len(looks)),
        key=lambda i: (looks[i].empty, looks[i].text > TEXT, -looks[i].sharpness, i),
    )
    taken: list[int] = []
    for i in order:
        if taken and looks[i].empty:
            break  # nothing to find in it
        if len(taken) < count and not any(_alike(looks[i], looks[j]) for j in taken):
            taken.append(i)
    return taken


def look(pixels: NDArray[np.uint8]) -> Look:
    """Looks at an RGB picture of shape (height, width, 3)."""
    height, width = pixels.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    spread = float(grey.std())
    small = cv2.resize(grey, (16, 16), interpolation=cv2.INTER_AREA).astype(np.float64)
    small -= small.mean()
    length = float(np.linalg.norm(small))
    return Look(
        empty=bool(grey.mean() < DARK or spread < BLANK),
        text=_text(grey.astype(np.uint8)),
        sharpness=float(cv2.Laplacian(grey, cv2.CV_64F).var()),
        small=small / length if length else small,
    )


def _alike(one: Look, other: Look) -> bool:
    return float((one.small * other.small).sum()) > ALIKE


def _text(grey: NDArray[np.uint8]) -> float:
    """Returns the share of a picture in areas that look like lines of letters."""
    cross = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    edges = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, cross)
    _, strong = cv2.threshold(edges, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    joined = cv2.morphologyEx(
        strong, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (9, 1))
    )
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found = 0
    for i in range(1, count):
        width, height = int(stats[i, cv2.CC_STAT_WIDTH]), int(stats[i, cv2.CC_STAT_HEIGHT])
        filled = 2 * int(stats[i, cv2.CC_STAT_AREA]) >= width * height
        if 6 <= height <= 64 and width >= 2 * height and filled:
            found += width * height
    return found / grey.size
