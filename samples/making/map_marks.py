"""What the map says: launch areas, tracks, marks, names, counts, a scale bar."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from making import map_data, text
from making.map_paint import (
    DARK_RED,
    INK,
    NAVY,
    OVER,
    PER_DEGREE,
    RED,
    WHITE,
    blend,
    fixed,
    pixel,
    stroke,
)
from making.noise import soften

Picture = NDArray[np.uint8]


def launch_areas(picture: Picture) -> None:
    """Shade where the drones are said to have been launched."""
    for _, at, wide, high in map_data.LAUNCH_AREAS:
        c, r = (round(v * OVER) for v in pixel(at))
        axes = (round(wide * PER_DEGREE * OVER), round(high * PER_DEGREE * OVER * 1.6))
        mask = np.zeros(picture.shape[:2], np.uint8)
        cv2.ellipse(mask, (c, r), axes, 0, 0, 360, 255, -1, cv2.LINE_AA)
        blend(picture, mask, RED, 0.28)
        for turn in range(0, 360, 20):
            cv2.ellipse(picture, (c, r), axes, 0, turn, turn + 12, DARK_RED, 4, cv2.LINE_AA)


def curve(track: tuple[map_data.Point, map_data.Point, map_data.Point]) -> NDArray[np.float64]:
    """Bend a track through its middle point, as columns and rows at the painting's size."""
    a, via, b = (np.array(pixel(p)) * OVER for p in track)
    bend = 2 * via - (a + b) / 2
    t = np.linspace(0, 1, 160)[:, None]
    return np.asarray((1 - t) ** 2 * a + 2 * t * (1 - t) * bend + t**2 * b)


def track(picture: Picture, track: tuple[map_data.Point, map_data.Point, map_data.Point]) -> None:
    """Draw one track: a band that fades in, a dark rim, an arrow's head."""
    line = curve(track)
    away = line[-1] - line[-6]
    away = away / np.hypot(*away)
    side = np.array([-away[1], away[0]])
    shaft = line[:-3]
    shade = np.zeros(picture.shape[:2], np.uint8)
    cv2.polylines(shade, fixed(shaft + 5), False, 255, 10, cv2.LINE_AA, 4)
    blend(picture, soften(shade, 4), (40, 30, 30), 0.28)
    stroke(picture, shaft, WHITE, 12)
    stroke(picture, shaft, RED, 8)
    tip = line[-1]
    for grow, colour in ((4, WHITE), (0, RED)):
        head = np.array(
            [
                tip + away * grow * 1.6,
                tip - away * (32 + grow) + side * (15 + grow),
                tip - away * 24,
                tip - away * (32 + grow) - side * (15 + grow),
            ]
        )
        cv2.fillPoly(picture, fixed(head), colour, cv2.LINE_AA, 4)


def downed(picture: Picture) -> None:
    """Mark where drones were stopped, as many marks as the table counts."""
    rng = np.random.default_rng(17)
    middles = {
        "Брянская область": (33.45, 52.97, 0.98, 0.52),
        "Смоленская область": (32.95, 55.3, 0, 0),
        "Новгородская область": (32.55, 57.72, 1.15, 0.50),
    }
    for name, count, _ in map_data.COUNTED:
        lon, lat, wide, high = middles[name]
        placed: list[NDArray[np.float64]] = []
        tries = 0
        while len(placed) < count:
            angle, reach = rng.uniform(0, 2 * math.pi), math.sqrt(rng.uniform())
            at = np.array(
                pixel((lon + wide * reach * math.cos(angle), lat + high * reach * math.sin(angle)))
            )
            tries += 1
            near_goal = np.hypot(*(at - np.array(pixel((33.25, 57.98))))) < 27
            if tries < 9000 and (near_goal or any(np.hypot(*(at - p)) < 10.5 for p in placed)):
                continue
            placed.append(at)
            c, r = (at * OVER * 16).round().astype(int)
            for wid, colour in ((7, WHITE), (4, NAVY)):
                for dx, dy in ((1, 1), (1, -1)):
                    d = 16 * 6
                    cv2.line(
                        picture,
                        (c - d * dx, r - d * dy),
                        (c + d * dx, r + d * dy),
                        colour,
                        wid,
                        cv2.LINE_AA,
                        4,
                    )


