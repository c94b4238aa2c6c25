"""What the findings on the sky have in common: how a reading is asked for, caveats, the forms of values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import Enum, auto
from typing import Final

from forensics.model import Caveat, Diagnostic, Direction, Finding, Measurement
from forensics.model.case import Observation
from forensics.model.questions import SKY_AS_STATED, SKY_SINCE_EVENT
from forensics.sky.fitting import Fits, Span
from forensics.sky.region import Region
from forensics.sky.setting import Setting, shown

MAX_SPANS: Final = 8
"""Times that are told one by one."""

BY_HAND: Final = Caveat(
    id="read-by-a-person",
    text="A person read this off the picture; another person may read it otherwise.",
)
FLAT: Final = Caveat(
    id="flat-ground",
    text="Ground that is not level, and an object that leans, make a shadow longer or shorter.",
)
CAMERA: Final = Caveat(
    id="lens",
    text="Lengths and directions in a picture depend on the lens and on where the camera stood.",
)
AIR: Final = Caveat(
    id="near-the-horizon",
    text="Near the horizon air bends light by amounts that differ from day to day, and hills hide the sun.",
)
CLOCKS: Final = Caveat(
    id="stated-zone",
    text="The time is the stated one; a wrong zone or clock shifts it by hours.",
)
LAMPS: Final = Caveat(id="other-lights", text="A lamp, a fire or the moon can throw a shadow, too.")
EXPOSURE: Final = Caveat(
    id="exposure",
    text="A camera can make night look like dusk, and dusk like day or night; infrared and indoor pictures "
    "tell nothing of daylight.",
)
CLOUDS: Final = Caveat(
    id="clouds",
    text="Clouds, smoke, buildings and the frame hide the moon; that it is not seen tells next to nothing.",
)
ADDED: Final = Caveat(
    id="can-be-added", text="A moon or a sky can be put into a picture afterwards."
)
OWN_WORD: Final = Caveat(
    id="own-word", text="Times and places in a file are the file's own word: anyone can write them."
)

Look = Callable[[Region, Span], Fits]
"""Tells when something was so over a place."""


class Answer(Enum):
    """What became of a reading against a stated time and place."""

    FITS = auto()
    MIXED = auto()
    """It fits some of the stated time, and each part of it was to fit."""
    LATER = auto()
    """It fits nothing of the stated time, but a moment after it and before the material was known."""
    MISSES = auto()
    """It fits nothing of the stated time; whether later is not known."""
    NEVER = auto()
    """It fits no moment until the material was known."""
    DOWN = auto()
    """The sun is below the horizon through all the time that was looked at."""


def ask(
    look: Look, where: Setting, *, whole: bool = False, up: bool = False
) -> tuple[Answer, Fits]:
    """Returns what becomes of a reading, and how it was during the stated time.

    Args:
        look: Tells when it was so.
        where: The stated time and place.
        whole: It has to have been so through all of the stated time, or is not tested.
        up: It speaks of the sun itself, which has to be above the horizon.
    """
    fits = look(where.region, where.event)
    if fits.all or (fits.any and not whole):
        return Answer.FITS, fits
    if fits.any:
        return Answer.MIXED, fits
    until = look(where.region, where.until) if where.until else None
    if up and (until or fits).down:
        return Answer.DOWN, fits
    if until is None:
        return Answer.MISSES, fits
    return Answer.LATER if until.any else Answer.NEVER, fits


def as_stated(observation: Observation, answer: Answer, where: Setting) -> list[Finding]:
    """Returns what a reading says of the time and the place that the file itself states; often nothing."""
    values = (*said(observation), time("stated", where.event_text))
    if answer is Answer.FITS:
        return [
            Finding(
                id="fits-stated",
                template="What a person read off the sky (entry {entry}) fits the time ({stated}) and the "
                "place that the file states.",
                measurements=values,
                question=SKY_AS_STATED,
                direction=Direction.SUPPORTS_H1,
                caveats=(BY_HAND, OWN_WORD, CLOCKS),
            )
        ]
    if answer is Answer.MISSES:
        return [
            Finding(
                id="against-stated",
                template="What a person read off the sky (entry {entry}) does not fit the time ({stated}) "
                "and the place that the file states.",
                measurements=values,
                question=SKY_AS_STATED,
                direction=Direction.SUPPORTS_H2,
                diagnostic=Diagnostic.YES,
                caveats=(BY_HAND, OWN_WORD, CLOCKS),
            )
        ]
    return []


_DIRECTIONS: Final[Mapping[Answer, Direction]] = {
    Answer.FITS: Direction.SUPPORTS_H1,
    Answer.NEVER: Direction.SUPPORTS_H2,
}
_DIAGNOSTIC: Final[Mapping[Answer, Diagnostic]] = {
    Answer.NEVER: Diagnostic.YES,
    Answer.MIXED: Diagnostic.NO,
}


def of_event(
    answer: Answer,
    told: Finding,
    where: Setting,
    values: tuple[Measurement, ...],
    caveats: tuple[Caveat, ...],
) -> Finding:
    """Returns what an answer says of the stated time and place of the event.

    Args:
        answer: What became of the reading.
        told: The id and the sentence of what is found for this answer.
        where: The stated time and place.
        values: What the sentence is filled with; since when the material is known is added where it counts.
        caveats: Those of this kind of reading.
    """
    since = answer in {Answer.LATER, Answer.NEVER}
    return replace(
        told,
        measurements=(*values, time("known", where.known)) if since else values,
        question=SKY_SINCE_EVENT,
        direction=_DIRECTIONS.get(answer, Direction.NEUTRAL),
        diagnostic=_DIAGNOSTIC.get(answer, Diagnostic.UNKNOWN),
        caveats=caveats,
    )


def not_tested(observation: Observation, why: str) -> Finding:
    """Returns that no claim states when and where."""
    return Finding(
        id="not-tested",
        template=why,
        measurements=said(observation),
        diagnostic=Diagnostic.NO,
        caveats=(BY_HAND,),
    )


def unreadable(observation: Observation, template: str) -> Finding:
    """Returns that the person's values are none that can be tested."""
    return Finding(
        id="unreadable",
        template=template,
        measurements=said(observation),
        diagnostic=Diagnostic.NO,
        caveats=(BY_HAND,),
    )


def said(observation: Observation) -> tuple[Measurement, ...]:
    """Returns who observed it, in which words; both are kept apart from the log."""
    values = [number("entry", observation.stated.entry)]
    if observation.stated.by:
        values.append(text("author", observation.stated.by, personal=True))
    if observation.words:
        values.append(text("words", observation.words, personal=True))
    return tuple(values)


def moments(key: str, spans: Sequence[Span]) -> tuple[Measurement, ...]:
    """Returns one value an interval; of many the first ones and, as the last, how many more there are."""
    told = [time(key, shown(span)) for span in spans[:MAX_SPANS]]
    if len(spans) > MAX_SPANS:
        told.append(time(key, f"… (+{len(spans) - MAX_SPANS})"))
    return tuple(told)


def degrees(key: str, value: float) -> Measurement:
    """Returns an angle, to a tenth of a degree."""
    return Measurement(key=key, value=f"{round(value, 1) + 0.0:.1f}", unit="degrees")


def number(key: str, value: int) -> Measurement:
    """Returns a whole number."""
    return Measurement(key=key, value=value, unit="count")


def time(key: str, value: str) -> Measurement:
    """Returns a time or an interval."""
    return Measurement(key=key, value=value, unit="time")


def text(key: str, value: str, *, personal: bool = False) -> Measurement:
    """Returns a text."""
    return Measurement(key=key, value=value, unit="text", personal=personal)
