"""A report for a terminal: short, calm, complete about what was not found and what did not run.

It reads the same without colour, through a pipe and at 60 columns: weight and one accent only
repeat what the words say. Everything from outside goes through `visible` into `rich.text.Text`;
no markup string ever holds a value, and nothing is padded to the width of the terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from forensics.language import current, joined, say, say_as, say_many, speaking, told
from forensics.model import (
    Asset,
    Caveat,
    Copy,
    Finding,
    IntegrityPhrase,
    KnownAsset,
    Outcome,
    Pillar,
    Reason,
    Report,
    SamplePlan,
    Searched,
    SearchReport,
    Status,
    Verifiability,
)
from forensics.report import words
from forensics.report.clean import visible
from forensics.report.lookup import not_ended
from forensics.report.page import ACCENT, QUIET, STRONG, Page, label

_SIDE_BY_SIDE = 72
"""Columns from which a pillar's status and its reason stand beside each other."""
_MANY = 5
"""Copies, spans and appearances shown before the rest is counted; every other format has all."""


def render_text(report: Report, console: Console, language: str = "en") -> None:
    """Prints `report` to `console` in a language, as wide as the console is, at most 100 columns."""
    with speaking(language):
        _render(report, Page(console))


def _render(report: Report, page: Page) -> None:
    _headline(page, report)
    _asset(page, report.asset, report.plan)
    _pillars(page, report)
    _lists(page, report)
    if report.met is not None:
        _met(page, report.met)
    _copies(page, report.copies, report.searched)
    _findings(page, report)
    _not_examined(page, report)
    _record(page, report)
    _in_english(page)


def render_search(found: SearchReport, console: Console) -> None:
    """Prints what a search that recorded nothing came to."""
    page = Page(console)
    _asset(page, found.asset, found.plan)
    if found.met is not None:
        _met(page, found.met)
    if found.outcome.status != "ran":
        why = visible(told(found.outcome.why or ""))
        page.line(say("The search failed: {why}", why=why))
        return
    _copies(page, found.copies, found.searched)
    for note in found.searched.notes if found.searched is not None else ():
        page.beside(f"{say('Note:')} ", visible(told(note), 400))
    for caveat in {c.id: c for f in found.outcome.findings for c in f.caveats}.values():
        _caveats(page, [caveat], indent=2)
    page.gap()
    ledger = visible(found.ledger, 300)
    page.line(say("Searched: {ledger}. Nothing was recorded.", ledger=ledger), style=QUIET)
    _in_english(page)


def _headline(page: Page, report: Report) -> None:
    verdict = report.verdict
    contradicted = verdict.verifiability is Verifiability.CONTRADICTED
    style = ACCENT if contradicted else STRONG
    page.line(words.headline(verdict.verifiability), style=style, indent=0)
    page.line(visible(told(verdict.because)))
    page.line(words.about(verdict), style=QUIET)
    if verdict.claim is None:
        return
    claim = verdict.claim
    page.gap()
    quoted = say("“{words}”", words=visible(claim.statement))
    page.beside(label(say("Claim")), quoted)
    page.beside(label(say_as("claim", "by")), visible(claim.by, 200))
    stated = "; ".join(f"{what} {value}" for what, value in words.stated(claim))
    if stated:
        page.beside(label(say("as stated")), stated)


def _asset(page: Page, asset: Asset, plan: SamplePlan | None) -> None:
    page.gap()
    page.beside(label(say("File")), visible(asset.name, 200))
    facts = [f"{words.kind(asset.kind)} ({visible(asset.mime, 80)})", words.size(asset.size)]
    if asset.probe is not None and asset.probe.duration is not None:
        facts.append(say("{time} long", time=words.position(asset.probe.duration)))
    lines = [
        joined(", ", facts),
        *map(words.stream, asset.streams),
        f"SHA-256 {words.short(asset.sha256)}",
    ]
    if asset.probe is None:
        lines.append(say("Its container could not be read."))
    else:
        lines += [visible(told(note)) for note in asset.probe.notes]
    if plan is not None:
        lines.append(words.plan(plan))
    for line in lines:
        page.beside(label(""), line)


