"""Do the things that a file states of itself fit one another, and fit how it is built?

Every date against every other, place against place, device against lens, size and quantisation tables,
program and phone against dates, copies of one field against each other. Nothing is said where one of two
values is absent. All are the file's own word, so that only a contradiction is evidence, and each has innocent
causes, which stand beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, islice
from typing import ClassVar, Final

from forensics.inside.fit_dates import Disagreement, disagreements
from forensics.inside.fit_device import (
    Mismatch,
    copies_apart,
    device_apart,
    foreign_tables,
    size_apart,
)
from forensics.inside.partly import LIMIT, read_in_part
from forensics.inside.photoshop import WRITTEN_AGAIN
from forensics.inside.places import distance_km
from forensics.inside.released import TooEarly, too_early
from forensics.inside.stated import Stated, read_stated
from forensics.inside.summary import Fact, summarise
from forensics.model import (
    Asset,
    Capability,
    Caveat,
    Context,
    Diagnostic,
    Direction,
    Finding,
    Measurement,
    MediaKind,
    Part,
    Pillar,
    Quantity,
    StreamType,
    Where,
)
from forensics.model.questions import STATED_DATES, STATED_DEVICE, STATED_PLACE

MOST: Final = 20
"""Findings of one kind that are told; a file can be made to state thousands of dates."""
APART_KM: Final = 5.0
"""Two stated places may be that of the beginning and that of the end of a recording."""
LENGTH_SLACK: Final = Fraction(1)
"""Seconds by which a stated length may be off."""
LENGTH_SHARE: Final = Fraction(1, 20)
"""Share of the length by which it may be off."""

_LENS = "An application or an accessory can write the name of a lens of its own."
_MAKER = "A program that copies a device's fields from one file into another causes this."
_COPY = "A program that knows only one of the two forms changes one and leaves the other."
_SIZE = "Whoever scales or cuts a picture, a platform for instance, can leave these fields as they were."
_TABLES = "A platform, or a program that leaves no name, may have saved the picture again."
_PLACE = "A program that corrects one of the two and leaves the other causes this."
_EARLY = (
    "A wrongly set clock of the computer, or a program that keeps an earlier date, can cause this."
)
_LENGTH = (
    "A recording that was cut off, or one that was streamed, can state a length it does not have."
)


class Consistency:
    """See the module's docstring."""

    name: ClassVar[str] = "consistency"
    version: ClassVar[int] = 1
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset(MediaKind)
    needs: ClassVar[frozenset[Capability]] = frozenset()
    examines: ClassVar[frozenset[Pillar]] = frozenset({Pillar.SOURCE, Pillar.DATE, Pillar.LOCATION})
    viewing_aid: ClassVar[bool] = False
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(key="earlier", unit="time", meaning="The earlier of two times, as stated."),
        Quantity(key="later", unit="time", meaning="The later of two times, as stated."),
        Quantity(key="fields", unit="count", meaning="How many date fields were compared."),
        Quantity(key="saved", unit="time", meaning="Time of saving or recording, as stated."),
        Quantity(key="named", unit="text", meaning="Program or phone, as stated."),
        Quantity(key="release", unit="text", meaning="What came out, by the table of releases."),
        Quantity(
            key="released",
            unit="time",
            meaning="Year and month in which it came out.",
            source="forensics/inside/data/released.toml",
        ),
        Quantity(key="evidence", unit="text", meaning="How it is known when it came out."),
        Quantity(
            key="one-place",
            unit="text",
            meaning="Degrees north and east (WGS 84), as stated.",
            personal=True,
        ),
        Quantity(
            key="other-place",
            unit="text",
            meaning="Degrees north and east (WGS 84), as stated in another field.",
            personal=True,
        ),
        Quantity(
            key="distance", unit="km", meaning="Great-circle distance between two stated places."
        ),
        LIMIT,
        Quantity(key="one", unit="text", meaning="What one field states."),
        Quantity(key="other", unit="text", meaning="What another field states."),
        Quantity(key="one-name", unit="text", meaning="Name of a place, as stated.", personal=True),
        Quantity(
            key="other-name",
            unit="text",
            meaning="Name of a place, as stated in another field.",
            personal=True,
        ),
        Quantity(key="tables", unit="text", meaning="Whose quantisation tables the picture has."),
        Quantity(key="model", unit="text", meaning="Model of the device, as stated."),
        Quantity(key="stated-length", unit="s", meaning="Length, as the container states it."),
        Quantity(key="length", unit="s", meaning="Length, measured on the packets."),
    )
    caveats: ClassVar[tuple[Caveat, ...]] = (
        Caveat(
            id="own-word",
            text="Metadata are the file's own word: that they fit one another shows at most care.",
        ),
    )

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:
        """Yields what does not fit, by kind, or that the dates do."""
        tree = context.carried
        stated = read_stated(asset, tree)
        facts = summarise(tree)
        yield from _dates(stated)
        yield from islice(map(_early, too_early(stated, tree)), MOST)
        yield from _places(stated)
        yield from map(_device, device_apart(facts))
        yield from map(_copy, copies_apart(facts))
        yield from _picture(asset, tree, stated, facts)
        yield from _lengths(tree)
        if partly := read_in_part(tree):
            yield partly


