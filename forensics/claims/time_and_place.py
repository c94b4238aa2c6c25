"""Do the asset's stated and known times and places fit each other, and the claim?

Pure: it reads what other outcomes measured, where copies were seen before, and when the asset was received
here. Made in the same form as an analysis, so that a verdict rests on outcomes alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from forensics.inside.places import distance_km
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
    Place,
    Ran,
    Relation,
    Where,
)
from forensics.model.moment import Moment, read_moment
from forensics.model.questions import EVENT_PLACE, EVENT_TIME, RECORDED_WHEN_STATED

NAME, VERSION = "time-and-place", 3

_SAME_MATERIAL = {Relation.COPY, Relation.SAME_STREAM}
_CLOCK_SLACK = timedelta(minutes=10)
_OWN_WORD = Caveat(
    id="own-word", text="Times and places in a file are the file's own word: anyone can write them."
)
_RECORD = Caveat(
    id="record-of-receipt",
    text=(
        "The time of an earlier copy, or of this file itself, is the one on record, on the word of whoever "
        "is named there; a wrong record would mislead this test."
    ),
)
_AUTHOR = Caveat(
    id="author-chose",
    text="What a map, a track or a list of places marks is what its author wrote.",
)
_CLOCKS = Caveat(id="clocks", text="A wrongly set camera clock can cause this innocently.")


def compare_time_and_place(
    outcomes: Sequence[Outcome],
    copies: Sequence[Copy],
    claim: Claim | None,
    received_at: str,
    met: KnownAsset | None = None,
) -> Outcome:
    """Returns the outcome of all tests that what is known allows.

    Args:
        outcomes: What the analyses came to; the stated times and places are read from "metadata".
        copies: Earlier copies, with their appearances.
        claim: What the asset is offered as evidence of, or None.
        received_at: RFC 3339 time at which the asset was received here.
        met: What is on record of the very same bytes; None: nothing but that receipt.
    """
    stated = _stated(outcomes)
    received = read_moment(received_at)
    seen = [*_seen_itself(met, received_at), *_seen(copies)]
    findings = [
        *_against_receipt(stated, received),
        *_changed_after(outcomes, met, received),
        *_against_record(stated, seen),
        *(_against_event(stated, seen, claim) if claim else ()),
        *(_against_place(_coordinates(outcomes), claim.place) if claim and claim.place else ()),
        *(_marked_against_place(outcomes, claim.place) if claim and claim.place else ()),
    ]
    return Outcome(
        analysis=NAME,
        version=VERSION,
        examines=(Pillar.DATE, Pillar.LOCATION),
        result=Ran(findings=tuple(findings)),
    )


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
                caveats=(_OWN_WORD, _CLOCKS),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """When something with the same material is first on record; `what` it is, as a sentence begins."""

    what: str
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
                        f"{one.what} is on record since {{seen}}, before the time that this file states "
                        "({stated})."
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
    if begin is None:
        return
    for one in seen:
        if one.at.before(begin):
            yield Finding(
                id="seen-before-event",
                template=(
                    f"{one.what} is on record since {{seen}}, before the stated time of the event "
                    "({event})."
                ),
                measurements=(_plain("seen", one.at.text), _plain("event", begin.text), one.asset),
                question=EVENT_TIME,
                direction=Direction.SUPPORTS_H2,
                diagnostic=Diagnostic.YES,
                caveats=(_RECORD,),
            )
    end = read_moment(claim.event_to) if claim.event_to else None
    for m, moment in stated:
        yield _stated_against_event(m, moment, begin, end)


def _stated_against_event(
    stated: Measurement, moment: Moment, begin: Moment, end: Moment | None
) -> Finding:
    """The file's own word about its time. A clock that was never set is common, so it decides nothing."""
    if moment.before(begin, _CLOCK_SLACK):
        kind, where = "stated-before-event", "lies before the stated time of the event ({event})"
    elif end is not None and end.before(moment, _CLOCK_SLACK):
        kind, where = "stated-after-event", "lies after the stated time of the event ({event})"
    else:
        kind, where = "stated-fits-event", "can fit the stated time of the event ({event})"
    fits = kind == "stated-fits-event"
    span = begin.text if end is None else f"{begin.text} to {end.text}"
    return Finding(
        id=kind,
        template=f"The time that the file states ({{stated}}) {where}.",
        measurements=(_time("stated", stated), _plain("event", span)),
        question=EVENT_TIME,
        direction=Direction.SUPPORTS_H1 if fits else Direction.NEUTRAL,
        caveats=(_OWN_WORD, _CLOCKS),
    )


