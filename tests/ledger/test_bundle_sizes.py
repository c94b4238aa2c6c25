"""Sizes in a bundle's zip: of 64 bits, made up, and of more than four gibibytes."""

from __future__ import annotations

import io
import stat
import struct
import zipfile

import pytest

from forensics.ledger.bag import Content, read_bag, write_bag
from forensics.ledger.zipped import ZipError, open_archive
from tests.ledger.zips import CENTRAL, END, LOCAL, patched


def test_sizes_of_64_bits_are_read() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("bundle/large")
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        with archive.open(info, "w", force_zip64=True) as out:
            out.write(b"in truth small")
    archive_ = open_archive(io.BytesIO(buffer.getvalue()))
    assert archive_.read("bundle/large", 100) == b"in truth small"


HUGE = 2**32 + 2**24


def stating(size: int) -> bytes:
    """A member of a few bytes that states 64-bit sizes, in the directory and before its content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("bundle/large")
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        info.create_system = 3
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        with archive.open(info, "w", force_zip64=True) as out:
            out.write(b"in truth small")
    extra = struct.pack("<2H2Q", 1, 16, size, size)
    data = patched(buffer.getvalue(), LOCAL, 30 + len("bundle/large"), extra)
    place = data.index(CENTRAL)
    head = bytearray(data[place : data.index(END)])
    struct.pack_into("<H", head, 6, 45)
    struct.pack_into("<2L", head, 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", head, 30, len(extra))
    end = bytearray(data[-22:])
    struct.pack_into("<L", end, 12, len(head) + len(extra))
    return data[:place] + bytes(head) + extra + bytes(end)


@pytest.mark.parametrize("size", [15, 2**32 - 2, 2**32, HUGE, 2**63, 2**64 - 1])
def test_a_member_that_states_more_than_the_file_has_is_refused_unread(size: int) -> None:
    assert open_archive(io.BytesIO(stating(14))).read("bundle/large", 100) == b"in truth small"
    with pytest.raises(
        ZipError, match=r"'bundle/large' states [0-9,]+ bytes, more than the file has"
    ):
        open_archive(io.BytesIO(stating(size)))


class Zeros(io.RawIOBase):
    """A file of this many zero bytes that takes no room: what is written into it lies between."""

    def __init__(self) -> None:
        self._parts: dict[int, bytes] = {}
        self._place = self.length = 0

    def seekable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = 0) -> int:
        self._place = offset + (0, self._place, self.length)[whence]
        return self._place

    def write(self, data: bytes) -> int:
        if any(data):
            self._parts[self._place] = bytes(data)
        self._place += len(data)
        self.length = max(self.length, self._place)
        return len(data)

    def read(self, count: int = -1) -> bytes:
        first, last = self._place, min(self._place + count, self.length)
        data = bytearray(max(0, last - first))
        for place, part in self._parts.items():
            if place < last and place + len(part) > first:
                inside = part[max(0, first - place) : last - place]
                data[max(0, place - first) : max(0, place - first) + len(inside)] = inside
        self._place = max(first, last)
        return bytes(data)


@pytest.mark.slow
def test_an_original_of_more_than_four_gibibytes_leaves_and_is_read() -> None:
    chunk = bytes(2**24)
    name = f"data/evidence/{'0' * 64}"
    large = Content(name=name, size=HUGE, chunks=(chunk for _ in range(HUGE // len(chunk))))
    after = Content(name="data/log/after.txt", size=5, chunks=[b"after"])
    file = Zeros()
    digests = write_bag(file, [large, after], {"External-Identifier": "x"})
    read = read_bag(file)
    assert read.size(name) == HUGE
    assert read.digests == digests
    assert read.read("data/log/after.txt", 5) == b"after"
    with pytest.raises(ZipError, match="expected at most"):
        read.read(name, 2**20)
