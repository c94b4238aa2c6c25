"""What became of an act on a case, line by line; and the lists of cases and claims."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from rich.console import Console
from rich.text import Text

from forensics.cases.acts import Offering
from forensics.cases.reading import Opened
from forensics.language import say, told
from forensics.model import Case, Diagnostic, NumberedClaim, Receipt, Sha256
from forensics.report import casewords, figures, phrases, words
from forensics.report.casefacts import views
from forensics.report.cases import told_now
from forensics.report.clean import visible
from forensics.report.page import STRONG, Page
from forensics.report.values import of_claim

_NAME = 200


def show_opened(case: str, title: str, receipt: Receipt, console: Console) -> None:
    """Prints that a case was opened, and what comes next."""
    said = say(
        "Opened the case {case} (“{title}”), entry {entry}.",
        case=visible(case, 80),
        title=visible(title, _NAME),
        entry=str(receipt.entries[-1]),
    )
    page = Page(console)
    page.line(said, indent=0)
    page.command(Text(""), f"forensics claim add {case} claim.toml")


def show_where(case: str, console: Console) -> None:
    """Prints in which case a claim stands, and how to see it."""
    page = Page(console)
    page.gap()
    page.command(
        Text(say("Case {case}:", case=visible(case, 80)) + " "), f"forensics case show {case}"
    )


def show_offered(
    name: str,
    sha256: Sha256,
    offering: Offering,
    receipt: Receipt | None,
    *,
    checked: bool,
    examined: bool,
    elsewhere: Sequence[str],
    console: Console,
) -> None:
    """Prints what became of one asset that was offered, and in which other cases people read it."""
    values = {
        "name": visible(name, _NAME),
        "asset": sha256[:12],
        "case": visible(offering.case, 80),
    }
    if receipt is None:
        said = say("{name}: offered in {case} already (sha256:{asset}).", **values)
    elif checked:
        said = say(
            "{name}: examined, and offered in {case}, entry {entry} (sha256:{asset}).",
            entry=str(receipt.entries[-1]),
            **values,
        )
    else:
        said = say(
            "{name}: offered in {case}, entry {entry} (sha256:{asset}).",
            entry=str(receipt.entries[-1]),
            **values,
        )
    page = Page(console)
    page.line(said, indent=0)
    if not examined:
        page.line(
            say(
                "It was registered here and not examined, so that nothing but its record of appearances is "
                "judged: `forensics case add {case} FILE` examines the file.",
                case=visible(offering.case, 80),
            )
        )
    for other in elsewhere:
        page.line(
            say(
                "What people read off it in the case {other} counts there and not here: `forensics case "
                "show {other}`.",
                other=visible(other, 80),
            )
        )


def show_changed(case: Case, changed: Sequence[str], console: Console) -> None:
    """Prints what stands on each claim now, and what is different from before."""
    page = Page(console)
    for one in changed:
        page.beside("· ", visible(told(one)))
    for view in views(case):
        if view.standing is not None:
            name = f"{visible(case.id, 80)}/{view.claim.number}"
            line = Text(f"{name}  ")
            line.append(phrases.headline(view.standing.verdict.verifiability), style=STRONG)
            page.line(line, indent=0)


def show_claimed(case: Case, number: int, *, known: bool, console: Console) -> None:
    """Prints that a claim is on record."""
    claim = next(one for one in case.claims if one.number == number)
    values = {"name": f"{visible(case.id, 80)}/{number}", "entry": str(claim.stated.entry)}
    if known:
        said = say("{name} states the same already, in entry {entry}.", **values)
    else:
        said = say("Recorded as {name}, entry {entry}.", **values)
    Page(console).line(said, indent=0)


def show_observed(case: Case, sha256: Sha256, receipt: Receipt, console: Console) -> None:
    """Prints that an observation is on record, and what follows from it."""
    page, entry = Page(console), receipt.entries[-1]
    page.line(
        say(
            "Recorded as entry {entry}: a person's reading of sha256:{asset}, marked as such.",
            entry=str(entry),
            asset=sha256[:12],
        ),
        indent=0,
    )
    for finding in told_now(case, sha256, entry):
        page.beside("· ", visible(words.statement(finding)))


def show_noted(case: str, diagnostic: Diagnostic, receipt: Receipt, console: Console) -> None:
    """Prints that a note is on record, and that it moves nothing."""
    page = Page(console)
    page.line(
        say(
            "Recorded as entry {entry} in {case}. It gives a reason and moves no verdict.",
            entry=str(receipt.entries[-1]),
            case=visible(case, 80),
        ),
        indent=0,
    )
    page.line(casewords.diagnostic(diagnostic))


def show_list(found: Sequence[Opened], console: Console) -> None:
    """Prints the cases, one a line."""
    page = Page(console)
    if not found:
        page.line(say("No case was opened in this ledger."), indent=0)
    for one in found:
        lead = Text(f"{visible(one.id, 80)}  ", style=STRONG)
        opened = say(
            "opened {when} by {by}",
            when=figures.when(one.stated.at),
            by=visible(one.stated.by, _NAME),
        )
        page.beside(lead, f"{visible(one.title, _NAME)} ({opened})", indent=0)


def list_json(found: Sequence[Opened]) -> str:
    """Returns the cases as JSON: "forensics/cases/1"."""
    cases = [
        {
            "id": one.id,
            "title": one.title,
            "entry": one.stated.entry,
            "opened_at": one.stated.at,
            "by": one.stated.by,
        }
        for one in found
    ]
    return _json({"schema": "forensics/cases/1", "cases": cases})


def show_claims(case: Case, console: Console) -> None:
    """Prints the claims of a case, and what stands on each."""
    page = Page(console)
    if not case.claims:
        page.line(say("No claim is on record in it yet."), indent=0)
    for view in views(case):
        name, claim = f"{visible(case.id, 80)}/{view.claim.number}", view.claim.claim
        stands = view.standing
        status = phrases.headline(stands.verdict.verifiability) if stands else say("Not judged yet")
        page.line(Text(f"{name}  ", style=STRONG).append(status), indent=0)
        page.beside(f"{visible(claim.by, _NAME)}: ", f"“{visible(claim.statement, 1000)}”")


def claims_json(case: Case) -> str:
    """Returns the claims of a case as JSON: "forensics/claims/1"."""
    claims = [_claim(case, claim) for claim in case.claims]
    return _json({"schema": "forensics/claims/1", "case": case.id, "claims": claims})


def claim_json(case: Case, claim: NumberedClaim) -> str:
    """Returns one claim as JSON: "forensics/claim/1"."""
    return _json({"schema": "forensics/claim/1", "case": case.id, **_claim(case, claim)})


def _claim(case: Case, claim: NumberedClaim) -> dict[str, object]:
    view = next(one for one in views(case) if one.claim.number == claim.number)
    stands = view.standing
    return {
        "number": claim.number,
        "claim": of_claim(claim.claim),
        "entry": claim.stated.entry,
        "recorded_at": claim.stated.at,
        "recorded_by": claim.stated.by,
        "evidence": [
            {
                "asset": asset.asset.sha256,
                "name": asset.asset.name,
                "released_at": offer.released_at,
                "url": offer.url,
                "publisher": offer.publisher,
                "entry": offer.stated.entry,
            }
            for asset in view.assets
            for offer in asset.offers
            if not offer.claims or claim.number in offer.claims
        ],
        "verdict": None
        if stands is None
        else {"entry": stands.entry, "verifiability": stands.verdict.verifiability.value},
    }


def _json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
