"""A case as Markdown, for a newsroom's page: short, with the entry behind each sentence.

CommonMark without raw HTML. Whatever comes from outside is made visible and its marks of Markdown are
escaped, so that a file name cannot become a link, a heading or a picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.language import current, say, speaking, told
from forensics.model import Case, CaseAsset, CaseReport, HumanDecision
from forensics.report import casewords, figures, words
from forensics.report.casefacts import ClaimView, views
from forensics.report.clean import visible
from forensics.report.dates import Dates, dates

_MARKS = re.compile(r"([\\`*_\[\]<>#|~&!]|(?<=:)/|^[-+.0-9](?=[.)\s-])|@)")
"""What begins something in CommonMark or its common extensions; a bare address is broken at its "//"."""


def render_markdown(report: CaseReport, language: str = "en") -> str:
    """Returns the page; the same report and language give the same text."""
    with speaking(language):
        return "\n".join(_page(report)).rstrip() + "\n"


def escaped(text: str, limit: int = 2000) -> str:
    """Returns text from outside as one line of Markdown that shows it and does nothing else."""
    line = " ".join(visible(text, limit).split())
    return _MARKS.sub(r"\\\1", line)


def _page(report: CaseReport) -> Iterator[str]:
    case = report.case
    for number, view in enumerate(views(case)):
        yield from _claim(report, view, first=number == 0)
    if not case.claims:
        yield f"# {escaped(case.title, 300)}"
        yield ""
        yield say("No claim is on record in this case, so there is no verdict on one.")
        yield ""
    when = dates(case)
    if when is not None:
        yield from _dates(when)
    yield f"## {say('The files')}"
    yield ""
    for asset in case.assets:
        yield from _asset(asset)
    if case.notes:
        yield f"## {say('What people added')}"
        yield ""
        for note in case.notes:
            by = escaped(note.stated.by, 200)
            yield f"- {_capital(words.pillar(note.pillar))}: “{escaped(note.text)}”"
            yield (
                f"  {casewords.diagnostic(note.diagnostic)} {escaped(note.reason)} ({by}, "
                f"{_entry(note.stated.entry)})"
            )
        yield ""
    yield from _record(report)


def _claim(report: CaseReport, view: ClaimView, *, first: bool) -> Iterator[str]:
    claim = view.claim.claim
    level = "#" if first else "##"
    if view.standing is None:
        yield f"{level} {say('Not judged yet')}"
    else:
        yield f"{level} {words.headline(view.standing.verdict.verifiability)}"
    yield ""
    yield f"> {escaped(claim.statement)}"
    yield ">"
    yield f"> — {escaped(claim.by, 200)}"
    yield ""
    if view.standing is None:
        return
    verdict = view.standing.verdict
    yield f"**{told(verdict.because)}** ({_entry(view.standing.entry)})"
    yield ""
    yield say(
        "This is about whether the material can carry the claim. It does not say whether the event took "
        "place."
    )
    yield ""
    for decision in view.decisions:
        yield from _decision(report.case, decision)
    known = [
        f"{_name(one.asset)}{sentence} ({_entry(one.entry)})"
        for one in view.known
        for sentence in _safe(casewords.known(one))
    ]
    for heading, sentences in (
        (say("What is known"), known),
        (say("What these findings cannot show"), [*map(escaped, casewords.caveats(view.known))]),
        (say("What could not be confirmed"), [told(t) for t in verdict.could_not_be_confirmed]),
        (say("What would settle it"), [told(t) for t in verdict.would_settle_it]),
    ):
        yield f"## {heading}"
        yield ""
        yield from (f"- {sentence}" for sentence in sentences or [say("Nothing is listed.")])
        yield ""
    yield f"## {say('What each file lends to the claim')}"
    yield ""
    for asset in view.assets:
        lent = view.lends(asset)
        if lent is not None:
            reasons = " ".join(told(r.text) for r in lent.because)
            yield (
                f"- **{escaped(asset.asset.name, 120)}**: {casewords.support(lent.support)}. "
                f"{told(lent.reason)} {reasons}".rstrip()
            )
    yield ""
    yield f"## {say('What it rests on')}"
    yield ""
    yield f"| {say('Pillar')} | {say('What can be said')} | {say('Why')} |"
    yield "|---|---|---|"
    for pillar in verdict.pillars:
        why = " ".join(told(r.text) for r in pillar.reasons)
        yield (
            f"| {_capital(words.pillar(pillar.pillar))} | {words.status(pillar.status)} | "
            f"{why.replace('|', chr(92) + '|')} |"
        )
    yield ""


def _decision(case: Case, decision: HumanDecision) -> Iterator[str]:
    yield f"**{casewords.decided(decision)}** {escaped(casewords.decided_on(case, decision))}."
    if casewords.superseded(case, decision):
        yield say("That verdict was superseded since.")
    if decision.words:
        yield f"“{escaped(decision.words)}”"
    for pillar, status in decision.pillars.items():
        yield f"{_capital(words.pillar(pillar))}: {words.status(status)}."
    if decision.category:
        yield say(
            "MediaReview category, chosen by this person: {category}", category=decision.category
        )
    key = escaped(decision.key, 120)
    yield f"({say('signed with the key {key}', key=key)}, {_entry(decision.stated.entry)})"
    yield ""


def _dates(when: Dates) -> Iterator[str]:
    yield f"## {say('When')}"
    yield ""
    for row in when.rows:
        about = f", {escaped(row.about, 160)}" if row.about else ""
        entry = f" ({_entry(row.entry)})" if row.entry is not None else ""
        yield f"- {row.at}: {row.what}{about}{entry}"
    yield ""


def _asset(asset: CaseAsset) -> Iterator[str]:
    yield f"### {escaped(asset.asset.name, 200)}"
    yield ""
    yield f"- SHA-256 `{asset.asset.sha256}`"
    yield f"- {words.kind(asset.asset.kind)}, {words.size(asset.asset.size)}"
    yield f"- {say('Received here')}: {figures.when(asset.received_at)}"
    for offer in asset.offers:
        yield f"- {escaped(casewords.offered(offer))} ({_entry(offer.stated.entry)})"
    for copy in asset.copies:
        name, alike = escaped(copy.asset.name, 160), words.relation(copy.relation)
        yield f"- {name}: {alike}. {escaped(words.match(copy))}"
        yield from (f"  - {escaped(words.seen(seen))}" for seen in copy.asset.appearances)
    yield f"- {escaped(words.searched(asset.searched))}"
    for recorded in asset.outcomes:
        if recorded.outcome.status != "ran":
            status = words.outcome(recorded.outcome.status)
            yield f"- {recorded.outcome.analysis}: {status}. {escaped(recorded.outcome.why or '')}"
    for asked in asset.outside:
        answer = say("found") if asked.found else say("nothing found")
        yield (
            f"- {escaped(asked.engine, 100)}, {figures.when(asked.asked_at)}: {answer} "
            f"({_entry(asked.stated.entry)})"
        )
    yield ""


def _record(report: CaseReport) -> Iterator[str]:
    head = report.head
    yield f"## {say('The record')}"
    yield ""
    yield words.not_sealed()
    yield ""
    yield f"- {say('Ledger')}: {escaped(head.origin, 300)}"
    yield f"- {say('Size of the tree')}: {head.size}"
    yield f"- {say('Root of the tree')}: `{head.root}`"
    yield f"- {say('Its entries')}: {', '.join(words.runs(report.case.entries))}"
    yield f"- {say('To verify')}: `forensics ledger verify`, `forensics explain {report.case.id}/1`"
    yield ""
    yield "```"
    yield head.checkpoint.rstrip("\n")
    yield "```"
    missing = len(current().missing)
    if missing:
        yield ""
        yield say("Sentences that are not translated yet, and so are in English: {n}.", n=missing)


def _safe(sentences: list[str]) -> list[str]:
    return [escaped(sentence) for sentence in sentences]


def _name(asset: CaseAsset | None) -> str:
    return f"**{escaped(asset.asset.name, 120)}:** " if asset else ""


def _entry(entry: int) -> str:
    return say("entry {number}", number=str(entry))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
