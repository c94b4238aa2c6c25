"""Clips made for a search: a camera that travels over a landscape, codes alone, and how to ask."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

from forensics.copies.search import find_copies
from forensics.model import (
    Asset,
    Copy,
    MediaKind,
    Probe,
    Searched,
    Sha256,
    Signature,
    Stream,
)
from forensics.signatures.signed import Asked, Signed
from forensics.signatures.task import sign_all
from tests.copies.exact import Clip, ExactIndex

RATE = 6
"""Pictures a second in the clips made here."""


def world(seed: int) -> np.ndarray:
    """A wide landscape of coarse and fine structure, RGB, for a camera to travel over."""
    rng = np.random.default_rng(seed)
    total = np.zeros((200, 1600, 3))
    for cells, weight in ((4, 55), (10, 45), (30, 25)):
        noise = rng.normal(0, weight, (cells, cells * 6, 3)).astype(np.float32)
        for channel in range(3):
            layer = Image.fromarray(noise[..., channel])
            total[..., channel] += np.asarray(layer.resize((1600, 200), Image.Resampling.BICUBIC))
    return np.clip(total + 120, 0, 255).astype(np.uint8)


def travel(seed: int, seconds: int) -> list[np.ndarray]:
    """Pictures of 320 × 180: a camera that travels a tenth of its view a second."""
    ground = world(seed)
    return [ground[8:188, 6 * n : 6 * n + 320] for n in range(seconds * RATE)]


Encode = Callable[..., Clip]


def clip_of(path: Path) -> Clip:
    pixels = {}
    with av.open(str(path)) as container:
        due = Fraction(0)
        for frame in container.decode(video=0):
            at = Fraction(frame.pts) * Fraction(frame.time_base)
            if at >= due:
                due += 1
                pixels[at] = frame.to_ndarray(format="rgb24")
    return clip(pixels)


def clip(pixels: dict[Fraction, np.ndarray]) -> Clip:
    held = list(pixels.values())
    return Clip(signed=sign_all(list(pixels), lambda i: held[i]), pixels=pixels)


def still(picture: np.ndarray) -> Clip:
    return clip({Fraction(0): picture})


def asset(name: str, kind: MediaKind = MediaKind.VIDEO, streams: tuple[Stream, ...] = ()) -> Asset:
    return Asset(
        sha256=Sha256(hashlib.sha256(name.encode()).hexdigest()),
        size=1000,
        kind=kind,
        mime="",
        name=name,
        probe=Probe(container="", streams=streams),
    )


def ask(
    index: ExactIndex, made: Clip, kind: MediaKind = MediaKind.VIDEO
) -> tuple[dict[str, Copy], Searched]:
    copies, searched = find_copies(asset("in hand", kind), made.signed, index, made)
    return {copy.asset.name: copy for copy in copies}, searched


def times(span: tuple[Fraction, Fraction]) -> tuple[float, float]:
    return float(span[0]), float(span[1])


def codes(entries: Sequence[tuple[str, bytes, int]]) -> Clip:
    """An asset of which only whole-picture codes are known, as from a list of hashes."""
    return Clip(
        signed=Signed(
            signatures=tuple(
                Signature(scheme=scheme, code=bits, quality=100, time=Fraction(time))
                for scheme, bits, time in entries
            ),
            asked=tuple(
                Asked(scheme=scheme, code=bits, quality=100, time=Fraction(time), turned="")
                for scheme, bits, time in entries
            ),
        ),
        pixels={},
    )
