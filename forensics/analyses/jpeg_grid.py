"""Does part of a picture lie on another JPEG grid than the rest? And was the picture cut after a saving?

JPEG codes blocks of 8 × 8 pixels, and what quantisation took from them can be seen in the pixels
(`forensics.traces.grid`). A part from elsewhere seldom keeps the grid of the picture that it is put into: 63
times in 64 it lies off it. What is found says how the pixels were handled, not what they show.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.calibrated import Row, calibration, strength
from forensics.errors import MediaError, NotFitting
from forensics.model import (
    Asset,
    Capability,
    Caveat,
    Context,
    Diagnostic,
    Direction,
    Exhibit,
    Finding,
    Measurement,
    MediaKind,
    Pillar,
    Quantity,
    Where,
)
from forensics.model.questions import PIXELS_CHANGED
from forensics.traces.chance import chance
from forensics.traces.coefficients import SIDE
from forensics.traces.grid import SEEN, ZERO, Grid, confined, foreign, overall, vote
from forensics.traces.parts import LARGE, laid_out, surrounded
from forensics.traces.placed import listed, written
from forensics.traces.stored import OTHER, UNREADABLE, Coding, coding

LEAST: Final = 64
"""Pixels of the shorter side, below which there are too few blocks."""

MOST_REGIONS: Final = 12
SEES: Final = 10
"""Planted parts of a class of which at least one in so many was found: the test can see something there."""

DESCRIBED: Final = (
    " of the picture lie on another grid of 8 × 8 blocks than the rest: {parts}. Their places: {places}. "
    "Their grids begin at column and row {origin}; each is expected by chance: {nfa}. "
)


class JpegGrid:
    """See the module's docstring."""

    name: ClassVar[str] = "jpeg-grid"
    version: ClassVar[int] = 3
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset({MediaKind.IMAGE})
    needs: ClassVar[frozenset[Capability]] = frozenset()
    examines: ClassVar[frozenset[Pillar]] = frozenset({Pillar.INTEGRITY})
    viewing_aid: ClassVar[bool] = False
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(
            key="origin",
            unit="px",
            meaning="Column and row, 0 to 7, at which the first whole block of the grid begins.",
            source="Nikoukhah et al., IPOL 2021",
        ),
        Quantity(
            key="nfa",
            unit="grids",
            meaning="Such grids that are expected by chance in a picture without one, at most.",
            source="Desolneux, Moisan, Morel, 2000",
        ),
        Quantity(key="box", unit="px", meaning="Place of a part: width × height at x, y."),
        Quantity(key="places", unit="px", meaning="Places of the parts, the clearest first."),
        Quantity(key="parts", unit="count", meaning="Parts with a grid of their own."),
        Quantity(key="saved", unit="text", meaning="How the file is coded, and its last quality."),
        Quantity(
            key="sees",
            unit="text",
            meaning="How many planted parts were found in pictures coded alike, when this was measured.",
        ),
    )
    caveats: ClassVar[tuple[Caveat, ...]] = (
        Caveat(
            id="composites",
            text=(
                "A collage, a logo or a picture within a screenshot has a grid of its own as well: that a "
                "part was put in does not say why."
            ),
        ),
        Caveat(
            id="last-saving",
            text=(
                "Saving as JPEG again, below a quality of about 92, or resizing takes earlier grids away; a "
                "part that was moved by whole blocks keeps the grid. That nothing was found shows nothing."
            ),
        ),
    )

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:
        """Yields the picture's grid, then parts off it, or how much the test could have seen."""
        pixels = context.samples.pixels(0)
        height, width, _ = pixels.shape
        if min(height, width) < LEAST:
            raise NotFitting(f"It needs a picture of at least {LEAST} pixels on the shorter side.")
        last = _coding(asset, context)
        size = size_class(width, height)
        if last.quality == OTHER:  # its own blocks would be taken for JPEG's
            yield _nothing(last.quality, size, last.said)
            return
        found = vote(pixels, context.check_deadline)
        main = overall(found)
        # A picture that lies on its side, or is mirrored, has the rest of its last block first.
        edge = {(x, y) for x in (0, width % SIDE) for y in (0, height % SIDE)}
        jpeg = asset.mime == "image/jpeg"
        own = edge if jpeg else set()
        local, spread = foreign(found, main, own, context.check_deadline)
        if last.zero > ZERO and main and not local and not spread:
            found = vote(pixels, context.check_deadline, zero=last.zero)
            local, spread = foreign(found, main, own, context.check_deadline)
        else:
            last = replace(last, zero=ZERO)
        part = confined(found, main) if main and not jpeg else ()
        if main and not part:
            yield _main(main, at_edge=(main.x, main.y) in edge, jpeg=jpeg)
        if spread:
            yield _spread(spread)
        if part or (local and not main):
            yield _part(part or local)
        if not local or not main or part:
            yield _nothing(last.quality if main and not part else "no grid", size, last.said)
            return
        if laid_out(found, pixels, local):
            yield _within(context, pixels, local, last)
            return
        put_in = surrounded(found, main, local, saved=jpeg)
        if put_in:
            yield _foreign(context, pixels, put_in, last)
        if others := tuple(grid for grid in local if grid not in put_in):
            yield _adjoining(context, pixels, others, last)


