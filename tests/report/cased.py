"""A case with everything that a report can show, and with hostile text wherever text comes from outside."""

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256
from io import BytesIO

from PIL import Image

from forensics.model import (
    Appearance,
    Asset,
    Case,
    CaseAsset,
    CaseReport,
    Caveat,
    Claim,
    ClaimVerdict,
    Copy,
    CopySpan,
    Diagnostic,
    Direction,
    Exhibit,
    Failed,
    Finding,
    Head,
    HumanDecision,
    Integrity,
    IntegrityPhrase,
    KnownAsset,
    Measurement,
    MediaKind,
    Note,
    NotRun,
    NumberedClaim,
    Observation,
    Offer,
    OfferedAsset,
    Outcome,
    OutsideSearch,
    Picture,
    Pillar,
    PillarVerdict,
    Place,
    Probe,
    Ran,
    Reason,
    RecordedClaimVerdict,
    RecordedOutcome,
    RecordedVerdict,
    Relation,
    Searched,
    Seen,
    Sha256,
    Span,
    Stated,
    Status,
    Support,
    Tool,
    Verdict,
    Verifiability,
)
from forensics.model.questions import EVENT_TIME

HOSTILE = "<script>alert(1)</script>\x1b[31m](javascript:x) **b** \"'&"
"""As a name, an address or a sentence that somebody wrote."""


def digest(name: str) -> Sha256:
    return Sha256(sha256(name.encode()).hexdigest())


def stated(entry: int, by: str = "City desk") -> Stated:
    return Stated(entry=entry, at="2026-01-02T09:00:00Z", by=by)


def picture(name: str, time: Fraction | None = None) -> Picture:
    stream = BytesIO()
    Image.new("RGB", (64, 36), (90, 120, 150)).save(stream, "PNG")
    return Picture(
        id=name,
        caption=f"Caption of {name}.",
        mime="image/png",
        data=stream.getvalue(),
        width=64,
        height=36,
        time=time,
    )


def outcomes(text: str) -> tuple[RecordedOutcome, ...]:
    exhibit = Exhibit(
        id="shown",
        caption="What was read.",
        mime="image/png",
        path="shown.png",
        sha256="0" * 64,
        width=64,
        height=36,
    )
    against = Finding(
        id="seen-before-event",
        template="The same material is on record since {seen}, before the event ({event}).",
        measurements=(
            Measurement(key="seen", value="2025-02-14T10:00:00Z", unit="time"),
            Measurement(key="event", value="2025-12-28T18:00:00Z", unit="time"),
        ),
        question=EVENT_TIME,
        direction=Direction.SUPPORTS_H2,
        diagnostic=Diagnostic.YES,
        caveats=(Caveat(id="record", text="A wrong record would mislead this test."),),
    )
    neutral = Finding(
        id="description",
        template="The file says of itself: {words}.",
        measurements=(Measurement(key="words", value=text, unit="text", personal=True),),
        exhibits=(exhibit,),
    )
    made = (
        ("time-and-place", Ran(findings=(against,)), 1),
        ("metadata", Ran(findings=(neutral,)), None),
        ("map-graphic", NotRun(needs="tesseract is missing"), None),
        ("content-credentials", Failed(error=f"It broke at {text}"), None),
    )
    return tuple(
        RecordedOutcome(
            entry=20 + i,
            outcome=Outcome(analysis=name, version=1, examines=(Pillar.DATE,), result=result),
            claim=claim,
        )
        for i, (name, result, claim) in enumerate(made)
    )


def across() -> Outcome:
    """What was found over the whole case."""
    one = Finding(
        id="one-publisher",
        template="Two files are of one publisher.",
        caveats=(Caveat(id="as-far", text="Independence is tested as far as the files tell."),),
    )
    return Outcome(
        analysis="corroboration", version=1, examines=(Pillar.SOURCE,), result=Ran(findings=(one,))
    )


def pillars(date: Status) -> tuple[PillarVerdict, ...]:
    def one(pillar: Pillar, status: Status) -> PillarVerdict:
        names = ("time-and-place/seen-before-event",) if pillar is Pillar.DATE else ()
        reason = Reason(text=f"A reason about {pillar.value}.", rule="a-rule", findings=names)
        return PillarVerdict(pillar=pillar, status=status, reasons=(reason,))

    five = [p for p in Pillar if p is not Pillar.INTEGRITY]
    return tuple(one(p, date if p is Pillar.DATE else Status.UNDETERMINED) for p in five)


