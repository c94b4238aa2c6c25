"""Was the picture saved as JPEG before its last saving, how coarsely, and was it resized?

History, not editing: platforms, messengers and news desks save and resize almost every picture. What is found
says what other analyses may expect to find, and how far the file is from a first recording.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from forensics.errors import NotFitting
from forensics.inside.quantisation import Table, estimate
from forensics.model import (
    Asset,
    Capability,
    Caveat,
    Context,
    Diagnostic,
    Finding,
    Measurement,
    MediaKind,
    Pillar,
    Quantity,
)
from forensics.traces import combs, plotted, resampled, twice
from forensics.traces.chance import chance
from forensics.traces.coefficients import PLACES, SIDE, coefficients
from forensics.traces.earlier import Saving, explain, ranges, visible
from forensics.traces.grid import luminance
from forensics.traces.regrid import MOST, ORIGINS, middle, saved_on
from forensics.traces.stored import LOSSLESS, is_lossless_webp, of_jpeg

LEAST: Final = 64
"""Pixels of the shorter side, below which there are too few blocks."""

MOST_BLOCKS: Final = 8_000_000
MOST_RHYTHM: Final = 3_000_000
"""Pixels, in the middle of the picture, that are looked at for steps and for resizing."""

OWN: Final = (0, 0)
"""Where the grid of a JPEG file's last saving begins."""

Light = NDArray[np.float32]


class SavingHistory:
    """See the module's docstring."""

    name: ClassVar[str] = "saving-history"
    version: ClassVar[int] = 1
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset({MediaKind.IMAGE})
    needs: ClassVar[frozenset[Capability]] = frozenset()
    examines: ClassVar[frozenset[Pillar]] = frozenset()
    viewing_aid: ClassVar[bool] = False
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(
            key="quality",
            unit="text",
            meaning="Quality, 1 to 100 as libjpeg counts, of the table that was as coarse as the one used.",
            source="ITU-T T.81 annex K; IJG",
        ),
        Quantity(key="last", unit="text", meaning="Quality of the last saving, in the same way."),
        Quantity(
            key="steps",
            unit="text",
            meaning="Steps of the earlier saving, by frequency (down and across, 0 to 7).",
            source="Lukáš, Fridrich, 2003; Fan, de Queiroz, 2003",
        ),
        Quantity(
            key="origin",
            unit="px",
            meaning="Column and row, 0 to 7, at which the first whole block of the earlier saving begins.",
        ),
        Quantity(
            key="nfa",
            unit="pictures",
            meaning="Such traces that are expected by chance in a picture without one, at most.",
            source="Desolneux, Moisan, Morel, 2000",
        ),
        Quantity(
            key="seen",
            unit="text",
            meaning="Qualities (IJG) at which an earlier saving would have shown in this picture.",
        ),
        Quantity(key="why", unit="text", meaning="What keeps the test from seeing anything."),
        Quantity(
            key="frequency",
            unit="cycles per pixel",
            meaning="The clearest frequency of the rhythm that resizing left, the same along both axes.",
            source="Gallagher, 2005; Kirchner, 2008",
        ),
        Quantity(key="factor", unit="text", meaning="Factors of resizing that fit the rhythm."),
    )
    caveats: ClassVar[tuple[Caveat, ...]] = (
        Caveat(
            id="ordinary",
            text="Platforms, messengers, news desks and cameras save and resize pictures all the time: it"
            " says how the file came about, never whether what it shows is true.",
        ),
        Caveat(
            id="traces-go",
            text="A coarser saving, a saving at the same quality, or any later change of all pixels takes the"
            " traces away. That none was found does not say that there was no earlier saving.",
        ),
    )

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:
        """Yields what is left of an earlier saving, then of resizing, or how much could have been seen."""
        pixels = context.samples.pixels(0)
        if min(pixels.shape[:2]) < LEAST:
            raise NotFitting(f"It needs a picture of at least {LEAST} pixels on the shorter side.")
        table: Table | None = None
        if asset.mime == "image/jpeg":
            read = of_jpeg(context.path, pixels.shape[:2])
            if read is None:
                yield _untestable("it is stored as JPEG in a way that this test does not read")
                return
            light, table = read
            yield from _of_jpeg(context, light, table)
        elif asset.mime in LOSSLESS or (
            asset.mime == "image/webp" and is_lossless_webp(context.path)
        ):
            light = luminance(pixels)
            yield from _of_lossless(context, light)
        else:  # its own blocks would be taken for another saving's
            yield _untestable("it is stored with loss, but not as JPEG")
            return
        context.check_deadline()
        yield _resizing(context, light, lossless=table is None)


