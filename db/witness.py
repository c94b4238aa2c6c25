"""A witness's key and memory: a folder of its own, apart from every ledger.

    witness.key        the private key (PEM, PKCS #8), for cosignatures only
    witness.sqlite     the largest checkpoint that was cosigned of each log

Reading the memory, deciding and writing it are one transaction that is on the disk before an answer leaves;
so two requests never both move from the same size, and a cosignature is never forgotten. A witness that lost
its memory does not cosign: it could contradict itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db import keys
from forensics.errors import LedgerError
from forensics.ledger import witness
from forensics.ledger.cosign import Cosigner, parse_witness_key
from forensics.ledger.note import NoteError, Verifier, check_name
from forensics.ledger.witness import Answer, Seen

APPLICATION_ID = 0x466F5769
"""In the header of the memory: "FoWi"."""
_BUSY_SECONDS = 30
_NAMED = "CREATE TABLE IF NOT EXISTS named (vkey TEXT NOT NULL) STRICT"
_SEEN = (
    "CREATE TABLE IF NOT EXISTS seen (origin TEXT NOT NULL PRIMARY KEY, size INTEGER NOT NULL, "
    "root BLOB NOT NULL, checkpoint TEXT NOT NULL) STRICT"
)


class WitnessError(LedgerError):
    """The witness's key or memory cannot be used; nothing was cosigned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlWitness:
    """A witness in its folder.

    Attributes:
        folder: Where its key and memory lie.
        cosigner: Its key.
    """

    folder: Path
    cosigner: Cosigner

    @classmethod
    def make(cls, folder: Path, name: str, seed: bytes) -> Self:
        """Makes a witness with a new key.

        Args:
            folder: Is made if it is not there.
            name: Of the witness, a schema-less URL such as "desk.example/witness".
            seed: 32 random bytes.

        Raises:
            NoteError: The name cannot name a key.
            WitnessError: There is one already, or its folder cannot be written.
        """
        check_name(name)
        cosigner = Cosigner(name=name, private=Ed25519PrivateKey.from_private_bytes(seed))
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if _key_path(folder).exists():
                raise WitnessError(
                    f"there is a witness in {folder} already",
                    hint="Leave out --name to see its key.",
                )
            with _memory(folder, create=True) as memory:
                memory.execute(_NAMED)
                memory.execute(_SEEN)
                if memory.execute("SELECT count(*) FROM seen").fetchone()[0]:
                    raise WitnessError(
                        f"the witness in {folder} cosigned already, and its key is gone",
                        hint="Put witness.key back; or make a new witness in another folder.",
                    )
                memory.execute("DELETE FROM named")
                memory.execute("INSERT INTO named VALUES (?)", [cosigner.witness.vkey])
                memory.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            keys.make_key(_key_path(folder), seed)
        except OSError as error:
            raise WitnessError(
                f"no witness can be made in {folder}: {error.strerror or error}",
                hint="Check the path and its permissions.",
            ) from error
        return cls(folder=folder, cosigner=cosigner)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Opens a witness that was made before.

        Raises:
            WitnessError: There is none, or its key or memory is missing or not the other's.
        """
        key, memory_path = _key_path(folder), _memory_path(folder)
        if not key.exists() and not memory_path.exists():
            raise WitnessError(
                f"there is no witness in {folder}",
                hint="Make one: forensics ledger witness key --name NAME",
            )
        if not memory_path.exists():
            raise WitnessError(
                f"the witness in {folder} has lost its memory: {memory_path.name} is not there",
                hint="Put the file back. A witness that forgot what it cosigned could contradict itself.",
            )
        private = keys.read_key(key)
        with _memory(folder) as memory:
            row = memory.execute("SELECT vkey FROM named").fetchone()
        try:
            named = parse_witness_key("" if row is None else str(row[0]))
            cosigner = Cosigner(name=named.name, private=private)
        except NoteError as error:
            raise WitnessError(f"the memory {memory_path} names no usable key: {error}") from error
        if cosigner.witness != named:
            raise WitnessError(
                f"{key} is not the key of this witness: "
                f"expected {named.vkey}, found {cosigner.witness.vkey}",
                hint="Put the right key back.",
            )
        return cls(folder=folder, cosigner=cosigner)

    def answer(self, data: bytes, logs: Sequence[Verifier], seconds: int) -> Answer:
        """Answers a request of add-checkpoint; what it cosigns is remembered first, for ever.

        Args:
            data: The request's body.
            logs: Keys of the logs that are witnessed.
            seconds: The time, since 1970.

        Raises:
            WitnessError: The memory cannot be read or written; nothing was cosigned.
        """
        with _memory(self.folder) as memory:
            rows = memory.execute("SELECT origin, size, root FROM seen")
            found = witness.answer(
                data,
                logs=logs,
                seen={origin: Seen(size=size, root=root) for origin, size, root in rows},
                cosigner=self.cosigner,
                seconds=seconds,
            )
            if found.seen is not None:
                checkpoint = witness.parse_request(data).checkpoint
                memory.execute(
                    "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)",
                    [found.origin, found.seen.size, found.seen.root, checkpoint],
                )
        return found

    def seen(self) -> dict[str, str]:
        """Returns the largest checkpoint that was cosigned of each log, as it was signed, by origin.

        Raises:
            WitnessError: The memory cannot be read.
        """
        with _memory(self.folder) as memory:
            return dict(memory.execute("SELECT origin, checkpoint FROM seen ORDER BY origin"))


def _key_path(folder: Path) -> Path:
    return folder / "witness.key"


def _memory_path(folder: Path) -> Path:
    return folder / "witness.sqlite"


@contextmanager
def _memory(folder: Path, *, create: bool = False) -> Iterator[sqlite3.Connection]:
    """One transaction that nobody else's can overlap; on the disk when the block ends."""
    path = _memory_path(folder)
    uri = f"{path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}"
    try:
        with closing(
            sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
        ) as memory:
            memory.execute("PRAGMA journal_mode = TRUNCATE")
            memory.execute("PRAGMA synchronous = EXTRA")
            memory.execute("BEGIN IMMEDIATE")
            found = memory.execute("PRAGMA application_id").fetchone()[0]
            if not create and found != APPLICATION_ID:
                raise WitnessError(
                    f"{path} is not a witness's memory: "
                    f"expected the mark {APPLICATION_ID:#x}, found {found:#x}"
                )
            yield memory
            memory.execute("COMMIT")
    except sqlite3.Error as error:
        raise WitnessError(
            f"the witness's memory {path} could not be used, and nothing was cosigned: {error}",
            hint="Check the file, its permissions and the space left on the disk; then try again.",
        ) from error
