"""Makes the two stills: one with a patch pasted in and its mask, one straight from the camera."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from making import depot, exif, winter
from making.daylight import Picture
from making.noise import soften

SHIFT = (150, 52)
"""How far the patch is moved right and down from where it stood in its own picture."""

EDITED = exif.Shot(
    make="Ortvik Optics",
    model="OX-4 Mark II",
    serial="OX4-0026117",
    lens="OX 24-70mm F4",
    software="PhotoBench 11.2 (Windows)",
    taken="2025:12:29 10:42:18",
    modified="2025:12:30 23:05:51",
    offset="+03:00",
    exposure=Fraction(1, 250),
    aperture=Fraction(8),
    iso=200,
    focal_mm=Fraction(28),
    focal_35mm=28,
    size=(1280, 854),
)
CLEAN = exif.Shot(
    make="Sirin",
    model="S7",
    serial="S7-4410-08812",
    lens="S7 rear camera 5.4mm f/1.8",
    software="S7-14.2.0.118",
    taken="2025:12:27 14:21:09",
    modified="2025:12:27 14:21:09",
    offset="+03:00",
    exposure=Fraction(1, 320),
    aperture=Fraction(9, 5),
    iso=64,
    focal_mm=Fraction(27, 5),
    focal_35mm=28,
    size=(1280, 854),
)
CLEAN_PLACE = exif.Position(
    latitude=Fraction("58.0412"),
    longitude=Fraction("33.3127"),
    altitude=Fraction(203),
    heading=Fraction(262),
    time=(11, 21, 8),
    date="2025:12:27",
)


def make(folder: Path) -> None:
    """Write `edited-still.jpg`, its mask and `clean-still.jpg` into a folder."""
    cv2.setNumThreads(1)
    _edited(folder)
    # 4:2:2 as many phones write it; saved once, at one quality.
    Image.fromarray(winter.picture()).save(
        folder / "clean-still.jpg",
        quality=90,
        subsampling="4:2:2",
        exif=exif.build(CLEAN, CLEAN_PLACE),
    )


def _edited(folder: Path) -> None:
    """Paste a patch that has been a JPEG of its own into a still that has been another."""
    still = _through_jpeg(depot.base(), quality=90)
    shot, mask = depot.patch()
    foreign = _through_jpeg(shot, quality=62)
    move = np.array([[1, 0, SHIFT[0]], [0, 1, SHIFT[1]]], np.float32)
    size = (still.shape[1], still.shape[0])
    # Whole pixels: the patch keeps the traces of its own compression, out of step with the still's.
    foreign = np.asarray(cv2.warpAffine(foreign, move, size, flags=cv2.INTER_NEAREST), np.uint8)
    mask = np.asarray(cv2.warpAffine(mask, move, size, flags=cv2.INTER_NEAREST), np.uint8)
    soft = soften(mask.astype(np.float32) / 255, 2.0)[..., None]
    soft = np.where(mask[..., None] > 0, soft, 0)
    toned = np.clip(foreign * np.array([0.80, 0.82, 0.85]), 0, 255)
    merged = np.round(still * (1 - soft) + toned * soft).astype(np.uint8)
    Image.fromarray(merged).save(
        folder / "edited-still.jpg", quality=95, subsampling="4:4:4", exif=exif.build(EDITED)
    )
    Image.fromarray(mask).convert("1").save(folder / "edited-still-mask.png", optimize=True)


def _through_jpeg(picture: Picture, *, quality: int) -> Picture:
    """Save as JPEG and open again."""
    store = io.BytesIO()
    Image.fromarray(picture).save(store, "JPEG", quality=quality, subsampling="4:2:0")
    return np.asarray(Image.open(store).convert("RGB"), np.uint8)
