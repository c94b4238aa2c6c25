"""Wording that every output shares: times, sizes, digests, counts, and the phrases of a verdict.

Exact values are turned into text with whole-number arithmetic only, so that no machine rounds
otherwise. Nothing here expresses a share, a score or a belief.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from forensics.model import (
    Appearance,
    Caveat,
    Claim,
    Copy,
    Diagnostic,
    Direction,
    Finding,
    IntegrityPhrase,
    Measurement,
    MediaKind,
    Outcome,
    Relation,
    Report,
    SamplePlan,
    Searched,
    Span,
    Status,
    Stream,
    Strength,
    Verdict,
    Verifiability,
    Where,
)
from forensics.report.clean import visible

HEADLINES: Mapping[Verifiability, str] = {
    Verifiability.CONTRADICTED: "Contradicted",
    Verifiability.NOT_VERIFIABLE: "Not verifiable from this material",
    Verifiability.PARTLY_CORROBORATED: "Partly corroborated",
    Verifiability.CORROBORATED: "Corroborated",
}

STATUSES: Mapping[Status, str] = {
    Status.CORROBORATED: "corroborated",
    Status.CONSISTENT: "consistent",
    Status.UNDETERMINED: "undetermined",
    Status.CONTRADICTED: "contradicted",
    Status.NOT_EXAMINED: "not examined",
}

INTEGRITY: Mapping[IntegrityPhrase, str] = {
    IntegrityPhrase.CONSISTENT: "consistent with an original",
    IntegrityPhrase.INCONSISTENT: "inconsistent with an original",
    IntegrityPhrase.INCONCLUSIVE: "inconclusive",
}

OUTCOMES: Mapping[str, str] = {
    "ran": "ran",
    "not-applicable": "not applicable",
    "not-run": "not run",
    "failed": "failed",
}

RELATIONS: Mapping[Relation, str] = {
    Relation.COPY: "the same pictures",
    Relation.SAME_SCENE: "the same scene, perhaps another recording",
    Relation.SAME_SOUND: "the same sound",
    Relation.SAME_STREAM: "the same coded stream, bit for bit, in another file",
}

KINDS: Mapping[MediaKind, str] = {
    MediaKind.IMAGE: "picture",
    MediaKind.VIDEO: "video",
    MediaKind.AUDIO: "sound",
    MediaKind.DOCUMENT: "document",
    MediaKind.DRAWING: "drawing",
    MediaKind.GEODATA: "places as data",
}

_SHORT = 12
"""Characters of a digest that are enough to tell files apart by eye; never enough to verify."""

SINCE = {True: "First seen here", False: "Listed here since"}
"""Before the time from which on an asset is known: whether more than a list of hashes tells of it."""
NOTHING_FOUND = "examined, nothing found"
VIEWING_AID = "viewing aid: it helps the eye and moves no verdict"
NOT_SEALED = (
    "This report is not itself inside the seal. Only the ledger's entries are: compare what the "
    "report says with them."
)


def decimal(value: Fraction, places: int, *, trim: bool = False) -> str:
    """Returns `value` rounded half away from zero to `places` decimals; `trim` drops end zeros."""
    scale = 10**places
    scaled = (2 * abs(value.numerator) * scale + value.denominator) // (2 * value.denominator)
    whole, rest = divmod(scaled, scale)
    text = f"{whole}.{rest:0{places}d}" if places else str(whole)
    if trim and places:
        text = text.rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 and scaled else text


def position(seconds: Fraction, places: int = 1) -> str:
    """Returns a time position or a duration: "0:05.2", "1:02:03.4", with `places` decimals."""
    scale = 10**places
    ticks = (2 * abs(seconds.numerator) * scale + seconds.denominator) // (2 * seconds.denominator)
    whole, rest = divmod(ticks, scale)
    minutes, secs = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02d}:{secs:02d}" if hours else f"{minutes}:{secs:02d}"
    if places:
        text = f"{text}.{rest:0{places}d}"
    return f"-{text}" if seconds < 0 and ticks else text


def exact_position(seconds: Fraction) -> str:
    """Returns a position to the millisecond, with the exact ratio where that is not all of it."""
    text = position(seconds, 3)
    return text if (seconds * 1000).denominator == 1 else f"{text} ({ratio(seconds)} s exactly)"


def ratio(value: Fraction) -> str:
    """Returns "n/d", the denominator always there."""
    return f"{value.numerator}/{value.denominator}"


def span(value: Span) -> str:
    """Returns "0:05.2 to 0:09.8"."""
    return f"{position(value.start)} to {position(value.end)}"


def count(number: int, noun: str, many: str = "") -> str:
    """Returns "1 signature", "1,204 signatures"."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def runs(numbers: Sequence[int]) -> list[str]:
    """Returns ascending numbers with neighbours drawn together: ["0 to 4", "7"]."""
    out: list[tuple[int, int]] = []
    for number in numbers:
        if out and number == out[-1][1] + 1:
            out[-1] = (out[-1][0], number)
        else:
            out.append((number, number))
    return [str(a) if a == b else f"{a} to {b}" for a, b in out]


