"""A BagIt bag (RFC 8493) in a zip file: written with the same bytes for the same content, read with distrust.

bundle/bagit.txt                which version of BagIt
bundle/bag-info.txt             what it is, in lines "Name: value"
bundle/data/…                   the content
bundle/manifest-sha256.txt      SHA-256 and name of every file below data/
bundle/tagmanifest-sha256.txt   SHA-256 and name of the three others
"""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from forensics.errors import LedgerBroken
from forensics.ledger.zipped import Archive, open_archive

BASE = "bundle"
"""The folder that unpacking makes."""
_OXUM = "Payload-Oxum"
MAX_TAG_FILE = 16 * 2**20
_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_BAGIT = "bagit.txt"
INFO = "bag-info.txt"
"""What the bag is, on the word of whoever packed it."""
_MANIFEST, _TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
_LINE = re.compile(r"([0-9a-f]{64})  (\S+)", re.ASCII)
_BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file can state: stands for "no time"."""


class BagError(LedgerBroken):
    """A bag lacks a file, holds one too many, or one with other bytes than its manifest says.

    Attributes:
        name: The first file that is wrong, below the bag's folder; empty where it is none of them.
    """

    def __init__(self, message: str, name: str = "") -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One file to be written.

    Attributes:
        name: Below the bag's folder, beginning with "data/".
        size: In bytes.
        chunks: Its bytes, in parts.
    """

    name: str
    size: int
    chunks: Iterable[bytes]


class Bag:
    """A bag whose every file has the bytes that its manifest says."""

    def __init__(self, archive: Archive, digests: Mapping[str, str]) -> None:
        self._archive = archive
        self.digests = digests
        """SHA-256 of every file below data/, by name."""
        self.tags = (INFO,)
        """Files beside data/ whose content is free: whoever passes the bag on can change it."""

    def size(self, name: str) -> int:
        """Returns how many bytes a file has."""
        return self._archive.members[f"{BASE}/{name}"].size

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yields a file's bytes, in parts."""
        return self._archive.chunks(f"{BASE}/{name}")

    def read(self, name: str, limit: int) -> bytes:
        """Returns a file's bytes.

        Raises:
            ZipError: There are more than `limit`.
        """
        return self._archive.read(f"{BASE}/{name}", limit)


def write_bag(
    file: BinaryIO, contents: Sequence[Content], info: Mapping[str, str]
) -> dict[str, str]:
    """Writes a bag: contents by name, then the four tag files; stored, all with the same time and mode.

    Returns:
        SHA-256 of each file's bytes as they were written, by name.
    """
    tags: dict[str, bytes] = {_BAGIT: _DECLARATION}
    digests: dict[str, str] = {}
    total = 0
    with zipfile.ZipFile(file, "w") as archive:
        for content in sorted(contents, key=lambda one: one.name):
            digests[content.name], size = _write(archive, content)
            total += size
        said = {**info, _OXUM: f"{total}.{len(contents)}"}
        tags[INFO] = "".join(f"{name}: {value}\n" for name, value in said.items()).encode()
        tags[_MANIFEST] = "".join(f"{d}  {name}\n" for name, d in digests.items()).encode()
        tags[_TAGS] = "".join(
            f"{sha256(data).hexdigest()}  {name}\n" for name, data in sorted(tags.items())
        ).encode()
        for name, data in sorted(tags.items()):
            _write(archive, Content(name=name, size=len(data), chunks=[data]))
    return digests


def read_bag(file: BinaryIO) -> Bag:
    """Reads a bag and checks every file in it against the manifests.

    Raises:
        BagError: A file is missing, was added, or has other bytes; the first one is named.
        ZipError: It is no zip file of the one form that is read.
    """
    archive = open_archive(file)
    if outside := next((n for n in archive.members if not n.startswith(f"{BASE}/")), None):
        raise BagError(f"{outside} lies beside the folder {BASE}/, expected everything below it")
    names = {name.removeprefix(f"{BASE}/") for name in archive.members}
    for name in (_BAGIT, INFO, _MANIFEST, _TAGS):
        if name not in names:
            raise BagError(f"{name} is missing: this is no bundle, or one that was cut", name)
    if _tag(archive, _BAGIT) != _DECLARATION:
        raise BagError("bagit.txt does not say that this is a bag of version 1.0 in UTF-8", _BAGIT)
    _check(archive, _digests(archive, _TAGS), {_BAGIT, INFO, _MANIFEST}, _TAGS)
    digests = _digests(archive, _MANIFEST)
    _check(archive, digests, names - {_BAGIT, INFO, _MANIFEST, _TAGS}, _MANIFEST)
    _check_oxum(archive, digests)
    return Bag(archive, digests)


def _write(archive: zipfile.ZipFile, content: Content) -> tuple[str, int]:
    member = zipfile.ZipInfo(f"{BASE}/{content.name}", _BEGINNING)
    member.create_system = 3
    member.external_attr = (stat.S_IFREG | 0o644) << 16
    member.file_size = content.size  # decides whether 64-bit sizes are written
    digest, size = sha256(), 0
    with archive.open(member, "w") as out:
        for chunk in content.chunks:
            out.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def _tag(archive: Archive, name: str) -> bytes:
    return archive.read(f"{BASE}/{name}", MAX_TAG_FILE)


def _check_oxum(archive: Archive, digests: Mapping[str, str]) -> None:
    """Checks how many bytes and files bag-info.txt states (RFC 8493 section 2.2.2): once, and rightly."""
    total = sum(archive.members[f"{BASE}/{name}"].size for name in digests)
    expected = f"{_OXUM}: {total}.{len(digests)}".encode()
    lines = _tag(archive, INFO).split(b"\n")
    found = [line for line in lines if line.lower().startswith(_OXUM.lower().encode())]
    if found != [expected]:
        raise BagError(
            f"{INFO} states {b', '.join(found)[:120]!r}, expected {expected.decode()!r} once", INFO
        )


def _digests(archive: Archive, name: str) -> dict[str, str]:
    """Reads a manifest."""
    digests: dict[str, str] = {}
    text = _tag(archive, name).decode("ascii", "replace")
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        found = _LINE.fullmatch(line)
        if found is None or found[2] in digests:
            raise BagError(
                f"line {number} of {name} is {line[:120]!r}, expected a SHA-256, two spaces and a name "
                "that does not occur before",
                name,
            )
        digests[found[2]] = found[1]
    return digests


def _check(archive: Archive, digests: Mapping[str, str], there: set[str], manifest: str) -> None:
    if missing := sorted(digests.keys() - there):
        raise BagError(f"{missing[0]} is missing: {manifest} lists it", missing[0])
    if extra := sorted(there - digests.keys()):
        raise BagError(f"{extra[0]} was added: {manifest} does not list it", extra[0])
    for name in sorted(digests):
        digest = sha256()
        for chunk in archive.chunks(f"{BASE}/{name}"):
            digest.update(chunk)
        if digest.hexdigest() != digests[name]:
            raise BagError(
                f"{name} was changed: expected the SHA-256 {digests[name]}, found {digest.hexdigest()}",
                name,
            )
