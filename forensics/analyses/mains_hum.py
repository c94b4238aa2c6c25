"""Is there a trace of the mains in the sound, and does its phase run on without a break?

Methods: `forensics.traces.hum`, `humstray` and `humphase`. A trace tells of the grid that something near the
recorder was fed by, not of a country; that there is none tells nothing. Music has such tones as well: only
where they stray as a grid does may a break in them bear on a question.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar, Final

import numpy as np

from forensics.calibrated import Row, calibration, strength
from forensics.errors import NotFitting
from forensics.model import (
    Asset,
    Capability,
    Caveat,
    Context,
    Diagnostic,
    Direction,
    Exhibit,
    Finding,
    Measurement,
    MediaKind,
    Pillar,
    Quantity,
    Where,
)
from forensics.model.questions import PASSAGES_CHANGED
from forensics.traces.chance import chance
from forensics.traces.heard import checked, main_track
from forensics.traces.hum import LEAST_SECONDS, MARGIN, RATE, SHARE, Bands, Trace, bands, traces
from forensics.traces.humdrawn import drawn
from forensics.traces.humphase import CONTINUOUS, SHIFT, SIDE, Jump, Phase, phase
from forensics.traces.humstray import STRAYS, stray

MOST_SECONDS: Final = 3600
"""What comes later is not heard: an hour takes about 12 MB of memory."""
GRIDS: Final = {
    50: "most of Europe, Asia, Africa and Australia",
    60: "most of North America, parts of South America, part of Japan, and some other countries",
}
LEAST_TESTED: Final = 5.0
"""Seconds of sound over which the phase must be clear before anything is said of it."""
SEES: Final = 10
"""Cuts of a class of coding of which at least one in so many was found: the test can see something there."""
ENOUGH: Final = 60
"""Untouched sources of a class of coding without a false alarm, before a break there bears on a question."""
_NOTHING = 1e-6


class MainsHum:
    """See the module's docstring."""

    name: ClassVar[str] = "mains-hum"
    version: ClassVar[int] = 1
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset({MediaKind.AUDIO, MediaKind.VIDEO})
    needs: ClassVar[frozenset[Capability]] = frozenset({Capability.PYAV})
    examines: ClassVar[frozenset[Pillar]] = frozenset({Pillar.INTEGRITY})
    viewing_aid: ClassVar[bool] = False
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(
            key="grid",
            unit="Hz",
            meaning="Nominal frequency of the mains whose trace it is.",
            source="Grigoras, 2005",
        ),
        Quantity(
            key="frequency",
            unit="Hz",
            meaning="Median of the grid's frequency, by the clock of the recorder.",
        ),
        Quantity(
            key="spread", unit="Hz", meaning="Lowest and highest of nine tenths of its readings."
        ),
        Quantity(key="multiples", unit="Hz", meaning="Multiples of the mains that stand out."),
        Quantity(
            key="margin",
            unit="dB",
            meaning="Median, over time and multiples, of the power of a multiple above what lies around it.",
        ),
        Quantity(
            key="bend",
            unit="ratio",
            meaning="How far the course of the tones bends within six seconds, in times of its noise.",
        ),
        Quantity(
            key="tested",
            unit="s",
            meaning="Sound over which the phase was clear enough to be followed.",
        ),
        Quantity(key="heard", unit="s", meaning="Sound that was examined."),
        Quantity(
            key="break",
            unit="s",
            meaning="Moment at which all clear multiples shift at once, to within half a second.",
            source="Nicolalde Rodríguez, Apolinário, Biscainho, 2010",
        ),
        Quantity(
            key="shift",
            unit="ms",
            meaning="Shift in time that explains the jumps; whole periods do not show.",
        ),
        Quantity(
            key="chance",
            unit="text",
            meaning="Chance that phases which jump as it happens would fit one shift as well.",
        ),
        Quantity(
            key="sees", unit="text", meaning="How many cuts were found when this was measured."
        ),
    )
    caveats: ClassVar[tuple[Caveat, ...]] = (
        Caveat(
            id="whose-hum",
            text=(
                "The trace is that of whatever the recorder picked up. Basses and synthesisers, engines, "
                "generators, inverters and displays have such frequencies too, as have tones that were put "
                "in; grids of both frequencies are found in many countries."
            ),
        ),
        Caveat(
            id="no-hum",
            text=(
                "Recorders on batteries, away from the mains, or with small microphones leave no trace, and "
                "some coding takes it away. That there is none tells nothing."
            ),
        ),
        Caveat(
            id="breaks-of-recorders",
            text=(
                "A recorder that pauses, loses sound or joins files of its own accord breaks the phase as an "
                "edit does. So do an emergency supply (UPS) that takes over, a change between grid and "
                "generator, and a recorder that is moved to where another supply, or another phase of the "
                "same, is heard. Passages that are whole periods of the mains long can be taken out unseen."
            ),
        ),
    )

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the contract
        """Yields each trace of a grid, then what its phase says; or that there is none."""
        heard = main_track(context.path)
        if heard is None:
            raise NotFitting("It has no sound track.")
        track = heard.track(MOST_SECONDS, RATE)
        found = bands(checked(track.blocks(), context.check_deadline))
        seconds = track.samples / RATE
        if not seconds:
            raise NotFitting("Its sound track holds no sound that can be read.")
        if seconds < LEAST_SECONDS or not _audible(found):
            yield _not_testable(seconds, short=seconds < LEAST_SECONDS)
        elif not (there := traces(found, context.check_deadline)):
            yield _none(seconds)
        elif len(there) > 1:
            yield _both(seconds)
        else:
            (traced,) = there
            bend = stray(found[traced.grid], traced, context.check_deadline)
            yield _trace(traced, bend)
            run = phase(found[traced.grid], traced, context.check_deadline)
            yield _phase(context, traced, run, heard.coding, strays=bend >= STRAYS)
        if seconds >= MOST_SECONDS:
            yield _in_part(seconds)


