"""Where does one picture lie on another? Local codes are matched and one transform is sought that most obey.

Every local code comes with a place, a size and an angle, so that a single pair of codes already suggests
a similarity (shift, turn, scale). Each of the closest pairs is tried, those that most others agree with are
refined by least squares to an affine transform, and to a perspective one where that explains more. It is
the consensus of M. Fischler and R. Bolles (RANSAC, 1981) without its chance: nothing is drawn at random.

Codes that recur in their own picture (windows, letters, a fence) fit anywhere and so say little; a pair
counts only if neither side has a second, nearly as good partner somewhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.model import LocalCodes
from forensics.signatures.local import BUDGET, CODE_BYTES, ORB_GRID, POINT_BYTES, SIFT_GRID

Floats = NDArray[np.float64]

FARTHEST = {ORB_GRID: 66, SIFT_GRID: 70}
"""Bits within which two codes may be a pair, per scheme."""

_MOST = 2 * BUDGET
_MARGIN = 0.9
"""The second-best partner of a code that counts is farther than the best by one part in this."""
_ELSEWHERE = 8.0
"""Pixels from which on another partner is somewhere else."""
_TRIED = 160
"""Pairs that are tried as a first suggestion, closest first."""
_REFINED = 6
_TURN = np.pi / 8
"""An inlier's angle may be off by this much, and its size by a factor of two to the power of `_GROWTH`."""
_GROWTH = 0.6
_LOOSE = 0.05
_TIGHT = 0.012
"""Shares of the query's long side by which an inlier may be off: for a suggestion, at the end."""
_FEWEST = 4
_SCALES = (0.08, 12.0)
_SKEW = 2.0
"""An affine transform may scale one direction this much more than another."""
_PERSPECTIVE_FROM = 12
_PERSPECTIVE_GAIN = 1.15


@dataclass(frozen=True, slots=True)
class Points:
    """The points of one `LocalCodes` as arrays.

    Attributes:
        at: Pixels from the top left corner, shape (n, 2), x first.
        log_size: Shape (n,), base 2, in pixels.
        angle: Shape (n,), radians.
        codes: Shape (n, 4), uint64.
    """

    at: Floats
    log_size: Floats
    angle: Floats
    codes: NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """How a reference picture lies on a query picture.

    Attributes:
        matrix: Shape (3, 3): pixels of the reference to pixels of the query.
        inliers: Pairs of distinct places that obey it.
        at_query: Where they are on the query, shape (inliers, 2), pixels.
    """

    matrix: Floats
    inliers: int
    at_query: Floats


