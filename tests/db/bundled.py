"""Bundles of a ledger, and the same bundles in other hands."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db.attachments import COSIGNATURE, Attachment, add
from db.exporting import Wanted, export
from db.ledger import SqlLedger
from db.proving import checkpoint
from db.reading import Reader
from forensics.ledger.audit import Audit, audit
from forensics.ledger.bag import Content, write_bag
from forensics.ledger.cosign import Cosigner, cosign
from forensics.ledger.note import parse_note
from tests.db.drafts import plain


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


def cosigned(ledger: SqlLedger, size: int, *names: str) -> bytes:
    """Lets witnesses cosign a checkpoint; returns a policy that asks for all of them and one more."""
    with Reader.open(ledger.path) as reader, reader.snapshot() as connection:
        text = parse_note(checkpoint(connection, size)).text
    lines = [f"log {ledger.vkey}"]
    for number, name in enumerate(("a", "b", "c"), 1):
        key = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
        witness = Cosigner(name=f"{name}.example", private=key)
        lines.append(f"witness {name} {witness.witness.vkey}")
        if name in names:
            made = cosign(text, witness, 1750000000)
            with ledger.batch() as batch:
                add(
                    batch.connection,
                    Attachment(
                        size=size,
                        kind=COSIGNATURE,
                        name=witness.witness.vkey,
                        at=made.at,
                        data=made.line.encode(),
                    ),
                )
                batch.add_draft(plain(0))
                batch.seal()
    return "\n".join([*lines, "group two 2 a b c", "quorum two"]).encode()
