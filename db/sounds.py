"""The codes of sound: they stand in the log, the tables say in which entries; sorted they can be looked up.

What was sorted is kept in memory and, where it is much, in files beside the other indexes. The files are
used only where the log has the checkpoint that they name, and only for entries that the tables still name.
"""

from __future__ import annotations

import json
import re
import shutil
from base64 import b64decode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Connection, select

from db import looks
from db.head import log_size
from db.indexfiles import Files
from db.models import foreign_asset, foreign_sound, sound
from db.segments import checkpoint_at
from forensics.errors import LedgerBroken, LedgerError
from forensics.index import postings
from forensics.index.postings import Postings
from forensics.ledger.entry import read_entry

FILED = 1 << 18
"""From so many codes on (nine hours) they are kept in files: fewer are sooner sorted than found."""
_RATIO = re.compile(r"[1-9]\d{0,17}/[1-9]\d{0,17}|0/1", re.ASCII)
_NOTHING = "0/1"
_FORMAT = 1
_LARGEST = 1 << 28
"""Bytes of a list of entries."""

Source: TypeAlias = tuple[str, str, int]
"""An asset, the desk that has its sound ("": this ledger), and the entry there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The codes of one scheme, sorted.

    Attributes:
        sources: Whose, in order of the assets.
        postings: The codes.
    """

    sources: tuple[Source, ...]
    postings: Postings


def is_sound(payload: Mapping[str, Any]) -> bool:
    """Tells whether a `signatures` entry is of sound: only those have a step from code to code."""
    return "step" in payload


