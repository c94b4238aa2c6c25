"""The released map: a ministry's graphic with tracks, a legend, a table of counts."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from making import map_data, text
from making.map_paint import HEIGHT, OVER, PER_DEGREE, WIDTH, ground, pixel, stroke

Picture = NDArray[np.uint8]

NAVY, DEEP, WHITE = (22, 40, 72), (14, 26, 50), (255, 255, 255)
RED, DARK_RED, GOLD, INK = (200, 30, 38), (128, 14, 22), (214, 172, 84), (38, 42, 50)
PANEL = (1204, 104, 1576, 976)


def make(path: Path) -> None:
    """Draw the map and save it as PNG, with a note in the file that it shows no real event."""
    cv2.setNumThreads(1)
    picture = ground()
    _launch_areas(picture)
    for k, track in enumerate(map_data.TRACKS):
        _track(picture, track, k)
    _downed(picture)
    _dots(picture)
    small = np.asarray(
        cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8
    )
    _names(small)
    _counts_on_map(small)
    _scale(small)
    _title(small)
    _panel(small)
    _watermark(small)
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "Rendered sample. Shows no real event.")
    Image.fromarray(small).save(path, optimize=True, pnginfo=note)


def _blend(picture: Picture, mask: NDArray[np.uint8], colour: tuple[int, int, int], strength: float) -> None:
    alpha = (mask.astype(np.float32) / 255 * strength)[..., None]
    picture[:] = np.round(picture * (1 - alpha) + np.array(colour, np.float32) * alpha)


def _launch_areas(picture: Picture) -> None:
    for _, at, wide, high in map_data.LAUNCH_AREAS:
        c, r = (round(v * OVER) for v in pixel(at))
        axes = (round(wide * PER_DEGREE * OVER), round(high * PER_DEGREE * OVER * 1.6))
        mask = np.zeros(picture.shape[:2], np.uint8)
        cv2.ellipse(mask, (c, r), axes, 0, 0, 360, 255, -1, cv2.LINE_AA)
        _blend(picture, mask, RED, 0.28)
        for turn in range(0, 360, 20):
            cv2.ellipse(picture, (c, r), axes, 0, turn, turn + 12, DARK_RED, 4, cv2.LINE_AA)


def curve(track: tuple[map_data.Point, map_data.Point, map_data.Point]) -> NDArray[np.float64]:
    """Bend a track through its middle point, as columns and rows at the painting's size."""
    a, via, b = (np.array(pixel(p)) * OVER for p in track)
    bend = 2 * via - (a + b) / 2
    t = np.linspace(0, 1, 160)[:, None]
    return np.asarray((1 - t) ** 2 * a + 2 * t * (1 - t) * bend + t**2 * b)


def _track(picture: Picture, track: tuple[map_data.Point, map_data.Point, map_data.Point], k: int) -> None:
    """Draw one track: a band that fades in, a dark rim, an arrow's head."""
    line = curve(track)
    away = line[-1] - line[-6]
    away = away / np.hypot(*away)
    side = np.array([-away[1], away[0]])
    shaft = line[:-7]
    shade = np.zeros(picture.shape[:2], np.uint8)
    cv2.polylines(shade, np.round((shaft + 5) * 16).astype(np.int32)[None], False, 255, 10, cv2.LINE_AA, 4)
    _blend(picture, cv2.GaussianBlur(shade, (0, 0), 4), (40, 30, 30), 0.28)
    stroke(picture, shaft, WHITE, 12)
    stroke(picture, shaft, RED, 8)
    tip = line[-1]
    for grow, colour in ((4, WHITE), (0, RED)):
        head = np.array([tip + away * grow * 1.6, tip - away * (32 + grow) + side * (15 + grow),
                         tip - away * 24, tip - away * (32 + grow) - side * (15 + grow)])
        cv2.fillPoly(picture, np.round(head * 16).astype(np.int32)[None], colour, cv2.LINE_AA, 4)


