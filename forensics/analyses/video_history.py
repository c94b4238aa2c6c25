"""Was this video coded before? And how is it coded now?

A video that is coded anew keeps, for a while, a trace of where its earlier coding began each group of
pictures (`forensics.traces.footprint`). It tells of the file's past: every platform and every messenger codes
anew. Whether pictures were repeated, as when the frame rate is converted, is looked at first: that leaves a
rhythm of its own. Where the earlier rhythm is broken, pictures may have been taken out or put in since
(`forensics.traces.footprint_change`): a lead to look at, since coders begin anew at cuts as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

import numpy as np

from forensics.calibrated import Row, calibration
from forensics.model import (
    Asset,
    Capability,
    Caveat,
    Context,
    Diagnostic,
    Exhibit,
    Film,
    Finding,
    Measurement,
    MediaKind,
    Pillar,
    Quantity,
    Where,
)
from forensics.traces.chance import chance
from forensics.traces.course import Course
from forensics.traces.footprint import (
    SEEN,
    SHORTEST,
    Footprint,
    measures,
    paced,
    search,
    small,
)
from forensics.traces.footprint_change import Change, change
from forensics.traces.footprint_drawn import Shown, drawn
from forensics.traces.rates import even, repeated
from forensics.traces.shots import cuts

LEAST: Final = 60
"""Predicted pictures, below which there is too little to look at."""
REFRESHED: Final = 0.2
"""Share of predicted pictures with a whole band of blocks coded on its own: an intra refresh."""
DOUBTFUL: Final = -2.0
"""Decimal logarithm of a number of false alarms from which on a rhythm of another kind is told."""
SEES: Final = 10
"""Videos of a class of which at least one in so many was found: the test can see something there."""
WITH_B: Final = "H.264 with B pictures"
WITHOUT_B: Final = "H.264 without B pictures"
COARSE: Final = "720p CRF 28"
OTHER: Final = "other coding"
LARGE: Final = 720
"""Lines from which on a video counts as large."""


class VideoHistory:
    """See the module's docstring."""

    name: ClassVar[str] = "video-history"
    version: ClassVar[int] = 1
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset({MediaKind.VIDEO})
    needs: ClassVar[frozenset[Capability]] = frozenset({Capability.PYAV})
    examines: ClassVar[frozenset[Pillar]] = frozenset()
    viewing_aid: ClassVar[bool] = False
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(key="codec", unit="text", meaning="The coding of the pictures."),
        Quantity(key="pictures", unit="count", meaning="Pictures that were read."),
        Quantity(key="covered", unit="s", meaning="Length that was read, from the start."),
        Quantity(key="groups", unit="count", meaning="Groups of pictures in the present coding."),
        Quantity(key="shortest", unit="pictures", meaning="Shortest whole group of it."),
        Quantity(key="longest", unit="pictures", meaning="Longest whole group of it."),
        Quantity(key="types", unit="text", meaning="How many pictures of each type there are."),
        Quantity(
            key="first-group",
            unit="pictures",
            meaning="Pictures in a group of an earlier coding, estimated; it can be a multiple.",
            source="Vázquez-Padín et al., 2012, 2020",
        ),
        Quantity(key="places", unit="count", meaning="Places that could be looked at."),
        Quantity(key="measure", unit="text", meaning="By what these places stand out."),
        Quantity(
            key="nfa",
            unit="rhythms",
            meaning="Such rhythms that are expected by chance in a video coded once, at most.",
            source="Desolneux, Moisan, Morel, 2000",
        ),
        Quantity(
            key="then-group",
            unit="pictures",
            meaning="Pictures in a group of an earlier coding, from where another rhythm begins.",
            source="Wang, Farid, 2006, on deleted frames",
        ),
        Quantity(key="then-places", unit="count", meaning="Places of that rhythm looked at."),
        Quantity(key="then-measure", unit="text", meaning="By what these stand out."),
        Quantity(
            key="then-nfa",
            unit="rhythms",
            meaning="Such rhythms that are expected by chance there in a video coded once, at most.",
            source="Desolneux, Moisan, Morel, 2000",
        ),
        Quantity(key="until", unit="s", meaning="Last place of the first rhythm."),
        Quantity(key="from", unit="s", meaning="First place of the second rhythm."),
        Quantity(key="cut", unit="s", meaning="A change to another shot between the two."),
        Quantity(key="repeated", unit="count", meaning="Pictures that show the one before again."),
        Quantity(key="distance", unit="pictures", meaning="From one such place to the next."),
        Quantity(key="why", unit="text", meaning="Why it could not be tested."),
        Quantity(key="sees", unit="text", meaning="How many were found when this was measured."),
    )
    caveats: ClassVar[tuple[Caveat, ...]] = (
        Caveat(
            id="recoding-is-ordinary",
            text="Platforms, messengers and editing programs code every video anew: that one was coded "
            "before does not say that anything in it was changed.",
        ),
        Caveat(
            id="rhythm-of-the-scene",
            text="What happens in a scene at even distances, to the picture, can leave a rhythm as well.",
        ),
        Caveat(
            id="coarse-coding-hides",
            text="Coding coarsely, or to another size, takes the trace away, and groups of changing length "
            "leave none. That nothing was found shows nothing.",
        ),
    )

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the contract
        """Yields the present coding, then a converted rate, an earlier coding, or why neither is told."""
        film = context.film
        yield _present(film)
        why = _untestable(film)
        if why:
            yield _not_testable(why, None)
            return
        again = repeated(film.records)
        distance = even(np.flatnonzero(again))
        if distance is not None:
            yield _converted(film, int(again.sum()), distance)
            return
        context.check_deadline()
        found = search(film.records, film.luma)
        context.check_deadline()
        broken = change(film.records, film.luma)
        context.check_deadline()
        if broken:
            yield _broken(context, film, broken)
        elif found is None or found.log_nfa > DOUBTFUL:
            yield _nothing(film)
        elif found.group < SHORTEST or not paced(found, film.luma) or small(found, film.records):
            yield _rhythm(found)
        elif found.log_nfa > SEEN:
            yield _nothing(film)
        else:
            yield _coded_before(context, film, found)


