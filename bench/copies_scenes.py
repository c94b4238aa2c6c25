"""Self-made videos for the benches: seven kinds of scene, each different for every seed.

They stand in for footage that nobody may hand on: a camera over photographs, people who walk, pages of
text, maps with arrows, night, water, a ride between houses. The same kind, seed and take give the same
pictures. Another take of a seed is the same place filmed again: from a little beside, in other light, with
other people or lamps in it.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import cv2
import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Scene = Callable[[np.random.Generator, int, int, "Photos", int], Iterator[Picture]]

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
FPS = 15
SECONDS = 10
SIZES = ((480, 320), (480, 270), (360, 480), (400, 400), (426, 240))
VERSION = 2
"""Rises when any scene changes."""

WORDS = (
    "river",
    "bridge",
    "market",
    "council",
    "water",
    "north",
    "harvest",
    "engine",
    "morning",
    "letter",
    "union",
    "harbour",
    "district",
    "record",
    "signal",
    "winter",
    "village",
    "station",
    "minister",
    "report",
    "square",
    "convoy",
    "border",
    "evening",
    "hospital",
)
FONT = cv2.FONT_HERSHEY_SIMPLEX


class Photos:
    """Photographs that scenes are laid over; a scene is handed those of its kind and seed alone."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = sorted(paths, key=lambda p: hashlib.sha256(p.name.encode()).digest())
        self._next = 0

    def starting(self, at: int) -> Photos:
        mine = Photos(())
        mine._paths, mine._next = self._paths, at % len(self._paths)
        return mine

    def one(self, width: int, height: int) -> Picture:
        """Returns the next photograph, filling the size given."""
        picture = cv2.imread(str(self._paths[self._next]), cv2.IMREAD_COLOR)
        self._next = (self._next + 1) % len(self._paths)
        factor = max(width / picture.shape[1], height / picture.shape[0])
        big = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        top, left = (big.shape[0] - height) // 2, (big.shape[1] - width) // 2
        return np.ascontiguousarray(big[top : top + height, left : left + width])


def make(kind: str, seed: int, photos: Photos, out: Path, take: int = 0) -> None:
    """Writes `SECONDS` of a scene as H.264."""
    number = list(SCENES).index(kind)
    rng = np.random.default_rng([number, seed])
    width, height = SIZES[(seed + number) % len(SIZES)]
    mine = photos.starting((seed * len(SCENES) + number) * 3)
    part = out.with_name(f"{os.getpid()}-{out.name}")
    command = [FFMPEG, "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "bgr24",
               "-s", f"{width}x{height}", "-r", str(FPS), "-i", "-", "-c:v", "libx264", "-preset",
               "ultrafast", "-crf", "20", "-threads", "1", "-pix_fmt", "yuv420p", str(part)]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None  # noqa: S101 - given as PIPE
        for picture in SCENES[kind](rng, width, height, mine, take):
            process.stdin.write(picture.tobytes())
    if process.returncode:
        raise RuntimeError(f"{kind} {seed} could not be encoded")
    part.rename(out)


