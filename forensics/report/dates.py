"""Every date on record of a case, in order, as a table and as a drawing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from forensics.claims.timeline import Instant, When, timeline
from forensics.language import say, say_many
from forensics.model import Case
from forensics.model.moment import Moment, read_moment
from forensics.report.clean import visible
from forensics.report.figures import when

WIDTH = 1000
"""Units across the drawing."""
_ROW = 18
_AXIS = 30
_THINNEST = 7
_EDGE = 24
_LONGEST = timedelta(days=366 * 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """One date.

    Attributes:
        number: From 1, in order of time.
        at: As it is on record; a span as "… to …".
        what: What happened then, one phrase.
        about: Which claim or file.
        entry: Index of the entry that says so, or None.
        kind: As the timeline has it: "event-begins", "released"….
    """

    number: int
    at: str
    what: str
    about: str
    entry: int | None
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A date as it is drawn, in drawing units."""

    number: int
    kind: str
    x: int
    y: int
    width: int
    label_x: int
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A line across the drawing with its date."""

    x: int
    label: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The table and the drawing; `drawn` is false where one date, or none, leaves nothing to draw."""

    rows: tuple[Dated, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    height: int
    drawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _One:
    start: Moment
    end: Moment
    what: str
    about: str
    entry: int | None
    kind: str


def dates(case: Case) -> Dates | None:
    """Returns the dates of a case, or None if there are none."""
    # A time without a zone lies in an interval: it is put where the middle of that lies.
    found = sorted(_found(case), key=lambda one: _middle(one.start))
    if not found:
        return None
    rows = tuple(
        Dated(
            number=number,
            at=_at(one),
            what=one.what,
            about=one.about,
            entry=one.entry,
            kind=one.kind,
        )
        for number, one in enumerate(found, 1)
    )
    start = min(one.start.earliest for one in found)
    end = max(one.end.latest for one in found)
    length = end - start
    if length <= timedelta(0) or length > _LONGEST:
        return Dates(rows=rows, marks=(), ticks=(), height=0, drawn=False)

    def place(moment: datetime) -> int:
        return _EDGE + round((moment - start) / length * (WIDTH - 2 * _EDGE))

    marks = tuple(
        _mark(number, one, place(one.start.earliest), place(one.end.latest))
        for number, one in enumerate(found, 1)
    )
    height = _ROW * len(found) + _AXIS
    ticks = tuple(_ticks(start, end, place))
    return Dates(rows=rows, marks=marks, ticks=ticks, height=height, drawn=True)


def _mark(number: int, one: _One, left: int, right: int) -> Mark:
    width = max(_THINNEST, right - left)
    left = min(left, WIDTH - _EDGE - width)
    late = left > WIDTH * 3 // 4
    return Mark(
        number=number,
        kind=one.kind,
        x=left,
        y=4 + _ROW * (number - 1),
        width=width,
        label_x=left - 6 if late else left + width + 6,
        anchor="end" if late else "start",
    )


def _ticks(start: datetime, end: datetime, place: Callable[[datetime], int]) -> Iterator[Tick]:
    """The first and last day, and where there is room up to three between them."""
    days = (end.date() - start.date()).days
    steps = 4 if days >= 8 else 2 if days >= 2 else 1
    for i in range(steps + 1):
        moment = start + (end - start) * i / steps
        x = place(moment)
        anchor = "start" if i == 0 else "end" if i == steps else "middle"
        form = "%Y-%m-%d" if days >= 2 else "%Y-%m-%d %H:%M"
        yield Tick(x=x, label=moment.astimezone(UTC).strftime(form), anchor=anchor)


def _at(one: _One) -> str:
    if one.start.text == one.end.text:
        return when(one.start.text)
    return say("{start} to {end}", start=when(one.start.text), end=when(one.end.text))


def _found(case: Case) -> Iterator[_One]:
    """The instants of a case, the beginning and the end of an event drawn together."""
    ends = {one.claim: one.at for one in timeline(case) if one.what is When.EVENT_ENDS}
    begun = {one.claim for one in timeline(case) if one.what is When.EVENT_BEGINS}
    told = {(one.at.text, one.what, one.other or one.asset): one for one in timeline(case)}
    for one in told.values():
        if one.what is When.EVENT_ENDS and one.claim in begun:
            continue
        end = ends.get(one.claim, one.at) if one.what is When.EVENT_BEGINS else one.at
        yield _One(
            start=one.at,
            end=end,
            what=_what(one),
            about=_about(case, one),
            entry=one.entry,
            kind=one.what.value,
        )


def _middle(moment: Moment) -> datetime:
    return moment.earliest + (moment.latest - moment.earliest) / 2


def _what(one: Instant) -> str:
    match one.what:
        case When.EVENT_BEGINS | When.EVENT_ENDS:
            return say("the event, as claimed")
        case When.SAID:
            return say("the claim was first made")
        case When.RELEASED:
            return say("released as evidence")
        case When.STATED:
            return say("recorded, by the file's own word")
        case When.SEEN if one.other is not None:
            return say("the same material was seen elsewhere")
        case When.SEEN:
            return say("seen in public")
        case When.RECEIVED:
            return say("received here")


def _about(case: Case, one: Instant) -> str:
    if one.asset is None:
        return say("claim {number}", number=str(one.claim))
    for asset in case.assets:
        if asset.asset.sha256 == one.asset:
            for copy in asset.copies:
                if copy.asset.sha256 == one.other:
                    return visible(copy.asset.name, 120)
            return visible(asset.asset.name, 120)
    return ""


def gap(said: str | None, released: Sequence[str]) -> str:
    """Returns how long after a claim its evidence was released, one sentence; empty where not known."""
    first = read_moment(said or "")
    times = sorted(
        (moment for text in released if (moment := read_moment(text))), key=lambda m: m.earliest
    )
    if first is None or not times:
        return ""
    days = (times[0].day - first.day).days
    if days < 1:
        return ""
    return say_many(
        "The claim was first made {said}; the first of this material on record was released "
        "{released}, {n} day later.",
        "The claim was first made {said}; the first of this material on record was released "
        "{released}, {n} days later.",
        days,
        said=when(first.text),
        released=when(times[0].text),
    )
