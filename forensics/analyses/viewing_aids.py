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
            f"{', '.join(map(str, views.GHOSTS))}, from left to right and down; root mean squares of 16 by "
            "16 pixels, each panel stretched to its own range. To look for: a part with a sharp outline that "
            "is dark in one panel and not in the next ones, as of a part that was saved at that quality "
            "before. It is fooled by plain and soft parts, which are dark in all panels."
        ),
    ),
    (
        "gradient",
        views.gradient,
        (
            "Direction of the change of brightness as colour, its strength (square root) as brightness, at "
            f"{views.SIDE} px on the longer side at most (Sobel's operator, 3 by 3). To look for: a thing "
            "whose edges are lit from another side than its neighbours', or a seam that follows no thing. It "
            "is fooled by several lights, shining surfaces and depth of field."
        ),
    ),
    (
        "level-sweep",
        views.sweep,
        (
            f"The picture's levels in {views.BANDS} bands of equal width from dark to bright, each stretched "
            "to the full range. To look for: faint outlines and patches in the darkest and brightest band "
            "that the eye passes over. It is fooled by blocks of compression, banding in skies and what the "
            "camera clipped."
        ),
    ),
    (
        "bit-planes",
        views.bits,
        (
            "The eight bits of the brightness from the highest to the lowest: the brighter, the more often "
            "the bit is set in that place. To look for: a part of the lowest bits that is evener than what "
            "is about it, or a regular figure. It is fooled by clipped and plain parts, and by strong "
            "compression, which makes all low bits uneven."
        ),
    ),
    (
        "principal-components",
        views.components,
        (
            "The three principal components of the picture's colours, the strongest first, each stretched to "
            "its own range. To look for: in the second and third, a part whose colours belong to another "
            "family than the same material elsewhere. It is fooled by things that simply have another "
            "colour, and by mixed light."
        ),
    ),
    (
        "spectrum",
        views.spectrum,
        (
            "How strong each spatial frequency of the brightness is in the middle of the picture (at most "
            f"{views.SPECTRUM} pixels a side), as a logarithm, frequency 0 in the middle. Points off it are "
            "regular patterns. To look for: single bright points away from both axes, as the raster of a "
            "photographed screen leaves them. It is fooled by cloth, fences, façades and prints, by the grid "
            "of JPEG (points on the axes at eighths) and by enlarging."
        ),
    ),
)


class ViewingAids:
    """See the module's docstring."""

    name: ClassVar[str] = "viewing-aids"
    version: ClassVar[int] = 2
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
                "To look for: a part with stronger or weaker noise than the same kind of surface elsewhere. "
                "It is fooled by texture and edges, by dark parts, and by what lies out of focus. "
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
