"""The ledger's entries and its verification, for a person and as JSON.

The values come from `db`, which this layer does not know: they are described by protocols.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from rich.console import Console
from rich.text import Text

from forensics.ledger.anchors import Anchor
from forensics.ledger.entry import Entry
from forensics.ledger.verify import Verification
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


def print_log(entries: Sequence[StoredEntry], console: Console, *, limit: int) -> None:
    """Prints entries, one line each; where `limit` cut the list, how to see what came before."""
    if not entries:
        console.print(Text("No entry fits."))
        return
    rows = [(str(e.index), e.entry.at, visible(e.entry.type, 40), _about(e)) for e in entries]
    print_table(rows, console, header=("entry", "time", "type", "about"), right=frozenset({0}))
    if len(entries) == limit and entries[-1].index > 0:
        console.print(Text(f"There may be earlier ones: --before {entries[-1].index}"))


def _about(stored: StoredEntry) -> str:
    """A few words on what an entry records."""
    payload = stored.entry.payload
    subject = visible(stored.entry.subject or "", 80)
    short = subject.removeprefix("sha256:")[:12]
    detail = {
        "asset-received": stored.disclosed.get("name", "(redacted)"),
        "custody": payload.get("event", ""),
        "outcome": f"{payload.get('analysis')} {payload.get('status')}",
        "signatures": f"{payload.get('scheme')}, {len(payload.get('times', []))}",
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


def log_json(entries: Sequence[StoredEntry]) -> str:
    """Returns entries as one JSON document."""
    return json.dumps(
        {
            "schema": "forensics/ledger-log/1",
            "entries": [
                {
                    "index": e.index,
                    "leaf": e.leaf.hex(),
                    "body": json.loads(e.body),
                    "disclosed": e.disclosed,
                }
                for e in entries
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


def print_verification(result: Verification, ledger: str, console: Console) -> None:
    """Prints what the record proves and what it does not; never a bare OK."""
    console.print(Text(str(result.grade).capitalize(), style="bold"))
    for sentence in result.sentences:
        console.print(Text(visible(sentence, 2000)))
    console.print(
        Text(
            "Originals kept beside the ledger were not looked at; the log names each by its SHA-256."
        )
    )
    console.print(Text(f"ledger {visible(ledger, 400)}"), soft_wrap=True)
    console.print(Text(f"log    {visible(result.origin, 400)}"), soft_wrap=True)
    console.print(Text(f"root   {result.root.hex()} over {result.size} entries"), soft_wrap=True)


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


def verification_json(result: Verification) -> str:
    """Returns a verification as one JSON document."""
    return json.dumps(
        {
            "schema": "forensics/ledger-verification/1",
            "grade": str(result.grade),
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
            "problems": [
                {"part": str(p.part), "entry": p.entry, "what": p.what} for p in result.problems
            ],
            "remarks": list(result.remarks),
        },
        indent=2,
    )
