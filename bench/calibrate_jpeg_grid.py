"""Parts with a JPEG grid of their own.

Sources: every fourth authentic picture of CASIA v1 (384 × 256, saved at q80 to q94 before; two thirds of
the others served to tune), and camera-like pictures made here (noise that falls with frequency, edges,
sensor noise, saved at q92 before). Untouched: as they are, cut, cut and resized, each saved in the class's
coding. Edited: an elliptic part of another picture, saved as JPEG at q70 to q90, put in at a place of chance.

"layouts": screens, pages with a picture, maps, collages, captions and rendered scenes, made here. "video
pictures": one of each family of the shared clips. "other codings": every third of those pictures of CASIA v1
by way of HEIC, WebP and AVIF at q40 to q90. None of them was edited; as PNG and at q96, counted as files.

"straightened and corrected": those pictures of CASIA v1 and the made ones, some saved at q50 to q85 once
more, and then changed as a whole in each of the ways of `calibrate_jpeg_grid_corrected`; as PNG and at q90 to
q100, counted as files. The pictures that served to tune this are others.
"""

from __future__ import annotations

import io
import random
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from calibrate import Item
from calibrate_graphics import GRAPHICS, graphic
from calibrate_jpeg_grid_corrected import KINDS
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from pillow_heif import register_heif_opener

from forensics.analyses.jpeg_grid import JpegGrid, size_class

ANALYSIS = JpegGrid
FINDINGS = ("foreign-grid",)
SETS = (
    "CASIA-v1-dev authentic, every fourth in order of name",
    "CASIA-v1-dev splices, as saved",
    "made-800x600, seeds 0 to 59",
    "made-1600x1200, seeds 100 to 111, 1200 px q85",
    "made graphics (calibrate_graphics), seeds 0 and 1 of each kind",
    "videos, picture 33 of each family",
    "CASIA-v1-dev authentic, every third of these, by way of HEIC, WebP and AVIF",
    "these of CASIA-v1-dev and made-800x600, straightened and corrected (calibrate_jpeg_grid_corrected)",
)
CODINGS: dict[str, tuple[int, ...]] = {
    "lossless": (0,),
    "q98-100": (98, 99, 100),
    "q95-97": (95, 96, 97),
    "q90-94": (90, 92, 94),
    "below q90": (75, 80, 85),
}
CORRECTED = "straightened and corrected"
CORRECTED_OF_A_KIND = 40
SOCIAL = "social 1200 px q85"


def items(media: Path) -> Iterator[Item]:
    folder = media / "images" / "forgery" / "casia-v1"
    files = sorted((folder / "authentic").glob("*.jpg"))[1::4]
    pictures = [(file.stem, Image.open(file).convert("RGB")) for file in files]
    for file in files:
        yield Item(
            source=file.stem,
            quality="CASIA-v1 as saved",
            size="below 0.25 MP",
            edited=False,
            data=file.read_bytes(),
        )
    for file in sorted((folder / "splice").glob("*.jpg")):
        yield Item(
            source=file.stem,
            quality="CASIA-v1 as saved",
            size="below 0.25 MP",
            edited=True,
            data=file.read_bytes(),
            mask=_mask(file),
        )
    yield from _coded(pictures)
    larger = [(f"made-{seed}", made(seed, 800, 600)) for seed in range(60)]
    yield from _coded(larger)
    yield from _corrected([picture for _, picture in pictures], [p for _, p in larger])
    for seed in range(100, 112):
        yield from _social(seed)
    for name, kind, picture in (*_layouts(), *_video_pictures(media), *_other(pictures[::3])):
        for quality in (0, 96):
            yield Item(
                source=f"{name}, {quality}",
                quality=kind,
                size="any",
                edited=False,
                data=saved(picture, quality),
            )


def _layouts() -> Iterator[tuple[str, str, Image.Image]]:
    for kind in GRAPHICS:
        for seed in range(2):
            drawn = np.ascontiguousarray(graphic(kind, seed)[:, :, ::-1])
            yield f"{kind}-{seed}", "layouts", Image.fromarray(drawn)


def _video_pictures(media: Path) -> Iterator[tuple[str, str, Image.Image]]:
    families: set[str] = set()
    for file in sorted((media / "videos").rglob("*.mp4")):
        family = re.split(r"[-_.]", file.stem)[0]
        video = cv2.VideoCapture(str(file))
        video.set(cv2.CAP_PROP_POS_FRAMES, 33)
        there, picture = video.read()
        video.release()
        if there and family not in families:
            families.add(family)
            yield family, "video pictures", Image.fromarray(picture[:, :, ::-1].copy())


def _corrected(small: list[Image.Image], large: list[Image.Image]) -> Iterator[Item]:
    for kind, change in KINDS.items():
        for number in range(CORRECTED_OF_A_KIND):
            rng = np.random.default_rng([zlib.crc32(kind.encode()), number])
            sources = large if number % 5 == 4 else small
            before = int(rng.choice((0, 0, 50, 65, 75, 85)))
            one, other = (_once_more(sources[i], before) for i in rng.choice(len(sources), 2))
            last = int(rng.choice((0, 0, 0, 90, 93, 95, 96, 97, 98, 99, 100)))
            made_so = np.ascontiguousarray(change(one, other, rng))
            yield Item(
                source=f"{kind}-{number}",
                quality=CORRECTED,
                size="any",
                edited=False,
                data=saved(Image.fromarray(made_so), last),
            )


def _once_more(picture: Image.Image, quality: int) -> NDArray[np.uint8]:
    again = Image.open(io.BytesIO(saved(picture, quality))) if quality else picture
    return np.asarray(again.convert("RGB"), np.uint8)


