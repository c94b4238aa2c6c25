"""Untouched pictures whose JPEG grid was carried along, or that lie beside others: no part was put in.

`KINDS` are what cameras, viewers and programs for pictures do to a whole picture by themselves or at one
press: straightening, correction of lens and perspective, resizing by a few pixels, rolling shutter and its
correction, stabilisation, waves, seam carving, lost columns, panoramas, padding, strips, captions, collages,
pages. Each takes a picture that was saved as JPEG, a second one, and a generator; the same give the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Random = np.random.Generator
WAYS: Final = (cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4)
EDGES: Final = (
    cv2.BORDER_CONSTANT,
    cv2.BORDER_REPLICATE,
    cv2.BORDER_REFLECT,
    cv2.BORDER_REFLECT_101,
)


def _way(rng: Random) -> int:
    return WAYS[int(rng.integers(len(WAYS)))]


def _edge(rng: Random) -> int:
    return EDGES[int(rng.integers(len(EDGES)))]


def _sign(rng: Random) -> int:
    return int(rng.choice((-1, 1)))


def _warped(pixels: Pixels, matrix: NDArray[np.float64], rng: Random) -> Pixels:
    high, wide = pixels.shape[:2]
    done = cv2.warpAffine(pixels, matrix, (wide, high), flags=_way(rng), borderMode=_edge(rng))
    return np.asarray(done, np.uint8)


def _remapped(
    pixels: Pixels, x: NDArray[np.floating], y: NDArray[np.floating], rng: Random
) -> Pixels:
    way, edge = _way(rng), _edge(rng)
    done = cv2.remap(pixels, x.astype(np.float32), y.astype(np.float32), way, borderMode=edge)
    return np.asarray(done, np.uint8)


def _places(pixels: Pixels) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rows, columns = np.mgrid[: pixels.shape[0], : pixels.shape[1]].astype(np.float64)
    return columns, rows


def straightened(pixels: Pixels, _: Pixels, rng: Random) -> Pixels:
    high, wide = pixels.shape[:2]
    angle = _sign(rng) * 10 ** rng.uniform(-1, 0)
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, rng.choice((1.0, 1.005, 1.02)))
    return _warped(pixels, np.asarray(matrix), rng)


def lens_corrected(pixels: Pixels, _: Pixels, rng: Random) -> Pixels:
    """Barrel, pincushion and mixed distortion, with the centre now and then beside the middle."""
    high, wide = pixels.shape[:2]
    centre = (wide / 2 + rng.uniform(-0.1, 0.1) * wide, high / 2 + rng.uniform(-0.1, 0.1) * high)
    camera = np.array([[wide, 0, centre[0]], [0, wide, centre[1]], [0, 0, 1]], np.float64)
    first = _sign(rng) * 10 ** rng.uniform(-2, -0.8)
    second = -first * rng.uniform(2, 5) if rng.random() < 0.5 else 0.0
    lens = np.array([first, second, *rng.uniform(-0.002, 0.002, 2), 0])
    x, y = cv2.initUndistortRectifyMap(camera, lens, None, camera, (wide, high), cv2.CV_32FC1)
    return _remapped(pixels, np.asarray(x), np.asarray(y), rng)


def perspective_corrected(pixels: Pixels, _: Pixels, rng: Random) -> Pixels:
    high, wide = pixels.shape[:2]
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    moved = corners + rng.uniform(-6, 6, (4, 2)).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, moved)
    done = cv2.warpPerspective(pixels, matrix, (wide, high), flags=_way(rng), borderMode=_edge(rng))
    return np.asarray(done, np.uint8)


def resized(pixels: Pixels, _: Pixels, rng: Random) -> Pixels:
    """By 1 to 8 pixels in one or both directions, now and then back again."""
    high, wide = pixels.shape[:2]
    by = [_sign(rng) * int(rng.integers(1, 9)) * int(rng.random() < 0.7) for _ in range(2)]
    size = (wide + (by[0] or 1), high + by[1])
    way = int(rng.choice([*WAYS, cv2.INTER_AREA]))
    done = cv2.resize(pixels, size, interpolation=way)
    if rng.random() < 0.2:
        done = cv2.resize(done, (wide, high), interpolation=way)
    return np.asarray(done, np.uint8)


def shutter_sheared(pixels: Pixels, _: Pixels, rng: Random) -> Pixels:
    high = pixels.shape[0]
    by = _sign(rng) * rng.uniform(1, 8) / high
    return _warped(pixels, np.array([[1, by, 0], [0, 1 + rng.uniform(-1, 1) * 4 / high, 0]]), rng)


def shutter_wobbled(pixels: Pixels, _: Pixels, rng: Random) -> Pixels:
    """Rows moved across, by a wave that runs down the picture."""
    x, y = _places(pixels)
    high = pixels.shape[0]
    wave = np.sin(2 * np.pi * y / high * rng.uniform(0.5, 4) + rng.uniform(0, 6.28))
    return _remapped(pixels, x + wave * rng.uniform(0.8, 4), y, rng)


def stabilised(pixels: Pixels, _: Pixels, rng: Random) -> Pixels:
    """Turned, moved and scaled a little, with the edges filled."""
    high, wide = pixels.shape[:2]
    angle, scale = rng.uniform(-0.6, 0.6), 1 + rng.uniform(-0.015, 0.03)
    matrix = np.asarray(cv2.getRotationMatrix2D((wide / 2, high / 2), angle, scale))
    matrix[:, 2] += rng.uniform(-12, 12, 2)
    return _warped(pixels, matrix, rng)


def waved(pixels: Pixels, _: Pixels, rng: Random) -> Pixels:
    x, y = _places(pixels)
    by = rng.uniform(0.8, 4, 2) * rng.integers(0, 2, 2)
    by[0] = by[0] or 1.2
    length = rng.uniform(60, 400, 2)
    turn = rng.uniform(0, 6.28, 2)
    across, down = (y, x) if rng.random() < 0.7 else (x, y)
    new_x = x + by[0] * np.sin(across * 2 * np.pi / length[0] + turn[0])
    new_y = y + by[1] * np.sin(down * 2 * np.pi / length[1] + turn[1])
    return _remapped(pixels, new_x, new_y, rng)


def liquified(pixels: Pixels, _: Pixels, rng: Random) -> Pixels:
    """A smooth field that nobody aimed at anything: paper that is not flat, haze, a stitched mesh."""
    x, y = _places(pixels)
    shape = x.shape
    fields = []
    for _field in range(2):
        coarse = rng.standard_normal((int(rng.integers(3, 8)), int(rng.integers(3, 8))))
        smooth = np.asarray(cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC))
        fields.append(smooth / np.abs(smooth).max() * rng.uniform(0.8, 4))
    return _remapped(pixels, x + fields[0], y + fields[1], rng)


def columns_lost(pixels: Pixels, _: Pixels, rng: Random) -> Pixels:
    """Columns or rows missing or doubled at 1 to 6 places."""
    axis = int(rng.integers(2))
    for _place in range(int(rng.integers(1, 7))):
        at, many = int(rng.integers(8, pixels.shape[axis] - 8)), int(rng.choice((1, 1, 1, 2, 3)))
        if rng.random() < 0.6:
            pixels = np.delete(pixels, range(at, at + many), axis)
        else:
            pixels = np.insert(pixels, [at] * many, pixels.take([at] * many, axis), axis)
    return np.ascontiguousarray(pixels)


def seam_carved(pixels: Pixels, _: Pixels, rng: Random) -> Pixels:
    """1 to 10 seams of least energy taken out or doubled (S. Avidan and A. Shamir, 2007)."""
    turned = rng.random() < 0.4
    made = np.ascontiguousarray(pixels.swapaxes(0, 1)) if turned else pixels
    grow = rng.random() < 0.3
    for _seam in range(int(rng.integers(1, 11))):
        made = _without_seam(made, double=grow)
    return np.ascontiguousarray(made.swapaxes(0, 1)) if turned else made


def _without_seam(pixels: Pixels, *, double: bool) -> Pixels:
    grey = pixels.astype(np.float32).mean(2)
    cost = np.abs(np.gradient(grey, axis=1)) + np.abs(np.gradient(grey, axis=0))
    high, wide = cost.shape
    total, back = cost.copy(), np.zeros((high, wide), np.int64)
    for row in range(1, high):
        above = np.pad(total[row - 1], 1, constant_values=np.inf)
        near = np.stack([above[:-2], above[1:-1], above[2:]])
        back[row] = near.argmin(0) - 1
        total[row] += near.min(0)
    column = int(total[-1].argmin())
    rows = []
    for row in range(high - 1, -1, -1):
        line = pixels[row]
        rows.append(
            np.insert(line, column, line[column], 0) if double else np.delete(line, column, 0)
        )
        column = min(wide - 1, max(0, column + int(back[row, column])))
    return np.stack(rows[::-1])


def stitched(pixels: Pixels, other: Pixels, rng: Random) -> Pixels:
    """A panorama of two or three pictures with seams that wander, each moved a little up or down."""
    pictures = [pixels, other, pixels][: int(rng.integers(2, 4))]
    high = min(p.shape[0] for p in pictures) - 24
    made = pixels[:0]
    for picture in pictures:
        top = int(rng.integers(0, 24))
        left, right = (int(rng.integers(0, picture.shape[1] // 3)) for _ in range(2))
        part = picture[top : top + high, left : picture.shape[1] - right]
        if not made.size:
            made = part
            continue
        overlap = int(rng.integers(16, 48))
        seam = overlap / 2 + np.cumsum(rng.choice((-1, 0, 1), high))
        ours = np.arange(overlap)[None, :] < np.clip(seam, 2, overlap - 2)[:, None]
        mixed = np.where(ours[:, :, None], made[:, -overlap:], part[:, :overlap])
        made = np.concatenate([made[:, :-overlap], mixed, part[:, overlap:]], axis=1)
    return np.ascontiguousarray(made)


def padded(pixels: Pixels, _: Pixels, rng: Random) -> Pixels:
    """Edges filled with the picture itself, mirrored, repeated or stretched, on one to four sides."""
    ways = (cv2.BORDER_REFLECT, cv2.BORDER_REFLECT, cv2.BORDER_REFLECT_101, cv2.BORDER_WRAP)
    high, wide = pixels.shape[:2]
    sides = [
        int(rng.integers(10, min(high, wide) // 3)) * int(rng.random() < 0.6) for _ in range(4)
    ]
    if not any(sides):
        sides = [37, 0, 0, 0]
    way = int(rng.choice(ways))
    return np.asarray(cv2.copyMakeBorder(pixels, *sides, way), np.uint8)


def strip_moved(pixels: Pixels, _: Pixels, rng: Random) -> Pixels:
    """Rows or columns from edge to edge, moved along or to another place, as glitches of files do."""
    axis = int(rng.integers(2))
    long = pixels.shape[axis]
    first = int(rng.integers(0, long * 2 // 3))
    last = first + int(rng.integers(24, long // 3))
    made = pixels.copy()
    lines = slice(first, last)
    by = int(rng.integers(1, 60))
    if axis == 0:
        made[lines] = np.roll(made[lines], by, 1)
    else:
        made[:, lines] = np.roll(made[:, lines], by, 0)
    return made


def captioned(pixels: Pixels, _: Pixels, rng: Random) -> Pixels:
    """A meme: words on the picture or on bars above and below it."""
    made = pixels.copy()
    if rng.random() < 0.5:
        bars = (int(rng.integers(20, 90)), int(rng.integers(0, 60)))
        colour = [int(rng.choice((0, 255)))] * 3
        made = np.asarray(
            cv2.copyMakeBorder(made, *bars, 0, 0, cv2.BORDER_CONSTANT, value=colour), np.uint8
        )
    for word in ("WHEN THE GRID", "does not fit", "at all"):
        at = (int(rng.integers(0, 60)), int(rng.integers(20, made.shape[0])))
        size = float(rng.uniform(0.6, 1.6))
        cv2.putText(made, word, at, cv2.FONT_HERSHEY_DUPLEX, size, (0, 0, 0), 5, cv2.LINE_AA)
        cv2.putText(made, word, at, cv2.FONT_HERSHEY_DUPLEX, size, (255,) * 3, 2, cv2.LINE_AA)
    return made


def collage(pixels: Pixels, other: Pixels, rng: Random) -> Pixels:
    """Two to four pictures side by side, with or without bars between them."""
    gap = int(rng.choice((0, 0, 3, 10)))
    wide, high = (int(rng.integers(120, side)) for side in pixels.shape[1::-1])
    high, wide = min(high, other.shape[0]), min(wide, other.shape[1])
    columns, rows = ((2, 1), (1, 2), (2, 2), (3, 1))[int(rng.integers(4))]
    size = (rows * (high + gap) + gap, columns * (wide + gap) + gap)
    made = np.full((*size, 3), int(rng.choice((0, 255, 240))), np.uint8)
    for place in range(rows * columns):
        picture = (pixels, other, pixels[:, ::-1], other[::-1])[place]
        top, left = (
            int(rng.integers(0, s - n + 1))
            for s, n in zip(picture.shape[:2], (high, wide), strict=True)
        )
        part = picture[top : top + high, left : left + wide]
        y, x = gap + place // columns * (high + gap), gap + place % columns * (wide + gap)
        made[y : y + high, x : x + wide] = part
    return made


def page(pixels: Pixels, other: Pixels, rng: Random) -> Pixels:
    """A picture of a screen: a page with words and one or two pictures on it."""
    wide, high = pixels.shape[1] + int(rng.integers(60, 400)), pixels.shape[0] * 2
    dark = rng.random() < 0.3
    made = np.full((high, wide, 3), 24 if dark else int(rng.choice((255, 247))), np.uint8)
    ink = (230, 230, 230) if dark else (30, 30, 30)
    y = int(rng.integers(10, 60))
    for picture in (pixels, other)[: int(rng.integers(1, 3))]:
        x = int(rng.integers(0, 60))
        part = picture[: high - y - 20, : wide - x]
        made[y : y + part.shape[0], x : x + part.shape[1]] = part
        y += part.shape[0] + 30
        if y > high - 100:
            break
        for _line in range(3):
            text = "It was said on Monday that the grid would hold."
            cv2.putText(made, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.5, ink, 1, cv2.LINE_AA)
            y += 22
    return made


def story(pixels: Pixels, _: Pixels, rng: Random) -> Pixels:
    """An upright screen: the picture whole, and behind it itself, enlarged and blurred."""
    high, wide = pixels.shape[:2]
    size = (wide, wide * 16 // 9)
    behind = cv2.resize(pixels, (size[1] * wide // high, size[1]))[:, : size[0]]
    behind = cv2.resize(behind, size)
    made = np.asarray(cv2.GaussianBlur(behind, (0, 0), rng.uniform(4, 20)), np.uint8)
    top = (size[1] - high) // 2 + int(rng.integers(-4, 5))
    made[top : top + high] = pixels
    return made


KINDS: Final[dict[str, Callable[[Pixels, Pixels, Random], Pixels]]] = {
    kind.__name__.replace("_", " "): kind
    for kind in (
        straightened, lens_corrected, perspective_corrected, resized, shutter_sheared, shutter_wobbled,
        stabilised, waved, liquified, columns_lost, seam_carved, stitched, padded, strip_moved, captioned,
        collage, page, story,
    )
}  # fmt: skip