def _of_jpeg(context: Context, light: Light, table: Table) -> Iterator[Finding]:
    part, _, _ = middle(light, MOST_BLOCKS)
    values = coefficients(part)
    fits = twice.fits(values, table)
    found = explain(fits.found)
    context.check_deadline()
    last = estimate(table).quality
    if found:
        yield _earlier(context, found, values, table, last)
        return
    moved = saved_on(light, OWN, context.check_deadline)
    if moved:
        yield _shifted(moved[0], moved[1], last)
        return
    seen = visible(fits.expected)
    if not seen:
        yield _untestable(
            f"too little is left at its last quality of about {last}, or it is too small"
        )
        return
    yield Finding(
        id="no-earlier-saving",
        template=(
            "No trace of a saving as JPEG before the last one, at a quality of about {last}, was found. On "
            "the same grid of blocks it would have shown, had it been with libjpeg's tables at a quality of "
            "{seen}, and had nothing been changed in between."
        ),
        measurements=(_text("last", last), _text("seen", ranges(seen))),
        diagnostic=Diagnostic.NO,
    )


def _of_lossless(context: Context, light: Light) -> Iterator[Finding]:
    found = saved_on(light, None, context.check_deadline)
    if found:
        saving, grid = found
        yield Finding(
            id="was-jpeg",
            template=(
                "Before it was stored without loss the picture was saved as JPEG, at a quality of about "
                "{quality}, on a grid of blocks that begins at column and row {origin} (expected by chance: "
                "{nfa}). Its steps are among the measurements."
            ),
            measurements=(
                _text("quality", saving.quality),
                Measurement(key="origin", value="{}, {}".format(*grid), unit="px"),
                *_measured(saving),
            ),
            diagnostic=Diagnostic.NO,
        )
        return
    part, _, _ = middle(light, MOST)
    counts = combs.histograms(coefficients(part))
    seen = visible(combs.fits(counts, combs.NOISES[0]).expected, ORIGINS)
    if not seen:
        yield _untestable("it is too small or too plain")
        return
    yield Finding(
        id="never-jpeg",
        template=(
            "No trace of a saving as JPEG was found in the picture, which is stored without loss. It would "
            "have shown, had it been with libjpeg's tables at a quality of {seen}, and had nothing been "
            "changed since."
        ),
        measurements=(_text("seen", ranges(seen)),),
        diagnostic=Diagnostic.NO,
    )


def _earlier(
    context: Context, saving: Saving, values: NDArray[np.float32], table: Table, last: int
) -> Finding:
    number = _clearest(saving, table)
    place = PLACES[number]
    bins = np.round(values[:, number] / table[place]).astype(np.int64)
    shown = context.exhibit(
        "bins",
        plotted.bars(
            twice.counts(bins)[1 : plotted.BARS + 1],
            f"quantised coefficient, frequency {place // SIDE} down, {place % SIDE} across",
            "blocks",
        ),
        f"How often each size of a coefficient occurs, zero left out; last step {table[place]}, earlier step "
        f"{saving.steps[number]}. After one saving the bars fall evenly.",
    )
    return Finding(
        id="earlier-saving",
        template=(
            "Before its last saving, at a quality of about {last}, the picture was saved as JPEG on the same "
            "grid of blocks, at a quality of about {quality} (expected by chance: {nfa}). Its steps are "
            "among the measurements."
        ),
        measurements=(_text("last", last), _text("quality", saving.quality), *_measured(saving)),
        diagnostic=Diagnostic.NO,
        exhibits=(shown,),
    )