def _downed(picture: Picture) -> None:
    """Mark where drones were stopped, as many marks as the table counts."""
    rng = np.random.default_rng(17)
    middles = {"Брянская область": (33.45, 52.95, 0.75, 0.42), "Смоленская область": (32.95, 55.3, 0, 0),
               "Новгородская область": (32.75, 57.85, 0.85, 0.42)}
    for name, count, _ in map_data.COUNTED:
        lon, lat, wide, high = middles[name]
        placed: list[NDArray[np.float64]] = []
        tries = 0
        while len(placed) < count:
            angle, reach = rng.uniform(0, 2 * math.pi), math.sqrt(rng.uniform())
            at = np.array(pixel((lon + wide * reach * math.cos(angle), lat + high * reach * math.sin(angle))))
            tries += 1
            if tries < 4000 and any(np.hypot(*(at - p)) < 7.0 for p in placed):
                continue
            placed.append(at)
            c, r = (at * OVER * 16).round().astype(int)
            for wid, colour in ((7, WHITE), (4, NAVY)):
                for dx, dy in ((1, 1), (1, -1)):
                    d = 16 * 6
                    cv2.line(picture, (c - d * dx, r - d * dy), (c + d * dx, r + d * dy), colour, wid,
                             cv2.LINE_AA, 4)


def _dots(picture: Picture) -> None:
    for town in map_data.TOWNS:
        c, r = (round(v * OVER * 16) for v in pixel(town.at))
        size = {3: 11, 2: 8, 1: 6}[town.rank]
        if town.name == "Валдай":
            for ring, colour in ((26, WHITE), (23, RED), (17, WHITE)):
                cv2.circle(picture, (c, r), ring * 16, colour, -1, cv2.LINE_AA, 4)
            size = 10
        cv2.circle(picture, (c, r), (size + 3) * 16, WHITE, -1, cv2.LINE_AA, 4)
        cv2.circle(picture, (c, r), size * 16, RED if town.name == "Валдай" else INK, -1, cv2.LINE_AA, 4)
        if town.rank == 3:
            cv2.circle(picture, (c, r), 5 * 16, WHITE, -1, cv2.LINE_AA, 4)


def _names(picture: Picture) -> None:
    for name, at in map_data.COUNTRIES:
        c, r = pixel(at)
        size = 25 if name in ("РОССИЯ", "БЕЛАРУСЬ", "УКРАИНА") else 16
        text.put(picture, "  ".join(name), (c, r), size=size, weight=500, colour=(120, 116, 122), align="c",
                 strength=0.75)
    for town in map_data.TOWNS:
        c, r = pixel(town.at)
        size, weight = {3: (20, 650), 2: (17, 500), 1: (15, 420)}[town.rank]
        colour = INK
        gap = 11
        if town.name == "Валдай":
            size, weight, colour, gap = 25, 750, DARK_RED, 20
        dx, dy, align = {"r": (gap, size * 0.36, "l"), "l": (-gap, size * 0.36, "r"),
                         "t": (0, -12, "c"), "b": (0, size + 6, "c")}[town.side]
        text.put(picture, town.name, (c + dx, r + dy), size=size, weight=weight, colour=colour,
                 align=align, halo=(250, 249, 245))
    for name, at, _, high in map_data.LAUNCH_AREAS:
        c, r = pixel(at)
        left = name.startswith("Ч")
        text.put(picture, name, (c - 42, r - 6) if left else (c + 40, r + 34), size=16, weight=600,
                 colour=DARK_RED, align="r" if left else "l", halo=(250, 246, 240))


def _counts_on_map(picture: Picture) -> None:
    """Put the count of each region on the map in a tag of its own."""
    for (name, count, _), (lon, lat) in zip(
        map_data.COUNTED, ((32.1, 53.75), (33.05, 55.62), (30.55, 57.55)), strict=True
    ):
        c, r = pixel((lon, lat))
        label = f"{count}"
        wide = text.width(label, size=22, weight=800) + 18
        box = (round(c - wide / 2), round(r - 14), round(c + wide / 2), round(r + 14))
        cv2.rectangle(picture, (box[0] + 2, box[1] + 3), (box[2] + 2, box[3] + 3), (120, 110, 106), -1)
        cv2.rectangle(picture, box[:2], box[2:], NAVY, -1)
        text.put(picture, label, (c, r + 8), size=22, weight=800, colour=WHITE, align="c")
        text.put(picture, name.replace(" область", " обл."), (box[0] - 6, r + 6), size=14, weight=500,
                 colour=NAVY, align="r", halo=(250, 249, 245))


