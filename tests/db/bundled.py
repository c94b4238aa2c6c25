"""Bundles of a ledger, and the same bundles in other hands."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from db.exporting import Wanted, export
from db.ledger import SqlLedger
from forensics.ledger.audit import Audit, audit
from forensics.ledger.bag import Content, write_bag


def out(ledger: SqlLedger, name: str = "left.zip", **wanted: object) -> Path:
    path = ledger.path.with_name(name)
    export(ledger, path, Wanted(**wanted))
    return path


def audited(path: Path, **options: object) -> Audit:
    with path.open("rb") as file:
        return audit(file, **options)


def files(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {n.removeprefix("bundle/"): archive.read(n) for n in archive.namelist()}


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The bundle with its data changed and all sums made anew, as whoever passes it on could."""
    data = {name: data for name, data in files(path).items() if name.startswith("data/")}
    change(data)
    buffer = io.BytesIO()
    contents = [Content(name=n, size=len(d), chunks=[d]) for n, d in data.items()]
    write_bag(buffer, contents, {})
    changed = path.with_name("changed.zip")
    changed.write_bytes(buffer.getvalue())
    return changed
