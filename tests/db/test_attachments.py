"""Attachments of checkpoints: added, replaced, listed by size; in new ledgers and in older ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine

from db import attachments, schema
from db.attachments import COSIGNATURE, OTS, RFC3161, Attachment


def attached(size: int, kind: str, name: str, data: bytes = b"1") -> Attachment:
    return Attachment(size=size, kind=kind, name=name, at="2025-03-01T12:00:00Z", data=data)


@pytest.fixture
def connection() -> Iterator[Connection]:
    with create_engine("sqlite://").begin() as opened:
        schema.upgrade(opened)
        yield opened


def test_they_are_listed_by_size_kind_and_name(connection: Connection) -> None:
    all_of_4 = [
        attached(4, COSIGNATURE, "a.example"),
        attached(4, COSIGNATURE, "b.example"),
        attached(4, OTS, "c.example"),
        attached(4, RFC3161, "a.example"),
    ]
    for one in [attached(6, RFC3161, "a.example"), *reversed(all_of_4)]:
        attachments.add(connection, one)
    assert attachments.of_size(connection, 4) == all_of_4
    assert attachments.of_size(connection, 4, COSIGNATURE) == all_of_4[:2]
    assert attachments.of_size(connection, 5) == []
    assert attachments.sizes(connection, RFC3161) == [4, 6]


def test_a_later_one_replaces_an_earlier_one_of_the_same_name(connection: Connection) -> None:
    attachments.add(connection, attached(4, COSIGNATURE, "a.example", b"old"))
    attachments.add(connection, attached(4, COSIGNATURE, "a.example", b"new"))
    assert [a.data for a in attachments.of_size(connection, 4)] == [b"new"]


def test_a_ledger_of_the_first_schema_gets_the_table(tmp_path: Path) -> None:
    with create_engine(f"sqlite:///{tmp_path / 'old.sqlite'}").begin() as opened:
        schema.upgrade(opened, "0001")
        assert ("table", "attachment") not in schema.shape(opened)
        schema.upgrade(opened)
        assert ("table", "attachment") in schema.shape(opened)
        with create_engine("sqlite://").begin() as fresh:
            schema.upgrade(fresh)
            assert schema.differences(schema.shape(opened), schema.shape(fresh)) == []
