"""A verdict walked back to what it rests on, for a terminal: what decides, and the nearest other rules."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from forensics.language import say, told
from forensics.model import ClaimVerdict, Reason, Status, Verdict
from forensics.report import words
from forensics.report.clean import visible
from forensics.report.page import ACCENT, QUIET, STRONG, Page
from forensics.verdict.explain import (
    Evidence,
    Explained,
    ExplainedPillar,
    Missing,
    Silent,
    Spoke,
)
from forensics.verdict.explain_claim import ExplainedClaim
from forensics.verdict.turning import Turn

_NEAREST = 3
"""Rules of a pillar that would have changed it, shown before the rest is counted."""
_BEHIND = 2
"""Findings of an asset told behind a claim's pillar, before the rest is left to the asset's own walk."""
_AGAINST = {Status.CONTRADICTED.value, "inconsistent with an original"}


def print_explanation(made: Explained | ExplainedClaim, console: Console) -> None:
    """Prints an explanation."""
    page = Page(console)
    if isinstance(made, ExplainedClaim):
        name = f"{made.case}/{made.verdict.claim}"
        page.line(
            say("Why the verdict on claim {claim} says what it says (entry {entry})",
                claim=visible(name, 120), entry=str(made.entry)),
            style=STRONG, indent=0,
        )  # fmt: skip
    else:
        page.line(
            say("Why the verdict on asset {asset} says what it says (entry {entry})",
                asset=words.short(made.asset), entry=str(made.entry)),
            style=STRONG, indent=0,
        )  # fmt: skip
    _head(page, made.verdict, repeats=made.repeats)
    for pillar in made.pillars:
        _print_pillar(page, pillar, made)
    if isinstance(made, ExplainedClaim):
        _print_assets(page, made)
    page.heading(say("Would settle it"))
    for sentence in made.verdict.would_settle_it:
        page.beside("- ", told(sentence))


def _head(page: Page, verdict: Verdict | ClaimVerdict, *, repeats: bool) -> None:
    page.line(
        say("Headline: {headline}. {because}", headline=told(verdict.verifiability.value),
            because=told(verdict.because)),
    )  # fmt: skip
    ruleset = visible(verdict.ruleset, 80)
    again = (
        say("The rules {ruleset}, applied again to what it rested on, give the same.", ruleset=ruleset)
        if repeats
        else say(
            "The rules {ruleset}, applied again to what is on record, give something else: the record "
            "does not hold all that this verdict rested on.", ruleset=ruleset,
        )
    )  # fmt: skip
    page.line(again, style=QUIET if repeats else ACCENT)


def _print_pillar(page: Page, one: ExplainedPillar, made: Explained | ExplainedClaim) -> None:
    page.gap()
    style = ACCENT if one.status in _AGAINST else STRONG
    lead = say(
        "{pillar}: {status}", pillar=told(one.pillar.value.capitalize()), status=told(one.status)
    )
    page.line(lead, style=style)
    ruled = {rule.rule for rule in one.spoke}
    for reason in one.reasons:
        if reason.rule in ruled:
            continue
        if isinstance(made, ExplainedClaim):
            _print_lent(page, one, reason, made)
        else:
            _print_default(page, one, reason)
    for rule in one.spoke:
        _print_spoke(page, rule)
    changing = [rule for rule in one.silent if rule.changes]
    if isinstance(made, ExplainedClaim):
        _print_turns(page, made.turns[one.pillar], changing)
    else:
        _print_silent(page, changing)


def _status(status: str) -> str:
    """Returns a status or a phrase in words."""
    return told(status.replace("-", " "))


def _print_lent(page: Page, one: ExplainedPillar, reason: Reason, made: ExplainedClaim) -> None:
    """What the assets lend to a claim's pillar, with the entries that it goes back to."""
    walked = {lent.asset: its_own for lent, its_own in made.assets}
    page.beside("- ", told(reason.text), indent=4)
    for sha256 in (name.removeprefix("sha256:") for name in reason.findings):
        its_own = walked.get(sha256)
        if its_own is None:
            said = say("By the verdict on asset {asset}.", asset=words.short(sha256))
            page.line(said, style=QUIET, indent=6)
            continue
        by = say(
            "By the verdict on asset {asset} (entry {entry}):",
            asset=words.short(sha256),
            entry=str(its_own.entry),
        )
        page.line(by, style=QUIET, indent=6)
        for own in its_own.pillars:
            if own.pillar is one.pillar:
                _print_behind(page, own)


def _print_behind(page: Page, own: ExplainedPillar) -> None:
    """Why a pillar of an asset is as it is, briefly: reasons, and the findings that decide."""
    deciding = {rule.rule: rule for rule in own.spoke if rule.decides}
    for reason in own.reasons:
        if reason.rule not in deciding:
            if reason.rule not in {rule.rule for rule in own.spoke}:
                page.line(told(reason.text), style=QUIET, indent=8)
            continue
        page.line(told(reason.text), style=QUIET, indent=8)
        evidence = deciding[reason.rule].evidence
        for one in evidence[:_BEHIND]:
            lead = say("Entry {entry}: ", entry=str(one.entry))
            page.beside(lead, words.statement(one.finding), style=QUIET, indent=10)
        if len(evidence) > _BEHIND:
            more = say("Findings more: {n}.", n=len(evidence) - _BEHIND)
            page.line(more, style=QUIET, indent=10)


