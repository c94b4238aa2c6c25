"""Which field of which format states what: one table, and the reading of it.

Sources: CIPA DC-008 (EXIF), ISO/IEC 14496-12 and Apple's QuickTime metadata keys, Android's media
metadata, the PNG specification section 11.3.3, ISO 32000-1 section 14.3.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from forensics.model import Asset
from forensics.model.moment import Moment, read_moment

_ROLES: Mapping[str, tuple[str, ...]] = {
    "make": ("Image Make", "com.apple.quicktime.make", "com.android.manufacturer", "make"),
    "model": ("Image Model", "com.apple.quicktime.model", "com.android.model", "model"),
    "lens": ("EXIF LensModel",),
    "serial": ("EXIF BodySerialNumber", "MakerNote SerialNumber", "EXIF LensSerialNumber"),
    "software": (
        "Image Software",
        "Image ProcessingSoftware",
        "com.apple.quicktime.software",
        "software",
        "encoder",
        "Software",
        "Producer",
        "Creator",
    ),
    "author": ("Image Artist", "EXIF CameraOwnerName", "artist", "author", "Author"),
    "description": (
        "Image ImageDescription",
        "title",
        "Title",
        "comment",
        "Comment",
        "Description",
    ),
    "captured": ("EXIF DateTimeOriginal", "com.apple.quicktime.creationdate"),
    "digitized": ("EXIF DateTimeDigitized",),
    "created": ("creation_time", "CreationDate", "Creation Time", "date"),
    "modified": ("Image DateTime", "ModDate"),
}
_DATE_ROLES = ("captured", "digitized", "created", "modified")
_ZONES = {
    "EXIF DateTimeOriginal": "EXIF OffsetTimeOriginal",
    "EXIF DateTimeDigitized": "EXIF OffsetTimeDigitized",
    "Image DateTime": "EXIF OffsetTime",
}
_PLACES = ("com.apple.quicktime.location.ISO6709", "location", "location-eng")
_EDITORS = re.compile(
    # Programs that open a picture or video and save a new one. Cameras do not carry these names.
    r"(?i)adobe (photoshop|lightroom|premiere|after effects)|\bgimp\b|affinity photo|pixelmator|snapseed"
    r"|picsart|paint\.net|capture one|darktable|rawtherapee|luminar|photoscape|faceapp|facetune"
    r"|capcut|inshot|kinemaster|davinci resolve|final cut|imovie|vegas pro|filmora|handbrake"
)
_BLANK = {"", "unknown", "none", "n/a"}
_SLACK = timedelta(minutes=10)
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
        place: Latitude and longitude in degrees, as text, and the field; or None.
    """

    texts: tuple[Text, ...]
    times: tuple[Time, ...]
    unset: tuple[Time, ...]
    place: tuple[str, str, str] | None

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
                and captured.moment.before(changed.moment, _SLACK)
            ),
            None,
        )

    @property
    def contradictions(self) -> list[tuple[Time, Time]]:
        """Pairs (earlier, later) of times that cannot both hold.

        Nothing is digitised, saved or changed before it was recorded; and a satellite's clock is right.
        """
        recorded = [t for t in self.times if t.role in {"captured", "satellite"}]
        found: list[tuple[Time, Time]] = []
        for origin in recorded:
            for other in self.times:
                if other.moment.before(origin.moment, _SLACK) and (
                    other.role != "captured" or origin.role == "satellite"
                ):
                    found.append((other, origin))
                elif (
                    origin.role == "captured"
                    and other.role == "satellite"
                    and origin.moment.before(other.moment, _SLACK)
                ):
                    found.append((origin, other))
        # Two fields that repeat one time contradict a third only once.
        once = {
            (one.moment.text, other.moment.text): (one, other) for one, other in reversed(found)
        }
        return list(reversed(once.values()))


