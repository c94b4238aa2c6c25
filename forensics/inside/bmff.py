"""MP4, MOV and their kin: every box, what it states, and what stands in the boxes of other formats.

ISO/IEC 14496-12:2022 and the QuickTime File Format, by the walker of `forensics.media.boxes`. Names of
boxes are as stored, with "©" for the byte A9; metadata items have the names of their keys.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from forensics.inside import bmff_names as names
from forensics.inside.bmff_chapters import read_chapters
from forensics.inside.bmff_fragments import read_lengths
from forensics.inside.bmff_samples import samples
from forensics.inside.gpmf import read_gpmf
from forensics.inside.making import kept, part
from forensics.inside.pictured import preview
from forensics.inside.place import in_words
from forensics.inside.trailing import read_trailing
from forensics.inside.window import Window
from forensics.inside.xmltree import read_xml
from forensics.inside.xmp import read_xmp
from forensics.media.boxes import walk_boxes
from forensics.model import Box, Part

_XMP: Final = ("be7acfcb-97a9-42e8-9c71-999491e3afac", "XMP_")
_SPHERICAL: Final = "ffcc8263-f855-4a93-8814-587a02521fdd"
_PICTURES: Final[Mapping[str, str]] = {
    "covr": "Preview",
    "CNDA": "Thumbnail",
    "NCTH": "Thumbnail",
    "NCVW": "Preview",
    "thmb": "Thumbnail",
    "PICT": "Preview",
}
MAX_HEADER: Final = 16 << 20
"""Bytes of a compressed movie header, packed and unpacked."""
_HEAD: Final = 256
"""Bytes of a box in which an embedded picture has to begin."""


def read_bmff(window: Window) -> Part:
    """Reads the box tree of a file.

    Returns:
        "BMFF" with a part for each box; "chapters" and "trailing data" after them, where there are any.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    root = walk_boxes(window)
    if root is None:
        return part(
            window,
            "BMFF",
            start=0,
            size=window.size,
            trouble="It does not begin with a box that files of this family begin with.",
        )
    if root.problem:
        window.allowance.reach(root.problem)
    return _Reading(window, root).tree()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What of the boxes around one decides how it is told: their path, and ticks per second."""

    path: tuple[str, ...] = ()
    movie: int = 0
    media: int = 0

    @property
    def parent(self) -> str:
        return self.path[-1] if self.path else ""


class _Reading:
    """Tells the boxes of one file as parts."""

    def __init__(self, window: Window, root: Box) -> None:
        self._window = window
        self._root = root
        self._movie = _number(root.find("moov/mvhd"), "timescale")

    def tree(self) -> Part:
        around = _Around(movie=self._movie)
        parts = [*kept(self._box(box, around) for box in self._root.children)]
        parts += kept(read_chapters(self._window, self._root))
        fields = self._root.fields
        if "trailing" in fields:
            start = int(fields["trailing_offset"])
            parts.append(read_trailing(self._window.inner(start)))
        if fields["fragments"]:
            lengths = kept(read_lengths(self._window, self._root))
            parts.append(
                part(
                    self._window,
                    "fragments",
                    fields["fragments"],
                    meaning="movie fragments",
                    parts=lengths,
                )
            )
        parts.append(part(self._window, "top", fields["top"], meaning="boxes at the top level"))
        missing = fields.get("missing")
        return part(
            self._window,
            "BMFF",
            start=0,
            size=self._window.size,
            meaning="boxes of an ISO base media file or QuickTime movie",
            trouble=self._root.problem
            or (f"The file ends {missing} bytes before its last box does." if missing else None),
            parts=tuple(parts),
        )

    def _box(self, box: Box, around: _Around) -> Part:
        key = str(box.fields.get("key", ""))
        name = key or box.type.replace(r"\xa9", "©")
        value = None if box.type == "xml " else box.fields.get("value")
        user = around.parent in ("udta", "ilst", "CNTH", "NCDT")
        media = _number(box.find("mdia/mdhd"), "timescale") if box.type == "trak" else around.media
        inner = _Around(path=(*around.path, box.type), movie=self._movie, media=media)
        parts = [*kept(self._fields(box, inner))]
        parts += kept(self._box(child, inner) for child in box.children)
        parts += kept(self._carried(box, around))
        said = self._meaning(box, name, around)
        return part(
            self._window,
            name,
            value,
            start=box.offset,
            size=box.size,
            meaning=said,
            trouble=box.problem,
            personal=user and names.is_personal(name),
            parts=tuple(parts),
        )

    def _meaning(self, box: Box, name: str, around: _Around) -> str:
        value = box.fields.get("value")
        if isinstance(value, str) and (found := in_words(value)):
            return found
        if around.parent in ("udta", "ilst"):
            found = names.ITEMS.get(name) or names.BOXES.get(name, "")
            if "kind" in box.fields and not found:
                return f"{box.fields.get('bytes', 0)} bytes that are no text"
            return found
        if box.type == "hdlr":
            handler = str(box.fields.get("handler", ""))
            return names.HANDLERS.get(handler, names.BOXES["hdlr"])
        if box.type == "trak":
            handled = box.find("mdia/hdlr")
            kind = names.HANDLERS.get(str(handled.fields.get("handler")) if handled else "", "")
            return f"track of {kind}" if kind else "track"
        return names.BOXES.get(box.type, "")

    def _fields(self, box: Box, inner: _Around) -> Iterator[Part]:
        counted: dict[str, list[tuple[str, int | str]]] = {}
        for name, value in box.fields.items():
            stem, _, number = name.rpartition("_")
            if number.isdigit() and box.type in ("elst", "chpl"):
                counted.setdefault(number, []).append((stem, value))
            elif name not in ("key", "value") and value != "":
                yield part(
                    self._window,
                    name,
                    value,
                    meaning=_field_meaning(box, name, value, inner),
                    personal=box.type in ("Xtra", "NCTG", "loci") and names.is_personal(name),
                )
        for listed in counted.values():
            yield self._entry(box, dict(listed), inner)

    def _entry(self, box: Box, entry: Mapping[str, int | str], inner: _Around) -> Part:
        """An edit, or a chapter of Nero's list."""
        if box.type == "chpl":
            start = int(entry.get("start", 0))
            return part(
                self._window, "chapter", str(entry.get("title", "")), meaning=_at(start, 1000)
            )
        lasts, media = int(entry.get("duration", 0)), int(entry.get("media_time", 0))
        rate = int(entry.get("rate", 0))
        shown = f"for {_span(lasts, inner.movie)}" if lasts else "for as long as there is media"
        if media < 0:
            said = f"{shown} nothing is shown"
        else:
            said = f"{shown} the media from {_span(media, inner.media)} on"
            said += "" if rate == 1 << 16 else f", at {rate / 65536:g} times its speed"
        return part(self._window, "edit", f"{lasts} {media} {rate}", meaning=said)

    def _carried(self, box: Box, around: _Around) -> Iterator[Part]:
        """What stands in a box in another format."""
        body = self._window.inner(box.offset + box.header, box.size - box.header)
        if box.type in _XMP and (box.type != "XMP_" or around.parent == "udta"):
            yield read_xmp(body)
        elif box.type == _SPHERICAL:
            yield read_xml(body)
        elif box.type == "xml ":
            yield read_xml(body.inner(4))
        elif box.type == "GPMF" and around.parent == "udta":
            yield from read_gpmf(body)
        elif box.type == "trak" and box.find("mdia/minf/stbl/stsd/gpmd"):
            yield from self._telemetry(box)
        elif box.type == "cmvd":
            yield self._unpacked(body)
        elif box.type in _PICTURES and (around.parent or box.type == "PICT"):
            found = preview(body, name=_PICTURES[box.type], within=_HEAD)
            if found is not None:
                yield found

    def _unpacked(self, body: Window) -> Part:
        """A movie header that was compressed (QuickTime File Format, "Compressed movie resources")."""
        unpacker = zlib.decompressobj()
        try:
            data = unpacker.decompress(body.read(4, MAX_HEADER), MAX_HEADER)
        except zlib.error:
            return part(body, "moov", trouble="It could not be unpacked.")
        inner = body.unpacked(data)
        root = None if inner.too_deep else walk_boxes(inner)
        if root is None or not root.children:
            return part(body, "moov", trouble="What was unpacked does not begin with a box.")
        return _Reading(inner, root)._box(root.children[0], _Around())

    def _telemetry(self, track: Box) -> Iterator[Part]:
        """The first sample of a track of GoPro's metadata, which names the camera."""
        for at, size in islice(samples(self._window, track), 1):
            inner = self._window.inner(at, size)
            yield part(
                inner,
                "GPMF",
                start=0,
                size=inner.size,
                meaning="first sample of the telemetry of a GoPro camera",
                parts=tuple(read_gpmf(inner)),
            )


