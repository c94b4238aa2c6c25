"""Wording that every output shares: the phrases of a verdict, streams, copies, claims, plans.

Everything is said in the language that is spoken. Nothing here expresses a share, a score or a belief.
"""

from __future__ import annotations

from forensics.language import joined, say, say_as, say_many, told, told_list
from forensics.model import (
    Appearance,
    Claim,
    Copy,
    KnownAsset,
    Relation,
    Report,
    SamplePlan,
    Searched,
    Stream,
    Verdict,
)
from forensics.report.clean import visible
from forensics.report.figures import (
    count,
    decimal,
    exact_position,
    position,
    ratio,
    runs,
    short,
    size,
    span,
    when,
)
from forensics.report.found import (
    amount,
    bearing,
    brief_bearing,
    own_caveats,
    shared_caveats,
    statement,
    strength,
    where,
)
from forensics.report.phrases import (
    HEADLINES,
    INTEGRITY,
    KINDS,
    OUTCOMES,
    RELATIONS,
    STATUSES,
    headline,
    integrity,
    kind,
    outcome,
    pillar,
    relation,
    status,
    stream_kind,
)

__all__ = [
    "HEADLINES",
    "INTEGRITY",
    "KINDS",
    "OUTCOMES",
    "RELATIONS",
    "STATUSES",
    "about",
    "amount",
    "bearing",
    "brief_bearing",
    "count",
    "decimal",
    "exact_position",
    "headline",
    "integrity",
    "kind",
    "match",
    "not_sealed",
    "outcome",
    "own_caveats",
    "pillar",
    "plan",
    "position",
    "ratio",
    "relation",
    "runs",
    "searched",
    "seen",
    "shared_caveats",
    "short",
    "since",
    "size",
    "span",
    "stated",
    "statement",
    "status",
    "stream",
    "stream_details",
    "stream_kind",
    "strength",
    "verify_command",
    "when",
    "where",
]


def not_sealed() -> str:
    """Returns that a report is no part of the ledger."""
    return say(
        "This report is not itself inside the seal. Only the ledger's entries are: compare what the report "
        "says with them."
    )


def since(known: KnownAsset) -> str:
    """Returns since when an asset is known here, without a full stop."""
    time = when(known.first_seen)
    if known.listed_by is None:
        return say("First seen here {time}", time=time)
    return say("Listed here since {time}", time=time)


def stream(item: Stream) -> str:
    """Returns "video h264, 1280 × 720, 29.97 pictures per second, 0:12.5"."""
    parts = [f"{stream_kind(item.type)} {visible(item.codec, 40)}"]
    if item.width and item.height:
        sides = f"{item.width} × {item.height}"
        parts.append(sides)
        if item.rotation:
            parts.append(say("turned {degrees}° for display", degrees=str(item.rotation)))
    if item.frame_rate:
        rate = decimal(item.frame_rate, 3, trim=True)
        parts.append(say("{rate} pictures per second", rate=rate))
    if item.sample_rate:
        parts.append(say("{rate} Hz", rate=item.sample_rate))
    if item.channels:
        parts.append(say_many("{n} channel", "{n} channels", item.channels))
    if item.duration is not None:
        parts.append(position(item.duration))
    return joined(", ", parts)


def stream_details(item: Stream) -> str:
    """Returns what else is known of a stream: coding, start, packets, digest scheme."""
    parts = [visible(text, 60) for text in (item.profile, item.pixel_format) if text]
    if item.start is not None:
        parts.append(say("starts at {time}", time=position(item.start, 3)))
    if item.packets is not None:
        parts.append(say_many("{n} packet", "{n} packets", item.packets))
    if item.keyframes is not None:
        parts.append(say_many("{n} keyframe", "{n} keyframes", item.keyframes))
    if item.digest_scheme is not None:
        parts.append(say("digest {scheme}", scheme=visible(item.digest_scheme, 60)))
    return joined(", ", parts)


def about(verdict: Verdict) -> str:
    """Returns what the headline speaks about, one sentence."""
    if verdict.about == "claim":
        return say("This is about the claim, not about the file alone.")
    return say(
        "This is about what the file itself states or implies: that it is a first recording, made when, "
        "where and by what it says."
    )


def stated(claim: Claim) -> list[tuple[str, str]]:
    """Returns what a claim states, as (what, value) with visible values, in reading order."""
    place = claim.place
    rows = [
        (say("first said"), claim.first_said_at),
        (say("released"), claim.released_at),
        (say("event not before"), claim.event_from),
        (say("event not after"), claim.event_to),
        (say("place"), place.name if place else None),
        (say_as("claim", "source"), claim.source),
    ]
    texts = [(what, visible(value, 300)) for what, value in rows if value]
    if place is not None and place.lat and place.lon:
        at = f"{visible(place.lat, 20)}, {visible(place.lon, 20)}"
        if place.radius_km:
            km = visible(place.radius_km, 20)
            at = say("{coordinates} within {radius} km", coordinates=at, radius=km)
        texts.append((say("coordinates"), at))
    return texts


