"""The bag in a bundle: its manifest names each file, once, as it is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from hashlib import sha256

import pytest

from forensics.ledger.bag import BagError, Content, read_bag, write_bag
from tests.ledger.zips import made


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