def size(octets: int) -> str:
    """Returns "982 bytes" or "1.4 MB (1,432,112 bytes)"; 1 MB is 1,000,000 bytes."""
    exact = count(octets, "byte")
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if octets >= factor:
            return f"{decimal(Fraction(octets, factor), 1)} {unit} ({exact})"
    return exact


def short(digest: str) -> str:
    """Returns the first twelve characters of a digest, marked as a beginning."""
    return visible(digest if len(digest) <= _SHORT else f"{digest[:_SHORT]}…")


def statement(finding: Finding) -> str:
    """Returns a finding's sentence with each value made visible and bounded on its own."""
    safe = tuple(replace(m, value=visible(str(m.value), 240)) for m in finding.measurements)
    return visible(replace(finding, measurements=safe).statement)


def stream(item: Stream) -> str:
    """Returns "video h264, 1280 × 720, 29.97 pictures per second, 0:12.5"."""
    parts = [f"{item.type.value} {visible(item.codec, 40)}"]
    if item.width and item.height:
        turned = f", turned {item.rotation}° for display" if item.rotation else ""
        parts.append(f"{item.width} × {item.height}{turned}")
    if item.frame_rate:
        parts.append(f"{decimal(item.frame_rate, 3, trim=True)} pictures per second")
    if item.sample_rate:
        parts.append(f"{item.sample_rate:,} Hz")
    if item.channels:
        parts.append(count(item.channels, "channel"))
    if item.duration is not None:
        parts.append(position(item.duration))
    return ", ".join(parts)


def stream_details(item: Stream) -> str:
    """Returns what else is known of a stream: coding, start, packets, digest scheme."""
    parts = [visible(text, 60) for text in (item.profile, item.pixel_format) if text]
    if item.start is not None:
        parts.append(f"starts at {position(item.start, 3)}")
    if item.packets is not None:
        parts.append(count(item.packets, "packet"))
    if item.keyframes is not None:
        parts.append(count(item.keyframes, "keyframe"))
    if item.digest_scheme is not None:
        parts.append(f"digest {visible(item.digest_scheme, 60)}")
    return ", ".join(parts)


def about(verdict: Verdict) -> str:
    """Returns what the headline speaks about, one sentence."""
    if verdict.about == "claim":
        return "This is about the claim, not about the file alone."
    return (
        "This is about what the file itself states or implies: that it is a first recording, "
        "made when, where and by what it says."
    )


