"""The screenshot: a phone shows the post with which the video was released."""

from __future__ import annotations

import subprocess
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from making import encode, text
from making.map_frame import emblem

Picture = NDArray[np.uint8]

WIDTH, HEIGHT = 720, 1560
STILL_SECOND = 6.2
STILL_SIZE = (656, 368)
PAPER, BUBBLE, INK, FAINT, BLUE = (
    (214, 222, 214),
    (255, 255, 255),
    (24, 26, 30),
    (130, 138, 146),
    (42, 118, 188),
)
CLAIM_RU = (
    "Обломки БПЛА в Новгородской области.",
    "",
    "Публикуем кадры, снятые на месте падения",
    "одного из беспилотников, участвовавших",
    "в атаке на резиденцию в районе Валдая в ночь",
    "на 29 декабря 2025 г. Всего уничтожен 91 БПЛА:",
    "49 — Брянская, 1 — Смоленская, 41 — Новго-",
    "родская область.",
)
CLAIM_EN = (
    "On the night of 29 December 2025, 91 drones",
    "attacked a residence near Valdai. Footage from",
    "the crash site of one of them.",
)


def make(path: Path, video: Path) -> None:
    """Draw the screen, with a still of the released video in the post; no metadata at all."""
    cv2.setNumThreads(1)
    screen: Picture = np.full((HEIGHT, WIDTH, 3), PAPER, np.uint8)
    _header(screen)
    _date(screen, 200, "31 декабря")
    bottom = _post(screen, 236, video)
    _round(screen, (22, bottom + 16, 660, bottom + 232), 18, BUBBLE)
    row = bottom + 60
    text.put(
        screen,
        "Центр контроля воздушной обстановки",
        (44, row - 6),
        size=22,
        weight=600,
        colour=BLUE,
    )
    for k, line in enumerate(CLAIM_EN):
        text.put(screen, line, (44, row + 34 + 34 * k), size=25, colour=INK)
    text.put(screen, "EN", (44, row + 152), size=19, weight=600, colour=FAINT)
    _seen(screen, (638, row + 154), "118,4K", "12:03")
    _footer(screen)
    Image.fromarray(screen).save(path, optimize=True)


