"""Where on the earth does a map lie, as far as its labels tell, and could chance explain it?

The labels that agree roughly (`forensics.maps.consensus`) are fitted with each projection. The likeliest is
taken, by what each label misses when it is left out of the fit (Stone 1974), where any label may stand
astray; others that are about as likely widen the errors. Residuals are of labels left out as well. How many
agreements as good chance would give is reckoned as in a-contrario detection (Desolneux, Moisan, Morel 2008),
and the same search over shuffled labels must bear it out. Five independent labels are demanded at the least:
over 90 shuffled maps chance reached four.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.stats import binom

from forensics.maps.consensus import TRIED, Asked, agreeing, asked, chosen, independent
from forensics.maps.geography import distances_km
from forensics.maps.projections import MERCATOR, MODELS, Model, Points
from forensics.model.map import ControlPoint, Label, Placement, Unmatched

FEWEST: Final = MERCATOR.needs()
SHUFFLES: Final = 40
SHUFFLED_TRIES: Final = 600
MAX_CHANCE: Final = 0.001
"""Expected fits by shuffled labels above which a map is not placed."""
FAR: Final = 0.03
"""Of the labels' extent: a label that misses by more belongs to no fit, however the others miss."""
LEAST_SIGMA: Final = 1.0
"""Pixels: nobody draws a dot, and no reader finds it, more exactly than that."""
CUT: Final = 3.5
"""Labels that miss by more than this many times the usual miss do not belong to the fit."""
ROUNDS: Final = 8
ASTRAY: Final = 0.2
"""Share of labels that stand anywhere, as it is supposed before they are looked at."""
RARE: Final = 6.0
"""Added to the criterion for each two parameters by which a picture is freer than a turned and scaled one."""
AS_GOOD: Final = 6.0
"""By how much the criteria of two fits differ, if the better one is twenty times as likely."""


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
        rivals: Other projections that fit the labels about as well.
    """

    model: Model
    parameters: NDArray[np.float64]
    group: NDArray[np.intp]
    sigma: float
    leverage: NDArray[np.float64]
    covariance: NDArray[np.float64]
    rivals: tuple[Fit, ...] = ()

    def ground(self, pixels: Points) -> Points:
        """Returns the longitudes and latitudes of points of the picture."""
        return self.model.ground(self.parameters, pixels)

    def error_km(self, pixels: Points) -> NDArray[np.float64]:
        """Returns by how much `ground` may be off at each point: two standard errors, in km.

        It holds the spread of the labels' own misses, since what is drawn elsewhere misses as they do; and
        how far off other projections put the point that fit about as well.
        """
        here = self.ground(pixels)
        step = 0.01 * np.eye(2)
        east, north = ((self.model.pixels(self.parameters, here + d) - pixels) / 0.01 for d in step)
        spread = self._spread(here)
        inverse = np.linalg.pinv(np.stack((east, north), axis=2))
        ground = inverse @ spread @ np.swapaxes(inverse, 1, 2)
        km = 111.2 * np.column_stack((np.cos(np.radians(here[:, 1])), np.ones(len(here))))
        variance = np.einsum("nii,ni->n", ground, km**2)
        return np.asarray(np.hypot(2 * np.sqrt(variance), self.apart_km(pixels)), np.float64)

    def apart_km(self, pixels: Points) -> NDArray[np.float64]:
        """Returns how far from where this fit puts them its rivals put points, at most, in km."""
        here = self.ground(pixels)
        apart = [distances_km(here, rival.ground(pixels)) for rival in self.rivals]
        return np.asarray(np.max([np.zeros(len(pixels)), *apart], axis=0), np.float64)

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
    shuffled = _shuffled(given, count, seed)
    chance = max(expected(given, fit), shuffled / SHUFFLES)
    points = _control_points(named, given, fit)
    residuals = sorted(p.residual_km / max(1 - p.leverage, 0.05) for p in points if p.accepted)
    placed = chance <= MAX_CHANCE
    why = f"{count} independent labels agree on one projection"
    if shuffled:
        why += f", but so many agree in {shuffled} of {SHUFFLES} ways to shuffle the labels."
    elif not placed:
        why += ", but so loosely that chance could bring it about."
    else:
        why += (
            f"; in none of {SHUFFLES} ways to shuffle the labels do so many.{_rivals(given, fit)}"
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
    """The fit that describes the labels best, with those of other projections that do so about as well."""
    fits = [
        fit
        for group in agreeing(given)
        for model in MODELS
        if (fit := _grown(given, model, group)) is not None
        and fit.model.plausible(fit.parameters, given.places[fit.group])
        and independent(given, fit.group) >= fit.model.needs()
    ]
    if not fits:
        return None
    named = np.unique(given.owner[np.concatenate([fit.group for fit in fits])])
    judged = sorted(
        (_criterion(given, fit, named), fit.model.freedom, i) for i, fit in enumerate(fits)
    )
    near = [fits[i] for criterion, _, i in judged if criterion <= judged[0][0] + AS_GOOD]
    rivals = {fit.model.name: fit for fit in reversed(near) if fit.model is not near[0].model}
    return replace(near[0], rivals=tuple(rivals.values()))


def _rivals(given: Asked, fit: Fit) -> str:
    """What is to be said of other projections that fit about as well; nothing if it makes no difference."""
    if not fit.rivals:
        return ""
    low, high = given.pixels.min(axis=0), given.pixels.max(axis=0)
    grid = np.stack(np.meshgrid(*np.linspace(low, high, 9).T), axis=-1).reshape(-1, 2)
    apart = fit.apart_km(grid)
    alone = replace(fit, rivals=()).error_km(grid)
    if not (apart > alone).any():
        return ""
    names = " and ".join(rival.model.name for rival in fit.rivals)
    return (
        f" Other projections fit about as well ({names}) and put points of the graphic up to"
        f" {apart.max():.0f} km off this one: the errors of what is measured hold that."
    )


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
        limit = np.minimum(limit, FAR * given.extent + given.slack[given.owner])
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
        covariance=np.asarray(inverse * max(unit, 0.25), np.float64),
    )


def _criterion(given: Asked, fit: Fit, named: NDArray[np.intp]) -> float:
    """How badly a fit describes labels: twice the negative logarithm of their likelihood.

    A label misses its place as the others do, or stands anywhere (`ASTRAY` of them): a loose fit that takes
    in a few more labels is no better for it. Labels that the fit rests on miss by what they do when they
    are left out of it: freedom costs what it gains by bending. All fits are judged by the same labels.
    """
    shown = fit.model.pixels(fit.parameters, given.places)
    miss = np.hypot(*(shown - given.pixels[given.owner]).T)
    miss[fit.group] /= np.maximum(1 - fit.leverage, 0.05)
    starts = np.flatnonzero(np.diff(given.owner, prepend=-1))
    nearest = np.minimum.reduceat(miss, starts)[np.searchsorted(given.owner[starts], named)]
    variance = fit.sigma**2 + (given.slack[named] / 2) ** 2
    fits = (1 - ASTRAY) * np.exp(-(nearest**2) / (2 * variance)) / (2 * np.pi * variance)
    low, high = given.pixels.min(axis=0), given.pixels.max(axis=0)
    anywhere = ASTRAY / float(np.prod(np.maximum(high - low, 1.0)))
    # Stretched and tilted pictures are rare, and bend to misplaced labels: they must be clearly better.
    rare = RARE * (fit.model.picture - 4) / 2
    return float(-2 * np.log(fits + anywhere).sum() + rare)


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


def expected(given: Asked, fit: Fit) -> float:
    """Returns how many fits as good are expected of labels that stand anywhere.

    Of n labels k agree, the worst of them missing by r. A label that stands anywhere has a candidate within
    r of it with probability p: the area that its candidates' circles cover of the labels' own. Two labels
    fix a fit; the others agree by chance as the binomial law has it; and as many fits were tried as there
    are pairs of candidates, times the projections.
    """
    shown = fit.model.pixels(fit.parameters, given.places)
    miss = np.hypot(*(shown - given.pixels[given.owner]).T)[fit.group]
    low, high = given.pixels.min(axis=0), given.pixels.max(axis=0)
    inside = float(np.all((shown >= low) & (shown <= high), axis=1).sum())
    n, k = len(given.pixels), independent(given, fit.group)
    area = float(np.prod(np.maximum(high - low, 1.0)))
    radius = max(float(miss.max()), LEAST_SIGMA)
    p = min(1.0, max(inside / n, 1.0) * np.pi * radius**2 / area)
    pairs = min(len(given.owner) ** 2 / 2, TRIED) * len(MODELS)
    free = (fit.model.freedom - 4 + 1) // 2
    return float(min(pairs * binom.sf(max(k - 3 - free, 0), n - 2, p), pairs))


def _shuffled(given: Asked, count: int, seed: int) -> int:
    """In how many of `SHUFFLES` shuffles of the labels' points as many independent ones agree."""
    chooser = np.random.default_rng(seed)
    as_good = 0
    for _ in range(SHUFFLES):
        mixed = given.shuffled(chooser.permutation(len(given.pixels)))
        groups = agreeing(mixed, SHUFFLED_TRIES)
        as_good += any(independent(mixed, group) >= count for group in groups)
    return as_good


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
