"""Where do shots of the video change, and where does it halt, jump or show pictures twice?

Methods: `forensics.traces.shots`, `halts` and `joints`. Cuts, fades and a changed frame rate are what
released videos are made of; halts, jumps and runs between are leads to be looked at. Nothing here moves a
verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import ClassVar, Final

import numpy as np

from forensics.errors import NotFitting
from forensics.model import (
    Asset,
    Capability,
    Caveat,
    Context,
    Diagnostic,
    Exhibit,
    Finding,
    Measurement,
    MediaKind,
    Pillar,
    Quantity,
)
from forensics.traces import joints
from forensics.traces.course import Course
from forensics.traces.halts import Cadence, cadence, frozen
from forensics.traces.shots import cuts, fades, jumps, spans
from forensics.traces.timeline import Mark

FEWEST: Final = 8
"""Pictures of a video, below which there is no course to tell."""
SHOWN: Final = 24
"""Times of a kind that are told; of more, how many there are."""
RUNS: Final = 6
"""Halts, and runs between, that are told; of more, how many there are."""
PUT_IN: Final = (0.3, 60.0)
"""Seconds of a run between two pictures that directly follow each other."""
HALT_MOVED: Final = 0.25
"""Share of the picture that must move before a halt, so that a pointer on a screen that rests is none."""
NOISE_TIMES, NOISE_MORE = 2.0, 0.5
"""Times, and grey levels, by which the noise of neighbouring shots must differ to be told."""
NOISE_LONG: Final = 12
"""Pictures of a shot whose noise is told, at least."""


class Shots:
    """See the module's docstring."""

    name: ClassVar[str] = "shots"
    version: ClassVar[int] = 1
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset({MediaKind.VIDEO})
    needs: ClassVar[frozenset[Capability]] = frozenset()
    examines: ClassVar[frozenset[Pillar]] = frozenset({Pillar.INTEGRITY})
    viewing_aid: ClassVar[bool] = False
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(key="covered", unit="s", meaning="Length that was read, from the start."),
        Quantity(key="count", unit="count", meaning="How many there are."),
        Quantity(key="shown", unit="count", meaning="How many of them are told one by one."),
        Quantity(key="time", unit="s", meaning="When a shot begins, or a jump is, from the start."),
        Quantity(
            key="passage", unit="s", meaning="From when to when, from the start of the stream."
        ),
        Quantity(
            key="onward", unit="ratio", meaning="Step out of a halt by the usual step after it."
        ),
        Quantity(
            key="seam",
            unit="ratio",
            meaning="Step from the picture before a passage to the one after it, by the usual step there.",
        ),
        Quantity(
            key="again", unit="count", meaning="Pictures that are shown again while others move."
        ),
        Quantity(key="moving", unit="count", meaning="Pictures that could have shown that."),
        Quantity(
            key="every", unit="count", meaning="Usual distance of such pictures, in pictures."
        ),
        Quantity(
            key="noise",
            unit="grey levels",
            meaning="Median of the noise of a shot's pictures, standard deviation.",
            source="Immerkær, 1996",
        ),
    )
    caveats: ClassVar[tuple[Caveat, ...]] = (
        Caveat(
            id="cuts-are-usual",
            text=(
                "Cuts, fades and changed frame rates are part of every edited programme: they say that a "
                "video was put together, not that it misleads."
            ),
        ),
        Caveat(
            id="stutter",
            text=(
                "Devices and streams that stutter, a knock on the camera and a light that flashes leave "
                "halts and jumps as well."
            ),
        ),
    )

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the contract
        """Yields shots, fades, repeats of single pictures, halts, jumps, runs between and noise."""
        film = context.film
        if len(film) < FEWEST:
            raise NotFitting(f"It needs a video of at least {FEWEST} pictures.")
        course = Course.of(film)
        starts = cuts(film.luma, course.step)
        context.check_deadline()
        yield from _cuts(context, course, starts)
        yield from _fades(course)
        shown = cadence(course.step)
        if shown:
            yield from _shown_again(course, shown)
        yield from _halts(context, course)
        yield from _jumps(course, starts)
        yield from _between(context, course)
        yield from _noise(course, starts)
        if not film.whole:
            yield _in_part(course)


