"""The levels that `forensics.signatures.hear` leaves: reading them takes no decoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from forensics.errors import MediaError
from forensics.signatures.sound import BANDS, Levels

LEVELS = "sound-levels.npy"


def load_levels(folder: Path) -> Levels:
    """Returns the levels that `hear` left, memory-mapped.

    Raises:
        MediaError: They are not what they should be.
    """
    try:
        found = np.load(folder / LEVELS, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise MediaError("The working copy of the sound cannot be read.") from error
    if found.dtype != np.uint8 or found.ndim != 2 or found.shape[1] != BANDS:
        raise MediaError("The working copy of the sound is not what it should be.")
    kept: Levels = found
    return kept
