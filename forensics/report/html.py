"""A report as one HTML file: no script, nothing fetched, fit for a phone, a screen and paper.

Two things keep hostile text harmless, and neither can be forgotten in the template: Jinja escapes
every value, and before that the environment's `finalize` passes every text through `visible`.
Pictures are embedded as data URIs, PNG and JPEG only. A Content-Security-Policy allows inline style
and data pictures and nothing else.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from forensics.inside.summary import Fact, summarise
from forensics.language import speaking
from forensics.model import Finding, Outcome, Picture, Report
from forensics.report import inspected, lookup, tree, words
from forensics.report.clean import visible
from forensics.report.spoken import finished, install
from forensics.report.timeline import WIDTH, timeline

_MIMES = frozenset({"image/png", "image/jpeg"})


def render_html(report: Report, language: str = "en") -> str:
    """Returns the whole page in a language; the same report gives the same text."""
    page = environment().get_template("report.html.j2")
    with speaking(language):
        return page.render(
            r=report,
            words=words,
            inspected=inspected,
            tree=tree,
            view=_View(report=report, pictures={p.id: p for p in report.pictures}),
            css=Markup(packaged("report.css")),  # noqa: S704 - our own packaged file
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """What the template looks up, so that it holds no logic of its own."""

    report: Report
    pictures: Mapping[str, Picture]

    @property
    def frames(self) -> list[Picture]:
        return [p for p in self.report.pictures if p.id.startswith("frame/")]

    @property
    def examined(self) -> list[tuple[int, Outcome]]:
        """Outcomes with findings that may count, with their place in the report."""
        return [(i, o) for i, o in self._found() if not o.viewing_aid]

    @property
    def aids(self) -> list[tuple[int, Outcome]]:
        return [(i, o) for i, o in self._found() if o.viewing_aid]

    @property
    def nothing_found(self) -> list[Outcome]:
        return [o for o in self.report.outcomes if o.status == "ran" and not o.findings]

    @property
    def not_ended(self) -> list[Outcome]:
        return lookup.not_ended(self.report.outcomes)

    def _found(self) -> list[tuple[int, Outcome]]:
        return [(i, o) for i, o in enumerate(self.report.outcomes) if o.findings]

    def anchor(self, reference: str) -> str | None:
        return lookup.anchor(self._found(), reference)

    def exhibits(self, outcome: Outcome, finding: Finding) -> list[tuple[str, Picture | None]]:
        return lookup.exhibits(outcome, finding, self.pictures)

    def picture(self, id: str) -> Picture | None:  # noqa: A002 - as the picture's field
        return self.pictures.get(id)

    def further(self, number: int) -> list[tuple[Picture, Picture]]:
        """Returns the further pairs that are shown of a copy: of this file, of the other."""
        found = []
        for place in range(len(self.report.copies[number].more)):
            here, there = (
                self.picture(f"copy/{number}/more/{place}/{what}") for what in ("query", "copy")
            )
            if here is not None and there is not None:
                found.append((here, there))
        return found

    def timeline(self, number: int) -> Any:
        probe = self.report.asset.probe
        return timeline(self.report.copies[number], probe.duration if probe else None)

    @property
    def carried(self) -> list[tree.Section]:
        """What the file carries, by reader."""
        return tree.sections(self.report.carried) if self.report.carried else []

    @property
    def stated(self) -> list[tuple[str, list[tuple[Fact, str]]]]:
        """What the file states, under headings, with the fields that state it."""
        return _told(inspected.own_word(self._facts))

    @property
    def checked(self) -> list[tuple[str, list[tuple[Fact, str]]]]:
        """What checking its credential came to, likewise."""
        return _told(inspected.answers(self._facts))

    @property
    def _facts(self) -> tuple[Fact, ...]:
        return summarise(self.report.carried) if self.report.carried else ()

    @property
    def width(self) -> int:
        return WIDTH


def _told(facts: list[Fact]) -> list[tuple[str, list[tuple[Fact, str]]]]:
    return [(topic, inspected.merged(members)) for topic, members in inspected.topics(facts)]


def _data_uri(picture: Picture) -> Markup:
    """Returns a picture's address, or an empty one for a type that may not be embedded."""
    if picture.mime not in _MIMES:
        return Markup()
    coded = base64.b64encode(picture.data).decode("ascii")
    return Markup(f"data:{picture.mime};base64,{coded}")  # noqa: S704 - no character needs escaping


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Returns what renders every page, which escapes each value."""
    made = Environment(
        loader=FunctionLoader(packaged),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finished,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    install(made)
    made.filters["data_uri"] = _data_uri
    made.filters["visible"] = visible
    return made


def packaged(name: str) -> str:
    """Returns a template or a style sheet of ours."""
    return (resources.files("forensics.report") / "templates" / name).read_text(encoding="utf-8")
