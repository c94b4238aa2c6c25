"""Assets that are known only from a list of hashes: searched, on the publisher's word, and made again."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from db.exporting import Wanted, export
from db.hashes import signed
from db.importing import import_bundle
from db.ledger import SqlLedger
from db.reading import Reader
from db.verifying import verify
from forensics.errors import UsageError
from forensics.hashlists.item import HashItem
from forensics.hashlists.reading import read_list
from forensics.hashlists.taking import Source, Taken, take_in
from forensics.model import Draft, MediaKind, Sha256
from tests.db.drafts import digest, received, signatures

CODES = [bytes([n, *range(31)]) for n in range(8)]
SOURCE = Source(
    publisher="Desk\u202e A", published_at="2025-12-29T12:00:00Z", url="https://desk.example/list"
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    with SqlLedger.open(tmp_path / "case.sqlite", origin="desk.example/b") as opened:
        yield opened


def taken(ledger: SqlLedger, text: str, source: Source = SOURCE) -> tuple[list[HashItem], Taken]:
    items = read_list(text.encode())
    return items, take_in(text.encode(), items, source, ledger)


def lines(*numbers: int) -> str:
    return "".join(f"{CODES[n].hex()},80,{n}.jpg\n" for n in numbers)


def found(index: SqlLedger, number: int) -> list[Sha256]:
    return [hit.asset for hit in index.nearest("pdq/1", [CODES[number]], 0)]


def holds(ledger: SqlLedger) -> None:
    """The tables follow from the log, and are made from it again."""
    assert verify(ledger.path).problems == ()
    before = [found(ledger, n) for n in range(len(CODES))]
    ledger.rebuild()
    assert [found(ledger, n) for n in range(len(CODES))] == before
    assert verify(ledger.path).problems == ()


def test_what_a_list_tells_is_found_on_its_publishers_word(ledger: SqlLedger) -> None:
    (one, _), done = taken(ledger, lines(0, 1))
    assert (done.new, done.known) == (2, 0)
    assert found(ledger, 0) == [one.subject]
    known = ledger.known(one.subject)
    assert known is not None
    assert (known.kind, known.listed_by) == (MediaKind.IMAGE, SOURCE.publisher)
    assert known.name == f"(only in a list of hashes by {SOURCE.publisher})"
    (seen,) = known.appearances
    assert (seen.what, seen.at, seen.by) == ("listed", SOURCE.published_at, SOURCE.publisher)
    assert ledger.own(one.subject) is None
    assert ledger.looks(one.subject, [Fraction(0)]) == []
    holds(ledger)


def test_a_list_is_taken_in_once_and_a_later_one_adds_its_word(ledger: SqlLedger) -> None:
    (one, *_), _ = taken(ledger, lines(0, 1, 0))
    with Reader.open(ledger.path) as reader:
        size = reader.size()
        _, again = taken(ledger, lines(0, 1, 0))
        assert (again.new, again.known, again.receipt) == (0, 3, None)
        assert reader.size() == size
    later = Source(publisher="Desk B", published_at="2025-12-20T00:00:00Z")
    taken(ledger, lines(0), later)
    known = ledger.known(one.subject)
    assert known is not None
    assert [(a.at, a.by) for a in known.appearances] == [
        (later.published_at, "Desk B"),
        (SOURCE.published_at, SOURCE.publisher),
    ]
    assert found(ledger, 0) == [one.subject]
    holds(ledger)


def test_what_was_cut_short_is_finished(ledger: SqlLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forensics.hashlists.taking._AT_ONCE", 2)
    append, calls = ledger.append, []

    def failing(drafts: list[Draft]) -> object:
        calls.append(len(drafts))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return append(drafts)

    monkeypatch.setattr(ledger, "append", failing)
    with pytest.raises(KeyboardInterrupt):
        taken(ledger, lines(0, 1, 2, 3, 4))
    _, done = taken(ledger, lines(0, 1, 2, 3, 4))
    assert (done.new, done.known) == (3, 2)
    with Reader.open(ledger.path) as reader:
        assert len(reader.entries(type="hash-list")) == 1
        assert len(reader.entries(type="hash-listed")) == 5
    holds(ledger)


@pytest.mark.parametrize("first", ["list", "own"])
def test_codes_that_were_made_here_come_before_a_lists(ledger: SqlLedger, first: str) -> None:
    own = received(1)
    name = own.subject.removeprefix("sha256:") if own.subject else ""
    text = f"hash,quality,sha256\n{CODES[0].hex()},80,{name}\n"
    acts = [lambda: taken(ledger, text), lambda: ledger.append([own, signatures(1, CODES[1:3])])]
    for act in acts if first == "list" else acts[::-1]:
        act()
    assert found(ledger, 0) == []
    assert found(ledger, 1) == [name]
    known = ledger.known(Sha256(name))
    assert known is not None
    assert known.listed_by is None
    assert {a.what for a in known.appearances} == {"received", "listed"}
    holds(ledger)


def test_an_asset_that_was_signed_here_leaves_with_its_codes(ledger: SqlLedger) -> None:
    taken(ledger, lines(7))
    ledger.append([received(1), signatures(1, CODES[:2]), received(2)])
    with Reader.open(ledger.path) as reader, reader.snapshot() as connection:
        ((known, codes),) = signed(connection, "pdq/1", None)
        assert [c.code for c in codes] == CODES[:2], "what others listed is theirs to pass on"
        assert [c.time for c in codes] == [0, Fraction(1, 2)]
        assert list(signed(connection, "pdq/1", [known.sha256])) == [(known, codes)]
        with pytest.raises(UsageError):
            list(signed(connection, "pdq/1", [Sha256("0" * 64)]))


def test_a_list_takes_no_codes_away_that_another_desk_made(
    ledger: SqlLedger, tmp_path: Path
) -> None:
    with SqlLedger.open(tmp_path / "desk.sqlite", origin="desk.example/c") as desk:
        desk.append([received(1), signatures(1, CODES[1:3])])
        export(desk, tmp_path / "left.zip", Wanted())
    name = digest(1)
    taken(ledger, f"hash,quality,sha256\n{CODES[0].hex()},80,{name}\n")
    import_bundle(ledger, tmp_path / "left.zip")
    assert [found(ledger, n) for n in range(3)] == [[name], [name], [name]]
    known = ledger.known(Sha256(name))
    assert known is not None
    assert (known.name, known.listed_by) == ("(met by desk.example/c)", None)
    assert {a.what for a in known.appearances} == {"received", "listed"}
    holds(ledger)