def _still(video: Path) -> Picture:
    """Take one frame of the released video, at the post's size."""
    width, height = STILL_SIZE
    line = encode.command(
        [
            "-ss",
            str(STILL_SECOND),
            "-i",
            str(video),
            "-frames:v",
            "1",
            "-vf",
            f"scale={width}:{height}:flags=bicubic+accurate_rnd",
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "-threads",
            "1",
            "pipe:1",
        ]
    )
    raw = subprocess.run(line, capture_output=True, timeout=60, check=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(height, width, 3).copy()


def _round(
    screen: Picture, box: tuple[int, int, int, int], radius: int, colour: tuple[int, int, int]
) -> None:
    """Fill a box with rounded corners and smooth edges."""
    mask = _round_mask(box[2] - box[0], box[3] - box[1], radius)[..., None]
    part = screen[box[1] : box[3], box[0] : box[2]]
    part[:] = np.round(part * (1 - mask) + np.array(colour, np.float32) * mask)


def _round_mask(width: int, height: int, radius: int) -> NDArray[np.float32]:
    big = np.zeros((height * 4, width * 4), np.uint8)
    r = radius * 4
    cv2.rectangle(big, (r, 0), (width * 4 - r - 1, height * 4), 255, -1)
    cv2.rectangle(big, (0, r), (width * 4, height * 4 - r - 1), 255, -1)
    for c, row in (
        (r, r),
        (width * 4 - r - 1, r),
        (r, height * 4 - r - 1),
        (width * 4 - r - 1, height * 4 - r - 1),
    ):
        cv2.circle(big, (c, row), r, 255, -1)
    small = cv2.resize(big, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small / 255, np.float32)


def _header(screen: Picture) -> None:
    screen[:172] = (255, 255, 255)
    screen[172:174] = (204, 208, 210)
    text.put(screen, "12:41", (40, 42), size=26, weight=600, colour=INK)
    for k in range(4):
        cv2.rectangle(screen, (556 + 9 * k, 40 - 5 * k), (561 + 9 * k, 42), INK, -1)
    text.put(screen, "LTE", (600, 42), size=20, weight=600, colour=INK)
    cv2.rectangle(screen, (648, 24), (686, 42), INK, 2, cv2.LINE_AA)
    cv2.rectangle(screen, (652, 28), (673, 38), INK, -1)
    cv2.rectangle(screen, (687, 30), (690, 36), INK, -1)
    cv2.polylines(
        screen, [np.array([(48, 100), (32, 116), (48, 132)])], False, BLUE, 4, cv2.LINE_AA
    )
    emblem(screen, (108, 116), 33)
    text.put(screen, "Центр контроля возд. обстановки", (158, 110), size=27, weight=600, colour=INK)
    text.put(screen, "214 806 подписчиков", (158, 142), size=22, colour=FAINT)
    for k in range(3):
        cv2.circle(screen, (690, 104 + 12 * k), 3, FAINT, -1, cv2.LINE_AA)


def _date(screen: Picture, row: int, words: str) -> None:
    wide = text.width(words, size=20, weight=500)
    left = (WIDTH - wide) // 2 - 16
    _round(screen, (left, row - 8, left + wide + 32, row + 26), 17, (160, 176, 162))
    text.put(
        screen, words, (WIDTH / 2, row + 17), size=20, weight=500, colour=(255, 255, 255), align="c"
    )


def _post(screen: Picture, top: int, video: Path) -> int:
    """Draw the bubble with picture and text; give the row where it ends."""
    width, height = STILL_SIZE
    left, bottom = 22, top + height + 8 + 34 * len(CLAIM_RU) + 110
    _round(screen, (left, top, left + width + 20, bottom), 18, BUBBLE)
    still = _still(video)
    cv2.circle(still, (width // 2, height // 2), 40, (54, 58, 62), -1, cv2.LINE_AA)
    c, r = width // 2 + 4, height // 2
    cv2.fillPoly(
        still,
        [np.array([(c - 14, r - 20), (c - 14, r + 20), (c + 20, r)])],
        (255, 255, 255),
        cv2.LINE_AA,
    )
    mask = _round_mask(width, height, 12)[..., None]
    part = screen[top + 10 : top + 10 + height, left + 10 : left + 10 + width]
    part[:] = np.round(part * (1 - mask) + still * mask)
    _round(screen, (left + 20, top + 20, left + 142, top + 50), 14, (40, 44, 48))
    text.put(
        screen, "0:13  1,4 МБ", (left + 28, top + 41), size=17, weight=500, colour=(255, 255, 255)
    )
    row = top + height + 52
    for k, line in enumerate(CLAIM_RU):
        text.put(
            screen, line, (44, row + 34 * k), size=25, weight=620 if k == 0 else 400, colour=INK
        )
    row += 34 * len(CLAIM_RU) + 4
    x = 44
    for face, count in (("#", "3,1K"), ("!", "842"), ("?", "406")):
        wide = text.width(count, size=19, weight=500) + 54
        _round(screen, (x, row - 8, x + wide, row + 30), 18, (228, 238, 247))
        cv2.circle(screen, (x + 21, row + 11), 11, (236, 190, 72), -1, cv2.LINE_AA)
        text.put(
            screen, face, (x + 21, row + 17), size=16, weight=700, colour=(120, 82, 10), align="c"
        )
        text.put(screen, count, (x + 40, row + 18), size=19, weight=500, colour=BLUE)
        x += wide + 10
    _seen(screen, (left + width - 4, row + 20), "402,7K", "12:00")
    return bottom


def _seen(screen: Picture, at: tuple[int, int], views: str, time: str) -> None:
    text.put(screen, f"{views}   {time}", at, size=19, colour=FAINT, align="r")
    wide = text.width(f"{views}   {time}", size=19)
    c = (at[0] - wide - 18, at[1] - 7)
    cv2.ellipse(screen, c, (11, 7), 0, 0, 360, FAINT, 2, cv2.LINE_AA)
    cv2.circle(screen, c, 3, FAINT, -1, cv2.LINE_AA)


def _footer(screen: Picture) -> None:
    screen[HEIGHT - 118 :] = (255, 255, 255)
    screen[HEIGHT - 120 : HEIGHT - 118] = (204, 208, 210)
    text.put(
        screen,
        "ВКЛЮЧИТЬ УВЕДОМЛЕНИЯ",
        (WIDTH / 2, HEIGHT - 66),
        size=24,
        weight=600,
        colour=BLUE,
        align="c",
    )
    _round(screen, (WIDTH // 2 - 120, HEIGHT - 20, WIDTH // 2 + 120, HEIGHT - 13), 3, INK)
