"""Does one picture hold another, or a part of it? Confirmed by geometry and then by looking.

A candidate from the index is only a guess. It is confirmed if many places of the reference lie on the
query by one transform (`geometry`), and if, laid over it, the two also agree between those places
(`overlay`). Places that agree while the rest does not are a scene seen twice, a caption or a logo: then
the answer is "same scene" at most.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from forensics.copies.confirmed import Confirmed
from forensics.copies.geometry import Placement, place
from forensics.copies.overlay import Overlay, overlay
from forensics.copies.transform import in_words
from forensics.errors import MediaError
from forensics.model import LocalCodes, Look, Relation
from forensics.signatures.local import local_codes, mirrored_codes

Floats = NDArray[np.float64]

COPY = ((5, 8, 0.75, 0.0, 1.0), (20, 8, 0.6, 0.0, 0.2), (80, 8, 0.45, 0.35, 0.2))
"""Any of these makes a copy: inliers, tiles that agree, their share, the share of those that agree plainly
(all at least), and the share of those that show something else (at most).

The fewer places are found, the more of the picture must agree; the last is for pictures much of which is
covered by words. Chosen on the tune half of `bench/copies_images.py`, whose other takes of one scene come to
56 inliers and a share of .56.
"""
PLAINLY = 24
"""Inliers from which on the mirror image is tried only where the picture as it is does not agree."""
SCENE_INLIERS = 16
_THUMBNAIL_SIDE = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryPicture:
    """One picture in hand, as it is compared with what is kept of others.

    Attributes:
        time: Seconds from the start of the asset.
        pixels: RGB, shape (height, width, 3).
        local: Its codes under every scheme.
    """

    time: Fraction
    pixels: NDArray[np.uint8]
    local: tuple[LocalCodes, ...]
    _mirrored: list[tuple[LocalCodes, ...]] = field(default_factory=list, repr=False, compare=False)

    def mirrored(self) -> tuple[LocalCodes, ...]:
        """Returns the codes of its mirror image; ORB reads the picture for them, once."""
        if not self._mirrored:
            self._mirrored.append(mirrored_codes(self.pixels, self.local))
        return self._mirrored[0]


def query_picture(
    pixels: NDArray[np.uint8], time: Fraction, local: tuple[LocalCodes, ...] | None = None
) -> QueryPicture:
    """Returns a picture with all that is needed to compare it.

    Args:
        pixels: RGB, shape (height, width, 3), usually 512 pixels on the long side.
        time: Where it stands in its asset, in seconds.
        local: Its codes, where they are made already.
    """
    made = local_codes(pixels, time) if local is None else local
    return QueryPicture(time=time, pixels=pixels, local=made)


def confirm(query: QueryPicture, reference: Look) -> Confirmed | None:
    """Returns how the reference lies on the query, or None if nothing speaks for a relation.

    Raises:
        MediaError: The reference's thumbnail is not a picture.
    """
    theirs = thumbnail_pixels(reference.thumbnail)
    agreeing: tuple[Placement, bool, NDArray[np.uint8], Overlay, Relation] | None = None
    for placement, mirrored in placements(query, reference):
        ours = np.ascontiguousarray(query.pixels[:, ::-1]) if mirrored else query.pixels
        laid = overlay(
            _grey(ours), _grey(theirs), placement.matrix, (reference.width, reference.height)
        )
        relation = relation_of(placement, laid) if laid is not None else None
        if laid is None or relation is None:
            continue
        if agreeing is None or relation is Relation.COPY:
            agreeing = placement, mirrored, ours, laid, relation
        if relation is Relation.COPY:
            break
    if agreeing is None:
        return None
    placement, mirrored, ours, laid, relation = agreeing
    height, width = query.pixels.shape[:2]
    return Confirmed(
        relation=relation,
        query=query.time,
        reference=reference.time,
        inliers=placement.inliers,
        tiles=len(laid.tiles),
        agree=laid.agree,
        closeness=sum(t.correlation for t in laid.tiles) // max(1, len(laid.tiles)),
        matrix=_in_shares(placement, mirrored, (width, height), reference),
        mirrored=mirrored,
        of_query=round(1000 * laid.of_query),
        of_reference=round(1000 * laid.of_reference),
        words=in_words(ours, theirs, placement.matrix, laid, mirrored, reference),
    )


def placements(query: QueryPicture, reference: Look) -> Iterator[tuple[Placement, bool]]:
    """Yields how the reference may lie on the query, and whether on its mirror image; most places first.

    The mirror image is not read where whoever asks is content with the first: some pictures, as of a
    shore and what it throws back, are much like their own mirror image, and many places agree both ways.
    """
    plain = place(query.local, reference.local)
    if plain is not None and plain.inliers >= PLAINLY:
        yield plain, False
        plain = None
    turned = place(query.mirrored(), reference.local)
    found = [(one, way) for one, way in ((plain, False), (turned, True)) if one is not None]
    yield from sorted(found, key=lambda one: -one[0].inliers)


def relation_of(placement: Placement, laid: Overlay) -> Relation | None:
    """Returns what so many inliers and such agreement speak for."""
    tiles = max(1, len(laid.tiles))
    contradicted = laid.contradict(placement.at_query)
    for least, agree, share, plain, other in COPY:
        enough = placement.inliers >= least and laid.agree >= max(agree, share * tiles)
        same = laid.plain >= plain * tiles and contradicted <= other * tiles
        if enough and same and laid.spread:
            return Relation.COPY
    return Relation.SAME_SCENE if placement.inliers >= SCENE_INLIERS else None


def thumbnail_pixels(thumbnail: bytes) -> NDArray[np.uint8]:
    """Returns what is kept of a picture (`Look.thumbnail`) in RGB, shape (height, width, 3).

    Args:
        thumbnail: JPEG, at most 512 pixels on the longer side; it may come from another desk.

    Raises:
        MediaError: It is no such picture.
    """
    decoded = None
    if _size_of(thumbnail) <= _THUMBNAIL_SIDE:
        data = np.frombuffer(thumbnail, dtype=np.uint8)
        # As it lies: the places of local codes refer to it so, whatever its metadata say.
        decoded = cv2.imdecode(data, cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    if decoded is None:
        raise MediaError(
            "What is kept of an earlier picture is not a readable thumbnail.",
            hint="Rebuild the ledger's tables from its entries, or leave that asset out.",
        )
    return np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def _size_of(thumbnail: bytes) -> float:
    """Returns the longer side that a JPEG states, endless if it is none: it may be another desk's."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(BytesIO(thumbnail), formats=["JPEG"]) as picture:
                return max(picture.size)
    except (OSError, SyntaxError, Image.DecompressionBombError, Warning):
        return float("inf")


def _grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(np.asarray(pixels), cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _in_shares(
    placement: Placement, mirrored: bool, size: tuple[int, int], reference: Look
) -> tuple[float, ...]:
    """Returns the transform between shares of width and height, on the query as it is."""
    back = np.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]]) if mirrored else np.eye(3)
    to_shares = np.diag([1 / size[0], 1 / size[1], 1.0])
    matrix = back @ to_shares @ placement.matrix @ np.diag([reference.width, reference.height, 1.0])
    return tuple(float(value) for value in (matrix / matrix[2, 2]).ravel())
