"""What a bundle proves, and what was exported or imported, for a person and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Protocol

from rich.console import Console
from rich.text import Text

from forensics.ledger.audit import Audit
from forensics.ledger.decision import Decided
from forensics.ledger.policy import Finding
from forensics.ledger.verify import Grade
from forensics.report.clean import visible
from forensics.report.words import count

LISTED = 12
"""Files of one kind that are named; `--json` names all."""


class Exported(Protocol):
    """What was exported."""

    @property
    def sha256(self) -> str:
        """Of the bundle."""
        ...

    @property
    def size(self) -> int:
        """Of the bundle, in bytes."""
        ...

    @property
    def entries(self) -> int:
        """How many entries its checkpoint signs."""
        ...

    @property
    def bodies(self) -> int:
        """How many of them are in it with their bodies."""
        ...

    @property
    def originals(self) -> tuple[str, ...]:
        """SHA-256 of each original in it."""
        ...


class Imported(Protocol):
    """What was imported."""

    @property
    def origin(self) -> str:
        """The other log's name."""
        ...

    @property
    def size(self) -> int:
        """How many entries the bundle's checkpoint signs."""
        ...

    @property
    def before(self) -> int:
        """How many entries of that log were known before."""
        ...

    @property
    def assets(self) -> int:
        """How many assets it tells of."""
        ...

    @property
    def signatures(self) -> int:
        """How many signatures of pictures it brings."""
        ...

    @property
    def unread(self) -> int:
        """How many of its entries have a payload that this program cannot search."""
        ...

    @property
    def entry(self) -> int | None:
        """The entry that records the import; None where it brought nothing new."""
        ...


def print_audit(result: Audit, console: Console) -> None:
    """Prints what a bundle proves and what it does not; never a bare OK."""
    console.print(Text(headline(result), style="bold"), soft_wrap=True)
    for sentence in sentences(result):
        console.print(Text(visible(sentence, 2000)))
    for title, files in (
        ("Sealed by the log", result.sealed),
        ("Listed by the manifest only", result.unsealed),
    ):
        if files:
            console.print(Text(f"{title}:", style="bold"))
            for name in files[:LISTED]:
                console.print(Text(f"  {visible(name, 300)}"), soft_wrap=True)
            if len(files) > LISTED:
                console.print(Text(f"  and {len(files) - LISTED} more; --json names all"))
    if result.root:
        console.print(Text(f"log    {visible(result.origin, 400)}"), soft_wrap=True)
        console.print(
            Text(f"root   {result.root.hex()} over {result.size} entries"), soft_wrap=True
        )


def headline(result: Audit) -> str:
    """Returns the grade, and of how many entries each part of it was shown."""
    if result.grade in {Grade.BROKEN, Grade.INTEGRITY_ONLY}:
        return str(result.grade).capitalize()
    stamped = result.stamped
    return graded(
        result.size,
        (result.witnessed, result.finding),
        (stamped.size, f"not after {stamped.at}") if stamped else (0, ""),
    )


def graded(size: int, witnessed: tuple[int, Finding | None], stamped: tuple[int, str]) -> str:
    """Returns a headline: of how many entries each part of a grade was shown.

    Args:
        size: How many entries are signed.
        witnessed: How many of them are witnessed, and what the policy says.
        stamped: How many of them are timestamped, and when.
    """
    parts = [f"Signed ({entries(size)})"]
    first, finding = witnessed
    if first and finding is not None:
        parts.append(f"witnessed ({_first(first, size)}, by {finding.count})")
    if stamped[0]:
        parts.append(f"timestamped ({_first(stamped[0], size)}, {stamped[1]})")
    return ", ".join(parts)


def entries(size: int) -> str:
    """Returns how a sentence counts entries."""
    return "1 entry" if size == 1 else f"{size} entries"


def _first(some: int, size: int) -> str:
    return f"all {size}" if some >= size else f"the first {some}"


