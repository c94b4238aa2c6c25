"""Importing: another desk's bundle, verified, kept apart, searched from then on, and recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, func, insert, select, update

from db import files, foreign
from db.ledger import SqlLedger
from db.models import foreign_asset, foreign_entry, foreign_log, foreign_signature
from forensics.errors import LedgerBroken, LedgerError, UsageError
from forensics.ledger.audit import Audit, audit
from forensics.ledger.bundle import Bundle, open_bundle
from forensics.ledger.entry import read_entry
from forensics.ledger.merkle import leaf_hash
from forensics.ledger.note import to_base64
from forensics.ledger.policy import Policy
from forensics.model import Draft

_ROWS = 1000


class Forked(LedgerBroken):
    """Two bundles of one desk, under one key, contradict each other."""


class OtherKeyError(LedgerError):
    """A bundle is of another log than the one of the same name that is known, under another key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was imported.

    Attributes:
        origin: The other log's name.
        size: How many entries the bundle's checkpoint signs.
        before: How many entries of that log were known before.
        assets: How many assets are known from that desk now.
        signatures: How many signatures of pictures.
        unread: How many of its entries have a payload that cannot be searched here.
        entry: The entry that records the import; None where the bundle brought nothing new.
    """

    origin: str
    size: int
    before: int
    assets: int
    signatures: int
    unread: int
    entry: int | None


class _NothingNew(Exception):  # noqa: N818 - never leaves this module
    """Undoes the transaction."""


def import_bundle(
    ledger: SqlLedger, path: Path, *, vkey: str | None = None, policy: Policy | None = None
) -> Imported:
    """Verifies a bundle of another desk and takes it in; all or nothing.

    Args:
        ledger: Where to.
        path: The bundle.
        vkey: That desk's key, as it told it. None: the policy's; or the bundle's own word, from then on kept.
        policy: Which logs and witnesses are known.

    Raises:
        LedgerBroken: The bundle is broken, or contradicts one that was imported before.
        OtherKeyError: It is of another log of a name that is known, and no key decides between the two.
        UsageError: It is of this ledger itself.
        LedgerError: It could not be read or recorded.
    """
    try:
        with path.open("rb") as file:
            try:
                bundle = open_bundle(file)
            except LedgerBroken as error:
                raise _broken(path, str(error)) from error
            result = audit(bundle, policy=policy, vkey=vkey)
            if result.problem is not None:
                where = "" if result.first_bad is None else f" (first at entry {result.first_bad})"
                raise _broken(path, f"{result.problem}{where}")
            if result.origin == ledger.origin:
                raise UsageError(
                    f"nothing was imported: {path} is a bundle of this ledger, {ledger.origin}",
                    hint="`forensics verify` verifies it; `forensics ledger verify --bundle` compares it.",
                )
            return _take(ledger, bundle, files.digest(file), result)
    except OSError as error:
        raise LedgerError(f"{path} could not be read: {error.strerror or error}") from error


def _broken(path: Path, what: str) -> LedgerBroken:
    return LedgerBroken(
        f"nothing was imported: the bundle {path} is broken: {what}",
        hint="Ask the desk that it came from for another copy.",
    )


def _take(ledger: SqlLedger, bundle: Bundle, file: tuple[str, int], result: Audit) -> Imported:
    digest, length = file
    before, displaced = 0, False
    try:
        with ledger.batch() as batch:
            connection = batch.connection
            first = _first_key(bundle)
            held = foreign.imports_of(connection).get(result.origin, {})
            displaced = _displaces(result, first, list(held.values()))
            if displaced:
                _remove(connection, result.origin)
            before = 0 if displaced else _known(connection, result.origin)
            told = result.pinned and not any(one.key_given for one in held.values())
            _merge(connection, bundle, result.origin, batch.size, anyway=told)
            unread = foreign.rebuild(connection, connection, result.origin)
            counts = _counts(connection, result.origin)
            payload = {
                "origin": result.origin,
                "vkey": first,
                "size": result.size,
                "root": to_base64(result.root),
                "checkpoint": bundle.cosigned(bundle.size),
                "bundle": {"sha256": digest, "size": length},
                "grade": str(result.grade),
                "key_given": result.pinned,
                **counts,
            }
            entry = batch.add_draft(Draft(type="import", subject=None, payload=payload))
            batch.seal()
    except _NothingNew:
        displaced, unread, entry = False, 0, None
        counts = {"assets": 0, "signatures": 0}
    if displaced:
        ledger.rebuild()  # the index may hold codes of the log that gave way
    return Imported(
        origin=result.origin,
        size=result.size,
        before=before,
        assets=counts["assets"],
        signatures=counts["signatures"],
        unread=unread,
        entry=entry,
    )


def _displaces(result: Audit, first: str, held: list[foreign.Import]) -> bool:
    """Tells whether a bundle takes the place of another log of its name, under another first key.

    Anybody can make a log under any name. So one that was imported on its own word gives way to one whose key
    is known, and not the other way round; and between two keys nothing here proves which is the desk's.

    Raises:
        OtherKeyError: It may not.
    """
    others = [one for one in held if one.vkey != first]
    if not others:
        return False
    if any(one.key_given for one in others):
        raise OtherKeyError(
            f"nothing was imported: another log of the name {result.origin} is known, under the key "
            f"{others[-1].vkey}, which you gave; this bundle is of one that began with {first}",
            hint="Only one of them is that desk's: ask it by another way which key it began with.",
        )
    if not result.pinned:
        raise OtherKeyError(
            f"nothing was imported: another log of the name {result.origin} is known, under the key "
            f"{others[-1].vkey}; this bundle is of one that began with {first}. Each is known by its own "
            "word alone",
            hint="Ask that desk for its key by another way, and import with --key: that log then counts.",
        )
    return True


def _remove(connection: Connection, origin: str) -> None:
    connection.execute(delete(foreign_entry).where(foreign_entry.c.origin == origin))


def _merge(
    connection: Connection, bundle: Bundle, origin: str, entry: int, *, anyway: bool
) -> None:
    """Adds what is new, as of the `import` entry that comes next.

    Args:
        connection: The ledger.
        bundle: The bundle.
        origin: Its log's name.
        entry: Index of that entry.
        anyway: There is something to record even if the bundle brings nothing.

    Raises:
        Forked: An entry is another one than was imported before.
        _NothingNew: Nothing is.
    """
    held = _held(connection, origin)
    fresh: list[dict[str, object]] = []
    anything = anyway
    for index, body, left_out in bundle.entries():
        leaf = leaf_hash(body) if body is not None else left_out
        place, known, has_body = next(held, (None, b"", False))
        if place is None:
            row = {"origin": origin, "idx": index, "leaf": leaf, "body": body, "entry": entry}
            fresh.append(row)
            anything = True
        elif known != leaf:
            raise Forked(
                f"nothing was imported: {origin} shows two different logs. From entry {index} on, this "
                f"bundle has other entries than the one imported before: expected the leaf hash "
                f"{known.hex()}, found {(leaf or b'').hex()}",
                hint="Keep both bundles: together they prove it. Ask that desk, and tell its witnesses.",
            )
        elif body is not None and not has_body:
            same = (foreign_entry.c.origin == origin) & (foreign_entry.c.idx == index)
            connection.execute(update(foreign_entry).where(same).values(body=body, entry=entry))
            anything = True
        if len(fresh) >= _ROWS:
            connection.execute(insert(foreign_entry), fresh)
            fresh = []
    if fresh:
        connection.execute(insert(foreign_entry), fresh)
    if not anything:
        raise _NothingNew


def _held(connection: Connection, origin: str) -> Iterator[tuple[int, bytes, bool]]:
    """Yields (index, leaf hash, whether the body is here) of what was imported before."""
    start = 0
    while True:  # in parts, so that no cursor stays open while rows are added
        rows = connection.execute(
            select(foreign_entry.c.idx, foreign_entry.c.leaf, foreign_entry.c.body.is_not(None))
            .where(foreign_entry.c.origin == origin, foreign_entry.c.idx >= start)
            .order_by(foreign_entry.c.idx)
            .limit(_ROWS)
        ).all()
        for index, leaf, has_body in rows:
            yield index, leaf, bool(has_body)
        if len(rows) < _ROWS:
            return
        start = rows[-1][0] + 1


def _known(connection: Connection, origin: str) -> int:
    size = connection.execute(
        select(foreign_log.c.size).where(foreign_log.c.origin == origin)
    ).scalar()
    return int(size or 0)


def _counts(connection: Connection, origin: str) -> dict[str, int]:
    """Returns what is held of a desk."""
    bodies = select(func.count(foreign_entry.c.body)).where(foreign_entry.c.origin == origin)
    assets = select(func.count()).select_from(foreign_asset).where(foreign_asset.c.origin == origin)
    pictures = select(func.coalesce(func.sum(foreign_signature.c.pictures), 0)).where(
        foreign_signature.c.origin == origin
    )
    return {
        "bodies": int(connection.execute(bodies).scalar_one()),
        "assets": int(connection.execute(assets).scalar_one()),
        "signatures": int(connection.execute(pictures).scalar_one()),
    }


def _first_key(bundle: Bundle) -> str:
    """Returns the key that the log was begun with."""
    _, body, _ = next(bundle.entries())
    return str(read_entry(body or b"").payload["vkey"])
