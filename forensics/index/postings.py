"""The known codes of sound, sorted for looking up: plain arrays that can be memory-mapped.

A code is looked for by its first bits, more of them the more there is to search: little is missed in a
small ledger, and time stays within bounds in a large one. The order of assets is that of their names,
so that the same assets give the same arrays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Known: TypeAlias = Mapping[str, tuple[NDArray[np.uint32], NDArray[np.bool_]]]
"""The codes of each asset in order, and which of them say something."""

LEAST_KEY, MOST_KEY = 12, 22
"""Bits of a code by which it is looked up."""
MOST = 4096
"""Codes under one key beyond which it is not looked up: what is so common tells nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postings:
    """The sound of all known assets, one after the other.

    Attributes:
        assets: Their names, ascending.
        starts: Place of the first code of each asset, and the end of the last, shape (assets + 1,).
        codes: Every code in order, shape (n,).
        telling: Which of them say something, shape (n,).
        keys: The telling codes, ascending, shape (m,).
        places: Where each of `keys` stands among `codes`, shape (m,).
    """

    assets: tuple[str, ...]
    starts: NDArray[np.int64]
    codes: NDArray[np.uint32]
    telling: NDArray[np.bool_]
    keys: NDArray[np.uint32]
    places: NDArray[np.uint32]

    @property
    def key_bits(self) -> int:
        """Bits by which codes are looked up: about a quarter of an accidental hit for each."""
        return max(LEAST_KEY, min(MOST_KEY, len(self.keys).bit_length() + 2))


_ARRAYS = ("starts", "codes", "telling", "keys", "places")


def unpacked(codes: bytes, plain: bytes) -> tuple[NDArray[np.uint32], NDArray[np.bool_]]:
    """Returns codes and which of them say something, from 4 bytes a code (little-endian) and one bit a code.

    A bit, first highest, is set where the code says nothing.
    """
    number = len(codes) // 4
    bits = np.unpackbits(np.frombuffer(plain, np.uint8), count=number)
    return np.frombuffer(codes, "<u4"), bits == 0


def build(known: Known) -> Postings:
    """Returns the postings of the codes of some assets, all of one scheme."""
    assets = tuple(sorted(known))
    codes = [known[asset][0] for asset in assets]
    telling = [known[asset][1] for asset in assets]
    every = np.concatenate([np.zeros(0, np.uint32), *codes]).astype(np.uint32)
    which = np.concatenate([np.zeros(0, bool), *telling])
    places = np.flatnonzero(which).astype(np.uint32)
    places = places[np.argsort(every[places], kind="stable")]
    return Postings(
        assets=assets,
        starts=np.cumsum([0, *map(len, codes)], dtype=np.int64),
        codes=every,
        telling=which,
        keys=every[places],
        places=places,
    )


def save(postings: Postings, folder: Path) -> None:
    """Writes the arrays, one file each, into an existing folder."""
    for name in _ARRAYS:
        np.save(folder / f"sound-{name}.npy", getattr(postings, name), allow_pickle=False)
    (folder / "sound-assets.json").write_text(json.dumps(postings.assets))


def load(folder: Path) -> Postings:
    """Returns what `save` wrote, memory-mapped."""
    arrays = {
        name: np.load(folder / f"sound-{name}.npy", mmap_mode="r", allow_pickle=False)
        for name in _ARRAYS
    }
    assets = tuple(json.loads((folder / "sound-assets.json").read_text()))
    return Postings(assets=assets, **arrays)


def consistent(postings: Postings) -> bool:
    """Tells whether arrays that were read from files fit together, so that looking up stays within them."""
    starts, number = postings.starts, len(postings.codes)
    keys, places = postings.keys, postings.places
    kinds = tuple(getattr(postings, name).dtype for name in _ARRAYS)
    return (
        kinds == (np.int64, np.uint32, np.bool_, np.uint32, np.uint32)
        and all(getattr(postings, name).ndim == 1 for name in _ARRAYS)
        and len(starts) == len(postings.assets) + 1
        and int(starts[0]) == 0
        and int(starts[-1]) == number
        and bool((np.diff(starts) >= 0).all())
        and len(postings.telling) == number
        and len(keys) == len(places)
        and bool((places < number).all())
        and bool((keys[1:] >= keys[:-1]).all())
        and list(postings.assets) == sorted(set(postings.assets))
    )


def look_up(
    postings: Postings, codes: NDArray[np.uint32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Returns (position among `codes`, place) of every known code with the same first bits."""
    spare = np.uint32(32 - postings.key_bits)
    order = np.argsort(codes)
    low = (codes[order] >> spare) << spare
    high = low | np.uint32((1 << int(spare)) - 1)
    first = np.searchsorted(postings.keys, low, "left")
    counts = np.searchsorted(postings.keys, high, "right") - first
    counts[counts > MOST] = 0
    total = int(counts.sum())
    ends = np.cumsum(counts)
    within = np.arange(total) - np.repeat(ends - counts, counts)
    at = np.repeat(first, counts) + within
    return np.repeat(order, counts), postings.places[at].astype(np.int64)
