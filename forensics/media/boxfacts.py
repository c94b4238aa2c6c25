"""What does a box tree say about how it was written, as short texts that rules can be matched against?

The order and sizes of boxes and a few names differ from writer to writer, and survive a removal of
metadata (Gloe, Fischer, Kirchner 2014, "Forensic analysis of video file formats"; Iuliani et al. 2019, "A
video forensic framework for the unsupervised analysis of MP4-like file container"; Yang et al. 2020,
"Efficient video integrity analysis through container characterization").

Facts, by name; those of tracks have one text for each track that differs:
    major, minor, brands      of `ftyp`; brands joined with commas
    order                     types at the top level, repeats of one type in a row said once
    before-mdat               type and size of the box right before the first `mdat`: "free 8"
    moov-order, trak-order, minf-order, stbl-order
    movie-timescale           ticks per second
    handler                   names of media handlers; data-handler: of data handlers (QuickTime)
    meta-handler              handler, vendor and name of each `meta`: "mdir/appl/"
    vendor, compressor        of sample entries
    tool                      texts that name the writing program: ©too, ©swr, ©enc and like keys
    make, model               as stated in user data or keys
    key                       names of `mdta` keys and freeform items
    udta                      types in user data; top: types at the top level, UUIDs as such
    free-text                 readable text in padding
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from forensics.model import Box

Facts = Mapping[str, tuple["Fact", ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One text and where it stands: first byte of the box that states it, and the box's path."""

    text: str
    offset: int
    field: str


_ITEMS = {
    r"\xa9too": "tool",
    r"\xa9swr": "tool",
    r"\xa9enc": "tool",
    r"\xa9mak": "make",
    r"\xa9mod": "model",
    r"\xa9mdl": "model",
    "encoder": "tool",
    "com.apple.quicktime.software": "tool",
    "com.apple.quicktime.make": "make",
    "com.apple.quicktime.model": "model",
    "com.android.manufacturer": "make",
    "com.android.model": "model",
}
_ORDERS = ("moov", "trak", "minf", "stbl")
_PADDING = ("free", "skip", "wide")


def read_facts(root: Box) -> Facts:
    """Returns the facts of a tree; what the file does not state is absent."""
    facts: dict[str, dict[str, Fact]] = {}
    for name, fact in _all(root):
        if fact.text:
            facts.setdefault(name, {}).setdefault(fact.text, fact)
    return {name: tuple(found.values()) for name, found in facts.items()}


def _all(root: Box) -> Iterator[tuple[str, Fact]]:
    yield "order", Fact(text=order(root), offset=0, field="file")
    for before, box in zip(root.children, root.children[1:], strict=False):
        if box.type == "mdat":
            text = f"{before.type} {before.size}"
            yield "before-mdat", Fact(text=text, offset=before.offset, field=before.type)
            break
    for path, box in root.walk():
        for name, text in _of(path, box):
            yield name, Fact(text=text, offset=box.offset, field=path)


def _of(path: str, box: Box) -> Iterator[tuple[str, str]]:
    parent = path.rpartition("/")[0].rpartition("/")[2]
    if not parent:
        yield "top", box.type
    if box.type in _ORDERS:
        yield f"{box.type}-order", order(box)
    if box.type == "ftyp":
        yield from ((name, str(box.fields.get(name, ""))) for name in ("major", "minor", "brands"))
    elif path == "moov/mvhd":
        yield "movie-timescale", str(box.fields.get("timescale", ""))
    elif box.type == "hdlr":
        yield from _handler(parent, box)
    elif box.type in _PADDING:
        yield "free-text", str(box.fields.get("text", ""))
    if parent == "stsd":
        yield "vendor", str(box.fields.get("vendor", ""))
        yield "compressor", str(box.fields.get("compressor", ""))
    elif parent in ("ilst", "udta"):
        key = str(box.fields.get("key", ""))
        yield "key", key
        yield "udta", box.type if parent == "udta" else ""
        yield _ITEMS.get(key) or _ITEMS.get(box.type, ""), str(box.fields.get("value", ""))


def _handler(parent: str, box: Box) -> Iterator[tuple[str, str]]:
    name = str(box.fields.get("name", ""))
    if parent == "mdia":
        yield "handler", name
    elif parent == "minf":
        yield "data-handler", name
    else:
        yield "meta-handler", f"{box.fields.get('handler')}/{box.fields.get('vendor')}/{name}"


def order(box: Box) -> str:
    """Returns the types inside a box in stored order; repeats in a row are said once."""
    return " ".join(kind for kind, _ in groupby(child.type for child in box.children))


@dataclass(frozen=True, slots=True, kw_only=True)
class Playback:
    """What the edit list of a track makes of its media (ISO/IEC 14496-12 section 8.6.6), in seconds.

    Attributes:
        handler: "vide" or "soun".
        offset: Of the edit list in the file.
        late: Nothing is shown for so long at the start.
        hidden_start: Media before the first instant that is shown.
        hidden_end: Media after the last instant that is shown.
    """

    handler: str
    offset: int
    late: Fraction
    hidden_start: Fraction
    hidden_end: Fraction


def read_playback(root: Box) -> Iterator[Playback]:
    """Yields what is shown of each track that has an edit list with readable times."""
    movie = _int(root.find("moov/mvhd"), "timescale")
    for path, track in root.walk():
        if path != "moov/trak":
            continue
        edits, header = track.find("edts/elst"), track.find("mdia/mdhd")
        scale, length = _int(header, "timescale"), _int(header, "duration")
        if edits is None or movie <= 0 or scale <= 0:
            continue
        handler = track.find("mdia/hdlr")
        late = Fraction(0)
        shown: list[tuple[Fraction, Fraction]] = []
        for i in range(_int(edits, "entries")):
            if f"duration_{i}" not in edits.fields:
                break
            lasts = Fraction(_int(edits, f"duration_{i}"), movie)
            media = _int(edits, f"media_time_{i}")
            if media < 0:
                late += lasts if not shown else 0
            else:
                start = Fraction(media, scale)
                shown.append((start, start + lasts))
        if not shown:
            continue
        end = max(stop for _, stop in shown)
        whole = Fraction(length, scale)
        complete = len(shown) == _int(edits, "entries") - (late > 0)
        known = complete and whole > 0 and any(stop > start for start, stop in shown)
        yield Playback(
            handler=str(handler.fields.get("handler", "")) if handler else "",
            offset=edits.offset,
            late=late,
            hidden_start=min(start for start, _ in shown),
            hidden_end=max(Fraction(0), whole - end) if known else Fraction(0),
        )


def _int(box: Box | None, name: str) -> int:
    value = box.fields.get(name, 0) if box else 0
    return value if isinstance(value, int) else 0
