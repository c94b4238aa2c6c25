"""What lies around or over the pictures: bars, borders, and what is burnt into a video.

A logo, a clock, subtitles and the space beside a vertical video are not part of the scene. Where they lie
matters for finding copies and for what other analyses may trust; why they were added it does not tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

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
    Sample,
    Where,
)
from forensics.traces.borders import Border, border
from forensics.traces.clocks import Clock, clocks
from forensics.traces.marked import BLUE, YELLOW, beneath, beside, framed
from forensics.traces.overlaid import FEWEST, Burnt, bars, burnt_in
from forensics.traces.paced import Timed, grey_of, paced
from forensics.traces.placed import in_full, scaled, touch, written
from forensics.traces.texts import Line, lines

MOST_PICTURES: Final = 24
MOST_BORDERED: Final = 6
MOST_LINES: Final = 300
"""Pictures in which lines that come and go are looked for; of longer videos, the first ones."""
TOLD: Final = 12
"""Lines of text that are told one by one."""
SIDES: Final = ("left", "above", "right", "below")


class Overlays:
    """See the module's docstring."""

    name: ClassVar[str] = "overlays"
    version: ClassVar[int] = 2
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset({MediaKind.IMAGE, MediaKind.VIDEO})
    needs: ClassVar[frozenset[Capability]] = frozenset()
    examines: ClassVar[frozenset[Pillar]] = frozenset()
    viewing_aid: ClassVar[bool] = False
    quantities: ClassVar[tuple[Quantity, ...]] = (
        *(
            Quantity(
                key=side,
                unit="px",
                meaning=f"Breadth of what lies at this edge of the picture and is not part of it: {side}.",
            )
            for side in SIDES
        ),
        Quantity(
            key="alike",
            unit="correlation",
            meaning="Correlation of a border with the enlarged, blurred picture, -1 to 1.",
        ),
        Quantity(
            key="burnt-in",
            unit="px",
            meaning="Box around something burnt in: x, y, width and height, in the pictures as examined.",
        ),
        Quantity(key="boxes", unit="count", meaning="How many such boxes there are."),
        Quantity(key="clock", unit="px", meaning="Box around digits that change, as examined."),
        Quantity(key="beat", unit="s", meaning="Time between two changes, on average."),
        Quantity(key="changes", unit="count", meaning="Changes that were seen."),
        Quantity(
            key="line",
            unit="px",
            meaning="Box around a line of letters that comes and goes, as examined, with its time.",
        ),
        Quantity(key="lines", unit="count", meaning="How many such lines there are."),
        Quantity(key="pictures", unit="count", meaning="Pictures of the video that were compared."),
        Quantity(key="width", unit="px", meaning="Width of the pictures as examined."),
        Quantity(key="height", unit="px", meaning="Height of the pictures as examined."),
    )
    caveats: ClassVar[tuple[Caveat, ...]] = (
        Caveat(
            id="who-put-it-there",
            text=(
                "Cameras, programs, broadcasters and platforms put bars, logos, clocks and words into "
                "pictures. Where they lie does not tell who did, or why."
            ),
        ),
        Caveat(
            id="what-stays",
            text=(
                "Not all is found: nothing transparent and weak, no logo where the scene itself stands "
                "still, no line of text that is shown for less than about two seconds, and in single "
                "pictures no text. What is told apart by how it changes need not be what it looks like."
            ),
        ),
    )

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:
        """Yields what lies around the pictures, then for a video what is burnt in."""
        if not len(context.samples):
            raise NotFitting("There is no picture to look at.")
        film = asset.kind is MediaKind.VIDEO
        pictures = _pictures(context, MOST_PICTURES if film else 1)
        context.check_deadline()
        breadths = bars(pictures)
        if any(breadths):
            yield _barred(breadths, pictures.shape)
        around = border([context.samples.pixels(k) for k in _chosen(context, MOST_BORDERED)])
        context.check_deadline()
        if around is not None:
            yield _bordered(context, around, pictures.shape)
        if film:
            yield from _filmed(asset, context, pictures, around)


