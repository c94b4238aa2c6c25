"""Deleting values: what is gone, byte by byte, and what keeps holding."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from db import session, store
from db.exporting import Wanted, export
from db.ledger import SqlLedger
from db.reading import Reader
from db.redaction import Value, redact
from db.verifying import verify
from forensics.errors import LedgerError, UsageError
from forensics.ledger.verify import Grade
from forensics.model import Draft
from tests.db.drafts import digest, plain, received

Make = Callable[..., SqlLedger]
NAME = "a-name-that-nobody-else-has.mp4"
LONG = "a long value, " * 2000  # more than a page of the database


def whole(ledger: SqlLedger) -> bytes:
    """Every byte beside the ledger: the file, its journals, their free pages."""
    files = ledger.path.parent.glob("case.sqlite*")
    return b"".join(file.read_bytes() for file in files)


def disclosed(ledger: SqlLedger, entry: int) -> dict[str, str]:
    with Reader.open(ledger.path) as reader:
        return reader.entry(entry).disclosed


def salts(ledger: SqlLedger) -> list[bytes]:
    with closing(sqlite3.connect(ledger.path)) as raw:
        return [row[0] for row in raw.execute("SELECT salt FROM disclosure ORDER BY entry, key")]


def two(**personal: str) -> Draft:
    return Draft(type="outcome", subject=None, payload={"analysis": "x"}, personal=personal)


@pytest.mark.parametrize("mode", ["truncate", "wal"])
def test_no_byte_of_a_deleted_value_is_left(
    make: Make, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "journal_mode", lambda version: mode)
    ledger = make()
    ledger.append([received(1, name=NAME), two(a=LONG, b="kept")])
    for number in range(5):  # other pages, and frames of the journal
        ledger.append([received(number + 2)])
    salt_of_name, salt_of_long = salts(ledger)[:2]
    for bytes_ in (NAME.encode(), LONG.encode()[-200:], salt_of_name, salt_of_long):
        assert bytes_ in whole(ledger)
    redact(ledger, 1, reason="asked by the person")
    redact(ledger, 2, keys=["a"], reason="asked by the person")
    left = whole(ledger)
    for bytes_ in (NAME.encode(), b"a long value, a long", salt_of_name, salt_of_long):
        assert bytes_ not in left
    assert disclosed(ledger, 1) == {}
    assert disclosed(ledger, 2) == {"b": "kept"}
    assert verify(ledger.path, vkey=ledger.vkey).grade is Grade.SIGNED


def test_it_is_recorded_and_shown_as_redacted(make: Make) -> None:
    ledger = make()
    ledger.append([received(1, name=NAME)])
    found = redact(ledger, 1, reason="asked by the person")
    assert found.keys == ("name",)
    assert found.receipt is not None
    with Reader.open(ledger.path) as reader:
        entry = reader.entry(found.receipt.entries[0]).entry
    assert (entry.type, entry.subject) == ("redaction", None)
    assert entry.payload == {"entry": 1, "keys": ["name"], "reason": "asked by the person"}
    known = ledger.known(digest(1))
    assert known is not None
    assert known.name == "(redacted)"
    ledger.rebuild()
    assert verify(ledger.path, vkey=ledger.vkey).grade is Grade.SIGNED


def test_doing_it_again_records_nothing_and_writes_the_file_anew(make: Make) -> None:
    ledger = make()
    ledger.append([received(1, name=NAME)])
    redact(ledger, 1, reason="once")
    with Reader.open(ledger.path) as reader:
        size = reader.size()
    again = redact(ledger, 1, reason="twice")
    assert (again.keys, again.receipt) == ((), None)
    with Reader.open(ledger.path) as reader:
        assert reader.size() == size
    assert ledger.append([plain(1)]).entries == (size,)


def test_only_the_named_values_go(make: Make) -> None:
    ledger = make()
    ledger.append([two(a="one", b="two", c="three")])
    redact(ledger, 1, keys=["b"], reason="asked")
    assert disclosed(ledger, 1) == {"a": "one", "c": "three"}


@pytest.mark.parametrize(
    ("entry", "keys", "match"),
    [
        (99, (), "entry 99 is not there: the ledger has 3"),
        (0, (), "entry 0 commits to no value"),
        (1, ("names",), "commits to no value 'names'"),
    ],
)
def test_what_is_not_there_is_told(
    make: Make, entry: int, keys: tuple[str, ...], match: str
) -> None:
    ledger = make()
    ledger.append([received(1)])
    with pytest.raises(UsageError, match=match):
        redact(ledger, entry, keys=keys, reason="asked")
    assert disclosed(ledger, 1) == {"name": "видео.mp4"}


def test_an_original_is_removed_and_that_is_custody(make: Make, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"the original")
    name = sha256(b"the original").hexdigest()
    ledger = make()
    ledger.append([received(1, name=NAME)])
    kept = ledger.keep(source, name)
    found = redact(ledger, 1, evidence=name, reason="asked")
    assert not kept.exists()
    assert ledger.kept(name) is None
    assert found.receipt is not None
    with Reader.open(ledger.path) as reader:
        entry = reader.entry(found.receipt.entries[1]).entry
    assert (entry.type, entry.subject) == ("custody", f"sha256:{name}")
    assert entry.payload == {
        "event": "destroyed",
        "sha256": name,
        "size": 12,
        "reason": "asked",
    }
    assert verify(ledger.path, vkey=ledger.vkey).grade is Grade.SIGNED
    with pytest.raises(UsageError, match="is not kept"):
        redact(ledger, None, evidence=name, reason="again")


def test_a_value_that_came_back_from_a_copy_is_remarked(
    make: Make, raw: sqlite3.Connection
) -> None:
    ledger = make()
    ledger.append([received(1, name=NAME)])
    row = raw.execute("SELECT * FROM disclosure").fetchone()
    redact(ledger, 1, reason="asked")
    raw.execute("INSERT INTO disclosure VALUES (?, ?, ?, ?)", row)
    found = verify(ledger.path, vkey=ledger.vkey)
    assert found.grade is Grade.SIGNED
    assert any("an older copy may have been put back" in remark for remark in found.remarks)


def test_no_table_but_the_disclosures_holds_a_name(make: Make, raw: sqlite3.Connection) -> None:
    make().append([received(1, name=NAME)])
    tables = raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    holding = [
        table
        for (table,) in tables
        if any(NAME in str(row) for row in raw.execute(f"SELECT * FROM {table}"))
    ]
    assert holding == ["disclosure"]


def test_a_journal_that_another_program_holds_is_told(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "journal_mode", lambda version: "wal")
    monkeypatch.setattr(session, "BUSY_SECONDS", 0.1)
    ledger = make()
    ledger.append([received(1, name=NAME)])
    with closing(sqlite3.connect(ledger.path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM log_entry").fetchone()
        with pytest.raises(LedgerError, match="may still lie in"):
            redact(ledger, 1, reason="asked")
    assert redact(ledger, 1, reason="asked").receipt is None
    assert NAME.encode() not in whole(ledger)


def test_where_the_same_value_stands_is_told_and_what_took_it_along(
    make: Make, tmp_path: Path
) -> None:
    ledger = make()
    ledger.append([received(1, name=NAME), received(2, name="other.mp4")])
    bundles = [
        export(ledger, tmp_path / "all.zip", Wanted()),
        export(ledger, tmp_path / "bare.zip", Wanted(personal=False)),
        export(ledger, tmp_path / "other.zip", Wanted(assets=(digest(2),))),
        export(ledger, tmp_path / "its.zip", Wanted(assets=(digest(1),))),
    ]
    again = ledger.append([received(1, name=NAME), two(author=NAME, b="kept")]).entries
    done = redact(ledger, 1, reason="asked")
    assert done.same == ((Value(entry=again[0], key="name"), Value(entry=again[1], key="author")),)
    assert done.everywhere is False
    assert done.bundles == (bundles[0].receipt.entries[0], bundles[3].receipt.entries[0])
    assert disclosed(ledger, again[0]) == {"name": NAME}
    assert NAME.encode() in whole(ledger)


def test_the_same_value_is_deleted_everywhere_and_nothing_else(make: Make) -> None:
    ledger = make()
    first, second, third = ledger.append(
        [received(1, name=NAME), two(a=NAME, b="kept", c=NAME), received(2, name=f"{NAME}2")]
    ).entries
    done = redact(ledger, first, reason="asked", everywhere=True)
    assert (done.keys, done.everywhere) == (("name",), True)
    assert done.same == ((Value(entry=second, key="a"), Value(entry=second, key="c")),)
    assert [disclosed(ledger, n) for n in (first, second, third)] == [
        {},
        {"b": "kept"},
        {"name": f"{NAME}2"},
    ]
    assert done.receipt is not None
    with Reader.open(ledger.path) as reader:
        said = [reader.entry(n).entry.payload for n in done.receipt.entries]
    assert [(one["entry"], one["keys"]) for one in said] == [
        (first, ["name"]),
        (second, ["a", "c"]),
    ]
    assert whole(ledger).count(NAME.encode()) == 1  # within the longer name, which is another value
    assert verify(ledger.path, vkey=ledger.vkey).grade is Grade.SIGNED


def test_a_value_elsewhere_in_the_same_entry_is_the_same_value(make: Make) -> None:
    ledger = make()
    (entry,) = ledger.append([two(a=NAME, b=NAME, c="c")]).entries
    assert redact(ledger, entry, keys=["a"], reason="asked").same == (
        (Value(entry=entry, key="b"),),
    )
    assert disclosed(ledger, entry) == {"b": NAME, "c": "c"}


def test_an_original_whose_removal_was_cut_short_is_told_and_removed_by_the_next_run(
    make: Make, tmp_path: Path
) -> None:
    ledger = make()
    names = []
    for content in (b"one", b"two"):
        source = tmp_path / "source"
        source.write_bytes(content)
        names.append(sha256(content).hexdigest())
        ledger.keep(source, names[-1])
    first = redact(ledger, None, evidence=names[0], reason="asked")
    assert first.left_over == ()
    kept = store.kept_path(store.store_path(ledger.path), names[0])
    kept.write_bytes(b"one")  # as if the process had ended before it was removed
    second = redact(ledger, None, evidence=names[1], reason="asked")
    assert second.left_over == (names[0],)
    again = redact(ledger, None, evidence=names[0], reason="asked")
    assert (again.receipt, again.left_over, kept.exists()) == (None, (), False)
    with Reader.open(ledger.path) as reader:
        assert len(reader.entries(type="custody")) == 2
