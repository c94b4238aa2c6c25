"""Reports made by hand: the drone case in full, one bare picture, and one that attacks its reader."""

from __future__ import annotations

import base64
import hashlib
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from forensics.model import (
    Appearance,
    Asset,
    Caveat,
    Claim,
    Copy,
    CopySpan,
    Diagnostic,
    Direction,
    Exhibit,
    Failed,
    Finding,
    Integrity,
    IntegrityPhrase,
    KnownAsset,
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
    Question,
    Ran,
    Reason,
    Receipt,
    Relation,
    Report,
    SamplePlan,
    Searched,
    Sha256,
    Span,
    Status,
    Stream,
    StreamType,
    Strength,
    Tool,
    Verdict,
    Verifiability,
    Where,
)

Draw = Callable[[str, int, int], bytes]
"""Makes a PNG of (picture id, width, height)."""


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def tiny_png(seed: str, width: int = 8, height: int = 6) -> bytes:
    """Returns a grey PNG, stored without compression: the same bytes from every zlib."""
    width, height = 8, 6
    rows = hashlib.shake_128(seed.encode()).digest(width * height)
    raw = b"".join(b"\0" + rows[y * width : (y + 1) * width] for y in range(height))
    stored = b"\x78\x01\x01" + struct.pack("<HH", len(raw), len(raw) ^ 0xFFFF) + raw
    stored += struct.pack(">I", zlib.adler32(raw))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", stored) + chunk(b"IEND", b"")
    )


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

PHONE = Caveat(
    id="tags-are-words",
    text="Metadata is what the file says of itself. Anyone can write it, and most platforms remove it.",
)
CLOCK = Caveat(
    id="clock",
    text="A time in a container comes from the clock of the device or computer that wrote it.",
)
BOXES = Caveat(
    id="handling-only",
    text="The structure tells how a file was handled, never whether what it shows took place.",
)
AID = Caveat(
    id="viewing-aid",
    text="Bright areas arise from texture and sharp edges as well as from edits.",
)
INDEX = Caveat(
    id="only-this-index",
    text="The search sees only what this ledger has met. An earlier copy elsewhere is not excluded.",
)

FIRST = Question(
    id="first-recording",
    pillar=Pillar.PROVENANCE,
    h1="the file is a first recording by the device that it names",
    h2="the file was written by other software after the recording",
)
WHEN = Question(
    id="recorded-when-stated",
    pillar=Pillar.DATE,
    h1="the footage was recorded on the night of 28 to 29 December 2025",
    h2="the footage existed before",
)


def _streams() -> tuple[Stream, ...]:
    return (
        Stream(
            index=0,
            type=StreamType.VIDEO,
            codec="h264",
            digest=digest("video"),
            digest_scheme="packets/1",
            width=1280,
            height=720,
            time_base=Fraction(1, 30000),
            frame_rate=Fraction(30000, 1001),
            start=Fraction(0),
            duration=Fraction(12512, 1000),
            packets=375,
            keyframes=13,
            profile="High",
            pixel_format="yuv420p",
            tags={"handler_name": "VideoHandle", "language": "eng"},
        ),
        Stream(
            index=1,
            type=StreamType.AUDIO,
            codec="aac",
            digest=None,
            time_base=Fraction(1, 48000),
            start=Fraction(-1, 48),
            duration=Fraction(12480, 1000),
            packets=585,
            sample_rate=48000,
            channels=2,
            profile="LC",
        ),
    )


def _metadata() -> Outcome:
    return Outcome(
        analysis="metadata",
        version=1,
        examines=(Pillar.SOURCE, Pillar.DATE, Pillar.LOCATION),
        result=Ran(
            findings=(
                Finding(
                    id="device-named",
                    template="The file names the device {device-make} {device-model}.",
                    measurements=(
                        Measurement(
                            key="device-make",
                            value="Xiaomi",
                            unit="text",
                            where=Where(field="com.android.manufacturer"),
                        ),
                        Measurement(
                            key="device-model",
                            value="Redmi Note 12",
                            unit="text",
                            where=Where(field="com.android.model"),
                        ),
                    ),
                    caveats=(PHONE,),
                ),
                Finding(
                    id="written-at",
                    template="The container states that it was written at {creation-time}.",
                    measurements=(
                        Measurement(
                            key="creation-time",
                            value="2025-12-29T03:12:44Z",
                            unit="time",
                            where=Where(field="creation_time", offset=131),
                        ),
                    ),
                    question=WHEN,
                    direction=Direction.SUPPORTS_H1,
                    diagnostic=Diagnostic.NO,
                    caveats=(PHONE, CLOCK),
                ),
                Finding(
                    id="place-stated",
                    template="The file states the place {latitude}, {longitude}.",
                    measurements=(
                        Measurement(key="latitude", value="57.9", unit="°", personal=True),
                        Measurement(key="longitude", value="33.2", unit="°", personal=True),
                    ),
                    caveats=(PHONE,),
                ),
            )
        ),
        parameters={"fields": "all"},
    )


