"""Is a piece of the picture a copy of another piece of it?

Methods: `forensics.traces.selfmatch`, `consensus` and `copied`. A video's sampled pictures are looked at in
the same way; what only one of them shows is left aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.calibrated import strength
from forensics.errors import NotFitting
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
from forensics.traces.consensus import moved
from forensics.traces.pieces import FEWEST_POINTS, SIDE, Copied, Looked, look
from forensics.traces.placed import Region, in_full, written

MOST_PICTURES = 12
"""Of a video, evenly spread."""
SMALL = 500_000
"""Pixels below which a picture is of the smaller class."""
SMALL_SIZE, LARGE_SIZE, VIDEO_SIZE = "below 0.5 MP", "from 0.5 MP", "video"
SAME = 12.0
"""Pixels within which pieces of two pictures of a video lie in the same place."""
_ONE, _OTHER, _LINE = (255, 196, 0), (0, 200, 255), (255, 255, 255)
_LINES = 40


@dataclass(frozen=True, slots=True)
class _Seen:
    """A piece, the picture that shows it best, and the times of the first and last that show it."""

    piece: Copied
    looked: Looked
    picture: int
    start: Fraction
    end: Fraction


ALIKE = (
    "{places} places obey one transform (expected false alarms at most {false-alarms}), their finest "
    "structure correlates by {fine-correlation}, and they differ by {difference} grey levels on average, "
    "by {offset} when all that is fine is blurred away. "
)


class CopyMove:
    """See the module's docstring."""

    name: ClassVar[str] = "copy-move"
    version: ClassVar[int] = 3
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset({MediaKind.IMAGE, MediaKind.VIDEO})
    needs: ClassVar[frozenset[Capability]] = frozenset()
    examines: ClassVar[frozenset[Pillar]] = frozenset({Pillar.INTEGRITY})
    viewing_aid: ClassVar[bool] = False
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(
            key="pieces",
            unit="px",
            meaning="Box around each of the two pieces: x, y, width and height, in the full picture.",
        ),
        Quantity(key="laid", unit="text", meaning="How the one piece lies on the other."),
        Quantity(
            key="places",
            unit="count",
            meaning="Distinct places of the one piece that were found again in the other.",
            source="Lowe, 2004; Amerini et al., 2011",
        ),
        Quantity(
            key="false-alarms",
            unit="count",
            meaning=(
                "How often chance would bring about such an agreement in one picture, if what looks alike "
                "lay anywhere in it; an upper limit."
            ),
            source="Moisan and Stival, 2004",
        ),
        Quantity(
            key="fine-correlation",
            unit="correlation",
            meaning="Correlation of what is finest in both pieces, -1 to 1, the one laid on the other.",
        ),
        Quantity(
            key="difference",
            unit="grey levels",
            meaning="Mean difference of their brightness, the one laid on the other.",
        ),
        Quantity(
            key="offset",
            unit="grey levels",
            meaning="The same when all that is fine is blurred away: how differently they are lit.",
        ),
        Quantity(key="points", unit="count", meaning="Places of the picture that were compared."),
        Quantity(key="side", unit="px", meaning="Longer side of the picture as it was examined."),
    )
    caveats: ClassVar[tuple[Caveat, ...]] = (
        Caveat(
            id="copies-of-one-thing",
            text=(
                "Prints, logos laid over a picture and things in a rendered scene can repeat as exactly. "
                "Look at the pair: the finding says that two pieces are alike down to their finest, not why."
            ),
        ),
        Caveat(
            id="no-piece-no-proof",
            text=(
                "Smooth pieces, small ones and those that were changed further are not found: that none was "
                "found does not speak for the picture."
            ),
        ),
    )

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:
        """Yields a finding for each pair of pieces, or one that says why none could be found."""
        if not len(context.samples):
            raise NotFitting("There is no picture to look at.")
        if asset.kind is MediaKind.VIDEO:
            looked = dict(_looks(context))
            seen = _lasting(context, looked)
        else:
            one = look(context.samples.pixels(0), context.check_deadline)
            looked = {0: one}
            seen = tuple(
                _Seen(piece, one, 0, Fraction(0), Fraction(0)) for piece in _apart(one.pieces)
            )
        if not any(each.testable for each in looked.values()):
            yield _untestable(next(iter(looked.values())), context)
            return
        for number, each in enumerate(seen, start=1):
            yield _found(self, asset, context, each, number)


