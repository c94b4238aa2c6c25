"""Ways to look at a picture that bring out what the eye passes over. They decide nothing."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Grey = NDArray[np.uint8]

SIDE = 800
"""Pixels on the longer side of a view."""
PANEL = 400
"""Pixels on the longer side of one of several views in a row."""
GHOSTS = (50, 60, 65, 70, 75, 80, 85, 90, 95)
BANDS = 6
BITS = 8
SPECTRUM = 768
"""Pixels on a side of the middle part whose spectrum is shown."""
_GAP = 6
_SHOWN = 99.5
_NOISE_SHOWN = 98.0
"""Percentiles that are drawn at full brightness: a few strong edges would leave all else black."""
_CELL = 16


def grey(rgb: Pixels) -> Grey:
    """Returns brightness, shape (height, width)."""
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)


def reduced(picture: Pixels, side: int) -> Pixels:
    """Returns a picture brought to `side` pixels on the longer side, each the mean of what it covers."""
    height, width = picture.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def noise(rgb: Pixels) -> tuple[Pixels, int]:
    """Returns what a median of three by three pixels removes from the brightness, and how much enlarged."""
    bright = grey(rgb)
    left = np.asarray(cv2.absdiff(bright, cv2.medianBlur(bright, 3)), np.uint8)
    gain = int(max(1, min(60, round(255 / max(1.0, _percentile(left, _NOISE_SHOWN))))))
    return _coloured(
        reduced(np.asarray(cv2.convertScaleAbs(left, alpha=gain), np.uint8), SIDE)
    ), gain


def ghosts(rgb: Pixels) -> Pixels:
    """Returns the change that a saving as JPEG brings about, for each quality of `GHOSTS`, row by row.

    H. Farid, "Exposing Digital Forgeries from JPEG Ghosts", 2009: a part that was saved at that quality
    before changes less than the rest. Differences of the brightness, root mean square of 16 by 16 pixels,
    each panel stretched from its least value to that which 98 in 100 places do not exceed.
    """
    bright = grey(rgb)
    panels = []
    for quality in GHOSTS:
        _, data = cv2.imencode(".jpg", bright, [cv2.IMWRITE_JPEG_QUALITY, quality])
        again = np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)
        apart = np.asarray(cv2.absdiff(bright, again))
        square = np.asarray(cv2.multiply(apart, apart, dtype=cv2.CV_32F))
        cells = max(1, bright.shape[1] // _CELL), max(1, bright.shape[0] // _CELL)
        mean = np.asarray(cv2.resize(square, cells, interpolation=cv2.INTER_AREA), np.float32)
        whole = _panel_size(bright.shape)
        root = np.sqrt(mean)
        clipped = np.minimum(root, np.percentile(root, _NOISE_SHOWN)).astype(np.float32)
        shown = cv2.resize(_stretched(clipped), whole, interpolation=cv2.INTER_NEAREST)
        panels.append(_named(np.asarray(shown, np.uint8), f"q {quality}"))
    return _coloured(_tiled(panels, 3))


def gradient(rgb: Pixels) -> Pixels:
    """Returns the direction of the change of brightness as hue, and its strength as brightness."""
    bright = reduced(grey(rgb), SIDE)
    across = np.asarray(cv2.Sobel(bright, cv2.CV_32F, 1, 0))
    down = np.asarray(cv2.Sobel(bright, cv2.CV_32F, 0, 1))
    strength, angle = (np.asarray(a) for a in cv2.cartToPolar(across, down))
    most = max(float(np.percentile(strength, _SHOWN)), 1e-6)
    value = np.sqrt(np.minimum(strength / most, 1)) * 255
    hue = (angle * (90 / np.pi)).astype(np.uint8) % 180
    coloured = np.dstack([hue, np.full_like(hue, 255), value.astype(np.uint8)])
    return np.asarray(cv2.cvtColor(coloured, cv2.COLOR_HSV2RGB), np.uint8)


def sweep(rgb: Pixels) -> Pixels:
    """Returns the picture once for each of `BANDS` bands of brightness, from dark to bright, stretched."""
    small = reduced(rgb, PANEL).astype(np.float32)
    wide = 256 / BANDS
    panels = [
        _named(
            np.clip((small - k * wide) * (255 / wide), 0, 255).astype(np.uint8),
            f"{round(k * wide)}-{round((k + 1) * wide) - 1}",
        )
        for k in range(BANDS)
    ]
    return _tiled(panels, 3)


def bits(rgb: Pixels) -> Pixels:
    """Returns for each bit of the brightness, from the highest to the lowest, how often it is set."""
    bright = grey(rgb)
    panels = [
        _named(reduced(np.asarray(((bright >> bit) & 1) * 255, np.uint8), PANEL), f"bit {bit}")
        for bit in reversed(range(BITS))
    ]
    return _coloured(_tiled(panels, 4))


def components(rgb: Pixels) -> Pixels:
    """Returns the picture along each of the three principal components of its colours, each stretched.

    K. Pearson, "On Lines and Planes of Closest Fit to Systems of Points in Space", 1901.
    """
    small = reduced(rgb, PANEL)
    colours = small.reshape(-1, 3).astype(np.float64)
    colours -= colours.mean(axis=0)
    _, axes = np.linalg.eigh(colours.T @ colours)
    panels: list[Grey] = []
    for axis in axes.T[::-1]:
        # An axis has no sign of its own: its strongest colour is taken to be bright.
        along = axis * np.sign(axis[np.abs(axis).argmax()])
        shown = _stretched((colours @ along).reshape(small.shape[:2]).astype(np.float32))
        panels.append(_named(shown, f"{len(panels) + 1}"))
    return _coloured(_tiled(panels, 3))


def spectrum(rgb: Pixels) -> Pixels:
    """Returns how strong each spatial frequency is in the middle of the picture, as its logarithm.

    Frequency 0 is in the middle. A regular pattern, such as the moiré of a filmed screen, shows as points off
    it; the grid of JPEG, halftone prints and enlarging do so too.
    """
    bright = grey(rgb)
    height, width = (min(SPECTRUM, side) for side in bright.shape)
    top, left = (bright.shape[0] - height) // 2, (bright.shape[1] - width) // 2
    part = bright[top : top + height, left : left + width].astype(np.float64)
    part = (part - part.mean()) * np.hanning(height)[:, None] * np.hanning(width)[None, :]
    strength = np.abs(np.fft.fftshift(np.fft.fft2(part)))
    return _coloured(_stretched(np.log1p(strength).astype(np.float32)))


def _percentile(values: Grey, share: float = _SHOWN) -> float:
    """Returns the value that `share` in 100 do not exceed, from the histogram."""
    counts = np.bincount(values.ravel(), minlength=256).cumsum()
    return float(np.searchsorted(counts, counts[-1] * share / 100))


def _stretched(values: NDArray[np.float32]) -> Grey:
    low, high = float(values.min()), float(values.max())
    return ((values - low) * (255 / max(high - low, 1e-6))).astype(np.uint8)


def _named(panel: Pixels, name: str) -> Pixels:
    """Returns a panel with its name in the lower left corner; a small one as it is."""
    height, width = panel.shape[:2]
    (wide, high), _ = cv2.getTextSize(name, cv2.FONT_HERSHEY_SIMPLEX, 0.45, 1)
    if height < 4 * high or width < 2 * wide:
        return panel
    marked = panel.copy()
    cv2.rectangle(marked, (0, height - high - 9), (wide + 9, height - 1), (0, 0, 0), -1)
    place = (5, height - 5)
    cv2.putText(marked, name, place, 0, 0.45, (255, 255, 255), 1, cv2.LINE_AA)
    return marked


def _coloured(one: Grey) -> Pixels:
    return np.dstack([one] * 3)


def _panel_size(shape: tuple[int, ...]) -> tuple[int, int]:
    scale = min(1.0, PANEL / max(shape[:2]))
    return max(1, round(shape[1] * scale)), max(1, round(shape[0] * scale))


def _tiled(panels: Sequence[Pixels], across: int) -> Pixels:
    """Returns panels of one size beside and below each other, with white between them."""
    height, width = panels[0].shape[:2]
    down = -(-len(panels) // across)
    shape = (down * (height + _GAP) - _GAP, across * (width + _GAP) - _GAP, *panels[0].shape[2:])
    page = np.full(shape, 255, np.uint8)
    for number, panel in enumerate(panels):
        top, left = number // across * (height + _GAP), number % across * (width + _GAP)
        page[top : top + height, left : left + width] = panel
    return page
