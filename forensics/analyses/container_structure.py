"""Who wrote this MP4 or MOV file last, and does that fit the device it is said to come from?

Reads the box tree (ISO/IEC 14496-12), never the pictures. The order of boxes and a few names tell writers
apart even where metadata were removed (Gloe, Fischer, Kirchner 2014; Iuliani et al. 2019; Yang et al.
2020); what each rule rests on stands in `data/writers.toml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import ClassVar, Final

from forensics.errors import NotFitting
from forensics.media.boxfacts import Fact, Facts, read_facts, read_playback
from forensics.media.sei import encoder_signature, sound_signature
from forensics.media.writers import Device, Encoder, Rules, Writer, parse_rules
from forensics.model import (
    Asset,
    Box,
    Capability,
    Caveat,
    Context,
    Diagnostic,
    Direction,
    Finding,
    Measurement,
    MediaKind,
    Pillar,
    Quantity,
    Where,
)
from forensics.model.questions import FIRST_RECORDING

MAX_SHOWN: Final = 200
"""Characters of a text from the file that a sentence shows."""
MAX_SIGNATURE: Final = 1000
MAX_PROBLEMS: Final = 5
MAX_TRACES: Final = 12
"""Traces, or texts of encoders, that one finding shows."""
MAX_TRACKS: Final = 8
"""Tracks of pictures whose edit lists are looked at."""
MIN_HIDDEN: Final = Fraction(1, 2)
"""Seconds; encoders delay pictures by less, so that less hidden media is no sign of a cut."""

_XMP_BOX: Final = "be7acfcb-97a9-42e8-9c71-999491e3afac"
"""Type of the box that holds an XMP packet (XMP specification part 3, section 1.2.7.1)."""
_THIS: Final = "this project"
_BMFF: Final = "ISO/IEC 14496-12"
_REWRITERS: Final = frozenset({"general-library", "editor", "platform"})


class ContainerStructure:
    """See the module's docstring."""

    name: ClassVar[str] = "container-structure"
    version: ClassVar[int] = 2
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset(
        {MediaKind.VIDEO, MediaKind.AUDIO, MediaKind.IMAGE}
    )
    needs: ClassVar[frozenset[Capability]] = frozenset()
    examines: ClassVar[frozenset[Pillar]] = frozenset({Pillar.PROVENANCE, Pillar.INTEGRITY})
    viewing_aid: ClassVar[bool] = False
    quantities: ClassVar[tuple[Quantity, ...]] = tuple(
        Quantity(key=key, unit=unit, meaning=meaning, source=source)
        for key, unit, meaning, source in (
            ("order", "text", "Types of the boxes at the top level, in stored order.", _BMFF),
            ("major-brand", "text", "Specification that the file says it follows.", _BMFF),
            ("brands", "text", "Specifications that the file says it is compatible with.", _BMFF),
            ("fragments", "count", "Movie fragments.", _BMFF),
            ("writer", "text", "Program or library that a rule names as the writer.", _THIS),
            ("earlier-writer", "text", "Writer whose marks a copy carried along.", _THIS),
            ("sign", "text", "Kind of mark: box layout, tag or names.", _THIS),
            ("evidence", "text", "What the rule about this writer rests on.", _THIS),
            ("trace", "text", "What in the file met the rule.", _THIS),
            ("device", "text", "Recording device that the file states.", _THIS),
            ("encoder", "text", "Encoder that signed the coded stream.", _THIS),
            ("encoder-text", "text", "What the encoder wrote, as stated.", "ITU-T H.264, H.265"),
            ("hidden", "s", "Media outside of what the edit list shows.", _BMFF),
            ("late", "s", "Time at the start in which the track shows nothing.", _BMFF),
            ("problem", "text", "What is wrong with a box.", _BMFF),
            ("problems", "count", "Boxes with something wrong.", _BMFF),
            ("missing", "bytes", "Stated by the last box, but not in the file.", _BMFF),
            ("trailing", "bytes", "After the last box.", _BMFF),
        )
    )
    caveats: ClassVar[tuple[Caveat, ...]] = (
        Caveat(
            id="handling-not-content",
            text="The structure tells how a file was written and handled, never whether what it shows"
            " is true.",
        ),
        Caveat(
            id="can-be-imitated",
            text="A careful hand can give a file the layout and the names of any device or program.",
        ),
        Caveat(
            id="rewriting-is-ordinary",
            text="Platforms and messengers rewrite almost every file, and drones, network cameras, screen"
            " recorders and telephone apps often write with the same free libraries as editors do.",
        ),
    )

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the contract
        """Yields the layout first, then writers, encoders, history, edit lists and defects."""
        root = context.boxes
        if root is None:
            raise NotFitting("This is no MP4, MOV, HEIC or AVIF file, so it has no boxes to read.")
        rules, facts = _rules(), read_facts(root)
        context.check_deadline()
        encoders = list(_encoders(rules, facts, context, root))
        context.check_deadline()
        yield _layout(root, facts)
        last, earlier = rules.last_writers(facts)
        yield from _writers(last, facts)
        yield from (finding for _, finding in encoders)
        known = [rule for rule, _ in encoders if rule is not None]
        yield from _history(rules.stated_device(facts), last, earlier, known, facts)
        yield from _edits(root)
        yield from _defects(root)


