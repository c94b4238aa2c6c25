"""The words of findings: their sentences, what they speak for, where and how much was measured."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.language import joined, like, number, say, told, told_list, told_with
from forensics.model import (
    Caveat,
    Diagnostic,
    Direction,
    Finding,
    Measurement,
    Outcome,
    Strength,
    Where,
)
from forensics.report.clean import visible
from forensics.report.figures import position

OURS = frozenset(
    {
        "chance",
        "check",
        "class",
        "colour",
        "evidence",
        "integrity",
        "laid",
        "language",
        "limit",
        "mark",
        "nfa",
        "note",
        "problem",
        "projection",
        "saved",
        "schemes",
        "sees",
        "sign",
        "signature",
        "spans",
        "sureness",
        "symbol",
        "track",
        "transform",
        "trouble",
        "trust",
        "why",
    }
)
"""Keys of measurements whose values are words of ours, not the file's: they are said in the language too."""


def statement(finding: Finding) -> str:
    """Returns a finding's sentence with each value made visible and bounded on its own."""
    values: dict[str, list[str]] = {}
    for m in finding.measurements:
        values.setdefault(m.key, []).append(visible(_worded(m), 600))
    said = told_with(finding.template, {key: ", ".join(vs) for key, vs in values.items()})
    return like(said, visible(said))


def _worded(value: Measurement) -> str:
    text = str(value.value)
    if value.unit == "time" and text.count(" to ") == 1:  # ours: moments are written without words
        start, end = text.split(" to ")
        return say("{start} to {end}", start=start, end=end)
    return told_list(text) if value.key in OURS and value.unit != "time" else text


def bearing(finding: Finding) -> str:
    """Returns which proposition a finding speaks for, and how much that says; or an empty string."""
    question = finding.question
    if question is None:
        return ""
    first, second = visible(told(question.h1), 400), visible(told(question.h2), 400)
    match finding.direction:
        case Direction.SUPPORTS_H1:
            side = say("This speaks for “{this}”, against “{that}”.", this=first, that=second)
        case Direction.SUPPORTS_H2:
            side = say("This speaks for “{this}”, against “{that}”.", this=second, that=first)
        case Direction.NEUTRAL:
            side = say(
                "This speaks neither for “{this}” nor for “{that}”.", this=first, that=second
            )
    match finding.diagnostic:
        case Diagnostic.YES:
            said = [strength(finding.strength)]
        case Diagnostic.NO:
            said = [say("But it would be expected either way, so it moves nothing.")]
        case Diagnostic.UNKNOWN:
            said = [
                say("Whether it would be expected either way is not known."),
                strength(finding.strength),
            ]
    return joined(" ", [side, *said])


def brief_bearing(finding: Finding) -> str:
    """Returns the same in a few words, for a terminal; empty where the finding moves nothing."""
    question = finding.question
    if question is None or finding.direction is Direction.NEUTRAL:
        return ""
    if finding.diagnostic is Diagnostic.NO:
        return say("Expected either way: it moves nothing.")
    side = question.h1 if finding.direction is Direction.SUPPORTS_H1 else question.h2
    side = visible(told(side), 400)
    if finding.strength is None:
        return say("Speaks for: {side} (uncalibrated).", side=side)
    return say(
        "Speaks for: {side} ({word}).", side=side, word=visible(told(finding.strength.word), 60)
    )


def strength(value: Strength | None) -> str:
    """Returns the strength word with its scale and calibration, or that there is none."""
    if value is None:
        return say("Its strength was not calibrated, so no word is given for it.")
    return say(
        "Strength of the finding: {word} (scale {scale}, calibrated on {calibration}).",
        word=visible(told(value.word), 60),
        scale=visible(value.scale, 80),
        calibration=visible(value.calibration, 80),
    )


def where(value: Where | None) -> str:
    """Returns where a value was measured ("field Image Make; byte 32"), or an empty string."""
    if value is None:
        return ""
    parts: list[str] = []
    if value.field is not None:
        parts.append(say("field {field}", field=visible(value.field, 120)))
    if value.start is not None and value.end is not None:
        start, end = position(value.start, 3), position(value.end, 3)
        parts.append(say("{start} to {end}", start=start, end=end))
    elif value.start is not None:
        parts.append(say("at {time}", time=position(value.start, 3)))
    elif value.end is not None:
        parts.append(say("until {time}", time=position(value.end, 3)))
    if value.region is not None:
        x, y, width, height = map(str, value.region)
        parts.append(say("{width} × {height} px at {x}, {y}", width=width, height=height, x=x, y=y))
    if value.offset is not None:
        parts.append(say("byte {offset}", offset=value.offset))
    return joined("; ", parts)


def amount(value: Measurement) -> str:
    """Returns the value with its unit; units that say nothing to a reader are left out."""
    text = visible(_worded(value), 600)
    if isinstance(value.value, int):
        text = number(value.value) if abs(value.value) < 10**18 else text
    if value.unit in {"text", "time", "count"}:
        return text
    return f"{text} {visible(told(value.unit), 40)}"


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
