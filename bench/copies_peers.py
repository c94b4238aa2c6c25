"""Other ways to find copies of videos, measured on the same queries.

vPDQ and videohash are the packages of that name from PyPI, where they are installed; the rest is a few
lines over PDQ (ours, which gives the reference's codes bit by bit) and imagehash's pHash. What a peer
makes of a clip is kept in a folder. A score says how much two videos agree; where the threshold lies is
decided by whoever reports: what the package ships, or the highest score of any unrelated pair.
"""

from __future__ import annotations

import importlib.util
import os
import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import av
import numpy as np
from copies_edits import digest
from numpy.typing import NDArray

from forensics.signatures.pdq import code_of, coefficients, luminance, reduced
from forensics.signatures.perceptual import phash

Codes = NDArray[np.uint8]
Made = Mapping[str, NDArray[np.generic]]
Settings = Sequence[tuple[int, ...]]
VERSION = 1
"""Rises when a feature is made in another way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One way to find copies.

    Attributes:
        name: Column title.
        make: Makes what is stored of a clip.
        settings: What may be tuned.
        scores: Takes a query, all references and settings; returns for each setting the scores of all
            references.
        shipped: Setting and threshold as published, or None.
        package: PyPI package that must be there, or "".
    """

    name: str
    make: Callable[[Path], Made]
    settings: Settings
    scores: Callable[[Made, References, Settings], NDArray[np.float64]]
    shipped: tuple[tuple[int, ...], float] | None = None
    package: str = ""

    @property
    def installed(self) -> bool:
        return not self.package or importlib.util.find_spec(self.package) is not None

    @property
    def release(self) -> str:
        try:
            return f"{self.package} {version(self.package)}" if self.package else ""
        except PackageNotFoundError:
            return self.package

    def of(self, path: Path, folder: Path) -> tuple[Made, float]:
        """Returns what is stored of a clip and the CPU seconds that making it took."""
        kept = folder / f"{self.make.__name__}-{VERSION}"
        kept.mkdir(parents=True, exist_ok=True)
        file = kept / f"{digest(path)[:24]}.npz"
        if not file.exists():
            before = spent()
            made = self.make(path)
            part = file.with_name(f"{os.getpid()}-{file.name}")
            np.savez(part, seconds=spent() - before, **made)
            part.rename(file)
        with np.load(file) as stored:
            made = {name: stored[name] for name in stored.files}
        return made, float(made.pop("seconds"))


