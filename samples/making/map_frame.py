"""What stands round the map: title, emblem, table of counts, legend, watermark."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from making import map_data, text
from making.map_paint import (
    DARK_RED,
    DEEP,
    GOLD,
    HEIGHT,
    INK,
    NAVY,
    RED,
    WHITE,
    WIDTH,
    blend,
)
from making.noise import soften

Picture = NDArray[np.uint8]

PANEL = (1204, 104, 1576, 976)


def title(picture: Picture) -> None:
    """Draw the band with the title, the date and the emblem."""
    ramp = np.linspace(0, 1, WIDTH)[None, :, None]
    picture[:86] = np.round(np.array(NAVY) * (1 - ramp) + np.array((32, 66, 112)) * ramp)
    picture[86:90] = GOLD
    emblem(picture, (52, 43), 33)
    text.put(
        picture,
        "НАПРАВЛЕНИЯ ПОЛЁТА БЕСПИЛОТНЫХ ЛЕТАТЕЛЬНЫХ АППАРАТОВ",
        (104, 40),
        size=30,
        weight=700,
        colour=WHITE,
    )
    text.put(
        picture,
        "в ночь на 29 декабря 2025 г.  ·  по данным объективного контроля",
        (104, 70),
        size=20,
        weight=400,
        colour=(206, 216, 232),
    )
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
    cv2.fillPoly(layer, [np.round(star).astype(np.int32)], (*WHITE, 255), cv2.LINE_AA)
    cv2.circle(layer, (middle, middle), round(radius * 0.3 * big), (*DEEP, 255), -1, cv2.LINE_AA)
    wing = (
        np.array([[-0.42, 0.16], [0, -0.12], [0.42, 0.16], [0.42, 0.34], [0, 0.06], [-0.42, 0.34]])
        * radius
        * big
        * 0.5
    )
    cv2.fillPoly(layer, [np.round(wing + middle).astype(np.int32)], (*GOLD, 255), cv2.LINE_AA)
    small = cv2.resize(layer, (size // big, size // big), interpolation=cv2.INTER_AREA).astype(
        np.float32
    )
    c, r = at[0] - size // big // 2, at[1] - size // big // 2
    part = (slice(r, r + size // big), slice(c, c + size // big))
    alpha = small[..., 3:] / 255
    picture[part] = np.round(picture[part] * (1 - alpha) + small[..., :3] * alpha)


def panel(picture: Picture) -> None:
    """Draw the panel with the table of counts, the legend and the agency."""
    left, top, right, bottom = PANEL
    shade = np.zeros(picture.shape[:2], np.uint8)
    shade[top + 6 : bottom + 6, left + 5 : right + 5] = 255
    blend(picture, soften(shade, 6), (30, 30, 40), 0.4)
    picture[top:bottom, left:right] = (249, 249, 247)
    picture[top : top + 46, left:right] = NAVY
    text.put(picture, "УНИЧТОЖЕНО БПЛА", (left + 20, top + 32), size=22, weight=700, colour=WHITE)
    row = top + 46
    for name, count, _ in map_data.COUNTED:
        text.put(picture, name, (left + 20, row + 36), size=20, weight=450, colour=INK)
        text.put(
            picture,
            str(count),
            (right - 24, row + 37),
            size=25,
            weight=700,
            colour=DARK_RED,
            align="r",
        )
        picture[row + 54 : row + 55, left + 16 : right - 16] = (212, 212, 210)
        row += 55
    picture[row : row + 60, left:right] = (236, 230, 216)
    text.put(picture, "ВСЕГО", (left + 20, row + 39), size=24, weight=750, colour=INK)
    text.put(picture, "91", (right - 24, row + 42), size=34, weight=800, colour=DARK_RED, align="r")
    text.put(
        picture,
        "49 + 1 + 41 = 91",
        (left + 20, row + 86),
        size=16,
        weight=400,
        colour=(96, 98, 104),
    )
    _legend(picture, left, row + 124, right)
    emblem(picture, (left + 50, bottom - 56), 30)
    text.put(picture, "ЦЕНТР КОНТРОЛЯ", (left + 94, bottom - 62), size=17, weight=650, colour=NAVY)
    text.put(
        picture, "ВОЗДУШНОЙ ОБСТАНОВКИ", (left + 94, bottom - 40), size=17, weight=650, colour=NAVY
    )


def _legend(picture: Picture, left: int, row: int, right: int) -> None:
    picture[row - 16 : row - 15, left + 16 : right - 16] = NAVY
    text.put(
        picture, "УСЛОВНЫЕ ОБОЗНАЧЕНИЯ", (left + 20, row + 12), size=16, weight=700, colour=NAVY
    )
    lines = (
        "районы пуска БПЛА",
        "направления полёта",
        "место уничтожения БПЛА",
        "заявленная цель",
        "регионы поражения БПЛА",
        "государственная граница",
    )
    for k, words in enumerate(lines):
        y = row + 46 + 38 * k
        text.put(picture, words, (left + 84, y + 6), size=17, weight=420, colour=INK)
        a, b, m = (left + 22, y), (left + 66, y), (left + 44, y)
        if k == 0:
            cv2.ellipse(picture, m, (20, 11), 0, 0, 360, (240, 190, 186), -1, cv2.LINE_AA)
            cv2.ellipse(picture, m, (20, 11), 0, 0, 360, DARK_RED, 2, cv2.LINE_AA)
        elif k == 1:
            cv2.line(picture, a, (b[0] - 8, y), RED, 4, cv2.LINE_AA)
            cv2.fillPoly(
                picture, [np.array([b, (b[0] - 15, y - 8), (b[0] - 15, y + 8)])], RED, cv2.LINE_AA
            )
        elif k == 2:
            for s in (-1, 1):
                cv2.line(
                    picture, (m[0] - 6, y - 6 * s), (m[0] + 6, y + 6 * s), NAVY, 3, cv2.LINE_AA
                )
        elif k == 3:
            cv2.circle(picture, m, 12, RED, 2, cv2.LINE_AA)
            cv2.circle(picture, m, 5, RED, -1, cv2.LINE_AA)
        elif k == 4:
            cv2.rectangle(picture, (a[0], y - 10), (b[0], y + 10), (240, 205, 178), -1)
            cv2.rectangle(picture, (a[0], y - 10), (b[0], y + 10), (178, 172, 164), 1)
        else:
            cv2.line(picture, a, b, (122, 108, 112), 3, cv2.LINE_AA)
    y = row + 46 + 38 * len(lines) + 6
    for k, words in enumerate(
        (
            "Период: с 21:00 28.12.2025",
            "до 09:00 29.12.2025 (мск)",
            "Проекция Меркатора. Масштаб верен",
            "на широте 55°. Границы показаны условно.",
        )
    ):
        text.put(
            picture,
            words,
            (left + 20, y + 24 * k),
            size=17 if k < 2 else 14,
            weight=550 if k < 2 else 400,
            colour=INK if k < 2 else (110, 112, 118),
        )


def watermark(picture: Picture) -> None:
    """Lay the agency's name over the picture, faint and aslant."""
    layer = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    text.put(layer, "ЦКВО · ЦКВО · ЦКВО", (420, 560), size=92, weight=800, colour=WHITE, align="c")
    turn = cv2.getRotationMatrix2D((560, 540), 24, 1.0)
    mask = cv2.warpAffine(layer[..., 0], turn, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)
    mask[:, PANEL[0] :] = 0
    mask[:90] = 0
    blend(picture, mask, WHITE, 0.12)
