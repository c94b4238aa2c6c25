"""Taking a list of hashes into the ledger: on the word of whoever published it.

The list has an entry of its own, and each of its assets has one, so that what somebody listed can be proven
one by one. Nothing of these assets was ever seen here, and every answer that rests on them says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any, Protocol

from forensics.codec import ratio, well_formed
from forensics.hashlists.item import SCHEME, WIDTH, HashItem
from forensics.model import Draft, Receipt, Sha256

_AT_ONCE = 5000
"""Assets in one append: what a run that was cut short has to repeat at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a list comes from.

    Attributes:
        publisher: Whose word it is.
        published_at: RFC 3339 time in UTC by which it was published.
        url: Where, or None.
    """

    publisher: str
    published_at: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a list.

    Attributes:
        sha256: Of the list.
        new: Assets that were recorded.
        known: Assets that were recorded from this list before, or occur in it again.
        receipt: Of the last append; None where all of it was recorded before.
    """

    sha256: Sha256
    new: int
    known: int
    receipt: Receipt | None


class Lists(Protocol):
    """The part of a ledger that takes lists in."""

    def append(self, drafts: Sequence[Draft]) -> Receipt:
        """Appends entries, all or nothing."""
        ...

    def listed_in(self, sha256: Sha256) -> set[Sha256]:
        """Returns the assets that were recorded from a list."""
        ...


def take_in(
    data: bytes,
    items: Sequence[HashItem],
    source: Source,
    ledger: Lists,
    watch: Callable[[str, float], None] | None = None,
) -> Taken:
    """Records a list and its assets; those recorded from it before are passed over.

    Args:
        data: The list, byte for byte.
        items: What it says (`read_list`).
        source: Where it comes from.
        ledger: Where it is recorded.
        watch: Told of progress.

    Raises:
        LedgerError: It could not be recorded; what was recorded before that stays.
    """
    name = Sha256(sha256(data).hexdigest())
    there = ledger.listed_in(name)
    fresh = {one.subject: one for one in items if one.subject not in there}
    left = iter(fresh.values())
    receipt, done = None, 0
    head = [] if there else [_list_draft(name, len(data), items, source)]
    while part := list(islice(left, _AT_ONCE)):
        receipt = ledger.append([*head, *_item_drafts(name, part, source)])
        head, done = [], done + len(part)
        if watch:
            watch("recording", done / len(fresh))
    return Taken(sha256=name, new=len(fresh), known=len(items) - len(fresh), receipt=receipt)


def _list_draft(name: Sha256, size: int, items: Sequence[HashItem], source: Source) -> Draft:
    return Draft(
        type="hash-list",
        subject=None,
        payload=_present(
            {
                "sha256": name,
                "size": size,
                "publisher": source.publisher,
                "published_at": source.published_at,
                "url": source.url,
                "scheme": SCHEME,
                "assets": len(items),
                "hashes": sum(len(one.hashes) for one in items),
            }
        ),
    )


def _item_drafts(name: Sha256, items: Sequence[HashItem], source: Source) -> Iterator[Draft]:
    for item in items:
        hashes = sorted(item.hashes, key=lambda one: one.time)  # stable: else as the list has them
        payload = {
            "list": name,
            "named_by": "bytes" if item.sha256 else "codes",
            "kind": item.kind.value,
            **_appearance(item, source),
            "scheme": SCHEME,
            "width": WIDTH,
            "times": [ratio(one.time) for one in hashes],
            "qualities": [one.quality for one in hashes],
            "codes": b"".join(one.code for one in hashes).hex(),
        }
        yield Draft(
            type="hash-listed",
            subject=f"sha256:{item.subject}",
            payload=_present(payload),
            personal={"name": well_formed(item.name)} if item.name else {},
        )


def _appearance(item: HashItem, source: Source) -> dict[str, str | None]:
    """Says when the asset was published, where the list tells; else when the list was."""
    told = item.published_at is not None
    return {
        "what": "published" if told else "listed",
        "at": item.published_at or source.published_at,
        "publisher": well_formed(item.publisher or "") or (None if told else source.publisher),
        "url": well_formed(item.url or "") or (None if told else source.url),
        "by": source.publisher,
    }


def _present(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}
