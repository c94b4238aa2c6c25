"""Zip files named for their defect: each is refused with its reason, and none is unpacked."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from hashlib import sha256

import pytest

from forensics.ledger import zipped
from forensics.ledger.bag import BagError, Content, read_bag, write_bag
from forensics.ledger.zipped import ZipError, open_archive

FILES = {"bundle/a.txt": b"alpha", "bundle/b/c.txt": b"gamma " * 100, "bundle/empty": b""}


def made(
    files: dict[str, bytes] | None = None, change: Callable[[zipfile.ZipInfo], None] | None = None
) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in (FILES if files is None else files).items():
            info = zipfile.ZipInfo(name)
            info.create_system = 3
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            if change:
                change(info)
            archive.writestr(info, data)
    return buffer.getvalue()


def patched(data: bytes, sign: bytes, offset: int, value: bytes, which: int = 0) -> bytes:
    """Writes over a field of the header that begins with `sign`."""
    place = -1
    for _ in range(which + 1):
        place = data.index(sign, place + 1)
    return data[: place + offset] + value + data[place + offset + len(value) :]


CENTRAL, LOCAL, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"


def deflated(info: zipfile.ZipInfo) -> None:
    info.compress_type = zipfile.ZIP_DEFLATED


def link(info: zipfile.ZipInfo) -> None:
    info.external_attr = (stat.S_IFLNK | 0o777) << 16


def device(info: zipfile.ZipInfo) -> None:
    info.external_attr = (stat.S_IFCHR | 0o666) << 16


def with_comment(info: zipfile.ZipInfo) -> None:
    info.comment = b"hello"


def with_extra(info: zipfile.ZipInfo) -> None:
    info.extra = struct.pack("<2H4s", 0x7075, 4, b"abcd")


def with_rights(info: zipfile.ZipInfo) -> None:
    info.external_attr = (stat.S_IFREG | 0o4755) << 16


def of_today(info: zipfile.ZipInfo) -> None:
    info.date_time = (2020, 1, 1, 0, 0, 0)


def of_another_system(info: zipfile.ZipInfo) -> None:
    info.create_system = 0


def with_own_extra_field(field: bytes) -> bytes:
    """A file of one member, with an extra field in the header before its content only."""
    data = made({"bundle/a": b"alpha"})
    data = patched(data, LOCAL, 28, struct.pack("<H", len(field)))
    data = data.replace(b"bundle/aalpha", b"bundle/a" + field + b"alpha")
    return patched(data, END, 16, struct.pack("<L", data.index(CENTRAL)))


def twice() -> bytes:
    """Two members of one name, the second with other bytes."""
    data = made({"bundle/a.txt": b"alpha", "bundle/b.txt": b"gamma"})
    return data.replace(b"bundle/b.txt", b"bundle/a.txt")


def overlapping() -> bytes:
    """Two directory entries for the same bytes: what a quoting bomb is made of."""
    data = made({"bundle/a.txt": b"alpha", "bundle/b.txt": b"gamma"})
    return patched(data, CENTRAL, 42, struct.pack("<L", 0), which=1)


def with_gap() -> bytes:
    data = made()
    end = data.rindex(END)
    start = data.index(CENTRAL)
    longer = data[:start] + b"hidden" + data[start:]
    return patched(longer, END, 16, struct.pack("<L", start + 6)) if end else b""


WHOLE = made()
DEFECTS = {
    "nothing": (b"", "does not begin"),
    "words": (b"these are words" * 9, "does not begin"),
    "header-only": (b"PK\x03\x04" + bytes(60), "does not end"),
    "cut-short": (WHOLE[:-1], "does not end"),
    "added-to": (WHOLE + b"more", "does not end"),
    "prefix-before": (b"#!/bin/sh\n" + WHOLE, "does not begin"),
    "zip-comment": (patched(WHOLE, END, 20, b"\x05\x00") + b"hello", "does not end"),
    "one-of-several": (patched(WHOLE, END, 4, b"\x01\x00"), "one part of several"),
    "directory-elsewhere": (patched(WHOLE, END, 16, struct.pack("<L", 5)), "directory"),
    "more-entries-than-there-are": (
        patched(WHOLE, END, 8, struct.pack("<2H", 9, 9)),
        "ends too early",
    ),
    "fewer-entries-than-there-are": (
        patched(WHOLE, END, 8, struct.pack("<2H", 2, 2)),
        "bytes more than",
    ),
    "bytes-between": (with_gap(), "lie between"),
    "overlap": (overlapping(), "gap or an overlap"),
    "same-name-twice": (twice(), "occurs twice"),
    "names-differ-in-case": (made({"b/a": b"1", "b/A": b"2"}), "differ in case"),
    "folders-differ-in-case": (made({"b/x/1": b"1", "b/X/2": b"2"}), "differ in case"),
    "file-is-also-a-folder": (made({"b/x": b"1", "b/x/2": b"2"}), "both a file and a folder"),
    "path-goes-up": (made({"bundle/../../etc/passwd": b"x"}), "could lead elsewhere"),
    "path-is-absolute": (made({"/etc/passwd": b"x"}), "could lead elsewhere"),
    "path-has-backslash": (
        made({"bundle/a.txt": b"x"}).replace(b"bundle/a.txt", b"bundle\\a.txt"),
        "could lead elsewhere",
    ),
    "path-has-drive": (made({"C:/a.txt": b"x"}), "could lead elsewhere"),
    "path-is-hidden": (made({"bundle/.bashrc": b"x"}), "could lead elsewhere"),
    "name-has-nul": (
        made({"bundle/aXb.txt": b"x"}).replace(b"aXb", b"a\x00b"),
        "could lead elsewhere",
    ),
    "name-has-escape": (
        made({"bundle/aXb.txt": b"x"}).replace(b"aXb", b"a\x1bb"),
        "could lead elsewhere",
    ),
    "name-is-long": (made({"b" * 300: b"x"}), "could lead elsewhere"),
    "name-is-empty-part": (made({"bundle//a": b"x"}), "could lead elsewhere"),
    "folder-entry": (made({"bundle/": b""}), "could lead elsewhere"),
    "symbolic-link": (made({"bundle/a": b"/etc/passwd"}, link), "link or another special"),
    "device": (made({"bundle/a": b""}, device), "link or another special"),
    "sets-the-user": (made(change=with_rights), "or one with other rights"),
    "made-by-another-system": (made(change=of_another_system), "of system 0"),
    "states-a-time": (made(change=of_today), "states a time"),
    "header-states-a-time": (patched(WHOLE, LOCAL, 10, b"\x01\x00"), "states a time"),
    "needs-another-version": (patched(WHOLE, CENTRAL, 6, b"\x3f\x00"), "needs version 63"),
    "header-has-another-crc": (patched(WHOLE, LOCAL, 14, bytes(4)), "says something else"),
    "hidden-in-the-header": (with_own_extra_field(b"hidden"), "has an extra field of 6 bytes"),
    "another-size-in-the-header": (
        with_own_extra_field(struct.pack("<2H2Q", 1, 16, 9, 9)),
        "has an extra field of 20 bytes",
    ),
    "member-comment": (made(change=with_comment), "comment"),
    "extra-field": (made(change=with_extra), "extra field"),
    "deflated-bomb": (made({"bundle/a": bytes(10**6)}, deflated), "is compressed"),
    "encrypted": (patched(WHOLE, CENTRAL, 8, b"\x01\x00"), "encrypted"),
    "declared-larger-than-the-file": (
        patched(WHOLE, CENTRAL, 20, struct.pack("<2L", 10**9, 10**9)),
        "by its header",
    ),
    "both-declare-larger-than-the-file": (
        patched(
            patched(WHOLE, CENTRAL, 20, struct.pack("<2L", 10**9, 10**9)),
            LOCAL,
            18,
            struct.pack("<2L", 10**9, 10**9),
        ),
        "more than the file has",
    ),
    "declared-smaller-than-it-is": (
        patched(
            patched(WHOLE, CENTRAL, 20, struct.pack("<2L", 3, 3)),
            LOCAL,
            18,
            struct.pack("<2L", 3, 3),
        ),
        "gap or an overlap",
    ),
    "header-has-another-name": (patched(WHOLE, LOCAL, 30, b"bundle/z"), "says something else"),
    "header-is-compressed": (patched(WHOLE, LOCAL, 8, b"\x08\x00"), "says something else"),
    "size-of-64-bits-is-missing": (
        patched(WHOLE, CENTRAL, 20, b"\xff" * 8),
        "lacks its 64-bit sizes",
    ),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_refused_and_named(name: str) -> None:
    data, match = DEFECTS[name]
    with pytest.raises(ZipError, match=match) as caught:
        open_archive(io.BytesIO(data))
    assert "\x1b" not in str(caught.value)
    assert "\x00" not in str(caught.value)


def test_another_crc_is_found_when_the_member_is_read() -> None:
    data = patched(patched(WHOLE, LOCAL, 14, bytes(4)), CENTRAL, 16, bytes(4))
    archive = open_archive(io.BytesIO(data))
    with pytest.raises(ZipError, match=r"'bundle/a\.txt' has another CRC-32"):
        archive.read("bundle/a.txt", 99)
    assert archive.read("bundle/b/c.txt", 999) == FILES["bundle/b/c.txt"]


def test_too_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped, "MAX_MEMBERS", 2)
    with pytest.raises(ZipError, match="holds 3 files, expected at most 2"):
        open_archive(io.BytesIO(WHOLE))


def test_a_sound_one_is_read_and_a_member_bounded() -> None:
    archive = open_archive(io.BytesIO(WHOLE))
    assert {n: archive.read(n, 10**6) for n in archive.members} == FILES
    with pytest.raises(ZipError, match="has 600 bytes, expected at most 599"):
        archive.read("bundle/b/c.txt", 599)


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


def bag(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    contents = [Content(name=n, size=len(d), chunks=[d]) for n, d in files.items()]
    write_bag(buffer, contents, {"External-Identifier": "x"})
    return buffer.getvalue()


BAG = {"data/a.txt": b"alpha", "data/b/c.txt": b"gamma"}


def rezipped(change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A bag with its files changed and zipped anew."""
    with zipfile.ZipFile(io.BytesIO(bag(BAG))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    return made(files)


def test_the_same_content_gives_the_same_bytes_in_any_order() -> None:
    assert bag(BAG) == bag(dict(reversed(BAG.items())))
    read = read_bag(io.BytesIO(bag(BAG)))
    assert {name: read.read(name, 99) for name in read.digests} == BAG


def changed(f: dict[str, bytes]) -> None:
    f["bundle/data/a.txt"] = b"alphA"


def missing(f: dict[str, bytes]) -> None:
    del f["bundle/data/a.txt"]


def extra(f: dict[str, bytes]) -> None:
    f["bundle/data/z.txt"] = b"z"


def extra_beside(f: dict[str, bytes]) -> None:
    f["bundle/z.txt"] = b"z"


def two_folders(f: dict[str, bytes]) -> None:
    f["other/z.txt"] = b"z"


def wrong_case(f: dict[str, bytes]) -> None:
    f["bundle/BagIt.txt"] = f.pop("bundle/bagit.txt")


def other_folder(f: dict[str, bytes]) -> None:
    for name in list(f):
        f[name.replace("bundle", "-rf", 1)] = f.pop(name)


def rezip_sums(f: dict[str, bytes]) -> None:
    names = ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")
    f["bundle/tagmanifest-sha256.txt"] = "".join(
        f"{sha256(f[f'bundle/{name}']).hexdigest()}  {name}\n" for name in names
    ).encode()


def false_oxum(f: dict[str, bytes]) -> None:
    f["bundle/bag-info.txt"] = b"Payload-Oxum: 1.1\n"
    rezip_sums(f)


def two_oxums(f: dict[str, bytes]) -> None:
    f["bundle/bag-info.txt"] += b"payload-oxum: 9.9\n"
    rezip_sums(f)


def no_manifest(f: dict[str, bytes]) -> None:
    del f["bundle/manifest-sha256.txt"]


def other_version(f: dict[str, bytes]) -> None:
    f["bundle/bagit.txt"] = b"BagIt-Version: 9.9\n"


def manifest_shortened(f: dict[str, bytes]) -> None:
    f["bundle/manifest-sha256.txt"] = f["bundle/manifest-sha256.txt"].splitlines(keepends=True)[0]


def line_twice(f: dict[str, bytes]) -> None:
    f["bundle/tagmanifest-sha256.txt"] *= 2


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (changed, "data/a.txt was changed: expected the SHA-256"),
        (missing, "data/a.txt is missing"),
        (extra, "data/z.txt was added"),
        (extra_beside, "z.txt was added"),
        (two_folders, "other/z.txt lies beside the folder bundle/"),
        (other_folder, "lies beside the folder bundle/"),
        (
            false_oxum,
            "bag-info.txt states b'Payload-Oxum: 1.1', expected 'Payload-Oxum: 10.2' once",
        ),
        (two_oxums, "expected 'Payload-Oxum: 10.2' once"),
        (wrong_case, "bagit.txt is missing"),
        (no_manifest, "manifest-sha256.txt is missing"),
        (other_version, "version 1.0"),
        (manifest_shortened, "manifest-sha256.txt was changed"),
        (line_twice, "line 4 of tagmanifest-sha256.txt"),
    ],
    ids=lambda c: getattr(c, "__name__", ""),
)
def test_a_bag_that_does_not_fit_its_manifest(
    change: Callable[[dict[str, bytes]], None], match: str
) -> None:
    with pytest.raises(BagError, match=match):
        read_bag(io.BytesIO(rezipped(change)))