def _filmed(
    asset: Asset, context: Context, pictures: NDArray[np.uint8], around: Border | None
) -> Iterator[Finding]:
    taken = paced(asset, context)
    context.check_deadline()
    clock = clocks(np.stack([grey for _, grey in taken])) if taken else ()
    if clock:
        yield _clocked(asset, context, clock, taken)
    context.check_deadline()
    beside = (around.left, around.above, around.right, around.below) if around else (0, 0, 0, 0)
    burnt = burnt_in(pictures, beside)
    if burnt.boxes:
        yield _burnt(asset, context, burnt, pictures)
    elif not burnt.testable:
        yield Finding(
            id="burnt-in-not-testable",
            template=(
                "Whether anything stays burnt in could not be told: too few pictures ({pictures} were "
                f"compared, at least {FEWEST} are needed), or too little changes between them."
            ),
            measurements=(Measurement(key="pictures", value=len(pictures), unit="count"),),
            diagnostic=Diagnostic.NO,
        )
    count = min(MOST_LINES, len(context.samples))
    grey = np.stack([grey_of(context.samples.pixels(k)) for k in range(count)])
    stays = [*burnt.boxes, *(scaled(one.box, taken[0][1], grey[0]) for one in clock)]
    found = [
        line
        for line in lines(grey, context.check_deadline)
        if not any(touch(line.box, box) for box in stays)
    ]
    if found:
        yield _lined(asset, context, found)


