"""Photographed and filmed screens, among pictures and clips that are none.

Untouched: photographs as published and reduced to 1200 px at q85, authentic pictures of CASIA v1
enlarged three times, made cloth, façades, blinds, fences, tartans and prints in half tones as a made camera
sees them, and clips: the shared ones and slow moves over pictures. Screens: pictures on a made raster, seen
by the made camera of `bench/screens.py` at pitches of 1.1 to 6 places of the sensor, in perspective, blurred
by 0.5 to 1.2 places; filmed ones with bands that roll or none. No camera or screen but made ones was at
hand. `regular-pattern` names what cloth, façades and prints have as well, and says so.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import imageio_ffmpeg
import numpy as np
from calibrate import Item
from calibrate_jpeg_grid import saved
from numpy.typing import NDArray
from PIL import Image
from screens import Shot, cover, photographed
from textures import KINDS, pattern

from forensics.analyses.recapture import Recapture

ANALYSIS = Recapture
FINDINGS = ("screen-raster", "regular-pattern", "rolling-bands")
SETS = (
    "photographs of exif-samples, public-testfiles and PDQ, one of each scene",
    "CASIA-v1-dev authentic, odd places in order of name, every sixth of them",
    "made patterns, seeds 5100 to 5105 of each kind",
    "made screens, seeds 7000 to 7023; filmed, seeds 8000 to 8007",
    "shared clips, one of each family; made clips, seeds 9000 to 9019",
)
SOCIAL = "social 1200 px q85"
Picture = NDArray[np.uint8]


def items(media: Path) -> Iterator[Item]:
    casia = sorted((media / "images" / "forgery" / "casia-v1" / "authentic").glob("*.jpg"))[1::12]
    shown = [np.asarray(Image.open(file).convert("RGB")) for file in casia]
    yield from _photographs(media / "images")
    for file, picture in zip(casia, shown, strict=True):
        large = cv2.resize(picture, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
        yield _still(file.stem, "CASIA-v1 enlarged", np.asarray(large), 90, screen=False)
    for kind in KINDS:
        for seed in range(5100, 5106):
            made = pattern(kind, seed, (768, 576), shown[seed % len(shown)])
            yield _still(f"{kind}-{seed}", "made patterns", made, 75 + seed % 3 * 8, screen=False)
    for seed in range(7000, 7024):
        yield from _screens(seed, shown[seed % len(shown)])
    yield from _clips(media / "videos", shown)


def _still(source: str, quality: str, picture: Picture, saving: int, *, screen: bool) -> Item:
    data = saved(Image.fromarray(picture), saving)
    return Item(source=source, quality=quality, size="any", edited=screen, data=data)


def _photographs(images: Path) -> Iterator[Item]:
    files = [
        *sorted((images / "exif" / "jpg").glob("**/*.jp*g")),
        *sorted((images / "c2pa" / "image" / "jpeg").glob("*-[ACI].jpg")),
        *sorted((images / "c2pa" / "image" / "jpeg").glob("[nt]*.jp*g")),
        images / "pdq" / "bridge-mods" / "aaa-orig.jpg",
        images / "pdq" / "reg-test-input" / "exif-rotn" / "exif-rotn-1.jpg",
    ]
    for file in files:
        if "invalid" in file.parts or ("orientation" in file.parts and not file.stem.endswith("1")):
            continue
        try:
            picture = Image.open(file).convert("RGB")
        except OSError:  # some are damaged on purpose
            continue
        if min(picture.size) < 320:
            continue
        yield Item(
            source=file.stem,
            quality="photographs",
            size="any",
            edited=False,
            data=file.read_bytes(),
        )
        if max(picture.size) > 1200:
            picture.thumbnail((1200, 1200), Image.Resampling.BICUBIC)
            yield _still(file.stem, SOCIAL, np.asarray(picture), 85, screen=False)


def _shot(random: np.random.Generator) -> Shot:
    return Shot(
        pitch=float(np.exp(random.uniform(np.log(1.1), np.log(6)))),
        turn=float(random.uniform(-8, 8)),
        tilt=(float(random.uniform(-0.2, 0.2)), float(random.uniform(-0.15, 0.15))),
        blur=float(random.uniform(0.5, 1.2)),
        noise=float(random.uniform(1, 3)),
        part=float(random.choice([0.7, 1.2])),
    )


def _screens(seed: int, picture: Picture) -> Iterator[Item]:
    random = np.random.default_rng(seed)
    made = photographed(picture, _shot(random), (1440, 1080), random)
    yield _still(f"screen-{seed}", "photographs", made, int(random.integers(80, 95)), screen=True)
    small = np.asarray(cv2.resize(made, (1200, 900), interpolation=cv2.INTER_AREA))
    yield _still(f"screen-{seed}", SOCIAL, small, 85, screen=True)


def _clips(videos: Path, shown: list[Picture]) -> Iterator[Item]:
    alike = ("chair", "pattern", "flower", "carphone")
    seen: set[str] = set()
    for file in sorted(videos.glob("*/*.mp4")):
        family = next((name for name in alike if file.name.startswith(name)), file.stem)
        if family not in seen:
            yield Item(
                source=family, quality="clips", size="any", edited=False, data=file.read_bytes()
            )
        seen.add(family)
    for seed in range(9000, 9020):
        random = np.random.default_rng(seed)
        yield from _coded(f"move-{seed}", _moving(shown[seed % len(shown)], random), screen=False)
    for seed in range(8000, 8008):
        random = np.random.default_rng(seed)
        filmed = _filmed(shown[seed % len(shown)], random, rolling=seed % 2 == 0)
        yield from _coded(f"filmed-{seed}", filmed, screen=True)


def _moving(picture: Picture, random: np.random.Generator) -> Iterator[Picture]:
    whole = cover(picture, (1140, 860))
    pace = random.uniform(-3, 3, 2)
    for k in range(72):
        x, y = np.clip(np.array([210, 230]) + pace * k, 0, (420, 460)).astype(int)
        part = whole[y : y + 400, x : x + 720].astype(np.float32)
        yield np.clip(part + random.normal(0, 3, part.shape), 0, 255).astype(np.uint8)


def _filmed(picture: Picture, random: np.random.Generator, *, rolling: bool) -> Iterator[Picture]:
    """A screen, held by hand: a new sight of it six times, twelve pictures each, with noise and bands."""
    shot = _shot(random)
    high, pace = random.integers(1, 4), random.uniform(0.06, 0.3)
    down = np.arange(544)[:, None, None] / 544
    for k in range(72):
        if k % 12 == 0:
            sight = photographed(picture, shot, (960, 544), random).astype(np.float32)
        bands = 1 + 0.05 * np.sin(2 * np.pi * (high * down + pace * k)) if rolling else 1.0
        yield np.clip(sight * bands + random.normal(0, 2, sight.shape), 0, 255).astype(np.uint8)


def _coded(source: str, pictures: Iterator[Picture], *, screen: bool) -> Iterator[Item]:
    """The same pictures coded once well and once as platforms do."""
    frames = list(pictures)
    height, width, _ = frames[0].shape
    for quality, crf in (("clips", 20), ("clips, 720p CRF 28", 28)):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "clip.mp4"
            command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-f", "rawvideo"]
            command += ["-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", "24", "-i", "-"]
            command += ["-c:v", "libx264", "-preset", "veryfast", "-crf", str(crf), "-threads", "1"]
            command += ["-pix_fmt", "yuv420p", str(path)]
            subprocess.run(command, input=b"".join(f.tobytes() for f in frames), check=True)
            data = path.read_bytes()
        yield Item(source=source, quality=quality, size="any", edited=screen, data=data)
