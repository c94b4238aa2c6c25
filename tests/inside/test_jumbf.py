"""JUMBF boxes: labels and places, defects, depth."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from forensics.inside.jumbf import read_jumbf
from tests.inside.hostile import NASTY, changed, cuts, overstated, read
from tests.inside.jpegs import box, names, superbox, troubles

STORE = superbox(
    "c2pa",
    "c2pa",
    superbox(
        "c2ma",
        "urn:uuid:1",
        superbox("c2as", "c2pa.assertions", superbox("json", "x.y", box(b"json", b"{}"))),
        superbox("c2cl", "c2pa.claim", box(b"cbor", b"\xa0")),
    ),
)


def test_superboxes_are_named_by_label_and_lie_where_they_lie() -> None:
    found = read(read_jumbf, STORE)
    assert found.name == "C2PA"
    assert not troubles(found)
    manifest = found.parts[0]
    assert (manifest.name, manifest.meaning) == ("urn:uuid:1", "Manifest")
    assert names(manifest) == ["c2pa.assertions", "c2pa.claim"]
    assert manifest.at is not None
    assert manifest.size is not None
    assert STORE[manifest.at + 4 : manifest.at + 8] == b"jumb"
    assert struct.unpack(">I", STORE[manifest.at : manifest.at + 4])[0] == manifest.size
    assert found.text("x.y", "json") == "{}"


def test_a_store_of_another_kind_is_jumbf() -> None:
    assert read(read_jumbf, superbox("xxxx", "other")).name == "JUMBF"


def test_labels_are_kept_as_they_are() -> None:
    for text in NASTY:
        found = read(read_jumbf, superbox("xxxx", text.replace("\0", "")))
        assert found.parts[0].name == text.replace("\0", "")


def test_it_stands_cut_changed_and_overstated_boxes() -> None:
    cuts(read_jumbf, STORE)
    overstated(read_jumbf, STORE)
    long = b"\0\0\0\1jumb" + struct.pack(">Q", 1 << 63) + STORE[8:]
    assert "are there" in troubles(read(read_jumbf, long))[0]


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=8))
def test_it_stands_changed_bytes(places: list[tuple[int, int]]) -> None:
    changed(read_jumbf, STORE, places)


def test_ten_thousand_levels_end() -> None:
    heads = b"".join(struct.pack(">I4s", 8 * (10_000 - level), b"jumb") for level in range(10_000))
    assert "It lies deeper than boxes are read." in troubles(read(read_jumbf, heads))


def test_boxes_of_no_length_end() -> None:
    assert read(read_jumbf, bytes(8)).parts
    assert read(read_jumbf, struct.pack(">I4s", 8, b"free") * 5000).trouble is not None