def report(text: str = HOSTILE) -> CaseReport:
    """Returns a case in which `text` stands wherever somebody outside wrote something."""
    video, other = digest("video"), digest("other")
    claim = Claim(
        statement=f"On the night, 91 drones attacked. {text}",
        by=text,
        first_said_at="2025-12-29T18:00:00Z",
        event_from="2025-12-28T18:00:00Z",
        event_to="2025-12-29T06:00:00Z",
        place=Place(name=text, lat="57.98", lon="33.25", radius_km="60"),
        said_where=text,
    )
    verdict = Verdict(
        ruleset="forensics-rules-3",
        verifiability=Verifiability.NOT_VERIFIABLE,
        about="claim",
        because="This asset is contradicted as evidence of the claim.",
        pillars=pillars(Status.CONTRADICTED),
        integrity=Integrity(
            phrase=IntegrityPhrase.INCONCLUSIVE, reasons=(Reason(text="Open.", rule="r"),)
        ),
        claim=claim,
        could_not_be_confirmed=("where it was made",),
        would_settle_it=("the file as the recording device wrote it",),
    )
    known = KnownAsset(
        sha256=other,
        kind=MediaKind.VIDEO,
        name=text,
        first_seen="2025-02-14T10:00:00Z",
        appearances=(
            Appearance(
                what="published", at="2025-02-14T10:00:00Z", url=text, publisher=text, by=text
            ),
        ),
    )
    span = Span(start=Fraction(0), end=Fraction(13))
    copy = Copy(
        relation=Relation.COPY,
        asset=known,
        spans=(CopySpan(query=span, copy=Span(start=Fraction(5), end=Fraction(18))),),
        transform="cropped to 62 %",
        distance=None,
        pairs=9,
        scheme="orb-grid/1",
        frames=(Fraction(1), Fraction(6)),
        tiles=30,
        agree=28,
    )
    asset = CaseAsset(
        asset=Asset(
            sha256=video,
            size=1000,
            kind=MediaKind.VIDEO,
            mime="video/mp4",
            name=text,
            probe=Probe(container="mov", duration=Fraction(13)),
        ),
        received_at="2026-01-02T09:10:00Z",
        offers=(
            Offer(
                asset=video,
                claims=(1,),
                released_at="2025-12-31T09:00:00Z",
                url=text,
                publisher=text,
                stated=stated(10),
            ),
        ),
        outcomes=outcomes(text),
        copies=(copy,),
        searched=Searched(
            signatures=10, assets=1, schemes=("pdq/1",), radius=(31,), queries=4, skipped=0
        ),
        verdicts=(RecordedVerdict(entry=30, at="2026-01-02T09:12:00Z", verdict=verdict, claim=1),),
        appearances=(Appearance(what="received", at="2026-01-02T09:10:00Z", by="desk.example/t"),),
        outside=(
            OutsideSearch(
                asset=video,
                engine=text,
                asked_at="2026-01-02T10:00:00Z",
                found=False,
                url=None,
                crop=text,
                time=Fraction(3),
                stated=stated(50),
            ),
        ),
    )
    removed = OfferedAsset(
        asset=video,
        verdict=30,
        support=Support.REMOVED,
        reason="It is contradicted as evidence of the claim, so it lends no support.",
        because=(Reason(text="The material existed before the event.", rule="older-than-event"),),
    )
    on_claim = ClaimVerdict(
        ruleset="forensics-rules-3",
        claim=1,
        verifiability=Verifiability.NOT_VERIFIABLE,
        because="All that is offered is contradicted as evidence.",
        pillars=pillars(Status.UNDETERMINED),
        assets=(removed,),
        could_not_be_confirmed=("whether what is claimed took place",),
        would_settle_it=("records from somebody who depends on neither side",),
    )
    first = RecordedClaimVerdict(entry=31, at="2026-01-02T09:13:00Z", verdict=on_claim)
    later = RecordedClaimVerdict(
        entry=60,
        at="2026-02-02T09:13:00Z",
        verdict=on_claim,
        supersedes=31,
        why="recheck",
        changes=("Date: was undetermined, is now contradicted.",),
    )
    return CaseReport(
        tool=Tool(name="forensics", version="1.0", decoder="ffmpeg 9", libraries={}),
        case=Case(
            id="valdai",
            title=text,
            opened=stated(1, text),
            claims=(NumberedClaim(number=1, claim=claim, stated=stated(2)),),
            assets=(asset,),
            observations=(
                Observation(
                    asset=video,
                    kind=Seen.LIGHT,
                    values={"light": "night"},
                    time=Fraction(2),
                    words=text,
                    stated=stated(40, text),
                ),
            ),
            notes=(
                Note(
                    asset=video,
                    pillar=Pillar.SOURCE,
                    diagnostic=Diagnostic.NO,
                    text=text,
                    reason=text,
                    stated=stated(41, text),
                ),
            ),
            outcomes=(RecordedOutcome(entry=45, outcome=across()),),
            verdicts=(first, later),
            decisions=(
                HumanDecision(
                    on=30,
                    outcome="changed",
                    pillars={Pillar.DATE: Status.CONTRADICTED},
                    words=text,
                    category="DecontextualizedContent",
                    key="editor+1a2b3c4d",
                    stated=stated(61, text),
                ),
            ),
            entries=(1, 2, 10, 20, 21, 22, 23, 30, 31, 40, 41, 50, 60, 61),
            size=62,
        ),
        head=Head(
            ledger="/home/desk/ledger.sqlite",
            origin="desk.example/t",
            vkey="desk.example/t+00000000+AAAA",
            size=62,
            root="AAAA",
            checkpoint="desk.example/t\n62\nAAAA\n\n— desk.example/t BBBB\n",
        ),
        pictures={
            video: (
                picture("frame/0", Fraction(0)),
                picture("frame/1", Fraction(6)),
                picture("copy/0/query", Fraction(1)),
                picture("copy/0/copy", Fraction(6)),
                picture("copy/0/overlay", Fraction(1)),
                picture("copy/0/laid", Fraction(1)),
                picture("exhibit/metadata/shown"),
                picture("sky/40", Fraction(2)),
            )
        },
    )
