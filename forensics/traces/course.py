"""The course of a video as several analyses tell it: steps, passages with their times, and a time line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from forensics.model import Context, Exhibit, Film, Measurement, Where
from forensics.traces.joints import steps
from forensics.traces.timeline import Mark, beside, drawn, under

Luma = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A film with what is computed of it once.

    Attributes:
        film: Every picture of the video.
        step: Difference of each small picture to the one before, grey levels; the first is 0.
        rate: Pictures a second, on average.
    """

    film: Film
    step: NDArray[np.float32]
    rate: float

    @classmethod
    def of(cls, film: Film) -> Self:
        """Computes the steps of a film."""
        length = float(film.time(len(film) - 1) - film.time(0)) if len(film) else 0.0
        rate = (len(film) - 1) / length if length > 0 else 25.0
        return cls(film=film, step=steps(film.luma), rate=rate)

    def span(self, key: str, begin: int, end: int) -> Measurement:
        """Returns a passage from picture `begin` to before picture `end`, with its times."""
        start = self.film.time(begin)
        stop = self.film.time(end) if end < len(self.film) else self.film.covered
        return Measurement(
            key=key,
            value=f"{float(start):.2f}–{float(stop):.2f}",
            unit="s",
            where=Where(start=start, end=max(start, stop)),
        )

    def at(self, key: str, index: int) -> Measurement:
        """Returns the time of a picture."""
        when = self.film.time(index)
        return Measurement(
            key=key, value=f"{float(when):.2f}", unit="s", where=Where(start=when, end=when)
        )

    def seconds(self, begin: int, end: int) -> tuple[float, float]:
        """Returns the times of a passage as numbers."""
        return float(self.film.time(begin)), float(self.film.time(min(end, len(self.film) - 1)))

    def exhibit(
        self,
        context: Context,
        name: str,
        marks: Sequence[Mark],
        *,
        rows: Sequence[Sequence[Luma]] = (),
        lines: Sequence[float] = (),
        said: str = "",
    ) -> Exhibit:
        """Draws the time line.

        Args:
            context: Stores the picture.
            name: Id of the exhibit.
            marks: What is marked below the axis.
            rows: Small pictures that are shown below, row by row.
            lines: Seconds at which an upright line stands.
            said: What the caption says of all this.
        """
        ticks = np.asarray(self.film.records["time"], np.float64)
        times = np.asarray(ticks * float(self.film.base), np.float32)
        picture = drawn(times, self.step, marks, lines)
        if rows:
            picture = under(picture, beside(rows))
        side = max(self.film.luma.shape[1:])
        return context.exhibit(
            name,
            picture,
            "The course of the video: grey levels by which each picture differs from the one before, over "
            f"seconds, examined at {side} px on the longer side. {said}".strip(),
        )
