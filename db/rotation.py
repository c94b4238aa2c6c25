"""Changing the ledger's key so that a crash between two steps never leaves a ledger that cannot go on.

1. The new key is written beside the old one: `case.sqlite.key.new`.
2. One append: the old key names the new one, both sign the checkpoint. From here on the new key is the log's.
3. The old file is put aside as `case.sqlite.key.<key id>.until-<date>`, the new one takes its place, and the
   old one is destroyed if that was asked.

A crash before 2 leaves a spare file, which the next change replaces. A crash after it is made good by
`settle`, which looks at the log's last entries and finishes step 3.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from db import keys
from db.batch import Batch
from db.files import sync
from db.head import last_note
from db.models import ledger_meta, log_entry
from db.place import Place
from db.reading import Reader
from db.schema import on_server
from forensics.errors import LedgerError, UsageError
from forensics.ledger.entry import Entry, read_entry
from forensics.ledger.keychain import KEY_CHANGED, change_payload
from forensics.ledger.note import Signer, Verifier, parse_note, parse_vkey

MAX_CHANGES = 10_000
"""No more changes of keys are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownKey:
    """One of a ledger's keys, by the word of its log.

    Attributes:
        vkey: As it is told to others.
        first: First entry that was appended under it.
        last: Last one; None: it signs now.
        file: Where its private half lies; None if it is not here.
        reason: Why it was replaced; "" for the key that signs.
    """

    vkey: str
    first: int
    last: int | None
    file: Path | None
    reason: str = ""

    @property
    def entries(self) -> str:
        """Which entries were appended under it."""
        last = "on" if self.last is None else f"to {self.last}"
        return f"entries from {self.first} {last}"


def shown_keys(reader: Reader) -> list[ShownKey]:
    """Returns the log's keys in the order in which they signed; verifies nothing."""
    key_file = keys.key_path(reader.path)
    shown, first, vkey = [], 0, reader.vkey
    for stored in reader.entries(type=KEY_CHANGED, oldest_first=True, limit=MAX_CHANGES):
        payload, last = stored.entry.payload, stored.index + 1
        file = retired_path(key_file, parse_vkey(vkey), stored.entry.at)
        reason = str(payload.get("reason", ""))
        shown.append(ShownKey(vkey=vkey, first=first, last=last, file=_there(file), reason=reason))
        first, vkey = last + 1, str(payload.get("new"))
    shown.append(ShownKey(vkey=vkey, first=first, last=None, file=_there(key_file)))
    return shown


def new_key_path(key_file: Path) -> Path:
    """Returns where a key lies that does not sign yet."""
    return key_file.with_name(f"{key_file.name}.new")


def retired_path(key_file: Path, old: Verifier, at: str) -> Path:
    """Returns where a key is kept that signs no more."""
    return key_file.with_name(f"{key_file.name}.{old.key_id.hex()}.until-{at[:10]}")


def check_reason(reason: str) -> None:
    """Checks that a reason, which will stand in the log, says something.

    Raises:
        UsageError: It does not.
    """
    if not reason.strip():
        raise UsageError(
            "the reason is empty", hint="Say with --reason why this is done: others will read it."
        )


def change(
    batch: Batch, place: Place, entropy: Callable[[int], bytes], reason: str, destroy_old: bool
) -> tuple[int, Signer]:
    """Makes a key, lets the present one name it, and lets both sign; returns the entry and the new signer."""
    check_reason(reason)
    if batch.start == 0:
        raise LedgerError(
            "the ledger is empty: nothing was signed with its key yet",
            hint="Remove the ledger and its key, and begin a new one, if the key is not to be used.",
        )
    fresh = new_key_path(keys.key_path(place))
    fresh.unlink(missing_ok=True)  # of a change that came to nothing
    successor = Signer(name=batch.signer.name, private=keys.make_key(fresh, entropy(32)))
    sync(fresh.parent)
    old, new = batch.signer.verifier, successor.verifier
    entry = batch.add(KEY_CHANGED, change_payload(old, new, reason, destroy=destroy_old))
    batch.seal(successor)
    return entry, successor


def settle(connection: Connection, place: Place) -> None:
    """Puts the key files where the log's last entries say they belong; does nothing where they are.

    The caller holds the ledger's turn in a file; on a server it is taken here, until the connection closes.
    """
    connection = connection.execution_options(immediate=on_server(connection))
    changed = _last_change(connection)
    if changed is None:
        return
    old, new = parse_vkey(changed.payload["old"]), parse_vkey(changed.payload["new"])
    key_file = keys.key_path(place)
    fresh, retired = new_key_path(key_file), retired_path(key_file, old, changed.at)
    if _holds(fresh, new):
        if _holds(key_file, old):
            key_file.replace(retired)
        if not key_file.exists():
            fresh.replace(key_file)
    if changed.payload["old_private_key"] == "destroyed" and _holds(key_file, new):
        _destroy(retired)
    sync(key_file.parent)


def present_signer(connection: Connection, place: Place, known: Signer | None) -> Signer:
    """Returns the key that the log names now.

    Args:
        connection: The ledger.
        place: Where it lies.
        known: The key that was the log's when this object looked last.

    Raises:
        KeyMissing: There is none.
        KeyUnfit: The key beside the ledger is another one.
    """
    meta = {row.key: row.value for row in connection.execute(select(ledger_meta))}
    wanted = parse_vkey(meta["vkey"]).short
    last = last_note(connection)
    if last is not None:
        line = parse_note(last[1]).signatures[-1]
        wanted = f"{line.name}+{line.key_id.hex()}"
    if known is not None and known.verifier.short == wanted:
        return known
    key_file = keys.key_path(place)
    signer = Signer(name=meta["origin"], private=keys.read_key(key_file))
    if signer.verifier.short != wanted:
        raise keys.KeyUnfit(
            f"{key_file} is not the key of this ledger: "
            f"expected {wanted}, found {signer.verifier.short}",
            hint="Put the right key back beside the ledger.",
        )
    return signer


def _there(file: Path) -> Path | None:
    return file if file.exists() else None


def _last_change(connection: Connection) -> Entry | None:
    """Returns the entry that changed the key, if that was the last thing that happened to the log."""
    last = last_note(connection)
    if last is None or len(parse_note(last[1]).signatures) < 2:
        return None
    body = connection.execute(
        select(log_entry.c.body).where(log_entry.c.idx == last[0] - 1)
    ).scalar_one()
    entry = read_entry(body)
    return entry if entry.type == KEY_CHANGED else None


def _holds(path: Path, verifier: Verifier) -> bool:
    """Tells whether a file holds the private half of a key."""
    if not path.exists():
        return False
    private = keys.read_key(path)
    return Signer(name=verifier.name, private=private).verifier == verifier


def _destroy(path: Path) -> None:
    """Overwrites and removes a key file; what a disk or a backup keeps beside it is out of reach."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
