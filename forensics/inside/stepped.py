"""What does a file state of its own past: steps, documents it was made from, layers?

Adobe, XMP specification part 2: "XMP Media Management namespace" (History, DerivedFrom), "Photoshop
namespace" (DocumentAncestors, TextLayers); part 1 for the types ResourceEvent and ResourceRef.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from forensics.inside.summary import ASIDE
from forensics.model import Part
from forensics.model.moment import Moment, read_moment

MAX_STEPS: Final = 20
"""Steps, documents or layers that are told one by one; the tree has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What is stated.

    Attributes:
        steps: Each step as "saved by Adobe Photoshop 24.0", in stored order.
        first: Earliest time of a step, as stated; empty where none is.
        last: Latest, likewise.
        origins: Documents that it says it was made from, by their identifier.
        ancestors: How many other documents parts were pasted from.
        layers: Names of layers; they may name people.
    """

    steps: tuple[str, ...]
    first: str
    last: str
    origins: tuple[str, ...]
    ancestors: int
    layers: tuple[str, ...]

    @property
    def told(self) -> tuple[str, ...]:
        """The steps, equal ones in a row told once with how many they are, at most `MAX_STEPS`."""
        runs = [(text, sum(1 for _ in run)) for text, run in groupby(self.steps)]
        return tuple(t if n == 1 else f"{t} ({n} times)" for t, n in runs[:MAX_STEPS])


def read_steps(tree: Part) -> Steps:
    """Reads what a file states of its own past; what embedded pictures and attachments state is left out."""
    steps: list[str] = []
    times: list[Moment] = []
    origins: dict[str, None] = {}
    ancestors: dict[str, None] = {}
    layers: list[str] = []
    for way, part in tree.walk():
        if not ASIDE.isdisjoint(way[:-1]):
            continue
        if part.name == "xmpMM:History":
            for step in part.parts:
                said = _said(step)
                steps.append(_sentence(said))
                if moment := read_moment(said.get("when", "")):
                    times.append(moment)
        elif part.name == "xmpMM:DerivedFrom":
            said = _said(part)
            if (
                name := said.get("documentID")
                or said.get("originalDocumentID")
                or str(part.value or "")
            ):
                origins.setdefault(name)
        elif part.name == "photoshop:DocumentAncestors":
            ancestors.update((str(p.value), None) for p in part.parts if p.value)
        elif part.name in {"photoshop:TextLayers", "PhotoshopLayers"}:
            layers += _layers(part)
    return Steps(
        steps=tuple(steps),
        first=min(times, key=lambda m: m.earliest).text if times else "",
        last=max(times, key=lambda m: m.latest).text if times else "",
        origins=tuple(origins),
        ancestors=len(ancestors),
        layers=tuple(dict.fromkeys(layers)),
    )


def _said(part: Part) -> dict[str, str]:
    return {p.name.rpartition(":")[2]: str(p.value).strip() for p in part.parts if p.value}


def _sentence(said: dict[str, str]) -> str:
    """A step in words: what was done, by which program."""
    text = said.get("action", "a step without a name")
    if parameters := said.get("parameters"):
        text += f" ({parameters})"
    return f"{text} by {said['softwareAgent']}" if "softwareAgent" in said else text


def _layers(part: Part) -> Iterator[str]:
    for _, inner in part.walk():
        if inner.name in {"photoshop:LayerName", "Layer"} and isinstance(inner.value, str):
            yield inner.value
