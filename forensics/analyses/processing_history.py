"""Which program, service or device wrote this file last, and which steps before that does it state?

Reads the tree of everything that the file carries, never the picture. What each rule about a program rests on
stands in `data/programs.toml`; who wrote an MP4, a MOV or their relatives is told by `container_structure`,
and an editing program that the file's own fields name is told by `metadata`.

Sources: Kee, Johnson, Farid 2011; Kornblum 2008; Gloe 2012 (`forensics.inside.traits`); Adobe, XMP
specification part 2, "XMP Media Management namespace" and "Photoshop namespace".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import ClassVar, Final

from forensics.inside.partly import LIMIT, read_in_part
from forensics.inside.stated import read_stated
from forensics.inside.stepped import MAX_STEPS, read_steps
from forensics.inside.traits import traits
from forensics.media.boxfacts import Fact, Facts
from forensics.media.writers import Condition, Rules, Writer, parse_rules
from forensics.model import (
    Asset,
    Capability,
    Caveat,
    Context,
    Diagnostic,
    Finding,
    Measurement,
    MediaKind,
    Part,
    Pillar,
    Quantity,
    Where,
)

MAX_SHOWN: Final = 200
"""Characters of a text from the file that a sentence shows."""
MAX_TRACES: Final = 8
"""Traces that one finding shows."""

_THIS: Final = "this project"
_XMP: Final = "Adobe, XMP specification part 2"
_BOXED: Final = frozenset({"BMFF", "HEIF"})
"""Formats whose writers are told by another analysis."""
_KINDS: Final = {
    "general-library": "a library that many programs use",
    "editor": "an editing program",
    "converter": "a program that converts files",
    "platform": "a service that writes anew what is uploaded or made there",
    "system": "part of a system or of a browser",
    "device": "a recording device",
    "screen-capture": "a program that takes pictures of a screen",
    "document-program": "a program that writes documents",
}
_MARKS: Final = {
    "layout": "layout",
    "tag": "tag",
    "name": "name",
    "habit": "habits",
    "block": "name in the block",
}


class ProcessingHistory:
    """See the module's docstring."""

    name: ClassVar[str] = "processing-history"
    version: ClassVar[int] = 1
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset(MediaKind)
    needs: ClassVar[frozenset[Capability]] = frozenset()
    examines: ClassVar[frozenset[Pillar]] = frozenset({Pillar.PROVENANCE, Pillar.INTEGRITY})
    viewing_aid: ClassVar[bool] = False
    quantities: ClassVar[tuple[Quantity, ...]] = (
        *(
            Quantity(key=key, unit="text", meaning=meaning, source=_THIS)
            for key, meaning in (
                ("program", "Program, service or library that a rule names."),
                ("class", "What kind of program that is."),
                ("mark", "Kind of mark: layout, tag, name or habits."),
                ("evidence", "What the rule rests on."),
                ("source", "Where what it rests on was published."),
                ("trace", "What in the file met the rule."),
            )
        ),
        LIMIT,
        Quantity(key="steps", unit="count", meaning="Steps that are stated.", source=_XMP),
        Quantity(key="step", unit="text", meaning="A step, as stated.", source=_XMP),
        Quantity(key="first", unit="time", meaning="Earliest step, as stated.", source=_XMP),
        Quantity(key="last", unit="time", meaning="Latest step, as stated.", source=_XMP),
        Quantity(key="origin", unit="text", meaning="Document it was made from.", source=_XMP),
        Quantity(key="ancestors", unit="count", meaning="Documents pasted from.", source=_XMP),
        Quantity(key="layers", unit="count", meaning="Layers that are named.", source=_XMP),
        Quantity(key="layer", unit="text", meaning="Name of a layer.", source=_XMP, personal=True),
    )
    caveats: ClassVar[tuple[Caveat, ...]] = (
        Caveat(
            id="handling-not-content",
            text="It tells how a file was written and handled, never whether what it shows is true.",
        ),
        Caveat(
            id="can-be-imitated",
            text="Anyone can write a file as another program does, and can write, change or remove what it"
            " states.",
        ),
        Caveat(
            id="rewriting-is-ordinary",
            text="Platforms and messengers rewrite almost every file; news desks crop, scale and convert.",
        ),
    )

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:
        """Yields who wrote the file, who wrote its metadata, then what it states of earlier steps."""
        tree = context.carried
        rules = _rules()
        facts = traits(tree, _names(rules))
        context.check_deadline()
        told = read_stated(asset, tree).editor
        known = told.value.casefold() if told else ""
        fitting = [w for w in rules.writers if w.fits(facts) and w.family not in known]
        written = tuple(_written(fitting, facts))
        yield from written
        stepped = tuple(_stepped(tree))
        yield from stepped
        boxed = any(part.name in _BOXED for part in tree.parts)
        partly = read_in_part(tree)
        if partly:
            yield partly
        elif not written and not boxed and told is None:
            yield Finding(
                id="writer-unknown",
                template="No rule knows the program that wrote the file last.",
                diagnostic=Diagnostic.NO,
            )


