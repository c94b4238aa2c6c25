"""Pieces copied within one picture.

Class "any", below 0.5 MP: CASIA-v1 as saved, those sources that nothing was tuned on (parted by a digest of
the id of the first source). "made": an elliptic piece of such an untouched picture, a sixth of each side or
more, put elsewhere, shifted, turned, scaled or mirrored by turns, then saved. From 0.5 MP: photographs of the
other folders as found, at most 20 MP and no two alike, and as platforms save them (1200 px, q85); edited,
such copies in them. Videos: those of the shared folder; edited, their first four seconds with such a copy
that stays in its place.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from calibrate import Item
from numpy.typing import NDArray

from forensics.analyses.copy_move import LARGE_SIZE, SMALL, SMALL_SIZE, VIDEO_SIZE, CopyMove

ANALYSIS = CopyMove
FINDINGS = ("copied-piece",)
SETS = (
    "CASIA-v1-dev authentic and copy-move, sources of odd digest",
    "made-copies, every third such authentic picture, seeded by name",
    "photographs of exif-samples, pdq and c2pa, and copies in them",
    "videos, untouched and with a copy",
)
KINDS = ("shifted", "turned", "scaled", "mirrored")
LARGE_CLEAN, LARGE_EDITED, VIDEOS_EDITED = 24, 12, 8
MOST_PIXELS = 20_000_000
SOCIAL = "social 1200 px q85"

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
    files = [f for f in sorted((casia / "authentic").glob("*.jpg")) if measured(f.name)][::3]
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
    yield from _videos(media)


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


def _photographs(media: Path) -> Iterator[tuple[str, bytes, Pixels]]:
    seen: set[bytes] = set()
    for folder in ("exif/jpg", "pdq/misc-images", "pdq/bridge-mods", "c2pa/image"):
        for file in sorted((media / "images" / folder).rglob("*.jp*g")):
            data = file.read_bytes()
            picture = _read(data)
            if not SMALL <= picture.shape[0] * picture.shape[1] <= MOST_PIXELS:
                continue
            grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
            tiny = np.asarray(cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA), np.int16)
            look = np.packbits(tiny[:, 1:] > tiny[:, :-1]).tobytes()
            if look not in seen:
                seen.add(look)
                yield file.name, data, picture


def _large(media: Path) -> Iterator[Item]:
    for number, (name, data, picture) in enumerate(_photographs(media)):
        if number >= LARGE_CLEAN:
            return
        small = _saved(_reduced(picture, 1200), 85)
        for quality, untouched in (("any", data), (SOCIAL, small)):
            yield Item(source=name, quality=quality, size=LARGE_SIZE, edited=False, data=untouched)
        if number < LARGE_EDITED:
            other, mask = copied(picture, KINDS[number % len(KINDS)], name)
            little = np.asarray(_reduced(mask.astype(np.uint8), 1200)) > 0
            for quality, edited, where in (
                ("any", _saved(other, 92), mask),
                (SOCIAL, _saved(_reduced(other, 1200), 85), little),
            ):
                yield Item(
                    source=name,
                    quality=quality,
                    size=LARGE_SIZE,
                    edited=True,
                    data=edited,
                    mask=where,
                )


def _videos(media: Path) -> Iterator[Item]:
    edited = 0
    for file in sorted((media / "videos").rglob("*.mp4")):
        yield Item(
            source=file.stem, quality="any", size=VIDEO_SIZE, edited=False, data=file.read_bytes()
        )
        if file.parent.name == "misc" and edited < VIDEOS_EDITED:
            edited += 1
            yield Item(
                source=file.stem,
                quality="any",
                size=VIDEO_SIZE,
                edited=True,
                data=_with_copy(file, KINDS[edited % len(KINDS)]),
            )


def _with_copy(file: Path, kind: str) -> bytes:
    """Returns the first four seconds with a copy put into every picture at one place, as MPEG-4."""
    video = cv2.VideoCapture(str(file))
    rate = video.get(cv2.CAP_PROP_FPS) or 25.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "edited.mp4"
        writer: cv2.VideoWriter | None = None
        for _ in range(round(4 * rate)):
            there, picture = video.read()
            if not there:
                break
            shown = copied(np.asarray(picture, np.uint8), kind, file.name)[0]
            if writer is None:
                size = (shown.shape[1], shown.shape[0])
                writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), rate, size)
            writer.write(shown)
        if writer is not None:
            writer.release()
        video.release()
        return path.read_bytes()
