"""A report for a terminal: short, calm, complete about what was not found and what did not run.

It reads the same without colour, through a pipe and at 60 columns: weight and one accent only
repeat what the words say. Everything from outside goes through `visible` into `rich.text.Text`;
no markup string ever holds a value, and nothing is padded to the width of the terminal.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from forensics.model import (
    Appearance,
    Caveat,
    Copy,
    Finding,
    IntegrityPhrase,
    Outcome,
    Reason,
    Report,
    Status,
    Verifiability,
)
from forensics.report import words
from forensics.report.clean import visible

ACCENT = "bold magenta"
"""The one accent: something speaks against what is stated."""
STRONG = "bold"
QUIET = "dim"

_WIDEST = 100
"""Columns beyond which lines become hard to read."""
_NARROWEST = 24
_SIDE_BY_SIDE = 72
_LABEL = 10
_REASONS = 1
"""Reasons shown for each pillar; the others are counted, and every other format has them."""


def render_text(report: Report, console: Console) -> None:
    """Prints `report` to `console`, as wide as the console is, at most 100 columns."""
    page = _Page(console)
    _headline(page, report)
    _asset(page, report)
    _pillars(page, report)
    _lists(page, report)
    _copies(page, report)
    _findings(page, report)
    _not_examined(page, report)
    _record(page, report)


class _Page:
    """Writes paragraphs with a hanging indent."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._width = max(_NARROWEST, min(console.width, _WIDEST))

    @property
    def narrow(self) -> bool:
        """Too few columns to set a status and its reason beside each other."""
        return self._width < _SIDE_BY_SIDE

    def blank(self) -> None:
        self._console.print()

    def heading(self, text: str) -> None:
        self.blank()
        self.line(text, style=STRONG)

    def line(self, text: str, *, style: str = "", lead: Text | str = "", indent: int = 0) -> None:
        """Prints `text` after `lead`; lines that follow the first begin where the text began."""
        first = Text(" " * indent)
        first.append_text(lead if isinstance(lead, Text) else Text(lead))
        hang = cell_len(first.plain)
        body = Text(text, style=style)
        lines = body.wrap(self._console, max(self._width - hang, 12), overflow="fold")
        for number, wrapped in enumerate(lines):
            row = first.copy() if number == 0 else Text(" " * hang)
            row.append_text(wrapped)
            row.rstrip()
            self._console.print(row, soft_wrap=True, highlight=False)

    def item(self, text: str, *, indent: int = 2, style: str = "") -> None:
        self.line(text, lead="- ", indent=indent, style=style)


def _headline(page: _Page, report: Report) -> None:
    verdict = report.verdict
    contradicted = verdict.verifiability is Verifiability.CONTRADICTED
    page.line(words.HEADLINES[verdict.verifiability], style=ACCENT if contradicted else STRONG)
    page.line(visible(verdict.because), indent=2)
    page.line(words.about(verdict), indent=2, style=QUIET)
    if verdict.claim is not None:
        claim = verdict.claim
        page.line(
            f"“{visible(claim.statement)}” ({visible(claim.by, 200)})", lead="Claim: ", indent=2
        )


def _asset(page: _Page, report: Report) -> None:
    asset = report.asset
    page.blank()
    page.line(visible(asset.name, 200), lead=_label("File"))
    kind = f"{words.KINDS[asset.kind]} ({visible(asset.mime, 80)}), {words.size(asset.size)}"
    if asset.probe is not None and asset.probe.duration is not None:
        kind += f", {words.position(asset.probe.duration)} long"
    page.line(kind, lead=_label(""))
    for stream in asset.streams:
        page.line(words.stream(stream), lead=_label(""))
    page.line(f"SHA-256 {words.short(asset.sha256)}", lead=_label(""))
    for note in asset.probe.notes if asset.probe else ():
        page.line(visible(note), lead=_label(""))
    if asset.probe is None:
        page.line("The container could not be read.", lead=_label(""))


def _pillars(page: _Page, report: Report) -> None:
    page.heading("What it rests on")
    for pillar in report.verdict.pillars:
        status = words.STATUSES[pillar.status]
        style = ACCENT if pillar.status is Status.CONTRADICTED else STRONG
        _pillar(page, pillar.pillar.value, Text(status, style=style), pillar.reasons)
    phrase = report.verdict.integrity.phrase
    against = phrase is IntegrityPhrase.INCONSISTENT
    name = Text(words.INTEGRITY[phrase], style=ACCENT if against else STRONG)
    page.line("", lead=Text("  ").append(f"{'integrity':<12}").append_text(name))
    for text in _reasons(report.verdict.integrity.reasons):
        page.line(text, indent=4 if page.narrow else 28)


def _pillar(page: _Page, name: str, status: Text, reasons: tuple[Reason, ...]) -> None:
    lead = Text("  ").append(f"{name:<12}").append_text(status)
    texts = _reasons(reasons)
    if page.narrow or not texts:
        page.line("", lead=lead)
        for text in texts:
            page.line(text, indent=4)
        return
    lead.append(" " * (28 - cell_len(lead.plain)))
    for text in texts:
        page.line(text, lead=lead)
        lead = Text(" " * 28)


