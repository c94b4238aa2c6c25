"""The evidence store: whole, read-only, under the digest, or not at all."""

from __future__ import annotations

import stat
from hashlib import sha256
from pathlib import Path

import pytest

from db import store
from forensics.errors import LedgerBroken, LedgerError

DATA = bytes(range(256)) * 9000
DIGEST = sha256(DATA).hexdigest()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "-видео \n.mp4"
    path.write_bytes(DATA)
    return path


def test_bytes_are_kept_read_only_under_their_digest(make, source: Path, tmp_path: Path) -> None:
    kept = make().keep(source, DIGEST)
    assert kept == tmp_path / "case.evidence" / DIGEST[:2] / DIGEST
    assert kept.read_bytes() == DATA
    assert stat.S_IMODE(kept.stat().st_mode) == 0o444
    assert [p.name for p in kept.parent.iterdir()] == [DIGEST]


def test_what_is_there_is_kept(tmp_path: Path, source: Path) -> None:
    first = store.keep(tmp_path / "s", source, DIGEST)
    inode = first.stat().st_ino
    source.unlink()  # even the source is no longer needed
    assert store.keep(tmp_path / "s", source, DIGEST).stat().st_ino == inode


def test_other_bytes_than_promised_leave_nothing_behind(tmp_path: Path, source: Path) -> None:
    wrong = sha256(b"other").hexdigest()
    with pytest.raises(LedgerError, match="changed while it was being kept"):
        store.keep(tmp_path / "s", source, wrong)
    assert not [p for p in (tmp_path / "s").rglob("*") if p.is_file()]


def test_a_kept_file_that_was_changed_is_told(tmp_path: Path, source: Path) -> None:
    kept = store.keep(tmp_path / "s", source, DIGEST)
    kept.chmod(0o644)
    kept.write_bytes(DATA[:-1] + b"x")
    with pytest.raises(LedgerBroken, match="no longer has the bytes") as caught:
        store.keep(tmp_path / "s", source, DIGEST)
    assert caught.value.hint


def test_a_source_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="could not be kept"):
        store.keep(tmp_path / "s", tmp_path / "none", DIGEST)
