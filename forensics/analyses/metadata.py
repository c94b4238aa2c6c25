"""What does the file state about its device, software, dates and place?

Reads what every format has for that (`forensics.inside.summary`): EXIF, XMP, IPTC, text of PNG, keys of MP4
and MOV, tags of Matroska, ID3, information of PDF and others. All of it is the file's own word: anyone can
write it. Whether the statements fit one another is the analysis `consistency`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from forensics.errors import MediaError
from forensics.inside.partly import LIMIT, read_in_part
from forensics.inside.stated import Stated, Time, read_stated
from forensics.inside.telemetry import Fix, read_telemetry
from forensics.inside.window import Window
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
    Where,
)
from forensics.model.questions import (
    FIRST_RECORDING,
    SAVED_BY_EDITOR,
    STATED_DEVICE,
    STATED_PLACE,
)

_TEXT = {
    "make": "Maker of the device, as stated.",
    "model": "Model of the device, as stated.",
    "lens": "Lens, as stated.",
    "software": "Program or firmware, as stated.",
}
_PERSONAL = {
    "description": "Title, comment or description, as stated.",
    "author": "Author, artist or owner, as stated.",
    "serial": "Serial number of the device, as stated.",
    "latitude": "Degrees north (WGS 84), as stated.",
    "longitude": "Degrees east (WGS 84), as stated.",
    "track": "Degrees north and east of positions of the camera while it recorded, as stated.",
}
_DATES = {
    "captured": "Time of recording, as stated.",
    "digitized": "Time of digitising, as stated.",
    "created": "Time at which the file or container was made, as stated.",
    "modified": "Time of the last change, as stated.",
    "satellite": "Time from satellite positioning, as stated; UTC.",
}


_EXTENT = {
    "south": "Lowest latitude of marked places, in degrees, as stated.",
    "north": "Highest latitude of marked places, in degrees, as stated.",
    "west": "Lowest longitude of marked places, in degrees, as stated.",
    "east": "Highest longitude of marked places, in degrees, as stated.",
}
_LAID = {
    "x": "Where the first element of a picture lies along x, in units that are not stated.",
    "y": "Where the first element of a picture lies along y, in units that are not stated.",
}


MAX_POSITIONS: Final = 100
"""Of a track that are told: the first, the last, and others at equal steps between them."""


class Metadata:
    """See the module's docstring."""

    name: ClassVar[str] = "metadata"
    version: ClassVar[int] = 4
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset(MediaKind)
    needs: ClassVar[frozenset[Capability]] = frozenset()
    examines: ClassVar[frozenset[Pillar]] = frozenset(
        {Pillar.SOURCE, Pillar.DATE, Pillar.LOCATION, Pillar.INTEGRITY}
    )
    viewing_aid: ClassVar[bool] = False
    quantities: ClassVar[tuple[Quantity, ...]] = (
        *(Quantity(key=k, unit="text", meaning=m) for k, m in _TEXT.items()),
        *(Quantity(key=k, unit="text", meaning=m, personal=True) for k, m in _PERSONAL.items()),
        *(Quantity(key=k, unit="time", meaning=m) for k, m in _DATES.items()),
        *(
            Quantity(key=k, unit="text", meaning=m, personal=True)
            for k, m in {**_EXTENT, **_LAID}.items()
        ),
        Quantity(
            key="times", unit="count", meaning="How many times marked places and tracks carry."
        ),
        Quantity(key="first", unit="time", meaning="Earliest time of marked places, as stated."),
        Quantity(key="last", unit="time", meaning="Latest time of marked places, as stated."),
        Quantity(key="positions", unit="count", meaning="Positions of the camera that were read."),
        Quantity(key="form", unit="text", meaning="Whose form of telemetry it is."),
        Quantity(key="editor", unit="text", meaning="The editing program that the file names."),
        Quantity(key="field", unit="text", meaning="The field that states the later change."),
        Quantity(key="trouble", unit="text", meaning="What could not be read."),
        LIMIT,
    )
    caveats: ClassVar[tuple[Caveat, ...]] = (
        Caveat(
            id="own-word",
            text="Metadata are the file's own word: anyone can write, change or remove them.",
        ),
        Caveat(
            id="platforms-strip",
            text="Platforms and messengers remove metadata; their absence says nothing about the content.",
        ),
    )

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:
        """Yields what is stated, then what the statements say of one another."""
        tree = context.carried
        for block in tree.all("EXIF"):
            if block.trouble and not block.parts:
                said = f"The EXIF block cannot be read: {block.trouble}"
                yield _describe("exif-unreadable", "{trouble}", ("trouble", said, "EXIF"))
        stated = read_stated(asset, tree)
        yield from self._device(stated)
        yield from self._described(stated)
        yield from self._dates(stated)
        yield from self._place(stated)
        marked = (*_marked(tree), *_followed(context))
        yield from marked
        anything = bool(stated.texts or stated.times or stated.place or marked)
        if asset.probe is None and not tree.parts and not anything:
            raise MediaError("The file could not be read, so what it states is not known.")
        for note in asset.probe.notes if asset.probe else ():
            yield _describe(
                "partly-read", "Read only in part: {trouble}", ("trouble", note, "container")
            )
        partly = read_in_part(tree)
        if partly:
            yield partly
        elif not anything:
            yield Finding(
                id="nothing-stated",
                template="The file states no device, program, date or place.",
                diagnostic=Diagnostic.NO,
            )

    def _device(self, stated: Stated) -> Iterator[Finding]:
        device = [t for t in stated.texts if t.role in {"make", "model", "lens", "serial"}]
        named = [t for t in device if t.role in {"make", "model"}]
        if named:
            keys = [k for k in ("make", "model") if any(t.role == k for t in named)]
            yield Finding(
                id="device-stated",
                template="The file names its device: " + " ".join(f"{{{k}}}" for k in keys) + ".",
                measurements=tuple(_text(t.role, t.value, t.field) for t in device),
                question=STATED_DEVICE,
                direction=Direction.SUPPORTS_H1,
                diagnostic=Diagnostic.NO,
            )
        software = [t for t in stated.texts if t.role == "software"]
        if software:
            yield _describe(
                "software-stated",
                "The file names a program or firmware: {software}.",
                *(("software", t.value, t.field) for t in software),
            )
        if stated.editor:
            yield Finding(
                id="editor-stated",
                template="The file names an editing program that saved it: {editor}.",
                measurements=(_text("editor", stated.editor.value, stated.editor.field),),
                question=SAVED_BY_EDITOR,
                direction=Direction.SUPPORTS_H1,
                diagnostic=Diagnostic.YES,
                caveats=(
                    Caveat(
                        id="editing-is-common",
                        text="Saving in an editor is everyday work and does not say what was changed.",
                    ),
                ),
            )

    def _described(self, stated: Stated) -> Iterator[Finding]:
        for role, template in (
            ("author", "The file names an author or owner: {author}."),
            ("description", "The file carries a description: “{description}”."),
        ):
            texts = [t for t in stated.texts if t.role == role]
            if texts:
                yield _describe(
                    f"{role}-stated", template, *((role, t.value, t.field) for t in texts)
                )

    def _dates(self, stated: Stated) -> Iterator[Finding]:
        if stated.times:
            yield Finding(
                id="dates-stated",
                template="The file states times: "
                + ", ".join(f"{role} {{{role}}}" for role in _DATES if role in stated.roles)
                + ".",
                measurements=tuple(_moment(t) for t in stated.times),
            )
        if stated.unset:
            yield _describe(
                "clock-unset",
                "A date field holds the zero of its clock ({created}): the writer had no date.",
                *(("created", t.moment.text, t.field) for t in stated.unset),
                unit="time",
            )
        if stated.changed:
            captured, changed = stated.changed
            yield Finding(
                id="changed-later",
                template="{field} states {modified}, a change after the stated recording ({captured}).",
                measurements=(
                    Measurement(key="field", value=changed.field, unit="text"),
                    _moment(changed),
                    _moment(captured),
                ),
                question=FIRST_RECORDING,
                caveats=(
                    Caveat(
                        id="small-changes",
                        text="Turning or rating a picture can set this date; it does not say what changed.",
                    ),
                ),
            )

    def _place(self, stated: Stated) -> Iterator[Finding]:
        if stated.place:
            latitude, longitude, field = stated.place
            yield Finding(
                id="place-stated",
                template="The file states a place: latitude {latitude}, longitude {longitude}.",
                measurements=(
                    _text("latitude", latitude, field),
                    _text("longitude", longitude, field),
                ),
                question=STATED_PLACE,
                direction=Direction.SUPPORTS_H1,
                diagnostic=Diagnostic.NO,
            )


