"""What is kept of an asset's pictures, so that parts of them are found and copies confirmed.

Local codes are long, and stand in the log: the tables only say in which entries. Reduced pictures may show
a person, so they are values that can be deleted; an entry of the type `looks` commits to them.
"""

from __future__ import annotations

import re
from base64 import b64decode
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from db.models import (
    disclosure,
    foreign_entry,
    foreign_local_codes,
    local_codes,
    log_entry,
    look,
)
from forensics.errors import LedgerBroken, LedgerError
from forensics.ledger.entry import read_entry
from forensics.model import LocalCodes, Look, Sha256

POINT = 6
"""Bytes in which a point is described: x, y, size, angle (`forensics.model.LocalCodes`)."""
_RATIO = re.compile(r"-?\d{1,18}/[1-9]\d{0,17}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """What one `signatures` entry of a local scheme says.

    Attributes:
        scheme: Of the codes.
        part: From 0: the codes of one asset may be divided among several entries.
        width: Bytes in a code.
        times: Of the pictures, in seconds, "n/d".
        counts: How many codes each picture has.
        sizes: Width and height of each picture.
        points: `POINT` bytes for each code.
        codes: `width` bytes for each code.
    """

    scheme: str
    part: int
    width: int
    times: tuple[str, ...]
    counts: tuple[int, ...]
    sizes: tuple[tuple[int, int], ...]
    points: bytes
    codes: bytes


def is_local(payload: Mapping[str, Any]) -> bool:
    """Tells whether a `signatures` entry is of a local scheme: only those have points."""
    return "points" in payload


def read_local(index: int, payload: Mapping[str, Any]) -> Local:
    """Reads what a `signatures` entry of a local scheme says.

    Raises:
        LedgerError: Its parts do not agree.
        KeyError: One is missing.
        TypeError: One has another form.
    """
    scheme, width, part = payload["scheme"], payload["width"], payload.get("part", 0)
    if not isinstance(scheme, str):
        raise TypeError("scheme is not text")
    times, sizes = _times(index, payload["times"]), _sizes(index, payload["sizes"])
    counts = tuple(payload["counts"])
    if not all(type(number) is int and number >= 0 for number in (width, part, *counts)):
        raise LedgerError(f"entry {index}: a width, part or count is not a whole number from 0 on")
    try:
        points, codes = (b64decode(payload[key], validate=True) for key in ("points", "codes"))
    except ValueError as error:
        raise LedgerError(f"entry {index}: points or codes are not base64: {error}") from error
    total = sum(counts)
    if width < 1 or len(codes) != width * total or len(points) != POINT * total:
        raise LedgerError(
            f"entry {index}: {len(points)} bytes of points and {len(codes)} bytes of codes do not agree "
            f"with {total} codes of {width} bytes"
        )
    if not len(times) == len(counts) == len(sizes):
        raise LedgerError(
            f"entry {index}: {len(times)} times, {len(counts)} counts and {len(sizes)} sizes do not agree"
        )
    return Local(
        scheme=scheme,
        part=part,
        width=width,
        times=times,
        counts=counts,
        sizes=sizes,
        points=points,
        codes=codes,
    )


def put_local(
    connection: Connection,
    index: int,
    asset: str,
    payload: Mapping[str, Any],
    origin: str | None = None,
) -> None:
    """Notes which entry has local codes of an asset; the first part replaces all earlier ones.

    Args:
        connection: To the ledger.
        index: Of the entry.
        asset: Its SHA-256.
        payload: What the entry says.
        origin: Whose log it stands in; None: this ledger's.

    Raises:
        LedgerError: The payload is not as it has to be.
    """
    one = read_local(index, payload)
    if origin is None:
        table = local_codes
        query = select(table.c.width).where(table.c.scheme == one.scheme).limit(1)
        other = connection.execute(query).scalar()
        if other is not None and other != one.width:
            raise LedgerError(
                f"entry {index}: codes of {one.scheme} have {other} bytes, these have {one.width}"
            )
    row = {
        "part": one.part,
        "entry": index,
        "width": one.width,
        "pictures": len(one.times),
        "points": sum(one.counts),
    }
    replace(connection, (local_codes, foreign_local_codes), one.scheme, asset, origin, row)


def replace(
    connection: Connection,
    tables: tuple[Table, Table],
    scheme: str,
    asset: str,
    origin: str | None,
    row: Mapping[str, int],
) -> None:
    """Puts a row about the codes of an asset under a scheme in place of earlier ones.

    Args:
        connection: To the ledger.
        tables: That of this ledger's assets, and that of other desks'.
        scheme: Of the codes.
        asset: Its SHA-256.
        origin: Whose log they stand in; None: this ledger's.
        row: The rest of the row. Where it is a `part`, earlier parts stay.
    """
    own, foreign = tables
    table = own if origin is None else foreign
    whose = {"scheme": scheme, "asset": asset} | ({} if origin is None else {"origin": origin})
    earlier = [table.c[key] == value for key, value in whose.items()]
    if "part" in row:
        earlier.append(table.c.part >= row["part"])
    connection.execute(delete(table).where(*earlier))
    connection.execute(insert(table), {**whose, **row})


def put_looks(connection: Connection, index: int, asset: str, payload: Mapping[str, Any]) -> None:
    """Notes which entry commits to the reduced pictures of an asset.

    Raises:
        LedgerError: The payload is not as it has to be.
    """
    times, sizes = _times(index, payload["times"]), _sizes(index, payload["sizes"])
    if not len(times) == len(sizes) == len(payload["thumbnails"]):
        raise LedgerError(
            f"entry {index}: {len(times)} times, {len(sizes)} sizes and {len(payload['thumbnails'])} "
            "reduced pictures do not agree"
        )
    connection.execute(delete(look).where(look.c.asset == asset))
    connection.execute(insert(look), {"asset": asset, "entry": index, "pictures": len(times)})


def looks(connection: Connection, asset: Sha256, times: Sequence[Fraction]) -> list[Look]:
    """Returns what is kept of the pictures nearest to some times, each once, in order of time.

    This ledger's own pictures come first; of an asset that it has none of, those of the other desk that
    comes first by name. Another desk's reduced pictures never come with its log.

    Raises:
        LedgerBroken: The tables name an entry that says something else.
    """
    local = _local_by_time(connection, asset)
    entry = connection.execute(select(look.c.entry).where(look.c.asset == asset)).scalar()
    kept = {} if entry is None else _kept(connection, int(entry))
    there = sorted({Fraction(time) for time in (*local, *kept)})
    chosen = sorted({_nearest(there, time) for time in times}) if there else []
    found = []
    for time in chosen:
        text = f"{time.numerator}/{time.denominator}"
        codes = tuple(local.get(text, ()))
        key, width, height = kept.get(text, ("", 0, 0))
        if not width and codes:
            width, height = codes[0].width, codes[0].height
        found.append(
            Look(
                time=time,
                width=width,
                height=height,
                thumbnail=_thumbnail(connection, entry, key) if key else b"",
                local=codes,
            )
        )
    return found


def body(connection: Connection, entry: int, origin: str = "") -> bytes:
    """Returns the body of an entry of this log, or of another desk's.

    Raises:
        LedgerBroken: It is not there.
    """
    query = select(log_entry.c.body).where(log_entry.c.idx == entry)
    if origin:
        query = select(foreign_entry.c.body).where(
            foreign_entry.c.origin == origin, foreign_entry.c.idx == entry
        )
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        raise _broken(f"entry {entry}{f' of {origin}' if origin else ''} is not there")
    return bytes(found)


def local_of(connection: Connection, entry: int, origin: str = "") -> Local:
    """Returns what an entry says that the tables name for its local codes.

    Raises:
        LedgerBroken: It does not say such a thing.
    """
    try:
        return read_local(entry, read_entry(body(connection, entry, origin)).payload)
    except (LedgerError, KeyError, TypeError, AttributeError) as error:
        raise _broken(f"entry {entry} has no local codes ({error})") from error


def _local_by_time(connection: Connection, asset: Sha256) -> dict[str, list[LocalCodes]]:
    """Returns the local codes of an asset by time; those of one picture by scheme."""
    own = select(local_codes.c.scheme, local_codes.c.entry).where(local_codes.c.asset == asset)
    entries = [(row.scheme, row.entry, "") for row in connection.execute(own)]
    if not entries:
        theirs = foreign_local_codes.c
        query = select(theirs.scheme, theirs.entry, theirs.origin).where(theirs.asset == asset)
        rows = connection.execute(query).all()
        first = min((row.origin for row in rows), default="")
        entries = [(row.scheme, row.entry, first) for row in rows if row.origin == first]
    found: dict[str, list[LocalCodes]] = defaultdict(list)
    for _, entry, origin in sorted(entries):
        for one in _pictures(local_of(connection, entry, origin)):
            found[f"{one.time.numerator}/{one.time.denominator}"].append(one)
    return found


def _pictures(local: Local) -> Iterator[LocalCodes]:
    start = 0
    for time, count, (width, height) in zip(local.times, local.counts, local.sizes, strict=True):
        end = start + count
        yield LocalCodes(
            scheme=local.scheme,
            time=Fraction(time),
            width=width,
            height=height,
            points=local.points[start * POINT : end * POINT],
            codes=local.codes[start * local.width : end * local.width],
        )
        start = end


def _kept(connection: Connection, entry: int) -> dict[str, tuple[str, int, int]]:
    """Returns the key of each reduced picture, and the size of the picture it was made from, by time."""
    try:
        payload = read_entry(body(connection, entry)).payload
        times, sizes = _times(entry, payload["times"]), _sizes(entry, payload["sizes"])
        keys = [str(one["commitment"]) for one in payload["thumbnails"]]
        return {
            _even(time): (key, *size) for time, key, size in zip(times, keys, sizes, strict=True)
        }
    except (LedgerError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _broken(f"entry {entry} keeps no pictures ({error})") from error


def _thumbnail(connection: Connection, entry: int | None, key: str) -> bytes:
    """Returns a reduced picture; empty if it was deleted."""
    text = connection.execute(
        select(disclosure.c.value).where(disclosure.c.entry == entry, disclosure.c.key == key)
    ).scalar_one_or_none()
    try:
        return b"" if text is None else b64decode(text, validate=True)
    except ValueError as error:
        raise _broken(f"the value {key!r} of entry {entry} is not base64") from error


def _nearest(times: Sequence[Fraction], time: Fraction) -> Fraction:
    """Returns the time nearest to another, of two the earlier; `times` are in order."""
    place = bisect_left(times, time)
    return min(times[max(0, place - 1) : place + 1], key=lambda one: (abs(one - time), one))


def _times(index: int, times: Sequence[Any]) -> tuple[str, ...]:
    for time in times:
        if not isinstance(time, str) or not _RATIO.fullmatch(time):
            raise LedgerError(f"entry {index}: {time!r} is not a time of the form n/d")
    return tuple(times)


def _even(time: str) -> str:
    """Returns a time in lowest terms."""
    value = Fraction(time)
    return f"{value.numerator}/{value.denominator}"


def _sizes(index: int, sizes: Sequence[Any]) -> tuple[tuple[int, int], ...]:
    found = []
    for size in sizes:
        if len(size) != 2 or not all(type(side) is int and side > 0 for side in size):
            raise LedgerError(f"entry {index}: {size!r} is not the size of a picture")
        found.append((size[0], size[1]))
    return tuple(found)


def _broken(what: str) -> LedgerBroken:
    return LedgerBroken(
        f"the tables of local codes contradict the log: {what}",
        hint="Run `forensics ledger rebuild`, which makes them again from the log.",
    )
