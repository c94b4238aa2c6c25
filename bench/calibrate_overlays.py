"""What is laid around and over videos, made by script; each class of edited clips has one thing laid over.

Untouched: the shared clips of each family without bars or logos, and made ones: slow moves over pictures, a
camera that stands still with things that move through the scene, lamps that blink, and signs with letters
that are part of the scene. Edited: the same with a blurred copy beside the picture, a coloured frame, a clock
on a plate and without one (before scenes that move and that stand still), and subtitles at the bottom or top.
Untouched stills: authentic pictures of CASIA v1. Pictures of CASIA's odd places serve as scenes.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import imageio_ffmpeg
import numpy as np
from calibrate import Item
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from screens import cover

from forensics.analyses.overlays import Overlays

ANALYSIS = Overlays
FINDINGS = (
    "blurred-fill",
    "coloured-frame",
    "clock-or-counter",
    "burnt-in",
    "text-that-comes-and-goes",
)
SETS = (
    "shared clips, one of each family without bars",
    "CASIA-v1-dev authentic, odd places in order of name, every sixth of them, as stills",
    "made clips, seeds 6200 to 6205 of each kind, CRF 21 and 28 in turn",
)
Picture = NDArray[np.uint8]
RATE, COUNT = 10, 160
SIZE = (640, 360)
FONTS = ("DejaVuSans-Bold.ttf", "DejaVuSans.ttf", "DejaVuSansMono-Bold.ttf")
LINES = (
    "We arrived shortly after the sirens",
    "Nobody was told where to go",
    "Дорога була перекрита з ранку",
    "This is what we found there",
    "Say it again, slowly please",
)


def items(media: Path) -> Iterator[Item]:
    folder = media / "images" / "forgery" / "casia-v1" / "authentic"
    files = sorted(folder.glob("*.jpg"))[1::12]
    for file in files:
        yield Item(
            source=file.stem, quality="stills", size="any", edited=False, data=file.read_bytes()
        )
    names = ("bikes", "crystal", "flower", "friday", "frog", "rabbit", "scene_cuts")
    for name in (*names, "doorknob-hd-no-bar", "pattern-hd-no-bar", "big-buck-bunny-480p-30sec"):
        path = next(iter((media / "videos").glob(f"*/{name}.mp4")))
        yield Item(source=name, quality="clips", size="any", edited=False, data=path.read_bytes())
    shown = [np.asarray(Image.open(file).convert("RGB")) for file in files]
    for seed in range(6200, 6206):
        for kind, (scene, laid) in CLIPS.items():
            random = np.random.default_rng(seed)
            frames = laid(list(scene(shown, seed, random)), random)
            yield Item(
                source=f"{kind}-{seed}",
                quality="clips" if laid is _nothing else kind,
                size="any",
                edited=laid is not _nothing,
                data=coded(frames, (21, 28)[seed % 2]),
            )


def coded(frames: list[Picture], crf: int) -> bytes:
    height, width, _ = frames[0].shape
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-f", "rawvideo"]
        command += ["-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(RATE), "-i", "-"]
        command += ["-c:v", "libx264", "-preset", "veryfast", "-crf", str(crf), "-threads", "1"]
        command += ["-pix_fmt", "yuv420p", str(path)]
        subprocess.run(command, input=b"".join(f.tobytes() for f in frames), check=True)
        return path.read_bytes()


def _noisy(picture: Picture, random: np.random.Generator) -> Picture:
    noise = random.normal(0, 2.5, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def moving(shown: list[Picture], seed: int, random: np.random.Generator) -> Iterator[Picture]:
    """A camera that moves; every second time with a cut in the middle."""
    cuts = 1 + seed % 2
    for part in range(cuts):
        whole = cover(shown[(seed + 7 * part) % len(shown)], (1000, 700))
        pace = random.uniform(1, 2.2, 2) * random.choice([-1, 1], 2)
        for k in range(COUNT // cuts):
            x, y = np.clip(np.array([180, 170]) + pace * k, 0, (360, 340)).astype(int)
            yield _noisy(whole[y : y + 360, x : x + 640], random)


def standing(shown: list[Picture], seed: int, random: np.random.Generator) -> Iterator[Picture]:
    """A camera that stands still; things move through, and a lamp blinks every second."""
    scene = cover(shown[seed % len(shown)], SIZE)
    thing = cv2.resize(shown[(seed + 3) % len(shown)], (90, 70))
    lamp = tuple(int(v) for v in random.integers((40, 40), (600, 300)))
    for k in range(COUNT):
        frame = scene.copy()
        x = 40 + (3 * k) % 500
        frame[200:270, x : x + 90] = thing
        if k // 5 % 2:
            cv2.circle(frame, lamp, 9, (255, 230, 90), -1)
        yield _noisy(frame, random)


def signs(shown: list[Picture], seed: int, random: np.random.Generator) -> Iterator[Picture]:
    """A walk along a wall with signs: letters that are part of the scene."""
    whole = Image.fromarray(cover(shown[seed % len(shown)], (1700, 420)))
    draw = ImageDraw.Draw(whole)
    for k, x in enumerate(range(60, 1600, 330)):
        font = ImageFont.truetype(FONTS[k % 3], int(random.integers(18, 34)))
        draw.rectangle((x - 8, 300, x + 260, 345), fill=(20, 30, 70))
        draw.text((x, 302), LINES[k % 5][:16], fill=(240, 240, 240), font=font)
    page = np.asarray(whole)
    for k in range(COUNT):
        step = k if seed % 2 else k // 40 * 40  # walks, or stands in four places
        y = 30 + int(4 * np.sin(k / 3)) if seed % 2 else 30
        yield _noisy(page[y : y + 360, 6 * step : 6 * step + 640], random)


def _nothing(frames: list[Picture], random: np.random.Generator) -> list[Picture]:  # noqa: ARG001 - as its fellows are called
    return frames


def blurred(frames: list[Picture], random: np.random.Generator) -> list[Picture]:
    """The middle of the picture, upright, before itself."""
    wide = int(random.integers(180, 290))
    dim = random.uniform(0.6, 1.0)
    made = []
    for frame in frames:
        part = frame[:, 320 - wide // 2 : 320 + wide // 2]
        page = cv2.GaussianBlur(cover(part, SIZE), (0, 0), 14).astype(np.float32) * dim
        page[:, 320 - wide // 2 : 320 - wide // 2 + part.shape[1]] = part
        made.append(page.astype(np.uint8))
    return made


def framed(frames: list[Picture], random: np.random.Generator) -> list[Picture]:
    colour = random.integers(40, 220, 3).astype(np.uint8)
    side, edge = int(random.integers(24, 90)), int(random.integers(20, 60))
    made = []
    for frame in frames:
        page = np.tile(colour, (360, 640, 1))
        page[edge:-edge, side:-side] = cv2.resize(frame, (640 - 2 * side, 360 - 2 * edge))
        made.append(page)
    return made


def _written(
    frame: Picture, text: str, at: tuple[int, int], size: int, font: str, plate: bool
) -> Picture:
    page = Image.fromarray(frame)
    draw = ImageDraw.Draw(page)
    face = ImageFont.truetype(font, size)
    if plate:
        draw.rectangle(draw.textbbox(at, text, font=face), fill=(0, 0, 0))
    draw.text(at, text, fill=(255, 255, 255), font=face, stroke_width=0 if plate else 1,
              stroke_fill=(0, 0, 0))  # fmt: skip
    return np.asarray(page)


def clocked(
    frames: list[Picture], random: np.random.Generator, *, plate: bool = True
) -> list[Picture]:
    start, size = int(random.integers(0, 80000)), int(random.integers(15, 26))
    at = int(random.integers(10, 420)), int(random.choice([10, 320]))
    made = []
    for k, frame in enumerate(frames):
        now = start + k // RATE
        text = f"12-03-2024 {now // 3600:02}:{now // 60 % 60:02}:{now % 60:02}"
        made.append(_written(frame, text, at, size, FONTS[2], plate))
    return made


def bare(frames: list[Picture], random: np.random.Generator) -> list[Picture]:
    return clocked(frames, random, plate=False)


def subtitled(frames: list[Picture], random: np.random.Generator) -> list[Picture]:
    size, font = int(random.integers(17, 26)), FONTS[int(random.integers(0, 2))]
    row = int(random.choice([12, 318]))
    plate, made, k = bool(random.random() < 0.3), [], 0
    for number in range(20):
        shown, pause = int(random.integers(22, 45)), int(random.integers(3, 20))
        text = LINES[number % len(LINES)]
        for _ in range(shown):
            if k < len(frames):
                left = 320 - int(len(text) * size * 0.29)
                made.append(_written(frames[k], text, (left, row), size, font, plate))
                k += 1
        made += frames[k : k + pause]
        k += pause
    return made[: len(frames)]


Scene = Callable[[list[Picture], int, np.random.Generator], Iterator[Picture]]
Laid = Callable[[list[Picture], np.random.Generator], list[Picture]]
CLIPS: dict[str, tuple[Scene, Laid]] = {
    "moving": (moving, _nothing),
    "standing": (standing, _nothing),
    "signs": (signs, _nothing),
    "blurred copy": (moving, blurred),
    "coloured frame": (moving, framed),
    "clock on a plate": (moving, clocked),
    "clock without a plate": (moving, bare),
    "clock, still scene": (standing, bare),
    "subtitles": (moving, subtitled),
    "subtitles, still scene": (standing, subtitled),
}
