"""How does an embedded picture lie over the picture that the file shows, and where do the two differ?

Programs that change a picture do not always make its thumbnail anew (E. Kee, H. Farid, "Digital Image
Authentication from Thumbnails", 2010). A comparison has to allow for what cameras do by themselves: they do
not turn the thumbnail, put bars beside it, crop it, sharpen it and shift its brightness.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE: Final = 96
"""Pixels on the longer side at which positions are searched."""
FINE: Final = 256
"""Pixels on the longer side at which the two are compared."""
_SCALES: Final = tuple(round(1.0 - 0.04 * step, 2) for step in range(1, 18))
_DARK, _EVEN, _LIGHT = 28, 20, 235
_KEEP: Final = 0.015
"""How much better another way of laying it must fit than the plain one."""

Pixels = NDArray[np.uint8]
Grey = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """How an embedded picture fits over the picture.

    Attributes:
        mirrored: It is mirrored left to right before it is turned.
        quarters: Quarter turns clockwise that it needs.
        bars: It has bars at its edges, which were left out.
        box: The part of the picture that it shows: x, y, width, height as fractions of the picture; it
            reaches outside where it shows more than the picture does.
        correlation: Of the brightness of both where they overlap, -1 to 1.
        ours: The picture where they overlap, RGB, at the scale of the comparison.
        theirs: The embedded picture there, its brightness fitted.
    """

    mirrored: bool
    quarters: int
    bars: bool
    box: tuple[float, float, float, float]
    correlation: float
    ours: Pixels
    theirs: Pixels

    @property
    def more(self) -> bool:
        """Whether it shows clearly more than the picture."""
        x, y, width, height = self.box
        return min(x, y) < -0.02 or max(x + width, y + height) > 1.02

    @property
    def less(self) -> bool:
        """Whether it shows clearly less than the picture."""
        return not self.more and min(self.box[2:]) < 0.97

    @property
    def words(self) -> str:
        """What was done to it, as a phrase."""
        found = []
        if self.mirrored:
            found.append("mirrored")
        if self.quarters:
            found.append(f"turned by {90 * self.quarters} degrees")
        if self.bars:
            found.append("without its bars")
        if self.more:
            found.append("showing more than the picture")
        elif self.less:
            found.append("showing a part of the picture")
        return ", ".join(found) or "as it is"


def lay(picture: Pixels, other: Pixels) -> Laid:
    """Finds how an embedded picture lies over the picture, and compares them there.

    Args:
        picture: RGB, as it is seen.
        other: RGB, as it is stored.

    Returns:
        The best fit; a correlation near 1 says that they show the same.
    """
    trimmed, bars = _without_bars(other, picture.shape[1] / picture.shape[0])
    small = _reduced(picture, SIDE)
    best: tuple[float, bool, int, tuple[float, float, float, float]] | None = None
    for mirrored in (False, True):
        for quarters in range(4):
            turned = _turned(trimmed, quarters, mirrored=mirrored)
            fit, box = _position(small, _reduced(turned, SIDE))
            fit -= _KEEP * (bool(quarters) + mirrored)
            if best is None or fit > best[0]:
                best = (fit, mirrored, quarters, box)
    assert best is not None  # noqa: S101 - the loop ran
    _, mirrored, quarters, box = best
    turned = _turned(trimmed, quarters, mirrored=mirrored)
    ours, theirs, box = _overlap(picture, turned, box)
    theirs = _same_brightness(ours, theirs)
    return Laid(
        mirrored=mirrored,
        quarters=quarters,
        bars=bars,
        box=box,
        correlation=_correlation(_grey(ours), _grey(theirs)),
        ours=ours,
        theirs=theirs,
    )


def _turned(pixels: Pixels, quarters: int, *, mirrored: bool) -> Pixels:
    return np.ascontiguousarray(np.rot90(pixels[:, ::-1] if mirrored else pixels, -quarters))


def _without_bars(pixels: Pixels, aspect: float) -> tuple[Pixels, bool]:
    """Leaves out dark or light bars, where the rest then has more nearly the picture's aspect."""
    height, width = pixels.shape[:2]
    grey = _grey(pixels)
    top, bottom = _bars(grey)
    left, right = _bars(grey.T)
    rest = pixels[top : height - bottom, left : width - right]
    if rest.shape[0] * 2 < height or rest.shape[1] * 2 < width or rest.size == pixels.size:
        return pixels, False

    def off(pixels: Pixels) -> float:
        own = pixels.shape[1] / pixels.shape[0]
        return min(abs(math.log(own / aspect)), abs(math.log(own * aspect)))

    return (rest, True) if off(rest) < off(pixels) else (pixels, False)