def seen(appearance: Appearance) -> str:
    """Returns where and when an asset was seen, and on whose word; one sentence."""
    values = {
        "what": visible(told(visible(appearance.what, 60).capitalize()), 60),
        "at": when(appearance.at),
        "publisher": visible(appearance.publisher or "", 200),
        "url": visible(appearance.url or "", 400),
        "by": visible(appearance.by, 200),
    }
    if appearance.publisher and appearance.url:
        return say("{what} {at} by {publisher} at {url}, on the word of {by}.", **values)
    if appearance.publisher:
        return say("{what} {at} by {publisher}, on the word of {by}.", **values)
    if appearance.url:
        return say("{what} {at} at {url}, on the word of {by}.", **values)
    return say("{what} {at}, on the word of {by}.", **values)


def match(copy: Copy) -> str:
    """Returns how well two assets agree, in a sentence or two."""
    scheme, change = visible(copy.scheme, 60), visible(told_list(copy.transform), 300)
    if copy.relation is Relation.SAME_STREAM:
        return say("Found by {scheme}: equal digests.", scheme=scheme)
    if copy.relation is Relation.SAME_SOUND:
        return say("Found by {scheme}. Change: {change}.", scheme=scheme, change=change)
    done = say("What was done to the pictures: {change}.", change=change)
    if copy.distance is None:
        places = say_many("{n} place agrees", "{n} places agree", copy.tiles)
        agree = say_many(
            "{n} pair of pictures agrees; laid over each other, {agree} of {places}.",
            "{n} pairs of pictures agree; laid over each other, {agree} of {places}.",
            copy.pairs,
            agree=str(copy.agree),
            places=places,
        )
        return joined(" ", [agree, done])
    bits = say_many("{n} bit differs", "{n} bits differ", copy.distance)
    agree = say_many(
        "{n} pair of samples agrees by {scheme}; {bits} at the median.",
        "{n} pairs of samples agree by {scheme}; {bits} at the median.",
        copy.pairs,
        scheme=scheme,
        bits=bits,
    )
    return joined(" ", [agree, done])


def searched(value: Searched | None) -> str:
    """Returns what the copy search looked through, so that "none found" means something."""
    if value is None:
        return say("No search for earlier copies could be made.")
    if not value.schemes:
        return say("No search for earlier copies was made: there was nothing to search with.")
    if not value.assets and not value.sounds:
        return say("This ledger's index holds no other file yet, so no copy could be found in it.")
    schemes = [
        say_many(
            "{scheme} (within {n} bit)", "{scheme} (within {n} bits)", r, scheme=visible(s, 60)
        )
        for s, r in zip(value.schemes, value.radius, strict=False)
    ]
    said = [
        say(
            "Searched this ledger's index of {signatures} from {files} with {queries}: {schemes}.",
            signatures=say_many("{n} signature", "{n} signatures", value.signatures),
            files=say_many("{n} other file", "{n} other files", value.assets),
            queries=say_many("{n} signature", "{n} signatures", value.queries),
            schemes=joined(", ", schemes),
        )
    ]
    if value.skipped:
        said.append(
            say_many(
                "{n} picture had too little in it to be asked with.",
                "{n} pictures had too little in them to be asked with.",
                value.skipped,
            )
        )
    if value.common:
        said.append(
            say_many(
                "Left out as too common here: {n} picture.",
                "Left out as too common here: {n} pictures.",
                value.common,
            )
        )
    said.append(
        say_many(
            "{n} pair of pictures was laid over each other.",
            "{n} pairs of pictures were laid over each other.",
            value.compared,
        )
    )
    if value.listened:
        said.append(
            say_many(
                "Sound: compared with {n} other file.",
                "Sound: compared with {n} other files.",
                value.sounds,
            )
        )
    return joined(" ", said)


def plan(value: SamplePlan | None) -> str:
    """Returns which pictures were taken, one or two sentences."""
    if value is None:
        return say("No pictures were taken from this file.")
    seconds = "" if value.every is None else decimal(value.every, 3, trim=True)
    if value.keyframes and seconds:
        taken = say(
            "every picture that can be decoded on its own and one more in each {seconds} s",
            seconds=seconds,
        )
    elif value.keyframes:
        taken = say("every picture that can be decoded on its own")
    elif seconds:
        taken = say("one more in each {seconds} s", seconds=seconds)
    else:
        taken = say("the pictures as they are stored")
    if value.long_side:
        said = say(
            "Taken: {which}, at most {limit}, reduced to {side} px on the longer side.",
            which=taken,
            limit=value.limit,
            side=value.long_side,
        )
    else:
        said = say("Taken: {which}, at most {limit}.", which=taken, limit=value.limit)
    note = visible(told(value.note), 300) if value.note else ""
    return joined(" ", [said, note] if note else [said])


def verify_command(report: Report) -> str:
    """Returns the command that checks the ledger offline, safe to paste into a POSIX shell."""
    path = report.receipt.ledger
    plain = path and all(c.isalnum() or c in "/._-+:@~" for c in path) and not path.startswith("-")
    if plain:
        return f"forensics ledger verify --ledger {visible(path, 600)}"
    return "forensics ledger verify --ledger LEDGER"