def _audible(found: dict[int, Bands]) -> bool:
    """Whether there is any sound at the frequencies in question."""
    return any(
        float(np.median(np.abs(one), axis=0).max(initial=0)) > _NOTHING for one in found.values()
    )


def _not_testable(seconds: float, *, short: bool) -> Finding:
    return Finding(
        id="not-testable",
        template=(
            "Whether the sound holds a trace of the mains is not testable: "
            + (
                f"it lasts {{heard}} s, and at least {LEAST_SECONDS:.0f} s are needed."
                if short
                else "in {heard} s there is next to nothing at 50 to 720 Hz."
            )
        ),
        measurements=(Measurement(key="heard", value=f"{seconds:.1f}", unit="s"),),
        diagnostic=Diagnostic.NO,
    )


def _both(seconds: float) -> Finding:
    return Finding(
        id="not-testable-tones",
        template=(
            "In {heard} s of sound tones stand out at multiples of 50 Hz and of 60 Hz as well, as in music: "
            "whether one of them is a trace of the mains is not testable."
        ),
        measurements=(Measurement(key="heard", value=f"{seconds:.1f}", unit="s"),),
        diagnostic=Diagnostic.NO,
    )


def _in_part(seconds: float) -> Finding:
    return Finding(
        id="examined-in-part",
        template="The mains were looked for in the first {heard} s of the sound only.",
        measurements=(Measurement(key="heard", value=f"{seconds:.0f}", unit="s"),),
        diagnostic=Diagnostic.NO,
    )


def _none(seconds: float) -> Finding:
    return Finding(
        id="no-hum",
        template=(
            "No trace of mains of 50 or 60 Hz stands out in {heard} s of sound "
            f"(two multiples, {MARGIN:.0f} dB above what lies around them, for {SHARE * 10:.0f} tenths of "
            "the time). This tells nothing for or against the recording."
        ),
        measurements=(Measurement(key="heard", value=f"{seconds:.1f}", unit="s"),),
        diagnostic=Diagnostic.NO,
    )


def _trace(traced: Trace, bend: float) -> Finding:
    low, high = np.quantile(traced.hertz, (0.05, 0.95))
    return Finding(
        id="hum",
        template=(
            "Tones stand out at {multiples} Hz ({margin} dB above what lies around them), multiples of one "
            "frequency, {frequency} Hz ({spread} Hz), as mains of {grid} Hz leave them. "
            + (
                "Their course bends as that of a grid, a generator or an engine does (within six seconds by "
                "{bend} times its noise)."
                if bend >= STRAYS
                else "Their course is as even as a clock's (it bends within six seconds by {bend} times "
                "its noise): so run tones of music and of inverters, and a grid that is calm or faint."
            )
            + f" A grid of this frequency is that of {GRIDS[traced.grid]}. It does not tell where this "
            "was recorded."
        ),
        measurements=(
            Measurement(key="grid", value=traced.grid, unit="Hz"),
            *(
                Measurement(key="multiples", value=traced.grid * k, unit="Hz")
                for k in traced.multiples
            ),
            Measurement(key="margin", value=round(float(np.median(traced.margins))), unit="dB"),
            Measurement(
                key="frequency",
                value=f"{float(np.median(traced.hertz)):.2f}",
                unit="Hz",
                where=_between(float(traced.times[0]), float(traced.times[-1])),
            ),
            Measurement(key="spread", value=f"{low:.2f}–{high:.2f}", unit="Hz"),
            Measurement(key="bend", value=f"{bend:.1f}", unit="ratio"),
        ),
        diagnostic=Diagnostic.NO,
    )


def _between(start: float, end: float) -> Where:
    return Where(start=Fraction(round(start * 100), 100), end=Fraction(round(end * 100), 100))


