"""What of a file's own word bears on its source, date or place.

Which field states what is `forensics.inside.summary`'s table. Where no reader of the format gives a field,
the container's tags as libavformat reads them do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from forensics.inside.summary import DATES, Fact, facts_of, summarise
from forensics.model import Asset, Part
from forensics.model.moment import Moment, read_moment

_TEXTS: Final = ("make", "model", "lens", "serial", "software", "author", "description")
"""Roles of texts, in the order in which they are told."""
_LOCAL: Final = frozenset({"creation_time", "mvhd creation", "mvhd modification", "DateUTC"})
"""Fields that claim UTC, though many recorders write local time there: no zone is assumed."""
_EDITORS = re.compile(
    # Programs that open a picture or video and save a new one. Cameras do not carry these names.
    r"(?i)adobe (photoshop|lightroom|premiere|after effects)|\bgimp\b|affinity photo|pixelmator|snapseed"
    r"|picsart|paint\.net|capture one|darktable|rawtherapee|luminar|photoscape|faceapp|facetune"
    r"|capcut|inshot|kinemaster|davinci resolve|final cut|imovie|vegas pro|filmora|handbrake"
)
SLACK = timedelta(minutes=10)
"""Longest recording after which a container's time may honestly follow the picture's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text that a field states."""

    role: str
    field: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """A time that a field states."""

    role: str
    field: str
    moment: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """Everything a file states that bears on its source, date or place.

    Attributes:
        texts: Device, software, author, description.
        times: Dates that mean something.
        unset: Date fields that hold the zero of their clock.
        places: Latitude and longitude in degrees, as text, and the field; each that is stated.
    """

    texts: tuple[Text, ...]
    times: tuple[Time, ...]
    unset: tuple[Time, ...]
    places: tuple[tuple[str, str, str], ...]

    @property
    def place(self) -> tuple[str, str, str] | None:
        """The first of the stated places."""
        return self.places[0] if self.places else None

    @property
    def roles(self) -> set[str]:
        """Roles of the stated times."""
        return {t.role for t in self.times}

    @property
    def editor(self) -> Text | None:
        """The first stated program that is known to edit."""
        return next(
            (t for t in self.texts if t.role == "software" and _EDITORS.search(t.value)), None
        )

    @property
    def changed(self) -> tuple[Time, Time] | None:
        """The recording and a change after it, as stated, whatever the zones; or None."""
        return next(
            (
                (captured, changed)
                for captured in self.times
                for changed in self.times
                if captured.role == "captured"
                and changed.role == "modified"
                and captured.moment.before(changed.moment, SLACK)
            ),
            None,
        )


def read_stated(asset: Asset, tree: Part) -> Stated:
    """Reads what a file states from everything that it carries and from its container's tags."""
    facts = list(summarise(tree))
    texts, times, places = _read(facts)
    more_texts, more_times, more_places = _read(_container_facts(asset))
    texts += [t for t in more_texts if not any(_repeats(t, told) for told in texts)]
    times += [t for t in more_times if not any(_same(t, told) for told in times)]
    unset = tuple(t for t in times if t.moment.earliest.year < 1980)
    return Stated(
        texts=tuple(sorted(texts, key=lambda t: _TEXTS.index(t.role))),
        times=tuple(
            sorted((t for t in times if t not in unset), key=lambda t: DATES.index(t.role))
        ),
        unset=unset,
        places=(*places, *more_places),
    )


def _read(facts: list[Fact]) -> tuple[list[Text], list[Time], list[tuple[str, str, str]]]:
    texts: list[Text] = []
    times: list[Time] = []
    places = []
    for fact in facts:
        if fact.role in _TEXTS:
            text = Text(role=fact.role, field=fact.field, value=fact.value)
            if not any(_repeats(text, told) for told in texts):
                texts.append(text)
        elif fact.role in DATES:
            value = fact.value.removesuffix("Z") if fact.field in _LOCAL else fact.value
            moment = read_moment(value, fact.zone)
            time = moment and Time(role=fact.role, field=fact.field, moment=moment)
            if time and not any(_same(time, told) for told in times):
                times.append(time)
        elif fact.role == "place":
            north, _, east = fact.value.partition(", ")
            places.append((north, east, fact.field))
    return texts, times, places


def _repeats(text: Text, told: Text) -> bool:
    return text.value == told.value and told.role in {text.role, "make"}


def _same(time: Time, told: Time) -> bool:
    """Whether a time was told already, perhaps in another form or under another name."""
    one, other = time.moment, told.moment
    return (time.role, one.earliest, one.latest) == (told.role, other.earliest, other.latest)


def _container_facts(asset: Asset) -> list[Fact]:
    return list(facts_of({key: [value] for key, value in dict(_container_tags(asset)).items()}))


def _container_tags(asset: Asset) -> Iterator[tuple[str, str]]:
    if asset.probe is None:
        return
    for stream in asset.streams:
        yield from ((k, v) for k, v in stream.tags.items() if k == "creation_time")
    yield from asset.probe.tags.items()
