"""Worker task: hears an asset. The codes are the answer; the levels stay in the scratch folder.

Levels, 12 MB an hour, are what the sound in hand is searched for with, at other speeds and pitches.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from forensics.codec import plain
from forensics.media.sound import Track
from forensics.signatures.levels import LEVELS
from forensics.signatures.signed import Heard
from forensics.signatures.sound import RATE, encode, levels

MAX_SECONDS = 4 * 3600


def hear(folder: str, demuxer: str, limit: int = MAX_SECONDS) -> Any:
    """Reads `folder/asset`, leaves its levels beside it, and returns `Heard` as JSON values.

    Args:
        folder: The scratch folder.
        demuxer: The one demuxer that may open the asset.
        limit: Seconds after which the rest is left out.

    Raises:
        MediaError: The container cannot be read.
    """
    work = Path(folder)
    track = Track(work / "asset", demuxer, rate=RATE, limit=limit)
    heard = levels(track.blocks())
    np.save(work / LEVELS, heard, allow_pickle=False)
    return plain(
        Heard(
            codes=encode(heard) if track.found else None,
            seconds=Fraction(track.samples, RATE),
            notes=track.notes(),
        )
    )