def _pillars(page: Page, report: Report) -> None:
    page.heading(say("What it rests on"))
    columns = _columns()
    for pillar in report.verdict.pillars:
        against = pillar.status is Status.CONTRADICTED
        status = Text(words.status(pillar.status), style=ACCENT if against else STRONG)
        _pillar(page, words.pillar(pillar.pillar), status, pillar.reasons, columns)
    integrity = report.verdict.integrity
    against = integrity.phrase is IntegrityPhrase.INCONSISTENT
    phrase = Text(words.integrity(integrity.phrase), style=ACCENT if against else STRONG)
    _pillar(page, words.pillar(Pillar.INTEGRITY), phrase, integrity.reasons, columns)


def _columns() -> tuple[int, int]:
    """Columns of the names of pillars, and of both these and their statuses, in the language spoken."""
    names = max(cell_len(words.pillar(pillar)) for pillar in Pillar) + 2
    return names, names + max(cell_len(words.status(status)) for status in Status) + 2


def _pillar(
    page: Page, name: str, status: Text, reasons: tuple[Reason, ...], columns: tuple[int, int]
) -> None:
    first, column = columns
    lead = Text(name).append(" " * (first - cell_len(name))).append_text(status)
    reason = _reason(reasons)
    if page.width < _SIDE_BY_SIDE:
        page.line(lead)
        page.line(reason, indent=4)
    elif cell_len(lead.plain) < column:
        lead.append(" " * (column - cell_len(lead.plain)))
        page.beside(lead, reason)
    else:
        page.line(lead)
        page.line(reason, indent=2 + column)


def _reason(reasons: tuple[Reason, ...]) -> str:
    texts = [visible(told(reason.text)) for reason in reasons]
    return " ".join(texts) or say("No reason was given.")


def _lists(page: Page, report: Report) -> None:
    for heading, sentences in (
        (say("Could not be confirmed"), report.verdict.could_not_be_confirmed),
        (say("Would settle it"), report.verdict.would_settle_it),
    ):
        page.heading(heading)
        for sentence in sentences:
            page.beside("- ", visible(told(sentence)))
        if not sentences:
            page.line(say("Nothing is listed."), style=QUIET)


def _met(page: Page, known: KnownAsset) -> None:
    page.heading(say("This very file is known here"))
    name = visible(known.name, 200)
    page.line(say("As {name}. {since}.", name=name, since=words.since(known)))
    _appearances(page, known)


def _copies(page: Page, copies: Sequence[Copy], searched: Searched | None) -> None:
    page.heading(say("Copies on record"))
    for copy in copies[:_MANY]:
        _copy(page, copy)
    if rest := _rest(len(copies)):
        more = say_many(
            "And {n} copy more; --json lists all.", "And {n} copies more; --json lists all.", rest
        )
        page.line(more)
    if not copies and searched is not None and searched.schemes:
        asked = searched.queries or searched.listened
        page.line(say("None found.") if asked else say("Nothing in it could be searched for."))
    page.line(words.searched(searched), style=QUIET)


def _copy(page: Page, copy: Copy) -> None:
    page.beside("- ", f"{visible(copy.asset.name, 200)}: {words.relation(copy.relation)}")
    name = f"SHA-256 {words.short(copy.asset.sha256)}"
    page.line(f"{words.since(copy.asset)}. {name}", indent=4)
    for span in copy.spans[:_MANY]:
        here, there = words.span(span.query), words.span(span.copy)
        same = say("{here} of this file is {there} of that one.", here=here, there=there)
        page.line(same, indent=4)
    if rest := _rest(len(copy.spans)):
        more = say_many(
            "And {n} span more; --json lists all.", "And {n} spans more; --json lists all.", rest
        )
        page.line(more, indent=4)
    _appearances(page, copy.asset)
    page.line(words.match(copy), indent=4, style=QUIET)