def sentences(result: Audit) -> Iterator[str]:
    """Yields the result in words, for a person."""
    if result.problem is not None:
        place = "" if result.first_bad is None else f" (first at entry {result.first_bad})"
        yield f"Broken{place}: {result.problem}."
        return
    here = "" if result.bodies == result.size else f", {result.bodies} of them with their bodies,"
    yield (
        f"All {result.size} entries{here} lead to the root of the checkpoint, which is signed by "
        f"{result.key}; so do the checkpoints among them."
    )
    if not result.pinned:
        yield (
            "Only the bundle itself names that key, and whoever made the bundle could have chosen it: "
            "verify with the key that the owner told you (--key), or with a policy."
        )
    if result.since is not None:
        yield f"It continues the bundle of {result.since} entries whose checkpoint lies in it."
    yield from witnesses(result.finding, result.witnessed or result.size)
    for timed in result.times:
        yield f"Time of the checkpoint of {timed.size} entries: {timed.said}."
    if result.held:
        yield f"It agrees with the checkpoint of {result.held} entries that you hold."
    if open_ := result.open_to_change:
        first, last = open_
        which = f"entry {first}" if first == last else f"entries {first}–{last}"
        them = "it" if first == last else "them"
        yield (
            f"For {which} only the owner vouches: until this bundle left, the owner could have written "
            f"{them} anew."
        )
    yield (
        f"From now on you hold the checkpoint of {result.size} entries. What comes after them is not "
        f"here: entries from {result.size} on could still be cut or rewritten by the owner."
    )
    yield from result.remarks


def witnesses(finding: Finding | None, size: int) -> Iterator[str]:
    """Yields what a policy says of the checkpoint of `size` entries, in words."""
    if finding is None:
        return
    who = ", ".join(f"{name} ({made.at})" for name, made in finding.cosigned.items())
    if finding.asked:
        yield (
            f"The checkpoint of {size} entries is cosigned by {finding.count} witnesses"
            f"{': ' + who if who else ''}."
        )
    reached = "reached" if finding.quorum else "not reached"
    yield f"The policy asks for {finding.rule}: {reached}."
    if finding.log is None:
        yield "The policy knows no log of this name and key."


def witnesses_json(finding: Finding | None, witnessed: int) -> dict[str, object] | None:
    """Returns the same for a program; `witnessed` is the size that the policy accepts, or 0."""
    if finding is None:
        return None
    return {
        "size": witnessed,
        "cosigned": {name: made.at for name, made in finding.cosigned.items()},
        "asked": list(finding.asked),
        "rule": finding.rule,
        "reached": finding.quorum,
    }


def decisions_json(decided: Sequence[Decided]) -> list[dict[str, object]]:
    """Returns the decisions that hold, each under the key that its entry names, for a program."""
    return [
        {"entry": one.index, "on": one.on, "decision": one.outcome, "key": one.by.vkey}
        for one in decided
    ]


def audit_json(result: Audit) -> str:
    """Returns a result as one JSON document."""
    return json.dumps(
        {
            "schema": "forensics/bundle-verification/1",
            "grade": str(result.grade),
            "accepted": result.accepted,
            "origin": result.origin,
            "size": result.size,
            "root": result.root.hex(),
            "bodies": result.bodies,
            "key": result.key,
            "pinned": result.pinned,
            "witnesses": witnesses_json(result.finding, result.witnessed),
            "times": [
                {"size": t.size, "file": t.name, "not_after": t.at, "said": t.said}
                for t in result.times
            ],
            "decisions": decisions_json(result.decided),
            "held": result.held,
            "since": result.since,
            "open_to_change": result.open_to_change,
            "sealed": list(result.sealed),
            "listed_only": list(result.unsealed),
            "problem": result.problem,
            "first_bad": result.first_bad,
            "remarks": list(result.remarks),
        },
        indent=2,
    )


def print_export(made: Exported, path: str, console: Console) -> None:
    """Prints what left."""
    some = "" if made.bodies == made.entries else f", {made.bodies} of them with their bodies"
    console.print(Text(f"Wrote {visible(path, 400)} ({made.size:,} bytes)."), soft_wrap=True)
    console.print(Text(f"It holds the first {made.entries} entries{some}."))
    if made.originals:
        console.print(Text(f"Originals in it: {len(made.originals)}."))
    console.print(Text(f"SHA-256 {made.sha256}"), soft_wrap=True)
    console.print(Text("That it left is recorded in the entries after these."))


def print_import(made: Imported, console: Console) -> None:
    """Prints what came in."""
    origin = visible(made.origin, 300)
    if made.entry is None:
        console.print(Text(f"Nothing new: {made.before} entries of {origin} are known already."))
        return
    grown = f", {made.before} before" if made.before else ""
    console.print(Text(f"Imported {made.size} entries of {origin}{grown}."))
    console.print(
        Text(
            f"It tells of {count(made.assets, 'asset', 'assets')} and brings "
            f"{count(made.signatures, 'signature', 'signatures')} of pictures: that desk's word, kept "
            "apart from this log, and searched from now on."
        )
    )
    if made.unread:
        console.print(
            Text(f"{made.unread} of its entries are kept but cannot be searched by this program.")
        )
    console.print(Text(f"Recorded in entry {made.entry}."))