class References:
    """The codes of all references in one array of each name, so that a query meets them all at once."""

    def __init__(self, made: Sequence[Made]) -> None:
        self.made = made
        self._joined: dict[str, tuple[NDArray[np.generic], NDArray[np.int64]]] = {}
        self._first: dict[str, Codes] = {}

    def joined(self, key: str) -> NDArray[np.generic]:
        return self._of(key)[0]

    def first(self, key: str) -> Codes:
        """Returns the codes of the first turn: references are asked for as they are."""
        if key not in self._first:
            self._first[key] = np.ascontiguousarray(self.joined(key)[:, 0])
        return self._first[key]

    def none(self) -> NDArray[np.float64]:
        return np.zeros(len(self.made))

    def shares(
        self, key: str, distances: NDArray[np.int64], radius: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Returns which share of the query's, and of each reference's, pictures has a counterpart."""
        _, starts = self._of(key)
        near = distances <= radius
        mine = np.logical_or.reduceat(near, starts, axis=1).mean(axis=0)
        lengths = np.diff([*starts, near.shape[1]])
        theirs = np.add.reduceat(near.any(axis=0).astype(float), starts) / lengths
        return mine, theirs

    def _of(self, key: str) -> tuple[NDArray[np.generic], NDArray[np.int64]]:
        if key not in self._joined:
            parts = [m[key] for m in self.made]
            starts = np.cumsum([0, *map(len, parts)])[:-1]
            self._joined[key] = np.concatenate(parts), starts
        return self._joined[key]


def spent() -> float:
    """Returns the CPU seconds of this process and the children it has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + used.ru_utime + used.ru_stime


def pictures(path: Path, every: Fraction) -> Iterator[NDArray[np.uint8]]:
    """Yields one RGB picture in each span of seconds, from the first on."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_count = 1
        due = Fraction(0)
        for frame in container.decode(stream):
            at = Fraction(frame.pts or 0) * Fraction(frame.time_base or 0)
            if at >= due:
                due += every
                yield frame.to_ndarray(format="rgb24")


def distances(one: Codes, other: Codes) -> NDArray[np.int64]:
    """Returns the bits that differ, shape (len(one), len(other))."""
    width = one.shape[-1] // 8
    left = np.ascontiguousarray(one).view(np.uint64).reshape(-1, 1, width)
    right = np.ascontiguousarray(other).view(np.uint64).reshape(1, -1, width)
    return np.bitwise_count(left ^ right).sum(axis=2, dtype=np.int64)


def vpdq_codes(path: Path) -> Made:
    """Codes as the vPDQ package makes them: PDQ of one picture a second."""
    import vpdq  # noqa: PLC0415 - a peer that may be absent

    found = vpdq.computeHash(str(path), seconds_per_hash=1.0, thread_count=1)
    codes = np.frombuffer(bytes.fromhex("".join(f.hex for f in found)), np.uint8)
    return {
        "codes": codes.reshape(len(found), 32),
        "quality": np.array([f.quality for f in found]),
    }


def vpdq_scores(query: Made, known: References, settings: Settings) -> NDArray[np.float64]:
    """Share of the query's pictures that are met; with the third setting, or of the reference's."""
    all_apart = distances(query["codes"], known.joined("codes"))
    rows = []
    for radius, least, both in settings:
        good = query["quality"] >= least
        apart = np.where(known.joined("quality") >= least, all_apart, 999)[good]
        mine, theirs = known.shares("codes", apart, radius) if good.any() else (known.none(),) * 2
        rows.append(np.maximum(mine, theirs) if both else mine)
    return np.array(rows)


def picture_codes(path: Path) -> Made:
    """In one pass: pHash of one picture a second, PDQ of two, with and without borders, in all turns."""
    single, whole, trimmed = [], [], []
    for number, pixels in enumerate(pictures(path, Fraction(1, 2))):
        luma = luminance(pixels)
        if number % 2 == 0:
            single.append(np.frombuffer(phash(np.rint(luma).astype(np.uint8)), np.uint8))
        whole.append(_turns(luma))
        trimmed.append(_turns(luminance(_without_border(pixels))))
    return {"phash": np.array(single), "whole": np.array(whole), "trimmed": np.array(trimmed)}


def phash_scores(query: Made, known: References, settings: Settings) -> NDArray[np.float64]:
    apart = distances(query["phash"], known.joined("phash"))
    return np.array([np.maximum(*known.shares("phash", apart, radius)) for (radius,) in settings])


def turned_scores(query: Made, known: References, settings: Settings) -> NDArray[np.float64]:
    best = np.zeros((len(settings), len(known.made)))
    for turn in range(8):
        apart = np.minimum(
            distances(query["whole"][:, turn], known.first("whole")),
            distances(query["trimmed"][:, turn], known.first("trimmed")),
        )
        for row, (radius,) in enumerate(settings):
            shares = known.shares("whole", apart, radius)
            best[row] = np.maximum(best[row], np.maximum(*shares))
    return best


def video_codes(path: Path) -> Made:
    """videohash: 64 bits for the whole video."""
    import PIL.Image  # noqa: PLC0415 - for the peer that may be absent
    from videohash import VideoHash  # noqa: PLC0415 - a peer that may be absent

    # Its last release asks Pillow for a filter by the name that it had before version 10.
    PIL.Image.ANTIALIAS = PIL.Image.Resampling.LANCZOS
    made = VideoHash(path=str(path))
    code = int(made.hash, 2).to_bytes(8, "big")
    made.delete_storage_path()
    return {"codes": np.frombuffer(code, np.uint8)[None]}


def video_scores(query: Made, known: References, settings: Settings) -> NDArray[np.float64]:
    alike = 1 - distances(query["codes"], known.joined("codes"))[0] / 64
    return np.array([alike for _ in settings])


PEERS = (
    Peer(
        name="vPDQ",
        make=vpdq_codes,
        settings=[(r, q, b) for r in (31, 40, 50, 60, 70) for q in (0, 50) for b in (0, 1)],
        scores=vpdq_scores,
        shipped=((31, 50, 0), 0.8),
        package="vpdq",
    ),
    Peer(
        name="pHash, 1 a second",
        make=picture_codes,
        settings=[(r,) for r in (4, 6, 8, 10, 12, 14, 16)],
        scores=phash_scores,
    ),
    Peer(
        name="PDQ, 2 a second, 8 turns, borders off",
        make=picture_codes,
        settings=[(r,) for r in (31, 40, 50, 60, 70, 80, 90)],
        scores=turned_scores,
    ),
    Peer(
        name="videohash",
        make=video_codes,
        settings=[(0,)],
        scores=video_scores,
        package="videohash",
    ),
)


def _turns(luma: NDArray[np.float32]) -> Codes:
    small = reduced(luma)
    turns = [np.rot90(side, k) for side in (small, small[:, ::-1]) for k in range(4)]
    return np.array(
        [np.frombuffer(code_of(coefficients(np.ascontiguousarray(t))), np.uint8) for t in turns]
    )


def _without_border(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Returns a picture without rows and columns at its edges that hold one tone."""
    grey = pixels.mean(axis=2)
    kept = []
    for axis in (1, 0):
        busy = np.flatnonzero(grey.std(axis=axis) > 6)
        whole = len(busy) == 0 or busy[-1] - busy[0] < 32
        kept.append(slice(None) if whole else slice(int(busy[0]), int(busy[-1]) + 1))
    return pixels[kept[0], kept[1]]
