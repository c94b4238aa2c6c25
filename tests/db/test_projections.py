"""Rows that are gathered come to the same tables as rows that are written one by one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, select

from db import projections, schema
from db.models import PROJECTIONS
from db.projections import PayloadError, Projector
from forensics.ledger.entry import Entry
from forensics.model import Draft
from tests.db.drafts import custody, local, looks, received, signatures, verdict

NUMBERS = st.integers(0, 2)
DRAFTS = st.one_of(
    st.builds(received, NUMBERS, streams=st.integers(0, 2)),
    st.builds(verdict, NUMBERS),
    st.builds(custody, NUMBERS),
    st.builds(
        signatures,
        NUMBERS,
        st.lists(st.binary(min_size=8, max_size=8), min_size=1, max_size=2),
        st.sampled_from(["a/1", "b/1"]),
    ),
    st.builds(local, NUMBERS, st.just([b"x" * 32]), part=st.integers(0, 1)),
    st.builds(looks, NUMBERS, st.just([b"x"])),
)


def entry(draft: Draft, index: int) -> Entry:
    return Entry(
        type=draft.type,
        at=f"2025-03-01T12:00:{index:02}Z",
        actor="desk.example/case+00000000",
        subject=draft.subject,
        payload=draft.payload,
        commitments={},
    )


def tables(drafts: list[Draft], *, each: bool) -> dict[str, list[Any]]:
    """What entries come to, written one by one or at the end."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        schema.upgrade(connection)
        projector = Projector(connection)
        for index, draft in enumerate(drafts):
            projector.take(index, entry(draft, index))
            if each:
                projector.flush()
        projector.flush()
        found = dump(connection)
    engine.dispose()
    return found


def dump(connection: Connection) -> dict[str, list[Any]]:
    return {
        table.name: [tuple(row) for row in connection.execute(select(table))]
        for table in PROJECTIONS
    }


@given(st.lists(DRAFTS, max_size=12))
@settings(max_examples=25, deadline=None)
def test_gathered_rows_come_to_the_same_tables(drafts: list[Draft]) -> None:
    one_by_one, gathered = tables(drafts, each=True), tables(drafts, each=False)
    assert {name: sorted(map(repr, rows)) for name, rows in one_by_one.items()} == {
        name: sorted(map(repr, rows)) for name, rows in gathered.items()
    }


def test_the_first_entry_of_an_asset_stays_and_the_last_streams(monkeypatch) -> None:
    drafts = [received(1, streams=2), verdict(1), received(1, streams=1)]
    for gathered in (1, 2, 1000):
        monkeypatch.setattr(projections, "_GATHERED", gathered)
        found = tables(drafts, each=False)
        assert [row[-1] for row in found["asset"]] == [0]
        assert len(found["stream"]) == 1
        assert len(found["appearance"]) == 2


def test_codes_of_another_width_are_refused_before_the_first_were_written() -> None:
    with pytest.raises(PayloadError, match="entry 1: codes of pdq/1 have 8 bytes, these have 4"):
        tables([signatures(1, [b"x" * 8]), signatures(2, [b"x" * 4])], each=False)
