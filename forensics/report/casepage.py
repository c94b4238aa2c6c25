"""A case as one HTML file: no script, nothing fetched, fit for a phone, a screen and paper.

Harmless and repeatable in the manner of `forensics.report.html`, whose template environment it uses.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace

from markupsafe import Markup, escape

from forensics.cases.judging import standing
from forensics.language import current, say, speaking, told
from forensics.model import (
    Case,
    CaseAsset,
    CaseReport,
    Finding,
    Head,
    Observation,
    Offer,
    Outcome,
    OutsideSearch,
    Picture,
    RecordedVerdict,
    Sha256,
    Tool,
)
from forensics.report import casefacts, casewords, lookup, words
from forensics.report.casefacts import ClaimView, moves, views
from forensics.report.clean import visible
from forensics.report.dates import Dates, dates, gap
from forensics.report.html import environment, packaged
from forensics.verdict.speaking import CONTEXT

_NAMES = {name: getattr(words, name) for name in dir(words) if not name.startswith("_")}
_OURS = {name: getattr(casewords, name) for name in dir(casewords) if not name.startswith("_")}
_WORDS = SimpleNamespace(**{**_NAMES, **_OURS})


def render_case_html(report: CaseReport, language: str = "en") -> str:
    """Returns the whole page; the same report and language give the same text."""
    with speaking(language):
        page = environment().get_template("case.html.j2")
        return page.render(
            page=_Page(report),
            words=_WORDS,
            css=Markup(packaged("report.css") + packaged("case.css")),  # noqa: S704 - our own files
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A verdict on the way to the one that stands."""

    entry: int
    at: str
    about: str
    headline: str
    why: str
    changes: tuple[str, ...]


