"""Does the thumbnail or preview within a file show what its picture shows? A viewing aid.

E. Kee and H. Farid, "Digital Image Authentication from Thumbnails" (2010): programs that change a picture
do not always make its thumbnail anew. What cameras do by themselves (bars, cropping, sharpening) differs as
well, and no threshold parts the two, so both are shown side by side and no verdict is moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.errors import MediaError
from forensics.inside.embedded import cut_out, embedded
from forensics.inside.laying import Laid, difference, lay
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
    Part,
    Pillar,
    Quantity,
    Where,
)

PANEL = 480
"""Pixels: height of the pictures that are shown side by side; each is at most twice as wide."""
MOST_GAIN = 8
GAP = 8


class EmbeddedPicture:
    """See the module's docstring."""

    name: ClassVar[str] = "embedded-picture"
    version: ClassVar[int] = 1
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset({MediaKind.IMAGE})
    needs: ClassVar[frozenset[Capability]] = frozenset()
    examines: ClassVar[frozenset[Pillar]] = frozenset()
    viewing_aid: ClassVar[bool] = True
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(key="kind", unit="text", meaning="What the format calls the embedded picture."),
        Quantity(key="holder", unit="text", meaning="The block of the file that it lies in."),
        Quantity(key="width", unit="px", meaning="Width of the embedded picture as stored."),
        Quantity(key="height", unit="px", meaning="Height of the embedded picture as stored."),
        Quantity(
            key="laid",
            unit="text",
            meaning="What was done to the embedded picture to lay it over the picture.",
        ),
        Quantity(
            key="correlation",
            unit="correlation",
            meaning="Pearson's correlation of the brightness of both, -1 to 1, at their common scale.",
            source="Pearson, 1895",
        ),
        Quantity(
            key="most-apart",
            unit="grey levels",
            meaning="Mean difference where both differ most, in a square of a twelfth of the shorter side.",
        ),
        Quantity(key="trouble", unit="text", meaning="Why it could not be compared."),
    )
    caveats: ClassVar[tuple[Caveat, ...]] = (
        Caveat(
            id="viewing-aid",
            text=(
                "Cameras and programs sharpen, crop and brighten thumbnails by themselves. Compare with your "
                "own eyes what is in one and not in the other; the numbers move no verdict."
            ),
        ),
        Caveat(
            id="made-anew",
            text=(
                "Most editing programs make the thumbnail anew: one that shows the same does not speak for "
                "the picture, and whoever edits a file can replace it."
            ),
        ),
    )

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the contract's
        """Yields a finding for each embedded picture, with both side by side."""
        found = tuple(embedded(context.carried))
        if not found:
            yield Finding(
                id="none-embedded",
                template="The file carries no thumbnail or preview beside its picture.",
                diagnostic=Diagnostic.NO,
            )
            return
        picture = context.samples.pixels(0)
        shown: set[bytes] = set()
        for number, (holder, part) in enumerate(found, start=1):
            context.check_deadline()
            try:
                other = cut_out(context.path, part)
            except MediaError as error:
                yield _unread(holder, part, error)
                continue
            pixels = other.tobytes()
            if pixels not in shown:  # EXIF and Photoshop often keep the same one
                shown.add(pixels)
                yield _compared(context, picture, other, holder, part, number)


def _unread(holder: str, part: Part, error: Exception) -> Finding:
    return Finding(
        id="embedded-unread",
        template="In {holder} lies an embedded picture ({kind}) that is not compared: {trouble}",
        measurements=(
            *_named(holder, part),
            Measurement(key="trouble", value=str(error), unit="text"),
        ),
        diagnostic=Diagnostic.NO,
    )


def _named(holder: str, part: Part) -> tuple[Measurement, ...]:
    where = Where(offset=part.at, field=f"{holder} {part.name}")
    return (
        Measurement(key="holder", value=holder, unit="text"),
        Measurement(key="kind", value=part.name, unit="text", where=where),
    )


def _compared(
    context: Context,
    picture: NDArray[np.uint8],
    other: NDArray[np.uint8],
    holder: str,
    part: Part,
    number: int,
) -> Finding:
    laid = lay(picture, other)
    apart, box, most = difference(laid)
    return Finding(
        id="embedded-picture",
        template=(
            "In {holder} lies an embedded picture ({kind}, {width} × {height} px). Laid over the picture "
            "({laid}), the two correlate by {correlation}; where they differ most, their mean difference "
            "in grey levels is {most-apart}."
        ),
        measurements=(
            *_named(holder, part),
            Measurement(key="width", value=other.shape[1], unit="px"),
            Measurement(key="height", value=other.shape[0], unit="px"),
            Measurement(key="laid", value=laid.words, unit="text"),
            Measurement(key="correlation", value=f"{laid.correlation:.2f}", unit="correlation"),
            Measurement(
                key="most-apart",
                value=f"{most:.0f}",
                unit="grey levels",
                where=Where(region=_region(picture, laid, box)),
            ),
        ),
        diagnostic=Diagnostic.NO,
        exhibits=(_side_by_side(context, picture, other, laid, apart, number),),
    )


def _region(
    picture: NDArray[np.uint8], laid: Laid, box: tuple[float, float, float, float]
) -> tuple[int, int, int, int]:
    """The square of the largest difference in pixels of the picture."""
    height, width = picture.shape[:2]
    left, top = max(0.0, laid.box[0]), max(0.0, laid.box[1])
    across = min(1.0, laid.box[0] + laid.box[2]) - left
    down = min(1.0, laid.box[1] + laid.box[3]) - top
    x = min(width - 1, round(width * (left + across * box[0])))
    y = min(height - 1, round(height * (top + down * box[1])))
    wide = min(width - x, max(1, round(width * across * box[2])))
    return x, y, wide, min(height - y, max(1, round(height * down * box[3])))


def _side_by_side(
    context: Context,
    picture: NDArray[np.uint8],
    other: NDArray[np.uint8],
    laid: Laid,
    apart: NDArray[np.float32],
    number: int,
) -> Exhibit:
    """The picture, the embedded one as it is stored, and where they differ."""
    turned = np.rot90(other[:, ::-1] if laid.mirrored else other, -laid.quarters)
    gain = max(1, min(MOST_GAIN, round(255 / max(1.0, float(np.percentile(apart, 99.5))))))
    shown = np.clip(apart * gain, 0, 255).astype(np.uint8)
    panels = [_panel(picture), _panel(turned), _panel(np.dstack([shown] * 3))]
    gap = np.full((PANEL, GAP, 3), 255, np.uint8)
    together = np.hstack([panels[0], gap, panels[1], gap, panels[2]])
    upright = " and turned as the picture is" if laid.quarters or laid.mirrored else ""
    return context.exhibit(
        f"beside-{number}",
        together,
        f"Left: the picture. Middle: the embedded picture, enlarged{upright}. Right: where they overlap, "
        f"their difference, enlarged {gain} times. A viewing aid.",
    )


def _panel(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Brought to the height of a panel, or to twice that width where it is very wide."""
    height, width = pixels.shape[:2]
    scale = min(PANEL / height, 2 * PANEL / width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    made = np.full((PANEL, size[0], 3), 255, np.uint8)
    top = (PANEL - size[1]) // 2
    made[top : top + size[1]] = cv2.resize(np.ascontiguousarray(pixels), size, interpolation=way)
    return made
