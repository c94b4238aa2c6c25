"""What an entry may say of the log it stands in: of itself, of earlier entries, and in whose name.

Each rule is one of `docs/ledger-format.md`, section 5. An entry that breaks one may well be signed: its
signature shows that the log's owner wrote it, not that it can be so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from forensics.errors import LedgerError
from forensics.ledger.anchors import ANCHOR, OTS, RFC3161
from forensics.ledger.decision import DECISION, Decided, decider, verify_decision
from forensics.ledger.entry import CHECKPOINT, CREATED, Entry, check_supersedes
from forensics.ledger.keychain import KeyRange
from forensics.ledger.note import Verifier, parse_checkpoint, parse_note, parse_vkey, to_base64

REDACTION = "redaction"
"""Type of the entry that records that values were deleted."""
IMPORT = "import"
"""Type of the entry that records that another desk's bundle was taken in."""
_SPEAKING = frozenset({REDACTION, ANCHOR, DECISION, IMPORT})
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class ActError(LedgerError, ValueError):
    """An entry says something that it cannot say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An entry that another one speaks of.

    Attributes:
        leaf: Its leaf hash.
        entry: What it says; None where its body was left out.
    """

    leaf: bytes
    entry: Entry | None


Find: TypeAlias = Callable[[int], Earlier]
"""Returns the entry of an index that the log has."""


class Frames:
    """Checks the frame of every entry, in turn: its type's place, its time, and in whose name it is."""

    def __init__(self) -> None:
        self._runs: list[tuple[int, int, str]] = []
        self._first = self._last = 0
        self._actor: str | None = None
        self._at = ""

    def take(self, index: int, type_: str, at: str, actor: str) -> None:
        """Takes one entry.

        Raises:
            ActError: It cannot stand at its place, or its time is none.
        """
        if (type_ == CREATED) != (index == 0):
            raise ActError(
                f"an entry {CREATED!r} begins a log and stands nowhere else: found {type_!r} as "
                f"entry {index}"
            )
        if at != self._at:  # the entries of one append share it
            self._at = _time(at)
        if actor != self._actor:
            self._end_run()
            self._first, self._actor = index, actor
        self._last = index

    def _end_run(self) -> None:
        if self._actor is not None:
            self._runs.append((self._first, self._last, self._actor))

    def strange_actor(self, keys: Sequence[KeyRange]) -> tuple[int, str] | None:
        """Returns the first entry that does not name the key that signed the log at its place, and why.

        Args:
            keys: The log's keys, verified.
        """
        self._end_run()
        for first, last, actor in self._runs:
            for index in [first, *(k.first for k in keys if first < k.first <= last)]:
                key = next(k for k in reversed(keys) if k.first <= index).verifier
                if actor != key.short:
                    return index, (
                        f"it names another key as the one that acted: expected {key.short}, "
                        f"found {actor!r}"
                    )
        return None


def concerns(type_: str, supersedes: object) -> bool:
    """Tells whether an entry has to be held against others."""
    return supersedes is not None or type_ in _SPEAKING


def check_named(index: int, entry: Entry) -> list[int]:
    """Returns the indices of the entries that an entry speaks of, each before it.

    Raises:
        ActError: Where an index should be, there is none, or none that is before it.
        NoteError: A checkpoint or a key in it is none.
    """
    if entry.type == IMPORT:
        _check_import(entry.payload)
    named = refers(entry)
    if late := [each for each in named if each >= index]:
        raise ActError(f"it speaks of entry {late[0]}, and there is none before it with that index")
    return named


def refers(entry: Entry) -> list[int]:
    """Returns the indices of the entries that an entry speaks of.

    Raises:
        ActError: Where an index should be, there is none.
    """
    payload = entry.payload
    found = [] if entry.supersedes is None else [entry.supersedes]
    if entry.type == REDACTION:
        found.append(_index(payload, "entry"))
    elif entry.type == ANCHOR:
        found.append(_index(payload, "size"))
    elif entry.type == DECISION:
        statement = payload.get("statement")
        found.append(_index(statement if isinstance(statement, dict) else {}, "entry"))
    return found


