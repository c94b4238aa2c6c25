"""Policies (C2SP tlog-policy): which logs a verifier knows, which witnesses, and how many must have seen.

log desk.example/2f9a+033de0ae+AQ…                   a key of type 0x01, and an address if wished
witness A a.example+11d7c9a0+BA…                     a key of type 0x04, under a name of this file
witness B b.example+5b0c62f4+BA…
group both all A B                                   all, any, or a number; of witnesses and groups
quorum both                                          what must have cosigned; or none
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from forensics.errors import UsageError
from forensics.ledger.cosign import Cosigned, Witness, cosignatures, parse_witness_key
from forensics.ledger.keychain import KeyRange
from forensics.ledger.note import (
    Note,
    NoteError,
    Verifier,
    parse_checkpoint,
    parse_vkey,
    verify_note,
)

MAX_POLICY = 1_000_000
"""No policy file is longer than this many bytes."""
NONE = "none"

_NUMBER = re.compile(rb"[1-9][0-9]{0,8}")


class PolicyError(UsageError):
    """A policy file is malformed; the message names the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Counts as one witness where at least `threshold` of its members do."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A parsed policy.

    Attributes:
        logs: Accepted logs; may be empty.
        witnesses: By name, in the order of the file.
        groups: By name; each refers only to names that stand before it.
        quorum: Name of a witness or group, or "none".
        urls: Addresses, by the vkey of the log or witness that has one.
    """

    logs: tuple[Verifier, ...] = ()
    witnesses: Mapping[str, Witness] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NONE
    urls: Mapping[str, str] = field(default_factory=dict)

    def asked(self) -> tuple[str, ...]:
        """Returns the names of the witnesses that can count for the quorum, in the file's order."""
        wanted, found = [self.quorum], set()
        while wanted:
            name = wanted.pop()
            if name in self.groups:
                wanted += self.groups[name].members
            else:
                found.add(name)
        return tuple(name for name in self.witnesses if name in found)

    def holds(self, cosigned: set[str]) -> bool:
        """Tells whether the quorum is reached by the witnesses of these names."""
        met = set(cosigned)
        for name, group in self.groups.items():  # each group stands after its members
            if sum(member in met for member in group.members) >= group.threshold:
                met.add(name)
        return self.quorum == NONE or self.quorum in met


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a policy says of one note.

    Attributes:
        log: The accepted log that signed it; None where none did.
        cosigned: Cosignatures that hold, by the policy's name of the witness, of those that are asked.
        asked: Names of the witnesses that can count for the quorum.
        quorum: Whether enough of them cosigned.
        rule: What is enough, in words.
    """

    log: Verifier | None
    cosigned: Mapping[str, Cosigned]
    asked: tuple[str, ...]
    quorum: bool
    rule: str

    @property
    def met(self) -> bool:
        """Whether the policy accepts the checkpoint: a known log signed it and the quorum is reached."""
        return self.log is not None and self.quorum

    @property
    def count(self) -> str:
        """How many of the asked witnesses cosigned: "2 of 3"."""
        return f"{len(self.cosigned)} of {len(self.asked)}"


def evaluate(policy: Policy, note: Note) -> Finding:
    """Holds a signed checkpoint against a policy.

    Raises:
        NoteError: It is no checkpoint, or the signature of a known log or witness does not hold.
    """
    origin = parse_checkpoint(note.text).origin
    known = {(v.name, v.key_id): v for v in policy.logs if v.name == origin}
    signed = any((s.name, s.key_id) in known for s in note.signatures)
    log = verify_note(note, list(known.values()))[0] if signed else None
    asked = policy.asked()
    made = {c.witness: c for c in cosignatures(note, [policy.witnesses[name] for name in asked])}
    cosigned = {
        name: made[policy.witnesses[name]] for name in asked if policy.witnesses[name] in made
    }
    return Finding(
        log=log,
        cosigned=cosigned,
        asked=asked,
        quorum=policy.holds(set(cosigned)),
        rule=_rule(policy),
    )


def with_key(policy: Policy | None, vkey: str) -> Policy:
    """Returns a policy that accepts one more log, by its key.

    Raises:
        NoteError: The key is not a log's key.
    """
    log = parse_vkey(vkey)
    if policy is None:
        return Policy(logs=(log,))
    return policy if log in policy.logs else replace(policy, logs=(*policy.logs, log))


def with_chain(policy: Policy, keys: Sequence[KeyRange]) -> Policy:
    """Returns a policy that accepts all keys of a log, if it knows one of them: each names the next.

    Args:
        policy: As it was given.
        keys: The log's keys, verified.
    """
    chain = [key.verifier for key in keys]
    if not any(log in chain for log in policy.logs):
        return policy
    return replace(policy, logs=(*policy.logs, *(log for log in chain if log not in policy.logs)))


def parse_policy(data: bytes) -> Policy:
    """Reads a policy file.

    Raises:
        PolicyError: Not well-formed; names the line.
    """
    if len(data) > MAX_POLICY:
        raise PolicyError(f"a policy has {len(data):,} bytes, expected at most {MAX_POLICY:,}")
    reading = _Reading()
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            reading.take(line)
        except (PolicyError, NoteError) as error:
            raise PolicyError(f"line {number} of the policy: {error}") from error
    return reading.policy()


class _Reading:
    def __init__(self) -> None:
        self.logs: list[Verifier] = []
        self.witnesses: dict[str, Witness] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self.urls: dict[str, str] = {}
        self.grouped: set[str] = set()

    def take(self, line: bytes) -> None:
        """Takes one line.

        Raises:
            PolicyError: It says nothing that a policy may say there.
            NoteError: A key in it is none.
        """
        if any((c < 0x20 and c != 0x09) or c == 0x7F for c in line):
            raise PolicyError(
                "it holds a control character; expected spaces, tabs and line feeds only"
            )
        # Names are bytes to the format; surrogate escapes keep every byte apart.
        keyword, *items = (
            word.decode("utf-8", "surrogateescape")
            for word in re.split(rb"[ \t]+", line.strip(b" \t"))
        )
        if not keyword or keyword.startswith("#"):
            return
        if keyword == "log" and len(items) in (1, 2):
            self._log(*items)
        elif keyword == "witness" and len(items) in (2, 3):
            self._witness(*items)
        elif keyword == "group" and len(items) >= 3:
            self._group(*items)
        elif keyword == "quorum" and len(items) == 1:
            self._quorum(items[0])
        else:
            raise PolicyError(
                f"{keyword!r} with {len(items)} words after it; expected log VKEY [URL], witness NAME "
                f"VKEY [URL], group NAME all|any|NUMBER NAME…, or quorum NAME"
            )

    def policy(self) -> Policy:
        if self.quorum is None:
            raise PolicyError(
                "the policy has no quorum line",
                hint="Add one; `quorum none` asks for no cosignature.",
            )
        return Policy(
            logs=tuple(self.logs),
            witnesses=self.witnesses,
            groups=self.groups,
            quorum=self.quorum,
            urls=self.urls,
        )

    def _log(self, vkey: str, url: str | None = None) -> None:
        log = parse_vkey(vkey)
        if any(log.public == other.public for other in self.logs):
            raise PolicyError(f"the key of the log {log.name!r} is listed twice")
        self.logs.append(log)
        self._url(vkey, url)

    def _witness(self, name: str, vkey: str, url: str | None = None) -> None:
        witness = parse_witness_key(vkey)
        if any(witness.public == other.public for other in self.witnesses.values()):
            raise PolicyError(f"the key of the witness {witness.name!r} is listed twice")
        self._new(name)
        self.witnesses[name] = witness
        self._url(vkey, url)

    def _group(self, name: str, amount: str, *members: str) -> None:
        for member in members:
            self._known(member)
            if member in self.grouped:
                raise PolicyError(f"{member!r} is a member twice; expected once in all groups")
            self.grouped.add(member)
        limit = {"all": len(members), "any": 1}.get(amount)
        if limit is None and _NUMBER.fullmatch(amount.encode("utf-8", "surrogateescape")):
            limit = int(amount)
        if limit is None or limit > len(members):
            raise PolicyError(
                f"the group {name!r} asks for {amount!r}; expected all, any, or 1 to {len(members)}"
            )
        self._new(name)
        self.groups[name] = Group(threshold=limit, members=members)

    def _quorum(self, name: str) -> None:
        if self.quorum is not None:
            raise PolicyError("there is a second quorum line; expected exactly one")
        if name != NONE:
            self._known(name)
        self.quorum = name

    def _known(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise PolicyError(f"{name!r} names no witness and no group on a line before")

    def _new(self, name: str) -> None:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise PolicyError(f"the name {name!r} is taken")

    def _url(self, vkey: str, url: str | None) -> None:
        if url is not None:
            self.urls[vkey] = url


def _rule(policy: Policy) -> str:
    """Says what the quorum asks for; groups within groups by their names."""
    name = policy.quorum
    group = policy.groups.get(name)
    if group is None:
        return "no witness" if name == NONE else name
    return f"{group.threshold} of {', '.join(group.members)}"