def _structure() -> Outcome:
    return Outcome(
        analysis="container-structure",
        version=2,
        examines=(Pillar.PROVENANCE, Pillar.INTEGRITY),
        result=Ran(
            findings=(
                Finding(
                    id="re-muxed",
                    template=(
                        "The container was written by {writer}, not by the firmware of a phone; "
                        "{edit-lists} edit list shortens what is played."
                    ),
                    measurements=(
                        Measurement(
                            key="writer",
                            value="Lavf60.16.100",
                            unit="text",
                            where=Where(field="moov/udta/meta/ilst/©too", offset=1431877),
                        ),
                        Measurement(
                            key="edit-lists",
                            value=1,
                            unit="count",
                            where=Where(offset=10234, start=Fraction(0), end=Fraction(1001, 3000)),
                        ),
                    ),
                    question=FIRST,
                    direction=Direction.SUPPORTS_H2,
                    diagnostic=Diagnostic.YES,
                    strength=Strength(
                        word="moderate",
                        scale="enfsi-2015/1",
                        calibration="container-structure-2 (69 edited, 26 untouched files)",
                    ),
                    caveats=(BOXES,),
                ),
            )
        ),
    )


def _copies_outcome() -> Outcome:
    return Outcome(
        analysis="earlier-copies",
        version=1,
        examines=(Pillar.PROVENANCE, Pillar.DATE),
        result=Ran(
            findings=(
                Finding(
                    id="earlier-copy",
                    template=(
                        "{pairs} pairs of pictures agree with a file that was first seen on "
                        "{first-seen}."
                    ),
                    measurements=(
                        Measurement(key="pairs", value=12, unit="count"),
                        Measurement(key="first-seen", value="2025-08-14T09:30:00Z", unit="time"),
                    ),
                    question=WHEN,
                    direction=Direction.SUPPORTS_H2,
                    diagnostic=Diagnostic.YES,
                    caveats=(INDEX,),
                ),
            )
        ),
        parameters={"pdq/1": "within 31 bits", "phash/1": "within 8 bits"},
    )


def _error_level(draw: Draw) -> Outcome:
    png = draw("exhibit/error-level/level-map", 640, 360)
    return Outcome(
        analysis="error-level",
        version=1,
        examines=(),
        viewing_aid=True,
        result=Ran(
            findings=(
                Finding(
                    id="level-map",
                    template="A map of what is lost when the picture at {time} s is compressed again.",
                    measurements=(
                        Measurement(
                            key="time",
                            value="5.205",
                            unit="s",
                            where=Where(start=Fraction(1041, 200)),
                        ),
                        Measurement(key="quality", value=90, unit="count"),
                    ),
                    exhibits=(
                        Exhibit(
                            id="level-map",
                            caption="Error level at quality 90, brightened twenty times.",
                            mime="image/png",
                            path="level-map.png",
                            sha256=hashlib.sha256(png).hexdigest(),
                            width=640,
                            height=360,
                        ),
                    ),
                    caveats=(AID,),
                ),
            )
        ),
        parameters={"quality": "90"},
    )


def _copy() -> Copy:
    return Copy(
        relation=Relation.COPY,
        asset=KnownAsset(
            sha256=Sha256(digest("earlier")),
            kind=MediaKind.VIDEO,
            name="упавший дрон август.mp4",
            first_seen="2025-08-14T09:30:00Z",
            appearances=(
                Appearance(
                    what="published",
                    at="2025-08-12T18:04:00Z",
                    url="https://video.example/watch?v=8Jx2",
                    publisher="North District Channel",
                    by="desk@archive.example",
                ),
                Appearance(what="received", at="2025-08-14T09:30:00Z", by="forensics"),
            ),
        ),
        spans=(
            CopySpan(
                query=Span(start=Fraction(0), end=Fraction(6)),
                copy=Span(start=Fraction(41, 5), end=Fraction(71, 5)),
            ),
            CopySpan(
                query=Span(start=Fraction(13, 2), end=Fraction(25, 2)),
                copy=Span(start=Fraction(26), end=Fraction(32)),
            ),
        ),
        transform="scaled to 0.67, cropped at the right and below",
        distance=14,
        pairs=12,
        scheme="pdq/1",
        frames=(Fraction(1041, 200), Fraction(2681, 200)),
    )