def _scale(picture: Picture) -> None:
    """Draw the scale bar: true at 55 degrees north, as it says."""
    km = 111.32 * math.cos(math.radians(55.0)) / PER_DEGREE
    left, row = 28, 962
    for k in range(4):
        a, b = (round(left + j * 50 / km) for j in (k, k + 1))
        cv2.rectangle(picture, (a, row), (b, row + 7), INK if k % 2 == 0 else WHITE, -1)
        cv2.rectangle(picture, (a, row), (b, row + 7), INK, 1)
    for k in (0, 2, 4):
        words = f"{50 * k}" + (" км" if k == 4 else "")
        text.put(picture, words, (left + k * 50 / km, row - 7), size=13, colour=INK, weight=500, align="c",
                 halo=(245, 245, 240))


def _title(picture: Picture) -> None:
    ramp = np.linspace(0, 1, WIDTH)[None, :, None]
    picture[:86] = np.round(np.array(NAVY) * (1 - ramp) + np.array((32, 66, 112)) * ramp)
    picture[86:90] = GOLD
    emblem(picture, (52, 43), 33)
    text.put(picture, "НАПРАВЛЕНИЯ ПОЛЁТА БЕСПИЛОТНЫХ ЛЕТАТЕЛЬНЫХ АППАРАТОВ", (104, 40), size=30, weight=700,
             colour=WHITE)
    text.put(picture, "в ночь на 29 декабря 2025 г.  ·  по данным объективного контроля", (104, 70), size=20,
             weight=400, colour=(206, 216, 232))
    text.put(picture, "29.12.2025", (1574, 54), size=30, weight=600, colour=GOLD, align="r")


