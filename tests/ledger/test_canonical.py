"""Canonical bytes against an independent implementation of RFC 8785."""

from __future__ import annotations

import math

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from forensics.ledger.canonical import (
    MAX_BODY,
    MAX_DEPTH,
    CanonicalError,
    body_bytes,
    canonical_bytes,
    read_body,
)

KEYS = st.text(st.characters(max_codepoint=127), max_size=12)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_bytes_are_those_of_rfc_8785_and_read_back(body: dict[str, object]) -> None:
    data = body_bytes(body)
    assert data == rfc8785.dumps(body)
    assert read_body(data) == body


class Other(dict):
    """A mapping that is looked at part by part."""


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_plain_values_and_others_give_the_same_bytes(body: dict[str, object]) -> None:
    assert (
        canonical_bytes(body)
        == canonical_bytes(Other(body))
        == canonical_bytes(Other(a=body))[5:-1]
    )


def test_the_edges_of_whole_numbers() -> None:
    assert canonical_bytes([2**53, -(2**53)]) == b"[9007199254740992,-9007199254740992]"
    for number in (2**53 + 1, -(2**53) - 1, 2**64):
        with pytest.raises(CanonicalError, match="outside ±2\\^53"):
            canonical_bytes({"a": [number]})


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"a": 0.5}, "/a is a float"),
        ({"a": [{"b": math.nan}]}, "/a/0/b is a float"),
        ({"a": "\ud800"}, "/a is text with an unpaired surrogate"),
        ({"é": 1}, "key 'é'"),
        ({"a": {1: 2}}, "/a has the key 1"),
        ({"a": b"x"}, "/a is a bytes"),
        ({"a": {1, 2}}, "/a is a set"),
    ],
)
def test_what_is_outside_the_profile_is_refused_with_its_place(value: object, where: str) -> None:
    with pytest.raises(CanonicalError) as caught:
        canonical_bytes(value)
    assert where in str(caught.value)


def test_depth_and_length_are_bounded() -> None:
    deep: list[object] = []
    for _ in range(MAX_DEPTH):
        deep = [deep]
    with pytest.raises(CanonicalError, match="nests deeper"):
        canonical_bytes(deep)
    with pytest.raises(CanonicalError, match="too long"):
        canonical_bytes("x" * MAX_BODY)
    with pytest.raises(CanonicalError, match="expected at most"):
        read_body(b"[" * (MAX_BODY + 1))


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":2}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b'{"a":1.0}',
        b'{"a":-0}',
        b'{"a":1e2}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\/"}',
        b'{"a":"\\ud800"}',
        b'{"a":"\xff"}',
        b'{"a":NaN}',
        b"[]",
        b"",
        b"[" * 5000,
        b"\xef\xbb\xbf{}",
    ],
    ids=[
        "repeated-key",
        "unsorted",
        "space",
        "newline",
        "decimal",
        "negative-zero",
        "exponent",
        "needless-escape",
        "escaped-slash",
        "lone-surrogate",
        "not-utf-8",
        "not-a-number",
        "not-an-object",
        "empty",
        "nested-too-deep",
        "byte-order-mark",
    ],
)
def test_bytes_in_any_other_form_are_refused(data: bytes) -> None:
    with pytest.raises(CanonicalError):
        read_body(data)
