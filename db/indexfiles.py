"""The index in files beside the ledger, so that a search maps it into memory instead of making it.

    case.sqlite.index/
      pictures-5d0c….json            which segments there are, and up to which entry of the log they go
      pictures-5d0c….41.9a3f….0/     a segment: codes, groups, starts, order, as .npy files
      lock                           whose turn it is to write

The name of a segment has the size of the log and the beginning of its checkpoint's SHA-256. The files are
worth nothing without the log: they are used only where the log has that checkpoint at that size, and what
they give is held against the tables. Whoever finds them unfit makes the index from the ledger; removing them
loses nothing. On a server's ledger they lie on this machine, in the folder of its key. Where there is no
`flock` (Windows) no files are written: there, mapped files could not be replaced either.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from db.codes import GROUP, Batch, Kind
from db.place import Place, beside
from forensics.index import frames, local
from forensics.index.columns import Columns, column_count, consistent, sorted_columns

if sys.platform != "win32":
    import fcntl

FORMAT = 1
_NAME = re.compile(r"[a-z0-9]+-[0-9a-f]{16}\.\d+\.[0-9a-f]{16}\.\d+", re.ASCII)
_LARGEST = 1 << 20
"""Bytes of a list of segments."""
_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segment:
    """Some codes of a scheme, sorted to be searched.

    Attributes:
        columns: The codes.
        groups: Whose they are, in the order of the codes (`db.codes.GROUP`).
        origins: Names of the desks; the first is "", this ledger.
        file: Name of its folder; None while it is in memory only.
    """

    columns: Columns
    groups: NDArray[np.void]
    origins: tuple[str, ...]
    file: str | None = None

    def __len__(self) -> int:
        return len(self.columns.codes)

    @property
    def batch(self) -> Batch:
        """The codes alone."""
        return Batch(words=self.columns.codes, groups=self.groups, origins=self.origins)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Held:
    """All codes of one scheme.

    Attributes:
        kind: What they are codes of.
        scheme: Its name.
        width: Bytes in a code.
        stride: Bits of a column; 0 as long as nobody asked how many codes there are.
        size: Of the log up to which they were read.
        segments: The codes.
        filed: Of the log up to which they are in files; 0: none are.
    """

    kind: Kind
    scheme: str
    width: int
    stride: int = 0
    size: int = 0
    segments: tuple[Segment, ...] = ()
    filed: int = 0

    @property
    def stem(self) -> str:
        """Begins the names of the files of this scheme."""
        return f"{self.kind.value}-{sha256(self.scheme.encode()).hexdigest()[:16]}"


def sort(held: Held, batch: Batch) -> Segment:
    """Makes a segment of codes in memory."""
    if held.kind is Kind.PICTURES:
        columns = frames.sort(batch.words, held.width)
    else:
        columns = local.sort(batch.words, held.width, held.stride)
    return Segment(columns=columns, groups=batch.groups, origins=batch.origins)


def write(held: Held, batch: Batch, folder: Path) -> None:
    """Sorts codes into the files of a new folder, one column at a time: no two are ever in memory.

    Raises:
        OSError: They cannot be written.
    """
    folder.mkdir(parents=True)
    np.save(folder / "codes.npy", batch.words, allow_pickle=False)
    np.save(folder / "groups.npy", batch.groups, allow_pickle=False)
    number = len(batch.words)
    if held.kind is Kind.PICTURES:
        bits, stride = frames.bits_for(number), frames.BITS
    else:
        bits, stride = local.bits_for(number, held.stride), held.stride
    columns = column_count(held.width, stride) if bits else 0
    with (folder / "starts.npy").open("wb") as starts, (folder / "order.npy").open("wb") as order:
        _headed(starts, (columns, (1 << bits) + 1 if bits else 0))
        _headed(order, (columns, number if bits else 0))
        if bits:
            for first, place in sorted_columns(batch.words, held.width, bits, stride):
                first.astype("<u4", copy=False).tofile(starts)
                place.astype("<u4", copy=False).tofile(order)


def _headed(file: BinaryIO, shape: tuple[int, int]) -> None:
    """Begins an .npy file of 32-bit numbers."""
    header = {"descr": "<u4", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, header)
    file.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The folder of index files of a ledger.

    Attributes:
        folder: Where.
        writes: They may be written here.
    """

    folder: Path
    writes: bool

    @classmethod
    def of(cls, place: Place, *, writes: bool) -> Files:
        """Returns the folder of a ledger's index; it need not be there."""
        path = beside(place)
        return cls(
            folder=path.with_name(path.name + ".index"), writes=writes and sys.platform != "win32"
        )

    def load(self, wanted: Held, checkpoint: Callable[[int], str | None]) -> Held | None:
        """Returns what the files have of a scheme; None if that is nothing, or does not fit.

        Args:
            wanted: Says which scheme, width and stride.
            checkpoint: Returns the SHA-256 of the log's checkpoint at a size, or None if it has none there.
        """
        for _ in range(_TRIES):
            try:
                return self._load(wanted, checkpoint)
            except FileNotFoundError:
                continue  # another process wrote a new list meanwhile, and removed what it left out
            except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError):
                return None
        return None

    def store(
        self, held: Held, kept: Sequence[Segment], batches: Sequence[Batch], checkpoint: str
    ) -> Held:
        """Writes batches as new segments, and the list of all; removes what is listed no more.

        Args:
            held: Says which scheme, and up to which entry.
            kept: Segments that are in files already and stay.
            batches: To be written.
            checkpoint: SHA-256 of the log's checkpoint at that size.

        Raises:
            OSError: It cannot be written; what was there before still holds.
        """
        written = []
        for number, batch in enumerate(batches):
            name = f"{held.stem}.{held.size}.{checkpoint[:16]}.{number}"
            making, made = self.folder / f"new-{name}", self.folder / name
            for old in (making, made):
                shutil.rmtree(old, ignore_errors=True)
            write(held, batch, making)
            for path in (*making.iterdir(), making):
                _synced(path)
            making.rename(made)
            part = _told(name, batch)
            written.append(self._open(held, part))
        segments = (*kept, *written)
        listed = {
            "format": FORMAT,
            "scheme": held.scheme,
            "width": held.width,
            "stride": held.stride,
            "size": held.size,
            "checkpoint": checkpoint,
            "segments": [_told(one.file or "", one.batch) for one in segments],
        }
        path = self.folder / f"{held.stem}.json"
        new = path.with_suffix(".new")
        new.write_text(json.dumps(listed, indent=1) + "\n")
        _synced(new)
        new.replace(path)
        names = {one.file for one in segments}
        for old in self.folder.glob(f"*{held.stem}.*"):
            if old.is_dir() and old.name not in names:
                shutil.rmtree(old, ignore_errors=True)
        return replace(held, segments=segments, filed=held.size)

    def clear(self) -> None:
        """Removes all files, where they may be written."""
        if self.writes:
            shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Tells whether it is this process's turn to write; holds it until the end of the block."""
        if not self.writes or sys.platform == "win32":
            yield False
            return
        try:
            self.folder.mkdir(exist_ok=True)
            fd = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            yield False
            return
        try:
            mine = False
            with suppress(OSError):
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                mine = True
            yield mine
        finally:
            os.close(fd)

    def _load(self, wanted: Held, checkpoint: Callable[[int], str | None]) -> Held | None:
        with (self.folder / f"{wanted.stem}.json").open("rb") as file:
            listed = json.loads(file.read(_LARGEST))
        said = (listed["format"], listed["scheme"], listed["width"], listed["stride"])
        if said != (FORMAT, wanted.scheme, wanted.width, wanted.stride):
            return None
        size, digest = listed["size"], listed["checkpoint"]
        if type(size) is not int or digest is None or digest != checkpoint(size):
            return None
        segments = tuple(self._open(wanted, part) for part in listed["segments"])
        return replace(wanted, size=size, segments=segments, filed=size)

    def _open(self, held: Held, part: dict[str, Any]) -> Segment:
        """Maps a segment.

        Raises:
            ValueError: It is not as the list says.
        """
        name = part["name"]
        if not _NAME.fullmatch(name) or not name.startswith(f"{held.stem}."):
            raise ValueError(name)
        codes, groups, starts, order = (
            np.load(self.folder / name / f"{one}.npy", mmap_mode="r", allow_pickle=False)
            for one in ("codes", "groups", "starts", "order")
        )
        number, origins = part["codes"], tuple(part["origins"])
        fits = (
            codes.shape == (number, -(-held.width // 8))
            and (codes.dtype, starts.dtype, order.dtype) == (np.uint64, np.uint32, np.uint32)
            and groups.dtype == GROUP
            and groups.shape == (part["groups"],)
            and order.shape[1:] == (number if len(order) else 0,)
            and len(starts) == len(order)
            and bool((starts[:, :1] == 0).all() and (starts[:, -1:] == number).all())
            and int(groups["count"].sum()) == number
            and int(groups["count"].min()) > 0
            and 0 <= int(groups["origin"].min()) <= int(groups["origin"].max()) < len(origins)
            and all(isinstance(origin, str) for origin in origins)
        )
        if not fits:
            raise ValueError(name)
        bits = (starts.shape[1] - 1).bit_length() - 1 if len(starts) else frames.BITS
        columns = Columns(codes=codes, bits=bits, stride=held.stride, starts=starts, order=order)
        if not consistent(columns):
            raise ValueError(name)
        return Segment(
            columns=columns,
            groups=np.array(groups),
            origins=origins,
            file=name,
        )


def _told(name: str, batch: Batch) -> dict[str, Any]:
    return {
        "name": name,
        "codes": len(batch.words),
        "groups": len(batch.groups),
        "origins": list(batch.origins),
    }


def _synced(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