class _Page:
    """What the template looks up, so that it holds no logic of its own."""

    def __init__(self, report: CaseReport) -> None:
        self.case: Case = report.case
        self.tool: Tool = report.tool
        self.head: Head = report.head
        self.language = current().language
        self._pictures = report.pictures

    @cached_property
    def claims(self) -> tuple[ClaimView, ...]:
        return views(self.case)

    @cached_property
    def assets(self) -> list[_AssetView]:
        return [
            _AssetView(number, asset, self._pictures.get(asset.asset.sha256, ()))
            for number, asset in enumerate(self.case.assets)
        ]

    @property
    def across(self) -> _Across:
        """What was found over the whole case: files against each other, context."""
        return _Across(self.case)

    @property
    def title(self) -> str:
        """The first claim's headline and words, or the case's."""
        first = self.claims[0] if self.claims else None
        if first is None or first.standing is None:
            return self.case.title
        headline = words.headline(first.standing.verdict.verifiability)
        return f"{headline}: {first.claim.claim.statement}"

    @cached_property
    def dates(self) -> Dates | None:
        return dates(self.case)

    @property
    def outside(self) -> list[OutsideSearch]:
        return [asked for asset in self.case.assets for asked in asset.outside]

    @property
    def history(self) -> list[_Step]:
        """All verdicts, oldest first, where there are more than one on the same."""
        steps = [
            _Step(
                entry=one.entry,
                at=one.at,
                about=say("claim {number}", number=str(one.verdict.claim)),
                headline=words.headline(one.verdict.verifiability),
                why=casewords.why(one.why),
                changes=tuple(told(change) for change in one.changes),
            )
            for one in self.case.verdicts
        ]
        steps += [
            _Step(
                entry=one.entry,
                at=one.at,
                about=visible(asset.asset.name, 120),
                headline=words.headline(one.verdict.verifiability),
                why=casewords.why(one.why),
                changes=tuple(told(change) for change in one.changes),
            )
            for asset in self.case.assets
            for one in asset.verdicts
        ]
        again = [
            *(one.supersedes for one in self.case.verdicts),
            *(one.supersedes for asset in self.case.assets for one in asset.verdicts),
        ]
        return (
            sorted(steps, key=lambda step: step.entry) if any(n is not None for n in again) else []
        )

    def gap(self, view: ClaimView) -> str:
        """How long after the claim its evidence was released."""
        released = [o.released_at for a in view.assets for o in a.offers if o.released_at]
        if not released and view.claim.claim.released_at:
            released = [view.claim.claim.released_at]
        return gap(view.claim.claim.first_said_at, released)

    def name(self, sha256: Sha256) -> str:
        """The name of an asset of this case, or the beginning of its digest."""
        for asset in self.case.assets:
            if asset.asset.sha256 == sha256:
                return visible(asset.asset.name, 120)
        return words.short(sha256)

    def place(self, asset: CaseAsset) -> int:
        """Where an asset stands in the case, from 0."""
        return self.case.assets.index(asset)

    def first_frame(self, asset: CaseAsset) -> Picture | None:
        frames = self.assets[self.place(asset)].frames
        return frames[len(frames) // 2] if frames else None

    def sky(self, observation: Observation) -> list[Picture]:
        """What was drawn of an observation."""
        wanted = f"sky/{observation.stated.entry}"
        mine = self._pictures.get(observation.asset, ())
        return [p for p in mine if p.id == wanted or p.id.startswith(f"{wanted}/")]

    def entry_link(self, entry: int) -> Markup:
        """Names the entry that a sentence rests on."""
        said = say("entry {number}", number=str(entry))
        return Markup('<span class="entry">[{}]</span>').format(escape(said))

    def finding_link(self, name: str, view: ClaimView) -> Markup:
        """Leads from the name of a finding, or of an asset, to where the page shows it, if it does."""
        for asset in self.assets:
            if name == f"sha256:{asset.asset.asset.sha256}":
                said = Markup("<bdi>{}</bdi>").format(escape(visible(asset.asset.asset.name, 120)))
                return Markup('<a href="#asset-{}">{}</a>').format(asset.number, said)
        shown = Markup("<bdi>{}</bdi>").format(escape(visible(name)))
        for asset in self.assets:
            anchor = asset.anchor(name) if asset.asset in view.assets else None
            if anchor:
                return Markup('<a href="#{}">{}</a>').format(anchor, shown)
        return shown

    @property
    def verify_command(self) -> str:
        return f"forensics ledger verify --ledger {shlex.quote(visible(self.head.ledger, 600))}"

    @property
    def example_entry(self) -> int:
        return self._standing_entry

    @property
    def example_verdict(self) -> str:
        return f"{self.case.id}/{self.claims[0].claim.number}" if self.claims else str(0)

    @property
    def _standing_entry(self) -> int:
        entries = [view.standing.entry for view in self.claims if view.standing]
        return entries[0] if entries else self.case.opened.entry

    @property
    def untranslated(self) -> str:
        """How many sentences are in English because the catalogue lacks them; said last."""
        missing = len(current().missing)
        if not missing:
            return ""
        return say("Sentences that are not translated yet, and so are in English: {n}.", n=missing)


class _Across:
    """The findings over the whole case, in the form that the shared macros look up."""

    def __init__(self, case: Case) -> None:
        # Notes have a section of their own.
        self._recorded = [r for r in case.outcomes if r.outcome.analysis != CONTEXT]

    @property
    def shown(self) -> list[tuple[str, Outcome]]:
        return [(f"case-{i}", r.outcome) for i, r in enumerate(self._recorded)]

    def entry(self, outcome: Outcome) -> int:
        return next(r.entry for r in self._recorded if r.outcome is outcome)

    def exhibits(self, outcome: Outcome, finding: Finding) -> list[tuple[str, Picture | None]]:  # noqa: ARG002 - none of these has a picture
        return []


class _AssetView:
    """One asset's section; `anchor`, `exhibits` and `picture` are what the shared macros look up."""

    def __init__(self, number: int, asset: CaseAsset, pictures: tuple[Picture, ...]) -> None:
        self.number = number
        self.asset = asset
        self._pictures: Mapping[str, Picture] = {p.id: p for p in pictures}
        self.frames = [p for p in pictures if p.id.startswith("frame/")]

    @cached_property
    def verdicts(self) -> list[RecordedVerdict]:
        """The standing ones: one for each claim, and the one about the file alone where it is all."""
        claims = sorted({v.claim for v in self.asset.verdicts if v.claim is not None})
        found = [standing(self.asset, claim) for claim in claims] or [standing(self.asset, None)]
        return [one for one in found if one is not None]

    @cached_property
    def _outcomes(self) -> list[tuple[str, Outcome]]:
        return [
            (f"{self.number}-{i}", recorded.outcome)
            for i, recorded in enumerate(self.asset.outcomes)
            if recorded.outcome.findings
        ]

    @property
    def shown(self) -> list[tuple[str, Outcome]]:
        """Those with a finding that moves something, has a picture, or is told first."""
        return [(key, outcome) for key, outcome in self._outcomes if _stands_out(outcome)]

    @property
    def folded(self) -> list[tuple[str, Outcome]]:
        return [(key, outcome) for key, outcome in self._outcomes if not _stands_out(outcome)]

    def entry(self, outcome: Outcome) -> int:
        """Returns the index of the entry that holds an outcome."""
        return next(r.entry for r in self.asset.outcomes if r.outcome is outcome)

    @property
    def not_ended(self) -> list[Outcome]:
        return lookup.not_ended(r.outcome for r in self.asset.outcomes)

    def judged(self, judged: RecordedVerdict) -> str:
        if judged.claim is None:
            return say("What it rests on, by itself")
        return say("What it rests on, against claim {number}", number=str(judged.claim))

    def offered(self, offer: Offer) -> str:
        return casewords.offered(offer)

    def anchor(self, reference: str) -> str | None:
        return lookup.anchor(self._outcomes, reference)

    def exhibits(self, outcome: Outcome, finding: Finding) -> list[tuple[str, Picture | None]]:
        return lookup.exhibits(outcome, finding, self._pictures)

    def picture(self, id: str) -> Picture | None:  # noqa: A002 - as the picture's field
        return self._pictures.get(id)


def _stands_out(outcome: Outcome) -> bool:
    return not outcome.viewing_aid and any(
        moves(finding) or f"{outcome.analysis}/{finding.id}" in casefacts.TOLD or finding.exhibits
        for finding in outcome.findings
    )
