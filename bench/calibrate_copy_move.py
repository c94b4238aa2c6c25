"""Pieces copied within one picture.

Class "any", below 0.5 MP: CASIA-v1 as saved, those sources that nothing was tuned on (parted by a digest of
the id of the first source). "made q90", "made q75": an elliptic piece of such an untouched picture, a sixth
of each side or more, put elsewhere, shifted, turned, scaled or mirrored by turns, then saved.

From 0.5 MP: photographs of the folders EXIF, PDQ and C2PA as found, at most 12 MP and no two alike, and made
photographs of windows, bricks, leaves, water, crowds, pages, signs, twin posters, shelves, reflections,
symmetric fronts, patterns, fields and boards (seeds of odd digest; made here, so cleaner than life), saved
at q86 to q96; and all of them as platforms save them (1200 px, q85). Edited: such a copy in them before
saving; the rows by kind show the same files. "drawn": screens, maps, collages, captions, rendered scenes, and
twenty kinds of layouts, among them conversations, pins, contact sheets, watermarks, games, cards, slides,
charts and stickers, in which pictures and signs recur and none was copied later; as PNG, and at 1200 px, q85.

Videos: clips of the shared folder, each family once, and made ones of a standing camera; edited, a copy that
stays in its place, shown live or as a still by turns. "crf 23": H.264 at its own size; "720p crf 28": as
platforms save them. "any": the clips as found, and all that are at crf 23.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import imageio_ffmpeg
import numpy as np
from calibrate import Item
from calibrate_graphics import GRAPHICS, graphic
from calibrate_layouts import LAYOUTS, layout
from calibrate_scenes import PHOTOGRAPHS, photograph, random_of
from numpy.typing import NDArray
from PIL import Image

from forensics.analyses.copy_move import LARGE_SIZE, SMALL, SMALL_SIZE, VIDEO_SIZE, CopyMove

ANALYSIS = CopyMove
FINDINGS = ("copied-piece",)
SETS = (
    "CASIA-v1-dev authentic and copy-move, sources of odd digest",
    "made-copies, every fifth such authentic picture, seeded by name",
    "photographs of exif-samples, pdq and c2pa, and copies in them",
    "made photographs (calibrate_scenes), the first seed of odd digest of each kind",
    "made graphics (calibrate_graphics), the first two seeds of odd digest from 10 on of each kind",
    "made layouts (calibrate_layouts), the first two seeds of odd digest of each kind",
    "videos, untouched and with a copy, and made ones",
)
KINDS = ("shifted", "turned", "scaled", "mirrored")
LARGE_CLEAN, LARGE_EDITED, VIDEOS_EDITED = 24, 12, 3
SCENES, SCREENS, CLIPS = 2, 2, 2
FRESH = 10
"""Earlier seeds of graphics were looked at when something was mended."""
MOST_PIXELS = 12_000_000
SOCIAL = "social 1200 px q85"
CRF_23, CRF_28 = "crf 23", "720p crf 28"
FRAMES, RATE = 36, 12

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]


def items(media: Path) -> Iterator[Item]:
    casia = media / "images" / "forgery" / "casia-v1"
    for edited, folder in ((False, "authentic"), (True, "copy-move")):
        for file in sorted((casia / folder).glob("*.jpg")):
            if measured(file.name):
                yield Item(
                    source=file.stem,
                    quality="any",
                    size=SMALL_SIZE,
                    edited=edited,
                    data=file.read_bytes(),
                    mask=None,
                )
    files = [f for f in sorted((casia / "authentic").glob("*.jpg")) if measured(f.name)][::5]
    for number, file in enumerate(files):
        picture = _read(file.read_bytes())
        for quality in (90, 75):
            kind = KINDS[number % len(KINDS)]
            for edited in (False, True):
                shown = copied(picture, kind, file.name)[0] if edited else picture
                mask = copied(picture, kind, file.name)[1] if edited else None
                yield Item(
                    source=file.stem,
                    quality=f"made q{quality}",
                    size=SMALL_SIZE,
                    edited=edited,
                    data=_saved(shown, quality),
                    mask=mask,
                )
    yield from _large(media)
    yield from _drawn()
    yield from _videos(media)
    yield from _clips()


def measured(name: str) -> bool:
    """Whether a CASIA-v1 file is kept apart for measuring, by the id of its first source."""
    found = re.search(r"([a-z]{3})_?(\d{4})", name)
    source = found[1] + found[2] if found else name
    return bool(hashlib.sha256(source.encode()).digest()[0] % 2)


def copied(picture: Pixels, kind: str, seed: str) -> tuple[Pixels, Mask]:
    """Returns the picture with an elliptic piece of it put elsewhere, and where both lie."""
    rng = np.random.default_rng(list(hashlib.sha256(seed.encode()).digest()[:8]))
    height, width = picture.shape[:2]
    reach = np.array([width, height]) / 12 * rng.uniform(1, 1.5)
    while True:
        source, target = (
            (reach * 1.5 + rng.random(2) * ([width, height] - reach * 3)).round() for _ in range(2)
        )
        if (np.abs(source - target) > 2.2 * reach).any():
            break
    turn = np.deg2rad(rng.uniform(10, 60)) if kind == "turned" else 0.0
    scale = rng.choice([0.75, 0.85, 1.2, 1.4]) if kind == "scaled" else 1.0
    linear = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    linear = linear @ np.diag([-1.0 if kind == "mirrored" else 1.0, 1.0])
    matrix = np.column_stack([linear, target - linear @ source])
    one = np.zeros((height, width), np.float32)
    cv2.ellipse(one, (source.tolist(), (2 * reach).tolist(), 0.0), 1.0, -1)
    size = (width, height)
    piece = np.asarray(cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_CUBIC), np.float32)
    other = np.asarray(cv2.warpAffine(one, matrix, size))
    share = np.asarray(cv2.GaussianBlur(other, (0, 0), 1))[:, :, None]
    mixed = np.clip((picture + (piece - picture) * share).round(), 0, 255).astype(np.uint8)
    return mixed, (one > 0.5) | (other > 0.5)


def _read(data: bytes) -> Pixels:
    found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return np.zeros((0, 0, 3), np.uint8) if found is None else np.asarray(found, np.uint8)


def _saved(picture: Pixels, quality: int) -> bytes:
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def _reduced(picture: Pixels, side: int) -> Pixels:
    scale = min(1.0, side / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _photographs(media: Path, most: int) -> Iterator[tuple[str, bytes, Pixels]]:
    seen: set[bytes] = set()
    for folder in ("exif/jpg", "pdq/misc-images", "pdq/bridge-mods", "c2pa/image"):
        for file in sorted((media / "images" / folder).rglob("*.jp*g")):
            data = file.read_bytes()
            try:
                with Image.open(file) as opened:
                    pixels = opened.width * opened.height
            except OSError:
                continue
            if not SMALL <= pixels <= MOST_PIXELS:
                continue
            picture = _read(data)
            grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
            tiny = np.asarray(cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA), np.int16)
            look = np.packbits(tiny[:, 1:] > tiny[:, :-1]).tobytes()
            if look not in seen and len(seen) < most:
                seen.add(look)
                yield file.name, data, picture
            if len(seen) == most:
                return


def _scenes() -> Iterator[tuple[str, bytes, Pixels, int]]:
    """Made photographs: name, file, pixels, and the quality at which it was saved."""
    for kind in PHOTOGRAPHS:
        for seed in [s for s in range(60) if measured(f"{kind}-{s}")][:SCENES]:
            picture = photograph(kind, seed)
            quality = int(random_of("saved", kind, seed).integers(86, 97))
            yield f"{kind}-{seed}", _saved(picture, quality), picture, quality


def _large(media: Path) -> Iterator[Item]:
    found = [(n, d, p, 92) for n, d, p in _photographs(media, LARGE_CLEAN)]
    for number, (name, data, picture, quality) in enumerate((*found, *_scenes())):
        small = _saved(_reduced(picture, 1200), 85)
        for saved, untouched in (("any", data), (SOCIAL, small)):
            yield Item(source=name, quality=saved, size=LARGE_SIZE, edited=False, data=untouched)
        if LARGE_EDITED <= number < LARGE_CLEAN:
            continue
        kind = KINDS[number % len(KINDS)]
        other, mask = copied(picture, kind, name)
        little = np.asarray(_reduced(mask.astype(np.uint8), 1200)) > 0
        for saved, edited, where in (
            ("any", _saved(other, quality), mask),
            (SOCIAL, _saved(_reduced(other, 1200), 85), little),
        ):
            yield Item(
                source=name,
                quality=saved,
                size=LARGE_SIZE,
                edited=True,
                data=edited,
                mask=where,
                also=(f"{saved}, {kind}",),
            )


def _drawn() -> Iterator[Item]:
    made = (
        *((kind, graphic, FRESH) for kind in GRAPHICS),
        *((kind, layout, 0) for kind in LAYOUTS),
    )
    for kind, drawing, first in made:
        for seed in [s for s in range(first, 60) if measured(f"{kind}-{s}")][:SCREENS]:
            picture = drawing(kind, seed)
            small = _saved(_reduced(picture, 1200), 85)
            whole = cv2.imencode(".png", picture)[1].tobytes()
            for saved, data in (("drawn", whole), (f"drawn, {SOCIAL}", small)):
                yield Item(
                    source=f"{kind}-{seed}", quality=saved, size=LARGE_SIZE, edited=False, data=data
                )


def _videos(media: Path) -> Iterator[Item]:
    families: set[str] = set()
    for file in sorted((media / "videos").rglob("*.mp4")):
        family = re.split(r"[-_.]", file.stem)[0]
        if family not in families:
            families.add(family)
            data = file.read_bytes()
            yield Item(source=family, quality="any", size=VIDEO_SIZE, edited=False, data=data)
    chosen = sorted((media / "videos" / "misc").glob("*.mp4"))
    for number, file in enumerate(chosen[:: max(1, len(chosen) // VIDEOS_EDITED)][:VIDEOS_EDITED]):
        yield from _edited(file.stem, _frames(file), number)


def _clips() -> Iterator[Item]:
    for number, kind in enumerate(list(PHOTOGRAPHS)[:: len(PHOTOGRAPHS) // CLIPS][:CLIPS]):
        name = f"clip-{kind}"
        pictures = _standing(kind)
        for saved in (CRF_23, CRF_28):
            yield Item(
                source=name,
                quality=saved,
                size=VIDEO_SIZE,
                edited=False,
                data=_film(pictures, saved),
                also=("any",) if saved == CRF_23 else (),
            )
        yield from _edited(name, pictures, number)


def _standing(kind: str) -> list[Pixels]:
    """A camera that stands before a scene in which two things move."""
    rng = random_of("clip", kind)
    scene = cv2.resize(photograph(kind, 1000), (1280, 720), interpolation=cv2.INTER_AREA)
    pictures = []
    for time in range(FRAMES):
        picture = np.asarray(scene, np.float32) + rng.normal(0, 3, scene.shape)
        for step, row in ((9, 420), (-6, 510)):
            middle = int(640 + step * (time - FRAMES / 2)), row
            cv2.ellipse(picture, (middle, (40.0, 110.0), 0.0), (40, 60, 90), -1, cv2.LINE_AA)
        pictures.append(np.clip(picture.round(), 0, 255).astype(np.uint8))
    return pictures


def _frames(file: Path) -> list[Pixels]:
    """Every second picture of the first seconds."""
    video = cv2.VideoCapture(str(file))
    pictures = []
    for number in range(2 * FRAMES):
        there, picture = video.read()
        if there and number % 2 == 0:
            pictures.append(np.asarray(picture, np.uint8))
    video.release()
    return pictures


def _edited(name: str, pictures: list[Pixels], number: int) -> Iterator[Item]:
    kind = KINDS[number % len(KINDS)]
    still, mask = copied(pictures[0], kind, name)
    shown = [copied(picture, kind, name)[0] for picture in pictures]
    if number % 2:
        piece = (still != pictures[0]).any(axis=2, keepdims=True)
        shown = [np.where(piece, still, picture).astype(np.uint8) for picture in pictures]
    for saved in (CRF_23, CRF_28):
        yield Item(
            source=name,
            quality=saved,
            size=VIDEO_SIZE,
            edited=True,
            data=_film(shown, saved),
            mask=mask if saved == CRF_23 else None,
            also=("any",) if saved == CRF_23 else (),
        )


def _film(pictures: list[Pixels], saved: str) -> bytes:
    height, width = (side - side % 2 for side in pictures[0].shape[:2])
    raw = b"".join(np.ascontiguousarray(p[:height, :width]).tobytes() for p in pictures)
    scale = ("-vf", "scale=-2:720") if saved == CRF_28 else ()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        subprocess.run(
            [
                imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-f", "rawvideo",
                "-pix_fmt", "bgr24", "-s", f"{width}x{height}", "-r", str(RATE), "-i", "-", *scale,
                "-c:v", "libx264", "-threads", "1", "-crf", "28" if saved == CRF_28 else "23",
                "-pix_fmt", "yuv420p", str(path),
            ],
            input=raw,
            check=True,
        )  # fmt: skip
        return path.read_bytes()
