"""Several assets of one case against each other: are they one source, and do they say the same?

Two assets that agree confirm each other only if neither depends on the other. So pictures, sound, devices and
publishers that they share are looked for first; that nothing ties them is said with care, since what was not
looked at may. Pure, and the order of assets changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from typing import Final

from forensics.claims.corroborate_map import against_map, counts, stated_place
from forensics.claims.tied import Tie, tie
from forensics.claims.timeline import Instant, When, stated_times, timeline
from forensics.inside.places import distance_km
from forensics.model import (
    Case,
    CaseAsset,
    Caveat,
    Diagnostic,
    Direction,
    Finding,
    Measurement,
    NotApplicable,
    Outcome,
    Pillar,
    Question,
    Ran,
)
from forensics.model.questions import INDEPENDENT_SOURCES, PLACES_OF_ASSETS, TIMES_OF_ASSETS

NAME: Final = "corroboration"
VERSION: Final = 1

MAX_PAIRS: Final = 500
"""Pairs that are compared, by the digests of the assets."""
SLACK: Final = timedelta(minutes=10)
"""By which clocks may differ; the length of the longer recording is added."""
APART_KM: Final = 5.0
"""Two stated places may be that of the beginning and that of the end of a recording."""

_WORD: Final = Caveat(
    id="own-word",
    text="Dates, places and devices in a file are the file's own word: anyone can write them.",
)
_SEARCH: Final = Caveat(
    id="what-was-compared",
    text="Only what is in this ledger was compared; two recordings of one staged scene share nothing "
    "that is measured here.",
)
_MUSIC: Final = Caveat(
    id="sound-laid-under", text="The same music or commentary can lie under unrelated pictures."
)


def corroborate(case: Case) -> Outcome:
    """Returns the outcome for a whole case."""
    examines = (Pillar.SOURCE, Pillar.DATE, Pillar.LOCATION)
    assets = sorted(case.assets, key=lambda a: a.asset.sha256)
    told = [*_times(timeline(case)), *counts(case.claims, assets)]
    if len(assets) < 2 and not told:
        why = "Fewer than two assets are offered in this case, so there is nothing to compare."
        return Outcome(
            analysis=NAME, version=VERSION, examines=examines, result=NotApplicable(why=why)
        )
    pairs = list(combinations(assets, 2))
    found = [f for one, other in pairs[:MAX_PAIRS] for f in _pair(one, other)]
    return Outcome(
        analysis=NAME,
        version=VERSION,
        examines=examines,
        result=Ran(findings=(*found, *told)),
        parameters={"pairs": f"{min(len(pairs), MAX_PAIRS)} of {len(pairs)}"},
    )


def _pair(one: CaseAsset, other: CaseAsset) -> Iterator[Finding]:
    tied = tie(one, other)
    yield from _sources(one, other, tied)
    if tied.pictures:
        yield from _stated_times(one, other)
        yield from _stated_places(one, other)
    yield from against_map(one, other)
    yield from against_map(other, one)


def _sources(one: CaseAsset, other: CaseAsset, tied: Tie) -> Iterator[Finding]:
    names = named(one, other)
    if tied.pictures:
        yield Finding(
            id="one-recording",
            template="{one} and {other} carry the same pictures: they are one source, not two.",
            measurements=names,
            question=INDEPENDENT_SOURCES,
            direction=Direction.SUPPORTS_H2,
            diagnostic=Diagnostic.YES,
            caveats=(_SEARCH,),
        )
    if tied.sound:
        yield Finding(
            id="same-sound",
            template="{one} and {other} carry the same sound.",
            measurements=names,
            question=INDEPENDENT_SOURCES,
            direction=Direction.SUPPORTS_H2,
            caveats=(_MUSIC, _SEARCH),
        )
    if tied.scene:
        yield Finding(
            id="same-scene",
            template="{one} and {other} show pictures that are alike: two recordings of one scene, or one "
            "recording changed.",
            measurements=names,
            question=INDEPENDENT_SOURCES,
            caveats=(_SEARCH,),
        )
    if tied.serial:
        yield Finding(
            id="same-device",
            template="{one} and {other} state the same serial number of a device.",
            measurements=names,
            question=INDEPENDENT_SOURCES,
            direction=Direction.SUPPORTS_H2,
            caveats=(_WORD,),
        )
    if tied.publisher:
        yield Finding(
            id="one-publisher",
            template="{one} and {other} were offered by the same publisher ({publisher}).",
            measurements=(*names, _text("publisher", tied.publisher)),
            question=INDEPENDENT_SOURCES,
            direction=Direction.SUPPORTS_H2,
            caveats=(
                Caveat(
                    id="publisher-stated",
                    text="Who published is the word of whoever recorded it; a publisher can pass on what "
                    "others made independently.",
                ),
            ),
        )
    if tied.traces:
        yield Finding(
            id="same-traces",
            template="{one} and {other} bear the same traces of devices or programs: {trace}.",
            measurements=(*names, *(_text("trace", t[:200]) for t in tied.traces)),
            diagnostic=Diagnostic.NO,
            caveats=(_WORD,),
        )
    yield from _independence(names, tied)


def _independence(names: tuple[Measurement, ...], tied: Tie) -> Iterator[Finding]:
    """Nothing that ties two assets, or why that cannot be told; nothing where something does."""
    if tied.independent:
        yield Finding(
            id="nothing-ties",
            template="Nothing was found that ties {one} and {other} together: neither pictures nor "
            "sound, nor a device or a publisher. That they are independent is not shown by that.",
            measurements=names,
            question=INDEPENDENT_SOURCES,
            direction=Direction.SUPPORTS_H1,
            caveats=(_SEARCH, _WORD),
        )
    elif tied.why_open == "search" and not tied.pictures:
        yield Finding(
            id="not-comparable",
            template="Whether {one} and {other} are independent cannot be told: neither was searched for "
            "copies.",
            measurements=names,
            question=INDEPENDENT_SOURCES,
            caveats=(_SEARCH,),
        )
    elif tied.why_open == "publisher" and not (tied.pictures or tied.sound or tied.serial):
        yield Finding(
            id="not-comparable",
            template="Whether {one} and {other} are independent cannot be told: who published them is not "
            "stated for both.",
            measurements=names,
            question=INDEPENDENT_SOURCES,
            caveats=(_SEARCH,),
        )


def _stated_times(one: CaseAsset, other: CaseAsset) -> Iterator[Finding]:
    """The same pictures were recorded once: their files' times have to allow for that."""
    mine, theirs = stated_times(one), stated_times(other)
    if not mine or not theirs:
        return
    lengths = [a.asset.probe.duration for a in (one, other) if a.asset.probe]
    slack = SLACK + timedelta(seconds=float(max((d for d in lengths if d), default=0)))
    apart = all(a.before(b, slack) or b.before(a, slack) for a in mine for b in theirs)
    values = (
        *named(one, other),
        Measurement(key="one-time", value=mine[0].text, unit="time"),
        Measurement(key="other-time", value=theirs[0].text, unit="time"),
    )
    yield _held_together(
        TIMES_OF_ASSETS,
        values,
        apart=apart,
        disagree=Finding(
            id="times-disagree",
            template="{one} and {other} carry the same pictures, but {one} states that they were "
            "recorded at {one-time} and {other} at {other-time}: both cannot hold.",
        ),
        agree=Finding(
            id="times-agree",
            template="{one} and {other} carry the same pictures, and the times of recording that "
            "they state ({one-time}, {other-time}) do not contradict each other.",
        ),
    )