def _phase(context: Context, traced: Trace, run: Phase, coding: str, *, strays: bool) -> Finding:
    row = _row(coding)
    tested = Measurement(key="tested", value=f"{run.seconds:.0f}", unit="s")
    sees = Measurement(key="sees", value=_sees(row), unit="text")
    if run.jumps:
        # Notes of music that are struck anew shift all their multiples at once, as a cut does.
        bears = strays and _measured(row)
        return Finding(
            id="hum-breaks" if strays else "tone-breaks",
            template=(
                "The phase of the tones breaks at {break} s: all their clear multiples jump at once, at "
                "unchanged strength, as one shift in time by {shift} ms explains (chance that it would "
                "fit as well: {chance}); elsewhere the phase runs on (followed for {tested} s). "
                + (
                    "Sound was taken out or put in there, or the recording was interrupted, the recorder was "
                    "moved, or the supply was switched, as where an emergency supply or a generator takes "
                    "over; {sees}."
                    if strays
                    else "Notes of music that are struck anew and supplies that are switched do so, as do "
                    "sound that was taken out or put in and a recording that was interrupted; {sees}."
                )
            ),
            measurements=(
                *(m for jump in run.jumps for m in _jump(jump)),
                tested,
                sees,
            ),
            question=PASSAGES_CHANGED if bears else None,
            direction=Direction.SUPPORTS_H1 if bears else Direction.NEUTRAL,
            diagnostic=Diagnostic.YES if bears else Diagnostic.NO,
            strength=(
                strength(MainsHum.name, MainsHum.version, "hum-breaks", coding) if bears else None
            ),
            exhibits=(_drawn(context, traced, run),),
        )
    if run.seconds < LEAST_TESTED:
        return Finding(
            id="phase-not-testable",
            template=(
                "Whether the phase of the hum runs on is not testable: too few of its multiples stand out "
                "clearly enough (followed for {tested} s)."
            ),
            measurements=(tested,),
            diagnostic=Diagnostic.NO,
            exhibits=(_drawn(context, traced, run),),
        )
    steady = float(np.mean(np.abs(run.shifts) < SHIFT)) >= CONTINUOUS
    return Finding(
        id=("hum-runs-on" if _able(row) else "phase-not-testable") if steady else "hum-unsteady",
        template=(
            (
                "Where the phase of the hum could be followed ({tested} s), it shows no break of the kind "
                "that cuts leave; {sees}. Cuts elsewhere, and those by whole periods, would not show."
            )
            if steady and _able(row)
            else (
                "Whether anything was cut is not testable by the phase of the hum: it shows no break where "
                "it could be followed ({tested} s), and hardly any would show; {sees}."
            )
            if steady
            else (
                "The phase of the hum is unsteady throughout ({tested} s), so breaks cannot be told from it; "
                "{sees}."
            )
        ),
        measurements=(tested, sees),
        diagnostic=Diagnostic.NO,
        exhibits=(_drawn(context, traced, run),),
    )


def _jump(jump: Jump) -> tuple[Measurement, Measurement, Measurement]:
    where = _between(jump.at - 0.5, jump.at + 0.5)
    expected = chance(math.log10(jump.chance))
    return (
        Measurement(key="break", value=f"{jump.at:.1f}", unit="s", where=where),
        Measurement(key="shift", value=f"{1000 * jump.shift:.1f}", unit="ms", where=where),
        Measurement(key="chance", value=expected, unit="text", where=where),
    )


def _row(coding: str) -> Row | None:
    known = calibration(MainsHum.name)
    return known.row("hum-breaks", coding) if known and known.version == MainsHum.version else None


def _measured(row: Row | None) -> bool:
    """Whether enough untouched sounds coded alike were examined, without a false alarm."""
    return row is not None and row.clean >= ENOUGH and not row.alarms and row.hits > 0


def _able(row: Row | None) -> bool:
    """Whether, when this was measured, cuts in sound coded alike were found at all often."""
    return row is not None and row.hits * SEES >= row.edited > 0


def _sees(row: Row | None) -> str:
    if row is None or not row.edited:
        return "how many cuts would be found in sound coded alike was not measured"
    return (
        f"in sound coded alike, with hum of differing strength, {row.hits} of {row.edited} cuts or "
        "insertions were found when this was measured"
    )


def _drawn(context: Context, traced: Trace, run: Phase) -> Exhibit:
    """Frequency and shift over time, with the breaks marked."""
    return context.exhibit(
        "hum",
        drawn(traced, run),
        f"Above: frequency of the hum, read from 4 s at a time. Below: by how much the hum is shifted "
        f"between the {SIDE:.0f} s before and after each moment; near 0 it runs on, and from "
        f"{1000 * SHIFT:.1f} ms on a shift at one moment counts as a break (marked). Where there is no dot, "
        "fewer than three multiples are clear.",
    )
