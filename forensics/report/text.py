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

from forensics.model import (
    Asset,
    Caveat,
    Copy,
    Finding,
    IntegrityPhrase,
    KnownAsset,
    Outcome,
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
from forensics.report.page import ACCENT, QUIET, STRONG, Page, label

_SIDE_BY_SIDE = 72
"""Columns from which a pillar's status and its reason stand beside each other."""
_PILLAR, _STATUS = 12, 14
_MANY = 5
"""Copies, spans and appearances shown before the rest is counted; every other format has all."""


def render_text(report: Report, console: Console) -> None:
    """Prints `report` to `console`, as wide as the console is, at most 100 columns."""
    page = Page(console)
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


def render_search(found: SearchReport, console: Console) -> None:
    """Prints what a search that recorded nothing came to."""
    page = Page(console)
    _asset(page, found.asset, found.plan)
    if found.met is not None:
        _met(page, found.met)
    if found.outcome.status != "ran":
        page.line(f"The search failed: {visible(found.outcome.why or '')}")
        return
    _copies(page, found.copies, found.searched)
    for note in found.searched.notes if found.searched is not None else ():
        page.beside("Note: ", visible(note, 400))
    for caveat in {c.id: c for f in found.outcome.findings for c in f.caveats}.values():
        page.beside("Caveat: ", visible(caveat.text), style=QUIET, indent=2)
    page.gap()
    page.line(f"Searched: {visible(found.ledger, 300)}. Nothing was recorded.", style=QUIET)


def _headline(page: Page, report: Report) -> None:
    verdict = report.verdict
    contradicted = verdict.verifiability is Verifiability.CONTRADICTED
    style = ACCENT if contradicted else STRONG
    page.line(words.HEADLINES[verdict.verifiability], style=style, indent=0)
    page.line(visible(verdict.because))
    page.line(words.about(verdict), style=QUIET)
    if verdict.claim is None:
        return
    claim = verdict.claim
    page.gap()
    page.beside(label("Claim"), f"“{visible(claim.statement)}”")
    page.beside(label("by"), visible(claim.by, 200))
    stated = "; ".join(f"{what} {value}" for what, value in words.stated(claim))
    if stated:
        page.beside(label("as stated"), stated)


def _asset(page: Page, asset: Asset, plan: SamplePlan | None) -> None:
    page.gap()
    page.beside(label("File"), visible(asset.name, 200))
    facts = f"{words.KINDS[asset.kind]} ({visible(asset.mime, 80)}), {words.size(asset.size)}"
    if asset.probe is not None and asset.probe.duration is not None:
        facts += f", {words.position(asset.probe.duration)} long"
    lines = [facts, *map(words.stream, asset.streams), f"SHA-256 {words.short(asset.sha256)}"]
    if asset.probe is None:
        lines.append("Its container could not be read.")
    else:
        lines += [visible(note) for note in asset.probe.notes]
    if plan is not None:
        lines.append(words.plan(plan))
    for line in lines:
        page.beside(label(""), line)


def _pillars(page: Page, report: Report) -> None:
    page.heading("What it rests on")
    for pillar in report.verdict.pillars:
        against = pillar.status is Status.CONTRADICTED
        status = Text(words.STATUSES[pillar.status], style=ACCENT if against else STRONG)
        _pillar(page, pillar.pillar.value, status, pillar.reasons)
    integrity = report.verdict.integrity
    against = integrity.phrase is IntegrityPhrase.INCONSISTENT
    phrase = Text(words.INTEGRITY[integrity.phrase], style=ACCENT if against else STRONG)
    _pillar(page, "integrity", phrase, integrity.reasons)


def _pillar(page: Page, name: str, status: Text, reasons: tuple[Reason, ...]) -> None:
    lead = Text(f"{name:<{_PILLAR}}").append_text(status)
    reason = _reason(reasons)
    column = _PILLAR + _STATUS
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
    return " ".join(visible(reason.text) for reason in reasons) or "No reason was given."


def _lists(page: Page, report: Report) -> None:
    for heading, sentences in (
        ("Could not be confirmed", report.verdict.could_not_be_confirmed),
        ("Would settle it", report.verdict.would_settle_it),
    ):
        page.heading(heading)
        for sentence in sentences:
            page.beside("- ", visible(sentence))
        if not sentences:
            page.line("Nothing is listed.", style=QUIET)


def _met(page: Page, known: KnownAsset) -> None:
    page.heading("This very file is known here")
    since = f"{words.SINCE[known.listed_by is None]} {visible(known.first_seen, 60)}"
    page.line(f"As {visible(known.name, 200)}. {since}.")
    _appearances(page, known)


def _copies(page: Page, copies: Sequence[Copy], searched: Searched | None) -> None:
    page.heading("Copies on record")
    for copy in copies[:_MANY]:
        _copy(page, copy)
    _rest(page, len(copies), "copy", "copies", indent=2)
    if not copies and searched is not None and searched.schemes:
        asked = searched.queries or searched.listened
        page.line("None found." if asked else "Nothing in it could be searched for.")
    page.line(words.searched(searched), style=QUIET)


def _copy(page: Page, copy: Copy) -> None:
    page.beside("- ", f"{visible(copy.asset.name, 200)}: {words.RELATIONS[copy.relation]}")
    first_seen = visible(copy.asset.first_seen, 60)
    name = f"SHA-256 {words.short(copy.asset.sha256)}"
    page.line(f"{words.SINCE[copy.asset.listed_by is None]} {first_seen}. {name}", indent=4)
    for span in copy.spans[:_MANY]:
        here, there = words.span(span.query), words.span(span.copy)
        page.line(f"{here} of this file is {there} of that one.", indent=4)
    _rest(page, len(copy.spans), "span", "spans", indent=4)
    _appearances(page, copy.asset)
    page.line(words.match(copy), indent=4, style=QUIET)


def _appearances(page: Page, known: KnownAsset) -> None:
    for appearance in known.appearances[:_MANY]:
        page.line(words.seen(appearance), indent=4)
    _rest(page, len(known.appearances), "appearance", "appearances", indent=4)


def _rest(page: Page, number: int, one: str, many: str, *, indent: int) -> None:
    if number > _MANY:
        page.line(
            f"And {words.count(number - _MANY, one, many)} more; --json lists all.", indent=indent
        )


def _findings(page: Page, report: Report) -> None:
    page.heading("Findings")
    ran = [outcome for outcome in report.outcomes if outcome.status == "ran"]
    for outcome in ran:
        if outcome.findings:
            _outcome(page, outcome)
    for outcome in ran:
        if not outcome.findings:
            page.line(_named(outcome).append(f"ran; {words.NOTHING_FOUND}"))
    if not ran:
        page.line("No analysis ran to its end.")


def _named(outcome: Outcome) -> Text:
    name = Text().append(visible(outcome.analysis, 80), style=STRONG)
    return name.append(f" v{outcome.version}: ")


def _outcome(page: Page, outcome: Outcome) -> None:
    number = words.count(len(outcome.findings), "finding")
    page.line(_named(outcome).append(f"ran; {number}"))
    if outcome.viewing_aid:
        page.line(words.VIEWING_AID, indent=4)
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
        page.beside("Caveat: ", visible(caveat.text), style=QUIET, indent=indent)


def _not_examined(page: Page, report: Report) -> None:
    rest = [outcome for outcome in report.outcomes if outcome.status != "ran"]
    if not rest:
        return
    page.heading("Not examined, and why")
    # What broke comes before what was left out, and that before what does not fit.
    order = ("failed", "not-run", "not-applicable")
    for outcome in sorted(rest, key=lambda o: order.index(o.status)):
        page.line(_named(outcome).append(words.OUTCOMES[outcome.status]))
        page.line(visible(outcome.why or "No reason was given."), indent=4)


def _record(page: Page, report: Report) -> None:
    receipt = report.receipt
    tool = report.tool
    page.heading("Record")
    page.command(label("Ledger"), visible(receipt.ledger, 400))
    entries = ", ".join(words.runs(receipt.entries)) or "none"
    page.beside(label("Entries"), f"{entries}; written {visible(receipt.at, 60)}")
    head = f"size {receipt.size:,}, root {words.short(receipt.root)}"
    page.beside(label("Checkpoint"), head)
    made_by = f"{visible(tool.name, 60)} {visible(tool.version, 60)}, {visible(tool.decoder, 200)}"
    page.beside(label("Made by"), f"{made_by}, rules {visible(report.verdict.ruleset, 80)}")
    page.command(label("To verify"), words.verify_command(report))
