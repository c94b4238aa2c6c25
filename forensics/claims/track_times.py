"""The times that telemetry and tracks as data carry, against the stated time of the event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from forensics.model import Caveat, Claim, Direction, Finding, Measurement, Outcome
from forensics.model.moment import Moment, read_moment
from forensics.model.questions import EVENT_TIME

_SLACK: Final = timedelta(minutes=10)
_WRITTEN: Final = Caveat(
    id="own-word", text="Times and places in a file are the file's own word: anyone can write them."
)
_CLOCKS: Final = Caveat(id="clocks", text="A wrongly set camera clock can cause this innocently.")


def against_event(outcomes: Sequence[Outcome], claim: Claim) -> Iterator[Finding]:
    """Yields whether a track's times lie before, in or after the event; they decide nothing alone."""
    begin = read_moment(claim.event_from) if claim.event_from else None
    end = read_moment(claim.event_to) if claim.event_to else None
    if begin is None:
        return
    for o in outcomes:
        for f in o.findings:
            kind = (o.analysis, f.id)
            if kind in {("metadata", "track-stated"), ("metadata", "marked-times")}:
                values = {m.key: str(m.value) for m in f.measurements}
                first = read_moment(values.get("first", ""))
                last = read_moment(values.get("last", ""))
                if first and last:
                    camera = f.id == "track-stated"
                    yield _finding(first, last, begin, end, camera=camera)


def _finding(
    first: Moment, last: Moment, begin: Moment, end: Moment | None, *, camera: bool
) -> Finding:
    values = tuple(
        Measurement(key=key, value=value, unit="time")
        for key, value in (
            ("first", first.text),
            ("last", last.text),
            ("event", begin.text if end is None else f"{begin.text} to {end.text}"),
        )
    )
    caveats = (_WRITTEN, _CLOCKS)
    if last.before(begin, _SLACK):
        return Finding(
            id="track-before-event",
            template="The times that positions in the file carry ({first} to {last}) lie before the "
            "stated time of the event ({event}).",
            measurements=values,
            question=EVENT_TIME,
            caveats=caveats,
        )
    if end is not None and end.before(first, _SLACK):
        return Finding(
            id="track-after-event",
            template="The times that positions in the file carry ({first} to {last}) lie after the "
            "stated time of the event ({event}).",
            measurements=values,
            question=EVENT_TIME,
            caveats=caveats,
        )
    # What a list of places marks is its author's word; only telemetry is written while recording.
    return Finding(
        id="track-fits-event",
        template="The times that positions in the file carry ({first} to {last}) can fit the stated "
        "time of the event ({event}).",
        measurements=values,
        question=EVENT_TIME,
        direction=Direction.SUPPORTS_H1 if camera else Direction.NEUTRAL,
        caveats=caveats,
    )
