"""What stands on the claims of a case, for a terminal: in the manner of `forensics.report.text`."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from forensics.language import say, told
from forensics.model import Case, Status, Support, Verifiability
from forensics.report import casewords, words
from forensics.report.casefacts import ClaimView, views
from forensics.report.clean import visible
from forensics.report.dates import gap
from forensics.report.page import ACCENT, QUIET, STRONG, Page, label


def render_standing(case: Case, claims: Sequence[int], console: Console) -> None:
    """Prints what stands on claims of a case; none named: on all."""
    page = Page(console)
    for view in views(case):
        if not claims or view.claim.number in claims:
            page.gap()
            _claim(page, case, view)


def _claim(page: Page, case: Case, view: ClaimView) -> None:
    claim, standing = view.claim, view.standing
    name = f"{case.id}/{claim.number}"
    if standing is None:
        page.line(say("Not judged yet"), style=STRONG, indent=0)
    else:
        against = standing.verdict.verifiability is Verifiability.CONTRADICTED
        style = ACCENT if against else STRONG
        page.line(words.headline(standing.verdict.verifiability), style=style, indent=0)
        page.line(told(standing.verdict.because))
    page.gap()
    page.beside(label(say("Claim")), f"“{visible(claim.claim.statement)}”")
    page.beside(label(""), f"{name}, {visible(claim.claim.by, 200)}")
    released = [o.released_at for a in view.assets for o in a.offers if o.released_at]
    if text := gap(claim.claim.first_said_at, released):
        page.beside(label(""), text)
    if standing is None:
        return
    _assets(page, view)
    page.heading(say("What the claim rests on"))
    for pillar in standing.verdict.pillars:
        against = pillar.status is Status.CONTRADICTED
        lead = Text(f"{words.pillar(pillar.pillar)}  ", style="")
        lead.append(words.status(pillar.status), style=ACCENT if against else STRONG)
        page.line(lead)
        for reason in pillar.reasons:
            page.line(told(reason.text), indent=4)
    for heading, sentences in (
        (say("Could not be confirmed"), standing.verdict.could_not_be_confirmed),
        (say("Would settle it"), standing.verdict.would_settle_it),
    ):
        page.heading(heading)
        for sentence in sentences or (say("Nothing is listed."),):
            page.beside("- ", visible(told(sentence)))
    for decision in view.decisions:
        page.heading(say("A person's decision"))
        page.line(casewords.decided(decision))
        if decision.words:
            page.line(f"“{visible(decision.words)}”", indent=4)
    page.gap()
    page.line(
        say(
            "To see what it rests on, and what would have changed it: forensics explain {claim}",
            claim=name,
        ),
        style=QUIET,
    )


def _assets(page: Page, view: ClaimView) -> None:
    page.heading(say("What each file lends to the claim"))
    for asset in view.assets:
        lent = view.lends(asset)
        if lent is None:
            continue
        style = ACCENT if lent.support is Support.REMOVED else STRONG
        lead = Text(f"{visible(asset.asset.name, 120)}  ")
        lead.append(casewords.support(lent.support), style=style)
        page.line(lead)
        page.line(told(lent.reason), indent=4)
        for reason in lent.because:
            page.line(told(reason.text), indent=4)
