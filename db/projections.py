"""What the bodies come to: tables made from the log alone, which can be dropped and made again.

`apply` is the one way in: an append uses it, and so does `rebuild`. It reads the payloads that
`docs/ledger-format.md` describes; entries of other types change nothing here. No personal value gets in:
names are read from the disclosures when they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from db import looks
from db.models import (
    PROJECTIONS,
    appearance,
    asset,
    custody,
    foreign_log,
    log_entry,
    signature,
    stream,
    verdict,
)
from forensics.errors import LedgerError
from forensics.ledger.entry import Entry, read_entry

_SUBJECT = re.compile(r"sha256:([0-9a-f]{64})", re.ASCII)
_INSERT = {table: insert(table) for table in PROJECTIONS}
_RATIO = re.compile(r"-?\d{1,18}/[1-9]\d{0,17}", re.ASCII)


class PayloadError(LedgerError, ValueError):
    """An entry of a known type has a payload of another shape."""


def apply(connection: Connection, index: int, entry: Entry) -> None:
    """Lets one entry take effect on the projections.

    Raises:
        PayloadError: Its type is known, its payload has another shape.
    """
    act = _ACTS.get(entry.type)
    if act is None:
        return
    try:
        act(connection, index, entry)
    except (KeyError, TypeError, AttributeError) as error:
        raise PayloadError(
            f"entry {index} ({entry.type}) lacks a part, or has it in another form: {error}"
        ) from error


def rebuild(connection: Connection) -> int:
    """Empties the projections and makes them again from the log; returns how many entries were read.

    Raises:
        LedgerError: A body cannot be read; the message names the entry.
    """
    for table in PROJECTIONS:
        connection.execute(delete(table))
    return replay(connection, connection)


def replay(source: Connection, target: Connection) -> int:
    """Applies every entry of one database to the projections of another; returns how many there are.

    Raises:
        LedgerError: A body cannot be read; the message names the entry.
    """
    count = 0
    rows = source.execute(
        select(log_entry.c.idx, log_entry.c.body).order_by(log_entry.c.idx),
        execution_options={"stream_results": True, "max_row_buffer": 1000},
    )
    for index, body in rows:
        try:
            entry = read_entry(body)
        except LedgerError as error:
            raise LedgerError(f"entry {index} cannot be read: {error}") from error
        apply(target, index, entry)
        count += 1
    return count


def subject_of(sha256: str) -> str:
    """Returns the name under which entries speak of an asset."""
    return f"sha256:{sha256}"


def asset_row(index: int, entry: Entry) -> dict[str, Any]:
    """Returns what an `asset-received` entry says of the asset."""
    payload = entry.payload
    return {
        "sha256": asset_of(index, entry),
        "size": _whole(payload, "size"),
        "kind": _text(payload, "kind"),
        "mime": _text(payload, "mime"),
        "container": _text_or_none(payload, "container"),
        "duration": _text_or_none(payload, "duration"),
        "first_seen": entry.at,
        "entry": index,
    }


def stream_rows(index: int, entry: Entry) -> list[dict[str, Any]]:
    """Returns what an `asset-received` entry says of the asset's streams.

    Raises:
        PayloadError: A stream occurs twice.
    """
    name = asset_of(index, entry)
    rows = [
        {
            "asset": name,
            "position": _whole(part, "index"),
            "type": _text(part, "type"),
            "codec": _text(part, "codec"),
            "digest": _text_or_none(part, "digest"),
            "digest_scheme": _text_or_none(part, "digest_scheme"),
            "width": _whole_or_none(part, "width"),
            "height": _whole_or_none(part, "height"),
        }
        for part in entry.payload["streams"]
    ]
    if len({row["position"] for row in rows}) != len(rows):
        raise PayloadError(f"entry {index} ({entry.type}) names a stream twice")
    return rows


def appearance_row(index: int, entry: Entry) -> dict[str, Any]:
    """Returns what an `appearance` entry says."""
    payload = entry.payload
    return {
        "entry": index,
        "asset": asset_of(index, entry),
        "what": _text(payload, "what"),
        "at": _text(payload, "at"),
        "url": _text_or_none(payload, "url"),
        "publisher": _text_or_none(payload, "publisher"),
        "by": _text(payload, "by"),
    }


def signature_row(index: int, entry: Entry) -> dict[str, Any]:
    """Returns what a `signatures` entry says.

    Raises:
        PayloadError: Its parts do not agree.
    """
    name, payload = asset_of(index, entry), entry.payload
    scheme, width = _text(payload, "scheme"), _whole(payload, "width")
    times, qualities = list(payload["times"]), list(payload["qualities"])
    try:
        codes = bytes.fromhex(payload["codes"])
    except ValueError as error:
        raise PayloadError(f"entry {index}: the codes are not hexadecimal: {error}") from error
    if width < 1 or len(codes) != width * len(times) or len(qualities) != len(times):
        raise PayloadError(
            f"entry {index}: {len(times)} times, {len(qualities)} qualities and {len(codes)} bytes of "
            f"codes do not agree at {width} bytes a code"
        )
    for time in times:
        if not _RATIO.fullmatch(time):
            raise PayloadError(f"entry {index}: {time!r} is not a time of the form n/d")
    if not all(type(quality) is int for quality in qualities):
        raise PayloadError(f"entry {index}: a quality is not a whole number")
    return {
        "scheme": scheme,
        "asset": name,
        "entry": index,
        "width": width,
        "pictures": len(times),
        "codes": codes,
        "times": times,
        "qualities": qualities,
    }


def _asset_received(connection: Connection, index: int, entry: Entry) -> None:
    row, streams = asset_row(index, entry), stream_rows(index, entry)
    name = row["sha256"]
    if connection.execute(select(asset.c.entry).where(asset.c.sha256 == name)).first() is None:
        connection.execute(_INSERT[asset], row)
    connection.execute(delete(stream).where(stream.c.asset == name))
    if streams:
        connection.execute(_INSERT[stream], streams)
    received = {"entry": index, "asset": name, "what": "received", "at": entry.at}
    connection.execute(
        _INSERT[appearance],
        {**received, "url": None, "publisher": None, "by": _origin(entry)},
    )


def _appearance(connection: Connection, index: int, entry: Entry) -> None:
    connection.execute(_INSERT[appearance], appearance_row(index, entry))


def _signatures(connection: Connection, index: int, entry: Entry) -> None:
    if looks.is_local(entry.payload):
        looks.put_local(connection, index, asset_of(index, entry), entry.payload)
        return
    row = signature_row(index, entry)
    scheme, name, width = row["scheme"], row["asset"], row["width"]
    other = connection.execute(
        select(signature.c.width).where(signature.c.scheme == scheme).limit(1)
    ).scalar()
    if other is not None and other != width:
        raise PayloadError(
            f"entry {index}: codes of {scheme} have {other} bytes, these have {width}"
        )
    connection.execute(
        delete(signature).where(signature.c.scheme == scheme, signature.c.asset == name)
    )
    connection.execute(_INSERT[signature], row)


def _looks(connection: Connection, index: int, entry: Entry) -> None:
    looks.put_looks(connection, index, asset_of(index, entry), entry.payload)


def _import(connection: Connection, index: int, entry: Entry) -> None:
    """Keeps the largest head of another desk's log that was imported."""
    payload = entry.payload
    row: dict[str, Any] = {
        "size": _whole(payload, "size"),
        "entry": index,
        **{key: _text(payload, key) for key in ("origin", "vkey", "root", "checkpoint")},
    }
    same = foreign_log.c.origin == row["origin"]
    held = connection.execute(select(foreign_log.c.size).where(same)).scalar()
    if held is None or held < row["size"]:
        connection.execute(delete(foreign_log).where(same))
        connection.execute(_INSERT[foreign_log], row)