def stated(claim: Claim) -> list[tuple[str, str]]:
    """Returns what a claim states, as (what, value) with visible values, in reading order."""
    place = claim.place
    rows = [
        ("first said", claim.first_said_at),
        ("released", claim.released_at),
        ("event not before", claim.event_from),
        ("event not after", claim.event_to),
        ("place", place.name if place else None),
        ("source", claim.source),
    ]
    texts = [(what, visible(value, 300)) for what, value in rows if value]
    if place is not None and place.lat and place.lon:
        near = f" within {visible(place.radius_km, 20)} km" if place.radius_km else ""
        texts.append(("coordinates", f"{visible(place.lat, 20)}, {visible(place.lon, 20)}{near}"))
    return texts


def seen(appearance: Appearance) -> str:
    """Returns where and when an asset was seen, and on whose word; one sentence."""
    parts = [f"{visible(appearance.what, 60).capitalize()} {visible(appearance.at, 60)}"]
    if appearance.publisher:
        parts.append(f"by {visible(appearance.publisher, 200)}")
    if appearance.url:
        parts.append(f"at {visible(appearance.url, 400)}")
    return f"{' '.join(parts)}, on the word of {visible(appearance.by, 200)}."


def bearing(finding: Finding) -> str:
    """Returns which proposition a finding speaks for, and how much that says; or an empty string."""
    question = finding.question
    if question is None:
        return ""
    first, second = f"“{visible(question.h1, 400)}”", f"“{visible(question.h2, 400)}”"
    match finding.direction:
        case Direction.SUPPORTS_H1:
            side = f"This speaks for {first}, against {second}."
        case Direction.SUPPORTS_H2:
            side = f"This speaks for {second}, against {first}."
        case Direction.NEUTRAL:
            side = f"This speaks neither for {first} nor for {second}."
    match finding.diagnostic:
        case Diagnostic.YES:
            return f"{side} {strength(finding.strength)}"
        case Diagnostic.NO:
            return f"{side} But it would be expected either way, so it moves nothing."
        case Diagnostic.UNKNOWN:
            return (
                f"{side} Whether it would be expected either way is not known. "
                f"{strength(finding.strength)}"
            )


def brief_bearing(finding: Finding) -> str:
    """Returns the same in a few words, for a terminal; empty where the finding moves nothing."""
    question = finding.question
    if question is None or finding.direction is Direction.NEUTRAL:
        return ""
    if finding.diagnostic is Diagnostic.NO:
        return "Expected either way: it moves nothing."
    side = question.h1 if finding.direction is Direction.SUPPORTS_H1 else question.h2
    word = "uncalibrated" if finding.strength is None else visible(finding.strength.word, 60)
    return f"Speaks for: {visible(side, 400)} ({word})."


def strength(value: Strength | None) -> str:
    """Returns the strength word with its scale and calibration, or that there is none."""
    if value is None:
        return "Its strength was not calibrated, so no word is given for it."
    return (
        f"Strength of the finding: {visible(value.word, 60)} "
        f"(scale {visible(value.scale, 80)}, calibrated on {visible(value.calibration, 80)})."
    )


def where(value: Where | None) -> str:
    """Returns where a value was measured ("field Image Make; byte 32"), or an empty string."""
    if value is None:
        return ""
    parts: list[str] = []
    if value.field is not None:
        parts.append(f"field {visible(value.field, 120)}")
    if value.start is not None and value.end is not None:
        parts.append(f"{position(value.start, 3)} to {position(value.end, 3)}")
    elif value.start is not None:
        parts.append(f"at {position(value.start, 3)}")
    elif value.end is not None:
        parts.append(f"until {position(value.end, 3)}")
    if value.region is not None:
        x, y, width, height = value.region
        parts.append(f"{width} × {height} px at {x}, {y}")
    if value.offset is not None:
        parts.append(f"byte {value.offset:,}")
    return "; ".join(parts)


def amount(value: Measurement) -> str:
    """Returns the value with its unit; units that say nothing to a reader are left out."""
    text = visible(str(value.value), 600)
    if isinstance(value.value, int):
        text = f"{value.value:,}" if abs(value.value) < 10**18 else text
    return text if value.unit in {"text", "time", "count"} else f"{text} {visible(value.unit, 40)}"


