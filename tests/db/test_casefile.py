"""Which entries a case is read from, in a file and on a server, while recording and while only reading."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from db.ledger import SqlLedger
from db.redaction import redact
from db.searching import SearchReader
from forensics.model import Draft
from tests.db.drafts import custody, digest, plain, received, signatures, verdict

Make = Callable[..., SqlLedger]


def opened(case: str, title: str = "Тема") -> Draft:
    return Draft(
        type="case-opened",
        subject=f"case:{case}",
        payload={"title": {"commitment": "title"}},
        personal={"title": title},
    )


def about(number: int, case: str, type_: str = "evidence-offered") -> Draft:
    return Draft(type=type_, subject=f"sha256:{digest(number)}", payload={"case": case})


DRAFTS = [
    opened("valdai"),  # 1
    received(1),  # 2
    custody(1),  # 3
    signatures(1, [bytes(32)]),  # 4
    verdict(1),  # 5
    about(1, "valdai"),  # 6
    opened("other"),  # 7
    about(1, "other", "verdict-of-another-kind"),  # 8: of a type that no case is read from
    about(2, "valdai"),  # 9
    Draft(type="recheck", subject="case:valdai", payload={"since": 3}),  # 10
    plain(1),  # 11: a claim of an older log, about nothing
]


def test_entries_are_found_by_case_and_by_asset(either: Make) -> None:
    ledger = either()
    ledger.append(DRAFTS)
    assert [e.index for e in ledger.opened()] == [1, 7]
    assert [e.index for e in ledger.of_case("valdai")] == [1, 6, 9, 10]
    assert [e.index for e in ledger.of_asset(digest(1))] == [2, 5, 6]
    assert ledger.of_case("vald") == ledger.of_case("VALDAI") == ledger.of_case("%") == []
    assert ledger.size() == len(DRAFTS) + 2
    assert ledger.beginning(digest(1)[:8]) == [digest(1)]


def test_an_entry_comes_with_its_values_and_its_leaf(either: Make) -> None:
    ledger = either()
    ledger.append(DRAFTS)
    first = ledger.recorded(1)
    assert first is not None
    assert first == ledger.opened()[0]
    assert (first.type, first.subject, first.disclosed) == (
        "case-opened",
        "case:valdai",
        {"title": "Тема"},
    )
    with SearchReader.open(ledger.path) as reader:
        stored = reader.entry(1)
        assert (first.leaf, first.at) == (stored.leaf.hex(), stored.entry.at)
        assert reader.of_case("valdai") == ledger.of_case("valdai")
        assert reader.recorded(4) == ledger.recorded(4)
    assert ledger.recorded(10**9) is None


def test_a_deleted_value_is_not_there_any_more(make: Make) -> None:
    ledger = make()
    ledger.append(DRAFTS)
    redact(ledger, 1, keys=["title"], reason="asked for")
    assert ledger.opened()[0].disclosed == {}


def test_more_entries_than_are_asked_for_at_once(make: Make) -> None:
    ledger = make()
    ledger.append([opened("valdai"), *(about(i, "valdai") for i in range(1200))])
    found = ledger.of_case("valdai")
    assert [e.index for e in found] == list(range(1, 1202))


def test_a_case_is_found_by_its_index_and_nothing_is_scanned(make: Make, tmp_path: Path) -> None:
    ledger = make()
    ledger.append(DRAFTS)
    query = (
        "EXPLAIN QUERY PLAN SELECT entry FROM case_file "
        "WHERE subject = 'case:valdai' OR case_id = 'valdai' ORDER BY entry"
    )
    with ledger._engine.connect() as connection:
        plan = " ".join(str(row) for row in connection.execute(text(query)))
    assert "case_file_subject" in plan
    assert "case_file_case" in plan
    assert "SCAN case_file" not in plan


@pytest.mark.parametrize("case", [7, None, ["valdai"]])
def test_a_case_that_is_no_text_is_none(make: Make, case: object) -> None:
    ledger = make()
    ledger.append([Draft(type="note", subject=None, payload={"case": case})])
    ledger.append([Draft(type="note", subject=f"sha256:{digest(1)}", payload={"case": case})])
    assert len(ledger.of_asset(digest(1))) == 1
