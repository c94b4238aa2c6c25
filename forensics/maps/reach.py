"""Are tracks as long as a person knows that what flew can go, in the time that the graphic states?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from forensics.maps.days import moments
from forensics.maps.statements import MAX_STATEMENTS
from forensics.model.map import Lettering, Statement, Track

SCHEMATIC: Final = (
    "An arrow that only shows a direction would make this wrong: its length says nothing then."
)


def reach(
    tracks: Sequence[Track],
    lettering: Sequence[Lettering],
    *,
    max_range_km: float | None = None,
    speed_kmh: tuple[float, float] | None = None,
) -> tuple[Statement, ...]:
    """Holds the tracks' lengths against what a person knows of a range and a speed.

    Args:
        tracks: As measured.
        lettering: All text, for the period that the graphic states.
        max_range_km: What flew goes no further than that.
        speed_kmh: The slowest and the fastest that it flies.

    Returns:
        For each track that is measured, whether its whole interval of lengths, or of times, agrees; None
        where the interval holds both answers, or nothing is stated to hold it against.
    """
    found = []
    period = next((hours for hours in _periods(lettering)), None)
    for track in tracks[:MAX_STATEMENTS]:
        if track.length_km is None or track.error_km is None:
            continue
        least, most = max(track.length_km - track.error_km, 0.0), track.length_km + track.error_km
        drawn = f"{track.length_km:.0f} km, give or take {track.error_km:.0f}"
        if max_range_km is not None:
            found.append(
                Statement(
                    text=f"Track of {drawn}",
                    kind="range",
                    holds=_within_limit(least, most, max_range_km),
                    why=f"The line that is drawn is {drawn}; the range given is {max_range_km:g} km."
                    f" {SCHEMATIC}",
                )
            )
        if speed_kmh is not None and 0 < speed_kmh[0] <= speed_kmh[1]:
            soonest, latest = least / speed_kmh[1], most / speed_kmh[0]
            stated = "no period" if period is None else f"a period of {period:g} h"
            found.append(
                Statement(
                    text=f"Track of {drawn}",
                    kind="speed",
                    holds=None if period is None else _within_limit(soonest, latest, period),
                    why=f"Flown along the line that is drawn, {drawn}, at {speed_kmh[0]:g} to"
                    f" {speed_kmh[1]:g} km/h, it takes {soonest:.1f} to {latest:.1f} h; the graphic states"
                    f" {stated}. {SCHEMATIC}",
                )
            )
    return tuple(found)


def _within_limit(least: float, most: float, limit: float) -> bool | None:
    """Whether all, or none, of an interval is within a limit; None if a part of it is."""
    if most <= limit:
        return True
    return False if least > limit else None


def _periods(lettering: Sequence[Lettering]) -> Iterator[float]:
    """Hours between the two moments that are stated, if there are two."""
    stated = moments(lettering)
    if len(stated) == 2 and stated[0][0] < stated[1][0]:
        yield (stated[1][0] - stated[0][0]).total_seconds() / 3600
