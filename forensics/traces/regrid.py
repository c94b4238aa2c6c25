"""On which grids a picture may have been saved as JPEG, and with which steps on them.

A grid shows in the zeros that quantisation left (`forensics.traces.grid`), even where another grid has
more of them; which of the likeliest ones it was, and how coarse, shows in the steps
(`forensics.traces.combs`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forensics.traces import combs
from forensics.traces.coefficients import SIDE, coefficients
from forensics.traces.earlier import Saving
from forensics.traces.grid import NONE, vote

MOST_VOTES: Final = 1_000_000
"""Pixels, in the middle of the picture, that vote for grids."""

MOST: Final = 2_000_000
"""Pixels whose blocks are looked at on each grid."""

LEAST: Final = 64
GRIDS: Final = 4
"""Grids that are tried, those that most pixels vote for."""

ORIGINS: Final = SIDE * SIDE
"""Grids that there are: what is found on one of them may be chance's choice of all."""

Light = NDArray[np.float32]
Place = tuple[int, int]
"""Column and row, 0 to 7, at which the first whole block of a grid begins."""


def middle(light: Light, most: int) -> tuple[Light, int, int]:
    """Returns the middle of a picture, of about `most` pixels, with its column and row, multiples of 8."""
    height, width = light.shape
    share = min(1.0, math.sqrt(most / (height * width)))
    tall, wide = (min(side, max(LEAST, int(side * share))) for side in (height, width))
    y, x = ((side - part) // 2 // SIDE * SIDE for side, part in ((height, tall), (width, wide)))
    return light[y : y + tall, x : x + wide], x, y


def saved_on(
    light: Light, own: Place | None, check: Callable[[], None] = lambda: None
) -> tuple[Saving, Place] | None:
    """Returns the clearest saving as JPEG that left its steps, with its grid; None where there is none.

    Args:
        light: Brightness, shape (height, width).
        own: The grid of the file's own coding, which is left out; None where it has none.
        check: Called now and then; may raise.
    """
    part, _, _ = middle(light, MOST)
    found = []
    for place in likely(light, own, check):
        check()
        saving = combs.best(coefficients(part, *place), ORIGINS)
        if saving:
            found.append((saving, place))
    return min(found, key=lambda pair: (pair[0].log_nfa, pair[1])) if found else None


def likely(
    light: Light, own: Place | None, check: Callable[[], None] = lambda: None
) -> tuple[Place, ...]:
    """Returns the grids that most pixels vote for, none that shares a line with the own one.

    On a line with the own grid, blocks are put together of two blocks of its own, and smooth ones have
    steps of theirs.
    """
    part, _, _ = middle(light, MOST_VOTES)
    grey = np.clip(np.rint(part), 0, 255).astype(np.uint8)
    found = vote(np.repeat(grey[:, :, None], 3, axis=2), check)
    counts = np.bincount(found[found != NONE], minlength=ORIGINS)
    order = [(int(n) % SIDE, int(n) // SIDE) for n in np.argsort(-counts, kind="stable")]
    if own is None:  # the edge may be the grid of a saving too fine to leave zeros
        return tuple(dict.fromkeys([(0, 0), *order[:GRIDS]]))
    return tuple(at for at in order if at[0] != own[0] and at[1] != own[1])[:GRIDS]