def _bars(grey: Grey) -> tuple[int, int]:
    """Rows at the start and at the end that are evenly dark or light."""
    even = grey.max(axis=1) - grey.min(axis=1) <= _EVEN
    middle = grey.mean(axis=1)
    bar = even & ((middle <= _DARK) | (middle >= _LIGHT))
    if bar.all():
        return 0, 0
    return int(np.argmin(bar)), int(np.argmin(bar[::-1]))


def _reduced(pixels: Pixels, side: int) -> Grey:
    """Grey, at most `side` pixels on the longer side."""
    height, width = pixels.shape[:2]
    scale = min(1.0, side / max(height, width))
    return _sized(_grey(pixels), max(1, round(width * scale)), max(1, round(height * scale)))


def _grey(pixels: Pixels) -> Grey:
    return cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY).astype(np.float32)


def _sized(grey: Grey, width: int, height: int) -> Grey:
    smaller = width < grey.shape[1] or height < grey.shape[0]
    way = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, (width, height), interpolation=way), dtype=np.float32)


def _position(picture: Grey, other: Grey) -> tuple[float, tuple[float, float, float, float]]:
    """The best place of `other` over `picture`: its fit, and the box as in `Laid`."""
    height, width = picture.shape
    whole = _correlation(picture, _sized(other, width, height))
    stretch = abs(math.log((other.shape[1] / other.shape[0]) / (width / height)))
    best = (whole - _KEEP * (stretch > 0.05), (0.0, 0.0, 1.0, 1.0))
    for scale in _SCALES:
        # A part of the picture: the other one is smaller than it by `scale`.
        fit = min(width / other.shape[1], height / other.shape[0]) * scale
        best = max(best, _searched(picture, other, fit, inside=True))
        # More than the picture: the picture is a part of it.
        fit = min(other.shape[1] / width, other.shape[0] / height) * scale
        best = max(best, _searched(other, picture, fit, inside=False))
    if stretch > 0.05:  # only one side is cropped
        fit = min(width / other.shape[1], height / other.shape[0])
        best = max(best, _searched(picture, other, fit, inside=True))
        fit = min(other.shape[1] / width, other.shape[0] / height)
        best = max(best, _searched(other, picture, fit, inside=False))
    return best


def _searched(
    large: Grey, small: Grey, scale: float, *, inside: bool
) -> tuple[float, tuple[float, float, float, float]]:
    """Looks for `small`, scaled, in `large`."""
    nothing = (-1.0, (0.0, 0.0, 1.0, 1.0))
    width, height = round(small.shape[1] * scale), round(small.shape[0] * scale)
    if min(width, height) < 12 or width > large.shape[1] or height > large.shape[0]:
        return nothing
    template = _sized(small, width, height)
    if float(template.std()) < 1.0:
        return nothing
    fits = cv2.matchTemplate(large, template, cv2.TM_CCOEFF_NORMED)
    _, fit, _, (x, y) = cv2.minMaxLoc(fits)
    if not np.isfinite(fit):
        return nothing
    across, down = large.shape[1], large.shape[0]
    if inside:
        box = (x / across, y / down, width / across, height / down)
    else:
        box = (-x / width, -y / height, across / width, down / height)
    return min(1.0, float(fit)) - _KEEP, box


def _overlap(
    picture: Pixels, other: Pixels, box: tuple[float, float, float, float]
) -> tuple[Pixels, Pixels, tuple[float, float, float, float]]:
    """Both where they overlap, equally large, after the place was refined."""
    height, width = picture.shape[:2]
    scale = min(FINE / max(width, height), 1.0, max(other.shape[:2]) / max(width, height))
    ours = _area(picture, max(8, round(width * scale)), max(8, round(height * scale)))
    across, down = ours.shape[1], ours.shape[0]
    # From a pixel of ours to the pixel of the other one that shows the same.
    matrix = np.array(
        [
            [other.shape[1] / (box[2] * across), 0.0, 0.0],
            [0.0, other.shape[0] / (box[3] * down), 0.0],
        ],
        dtype=np.float32,
    )
    matrix[0, 2] = -box[0] * across * matrix[0, 0] + (matrix[0, 0] - 1) / 2
    matrix[1, 2] = -box[1] * down * matrix[1, 1] + (matrix[1, 1] - 1) / 2
    reduced, matrix = _near_scale(other, matrix)
    matrix = _refined(ours, reduced, matrix)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    theirs = cv2.warpAffine(reduced, matrix, (across, down), flags=flags)
    there = cv2.warpAffine(
        np.full(reduced.shape[:2], 255, np.uint8), matrix, (across, down), flags=flags
    )
    inside = there > 250
    rows = np.where(inside.mean(axis=1) > 0.5 * inside.mean(axis=1).max(initial=0.0))[0]
    columns = np.where(inside.mean(axis=0) > 0.5 * inside.mean(axis=0).max(initial=0.0))[0]
    placed = (
        float(-matrix[0, 2] / matrix[0, 0] / across),
        float(-matrix[1, 2] / matrix[1, 1] / down),
        float(reduced.shape[1] / matrix[0, 0] / across),
        float(reduced.shape[0] / matrix[1, 1] / down),
    )
    if rows.size < 4 or columns.size < 4:
        return ours, _area(other, across, down), (0.0, 0.0, 1.0, 1.0)
    y, x = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return (
        np.ascontiguousarray(ours[y, x]),
        np.ascontiguousarray(np.asarray(theirs, dtype=np.uint8)[y, x]),
        placed,
    )


