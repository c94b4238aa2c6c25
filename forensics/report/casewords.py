"""The words of a case: what an asset lends, who decided what, what a person observed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from forensics.language import say, say_as, told
from forensics.model import (
    Appearance,
    Case,
    Diagnostic,
    Finding,
    HumanDecision,
    Offer,
    Pillar,
    Seen,
    Support,
)
from forensics.report import words
from forensics.report.casefacts import Known
from forensics.report.clean import visible
from forensics.report.figures import when


def support(value: Support) -> str:
    """Returns what an asset lends to a claim, in two or three words."""
    match value:
        case Support.REMOVED:
            return say_as("support", "contradicted as evidence")
        case Support.OPEN:
            return say_as("support", "carries nothing by itself")
        case Support.PARTLY:
            return say_as("support", "partly confirmed")
        case Support.CONFIRMED:
            return say_as("support", "confirmed")


def observed(kind: Seen) -> str:
    """Returns what a person observed, as a heading."""
    match kind:
        case Seen.SHADOW:
            return say("Length of a shadow")
        case Seen.AZIMUTH:
            return say("Direction of the sun")
        case Seen.LIGHT:
            return say("Daylight")
        case Seen.MOON:
            return say("Moon")
        case Seen.SEASON:
            return say("Time of year")


def diagnostic(value: Diagnostic) -> str:
    """Returns whether a note tells the propositions apart, one sentence."""
    match value:
        case Diagnostic.YES:
            return say(
                "By this person's judgement it would not be expected if the claim were false."
            )
        case Diagnostic.NO:
            return say(
                "It would be expected just as well if the claim were false, so it moves nothing."
            )
        case Diagnostic.UNKNOWN:
            return say("Whether it would be expected either way is not known, so it moves nothing.")


def decided_on(case: Case, decision: HumanDecision) -> str:
    """Returns what a person decided on: which verdict, and whether it stands."""
    for one in case.verdicts:
        if one.entry == decision.on:
            return say("The verdict on claim {number}", number=str(one.verdict.claim))
    for asset in case.assets:
        for verdict in asset.verdicts:
            if verdict.entry == decision.on:
                return say("The verdict on {name}", name=visible(asset.asset.name, 120))
    return say("A verdict that is not one of this case")


def superseded(case: Case, decision: HumanDecision) -> bool:
    """Tells whether the verdict that was decided on was superseded since."""
    later = {one.supersedes for one in case.verdicts}
    later |= {one.supersedes for asset in case.assets for one in asset.verdicts}
    return decision.on in later


def decided(decision: HumanDecision) -> str:
    """Returns what a person decided about a verdict, one sentence."""
    entry = str(decision.on)
    match decision.outcome:
        case "upheld":
            return say(
                "A person looked at the verdict in entry {entry} and upholds it.", entry=entry
            )
        case "withdrawn":
            return say(
                "A person looked at the verdict in entry {entry} and says nothing on it.",
                entry=entry,
            )
        case _:
            return say(
                "A person looked at the verdict in entry {entry} and judges otherwise.", entry=entry
            )


def offered(offer: Offer) -> str:
    """Returns when, where and by whom an asset was released as evidence; what is not known is left out."""
    moment, publisher, url = offer.released_at, offer.publisher, offer.url
    when_ = when(moment) if moment else ""
    if when_ and publisher and url:
        return say(
            "Released {when} by {publisher} at {url}", when=when_, publisher=publisher, url=url
        )
    if when_ and publisher:
        return say("Released {when} by {publisher}", when=when_, publisher=publisher)
    if when_ and url:
        return say("Released {when} at {url}", when=when_, url=url)
    if when_:
        return say("Released {when}", when=when_)
    if publisher:
        return say("Released by {publisher}; when, is not on record", publisher=publisher)
    return say("When it was released is not on record")


def why(value: str) -> str:
    """Returns why a verdict was reached anew."""
    match value:
        case "recheck":
            return say("after a recheck")
        case "re-evaluated":
            return say("under other rules")
        case _:
            return say("when it was checked")


def known(one: Known) -> list[str]:
    """Returns what is told first of findings of one kind, shorter than they stand in the report below."""
    values = [{m.key: visible(str(m.value), 160) for m in f.measurements} for f in one.findings]
    match f"{one.analysis}/{one.findings[0].id}":
        case "map-graphic/placed":
            return [
                say(
                    "{fitting} of {labels} names on the map agree on where it lies on the earth, to within "
                    "{residual} km at the median. A map is a drawing by its author.",
                    **values[0],
                )
            ]
        case "map-graphic/statement-holds":
            return [
                say(
                    "What it states adds up: {statements}. A misread figure would make this wrong.",
                    statements=_quoted(v["statement"] for v in values),
                )
            ]
        case "map-graphic/statement-does-not-hold":
            return [
                say(
                    "What it states does not add up: {statements}. It was misread, or is drawn "
                    "schematically, or is wrong.",
                    statements=_quoted(v["statement"] for v in values),
                )
            ]
        case "time-and-place/seen-before-event" | "time-and-place/seen-before-stated":
            return [_seen_before(one)]
        case "earlier-copies/copy-found" | "earlier-copies/same-sound":
            return [_alike(finding) for finding in one.findings]
        case _ if one.reason and _about_integrity(one.findings[0]):
            return [told(one.reason)]
        case _:
            return [timed_statement(finding) for finding in one.findings]


def _seen_before(one: Known) -> str:
    """Old material, with who says so: the date rests on what somebody recorded."""
    finding = one.findings[0]
    values = {m.key: str(m.value) for m in finding.measurements}
    source = _source(one, values.get("other-asset", ""), values.get("seen", ""))
    if source is None:
        return timed_statement(finding)
    event = values.get("event")
    given = {
        "seen": when(source.at),
        "publisher": visible(
            source.publisher or source.url or say("somebody who is not named"), 120
        ),
        "by": visible(source.by, 120),
    }
    if event is not None:
        return say(
            "The same material was published {seen} by {publisher}, before the stated time of the event "
            "({event}). That date is on the word of {by}.",
            event=when(event),
            **given,
        )
    return say(
        "The same material was published {seen} by {publisher}, before the time that the file states for "
        "itself ({stated}). That date is on the word of {by}.",
        stated=when(values.get("stated", "")),
        **given,
    )


def _source(one: Known, sha256: str, seen_at: str) -> Appearance | None:
    """Where another asset with the same material was seen at a time, if the record says so."""
    copies = one.asset.copies if one.asset else ()
    seen_there = [a for c in copies if c.asset.sha256 == sha256 for a in c.asset.appearances]
    own = one.asset.appearances if one.asset and not sha256 else ()
    for appearance in (*seen_there, *own):
        if appearance.at == seen_at and appearance.what != "received":
            return appearance
    return None


def _alike(finding: Finding) -> str:
    """Another file with the same pictures or sound, by its name."""
    values = {m.key: str(m.value) for m in finding.measurements}
    name = visible(values.get("name", ""), 120)
    if finding.id == "same-sound":
        return say("It carries the same sound as another file on record, {name}.", name=name)
    return say("It shows the same pictures as another file on record, {name}.", name=name)


def timed_statement(finding: Finding) -> str:
    """Returns a finding's sentence, its times as they read elsewhere on the page."""
    measured = (
        replace(m, value=when(str(m.value))) if m.unit == "time" else m
        for m in finding.measurements
    )
    return words.statement(replace(finding, measurements=tuple(measured)))


def caveats(known_: Sequence[Known]) -> list[str]:
    """Returns what the findings that are told first cannot show, each sentence once."""
    found = (c.text for one in known_ for finding in one.findings for c in finding.caveats)
    return [told(text) for text in dict.fromkeys(found)]


def _about_integrity(finding: Finding) -> bool:
    """Of these the rule's words tell a reader more than a list of boxes or programs."""
    return finding.question is not None and finding.question.pillar is Pillar.INTEGRITY


def _quoted(texts: Iterable[str]) -> str:
    return ", ".join(f"“{text}”" for text in texts)
