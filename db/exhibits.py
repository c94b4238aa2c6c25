"""The pictures that analyses made of an asset and that are kept beside its original, named by its outcomes.

They show what the original shows, so they go where it goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from db.models import log_entry
from db.reading import says
from forensics.ledger.entry import read_entry
from forensics.model import Sha256

_DIGEST = re.compile("[0-9a-f]{64}", re.ASCII)
_OF = "sha256:"


def exhibits(connection: Connection) -> dict[Sha256, set[Sha256]]:
    """Returns the digest of each exhibit that an outcome names, with the assets that it was made of.

    What is no digest is left out: it becomes a path, and a log may come from somebody else. So is what has
    not the shape of a finding or an exhibit.
    """
    found: dict[Sha256, set[Sha256]] = {}
    query = select(log_entry.c.body).where(says("type", "outcome"))
    for row in connection.execute(query).yield_per(100):
        entry = read_entry(row.body)
        subject = entry.subject or ""
        if entry.type != "outcome" or not subject.startswith(_OF):
            continue
        for finding in _things(entry.payload, "findings"):
            for exhibit in _things(finding, "exhibits"):
                digest = exhibit.get("sha256")
                if isinstance(digest, str) and _DIGEST.fullmatch(digest):
                    found.setdefault(Sha256(digest), set()).add(Sha256(subject[len(_OF) :]))
    return found


def _things(payload: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    """The objects of the list under a key; none where there is something else."""
    listed = payload.get(key)
    if isinstance(listed, list):
        yield from (thing for thing in listed if isinstance(thing, dict))


def exhibits_of(connection: Connection, asset: Sha256) -> set[Sha256]:
    """Returns the digests of the exhibits that were made of one asset."""
    return {digest for digest, assets in exhibits(connection).items() if asset in assets}