def _dates(stated: Stated) -> Iterator[Finding]:
    found = disagreements(stated.times, edited=stated.editor is not None)
    against = [d for d in found if d.contradicts]
    for one in against[:MOST]:
        yield Finding(
            id="dates-contradict",
            template=(
                f"{one.earlier.field} states {{earlier}}, {one.later.field} states {{later}}: "
                "both cannot hold."
            ),
            measurements=_two_times(one),
            question=STATED_DATES,
            direction=Direction.SUPPORTS_H2,
            diagnostic=Diagnostic.YES,
            caveats=(_innocent(one.reason),),
        )
    for one in [d for d in found if not d.contradicts][:MOST]:
        yield Finding(
            id="dates-differ",
            template=(
                f"{one.earlier.field} states {{earlier}}, {one.later.field} states {{later}}; "
                "what usually causes that is innocent."
            ),
            measurements=_two_times(one),
            question=STATED_DATES,
            caveats=(_innocent(one.reason),),
        )
    if len(stated.times) > 1 and not against:
        yield Finding(
            id="dates-agree",
            template="The {fields} times that the file states do not contradict one another.",
            measurements=(Measurement(key="fields", value=len(stated.times), unit="count"),),
            question=STATED_DATES,
            direction=Direction.SUPPORTS_H1,
            diagnostic=Diagnostic.NO,
        )


def _two_times(one: Disagreement) -> tuple[Measurement, ...]:
    return (
        _said("earlier", one.earlier.moment.text, one.earlier.field, "time"),
        _said("later", one.later.moment.text, one.later.field, "time"),
    )


def _early(one: TooEarly) -> Finding:
    release = one.release
    what = "recorded" if release.kind == "phone" else "saved"
    return Finding(
        id="older-than-its-maker",
        template=(
            f"The file states that {{named}} {what} it at {{saved}}; {{release}} came out in {{released}} "
            "(known as: {evidence})."
        ),
        measurements=(
            _said("named", one.named[1], one.named[0]),
            _said("saved", one.stated[1], one.stated[0], "time"),
            Measurement(key="release", value=release.name, unit="text"),
            Measurement(key="released", value=release.month, unit="time"),
            Measurement(key="evidence", value=release.evidence, unit="text"),
        ),
        question=STATED_DATES,
        direction=Direction.SUPPORTS_H2,
        diagnostic=Diagnostic.YES,
        caveats=(_innocent(_EARLY),),
    )


def _places(stated: Stated) -> Iterator[Finding]:
    pairs = combinations(stated.places[:MOST], 2)
    for (north, east, field), (other_north, other_east, other_field) in pairs:
        km = distance_km(float(north), float(east), float(other_north), float(other_east))
        if km > APART_KM:
            yield Finding(
                id="places-contradict",
                template=(
                    f"{field} states the place {{one-place}}, {other_field} states {{other-place}}, "
                    "{distance} km away."
                ),
                measurements=(
                    _said("one-place", f"{north}, {east}", field),
                    _said("other-place", f"{other_north}, {other_east}", other_field),
                    Measurement(key="distance", value=f"{km:.0f}", unit="km"),
                ),
                question=STATED_PLACE,
                direction=Direction.SUPPORTS_H2,
                diagnostic=Diagnostic.YES,
                caveats=(_innocent(_PLACE),),
            )