def montage(
    rng: np.random.Generator, width: int, height: int, photos: Photos, take: int
) -> Iterator[Picture]:
    """A hand-held camera over three photographs, one after the other."""
    for _ in range(3):
        texture = photos.one(width * 3 // 2, height * 3 // 2)
        yield from _camera(rng, texture, width, height, FPS * SECONDS // 3 + 1, take)


def street(
    rng: np.random.Generator, width: int, height: int, photos: Photos, take: int
) -> Iterator[Picture]:
    """People walk past in front of a photograph."""
    texture = photos.one(width * 5 // 4, height * 5 // 4)
    people = np.random.default_rng([int(rng.integers(1 << 30)), take])
    count = int(people.integers(3, 6))
    start, pace = people.uniform(-0.2, 1, count), people.uniform(0.05, 0.16, count)
    pace *= people.choice([-1, 1], count)
    size, colours = (
        people.uniform(0.35, 0.6, count),
        people.integers(20, 230, (count, 2, 3)).tolist(),
    )
    for number, picture in enumerate(_camera(rng, texture, width, height, FPS * SECONDS, take)):
        at = number / FPS
        for i in range(count):
            x = ((start[i] + pace[i] * at + 0.2) % 1.4 - 0.2) * width
            _figure(picture, x, 0.95 * height, size[i] * height, at * 6 + i, colours[i])
        yield picture


def page(
    rng: np.random.Generator, width: int, height: int, photos: Photos, take: int
) -> Iterator[Picture]:
    """A page of text that scrolls, with headings and a picture in it."""
    long = height * 4
    ground = [int(c) for c in rng.integers(200, 256, 3)]
    sheet = np.full((long, width, 3), ground, np.uint8)
    y, insets = 30, 0
    while y < long - 20:
        if insets < 3 and rng.random() < 0.12 and y + height // 3 < long:
            insets += 1
            inset = photos.one(width // 2, height // 3)
            sheet[y - 10 : y - 10 + height // 3, 20 : 20 + width // 2] = inset
            y += height // 3 + 20
        heading = rng.random() < 0.15
        scale, thick = (0.9, 2) if heading else (float(rng.uniform(0.42, 0.5)), 1)
        ink = [int(c) for c in rng.integers(0, 90, 3)]
        line = " ".join(rng.choice(WORDS, 3 if heading else 8))
        cv2.putText(sheet, line, (16 + take, y), FONT, scale, ink, thick, cv2.LINE_AA)
        y += 34 if heading else 19
    for number in range(FPS * SECONDS):
        top = number * (long - height) // (FPS * SECONDS)
        yield sheet[top : top + height]


def chart(
    rng: np.random.Generator,
    width: int,
    height: int,
    photos: Photos,  # noqa: ARG001 - all is drawn
    take: int,
) -> Iterator[Picture]:
    """A map of land, water, roads and names, over which the camera moves while an arrow grows."""
    wide, high = width * 2, height * 2
    field = cv2.resize(rng.random((7, 9)), (wide, high), interpolation=cv2.INTER_CUBIC)
    fine = cv2.resize(rng.random((30, 40)), (wide, high), interpolation=cv2.INTER_CUBIC)
    land = (field + 0.18 * fine) > 0.5
    colours = rng.integers(120, 240, (2, 3))
    sheet = np.where(land[..., None], colours[0], colours[1]).astype(np.uint8)
    for _ in range(14):
        points = np.cumsum(rng.normal(0, 60, (9, 2)), axis=0) + rng.uniform(0, 1, 2) * (wide, high)
        ink = [int(c) for c in rng.integers(30, 140, 3)]
        cv2.polylines(
            sheet, [points.astype(np.int32)], False, ink, int(rng.integers(1, 5)), cv2.LINE_AA
        )
    for _ in range(45):
        x, y = int(rng.integers(0, wide - 60)), int(rng.integers(20, high))
        cv2.circle(sheet, (x, y), 3, (30, 30, 30), -1, cv2.LINE_AA)
        name = str(rng.choice(WORDS)).title()
        cv2.putText(
            sheet, name, (x + 6, y - 4), FONT, rng.uniform(0.4, 0.8), (20, 20, 20), 1, cv2.LINE_AA
        )
    ends = (rng.uniform(0.3, 0.7, (2, 2)) * (wide, high)).astype(int)
    frames = FPS * SECONDS
    for number in range(frames):
        drawn = sheet.copy()
        tip = ends[0] + (ends[1] - ends[0]) * (number + 1) // frames
        cv2.arrowedLine(
            drawn, ends[0].tolist(), tip.tolist(), (0, 0, 220), 6, cv2.LINE_AA, tipLength=0.1
        )
        zoom = 0.55 + 0.3 * number / frames + 0.01 * take
        matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), 0, zoom)
        matrix[:, 2] += (
            width / 2 - wide / 2 + 20 * np.sin(number / 60),
            height / 2 - high / 2,
        )
        yield cv2.warpAffine(drawn, matrix, (width, height), flags=cv2.INTER_AREA)


def night(
    rng: np.random.Generator, width: int, height: int, photos: Photos, take: int
) -> Iterator[Picture]:
    """A photograph in the dark, with lamps that move and the noise of a sensor."""
    texture = photos.one(width * 5 // 4, height * 5 // 4)
    lamps = np.random.default_rng([int(rng.integers(1 << 30)), take])
    start, pace = lamps.uniform(0, 1, (4, 2)), lamps.uniform(-0.08, 0.08, (4, 2))
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    for number, picture in enumerate(_camera(rng, texture, width, height, FPS * SECONDS, take)):
        light = np.full((height, width), 0.22, np.float32)
        for i in range(4):
            x, y = (start[i] + pace[i] * number / FPS) % 1 * (width, height)
            light += 0.6 * np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / (0.004 * width * width))
        noise = lamps.normal(0, 3, (height, width, 1)).astype(np.float32)
        yield np.clip(picture * light[..., None] + noise, 0, 255).astype(np.uint8)


def water(
    rng: np.random.Generator, width: int, height: int, photos: Photos, take: int
) -> Iterator[Picture]:
    """Waves below a shore, with a boat that crosses."""
    shore = photos.one(width, height // 2)
    low = height - height // 2
    ys, xs = np.mgrid[0:low, 0:width].astype(np.float32)
    depth = 1 / (0.15 + ys / low)
    waves = rng.uniform(0.02, 0.09, (6, 2)) * rng.choice([-1, 1], (6, 2))
    pace, tint = rng.uniform(1, 4, 6), rng.uniform(0.3, 1, 3) * (180, 120, 70)
    speed, hull = rng.uniform(0.03, 0.09), rng.integers(20, 220, 3).tolist()
    for number in range(FPS * SECONDS):
        at = number / FPS + 3.7 * take
        swell = sum(
            np.sin(a * xs * depth**0.5 + 8 * b * ys * depth + p * at)
            for (a, b), p in zip(waves, pace, strict=True)
        )
        sea = np.clip(tint * (1 + 0.16 * swell[..., None]), 0, 255).astype(np.uint8)
        picture = np.vstack([shore, sea])
        x, y = int((0.1 + speed * at) % 1 * width), height // 2 + 25 + int(3 * np.sin(at * 2))
        points = np.array([[-45, 0], [45, 0], [32, 16], [-32, 16]]) + np.array([x, y])
        cv2.fillConvexPoly(picture, points.astype(np.int32), hull, cv2.LINE_AA)
        cv2.line(picture, (x, y), (x, y - 50), hull, 3, cv2.LINE_AA)
        yield picture


def ride(
    rng: np.random.Generator,
    width: int,
    height: int,
    photos: Photos,  # noqa: ARG001 - all is drawn
    take: int,
) -> Iterator[Picture]:
    """A camera that moves along a street of rendered houses."""
    far = sorted(rng.uniform(2, 60, 40).tolist(), reverse=True)
    side = rng.choice([-1.0, 1.0], 40)
    wall, tall = rng.integers(50, 220, (40, 3)), rng.uniform(1.5, 6, 40)
    sky, road = rng.integers(150, 255, 3).tolist(), rng.integers(50, 110, 3).tolist()
    focal, speed = 0.8 * width, float(rng.uniform(1.2, 2.5))
    for number in range(FPS * SECONDS):
        picture = np.full((height, width, 3), sky, np.uint8)
        picture[height // 2 :] = road
        sway = 0.3 * np.sin(number / 40 + take)
        for i, z0 in enumerate(far):
            near, back = z0 - speed * number / FPS, z0 + 3 - speed * number / FPS
            if back < 0.8:
                continue
            _house(picture, focal, side[i] * 2.2 + sway, max(near, 0.6), back, tall[i], wall[i], i)
        yield picture


SCENES: Mapping[str, Scene] = {
    "montage": montage,
    "street": street,
    "page": page,
    "chart": chart,
    "night": night,
    "water": water,
    "ride": ride,
}


def _camera(
    rng: np.random.Generator, texture: Picture, width: int, height: int, frames: int, take: int
) -> Iterator[Picture]:
    """Moves slowly over a picture, with the shake of a hand; other takes stand a little beside."""
    drift, shake = rng.uniform(-1, 1, (2, 2)) * 0.06, rng.uniform(1, 3, 2)
    phase, growth = rng.uniform(0, 6, 2), float(rng.uniform(-0.08, 0.08))
    if take:
        high, wide = texture.shape[:2]
        corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
        moved = corners + np.array([[9, 12], [-22, 4], [-6, -15], [14, -5]], np.float32) * take
        matrix = cv2.getPerspectiveTransform(moved.astype(np.float32), corners)
        texture = cv2.warpPerspective(texture, matrix, (wide, high))
        texture = np.clip(texture * np.array([0.8, 0.9, 1.05]) + 12, 0, 255).astype(np.uint8)
    centre = np.array([texture.shape[1] / 2, texture.shape[0] / 2])
    for number in range(frames):
        at = number / frames
        zoom = 1 + growth * at
        move = (drift[0] + (drift[1] - drift[0]) * at) * (width, height)
        move = move + shake * np.sin(phase + number / 5)
        matrix = cv2.getRotationMatrix2D(
            (float(centre[0]), float(centre[1])), 0.6 * np.sin(number / 30), zoom
        )
        matrix[:, 2] += np.array([width, height]) / 2 - centre + move
        yield cv2.warpAffine(texture, matrix, (width, height), borderMode=cv2.BORDER_REFLECT)


def _figure(
    picture: Picture, x: float, ground: float, tall: float, phase: float, colours: list[list[int]]
) -> None:
    """Draws a person in profile: head, trunk, and arms and legs that swing."""
    thick, hip, neck = max(2, int(tall / 14)), ground - 0.48 * tall, ground - 0.82 * tall
    swing = np.sin(phase) * 0.2 * tall

    def limb(x0: float, y0: float, x1: float, y1: float, colour: list[int]) -> None:
        ends = (int(x0), int(y0)), (int(x1), int(y1))
        cv2.line(picture, *ends, colour, thick, cv2.LINE_AA)

    for way in (-1, 1):
        limb(x, hip, x + way * swing, ground, colours[1])
        limb(x, neck, x - way * swing * 0.8, hip + 0.02 * tall, colours[0])
    cv2.line(picture, (int(x), int(hip)), (int(x), int(neck)), colours[0], thick * 2, cv2.LINE_AA)
    cv2.circle(
        picture,
        (int(x), int(neck - 0.09 * tall)),
        int(0.08 * tall),
        (120, 150, 200),
        -1,
        cv2.LINE_AA,
    )


def _house(
    picture: Picture,
    focal: float,
    x: float,
    near: float,
    back: float,
    tall: float,
    wall: NDArray[np.int64],
    number: int,
) -> None:
    """Draws the wall of one house along the street, with its windows."""
    high, wide = picture.shape[:2]

    def seen(z: float, y: float) -> tuple[int, int]:
        return int(wide / 2 + focal * x / z), int(high / 2 - focal * y / z)

    quad = np.array([seen(near, -1), seen(back, -1), seen(back, tall), seen(near, tall)])
    cv2.fillConvexPoly(picture, np.clip(quad, -9999, 9999), wall.tolist(), cv2.LINE_AA)
    pane = ((wall * 3 + number * 40) % 255).tolist()
    for row in range(1, int(tall)):
        for column in range(3):
            z0 = near + (back - near) * (0.15 + 0.3 * column)
            z1 = near + (back - near) * (0.3 + 0.3 * column)
            shape = np.array(
                [seen(z0, row), seen(z1, row), seen(z1, row + 0.5), seen(z0, row + 0.5)]
            )
            cv2.fillConvexPoly(picture, np.clip(shape, -9999, 9999), pane, cv2.LINE_AA)
