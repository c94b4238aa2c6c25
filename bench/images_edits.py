"""Twenty-six edits of still pictures, and pictures of many kinds that have nothing to do with them.

Used by `bench/copies_images.py`. Every edit and every made picture depends on its arguments alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Edit = Callable[[Picture, Picture, np.random.Generator], Picture]
"""From a picture (RGB), an unrelated picture to set it into, and chance."""

WORDS = tuple(
    word
    for line in (
        "BREAKING NEWS WATCH UNTIL THE END nobody talks about this share before they delete it",
        "what really happened last night eyewitness video from the scene just now 2023 LIVE",
    )
    for word in line.split()
)


def jpeg(picture: Picture, quality: int) -> Picture:
    """Returns the picture after JPEG compression."""
    coded = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.ascontiguousarray(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1])


def scaled(picture: Picture, factor: float) -> Picture:
    """Returns the picture at another size."""
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=how))


def cropped(picture: Picture, part: float, chance: np.random.Generator) -> Picture:
    """Returns a part of the picture, `part` of each side taken away, somewhere, at the old size."""
    height, width = picture.shape[:2]
    h, w = round(height * (1 - part)), round(width * (1 - part))
    y, x = (int(chance.integers(0, room + 1)) for room in (height - h, width - w))
    return np.asarray(
        cv2.resize(picture[y : y + h, x : x + w], (width, height), interpolation=cv2.INTER_CUBIC)
    )


def rotated(picture: Picture, degrees: float, inside: bool) -> Picture:
    """Returns the picture turned; `inside`: enlarged so that no corner is empty."""
    height, width = picture.shape[:2]
    a = np.radians(abs(degrees))
    grow = np.cos(a) + np.sin(a) * max(width / height, height / width) if inside else 1.0
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, grow)
    return np.asarray(cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC))


def text(
    picture: Picture,
    words: str,
    at: tuple[int, int],
    size: float,
    colour: tuple[int, int, int] = (255, 255, 255),
    edge: bool = True,
) -> None:
    """Writes into the picture, `at` the left end of the baseline, letters about `22 * size` high."""
    thick = max(1, round(size * 2))
    where = (int(at[0]), int(at[1]))
    if edge:
        cv2.putText(picture, words, where, 2, size, (0, 0, 0), thick * 3, cv2.LINE_AA)
    cv2.putText(picture, words, where, 2, size, colour, thick, cv2.LINE_AA)


def sentence(chance: np.random.Generator, count: int) -> str:
    """Returns some words."""
    return " ".join(chance.choice(WORDS, count))


def _captioned(picture: Picture, _: Picture, chance: np.random.Generator) -> Picture:
    out = picture.copy()
    height, width = out.shape[:2]
    text(out, sentence(chance, 5), (width // 12, height - height // 12), width / 900)
    return jpeg(out, 70)


def _meme(picture: Picture, _: Picture, chance: np.random.Generator) -> Picture:
    out = picture.copy()
    height, width = out.shape[:2]
    for line in (0.14, 0.28, 0.82, 0.96):
        text(out, sentence(chance, 3).upper(), (width // 20, round(height * line)), width / 460)
    return jpeg(out, 70)


def _sticker(picture: Picture, _: Picture, chance: np.random.Generator) -> Picture:
    out = picture.copy()
    height, width = out.shape[:2]
    radius = round(min(height, width) * 0.2)
    x, y = (int(chance.integers(radius, room - radius)) for room in (width, height))
    cv2.circle(out, (x, y), radius, (250, 210, 30), -1, cv2.LINE_AA)
    cv2.circle(out, (x - radius // 3, y - radius // 4), radius // 8, (0, 0, 0), -1, cv2.LINE_AA)
    cv2.circle(out, (x + radius // 3, y - radius // 4), radius // 8, (0, 0, 0), -1, cv2.LINE_AA)
    cv2.ellipse(out, (x, y), (radius // 2, radius // 2), 0, 20, 160, (0, 0, 0), 4, cv2.LINE_AA)
    return jpeg(out, 70)


def _letterbox(picture: Picture, _: Picture, __: np.random.Generator) -> Picture:
    bar = picture.shape[0] // 5
    return jpeg(cv2.copyMakeBorder(picture, bar, bar, 0, 0, cv2.BORDER_CONSTANT), 70)


def _blurred_box(picture: Picture, _: Picture, __: np.random.Generator) -> Picture:
    side = max(picture.shape[:2])
    back = cv2.GaussianBlur(cv2.resize(picture, (side, side)), (0, 0), side / 30)
    small = scaled(picture, 0.75)
    y, x = (back.shape[0] - small.shape[0]) // 2, (back.shape[1] - small.shape[1]) // 2
    back[y : y + small.shape[0], x : x + small.shape[1]] = small
    return jpeg(back, 70)


def _perspective(picture: Picture, other: Picture, chance: np.random.Generator) -> Picture:
    """A screen filmed from the side, in front of something else, a little dark and noisy."""
    height, width = picture.shape[:2]
    ground = scaled(cv2.resize(other, (width, height)), 1.3)
    tall, wide = ground.shape[:2]
    frame = cv2.copyMakeBorder(picture, 8, 8, 8, 8, cv2.BORDER_CONSTANT, value=(15, 15, 15))
    h, w = frame.shape[:2]
    corners = np.array([[0, 0], [w, 0], [w, h], [0, h]], dtype=np.float32)
    lean = chance.uniform(0.03, 0.1, 4)
    target = np.array(
        [
            [wide * (0.08 + lean[0]), tall * (0.08 + lean[1])],
            [wide * 0.93, tall * 0.06],
            [wide * (0.95 - lean[2]), tall * 0.93],
            [wide * 0.07, tall * (0.93 - lean[3])],
        ],
        dtype=np.float32,
    )
    matrix = cv2.getPerspectiveTransform(corners, target)
    shown = cv2.warpPerspective(frame, matrix, (wide, tall))
    mask = cv2.warpPerspective(np.ones((h, w), np.uint8), matrix, (wide, tall))
    out = np.where(mask[..., None] > 0, shown, ground)
    return jpeg(_noisy(np.clip(out * 0.85, 0, 255).astype(np.uint8), 5, chance), 60)


def _noisy(picture: Picture, sigma: float, chance: np.random.Generator) -> Picture:
    noise = chance.normal(0, sigma, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def _collage(picture: Picture, other: Picture, chance: np.random.Generator) -> Picture:
    height, width = picture.shape[:2]
    parts = [picture, cv2.resize(other, (width, height)), cv2.resize(other[::-1], (width, height))]
    parts.append(np.roll(parts[1], width // 3, axis=1)[:, :, ::-1])
    order = chance.permutation(4)
    rows = [np.hstack([parts[order[i]], parts[order[i + 1]]]) for i in (0, 2)]
    return jpeg(scaled(np.vstack(rows), 0.75), 75)


def _inset(picture: Picture, other: Picture, chance: np.random.Generator) -> Picture:
    height, width = other.shape[:2]
    out = scaled(other, 640 / max(height, width))
    height, width = out.shape[:2]
    side = 0.42 * max(height, width) / max(picture.shape[:2])
    small = scaled(picture, side)
    y = int(chance.integers(0, max(1, height - small.shape[0])))
    x = int(chance.integers(0, max(1, width - small.shape[1])))
    small = small[: height - y, : width - x]
    out[y : y + small.shape[0], x : x + small.shape[1]] = small
    return jpeg(out, 75)


def _sepia(picture: Picture, _: Picture, __: np.random.Generator) -> Picture:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float64)[..., None]
    return jpeg(np.clip(grey * [1.05, 0.87, 0.65] + [20, 8, 0], 0, 255).astype(np.uint8), 70)


def _stacked(picture: Picture, other: Picture, chance: np.random.Generator) -> Picture:
    out = np.ascontiguousarray(cropped(picture, 0.25, chance)[:, ::-1])
    return jpeg(_captioned(out, other, chance), 35)


def _stacked_more(picture: Picture, other: Picture, chance: np.random.Generator) -> Picture:
    out = rotated(picture, 4, True)
    out = np.clip(out * 0.55, 0, 255).astype(np.uint8)
    out = np.asarray(cv2.resize(out, None, fx=0.75, fy=0.9, interpolation=cv2.INTER_AREA))
    return jpeg(_letterbox(out, other, chance), 45)


EDITS: Mapping[str, Edit] = {
    "JPEG quality 20": lambda p, *_: jpeg(p, 20),
    "scaled by .25": lambda p, *_: jpeg(scaled(p, 0.25), 70),
    "blurred": lambda p, *_: jpeg(cv2.GaussianBlur(p, (0, 0), max(p.shape) / 200), 70),
    "noise": lambda p, _, c: jpeg(_noisy(p, 22, c), 70),
    "grey": lambda p, *_: jpeg(np.repeat(cv2.cvtColor(p, 7)[..., None], 3, axis=2), 70),
    "sepia": _sepia,
    "dark": lambda p, *_: jpeg((255 * (p / 255) ** 1.6 * 0.45).astype(np.uint8), 70),
    "bright": lambda p, *_: jpeg(np.clip(p * 1.3 + 45.0, 0, 255).astype(np.uint8), 70),
    "cropped by 10 % a side": lambda p, _, c: jpeg(cropped(p, 0.1, c), 70),
    "cropped by 25 % a side": lambda p, _, c: jpeg(cropped(p, 0.25, c), 70),
    "cropped by 40 % a side": lambda p, _, c: jpeg(cropped(p, 0.4, c), 70),
    "letterbox": _letterbox,
    "blurred box": _blurred_box,
    "mirrored": lambda p, *_: jpeg(np.ascontiguousarray(p[:, ::-1]), 70),
    "turned by 90 degrees": lambda p, *_: jpeg(np.ascontiguousarray(np.rot90(p)), 70),
    "turned by 5 degrees": lambda p, *_: jpeg(rotated(p, 5, True), 70),
    "turned by 20 degrees": lambda p, *_: jpeg(rotated(p, 20, False), 70),
    "screen filmed at an angle": _perspective,
    "caption": _captioned,
    "meme text": _meme,
    "sticker": _sticker,
    "stretched by a third": lambda p, *_: jpeg(
        cv2.resize(p, None, fx=1.333, fy=1, interpolation=cv2.INTER_CUBIC), 70
    ),
    "collage of four": _collage,
    "picture in picture": _inset,
    "cropped, mirrored, caption": _stacked,
    "turned, dark, squeezed, letterbox": _stacked_more,
}


def _noise_field(chance: np.random.Generator, shape: tuple[int, int], fall: float) -> Picture:
    """Returns noise whose strength falls with frequency, 0 to 255: clouds at 2, sand at 0."""
    height, width = shape
    v, u = np.meshgrid(np.fft.fftfreq(height), np.fft.rfftfreq(width), indexing="ij")
    radius = np.maximum(np.hypot(u, v), 1 / max(shape))
    spectrum = radius**-fall * np.exp(2j * np.pi * chance.random(radius.shape))
    field = np.fft.irfft2(spectrum, s=shape)
    field = (field - field.min()) / max(float(np.ptp(field)), 1e-9)
    return (255 * field).astype(np.uint8)


def _landscape(chance: np.random.Generator) -> Picture:
    height, width = 288, 512
    base, other = (_noise_field(chance, (height, width), chance.uniform(1.2, 2.0)) for _ in "ab")
    ridge = height * (0.3 + 0.3 * _noise_field(chance, (1, width), 1.8)[0] / 255.0)
    ground = np.arange(height)[:, None] > ridge[None, :]
    tones = chance.integers(30, 220, (2, 3))
    out = np.where(
        ground[..., None],
        tones[0] * (0.5 + base[..., None] / 255.0),
        tones[1] * (0.8 + 0.3 * other[..., None] / 255.0),
    )
    return np.clip(out, 0, 255).astype(np.uint8)


def _shapes(chance: np.random.Generator) -> Picture:
    out = np.full((320, 480, 3), chance.integers(0, 255, 3), dtype=np.uint8)
    for _ in range(int(chance.integers(15, 60))):
        colour = tuple(int(c) for c in chance.integers(0, 255, 3))
        kind, x, y = (int(chance.integers(0, high)) for high in (3, 480, 320))
        a, b = (int(n) for n in chance.integers(8, 90, 2))
        if kind == 0:
            cv2.rectangle(out, (x, y), (x + a, y + b), colour, -1)
        elif kind == 1:
            cv2.ellipse(out, (x, y), (a, b), float(chance.uniform(0, 180)), 0, 360, colour, -1)
        else:
            corners = chance.integers(-a, a + 1, (4, 2)) + np.array([x, y])
            cv2.fillPoly(out, [corners.astype(np.int32)], colour)
    return _noisy(out, 3, chance)


def _document(chance: np.random.Generator) -> Picture:
    out = np.full((480, 380, 3), int(chance.integers(225, 256)), dtype=np.uint8)
    size = float(chance.uniform(0.35, 0.6))
    for line in range(30, 470, int(34 * size) + 4):
        text(out, sentence(chance, 7), (20, line), size, (20, 20, 20), edge=False)
    return out


def _slide(chance: np.random.Generator) -> Picture:
    """A caption over a plain or shaded ground."""
    top, bottom = chance.integers(0, 255, (2, 3))
    share = np.linspace(0, 1, 288)[:, None, None]
    shaded = np.broadcast_to(top * (1 - share) + bottom * share, (288, 512, 3))
    out = np.ascontiguousarray(shaded.astype(np.uint8))
    for line in (0.3, 0.55, 0.8):
        text(out, sentence(chance, 4), (30, round(288 * line)), 0.9)
    return out


def _windows(chance: np.random.Generator) -> Picture:
    """A front of equal windows, some lit, seen at a slight angle."""
    wall, glass, lit = chance.integers(20, 230, (3, 3))
    out = np.full((360, 480, 3), wall, dtype=np.uint8)
    w, h = (int(n) for n in chance.integers(12, 40, 2))
    gap = int(chance.integers(5, 16))
    for y in range(gap, 360, h + gap):
        for x in range(gap, 480, w + gap):
            tone = lit if chance.random() < 0.15 else glass
            cv2.rectangle(out, (x, y), (x + w, y + h), tuple(int(c) for c in tone), -1)
            cv2.line(out, (x + w // 2, y), (x + w // 2, y + h), tuple(int(c) for c in wall), 1)
    lean = chance.uniform(-40, 40, (4, 2)).astype(np.float32)
    corners = np.array([[0, 0], [480, 0], [480, 360], [0, 360]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners, corners + lean)
    return _noisy(cv2.warpPerspective(out, matrix, (480, 360), borderMode=2), 4, chance)


def _fence(chance: np.random.Generator) -> Picture:
    out = _landscape(chance)
    step, thick = int(chance.integers(10, 40)), int(chance.integers(2, 6))
    colour = tuple(int(c) for c in chance.integers(20, 200, 3))
    for x in range(-512, 1024, step):
        lean = 512 if chance.integers(0, 2) and step > 20 else 0
        cv2.line(out, (x, 0), (x + lean, 288), colour, thick, cv2.LINE_AA)
    for y in range(40, 288, 80):
        cv2.line(out, (0, y), (512, y), colour, thick, cv2.LINE_AA)
    return _noisy(out, 3, chance)


def _map(chance: np.random.Generator) -> Picture:
    out = np.full((360, 512, 3), (242, 239, 233), dtype=np.uint8)
    water = _noise_field(chance, (360, 512), 2.2) > chance.integers(120, 190)
    out[water] = (170, 211, 223)
    for _ in range(int(chance.integers(12, 40))):
        points = np.cumsum(chance.normal(0, 45, (8, 2)), axis=0) + chance.uniform(0, 400, 2)
        tone = ((255, 255, 255), (249, 178, 156), (252, 214, 164))[int(chance.integers(0, 3))]
        width = int(chance.integers(1, 6))
        cv2.polylines(out, [points.astype(np.int32)], False, (180, 170, 160), width + 2, 16)
        cv2.polylines(out, [points.astype(np.int32)], False, tone, width, cv2.LINE_AA)
    for _ in range(int(chance.integers(5, 20))):
        name = str(chance.choice(WORDS)).title()
        at = (int(chance.integers(0, 440)), int(chance.integers(20, 350)))
        text(out, name, at, 0.4, (60, 60, 60), edge=False)
    return out


def _chart(chance: np.random.Generator) -> Picture:
    out = np.full((320, 480, 3), 250, dtype=np.uint8)
    for y in range(40, 300, 40):
        cv2.line(out, (50, y), (460, y), (210, 210, 210), 1)
        text(out, str(320 - y), (12, y + 5), 0.4, (60, 60, 60), edge=False)
    if chance.integers(0, 2):
        for x in range(60, 450, 30):
            colour = tuple(int(c) for c in chance.integers(40, 220, 3))
            cv2.rectangle(out, (x, int(chance.integers(60, 270))), (x + 20, 290), colour, -1)
    else:
        for _ in range(3):
            y = np.clip(160 + np.cumsum(chance.normal(0, 15, 80)), 20, 290)
            line = np.stack([np.linspace(55, 455, 80), y], axis=1).astype(np.int32)
            colour = tuple(int(c) for c in chance.integers(40, 220, 3))
            cv2.polylines(out, [line], False, colour, 2, cv2.LINE_AA)
    text(out, sentence(chance, 4), (60, 24), 0.55, (20, 20, 20), edge=False)
    return out


def _texture(chance: np.random.Generator) -> Picture:
    field = _noise_field(chance, (300, 400), chance.uniform(0.3, 1.8))
    tone = chance.uniform(0.3, 1.0, 3)
    return np.clip(field[..., None] * tone + chance.integers(0, 40, 3), 0, 255).astype(np.uint8)


def _sky(chance: np.random.Generator) -> Picture:
    field = _noise_field(chance, (288, 512), 2.6)[..., None] / 255.0
    share = np.linspace(0, 1, 288)[:, None, None]
    blue = np.array([90, 140, 220]) * (1 - share) + np.array([200, 220, 245]) * share
    return np.clip(blue + 25 * field * chance.uniform(0, 1), 0, 255).astype(np.uint8)


def _night(chance: np.random.Generator) -> Picture:
    out = np.full((288, 512, 3), 8, dtype=np.uint8)
    for _ in range(int(chance.integers(10, 80))):
        at = (int(chance.integers(0, 512)), int(chance.integers(100, 288)))
        colour = tuple(int(c) for c in chance.integers(90, 255, 3))
        cv2.circle(out, at, int(chance.integers(1, 5)), colour, -1, cv2.LINE_AA)
    return _noisy(cv2.GaussianBlur(out, (0, 0), 1.2), 5, chance)


MADE: Mapping[str, Callable[[np.random.Generator], Picture]] = {
    "landscape": _landscape,
    "shapes": _shapes,
    "document": _document,
    "slide": _slide,
    "windows": _windows,
    "fence": _fence,
    "map": _map,
    "chart": _chart,
    "texture": _texture,
    "sky": _sky,
    "night": _night,
}
"""Makers of unrelated pictures, by kind."""