def read_sound(index: int, payload: Mapping[str, Any]) -> tuple[str, bytes, bytes]:
    """Returns the scheme, the codes and which say nothing, as a `signatures` entry of sound has them.

    Raises:
        LedgerError: Its parts do not agree.
        KeyError: One is missing.
        TypeError: One has another form.
    """
    scheme = payload["scheme"]
    if not isinstance(scheme, str):
        raise TypeError("scheme is not text")
    for key in ("step", "seconds"):
        if not _RATIO.fullmatch(payload[key]) or payload["step"] == _NOTHING:
            raise LedgerError(f"entry {index}: {payload[key]!r} is not a time of the form n/d")
    try:
        codes, plain = (b64decode(payload[key], validate=True) for key in ("codes", "plain"))
    except ValueError as error:
        raise LedgerError(f"entry {index}: codes of sound are not base64: {error}") from error
    if len(codes) % 4 or len(plain) != -(-len(codes) // 32):
        raise LedgerError(
            f"entry {index}: {len(codes)} bytes of codes and {len(plain)} bytes that say which count do "
            "not agree at 4 bytes and one bit a code"
        )
    return scheme, codes, plain


def put(
    connection: Connection,
    index: int,
    name: str,
    payload: Mapping[str, Any],
    origin: str | None = None,
) -> None:
    """Notes which entry has the sound of an asset, in place of an earlier one.

    Args:
        connection: To the ledger.
        index: Of the entry.
        name: SHA-256 of the asset.
        payload: What the entry says.
        origin: Whose log it stands in; None: this ledger's.

    Raises:
        LedgerError: The payload is not as it has to be.
    """
    scheme, codes, _ = read_sound(index, payload)
    row = {"entry": index, "codes": len(codes) // 4}
    looks.replace(connection, (sound, foreign_sound), scheme, name, origin, row)


def refreshed(connection: Connection, scheme: str, held: Held | None, files: Files) -> Held:
    """Returns the codes of a scheme as of now, and writes them to files where they are many and new.

    Args:
        connection: The ledger, within one view of it.
        scheme: Which.
        held: As of earlier; None: nothing was read yet.
        files: Where the index lies.

    Raises:
        LedgerBroken: The tables contradict the log.
    """
    sources = _sources(connection, scheme)
    if held is None:
        held = _load(connection, scheme, files)
    if held is not None and held.sources == sources:
        return held
    made = Held(sources=sources, postings=_sorted(connection, sources, held))
    if len(made.postings.codes) >= FILED:
        with files.turn() as mine:
            if mine:
                _store(connection, scheme, made, files)
    return made


def schemes_of(connection: Connection) -> list[str]:
    """Returns the schemes of which this ledger has codes of sound."""
    return sorted(connection.execute(select(sound.c.scheme).distinct()).scalars())


def _sources(connection: Connection, scheme: str) -> tuple[Source, ...]:
    """Returns where the sound of each asset stands: here, or with the first desk by name that has it."""
    found: dict[str, Source] = {}
    theirs = (
        select(foreign_sound.c.asset, foreign_sound.c.origin, foreign_sound.c.entry)
        .join(
            foreign_asset,
            (foreign_asset.c.sha256 == foreign_sound.c.asset)
            & (foreign_asset.c.origin == foreign_sound.c.origin),
        )
        .where(foreign_sound.c.scheme == scheme, foreign_sound.c.codes > 0)
        .order_by(foreign_sound.c.asset, foreign_sound.c.origin)
    )
    for row in connection.execute(theirs):
        found.setdefault(row.asset, (row.asset, row.origin, int(row.entry)))
    own = select(sound.c.asset, sound.c.entry).where(sound.c.scheme == scheme, sound.c.codes > 0)
    for mine in connection.execute(own):
        found[mine.asset] = (mine.asset, "", int(mine.entry))
    return tuple(found[name] for name in sorted(found))


def _sorted(connection: Connection, sources: tuple[Source, ...], held: Held | None) -> Postings:
    """Returns the codes of some entries; those that are held already are not read from the log again."""
    there = {} if held is None else {one: number for number, one in enumerate(held.sources)}
    known = {}
    for source in sources:
        name, origin, entry = source
        if held is not None and source in there:
            start, end = held.postings.starts[there[source] :][:2]
            known[name] = held.postings.codes[start:end], held.postings.telling[start:end]
            continue
        try:
            payload = read_entry(looks.body(connection, entry, origin)).payload
            known[name] = postings.unpacked(*read_sound(entry, payload)[1:])
        except (LedgerError, KeyError, TypeError, AttributeError) as error:
            raise LedgerBroken(
                f"the tables of sound contradict the log: entry {entry} has no codes of sound ({error})",
                hint="Run `forensics ledger rebuild`, which makes them again from the log.",
            ) from error
    return postings.build(known)


def _stem(scheme: str) -> str:
    return f"sounds-{sha256(scheme.encode()).hexdigest()[:16]}"


def _load(connection: Connection, scheme: str, files: Files) -> Held | None:
    """Returns what the files have; None if that is nothing, or does not fit."""
    try:
        folders = sorted(files.folder.glob(f"{_stem(scheme)}.*"))
    except OSError:
        return None
    for folder in folders:
        with suppress(OSError, ValueError, KeyError, TypeError, EOFError):
            return _opened(connection, folder)
    return None


def _opened(connection: Connection, folder: Path) -> Held:
    """Maps a folder.

    Raises:
        ValueError: It does not fit together, or is not of this log.
    """
    with (folder / "sources.json").open("rb") as file:
        listed = json.loads(file.read(_LARGEST))
    size, digest = listed["size"], listed["checkpoint"]
    if listed["format"] != _FORMAT or type(size) is not int or digest is None:
        raise ValueError(folder)
    if digest != checkpoint_at(connection, size):
        raise ValueError(folder)
    sources = tuple((str(name), str(origin), int(entry)) for name, origin, entry in listed["of"])
    found = postings.load(folder)
    if found.assets != tuple(name for name, _, _ in sources) or not postings.consistent(found):
        raise ValueError(folder)
    return Held(sources=sources, postings=found)


def _store(connection: Connection, scheme: str, held: Held, files: Files) -> None:
    """Writes a folder, and removes earlier ones; where that cannot be done, nothing is lost."""
    size = log_size(connection)
    checkpoint = checkpoint_at(connection, size)
    name = f"{_stem(scheme)}.{size}.{(checkpoint or '')[:16]}"
    making, made = files.folder / f"new-{name}", files.folder / name
    with suppress(OSError):
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        postings.save(held.postings, making)
        listed = {"format": _FORMAT, "size": size, "checkpoint": checkpoint, "of": held.sources}
        (making / "sources.json").write_text(json.dumps(listed))
        shutil.rmtree(made, ignore_errors=True)
        making.rename(made)
        for old in files.folder.glob(f"{_stem(scheme)}.*"):
            if old != made:
                shutil.rmtree(old, ignore_errors=True)
