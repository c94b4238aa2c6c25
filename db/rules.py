"""Rules between entries, and between entries and what lies beside the log; checked entry by entry."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select

from db import attachments
from db.models import disclosure, log_entry
from forensics.ledger.anchors import ANCHOR, OTS, RFC3161
from forensics.ledger.entry import Entry, check_supersedes, read_entry
from forensics.ledger.verify import Part, Problem

REDACTION = "redaction"
"""Type of the entry that records that values were deleted."""


class Rules:
    """Takes the entries in turn, and says at the end what contradicts them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._redacted: dict[tuple[int, str], int] = {}
        self._anchored: dict[tuple[int, str], dict[str, int]] = {}

    def concern(self, parts: Mapping[str, Any]) -> bool:
        """Tells whether an entry of these parts has to be taken at all."""
        return "supersedes" in parts or parts["type"] in (REDACTION, ANCHOR)

    def take(self, index: int, entry: Entry) -> None:
        """Takes one entry.

        Raises:
            LedgerError: It supersedes an entry that it may not.
        """
        if entry.supersedes is not None:
            query = select(log_entry.c.body).where(log_entry.c.idx == entry.supersedes)
            body = self._connection.execute(query).scalar_one_or_none()
            check_supersedes(index, entry, None if body is None else read_entry(body))
        payload = entry.payload
        if entry.type == REDACTION and isinstance(payload.get("keys"), list):
            for key in payload["keys"]:
                self._redacted[payload.get("entry", -1), str(key)] = index
        elif entry.type == ANCHOR:
            place = (payload.get("size", -1), str(payload.get("kind")))
            digest = payload.get("stamp" if place[1] == OTS else "token")
            self._anchored.setdefault(place, {})[str(digest)] = index

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
