"""Says in words what was done to a picture, from how it lies on its copy and where the two agree."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.copies.confirmed import NONE_SEEN
from forensics.copies.geometry import moved_by
from forensics.copies.overlay import Overlay
from forensics.model import Look

Floats = NDArray[np.float64]

_DIFFERS = 55
_NEARLY_ALL = 0.8
_WHOLE = 0.97
_FILLS = 0.95
_TURNED = 1.5
_STRETCHED = 1.04
_FLAT = 6.0
_GREY = 3.0
_COLOURED = 8.0
_TONE = 18.0


def in_words(
    query: NDArray[np.uint8],
    thumbnail: NDArray[np.uint8],
    matrix: Floats,
    laid: Overlay,
    mirrored: bool,
    reference: Look,
) -> str:
    """Returns what was done to the reference to make the query, or `NONE_SEEN`.

    Args:
        query: RGB, shape (height, width, 3), mirrored back if `mirrored`.
        thumbnail: Of the reference, RGB.
        matrix: Shape (3, 3), pixels of the reference to pixels of the query.
        laid: The reference laid on the query.
        mirrored: The query as it came is the mirror image.
        reference: Gives the size that `matrix` refers to.
    """
    words = ["mirrored"] if mirrored else []
    words += _placed(matrix, (reference.width / 2, reference.height / 2), mirrored)
    if laid.of_reference < _WHOLE:
        words.append(f"cropped to {max(1, round(100 * laid.of_reference))} %")
    if laid.of_query < _FILLS:
        words.append(_around(query, matrix, reference))
    words += _toned(query, thumbnail, matrix, reference)
    words += _covered(laid, query.shape)
    return ", ".join(words) if words else NONE_SEEN


def _placed(matrix: Floats, centre: tuple[float, float], mirrored: bool) -> list[str]:
    """Returns how the picture was turned, stretched or seen from the side."""
    depth = matrix[2, 0] * centre[0] + matrix[2, 1] * centre[1] + 1
    point = matrix @ np.array([*centre, 1.0]) / depth
    linear = (matrix[:2, :2] - np.outer(point[:2], matrix[2, :2])) / depth
    words = []
    turn = np.degrees(np.arctan2(linear[1, 0] - linear[0, 1], linear[0, 0] + linear[1, 1])) * (
        -1 if mirrored else 1
    )
    if abs(turn) >= _TURNED:
        side = "" if abs(turn) > 178 else " clockwise" if turn > 0 else " counterclockwise"
        words.append(f"turned by {abs(round(float(turn)))} degrees{side}")
    if max(abs(matrix[2, 0]) * centre[0], abs(matrix[2, 1]) * centre[1]) * 2 > 0.04:
        words.append("seen at an angle")
    across, down = np.linalg.norm(linear, axis=0)
    if max(across, down) > _STRETCHED * min(across, down) and "seen at an angle" not in words:
        words.append("stretched in width" if across > down else "stretched in height")
    return words


def _around(query: NDArray[np.uint8], matrix: Floats, reference: Look) -> str:
    """Returns what surrounds the reference on the query: plain borders or another picture."""
    outside = ~_where(query.shape, matrix, reference, grow=5)
    around = cv2.GaussianBlur(query, (0, 0), 1.5)
    spread = float(np.asarray(around)[outside].std(axis=0).max()) if outside.any() else 0.0
    return "borders added" if spread < _FLAT else "set into a larger picture"


def _toned(
    query: NDArray[np.uint8], thumbnail: NDArray[np.uint8], matrix: Floats, reference: Look
) -> list[str]:
    """Returns how brightness and colour were changed, where plainly."""
    height, width = thumbnail.shape[:2]
    grown = np.diag([reference.width / width, reference.height / height, 1])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    # The query is laid on the thumbnail, which has far fewer pixels; smoothed, so that none is left out.
    step = max(1, round(reference.width / width))
    smooth = cv2.blur(query, (step, step))
    laid = np.asarray(cv2.warpPerspective(smooth, matrix @ grown, (width, height), flags=flags))
    full = np.full(query.shape[:2], 255, dtype=np.uint8)
    mask = cv2.warpPerspective(full, matrix @ grown, (width, height), flags=flags)
    inside = cv2.erode(np.pad(np.asarray(mask), 2), np.ones((5, 5), np.uint8))[2:-2, 2:-2] >= 128
    if not inside.any():
        return []
    ours, theirs = laid[inside].astype(np.float32), thumbnail[inside].astype(np.float32)
    words = []
    chroma, before = (float((x.max(axis=1) - x.min(axis=1)).mean()) for x in (ours, theirs))
    if chroma < _GREY and before > _COLOURED:
        words.append("made grey")
    elif float(np.abs(_tint(ours) - _tint(theirs)).max()) > _TONE:
        words.append("colours changed")
    change = float(ours.mean() - theirs.mean())
    if abs(change) > _TONE:
        words.append("made brighter" if change > 0 else "made darker")
    return words


def _tint(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    tint: NDArray[np.float32] = pixels.mean(axis=0) - pixels.mean()
    return tint


def _where(shape: tuple[int, ...], matrix: Floats, reference: Look, grow: int) -> NDArray[np.bool_]:
    """Returns which pixels of the query the reference covers, some more or, if negative, fewer."""
    corners = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]]) * [reference.width, reference.height]
    edge = np.clip(moved_by(matrix, corners), -1e4, 1e4)
    mask = np.zeros(shape[:2], dtype=np.uint8)
    cv2.fillConvexPoly(mask, np.rint(edge).astype(np.int32), 255)
    kernel = np.ones((2 * abs(grow) + 1,) * 2, dtype=np.uint8)
    return np.asarray(cv2.dilate(mask, kernel) if grow > 0 else cv2.erode(mask, kernel)) >= 128


def _covered(laid: Overlay, shape: tuple[int, ...]) -> list[str]:
    """Returns where the two do not agree, if most of the rest does."""
    differ = [tile for tile in laid.tiles if tile.correlation < _DIFFERS]
    if not differ or len(differ) > len(laid.tiles) // 2:
        return []
    row = _mostly([tile.centre[1] / shape[0] for tile in differ], ("top", "middle", "bottom"))
    column = _mostly([tile.centre[0] / shape[1] for tile in differ], ("left", "centre", "right"))
    if row and column:
        where = (
            "in the centre" if (row, column) == ("middle", "centre") else f"at the {row} {column}"
        )
        return [f"covered or changed {where}"]
    if row:
        where = "across the middle" if row == "middle" else f"at the {row}"
        return [f"caption or change {where}"]
    if column:
        return [f"covered or changed {'down the' if column == 'centre' else 'on the'} {column}"]
    return ["covered or changed in places"]


def _mostly(shares: list[float], names: tuple[str, str, str]) -> str:
    """Returns the third in which nearly all of the places lie, or nothing."""
    counts = np.bincount([min(2, max(0, int(3 * share))) for share in shares], minlength=3)
    return names[int(counts.argmax())] if counts.max() >= _NEARLY_ALL * len(shares) else ""
