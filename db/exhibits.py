"""The pictures that analyses made of an asset and that are kept beside its original, named by its outcomes.

They show what the original shows, so they go where it goes.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from db.models import log_entry
from db.reading import says
from forensics.ledger.entry import read_entry
from forensics.model import Sha256


def exhibits(connection: Connection, asset: Sha256 | None = None) -> set[Sha256]:
    """Returns the digests of the exhibits that outcomes name: of one asset, or of all (None)."""
    query = select(log_entry.c.body).where(says("type", "outcome"))
    if asset is not None:
        query = query.where(says("subject", f"sha256:{asset}"))
    entries = (read_entry(row.body) for row in connection.execute(query).yield_per(100))
    return {
        Sha256(exhibit["sha256"])
        for entry in entries
        if entry.type == "outcome" and (asset is None or entry.subject == f"sha256:{asset}")
        for finding in entry.payload.get("findings", ())
        for exhibit in finding.get("exhibits", ())
    }
