"""Which sampled pictures are worth their local codes: distinct neighbours, evenly over the asset."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from forensics.signatures.schemes import differing_bits

NEAR_IDENTICAL = 12
"""Bits of PDQ below which a picture is as good as the one kept before it."""
KEPT = 400
"""Pictures of one asset, at most."""


def kept(
    times: Sequence[Fraction], codes: Sequence[bytes], step: Fraction | None = None
) -> list[int]:
    """Returns the positions of the pictures to keep, in order of time.

    Args:
        times: Of the sampled pictures, in seconds, rising.
        codes: Their PDQ codes.
        step: Seconds between kept pictures, at least; by default a second, two for a minute and more, and
            as much as leaves `KEPT`.
    """
    if not times:
        return []
    length = times[-1] - times[0]
    step = step or max(Fraction(1), min(Fraction(2), length / 30), length / KEPT)
    found: list[int] = []
    for i, (time, code) in enumerate(zip(times, codes, strict=True)):
        if found:
            # Keyframes lie a little off the even steps: half a step apart is far enough for them.
            near = time - times[found[-1]] < step * Fraction(9, 10)
            if near or differing_bits(code, codes[found[-1]]) < NEAR_IDENTICAL:
                continue
        found.append(i)
    # Samples lie on a grid of their own, so that the step alone leaves a few more than are kept.
    return [found[i * len(found) // KEPT] for i in range(KEPT)] if len(found) > KEPT else found
