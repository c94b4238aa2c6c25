"""Was a screen photographed or filmed?

What circulates first is often a screen that somebody filmed. That says how the pictures came here, and what
fine traces they can still hold, not whether what they show is so. Methods: `forensics.traces.moire` and
`forensics.traces.screens`. A video is looked at in some of its pictures at full size, and for bands that roll
through pictures one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import ClassVar, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.errors import MediaError, NotFitting
from forensics.media.identify import identify_file
from forensics.media.passage import Timed, passage
from forensics.media.prepare import main_picture_stream
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
    Stream,
    Where,
)
from forensics.traces import screens
from forensics.traces.moire import LEAST, SIDE, Looked, Wave, look
from forensics.traces.placed import in_full, written

LONG_SIDE: Final = 1920
"""Pixels on the longer side of a video's pictures, at most: reducing takes a raster away."""
MOST_PICTURES: Final = 6
SMALL: Final = 1000
"""Pixels on the longer side, below which pictures have mostly been reduced."""
SHRUNK: Final = 192
"""Pixels on the longer side of the pictures in which rolling bands are looked for."""
SECONDS: Final = 120.0
_SHOWN: Final = 640
_MARK: Final = (200, 30, 30)

Pixels = NDArray[np.uint8]


class Recapture:
    """See the module's docstring."""

    name: ClassVar[str] = "recapture"
    version: ClassVar[int] = 1
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset({MediaKind.IMAGE, MediaKind.VIDEO})
    needs: ClassVar[frozenset[Capability]] = frozenset()
    examines: ClassVar[frozenset[Pillar]] = frozenset()
    viewing_aid: ClassVar[bool] = False
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(
            key="box",
            unit="px",
            meaning="Box around the places with the pattern: x, y, width and height, in the full picture.",
        ),
        Quantity(key="places", unit="count", meaning="Tiles that have the pattern."),
        Quantity(key="tiles", unit="count", meaning="Tiles of the picture that were looked at."),
        Quantity(
            key="period",
            unit="px",
            meaning="Pixels after which the pattern repeats, median of its places.",
        ),
        Quantity(
            key="direction",
            unit="degrees",
            meaning="Direction in which it repeats, 0: across, 90: down; median of its places.",
        ),
        Quantity(
            key="apart",
            unit="share",
            meaning=(
                "How far red, green and blue are from rising and falling together: 0 together or against "
                "each other, 1 a third of a turn apart; median."
            ),
            source="this project",
        ),
        Quantity(key="pictures", unit="count", meaning="Pictures looked at."),
        Quantity(key="showing", unit="count", meaning="Pictures among them with the pattern."),
        Quantity(key="bands", unit="count", meaning="Bands that lie in the picture's height."),
        Quantity(key="runs", unit="text", meaning="Which way the bands run."),
        Quantity(
            key="pace",
            unit="Hz",
            meaning="How often a place becomes brighter and darker in a second.",
        ),
        Quantity(key="depth", unit="share", meaning="Amplitude of the bands, of the brightness."),
        Quantity(key="width", unit="px", meaning="Width of the pictures as examined."),
        Quantity(key="height", unit="px", meaning="Height of the pictures as examined."),
    )
    caveats: ClassVar[tuple[Caveat, ...]] = (
        Caveat(
            id="screens-in-the-scene",
            text=(
                "A screen or a wall of lamps may be part of the scene, and fine stripes of three colours and "
                "more look alike. That a screen was filmed says nothing about what it showed: much material "
                "is first released in that way."
            ),
        ),
        Caveat(
            id="soft-pictures",
            text=(
                "Reducing, strong compression, a soft lens and screens with very fine pixels take the raster "
                "away. That none was found does not show that a scene was recorded directly."
            ),
        ),
    )

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:
        """Yields what is as of a screen, then rolling bands; or why nothing could be seen."""
        if not len(context.samples):
            raise NotFitting("There is no picture to look at.")
        if asset.kind is not MediaKind.VIDEO:
            yield from _told([(Fraction(0), context.samples.pixels(0))], asset, context)
            return
        folder, demuxer, stream = _opened(asset, context)
        yield from _told(_spread(folder, demuxer, stream, context), asset, context)
        context.check_deadline()
        yield from _rolling(folder, demuxer, stream, asset, context)


def _opened(asset: Asset, context: Context) -> tuple[Path, str, Stream]:
    """A folder of its own in which the working copy is seen, what may open it, and the pictures."""
    demuxer = identify_file(context.path).demuxer
    stream = main_picture_stream(asset.probe) if asset.probe else None
    if stream is None or demuxer is None:
        raise MediaError("The file holds no moving pictures.")
    seen = context.scratch / "asset"
    if not seen.exists():
        seen.symlink_to(context.path)
    return context.scratch, demuxer, stream


