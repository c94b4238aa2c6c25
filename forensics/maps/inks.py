"""What colours are things drawn in on a map, and where is each?

Overlays are drawn in a few flat colours over a ground that changes slowly. The ground is a wide median; what
differs from it is gathered by colour, in CIE Lab, and each frequent colour is an ink. A pixel belongs to an
ink where it is that colour, or a blend of it with the ground in which the ink has the larger share: so thin
lines and the softened edges of small and compressed pictures are found whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.model.map import Box2D

LEAST_SIDE: Final = 1100
MOST_SIDE: Final = 2000
"""Pixels of the longer side at which a graphic is looked at: others are enlarged or shrunk."""
WIDE: Final = 31
"""Pixels across of the median, in a picture of a quarter of the size."""
STANDS_OUT: Final = 16.0
"""Difference from the ground (CIE76) at which something is drawn."""
ONE_COLOUR: Final = 14.0
"""Difference up to which two pixels have one colour."""
BLEND: Final = 13.0
"""Difference by which a blend of ink and ground may be off."""
SHARE: Final = 0.5
"""Of the ink in a blend, from which on a pixel is the ink's."""
KIN: Final = 21.0
"""Difference up to which inks are one that came out differently."""
MOST_INKS: Final = 10
FEWEST: Final = 150
"""Pixels of one colour that make an ink."""
_BIN: Final = 5
_BINS: Final = 64
_SUM: Final = np.ones((1, 3), np.float32)

Mask = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """A colour that is drawn in.

    Attributes:
        colour: "#rrggbb".
        lab: CIE Lab.
        mask: uint8 of shape (height, width), 1 where it is.
    """

    colour: str
    lab: tuple[float, float, float]
    mask: Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """A graphic as it is looked at for what is drawn.

    Attributes:
        scale: Its pixels for one of the graphic.
        lab: float32 of shape (height, width, 3), CIE Lab.
        ground: As `lab`, what is drawn over.
        drawn: uint8 of shape (height, width), 1 where something differs from the ground.
        covered: As `drawn`: 1 in lettering and in the parts that are no map.
        apart: As `drawn`: 1 in the parts that are no map.
        boxed: As `drawn`: 1 in and around lettering that stands on a box of its own.
        inks: Most frequent first.
    """

    scale: float
    lab: NDArray[np.float32]
    ground: NDArray[np.float32]
    drawn: Mask
    covered: Mask
    apart: Mask
    boxed: Mask
    inks: tuple[Ink, ...]