def _chosen(context: Context, most: int) -> list[int]:
    """Pictures of the size of the first, evenly spread."""
    count = len(context.samples)
    first = context.samples[0]
    return [
        k
        for k in sorted({k * count // most for k in range(most)})
        if (context.samples[k].width, context.samples[k].height) == (first.width, first.height)
    ]


def _pictures(context: Context, most: int) -> NDArray[np.uint8]:
    return np.stack([grey_of(context.samples.pixels(k)) for k in _chosen(context, most)])


def _size(shape: tuple[int, ...]) -> tuple[Measurement, Measurement]:
    return (
        Measurement(key="width", value=shape[2], unit="px"),
        Measurement(key="height", value=shape[1], unit="px"),
    )


def _breadths(breadths: Sequence[int]) -> tuple[Measurement, ...]:
    return tuple(
        Measurement(key=side, value=breadth, unit="px")
        for side, breadth in zip(SIDES, breadths, strict=True)
    )


def _barred(breadths: tuple[int, ...], shape: tuple[int, ...]) -> Finding:
    return Finding(
        id="bars",
        template=(
            "Even dark or bright bars lie around the picture: left {left}, above {above}, right {right}, "
            "below {below} pixels of {width} × {height} as examined."
        ),
        measurements=(*_breadths(breadths), *_size(shape)),
        diagnostic=Diagnostic.NO,
    )


def _bordered(context: Context, found: Border, shape: tuple[int, ...]) -> Finding:
    shown = _edged(context, found)
    breadths = _breadths((found.left, found.above, found.right, found.below))
    if found.kind == "coloured":
        return Finding(
            id="coloured-frame",
            template=(
                "A frame of one colour lies around the picture: left {left}, above {above}, right {right}, "
                "below {below} pixels of {width} × {height} as examined."
            ),
            measurements=(*breadths, *_size(shape)),
            diagnostic=Diagnostic.NO,
            exhibits=(shown,),
        )
    return Finding(
        id="blurred-fill",
        template=(
            "Beside the picture lies an enlarged, blurred copy of it, as programs fill the frame: left "
            "{left}, above {above}, right {right}, below {below} pixels of {width} × {height} as examined "
            "(correlation with the picture: {alike}). The search for copies looks at the picture without it "
            "as well."
        ),
        measurements=(
            *breadths,
            *_size(shape),
            Measurement(key="alike", value=f"{found.alike:.2f}", unit="correlation"),
        ),
        diagnostic=Diagnostic.NO,
        exhibits=(shown,),
    )


def _edged(context: Context, found: Border) -> Exhibit:
    picture = context.samples.pixels(len(context.samples) // 2)
    height, width = picture.shape[:2]
    inner = (
        found.left + 2,
        found.above + 2,
        width - found.left - found.right - 4,
        height - found.above - found.below - 4,
    )
    return context.exhibit(
        "border",
        framed(picture, [inner]),
        "Framed: the picture; what lies outside the frame was put around it.",
    )


def _clocked(
    asset: Asset, context: Context, found: Sequence[Clock], taken: Sequence[Timed]
) -> Finding:
    first, last = taken[0][0], taken[-1][0]
    step = float(last - first) / (len(taken) - 1)
    height, width = taken[0][1].shape
    sample = Sample(index=0, time=first, keyframe=False, width=width, height=height)
    return Finding(
        id="clock-or-counter",
        template=(
            "A clock or counter is in the picture: at one place ({clock}; pixels as examined: {width} × "
            "{height}) something else stands every {beat} s ({changes} changes seen), and nothing changes "
            "in between. It is burnt in, or part of the scene; whether it goes right this does not tell."
        ),
        measurements=(
            *(
                Measurement(
                    key="clock",
                    value=written(one.box),
                    unit="px",
                    where=Where(region=in_full(one.box, asset, sample), start=first, end=last),
                )
                for one in found
            ),
            *(Measurement(key="beat", value=f"{one.beat * step:.1f}", unit="s") for one in found),
            *(Measurement(key="changes", value=one.beats, unit="count") for one in found),
            *_size((len(taken), height, width)),
        ),
        diagnostic=Diagnostic.NO,
        exhibits=(_shown(context, found, taken),),
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
                    value=written(box),
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


def _lined(asset: Asset, context: Context, found: Sequence[Line]) -> Finding:
    sample = context.samples[0]
    return Finding(
        id="text-that-comes-and-goes",
        template=(
            "Lines of text come and go over the video, as subtitles and captions do (lines: {lines}; the "
            f"first {TOLD} at most: "
            "{line}; pixels as examined: {width} × {height}). Searches for copies may match their letters "
            "instead of the scene."
        ),
        measurements=(
            Measurement(key="lines", value=len(found), unit="count"),
            *(
                Measurement(
                    key="line",
                    value=written(one.box),
                    unit="px",
                    where=Where(
                        region=in_full(one.box, asset, sample),
                        start=context.samples[one.first].time,
                        end=context.samples[one.last].time,
                    ),
                )
                for one in found[:TOLD]
            ),
            Measurement(key="width", value=sample.width, unit="px"),
            Measurement(key="height", value=sample.height, unit="px"),
        ),
        diagnostic=Diagnostic.NO,
        exhibits=(_page(context, found),),
    )


def _drawn(context: Context, burnt: Burnt) -> Exhibit:
    canvas = np.asarray(context.samples.pixels(len(context.samples) // 2)).copy()
    if canvas.shape[:2] == burnt.lasting.shape:
        canvas[burnt.lasting] = YELLOW
    return context.exhibit(
        "burnt-in",
        framed(canvas, burnt.boxes),
        "The picture in the middle of the video with the edges that last in nine of ten pictures, and boxes "
        "around what they belong to where the scene about it changes.",
    )


def _shown(context: Context, found: Sequence[Clock], taken: Sequence[Timed]) -> Exhibit:
    """The picture with the boxes, and below it the first one at each of six times."""
    page = framed(np.dstack([taken[0][1]] * 3), [one.box for one in found])
    left, top, wide, high = found[0].box
    reach = 3 * max(wide, high)
    rows = slice(max(0, top - high), top + 2 * high)
    columns = slice(max(0, left - reach), left + wide + reach)
    chosen = [taken[k * (len(taken) - 1) // 5] for k in range(6)]
    times = ", ".join(f"{float(at):.1f}" for at, _ in chosen)
    return context.exhibit(
        "clock-or-counter",
        beneath(page, [grey[rows, columns] for _, grey in chosen]),
        f"Framed: what changes at a regular beat. Below: the place of the first, enlarged, at {times} s.",
    )


def _page(context: Context, found: Sequence[Line]) -> Exhibit:
    """Up to six pictures, each with a line framed."""
    chosen = [found[k * len(found) // min(6, len(found))] for k in range(min(6, len(found)))]
    panels = [
        framed(context.samples.pixels((one.first + one.last) // 2), [one.box], BLUE)
        for one in chosen
    ]
    times = ", ".join(f"{float(context.samples[one.first].time):.1f}" for one in chosen)
    return context.exhibit(
        "text-that-comes-and-goes",
        beside(panels),
        f"Pictures of the video with a line of text framed; it is seen from {times} s on.",
    )
