"""The working copy of an asset's pictures: raw RGB in a scratch file, read through the page cache.

Each picture is mapped on its own and let go with the array, so that memory does not grow with the
number of pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forensics.model import Sample, SamplePlan

PIXELS = "pixels.rgb"


class StoredSamples:
    """`forensics.model.ports.Samples` over a scratch folder."""

    def __init__(self, folder: Path, plan: SamplePlan, samples: Sequence[Sample]) -> None:
        self.plan = plan
        self._file = folder / PIXELS
        self._samples = tuple(samples)
        sizes = [s.width * s.height * 3 for s in self._samples]
        self._offsets = [0]
        for size in sizes:
            self._offsets.append(self._offsets[-1] + size)

    def __len__(self) -> int:
        return len(self._samples)

    def __getitem__(self, index: int) -> Sample:
        return self._samples[index]

    def pixels(self, index: int) -> NDArray[np.uint8]:
        """Returns picture `index` as RGB, shape (height, width, 3), read-only."""
        sample = self._samples[index]
        shape = (sample.height, sample.width, 3)
        mapped: np.memmap[Any, np.dtype[np.uint8]] = np.memmap(
            self._file, np.uint8, "r", self._offsets[index], shape
        )
        return mapped