@cache
def _rules() -> Rules:
    source = files("forensics.analyses").joinpath("data", "writers.toml")
    return parse_rules(source.read_text(encoding="utf-8"))


def _cut(text: str, length: int = MAX_SHOWN) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _text(key: str, value: str, where: Where | None = None, length: int = MAX_SHOWN) -> Measurement:
    return Measurement(key=key, value=_cut(value, length), unit="text", where=where)


def _number(key: str, value: int, unit: str, offset: int | None = None) -> Measurement:
    where = None if offset is None else Where(offset=offset)
    return Measurement(key=key, value=value, unit=unit, where=where)


def _traces(hits: Iterable[tuple[str, Fact]]) -> list[Measurement]:
    return [
        _text("trace", f"{name}: {fact.text}", Where(offset=fact.offset, field=fact.field))
        for name, fact in list(dict.fromkeys(hits))[:MAX_TRACES]
    ]


def _once(key: str, values: Iterable[str]) -> list[Measurement]:
    return [_text(key, value) for value in dict.fromkeys(values)]


def _layout(root: Box, facts: Facts) -> Finding:
    parts = "The file consists of these boxes, in this order: {order}."
    order = facts["order"][0].text if "order" in facts else ""
    measured = [_text("order", order, Where(offset=0))]
    for key, fact, words in (
        ("major-brand", "major", " Its brand is {major-brand}."),
        ("brands", "brands", " It says it is compatible with {brands}."),
    ):
        if fact in facts:
            found = facts[fact][0]
            measured.append(
                _text(key, found.text, Where(offset=found.offset, field=f"{found.field}/{fact}"))
            )
            parts += words
    fragments = root.fields["fragments"]
    if fragments:
        measured.append(Measurement(key="fragments", value=fragments, unit="count"))
        parts += " Its media are stored in fragments, {fragments} in all."
    return Finding(id="layout", template=parts, measurements=tuple(measured))


_SIGNS: Final = {"layout": "box layout", "tag": "tag", "name": "names"}


def _writers(last: list[Writer], facts: Facts) -> Iterator[Finding]:
    """One finding for each family that the file's last writer may belong to."""
    for family in dict.fromkeys(rule.family for rule in last):
        rules = [rule for rule in last if rule.family == family]
        yield Finding(
            id="writer-named",
            template="The file bears the marks of {writer}: {sign} (known as: {evidence}).",
            measurements=(
                *_once("writer", (rules[0].writer,)),
                *_once("sign", (_SIGNS[rule.shows] for rule in rules)),
                *_once("evidence", (rule.evidence for rule in rules)),
                *_traces(hit for rule in rules for hit in rule.traces(facts)),
            ),
            caveats=_cannot_show(rules),
        )


