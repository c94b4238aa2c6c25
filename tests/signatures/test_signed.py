"""Which kept picture stands for a sampled one, and which codes are asked with."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model import LocalCodes, Look
from forensics.signatures.signed import Signed


def codes(scheme: str, time: Fraction, code: bytes) -> LocalCodes:
    return LocalCodes(scheme=scheme, time=time, width=4, height=4, points=bytes(6), codes=code)


def look(time: Fraction, *local: LocalCodes) -> Look:
    return Look(time=time, width=4, height=4, thumbnail=b"", local=local)


@pytest.mark.parametrize(
    ("time", "place"),
    [("0", 0), ("1", 0), ("2", 1), ("7/4", 1), ("17/10", 0), ("39/10", 1), ("99", 2), ("-1", 0)],
)
def test_the_last_kept_picture_stands_until_just_before_the_next(time: str, place: int) -> None:
    signed = Signed(looks=tuple(look(Fraction(t)) for t in (0, 2, 5)))
    assert signed.nearest_look(Fraction(time)) == place


def test_where_none_is_kept_none_stands_for_any() -> None:
    assert Signed().nearest_look(Fraction(3)) is None


@given(st.sets(st.fractions(0, 100), min_size=1, max_size=20))
def test_a_kept_picture_stands_for_itself(times: set[Fraction]) -> None:
    ordered = sorted(times)
    signed = Signed(looks=tuple(look(time) for time in ordered))
    assert [signed.nearest_look(time) for time in ordered] == list(range(len(ordered)))


def test_codes_are_those_of_the_scheme_and_mirrored_only_where_made() -> None:
    looks = (
        look(Fraction(0), codes("a/1", Fraction(0), b"p"), codes("b/1", Fraction(0), b"q")),
        look(Fraction(2)),
        look(Fraction(4), codes("a/1", Fraction(4), b"r")),
    )
    signed = Signed(looks=looks, mirrored=(codes("a/1", Fraction(4), b"R"),))
    assert signed.local_codes("a/1") == [[b"p", b"", b"r"], [b"", b"", b"R"]]
    assert signed.local_codes("b/1") == [[b"q", b"", b""]]
    assert Signed().local_codes("a/1") == [[]]
