"""People's notes as an outcome: "context". A note gives a reason and moves nothing; the engine sees to that.

A note that its author calls expected either way is told as such: what it says would be seen just as well if
the claim were false. The words are the person's and can be deleted.
"""

from __future__ import annotations

from collections.abc import Sequence

from forensics.model import (
    Caveat,
    Diagnostic,
    Finding,
    Measurement,
    Note,
    Outcome,
    Ran,
    Sha256,
)
from forensics.verdict.speaking import CONTEXT as NAME

VERSION = 1

_PERSON = Caveat(
    id="word-of-a-person",
    text="This is the word of whoever wrote it; nothing here was measured, and nobody checked it.",
)
_TEMPLATES = {
    (False, False): "A note of {by} (entry {entry}): “{text}”",
    (False, True): "A note of {by} (entry {entry}): “{text}” The reason given: “{reason}”",
    (True, False): "A note of {by} (entry {entry}): “{text}” It is expected either way.",
    (
        True,
        True,
    ): "A note of {by} (entry {entry}): “{text}” It is expected either way, since: “{reason}”",
}
"""By whether it is expected either way, and whether a reason is given."""


def context(notes: Sequence[Note], asset: Sha256 | None) -> Outcome | None:
    """Returns the notes about an asset, or about the case as a whole (None); None where there are none.

    Args:
        notes: Of the case, in any order.
        asset: Whose.
    """
    mine = sorted((n for n in notes if n.asset == asset), key=lambda n: n.stated.entry)
    if not mine:
        return None
    return Outcome(
        analysis=NAME,
        version=VERSION,
        examines=(),
        result=Ran(findings=tuple(map(_finding, mine))),
    )


def nothing_left() -> Outcome:
    """Returns what takes the place of notes that are on record and were all withdrawn."""
    return Outcome(analysis=NAME, version=VERSION, examines=(), result=Ran())


def _finding(note: Note) -> Finding:
    either_way = note.diagnostic is Diagnostic.NO
    template = _TEMPLATES[either_way, bool(note.reason)]
    reason = (_words("reason", note.reason),) if note.reason else ()
    return Finding(
        id=f"{'either-way' if either_way else 'note'}-{note.pillar}",
        template=template,
        measurements=(
            _words("by", note.stated.by),
            Measurement(key="entry", value=note.stated.entry, unit="count"),
            _words("text", note.text),
            *reason,
        ),
        diagnostic=note.diagnostic,
        caveats=(_PERSON,),
    )


def _words(key: str, value: str) -> Measurement:
    return Measurement(key=key, value=value, unit="text", personal=True)