def check_against(index: int, entry: Entry, find: Find, origin: str) -> Decided | None:
    """Checks what an entry says of others; returns the decision, if it is one, that holds.

    Args:
        index: Of the entry; `check_named` found nothing.
        entry: The entry.
        find: The entries that it speaks of.
        origin: Name of the log.

    Raises:
        LedgerError: It breaks a rule.
    """
    if entry.supersedes is not None and (earlier := find(entry.supersedes).entry):
        check_supersedes(index, entry, earlier)
    if entry.type == REDACTION:
        _check_redaction(entry.payload, find)
    elif entry.type == ANCHOR:
        _check_anchor(entry.payload, find)
    elif entry.type == DECISION:
        return _check_decision(index, entry, find, origin)
    return None


def _check_redaction(payload: Mapping[str, Any], find: Find) -> None:
    keys = payload.get("keys")
    if not isinstance(keys, list) or not keys or not all(isinstance(key, str) for key in keys):
        raise ActError("a redaction lists no keys of values: expected 'keys' with at least one")
    earlier = find(payload["entry"]).entry
    if earlier and (wrong := [key for key in keys if key not in earlier.commitments]):
        raise ActError(f"entry {payload['entry']} commits to no value {wrong[0]!r} to be deleted")


def _check_anchor(payload: Mapping[str, Any], find: Find) -> None:
    kind = payload.get("kind")
    if not isinstance(kind, str):
        raise ActError("a proof of time names no kind: expected 'kind' as text")
    if kind in {RFC3161, OTS}:
        name = "stamp" if kind == OTS else "token"
        digest = payload.get(name)
        if not isinstance(digest, str) or not _SHA256.fullmatch(digest):
            raise ActError(f"a proof of time lacks {name!r}, expected a SHA-256 in hexadecimal")
    earlier = find(payload["size"]).entry
    if earlier is None:
        return
    signed = earlier.payload.get("root") if earlier.type == CHECKPOINT else None
    if signed is None or payload.get("root") != signed:
        raise ActError(
            f"it is over a checkpoint of {payload['size']} entries that the log does not have: "
            f"expected the root {signed}, found {payload.get('root')!r}"
        )


def _check_decision(index: int, entry: Entry, find: Find, origin: str) -> Decided:
    by = decider(entry)
    earlier = find(entry.payload["statement"]["entry"])
    decision = verify_decision(entry, origin, earlier.leaf, [by])
    if earlier.entry and earlier.entry.subject != entry.subject:
        raise ActError(
            f"a decision on entry {decision.entry} is about {entry.subject}, "
            f"expected {earlier.entry.subject}"
        )
    return Decided(index=index, on=decision.entry, outcome=decision.outcome, by=by)


def _check_import(payload: Mapping[str, Any]) -> None:
    for key in ("origin", "vkey", "root", "checkpoint"):
        if not isinstance(payload.get(key), str):
            raise ActError(f"an import lacks {key!r}, expected text")
    parse_vkey(payload["vkey"])
    head = parse_checkpoint(parse_note(payload["checkpoint"]).text)
    said = (payload["origin"], _index(payload, "size"), payload["root"])
    if said != (head.origin, head.size, to_base64(head.root)):
        raise ActError("an import says something else than the checkpoint in it")
    if "bodies" in payload:
        _index(payload, "bodies")


def _time(at: str) -> str:
    try:
        datetime.fromisoformat(at[:19])
    except ValueError:
        raise ActError(f"its time is {at!r}, which no calendar has") from None
    return at


def _index(part: Mapping[str, Any], key: str) -> int:
    value = part.get(key)
    if type(value) is not int or value < 0:
        raise ActError(f"its {key!r} is {value!r}, expected a whole number from 0 on")
    return value


def own_decision(decided: Sequence[Decided], keys: Sequence[KeyRange]) -> tuple[int, str] | None:
    """Returns the first decision that the log's own key signed, where a person's has to be, and why not."""
    own = {key.verifier.public for key in keys}
    for one in decided:
        if one.by.public in own:
            return (
                one.index,
                f"a decision is signed with the log's key {one.by.short}, not a person's",
            )
    return None


def decided_words(decided: Sequence[Decided], known: Sequence[Verifier]) -> list[str]:
    """Returns what was found of decisions in words, one sentence for each key."""
    said = []
    for by in dict.fromkeys(one.by for one in decided):
        mine = [one for one in decided if one.by == by]
        what = ", ".join(
            f"entry {one.index} ({one.outcome}, on entry {one.on})" for one in mine[:12]
        )
        more = f" and {len(mine) - 12} more" if len(mine) > 12 else ""
        whose = (
            "a key that you gave"
            if by in known
            else "a key that only the log names: give the key that this person told you (--decider)"
        )
        said.append(f"Decisions signed with {by.short}, {whose}: {what}{more}.")
    return said
