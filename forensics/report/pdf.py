"""A case as PDF: what its page says, on paper. Made without a browser, so that a fresh machine can.

The same report and language give the same bytes: the time in the file is that of the newest entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from forensics.cases.judging import standing
from forensics.language import current, say, speaking, told
from forensics.model import (
    Case,
    CaseAsset,
    CaseReport,
    HumanDecision,
    Picture,
    RecordedOutcome,
    Verifiability,
)
from forensics.report import casewords, figures, words
from forensics.report.casefacts import ClaimView, moves, views
from forensics.report.clean import visible
from forensics.report.dates import dates, gap
from forensics.report.lookup import exhibits
from forensics.report.paper import Paper


def render_pdf(report: CaseReport, language: str = "en") -> bytes:
    """Returns the document."""
    with speaking(language):
        paper = Paper(
            title=visible(report.case.title, 300),
            language=language,
            at=_newest(report),
            page=say("{case}, page", case=report.case.id),
        )
        for view in views(report.case):
            _claim(paper, report, view)
        if not report.case.claims:
            paper.title_line(visible(report.case.title, 300))
            paper.paragraph(
                say("No claim is on record in this case, so there is no verdict on one.")
            )
        _dates(paper, report)
        if report.case.outcomes:
            paper.heading(say("Across the files"))
            _findings(paper, report.case.outcomes, {})
        for asset in report.case.assets:
            _asset(paper, asset, report.pictures.get(asset.asset.sha256, ()))
        _people(paper, report)
        _record(paper, report)
        return paper.bytes()


def _claim(paper: Paper, report: CaseReport, view: ClaimView) -> None:
    claim, recorded = view.claim.claim, view.standing
    paper.note(say("Claim {number}, by {by}", number=view.claim.number, by=visible(claim.by, 200)))
    paper.quote(visible(claim.statement, 2000))
    if recorded is None:
        paper.title_line(say("Not judged yet"))
        return
    verdict = recorded.verdict
    against = verdict.verifiability is Verifiability.CONTRADICTED
    paper.title_line(words.headline(verdict.verifiability), accent=against)
    paper.lead(told(verdict.because))
    about = say(
        "This is about whether the material can carry the claim. It does not say whether the event took "
        "place."
    )
    paper.note(f"{about} [{_entry(recorded.entry)}]")
    for decision in view.decisions:
        _decision(paper, report.case, decision)
    released = [o.released_at for a in view.assets for o in a.offers if o.released_at]
    if text := gap(claim.first_said_at, released):
        paper.boxed([text])
    paper.heading(say("In a minute"))
    paper.heading(say("What is known"), 3)
    known = [
        f"{_name(one.asset)}{sentence} [{_entry(one.entry)}]"
        for one in view.known
        for sentence in casewords.known(one)
    ]
    paper.items(known or [say("Nothing is listed.")])
    for caveat in casewords.caveats(view.known):
        paper.note(f"{say('Caveat:')} {caveat}")
    paper.heading(say("What could not be confirmed"), 3)
    paper.items([told(t) for t in verdict.could_not_be_confirmed] or [say("Nothing is listed.")])
    paper.heading(say("What would settle it"), 3)
    paper.items([told(t) for t in verdict.would_settle_it] or [say("Nothing is listed.")])
    paper.heading(say("What each file lends to the claim"))
    rows = []
    for asset in view.assets:
        if lent := view.lends(asset):
            reasons = " ".join(told(r.text) for r in lent.because)
            rows.append(
                (
                    visible(asset.asset.name, 120),
                    casewords.support(lent.support),
                    f"{told(lent.reason)} {reasons}".strip(),
                )
            )
    if rows:
        paper.rows(rows, (30, 22, 48))
    paper.heading(say("What it rests on"))
    paper.rows(
        [
            (
                _capital(words.pillar(pillar.pillar)),
                words.status(pillar.status),
                " ".join(told(r.text) for r in pillar.reasons),
            )
            for pillar in verdict.pillars
        ],
        (18, 20, 62),
    )


def _decision(paper: Paper, case: Case, decision: HumanDecision) -> None:
    said = [f"{casewords.decided(decision)} {casewords.decided_on(case, decision)}."]
    if casewords.superseded(case, decision):
        said.append(say("That verdict was superseded since."))
    if decision.words:
        said.append(f"“{visible(decision.words, 2000)}”")
    said += [
        f"{_capital(words.pillar(pillar))}: {words.status(status)}"
        for pillar, status in decision.pillars.items()
    ]
    if decision.category:
        said.append(
            say(
                "MediaReview category, chosen by this person: {category}",
                category=decision.category,
            )
        )
    key = visible(decision.key, 120)
    said.append(f"{say('signed with the key {key}', key=key)} [{_entry(decision.stated.entry)}]")
    paper.boxed(said)


def _dates(paper: Paper, report: CaseReport) -> None:
    when = dates(report.case)
    if when is None:
        return
    paper.heading(say("When"))
    rows = []
    for row in when.rows:
        about = f" {row.about}" if row.about else ""
        entry = f" [{_entry(row.entry)}]" if row.entry is not None else ""
        rows.append((row.at, f"{row.what}{about}{entry}"))
    paper.rows(rows, (34, 66))


def _asset(paper: Paper, asset: CaseAsset, pictures: tuple[Picture, ...]) -> None:
    paper.heading(visible(asset.asset.name, 160))
    facts = [
        (
            say("Kind, by its content"),
            f"{words.kind(asset.asset.kind)} ({asset.asset.mime}), {words.size(asset.asset.size)}",
        ),
        ("SHA-256", asset.asset.sha256),
        (say("Received here"), figures.when(asset.received_at)),
    ]
    facts += [
        (
            say("Offered as evidence"),
            f"{casewords.offered(offer)} [{_entry(offer.stated.entry)}]",
        )
        for offer in asset.offers
    ]
    paper.facts(facts)
    by_id = {picture.id: picture for picture in pictures}
    frames = [picture for picture in pictures if picture.id.startswith("frame/")]
    paper.pictures(frames, across=3 if len(frames) > 1 else 2, captions=False)
    claims: list[int | None] = [*sorted({v.claim for v in asset.verdicts if v.claim is not None})]
    for claim in claims or [None]:
        verdict = standing(asset, claim)
        if verdict is None:
            continue
        about = say("What it rests on, by itself")
        if claim is not None:
            about = say("What it rests on, against claim {number}", number=claim)
        paper.heading(f"{about} [{_entry(verdict.entry)}]", 3)
        rows = [
            (
                _capital(words.pillar(pillar.pillar)),
                words.status(pillar.status),
                " ".join(told(r.text) for r in pillar.reasons),
            )
            for pillar in verdict.verdict.pillars
        ]
        integrity = verdict.verdict.integrity
        rows.append(
            (
                say("Integrity of the file"),
                words.integrity(integrity.phrase),
                " ".join(told(r.text) for r in integrity.reasons),
            )
        )
        paper.rows(rows, (18, 20, 62))
    for number, copy in enumerate(asset.copies):
        if number == 0:
            paper.heading(say("The same pictures or sound elsewhere on record"), 3)
        paper.paragraph(
            f"{visible(copy.asset.name, 160)}: {words.relation(copy.relation)}. {words.match(copy)}"
        )
        paper.items([words.seen(appearance) for appearance in copy.asset.appearances])
        pair = [by_id.get(f"copy/{number}/{what}") for what in ("query", "copy")]
        paper.pictures([one for one in pair if one is not None], across=2)
    paper.note(words.searched(asset.searched))
    paper.heading(say("Findings"), 3)
    _findings(paper, asset.outcomes, by_id)


def _findings(
    paper: Paper, outcomes: Sequence[RecordedOutcome], pictures: Mapping[str, Picture]
) -> None:
    """Every outcome, whatever became of it, with what its findings cannot show beside them."""
    for recorded in outcomes:
        outcome = recorded.outcome
        head = f"{outcome.analysis} {outcome.version}, {words.outcome(outcome.status)}"
        paper.paragraph(f"{head} [{_entry(recorded.entry)}]", strong=True, after=0.4)
        if outcome.why:
            paper.paragraph(told(visible(outcome.why)))
        for finding in outcome.findings:
            paper.items(
                [
                    " ".join(
                        text
                        for text in (
                            words.statement(finding),
                            words.brief_bearing(finding) if moves(finding) else "",
                        )
                        if text
                    )
                ]
            )
            shown = exhibits(outcome, finding, pictures)
            paper.pictures([one for _, one in shown if one is not None], across=1)
            for caveat in words.own_caveats(finding, words.shared_caveats(outcome)):
                paper.note(f"{say('Caveat:')} {told(caveat.text)}")
        for caveat in words.shared_caveats(outcome):
            paper.note(f"{say('Caveat:')} {told(caveat.text)}")


def _people(paper: Paper, report: CaseReport) -> None:
    case = report.case
    outside = [asked for asset in case.assets for asked in asset.outside]
    if not (case.notes or case.observations or outside):
        return
    paper.heading(say("What people added"))
    paper.note(say("These are people's words and measurements, not the machine's."))
    for note in case.notes:
        paper.quote(visible(note.text, 2000))
        paper.paragraph(
            f"{casewords.diagnostic(note.diagnostic)} {visible(note.reason, 2000)}", after=0.4
        )
        paper.note(f"{visible(note.stated.by, 200)} [{_entry(note.stated.entry)}]")
    drawn = {picture.id: picture for pictures in report.pictures.values() for picture in pictures}
    for one in case.observations:
        values = "; ".join(f"{key} {visible(value, 200)}" for key, value in one.values.items())
        paper.paragraph(
            f"{casewords.observed(one.kind)}: {values} {visible(one.words, 2000)}".strip()
        )
        paper.note(f"{visible(one.stated.by, 200)} [{_entry(one.stated.entry)}]")
        if picture := drawn.get(f"sky/{one.stated.entry}"):
            paper.pictures([picture], across=1)
    for asked in outside:
        answer = say("found") if asked.found else say("nothing found")
        paper.paragraph(
            f"{visible(asked.engine, 100)}, {figures.when(asked.asked_at)}: {answer} "
            f"[{_entry(asked.stated.entry)}]"
        )


def _record(paper: Paper, report: CaseReport) -> None:
    head = report.head
    paper.heading(say("The record"))
    paper.boxed([words.not_sealed()])
    paper.facts(
        [
            (say("Ledger"), visible(head.origin, 300)),
            (say("Size of the tree"), str(head.size)),
            (say("Root of the tree"), head.root),
            (say("Its entries"), ", ".join(words.runs(report.case.entries))),
            (say("Made with"), f"{report.tool.name} {report.tool.version}, {report.tool.decoder}"),
            (say("To verify"), "forensics ledger verify; forensics explain"),
        ]
    )
    paper.verbatim(head.checkpoint)
    if missing := len(current().missing):
        paper.note(
            say("Sentences that are not translated yet, and so are in English: {n}.", n=missing)
        )


def _newest(report: CaseReport) -> datetime:
    """The time of the newest entry that belongs to the case."""
    times = list(_times(report))
    return max(datetime.fromisoformat(time).astimezone(UTC) for time in times)


def _times(report: CaseReport) -> Iterator[str]:
    yield report.case.opened.at
    yield from (one.at for one in report.case.verdicts)
    yield from (one.at for asset in report.case.assets for one in asset.verdicts)
    yield from (one.stated.at for one in report.case.notes)
    yield from (one.stated.at for one in report.case.decisions)


def _name(asset: CaseAsset | None) -> str:
    return f"{visible(asset.asset.name, 120)}: " if asset else ""


def _entry(entry: int) -> str:
    return say("entry {number}", number=str(entry))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
