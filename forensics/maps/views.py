"""Which pictures of an asset may be maps, each as large as there is, with the text that the file carries.

Pictures are dismissed at a glance (`forensics.maps.graphic`). Of a video the working copy holds small
pictures: those that look like maps and differ from one another are decoded again at full size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.maps.graphic import glance
from forensics.maps.svgtext import svg_lettering
from forensics.media.identify import identify_file
from forensics.media.pagetext import page_text
from forensics.media.passage import passage
from forensics.media.prepare import main_picture_stream
from forensics.model import Asset, Context, MediaKind, Probe
from forensics.model.map import Box2D, Lettering, ReadBy

PICTURES: Final = 3
"""That are read of one asset, at most."""
LOOKED_AT: Final = 40
"""Pages, or pictures of an animation, that are glanced at; and scenes of a video."""
CLOSER: Final = 8
"""Pictures of a video that are decoded again, at most."""
FULL_SIDE: Final = 3840
"""Pixels of the longer side to which a video's picture is decoded again."""
ALIKE: Final = 6.0
"""Levels by which two pictures of one scene differ in the mean, 32 by 32 pixels each."""
SECONDS: Final = 60.0
"""Wall-clock time to decode one picture of a video again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A picture that may be a map.

    Attributes:
        index: Which of the asset's pictures, from 0.
        pixels: RGB of shape (height, width, 3), upright.
        vector: Text that the file carries for it.
    """

    index: int
    pixels: NDArray[np.uint8]
    vector: tuple[Lettering, ...] = ()


def views(
    asset: Asset, context: Context, picture: int | None = None, *, insists: bool = False
) -> Iterator[View]:
    """Yields the pictures that may be maps, `PICTURES` at most.

    Args:
        asset: What is looked at.
        context: Its pictures.
        picture: Only this one; None: all.
        insists: Pictures count as maps whatever they look like.

    Raises:
        MediaError: The pictures could not be decoded.
        LimitExceeded: Decoding took too long.
    """
    video = asset.kind is MediaKind.VIDEO
    if picture is not None:
        chosen: Sequence[int] = [picture]
    elif insists:
        chosen = range(min(len(context.samples), 1))
    else:
        chosen = _scenes(context) if video else range(min(len(context.samples), LOOKED_AT))
    found, closer = 0, 0
    for index in chosen:
        context.check_deadline()
        pixels: NDArray[np.uint8] | None = context.samples.pixels(index)
        seen = glance(context.samples.pixels(index))
        if not (insists or seen.may_be_map or (video and seen.worth_a_closer_look)):
            continue
        if video:
            closer += 1
            if closer > CLOSER:
                return
            pixels = _full(asset, context, index)
        if pixels is None or not (insists or glance(pixels).may_be_map):
            continue
        yield View(index=index, pixels=pixels, vector=_carried(asset, context, index, pixels))
        found += 1
        if found == PICTURES:
            return


def _scenes(context: Context) -> list[int]:
    """One picture of each scene, the last, where graphics that build up are complete."""
    scenes: list[int] = []
    before: NDArray[np.float32] | None = None
    for index in range(len(context.samples)):
        context.check_deadline()
        small = cv2.resize(context.samples.pixels(index), (32, 32), interpolation=cv2.INTER_AREA)
        now = np.asarray(small, np.float32)
        if before is not None and float(np.abs(now - before).mean()) < ALIKE:
            scenes[-1] = index
        else:
            scenes.append(index)
        before = now
    step = -(-len(scenes) // LOOKED_AT)
    return scenes[:: max(step, 1)]


def _full(asset: Asset, context: Context, index: int) -> NDArray[np.uint8] | None:
    """A video's picture, decoded again in full; None where the container cannot be sought in."""
    stream = main_picture_stream(asset.probe or Probe(container=""))
    demuxer = identify_file(context.path).demuxer
    if stream is None or demuxer is None:
        return None
    link = context.scratch / "asset"
    if not link.exists():
        link.symlink_to(context.path.absolute())
    time = context.samples[index].time
    found = passage(
        context.scratch,
        demuxer,
        stream,
        start=max(Fraction(0), time - Fraction(1, 1000)),
        every=None,
        limit=1,
        long_side=FULL_SIDE,
        seconds=SECONDS,
    )
    return found[0][1] if found and abs(found[0][0] - time) <= 1 else None


def _carried(
    asset: Asset, context: Context, index: int, pixels: NDArray[np.uint8]
) -> tuple[Lettering, ...]:
    height, width = pixels.shape[:2]
    if asset.kind is MediaKind.DRAWING:
        return svg_lettering(context.path, width, height)
    if asset.kind is MediaKind.DOCUMENT:
        return tuple(
            Lettering(
                text=line.text,
                box=Box2D(x=line.x, y=line.y, width=line.width, height=line.height),
                by=ReadBy.FILE,
            )
            for line in page_text(context.path, index, width, height)
        )
    return ()
