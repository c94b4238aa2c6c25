"""Zip files named for their defect: each is refused with its reason, and none is unpacked."""

from __future__ import annotations

import io
import stat
import struct
import zipfile

import pytest

from forensics.ledger import zipped
from forensics.ledger.zipped import ZipError, open_archive
from tests.ledger.zips import CENTRAL, END, FILES, LOCAL, made, patched


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