def dots(picture: Picture) -> None:
    """Draw a dot for each town, at its true place."""
    for town in map_data.TOWNS:
        c, r = (round(v * OVER * 16) for v in pixel(town.at))
        size = {3: 11, 2: 8, 1: 6}[town.rank]
        if town.name == "Валдай":
            for ring, colour in ((26, WHITE), (23, RED), (17, WHITE)):
                cv2.circle(picture, (c, r), ring * 16, colour, -1, cv2.LINE_AA, 4)
            size = 10
        cv2.circle(picture, (c, r), (size + 3) * 16, WHITE, -1, cv2.LINE_AA, 4)
        cv2.circle(
            picture, (c, r), size * 16, RED if town.name == "Валдай" else INK, -1, cv2.LINE_AA, 4
        )
        if town.rank == 3:
            cv2.circle(picture, (c, r), 5 * 16, WHITE, -1, cv2.LINE_AA, 4)


def names(picture: Picture) -> None:
    """Write the names of countries, towns and launch areas."""
    for name, at in map_data.COUNTRIES:
        c, r = pixel(at)
        size = 25 if name in ("РОССИЯ", "БЕЛАРУСЬ", "УКРАИНА") else 16
        text.put(
            picture,
            "  ".join(name),
            (c, r),
            size=size,
            weight=500,
            colour=(120, 116, 122),
            align="c",
            strength=0.75,
        )
    for town in map_data.TOWNS:
        c, r = pixel(town.at)
        size, weight = {3: (20, 650), 2: (17, 500), 1: (15, 420)}[town.rank]
        colour = INK
        gap = 11
        if town.name == "Валдай":
            size, weight, colour, gap = 25, 750, DARK_RED, 20
        dx, dy, align = {
            "r": (gap, size * 0.36, "l"),
            "l": (-gap, size * 0.36, "r"),
            "t": (0, -12, "c"),
            "b": (0, size + 6, "c"),
        }[town.side]
        text.put(
            picture,
            town.name,
            (c + dx, r + dy),
            size=size,
            weight=weight,
            colour=colour,
            align=align,
            halo=(250, 249, 245),
        )
    for name, at, _, _ in map_data.LAUNCH_AREAS:
        c, r = pixel(at)
        left = name.startswith("Ч")
        text.put(
            picture,
            name,
            (c - 42, r - 6) if left else (c - 6, r + 44),
            size=16,
            weight=600,
            colour=DARK_RED,
            align="r" if left else "c",
            halo=(250, 246, 240),
        )


def counts_on_map(picture: Picture) -> None:
    """Put the count of each region on the map, in a tag with a line to the place."""
    places = (
        ((38.35, 53.62), (34.2, 53.35)),
        ((28.7, 55.72), (32.85, 55.31)),
        ((28.35, 57.2), (31.5, 57.6)),
    )
    for (name, count, _), (tag, place) in zip(map_data.COUNTED, places, strict=True):
        c, r = pixel(tag)
        words, number = name.replace(" область", " обл."), str(count)
        wide = text.width(words, size=16, weight=550), text.width(number, size=22, weight=800)
        left, right = round(c - sum(wide) / 2 - 18), round(c + sum(wide) / 2 + 18)
        end = np.array(pixel(place))
        start = np.array([right if end[0] > c else left, r])
        line = fixed(np.array([start, end]))
        cv2.polylines(picture, line, False, WHITE, 4, cv2.LINE_AA, 4)
        cv2.polylines(picture, line, False, NAVY, 2, cv2.LINE_AA, 4)
        top, bottom, middle = round(r - 15), round(r + 15), left + wide[0] + 20
        picture[top + 3 : bottom + 3, left + 3 : right + 3] //= 2
        picture[top:bottom, left:right] = NAVY
        picture[top:bottom, middle:right] = DARK_RED
        text.put(picture, words, (left + 10, r + 6), size=16, weight=550, colour=WHITE)
        text.put(
            picture,
            number,
            ((middle + right) / 2, r + 8),
            size=22,
            weight=800,
            colour=WHITE,
            align="c",
        )


def scale(picture: Picture) -> None:
    """Draw the scale bar: true at 55 degrees north, as it says."""
    km = 111.32 * math.cos(math.radians(55.0)) / PER_DEGREE
    left, row = 28, 962
    for k in range(4):
        a, b = (round(left + j * 50 / km) for j in (k, k + 1))
        cv2.rectangle(picture, (a, row), (b, row + 7), INK if k % 2 == 0 else WHITE, -1)
        cv2.rectangle(picture, (a, row), (b, row + 7), INK, 1)
    for k in (0, 2, 4):
        words = f"{50 * k}" + (" км" if k == 4 else "")
        text.put(
            picture,
            words,
            (left + k * 50 / km, row - 7),
            size=13,
            colour=INK,
            weight=500,
            align="c",
            halo=(245, 245, 240),
        )