def _near_scale(other: Pixels, matrix: NDArray[np.float32]) -> tuple[Pixels, NDArray[np.float32]]:
    """Reduces `other` to about the scale at which it is compared, so that nothing is skipped over."""
    step = max(float(matrix[0, 0]), float(matrix[1, 1]))
    if step <= 1.5:
        return other, matrix
    width, height = max(8, round(other.shape[1] / step)), max(8, round(other.shape[0] / step))
    factor = np.array([[width / other.shape[1]], [height / other.shape[0]]], dtype=np.float32)
    changed = matrix * factor
    changed[:, 2] += ((factor - 1) / 2)[:, 0]
    return _area(other, width, height), changed.astype(np.float32)


def _area(pixels: Pixels, width: int, height: int) -> Pixels:
    return np.asarray(
        cv2.resize(np.ascontiguousarray(pixels), (width, height), interpolation=cv2.INTER_AREA),
        dtype=np.uint8,
    )


def _refined(ours: Pixels, other: Pixels, matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """Moves the place by fractions of a pixel (enhanced correlation; Evangelidis, Psarakis 2008)."""
    start = matrix.astype(np.float32)
    end = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 40, 1e-5)
    try:
        _, found = cv2.findTransformECC(
            _grey(ours),
            _grey(other),
            start.copy(),
            cv2.MOTION_AFFINE,
            end,
        )
    except cv2.error:  # nothing to hold on to, or they do not fit
        return start
    moved = np.asarray(found, dtype=np.float32)
    shear = max(abs(float(moved[0, 1])), abs(float(moved[1, 0])))
    scales = np.array([moved[0, 0] / start[0, 0], moved[1, 1] / start[1, 1]])
    if shear > 0.05 * float(start[0, 0]) or not np.all(
        np.abs(np.log(np.maximum(scales, 1e-6))) < 0.1
    ):
        return start
    return moved


def _same_brightness(ours: Pixels, theirs: Pixels) -> Pixels:
    """Fits gain and offset of each colour of `theirs` to `ours`, by least squares."""
    fitted = theirs.astype(np.float64)
    target = ours.astype(np.float64)
    for channel in range(3):
        x, y = fitted[..., channel], target[..., channel]
        spread = float(x.var())
        gain = float(((x - x.mean()) * (y - y.mean())).mean()) / spread if spread > 1.0 else 1.0
        gain = min(2.0, max(0.5, gain))
        fitted[..., channel] = (x - x.mean()) * gain + y.mean()
    return np.clip(np.rint(fitted), 0, 255).astype(np.uint8)


def _correlation(one: Grey, other: Grey) -> float:
    """Pearson's; 1 where both are even."""
    a, b = one - one.mean(), other - other.mean()
    spread = float(np.sqrt((a * a).mean() * (b * b).mean()))
    if spread < 1e-3:
        return 1.0 if float(max(a.std(), b.std())) < 1.0 else 0.0
    return float((a * b).mean() / spread)


def difference(laid: Laid) -> tuple[NDArray[np.float32], tuple[float, float, float, float], float]:
    """Where the two differ most, once fine detail is smoothed away.

    Returns:
        Differences in grey levels, shape of `laid.ours`; the box around the largest of them as fractions
        of the compared part (x, y, width, height); its mean difference.
    """
    apart = np.abs(_grey(laid.ours) - _grey(laid.theirs))
    side = max(3, round(min(apart.shape) / 12))
    smooth = np.asarray(cv2.blur(apart, (side, side)), dtype=np.float32)
    y, x = np.unravel_index(int(smooth.argmax()), smooth.shape)
    height, width = apart.shape
    left, top = max(0, int(x) - side // 2), max(0, int(y) - side // 2)
    return (
        apart,
        (left / width, top / height, min(side, width) / width, min(side, height) / height),
        float(smooth[y, x]),
    )