def _seen(copies: Sequence[Copy]) -> Iterator[_Seen]:
    """The earliest time on record for each other asset with the same material."""
    for copy in copies:
        times = [a.at for a in copy.asset.appearances] or [copy.asset.first_seen]
        first = _first(times)
        if copy.relation in _SAME_MATERIAL and first:
            other = Measurement(key="other-asset", value=copy.asset.sha256, unit="sha256")
            yield _Seen(what="The same material", at=first, asset=other)


def _seen_itself(met: KnownAsset | None, received_at: str) -> Iterator[_Seen]:
    """The earliest time on record for the very same bytes, but for receipt here, which is tested apart."""
    if met is not None:
        first = _first([a.at for a in met.appearances if a.at != received_at])
        if first:
            itself = Measurement(key="this-asset", value=met.sha256, unit="sha256")
            yield _Seen(what="This very file", at=first, asset=itself)


def _first(times: Sequence[str]) -> Moment | None:
    known = [moment for time in times if (moment := read_moment(time))]
    return min(known, key=lambda moment: moment.latest, default=None)


def _coordinates(outcomes: Sequence[Outcome]) -> tuple[float, float] | None:
    for o in outcomes:
        for f in o.findings:
            if o.analysis == "metadata" and f.id == "place-stated":
                values = {m.key: str(m.value) for m in f.measurements}
                return float(values["latitude"]), float(values["longitude"])
    return None


def _against_place(stated: tuple[float, float] | None, place: Place) -> Iterator[Finding]:
    if stated is None or place.lat is None or place.lon is None:
        return
    km = distance_km(*stated, float(place.lat), float(place.lon))
    radius = float(place.radius_km or 0)
    far = km > radius
    yield Finding(
        id="stated-outside-place" if far else "stated-inside-place",
        template=(
            "The place that the file states lies {distance} km from the stated place of the event, "
            + ("outside" if far else "within")
            + " its radius of {radius} km."
        ),
        measurements=(
            Measurement(key="distance", value=f"{km:.1f}", unit="km"),
            Measurement(key="radius", value=place.radius_km or "0", unit="km"),
        ),
        question=EVENT_PLACE,
        direction=Direction.SUPPORTS_H2 if far else Direction.SUPPORTS_H1,
        diagnostic=Diagnostic.YES if far else Diagnostic.UNKNOWN,
        caveats=(_OWN_WORD,),
    )


def _marked_against_place(outcomes: Sequence[Outcome], place: Place) -> Iterator[Finding]:
    """Where places as data lie from the place of the event. Their author chose them: it decides nothing."""
    if place.lat is None or place.lon is None:
        return
    lat, lon = float(place.lat), float(place.lon)
    for o in outcomes:
        for f in o.findings if o.analysis == "metadata" else ():
            if f.id != "places-marked":
                continue
            sides = {m.key: str(m.value) for m in f.measurements}
            km = _to_extent(lat, lon, sides)
            if km is not None:
                yield _marked(km, float(place.radius_km or 0))


def _to_extent(lat: float, lon: float, sides: Mapping[str, str]) -> float | None:
    """Kilometres from a point to the nearest one between four sides; None where they bound nothing."""
    try:
        south, north, west, east = (float(sides[k]) for k in ("south", "north", "west", "east"))
    except (KeyError, ValueError):
        return None
    if not (-90 <= south <= north <= 90 and -180 <= west <= 180 and -180 <= east <= 180):
        return None
    level = min(max(lat, south), north)
    across = west <= lon <= east if west <= east else lon >= west or lon <= east
    if across:
        return distance_km(lat, lon, level, lon)
    # On one side of a box the nearest point need not lie at the same latitude, but never far from it.
    return min(distance_km(lat, lon, level, side) for side in (west, east))


def _marked(km: float, radius: float) -> Finding:
    far = km > radius
    return Finding(
        id="marked-outside-place" if far else "marked-inside-place",
        template=(
            "The places that the file marks lie {distance} km from the stated place of the event at the "
            "nearest, " + ("outside" if far else "within") + " its radius of {radius} km."
        ),
        measurements=(
            Measurement(key="distance", value=f"{km:.0f}", unit="km"),
            Measurement(key="radius", value=f"{radius:g}", unit="km"),
        ),
        question=EVENT_PLACE,
        caveats=(_AUTHOR,),
    )


def _plain(key: str, value: str) -> Measurement:
    return Measurement(key=key, value=value, unit="time")


def _time(key: str, stated: Measurement) -> Measurement:
    return Measurement(key=key, value=stated.value, unit="time", where=stated.where or Where())
