"""The trace of the mains over time: how its frequency runs, and by how much its phase is shifted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forensics.traces.hum import Trace
from forensics.traces.humphase import Phase, reach
from forensics.traces.soundplots import Mark, Panel, draw


def drawn(traced: Trace, run: Phase) -> NDArray[np.uint8]:
    """Returns two panels, RGB: frequency in Hz above, shift in time in ms below; breaks are marked."""
    seconds = (0.0, float(traced.times[-1]) + reach())
    marks = [Mark(start=jump.at, word=f"{1000 * jump.shift:+.1f} ms") for jump in run.jumps]
    middle = float(np.median(traced.hertz))
    most = 1000 / traced.grid / 2
    return draw(
        [
            Panel(
                title=f"Frequency of the tones, as of mains of {traced.grid} Hz",
                unit="Hz",
                seconds=seconds,
                span=(middle - 0.12, middle + 0.12),
                curves=[(traced.times, traced.hertz)],
                marks=marks,
            ),
            Panel(
                title="Shift in time between the 3 s before and the 3 s after, all clear multiples together",
                unit="ms",
                seconds=seconds,
                span=(-most, most),
                curves=[(run.times, 1000 * run.shifts)],
                dots=True,
                marks=marks,
            ),
        ]
    )
