"""IPTC-IIM: names, character sets, long values, defects."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.inside.iptc import MAX_SETS, read_iptc
from tests.inside.hostile import NASTY, changed, cuts, overstated, read
from tests.inside.jpegs import data_set, names, troubles

BLOCK = b"".join(
    (
        data_set(1, 90, b"\x1b%G"),
        data_set(2, 0, b"\0\4"),
        data_set(2, 80, "Åsa Öberg".encode()),
        data_set(2, 25, b"one"),
        data_set(2, 25, b"two"),
        data_set(2, 55, b"20240131"),
        data_set(2, 60, b"120000+0100"),
        data_set(2, 120, b"A bridge"),
        data_set(7, 9, b"\0\1\2\xff"),
    )
)


def test_data_sets_are_named_as_iim_names_them() -> None:
    found = read(read_iptc, BLOCK)
    assert names(found) == [
        "CodedCharacterSet", "ApplicationRecordVersion", "By-line", "Keywords", "Keywords",
        "DateCreated", "TimeCreated", "Caption-Abstract", "7:9",
    ]  # fmt: skip
    assert [p.value for p in found.parts] == [
        "UTF-8", 4, "Åsa Öberg", "one", "two", "20240131", "120000+0100", "A bridge", None,
    ]  # fmt: skip
    assert {p.name for p in found.parts if p.personal} == {
        "By-line",
        "Keywords",
        "Caption-Abstract",
    }
    for part in found.parts:
        assert part.at is not None
        assert part.size is not None
        assert BLOCK[part.at - 5 : part.at - 4] == b"\x1c"
    assert not troubles(found)


def test_text_that_is_not_utf8_is_latin1() -> None:
    assert read(read_iptc, data_set(2, 90, b"M\xfcnchen")).text("City") == "München"


def test_a_length_of_its_own_is_followed() -> None:
    long = b"\x1c\x02\x78\x80\x04" + struct.pack(">I", 70_000) + b"x" * 70_000
    found = read(read_iptc, long + data_set(2, 90, b"Bern"))
    assert found.text("City") == "Bern"
    assert "longer than" in troubles(found)[0]


def test_padding_at_the_end_is_none_of_it_and_other_bytes_are_named() -> None:
    assert not troubles(read(read_iptc, BLOCK + bytes(5)))
    assert troubles(read(read_iptc, BLOCK + b"abc")) == ["3 bytes at its end are not data sets."]


@pytest.mark.parametrize("text", NASTY)
def test_texts_are_kept_as_they_are(text: str) -> None:
    value = text.replace("\0", "")
    assert read(read_iptc, data_set(2, 105, value.encode())).text("Headline") == value


def test_it_stands_cut_and_overstated_blocks() -> None:
    cuts(read_iptc, BLOCK)
    overstated(read_iptc, BLOCK)
    huge = b"\x1c\x02\x78\xff\xff" + b"\xff" * 40
    assert troubles(read(read_iptc, huge))


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=8))
def test_it_stands_changed_bytes(places: list[tuple[int, int]]) -> None:
    changed(read_iptc, BLOCK, places)


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 255), st.binary(max_size=40)), max_size=20)
)
def test_every_data_set_is_there_once(sets: list[tuple[int, int, bytes]]) -> None:
    found = read(read_iptc, b"".join(data_set(*one) for one in sets))
    assert [p.size for p in found.parts] == [len(value) for _, _, value in sets]


def test_more_data_sets_than_are_read_are_said_to_be_there() -> None:
    found = read(read_iptc, data_set(2, 25, b"x") * (MAX_SETS + 1))
    assert len(found.parts) == MAX_SETS
    assert found.trouble is not None
