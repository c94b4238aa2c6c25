"""The cosignatures of witnesses: asking for them, and keeping what came back with its checkpoint."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, select

from db import attachments, proving
from db.attachments import COSIGNATURE, Attachment
from db.ledger import SqlLedger
from db.models import log_checkpoint
from db.place import Place
from db.reading import Reader
from forensics.errors import LedgerError
from forensics.ledger.cosign import Cosigned, Witness, verify_cosignature
from forensics.ledger.note import NoteError, NoteSignature, parse_note, parse_signature_line

Send = Callable[[bytes], tuple[int, bytes, int | None]]
"""Sends a request; returns the status, the answer, and the size that the witness holds where it says so."""


def witnessed_size(connection: Connection, witness: Witness) -> int:
    """Returns the largest size that a witness cosigned, as far as it is kept here; 0 if none."""
    for size in reversed(attachments.sizes(connection, COSIGNATURE)):
        kept = attachments.of_size(connection, size, COSIGNATURE)
        if any(a.name == witness.vkey for a in kept):
            return size
    return 0


def ask(path: Place, witness: Witness, send: Send) -> Attachment:
    """Has the last checkpoint cosigned, and keeps the cosignature.

    Raises:
        LedgerBroken: The witness holds more entries than this ledger has.
        LedgerError: It refuses, or what it answers is no cosignature of its own.
    """
    with Reader.open(path) as reader:
        with reader.snapshot() as connection:
            size = proving.latest_size(connection)
            old = witnessed_size(connection, witness)
            request = proving.request(connection, old, size)
        status, answered, held = send(request.text.encode())
        if held is not None and held != old:
            with reader.snapshot() as connection:
                request = proving.request(connection, held, size)
            status, answered, held = send(request.text.encode())
    if status != 200:
        said = answered.decode("utf-8", "replace").strip()[:500]
        raise LedgerError(
            f"the witness {witness.short} does not cosign the checkpoint of {size} entries: "
            f"expected the status 200, found {status}: {said}",
            hint="404: it has to be told this log's key. 403, 409, 422: verify this ledger.",
        )
    line = _line_of(answered, witness)
    return _keep(path, size, verify_cosignature(parse_note(request.checkpoint).text, line, witness))


def attach(path: Place, answered: bytes, witness: Witness) -> Attachment:
    """Keeps a cosignature that was carried here by hand, with the checkpoint that it holds for.

    Raises:
        LedgerError: It is none of this witness, or holds for no checkpoint of this ledger.
    """
    line = _line_of(answered, witness)
    with Reader.open(path) as reader, reader.snapshot() as connection:
        found = _checkpoint_of(connection, line, witness)
    return _keep(path, *found)


def _checkpoint_of(
    connection: Connection, line: NoteSignature, witness: Witness
) -> tuple[int, Cosigned]:
    query = select(log_checkpoint.c.size, log_checkpoint.c.note).order_by(
        log_checkpoint.c.size.desc()
    )
    for size, note in connection.execute(query).yield_per(100):
        try:
            return size, verify_cosignature(parse_note(note).text, line, witness)
        except NoteError:
            continue
    raise LedgerError(
        f"the cosignature of {witness.short} holds for none of this ledger's checkpoints",
        hint="If it was made for this log, then this ledger was cut, written anew, or is an old copy.",
    )


def _line_of(answered: bytes, witness: Witness) -> NoteSignature:
    """Finds the witness's line in what it answered; lines of other keys are passed over."""
    try:
        text = answered.decode()
    except UnicodeError:
        raise NoteError("what the witness answered is not UTF-8 text") from None
    lines = [parse_signature_line(line) for line in text.removesuffix("\n").split("\n")[:100]]
    for line in lines:
        if (line.name, line.key_id) == (witness.name, witness.key_id):
            return line
    said = ", ".join(f"{line.name}+{line.key_id.hex()}" for line in lines)
    raise LedgerError(
        f"expected a cosignature of {witness.short}, found only {said}",
        hint="Ask the witness for its verification key, and give that with --witness.",
    )


def _keep(path: Place, size: int, cosigned: Cosigned) -> Attachment:
    """Keeps it under the witness's key and at its own time, so that it can be verified by itself."""
    kept = Attachment(
        size=size,
        kind=COSIGNATURE,
        name=cosigned.witness.vkey,
        at=cosigned.at,
        data=cosigned.line.encode(),
    )
    with SqlLedger.open(path, create=False) as ledger:
        ledger.attach(kept)
    return kept