def _marked(tree: Part) -> Iterator[Finding]:
    """Where and when the places lie that a file holds as data: GeoJSON, KML, GPX, pages laid on a map."""
    extent, times = (
        next((p for way, p in tree.walk() if way[-1] == name and "Places" not in way), None)
        for name in ("Extent", "Times")
    )
    if extent is not None and {p.name.lower() for p in extent.parts} == set(_EXTENT):
        sides = [(key, extent.text(key.capitalize()), "Extent") for key in _EXTENT]
        yield _describe(
            "places-marked",
            "The file marks places from latitude {south} to {north} and from longitude {west} to {east}: "
            "they are what its author wrote.",
            *sides,
        )
    laid = tree.first("World file")
    if laid is not None and laid.text("C") and laid.text("F"):
        yield _describe(
            "picture-laid",
            "The file lays a picture of its own name on a map: its first element at {x} and {y}, in a system "
            "of coordinates that the file does not name.",
            ("x", laid.text("C"), "C"),
            ("y", laid.text("F"), "F"),
        )
    if times is not None and times.first("Earliest") and isinstance(times.value, int):
        yield Finding(
            id="marked-times",
            template="Its places and tracks carry {times} times, from {first} to {last}: they are what its "
            "author wrote.",
            measurements=(
                Measurement(key="times", value=times.value, unit="count"),
                *(
                    Measurement(
                        key=k, value=times.text(name), unit="time", where=Where(field="Times")
                    )
                    for k, name in (("first", "Earliest"), ("last", "Latest"))
                ),
            ),
            diagnostic=Diagnostic.NO,
        )


