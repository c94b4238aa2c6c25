"""Made photographs, in which things recur, for measuring signs of editing.

`photograph(kind, seed)` draws a scene, with light, perspective and a lens, and takes it with a camera: a
Bayer mosaic with noise of light and of reading, demosaicing, a tone curve, sharpening. Nothing in them was
copied in the picture; that things look alike (windows, bricks, tins of one brand, two posters of one print,
a house in still water) is the point. The same kind and seed give the same picture.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Light = NDArray[np.float32]
Random = np.random.Generator

FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
)  # fmt: skip
WORDS = (
    "river", "bridge", "market", "council", "water", "north", "harvest", "engine", "morning", "letter",
    "union", "harbour", "district", "record", "signal", "winter", "village", "station", "minister", "report",
    "square", "border", "evening", "hospital", "school", "bakery",
)  # fmt: skip
SIZES = ((1600, 1200), (1280, 960), (1440, 1080), (1200, 1600), (1920, 1080), (1024, 768))


def random_of(*names: object) -> Random:
    """Returns a generator that only the names decide."""
    text = "/".join(str(name) for name in names)
    return np.random.default_rng(list(hashlib.sha256(text.encode()).digest()[:8]))


def photograph(kind: str, seed: int) -> Pixels:
    """Returns a made photograph, blue first, shape (height, width, 3)."""
    rng = random_of("photograph", kind, seed)
    width, height = SIZES[seed % len(SIZES)]
    return taken(PHOTOGRAPHS[kind](rng, width, height), rng)


def taken(scene: Light, rng: Random) -> Pixels:
    """Returns a scene (0 to 255, blue first) as a camera takes it."""
    height, width = scene.shape[:2]
    blurred = cv2.GaussianBlur(scene, (0, 0), rng.uniform(0.5, 0.9))
    linear = (np.clip(np.asarray(blurred), 0, 255) / 255) ** 2.2
    down, across = np.mgrid[:height, :width].astype(np.float32)
    far = np.hypot(across / width - 0.5, down / height - 0.5)
    linear = linear * (1 - rng.uniform(0.1, 0.5) * far**2)[:, :, None]
    mosaic = np.zeros((height, width), np.float32)
    for y, x, channel in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2)):
        mosaic[y::2, x::2] = linear[y::2, x::2, channel]
    light = rng.uniform(800, 8000)
    mosaic = mosaic + rng.normal(0, 1, mosaic.shape) * np.sqrt(mosaic / light + 0.0015**2)
    raw = (np.clip(mosaic, 0, 1) * 65535).astype(np.uint16)
    developed = cv2.cvtColor(raw, cv2.COLOR_BayerBG2BGR).astype(np.float32) / 65535
    toned = np.asarray(developed)[:, :, ::-1] ** (1 / 2.2) * 255
    sharper = toned + rng.uniform(0, 0.6) * (toned - np.asarray(cv2.GaussianBlur(toned, (0, 0), 1)))
    return np.clip(sharper.round(), 0, 255).astype(np.uint8)


def cloud(rng: Random, width: int, height: int, fall: float) -> Light:
    """Returns noise, mean 0 and spread 1, whose strength falls with frequency."""
    down, across = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :]
    weight = 1 / np.maximum(np.hypot(down, across), 2 / max(width, height)) ** fall
    plane = np.fft.irfft2(
        np.fft.rfft2(rng.standard_normal((height, width))) * weight, s=(height, width)
    )
    return ((plane - plane.mean()) / plane.std()).astype(np.float32)


def wash(rng: Random, width: int, height: int, low: int = 40, high: int = 210) -> Light:
    """Returns a plain colour with soft shades."""
    shades = 12 * cloud(rng, width, height, 1.8)[:, :, None]
    return (rng.uniform(low, high, 3) + shades).astype(np.float32)


def print_of(rng: Random, width: int, height: int) -> Light:
    """Returns a printed thing: a label, a poster, a sign."""
    sheet = wash(rng, width, height)
    for _ in range(rng.integers(6, 14)):
        colour = rng.uniform(10, 245, 3).tolist()
        middle = (int(rng.integers(width)), int(rng.integers(height)))
        if rng.random() < 0.5:
            cv2.circle(
                sheet, middle, int(rng.integers(3, max(4, width // 4))), colour, -1, cv2.LINE_AA
            )
        else:
            corners = np.array(middle) + rng.normal(0, width / 4, (rng.integers(3, 6), 2))
            cv2.fillPoly(sheet, [corners.astype(np.int32)], colour, cv2.LINE_AA)
    for row in range(2 + height // 60):
        write(sheet, rng, (4, 20 + int(rng.integers(8)) + row * 34), width / 260 + 0.35)
    return sheet


def write(sheet: Light, rng: Random, at: tuple[int, int], size: float, words: int = 3) -> None:
    """Writes words of chance in dark or bright letters."""
    text = " ".join(rng.choice(WORDS, words))
    shade = float(rng.uniform(0, 60) if rng.random() < 0.7 else 250)
    lettered(sheet, text, at, size, shade, FONTS[rng.integers(len(FONTS))], 1 + int(size))


def lettered(
    sheet: Light, text: str, at: tuple[int, int], size: float, shade: float, font: int, thick: int
) -> None:
    top, bottom = max(0, at[1] - int(45 * size)), min(sheet.shape[0], at[1] + int(25 * size))
    if bottom <= top:
        return
    ink = np.zeros((bottom - top, sheet.shape[1]), np.uint8)
    cv2.putText(ink, text, (at[0], at[1] - top), font, size, 255, thick, cv2.LINE_AA)
    strip = sheet[top:bottom]
    strip += (shade - strip) * (ink[:, :, None].astype(np.float32) / 255)


def seen_from_a_side(plane: Light, rng: Random, most: float = 0.12) -> Light:
    """Returns a plane as it looks from somewhere beside its middle."""
    height, width = plane.shape[:2]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    moved = corners + rng.uniform(-most, most, (4, 2)) * (width, height)
    grown = (moved - moved.mean(axis=0)) * (1 + 2.2 * most) + (width / 2, height / 2)
    matrix = cv2.getPerspectiveTransform(corners, grown.astype(np.float32))
    shown = cv2.warpPerspective(
        plane, matrix, (width, height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT
    )
    return lit(np.asarray(shown, np.float32), rng)


def lit(plane: Light, rng: Random) -> Light:
    height, width = plane.shape[:2]
    return plane * (1 + 0.06 * cloud(rng, width, height, 2.2))[:, :, None]


def facade(rng: Random, width: int, height: int) -> Light:
    wall = wash(rng, width, height, 90, 220) + 6 * cloud(rng, width, height, 0.4)[:, :, None]
    wide, high = int(rng.integers(50, 110)), int(rng.integers(70, 150))
    window = print_of(rng, wide, high) * 0.4
    cv2.rectangle(window, (0, 0), (wide - 1, high - 1), rng.uniform(150, 250, 3).tolist(), 5)
    cv2.line(window, (wide // 2, 0), (wide // 2, high), (210, 210, 210), 3)
    same = rng.random() < 0.5
    for y in range(20, height - high, high + int(rng.integers(30, 70))):
        for x in range(20, width - wide, wide + int(rng.integers(20, 60))):
            pane = window.copy()
            if not same:
                cv2.rectangle(
                    pane, (6, 6), (wide // 2 - 3, int(rng.integers(20, high))),
                    rng.uniform(120, 240, 3).tolist(), -1,
                )  # fmt: skip
            gleam = np.linspace(rng.uniform(0.8, 1.2), rng.uniform(0.8, 1.2), wide)
            wall[y : y + high, x : x + wide] = pane * gleam[None, :, None]
    return seen_from_a_side(wall, rng)


def bricks(rng: Random, width: int, height: int) -> Light:
    wall = np.full((height, width, 3), 170, np.float32)
    wide, high = int(rng.integers(50, 100)), int(rng.integers(18, 36))
    base = rng.uniform(40, 150, 3)
    for row in range(height // high + 1):
        for x in range(-(row % 2) * wide // 2, width, wide):
            colour = (base + rng.normal(0, 14, 3)).clip(0, 255).tolist()
            cv2.rectangle(
                wall, (x + 2, row * high + 2), (x + wide - 3, (row + 1) * high - 3), colour, -1
            )
    return seen_from_a_side(wall + 9 * cloud(rng, width, height, 0.5)[:, :, None], rng)


def page(rng: Random, width: int, height: int) -> Light:
    """A printed page, where words and letters recur; every other one evenly lit, as a scanner lights it."""
    sheet = np.full((height, width, 3), rng.uniform(200, 245), np.float32)
    size, font = rng.uniform(0.6, 1.6), FONTS[rng.integers(3)]
    for y in range(60, height - 30, int(38 * size)):
        line = " ".join(rng.choice(WORDS, 40))
        lettered(sheet, line, (40, y), size, 30.0, font, 1 + int(size))
    shown = seen_from_a_side(sheet, rng, rng.choice([0.0, 0.004, 0.05]))
    return shown if rng.random() < 0.5 else sheet


def foliage(rng: Random, width: int, height: int) -> Light:
    scene = wash(rng, width, height, 20, 90)
    leaf = np.array([(0, -9), (4, -2), (3, 6), (0, 10), (-3, 6), (-4, -2)], np.float32)
    for number in range(width * height // 250):
        turn, size = rng.uniform(0, 6.3), rng.uniform(0.6, 2.2)
        spin = np.array([(np.cos(turn), -np.sin(turn)), (np.sin(turn), np.cos(turn))])
        at = rng.random(2) * (width, height)
        shade = rng.uniform(0.3, 1.2) * (0.5 + number / (width * height / 125))
        colour = (np.array([40, 150, 80]) * shade + rng.normal(0, 12, 3)).clip(0, 255)
        cv2.fillConvexPoly(
            scene, (leaf @ spin.T * size + at).astype(np.int32), colour.tolist(), cv2.LINE_AA
        )
    return lit(scene, rng)


def water(rng: Random, width: int, height: int) -> Light:
    waves = cloud(rng, width, height * 3, 1.4)
    flat = np.asarray(cv2.resize(waves, (width, height), interpolation=cv2.INTER_AREA))
    glints = np.clip(cloud(rng, width, height, 0.9) - 2.2, 0, None) * 90
    return (np.array([120, 95, 60]) + 25 * flat[:, :, None] + glints[:, :, None]).astype(np.float32)


def crowd(rng: Random, width: int, height: int) -> Light:
    scene = wash(rng, width, height)
    shirts = rng.uniform(20, 240, (6, 3))
    for y in np.sort(rng.uniform(0, height, width * height // 3500)):
        x, size = rng.uniform(0, width), 14 + 26 * y / height
        shirt = shirts[rng.integers(6)] + rng.normal(0, 6, 3)
        skin = np.array([120, 150, 200]) * rng.uniform(0.4, 1.2)
        centre = (int(x), int(y))
        cv2.ellipse(scene, (centre, (size * 1.6, size * 3), 0.0), shirt.tolist(), -1, cv2.LINE_AA)
        head = (int(x), int(y - 1.9 * size))
        cv2.ellipse(
            scene, (head, (size, size * 1.3), rng.uniform(-15, 15)), skin.tolist(), -1, cv2.LINE_AA
        )
        hair = (rng.uniform(10, 90, 3)).tolist()
        cv2.ellipse(
            scene, head, (int(size / 2), int(size / 1.6)), 0, 180, 360, hair, -1, cv2.LINE_AA
        )
    return lit(scene + 4 * cloud(rng, width, height, 0.6)[:, :, None], rng)


def signs(rng: Random, width: int, height: int) -> Light:
    """A street of signs and notices; some of them there twice."""
    scene = wash(rng, width, height) + 8 * cloud(rng, width, height, 0.7)[:, :, None]
    for _ in range(8):
        sheet = print_of(rng, int(rng.integers(140, 320)), int(rng.integers(80, 200)))
        for _ in range(rng.integers(1, 3)):
            _pasted(scene, sheet, rng, turn=rng.uniform(-4, 4), size=rng.uniform(0.7, 1.2))
    return seen_from_a_side(scene, rng, 0.05)


def posters(rng: Random, width: int, height: int) -> Light:
    """Two posters of one print, hung straight, seen from the front."""
    scene = wash(rng, width, height) + 8 * cloud(rng, width, height, 0.7)[:, :, None]
    wide, high = int(width * rng.uniform(0.2, 0.35)), int(height * rng.uniform(0.35, 0.6))
    sheet = print_of(rng, wide, high)
    top, left = (height - high) * rng.uniform(0.2, 0.8), width * rng.uniform(0.04, 0.1)
    for x in (left, left + width * rng.uniform(0.42, 0.5)):
        _laid(scene, sheet, np.array([[1, 0, x], [0, 1, top + rng.uniform(-3, 3)]]))
    return lit(seen_from_a_side(scene, rng, rng.choice([0.0, 0.01, 0.04])), rng)


def shelf(rng: Random, width: int, height: int) -> Light:
    """Tins of a few brands, each brand two to six times."""
    scene = wash(rng, width, height, 60, 120)
    brands = [print_of(rng, 120, 170) for _ in range(6)]
    for y in range(10, height - 180, 210):
        x = 5.0
        while x < width - 130:
            brand = brands[rng.integers(6)]
            for _ in range(rng.integers(1, 4)):
                turn = rng.normal(0, 0.01)
                _laid(scene, brand, np.array([[1, -turn, x], [turn, 1, y + rng.uniform(0, 3)]]))
                x += 122 + rng.uniform(0, 6)
        cv2.rectangle(scene, (0, y + 176), (width, y + 196), (90, 110, 130), -1)
    return seen_from_a_side(scene, rng, 0.03)


def reflection(rng: Random, width: int, height: int) -> Light:
    """A house by still water; the lower half is its mirror image, darker and stirred a little."""
    half = height // 2
    house = facade(rng, width, half)
    cv2.fillPoly(
        house,
        [np.array([(0, 0), (width, 0), (width // 2, half // 3)])],
        (230, 190, 150),
        cv2.LINE_AA,
    )
    stir = rng.choice([0.0, 0.3, 1.0])
    down, across = np.mgrid[:half, :width].astype(np.float32)
    waves = np.float32(stir) * cloud(rng, width, half, 1.5)
    below = cv2.remap(house[::-1].copy(), across + waves, down + waves, cv2.INTER_LINEAR)
    return np.vstack([house, np.asarray(below) * rng.uniform(0.6, 0.95) + 5]).astype(np.float32)


def symmetric(rng: Random, width: int, height: int) -> Light:
    """A front whose right half is built as the mirror image of its left half."""
    half = facade(rng, width // 2, height)
    for _ in range(12):
        sheet = print_of(rng, int(rng.integers(40, 120)), int(rng.integers(40, 160))) * 0.7
        _pasted(half, sheet, rng, turn=0.0, size=1.0)
    front = (
        np.hstack([half, half[:, ::-1]]) + 5 * cloud(rng, width // 2 * 2, height, 0.5)[:, :, None]
    )
    return seen_from_a_side(front.astype(np.float32), rng, 0.02)


def pattern(rng: Random, width: int, height: int) -> Light:
    """Wallpaper or cloth: one printed pattern again and again."""
    tile = print_of(rng, int(rng.integers(90, 400)), int(rng.integers(90, 400)))
    times = height // tile.shape[0] + 1, width // tile.shape[1] + 1
    return seen_from_a_side(
        np.tile(tile, (*times, 1))[:height, :width].astype(np.float32), rng, 0.06
    )


def field(rng: Random, width: int, height: int) -> Light:
    """A sports field with stripes, lines, players of two teams, and boards of a few advertisers."""
    scene = np.zeros((height, width, 3), np.float32)
    stripe = int(rng.integers(60, 160))
    for x in range(0, width, stripe):
        scene[:, x : x + stripe] = (50, 130 + 15 * (x // stripe % 2), 60)
    scene += 7 * cloud(rng, width, height, 0.4)[:, :, None]
    boards = [print_of(rng, 220, 46) for _ in range(3)]
    for number, x in enumerate(range(0, width - 220, 224)):
        _laid(scene, boards[number % 3], np.array([[1, 0, x], [0, 1, 30 + rng.uniform(0, 1)]]))
    for x in range(100, width, 300):
        cv2.line(scene, (x, 90), (x - 40, height), (235, 235, 235), 4, cv2.LINE_AA)
    teams = [print_of(rng, 36, 50) for _ in range(2)]
    for number in range(22):
        _pasted(
            scene, teams[number % 2], rng, turn=rng.uniform(-25, 25), size=rng.uniform(0.8, 1.3)
        )
    return seen_from_a_side(scene, rng, 0.05)


def chess(rng: Random, width: int, height: int) -> Light:
    """A board with pieces, each kind of them two to eight times."""
    scene = wash(rng, width, height, 80, 160)
    side = min(width, height) // 9
    dark, bright = rng.uniform(30, 90, 3), rng.uniform(160, 240, 3)
    men = [print_of(rng, side // 2, side * 2 // 3) for _ in range(6)]
    for row in range(8):
        for column in range(8):
            x, y = (column + 1) * side // 1, row * side + side // 2
            scene[y : y + side, x : x + side] = dark if (row + column) % 2 else bright
            if row in {0, 1, 6, 7}:
                man = men[5 if row in {1, 6} else min(column, 7 - column)]
                at = x + side // 4 + rng.uniform(-4, 4), y + side // 6 + rng.uniform(-4, 4)
                _laid(scene, man, np.array([[1, 0, at[0]], [0, 1, at[1]]]))
    return seen_from_a_side(scene + 3 * cloud(rng, width, height, 0.5)[:, :, None], rng, 0.08)


def things(rng: Random, width: int, height: int) -> Light:
    """Things of all sizes, nothing twice."""
    scene = wash(rng, width, height)
    for reach in (260, 160, 90, 60, 40, 25, 15, 10, 7):
        for _ in range(3 + 2600 // reach):
            corners = rng.random(2) * (width, height) + rng.normal(
                0, reach, (rng.integers(3, 7), 2)
            )
            cv2.fillPoly(
                scene, [corners.astype(np.int32)], rng.uniform(15, 240, 3).tolist(), cv2.LINE_AA
            )
    return lit(scene + 8 * cloud(rng, width, height, 0.7)[:, :, None], rng)


def _pasted(scene: Light, sheet: Light, rng: Random, *, turn: float, size: float) -> None:
    height, width = scene.shape[:2]
    at = rng.random(2) * (width, height) * 0.8
    angle = np.deg2rad(turn)
    linear = size * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    _laid(scene, sheet * rng.uniform(0.85, 1.1), np.column_stack([linear, at]))


def _laid(scene: Light, sheet: Light, matrix: NDArray[Any]) -> None:
    """Puts a sheet into the scene at a place of fractions of pixels, as things in the world lie."""
    high, wide = sheet.shape[:2]
    corners = matrix @ np.array([(0, wide, wide, 0), (0, 0, high, high), (1, 1, 1, 1)])
    left, top = np.maximum(np.floor(corners.min(axis=1)).astype(int) - 1, 0)
    right, bottom = np.ceil(corners.max(axis=1)).astype(int) + 1
    crop = scene[top:bottom, left:right]
    here = matrix - np.array([[0, 0, left], [0, 0, top]])
    size = (crop.shape[1], crop.shape[0])
    if not min(size):
        return
    there = cv2.warpAffine(np.ones((high, wide), np.float32), here, size)
    moved = cv2.warpAffine(
        sheet, here, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    crop += (np.asarray(moved) - crop) * np.asarray(there)[:, :, None]


Drawing = Callable[[Random, int, int], Light]
PHOTOGRAPHS: dict[str, Drawing] = {
    drawing.__name__: drawing
    for drawing in (
        facade, bricks, page, foliage, water, crowd, signs, posters, shelf, reflection, symmetric, pattern,
        field, chess, things,
    )
}  # fmt: skip
