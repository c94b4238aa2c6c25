"""Where on the earth does a map lie, as far as its labels tell, and could chance explain it?

The labels that agree roughly (`forensics.maps.consensus`) are fitted with each projection; Akaike's criterion
for small samples (Hurvich and Tsai 1989) weighs what a projection explains against its freedom. Each
residual is what the label's point misses when it is left out of the fit. The same search over shuffled
labels tells how many agreements chance would give. Five independent labels are demanded: over 90 shuffled
maps chance reached four.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from forensics.maps.consensus import Asked, agreeing, asked, chosen, independent
from forensics.maps.geography import distances_km
from forensics.maps.projections import MERCATOR, MODELS, Model, Points
from forensics.model.map import ControlPoint, Label, Placement, Unmatched

FEWEST: Final = MERCATOR.needs()
SHUFFLES: Final = 60
SHUFFLED_TRIES: Final = 1000
MAX_CHANCE: Final = 0.02
"""Expected fits by shuffled labels above which a map is not placed."""
LEAST_SIGMA: Final = 1.0
"""Pixels: nobody draws a dot, and no reader finds it, more exactly than that."""
CUT: Final = 3.5
"""Labels that miss by more than this many times the usual miss do not belong to the fit."""
ROUNDS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A projection fitted to labels.

    Attributes:
        model: Which.
        parameters: Its own.
        group: Candidates that it rests on (indexes into `Asked.places`).
        sigma: Usual miss of a label's point, in pixels.
        leverage: (len(group),) share of each point in its own fitted position.
        covariance: Of the parameters.
    """

    model: Model
    parameters: NDArray[np.float64]
    group: NDArray[np.intp]
    sigma: float
    leverage: NDArray[np.float64]
    covariance: NDArray[np.float64]

    def ground(self, pixels: Points) -> Points:
        """Returns the longitudes and latitudes of points of the picture."""
        return self.model.ground(self.parameters, pixels)

    def error_km(self, pixels: Points) -> NDArray[np.float64]:
        """Returns by how much `ground` may be off at each point: two standard errors, in km.

        It holds the spread of the labels' own misses, since what is drawn elsewhere misses as they do.
        """
        here = self.ground(pixels)
        step = 0.01 * np.eye(2)
        east, north = ((self.model.pixels(self.parameters, here + d) - pixels) / 0.01 for d in step)
        spread = self._spread(here)
        inverse = np.linalg.pinv(np.stack((east, north), axis=2))
        ground = inverse @ spread @ np.swapaxes(inverse, 1, 2)
        km = 111.2 * np.column_stack((np.cos(np.radians(here[:, 1])), np.ones(len(here))))
        variance = np.einsum("nii,ni->n", ground, km**2)
        return np.asarray(2 * np.sqrt(variance), np.float64)

    def _spread(self, points: Points) -> NDArray[np.float64]:
        """Covariance in pixels of where places are shown, (n, 2, 2)."""
        jacobian = _jacobian(self.model, self.parameters, points).reshape(len(points), 2, -1)
        fitted = jacobian @ self.covariance @ np.swapaxes(jacobian, 1, 2)
        return np.asarray(fitted + self.sigma**2 * np.eye(2), np.float64)


