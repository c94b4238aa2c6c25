"""Do the asset's stated and known times and places fit each other, and the claim?

Pure: it reads what other outcomes measured, where copies were seen before, and when the asset was received
here. Made in the same form as an analysis, so that a verdict rests on outcomes alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from forensics.claims.places_tested import OWN_WORD, against_place, zones
from forensics.claims.release import against_release, of_claim
from forensics.claims.track_times import against_event as marked_against_event
from forensics.model import (
    Caveat,
    Claim,
    Copy,
    Diagnostic,
    Direction,
    Finding,
    KnownAsset,
    Measurement,
    Outcome,
    Pillar,
    Ran,
    Relation,
    Where,
)
from forensics.model.moment import Moment, read_moment
from forensics.model.questions import EVENT_TIME, RECORDED_WHEN_STATED

NAME, VERSION = "time-and-place", 4

_SAME_MATERIAL = {Relation.COPY, Relation.SAME_STREAM}
_CLOCK_SLACK = timedelta(minutes=10)
_RECORD = Caveat(
    id="record-of-receipt",
    text=(
        "The time of an earlier copy, or of this file itself, is the one on record, on the word of whoever "
        "is named there; a wrong record would mislead this test."
    ),
)
_CLOCKS = Caveat(id="clocks", text="A wrongly set camera clock can cause this innocently.")


def compare_time_and_place(
    outcomes: Sequence[Outcome],
    copies: Sequence[Copy],
    claim: Claim | None,
    received_at: str,
    met: KnownAsset | None = None,
    released_at: str | None = None,
) -> Outcome:
    """Returns the outcome of all tests that what is known allows.

    Args:
        outcomes: What the analyses came to; the stated times and places are read from "metadata".
        copies: Earlier copies, with their appearances.
        claim: What the asset is offered as evidence of, or None.
        received_at: RFC 3339 time at which the asset was received here.
        met: What is on record of the very same bytes; None: nothing but that receipt.
        released_at: RFC 3339 time at which this asset was released as evidence; None: the claim's is taken.
    """
    stated = _stated(outcomes)
    received = read_moment(received_at)
    seen = [*_seen_itself(met, received_at), *_seen(copies)]
    findings = [
        *_against_receipt(stated, received),
        *_changed_after(outcomes, met, received),
        *_against_record(stated, seen),
        *zones(outcomes, claim),
        *(_against_claim(outcomes, stated, seen, claim, released_at) if claim else ()),
    ]
    return Outcome(
        analysis=NAME,
        version=VERSION,
        examines=(Pillar.DATE, Pillar.LOCATION),
        result=Ran(findings=tuple(findings)),
    )


def _against_claim(
    outcomes: Sequence[Outcome],
    stated: Sequence[tuple[Measurement, Moment]],
    seen: Sequence[_Seen],
    claim: Claim,
    released_at: str | None,
) -> Iterator[Finding]:
    yield from _against_event(stated, seen, claim)
    yield from marked_against_event(outcomes, claim)
    yield from of_claim(claim, released_at)
    times = [(_time("stated", m), moment) for m, moment, _ in _times(outcomes)]
    records = [(one.at, one.asset) for one in seen]
    yield from against_release(times, records, claim, released_at)
    if claim.place:
        yield from against_place(outcomes, claim.place)


def _stated(outcomes: Sequence[Outcome]) -> list[tuple[Measurement, Moment]]:
    """Times of recording that the file states."""
    return [(m, moment) for m, moment, recording in _times(outcomes) if recording]


def _times(outcomes: Sequence[Outcome]) -> Iterator[tuple[Measurement, Moment, bool]]:
    """Every time that the file states, and whether it is one of recording."""
    for o in outcomes:
        for f in o.findings if o.analysis == "metadata" else ():
            recording = {"captured", "satellite"} if _has_captured(f) else {"created", "satellite"}
            for m in f.measurements if f.id == "dates-stated" else ():
                if moment := read_moment(str(m.value)):
                    yield m, moment, m.key in recording


def _has_captured(finding: Finding) -> bool:
    return any(m.key == "captured" for m in finding.measurements)


def _against_receipt(
    stated: Sequence[tuple[Measurement, Moment]], received: Moment | None
) -> Iterator[Finding]:
    for m, moment in stated:
        if received and received.before(moment, _CLOCK_SLACK):
            yield Finding(
                id="stated-after-receipt",
                template="The file states {stated}, which lies after it was received here ({received}).",
                measurements=(_time("stated", m), _plain("received", received.text)),
                question=RECORDED_WHEN_STATED,
                direction=Direction.SUPPORTS_H2,
                diagnostic=Diagnostic.YES,
                caveats=(_CLOCKS,),
            )


def _changed_after(
    outcomes: Sequence[Outcome], met: KnownAsset | None, received: Moment | None
) -> Iterator[Finding]:
    """Times of change that lie after these very bytes are on record: no file changes after that.

    It says that a clock or an entry is wrong, and nothing about the recording, so it decides nothing.
    """
    known = _first([a.at for a in met.appearances]) if met else None
    since = min((m for m in (known, received) if m), key=lambda m: m.latest, default=None)
    for m, moment, recording in _times(outcomes):
        if since and not recording and since.before(moment, _CLOCK_SLACK):
            yield Finding(
                id="changed-after-record",
                template=(
                    "The file states {stated} as the time of a change, which lies after this very file "
                    "is on record ({seen})."
                ),
                measurements=(_time("stated", m), _plain("seen", since.text)),
                question=RECORDED_WHEN_STATED,
                caveats=(OWN_WORD, _CLOCKS),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """When something with the same material is first on record; `itself`: the very same bytes are."""

    itself: bool
    at: Moment
    asset: Measurement


def _against_record(
    stated: Sequence[tuple[Measurement, Moment]], seen: Sequence[_Seen]
) -> Iterator[Finding]:
    for one in seen:
        for m, moment in stated:
            if one.at.before(moment, _CLOCK_SLACK):
                yield Finding(
                    id="seen-before-stated",
                    template=(
                        "This very file is on record since {seen}, before the time that this file states "
                        "({stated})."
                        if one.itself
                        else "The same material is on record since {seen}, before the time that this file "
                        "states ({stated})."
                    ),
                    measurements=(_plain("seen", one.at.text), _time("stated", m), one.asset),
                    question=RECORDED_WHEN_STATED,
                    direction=Direction.SUPPORTS_H2,
                    diagnostic=Diagnostic.YES,
                    caveats=(_RECORD, _CLOCKS),
                )


def _against_event(
    stated: Sequence[tuple[Measurement, Moment]], seen: Sequence[_Seen], claim: Claim
) -> Iterator[Finding]:
    begin = read_moment(claim.event_from) if claim.event_from else None
    end = read_moment(claim.event_to) if claim.event_to else None
    if begin is None:
        if end is not None:
            yield from _against_end(stated, end)
        return
    for one in seen:
        if one.at.before(begin):
            yield Finding(
                id="seen-before-event",
                template=(
                    "This very file is on record since {seen}, before the stated time of the event "
                    "({event})."
                    if one.itself
                    else "The same material is on record since {seen}, before the stated time of the event "
                    "({event})."
                ),
                measurements=(_plain("seen", one.at.text), _plain("event", begin.text), one.asset),
                question=EVENT_TIME,
                direction=Direction.SUPPORTS_H2,
                diagnostic=Diagnostic.YES,
                caveats=(_RECORD,),
            )
    for m, moment in stated:
        yield _stated_against_event(m, moment, begin, end)


_AFTER = (
    "The time that the file states ({stated}) lies after the stated time of the event ({event})."
)


def _against_end(stated: Sequence[tuple[Measurement, Moment]], end: Moment) -> Iterator[Finding]:
    """What can be said where only the end of the event is stated: nothing lies before its beginning."""
    yield Finding(
        id="no-beginning-stated",
        template="The claim states when the event ended ({event}) and not when it began: whether this "
        "material was there before the event was not tested.",
        measurements=(_plain("event", end.text),),
        question=EVENT_TIME,
    )
    for m, moment in stated:
        after = end.before(moment, _CLOCK_SLACK)
        yield Finding(
            id="stated-after-event" if after else "stated-before-end",
            template=_AFTER
            if after
            else "The time that the file states ({stated}) does not lie after the stated end of the event "
            "({event}).",
            measurements=(_time("stated", m), _plain("event", end.text)),
            question=EVENT_TIME,
            caveats=(OWN_WORD, _CLOCKS),
        )


def _stated_against_event(
    stated: Measurement, moment: Moment, begin: Moment, end: Moment | None
) -> Finding:
    """The file's own word about its time. A clock that was never set is common, so it decides nothing."""
    fits = False
    if moment.before(begin, _CLOCK_SLACK):
        kind = "stated-before-event"
        template = (
            "The time that the file states ({stated}) lies before the stated time of the event "
            "({event})."
        )
    elif end is not None and end.before(moment, _CLOCK_SLACK):
        kind, template = "stated-after-event", _AFTER
    else:
        kind, fits = "stated-fits-event", True
        template = "The time that the file states ({stated}) can fit the stated time of the event ({event})."
    span = begin.text if end is None else f"{begin.text} to {end.text}"
    return Finding(
        id=kind,
        template=template,
        measurements=(_time("stated", stated), _plain("event", span)),
        question=EVENT_TIME,
        direction=Direction.SUPPORTS_H1 if fits else Direction.NEUTRAL,
        caveats=(OWN_WORD, _CLOCKS),
    )


