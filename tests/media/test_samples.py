"""The working copy: each picture is mapped on its own, read-only."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from forensics.media.samples import PIXELS, StoredSamples
from forensics.model import Sample, SamplePlan

PLAN = SamplePlan(keyframes=True, every=None, limit=9, long_side=None)


def sample(index: int, width: int, height: int) -> Sample:
    return Sample(index=index, time=Fraction(index), keyframe=True, width=width, height=height)


def test_pictures_of_unequal_size_lie_one_after_the_other(tmp_path: Path) -> None:
    pictures = [
        np.full((h, w, 3), n, np.uint8) for n, (w, h) in enumerate([(4, 2), (1, 1), (3, 5)], 1)
    ]
    (tmp_path / PIXELS).write_bytes(b"".join(p.tobytes() for p in pictures))
    stored = StoredSamples(
        tmp_path, PLAN, [sample(n, p.shape[1], p.shape[0]) for n, p in enumerate(pictures)]
    )
    assert len(stored) == 3
    for n, wanted in enumerate(pictures):
        assert np.array_equal(stored.pixels(n), wanted)
        assert stored[n].time == n


def test_pictures_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / PIXELS).write_bytes(bytes(3))
    stored = StoredSamples(tmp_path, PLAN, [sample(0, 1, 1)])
    with pytest.raises(ValueError, match="read-only"):
        stored.pixels(0)[0, 0, 0] = 1