def _number(box: Box | None, name: str) -> int:
    value = box.fields.get(name, 0) if box else 0
    return value if isinstance(value, int) else 0


def _span(ticks: int, scale: int) -> str:
    return f"{ticks / scale:.3f} s" if scale > 0 else f"{ticks} ticks"


def _at(ticks: int, scale: int) -> str:
    return f"from {_span(ticks, scale)} on"


_UNITS: Final[Mapping[str, str]] = {
    "timescale": "ticks per second",
    "width": "pixels",
    "height": "pixels",
    "rotation": "degrees clockwise",
    "bytes": "bytes",
    "rate": "samples per second",
    "buffer": "bytes",
    "maximum": "bits per second",
    "average": "bits per second",
    "nal_length": "bytes of each unit's length",
    "depth": "bits of a sample",
    "pre_skip": "samples of sound before the first that is played",
    "most": "candela per square metre, brightest pixel",
    "mean": "candela per square metre, brightest mean of a picture",
    "next_track": "number that the next new track gets",
    "creation": "UTC by the specification; some cameras write local time",
    "modification": "UTC by the specification; some cameras write local time",
    "clock": "UTC, by the clock of the producer",
}
_CODES: Final[Mapping[str, Mapping[int, str]]] = {
    "primaries": names.PRIMARIES,
    "transfer": names.TRANSFERS,
    "matrix": names.MATRICES,
    "object": names.OBJECTS,
    "full_range": {0: "limited range", 1: "full range"},
    "here": {0: "the media is in another file", 1: "the media is in this file"},
    "role": {0: "where it was shot", 1: "where it is set", 2: "a place that was made up"},
    "layout": {0: "not stereo", 1: "one eye above the other", 2: "one eye beside the other"},
}


def _field_meaning(box: Box, name: str, value: int | str, inner: _Around) -> str:
    if isinstance(value, int):
        if name == "duration":
            media = box.type == "mdhd"
            scale = inner.media if media else inner.movie
            return _span(value, scale)
        if name == "profile" and box.type in ("avcC", "hvcC"):
            table = names.AVC_PROFILES if box.type == "avcC" else names.HEVC_PROFILES
            return table.get(value, "")
        if name == "level" and box.type in ("avcC", "hvcC"):
            return f"level {value / (10 if box.type == 'avcC' else 30):g}"
        if name in _CODES:
            return _CODES[name].get(value, "")
    elif name == "major":
        return names.BRANDS.get(value, "")
    elif name == "handler":
        return names.HANDLERS.get(value, "")
    elif name == "rotation":
        return "matrix of the picture, 16.16 and 2.30 fixed point"
    return _UNITS.get(name, "")