def _coding(asset: Asset, context: Context) -> Coding:
    try:
        return coding(context.path, asset.mime)
    except UNREADABLE as error:
        raise MediaError(
            f"The quantisation tables cannot be read: {type(error).__name__}."
        ) from error


def size_class(width: int, height: int) -> str:
    """Returns the class of size that calibration tells apart."""
    return "0.25 MP and more" if width * height >= LARGE else "below 0.25 MP"


def _measured(grid: Grid) -> tuple[Measurement, Measurement]:
    return (
        Measurement(
            key="origin",
            value=f"{grid.x}, {grid.y}",
            unit="px",
            where=Where(region=grid.box),
        ),
        Measurement(key="nfa", value=chance(grid.log_nfa), unit="grids"),
    )


def _main(grid: Grid, *, at_edge: bool, jpeg: bool) -> Finding:
    if at_edge and (jpeg or grid.x == grid.y == 0):
        return Finding(
            id="grid",
            template=(
                "The picture as a whole lies on a grid of 8 × 8 blocks, as JPEG leaves it, that begins at "
                "its edge (column and row: {origin}; expected by chance: {nfa})."
                + (
                    ""
                    if jpeg
                    else " It was saved as JPEG, or was a picture of a video coded in such blocks, before it "
                    "got its present form."
                )
            ),
            measurements=_measured(grid),
            diagnostic=Diagnostic.NO,
        )
    if at_edge:
        return Finding(
            id="turned-grid",
            template=(
                "The picture as a whole lies on a grid of 8 × 8 blocks, as JPEG leaves it, that ends at its "
                "right or lower edge and begins at column and row {origin} (expected by chance: {nfa}). "
                "After it was saved as JPEG it was turned, mirrored, or cut at the other edges, and saved "
                "again."
            ),
            measurements=_measured(grid),
        )
    return Finding(
        id="shifted-grid",
        template=(
            "The picture as a whole lies on a grid of 8 × 8 blocks, as JPEG leaves it, that does not begin "
            "at its edge but at column and row {origin} (expected by chance: {nfa}). After it was saved as "
            "JPEG it was cut, moved or framed, and saved again."
        ),
        measurements=_measured(grid),
    )


def _part(grids: Sequence[Grid]) -> Finding:
    return Finding(
        id="part-grid",
        template=(
            "A part of the picture ({box}) lies on a grid of 8 × 8 blocks, as JPEG leaves it, and the rest "
            "shows none (column and row {origin}; expected by chance: {nfa}). It was put in, or the rest has "
            "too much texture to show the grid that it has: which of both is open."
        ),
        measurements=(_box(grids[0]), *_measured(grids[0])),
    )


def _box(grid: Grid) -> Measurement:
    return Measurement(key="box", value=written(grid.box), unit="px", where=Where(region=grid.box))


def _spread(grids: Sequence[Grid]) -> Finding:
    return Finding(
        id="earlier-grid",
        template=(
            "Traces of a second grid of 8 × 8 blocks, which begins at column and row {origin} (expected by "
            "chance: {nfa}), are not confined to one part: as of a picture that was saved as JPEG, cut or "
            "moved, and saved again."
        ),
        measurements=_measured(grids[0]),
    )


