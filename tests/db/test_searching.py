"""A ledger that is only read is searched like one that records."""

from __future__ import annotations

import stat
from fractions import Fraction

import pytest

from db.searching import SearchReader
from forensics.errors import LedgerError
from tests.db.drafts import digest, local, looks, received, signatures


def test_a_reader_gives_the_same_answers_and_writes_nothing(either) -> None:
    ledger = either()
    ledger.append(
        [received(1), signatures(1, [b"a" * 32]), local(1, [b"b" * 32]), looks(1, [b"c"])]
    )
    with SearchReader.open(ledger.path) as reader:
        for index in (ledger, reader):
            assert [h.distance for h in index.nearest("pdq/1", [b"a" * 32], 0)] == [0]
            assert index.spread("pdq/1", [b"a" * 32, bytes(32)], 5) == [1, 0]
            assert [v.asset for v in index.votes("orb-grid/1", [b"b" * 32], 0, limit=1)] == [
                digest(1)
            ]
            assert [one.thumbnail for one in index.looks(digest(1), [Fraction(0)])] == [b"c"]
            assert index.extent(["pdq/1", "orb-grid/1"], digest(2)) == (2, 1)
            assert index.known(digest(1)).first_seen
            assert index.same_stream("packets/1", ["x"]) == []


def test_a_folder_that_cannot_be_written_is_no_hindrance(make, tmp_path) -> None:
    ledger = make()
    ledger.append([signatures(1, [b"a" * 32])])
    ledger.close()
    before = sorted(tmp_path.iterdir())
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with SearchReader.open(ledger.path) as reader:
            assert len(reader.nearest("pdq/1", [b"a" * 32], 0)) == 1
    finally:
        tmp_path.chmod(stat.S_IRWXU)
    assert sorted(tmp_path.iterdir()) == before


def test_a_ledger_of_an_older_schema_says_what_to_do(make, raw) -> None:
    ledger = make()
    raw.execute("PRAGMA user_version = 4")
    with pytest.raises(LedgerError, match="schema 4") as caught:
        SearchReader.open(ledger.path)
    assert "rebuild" in caught.value.hint
