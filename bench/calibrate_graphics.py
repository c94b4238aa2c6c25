"""Made pictures as drawn on a screen, for measuring signs of editing.

`graphic(kind, seed)` draws one: no noise, and signs that recur to the pixel, none of them copied later. The
same kind and seed give the same picture.
"""

from __future__ import annotations

import cv2
import numpy as np
from calibrate_scenes import (
    FONTS,
    PHOTOGRAPHS,
    SIZES,
    WORDS,
    Drawing,
    Light,
    Pixels,
    Random,
    cloud,
    foliage,
    lettered,
    print_of,
    random_of,
    taken,
    things,
    wash,
    write,
)


def graphic(kind: str, seed: int) -> Pixels:
    """Returns a drawn picture, blue first, shape (height, width, 3)."""
    rng = random_of("graphic", kind, seed)
    width, height = SIZES[seed % len(SIZES)]
    return GRAPHICS[kind](rng, width, height).clip(0, 255).astype(np.uint8)


def icons(rng: Random, width: int, height: int) -> Light:
    """A screen with a wallpaper, and icons of which some are there twice."""
    screen = _wallpaper(rng, width, height)
    signs_drawn = [_icon(rng, 56) for _ in range(int(rng.integers(6, 14)))]
    for y in range(20, height - 110, 110):
        for x in range(20, width // 2, 100):
            screen[y : y + 56, x : x + 56] = signs_drawn[rng.integers(len(signs_drawn))]
            write(screen, rng, (x - 6, y + 76), 0.4, 1)
    return screen


def window(rng: Random, width: int, height: int) -> Light:
    """A page on a screen: text, buttons, a picture shown twice as in a chat."""
    screen = np.full((height, width, 3), 245, np.float32)
    for y in range(40, height - 20, 26):
        write(screen, rng, (30, y), 0.5, int(rng.integers(3, 8)))
    picture = taken(things(rng, 320, 240), rng).astype(np.float32)
    for _ in range(2):
        x, y = int(rng.integers(width // 2, width - 330)), int(rng.integers(height - 250))
        screen[y : y + 240, x : x + 320] = picture
    return screen


def symbols(rng: Random, width: int, height: int) -> Light:
    """A map: land, roads, names, and a few symbols again and again."""
    land = cloud(rng, width, height, 2.0)
    drawn = np.full((height, width, 3), (215, 230, 235), np.float32)
    drawn[land > 0.6] = (190, 225, 190)
    drawn[land < -0.9] = (230, 205, 170)
    for _ in range(14):
        way = (rng.random((6, 2)) * (width, height)).astype(np.int32)
        cv2.polylines(drawn, [way], False, (120, 170, 250), 4, cv2.LINE_AA)
        cv2.polylines(drawn, [way], False, (220, 240, 255), 2, cv2.LINE_AA)
    kinds = [_icon(rng, int(rng.integers(20, 44))) for _ in range(4)]
    for _ in range(int(rng.integers(3, 30))):
        sign = kinds[rng.integers(4)]
        side = sign.shape[0]
        x, y = int(rng.integers(width - side)), int(rng.integers(height - side))
        drawn[y : y + side, x : x + side] = sign
        write(drawn, rng, (x, y + side + 14), 0.5, 1)
    return drawn


def collage(rng: Random, width: int, height: int) -> Light:
    """Photographs side by side with the same badge on each, and one of them shown twice."""
    sheet = np.full((height, width, 3), 255, np.float32)
    kinds = ["things", "signs", "foliage", "facade"]
    wide, high = width // 2 - 12, height // 2 - 12
    shown = [taken(PHOTOGRAPHS[k](rng, wide, high), rng).astype(np.float32) for k in kinds]
    badge = _icon(rng, 90)
    for number in range(4):
        x, y = 8 + number % 2 * (wide + 8), 8 + number // 2 * (high + 8)
        sheet[y : y + high, x : x + wide] = shown[number]
        sheet[y + 10 : y + 100, x + 10 : x + 100] = badge
    return sheet


def captions(rng: Random, width: int, height: int) -> Light:
    """A photograph with the same logo in two corners, words and numbers over it, and a mosaic."""
    kind = str(rng.choice(["things", "foliage", "crowd", "facade"]))
    picture = taken(PHOTOGRAPHS[kind](rng, width, height), rng).astype(np.float32)
    logo = print_of(rng, 180, 90)
    for x, y in ((20, 20), (width - 200, 20)):
        picture[y : y + 90, x : x + 180] = 0.25 * picture[y : y + 90, x : x + 180] + 0.75 * logo
    line = " ".join(rng.choice(WORDS, 3))
    for y in (height - 60, height - 20):
        lettered(picture, line, (width // 5, y), 1.1, 0.0, FONTS[0], 6)
        lettered(picture, line, (width // 5, y), 1.1, 250.0, FONTS[0], 2)
    x, y = int(rng.integers(width - 200)), int(rng.integers(120, height - 300))
    small = cv2.resize(picture[y : y + 160, x : x + 160], (10, 10), interpolation=cv2.INTER_AREA)
    picture[y : y + 160, x : x + 160] = cv2.resize(
        small, (160, 160), interpolation=cv2.INTER_NEAREST
    )
    return picture


def rendered(rng: Random, width: int, height: int) -> Light:
    """As a game shows it: one textured model at a few places, on shaded ground."""
    ground = wash(rng, width, height) + 6 * cloud(rng, width, height, 1.0)[:, :, None]
    models = [print_of(rng, 150, 150) + 5 * cloud(rng, 150, 150, 0.5)[:, :, None] for _ in range(3)]
    for _ in range(9):
        model = models[rng.integers(3)]
        x, y = int(rng.integers(width - 150)), int(rng.integers(height - 150))
        ground[y : y + 150, x : x + 150] = model
    return ground


def _wallpaper(rng: Random, width: int, height: int) -> Light:
    if rng.random() < 0.5:
        return taken(foliage(rng, width, height), rng).astype(np.float32)
    return wash(rng, width, height)


def _icon(rng: Random, side: int) -> Light:
    sign = np.full((side, side, 3), rng.uniform(20, 240, 3), np.float32)
    for _ in range(rng.integers(3, 8)):
        corners = rng.random((rng.integers(3, 6), 2)) * side
        cv2.fillPoly(sign, [corners.astype(np.int32)], rng.uniform(0, 255, 3).tolist(), cv2.LINE_AA)
    middle = (side // 2, side // 2)
    cv2.circle(sign, middle, int(rng.integers(4, side // 2)), (255, 255, 255), 2, cv2.LINE_AA)
    return sign


GRAPHICS: dict[str, Drawing] = {
    drawing.__name__: drawing
    for drawing in (icons, window, symbols, collage, captions, rendered)
}  # fmt: skip
