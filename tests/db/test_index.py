"""The copy index against a naive search."""

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.ledger import SqlLedger
from forensics.errors import LedgerBroken, LedgerError
from forensics.model import Vote
from tests.db.drafts import digest, local, plain, received, signatures


def distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


@pytest.mark.parametrize("width", [1, 8, 12])
def test_every_code_within_the_radius_is_found_and_no_other(tmp_path: Path, width: int) -> None:
    code = st.binary(min_size=width, max_size=width)
    opened: list[int] = []

    @settings(max_examples=8, deadline=None)
    @given(
        st.lists(st.lists(code, min_size=1, max_size=5), max_size=4),
        st.lists(code, max_size=3),
        st.integers(0, width * 8),
        st.integers(0, 4),
    )
    def check(assets: list[list[bytes]], queries: list[bytes], radius: int, first: int) -> None:
        opened.append(1)
        with SqlLedger.open(tmp_path / f"{len(opened)}.sqlite") as ledger:
            drafts = [plain(0), *[signatures(i, codes) for i, codes in enumerate(assets)]]
            ledger.append(drafts[: first + 1])
            ledger.nearest(
                "pdq/1", queries, radius
            )  # what is appended later is added to what was read
            if drafts[first + 1 :]:
                ledger.append(drafts[first + 1 :])
            found = ledger.nearest("pdq/1", queries, radius)
            expected = [
                (q, digest(i), Fraction(t, 2), distance(query, one))
                for q, query in enumerate(queries)
                for i, codes in enumerate(assets)
                for t, one in enumerate(codes)
                if distance(query, one) <= radius
            ]
            assert [(h.query, h.asset, h.time, h.distance) for h in found] == sorted(expected)
            spread = [
                len({asset for q, asset, *_ in expected if q == n}) for n in range(len(queries))
            ]
            assert ledger.spread("pdq/1", queries, radius) == spread

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


def test_streams_are_found_by_what_they_code_however_often_it_is_recorded(either) -> None:
    ledger = either()
    ledger.append([received(1, coded="c1", streams=2), received(2, coded="c2")])
    assert ledger.same_stream("coded/1", ["c2", "c1"]) == [("c2", digest(2)), ("c1", digest(1))]
    assert ledger.same_stream("packets/1", ["c1"]) == []
    ledger.append([received(1, coded="c3")])
    assert ledger.same_stream("coded/1", ["c1", "c3"]) == [("c3", digest(1))]
    ledger.append([received(1)])
    assert ledger.same_stream("coded/1", ["c1", "c2", "c3"]) == [("c2", digest(2))]


def flipped(code: bytes, *bits: int) -> bytes:
    return (int.from_bytes(code) ^ sum(1 << bit for bit in bits)).to_bytes(len(code))


def random_codes(seed: int, count: int) -> list[bytes]:
    return [sha256(b"%d %d" % (seed, i)).digest() for i in range(count)]


def seen(votes: list[Vote]) -> list[tuple]:
    return [(v.query, v.asset, v.time, v.votes, v.weight) for v in votes]


def test_pictures_are_voted_for_by_the_codes_that_are_met_in_them(either) -> None:
    ledger = either()
    codes = random_codes(1, 6)
    ledger.append(
        [
            local(1, [b"".join(codes[:4]), b"".join(codes[3:5])]),
            local(2, [b"".join([*random_codes(2, 5), codes[0]])]),
            local(3, [codes[5]], "sift-grid/1"),
        ]
    )
    asked = [flipped(codes[5], 0), b"".join(flipped(code, 3, 77, 200) for code in codes[:4])]
    assert seen(ledger.votes("orb-grid/1", asked, 3, limit=5)) == [
        (1, digest(1), 0, 4, 3500),
        (1, digest(1), 2, 1, 1000),
        (1, digest(2), 0, 1, 500),
    ]
    assert ledger.votes("orb-grid/1", asked, 2, limit=5) == []
    assert len(ledger.votes("orb-grid/1", asked, 3, limit=1)) == 1
    assert [v.asset for v in ledger.votes("orb-grid/1", asked, 3, limit=5, without=digest(1))] == [
        digest(2)
    ]
    assert seen(ledger.votes("sift-grid/1", asked, 1, limit=5)) == [(0, digest(3), 0, 1, 1000)]
    assert ledger.votes("orb-grid/1", [], 9, limit=5) == []
    assert ledger.votes("orb-grid/1", [b""], 9, limit=5) == []
    assert ledger.votes("other/1", asked, 9, limit=5) == []
    assert ledger.extent(["orb-grid/1"], digest(9)) == (3, 2)
    assert ledger.extent(["orb-grid/1", "pdq/1"], digest(1)) == (1, 1)


def test_local_codes_that_were_replaced_count_no_more(either) -> None:
    ledger = either()
    one, two = random_codes(3, 2)
    ledger.append([local(1, [one])])
    assert len(ledger.votes("orb-grid/1", [one], 0, limit=5)) == 1
    ledger.append([local(1, [two])])
    ledger.append([local(1, [one, one], part=1)])
    assert seen(ledger.votes("orb-grid/1", [one], 0, limit=5)) == [
        (0, digest(1), 1000, 1, 1000),
        (0, digest(1), 1002, 1, 1000),
    ]
    ledger.rebuild()
    assert len(ledger.votes("orb-grid/1", [two], 0, limit=5)) == 1


def test_codes_that_are_cut_short_are_refused(make) -> None:
    ledger = make()
    ledger.append([local(1, random_codes(4, 1))])
    with pytest.raises(LedgerError, match="33 in all"):
        ledger.votes("orb-grid/1", [bytes(33)], 0, limit=5)


def test_neither_order_nor_batches_change_the_votes(make) -> None:
    shared = random_codes(5, 30)
    drafts = [
        local(i, [b"".join(shared[i : i + 9] + random_codes(50 + i, 3)) for _ in range(2)])
        for i in range(12)
    ]
    asked = [b"".join(flipped(code, *range(0, 200, 9)) for code in shared)]
    answers = []
    for name, batches in (
        ("one", [drafts]),
        ("each", [[draft] for draft in drafts]),
        ("back", [[draft] for draft in reversed(drafts)]),
    ):
        ledger = make(f"{name}.sqlite")
        for batch in batches:
            ledger.append(batch)
            ledger.votes("orb-grid/1", asked, 40, limit=20)
        answers.append(seen(ledger.votes("orb-grid/1", asked, 40, limit=20)))
    assert answers[0] == answers[1] == answers[2]
    assert len(answers[0]) == 20
