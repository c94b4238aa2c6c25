"""What the bodies come to: tables made from the log alone, which can be dropped and made again.

`Projector` is the one way in: an append uses it, and so does `rebuild`. It reads the payloads that
`docs/ledger-format.md` describes; entries of other types change nothing here. No personal value gets in:
names are read from the disclosures when they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sqlalchemy import Connection, Table, bindparam, delete, inspect, select

from db import filed, listed, looks, sounds, wrapped
from db.driver import Insert
from db.models import (
    PROJECTIONS,
    appearance,
    asset,
    case_file,
    coded_stream,
    custody,
    foreign_log,
    log_entry,
    signature,
    stream,
    verdict,
)
from forensics.errors import LedgerError
from forensics.ledger.entry import Entry, read_entry

Row: TypeAlias = dict[str, Any]
"""Values by column."""
_SUBJECT = re.compile(r"sha256:([0-9a-f]{64})", re.ASCII)
_INSERT = {table: Insert(table) for table in PROJECTIONS}
_DELETE_STREAMS = delete(stream).where(stream.c.asset == bindparam("of"))
_DELETE_SIGNATURES = delete(signature).where(
    signature.c.scheme == bindparam("under"), signature.c.asset == bindparam("of")
)
_GATHERED = 1000
"""No more rows, or kilobytes of codes, are gathered before they are written."""
_RATIO = re.compile(r"-?\d{1,18}/[1-9]\d{0,17}", re.ASCII)


class PayloadError(LedgerError, ValueError):
    """An entry of a known type has a payload of another shape."""


class Projector:
    """Lets entries take effect on the projections, in turn; rows are gathered and written many at a time.

    Args:
        connection: To where the projections lie. Nothing is complete before `flush`.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.inserts: dict[Table, list[Row]] = {
            table: [] for table in (appearance, custody, verdict, case_file)
        }
        self.assets: dict[str, Row] = {}
        self.streams: dict[str, list[Row]] = {}
        self.coded: dict[str, list[tuple[str, str]]] = {}
        self.signatures: dict[tuple[str, str], Row] = {}
        self.listed: dict[tuple[str, str], Row] = {}
        self.widths: dict[str, int] = {}
        there = inspect(connection).get_table_names()  # a file of an older schema lacks some
        self._has_coded, self._has_cases = coded_stream.name in there, case_file.name in there
        self._gathered = 0

    def take(self, index: int, entry: Entry) -> None:
        """Lets one entry take effect.

        Raises:
            PayloadError: Its type is known, its payload has another shape.
        """
        if self._has_cases and (row := filed.row(index, entry)):
            self.inserts[case_file].append(row)
        try:
            _ACTS.get(entry.type, _nothing)(self, index, entry)
        except (KeyError, TypeError, AttributeError) as error:
            raise PayloadError(
                f"entry {index} ({entry.type}) lacks a part, or has it in another form: {error}"
            ) from error
        self._gathered += 1
        if self._gathered >= _GATHERED:
            self.flush()

    def gather_codes(self, row: Row) -> None:
        """Gathers signatures; they replace those of the same asset and scheme."""
        self.listed.pop((row["scheme"], row["asset"]), None)
        self.signatures[row["scheme"], row["asset"]] = row
        self._gathered += len(row["codes"]) // 1024

    def gather_listed(self, row: Row) -> None:
        """Gathers signatures from a list; they stand only where there are none."""
        key = row["scheme"], row["asset"]
        if key not in self.signatures:
            self.listed.setdefault(key, row)
            self._gathered += len(row["codes"]) // 1024

    def flush(self) -> None:
        """Writes what was gathered."""
        run = self.connection.execute
        for table, rows in self.inserts.items():
            if rows:
                _INSERT[table](self.connection, rows)
                rows.clear()
        if self.assets:
            there = select(asset.c.sha256).where(asset.c.sha256.in_(list(self.assets)))
            known = set(run(there).scalars())
            if fresh := [row for name, row in self.assets.items() if name not in known]:
                _INSERT[asset](self.connection, fresh)
            run(_DELETE_STREAMS, [{"of": name} for name in self.streams])
            if streams := [row for rows in self.streams.values() for row in rows]:
                _INSERT[stream](self.connection, streams)
            if self._has_coded:
                wrapped.put(self.connection, self.coded)
        if self.signatures:
            run(_DELETE_SIGNATURES, [{"under": s, "of": name} for s, name in self.signatures])
            _INSERT[signature](self.connection, list(self.signatures.values()))
        if self.listed:
            listed.put(self.connection, self.listed)
        self.assets, self.streams, self.coded, self.signatures, self.listed = {}, {}, {}, {}, {}
        self._gathered = 0


def takes_effect(type_: str) -> bool:
    """Tells whether entries of a type change the projections."""
    return type_ in _ACTS or type_ in filed.FILED