def _looks(context: Context) -> Iterator[tuple[int, Looked]]:
    count = len(context.samples)
    chosen = sorted({k * count // MOST_PICTURES for k in range(MOST_PICTURES)})
    for index in chosen:
        context.check_deadline()
        yield index, look(context.samples.pixels(index), context.check_deadline)


def _lasting(context: Context, looked: dict[int, Looked]) -> tuple[_Seen, ...]:
    """Returns the pieces that at least two of a video's pictures show in the same place."""
    groups: list[list[tuple[int, Copied]]] = []
    for index, one in looked.items():
        for piece in _apart(one.pieces):
            group = next((g for g in groups if _alike(g[0][1], piece)), None)
            if group is None:
                groups.append([(index, piece)])
            elif group[-1][0] != index:
                group.append((index, piece))
    lasting = []
    for group in groups:
        if len(group) >= 2:
            best, piece = min(group, key=lambda shown: shown[1].log_nfa)
            start, end = (context.samples[group[k][0]].time for k in (0, -1))
            lasting.append(_Seen(piece, looked[best], best, start, end))
    return tuple(lasting)


def _alike(one: Copied, other: Copied) -> bool:
    if one.mirrored != other.mirrored or one.one.shape != other.one.shape:
        return False
    if not (_touch(one.one, other.one) and _touch(one.other, other.other)):
        return False
    middle = one.pairs[:, :2].mean(axis=0)[None]
    off = moved(one.matrix, middle) - moved(other.matrix, middle)
    return bool(np.hypot(*off[0]) < SAME)


def _touch(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> bool:
    return bool((one & other).any())


def _apart(pieces: Sequence[Copied]) -> tuple[Copied, ...]:
    """Returns the pieces without those that a surer one of them covers already."""
    kept: list[Copied] = []
    for piece in pieces:
        both = piece.one | piece.other
        if not any(2 * (both & (k.one | k.other)).sum() > both.sum() for k in kept):
            kept.append(piece)
    return tuple(kept)


def _untestable(looked: Looked, context: Context) -> Finding:
    height, width, _ = context.samples.pixels(0).shape
    side = Measurement(key="side", value=round(max(width, height) * looked.scale), unit="px")
    if looked.drawn:
        return Finding(
            id="not-testable-drawn",
            template=(
                "Copied pieces were not looked for: much of the picture is perfectly plain, or recurs again "
                "and again, as in drawings, on screens, in rendered scenes and on some fronts of houses, "
                "where pieces are alike without having been copied later (longer side as examined: {side} "
                "px)."
            ),
            measurements=(side,),
            diagnostic=Diagnostic.NO,
        )
    return Finding(
        id="not-testable-smooth",
        template=(
            "Copied pieces could not be looked for: the picture has {points} places with enough structure, "
            f"and at least {FEWEST_POINTS} are needed "
            "(longer side as examined: {side} px)."
        ),
        measurements=(
            Measurement(key="points", value=looked.points, unit="count"),
            side,
        ),
        diagnostic=Diagnostic.NO,
    )


def _found(analysis: CopyMove, asset: Asset, context: Context, seen: _Seen, number: int) -> Finding:
    picture = context.samples.pixels(seen.picture)
    height, width, _ = picture.shape
    piece, scale = seen.piece, seen.looked.scale
    film = asset.kind is MediaKind.VIDEO
    boxes = [_box(mask, scale, (height, width)) for mask in (piece.one, piece.other)]
    sample = context.samples[seen.picture]
    regions = [in_full(box, asset, sample) for box in boxes]
    named = [written(region or box) for region, box in zip(regions, boxes, strict=True)]
    size = VIDEO_SIZE if film else SMALL_SIZE if width * height < SMALL else LARGE_SIZE
    told = (
        "Two pieces of the picture ({pieces}) are alike down to their finest, and repeat as signs of a "
        "layout, pictures in a collage, insets and the motifs of prints do ({laid}): "
        + ALIKE
        + "Whether one was copied later is open."
        if piece.ordinary
        else "Two pieces of the picture ({pieces}) are alike down to their finest ({laid}): "
        + ALIKE
        + "One is a copy of the other; which one, this does not tell."
    )
    id_ = "repeated-piece" if piece.ordinary else "copied-piece"
    return Finding(
        id=id_,
        template=(
            told + " {points} places were compared, on a picture of {side} px on the longer side."
        ),
        measurements=(
            *(
                Measurement(
                    key="pieces",
                    value=name,
                    unit="px",
                    where=Where(
                        region=region,
                        start=seen.start if film else None,
                        end=seen.end if film else None,
                    ),
                )
                for name, region in zip(named, regions, strict=True)
            ),
            Measurement(key="laid", value=_words(piece), unit="text"),
            Measurement(key="places", value=piece.places, unit="count"),
            Measurement(key="false-alarms", value=f"1e{int(np.ceil(piece.log_nfa))}", unit="count"),
            Measurement(
                key="fine-correlation", value=f"{piece.correlation:.2f}", unit="correlation"
            ),
            Measurement(key="difference", value=f"{piece.difference:.1f}", unit="grey levels"),
            Measurement(key="offset", value=f"{piece.offset:.1f}", unit="grey levels"),
            Measurement(key="points", value=seen.looked.points, unit="count"),
            Measurement(key="side", value=round(max(width, height) * scale), unit="px"),
        ),
        question=None if piece.ordinary else PIXELS_CHANGED,
        direction=Direction.NEUTRAL if piece.ordinary else Direction.SUPPORTS_H1,
        diagnostic=Diagnostic.NO if piece.ordinary else Diagnostic.YES,
        strength=None
        if piece.ordinary
        else strength(analysis.name, analysis.version, id_, "any", size),
        exhibits=(_drawn(context, picture, seen, f"{id_}-{number}", "; ".join(named)),),
    )


def _box(mask: NDArray[np.bool_], scale: float, shape: tuple[int, int]) -> Region:
    """Returns the box around a piece in pixels of the full picture."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return 0, 0, 1, 1
    left, top = int(columns[0] / scale), int(rows[0] / scale)
    right = min(shape[1], int(np.ceil((columns[-1] + 1) / scale)))
    bottom = min(shape[0], int(np.ceil((rows[-1] + 1) / scale)))
    return left, top, max(1, right - left), max(1, bottom - top)


def _words(piece: Copied) -> str:
    linear = piece.matrix[:, :2] @ np.diag([-1.0 if piece.mirrored else 1.0, 1.0])
    size = float(np.sqrt(abs(np.linalg.det(linear))))
    turn = round(float(np.degrees(np.arctan2(linear[1, 0], linear[0, 0]))))
    words = ["mirrored" if piece.mirrored else "shifted"]
    if turn:
        words.append(f"turned by {turn} degrees")
    if abs(size - 1) >= 0.02:
        words.append(f"scaled by {size:.2f}")
    return ", ".join(words)


def _drawn(
    context: Context, picture: NDArray[np.uint8], seen: _Seen, id_: str, named: str
) -> Exhibit:
    shown = SIDE / max(SIDE, *picture.shape[:2])
    size = max(1, round(picture.shape[1] * shown)), max(1, round(picture.shape[0] * shown))
    canvas = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8).copy()
    for mask, colour in ((seen.piece.one, _ONE), (seen.piece.other, _OTHER)):
        whole = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
        outlines, _ = cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(canvas, outlines, -1, colour, 2)
    per = shown / seen.looked.scale
    step = max(1, len(seen.piece.pairs) // _LINES)
    for x0, y0, x1, y1 in (seen.piece.pairs[::step] * per).round().astype(int).tolist():
        cv2.line(canvas, (x0, y0), (x1, y1), _LINE, 1, cv2.LINE_AA)
    return context.exhibit(
        id_,
        canvas,
        f"The two pieces, outlined ({named}), and places that were found again, joined by lines; examined "
        f"at {round(max(picture.shape[:2]) * seen.looked.scale)} px on the longer side.",
    )