def place(labels: Sequence[Label], *, seed: int, gazetteer: str) -> tuple[Placement, Fit | None]:
    """Places a map by its labels.

    Args:
        labels: With their candidates.
        seed: Decides the shuffles.
        gazetteer: Source of the candidates, for the record.

    Returns:
        What can be said, and the fit where there is one, placed or not.
    """
    named = [label for label in labels if label.candidates]
    given = asked(named)
    fit = _best(given) if given is not None else None
    count = independent(given, fit.group) if given is not None and fit is not None else 0
    if given is None or fit is None:
        why = (
            f"Not testable: of {len(labels)} labels, {len(named)} with a place in the gazetteer, fewer than"
            f" {FEWEST} independent ones agree on one projection."
        )
        return Placement(
            placed=False, why=why, unmatched=_unmatched(labels, set()), gazetteer=gazetteer
        ), None
    chance = _chance(given, count, seed)
    points = _control_points(named, given, fit)
    residuals = sorted(p.residual_km / max(1 - p.leverage, 0.05) for p in points if p.accepted)
    placed = chance <= MAX_CHANCE
    why = f"{count} independent labels agree on one projection"
    why += (
        f"; of {SHUFFLES} ways to shuffle the labels none agrees as well."
        if chance == 0
        else f", but shuffled labels agree as well in {round(chance * SHUFFLES)} of {SHUFFLES} ways."
    )
    return Placement(
        placed=placed,
        why=why,
        projection=fit.model.name,
        parameters=tuple(
            (name, float(value))
            for name, value in zip(fit.model.names, fit.parameters, strict=True)
        ),
        freedom=fit.model.freedom,
        residual_km=float(np.median(residuals)),
        worst_km=residuals[-1],
        chance=chance,
        tried=SHUFFLES,
        control_points=tuple(points),
        unmatched=_unmatched(labels, {(p.label, p.x, p.y) for p in points}),
        gazetteer=gazetteer,
    ), fit


def _best(given: Asked) -> Fit | None:
    """The fit with the lowest criterion among those that most labels agree on."""
    grown = [
        fit
        for group in agreeing(given)
        for model in MODELS
        if (fit := _grown(given, model, group)) is not None
        and fit.model.plausible(fit.parameters, given.places[fit.group])
    ]
    fits = [fit for fit in grown if independent(given, fit.group) >= fit.model.needs()]
    if not fits:
        return None
    most = max(len(fit.group) for fit in fits)
    # A freer model may take in one more label by bending to it: that alone is no reason to prefer it.
    near = [fit for fit in fits if len(fit.group) >= 0.85 * most]
    common = np.unique(np.concatenate([fit.group for fit in near]))
    return min(near, key=lambda fit: (_criterion(given, fit, common), fit.model.freedom))


def _grown(given: Asked, model: Model, group: NDArray[np.intp]) -> Fit | None:
    """Fits a model to a group and takes in or drops labels until nothing changes."""
    fit = None
    for _ in range(ROUNDS):
        if 2 * len(group) < model.freedom + 2:
            return fit
        fit = _fitted(given, model, group)
        shown = model.pixels(fit.parameters, given.places)
        miss = np.hypot(*(shown - given.pixels[given.owner]).T)
        limit = np.hypot(CUT * fit.sigma, given.slack[given.owner])
        limit = np.minimum(limit, 0.04 * given.extent + given.slack[given.owner])
        grown = chosen(given, miss / limit)
        if np.array_equal(grown, group):
            break
        group = grown
    return fit


def _fitted(given: Asked, model: Model, group: NDArray[np.intp]) -> Fit:
    places, pixels = given.places[group], given.pixels[given.owner[group]]
    slack = given.slack[given.owner[group]]
    weight = np.repeat(1 / np.hypot(2 * LEAST_SIGMA, slack / 2), 2)
    middle = float(np.clip(places[:, 1].mean(), 15, 75))
    start = model.start(places, pixels, middle)
    scale = np.maximum(np.abs(start), 1e-6)

    def off(parameters: NDArray[np.float64]) -> NDArray[np.float64]:
        shown = model.pixels(parameters * scale, places)
        return np.asarray((shown - pixels).ravel() * weight, np.float64)

    found = least_squares(off, start / scale, method="lm", max_nfev=200)
    parameters = np.asarray(found.x * scale, np.float64)
    left = off(found.x) / weight
    free = max(2 * len(group) - model.freedom, 1)
    jacobian = _jacobian(model, parameters, places) * weight[:, None]
    inverse = np.linalg.pinv(jacobian.T @ jacobian)
    hat = np.einsum("ij,jk,ik->i", jacobian, inverse, jacobian).reshape(-1, 2).mean(axis=1)
    # Robust: half of the misses are smaller than 1.18 sigma for two normal coordinates.
    typical = float(np.median(np.hypot(left[::2], left[1::2]) / np.sqrt(np.maximum(1 - hat, 0.05))))
    sigma = max(LEAST_SIGMA, typical / 1.18)
    unit = float((found.fun**2).sum()) / free
    return Fit(
        model=model,
        parameters=parameters,
        group=group,
        sigma=sigma,
        leverage=np.clip(hat, 0.0, 1.0),
        covariance=inverse * max(unit, 0.25),
    )


