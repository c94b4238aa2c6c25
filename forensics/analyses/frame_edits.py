"""Were passages of the video repeated, or mirrored?

Methods: `forensics.traces.repeats` and `joints`, over small pictures of every picture. That a passage
comes again is told in any case; it bears on the question only where the recording runs on without one of its
two runs, and both lie in one shot: a report that is announced with a word from it comes again as well. A
scene that stands has nothing to compare and is silent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from forensics.calibrated import strength
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
)
from forensics.model.questions import PASSAGES_CHANGED
from forensics.traces import joints
from forensics.traces.course import Course
from forensics.traces.repeats import NEAREST, Repeat, Way, repeats, signatures
from forensics.traces.shots import cuts, fades
from forensics.traces.timeline import Mark

LEAST_MOVED: Final = 0.05
"""Share of the picture that must move within a repeated run that bears on the question."""
LEAST_CHANGING: Final = 16
"""Pictures that change, below which a repeat could not be told."""
SHOWN: Final = 6
"""Passages of a kind that are told one by one."""
SHARES: Final = (
    (0.08, "less than a tenth"),
    (0.15, "about a tenth"),
    (0.22, "about a fifth"),
    (0.29, "about a quarter"),
    (0.42, "about a third"),
    (0.58, "about half"),
    (0.71, "about two thirds"),
    (0.88, "about three quarters"),
)
"""Words for shares of the picture up to so much; for more, `ALL`."""
ALL: Final = "nearly all"


class FrameEdits:
    """See the module's docstring."""

    name: ClassVar[str] = "frame-edits"
    version: ClassVar[int] = 1
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset({MediaKind.VIDEO})
    needs: ClassVar[frozenset[Capability]] = frozenset()
    examines: ClassVar[frozenset[Pillar]] = frozenset({Pillar.INTEGRITY})
    viewing_aid: ClassVar[bool] = False
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(
            key="passage", unit="s", meaning="From when to when, from the start of the stream."
        ),
        Quantity(key="again", unit="s", meaning="From when to when a passage comes again."),
        Quantity(key="way", unit="text", meaning="How a passage comes again."),
        Quantity(key="pictures", unit="count", meaning="Pictures of a passage."),
        Quantity(
            key="apart",
            unit="grey levels",
            meaning="Difference of the small pictures of both passages in register, root mean square.",
        ),
        Quantity(
            key="shifted",
            unit="grey levels",
            meaning="The same where they are shifted by three pictures, for comparison.",
        ),
        Quantity(
            key="moved",
            unit="text",
            meaning="How much of the picture changes by six grey levels or more within the passage.",
        ),
        Quantity(
            key="jump",
            unit="ratio",
            meaning="The step into a passage, in times of the largest step around it.",
        ),
        Quantity(
            key="seam",
            unit="ratio",
            meaning=(
                "The step from the picture before a passage to the one after it, in times of the usual step "
                "there; near 1 where one directly follows the other."
            ),
        ),
        Quantity(
            key="changing", unit="count", meaning="Pictures that change enough to be compared."
        ),
        Quantity(key="count", unit="count", meaning="Pictures that were examined."),
        Quantity(key="found", unit="count", meaning="Passages of a kind that were found."),
        Quantity(key="shown", unit="count", meaning="Those of them that are told one by one."),
        Quantity(key="covered", unit="s", meaning="Seconds from the start that were examined."),
    )
    caveats: ClassVar[tuple[Caveat, ...]] = (
        Caveat(
            id="why-repeated",
            text=(
                "Replays, loops made to be looked at, players that are wound back while their screen is "
                "recorded, joined files that overlap and streams that stuttered hold passages twice as well: "
                "that a passage comes again does not say why."
            ),
        ),
        Caveat(
            id="screens-and-machines",
            text=(
                "In a scene that otherwise stands, a screen or a machine that repeats its movement can look "
                "like a repeated passage: look at the pictures."
            ),
        ),
        Caveat(
            id="what-stands",
            text=(
                "Where hardly anything moves, and in runs shorter than eight moving pictures, repeats are "
                "not found; nor are those after a change of the frame rate. That none was found does not "
                "speak for the video."
            ),
        ),
    )

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the contract
        """Yields repeated runs, other repeats, mirrored sections, or why none could be found."""
        film = context.film
        if len(film) < 2 * NEAREST:
            raise NotFitting(f"It needs a video of at least {2 * NEAREST} pictures.")
        luma = film.luma
        course = Course.of(film)
        changing = int(signatures(luma).any(axis=1).sum())
        if changing < LEAST_CHANGING:
            yield _untestable(len(film), changing)
        else:
            found = [
                each
                for way in (Way.PLAIN, Way.MIRRORED)
                for each in repeats(luma, way, context.check_deadline)
            ]
            inside, across = _parted(course, found)
            for number, (repeat, run) in enumerate(inside[:SHOWN], start=1):
                yield _repeated(self, context, course, repeat, run, number)
            if len(inside) > SHOWN:
                yield _more(
                    "more-repeated-runs",
                    "Of {found} passages that come again within a shot, {shown} are told one by one.",
                    len(inside),
                )
            if across:
                yield _passages(context, course, across[:SHOWN])
            if len(across) > SHOWN:
                yield _more(
                    "more-repeated-passages",
                    "Of {found} other passages that come again, {shown} are told: those in which most moves.",
                    len(across),
                )
        if not film.whole:
            yield _in_part(course)
        turned = joints.turned(luma, course.step)
        for begin, end in turned[:SHOWN]:
            # Pictures that flip again and again are an animation, and no section of a shot.
            yield _turned(self, context, course, begin, end, alone=len(turned) == 1)
        if len(turned) > SHOWN:
            yield _more(
                "more-mirrored-sections",
                "Of {found} sections that go on only if they are mirrored, the first {shown} are told.",
                len(turned),
            )