def _clearest(saving: Saving, table: Table) -> int:
    """The lowest frequency whose step is another than the last one; the lowest of all if none is."""
    told = [number for number, step in enumerate(saving.steps) if step] or [0]
    return next((n for n in told if saving.steps[n] % table[PLACES[n]]), told[0])


def _shifted(saving: Saving, grid: tuple[int, int], last: int) -> Finding:
    return Finding(
        id="shifted-saving",
        template=(
            "Before its last saving, at a quality of about {last}, the picture was saved as JPEG at a "
            "quality of about {quality}, on a grid of blocks that begins at column and row {origin}: it was "
            "cut, moved or framed in between (expected by chance: {nfa}). Its steps are among the "
            "measurements."
        ),
        measurements=(
            _text("last", last),
            _text("quality", saving.quality),
            Measurement(key="origin", value="{}, {}".format(*grid), unit="px"),
            *_measured(saving),
        ),
        diagnostic=Diagnostic.NO,
    )


def _resizing(context: Context, light: Light, *, lossless: bool) -> Finding:
    part, _, _ = middle(light, MOST_RHYTHM)
    if min(part.shape) < resampled.STRIP * resampled.FEWEST:
        return Finding(
            id="resizing-not-testable",
            template="Whether the picture was resized is not testable: it is too small.",
            diagnostic=Diagnostic.NO,
        )
    found = resampled.rhythm(part)
    if not found:
        return Finding(
            id="no-resizing-trace",
            template=(
                "No rhythm was found as resizing leaves it. Making a picture smaller, doubling it, or saving "
                "it as JPEG afterwards often leaves none."
            ),
            diagnostic=Diagnostic.NO,
        )
    shown = context.exhibit(
        "rhythm",
        plotted.lines(
            (found.across, found.down),
            f"cycles per pixel, 0 to 0.5; told: {found.frequency:.3f}",
            "agreement of strips",
            2 * found.frequency,
        ),
        "How far strips of the picture agree on a phase of the second derivative, for each frequency: "
        "above along the rows, below along the columns. Left out: multiples of 1/8, below "
        f"{resampled.LOWEST}, above {resampled.HIGHEST}.",
    )
    factors = found.factors if lossless else ()
    return Finding(
        id="resized",
        template=(
            "The pixels of the whole picture repeat a rhythm of {frequency} cycles per pixel along both "
            "axes, as resizing leaves it, in the camera or later (expected by chance: {nfa})."
            + (" Factors that fit: {factor}." if factors else " By what factor cannot be told.")
        ),
        measurements=(
            Measurement(key="frequency", value=f"{found.frequency:.3f}", unit="cycles per pixel"),
            Measurement(key="nfa", value=chance(found.log_nfa), unit="pictures"),
            *(_text("factor", f"{factor:.2f}") for factor in factors),
        ),
        diagnostic=Diagnostic.NO,
        exhibits=(shown,),
    )


def _untestable(why: str) -> Finding:
    return Finding(
        id="saving-not-testable",
        template="Whether the picture was saved as JPEG before is not testable: {why}.",
        measurements=(_text("why", why),),
        diagnostic=Diagnostic.NO,
    )


def _text(key: str, value: int | str) -> Measurement:
    return Measurement(key=key, value=str(value), unit="text")


def _measured(saving: Saving) -> Iterator[Measurement]:
    yield Measurement(key="nfa", value=chance(saving.log_nfa), unit="pictures")
    for place, step in zip(PLACES, saving.steps, strict=True):
        if step:
            yield _text("steps", f"({place // SIDE}, {place % SIDE}) {step}")
