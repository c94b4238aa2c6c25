"""Does part of a picture lie on another JPEG grid than the rest? And was the picture cut after a saving?

JPEG codes blocks of 8 × 8 pixels, and what quantisation took from them can be seen in the pixels
(`forensics.traces.grid`). A part from elsewhere seldom keeps the grid of the picture that it is put into: 63
times in 64 it lies off it. What is found says how the pixels were handled, not what they show.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from forensics.calibrated import Row, calibration, strength
from forensics.errors import MediaError, NotFitting
from forensics.inside.quantisation import estimate
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
from forensics.traces.grid import (
    SEEN,
    SIDE,
    ZERO,
    Grid,
    Votes,
    blank,
    confined,
    drifting,
    foreign,
    overall,
    rectangular,
    rounding,
    vote,
)
from forensics.traces.stored import LOSSLESS, is_lossless_webp

LEAST: Final = 64
"""Pixels of the shorter side, below which there are too few blocks."""

MOST_REGIONS: Final = 12
OTHER: Final = "other coding"
SEES: Final = 10
"""Planted parts of a class of which at least one in so many was found: the test can see something there."""

STIRRED: Final = 90
"""Last quality from which on zeros of earlier savings are sought that it only stirred."""

PAGE: Final = 0.1
"""Share of one colour outside the parts, from which on the picture is a page with pictures on it."""

LARGE: Final = 250_000
"""Pixels from which on a picture counts as large."""

DESCRIBED: Final = (
    " of the picture lie on another grid of 8 × 8 blocks than the rest: {parts}. Their places: {box}; their "
    "grids begin at column and row {origin}; expected by chance: {nfa}. "
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
        Quantity(key="box", unit="px", meaning="Place of a part: x, y, width × height."),
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
                "Saving as JPEG again, below a quality of about 98, or resizing takes earlier grids away; a "
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
        quality, saved, zero = _coding(asset, context)
        size = size_class(width, height)
        if quality == OTHER:  # its own blocks would be taken for JPEG's
            yield _nothing(quality, size, saved)
            return
        found = vote(pixels, context.check_deadline)
        main = overall(found)
        # A picture that lies on its side, or is mirrored, has the rest of its last block first.
        edge = {(x, y) for x in (0, width % SIDE) for y in (0, height % SIDE)}
        jpeg = asset.mime == "image/jpeg"
        own = edge if jpeg else set()
        local, spread = foreign(found, main, own, context.check_deadline)
        if zero > ZERO and main and not local and not spread:
            found = vote(pixels, context.check_deadline, zero=zero)
            local, spread = foreign(found, main, own, context.check_deadline)
        part = confined(found, main) if main and not jpeg else ()
        if main and not part:
            yield _main(main, at_edge=(main.x, main.y) in edge, jpeg=jpeg)
        if spread:
            yield _spread(spread)
        if part or (local and not main):
            yield _part(part or local)
        drift = drifting(found, main, local) if main and not part else ()
        if drift:
            yield _drift(context, pixels, drift, zero)
            local = tuple(grid for grid in local if grid not in drift)
        if local and main and not part:
            layout = _is_layout(found, pixels, local)
            yield _foreign(context, pixels, local, (quality, size, zero), layout=layout)
        elif not drift:
            yield _nothing(quality if main and not part else "no grid", size, saved)


def size_class(width: int, height: int) -> str:
    """Returns the class of size that calibration tells apart."""
    return "0.25 MP and more" if width * height >= LARGE else "below 0.25 MP"


def quality_class(quality: int) -> str:
    """Returns the class of a JPEG quality (1 to 100) that calibration tells apart."""
    edges = ((98, "q98-100"), (95, "q95-97"), (90, "q90-94"))
    return next((name for least, name in edges if quality >= least), "below q90")


def _coding(asset: Asset, context: Context) -> tuple[str, str, float]:
    """The class of the last coding, a phrase for it, and what counts as zero after it."""
    if asset.mime in LOSSLESS or (asset.mime == "image/webp" and is_lossless_webp(context.path)):
        return "lossless", "stored without loss", ZERO
    if asset.mime != "image/jpeg":
        return OTHER, "stored with loss, but not as JPEG", ZERO
    try:
        with Image.open(context.path, formats=("JPEG",)) as picture:
            tables = getattr(picture, "quantization", {})
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise MediaError(
            f"The quantisation tables cannot be read: {type(error).__name__}."
        ) from error
    if 0 not in tables or len(tables[0]) != SIDE * SIDE or min(tables[0]) < 1:
        return OTHER, "stored as JPEG with tables that cannot be read", ZERO
    quality = estimate(tuple(tables[0])).quality
    said = f"last saved as JPEG at a quality of about {quality}"
    stirred = rounding(tables[0]) if quality >= STIRRED else 0.0
    return quality_class(quality), said, max(ZERO, stirred)


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
    value = "{}, {}, {} × {}".format(*grid.box)
    return Measurement(key="box", value=value, unit="px", where=Where(region=grid.box))


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


def _drift(
    context: Context, pixels: NDArray[np.uint8], grids: Sequence[Grid], zero: float
) -> Finding:
    shown = grids[:MOST_REGIONS]
    return Finding(
        id="drifting-grid",
        template=(
            "Parts of the picture lie on a grid of 8 × 8 blocks that begins a pixel beside that of the rest, "
            "or of another part: {parts}. Their places: {box}; their grids begin at column and row {origin}; "
            "expected by chance: {nfa}. A picture that is straightened, freed of its lens's distortion or "
            "resized by a few pixels carries its grid along so. Whether a part was put in instead is open."
        ),
        measurements=_listed(grids),
        exhibits=(_drawn(context, pixels, shown, zero),),
        diagnostic=Diagnostic.NO,
    )


def _listed(grids: Sequence[Grid]) -> tuple[Measurement, ...]:
    shown = grids[:MOST_REGIONS]
    return (
        Measurement(key="parts", value=len(grids), unit="count"),
        *(_box(grid) for grid in shown),
        *(Measurement(key="origin", value=f"({grid.x}, {grid.y})", unit="px") for grid in shown),
        *(Measurement(key="nfa", value=chance(grid.log_nfa), unit="grids") for grid in shown),
    )


def _is_layout(found: Votes, pixels: NDArray[np.uint8], grids: Sequence[Grid]) -> bool:
    """Whether the parts are whole pictures on a page, in a collage or on a screen, as far as can be seen."""
    if not all(rectangular(found, grid) for grid in grids):
        return False
    return len({(grid.x, grid.y) for grid in grids}) > 1 or blank(pixels, grids) >= PAGE


def _foreign(
    context: Context,
    pixels: NDArray[np.uint8],
    grids: Sequence[Grid],
    saved: tuple[str, str, float],
    *,
    layout: bool,
) -> Finding:
    """The finding; `saved`: class of quality, class of size, and what counted as zero."""
    quality, size, zero = saved
    shown = grids[:MOST_REGIONS]
    measurements = _listed(grids)
    exhibits = (_drawn(context, pixels, shown, zero),)
    if layout:
        return Finding(
            id="pictures-within",
            template=(
                f"Rectangular parts{DESCRIBED}As there are several such grids, or much of the rest has "
                "one colour, it may be a screen, a page or a collage, on which pictures lie that were saved "
                "before."
            ),
            measurements=measurements,
            diagnostic=Diagnostic.NO,
            exhibits=exhibits,
        )
    return Finding(
        id="foreign-grid",
        template=(
            f"Parts{DESCRIBED}Pixels there were saved as JPEG in another picture or at another place, and "
            "put in later."
        ),
        measurements=measurements,
        question=PIXELS_CHANGED,
        direction=Direction.SUPPORTS_H1,
        diagnostic=Diagnostic.YES,
        strength=strength(JpegGrid.name, JpegGrid.version, "foreign-grid", quality, size),
        exhibits=exhibits,
    )


def _drawn(
    context: Context, pixels: NDArray[np.uint8], grids: Sequence[Grid], zero: float
) -> Exhibit:
    """The picture paled, with the parts in their own colours and framed."""
    paled = (pixels // 3 + 170).astype(np.uint8)
    thick = max(2, max(pixels.shape) // 400)
    for grid in grids:
        x, y, wide, high = grid.box
        paled[y : y + high, x : x + wide] = pixels[y : y + high, x : x + wide]
        cv2.rectangle(paled, (x, y), (x + wide - 1, y + high - 1), (200, 30, 30), thick)
    return context.exhibit(
        "foreign-grid",
        paled,
        "The picture, paled; framed are the parts on another grid of 8 × 8 blocks than the rest. Votes by "
        f"zeros of the cosine transform (below {zero:.1f}), expected by chance at most 10^{SEEN:.0f} in a "
        "picture.",
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