def _finding(
    name: str,
    template: str,
    measurements: Sequence[Measurement],
    exhibits: tuple[Exhibit, ...] = (),
) -> Finding:
    return Finding(
        id=name,
        template=template,
        measurements=tuple(measurements),
        diagnostic=Diagnostic.NO,
        exhibits=exhibits,
    )


def _in_part(course: Course) -> Finding:
    covered = Measurement(key="covered", value=f"{float(course.film.covered):.0f}", unit="s")
    return _finding(
        "examined-in-part",
        "Shots were looked for in the first {covered} s only: the rest was not read.",
        (covered,),
    )


def _more(name: str, template: str, count: int, shown: int) -> Iterator[Finding]:
    """Where there are more than are told one by one: how many there are, and how many are told."""
    if count > shown:
        told = Measurement(key="shown", value=shown, unit="count")
        yield _finding(name, template, (_count(count), told))


def _count(number: int) -> Measurement:
    return Measurement(key="count", value=number, unit="count")


def _cuts(context: Context, course: Course, starts: tuple[int, ...]) -> Iterator[Finding]:
    if not starts:
        return
    lines = [float(course.film.time(k)) for k in starts]
    yield _finding(
        "cuts",
        "The picture changes from one shot to another (times: {count}), at {time} s"
        + (" and later." if len(starts) > SHOWN else "."),
        (_count(len(starts)), *(course.at("time", k) for k in starts[:SHOWN])),
        exhibits=(course.exhibit(context, "cuts", [], lines=lines, said="Red lines: cuts."),),
    )


def _fades(course: Course) -> Iterator[Finding]:
    found = fades(course.film.luma)
    if found:
        yield _finding(
            "fades",
            "The picture fades to or from a plain one: {passage} s.",
            [course.span("passage", fade.begin, fade.end) for fade in found[:SHOWN]],
        )
    yield from _more(
        "more-fades", "Of {count} fades, the first {shown} are told.", len(found), SHOWN
    )


def _shown_again(course: Course, shown: Cadence) -> Iterator[Finding]:
    counts = (
        Measurement(key="again", value=shown.again, unit="count"),
        Measurement(key="moving", value=shown.moving, unit="count"),
    )
    if shown.sections:
        yield _finding(
            "slowed-section",
            "In part of the video most pictures are shown twice, and elsewhere few are: {passage} s "
            "({again} of {moving} moving pictures in all). So it looks where a part was slowed down, or "
            "comes from a source of another frame rate.",
            (
                *counts,
                *(course.span("passage", begin, end) for begin, end in shown.sections[:SHOWN]),
            ),
        )
        yield from _more(
            "more-slowed-sections",
            "Of {count} parts in which most pictures are shown twice, the first {shown} are told.",
            len(shown.sections),
            SHOWN,
        )
    elif shown.regular:
        yield _finding(
            "shown-again-regularly",
            "Pictures are shown again at regular distances ({again} of {moving} moving pictures, usually one "
            "in {every}): the frame rate was changed, or the source had a lower one.",
            (*counts, Measurement(key="every", value=shown.every, unit="count")),
        )
    else:
        yield _finding(
            "shown-again",
            "Pictures are shown again at changing distances ({again} of {moving} moving pictures): a source "
            "of variable frame rate, or one that was drawn or recorded from a screen.",
            counts,
        )