def _criterion(given: Asked, fit: Fit, common: NDArray[np.intp]) -> float:
    """Akaike's criterion over the labels that any of the compared fits takes in, misses cut off."""
    shown = fit.model.pixels(fit.parameters, given.places[common])
    miss = np.hypot(*(shown - given.pixels[given.owner[common]]).T)
    slack = np.hypot(LEAST_SIGMA, given.slack[given.owner[common]] / 2)
    square = np.minimum((miss / slack) ** 2, (0.04 * given.extent / LEAST_SIGMA) ** 2)
    n, k = 2 * len(common), fit.model.freedom + 1
    bent = 2 * k * (k + 1) / (n - k - 1) if n > k + 1 else 1e6
    return float(n * np.log(max(float(square.sum()), 1e-3) / n) + 2 * k + bent)


def _jacobian(model: Model, parameters: NDArray[np.float64], points: Points) -> NDArray[np.float64]:
    """How the picture's points move with each parameter: (2n, k), x and y by turns."""
    columns = []
    for index, value in enumerate(parameters):
        step = max(abs(float(value)) * 1e-6, 1e-9)
        moved = parameters.copy()
        moved[index] = value + step
        back = parameters.copy()
        back[index] = value - step
        change = model.pixels(moved, points) - model.pixels(back, points)
        columns.append((change / (2 * step)).ravel())
    return np.column_stack(columns)


def _chance(given: Asked, count: int, seed: int) -> float:
    """Expected agreements of as many independent labels when the labels' points are shuffled."""
    chooser = np.random.default_rng(seed)
    as_good = 0
    for _ in range(SHUFFLES):
        mixed = given.shuffled(chooser.permutation(len(given.pixels)))
        groups = agreeing(mixed, SHUFFLED_TRIES)
        as_good += any(independent(mixed, group) >= count for group in groups)
    return as_good / SHUFFLES


def _control_points(named: Sequence[Label], given: Asked, fit: Fit) -> list[ControlPoint]:
    """The accepted labels, and for each other one the candidate that lies nearest."""
    ground = fit.ground(given.pixels)
    away = distances_km(ground[given.owner], given.places)
    leverage = dict(zip(fit.group.tolist(), fit.leverage.tolist(), strict=True))
    ranks = np.arange(len(given.owner)) - np.searchsorted(given.owner, given.owner)
    points = []
    for index, label in enumerate(named):
        own = np.flatnonzero(given.owner == index)
        taken = [c for c in own.tolist() if c in leverage]
        best = taken[0] if taken else int(own[np.argmin(away[own])])
        points.append(
            ControlPoint(
                label=label.text,
                place=label.candidates[int(ranks[best])].place,
                x=label.x,
                y=label.y,
                fitted_lon=float(ground[index, 0]),
                fitted_lat=float(ground[index, 1]),
                residual_km=float(away[best]),
                leverage=leverage.get(best, 0.0),
                accepted=bool(taken),
                by=label.by,
            )
        )
    return points


def _unmatched(
    labels: Sequence[Label], points: set[tuple[str, float, float]]
) -> tuple[Unmatched, ...]:
    return tuple(
        Unmatched(
            label=label.text,
            x=label.x,
            y=label.y,
            why="The gazetteer has no such place."
            if not label.candidates
            else "Too few labels agree.",
            by=label.by,
        )
        for label in labels
        if (label.text, label.x, label.y) not in points
    )