def _custody(connection: Connection, index: int, entry: Entry) -> None:
    payload = entry.payload
    connection.execute(
        _INSERT[custody],
        {
            "entry": index,
            "asset": _asset_or_none(entry),
            "event": _text(payload, "event"),
            "at": entry.at,
            "sha256": _text(payload, "sha256"),
            "size": _whole(payload, "size"),
        },
    )


def _verdict(connection: Connection, index: int, entry: Entry) -> None:
    payload = entry.payload
    connection.execute(
        _INSERT[verdict],
        {
            "entry": index,
            "asset": _asset_or_none(entry),
            "at": entry.at,
            "verifiability": _text(payload, "verifiability"),
            "about": _text(payload, "about"),
            "ruleset": _text(payload, "ruleset"),
        },
    )


_ACTS: Mapping[str, Callable[[Connection, int, Entry], None]] = {
    "asset-received": _asset_received,
    "appearance": _appearance,
    "signatures": _signatures,
    "looks": _looks,
    "custody": _custody,
    "verdict": _verdict,
    "import": _import,
}


def asset_of(index: int, entry: Entry) -> str:
    """Returns the SHA-256 of the asset that an entry is about.

    Raises:
        PayloadError: It is about something else.
    """
    name = _asset_or_none(entry)
    if name is None:
        raise PayloadError(
            f"entry {index} ({entry.type}) is about {entry.subject!r}, expected sha256:<64 hex digits>"
        )
    return name


def _asset_or_none(entry: Entry) -> str | None:
    match = _SUBJECT.fullmatch(entry.subject or "")
    return match[1] if match else None


def _origin(entry: Entry) -> str:
    return entry.actor.rpartition("+")[0] or entry.actor


def _text(part: Mapping[str, Any], key: str) -> str:
    value = part[key]
    if not isinstance(value, str):
        raise TypeError(f"{key} is not text")
    return value


def _text_or_none(part: Mapping[str, Any], key: str) -> str | None:
    return None if part.get(key) is None else _text(part, key)


def _whole(part: Mapping[str, Any], key: str) -> int:
    value = part[key]
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{key} is not a whole number")
    return value


def _whole_or_none(part: Mapping[str, Any], key: str) -> int | None:
    return None if part.get(key) is None else _whole(part, key)
