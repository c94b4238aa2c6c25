"""A context that shows a made film, for analyses of the course of a video."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import cast

import numpy as np
from numpy.typing import NDArray

from forensics.media.filmed import RECORD
from forensics.model import Asset, Context, Exhibit, MediaKind, Sha256

ASSET = Asset(
    sha256=Sha256("0" * 64), size=1, kind=MediaKind.VIDEO, mime="video/mp4", name="film.mp4"
)
Luma = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True, eq=False)
class MadeFilm:
    """`forensics.model.Film` over arrays; 25 pictures a second unless ticks are given."""

    luma: Luma
    records: NDArray[np.void]
    base: Fraction = Fraction(1, 25)
    codec: str = "h264"
    width: int = 640
    height: int = 360
    vectors: bool = False
    whole: bool = True
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.luma)

    @property
    def covered(self) -> Fraction:
        return self.time(len(self) - 1) + self.base if len(self) else Fraction(0)

    def time(self, index: int) -> Fraction:
        return int(self.records["time"][index]) * self.base


@dataclass
class Shown:
    """What these analyses read of a context."""

    film: MadeFilm
    shown: dict[str, Luma] = field(default_factory=dict)

    @property
    def context(self) -> Context:
        return cast("Context", self)

    def check_deadline(self) -> None:
        pass

    def exhibit(self, id: str, picture: Luma, caption: str) -> Exhibit:
        self.shown[id] = picture
        return Exhibit(
            id=id, caption=caption, mime="image/png", path="x", sha256="0" * 64,
            width=picture.shape[1], height=picture.shape[0],
        )  # fmt: skip


def film(luma: Luma, ticks: NDArray[np.int_] | None = None, noise: float = 1.0) -> MadeFilm:
    """A film of small pictures."""
    records = np.zeros(len(luma), RECORD)
    records["time"] = np.arange(len(luma)) if ticks is None else ticks
    records["noise"] = noise
    return MadeFilm(luma=luma, records=records)
