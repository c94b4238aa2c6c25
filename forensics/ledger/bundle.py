"""A bundle: the part of a log that leaves the house, with all that an outsider needs to check it.

It is a bag (`forensics.ledger.bag`). Below its data folder lie

- `VERIFY.txt`: what checks what, in plain words
- `log/key.txt`: the log's key, on the owner's word
- `log/entries.txt`: a line for each entry: index, tab, body (no body holds a line feed)
- `log/leaves.txt`, only where bodies are left out: a line for each entry, its leaf hash
- `checkpoints/<size>/`: `checkpoint.txt` as the log repeats it, `cosigned.txt` with the lines of witnesses,
  `rfc3161-<n>.tsr` and `ots-<n>.ots` over `checkpoint.txt`
- `since/`: `checkpoint.txt` of an earlier bundle, `proof.txt` that this one continues it
- `disclosures.txt`: values behind commitments, one JSON object a line
- `policy.txt`, `reports/`, `evidence/<sha256>`

The largest size is the bundle's own: its checkpoint signs exactly the entries that are here. The proof has
the form of an add-checkpoint request of c2sp.org/tlog-witness. What is read here was checked against the
manifest and for its form, and nothing else; `forensics.ledger.audit` verifies it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import orjson

from forensics.errors import LedgerBroken, LedgerError
from forensics.ledger.bag import Bag, read_bag
from forensics.ledger.canonical import MAX_BODY, canonical_bytes
from forensics.ledger.merkle import leaf_hash
from forensics.ledger.note import MAX_NOTE, parse_checkpoint, parse_note
from forensics.ledger.verify import Stored

ENTRIES = "data/log/entries.txt"
LEAVES = "data/log/leaves.txt"
KEY = "data/log/key.txt"
CHECKPOINTS = "data/checkpoints/"
NOTE = "checkpoint.txt"
COSIGNED = "cosigned.txt"
SINCE_NOTE = "data/since/checkpoint.txt"
SINCE_PROOF = "data/since/proof.txt"
DISCLOSURES = "data/disclosures.txt"
POLICY = "data/policy.txt"
REPORTS = "data/reports/"
EVIDENCE = "data/evidence/"
INSTRUCTIONS = "data/VERIFY.txt"

MAX_DISCLOSURES = 64 * 2**20
"""No file of disclosed values is longer than this many bytes."""
MAX_ATTACHMENT = 2**20
_MAX_LINE = MAX_BODY + 32
_NO_MORE = (-1, b"")
_INDEX = re.compile(rb"0|[1-9][0-9]{0,15}")
_LEAF = re.compile(rb"[0-9a-f]{64}")
_SALT = re.compile(r"[0-9a-f]{64}", re.ASCII)
_CHECKPOINT = re.compile(r"data/checkpoints/(0|[1-9][0-9]{0,15})/([a-z0-9]+(?:-[0-9]+)?\.[a-z]+)")


class BundleError(LedgerBroken):
    """A bundle's content has another form than it must have.

    Attributes:
        entry: The first bad entry, where one is known.
    """

    def __init__(self, message: str, entry: int | None = None) -> None:
        super().__init__(message)
        self.entry = entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """A value behind a commitment: SHA-256(0x00 ‖ salt ‖ canonical JSON of the value)."""

    entry: int
    key: str
    salt: bytes
    value: str


class Bundle:
    """A bundle that agrees with its manifest; nothing in it is verified."""

    def __init__(self, bag: Bag) -> None:
        self.bag = bag
        self.names = frozenset(bag.digests)
        self._attached: dict[int, list[str]] = {}
        for name in sorted(self.names):
            if found := _CHECKPOINT.fullmatch(name):
                self._attached.setdefault(int(found[1]), []).append(found[2])
        for needed in (ENTRIES, KEY, INSTRUCTIONS):
            if needed not in self.names:
                raise BundleError(f"{needed} is missing: this is another kind of bag")
        for size, there in self._attached.items():
            if NOTE not in there:
                raise BundleError(f"{CHECKPOINTS}{size}/{NOTE} is missing")
        if not self._attached:
            raise BundleError("it holds no checkpoint, so nothing says whose log this is")
        for size in self._attached:
            stated = parse_checkpoint(parse_note(self.note(size)).text).size
            if stated != size:
                raise BundleError(
                    f"{CHECKPOINTS}{size}/{NOTE} is a checkpoint of {stated} entries: a checkpoint lies "
                    "in the folder of its own size"
                )
        self.size = max(self._attached)
        """How many entries the bundle's own checkpoint signs."""
        self.complete = LEAVES not in self.names
        """Every entry's body is here."""

    @property
    def sizes(self) -> list[int]:
        """Sizes of the checkpoints that are here, rising."""
        return sorted(self._attached)

    @property
    def key(self) -> str:
        """The log's key as the bundle names it: its owner's word."""
        return self._text(KEY, MAX_NOTE).strip()

    def note(self, size: int) -> str:
        """Returns the checkpoint of a size, exactly as the log repeats it."""
        return self._text(f"{CHECKPOINTS}{size}/{NOTE}", MAX_NOTE)

    def cosigned(self, size: int) -> str:
        """Returns the checkpoint of a size with the lines of witnesses, if it has any.

        Raises:
            BundleError: It is not the same checkpoint with lines added.
        """
        note = self.note(size)
        if COSIGNED not in self._attached[size]:
            return note
        cosigned = self._text(f"{CHECKPOINTS}{size}/{COSIGNED}", MAX_NOTE)
        if not cosigned.startswith(note):
            raise BundleError(f"{CHECKPOINTS}{size}/{COSIGNED} is not {NOTE} with lines added")
        return cosigned

    def attached(self, size: int, suffix: str) -> Iterator[tuple[str, bytes]]:
        """Yields (name, bytes) of what is attached to a checkpoint: tokens (".tsr"), stamps (".ots")."""
        for name in self._attached[size]:
            if name.endswith(suffix):
                path = f"{CHECKPOINTS}{size}/{name}"
                yield path, self.bag.read(path, MAX_ATTACHMENT)

    def held(self) -> list[str]:
        """Returns the checkpoints that are here, by rising size: what a holder holds against the log."""
        return [self.cosigned(size) for size in self.sizes]

    def since(self) -> tuple[str, str] | None:
        """Returns (checkpoint of an earlier bundle, proof file), or None."""
        if SINCE_NOTE not in self.names:
            return None
        if SINCE_PROOF not in self.names:
            raise BundleError(f"{SINCE_PROOF} is missing beside {SINCE_NOTE}")
        return self._text(SINCE_NOTE, MAX_NOTE), self._text(SINCE_PROOF, MAX_NOTE)

    def entries(self) -> Iterator[Stored]:
        """Yields each entry in order; where a body is left out, its leaf hash.

        Raises:
            BundleError: A line has another form, or a body is not the one of its leaf hash.
        """
        bodies = self._bodies()
        if self.complete:
            for place, (index, body) in enumerate(bodies):
                if index != place:
                    what = f"entry {place} is missing: in its place comes entry {index}"
                    raise BundleError(what, place)
                yield index, body, None
            return
        index, body = next(bodies, _NO_MORE)
        for place, leaf in enumerate(self._leaves()):
            if index != place:
                yield place, None, leaf
                continue
            if leaf_hash(body) != leaf:
                raise BundleError(
                    f"the body of entry {place} is not the one that was appended: "
                    f"expected the leaf hash {leaf.hex()}, found {leaf_hash(body).hex()}",
                    place,
                )
            yield place, body, None
            index, body = next(bodies, _NO_MORE)
        if index >= 0:
            raise BundleError(f"entry {index} has a body and no leaf hash", index)

    def disclosures(self) -> Iterator[Disclosed]:
        """Yields the values that are disclosed, rising by entry and key.

        Raises:
            BundleError: A line has another form than the one that a log would write.
        """
        if DISCLOSURES not in self.names:
            return
        if self.bag.size(DISCLOSURES) > MAX_DISCLOSURES:
            raise BundleError(f"{DISCLOSURES} is longer than {MAX_DISCLOSURES:,} bytes")
        before: tuple[int, bytes] = (-1, b"")
        for number, line in enumerate(_lines(self.bag.chunks(DISCLOSURES), DISCLOSURES), 1):
            try:
                one = _disclosed(line)
            except (ValueError, LedgerError) as error:
                what = f"line {number} of {DISCLOSURES} is not a disclosed value: {error}"
                raise BundleError(what) from error
            place = (one.entry, one.key.encode())
            if place <= before:
                raise BundleError(
                    f"line {number} of {DISCLOSURES} is out of order: expected an entry and key behind "
                    f"those of the line before, found {one.entry} and {one.key!r}",
                    one.entry,
                )
            before = place
            yield one

    def evidence(self) -> list[str]:
        """Returns the SHA-256 of each original that is here, as its name states it."""
        return sorted(
            name.removeprefix(EVIDENCE) for name in self.names if name.startswith(EVIDENCE)
        )

    def _bodies(self) -> Iterator[tuple[int, bytes]]:
        before = -1
        for number, line in enumerate(_lines(self.bag.chunks(ENTRIES), ENTRIES), 1):
            index, tab, body = line.partition(b"\t")
            if not tab or not _INDEX.fullmatch(index) or int(index) <= before:
                raise BundleError(
                    f"line {number} of {ENTRIES} begins with {line[:40]!r}, expected an index above "
                    f"{before} and a tab",
                    before + 1,
                )
            before = int(index)
            yield before, body

    def _leaves(self) -> Iterator[bytes]:
        for number, line in enumerate(_lines(self.bag.chunks(LEAVES), LEAVES)):
            if not _LEAF.fullmatch(line):
                raise BundleError(f"line {number + 1} of {LEAVES} is not a leaf hash", number)
            yield bytes.fromhex(line.decode())

    def _text(self, name: str, limit: int) -> str:
        try:
            return self.bag.read(name, limit).decode()
        except UnicodeDecodeError:
            raise BundleError(f"{name} is not UTF-8 text") from None


