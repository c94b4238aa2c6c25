"""Rules between entries, and between entries and what lies beside the log; checked entry by entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select

from db import attachments
from db.models import disclosure, log_entry
from forensics.errors import LedgerError
from forensics.ledger.acts import (
    REDACTION,
    ActError,
    Earlier,
    Frames,
    check_against,
    check_named,
    concerns,
    own_decision,
)
from forensics.ledger.anchors import ANCHOR, OTS, RFC3161
from forensics.ledger.decision import Decided
from forensics.ledger.entry import CREATED, Entry, read_entry
from forensics.ledger.keychain import KeyRange
from forensics.ledger.merkle import leaf_hash
from forensics.ledger.verify import Part, Problem


class Rules:
    """Takes the entries in turn, and says at the end what contradicts them.

    Attributes:
        decided: Decisions of people that hold, each under the key that its entry names.
    """

    def __init__(self, connection: Connection) -> None:
        self.decided: list[Decided] = []
        self._connection = connection
        self._origin = ""
        self._frames = Frames()
        self._redacted: dict[tuple[int, str], int] = {}
        self._anchored: dict[tuple[int, str], dict[str, int]] = {}

    def concern(self, index: int, parts: Mapping[str, Any]) -> bool:
        """Takes the frame of an entry, and tells whether the entry of these parts has to be taken as well.

        Raises:
            ActError: It cannot stand at its place, or its time is none.
        """
        self._frames.take(index, parts["type"], parts["at"], parts["actor"])
        return index == 0 or concerns(parts["type"], parts.get("supersedes"))

    def take(self, index: int, entry: Entry) -> None:
        """Takes one entry.

        Raises:
            LedgerError: It says something of itself or of another entry that cannot be.
        """
        if entry.type == CREATED:
            self._origin = str(entry.payload.get("origin"))
        if not concerns(entry.type, entry.supersedes):
            return
        check_named(index, entry)
        if decided := check_against(index, entry, self._earlier, self._origin):
            self.decided.append(decided)
        payload = entry.payload
        if entry.type == REDACTION:
            for key in payload["keys"]:
                self._redacted[payload["entry"], key] = index
        elif entry.type == ANCHOR:
            place = (payload["size"], payload["kind"])
            digest = payload.get("stamp" if place[1] == OTS else "token")
            self._anchored.setdefault(place, {})[str(digest)] = index

    def _earlier(self, index: int) -> Earlier:
        query = select(log_entry.c.body).where(log_entry.c.idx == index)
        body = self._connection.execute(query).scalar_one_or_none()
        if body is None:
            raise ActError(f"it speaks of entry {index}, which is not there")
        try:
            return Earlier(leaf=leaf_hash(body), entry=read_entry(body))
        except LedgerError as error:
            raise ActError(f"it speaks of entry {index}, which cannot be read: {error}") from error

    def strange(self, keys: Sequence[KeyRange]) -> list[Problem]:
        """Returns the first entry in the name of a key that it cannot be of.

        Args:
            keys: The log's keys, verified.
        """
        told = [self._frames.strange_actor(keys), own_decision(self.decided, keys)]
        wrong = min((one for one in told if one is not None), default=None)
        if wrong is None:
            return []
        what = f"entry {wrong[0]} is not as it has to be: {wrong[1]}"
        return [Problem(part=Part.LOG, entry=wrong[0], what=what)]

    def problems(self) -> list[Problem]:
        """Returns what lies beside the log and is not what the log says."""
        found = []
        for kind in (RFC3161, OTS):
            for size in attachments.sizes(self._connection, kind):
                known = self._anchored.get((size, kind), {})
                for attached in attachments.of_size(self._connection, size, kind):
                    if (digest := sha256(attached.data).hexdigest()) not in known:
                        what = (
                            f"what {attached.name} stored for the checkpoint of {size} entries is not "
                            f"what was recorded: expected {' or '.join(known) or 'nothing'}, found {digest}"
                        )
                        entry = max(known.values(), default=None)
                        found.append(Problem(part=Part.ATTACHMENT, entry=entry, what=what))
        return found

    def remarks(self) -> list[str]:
        """Returns what an auditor may want to look at."""
        said = []
        for (size, kind), known in sorted(self._anchored.items()):
            if not attachments.of_size(self._connection, size, kind):
                said.append(
                    f"Entry {max(known.values())} records a proof of time for the checkpoint of {size} "
                    f"entries; it is not stored here."
                )
        for (entry, key), index in sorted(self._redacted.items()):
            query = select(disclosure.c.key).where(
                disclosure.c.entry == entry, disclosure.c.key == key
            )
            if self._connection.execute(query).first() is not None:
                said.append(
                    f"The value {key!r} of entry {entry} is here, although entry {index} records that it "
                    f"was deleted: an older copy may have been put back."
                )
        return said