def _reasons(reasons: tuple[Reason, ...]) -> list[str]:
    texts = [visible(reason.text) for reason in reasons[:_REASONS]]
    more = len(reasons) - len(texts)
    return [*texts, f"(and {words.count(more, 'more reason')}: see --json)"] if more else texts


def _lists(page: _Page, report: Report) -> None:
    for heading, sentences in (
        ("Could not be confirmed", report.verdict.could_not_be_confirmed),
        ("Would settle it", report.verdict.would_settle_it),
    ):
        page.heading(heading)
        for sentence in sentences:
            page.item(visible(sentence))
        if not sentences:
            page.line("Nothing was listed.", indent=2, style=QUIET)


def _copies(page: _Page, report: Report) -> None:
    page.heading("Earlier copies")
    for copy in report.copies:
        _copy(page, copy)
    if not report.copies and report.searched is not None and report.searched.schemes:
        page.line("None found.", indent=2)
    page.line(words.searched(report.searched), indent=2, style=QUIET)


def _copy(page: _Page, copy: Copy) -> None:
    page.item(f"{visible(copy.asset.name, 200)}: {words.RELATIONS[copy.relation]}")
    page.line(f"First seen here {visible(copy.asset.first_seen, 60)}.", indent=4)
    for span in copy.spans:
        page.line(
            f"{words.span(span.query)} of this file is {words.span(span.copy)} of that one.",
            indent=4,
        )
    for appearance in copy.asset.appearances:
        page.line(_appearance(appearance), indent=4)
    page.line(words.match(copy), indent=4, style=QUIET)
    page.line(f"SHA-256 {words.short(copy.asset.sha256)}", indent=4, style=QUIET)


def _appearance(appearance: Appearance) -> str:
    parts = [f"{visible(appearance.what, 60).capitalize()} {visible(appearance.at, 60)}"]
    if appearance.publisher:
        parts.append(f"by {visible(appearance.publisher, 200)}")
    if appearance.url:
        parts.append(f"at {visible(appearance.url, 400)}")
    return f"{' '.join(parts)}, on the word of {visible(appearance.by, 200)}."


def _findings(page: _Page, report: Report) -> None:
    page.heading("Findings")
    nothing = [o for o in report.outcomes if o.status == "ran" and not o.findings]
    for outcome in report.outcomes:
        if outcome.findings:
            _outcome(page, outcome)
    for outcome in nothing:
        page.line(words.NOTHING_FOUND, lead=f"{_name(outcome)}: ran; ", indent=2)
    if not any(o.status == "ran" for o in report.outcomes):
        page.line("No analysis ran to its end.", indent=2)


def _name(outcome: Outcome) -> str:
    return f"{visible(outcome.analysis, 80)} {outcome.version}"


def _outcome(page: _Page, outcome: Outcome) -> None:
    aid = f"; {words.VIEWING_AID}" if outcome.viewing_aid else ""
    page.line(
        f"{_name(outcome)}: ran; {words.count(len(outcome.findings), 'finding')}{aid}", indent=2
    )
    shared = words.shared_caveats(outcome)
    for finding in outcome.findings:
        _finding(page, finding, words.own_caveats(finding, shared))
    _caveats(page, shared, indent=4)


def _finding(page: _Page, finding: Finding, caveats: Iterable[Caveat]) -> None:
    page.item(words.statement(finding), indent=4)
    if finding.question is not None:
        question = finding.question
        page.line(
            f"“{visible(question.h1, 400)}”, or “{visible(question.h2, 400)}”? "
            f"{words.bearing(finding)}",
            indent=6,
            style=QUIET,
        )
    _caveats(page, caveats, indent=6)


def _caveats(page: _Page, caveats: Iterable[Caveat], *, indent: int) -> None:
    for caveat in caveats:
        page.line(visible(caveat.text), lead=Text("Caveat: "), indent=indent, style=QUIET)


def _not_examined(page: _Page, report: Report) -> None:
    rest = [o for o in report.outcomes if o.status != "ran"]
    if not rest:
        return
    page.heading("Not examined, and why")
    # What broke comes before what was left out, and that before what does not fit.
    order = ("failed", "not-run", "not-applicable")
    for outcome in sorted(rest, key=lambda o: order.index(o.status)):
        page.item(
            f"{_name(outcome)}: {words.OUTCOMES[outcome.status]}. "
            f"{visible(outcome.why or 'No reason was given.')}"
        )


def _record(page: _Page, report: Report) -> None:
    receipt = report.receipt
    page.heading("Record")
    page.line(visible(receipt.ledger, 400), lead=_label("Ledger"))
    numbers = ", ".join(words.runs(receipt.entries))
    page.line(f"{numbers}, at {visible(receipt.at, 60)}", lead=_label("Entries"))
    page.line(f"size {receipt.size:,}, root {words.short(receipt.root)}", lead=_label("Checkpoint"))
    page.line(words.verify_command(report), lead=_label("To verify"))
    decoder = visible(report.tool.decoder, 200)
    page.line(
        f"{visible(report.tool.name, 60)} {visible(report.tool.version, 60)}, "
        f"{decoder}, rules {visible(report.verdict.ruleset, 80)}",
        lead=_label("Made by"),
    )


def _label(text: str) -> Text:
    return Text(f"{text:<{_LABEL}}  ", style=QUIET)
