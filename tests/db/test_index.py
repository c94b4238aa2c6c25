"""The copy index against a naive search."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import index
from db.ledger import SqlLedger
from forensics.errors import LedgerBroken, LedgerError
from tests.db.drafts import digest, plain, received, signatures


def distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


@pytest.mark.parametrize("width", [1, 8, 12])
def test_every_code_within_the_radius_is_found_and_no_other(
    tmp_path: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_CHUNK", 3)  # several parts, the last one short
    code = st.binary(min_size=width, max_size=width)
    opened: list[int] = []

    @settings(max_examples=8)
    @given(
        st.lists(st.lists(code, min_size=1, max_size=5), max_size=4),
        st.lists(code, max_size=3),
        st.integers(0, width * 8),
    )
    def check(assets: list[list[bytes]], queries: list[bytes], radius: int) -> None:
        opened.append(1)
        with SqlLedger.open(tmp_path / f"{len(opened)}.sqlite") as ledger:
            ledger.append([plain(0), *[signatures(i, codes) for i, codes in enumerate(assets)]])
            found = ledger.nearest("pdq/1", queries, radius)
            expected = [
                (q, digest(i), Fraction(t, 2), distance(query, one))
                for q, query in enumerate(queries)
                for i, codes in enumerate(assets)
                for t, one in enumerate(codes)
                if distance(query, one) <= radius
            ]
            assert [(h.query, h.asset, h.time, h.distance) for h in found] == sorted(expected)

    check()


def test_all_256_bits_may_differ(either) -> None:
    ledger = either()
    ledger.append([signatures(1, [b"\xff" * 32])])
    assert [h.distance for h in ledger.nearest("pdq/1", [bytes(32)], 256)] == [256]
    assert ledger.nearest("pdq/1", [bytes(32)], 255) == []


def test_schemes_are_kept_apart(either) -> None:
    ledger = either()
    ledger.append([signatures(1, [bytes(32)]), signatures(2, [bytes(8)], "phash/1")])
    assert [h.asset for h in ledger.nearest("phash/1", [bytes(8)], 0)] == [digest(2)]
    assert ledger.nearest("other/1", [bytes(5)], 40) == []
    assert ledger.extent(["pdq/1", "phash/1"], digest(3)) == (2, 2)
    assert ledger.extent(["pdq/1", "phash/1"], digest(1)) == (1, 1)
    assert ledger.extent([], digest(1)) == (0, 0)


def test_registering_again_replaces(either) -> None:
    ledger = either()
    ledger.append([signatures(1, [bytes(32), b"a" * 32])])
    assert len(ledger.nearest("pdq/1", [bytes(32)], 0)) == 1
    ledger.append([signatures(1, [b"b" * 32])])
    assert ledger.nearest("pdq/1", [bytes(32)], 0) == []
    assert ledger.extent(["pdq/1"], digest(9)) == (1, 1)


def test_what_another_process_appended_is_found(either) -> None:
    one, two = either(), either()
    assert one.nearest("pdq/1", [bytes(32)], 0) == []
    two.append([signatures(1, [bytes(32)])])
    assert len(one.nearest("pdq/1", [bytes(32)], 0)) == 1


def test_codes_of_another_width_are_refused(either) -> None:
    ledger = either()
    ledger.append([signatures(1, [bytes(32)])])
    with pytest.raises(LedgerError, match="have 32 bytes, one that was asked for has 8"):
        ledger.nearest("pdq/1", [bytes(8)], 0)
    with pytest.raises(LedgerError, match="have 32 bytes, these have 8"):
        ledger.append([signatures(2, [bytes(8)])])


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"codes": "zz"}, "not hexadecimal"),
        ({"codes": "00" * 31}, "do not agree"),
        ({"times": ["0.5"]}, "not a time"),
        ({"times": ["1/0"]}, "not a time"),
        ({"qualities": [True]}, "not a whole number"),
        ({"width": 0}, "do not agree"),
        ({"scheme": 3}, "lacks a part"),
    ],
)
def test_signatures_that_contradict_themselves_are_refused(
    either, changes: dict, match: str
) -> None:
    draft = signatures(1, [bytes(32)])
    draft.payload.update(changes)
    with pytest.raises(LedgerError, match=match):
        either().append([draft])


def test_a_changed_index_is_noticed(make, raw) -> None:
    ledger = make()
    ledger.append([signatures(1, [bytes(32)])])
    raw.execute("UPDATE signature SET codes = x'00'")
    with pytest.raises(LedgerBroken, match="contradicts itself") as caught:
        ledger.nearest("pdq/1", [bytes(32)], 0)
    assert "rebuild" in caught.value.hint


def test_same_streams_by_the_order_asked_then_asset(either) -> None:
    ledger = either()
    shared = received(1).payload["streams"][0]["digest"]
    twin = received(3)
    twin.payload["streams"][0]["digest"] = shared
    ledger.append([received(1), received(2), twin])
    other = received(2).payload["streams"][0]["digest"]
    found = ledger.same_stream("packets/1", [other, "none", shared, other])
    assert found == [(other, digest(2)), *[(shared, a) for a in sorted([digest(1), digest(3)])]]
    assert ledger.same_stream("packets/2", [shared]) == []
    assert ledger.same_stream("packets/1", []) == []
    many = [f"{i}" for i in range(2000)]
    assert ledger.same_stream("packets/1", [*many, shared])[0][0] == shared