def _print_turns(page: Page, turns: Sequence[Turn], rules: Sequence[Silent]) -> None:
    """What would have given a claim's pillar another status: of its assets, and of the whole case."""
    if not turns and not rules:
        page.line(say("No rule alone would have changed it."), style=QUIET, indent=4)
        return
    page.line(say("What would have changed it:"), indent=4)
    for turn in turns[:_NEAREST]:
        named = {
            "status": _status(turn.to.value),
            "asset": words.short(turn.asset),
            "entry": str(turn.entry),
        }
        if turn.rule is None:
            text = say("To {status}, were asset {asset} not contradicted (entry {entry}).", **named)
            page.beside("- ", text, indent=4)
            continue
        text = say(
            "To {status}, by rule {rule} on asset {asset} (entry {entry}): {reason}",
            rule=turn.rule.rule,
            reason=told(turn.rule.reason),
            **named,
        )
        page.beside("- ", text, indent=4)
        _print_lacking(page, turn.rule)
    for rule in rules[:_NEAREST]:
        _print_would(page, rule)
    more = max(0, len(turns) - _NEAREST) + max(0, len(rules) - _NEAREST)
    if more:
        _print_more(page, more)


def _print_default(page: Page, one: ExplainedPillar, reason: Reason) -> None:
    page.beside("- ", told(reason.text), indent=4)
    page.line(say("No rule gave a status."), style=QUIET, indent=6)
    for examiner in one.examiners:
        became = say(
            "Examined by {analysis}, version {version} (entry {entry}): {status}.",
            analysis=visible(examiner.analysis, 80),
            version=str(examiner.version),
            entry=str(examiner.entry),
            status=told(words.OUTCOMES[examiner.status]),
        )
        page.line(became, style=QUIET, indent=6)
    if not one.examiners:
        page.line(say("Nothing that was run can speak about it."), style=QUIET, indent=6)


def _print_spoke(page: Page, rule: Spoke) -> None:
    page.beside("- ", told(rule.reason), indent=4)
    if rule.decides:
        by = say("Rule {rule} gives the status.", rule=rule.rule)
    elif rule.status == "aside":
        by = say("Rule {rule} gives a reason, and no status.", rule=rule.rule)
    else:
        by = say(
            "Rule {rule} gives the status {status}; a stronger one holds.",
            rule=rule.rule,
            status=_status(rule.status),
        )
    page.line(by, style=QUIET, indent=6)
    for one in rule.evidence:
        _print_evidence(page, one)


def _print_evidence(page: Page, one: Evidence) -> None:
    lead = say("Entry {entry}: ", entry=str(one.entry))
    page.beside(lead, words.statement(one.finding), indent=6)
    page.line(visible(one.reference, 200), style=QUIET, indent=8)
    bearing = words.brief_bearing(one.finding)
    if bearing:
        page.line(bearing, style=QUIET, indent=8)
    for m in one.finding.measurements:
        place = words.where(m.where)
        shown = f"{visible(m.key, 80)} = {words.amount(m)}"
        page.line(f"{shown} ({place})" if place else shown, style=QUIET, indent=8)
    for caveat in one.finding.caveats:
        text = say("Caveat: {caveat}", caveat=told(visible(caveat.text)))
        page.line(text, style=QUIET, indent=8)


def _print_silent(page: Page, rules: Sequence[Silent]) -> None:
    if not rules:
        return
    page.line(say("What would have changed it:"), indent=4)
    for rule in rules[:_NEAREST]:
        _print_would(page, rule)
    if len(rules) > _NEAREST:
        _print_more(page, len(rules) - _NEAREST)


def _print_would(page: Page, rule: Silent) -> None:
    gives = say(
        "To {status}, by rule {rule}: {reason}",
        status=_status(rule.status),
        rule=rule.rule,
        reason=told(rule.reason),
    )
    page.beside("- ", gives, indent=4)
    _print_lacking(page, rule)


def _print_more(page: Page, n: int) -> None:
    more = say("{n} more rules would; --json has them all.", n=n)
    page.line(more, style=QUIET, indent=4)


def _print_lacking(page: Page, rule: Silent) -> None:
    for missing in rule.missing:
        page.line(_lacking(missing), style=QUIET, indent=6)
    for one in rule.stopped_by:
        stopped = say(
            "It was stopped by entry {entry}: {statement}",
            entry=str(one.entry),
            statement=words.statement(one.finding),
        )
        page.line(stopped, style=QUIET, indent=6)
    if rule.inert:
        page.line(
            say("What it asks for was found, but none of it can move a status."),
            style=QUIET,
            indent=6,
        )


def _lacking(missing: Missing) -> str:
    name = f"“{missing.proposition}”"
    if missing.finding and missing.proposition:
        return say(
            "It lacks the finding {finding}, speaking for {proposition}.",
            finding=missing.finding,
            proposition=name,
        )
    if missing.finding:
        return say("It lacks the finding {finding}.", finding=missing.finding)
    if missing.proposition and missing.strength:
        return say(
            "It lacks a finding that speaks for {proposition} with a strength of at least “{strength}”.",
            proposition=name,
            strength=told(missing.strength),
        )
    if missing.proposition:
        return say("It lacks a finding that speaks for {proposition}.", proposition=name)
    return say("It lacks a finding on the question {question}.", question=missing.question or "")


def _print_assets(page: Page, made: ExplainedClaim) -> None:
    page.heading(say("What each asset lends"))
    for lent, its_own in made.assets:
        against = lent.support.value == "removed"
        line = say(
            "Asset {asset}: support {support}. {reason}",
            asset=words.short(lent.asset),
            support=told(lent.support.value),
            reason=told(lent.reason),
        )
        page.beside("- ", Text(line, style=ACCENT if against else ""))
        for reason in lent.because:
            page.line(told(reason.text), indent=4)
        if its_own is not None:
            page.line(
                say("To walk it back: forensics explain {entry}", entry=str(its_own.entry)),
                style=QUIET,
                indent=4,
            )