def read_stated(asset: Asset, exif: Mapping[str, str]) -> Stated:
    """Reads what a file states from its EXIF fields and its container's tags."""
    tags = dict(_container_tags(asset))
    fields = {**exif, **{k: v for k, v in tags.items() if k not in exif}}
    texts: list[Text] = []
    times: list[Time] = []
    for role, names in _ROLES.items():
        for name in names:
            value = fields.get(name, "").strip().strip("\0")
            if value.lower() in _BLANK:
                continue
            if role in _DATE_ROLES:
                moment = read_moment(value, _zone(name, fields))
                if moment:
                    times.append(Time(role=role, field=name, moment=moment))
            elif not any(t.value == value and t.role in {role, "make"} for t in texts):
                texts.append(Text(role=role, field=name, value=value))
    satellite = _satellite_time(exif)
    if satellite:
        times.append(satellite)
    unset = tuple(t for t in times if t.moment.earliest.year < 1980)
    return Stated(
        texts=tuple(texts),
        times=tuple(t for t in times if t not in unset),
        unset=unset,
        place=_place(exif, tags),
    )


def _zone(name: str, fields: Mapping[str, str]) -> str | None:
    return fields.get(_ZONES.get(name, ""))


def _container_tags(asset: Asset) -> Iterator[tuple[str, str]]:
    if asset.probe is None:
        return
    for stream in asset.streams:
        # A container's creation_time claims UTC, but many recorders write local time: no zone is assumed.
        yield from (
            (k, _without_zone(k, v)) for k, v in stream.tags.items() if k == "creation_time"
        )
    yield from ((k, _without_zone(k, v)) for k, v in asset.probe.tags.items())


def _without_zone(name: str, value: str) -> str:
    return value.removesuffix("Z") if name == "creation_time" else value


def _satellite_time(exif: Mapping[str, str]) -> Time | None:
    date, clock = exif.get("GPS GPSDate", ""), _numbers(exif.get("GPS GPSTimeStamp", ""))
    if not date or len(clock) != 3:
        return None
    hour, minute, second = (int(v) for v in clock)
    moment = read_moment(f"{date.strip()} {hour:02}:{minute:02}:{min(second, 59):02}", "Z")
    return Time(role="satellite", field="GPS GPSDate", moment=moment) if moment else None


def _numbers(text: str) -> list[Fraction]:
    """The numbers of exifread's "[41, 24, 1849/50]"; empty where one of them is no number.

    Only what the format can hold is read: "1e999999999" would be a number, too.
    """
    parts = [p.strip() for p in text.strip("[] ").split(",")]
    if not all(re.fullmatch(r"-?\d{1,10}(/-?0*[1-9]\d{0,9})?", p, re.ASCII) for p in parts):
        return []
    return [_ratio(p) for p in parts]


def _ratio(text: str) -> Fraction:
    over, _, under = text.partition("/")
    return Fraction(int(over), int(under or 1))


def _place(exif: Mapping[str, str], tags: Mapping[str, str]) -> tuple[str, str, str] | None:
    pair = [_degrees(exif, "Latitude", "S"), _degrees(exif, "Longitude", "W")]
    if pair[0] is not None and pair[1] is not None and (pair[0] or pair[1]):
        return f"{float(pair[0]):.6f}", f"{float(pair[1]):.6f}", "GPS GPSLatitude"
    for name in _PLACES:  # ISO 6709, as in "+55.7522+037.6156/"
        found = re.match(r"([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)", tags.get(name, ""))
        if found and abs(float(found[1])) <= 90 and abs(float(found[2])) <= 180:
            return f"{float(found[1]):.6f}", f"{float(found[2]):.6f}", name
    return None


def _degrees(exif: Mapping[str, str], which: str, negative: str) -> Fraction | None:
    parts = _numbers(exif.get(f"GPS GPS{which}", ""))
    reference = exif.get(f"GPS GPS{which}Ref", "").strip()
    if not 1 <= len(parts) <= 3 or not reference:
        return None
    value = sum((p / 60**i for i, p in enumerate(parts)), Fraction(0))
    limit = 90 if which == "Latitude" else 180
    if not 0 <= value <= limit:
        return None
    return -value if reference == negative else value
