"""What a person read off a picture, as intervals of the sun's place in the sky.

A shadow: an object of height h throws a shadow of length s on flat ground where the sun stands atan(h / s)
high. Each error is taken at its worst; the sun's disc, the air and what a person cannot see are the margin's
(`forensics.sky.fitting.MARGIN`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from math import atan2, degrees
from typing import Final

from forensics.model.case import Observation, Seen

ASSUMED_SHARE: Final = Decimal("0.1")
"""Of a height or a length whose error the person did not give."""
ASSUMED_DEGREES: Final = Decimal(10)
"""Of a direction whose error the person did not give."""
_MOST: Final = Decimal(10) ** 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Where the sun stood, as a person's measurement gives it, in degrees.

    Attributes:
        low: Least altitude; None: it was not measured.
        high: Greatest altitude.
        azimuth: Direction, clockwise from true north; None: it was not measured.
        azimuth_error: On both sides of it; 180 or more: every direction.
        assumed: An error was not given and was assumed.
    """

    low: float | None = None
    high: float | None = None
    azimuth: float | None = None
    azimuth_error: float = 180.0
    assumed: bool = False


def sighting(observation: Observation) -> Sighting | None:
    """Returns where the sun stood, or None where the values are not numbers that can be measured.

    Args:
        observation: Of a shadow, whose azimuth is the direction in which the shadow lies; or of the sun's
            own azimuth.
    """
    if observation.kind is Seen.SHADOW:
        return _shadow(observation.values)
    if observation.kind is Seen.AZIMUTH:
        found = _direction(observation.values)
        return found and Sighting(
            azimuth=float(found[0]), azimuth_error=float(found[1]), assumed=found[2]
        )
    return None


def _shadow(values: Mapping[str, str]) -> Sighting | None:
    height, length = _length(values, "height"), _length(values, "shadow")
    if height is None or length is None:
        return None
    low = atan2(float(max(height[0] - height[1], Decimal(0))), float(length[0] + length[1]))
    high = atan2(float(height[0] + height[1]), float(max(length[0] - length[1], Decimal(0))))
    assumed = height[2] or length[2]
    if "azimuth" not in values:
        return Sighting(low=degrees(low), high=degrees(high), assumed=assumed)
    way = _direction(values)
    if way is None:
        return None
    return Sighting(
        low=degrees(low),
        high=degrees(high),
        azimuth=float((way[0] + 180) % 360),
        azimuth_error=float(way[1]),
        assumed=assumed or way[2],
    )


def _length(values: Mapping[str, str], key: str) -> tuple[Decimal, Decimal, bool] | None:
    """A length, its error, and whether that was assumed."""
    value = _number(values.get(key))
    if value is None or value <= 0:
        return None
    if f"{key}-error" not in values:
        return value, value * ASSUMED_SHARE, True
    error = _number(values[f"{key}-error"])
    return None if error is None or error < 0 else (value, error, False)


def _direction(values: Mapping[str, str]) -> tuple[Decimal, Decimal, bool] | None:
    value = _number(values.get("azimuth"))
    if value is None or not -360 <= value <= 360:
        return None
    if "azimuth-error" not in values:
        return (value + 360) % 360, ASSUMED_DEGREES, True
    error = _number(values["azimuth-error"])
    return None if error is None or error < 0 else ((value + 360) % 360, error, False)


def _number(text: str | None) -> Decimal | None:
    try:
        found = Decimal(text or "")
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < _MOST else None
