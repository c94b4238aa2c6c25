"""Corrections: what may supersede what, refused when it is appended and found when it is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from db import batch
from db.ledger import SqlLedger
from db.verifying import verify
from forensics.errors import LedgerError
from forensics.ledger.verify import Grade, Part
from tests.db.drafts import plain, received, verdict

Make = Callable[..., SqlLedger]


def test_an_entry_corrects_an_earlier_one_of_its_type_and_subject(make: Make) -> None:
    ledger = make()
    ledger.append([verdict(1), plain(1)])
    ledger.append([replace(verdict(1), supersedes=1)])
    ledger.append([replace(plain(2), supersedes=2), replace(plain(3), supersedes=6)])
    assert verify(ledger.path, vkey=ledger.vkey).grade is Grade.SIGNED


WRONG = [
    (replace(verdict(2), supersedes=1), "found 'verdict' about sha256:"),
    (replace(received(1), supersedes=1), "expected the type 'asset-received'"),
    (replace(verdict(1), supersedes=3), "found 'checkpoint'"),
    (replace(verdict(1), supersedes=4), "there is none before it"),
    (replace(verdict(1), supersedes=99), "there is none before it"),
]


@pytest.mark.parametrize(("draft", "match"), WRONG)
def test_it_corrects_nothing_else(make: Make, draft: object, match: str) -> None:
    ledger = make()
    ledger.append([verdict(1), plain(1)])
    with pytest.raises(LedgerError, match=match):
        ledger.append([draft])
    assert ledger.append([plain(2)]).entries == (4,)


@pytest.mark.parametrize(("draft", "match"), WRONG)
def test_a_wrong_correction_that_is_there_is_found(
    make: Make, draft: object, match: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = make()
    ledger.append([verdict(1), plain(1)])
    monkeypatch.setattr(batch, "check_supersedes", lambda *_: None)  # another program's append
    ledger.append([draft])
    found = verify(ledger.path, vkey=ledger.vkey)
    assert found.grade is Grade.BROKEN
    assert (found.problems[0].part, found.first_bad) == (Part.LOG, 4)
    assert match in found.sentences[0]
