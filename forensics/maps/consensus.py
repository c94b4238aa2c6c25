"""Which labels of a map agree on one place on the earth? The search before anything is fitted well.

Two labels, taken for one candidate place each, fix the shift, turn and scale of a picture of a projection's
plane; every other label then agrees or does not. Pairs are tried in an order that the labels give, the
unambiguous and exactly spelt first, so that the same labels give the same answer (a deterministic form of
RANSAC: Fischler and Bolles 1981; Chum and Matas 2005 for the order).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forensics.maps.projections import MAX_TURN, Points, equirectangular, lambert, mercator
from forensics.model.map import Label

TRIED: Final = 3000
"""Pairs that are tried for one projection."""
TOLERANCE: Final = 0.025
"""Of the labels' extent: by how much a label may lie off while the projection is only roughly right."""
_AT_ONCE: Final = 500
_PLANES: Final = (
    mercator,
    lambda points: equirectangular(points, 0.0),
    lambda points: lambert(points, 52.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Labels as arrays. There are n labels with m candidates in all.

    Attributes:
        pixels: (n, 2) points of the labels.
        slack: (n,) pixels by which they may be off.
        owner: (m,) label of each candidate.
        places: (m, 2) longitudes and latitudes of the candidates.
        ids: (m,) the gazetteer's numbers of them.
        weight: (m,) how well the text names the candidate, 0 to 1.
        extent: Pixels from one end of the labels to the other.
    """

    pixels: Points
    slack: NDArray[np.float64]
    owner: NDArray[np.intp]
    places: Points
    ids: NDArray[np.int64]
    weight: NDArray[np.float64]
    extent: float

    def shuffled(self, order: NDArray[np.intp]) -> Asked:
        """Returns the same labels with their points exchanged: label i has the point of `order[i]`."""
        return Asked(
            pixels=self.pixels[order],
            slack=self.slack[order],
            owner=self.owner,
            places=self.places,
            ids=self.ids,
            weight=self.weight,
            extent=self.extent,
        )


def asked(labels: Sequence[Label]) -> Asked | None:
    """Returns labels as arrays; None where fewer than two of them may name a place."""
    named = [label for label in labels if label.candidates]
    if len(named) < 2:
        return None
    pixels = np.array([(label.x, label.y) for label in named], np.float64)
    rows = [
        (i, c.place.lon, c.place.lat, c.place.id, 1 / (1 + c.edits) / (1 + rank) ** 0.5)
        for i, label in enumerate(named)
        for rank, c in enumerate(label.candidates)
    ]
    columns = np.array(rows, np.float64).T
    return Asked(
        pixels=pixels,
        slack=np.array([label.slack for label in named], np.float64),
        owner=columns[0].astype(np.intp),
        places=columns[1:3].T,
        ids=columns[3].astype(np.int64),
        weight=columns[4],
        extent=float(np.hypot(*np.ptp(pixels, axis=0))) or 1.0,
    )


def agreeing(labels: Asked, tried: int = TRIED) -> list[NDArray[np.intp]]:
    """Returns groups of candidates that agree roughly, the best of each projection first.

    Each is an array of candidates (indexes into `Asked.places`), one a label at most and one a place.
    """
    first, second = _pairs(labels, tried)
    if not len(first):
        return []
    found = []
    for plane in _PLANES:
        w = _complex(plane(labels.places))
        z = _complex(labels.pixels).conj()
        best: tuple[float, complex, complex] | None = None
        for start in range(0, len(first), _AT_ONCE):
            i, j = first[start : start + _AT_ONCE], second[start : start + _AT_ONCE]
            apart = w[j] - w[i]
            with np.errstate(divide="ignore", invalid="ignore"):
                s = (z[labels.owner[j]] - z[labels.owner[i]]) / apart
            upright = np.isfinite(s) & (np.abs(np.angle(s, deg=True)) <= MAX_TURN)
            if not upright.any():
                continue
            s, i = s[upright], i[upright]
            t = z[labels.owner[i]] - s * w[i]
            scores = _scores(labels, s[:, None] * w + t[:, None], z)
            top = int(np.argmax(scores))
            if best is None or scores[top] > best[0]:
                best = float(scores[top]), complex(s[top]), complex(t[top])
        if best is not None:
            found.append((best[0], _group(labels, best[1] * w + best[2], z)))
    found.sort(key=lambda pair: -pair[0])
    return [group for _, group in found]


def independent(labels: Asked, group: NDArray[np.intp]) -> int:
    """Returns how many labels of a group count each for itself.

    Labels nearer to one another than a fiftieth of the extent count once; and a group that lies along
    one line fixes nothing across it: then at most two count.
    """
    pixels = labels.pixels[labels.owner[group]]
    if len(pixels) < 3:
        return len(pixels)
    spread = np.linalg.svd(pixels - pixels.mean(axis=0), compute_uv=False)
    if spread[1] < 0.1 * spread[0]:
        return 2
    kept: list[NDArray[np.float64]] = []
    for point in pixels:
        if all(np.hypot(*(point - other)) > labels.extent / 50 for other in kept):
            kept.append(point)
    return len(kept)


def _complex(points: Points) -> NDArray[np.complex128]:
    return np.asarray(points[:, 0] + 1j * points[:, 1], np.complex128)


def _pairs(labels: Asked, tried: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of candidates of two labels, the likeliest first."""
    count = len(labels.owner)
    # Of very many candidates only the better ones start a pair; all of them may join a group.
    top = np.sort(np.argsort(-labels.weight, kind="stable")[: min(count, 240)])
    i, j = (top[side] for side in np.triu_indices(len(top), 1))
    apart = labels.pixels[labels.owner[i]] - labels.pixels[labels.owner[j]]
    far = np.hypot(apart[:, 0], apart[:, 1])
    use = (
        (labels.owner[i] != labels.owner[j])
        & (labels.ids[i] != labels.ids[j])
        & (far > labels.extent / 8)
    )
    i, j, far = i[use], j[use], far[use]
    worth = labels.weight[i] * labels.weight[j] * np.sqrt(far / labels.extent)
    order = np.argsort(-worth, kind="stable")[:tried]
    return i[order], j[order]


def _misses(
    labels: Asked, shown: NDArray[np.complex128], z: NDArray[np.complex128]
) -> NDArray[np.float64]:
    """How far each candidate lies off its label, in tolerances."""
    limit = TOLERANCE * labels.extent + labels.slack
    return np.asarray(np.abs(shown - z[labels.owner]) / limit[labels.owner], np.float64)


def _scores(
    labels: Asked, shown: NDArray[np.complex128], z: NDArray[np.complex128]
) -> NDArray[np.float64]:
    """How well the labels agree with each of k pictures; `shown` has shape (k, m)."""
    worth = np.maximum(0.0, 1 - _misses(labels, shown, z) ** 2) * labels.weight
    starts = np.flatnonzero(np.diff(labels.owner, prepend=-1))
    return np.asarray(np.maximum.reduceat(worth, starts, axis=1).sum(axis=1), np.float64)


def _group(
    labels: Asked, shown: NDArray[np.complex128], z: NDArray[np.complex128]
) -> NDArray[np.intp]:
    return chosen(labels, _misses(labels, shown, z))


def chosen(labels: Asked, misses: NDArray[np.float64]) -> NDArray[np.intp]:
    """Returns the nearest candidate of each label that misses by less than 1; of a place the nearest label.

    Args:
        labels: The labels.
        misses: (m,) how far each candidate is off, in what may be missed.
    """
    taken: dict[int, int] = {}
    places: set[int] = set()
    for candidate in np.argsort(misses, kind="stable").tolist():
        if misses[candidate] >= 1:
            break
        owner, place = int(labels.owner[candidate]), int(labels.ids[candidate])
        if owner not in taken and place not in places:
            taken[owner] = candidate
            places.add(place)
    return np.array(sorted(taken.values()), np.intp)
