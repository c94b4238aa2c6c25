"""What an analysis is handed: readings of one asset, each made once and shared.

Lives in a worker, over the scratch folder that `forensics.media.prepare` filled.
"""

from __future__ import annotations

import hashlib
import io
import time
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from forensics.errors import LimitExceeded
from forensics.inside.task import carried
from forensics.media.boxes import read_boxes
from forensics.media.prepare import load_samples
from forensics.media.prepared import load
from forensics.media.samples import StoredSamples
from forensics.model import Asset, Box, Exhibit, Part

EXHIBIT_SIDE = 1600
"""Pixels; larger exhibits are reduced to this on the longer side."""


class ScratchContext:
    """`forensics.model.ports.Context` over one scratch folder."""

    def __init__(self, asset: Asset, folder: Path, *, name: str, seconds: float) -> None:
        self.path = folder / "asset"
        self.scratch = folder / "analyses" / name
        self.scratch.mkdir(parents=True, exist_ok=True)
        self.seed = int(asset.sha256[:16], 16)
        self._folder = folder
        self._end = time.monotonic() + seconds

    @cached_property
    def samples(self) -> StoredSamples:
        """The decoded pictures; empty for sound. Raises `MediaError` where decoding failed."""
        return load_samples(self._folder, load(self._folder))

    @cached_property
    def carried(self) -> Part:
        """Everything that the file carries beside what it shows, as one tree."""
        return carried(self._folder)

    @cached_property
    def boxes(self) -> Box | None:
        """The root of the ISO-BMFF box tree; None for other containers."""
        return read_boxes(self.path)

    def check_deadline(self) -> None:
        """Raises `LimitExceeded` when the time given to this analysis is over."""
        if time.monotonic() > self._end:
            raise LimitExceeded("The analysis did not end within its time.")

    def exhibit(self, id: str, picture: NDArray[np.uint8], caption: str) -> Exhibit:  # noqa: A002
        """Stores an RGB picture of shape (height, width, 3) as PNG and returns the exhibit."""
        image = Image.fromarray(np.ascontiguousarray(picture))
        image.thumbnail((EXHIBIT_SIDE, EXHIBIT_SIDE), Image.Resampling.BOX)
        stream = io.BytesIO()
        image.save(stream, "PNG")
        data = stream.getvalue()
        (self.scratch / f"{id}.png").write_bytes(data)
        return Exhibit(
            id=id,
            caption=caption,
            mime="image/png",
            path=f"{id}.png",
            sha256=hashlib.sha256(data).hexdigest(),
            width=image.width,
            height=image.height,
        )