def canvas(
    picture: NDArray[np.uint8], lettering: Iterable[Box2D], apart: Iterable[Box2D]
) -> Canvas:
    """Finds the inks of a graphic.

    Args:
        picture: RGB, uint8 of shape (height, width, 3).
        lettering: Boxes of text; its colour does not count, but lines may run through it.
        apart: Legends, titles, tables: not looked at.
    """
    longer = max(picture.shape[:2])
    scale = max(1.0, LEAST_SIDE / longer) if longer < MOST_SIDE else MOST_SIDE / longer
    seen = np.ascontiguousarray(picture)
    if scale != 1.0:
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        seen = np.asarray(cv2.resize(seen, None, fx=scale, fy=scale, interpolation=how), np.uint8)
    height, width = seen.shape[:2]
    out, letters = np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint8)
    for boxes, mask in ((lettering, letters), (apart, out)):
        for box in boxes:
            left, top = max(int(box.x * scale), 0), max(int(box.y * scale), 0)
            right, bottom = (box.x + box.width) * scale, (box.y + box.height) * scale
            mask[top : int(bottom) + 1, left : int(right) + 1] = 1
    lab = _lab(seen)
    quarter = cv2.resize(
        seen, (max(width // 4, 1), max(height // 4, 1)), interpolation=cv2.INTER_AREA
    )
    ground = cv2.resize(
        _lab(cv2.medianBlur(quarter, WIDE)), (width, height), interpolation=cv2.INTER_LINEAR
    )
    off = cv2.absdiff(lab, ground)
    drawn = ((cv2.transform(cv2.multiply(off, off), _SUM) > STANDS_OUT**2) & (out == 0)).astype(
        np.uint8
    )
    where = np.flatnonzero(drawn)
    pixels, below = lab.reshape(-1, 3)[where], np.asarray(ground, np.float32).reshape(-1, 3)[where]
    colours = frequent(pixels[letters.ravel()[where] == 0], MOST_INKS, FEWEST)
    own = [_of(pixels, below, colour) for colour in colours]
    inks = []
    for colour in colours:
        # Compression and a ground that shines through make several colours of one: kin are taken along.
        kin = [
            o for o, c in zip(own, colours, strict=True) if float(np.linalg.norm(c - colour)) < KIN
        ]
        mask = np.zeros(height * width, np.uint8)
        mask[where[np.any(kin, axis=0)]] = 1
        inks.append(
            Ink(
                colour=hexadecimal(colour),
                lab=_three(colour),
                mask=_whole(mask.reshape(height, width)),
            )
        )
    return Canvas(
        scale=scale,
        lab=lab,
        ground=np.asarray(ground, np.float32),
        drawn=drawn,
        covered=letters | out,
        apart=out,
        boxed=_boxed(drawn, letters),
        inks=tuple(inks),
    )


def _boxed(drawn: Mask, letters: Mask) -> Mask:
    """Around lettering that something drawn surrounds on all sides."""
    boxed = np.zeros_like(drawn)
    _, _, stats, _ = cv2.connectedComponentsWithStats(letters, connectivity=4)
    for x, y, width, height, _ in stats[1:].tolist():
        left, top = max(x - 3, 0), max(y - 3, 0)
        ring = drawn[top : y + height + 3, left : x + width + 3]
        edge = (ring[0].mean(), ring[-1].mean(), ring[:, 0].mean(), ring[:, -1].mean())
        if min(edge) > 0.6:
            boxed[max(y - 14, 0) : y + height + 14, max(x - 14, 0) : x + width + 14] = 1
    return boxed


def difference(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """Returns how far two colours are from one another (CIE76)."""
    return float(np.hypot(np.hypot(one[0] - other[0], one[1] - other[1]), one[2] - other[2]))


def frequent(pixels: NDArray[np.float32], most: int, fewest: float) -> list[NDArray[np.float32]]:
    """Returns the most frequent colours, each as the mean of what is near a peak of their histogram.

    Args:
        pixels: (n, 3), CIE Lab.
        most: Colours that are looked for.
        fewest: Pixels that make one.
    """
    if not len(pixels):
        return []
    index = ((pixels + np.array((0, 160, 160), np.float32)) / _BIN).astype(np.int32)
    index = np.clip(index, 0, _BINS - 1)
    flat = (index[:, 0] * _BINS + index[:, 1]) * _BINS + index[:, 2]
    bins, which, counts = np.unique(flat, return_inverse=True, return_counts=True)
    sums = np.column_stack(
        [np.bincount(which, weights=pixels[:, axis], minlength=len(bins)) for axis in range(3)]
    )
    means = sums / counts[:, None]
    left = counts.astype(np.float64)
    found: list[NDArray[np.float32]] = []
    # What peaks is the density of a neighbourhood, so that a colour is not split between two bins.
    heavy = np.argsort(-counts, kind="stable")[:1500]
    apart = ((means[heavy, None, :] - means[None, heavy, :]) ** 2).sum(axis=2)
    near = apart < (0.6 * ONE_COLOUR) ** 2
    while len(found) < most:
        density = near @ left[heavy]
        best = int(np.argmax(density))
        if density[best] < fewest:
            break
        members = heavy[near[best]]
        centre = np.average(means[members], axis=0, weights=np.maximum(left[members], 1e-9))
        found.append(centre.astype(np.float32))
        left[((means - centre) ** 2).sum(axis=1) < ONE_COLOUR**2] = 0
    return found


def _of(
    pixels: NDArray[np.float32], ground: NDArray[np.float32], colour: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """Which pixels are of that colour, or blends of it with the ground, (n,)."""
    own, full, off = pixels - colour, colour - ground, pixels - ground
    same = np.einsum("ij,ij->i", own, own)
    size = np.einsum("ij,ij->i", full, full)
    share = np.einsum("ij,ij->i", off, full) / np.maximum(size, 1.0)
    rest = np.einsum("ij,ij->i", off, off) - share**2 * size
    blend = (share > SHARE) & (share < 1.35) & (rest < BLEND**2) & (size > STANDS_OUT**2)
    return np.asarray((same < ONE_COLOUR**2) | blend, np.bool_)


def _lab(rgb: cv2.typing.MatLike) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)


def _whole(mask: Mask) -> Mask:
    """Closes the pinholes that compression leaves, each of which would be a fork of the middle line."""
    for _ in range(2):
        around = cv2.boxFilter(mask, cv2.CV_8U, (3, 3), normalize=False)
        mask = mask | (around > 5).astype(np.uint8)
    return mask


def hexadecimal(lab: NDArray[np.float32]) -> str:
    """Returns a colour of CIE Lab as "#rrggbb"."""
    rgb = cv2.cvtColor(lab.reshape(1, 1, 3), cv2.COLOR_LAB2RGB).ravel()
    red, green, blue = np.clip(np.round(rgb * 255), 0, 255).astype(int).tolist()
    return f"#{red:02x}{green:02x}{blue:02x}"


def _three(lab: NDArray[np.float32]) -> tuple[float, float, float]:
    first, second, third = lab.tolist()
    return float(first), float(second), float(third)
