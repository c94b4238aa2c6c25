"""Films made by numbers: records and small pictures of a scene that slides by."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from forensics.media.filmed import RECORD


def film(
    count: int, seed: int = 0, *, types: str = "P", first: str = "I"
) -> tuple[NDArray[Any], NDArray[np.uint8]]:
    """Returns records of pictures predicted from others, and pictures that slide by a little each.

    Args:
        count: Pictures.
        seed: Of what is by chance in them.
        types: Types of the pictures, repeated.
        first: Type of the first one.
    """
    rng = np.random.default_rng(seed)
    records = np.zeros(count, RECORD)
    records["time"] = np.arange(count)
    records["type"] = [(types * (count // len(types) + 1))[k] for k in range(count)]
    records["type"][:1] = first.encode()
    records["key"] = records["type"] == b"I"
    records["blocks"] = 400
    records["intra"] = rng.poisson(30, count)
    records["size"] = np.exp(rng.normal(8, 0.1, count)).astype(int)
    records["step"] = 26
    records["noise"] = 2 + rng.normal(0, 0.02, count)
    records["change"] = rng.normal(4, 0.2, count)
    wide = np.cumsum(rng.normal(0, 6, (36, 64 + count)), axis=1)
    wide = np.stack([np.convolve(row, np.hanning(9), "same") for row in wide])
    wide = 128 + (wide - wide.mean()) / wide.std() * 30
    luma = np.stack([wide[:, k : k + 64] for k in range(count)])
    return records, np.clip(luma, 0, 255).astype(np.uint8)