def _adjoining(
    context: Context, pixels: NDArray[np.uint8], grids: Sequence[Grid], last: Coding
) -> Finding:
    return Finding(
        id="adjoining-grid",
        template=(
            f"Parts{DESCRIBED}The grid of the rest is not seen around them, or theirs begins a pixel "
            "beside it, or there are several. A picture that was straightened, freed of its lens's "
            "distortion, resized by a few pixels, joined of several, or filled up at its edges has such "
            "parts as well: whether one was put in is open."
        ),
        measurements=_listed(grids),
        exhibits=(_drawn(context, pixels, grids, last, "adjoining-grid"),),
        diagnostic=Diagnostic.NO,
    )


def _within(
    context: Context, pixels: NDArray[np.uint8], grids: Sequence[Grid], last: Coding
) -> Finding:
    return Finding(
        id="pictures-within",
        template=(
            f"Rectangular parts{DESCRIBED}As there are several such grids, or much of the rest has one "
            "colour, it may be a screen, a page or a collage, on which pictures lie that were saved before."
        ),
        measurements=_listed(grids),
        exhibits=(_drawn(context, pixels, grids, last, "pictures-within"),),
        diagnostic=Diagnostic.NO,
    )


def _foreign(
    context: Context, pixels: NDArray[np.uint8], grids: Sequence[Grid], last: Coding
) -> Finding:
    size = size_class(pixels.shape[1], pixels.shape[0])
    return Finding(
        id="foreign-grid",
        template=(
            f"Parts{DESCRIBED}The grid of the rest is seen around them. The pixels there were saved as JPEG "
            "at another place of the grid than the rest: they come from another picture, or from another "
            "place of this one."
        ),
        measurements=_listed(grids),
        question=PIXELS_CHANGED,
        direction=Direction.SUPPORTS_H1,
        diagnostic=Diagnostic.YES,
        strength=strength(JpegGrid.name, JpegGrid.version, "foreign-grid", last.quality, size),
        exhibits=(_drawn(context, pixels, grids, last, "foreign-grid"),),
    )


def _listed(grids: Sequence[Grid]) -> tuple[Measurement, ...]:
    """The parts; what is expected by chance is that of the least clear one."""
    shown = grids[:MOST_REGIONS]
    places = listed([grid.box for grid in grids], MOST_REGIONS)
    return (
        Measurement(key="parts", value=len(grids), unit="count"),
        Measurement(key="places", value=places, unit="px"),
        *(_box(grid) for grid in shown),
        *(Measurement(key="origin", value=f"({grid.x}, {grid.y})", unit="px") for grid in shown),
        Measurement(key="nfa", value=chance(max(g.log_nfa for g in grids)), unit="grids"),
    )


def _drawn(
    context: Context, pixels: NDArray[np.uint8], grids: Sequence[Grid], last: Coding, name: str
) -> Exhibit:
    """The picture paled, with the parts in their own colours and framed."""
    paled = (pixels // 3 + 170).astype(np.uint8)
    zero = last.zero
    thick = max(2, max(pixels.shape) // 400)
    for grid in grids[:MOST_REGIONS]:
        x, y, wide, high = grid.box
        paled[y : y + high, x : x + wide] = pixels[y : y + high, x : x + wide]
        cv2.rectangle(paled, (x, y), (x + wide - 1, y + high - 1), (200, 30, 30), thick)
    return context.exhibit(
        name,
        paled,
        "The picture, paled; framed are the parts on another grid of 8 × 8 blocks than the rest. Votes by "
        f"zeros of the cosine transform (below {zero:.1f}), expected by chance at most 10^{SEEN:.0f} in "
        "a picture.",
    )


def _nothing(quality: str, size: str, saved: str) -> Finding:
    found = calibration(JpegGrid.name)
    row = found.row("foreign-grid", quality, size) if found else None
    able = row is not None and row.hits * SEES >= row.edited > 0
    return Finding(
        id="no-foreign-grid" if able else "not-testable",
        template=(
            (
                "No part with a grid of its own was found. The picture is {saved}; {sees}. Changes of other "
                "kinds leave no such trace."
            )
            if able
            else (
                "Whether a part lies on another grid is not testable at this quality. The picture is "
                "{saved}; {sees}."
            )
        ),
        measurements=(
            Measurement(key="saved", value=saved, unit="text"),
            Measurement(key="sees", value=_sees(row), unit="text"),
        ),
        diagnostic=Diagnostic.NO,
    )


def _sees(row: Row | None) -> str:
    if row is None or not row.edited:
        return "how much would be found in pictures coded alike was not measured"
    return (
        f"in pictures coded alike, {row.hits} of {row.edited} planted parts were found when this was "
        "measured"
    )