def match(copy: Copy) -> str:
    """Returns how well two assets agree, one sentence."""
    if copy.relation is Relation.SAME_STREAM:
        return f"Found by {visible(copy.scheme, 60)}: equal digests."
    if copy.relation is Relation.SAME_SOUND:
        return f"Found by {visible(copy.scheme, 60)}. Change: {visible(copy.transform, 300)}."
    if copy.distance is None:
        return (
            f"{count(copy.pairs, 'pair of pictures agrees', 'pairs of pictures agree')}; laid over each "
            f"other, {copy.agree} of {count(copy.tiles, 'place agrees', 'places agree')}. "
            f"What was done to the pictures: {visible(copy.transform, 300)}."
        )
    return (
        f"{count(copy.pairs, 'pair of samples agrees', 'pairs of samples agree')} by "
        f"{visible(copy.scheme, 60)}; {count(copy.distance, 'bit differs', 'bits differ')} "
        "at the median. "
        f"What was done to the pictures: {visible(copy.transform, 300)}."
    )


def searched(value: Searched | None) -> str:
    """Returns what the copy search looked through, so that "none found" means something."""
    if value is None:
        return "No search for earlier copies could be made."
    if not value.schemes:
        return "No search for earlier copies was made: there was nothing to search with."
    if not value.assets and not value.sounds:
        return "This ledger's index holds no other file yet, so no copy could be found in it."
    schemes = ", ".join(
        f"{visible(s, 60)} (within {count(r, 'bit')})"
        for s, r in zip(value.schemes, value.radius, strict=False)
    )
    left_out = ""
    if value.skipped:
        them = "it" if value.skipped == 1 else "them"
        left_out = f" {count(value.skipped, 'picture')} had too little in {them} to be asked with."
    if value.common:
        left_out += f" Left out as too common here: {count(value.common, 'picture')}."
    laid = count(value.compared, "pair of pictures was", "pairs of pictures were")
    sound = f" Sound: compared with {count(value.sounds, 'other file')}." if value.listened else ""
    return (
        f"Searched this ledger's index of {count(value.signatures, 'signature')} from "
        f"{count(value.assets, 'other file')} with {count(value.queries, 'signature')}: {schemes}."
        f"{left_out} {laid} laid over each other.{sound}"
    )


def plan(value: SamplePlan | None) -> str:
    """Returns which pictures were taken, one or two sentences."""
    if value is None:
        return "No pictures were taken from this file."
    parts = []
    if value.keyframes:
        parts.append("every picture that can be decoded on its own")
    if value.every is not None:
        parts.append(f"one more in each {decimal(value.every, 3, trim=True)} s")
    taken = " and ".join(parts) or "the pictures as they are stored"
    reduced = f", reduced to {value.long_side:,} px on the longer side" if value.long_side else ""
    note = f" {visible(value.note, 300)}" if value.note else ""
    return f"Taken: {taken}, at most {value.limit:,}{reduced}.{note}"


def shared_caveats(outcome: Outcome) -> tuple[Caveat, ...]:
    """Returns the caveats that every finding of an outcome carries, in order; stated once."""
    findings: Sequence[Finding] = outcome.findings
    if not findings:
        return ()
    return tuple(
        dict.fromkeys(c for c in findings[0].caveats if all(c in f.caveats for f in findings))
    )


def own_caveats(finding: Finding, shared: Sequence[Caveat]) -> tuple[Caveat, ...]:
    """Returns the caveats of one finding that are not among the shared ones."""
    return tuple(dict.fromkeys(c for c in finding.caveats if c not in shared))


def verify_command(report: Report) -> str:
    """Returns the command that checks the ledger offline, safe to paste into a POSIX shell."""
    path = report.receipt.ledger
    plain = path and all(c.isalnum() or c in "/._-+:@~" for c in path) and not path.startswith("-")
    if plain:
        return f"forensics ledger verify --ledger {visible(path, 600)}"
    return "forensics ledger verify --ledger LEDGER"