@cache
def _rules() -> Rules:
    source = files("forensics.analyses").joinpath("data", "programs.toml")
    return parse_rules(source.read_text(encoding="utf-8"))


def _names(rules: Rules) -> frozenset[str]:
    return frozenset(c.fact for rule in rules.writers for c in (*rule.all, *rule.habits))


def _written(fitting: list[Writer], facts: Facts) -> Iterator[Finding]:
    """One finding for each family: the last writer, marks that copies carry along, likenesses, blocks."""
    fresh = {rule.family for rule in fitting if rule.shows in {"layout", "tag"}}
    shown: dict[str, list[Writer]] = {}
    for rule in fitting:
        known = rule.shows == "name" and rule.family in fresh
        shown.setdefault("tag" if known or rule.shows == "layout" else rule.shows, []).append(rule)
    for shows, name, template in (
        (
            "tag",
            "program-named",
            "The file bears the marks of {program}: {mark} (known as: {evidence}).",
        ),
        ("name", "program-mark", "The file carries a name of {program}; copies carry it along."),
        (
            "habit",
            "program-like",
            "The file is such as {program} can write; other programs can write so too.",
        ),
        ("block", "metadata-writer", "The XMP in the file says that {program} wrote it."),
    ):
        rules = shown.get(shows, [])
        for family in dict.fromkeys(rule.family for rule in rules):
            yield _named(name, template, [r for r in rules if r.family == family], facts)


def _named(name: str, template: str, rules: list[Writer], facts: Facts) -> Finding:
    limits = {rule.cannot_show: rule.id for rule in rules}
    return Finding(
        id=name,
        template=template,
        measurements=(
            _text("program", rules[0].writer),
            _text("class", _KINDS[rules[0].kind]),
            *_once("mark", (_MARKS[rule.shows] for rule in rules)),
            *_once("evidence", (rule.evidence for rule in rules)),
            *_once("source", (rule.source for rule in rules if rule.source)),
            *_traces(rules, facts),
        ),
        diagnostic=Diagnostic.NO,
        caveats=tuple(
            Caveat(id=f"rule-{rule}", text=f"What this cannot show: {text[0].lower()}{text[1:]}")
            for text, rule in limits.items()
        ),
    )


def _traces(rules: Iterable[Writer], facts: Facts) -> list[Measurement]:
    """What met the rules: of each text only what an expression matched, for the rest may name people."""
    hits: dict[tuple[str, str], Fact] = {}
    for rule in rules:
        for condition in (*rule.all, *rule.habits):
            for name, fact in condition.traces(facts):
                hits.setdefault((name, _matched(condition, fact)), fact)
    return [
        _text("trace", f"{name}: {text}" if text else name, fact)
        for (name, text), fact in list(hits.items())[:MAX_TRACES]
    ]


def _matched(condition: Condition, fact: Fact) -> str:
    match = condition.pattern.search(fact.text)
    return match.group() if match else ""


def _once(key: str, values: Iterable[str]) -> list[Measurement]:
    return [_text(key, value) for value in dict.fromkeys(values)]


def _text(key: str, value: str, fact: Fact | None = None) -> Measurement:
    value = value if len(value) <= MAX_SHOWN else f"{value[: MAX_SHOWN - 1]}…"
    where = Where(offset=fact.offset, field=fact.field) if fact else None
    return Measurement(key=key, value=value, unit="text", where=where)


def _stepped(tree: Part) -> Iterator[Finding]:
    """What the file states of its own past, in XMP and in the names of layers."""
    steps = read_steps(tree)
    if steps.steps:
        yield _stated(
            "history-stated",
            "The file states steps of its making, {steps} in all: {step}.",
            _count("steps", len(steps.steps)),
            *(_text("step", text) for text in steps.told),
            *(
                Measurement(key=key, value=value, unit="time")
                for key, value in (("first", steps.first), ("last", steps.last))
                if value
            ),
        )
    if steps.origins:
        yield _stated(
            "derived-stated",
            "The file says that it was made from another document: {origin}.",
            *(_text("origin", text) for text in steps.origins[:MAX_STEPS]),
        )
    if steps.ancestors:
        yield _stated(
            "ancestors-stated",
            "The file names {ancestors} other documents from which parts were pasted into it, or into what it"
            " was made from.",
            _count("ancestors", steps.ancestors),
            caveats=(
                Caveat(
                    id="ancestors-pile-up",
                    text="Such names pile up in templates and are carried from file to file, by the thousand:"
                    " they do not say that anything of those documents is still to be seen.",
                ),
            ),
        )
    if steps.layers:
        yield _stated(
            "layers-named",
            "The file names layers of a document that it was made from, {layers} in all: {layer}.",
            _count("layers", len(steps.layers)),
            *(_text("layer", text) for text in steps.layers[:MAX_STEPS]),
        )


def _count(key: str, value: int) -> Measurement:
    return Measurement(key=key, value=value, unit="count")


def _stated(
    name: str, template: str, *measured: Measurement, caveats: tuple[Caveat, ...] = ()
) -> Finding:
    return Finding(
        id=name,
        template=template,
        measurements=measured,
        diagnostic=Diagnostic.NO,
        caveats=caveats,
    )
