"""A case on a terminal: what is claimed, what stands, what it rests on, and what people added.

What a desk reads every day: short where nothing speaks, complete where something does. Everything that a
person or a file said goes through `visible`.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from rich.console import Console
from rich.text import Text

from forensics.cases.entries import CHECKED
from forensics.cases.judging import standing
from forensics.language import say, say_many, told
from forensics.model import (
    Case,
    CaseAsset,
    Finding,
    Head,
    HumanDecision,
    Note,
    NumberedClaim,
    Observation,
    Offer,
    OutsideSearch,
    RecordedClaimVerdict,
    Stated,
    Status,
    Verifiability,
)
from forensics.model.moment import read_moment
from forensics.report import casewords, figures, phrases, words
from forensics.report.casefacts import ClaimView, views
from forensics.report.clean import visible
from forensics.report.page import ACCENT, QUIET, STRONG, Page, label

_NAME = 200
_WORDS = 1000


def show_case(case: Case, head: Head, console: Console) -> None:
    """Prints a case: its claims and what stands on each, the evidence, and what people added."""
    page = Page(console)
    page.line(Text(f"{visible(case.id, 80)}: {visible(case.title, _NAME)}", style=STRONG), indent=0)
    page.line(
        say(
            "Opened {when} by {by}, in entry {entry}.",
            when=figures.when(case.opened.at),
            by=visible(case.opened.by, _NAME),
            entry=str(case.opened.entry),
        ),
        style=QUIET,
    )
    if not case.claims:
        page.line(say("No claim is on record in it yet."))
    for view in views(case):
        page.gap()
        _claim(page, case, view)
    page.heading(say("Evidence offered"))
    if not case.assets:
        page.line(say("Nothing was offered as evidence yet."))
    for asset in case.assets:
        _asset(page, case, asset)
    _people(page, case)
    page.heading(say("Record"))
    page.line(
        say_many(
            "{n} entry of the ledger belongs to this case; its head has {size} entries.",
            "{n} entries of the ledger belong to this case; its head has {size} entries.",
            len(case.entries),
            size=head.size,
        )
    )
    page.command(
        label(say("verify")), f"forensics ledger verify --ledger {shlex.quote(head.ledger)}"
    )


def show_claim(case: Case, claim: NumberedClaim, console: Console) -> None:
    """Prints one claim: what it states, what is offered for it and when, and what stands."""
    page = Page(console)
    view = next(one for one in views(case) if one.claim.number == claim.number)
    _claim(page, case, view)
    page.heading(say("Offered for it"))
    if not view.assets:
        page.line(say("Nothing was offered as evidence yet."))
    for asset in view.assets:
        _asset(page, case, asset, only=claim.number)


def _claim(page: Page, case: Case, view: ClaimView) -> None:
    claim, standing_ = view.claim.claim, view.standing
    name = f"{visible(case.id, 80)}/{view.claim.number}"
    if standing_ is None:
        page.line(Text(name, style=STRONG).append(f"  {say('Not judged yet')}"), indent=0)
    else:
        page.line(_headline(name, standing_), indent=0)
    page.beside(label(say("claim")), f"“{visible(claim.statement, _WORDS)}”")
    page.beside(label(say("by")), visible(claim.by, _NAME))
    if claim.said_where:
        page.beside(label(say("said at")), visible(claim.said_where, 400))
    stated = "; ".join(f"{what} {value}" for what, value in words.stated(claim))
    if stated:
        page.beside(label(say("as stated")), stated)
    if claim.event_zone:
        page.beside(label(""), say("stated in the zone {zone}", zone=visible(claim.event_zone, 60)))
    if claim.place is not None and claim.place.area:
        corners = len(claim.place.area)
        page.beside(
            label(""),
            say_many("an area of {n} corner", "an area of {n} corners", corners),
        )
    if claim.counts:
        counts = "; ".join(f"{c.number} {visible(c.what, 100)}" for c in claim.counts)
        page.beside(label(say("counts")), counts)
    for i, line in enumerate(_released(view)):
        page.beside(label("" if i else say("evidence")), line)
    if standing_ is not None:
        _verdict(page, standing_)
    for decision in view.decisions:
        _decision(page, decision)


def _headline(name: str, standing_: RecordedClaimVerdict) -> Text:
    value = standing_.verdict.verifiability
    style = ACCENT if value is Verifiability.CONTRADICTED else STRONG
    return Text(f"{name}  ", style=STRONG).append(phrases.headline(value), style=style)


def _released(view: ClaimView) -> list[str]:
    """How the release of the evidence lies to the claim, a sentence for each time; what is not known, too."""
    said, offers = view.claim.claim.first_said_at, _offers(view)
    first = read_moment(said or "")
    early = [o for _, o in offers if first and o.released_at and _at(o) <= first.latest]
    lines: list[str] = []
    if said and not early:
        when = figures.when(said)
        lines.append(
            say("First claimed {when}; nothing on record here was shown with it.", when=when)
        )
    elif said:
        lines.append(say("First claimed {when}.", when=figures.when(said)))
    for released in sorted({o.released_at for _, o in offers if o.released_at}):
        named = [visible(a.asset.name, 100) for a, o in offers if o.released_at == released]
        values = {"when": figures.when(released), "names": ", ".join(dict.fromkeys(named))}
        moment = read_moment(released)
        days = (moment.day - first.day).days if moment and first else 0
        if days > 0:
            lines.append(
                say_many(
                    "Released {when}, {n} day later: {names}.",
                    "Released {when}, {n} days later: {names}.",
                    days,
                    **values,
                )
            )
        else:
            lines.append(say("Released {when}: {names}.", **values))
    undated = [visible(a.asset.name, 100) for a, o in offers if not o.released_at]
    if undated:
        lines.append(
            say(
                "When it was released is not on record: {names}.",
                names=", ".join(dict.fromkeys(undated)),
            )
        )
    return lines or [say("Nothing was shown for it so far, by what is on record here.")]


def _offers(view: ClaimView) -> list[tuple[CaseAsset, Offer]]:
    return [(a, o) for a in view.assets for o in a.offers if _for(o, view.claim.number)]


def _at(offer: Offer) -> datetime:
    moment = read_moment(offer.released_at or "")
    return moment.earliest if moment else datetime.max.replace(tzinfo=UTC)


def _verdict(page: Page, standing_: RecordedClaimVerdict) -> None:
    verdict = standing_.verdict
    page.gap()
    page.line(visible(told(verdict.because)))
    for pillar in verdict.pillars:
        against = pillar.status is Status.CONTRADICTED
        status = Text(phrases.status(pillar.status), style=ACCENT if against else STRONG)
        reasons = " ".join(visible(told(r.text)) for r in pillar.reasons)
        lead = label(phrases.pillar(pillar.pillar)).append_text(status)
        page.beside(lead.append(" " * max(2, 26 - len(lead.plain))), reasons)
    _list(page, say("Could not be confirmed"), verdict.could_not_be_confirmed)
    _list(page, say("Would settle it"), verdict.would_settle_it)
    when = figures.when(standing_.at)
    page.gap()
    page.line(
        say(
            "Judged {when}, {why}, by {rules}, in entry {entry}.",
            when=when,
            why=casewords.why(standing_.why),
            rules=visible(verdict.ruleset, 80),
            entry=str(standing_.entry),
        ),
        style=QUIET,
    )
    if standing_.changes and standing_.why != CHECKED:
        page.line(say("Different from the verdict before it:"), style=QUIET)
        for change in standing_.changes:
            page.beside("· ", visible(told(change)), indent=4)


def _list(page: Page, heading: str, sentences: Sequence[str]) -> None:
    if sentences:
        page.line(f"{heading}:")
        for sentence in sentences:
            page.beside("· ", visible(told(sentence)), indent=4)


def _asset(page: Page, case: Case, asset: CaseAsset, only: int | None = None) -> None:
    one = asset.asset
    page.gap()
    name = Text(visible(one.name, _NAME), style=STRONG)
    name.append(f"  {phrases.kind(one.kind)}, sha256:{one.sha256[:12]}", style=QUIET)
    page.line(name)
    for offer in asset.offers:
        if only is None or _for(offer, only):
            page.beside("· ", _offered(case, offer), indent=4)
    earlier = [a for a in asset.appearances if a.what != "received"]
    for appearance in earlier[:3]:
        page.beside("· ", words.seen(appearance), indent=4)
    if len(earlier) > 3:
        page.beside(
            "· ",
            say_many(
                "{n} more appearance is on record.",
                "{n} more appearances are on record.",
                len(earlier) - 3,
            ),
            indent=4,
        )
    page.beside("· ", _copies(asset), indent=4)
    for number in _numbers(case):
        verdict = standing(asset, number)
        if verdict is None or (only is not None and number != only):
            continue
        about = "" if number is None else f"{visible(case.id, 80)}/{number}: "
        headline = phrases.headline(verdict.verdict.verifiability)
        page.beside(
            "· ",
            f"{about}{headline}. {visible(told(verdict.verdict.because))}",
            indent=4,
        )
    if not asset.outcomes:
        page.beside("· ", say("It was registered here and not examined."), indent=4)
    for asked in asset.outside:
        page.beside("· ", _outside(asked), indent=4)


def _offered(case: Case, offer: Offer) -> str:
    """What an asset was offered for, and when it was released."""
    released = f"{visible(casewords.offered(_clean(offer)), _WORDS)}."
    if not offer.claims:
        return say("Offered for all claims. {released}", released=released)
    named = ", ".join(f"{visible(case.id, 80)}/{n}" for n in offer.claims)
    return say("Offered for {claims}. {released}", claims=named, released=released)


def _clean(offer: Offer) -> Offer:
    return replace(
        offer,
        url=None if offer.url is None else visible(offer.url, 400),
        publisher=None if offer.publisher is None else visible(offer.publisher, _NAME),
    )


def _copies(asset: CaseAsset) -> str:
    if asset.searched is None:
        return say("No search for earlier copies is on record.")
    if not asset.copies:
        return say_many(
            "No earlier copy was found among {n} asset.",
            "No earlier copy was found among {n} assets.",
            asset.searched.assets,
        )
    others = {copy.asset.sha256: visible(copy.asset.name, 100) for copy in asset.copies}
    names = list(others.values())
    return say_many(
        "{n} other asset shares pictures or sound with it: {names}.",
        "{n} other assets share pictures or sound with it: {names}.",
        len(names),
        names=", ".join(names[:3]) + (" …" if len(names) > 3 else ""),
    )


def _people(page: Page, case: Case) -> None:
    if case.observations:
        page.heading(say("What people read off the pictures"))
        for observation in case.observations:
            page.beside("· ", _observation(observation))
    if case.notes:
        page.heading(say("Context that people added"))
        for note in case.notes:
            _note(page, note)
    loose = [d for d in case.decisions if not any(d in v.decisions for v in views(case))]
    if loose:
        page.heading(say("Decisions of people"))
        for decision in loose:
            _decision(page, decision)


def _observation(one: Observation) -> str:
    values = ", ".join(
        f"{visible(key, 40)} {visible(value, _WORDS)}" for key, value in sorted(one.values.items())
    )
    at = "" if one.time is None else f" ({figures.position(one.time)})"
    said = f" “{visible(one.words, _WORDS)}”" if one.words else ""
    return f"{casewords.observed(one.kind)}{at}: {values}.{said} {_whose(one.stated, one.asset)}"


def _note(page: Page, note: Note) -> None:
    pillar = phrases.pillar(note.pillar)
    page.beside("· ", f"{pillar}: “{visible(note.text, _WORDS)}”")
    if note.reason:
        page.line(say("Why: “{reason}”", reason=visible(note.reason, _WORDS)), indent=4)
    page.line(casewords.diagnostic(note.diagnostic), indent=4)
    page.line(_whose(note.stated, note.asset), style=QUIET, indent=4)


def _whose(stated: Stated, asset: str | None) -> str:
    by, entry = visible(stated.by, _NAME), str(stated.entry)
    if asset is None:
        return say("On the word of {by} (entry {entry}).", by=by, entry=entry)
    return say(
        "On the word of {by} (entry {entry}), about sha256:{asset}.",
        by=by,
        entry=entry,
        asset=asset[:12],
    )


def _outside(asked: OutsideSearch) -> str:
    values = {
        "engine": visible(asked.engine, 100),
        "when": figures.when(asked.asked_at),
        "by": visible(asked.stated.by, _NAME),
    }
    if asked.found:
        return say(
            "Asked elsewhere: {engine} found it at {url}, {when}, as {by} says.",
            url=visible(asked.url or "?", 400),
            **values,
        )
    return say("Asked elsewhere: {engine} found nothing, {when}, as {by} says.", **values)


def _decision(page: Page, decision: HumanDecision) -> None:
    page.gap()
    page.line(casewords.decided(decision))
    for pillar, status in decision.pillars.items():
        page.beside(label(phrases.pillar(pillar)), phrases.status(status))
    if decision.words:
        page.line(f"“{visible(decision.words, _WORDS)}”")
    page.line(
        say(
            "Signed with {key} (entry {entry}).",
            key=visible(decision.key, _NAME),
            entry=str(decision.stated.entry),
        ),
        style=QUIET,
    )


def _numbers(case: Case) -> list[int | None]:
    """The numbers of the claims; of a case without claims, None: the files themselves are judged."""
    return [c.number for c in case.claims] if case.claims else [None]


def _for(offer: Offer, claim: int) -> bool:
    return not offer.claims or claim in offer.claims


def told_now(case: Case, asset: str, entry: int) -> list[Finding]:
    """Returns what the machine makes of an entry of a person's: findings that name it, each once."""
    outcomes = [o.outcome for a in case.assets if a.asset.sha256 == asset for o in a.outcomes]
    named = [
        finding
        for outcome in outcomes
        for finding in outcome.findings
        if any(m.key == "entry" and m.value in {entry, str(entry)} for m in finding.measurements)
    ]
    return list({finding.statement: finding for finding in named}.values())