def _cannot_show(rules: Iterable[Writer]) -> tuple[Caveat, ...]:
    texts = {rule.cannot_show: rule.id for rule in rules}
    return tuple(
        Caveat(id=f"rule-{name}", text=f"What this mark cannot show: {text[0].lower()}{text[1:]}")
        for text, name in texts.items()
    )


def _encoders(
    rules: Rules, facts: Facts, context: Context, root: Box
) -> Iterator[tuple[Encoder | None, Finding]]:
    """Yields each encoder that signed, once; and a note in the stream that no rule knows."""
    signed = [encoder_signature(context.path, root), sound_signature(context.path, root)]
    texts = [(s.text, Where(offset=s.offset, field=s.field)) for s in signed if s]
    noted = len(texts)
    for name in ("compressor", "tool"):
        texts += [(f.text, Where(offset=f.offset, field=f.field)) for f in facts.get(name, ())]
    explained: set[str] = set()
    for rule in rules.encoders:
        hits = [(text, where) for text, where in texts if rule.pattern.search(text)]
        explained.update(text for text, _ in hits)
        if hits:
            yield (
                rule,
                Finding(
                    id="encoder-named",
                    template="The file names {encoder} as the encoder of its pictures or sound.",
                    measurements=(
                        _text("encoder", rule.encoder),
                        *(_text("encoder-text", t, w, MAX_SIGNATURE) for t, w in hits[:MAX_TRACES]),
                        _text("evidence", rule.evidence),
                    ),
                ),
            )
    for text, where in texts[:noted]:
        if text not in explained:
            yield (
                None,
                Finding(
                    id="encoder-note",
                    template="The coded stream carries this note: {encoder-text}.",
                    measurements=(_text("encoder-text", text, where),),
                ),
            )


def _history(
    device: Device | None,
    last: list[Writer],
    earlier: list[Writer],
    encoders: list[Encoder],
    facts: Facts,
) -> Iterator[Finding]:
    """Weighs who wrote the file against the device that it states."""
    families = device.families if device else ()
    foreign = [rule for rule in last if rule.kind in _REWRITERS and rule.family not in families]
    if device and (foreign or encoders):
        diagnostic = Diagnostic.YES if device.own_writer else Diagnostic.UNKNOWN
        if foreign:
            yield _against(
                "device-against-writer",
                "The file bears the marks of {device}, but it was last written by {writer}.",
                (*_once("writer", (rule.writer for rule in foreign)),),
                device,
                diagnostic,
                facts,
            )
        if encoders:
            yield _against(
                "device-against-encoder",
                "The file bears the marks of {device}, but it names {encoder} as its encoder.",
                tuple(_text("encoder", rule.encoder) for rule in encoders),
                device,
                diagnostic,
                facts,
            )
    elif foreign and earlier:
        yield Finding(
            id="two-writers",
            template="The file was last written by {writer}, and names in it are those of {earlier-writer}.",
            measurements=(
                *_once("writer", (rule.writer for rule in foreign)),
                *_once("earlier-writer", (rule.writer for rule in earlier)),
                *_traces(hit for rule in earlier for hit in rule.traces(facts)),
            ),
            question=FIRST_RECORDING,
            direction=Direction.SUPPORTS_H1,
        )
    elif foreign:
        yield Finding(
            id="rewritten",
            template="The file was last written by {writer}, and nothing in its boxes states a device.",
            measurements=(*_once("writer", (rule.writer for rule in foreign)),),
            question=FIRST_RECORDING,
        )
    elif any(rule.kind == "device" for rule in last):
        recorders = [rule for rule in last if rule.kind == "device"]
        if any(fact.text == _XMP_BOX for fact in facts.get("top", ())):
            yield Finding(
                id="metadata-box-added",
                template="The boxes lie as {writer} writes them, but for a box of XMP metadata at the top"
                " level, as programs add it afterwards.",
                measurements=(*_once("writer", (rule.writer for rule in recorders)),),
                question=FIRST_RECORDING,
                direction=Direction.SUPPORTS_H1,
                caveats=_cannot_show(recorders),
            )
            return
        yield Finding(
            id="as-device-writes",
            template="The boxes lie as {writer} writes them; nothing in them points to another writer.",
            measurements=(*_once("writer", (rule.writer for rule in recorders)),),
            question=FIRST_RECORDING,
            direction=Direction.SUPPORTS_H2,
            caveats=_cannot_show(recorders),
        )