def _appearances(page: Page, known: KnownAsset) -> None:
    for appearance in known.appearances[:_MANY]:
        page.line(words.seen(appearance), indent=4)
    if rest := _rest(len(known.appearances)):
        more = say_many(
            "And {n} appearance more; --json lists all.",
            "And {n} appearances more; --json lists all.",
            rest,
        )
        page.line(more, indent=4)


def _rest(number: int) -> int:
    return max(0, number - _MANY)


def _findings(page: Page, report: Report) -> None:
    page.heading(say("Findings"))
    ran = [outcome for outcome in report.outcomes if outcome.status == "ran"]
    for outcome in ran:
        if outcome.findings:
            _outcome(page, outcome)
    for outcome in ran:
        if not outcome.findings:
            page.line(_named(outcome).append(say("ran; examined, nothing found")))
    if not ran:
        page.line(say("No analysis ran to its end."))


def _named(outcome: Outcome) -> Text:
    name = Text().append(visible(outcome.analysis, 80), style=STRONG)
    return name.append(f" v{outcome.version}: ")


def _outcome(page: Page, outcome: Outcome) -> None:
    number = say_many("ran; {n} finding", "ran; {n} findings", len(outcome.findings))
    page.line(_named(outcome).append(number))
    if outcome.viewing_aid:
        page.line(say("viewing aid: it helps the eye and moves no verdict"), indent=4)
    shared = words.shared_caveats(outcome)
    for finding in outcome.findings:
        _finding(page, finding, words.own_caveats(finding, shared))
    _caveats(page, shared, indent=4)


def _finding(page: Page, finding: Finding, caveats: Iterable[Caveat]) -> None:
    page.beside("- ", words.statement(finding), indent=4)
    bearing = words.brief_bearing(finding)
    if bearing:
        page.line(bearing, indent=6, style=QUIET)
    _caveats(page, caveats, indent=6)


def _caveats(page: Page, caveats: Iterable[Caveat], *, indent: int) -> None:
    for caveat in caveats:
        text = visible(told(caveat.text))
        page.beside(f"{say('Caveat:')} ", text, style=QUIET, indent=indent)


def _not_examined(page: Page, report: Report) -> None:
    rest = not_ended(report.outcomes)
    if not rest:
        return
    page.heading(say("Not examined, and why"))
    for outcome in rest:
        page.line(_named(outcome).append(words.outcome(outcome.status)))
        page.line(visible(told(outcome.why or "No reason was given.")), indent=4)


def _record(page: Page, report: Report) -> None:
    receipt = report.receipt
    tool = report.tool
    page.heading(say("Record"))
    page.command(label(say("Ledger")), visible(receipt.ledger, 400))
    entries = ", ".join(words.runs(receipt.entries)) or say_as("entries", "none")
    written = say("{entries}; written {time}", entries=entries, time=visible(receipt.at, 60))
    page.beside(label(say("Entries")), written)
    root = words.short(receipt.root)
    head = say("size {size}, root {root}", size=receipt.size, root=root)
    page.beside(label(say("Checkpoint")), head)
    made_by = say(
        "{tool}, {decoder}, rules {rules}",
        tool=f"{visible(tool.name, 60)} {visible(tool.version, 60)}",
        decoder=visible(tool.decoder, 200),
        rules=visible(report.verdict.ruleset, 80),
    )
    page.beside(label(say("Made by")), made_by)
    page.command(label(say("To verify")), words.verify_command(report))


def _in_english(page: Page) -> None:
    """Says how much of what stands above is not in the language that was asked for."""
    if missing := len(current().missing):
        page.gap()
        page.line(
            say_many(
                "{n} sentence above is in English: it has not been translated yet.",
                "{n} sentences above are in English: they have not been translated yet.",
                missing,
            ),
            style=QUIET,
        )
