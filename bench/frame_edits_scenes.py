"""Moving scenes that are made: as from a camera, drawn, shown on a screen, or put together of shots.

Each is an iterator of RGB pictures of 480 × 270, repeatable by its seed. What is made as from a camera has a
photograph's spectrum, shake, things that move, and noise that is new in every picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

WIDE, HIGH = 480, 270
RATE = 25
Pixels = NDArray[np.uint8]
Scene = Callable[[int, int], Iterator[Pixels]]


def texture(rng: np.random.Generator, wide: int, high: int, fall: float = 1.4) -> Pixels:
    """Returns a picture with the spectrum of photographs, with some edges, shape (high, wide, 3)."""
    down, across = np.fft.fftfreq(high)[:, None], np.fft.rfftfreq(wide)[None, :]
    weight = 1 / np.maximum(np.hypot(down, across), 1 / max(wide, high)) ** fall
    shared = rng.standard_normal((high, wide))
    planes = []
    for _ in range(3):
        mixed = shared + 0.4 * rng.standard_normal((high, wide))
        plane = np.fft.irfft2(np.fft.rfft2(mixed) * weight, s=(high, wide))
        planes.append((plane - plane.mean()) / plane.std() * 42 + rng.uniform(80, 160))
    made = np.ascontiguousarray(np.clip(np.dstack(planes), 0, 255).astype(np.uint8))
    for _ in range(14):
        corners = rng.integers(0, [wide, high], (3, 2)).astype(np.int32)
        colour = tuple(int(value) for value in rng.integers(20, 235, 3))
        if rng.random() < 0.5:
            cv2.fillPoly(made, [corners], colour)
        else:
            cv2.line(made, corners[0].tolist(), corners[1].tolist(), colour, 3)
    return made


def path(rng: np.random.Generator, count: int, reach: float, slow: float) -> NDArray[np.float64]:
    """Returns a smooth course of chance, shape (count, 2), within about `reach` px of where it begins."""
    steps = rng.standard_normal((count + 200, 2))
    kernel = np.exp(-(np.linspace(-3, 3, int(6 * slow) | 1) ** 2) / 2)
    course = np.stack([np.convolve(steps[:, k], kernel, "same") for k in range(2)], axis=1)
    course = course[100 : 100 + count]
    return np.asarray((course - course[0]) / max(1e-9, course.std()) * reach)


def noisy(rng: np.random.Generator, picture: NDArray[Any], level: float) -> Pixels:
    """Returns a picture with noise that grows with the square root of brightness."""
    shown = np.asarray(picture, np.float32)
    spread = level * np.sqrt(0.3 + shown / 128)
    grain = rng.standard_normal(shown.shape, np.float32)
    return np.clip(np.round(shown + grain * spread), 0, 255).astype(np.uint8)


def camera(seed: int, count: int, *, hand: float, pan: float, things: int) -> Iterator[Pixels]:
    """A camera that is held or stands, before a place in which things move."""
    rng = np.random.default_rng(seed)
    place = texture(rng, 1100, 520, rng.uniform(1.2, 1.6))
    shake, slow = path(rng, count, hand, 14), path(rng, count, hand / 8, 2)
    courses = [path(rng, count, rng.uniform(20, 60), rng.uniform(8, 20)) for _ in range(things)]
    looks = [texture(rng, 70, 90, 1.2) for _ in range(things)]
    at = [rng.uniform((60, 40), (WIDE - 130, HIGH - 130)) for _ in range(things)]
    level = rng.uniform(1.0, 3.0)
    for k in range(count):
        x, y = shake[k] + slow[k] + (300 + pan * k, 120)
        x, y = np.clip(x, 0, 1100 - WIDE - 2), np.clip(y, 0, 520 - HIGH - 2)
        move = np.array([[1, 0, -x], [0, 1, -y]], np.float64)
        shown: Any = cv2.warpAffine(place, move, (WIDE, HIGH), flags=cv2.INTER_LINEAR)
        for course, look, start in zip(courses, looks, at, strict=True):
            tx, ty = start + course[k] - (x - 300, y - 120)
            turn = 6 * np.sin((course[k][0] + course[k][1]) / 17)
            spin = cv2.getRotationMatrix2D((35.0, 45.0), turn, 1.0)
            spin[:, 2] += (tx, ty)
            cv2.warpAffine(look, spin, (WIDE, HIGH), dst=shown, borderMode=cv2.BORDER_TRANSPARENT)
        yield noisy(rng, shown, level)


def held(seed: int, count: int) -> Iterator[Pixels]:
    return camera(seed, count, hand=12, pan=0, things=2)


def panned(seed: int, count: int) -> Iterator[Pixels]:
    return camera(seed, count, hand=4, pan=1.3, things=1)


def standing(seed: int, count: int) -> Iterator[Pixels]:
    """A camera that stands, before things that move."""
    return camera(seed, count, hand=0, pan=0, things=2)


def still(seed: int, count: int) -> Iterator[Pixels]:
    """A camera that stands, before nothing that moves."""
    return camera(seed, count, hand=0, pan=0, things=0)


def fan(seed: int, count: int) -> Iterator[Pixels]:
    """A camera that stands before a wheel that turns once in 20 pictures exactly."""
    rng = np.random.default_rng(seed)
    place, wheel = texture(rng, WIDE, HIGH), texture(rng, 160, 160, 1.1)
    disc = np.zeros((HIGH, WIDE), np.uint8)
    cv2.circle(disc, (240, 130), 78, 255, -1)
    level = rng.uniform(1.0, 3.0)
    for k in range(count):
        spin = cv2.getRotationMatrix2D((80.0, 80.0), 18.0 * k, 1.0)
        spin[:, 2] += (160, 50)
        turned = cv2.warpAffine(wheel, spin, (WIDE, HIGH))
        yield noisy(rng, np.where(disc[:, :, None] > 0, turned, place), level)


def board(seed: int, count: int) -> Iterator[Pixels]:
    """A camera that stands before a screen on which the same two seconds run again and again."""
    rng = np.random.default_rng(seed)
    place, shown = texture(rng, WIDE, HIGH), list(held(seed + 1, 50))
    level = rng.uniform(1.0, 3.0)
    for k in range(count):
        picture = place.copy()
        picture[60:180, 130:343] = cv2.resize(shown[k % 50], (213, 120))
        yield noisy(rng, picture, level)


def pendulum(seed: int, count: int) -> Iterator[Pixels]:
    """A camera that is swung regularly, to and fro once in 40 pictures."""
    rng = np.random.default_rng(seed)
    place, level = texture(rng, 700, 400), rng.uniform(1.0, 3.0)
    for k in range(count):
        x = 100 + 70 * np.sin(2 * np.pi * k / 40)
        move = np.array([[1, 0, -x], [0, 1, -60]], np.float64)
        yield noisy(rng, cv2.warpAffine(place, move, (WIDE, HIGH)), level)


def screen(seed: int, count: int) -> Iterator[Pixels]:
    """A screen that is recorded: windows, lines of writing, a pointer, a wheel that turns while it waits."""
    rng = np.random.default_rng(seed)
    page = np.full((1400, WIDE, 3), 250, np.uint8)
    for y in range(20, 1390, 16):
        for x in range(20, int(rng.integers(200, 460)), 9):
            cv2.line(page, (x, y), (x + int(rng.integers(2, 8)), y), (40, 40, 40), 2)
    pointer, top = path(rng, count, 60, 20) + np.array((240, 130)), 0.0
    for k in range(count):
        if 40 <= k % 120 < 60:
            top += 6
        shown = page[int(top) % 1100 : int(top) % 1100 + HIGH].copy()
        cv2.rectangle(shown, (0, 0), (WIDE, 14), (70, 90, 140), -1)
        if k % 120 >= 70:
            turn = 2 * np.pi * (k % 12) / 12
            cv2.circle(
                shown,
                (int(400 + 12 * np.cos(turn)), int(60 + 12 * np.sin(turn))),
                4,
                (200, 60, 60),
                -1,
            )
        if k % 60 < 30:
            cv2.circle(shown, pointer[k].astype(int).tolist(), 4, (10, 10, 10), -1)
        yield shown


def slides(seed: int, count: int) -> Iterator[Pixels]:
    """Stills that stand two seconds each and fade into one another; some come again."""
    rng = np.random.default_rng(seed)
    stills = [texture(rng, WIDE, HIGH) for _ in range(3)]
    for k in range(count):
        one, other = stills[k // 50 % 3], stills[(k // 50 + 1) % 3]
        share = max(0.0, (k % 50 - 40) / 10)
        yield cv2.addWeighted(one, 1 - share, other, share, 0).astype(np.uint8)


def lapse(seed: int, count: int) -> Iterator[Pixels]:
    """A time lapse: the camera stands, clouds run, light changes from picture to picture."""
    rng = np.random.default_rng(seed)
    place, clouds = texture(rng, WIDE, HIGH), texture(rng, 2400, HIGH, 1.8)
    for k in range(count):
        shown = place.astype(np.float32)
        x = 7 * k % 1900
        shown[:120] = clouds[:120, x : x + WIDE]
        shown[180:] += rng.normal(0, 6) + rng.normal(0, 25, (1, WIDE, 1)) * (
            rng.random((1, WIDE, 1)) < 0.1
        )
        yield noisy(rng, np.clip(shown * (1 + 0.02 * rng.standard_normal()), 0, 255), 1.5)


def drawn(seed: int, count: int) -> Iterator[Pixels]:
    """An animation: a figure walks in a cycle of 24 pictures, each shown twice, before a place that runs."""
    rng = np.random.default_rng(seed)
    place: Any = cv2.GaussianBlur(texture(rng, 1600, HIGH, 1.6), (0, 0), 3)
    for k in range(count):
        step = k // 2
        x = 2 * step % 1000
        shown: Any = place[:, x : x + WIDE].copy()
        turn = 2 * np.pi * (step % 12) / 12
        cv2.circle(shown, (240, 110 + int(5 * np.sin(2 * turn))), 24, (240, 200, 150), -1)
        for side in (-1, 1):
            foot = (240 + int(side * 30 * np.sin(turn)), 210)
            cv2.line(shown, (240, 140), foot, (60, 60, 160), 10)
        yield shown


def stage(seed: int, count: int) -> Iterator[Pixels]:
    """An animation before a place that stands: the same movement of 20 pictures, with pauses of chance."""
    rng = np.random.default_rng(seed)
    place: Any = cv2.GaussianBlur(texture(rng, WIDE, HIGH, 1.6), (0, 0), 2)
    wait = 0
    phase = 0
    for _ in range(count):
        shown: Any = place.copy()
        turn = np.pi * phase / 20
        tip = (240 + int(90 * np.cos(turn)), 200 - int(90 * np.sin(turn)))
        cv2.line(shown, (240, 200), tip, (230, 120, 60), 18)
        cv2.circle(shown, (240, 205), 36, (60, 150, 90), -1)
        if wait:
            wait -= 1
        else:
            phase = (phase + 1) % 20
            wait = int(rng.integers(10, 40)) if phase == 0 else 0
        yield shown


def swirl(seed: int, count: int) -> Iterator[Pixels]:
    """A background that is drawn to run in a loop of 60 pictures without a seam."""
    rng = np.random.default_rng(seed)
    waves = [(rng.uniform(-0.06, 0.06, 2), rng.integers(1, 4), rng.uniform(0, 6)) for _ in range(6)]
    y, x = np.mgrid[:HIGH, :WIDE]
    for k in range(count):
        sheet = sum(np.sin(w[0] * x + w[1] * y + 2 * np.pi * n * k / 60 + p) for w, n, p in waves)
        one = np.clip(128 + 20 * np.asarray(sheet), 0, 255)
        yield np.dstack([one * 0.5, one * 0.7, one]).astype(np.uint8)


def replays(seed: int, count: int) -> Iterator[Pixels]:
    """A match: one camera pans, another shows people, the first one's passage comes again, then on."""
    play, crowd = list(panned(seed, count)), list(held(seed + 50, count))
    more = list(panned(seed + 90, count))
    fifth = count // 5
    yield from play[: 2 * fifth]
    yield from crowd[:fifth]
    yield from play[fifth : 2 * fifth]
    yield from more[: count - 4 * fifth]


def idents(seed: int, count: int) -> Iterator[Pixels]:
    """A bulletin: the same ident of 1.5 seconds stands before two different shots."""
    ident = list(swirl(seed + 7, 38)) if seed % 2 else list(panned(seed + 7, 38))
    left = count - 2 * len(ident)
    yield from ident
    yield from held(seed, left // 2)
    yield from ident
    yield from panned(seed + 1, left - left // 2)


CAMERA: dict[str, Scene] = {"held": held, "panned": panned, "standing": standing}
OTHERS: dict[str, Scene] = {
    "still": still,
    "fan": fan,
    "board": board,
    "pendulum": pendulum,
    "screen": screen,
    "slides": slides,
    "lapse": lapse,
    "drawn": drawn,
    "stage": stage,
    "swirl": swirl,
    "replays": replays,
    "idents": idents,
}
