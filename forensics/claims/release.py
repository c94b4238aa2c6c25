"""The release of an asset as evidence against the event, the file's own dates and its first appearance.

They are facts about the claim and move nothing: a clip can be released before its event is over, and a file
that is handed on is written anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from forensics.model import Caveat, Claim, Diagnostic, Finding, Measurement
from forensics.model.moment import Moment, read_moment
from forensics.model.questions import RECORDED_WHEN_STATED

_SLACK: Final = timedelta(minutes=10)
_WORD: Final = Caveat(
    id="stated-release",
    text="When a claim was made and its evidence released is the word of whoever recorded it here.",
)
_ANEW: Final = Caveat(
    id="written-anew",
    text="A file that is uploaded, sent or saved again is written anew and states that time.",
)


def of_claim(claim: Claim, released_at: str | None) -> Iterator[Finding]:
    """Yields where the claim, or its evidence, was there before the stated event began."""
    begin = _moment(claim.event_from)
    if begin is None:
        return
    released, said = _moment(released_at or claim.released_at), _moment(claim.first_said_at)
    if released and released.before(begin):
        yield Finding(
            id="released-before-event",
            template="It was released as evidence at {released}, before the stated time of the event "
            "({event}).",
            measurements=(_time("released", released), _time("event", begin)),
            caveats=(_WORD,),
        )
    if said and said.before(begin):
        yield Finding(
            id="said-before-event",
            template="The claim was first made at {said}, before the stated time of the event ({event}).",
            measurements=(_time("said", said), _time("event", begin)),
            caveats=(_WORD,),
        )


def against_release(
    stated: Sequence[tuple[Measurement, Moment]],
    seen: Sequence[tuple[Moment, Measurement]],
    claim: Claim,
    released_at: str | None,
) -> Iterator[Finding]:
    """Yields the file's own times after its release, and appearances of the material before it.

    Args:
        stated: Every time that the file states.
        seen: When the material is first on record, and of which asset.
        claim: Whose evidence it is.
        released_at: RFC 3339 time; None: the claim's is taken.
    """
    released = _moment(released_at or claim.released_at)
    if released is None:
        return
    for measured, moment in stated:
        if released.before(moment, _SLACK):
            yield Finding(
                id="dated-after-release",
                template="The file states {stated}, which lies after its release as evidence "
                "({released}): this file was written later, or its clock is wrong.",
                measurements=(measured, _time("released", released)),
                question=RECORDED_WHEN_STATED,
                caveats=(_ANEW, _WORD),
            )
    for at, asset in seen:
        if at.before(released, _SLACK):
            yield Finding(
                id="seen-before-release",
                template="The material is on record since {seen}, before its release as evidence "
                "({released}).",
                measurements=(_time("seen", at), _time("released", released), asset),
                diagnostic=Diagnostic.NO,
                caveats=(_WORD,),
            )


def _moment(text: str | None) -> Moment | None:
    return read_moment(text) if text else None


def _time(key: str, moment: Moment) -> Measurement:
    return Measurement(key=key, value=moment.text, unit="time")
