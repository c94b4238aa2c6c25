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

from forensics.errors import LimitExceeded, MissingCapability, NotFitting
from forensics.inside.task import carried
from forensics.media.boxes import read_boxes
from forensics.media.film import StoredFilm, load_film
from forensics.media.prepare import load_samples
from forensics.media.prepared import load
from forensics.media.samples import StoredSamples
from forensics.model import Asset, Box, Exhibit, MediaKind, Part

QUICK_FILM = (
    "every picture of the video, which a quick check does not decode; check it without `--quick`."
)
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
    def film(self) -> StoredFilm:
        """Every picture of a video, decoded once for all who ask; see `forensics.model.ports.Context`."""
        prepared = load(self._folder)
        if prepared.kind is not MediaKind.VIDEO:
            raise NotFitting("It has no moving pictures.")
        if prepared.plan is not None and prepared.plan.every is None:
            raise MissingCapability(QUICK_FILM)
        return load_film(self._folder, prepared, self.check_deadline)

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

    def exhibit(self, id: str, picture: NDArray[np.uint8], caption: str) -> Exhibit:  # noqa: A002 - the model's word
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