def _against(
    name: str,
    template: str,
    measured: tuple[Measurement, ...],
    device: Device,
    diagnostic: Diagnostic,
    facts: Facts,
) -> Finding:
    caveats = (
        Caveat(
            id="recorder-unknown",
            text="It is not known which library this device's recorder writes with; some recorders use"
            " the one named here.",
        ),
    )
    return Finding(
        id=name,
        template=template,
        measurements=(
            _text("device", device.device),
            *measured,
            *_traces(device.traces(facts)),
        ),
        question=FIRST_RECORDING,
        direction=Direction.SUPPORTS_H1,
        diagnostic=diagnostic,
        caveats=() if device.own_writer else caveats,
    )


def _edits(root: Box) -> Iterator[Finding]:
    """Yields what edit lists hide of the pictures; a trim without re-encoding leaves this."""
    shown = (track for track in read_playback(root) if track.handler == "vide")
    for track in islice(shown, MAX_TRACKS):
        for name, key, seconds, template in (
            (
                "hidden-start",
                "hidden",
                track.hidden_start,
                "The file holds {hidden} s of pictures before the first one that players show.",
            ),
            (
                "hidden-end",
                "hidden",
                track.hidden_end,
                "The file holds {hidden} s of pictures after the last one that players show.",
            ),
            (
                "late-start",
                "late",
                track.late,
                "The pictures begin {late} s after the start of playback, as after a cut between keyframes.",
            ),
        ):
            if seconds > MIN_HIDDEN:
                where = Where(offset=track.offset, field="moov/trak/edts/elst")
                yield Finding(
                    id=name,
                    template=template,
                    measurements=(
                        Measurement(key=key, value=_seconds(seconds), unit="s", where=where),
                    ),
                    question=FIRST_RECORDING,
                    direction=Direction.SUPPORTS_H1,
                )


def _seconds(value: Fraction) -> str:
    milli = round(value * 1000)
    return f"{milli // 1000}.{milli % 1000:03d}"


def _defects(root: Box) -> Iterator[Finding]:
    boxes = [("file", root), *root.walk()]
    broken = [(path, box) for path, box in boxes if box.problem]
    if broken:
        yield Finding(
            id="structure-problem",
            template="Boxes with something wrong: {problems}. {problem}",
            measurements=(
                _number("problems", len(broken), "count"),
                *(
                    _text("problem", str(box.problem), Where(offset=box.offset, field=_cut(path)))
                    for path, box in broken[:MAX_PROBLEMS]
                ),
            ),
        )
    missing, trailing = root.fields.get("missing"), root.fields.get("trailing")
    if isinstance(missing, int):
        yield Finding(
            id="truncated",
            template="The file ends {missing} bytes before the end of its last box.",
            measurements=(_number("missing", min(missing, 2**53), "bytes", root.size),),
        )
    if isinstance(trailing, int):
        offset = int(root.fields["trailing_offset"])
        yield Finding(
            id="trailing-bytes",
            template="After the last box there are {trailing} bytes that are no box.",
            measurements=(_number("trailing", trailing, "bytes", offset),),
        )
    headers = [box for _, box in boxes if box.type in ("mvhd", "tkhd", "mdhd")]
    if headers and not any("creation" in box.fields for box in headers):
        yield Finding(
            id="times-unset",
            template="No header of the movie, its tracks or media states a time of creation.",
        )