def _more(name: str, template: str, found: int) -> Finding:
    return Finding(
        id=name,
        template=template,
        measurements=(
            Measurement(key="found", value=found, unit="count"),
            Measurement(key="shown", value=SHOWN, unit="count"),
        ),
        diagnostic=Diagnostic.NO,
    )


def _parted(
    course: Course, found: Sequence[Repeat]
) -> tuple[list[tuple[Repeat, joints.Placed]], list[Repeat]]:
    """Parts repeats: those without one of whose runs a shot runs on, each place once, and others."""
    luma = course.film.luma
    runs = [joints.inserted(luma, course.step, each) for each in found]
    ends = {end for run in runs if run for end in (run.begin, run.end)}
    edges = [k for k in cuts(luma, course.step) if not any(abs(k - e) <= joints.SNAP for e in ends)]
    edges += [fade.begin for fade in fades(luma)]
    inside: list[tuple[Repeat, joints.Placed]] = []
    across: list[Repeat] = []
    for each, run in zip(found, runs, strict=True):
        moved = joints.moved(luma, each.first, each.first + each.length) >= LEAST_MOVED
        if run and moved and not any(each.first + each.length <= k < each.again for k in edges):
            if not any(run.begin < r.end and r.begin < run.end for _, r in inside):
                inside.append((each, run))
        else:
            across.append(each)
    return inside, across


def _spans(course: Course, each: Repeat) -> tuple[Measurement, Measurement]:
    return (
        course.span("passage", each.first, each.first + each.length),
        course.span("again", each.again, each.again + each.length),
    )


def _compared(each: Repeat) -> tuple[Measurement, Measurement]:
    return (
        Measurement(key="apart", value=f"{each.apart:.1f}", unit="grey levels"),
        Measurement(key="shifted", value=f"{each.shifted:.1f}", unit="grey levels"),
    )


def _repeated(
    analysis: FrameEdits,
    context: Context,
    course: Course,
    each: Repeat,
    run: joints.Placed,
    number: int,
) -> Finding:
    luma = course.film.luma
    moved = joints.moved(luma, each.first, each.first + each.length)
    # What directly comes again is also what a player does that is wound back while it is recorded: it is
    # counted by itself, with such recordings among the untouched.
    loop = joints.loops(each)
    name = "looped-run" if loop else "repeated-run"
    return Finding(
        id=name,
        template=(
            "The pictures of {passage} s come again in {again} s, {way} ({pictures} pictures; in register "
            "they differ by {apart} grey levels, shifted by three pictures by {shifted}; part of the picture "
            "that moves: {moved}). One of the two runs begins with a jump (the step into it, in times of the "
            "largest around it: {jump}), and without it the recording runs on directly (the step across it, "
            "in times of the usual one: {seam}). "
            + (
                "So a passage is shown twice in a row within one shot, as an edit leaves it, and as do a "
                "player that is wound back, a game that begins anew and a stream that sends a piece again."
                if loop
                else "So a passage was repeated within one shot."
            )
        ),
        measurements=(
            *_spans(course, each),
            Measurement(key="way", value=each.way.value, unit="text"),
            Measurement(key="pictures", value=each.length, unit="count"),
            *_compared(each),
            Measurement(key="moved", value=share(moved), unit="text"),
            Measurement(key="jump", value=f"{run.into:.1f}", unit="ratio"),
            Measurement(key="seam", value=f"{run.seam:.1f}", unit="ratio"),
        ),
        question=PASSAGES_CHANGED,
        direction=Direction.SUPPORTS_H1,
        diagnostic=Diagnostic.YES,
        strength=strength(analysis.name, analysis.version, name, size_class(course.film.height)),
        exhibits=(_pair(context, course, each, f"{name}-{number}"),),
    )


