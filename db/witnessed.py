"""Cosignatures that are kept beside the log: do they belong to it, and do they hold?

Each is kept under its witness's key and at its own time, so that nothing in its row goes unchecked. Whether
the witness is one to be trusted, only a policy says.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from db import attachments
from db.attachments import COSIGNATURE, Attachment
from db.models import log_checkpoint
from forensics.ledger.cosign import parse_witness_key, verify_cosignature
from forensics.ledger.note import NoteError, parse_note, parse_signature_line
from forensics.ledger.verify import Part, Problem


def problems(connection: Connection) -> list[Problem]:
    """Returns what is wrong with the cosignatures, in order of their checkpoints."""
    found = []
    for size in attachments.sizes(connection, COSIGNATURE):
        note = connection.execute(
            select(log_checkpoint.c.note).where(log_checkpoint.c.size == size)
        ).scalar_one_or_none()
        for kept in attachments.of_size(connection, size, COSIGNATURE):
            what = (
                f"a witness cosigned {size} entries, and the log has no checkpoint of that size: "
                "it was cut or written anew"
                if note is None
                else _trouble(note, kept)
            )
            if what is not None:
                found.append(Problem(part=Part.ATTACHMENT, entry=size, what=what))
    return found


def _trouble(note: str, kept: Attachment) -> str | None:
    try:
        witness = parse_witness_key(kept.name)
        line = parse_signature_line(kept.data.decode().removesuffix("\n"))
        cosigned = verify_cosignature(parse_note(note).text, line, witness)
    except (NoteError, UnicodeError) as error:
        return (
            f"the cosignature kept with the checkpoint of {kept.size} entries is not one: {error}"
        )
    if (kept.name, kept.at, kept.data) != (witness.vkey, cosigned.at, cosigned.line.encode()):
        return (
            f"the cosignature kept with the checkpoint of {kept.size} entries was stored as of "
            f"{kept.at}: expected {cosigned.at} and the spelling that `forensics` gives it"
        )
    return None
