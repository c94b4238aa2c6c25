"""Photoshop's layers: names and kinds in either order of bytes, defects."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.inside.photoshop_layers import MAX_LAYERS, read_photoshop_layers
from tests.inside.hostile import NASTY, changed, cuts, overstated, read
from tests.inside.jpegs import names, troubles


def sign(key: bytes, order: str) -> bytes:
    return b"8BIM" + key if order == ">" else b"MIB8" + key[::-1]


def layer(order: str, short: str, long: str = "", kind: bytes = b"", flags: int = 0) -> bytes:
    name = bytes((len(short),)) + short.encode()
    extra = struct.pack(order + "II", 0, 0) + name + bytes(-len(name) % 4)
    if long:
        coded = long.encode("utf-16-be" if order == ">" else "utf-16-le")
        body = struct.pack(order + "I", len(coded) // 2) + coded
        extra += sign(b"luni", order) + struct.pack(order + "I", len(body)) + body
    if kind:
        extra += sign(kind, order) + struct.pack(order + "I", 4) + b"1234"
    head = struct.pack(order + "4iH", 10, 20, 110, 220, 3)
    head += struct.pack(order + "hI", 0, 0) * 3
    head += sign(b"norm", order) + bytes((255, 0, flags, 0))
    return head + struct.pack(order + "I", len(extra)) + extra


def block(order: str, *layers: bytes, count: int | None = None) -> bytes:
    body = struct.pack(order + "h", -len(layers) if count is None else count) + b"".join(layers)
    return (
        b"Adobe Photoshop Document Data Block\0"
        + sign(b"Layr", order)
        + struct.pack(order + "I", len(body))
        + body
        + bytes(-len(body) % 4)
        + sign(b"LMsk", order)
        + struct.pack(order + "I", 4)
        + b"abcd"
    )


def sample(order: str) -> bytes:
    return block(
        order,
        layer(order, "Background"),
        layer(order, "Sky", "Небо из другого снимка", flags=2),
        layer(order, "T", "Breaking", kind=b"TySh"),
    )


@pytest.mark.parametrize("order", ["<", ">"])
def test_layers_are_named_in_either_order_of_bytes(order: str) -> None:
    found = read(read_photoshop_layers, sample(order))
    assert names(found) == ["Layers", "Mask"]
    assert not troubles(found)
    assert found.parts[0].value == 3
    layers = [(p.value, p.meaning) for p in found.parts[0].parts]
    assert layers == [
        ("Background", "Picture; 200 × 100 at 20, 10"),
        ("Небо из другого снимка", "Picture, hidden; 200 × 100 at 20, 10"),
        ("Breaking", "Text; 200 × 100 at 20, 10"),
    ]


@pytest.mark.parametrize("text", NASTY)
def test_names_are_kept_as_they_are(text: str) -> None:
    value = text.replace("\0", "")
    found = read(read_photoshop_layers, block(">", layer(">", "x", value)))
    assert found.text("Layer") == value


def test_it_stands_cut_and_overstated_blocks() -> None:
    cuts(read_photoshop_layers, sample("<"))
    overstated(read_photoshop_layers, sample(">"))


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), max_size=8))
def test_it_stands_changed_bytes(places: list[tuple[int, int]]) -> None:
    changed(read_photoshop_layers, sample("<"), places)


def test_more_layers_than_are_there_or_read_are_said_to_be() -> None:
    short = read(read_photoshop_layers, block(">", layer(">", "a"), count=9))
    assert troubles(short)
    many = read(read_photoshop_layers, block(">", *[layer(">", "a")] * (MAX_LAYERS + 1)))
    assert troubles(many) == [f"Of {MAX_LAYERS + 1} layers {MAX_LAYERS} are read."]
    assert read(read_photoshop_layers, b"something else").trouble is not None
