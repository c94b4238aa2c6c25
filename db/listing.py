"""The entries that fit, a page at a time, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from db.reading import Reader, StoredEntry
from forensics.model import Sha256

_FETCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Entries, newest first.

    Attributes:
        entries: No more than were asked for.
        more: Whether an earlier entry fits as well: the next page begins before the last one here.
    """

    entries: tuple[StoredEntry, ...]
    more: bool


def page(
    reader: Reader,
    *,
    asset: Sha256 | None = None,
    type: str | None = None,  # noqa: A002 - as the entry calls it
    since: str | None = None,
    actor: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Page:
    """Returns the newest entries that fit.

    Args:
        reader: The ledger.
        asset: Only entries about this asset.
        type: Only entries of this type.
        since: Only entries of this RFC 3339 UTC time or later, by their own word.
        actor: Only entries that this key appended: its key id, name and key id, or the whole key.
        before: Only entries with a smaller index.
        limit: No more than this many.

    Raises:
        LedgerError: An entry cannot be read; the message names it.
    """
    found: list[StoredEntry] = []
    asked = limit + 1 if actor is None else max(limit + 1, _FETCH)
    while len(found) <= limit:
        part = reader.entries(asset=asset, type=type, since=since, before=before, limit=asked)
        found += [one for one in part if actor is None or _is(one.entry.actor, actor)]
        if len(part) < asked:
            break
        before = part[-1].index
    return Page(entries=tuple(found[:limit]), more=len(found) > limit)


def _is(actor: str, wanted: str) -> bool:
    """Tells whether a key, as entries name it, is the one that is meant."""
    return actor == wanted or actor.rpartition("+")[2] == wanted or wanted.startswith(f"{actor}+")
