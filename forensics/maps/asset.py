"""Reads the map graphic that an asset holds: which of its pictures, and with what a person adds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forensics.errors import MissingCapability, NotFitting
from forensics.maps.reach import reach
from forensics.maps.reading import given_label, read_map
from forensics.maps.views import views
from forensics.media import tesseract
from forensics.model import Asset, Context
from forensics.model.map import MapReading

NO_MAP: Final = "This picture is no map graphic as far as could be told."


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenLabel:
    """A name and its point, as a person reads them off the graphic.

    Attributes:
        text: The name.
        x: Pixels from the left edge.
        y: Pixels from the upper edge.
    """

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a person adds to what the machine reads.

    Attributes:
        labels: Names and their points.
        max_range_km: How far whatever flew can have flown; None if nothing is said.
        speed_kmh: How fast, from and to; None if nothing is said.
        picture: Which page or picture to read, from 0; None: the first that is a map.
    """

    labels: tuple[GivenLabel, ...] = ()
    max_range_km: float | None = None
    speed_kmh: tuple[float, float] | None = None
    picture: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMap:
    """A map that was read.

    Attributes:
        picture: Which of the asset's pictures, from 0.
        pixels: That picture, RGB of shape (height, width, 3).
        reading: What it says.
    """

    picture: int
    pixels: NDArray[np.uint8]
    reading: MapReading


def read_asset(asset: Asset, context: Context, given: Given | None = None) -> ReadMap:
    """Returns the first map among an asset's pictures.

    A picture that a person names, or gives labels of, is read whatever it looks like.

    Raises:
        NotFitting: None of them is a map.
        MissingCapability: One may be a map, and nothing can read its text.
        MediaError: The pictures could not be decoded.
    """
    given = given or Given()
    insists = given.picture is not None or bool(given.labels)
    unread = False
    for view in views(asset, context, given.picture, insists=insists):
        context.check_deadline()
        if not insists and not view.vector and tesseract.version() is None:
            unread = True  # without its lettering no drawing is told for a map
            continue
        reading = read_map(
            view.pixels,
            seed=context.seed,
            given=[given_label(label.text, label.x, label.y) for label in given.labels],
            vector=view.vector,
        )
        placed = reading.placement is not None and reading.placement.placed
        if insists or placed or reading.sureness:
            held = reach(
                reading.tracks,
                reading.lettering,
                max_range_km=given.max_range_km,
                speed_kmh=given.speed_kmh,
            )
            reading = replace(reading, statements=(*reading.statements, *held))
            return ReadMap(picture=view.index, pixels=view.pixels, reading=reading)
    if unread:
        raise MissingCapability(
            "tesseract or its languages, to read what may be a map: not found here; see `forensics doctor`.",
            hint="Install them, or give the names that you read with `forensics map place --label`.",
        )
    raise NotFitting(NO_MAP)