def rebuild(connection: Connection) -> int:
    """Empties the projections and makes them again from the log; returns how many entries were read.

    Raises:
        LedgerError: A body cannot be read; the message names the entry.
    """
    for table in PROJECTIONS:
        connection.execute(delete(table))
    projector = Projector(connection)
    count = 0
    rows = connection.execute(
        select(log_entry.c.idx, log_entry.c.body).order_by(log_entry.c.idx),
        execution_options={"stream_results": True, "max_row_buffer": 1000},
    )
    for index, body in rows:
        try:
            entry = read_entry(body)
        except LedgerError as error:
            raise LedgerError(f"entry {index} cannot be read: {error}") from error
        projector.take(index, entry)
        count += 1
    projector.flush()
    return count


def subject_of(sha256: str) -> str:
    """Returns the name under which entries speak of an asset."""
    return f"sha256:{sha256}"


def asset_row(index: int, entry: Entry) -> Row:
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


def stream_rows(index: int, entry: Entry) -> list[Row]:
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


def appearance_row(index: int, entry: Entry) -> Row:
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


def signature_row(index: int, entry: Entry) -> Row:
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


def _asset_received(to: Projector, index: int, entry: Entry) -> None:
    row, streams = asset_row(index, entry), stream_rows(index, entry)
    to.assets.setdefault(row["sha256"], row)
    to.streams[row["sha256"]], to.coded[row["sha256"]] = streams, wrapped.digests(entry)
    received = {"entry": index, "asset": row["sha256"], "what": "received", "at": entry.at}
    to.inserts[appearance].append(
        {**received, "url": None, "publisher": None, "by": _origin(entry)}
    )


def _appearance(to: Projector, index: int, entry: Entry) -> None:
    to.inserts[appearance].append(appearance_row(index, entry))


def _signatures(to: Projector, index: int, entry: Entry) -> None:
    if looks.is_local(entry.payload):
        looks.put_local(to.connection, index, asset_of(index, entry), entry.payload)
        return
    if sounds.is_sound(entry.payload):
        sounds.put(to.connection, index, asset_of(index, entry), entry.payload)
        return
    row = signature_row(index, entry)
    _check_width(to, index, row)
    to.gather_codes(row)


def _listed(to: Projector, index: int, entry: Entry) -> None:
    """An asset in a list of hashes: where it appeared, and its codes."""
    listed.check(index, entry)
    row = signature_row(index, entry)
    _check_width(to, index, row)
    to.inserts[appearance].append(appearance_row(index, entry))
    to.gather_listed(row)


def _check_width(to: Projector, index: int, row: Row) -> None:
    scheme, width = row["scheme"], row["width"]
    if scheme not in to.widths:
        query = select(signature.c.width).where(signature.c.scheme == scheme).limit(1)
        to.widths[scheme] = to.connection.execute(query).scalar() or width
    if (other := to.widths[scheme]) != width:
        raise PayloadError(
            f"entry {index}: codes of {scheme} have {other} bytes, these have {width}"
        )


def _looks(to: Projector, index: int, entry: Entry) -> None:
    looks.put_looks(to.connection, index, asset_of(index, entry), entry.payload)


def _import(to: Projector, index: int, entry: Entry) -> None:
    """Keeps the largest head of another desk's log that was imported.

    One that began with another key takes its place; only a given key lets it (`db.importing`).
    """
    payload = entry.payload
    row: Row = {
        "size": _whole(payload, "size"),
        "entry": index,
        **{key: _text(payload, key) for key in ("origin", "vkey", "root", "checkpoint")},
    }
    same = foreign_log.c.origin == row["origin"]
    held = to.connection.execute(select(foreign_log.c.size, foreign_log.c.vkey).where(same)).first()
    if held is None or held.size < row["size"] or held.vkey != row["vkey"]:
        to.connection.execute(delete(foreign_log).where(same))
        _INSERT[foreign_log](to.connection, [row])


def _custody(to: Projector, index: int, entry: Entry) -> None:
    payload = entry.payload
    to.inserts[custody].append(
        {
            "entry": index,
            "asset": _asset_or_none(entry),
            "event": _text(payload, "event"),
            "at": entry.at,
            "sha256": _text(payload, "sha256"),
            "size": _whole(payload, "size"),
        }
    )


def _verdict(to: Projector, index: int, entry: Entry) -> None:
    said = {key: _text(entry.payload, key) for key in ("verifiability", "about", "ruleset")}
    whose = {"entry": index, "asset": _asset_or_none(entry), "at": entry.at}
    to.inserts[verdict].append(whose | said)


def _nothing(to: Projector, index: int, entry: Entry) -> None:
    pass


_ACTS: Mapping[str, Callable[[Projector, int, Entry], None]] = {
    "asset-received": _asset_received,
    "appearance": _appearance,
    "signatures": _signatures,
    listed.LISTED: _listed,
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