def _spread(folder: Path, demuxer: str, stream: Stream, context: Context) -> list[Timed]:
    """Pictures at full size at times evenly spread; one that cannot be sought is left out."""
    times = [context.samples[k].time for k in range(len(context.samples))]
    chosen = sorted({(2 * k + 1) * len(times) // (2 * MOST_PICTURES) for k in range(MOST_PICTURES)})
    found: list[Timed] = []
    for index in chosen:
        context.check_deadline()
        taken = passage(
            folder,
            demuxer,
            stream,
            start=times[index],
            every=None,
            limit=1,
            long_side=LONG_SIDE,
            seconds=SECONDS,
        )
        found += [(at, picture) for at, picture in taken if not found or at > found[-1][0]]
    if not found:
        raise MediaError("No picture of the video could be decoded at full size.")
    return found


def _told(pictures: Sequence[Timed], asset: Asset, context: Context) -> Iterator[Finding]:
    film = asset.kind is MediaKind.VIDEO
    size = pictures[0][1].shape
    if min(size[:2]) < LEAST:
        yield _not_testable(
            "Whether a screen was filmed could not be told: the pictures are too small ({width} × {height}; "
            f"at least {LEAST:.0f} pixels a side are needed).",
            size,
        )
        return
    looks = [(at, picture, look(picture, context.check_deadline)) for at, picture in pictures]
    least = 1 if not film else max(2, (len(looks) + 1) // 2)
    for choose, told in ((screens.raster, _raster), (screens.throughout, _pattern)):
        shown = [
            (at, picture, each, waves) for at, picture, each in looks if (waves := choose(each))
        ]
        if len(shown) >= least:
            yield told(shown, len(looks), asset, context)
            return
    if max(size[:2]) < SMALL:
        yield _not_testable(
            "No raster of a screen was found, and hardly could have been: pictures of this size ({width} × "
            "{height}) have mostly been reduced, which takes it away.",
            size,
        )


Shown = tuple[Fraction, Pixels, Looked, tuple[Wave, ...]]


def _raster(shown: Sequence[Shown], pictures: int, asset: Asset, context: Context) -> Finding:
    return _found(
        "screen-raster",
        (
            "A fine regular pattern, in which red, green and blue rise and fall one after the other, runs "
            "through {places} of {tiles} places of the picture ({box}; it repeats after {period} pixels, "
            "direction {direction} degrees; colours apart: {apart}; pictures that show it: {showing} of "
            "{pictures}): as the pixels of a screen that was photographed or filmed leave it, and at times "
            "cloth in fine stripes of three colours and more."
        ),
        shown,
        pictures,
        asset,
        context,
    )


def _pattern(shown: Sequence[Shown], pictures: int, asset: Asset, context: Context) -> Finding:
    return _found(
        "regular-pattern",
        (
            "A fine regular pattern runs through much of the picture, {places} of {tiles} places ({box}; it "
            "repeats after {period} pixels, direction {direction} degrees; colours apart: {apart}; pictures "
            "that show it: {showing} of {pictures}). A photographed screen leaves such a pattern, and so do "
            "cloth, façades, fences and prints: which of them it is, is open."
        ),
        shown,
        pictures,
        asset,
        context,
    )


def _found(
    id_: str,
    template: str,
    shown: Sequence[Shown],
    pictures: int,
    asset: Asset,
    context: Context,
) -> Finding:
    film = asset.kind is MediaKind.VIDEO
    at, picture, looked, waves = max(shown, key=lambda s: (len(s[3][0].tiles), -s[0]))
    height, width, _ = picture.shape
    sample = Sample(index=0, time=at, keyframe=False, width=width, height=height)
    box = in_full(screens.around(waves, looked), asset, sample)
    tiles = {tile for wave in waves for tile in wave.tiles}
    start, end = (shown[0][0], shown[-1][0]) if film else (None, None)
    strongest = waves[0]
    return Finding(
        id=id_,
        template=template,
        measurements=(
            Measurement(
                key="box",
                value=written(box) if box else "unknown place",
                unit="px",
                where=Where(region=box, start=start, end=end),
            ),
            Measurement(key="places", value=len(tiles), unit="count"),
            Measurement(key="tiles", value=looked.rows * looked.columns, unit="count"),
            Measurement(key="period", value=f"{strongest.period:.1f}", unit="px"),
            Measurement(key="direction", value=round(strongest.direction), unit="degrees"),
            Measurement(key="apart", value=f"{strongest.turned:.2f}", unit="share"),
            Measurement(key="pictures", value=pictures, unit="count"),
            Measurement(key="showing", value=len(shown), unit="count"),
        ),
        diagnostic=Diagnostic.NO,
        exhibits=(_drawn(context, id_, picture, looked, strongest, tiles, at if film else None),),
    )


def _drawn(
    context: Context,
    id_: str,
    picture: Pixels,
    looked: Looked,
    wave: Wave,
    tiles: set[tuple[int, int]],
    at: Fraction | None,
) -> Exhibit:
    """The picture, paled outside the pattern, and beside it one place of it four times as large."""
    height, width = picture.shape[:2]
    kept = np.zeros((height, width), bool)
    for tile in tiles:
        x, y = looked.corners[tile]
        kept[y : y + SIDE, x : x + SIDE] = True
    paled = np.where(kept[:, :, None], picture, picture // 3 + 170).astype(np.uint8)
    x, y = (int(v) for v in looked.corners[wave.best])
    thick = max(2, max(height, width) // 300)
    cv2.rectangle(paled, (x, y), (x + SIDE, y + SIDE), _MARK, thick)
    high = 4 * SIDE
    size = max(1, min(2 * high, width * high // height)), high
    small = cv2.resize(paled, size, interpolation=cv2.INTER_AREA)
    place = picture[y : y + SIDE, x : x + SIDE]
    large = cv2.resize(place, (high, high), interpolation=cv2.INTER_NEAREST)
    gap = np.full((high, 8, 3), 255, np.uint8)
    return context.exhibit(
        id_,
        np.hstack([np.asarray(small), gap, np.asarray(large)]),
        f"Left: the picture{'' if at is None else f' at {float(at):.1f} s'}, paled where the pattern was "
        f"not found in tiles of {SIDE} pixels. Right: "
        "the framed place, four times as large, where the pattern is strongest. To look for: a raster of "
        "dots or stripes that goes on whatever is shown, or arcs that belong to nothing in the scene.",
    )


def _rolling(
    folder: Path, demuxer: str, stream: Stream, asset: Asset, context: Context
) -> Iterator[Finding]:
    """Looks at pictures one after the other from the middle of the video on."""
    length = (asset.probe.duration if asset.probe else None) or Fraction(0)
    rate = stream.frame_rate or Fraction(25)
    start = max(Fraction(0), length / 2 - screens.PICTURES / (2 * rate))
    taken = passage(
        folder,
        demuxer,
        stream,
        start=start,
        every=None,
        limit=screens.PICTURES,
        long_side=SHRUNK,
        seconds=SECONDS,
    )
    context.check_deadline()
    if len(taken) < screens.FEWEST_PICTURES or not _even([at for at, _ in taken]):
        return
    grey = np.stack([cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for _, picture in taken])
    third = grey.shape[2] // 3
    rows = np.stack(
        [grey[:, :, k * third : (k + 1) * third].mean(axis=2) for k in range(3)], axis=1
    )
    bands = screens.rolling(rows)
    if bands is None:
        return
    first, last = taken[0][0], taken[-1][0]
    yield Finding(
        id="rolling-bands",
        template=(
            "Bands of brightness roll through the video ({bands} in the picture's height, {runs}; a place "
            "becomes brighter and darker {pace} times a second, by {depth} of its brightness): as of a "
            "filmed screen, or of lamps on the mains."
        ),
        measurements=(
            Measurement(
                key="bands",
                value=bands.high,
                unit="count",
                where=Where(start=first, end=last),
            ),
            Measurement(key="runs", value="upwards" if bands.upwards else "downwards", unit="text"),
            Measurement(
                key="pace",
                value=f"{bands.rounds * (len(taken) - 1) / len(taken) / float(last - first):.2f}",
                unit="Hz",
            ),
            Measurement(key="depth", value=f"{bands.depth:.3f}", unit="share"),
        ),
        diagnostic=Diagnostic.NO,
        exhibits=(_banded(context, rows.mean(axis=1), first, last),),
    )


def _even(times: Sequence[Fraction]) -> bool:
    """Whether pictures stand at an even pace, as bands need that are counted in pictures."""
    steps = np.diff([float(at) for at in times])
    middle = float(np.median(steps))
    return bool(middle > 0 and (np.abs(steps - middle) < 0.25 * middle).mean() > 0.95)


def _banded(
    context: Context, rows: NDArray[np.floating], first: Fraction, last: Fraction
) -> Exhibit:
    """Change of each row's brightness in time."""
    change = rows / np.maximum(rows.mean(axis=0), 1) - 1
    most = max(1e-6, float(np.percentile(np.abs(change), 99)))
    shown = (127 + 127 * np.clip(change / most, -1, 1)).astype(np.uint8).T
    large = cv2.resize(shown, (_SHOWN, _SHOWN // 2), interpolation=cv2.INTER_NEAREST)
    return context.exhibit(
        "rolling-bands",
        np.dstack([np.asarray(large)] * 3),
        f"Across: time, {float(first):.2f} to {float(last):.2f} s, picture by picture. Down: the rows of the "
        f"picture. Brightness of each row against its mean; black and white: {most:.3f} darker and brighter. "
        "Slanting stripes of one slope are bands that roll.",
    )


def _not_testable(template: str, size: tuple[int, ...]) -> Finding:
    return Finding(
        id="not-testable",
        template=template,
        measurements=(
            Measurement(key="width", value=size[1], unit="px"),
            Measurement(key="height", value=size[0], unit="px"),
        ),
        diagnostic=Diagnostic.NO,
    )