def _stated_places(one: CaseAsset, other: CaseAsset) -> Iterator[Finding]:
    mine, theirs = stated_place(one), stated_place(other)
    if mine is None or theirs is None:
        return
    km = distance_km(*mine, *theirs)
    values = (*named(one, other), Measurement(key="distance", value=f"{km:.0f}", unit="km"))
    yield _held_together(
        PLACES_OF_ASSETS,
        values,
        apart=km > APART_KM,
        disagree=Finding(
            id="places-disagree",
            template="{one} and {other} carry the same pictures, but state places that lie "
            "{distance} km from each other: both cannot hold.",
        ),
        agree=Finding(
            id="places-agree",
            template="{one} and {other} carry the same pictures and state the same place, to within "
            "{distance} km.",
        ),
    )


def _held_together(
    question: Question,
    values: tuple[Measurement, ...],
    *,
    apart: bool,
    disagree: Finding,
    agree: Finding,
) -> Finding:
    """What two files state of the same pictures: that both cannot hold tells, that they can does not."""
    if not apart:
        return replace(agree, measurements=values, diagnostic=Diagnostic.NO, caveats=(_WORD,))
    return replace(
        disagree,
        measurements=values,
        question=question,
        direction=Direction.SUPPORTS_H2,
        diagnostic=Diagnostic.YES,
        caveats=(_WORD,),
    )


def _times(instants: tuple[Instant, ...]) -> Iterator[Finding]:
    """The first of each kind of time, in order; a report has all of them by `timeline`."""
    firsts: dict[When, Instant] = {}
    for one in instants:
        firsts.setdefault(one.what, one)
    if len(firsts) > 1:
        yield Finding(
            id="timeline",
            template="What is on record, in order: {moment}.",
            measurements=tuple(
                Measurement(key="moment", value=f"{what.value} {one.at.text}", unit="time")
                for what, one in firsts.items()
            ),
            diagnostic=Diagnostic.NO,
            caveats=(_WORD,),
        )


def named(one: CaseAsset, other: CaseAsset) -> tuple[Measurement, ...]:
    """Returns two assets by the beginnings of their digests, and by all of them."""
    return (
        _text("one", one.asset.sha256[:12]),
        _text("other", other.asset.sha256[:12]),
        Measurement(key="one-asset", value=one.asset.sha256, unit="sha256"),
        Measurement(key="other-asset", value=other.asset.sha256, unit="sha256"),
    )


def _text(key: str, value: str) -> Measurement:
    return Measurement(key=key, value=value, unit="text")
