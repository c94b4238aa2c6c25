"""Earlier savings as JPEG and resizing, told as history.

"Found" is a trace that is there, "false alarm" one that is not. Made: camera-like pictures, 640 × 480
(noise that falls with frequency, edges, a colour filter array with sensor noise, interpolated by OpenCV),
never saved before, from seeds. Untouched: saved once in the class's coding, or stored without loss.
"Coarser", "finer": saved before at a quality of 60 to 98 below or above the last one. "Moved": saved at
60 to 85, cut off the grid, saved again. "By": saved at q93, resized (bicubic, bilinear or Lanczos by
Pillow, bicubic by OpenCV in turn), saved. As found: photographs of ianare/exif-samples, most as cameras
wrote them; what of them was resized within the camera, or saved twice before it was published, counts as
a false alarm here.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from calibrate import ROOT, Item
from calibrate_jpeg_grid import saved
from PIL import Image, ImageDraw

from forensics.analyses.saving_history import SavingHistory
from forensics.traces import twice
from forensics.traces.coefficients import coefficients
from forensics.traces.earlier import explain

ANALYSIS = SavingHistory
ALIGNED, WAS, MOVED, RESIZED = FINDINGS = (
    "earlier-saving",
    "was-jpeg",
    "shifted-saving",
    "resized",
)
SETS = (
    "made-camera-640x480, seeds 0 to 19",
    "made-camera-1600x1200, seeds 100 to 111, 1200 px q85",
    "exif-samples, JPEG, as found",
)
SOURCES = 20
RESIZED_SOURCES = 10
LASTS = {
    "q98-100": (98, 99, 100),
    "q95-97": (95, 96, 97),
    "q90-94": (90, 92, 94),
    "below q90": (70, 75, 80, 85),
}
EARLIER = (60, 65, 70, 75, 80, 85, 88, 90, 92, 94, 95, 96, 97, 98)
FACTORS = (0.5, 0.8, 1.1, 1.25, 2.0)
CODINGS = {"lossless": 0, "q95": 95, "q85": 85}
AS_FOUND = "as found"
SOCIAL = "social 1200 px q85"


def counted(finding: str, quality: str) -> bool:
    """Whether a finding is what a class is about."""
    if quality == AS_FOUND:
        return finding != WAS
    about = {"coarser": ALIGNED, "finer": ALIGNED, "moved": MOVED, "without": WAS, "again": ALIGNED}
    return finding == next((name for word, name in about.items() if word in quality), RESIZED)


def items(media: Path) -> Iterator[Item]:
    for file in sorted((media / "images" / "exif" / "jpg").rglob("*.jpg")):
        with Image.open(file) as picture:
            large = min(picture.size) >= 64
        if large:
            yield _item(file.stem, AS_FOUND, file.read_bytes(), edited=False)
    for seed in range(SOURCES):
        picture = camera(seed, 640, 480)
        yield from _twice(seed, picture)
        yield from _other(seed, picture)
        if seed < RESIZED_SOURCES:
            yield from _resized(seed, picture)
    for seed in range(100, 112):
        picture = camera(seed, 1600, 1200)
        small = opened(saved(picture, 92)).resize((1200, 900), Image.Resampling.BICUBIC)
        once = saved(small, 85)
        yield _item(f"camera-{seed}", SOCIAL, once, edited=True)
        yield _item(f"camera-{seed}", f"{SOCIAL}, saved again", once, edited=False)
        again = saved(opened(once), (75, 80, 90)[seed % 3])
        yield _item(f"camera-{seed}", f"{SOCIAL}, saved again", again, edited=True)
        plain = picture.crop((200, 150, 1400, 1050))
        yield _item(f"camera-{seed}", SOCIAL, saved(plain, 85), edited=False)


def _item(source: str, quality: str, data: bytes, *, edited: bool) -> Item:
    return Item(source=source, quality=quality, size="any", edited=edited, data=data)


def _twice(seed: int, picture: Image.Image) -> Iterator[Item]:
    source = f"camera-{seed}"
    for name, lasts in LASTS.items():
        last = lasts[seed % len(lasts)]
        coarser = [q for q in EARLIER if q < last]
        finer = [q for q in (*EARLIER, 100) if q > last]
        for word, before in (("coarser", coarser), ("finer", finer)):
            if before:
                quality = f"last {name}, earlier {word}"
                first = before[seed * 5 % len(before)]
                data = saved(opened(saved(picture, first)), last)
                yield _item(source, quality, saved(picture, last), edited=False)
                yield _item(source, quality, data, edited=True)


def _other(seed: int, picture: Image.Image) -> Iterator[Item]:
    source, without = f"camera-{seed}", "stored without loss"
    yield _item(source, without, saved(picture, 0), edited=False)
    first = EARLIER[seed * 5 % len(EARLIER)]
    yield _item(source, without, saved(opened(saved(picture, first)), 0), edited=True)
    cut = opened(saved(picture, (60, 70, 75, 80, 85)[seed % 5]))
    cut = cut.crop((1 + seed % 7, 1 + seed // 7 % 7, 632, 476))
    for name, lasts in LASTS.items():
        last, quality = lasts[seed % len(lasts)], f"last {name}, moved"
        yield _item(source, quality, saved(picture, last), edited=False)
        yield _item(source, quality, saved(cut, last), edited=True)


def _resized(seed: int, picture: Image.Image) -> Iterator[Item]:
    before = opened(saved(picture, 93))
    for factor in FACTORS:
        size = round(before.width * factor), round(before.height * factor)
        if min(size) < 256:  # too small for the test: a larger source
            larger = opened(saved(camera(seed, 1280, 960), 93))
            made = _by(larger, (round(1280 * factor), round(960 * factor)), seed)
        else:
            made = _by(before, size, seed)
        for name, quality in CODINGS.items():
            kind = f"{name}, by {factor}"
            yield _item(f"camera-{seed}", kind, saved(picture, quality), edited=False)
            yield _item(f"camera-{seed}", kind, saved(made, quality), edited=True)


def _by(picture: Image.Image, size: tuple[int, int], turn: int) -> Image.Image:
    if turn % 4 == 3:
        made = cv2.resize(np.asarray(picture), size, interpolation=cv2.INTER_CUBIC)
        return Image.fromarray(made)
    kinds = (Image.Resampling.BICUBIC, Image.Resampling.BILINEAR, Image.Resampling.LANCZOS)
    return picture.resize(size, kinds[turn % 4])


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def camera(seed: int, wide: int, high: int) -> Image.Image:
    """Makes a picture as a sensor with a colour filter array sees it, never saved as JPEG."""
    rng = np.random.default_rng(seed)
    down, across = np.fft.fftfreq(high)[:, None], np.fft.rfftfreq(wide)[None, :]
    fall = 1 / np.maximum(np.hypot(down, across), 1 / max(wide, high)) ** rng.uniform(1.1, 1.6)
    shared = rng.standard_normal((high, wide))
    planes = []
    for _ in range(3):
        noise = shared + 0.3 * rng.standard_normal((high, wide))
        plane = np.fft.irfft2(np.fft.rfft2(noise) * fall, s=(high, wide))
        planes.append((plane - plane.mean()) / plane.std() * 38 + rng.uniform(90, 150))
    scene = Image.fromarray(np.clip(np.dstack(planes), 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(scene)
    for _ in range(14):
        corners = [(int(rng.integers(wide)), int(rng.integers(high))) for _ in range(3)]
        colour = tuple(int(value) for value in rng.integers(20, 235, 3))
        draw.polygon(corners, fill=colour) if rng.random() < 0.3 else draw.line(corners, colour, 3)
    light = cv2.GaussianBlur(np.asarray(scene, np.float32), (0, 0), rng.uniform(0.5, 0.9))
    sensed = np.zeros((high, wide), np.float32)
    for y, x, channel in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2)):  # RGGB
        sensed[y::2, x::2] = light[y::2, x::2, channel]
    sensed += rng.normal(0, 1, sensed.shape) * rng.uniform(0.05, 0.2) * np.sqrt(sensed + 10)
    raw = np.clip(sensed * 64, 0, 65535).astype(np.uint16)
    kinds = (cv2.COLOR_BayerBG2RGB, cv2.COLOR_BayerBG2RGB_EA)
    full = cv2.demosaicing(raw, kinds[seed % 2]).astype(np.float32) / 64
    full += 0.4 * (full - cv2.GaussianBlur(full, (0, 0), 1.2))
    return Image.fromarray(np.clip(full.round(), 0, 255).astype(np.uint8))


def estimates() -> None:
    """Prints how far the estimated quality of an earlier saving is off, by both qualities."""
    grid = (60, 70, 75, 80, 85, 90, 92, 95, 98)
    pictures = [camera(seed, 640, 480) for seed in range(200, 208)]
    print("| earlier \\ last |", " | ".join(str(q) for q in grid), "|")
    print("|---" * (len(grid) + 1) + "|")
    for first in grid:
        cells = []
        for last in grid:
            off = [
                abs(found - first)
                for picture in pictures
                if first != last and (found := _estimate(picture, first, last)) is not None
            ]
            worst = f", ±{max(off)}" if off and max(off) else ""
            cells.append("–" if first == last else f"{len(off)}{worst}")
        print(f"| {first} |", " | ".join(cells), "|", flush=True)


def _estimate(picture: Image.Image, first: int, last: int) -> int | None:
    return _quality(saved(opened(saved(picture, first)), last))


def _quality(data: bytes) -> int | None:
    again = Image.open(io.BytesIO(data))
    table = tuple(again.quantization[0])
    again.draft("L", again.size)
    found = explain(twice.fits(coefficients(np.asarray(again)), table).found)
    return found.quality if found else None


def photographs(media: Path) -> None:
    """Prints what is found in authentic pictures of CASIA v1, as they are and cut off their grid.

    Saved once since, at 70 to 100, they have no earlier saving on the same grid; saved twice, they have.
    """
    folder = media / "images" / "forgery" / "casia-v1" / "authentic"
    once = again = twice_found = exact = as_saved = count = 0
    for place, file in enumerate(sorted(folder.glob("*.jpg"))):
        last = (70, 75, 80, 85, 90, 92, 95, 98, 100)[place % 9]
        first = (60, 65, 72, 78)[place % 4]
        picture = opened(file.read_bytes()).crop((3, 5, 379, 253))
        count += 1
        as_saved += _quality(file.read_bytes()) is not None
        once += _quality(saved(picture, last)) is not None
        if last > first:
            again += 1
            found = _quality(saved(opened(saved(picture, first)), last))
            twice_found += found is not None
            exact += found is not None and abs(found - first) <= 1
    print(f"{count} as saved: {as_saved} saved before; cut and saved once: {once} so called;")
    print(f"{again} saved at 60 to 78 in between: {twice_found} found, {exact} of them within 1")


def main() -> None:
    """Prints how far estimates are off; what is counted, `calibrate.py saving-history` measures."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--media", type=Path, default=ROOT.parent / "shared" / "media")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    estimates()
    photographs(chosen.media)


if __name__ == "__main__":
    main()