def _seen(copies: Sequence[Copy]) -> Iterator[_Seen]:
    """The earliest time on record for each other asset with the same material."""
    for copy in copies:
        times = [a.at for a in copy.asset.appearances] or [copy.asset.first_seen]
        first = _first(times)
        if copy.relation in _SAME_MATERIAL and first:
            other = Measurement(key="other-asset", value=copy.asset.sha256, unit="sha256")
            yield _Seen(itself=False, at=first, asset=other)


def _seen_itself(met: KnownAsset | None, received_at: str) -> Iterator[_Seen]:
    """The earliest time on record for the very same bytes, but for receipt here, which is tested apart."""
    if met is not None:
        first = _first([a.at for a in met.appearances if a.at != received_at])
        if first:
            itself = Measurement(key="this-asset", value=met.sha256, unit="sha256")
            yield _Seen(itself=True, at=first, asset=itself)


def _first(times: Sequence[str]) -> Moment | None:
    known = [moment for time in times if (moment := read_moment(time))]
    return min(known, key=lambda moment: moment.latest, default=None)


def _plain(key: str, value: str) -> Measurement:
    return Measurement(key=key, value=value, unit="time")


def _time(key: str, stated: Measurement) -> Measurement:
    return Measurement(key=key, value=stated.value, unit="time", where=stated.where or Where())