def _disclosed(line: bytes) -> Disclosed:
    """Reads one line; only the one spelling counts, so that no two readers can see different values."""
    read = orjson.loads(line)
    parts = {"entry": int, "key": str, "salt": str, "value": str}
    if not isinstance(read, dict) or {key: type(read[key]) for key in read} != parts:
        raise ValueError("expected entry, key, salt and value, and nothing else")
    if not _SALT.fullmatch(read["salt"]) or read["entry"] < 0:
        raise ValueError("expected an index, and a salt of 32 bytes in lower-case hexadecimal")
    if canonical_bytes(read) != line:
        raise ValueError("it is not in canonical form (RFC 8785), or names a part twice")
    return Disclosed(**{**read, "salt": bytes.fromhex(read["salt"])})


def open_bundle(file: BinaryIO) -> Bundle:
    """Opens a bundle and checks every file in it against the manifest.

    Raises:
        LedgerBroken: It is no bundle, or one that was changed; the message names the first file.
    """
    return Bundle(read_bag(file))


def _lines(chunks: Iterable[bytes], name: str) -> Iterator[bytes]:
    """Yields lines without their line feeds; each line ends with one."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
        if len(rest) > _MAX_LINE:
            raise BundleError(f"a line of {name} is longer than {_MAX_LINE:,} bytes")
    if rest:
        raise BundleError(f"{name} does not end with a line feed")