def quality_class(film: Film) -> str:
    """Returns the class of coding that calibration tells apart, as its rows are named."""
    between = bool((film.records["type"] == b"B").any())
    if film.codec != "h264":
        return OTHER
    if min(film.width, film.height) >= LARGE:
        return COARSE if between else OTHER
    return f"H.264, then {WITH_B if between else WITHOUT_B}"


def _count(key: str, value: int, unit: str = "count") -> Measurement:
    return Measurement(key=key, value=value, unit=unit)


def _text(key: str, value: str) -> Measurement:
    return Measurement(key=key, value=value, unit="text")


def _present(film: Film) -> Finding:
    begun = np.flatnonzero(film.records["key"])
    lengths = np.diff(begun)
    types = {t: int((film.records["type"] == t.encode()).sum()) for t in "IPBS?"}
    groups = (
        "groups of {shortest} pictures"
        if len(lengths) and lengths.min() == lengths.max()
        else "groups of {shortest} to {longest} pictures"
        if len(lengths)
        else "not one whole group of pictures"
    )
    return Finding(
        id="present-coding",
        template="As it is coded now ({codec}), the video has "
        + groups
        + " (groups begun: {groups}; pictures "
        "by type: {types}; read: {pictures} pictures, {covered} s).",
        measurements=(
            _text("codec", film.codec),
            *(
                (
                    _count("shortest", int(lengths.min()), "pictures"),
                    _count("longest", int(lengths.max()), "pictures"),
                )
                if len(lengths)
                else ()
            ),
            _count("groups", len(begun)),
            _text("types", ", ".join(f"{t} {n}" for t, n in types.items() if n)),
            _count("pictures", len(film)),
            Measurement(key="covered", value=f"{float(film.covered):.1f}", unit="s"),
        ),
        diagnostic=Diagnostic.NO,
        caveats=tuple(
            Caveat(id=f"as-read-{number}", text=note)
            for number, note in enumerate(film.notes, start=1)
        ),
    )


def _untestable(film: Film) -> str:
    if not film.vectors:
        return f"motion vectors of this coding ({film.codec}) are not told by its decoder"
    predicted = int(np.isin(film.records["type"], (b"P", b"B")).sum())
    if predicted < LEAST:
        return f"{predicted} pictures are predicted from others, at least {LEAST} are needed"
    bands = film.records["band"][film.records["type"] == b"P"]
    if len(bands) and float((bands == 1).mean()) >= REFRESHED:
        return "the coding renews its pictures band by band, which has a rhythm of its own"
    return ""


def _not_testable(why: str, row: Row | None) -> Finding:
    return Finding(
        id="not-testable",
        template="Whether the video was coded before is not testable: {why}.",
        measurements=(_text("why", why), *((_text("sees", _sees(row)),) if row else ())),
        diagnostic=Diagnostic.NO,
    )


def _converted(film: Film, count: int, distance: float) -> Finding:
    return Finding(
        id="repeated-pictures",
        template="Pictures are shown again at even distances, about every {distance} pictures ({repeated} of "
        "{pictures}), as when a video is converted to a higher frame rate. Whether it was coded before is "
        "not testable: the repetitions leave a rhythm of their own.",
        measurements=(
            Measurement(key="distance", value=f"{distance:.2f}", unit="pictures"),
            _count("repeated", count),
            _count("pictures", len(film)),
        ),
        diagnostic=Diagnostic.NO,
    )


def _stated(found: Footprint, then: str = "") -> tuple[Measurement, ...]:
    return (
        _count(f"{then}places", found.places),
        _text(f"{then}measure", found.measure),
        Measurement(key=f"{then}nfa", value=chance(found.log_nfa), unit="rhythms"),
    )