def _halts(context: Context, course: Course) -> Iterator[Finding]:
    luma, around = course.film.luma, max(6, round(course.rate))
    found = [
        halt
        for halt in frozen(course.step, course.rate)
        if joints.moved(luma, max(0, halt.begin - around), halt.begin) >= HALT_MOVED
    ]
    halts = found[:RUNS]
    if not halts:
        return
    measurements = [
        measurement
        for halt in halts
        for measurement in (
            course.span("passage", halt.begin, halt.end),
            Measurement(key="onward", value=f"{halt.onward:.1f}", unit="ratio"),
        )
    ]
    marks = [Mark(spans=(course.seconds(h.begin, h.end),), label="stands") for h in halts]
    yield _finding(
        "frozen-run",
        "The picture stands from one moment to the next in {passage} s, with movement before and after, and "
        "goes on with a step of {onward} times the usual one. A device or stream that stuttered leaves the "
        "same trace as an editor's still.",
        measurements,
        exhibits=(course.exhibit(context, "frozen-run", marks, said="Marked: what stands."),),
    )
    yield from _more(
        "more-frozen-runs",
        "Of {count} moments at which the picture stands, the first {shown} are told.",
        len(found),
        RUNS,
    )


def _jumps(course: Course, starts: tuple[int, ...]) -> Iterator[Finding]:
    found = [k for k in jumps(course.film.luma, course.step) if k not in starts]
    if found:
        yield _finding(
            "jumps",
            "Within a shot, movement does not go on from the picture before: {count} times, at {time} s"
            + (" and later." if len(found) > SHOWN else "."),
            (_count(len(found)), *(course.at("time", k) for k in found[:SHOWN])),
        )


def _between(context: Context, course: Course) -> Iterator[Finding]:
    luma = course.film.luma
    least, most = (max(5, round(seconds * course.rate)) for seconds in PUT_IN)
    found = joints.foreign(luma, course.step, least, most)
    runs = found[:RUNS]
    if not runs:
        return
    measurements = [
        measurement
        for run in runs
        for measurement in (
            course.span("passage", run.begin, run.end),
            Measurement(key="seam", value=f"{run.seam:.1f}", unit="ratio"),
        )
    ]
    marks = [Mark(spans=(course.seconds(r.begin, r.end),), label="between") for r in runs]
    yield _finding(
        "run-between",
        "What is before {passage} s runs on directly after it (the step across, in times of the usual one: "
        "{seam}), as where something was put into a shot, or where a scene that hardly moves was left and "
        "shown again.",
        measurements,
        exhibits=(
            course.exhibit(
                context,
                "run-between",
                marks,
                rows=[
                    [luma[k] for k in (r.begin - 1, r.begin, r.end - 1, r.end)] for r in runs[:3]
                ],
                said="Below, a row for each run: the pictures before and after both ends.",
            ),
        ),
    )
    yield from _more(
        "more-runs-between",
        "Of {count} runs between pictures that directly follow each other, the first {shown} are told.",
        len(found),
        RUNS,
    )


def _noise(course: Course, starts: tuple[int, ...]) -> Iterator[Finding]:
    """Shots that follow each other and differ in noise; where all are alike there is nothing to tell."""
    noise = np.asarray(course.film.records["noise"], np.float32)
    shots = [
        (begin, end, float(np.median(noise[begin:end])))
        for begin, end in spans(len(noise), starts)
        if end - begin >= NOISE_LONG
    ]
    told = []
    for one, other in pairwise(shots):
        low, high = sorted((one[2], other[2]))
        if high - low >= NOISE_MORE and high >= NOISE_TIMES * low:
            told += [shot for shot in (one, other) if shot not in told]
    if told:
        yield _finding(
            "noise-differs",
            "Noise changes with the shot: {noise} grey levels in {passage} s. Other cameras, light or "
            "codings bring that about.",
            [
                measurement
                for begin, end, level in told[:SHOWN]
                for measurement in (
                    Measurement(key="noise", value=f"{level:.1f}", unit="grey levels"),
                    course.span("passage", begin, end),
                )
            ],
        )
    yield from _more(
        "more-noise",
        "Of {count} shots whose noise differs from that of the one beside them, the first {shown} are told.",
        len(told),
        SHOWN,
    )
