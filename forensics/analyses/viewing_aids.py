"""What does the picture look like when noise, savings, gradients, levels, bits and patterns are brought out?

Views that forensic programs have long offered (`forensics.traces.views`). Where noise maps, ghosts and their
kin were held against untouched pictures, they fired on many of them, so here they only help the eye.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from forensics.errors import NotFitting
from forensics.model import (
    Asset,
    Capability,
    Caveat,
    Context,
    Diagnostic,
    Exhibit,
    Finding,
    Measurement,
    MediaKind,
    Pillar,
    Quantity,
)
from forensics.traces import views

LEAST = 16
"""Pixels on the shorter side; smaller pictures have nothing to bring out."""
_AID = "A viewing aid: it moves no verdict."

View = Callable[[NDArray[np.uint8]], NDArray[np.uint8]]

VIEWS: tuple[tuple[str, View, str], ...] = (
    (
        "jpeg-ghosts",
        views.ghosts,
        (
            "Change of the brightness by saving as JPEG at quality "
            f"{', '.join(map(str, views.GHOSTS))}, from left to right and down; squared, means of 16 by 16 "
            "pixels, each panel stretched to its own range. A part that was once saved at a quality is dark "
            "there; so are plain parts."
        ),
    ),
    (
        "gradient",
        views.gradient,
        (
            "Direction of the change of brightness as colour, its strength (square root) as brightness, at "
            f"{views.SIDE} px on the longer side at most (Sobel's operator, 3 by 3)."
        ),
    ),
    (
        "level-sweep",
        views.sweep,
        (
            f"The picture's levels in {views.BANDS} bands of equal width from dark to bright, each stretched "
            "to the full range."
        ),
    ),
    (
        "bit-planes",
        views.bits,
        (
            "The eight bits of the brightness from the highest to the lowest: the brighter, the more often "
            "the bit is set in that place."
        ),
    ),
    (
        "principal-components",
        views.components,
        (
            "The three principal components of the picture's colours, the strongest first, each stretched to "
            "its own range."
        ),
    ),
    (
        "spectrum",
        views.spectrum,
        (
            "How strong each spatial frequency of the brightness is in the middle of the picture (at most "
            f"{views.SPECTRUM} pixels a side), as a logarithm, frequency 0 in the middle. Points off it are "
            "regular patterns: moiré of a filmed screen, and as well the grid of JPEG, print or enlarging."
        ),
    ),
)


class ViewingAids:
    """See the module's docstring."""

    name: ClassVar[str] = "viewing-aids"
    version: ClassVar[int] = 1
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset({MediaKind.IMAGE})
    needs: ClassVar[frozenset[Capability]] = frozenset()
    examines: ClassVar[frozenset[Pillar]] = frozenset()
    viewing_aid: ClassVar[bool] = True
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(key="views", unit="count", meaning="How many views were made."),
        Quantity(
            key="gain", unit="times", meaning="How much the noise is enlarged in the picture shown."
        ),
    )
    caveats: ClassVar[tuple[Caveat, ...]] = (
        Caveat(
            id="viewing-aid",
            text=(
                "Edges, texture, plain parts, depth of field and the camera's own processing make uneven "
                "views of untouched pictures. These views help the eye to look; they move no verdict, and "
                "neither what stands out nor evenness shows that something was or was not edited."
            ),
        ),
        Caveat(
            id="last-saving",
            text=(
                "After a platform or a messenger saved the picture again, most earlier differences are gone."
            ),
        ),
    )

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the contract's
        """Yields one finding with all views."""
        picture = np.asarray(context.samples.pixels(0))
        if min(picture.shape[:2]) < LEAST:
            raise NotFitting(
                f"The picture is smaller than {LEAST} pixels; nothing can be brought out."
            )
        left, gain = views.noise(picture)
        exhibits: list[Exhibit] = [
            context.exhibit(
                "noise-residual",
                left,
                f"What a median of three by three pixels removes from the brightness, enlarged {gain} times. "
                f"{_AID}",
            )
        ]
        for id_, view, caption in VIEWS:
            context.check_deadline()
            exhibits.append(context.exhibit(id_, view(picture), f"{caption} {_AID}"))
        yield Finding(
            id="views",
            template=(
                "{views} views of the picture were made to help the eye: noise (enlarged {gain} times), "
                "change by saving as JPEG, gradient, levels, bits, colours and spectrum."
            ),
            measurements=(
                Measurement(key="views", value=len(exhibits), unit="count"),
                Measurement(key="gain", value=gain, unit="times"),
            ),
            diagnostic=Diagnostic.NO,
            exhibits=tuple(exhibits),
        )