def _scene() -> Copy:
    return Copy(
        relation=Relation.SAME_SCENE,
        asset=KnownAsset(
            sha256=Sha256(digest("scene")),
            kind=MediaKind.IMAGE,
            name="snowfield.jpg",
            first_seen="2025-11-02T10:00:00Z",
            appearances=(Appearance(what="received", at="2025-11-02T10:00:00Z", by="forensics"),),
        ),
        spans=(),
        transform="none seen",
        distance=27,
        pairs=1,
        scheme="phash/1",
    )


def _reason(text: str, rule: str, *findings: str) -> Reason:
    return Reason(text=text, rule=rule, findings=findings)


def _verdict() -> Verdict:
    def pillar(name: Pillar, status: Status, *reasons: Reason) -> PillarVerdict:
        return PillarVerdict(pillar=name, status=status, reasons=reasons)

    return Verdict(
        ruleset="forensics-rules/1",
        verifiability=Verifiability.NOT_VERIFIABLE,
        about="claim",
        because=(
            "The footage was seen months before the stated night, so it does not support the claim, "
            "and nothing else here bears on the event."
        ),
        pillars=(
            pillar(
                Pillar.PROVENANCE,
                Status.CONTRADICTED,
                _reason(
                    "An earlier, longer copy of the same pictures is known.",
                    "copy-precedes",
                    "earlier-copies/earlier-copy",
                ),
                _reason(
                    "The container was written by software, not by the named device.",
                    "re-muxed",
                    "container-structure/re-muxed",
                ),
            ),
            pillar(
                Pillar.SOURCE,
                Status.UNDETERMINED,
                _reason(
                    "A device is named, which would be expected either way.",
                    "device-is-not-diagnostic",
                    "metadata/device-named",
                ),
            ),
            pillar(
                Pillar.DATE,
                Status.CONTRADICTED,
                _reason(
                    "A copy was first seen before the stated time of the event.",
                    "copy-precedes-event",
                    "earlier-copies/earlier-copy",
                    "metadata/written-at",
                ),
            ),
            pillar(
                Pillar.LOCATION,
                Status.UNDETERMINED,
                _reason(
                    "A place is stated, and nothing in the pictures was found that tests it.",
                    "place-untested",
                    "metadata/place-stated",
                ),
            ),
            pillar(
                Pillar.MOTIVATION,
                Status.NOT_EXAMINED,
                _reason("Only a person can set this.", "motivation-by-person"),
            ),
        ),
        integrity=Integrity(
            phrase=IntegrityPhrase.INCONSISTENT,
            reasons=(
                _reason(
                    "The container was written again after the recording.",
                    "re-muxed",
                    "container-structure/re-muxed",
                ),
            ),
        ),
        claim=Claim(
            statement=(
                "Ninety-one attack drones were launched from the Sumy and Chernihiv regions "
                "towards Valdai, and this one was brought down there."
            ),
            by="Ministry of Defence",
            first_said_at="2025-12-29T12:00:00Z",
            released_at="2025-12-31T08:00:00Z",
            event_from="2025-12-28T16:00:00Z",
            event_to="2025-12-29T04:00:00Z",
            place=Place(name="Valdai", lat="57.98", lon="33.25", radius_km="40"),
            source="The ministry's channel",
        ),
        could_not_be_confirmed=(
            "Where the footage was recorded.",
            "When the footage was recorded.",
            "Who built or launched the drone: its type can be built from parts on sale.",
        ),
        would_settle_it=(
            "The first file from the recording device, with its metadata.",
            "The flight recorder of the drone, or its launch coordinates.",
            "Other footage of the same site from the same night.",
        ),
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
                streams=_streams(),
                duration=Fraction(12512, 1000),
                tags={"com.android.model": "Redmi Note 12", "encoder": "Lavf60.16.100"},
                notes=("The sound could not be read to its end.",),
            ),
        ),
        plan=SamplePlan(keyframes=True, every=Fraction(1, 2), limit=600, long_side=512),
        outcomes=(
            _metadata(),
            _structure(),
            _error_level(draw),
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
            _copies_outcome(),
        ),
        copies=(_copy(), _scene()),
        searched=Searched(
            signatures=1204,
            assets=12,
            schemes=("pdq/1", "phash/1"),
            radius=(31, 8),
            queries=25,
            skipped=1,
        ),
        verdict=_verdict(),
        receipt=receipt(),
        pictures=(*frames, exhibit, *pair),
    )


def still() -> Report:
    """One picture with nothing in it to go on, in an empty ledger, with no claim."""
    reason = _reason("Nothing in this material bears on it.", "nothing-to-go-on")
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
        caveats=(PHONE,),
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
