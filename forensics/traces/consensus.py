"""Which pairs of places obey one transform, and how often would chance bring that about?

The a-contrario RANSAC of L. Moisan and B. Stival, "A Probabilistic Criterion to Detect Rigid Point Matches
Between Two Images and Estimate the Fundamental Matrix" (2004), for the transforms of a copied piece: shift,
turn, scale, mirror, and a slight shear. Each pair has two places with size and angle, so that one pair
suggests a transform; nothing is drawn at random. Of chance, the model is that the second place of a pair
lies anywhere in the picture: among `n` pairs, `k` within a distance `e` then have an expected number of

    hypotheses × P(Binomial(n - 1, π e² / area) >= k - 1)

false alarms in one picture, the least over a few distances.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import lgamma, log

import numpy as np
from numpy.typing import NDArray

from forensics.traces.selfmatch import Keypoints, Pairs

Floats = NDArray[np.float64]

DISTANCES = (1.0, 2.0, 4.0, 8.0)
"""Pixels within which a pair obeys a transform; the best of them is taken."""
FEWEST = 4
"""Distinct places at each end."""
_TRIED = 400
_GROWTH = 0.7
"""Octaves by which a pair's growth may be off."""
_TURN = 0.5
"""Radians by which its turn may be off."""
_SCALES = (0.4, 2.5)
_SKEW = 1.3
_PLACE = 4.0
"""Pixels: points within one square of this side are one place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consensus:
    """Pairs that obey one transform.

    Attributes:
        matrix: Shape (2, 3), affine: pixels of the one end to pixels of the other.
        mirrored: Whether the transform mirrors.
        source: Places at the one end, shape (n, 2), pixels.
        target: Places at the other end, same shape.
        places: Distinct places, at the end that has fewer.
        log_nfa: Decimal logarithm of the expected number of false alarms.
    """

    matrix: Floats
    mirrored: bool
    source: Floats
    target: Floats
    places: int
    log_nfa: float


def agreements(
    points: Keypoints, pairs: Pairs, shape: tuple[int, ...], most: int
) -> Iterator[Consensus]:
    """Yields the transforms that most pairs obey, the best first; no pair counts for two of them.

    Args:
        points: Of one picture.
        pairs: Of these points.
        shape: Of the picture: height, width.
        most: How many at most.
    """
    left = np.ones(len(pairs), bool)
    for _ in range(most):
        if left.sum() < FEWEST:
            return
        found = _best(points, pairs, left, shape)
        if found is None:
            return
        consensus, used = found
        left[used] = False
        yield consensus


def moved(matrix: Floats, at: Floats) -> Floats:
    """Returns the points `at`, shape (n, 2), as the 2 × 3 `matrix` moves them."""
    result: Floats = at @ matrix[:, :2].T + matrix[:, 2]
    return result


def inverse(matrix: Floats) -> Floats:
    """Returns the affine transform, shape (2, 3), that undoes another."""
    back = np.linalg.inv(matrix[:, :2])
    return np.column_stack([back, -back @ matrix[:, 2]])


def _best(
    points: Keypoints, pairs: Pairs, left: NDArray[np.bool_], shape: tuple[int, ...]
) -> tuple[Consensus, NDArray[np.intp]] | None:
    usable = np.flatnonzero(left)
    near = usable[np.argsort(pairs.distance[usable], kind="stable")]
    # Each pair is read in both directions: it does not tell which end is the copy.
    one = np.concatenate([pairs.one[near], pairs.other[near]])
    other = np.concatenate([pairs.other[near], pairs.one[near]])
    growth = np.log2(points.size[other] / points.size[one])
    sign = -1.0 if pairs.mirrored else 1.0
    turn = points.angle[other] - sign * points.angle[one]
    flip = np.diag([1.0, sign])
    source, target = points.at[one], points.at[other]
    tried = np.arange(min(len(near), _TRIED))
    scale = np.exp2(growth[tried])
    cos, sin = scale * np.cos(turn[tried]), scale * np.sin(turn[tried])
    linear = np.stack([np.stack([cos, -sin], -1), np.stack([sin, cos], -1)], -2) @ flip
    shift = target[tried] - np.einsum("hij,hj->hi", linear, source[tried])
    off = np.einsum("hij,nj->hni", linear, source) + shift[:, None] - target
    agree = np.hypot(off[..., 0], off[..., 1]) < 2 * DISTANCES[-1]
    agree &= np.abs(growth - growth[tried][:, None]) < _GROWTH
    agree &= np.abs(_wrapped(turn - turn[tried][:, None])) < _TURN
    votes = agree.sum(axis=1)
    best: tuple[Consensus, NDArray[np.bool_]] | None = None
    for first in np.argsort(-votes, kind="stable")[:8]:
        if votes[first] < FEWEST:
            break
        inside = agree[first]
        matrix = None
        for reach in (8.0, 6.0, 4.0, 3.0, 3.0):
            if inside.sum() < FEWEST:
                break
            matrix = affine(source[inside], target[inside])
            if not plausible(matrix):
                matrix = None
                break
            off_now = moved(matrix, source) - target
            inside = np.hypot(off_now[:, 0], off_now[:, 1]) < reach
            inside &= np.abs(_wrapped(turn - turn[first])) < _TURN
            inside &= np.abs(growth - growth[first]) < _GROWTH
        if matrix is None:
            continue
        consensus = _judged(matrix, source, target, inside, len(near), pairs.mirrored, shape)
        if consensus and (best is None or consensus.log_nfa < best[0].log_nfa):
            best = consensus, inside
    if best is None:
        return None
    half = len(near)
    return best[0], near[np.flatnonzero(best[1][:half] | best[1][half:])]


def _judged(
    matrix: Floats,
    source: Floats,
    target: Floats,
    inside: NDArray[np.bool_],
    pairs: int,
    mirrored: bool,
    shape: tuple[int, ...],
) -> Consensus | None:
    off = moved(matrix, source) - target
    far = np.hypot(off[:, 0], off[:, 1])
    found: Consensus | None = None
    for distance in DISTANCES:
        kept = inside & (far < distance)
        # A turn by half or a mirror is its own inverse: a pair obeys it in both directions.
        kept[pairs:] &= ~kept[:pairs]
        places = min(_distinct(source[kept]), _distinct(target[kept]))
        if places < FEWEST:
            continue
        chance = min(0.5, np.pi * distance**2 / (shape[0] * shape[1]))
        log_nfa = np.log10(2 * pairs * len(DISTANCES)) + _log_tail(pairs - 1, places - 1, chance)
        if found is None or log_nfa < found.log_nfa:
            found = Consensus(
                matrix=matrix,
                mirrored=mirrored,
                source=source[kept],
                target=target[kept],
                places=places,
                log_nfa=float(log_nfa),
            )
    return found


def _log_tail(trials: int, least: int, chance: float) -> float:
    """Returns the decimal logarithm of P(Binomial(trials, chance) >= least)."""
    if least <= 0:
        return 0.0
    if least > trials:
        return -np.inf
    counts = range(least, min(trials, least + 60) + 1)
    logs = np.array(
        [
            lgamma(trials + 1) - lgamma(k + 1) - lgamma(trials - k + 1)
            + k * log(chance) + (trials - k) * log(1 - chance)
            for k in counts
        ]
    )  # fmt: skip
    top = float(logs.max())
    return min(0.0, (top + log(float(np.exp(logs - top).sum()))) / log(10))


def affine(source: Floats, target: Floats) -> Floats:
    """Returns the affine transform of least squares, shape (2, 3), drawn a little to a similarity.

    Few points, or points in a line, leave shear and stretch open: the similarity (S. Umeyama, 1991, with a
    mirror where that fits better) then decides.
    """
    middle, aim = source.mean(axis=0), target.mean(axis=0)
    a, b = source - middle, target - aim
    u, d, v = np.linalg.svd(b.T @ a)
    linear = (d.sum() / max(float((a**2).sum()), 1e-9)) * (u @ v)
    rest = b - a @ linear.T
    gram = a.T @ a
    pull = (0.5 / len(source) * np.trace(gram) + 1e-6) * np.eye(2)
    linear = linear + np.linalg.solve(gram + pull, a.T @ rest).T
    return np.column_stack([linear, aim - linear @ middle])


def plausible(matrix: Floats) -> bool:
    """Returns whether an affine transform scales within bounds and skews little."""
    if not np.all(np.isfinite(matrix)):
        return False
    large, small = np.linalg.svd(matrix[:, :2], compute_uv=False)
    return bool(_SCALES[0] <= small and large <= _SCALES[1] and large <= _SKEW * small)


def _distinct(at: Floats) -> int:
    return len(np.unique(np.floor(at / _PLACE).astype(np.int64), axis=0)) if len(at) else 0


def _wrapped(angle: Floats) -> Floats:
    wrapped: Floats = (angle + np.pi) % (2 * np.pi) - np.pi
    return wrapped
