"""What lies around or over the pictures: bars, borders, and what is burnt into a video.

A logo, the frame of a clock or a line of words that stays is not part of the scene. Where they lie matters
for finding copies and for what other analyses may trust; why they were added it does not tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import cv2
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
    Where,
)
from forensics.traces.overlaid import FEWEST, Box, Burnt, bars, burnt_in
from forensics.traces.placed import in_full

MOST_PICTURES = 24
SIDES = ("left", "above", "right", "below")
_MARK = (255, 196, 0)


class Overlays:
    """See the module's docstring."""

    name: ClassVar[str] = "overlays"
    version: ClassVar[int] = 1
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset({MediaKind.IMAGE, MediaKind.VIDEO})
    needs: ClassVar[frozenset[Capability]] = frozenset()
    examines: ClassVar[frozenset[Pillar]] = frozenset()
    viewing_aid: ClassVar[bool] = False
    quantities: ClassVar[tuple[Quantity, ...]] = (
        *(
            Quantity(
                key=side,
                unit="px",
                meaning=f"Breadth of an even dark or bright bar at this edge of the picture: {side}.",
            )
            for side in SIDES
        ),
        Quantity(
            key="burnt-in",
            unit="px",
            meaning="Box around something burnt in: x, y, width and height, in the pictures as examined.",
        ),
        Quantity(key="boxes", unit="count", meaning="How many such boxes there are."),
        Quantity(key="pictures", unit="count", meaning="Pictures of the video that were compared."),
        Quantity(key="width", unit="px", meaning="Width of the pictures as examined."),
        Quantity(key="height", unit="px", meaning="Height of the pictures as examined."),
    )
    caveats: ClassVar[tuple[Caveat, ...]] = (
        Caveat(
            id="who-put-it-there",
            text=(
                "Cameras, programs, broadcasters and platforms put bars, logos and clocks into pictures. "
                "Where they lie does not tell who did, or why."
            ),
        ),
        Caveat(
            id="what-stays",
            text=(
                "Only what keeps its place through most of the video is found: not subtitles that come and "
                "go, nothing transparent and weak, and nothing where the scene itself stands still."
            ),
        ),
    )

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:
        """Yields a finding for bars, and for a video one for what is burnt in."""
        if not len(context.samples):
            raise NotFitting("There is no picture to look at.")
        film = asset.kind is MediaKind.VIDEO
        pictures = _pictures(context, MOST_PICTURES if film else 1)
        context.check_deadline()
        breadths = bars(pictures)
        if any(breadths):
            yield _barred(breadths, pictures.shape)
        if film:
            context.check_deadline()
            burnt = burnt_in(pictures)
            if burnt.boxes:
                yield _burnt(asset, context, burnt, pictures)
            elif not burnt.testable:
                yield Finding(
                    id="burnt-in-not-testable",
                    template=(
                        "Whether anything is burnt in could not be told: too few pictures ({pictures} were "
                        f"compared, at least {FEWEST} are needed), or too little changes between them."
                    ),
                    measurements=(Measurement(key="pictures", value=len(pictures), unit="count"),),
                    diagnostic=Diagnostic.NO,
                )


def _pictures(context: Context, most: int) -> NDArray[np.uint8]:
    """Returns pictures of the size of the first, in grey, evenly spread."""
    count = len(context.samples)
    first = context.samples[0]
    chosen = sorted({k * count // most for k in range(most)})
    alike = [
        k
        for k in chosen
        if (context.samples[k].width, context.samples[k].height) == (first.width, first.height)
    ]
    grey = [cv2.cvtColor(context.samples.pixels(k), cv2.COLOR_RGB2GRAY) for k in alike]
    return np.stack([np.asarray(one, np.uint8) for one in grey])


def _size(shape: tuple[int, ...]) -> tuple[Measurement, Measurement]:
    return (
        Measurement(key="width", value=shape[2], unit="px"),
        Measurement(key="height", value=shape[1], unit="px"),
    )


def _barred(breadths: tuple[int, ...], shape: tuple[int, ...]) -> Finding:
    return Finding(
        id="bars",
        template=(
            "Even dark or bright bars lie around the picture: left {left}, above {above}, right {right}, "
            "below {below} pixels of {width} × {height} as examined."
        ),
        measurements=(
            *(
                Measurement(key=side, value=breadth, unit="px")
                for side, breadth in zip(SIDES, breadths, strict=True)
            ),
            *_size(shape),
        ),
        diagnostic=Diagnostic.NO,
    )


def _burnt(asset: Asset, context: Context, burnt: Burnt, pictures: NDArray[np.uint8]) -> Finding:
    first, last = context.samples[0].time, context.samples[len(context.samples) - 1].time
    return Finding(
        id="burnt-in",
        template=(
            "Something is burnt into the video: it keeps its place while the scene about it changes "
            "(number of boxes: {boxes}; {burnt-in}; pixels as examined: {width} × {height}; pictures "
            "compared: {pictures})."
        ),
        measurements=(
            Measurement(key="boxes", value=len(burnt.boxes), unit="count"),
            *(
                Measurement(
                    key="burnt-in",
                    value=_told(box),
                    unit="px",
                    where=Where(
                        region=in_full(box, asset, context.samples[0]), start=first, end=last
                    ),
                )
                for box in burnt.boxes
            ),
            Measurement(key="pictures", value=len(pictures), unit="count"),
            *_size(pictures.shape),
        ),
        diagnostic=Diagnostic.NO,
        exhibits=(_drawn(context, burnt),),
    )


def _told(box: Box) -> str:
    return "{}×{} px at {}, {}".format(*box[2:], *box[:2])


def _drawn(context: Context, burnt: Burnt) -> Exhibit:
    canvas = np.asarray(context.samples.pixels(len(context.samples) // 2)).copy()
    if canvas.shape[:2] == burnt.lasting.shape:
        canvas[burnt.lasting] = _MARK
    for left, top, width, height in burnt.boxes:
        cv2.rectangle(canvas, (left - 2, top - 2), (left + width + 1, top + height + 1), _MARK, 1)
    return context.exhibit(
        "burnt-in",
        canvas,
        "The picture in the middle of the video with the edges that last in nine of ten pictures, and boxes "
        "around what they belong to where the scene about it changes.",
    )