def emblem(picture: Picture, at: tuple[int, int], radius: int) -> None:
    """Draw an emblem of no real agency: a ring, an eight-pointed star, a chevron."""
    big = 8
    size = (2 * radius + 4) * big
    layer = np.zeros((size, size, 4), np.uint8)
    middle = size // 2
    cv2.circle(layer, (middle, middle), radius * big, (*GOLD, 255), -1, cv2.LINE_AA)
    cv2.circle(layer, (middle, middle), (radius - 2) * big, (*DEEP, 255), -1, cv2.LINE_AA)
    cv2.circle(layer, (middle, middle), (radius - 5) * big, (*GOLD, 255), 6, cv2.LINE_AA)
    turns = np.arange(16) * math.pi / 8
    reach = np.where(np.arange(16) % 2 == 0, 0.68, 0.30) * radius * big
    star = np.stack([middle + reach * np.sin(turns), middle - reach * np.cos(turns)], -1)
    cv2.fillPoly(layer, np.round(star).astype(np.int32)[None], (*WHITE, 255), cv2.LINE_AA)
    cv2.circle(layer, (middle, middle), round(radius * 0.3 * big), (*DEEP, 255), -1, cv2.LINE_AA)
    wing = np.array([[-.42, .16], [0, -.12], [.42, .16], [.42, .34], [0, .06], [-.42, .34]]) * radius * big * 0.5
    cv2.fillPoly(layer, np.round(wing + middle).astype(np.int32)[None], (*GOLD, 255), cv2.LINE_AA)
    small = cv2.resize(layer, (size // big, size // big), interpolation=cv2.INTER_AREA).astype(np.float32)
    c, r = at[0] - size // big // 2, at[1] - size // big // 2
    part = (slice(r, r + size // big), slice(c, c + size // big))
    alpha = small[..., 3:] / 255
    picture[part] = np.round(picture[part] * (1 - alpha) + small[..., :3] * alpha)


def _panel(picture: Picture) -> None:
    left, top, right, bottom = PANEL
    shade = np.zeros(picture.shape[:2], np.uint8)
    shade[top + 6 : bottom + 6, left + 5 : right + 5] = 255
    _blend(picture, cv2.GaussianBlur(shade, (0, 0), 6), (30, 30, 40), 0.4)
    picture[top:bottom, left:right] = (249, 249, 247)
    picture[top : top + 46, left:right] = NAVY
    text.put(picture, "УНИЧТОЖЕНО БПЛА", (left + 20, top + 32), size=22, weight=700, colour=WHITE)
    row = top + 46
    for name, count, _ in map_data.COUNTED:
        text.put(picture, name, (left + 20, row + 36), size=20, weight=450, colour=INK)
        text.put(picture, str(count), (right - 24, row + 37), size=25, weight=700, colour=DARK_RED, align="r")
        picture[row + 54 : row + 55, left + 16 : right - 16] = (212, 212, 210)
        row += 55
    picture[row : row + 60, left:right] = (236, 230, 216)
    text.put(picture, "ВСЕГО", (left + 20, row + 39), size=24, weight=750, colour=INK)
    text.put(picture, "91", (right - 24, row + 42), size=34, weight=800, colour=DARK_RED, align="r")
    text.put(picture, "49 + 1 + 41 = 91", (left + 20, row + 86), size=16, weight=400, colour=(96, 98, 104))
    _legend(picture, left, row + 124, right)
    emblem(picture, (left + 50, bottom - 56), 30)
    text.put(picture, "ЦЕНТР КОНТРОЛЯ", (left + 94, bottom - 62), size=17, weight=650, colour=NAVY)
    text.put(picture, "ВОЗДУШНОЙ ОБСТАНОВКИ", (left + 94, bottom - 40), size=17, weight=650, colour=NAVY)


def _legend(picture: Picture, left: int, row: int, right: int) -> None:
    picture[row - 16 : row - 15, left + 16 : right - 16] = NAVY
    text.put(picture, "УСЛОВНЫЕ ОБОЗНАЧЕНИЯ", (left + 20, row + 12), size=16, weight=700, colour=NAVY)
    lines = ("районы пуска БПЛА", "направления полёта", "место уничтожения БПЛА", "заявленная цель",
             "регионы поражения БПЛА", "государственная граница")
    for k, words in enumerate(lines):
        y = row + 46 + 38 * k
        text.put(picture, words, (left + 84, y + 6), size=17, weight=420, colour=INK)
        a, b, m = (left + 22, y), (left + 66, y), (left + 44, y)
        if k == 0:
            cv2.ellipse(picture, m, (20, 11), 0, 0, 360, (240, 190, 186), -1, cv2.LINE_AA)
            cv2.ellipse(picture, m, (20, 11), 0, 0, 360, DARK_RED, 2, cv2.LINE_AA)
        elif k == 1:
            cv2.line(picture, a, (b[0] - 8, y), RED, 4, cv2.LINE_AA)
            cv2.fillPoly(picture, [np.array([b, (b[0] - 15, y - 8), (b[0] - 15, y + 8)])], RED, cv2.LINE_AA)
        elif k == 2:
            for s in (-1, 1):
                cv2.line(picture, (m[0] - 6, y - 6 * s), (m[0] + 6, y + 6 * s), NAVY, 3, cv2.LINE_AA)
        elif k == 3:
            cv2.circle(picture, m, 12, RED, 2, cv2.LINE_AA)
            cv2.circle(picture, m, 5, RED, -1, cv2.LINE_AA)
        elif k == 4:
            cv2.rectangle(picture, (a[0], y - 10), (b[0], y + 10), (240, 205, 178), -1)
            cv2.rectangle(picture, (a[0], y - 10), (b[0], y + 10), (178, 172, 164), 1)
        else:
            cv2.line(picture, a, b, (122, 108, 112), 3, cv2.LINE_AA)
    y = row + 46 + 38 * len(lines) + 6
    for k, words in enumerate(("Период: с 21:00 28.12.2025", "до 09:00 29.12.2025 (мск)",
                               "Проекция Меркатора. Масштаб верен", "на широте 55°. Границы показаны условно.")):
        text.put(picture, words, (left + 20, y + 24 * k), size=17 if k < 2 else 14,
                 weight=550 if k < 2 else 400, colour=INK if k < 2 else (110, 112, 118))


def _watermark(picture: Picture) -> None:
    """Lay the agency's name over the picture, faint and aslant."""
    layer = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    text.put(layer, "ЦКВО · ЦКВО · ЦКВО", (420, 560), size=92, weight=800, colour=WHITE, align="c")
    turn = cv2.getRotationMatrix2D((560, 540), 24, 1.0)
    mask = cv2.warpAffine(layer[..., 0], turn, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)
    mask[:, PANEL[0] :] = 0
    mask[:90] = 0
    _blend(picture, mask, WHITE, 0.16)
