"""The ledger's entries and its verification, for a person and as JSON.

The values come from `db`, which this layer does not know: they are described by protocols.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console
from rich.text import Text

from forensics.ledger.acts import decided_words
from forensics.ledger.anchors import Anchor
from forensics.ledger.entry import Entry
from forensics.ledger.note import Verifier
from forensics.ledger.policy import Finding
from forensics.ledger.verify import Grade, Verification
from forensics.report.bundle import LISTED, decisions_json, graded, witnesses, witnesses_json
from forensics.report.clean import visible
from forensics.report.table import print_table
from forensics.report.words import count

VALUE = 600
"""Characters of one value that `show` prints; `--raw` prints all."""


class StoredEntry(Protocol):
    """An entry with its place, its exact bytes, its leaf hash and its disclosed values."""

    @property
    def index(self) -> int:
        """Place in the log, from 0."""
        ...

    @property
    def body(self) -> bytes:
        """The exact bytes that are hashed."""
        ...

    @property
    def leaf(self) -> bytes:
        """SHA-256(0x00 ‖ body)."""
        ...

    @property
    def entry(self) -> Entry:
        """What the body says."""
        ...

    @property
    def disclosed(self) -> dict[str, str]:
        """Values behind commitments, by key."""
        ...


class Page(Protocol):
    """Entries, newest first."""

    @property
    def entries(self) -> Sequence[StoredEntry]:
        """No more than were asked for."""
        ...

    @property
    def more(self) -> bool:
        """Whether an earlier entry fits as well."""
        ...


class Originals(Protocol):
    """What lies in the evidence store."""

    @property
    def folder(self) -> Path:
        """The store."""
        ...

    @property
    def sound(self) -> int:
        """How many originals have the bytes that they are named after."""
        ...

    @property
    def missing(self) -> Sequence[str]:
        """SHA-256 of those that were stored, by the log, and are not there."""
        ...

    @property
    def changed(self) -> Sequence[str]:
        """SHA-256 of those whose bytes are others now, or cannot be read."""
        ...

    @property
    def destroyed(self) -> Sequence[str]:
        """SHA-256 of those that were destroyed, by the log, and are there."""
        ...

    @property
    def unexpected(self) -> Sequence[str]:
        """Paths below the folder of which the log says nothing."""
        ...


class Judged(Protocol):
    """What was found of a ledger."""

    @property
    def found(self) -> Verification:
        """Of the log and what lies beside it."""
        ...

    @property
    def accepted(self) -> bool:
        """Whether nothing is broken, the policy is met, and the originals are as recorded."""
        ...

    @property
    def finding(self) -> Finding | None:
        """What the policy says."""
        ...

    @property
    def witnessed(self) -> int:
        """Size of the largest checkpoint that the policy accepts as witnessed; 0 if there is none."""
        ...

    @property
    def originals(self) -> Originals | None:
        """What lies in the evidence store; None if it was not looked at."""
        ...


def print_log(page: Page, console: Console) -> None:
    """Prints entries, one line each; where there are earlier ones, how to see them."""
    entries = page.entries
    if not entries:
        console.print(Text("No entry fits."))
        return
    rows = [(str(e.index), e.entry.at, visible(e.entry.type, 40), _about(e)) for e in entries]
    print_table(rows, console, header=("entry", "time", "type", "about"), right=frozenset({0}))
    if page.more:
        console.print(
            Text(f"Earlier ones: the same command with --before {entries[-1].index}"),
            soft_wrap=True,
        )


def _about(stored: StoredEntry) -> str:
    """A few words on what an entry records."""
    payload = stored.entry.payload
    subject = visible(stored.entry.subject or "", 80)
    short = subject.removeprefix("sha256:")[:12]
    detail = {
        "asset-received": stored.disclosed.get("name", "(redacted)"),
        "custody": payload.get("event", ""),
        "outcome": f"{payload.get('analysis')} {payload.get('status')}",
        "signatures": ", ".join(
            [
                str(payload.get("scheme")),
                *([str(len(payload["times"]))] if "times" in payload else []),
            ]
        ),
        "search": count(len(payload.get("copies", [])), "copy", "copies"),
        "verdict": str(payload.get("verifiability", "")),
        "checkpoint": f"signs the first {payload.get('size')}",
        "ledger-created": str(payload.get("origin", "")),
        "key-changed": f"to {str(payload.get('new', '')).partition('+')[2][:8]}",
        "anchor": _anchor(payload),
        "redaction": f"of entry {payload.get('entry')}",
    }.get(stored.entry.type, "")
    return "  ".join(part for part in (short, visible(str(detail), 60)) if part)


def _anchor(payload: Mapping[str, Any]) -> str:
    """Which entries a proof of time is over, and what it says of them."""
    these = f"the first {payload.get('size')}"
    if payload.get("kind") == "ots":
        return f"{these}, OpenTimestamps, {payload.get('state')}"
    return f"{these} existed not after {payload.get('gen_time')}"


def log_json(page: Page) -> str:
    """Returns entries as one JSON document; `earlier` is what --before takes for the next page, or null."""
    return json.dumps(
        {
            "schema": "forensics/ledger-log/1",
            "earlier": page.entries[-1].index if page.more else None,
            "entries": [
                {
                    "index": e.index,
                    "leaf": e.leaf.hex(),
                    "body": json.loads(e.body),
                    "disclosed": e.disclosed,
                }
                for e in page.entries
            ],
        },
        ensure_ascii=True,
        indent=2,
    )


def print_entry(stored: StoredEntry, console: Console) -> None:
    """Prints one entry: its frame, its payload as a tree, and the values it commits to."""
    entry = stored.entry
    rows = [
        (name, visible(value, VALUE))
        for name, value in (
            ("entry", str(stored.index)),
            ("type", entry.type),
            ("at", entry.at),
            ("by key", entry.actor),
            ("about", entry.subject or "-"),
            ("supersedes", "-" if entry.supersedes is None else str(entry.supersedes)),
            ("leaf hash", stored.leaf.hex()),
        )
    ]
    print_table(rows, console)
    console.print()
    for line in _tree(entry.payload, 0):
        console.print(Text(line), soft_wrap=True)
    for key in sorted(entry.commitments):
        kept = stored.disclosed.get(key)
        said = "(redacted); the commitment stays" if kept is None else visible(kept, VALUE)
        console.print(Text(f"committed {visible(key, 200)}: {said}"), soft_wrap=True)


def _tree(value: Any, depth: int) -> list[str]:
    pad = "  " * depth
    if isinstance(value, dict):
        lines = []
        for key, item in value.items():
            name = visible(str(key), 200)
            if isinstance(item, dict | list) and item:
                lines += [f"{pad}{name}:", *_tree(item, depth + 1)]
            else:
                lines.append(f"{pad}{name}: {_leaf(item)}")
        return lines
    if all(isinstance(item, int) or (isinstance(item, str) and " " not in item) for item in value):
        return [f"{pad}{visible(', '.join(map(str, value)), VALUE)}"]
    return [line for item in value for line in _item(item, depth)]


def _item(item: Any, depth: int) -> list[str]:
    lines = _tree(item, depth + 1) if isinstance(item, dict | list) else [_leaf(item)]
    return ["  " * depth + "- " + lines[0].lstrip(), *lines[1:]] if lines else []


def _leaf(value: Any) -> str:
    return "none" if value in (None, [], {}) else visible(str(value), VALUE)


def print_verification(
    judged: Judged, ledger: str, console: Console, deciders: Sequence[Verifier] = ()
) -> None:
    """Prints what the record proves and what it does not; never a bare OK.

    Args:
        judged: What was found.
        ledger: Where the ledger is.
        console: Where to.
        deciders: Keys of people whose decisions the verifier knows.
    """
    result = judged.found
    console.print(Text(_headline(judged), style="bold"), soft_wrap=True)
    for sentence in result.sentences:
        console.print(Text(visible(sentence, 2000)))
    if not result.problems:
        for sentence in witnesses(judged.finding, judged.witnessed or result.signed):
            console.print(Text(visible(sentence, 2000)))
        for sentence in decided_words(result.decided, deciders):
            console.print(Text(visible(sentence, 2000)))
    for line in _originals(judged.originals):
        console.print(Text(visible(line, 2000)), soft_wrap=line.startswith(" "))
    console.print(Text(f"ledger {visible(ledger, 400)}"), soft_wrap=True)
    console.print(Text(f"log    {visible(result.origin, 400)}"), soft_wrap=True)
    console.print(Text(f"root   {result.root.hex()} over {result.size} entries"), soft_wrap=True)


def _headline(judged: Judged) -> str:
    """The grade, and of how many entries each part of it was shown."""
    result = judged.found
    if result.grade in {Grade.BROKEN, Grade.INTEGRITY_ONLY}:
        return str(result.grade).capitalize()
    times = [a for a in result.anchors if a.token is not None and a.size == result.timestamped]
    at = times[0].token.gen_time if times and times[0].token else ""
    return graded(
        result.size, (judged.witnessed, judged.finding), (result.timestamped, f"not after {at}")
    )


def _originals(found: Originals | None) -> Iterator[str]:
    if found is None:
        yield (
            "Originals kept beside the ledger were not looked at (--originals); the log names each by its "
            "SHA-256."
        )
        return
    sound = count(found.sound, "original has", "originals have")
    yield f"{sound} the bytes that the log names them after, in"
    yield f"  {found.folder}"
    for names, what in (
        (found.missing, "recorded as stored, and not there"),
        (found.changed, "there with other bytes, or not readable"),
        (found.destroyed, "recorded as destroyed, and still there"),
        (found.unexpected, "there, and not in the log"),
    ):
        if names:
            yield f"{count(len(names), 'file is', 'files are')} {what}:"
            yield from (f"  {name}" for name in names[:LISTED])
            if len(names) > LISTED:
                yield f"  and {len(names) - LISTED} more; --json names all"


def _time(anchor: Anchor) -> dict[str, Any]:
    """One proof of time as JSON."""
    token = anchor.token
    return {
        "kind": anchor.kind,
        "size": anchor.size,
        "by": anchor.name,
        "sha256": anchor.sha256,
        "not_after": token.gen_time if token else None,
        "verified": anchor.holds,
        "says": anchor.sentence,
    }


def verification_json(judged: Judged) -> str:
    """Returns a verification as one JSON document."""
    result, originals = judged.found, judged.originals
    return json.dumps(
        {
            "schema": "forensics/ledger-verification/1",
            "grade": str(result.grade),
            "accepted": judged.accepted,
            "origin": result.origin,
            "key": result.key,
            "pinned": result.pinned,
            "size": result.size,
            "root": result.root.hex(),
            "checkpoints": result.checkpoints,
            "signed": result.signed,
            "anchored": result.anchored,
            "keys": [
                {"key": k.verifier.vkey, "first": k.first, "last": k.last} for k in result.keys
            ],
            "timestamped": result.timestamped,
            "times": [_time(anchor) for anchor in result.anchors],
            "open_to_change": result.open_to_change,
            "witnesses": witnesses_json(judged.finding, judged.witnessed),
            "decisions": decisions_json(result.decided),
            "originals": originals
            and {
                "sound": originals.sound,
                "missing": list(originals.missing),
                "changed": list(originals.changed),
                "destroyed": list(originals.destroyed),
                "unexpected": list(originals.unexpected),
            },
            "problems": [
                {"part": str(p.part), "entry": p.entry, "what": p.what} for p in result.problems
            ],
            "remarks": list(result.remarks),
        },
        indent=2,
    )
