"""Reports made by hand: the drone case in full, one bare picture, and one that attacks its reader."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from fractions import Fraction

from forensics.model import (
    Appearance,
    Asset,
    Exhibit,
    Failed,
    Finding,
    Integrity,
    IntegrityPhrase,
    Measurement,
    MediaKind,
    NotApplicable,
    NotRun,
    Outcome,
    Picture,
    Pillar,
    PillarVerdict,
    Place,
    Probe,
    Ran,
    Receipt,
    Report,
    SamplePlan,
    Searched,
    Sha256,
    Status,
    Stream,
    StreamType,
    Tool,
    Verdict,
    Verifiability,
    Where,
)
from tests.report import drone_found, drone_judged
from tests.report.pictured import Draw, digest, tiny_png

TOOL = Tool(
    name="forensics",
    version="0.1.0",
    decoder="FFmpeg 9.0.2 (imageio-ffmpeg 0.8.1)",
    libraries={
        "av": "18.1.0",
        "exifread": "3.5.1",
        "imagehash": "4.3.2",
        "opencv-python-headless": "5.0.0",
    },
)


def receipt(entries: tuple[int, ...] = (31, 32, 33, 34, 35, 36, 37, 39)) -> Receipt:
    root = base64.b64encode(hashlib.sha256(b"root").digest()).decode()
    signature = base64.b64encode(hashlib.sha512(b"signature").digest() + b"four").decode()
    return Receipt(
        entries=entries,
        at="2026-01-02T10:15:30Z",
        size=40,
        root=root,
        checkpoint=f"desk.example/ledger-1\n40\n{root}\n\n— desk.example/ledger-1 {signature}\n",
        ledger="/home/desk/.local/share/forensics/ledger.sqlite",
        origin="desk.example/ledger-1",
    )


def drone(draw: Draw = tiny_png) -> Report:
    """The case of VERDICT.md, with two copies, and an outcome of each of the four kinds."""
    frames = tuple(
        Picture(
            id=f"frame/{number}",
            caption=f"Picture {number + 1} of the working copy, reduced.",
            mime="image/png",
            data=draw(f"frame/{number}", 320, 180),
            width=320,
            height=180,
            time=time,
        )
        for number, time in enumerate(
            (
                Fraction(0),
                Fraction(1001, 500),
                Fraction(1001, 250),
                Fraction(1041, 200),
                Fraction(8008, 1000),
                Fraction(10010, 1000),
            )
        )
    )
    exhibit = Picture(
        id="exhibit/error-level/level-map",
        caption="Error level at quality 90, brightened twenty times.",
        mime="image/png",
        data=draw("exhibit/error-level/level-map", 640, 360),
        width=640,
        height=360,
        time=Fraction(1041, 200),
    )
    pair = tuple(
        Picture(
            id=f"copy/0/{side}",
            caption=caption,
            mime="image/png",
            data=draw(f"copy/0/{side}", 640, 360),
            width=640,
            height=360,
            time=time,
        )
        for side, caption, time in (
            ("query", "This file.", Fraction(1041, 200)),
            ("copy", "The file seen earlier.", Fraction(2681, 200)),
        )
    )
    return Report(
        tool=TOOL,
        asset=Asset(
            sha256=Sha256(digest("released")),
            size=1_432_112,
            kind=MediaKind.VIDEO,
            mime="video/mp4",
            name="released-drone-video.mp4",
            probe=Probe(
                container="mov,mp4,m4a,3gp,3g2,mj2",
                streams=drone_found.streams(),
                duration=Fraction(12512, 1000),
                tags={"com.android.model": "Redmi Note 12", "encoder": "Lavf60.16.100"},
                notes=("The sound could not be read to its end.",),
            ),
        ),
        plan=SamplePlan(keyframes=True, every=Fraction(1, 2), limit=600, long_side=512),
        outcomes=(
            drone_found.metadata(),
            drone_found.structure(),
            drone_found.error_level(draw),
            Outcome(
                analysis="duplicated-frames",
                version=1,
                examines=(Pillar.INTEGRITY,),
                result=Ran(),
            ),
            Outcome(
                analysis="content-credentials",
                version=1,
                examines=(Pillar.PROVENANCE,),
                result=NotRun(needs="It needs c2pa-python: pip install 'forensics[c2pa]'."),
            ),
            Outcome(
                analysis="jpeg-grid",
                version=1,
                examines=(Pillar.INTEGRITY,),
                result=NotApplicable(why="It reads JPEG pictures; this is a video."),
            ),
            Outcome(
                analysis="sound-continuity",
                version=1,
                examines=(Pillar.INTEGRITY,),
                result=Failed(error="The decoder stopped at 0:12.4: invalid data in the sound."),
            ),
            drone_found.search(),
        ),
        copies=(drone_judged.copy(), drone_judged.scene()),
        searched=Searched(
            signatures=1204,
            assets=12,
            schemes=("pdq/1", "phash/1"),
            radius=(31, 8),
            queries=25,
            skipped=1,
        ),
        verdict=drone_judged.verdict(),
        receipt=receipt(),
        pictures=(*frames, exhibit, *pair),
    )


def still() -> Report:
    """One picture with nothing in it to go on, in an empty ledger, with no claim."""
    reason = drone_judged.reason("Nothing in this material bears on it.", "nothing-to-go-on")
    return Report(
        tool=TOOL,
        asset=Asset(
            sha256=Sha256(digest("still")),
            size=982,
            kind=MediaKind.IMAGE,
            mime="image/png",
            name="still.png",
            probe=Probe(
                container="PNG",
                streams=(Stream(index=0, type=StreamType.IMAGE, codec="png", width=64, height=48),),
                pictures=1,
            ),
        ),
        plan=None,
        outcomes=(
            Outcome(analysis="metadata", version=1, examines=(Pillar.SOURCE,), result=Ran()),
        ),
        copies=(),
        searched=Searched(
            signatures=0, assets=0, schemes=("pdq/1",), radius=(31,), queries=1, skipped=0
        ),
        verdict=Verdict(
            ruleset="forensics-rules/1",
            verifiability=Verifiability.NOT_VERIFIABLE,
            about="file",
            because="Nothing in this material says who made it, when or where.",
            pillars=tuple(
                PillarVerdict(
                    pillar=pillar,
                    status=Status.NOT_EXAMINED
                    if pillar is Pillar.MOTIVATION
                    else Status.UNDETERMINED,
                    reasons=(reason,),
                )
                for pillar in Pillar
                if pillar is not Pillar.INTEGRITY
            ),
            integrity=Integrity(phrase=IntegrityPhrase.INCONCLUSIVE, reasons=(reason,)),
            claim=None,
            could_not_be_confirmed=("Who made it, when and where.",),
            would_settle_it=("The first file from the recording device, with its metadata.",),
        ),
        receipt=receipt((0, 1, 2)),
    )


def hostile(text: str) -> Report:
    """The drone case with `text` in every place that a file, a publisher or a person may fill."""
    report = drone()
    asset, copy, claim = report.asset, report.copies[0], report.verdict.claim
    assert asset.probe is not None
    assert claim is not None
    finding = Finding(
        id="says",
        template="The file says {says}.",
        measurements=(Measurement(key="says", value=text, unit="text", where=Where(field=text)),),
        exhibits=(
            Exhibit(
                id="shown",
                caption=text,
                mime="image/png",
                path="shown.png",
                sha256=digest("shown"),
                width=8,
                height=6,
            ),
        ),
        caveats=(drone_found.PHONE,),
    )
    appearance = Appearance(what=text, at="2025-08-12T18:04:00Z", url=text, publisher=text, by=text)
    return replace(
        report,
        asset=replace(
            asset,
            name=text,
            probe=replace(
                asset.probe,
                container=text,
                tags={text: text},
                notes=(text,),
                streams=tuple(replace(s, codec=text, profile=text) for s in asset.streams),
            ),
        ),
        outcomes=(
            *report.outcomes,
            Outcome(
                analysis="says",
                version=1,
                examines=(),
                result=Ran(findings=(finding,)),
                parameters={text: text},
            ),
            Outcome(analysis="broke", version=1, examines=(), result=Failed(error=text)),
        ),
        copies=(
            replace(
                copy,
                transform=text,
                asset=replace(copy.asset, name=text, appearances=(appearance,)),
            ),
        ),
        verdict=replace(
            report.verdict,
            claim=replace(claim, statement=text, by=text, source=text, place=Place(name=text)),
        ),
        receipt=replace(report.receipt, ledger=text, checkpoint=text),
        pictures=tuple(replace(p, caption=text) for p in report.pictures),
    )