def _rhythm_of(
    film: Film, found: Footprint, begin: int, end: int, then: str = ""
) -> tuple[Measurement, ...]:
    """The distance of a rhythm, between two pictures, and what speaks for it."""
    return (
        Measurement(
            key=f"{then}group" if then else "first-group",
            value=found.group,
            unit="pictures",
            where=Where(start=film.time(begin), end=film.time(end)),
        ),
        *_stated(found, then),
    )


def _rhythm(found: Footprint) -> Finding:
    return Finding(
        id="rhythm",
        template="Pictures stand out every {distance} pictures, by {measure} (places: {places}; expected by "
        "chance: {nfa}), as when the frame rate is converted, coding is done in layers, or something small "
        "blinks in a picture that stands. Whether the video was coded before is not testable beside it.",
        measurements=(_count("distance", found.group, "pictures"), *_stated(found)),
        diagnostic=Diagnostic.NO,
    )


def _coded_before(context: Context, film: Film, found: Footprint) -> Finding:
    return Finding(
        id="coded-before",
        template="The video was coded before, in groups of about {first-group} pictures, or of a part of "
        "that: at that distance pictures that are predicted from others now stand out, by {measure} (places: "
        "{places}; expected by chance: {nfa}).",
        measurements=_rhythm_of(film, found, found.first, len(film) - 1),
        diagnostic=Diagnostic.NO,
        exhibits=(
            _drawn(
                context,
                film,
                "coded-before",
                [(found, 0, len(film) - 1)],
                "How much each predicted picture stands out among its neighbours, over time; in red, every "
                f"{found.group}th from the one at {float(film.time(found.first)):.2f} s on. Numbers of false "
                f"alarms count from 10^{SEEN:.0f} on.",
            ),
        ),
    )


def _broken(context: Context, film: Film, broken: Change) -> Finding:
    course, before, after = Course.of(film), broken.before, broken.after
    there = [at for at in cuts(film.luma, course.step) if broken.last < at <= broken.first]
    return Finding(
        id="earlier-groups-change",
        template="The video was coded before, and the rhythm of that coding does not run on: up to {until} s "
        "pictures stand out every {first-group} pictures (by {measure}; expected by chance: {nfa}), from "
        "{from} s on every {then-group} (by {then-measure}; expected by chance: {then-nfa}), and the second "
        "does not continue the first. Pictures were taken out or put in between, or recordings were joined, "
        "after that coding; or that coding itself began a new group there, as coders do at a cut."
        + (" At {cut} s the picture changes to another shot." if there else ""),
        measurements=(
            *_rhythm_of(film, before, 0, broken.last),
            *_rhythm_of(film, after, broken.first, len(film) - 1, "then-"),
            course.at("until", broken.last),
            course.at("from", broken.first),
            *((course.at("cut", there[0]),) if there else ()),
        ),
        diagnostic=Diagnostic.NO,
        caveats=(
            Caveat(
                id="why-broken",
                text="An earlier rhythm is broken by joined recordings, by pictures that a device or a "
                "stream dropped, and by cuts of an edited programme as well: that it is does not say why, "
                "or that anything was hidden.",
            ),
        ),
        exhibits=(
            _drawn(
                context,
                film,
                "earlier-groups-change",
                [(before, 0, broken.last), (after, broken.first, len(film) - 1)],
                "How much each predicted picture stands out among its neighbours, over time; in red, above "
                "the places of the first rhythm, below those of the second. Numbers of false alarms count "
                f"from 10^{SEEN:.0f} on, on each side.",
            ),
        ),
    )


def _nothing(film: Film) -> Finding:
    known = calibration(VideoHistory.name)
    row = known.row("coded-before", quality_class(film), "any") if known else None
    if row is None or row.hits * SEES < row.edited or not row.edited:
        return _not_testable(
            "in videos coded alike hardly any was found, or none was looked at", row
        )
    return Finding(
        id="no-earlier-coding",
        template="No trace of an earlier coding was found; {sees}.",
        measurements=(_text("sees", _sees(row)),),
        diagnostic=Diagnostic.NO,
    )


def _sees(row: Row) -> str:
    return (
        f"of videos of about ten seconds, coded twice and now coded alike, {row.hits} of {row.edited} were "
        "found when this was measured"
    )


def _drawn(
    context: Context,
    film: Film,
    name: str,
    told: Sequence[tuple[Footprint, int, int]],
    caption: str,
) -> Exhibit:
    """One panel for each rhythm, with the indices of its first and last picture."""
    values = measures(film.records, film.luma)
    times = [float(film.time(at)) for at in range(len(film))]
    shown = [Shown(one, values[one.measure], begin, end) for one, begin, end in told]
    return context.exhibit(name, drawn(shown, times), caption)
