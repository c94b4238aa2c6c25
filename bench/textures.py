"""Made patterns that are no screens: cloth, façades, blinds, fences and prints in half tones.

Each is drawn three times as fine as the picture, with perspective, and developed by the same made camera as
the screens of `screens.py`.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from screens import Picture, cover, recorded

Floats = NDArray[np.float32]
Draw = Callable[[Floats, Floats, Picture, np.random.Generator], NDArray[np.floating]]
FINER = 3


def pattern(kind: str, seed: int, size: tuple[int, int], picture: Picture) -> Picture:
    """Returns a photograph, RGB, of a pattern.

    Args:
        kind: One of `KINDS`.
        seed: For pitch, perspective, colours and noise.
        size: Width and height.
        picture: What a print or a cloth with a motif shows, RGB.
    """
    random = np.random.default_rng(seed)
    width, height = size
    down, across = np.mgrid[0 : height * FINER, 0 : width * FINER].astype(np.float32) / FINER
    x, y = across - width / 2, down - height / 2
    angle = np.radians(random.uniform(-20, 20))
    depth = 1 + random.uniform(-0.2, 0.2) * x / width + random.uniform(-0.2, 0.2) * y / height
    u = (x * np.cos(angle) + y * np.sin(angle)) / depth
    v = (y * np.cos(angle) - x * np.sin(angle)) / depth
    motif = cover(picture, (width * FINER, height * FINER)).astype(np.float32) / 255
    drawn = KINDS[kind](u.astype(np.float32), v.astype(np.float32), motif, random)
    light = np.asarray(
        cv2.resize(np.clip(drawn, 0, 1).astype(np.float32), size, interpolation=cv2.INTER_AREA)
    )
    shade = 0.75 + 0.25 * np.sin(x[::FINER, ::FINER] / width * 3 + random.uniform(0, 6))
    levels = (np.clip(light * shade[:, :, None], 0, 1) * 255).astype(np.uint8)
    return recorded(levels, random, random.uniform(1, 3))


def _two(random: np.random.Generator) -> tuple[Floats, Floats]:
    dark = random.uniform(0.05, 0.5, 3).astype(np.float32)
    return dark, np.clip(dark + random.uniform(0.1, 0.5, 3), 0, 1).astype(np.float32)


def _cloth(
    u: Floats, v: Floats, motif: Floats, random: np.random.Generator
) -> NDArray[np.floating]:
    """A plain weave with folds, printed or not."""
    pitch = random.uniform(2.2, 8)
    fold = random.uniform(0, 6)
    u = u + fold * np.sin(v / random.uniform(60, 200))
    v = v + fold * np.sin(u / random.uniform(60, 200))
    over = np.sign(np.sin(np.pi * u / pitch) * np.sin(np.pi * v / pitch))
    warp, weft = np.abs(np.sin(np.pi * u / pitch)), np.abs(np.sin(np.pi * v / pitch))
    height = np.where(over > 0, warp, weft)[:, :, None]
    dark, bright = _two(random)
    plain = dark + (bright - dark) * height
    return plain * (0.3 + motif) if random.random() < 0.5 else plain


def _blinds(
    u: Floats, v: Floats, motif: Floats, random: np.random.Generator
) -> NDArray[np.floating]:
    pitch = random.uniform(2.5, 18)
    slat = (((v + 0 * u) / pitch) % 1)[:, :, None]
    dark, bright = _two(random)
    drawn = dark + (bright - dark) * slat
    return np.where(slat < 0.2, motif * 0.6, drawn) if random.random() < 0.5 else drawn


def _facade(
    u: Floats, v: Floats, motif: Floats, random: np.random.Generator
) -> NDArray[np.floating]:
    """Windows with frames in a wall of bricks."""
    brick = random.uniform(2.5, 7)
    course = np.floor(v / brick)
    joint = ((v / brick) % 1 < 0.15) | (((u / (2.4 * brick)) + course / 2) % 1 < 0.07)
    dark, bright = _two(random)
    wall = np.where(joint[:, :, None], bright, dark)
    wide, high = random.uniform(24, 70), random.uniform(30, 90)
    a, b = (u / wide) % 1, (v / high) % 1
    window = (a > 0.25) & (a < 0.75) & (b > 0.2) & (b < 0.8)
    frame = window & ((np.abs(a - 0.5) < 0.03) | (np.abs(b - 0.5) < 0.03))
    drawn = np.where(window[:, :, None], motif * 0.5, wall)
    return np.where(frame[:, :, None], np.float32(0.9), drawn)


def _fence(
    u: Floats, v: Floats, motif: Floats, random: np.random.Generator
) -> NDArray[np.floating]:
    pitch, wire = random.uniform(5, 20), random.uniform(0.08, 0.2)
    one, other = ((u + v) / pitch) % 1, ((u - v) / pitch) % 1
    dark, _ = _two(random)
    return np.where(((one < wire) | (other < wire))[:, :, None], dark, motif)


def _halftone(
    u: Floats, v: Floats, motif: Floats, random: np.random.Generator
) -> NDArray[np.floating]:
    """Cyan, magenta, yellow and black dots at 15, 75, 0 and 45 degrees (the usual angles of offset print)."""
    pitch = random.uniform(2.2, 8)
    ink = 1 - motif
    black = ink.min(axis=2) * 0.6
    paper = np.ones_like(motif)
    for amount, degrees, colour in (
        (ink[:, :, 0] - black, 15, (0.1, 1, 1)),
        (ink[:, :, 1] - black, 75, (1, 0.1, 1)),
        (ink[:, :, 2] - black, 0, (1, 1, 0.1)),
        (black, 45, (0.1, 0.1, 0.1)),
    ):
        angle = np.radians(degrees)
        p = (u * np.cos(angle) + v * np.sin(angle)) * np.pi / pitch
        q = (v * np.cos(angle) - u * np.sin(angle)) * np.pi / pitch
        dot = (np.cos(p) ** 2 + np.cos(q) ** 2) / 2 > 1 - amount
        paper = np.where(dot[:, :, None], paper * np.float32(colour), paper)
    return paper * 0.9


def _tartan(
    u: Floats, v: Floats, motif: Floats, random: np.random.Generator
) -> NDArray[np.floating]:
    """Stripes of three to five colours, the same across and down, woven half and half."""
    sett = random.uniform(6, 40)
    colours = random.uniform(0.05, 0.9, (int(random.integers(3, 6)), 3)).astype(np.float32)
    stripes = [
        colours[(np.floor(side / sett * len(colours)) % len(colours)).astype(int)]
        for side in (u, v)
    ]
    return (stripes[0] + stripes[1]) / 2 * (0.9 + 0.1 * motif)


KINDS: dict[str, Draw] = {
    "cloth": _cloth,
    "blinds": _blinds,
    "façade": _facade,
    "fence": _fence,
    "halftone": _halftone,
    "tartan": _tartan,
}
