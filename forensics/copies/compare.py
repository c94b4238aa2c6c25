"""Worker task: registers pictures of the working copy with known ones and says where they agree."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from forensics.codec import plain, revive
from forensics.copies.confirm import QueryPicture, confirm, query_picture
from forensics.copies.confirmed import Comparison, Confirmed
from forensics.errors import MediaError
from forensics.media.prepare import load_samples
from forensics.media.prepared import load
from forensics.media.samples import StoredSamples
from forensics.media.worker import report_progress
from forensics.model import Look
from forensics.signatures.task import load_looks


def compare_pictures(folder: str, looks: Any, pairs: Any) -> Any:
    """Returns for each pair what registering it came to, or None, as JSON values.

    Args:
        folder: Holds the working copy.
        looks: Known pictures (`tuple[Look, ...]`).
        pairs: `tuple[Comparison, ...]`.
    """
    known = revive(looks, tuple[Look, ...])
    asked = revive(pairs, tuple[Comparison, ...])
    made: list[Confirmed | None] = []
    for number, pair in enumerate(asked):
        try:
            made.append(confirm(_picture(folder, pair.query), known[pair.look]))
        except MediaError:  # another desk's thumbnail that is none
            made.append(None)
        if number % 16 == 15:
            report_progress("comparing", number / len(asked))
    return plain(made)


@lru_cache(maxsize=64)
def _picture(folder: str, time: Fraction) -> QueryPicture:
    samples, places, looks = _working_copy(folder)
    kept = looks.get(time)
    # Copied: a mapped picture would keep its scratch file on the disk after the folder is gone.
    pixels = np.array(samples.pixels(places[time]))
    return query_picture(pixels, time, kept.local if kept else None)


@lru_cache(maxsize=1)
def _working_copy(
    folder: str,
) -> tuple[StoredSamples, dict[Fraction, int], dict[Fraction, Look]]:
    """Returns the pictures of a working copy, where each time stands, and what signing kept of them."""
    work = Path(folder)
    samples = load_samples(work, load(work))
    places = {samples[i].time: i for i in range(len(samples))}
    return samples, places, {look.time: look for look in load_looks(work)}