def _other(pictures: list[tuple[str, Image.Image]]) -> Iterator[tuple[str, str, Image.Image]]:
    register_heif_opener()
    for number, (name, picture) in enumerate(pictures):
        stream = io.BytesIO()
        coding = ("HEIF", "WEBP", "AVIF")[number % 3]
        picture.save(stream, coding, quality=(40, 75, 90)[number // 3 % 3])
        yield f"{name}, {coding}", "other codings", Image.open(stream).convert("RGB")


def _mask(file: Path) -> NDArray[np.bool_] | None:
    drawn = file.with_name(f"{file.stem}_mask.png")
    if not drawn.exists():
        return None
    with Image.open(drawn) as picture, Image.open(file) as spliced:
        mask = np.asarray(picture.convert("L")) > 127
        return mask if mask.shape == (spliced.height, spliced.width) else None


def _coded(pictures: list[tuple[str, Image.Image]]) -> Iterator[Item]:
    rng = random.Random(8)  # noqa: S311 - repeatable
    for quality, steps in CODINGS.items():
        for place, (source, picture) in enumerate(pictures):
            step = steps[place % len(steps)]
            size = size_class(*picture.size)
            clean = _untouched(rng, picture, place)
            yield Item(
                source=source, quality=quality, size=size, edited=False, data=saved(clean, step)
            )
            donor = pictures[(place * 7 + 31) % len(pictures)][1]
            spliced, mask = _splice(rng, picture, donor)
            yield Item(
                source=source,
                quality=quality,
                size=size,
                edited=True,
                data=saved(spliced, step),
                mask=mask,
            )


def _untouched(rng: random.Random, picture: Image.Image, place: int) -> Image.Image:
    """The picture as it is, cut off the grid, or cut and made smaller."""
    if place % 3 == 0:
        return picture
    wide, high = picture.size
    cut = picture.crop((rng.randrange(1, 16), rng.randrange(1, 16), wide - 3, high - 5))
    if place % 3 == 1:
        return cut
    return cut.resize((cut.width * 9 // 10, cut.height * 9 // 10), Image.Resampling.BICUBIC)


def _splice(
    rng: random.Random, host: Image.Image, donor: Image.Image
) -> tuple[Image.Image, NDArray[np.bool_]]:
    wide, high = (rng.randint(side // 5, side * 2 // 5) for side in host.size)
    other = Image.open(io.BytesIO(saved(donor, rng.choice((70, 75, 80, 85, 90)))))
    wide, high = min(wide, other.width - 1), min(high, other.height - 1)
    x, y = rng.randrange(other.width - wide), rng.randrange(other.height - high)
    at = rng.randrange(host.width - wide), rng.randrange(host.height - high)
    shape = Image.new("L", (wide, high), 0)
    ImageDraw.Draw(shape).ellipse((0, 0, wide - 1, high - 1), fill=255)
    made, mask = host.copy(), Image.new("L", host.size, 0)
    made.paste(other.crop((x, y, x + wide, y + high)), at, shape)
    mask.paste(shape, at)
    return made, np.asarray(mask) > 127


def _social(seed: int) -> Iterator[Item]:
    rng = random.Random(seed)  # noqa: S311 - repeatable
    host, donor = made(seed, 1600, 1200), made(seed + 1000, 1600, 1200)
    spliced, mask = _splice(rng, host, donor)
    size = (1200, 900)
    for edited, picture in ((False, host), (True, spliced)):
        small = picture.resize(size, Image.Resampling.BICUBIC)
        there = np.asarray(Image.fromarray(mask).resize(size)) if edited else None
        yield Item(
            source=f"made-{seed}",
            quality=SOCIAL,
            size=size_class(*size),
            edited=edited,
            data=saved(small, 85),
            mask=there,
        )


def saved(picture: Image.Image, quality: int) -> bytes:
    """Returns the picture as JPEG; as PNG where `quality` is 0."""
    stream = io.BytesIO()
    if quality:
        picture.save(stream, "JPEG", quality=quality)
    else:
        picture.save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def made(seed: int, wide: int, high: int) -> Image.Image:
    """Makes a picture with the spectrum of photographs, some edges and sensor noise, saved at q92."""
    rng = np.random.default_rng(seed)
    down, across = np.fft.fftfreq(high)[:, None], np.fft.rfftfreq(wide)[None, :]
    fall = 1 / np.maximum(np.hypot(down, across), 1 / max(wide, high)) ** rng.uniform(1.1, 1.7)
    planes = []
    shared = rng.standard_normal((high, wide))
    for _ in range(3):
        noise = shared + 0.4 * rng.standard_normal((high, wide))
        plane = np.fft.irfft2(np.fft.rfft2(noise) * fall, s=(high, wide))
        planes.append((plane - plane.mean()) / plane.std() * 45 + rng.uniform(80, 170))
    scene = Image.fromarray(np.clip(np.dstack(planes), 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(scene)
    for _ in range(12):
        corners = [(int(rng.integers(wide)), int(rng.integers(high))) for _ in range(3)]
        colour = tuple(int(value) for value in rng.integers(20, 235, 3))
        draw.polygon(corners, fill=colour) if rng.random() < 0.3 else draw.line(corners, colour, 3)
    noisy = np.asarray(scene) + rng.normal(0, rng.uniform(0.5, 3), (high, wide, 3))
    picture = Image.fromarray(np.clip(noisy.round(), 0, 255).astype(np.uint8))
    return Image.open(io.BytesIO(saved(picture, 92))).convert("RGB")