def _followed(context: Context) -> Iterator[Finding]:
    """Where and when the camera was, by its telemetry."""
    root = context.boxes
    if root is None:
        return
    with context.path.open("rb") as file:
        window = Window(file, size=context.path.stat().st_size)
        form, fixes = read_telemetry(window, root)
    if not fixes:
        return
    told = [f"{fix.lat:.5f},{fix.lon:.5f}" for fix in _spread(fixes)]
    times = [fix.time for fix in fixes if fix.time]
    span = (("first", times[0]), ("last", times[-1])) if times else ()
    yield Finding(
        id="track-stated",
        template="The file carries {positions} positions of the camera while it recorded ({form} telemetry), "
        "from {first} to {last}."
        if times
        else "The file carries {positions} positions of the camera while it recorded ({form} telemetry), "
        "without times.",
        measurements=(
            Measurement(key="positions", value=len(fixes), unit="count"),
            Measurement(key="form", value=form, unit="text"),
            Measurement(key="track", value=";".join(told), unit="text"),
            *(Measurement(key=key, value=value, unit="time") for key, value in span),
        ),
        question=STATED_PLACE,
        direction=Direction.SUPPORTS_H1,
        diagnostic=Diagnostic.NO,
    )


def _spread(fixes: Sequence[Fix]) -> list[Fix]:
    """As many as are told, the first and the last among them."""
    if len(fixes) <= MAX_POSITIONS:
        return list(fixes)
    steps = MAX_POSITIONS - 1
    return [fixes[round(i * (len(fixes) - 1) / steps)] for i in range(MAX_POSITIONS)]


def _moment(time: Time) -> Measurement:
    return Measurement(
        key=time.role, value=time.moment.text, unit="time", where=Where(field=time.field)
    )


def _text(key: str, value: str, field: str) -> Measurement:
    return Measurement(key=key, value=value, unit="text", where=Where(field=field))


def _describe(
    id: str,  # noqa: A002 - the model's word
    template: str,
    *values: tuple[str, str, str],
    unit: str = "text",
) -> Finding:
    """A finding that describes and bears on no question."""
    return Finding(
        id=id,
        template=template,
        measurements=tuple(
            Measurement(key=k, value=v, unit=unit, where=Where(field=f)) for k, v, f in values
        ),
        diagnostic=Diagnostic.NO,
    )