def _device(one: Mismatch) -> Finding:
    lens = one.what == "lens"
    return Finding(
        id="lens-of-another-device" if lens else "model-of-another-maker",
        template=(
            "The file names the device {one}, and with {other} a lens of another one."
            if lens
            else "The file names {one} as the maker, and with {other} a model of another one."
        ),
        measurements=(
            _said("one", one.one[1], one.one[0]),
            _said("other", one.other[1], one.other[0]),
        ),
        question=STATED_DEVICE,
        direction=Direction.SUPPORTS_H2,
        diagnostic=Diagnostic.YES,
        caveats=(_innocent(_LENS if lens else _MAKER),),
    )


def _copy(one: Mismatch) -> Finding:
    """Fields that repeat one another. Of a device they bear on the source; others only describe."""
    suffix = "-name" if one.what == "place-name" else ""
    device = one.what in {"make", "model", "lens"}
    return Finding(
        id="copies-differ",
        template=(
            f"{one.one[0]} states {{one{suffix}}}, and its copy {one.other[0]} {{other{suffix}}}."
        ),
        measurements=(
            _said(f"one{suffix}", one.one[1], one.one[0]),
            _said(f"other{suffix}", one.other[1], one.other[0]),
        ),
        question=STATED_DEVICE if device else None,
        direction=Direction.SUPPORTS_H2 if device else Direction.NEUTRAL,
        diagnostic=Diagnostic.UNKNOWN if device else Diagnostic.NO,
        caveats=(_innocent(_COPY),),
    )


def _picture(asset: Asset, tree: Part, stated: Stated, facts: Sequence[Fact]) -> Iterator[Finding]:
    """A still picture against what its fields state. An editor that is named explains both."""
    still = next((s for s in asset.streams if s.type is StreamType.IMAGE), None)
    model = next((f for f in facts if f.role == "model"), None)
    explained = stated.editor is not None
    own_pixels = asset.kind is MediaKind.IMAGE and asset.mime != "image/tiff"
    if still and still.width and still.height and own_pixels:
        apart = size_apart(tree, still.width, still.height)
        if apart:
            yield Finding(
                id="size-differs",
                template="The fields of the file state {one} pixels; its picture has {other}.",
                measurements=(
                    _said("one", apart.one[1], apart.one[0]),
                    _said("other", apart.other[1], apart.other[0]),
                ),
                question=STATED_DEVICE if model else None,
                direction=_against(model, explained),
                diagnostic=Diagnostic.NO if explained else Diagnostic.UNKNOWN,
                caveats=(_innocent(_SIZE),),
            )
    tables = foreign_tables(tree)
    if tables and model and not explained:
        yield Finding(
            id="tables-of-a-program",
            template=(
                "The file names the device {model} and no program; its quantisation tables equal "
                "{tables}."
            ),
            measurements=(
                _said("model", model.value, model.field),
                Measurement(key="tables", value=tables, unit="text", where=Where(field="DQT")),
            ),
            question=STATED_DEVICE,
            direction=Direction.SUPPORTS_H2,
            caveats=(_innocent(_TABLES),),
        )
    if any(p.meaning == WRITTEN_AGAIN for p in tree.all("CaptionDigest")):
        yield Finding(
            id="caption-written-again",
            template="The IPTC fields were written by another program after Photoshop had saved the file.",
            diagnostic=Diagnostic.NO,
            caveats=(_innocent(_COPY),),
        )


def _against(model: Fact | None, explained: bool) -> Direction:
    return Direction.SUPPORTS_H2 if model and not explained else Direction.NEUTRAL


def _lengths(tree: Part) -> Iterator[Finding]:
    """Each track's length as its container states it, against its packets."""
    tracks = [t for holder in tree.parts if holder.name == "Streams" for t in holder.parts]
    for track in tracks[:MOST]:
        stated, measured = track.text("stated duration"), track.text("duration")
        if not stated or not measured:
            continue
        length, packets = Fraction(stated), Fraction(measured)
        if abs(length - packets) > max(LENGTH_SLACK, LENGTH_SHARE * max(length, packets)):
            yield Finding(
                id="length-differs",
                template=(
                    f"The container states {{stated-length}} s for {track.name}; "
                    "its packets last {length} s."
                ),
                measurements=(
                    _said("stated-length", stated, track.name, "s"),
                    _said("length", measured, track.name, "s"),
                ),
                diagnostic=Diagnostic.NO,
                caveats=(_innocent(_LENGTH),),
            )


def _innocent(reason: str) -> Caveat:
    return Caveat(id="innocent-cause", text=reason)


def _said(key: str, value: str, field: str, unit: str = "text") -> Measurement:
    return Measurement(key=key, value=value, unit=unit, where=Where(field=field))