def unpack(local: LocalCodes) -> Points:
    """Returns the points and codes of `local` as arrays: those that are whole, and no more than `_MOST`."""
    count = min(len(local.points) // POINT_BYTES, len(local.codes) // CODE_BYTES, _MOST)
    raw = np.frombuffer(local.points, dtype=np.uint8, count=count * POINT_BYTES)
    table = raw.reshape(count, POINT_BYTES)
    across = np.ascontiguousarray(table[:, :4]).view(">u2").astype(np.float64)
    codes = np.frombuffer(local.codes, dtype=np.uint8, count=count * CODE_BYTES)
    return Points(
        at=across / 65535 * np.array([local.width, local.height]),
        log_size=table[:, 4].astype(np.float64) / 16,
        angle=table[:, 5].astype(np.float64) * (2 * np.pi / 256),
        codes=codes.view(np.uint64).reshape(count, 4),
    )


def differing(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """Returns the bits that differ between all codes of two sets, shape (len(one), len(other))."""
    total = np.zeros((len(one), len(other)), dtype=np.uint16)
    for word in range(one.shape[1]):
        total += np.bitwise_count(one[:, word, None] ^ other[None, :, word])
    return total


def place(query: Sequence[LocalCodes], reference: Sequence[LocalCodes]) -> Placement | None:
    """Returns how the reference lies on the query, or None where no transform explains four pairs.

    The pairs of all schemes are judged together.

    Args:
        query: Codes of the query picture (or of its mirror image, and the answer is for that).
        reference: Codes of the reference; schemes that only one side has are left out.
    """
    other = {codes.scheme: codes for codes in reference}
    both = [(codes, other[codes.scheme]) for codes in query if codes.scheme in other]
    found = [_pairs(unpack(a), unpack(b), FARTHEST[a.scheme]) for a, b in both]
    if sum(len(pairs.rank) for pairs in found) < _FEWEST:
        return None
    side = float(max(max(codes.width, codes.height) for codes in query))
    consensus = _Consensus(_together(found), side)
    best: Placement | None = None
    for matrix in consensus.suggestions():
        refined = consensus.refined(matrix)
        if refined is not None and (best is None or refined.inliers > best.inliers):
            best = refined
    return None if best is None else consensus.with_perspective(best)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of points that may be the same place, each at the same position in every array.

    Attributes:
        query: Pixels on the query, shape (n, 2).
        reference: Pixels on the reference, shape (n, 2).
        growth: How many octaves larger the query's is.
        turn: Radians from the reference's angle to the query's.
        rank: Bits that differ in parts of those allowed: the smaller, the better.
    """

    query: Floats
    reference: Floats
    growth: Floats
    turn: Floats
    rank: Floats


def _together(found: Sequence[_Pairs]) -> _Pairs:
    """Returns the pairs of all schemes in one, closest first."""
    columns = [
        np.concatenate([getattr(pairs, name) for pairs in found])
        for name in ("query", "reference", "growth", "turn", "rank")
    ]
    order = np.argsort(columns[-1], kind="stable")
    return _Pairs(*(column[order] for column in columns))


def _pairs(ours: Points, theirs: Points, farthest: int) -> _Pairs:
    """Returns the pairs of one scheme that count."""
    if min(len(ours.at), len(theirs.at)) == 0:
        none = np.empty(0)
        return _Pairs(np.empty((0, 2)), np.empty((0, 2)), none, none, none)
    distance = differing(ours.codes, theirs.codes)
    best, back = distance.argmin(axis=1), distance.argmin(axis=0)
    nearest = distance[np.arange(len(distance)), best]
    left = np.flatnonzero((nearest <= farthest) & _near(ours.at[back[best]], ours.at))
    right = best[left]
    # Of unrelated pictures few pairs are left by now, and only for those are second ones sought.
    most = _MARGIN * np.minimum(
        _second(distance[left], theirs.at, right),
        _second(distance.T[right], ours.at, back[right]),
    )
    keep = nearest[left] < most
    left, right = left[keep], right[keep]
    return _Pairs(
        query=ours.at[left],
        reference=theirs.at[right],
        growth=ours.log_size[left] - theirs.log_size[right],
        turn=_wrapped(ours.angle[left] - theirs.angle[right]),
        rank=nearest[left] / farthest,
    )


def _near(one: Floats, other: Floats) -> NDArray[np.bool_]:
    across, down = one[..., 0] - other[..., 0], one[..., 1] - other[..., 1]
    near: NDArray[np.bool_] = across * across + down * down < _ELSEWHERE**2
    return near


def _second(distance: NDArray[np.uint16], at: Floats, best: NDArray[np.intp]) -> NDArray[np.uint16]:
    """Returns for each row the least distance to a column that lies elsewhere than the best one."""
    here = _near(at[best][:, None], at[None, :])
    second: NDArray[np.uint16] = np.where(here, 8 * CODE_BYTES, distance).min(axis=1)
    return second


@dataclass(frozen=True, slots=True)
class _Consensus:
    """The search for the transform that most pairs agree on."""

    pairs: _Pairs
    side: float

    def suggestions(self) -> Iterator[Floats]:
        """Yields the similarities that most pairs agree with, the best first, no two alike."""
        growth, turn = self.pairs.growth[:_TRIED], self.pairs.turn[:_TRIED]
        scale = np.exp2(growth)
        cos, sin = scale * np.cos(turn), scale * np.sin(turn)
        linear = np.stack([np.stack([cos, -sin], -1), np.stack([sin, cos], -1)], -2)
        ours, theirs = self.pairs.query, self.pairs.reference
        shift = ours[: len(linear)] - np.einsum("hij,hj->hi", linear, theirs[: len(linear)])
        moved = np.einsum("hij,nj->hni", linear, theirs) + shift[:, None]
        off = np.sqrt(((moved - ours) ** 2).sum(-1))
        agree = off < _LOOSE * self.side
        agree &= np.abs(self.pairs.growth - growth[:, None]) < _GROWTH
        agree &= np.abs(_wrapped(self.pairs.turn - turn[:, None])) < _TURN
        votes = agree.sum(axis=1)
        taken = np.zeros(len(votes), dtype=bool)
        for _ in range(_REFINED):
            votes_left = np.where(taken, 0, votes)
            first = int(votes_left.argmax())
            if votes_left[first] < _FEWEST:
                return
            matrix = np.eye(3)
            matrix[:2, :2], matrix[:2, 2] = linear[first], shift[first]
            yield matrix
            # What agreed with this one would suggest the same again.
            taken |= agree[first, : len(votes)]
            taken[first] = True

    def refined(self, matrix: Floats) -> Placement | None:
        """Returns the affine transform that the inliers of `matrix` and then its own inliers fit best."""
        best: Placement | None = None
        for share in (_LOOSE, 0.6 * _LOOSE, 0.6 * _LOOSE, 2 * _TIGHT, _TIGHT, _TIGHT):
            inside = self._inside(matrix, share)
            if _distinct(self.pairs.query[inside]) < _FEWEST:
                break
            fit = _similarity if share > 2 * _TIGHT else _affine
            matrix = fit(self.pairs.reference[inside], self.pairs.query[inside])
            if not plausible(matrix):
                break
            if share == _TIGHT:
                found = self._placement(matrix)
                if best is None or found.inliers >= best.inliers:
                    best = found
        return best if best is not None and best.inliers >= _FEWEST else None

    def with_perspective(self, found: Placement) -> Placement:
        """Returns a perspective transform instead of an affine one where clearly more pairs obey it."""
        possible = _distinct(self.pairs.query)
        if found.inliers < _PERSPECTIVE_FROM or possible < _PERSPECTIVE_GAIN * found.inliers:
            return found
        matrix, best = found.matrix, found
        for share in (4 * _TIGHT, 3 * _TIGHT, 2 * _TIGHT, _TIGHT, _TIGHT):
            inside = self._inside(matrix, share)
            if _distinct(self.pairs.query[inside]) < _PERSPECTIVE_FROM:
                break
            matrix = _projective(self.pairs.reference[inside], self.pairs.query[inside])
            if not plausible(matrix, self.pairs.reference[inside]):
                break
            one = self._placement(matrix)
            if one.inliers > best.inliers:
                best = one
        return best if best.inliers >= _PERSPECTIVE_GAIN * found.inliers else found

    def _placement(self, matrix: Floats) -> Placement:
        inside = self._inside(matrix, _TIGHT)
        ours = self.pairs.query[inside]
        count = min(_distinct(ours), _distinct(self.pairs.reference[inside]))
        return Placement(matrix=matrix, inliers=count, at_query=ours)

    def _inside(self, matrix: Floats, share: float) -> NDArray[np.bool_]:
        """Returns which pairs lie within `share` of the query's side of where `matrix` puts them."""
        linear = matrix[:2, :2]
        growth = 0.5 * np.log2(max(abs(float(np.linalg.det(linear))), 1e-9))
        turn = np.arctan2(linear[1, 0] - linear[0, 1], linear[0, 0] + linear[1, 1])
        off = np.sqrt(((moved_by(matrix, self.pairs.reference) - self.pairs.query) ** 2).sum(-1))
        inside: NDArray[np.bool_] = off < share * self.side
        inside &= np.abs(self.pairs.growth - growth) < 1.5 * _GROWTH
        inside &= np.abs(_wrapped(self.pairs.turn - turn)) < 1.5 * _TURN
        return inside


def moved_by(matrix: Floats, at: Floats) -> Floats:
    """Returns the points `at`, shape (n, 2), as the 3 × 3 `matrix` moves them."""
    homogeneous = at @ matrix[:, :2].T + matrix[:, 2]
    depth = homogeneous[:, 2:]
    moved: Floats = homogeneous[:, :2] / np.where(np.abs(depth) < 1e-9, 1e-9, depth)
    return moved


def plausible(matrix: Floats, at: Floats | None = None) -> bool:
    """Returns whether a transform keeps sides, scales within bounds and skews little.

    Args:
        matrix: Shape (3, 3).
        at: Points that must all lie in front of the camera; None for an affine transform.
    """
    if not np.all(np.isfinite(matrix)):
        return False
    if at is not None:
        depth = at @ matrix[2, :2] + matrix[2, 2]
        if depth.min() < 0.4 * depth.max():
            return False
        centre = at.mean(axis=0)
        step = moved_by(matrix, centre + np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
        linear = np.stack([step[1] - step[0], step[2] - step[0]], axis=1)
    else:
        linear = matrix[:2, :2]
    if np.linalg.det(linear) <= 0:
        return False
    large, small = np.linalg.svd(linear, compute_uv=False)
    return bool(_SCALES[0] <= small and large <= _SCALES[1] and large <= _SKEW * small)


def _wrapped(angle: Floats) -> Floats:
    wrapped: Floats = (angle + np.pi) % (2 * np.pi) - np.pi
    return wrapped


def _distinct(at: Floats) -> int:
    """Returns how many of the points are distinct places: those in one square of 6 pixels are one."""
    squares = np.floor(at / 6).astype(np.int64)
    return len(set((squares[:, 0] * 100_003 + squares[:, 1]).tolist()))


def _similarity(source: Floats, target: Floats) -> Floats:
    """Returns the similarity of least squares (S. Umeyama, 1991), shape (3, 3)."""
    middle, aim = source.mean(axis=0), target.mean(axis=0)
    a, b = source - middle, target - aim
    spread = max(float((a**2).sum()), 1e-9)
    cos = float((a * b).sum()) / spread
    sin = float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()) / spread
    linear = np.array([[cos, -sin], [sin, cos]])
    matrix = np.eye(3)
    matrix[:2, :2], matrix[:2, 2] = linear, aim - linear @ middle
    return matrix


def _affine(source: Floats, target: Floats) -> Floats:
    """Returns the affine transform of least squares, drawn a little to the best similarity.

    Few or collinear points leave skew and stretch open: the similarity then decides.
    """
    start = _similarity(source, target)
    middle = source.mean(axis=0)
    a = source - middle
    rest = target - moved_by(start, source)
    gram = a.T @ a
    pull = 0.1 / len(source) * np.trace(gram) * np.eye(2)
    change = np.linalg.solve(gram + pull + 1e-6 * np.eye(2), a.T @ (rest - rest.mean(axis=0))).T
    matrix = start.copy()
    matrix[:2, :2] += change
    matrix[:2, 2] += rest.mean(axis=0) - change @ middle
    return matrix


def _projective(source: Floats, target: Floats) -> Floats:
    """Returns the perspective transform of least algebraic error, shape (3, 3), lower right 1."""
    to_source, a = _centred(source)
    to_target, b = _centred(target)
    ones, zeros = np.ones(len(a)), np.zeros(len(a))
    x, y = a.T
    u, v = b.T
    rows = np.concatenate(
        [
            np.stack([x, y, ones, zeros, zeros, zeros, -u * x, -u * y, -u], axis=1),
            np.stack([zeros, zeros, zeros, x, y, ones, -v * x, -v * y, -v], axis=1),
        ]
    )
    answer = np.linalg.eigh(rows.T @ rows)[1][:, 0].reshape(3, 3)
    matrix: Floats = np.linalg.inv(to_target) @ answer @ to_source
    return matrix / matrix[2, 2] if abs(matrix[2, 2]) > 1e-12 else np.full((3, 3), np.nan)


def _centred(at: Floats) -> tuple[Floats, Floats]:
    """Returns the transform that centres points and brings them to unit spread, and those points."""
    middle = at.mean(axis=0)
    spread = max(float(np.sqrt(((at - middle) ** 2).sum(axis=1).mean())), 1e-9)
    matrix = np.array(
        [[1 / spread, 0, -middle[0] / spread], [0, 1 / spread, -middle[1] / spread], [0, 0, 1]]
    )
    return matrix, (at - middle) / spread