def share(part: float) -> str:
    """Returns a share of the picture, 0 to 1, in words."""
    return next((words for most, words in SHARES if part <= most), ALL)


def size_class(rows: int) -> str:
    """Returns the class of coding and size that calibration tells apart, by the height of the pictures."""
    return "720p CRF 28" if rows >= 720 else "below 720p"


def _passages(context: Context, course: Course, found: Sequence[Repeat]) -> Finding:
    return Finding(
        id="repeated-passage",
        template=(
            "Passages come again, as shots do that are shown twice, loops, screens and things that move "
            "regularly: {passage} s come again in {again} s ({way}; in register they differ by "
            "{apart} grey levels, shifted by three pictures by {shifted})."
        ),
        measurements=tuple(
            measurement
            for each in found
            for measurement in (
                *_spans(course, each),
                Measurement(key="way", value=each.way.value, unit="text"),
                *_compared(each),
            )
        ),
        diagnostic=Diagnostic.NO,
        exhibits=(_pair(context, course, found[0], "repeated-passage"),),
    )


def _turned(
    analysis: FrameEdits, context: Context, course: Course, begin: int, end: int, *, alone: bool
) -> Finding:
    span = course.span("passage", begin, end)
    around = tuple(k for k in (begin - 1, begin, end - 1, end) if 0 <= k < len(course.film))
    return Finding(
        id="mirrored-section",
        template=(
            "The pictures of {passage} s ({pictures} pictures) go on with what is before and after them only "
            "if they are mirrored: this section was mirrored within a shot."
        ),
        measurements=(span, Measurement(key="pictures", value=end - begin, unit="count")),
        question=PASSAGES_CHANGED,
        direction=Direction.SUPPORTS_H1 if alone else Direction.NEUTRAL,
        diagnostic=Diagnostic.YES if alone else Diagnostic.NO,
        strength=strength(
            analysis.name, analysis.version, "mirrored-section", size_class(course.film.height)
        )
        if alone
        else None,
        exhibits=(
            course.exhibit(
                context,
                f"mirrored-section-{begin}",
                [Mark(spans=(course.seconds(begin, end),), label="mirrored")],
                rows=[[course.film.luma[k] for k in around]],
                said="Below: the pictures before and after both ends of the section.",
            ),
        ),
    )


def _untestable(count: int, changing: int) -> Finding:
    return Finding(
        id="not-testable-still",
        template=(
            "Whether passages come again is not testable: of {count} pictures {changing} change enough to be "
            f"compared, and at least {LEAST_CHANGING} are needed. Two pictures of a scene that stands are "
            "alike in any case."
        ),
        measurements=(
            Measurement(key="count", value=count, unit="count"),
            Measurement(key="changing", value=changing, unit="count"),
        ),
        diagnostic=Diagnostic.NO,
    )


def _in_part(course: Course) -> Finding:
    covered = f"{float(course.film.covered):.0f}"
    return Finding(
        id="examined-in-part",
        template="Passages were looked for in the first {covered} s only: the rest was not read.",
        measurements=(Measurement(key="covered", value=covered, unit="s"),),
        diagnostic=Diagnostic.NO,
    )


def _pair(context: Context, course: Course, each: Repeat, name: str) -> Exhibit:
    luma = course.film.luma
    chosen = [each.first + each.length * k // 6 for k in range(6)]
    others = [luma[each.partner(k)] for k in chosen]
    mark = Mark(
        spans=(
            course.seconds(each.first, each.first + each.length),
            course.seconds(each.again, each.again + each.length),
        ),
        label=f"comes again, {each.way.value}",
    )
    return course.exhibit(
        context,
        name,
        [mark],
        rows=[[luma[k] for k in chosen], others],
        said="Below: six pictures of the first run over those of the second.",
    )
