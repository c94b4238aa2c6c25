"""What analyses found in the drone case, with its caveats and questions."""

from __future__ import annotations

import hashlib
from fractions import Fraction

from forensics.model import (
    Caveat,
    Diagnostic,
    Direction,
    Exhibit,
    Finding,
    Measurement,
    Outcome,
    Pillar,
    Question,
    Ran,
    Stream,
    StreamType,
    Strength,
    Where,
)
from tests.report.pictured import Draw, digest

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


def streams() -> tuple[Stream, ...]:
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


def metadata() -> Outcome:
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


def structure() -> Outcome:
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


def search() -> Outcome:
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


def error_level(draw: Draw) -> Outcome:
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
