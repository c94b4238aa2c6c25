"""Pictures made for the tests of local codes and of comparing: scenes, text, windows, a map, a slate."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

HEIGHT, WIDTH = 288, 512


def scene(seed: int) -> Picture:
    """Returns a picture full of different things, as a photograph is; seeds have nothing in common."""
    chance = np.random.default_rng(seed)
    picture = np.full((HEIGHT, WIDTH, 3), 120, dtype=np.uint8)
    for _ in range(90):
        colour = tuple(int(c) for c in chance.integers(0, 255, 3))
        x, y = int(chance.integers(0, WIDTH)), int(chance.integers(0, HEIGHT))
        corners = chance.integers(-55, 56, (int(chance.integers(3, 7)), 2)) + np.array([x, y])
        cv2.fillPoly(picture, [corners.astype(np.int32)], colour)
    rough = cv2.GaussianBlur(chance.normal(0, 60, (HEIGHT, WIDTH, 1)), (0, 0), 1.5)
    return np.clip(picture + np.asarray(rough)[..., None], 0, 255).astype(np.uint8)


def captioned(picture: Picture, words: str, where: float = 0.93, size: float = 0.8) -> Picture:
    """Returns the picture with words written over it, `where` down from its top."""
    out = picture.copy()
    at = (20, round(where * out.shape[0]))
    cv2.putText(out, words, at, cv2.FONT_HERSHEY_DUPLEX, size, (0, 0, 0), 6, cv2.LINE_AA)
    cv2.putText(out, words, at, cv2.FONT_HERSHEY_DUPLEX, size, (255, 255, 255), 2, cv2.LINE_AA)
    return out


def jpeg(picture: Picture, quality: int) -> Picture:
    """Returns the picture after JPEG compression."""
    done, coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    decoded = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    assert decoded is not None
    return np.asarray(decoded, dtype=np.uint8)


def resized(picture: Picture, width: int, height: int) -> Picture:
    """Returns the picture at another size."""
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def cropped(picture: Picture, top: int, bottom: int, left: int, right: int) -> Picture:
    """Returns a part of the picture, enlarged to 512 pixels of width."""
    part = picture[top:bottom, left:right]
    return resized(part, WIDTH, round(WIDTH * part.shape[0] / part.shape[1]))


def turned(picture: Picture, degrees: float) -> Picture:
    """Returns the picture turned counterclockwise about its middle, black where nothing is."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(picture, matrix, (width, height)), dtype=np.uint8)


def windows(tone: int, lit: int, step: int) -> Picture:
    """Returns a front of equal windows, `step` pixels apart, of which some are lit."""
    chance = np.random.default_rng(lit)
    picture = np.full((HEIGHT, WIDTH, 3), tone, dtype=np.uint8)
    for y in range(step // 3, HEIGHT, step + 6):
        for x in range(step // 2, WIDTH, step):
            light = 230 if chance.random() < 0.12 else 60
            cv2.rectangle(picture, (x, y), (x + step - 10, y + step - 4), (light, light, light), -1)
    return picture


def slate(words: str) -> Picture:
    """Returns white words over black, as before a film."""
    return captioned(np.zeros((HEIGHT, WIDTH, 3), dtype=np.uint8), words, where=0.5, size=1.1)


def colour_bars() -> Picture:
    """Returns a test card of upright bars."""
    tones = [(255, 255, 255), (255, 255, 0), (0, 255, 255), (0, 255, 0)]
    tones += [(255, 0, 255), (255, 0, 0), (0, 0, 255)]
    bars = [np.full((HEIGHT, 73, 3), tone, dtype=np.uint8) for tone in tones]
    return np.hstack(bars)


def sky() -> Picture:
    """Returns nothing but a change from darker to lighter blue."""
    share = np.linspace(0, 1, HEIGHT)[:, None, None]
    blue = np.array([90, 140, 220]) * (1 - share) + np.array([190, 215, 245]) * share
    return np.repeat(np.rint(blue), WIDTH, axis=1).astype(np.uint8)
