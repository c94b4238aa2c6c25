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

from db.models import (
    PROJECTIONS,
    appearance,
    asset,
    custody,
    log_entry,
    signature,
    stream,
    verdict,
)
from forensics.errors import LedgerError
from forensics.ledger.entry import Entry, read_entry

_SUBJECT = re.compile(r"sha256:([0-9a-f]{64})", re.ASCII)
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


def _asset_received(connection: Connection, index: int, entry: Entry) -> None:
    name, payload = _asset(entry, index), entry.payload
    row = {
        "sha256": name,
        "size": _whole(payload, "size"),
        "kind": _text(payload, "kind"),
        "mime": _text(payload, "mime"),
        "container": _text_or_none(payload, "container"),
        "duration": _text_or_none(payload, "duration"),
        "first_seen": entry.at,
        "entry": index,
    }
    if connection.execute(select(asset.c.entry).where(asset.c.sha256 == name)).first() is None:
        connection.execute(insert(asset).values(row))
    connection.execute(delete(stream).where(stream.c.asset == name))
    streams = [
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
        for part in payload["streams"]
    ]
    if len({row["position"] for row in streams}) != len(streams):
        raise PayloadError(f"entry {index} ({entry.type}) names a stream twice")
    if streams:
        connection.execute(insert(stream), streams)
    _appear(connection, index, name, what="received", at=entry.at, by=_origin(entry))


def _appearance(connection: Connection, index: int, entry: Entry) -> None:
    payload = entry.payload
    _appear(
        connection,
        index,
        _asset(entry, index),
        what=_text(payload, "what"),
        at=_text(payload, "at"),
        by=_text(payload, "by"),
        url=_text_or_none(payload, "url"),
        publisher=_text_or_none(payload, "publisher"),
    )


def _appear(
    connection: Connection,
    index: int,
    name: str,
    *,
    what: str,
    at: str,
    by: str,
    url: str | None = None,
    publisher: str | None = None,
) -> None:
    connection.execute(
        insert(appearance).values(
            entry=index, asset=name, what=what, at=at, url=url, publisher=publisher, by=by
        )
    )


def _signatures(connection: Connection, index: int, entry: Entry) -> None:
    name, payload = _asset(entry, index), entry.payload
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
    connection.execute(
        insert(signature).values(
            scheme=scheme,
            asset=name,
            entry=index,
            width=width,
            pictures=len(times),
            codes=codes,
            times=times,
            qualities=qualities,
        )
    )


def _custody(connection: Connection, index: int, entry: Entry) -> None:
    payload = entry.payload
    connection.execute(
        insert(custody).values(
            entry=index,
            asset=_asset_or_none(entry),
            event=_text(payload, "event"),
            at=entry.at,
            sha256=_text(payload, "sha256"),
            size=_whole(payload, "size"),
        )
    )


def _verdict(connection: Connection, index: int, entry: Entry) -> None:
    payload = entry.payload
    connection.execute(
        insert(verdict).values(
            entry=index,
            asset=_asset_or_none(entry),
            at=entry.at,
            verifiability=_text(payload, "verifiability"),
            about=_text(payload, "about"),
            ruleset=_text(payload, "ruleset"),
        )
    )


_ACTS: Mapping[str, Callable[[Connection, int, Entry], None]] = {
    "asset-received": _asset_received,
    "appearance": _appearance,
    "signatures": _signatures,
    "custody": _custody,
    "verdict": _verdict,
}


def _asset(entry: Entry, index: int) -> str:
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
