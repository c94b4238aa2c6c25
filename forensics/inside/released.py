"""Could the program or phone that a file names have existed when the file says that it was saved?

What came out when is data: `data/released.toml`, with its sources. Only statements are compared that the
program itself puts down together: its name and the time of saving.

Sources: Adobe, "XMP Specification Part 2", section 1.2.2 (xmpMM:History: each step names its program and its
time), CIPA DC-008 section 4.6.4 (Software, DateTime), ISO 32000-1 section 14.3.3 (Producer, CreationDate).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Final

from forensics.inside.stated import Stated
from forensics.inside.summary import MAX_HISTORY
from forensics.model import Part
from forensics.model.moment import read_moment

SLACK: Final = timedelta(days=366)
"""Versions are given to some before they are given to everybody, and carry their number by then."""
_SAVED: Final = {
    "Image Software": ("Image DateTime",),
    "xmp:CreatorTool": ("xmp:ModifyDate", "xmp:MetadataDate"),
    "Producer": ("CreationDate", "ModDate"),
    "Creator": ("CreationDate", "ModDate"),
}
"""Where a program names itself, and where it then states when it saved."""
_TAKEN: Final = {
    "Image Model": ("EXIF DateTimeOriginal", "EXIF DateTimeDigitized"),
    "com.apple.quicktime.model": ("com.apple.quicktime.creationdate",),
}
"""Where a phone names itself, and where it then states when it recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """When a program or phone came out.

    Attributes:
        name: What to call it.
        pattern: Fits the field that names it.
        month: Year and month, "2023-09".
        kind: "program" or "phone".
        evidence: How it is known.
    """

    name: str
    pattern: re.Pattern[str]
    month: str
    kind: str
    evidence: str

    @property
    def since(self) -> datetime:
        """The beginning of its month, UTC."""
        return datetime.strptime(self.month, "%Y-%m").replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class TooEarly:
    """A time that lies before what is said to have put it down existed.

    Attributes:
        release: What is named, and when it came out.
        named: Field and text that name it.
        stated: Field and text of the time.
    """

    release: Release
    named: tuple[str, str]
    stated: tuple[str, str]


def too_early(stated: Stated, tree: Part) -> Iterator[TooEarly]:
    """Yields each name with a time that lies more than `SLACK` before the name came out.

    Where a program may state several times, the latest of them counts.
    """
    texts = [(t.field, t.value) for t in stated.texts]
    for fields, kind in ((_SAVED, "program"), (_TAKEN, "phone")):
        for field, value in texts:
            times = [t for t in stated.times if t.field in fields.get(field, ())]
            if times:
                last = max(times, key=lambda t: t.moment.latest)
                yield from _judged(kind, (field, value), (last.field, last.moment.text))
    for number, step in enumerate(_steps(tree), start=1):
        agent, when = step.text("stEvt:softwareAgent"), step.text("stEvt:when")
        if agent and when:
            place = f"xmpMM:History {number}"
            yield from _judged("program", (place, agent), (place, when))


def _steps(tree: Part) -> list[Part]:
    return [step for events in tree.all("xmpMM:History") for step in events.parts][:MAX_HISTORY]


def _judged(kind: str, named: tuple[str, str], stated: tuple[str, str]) -> Iterator[TooEarly]:
    release = named_by(named[1], kind)
    moment = read_moment(stated[1])
    if release and moment and moment.latest + SLACK < release.since:
        yield TooEarly(release=release, named=named, stated=(stated[0], moment.text))


def named_by(text: str, kind: str) -> Release | None:
    """Returns the release that a text names, of several the latest, or None."""
    fitting = [r for r in releases() if r.kind == kind and r.pattern.match(text[:200])]
    return max(fitting, key=lambda r: r.month, default=None)


@cache
def releases() -> tuple[Release, ...]:
    """Returns the table, in its order."""
    text = resources.files("forensics.inside").joinpath("data/released.toml").read_text("utf-8")
    return tuple(
        Release(
            name=entry["name"],
            pattern=re.compile(entry["pattern"]),
            month=entry["month"],
            kind=group["kind"],
            evidence=group["evidence"],
        )
        for group in tomllib.loads(text)["group"]
        for entry in group["released"]
    )
