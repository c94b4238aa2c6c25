"""Units of coded packets: whatever lengths they state, none lies outside, and two framings give the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.media.units import MAX_UNITS, REST, Coding, Unit, configured, length_size, units

NALS = st.lists(
    st.binary(min_size=3, max_size=20).filter(lambda b: b"\0\0" not in b and b[-1] and b[0]),
    min_size=1,
    max_size=8,
)


@given(st.sampled_from(Coding), st.binary(max_size=300), st.sampled_from([0, 1, 2, 3, 4]))
def test_no_unit_lies_outside_or_before_another(coding: Coding, data: bytes, length: int) -> None:
    end = 0
    for unit in units(coding, data, length):
        assert end <= unit.start <= unit.end <= len(data)
        end = unit.end


@given(st.sampled_from([Coding.AVC, Coding.HEVC, Coding.VVC]), NALS)
def test_both_framings_hold_the_same_units(coding: Coding, nals: list[bytes]) -> None:
    codes = b"".join(b"\0\0\0\1" + nal for nal in nals)
    lengths = b"".join(len(nal).to_bytes(4, "big") + nal for nal in nals)
    after, prefixed = units(coding, codes), units(coding, lengths, 4)
    assert [codes[u.start : u.end] for u in after] == nals
    assert [lengths[u.start : u.end] for u in prefixed] == nals
    assert [u.kind for u in after] == [u.kind for u in prefixed]


def test_zeros_that_fill_up_belong_to_no_unit() -> None:
    assert units(Coding.AVC, b"\0\0\1\x65ab\0\0\0\0\1\x41cd\0") == [Unit(5, 3, 6), Unit(1, 11, 14)]
    assert units(Coding.AVC, b"\0\0\0\5\x65ab\0\0", 4) == [Unit(5, 4, 7)]


@pytest.mark.parametrize(
    ("coding", "data", "length"),
    [
        (Coding.AVC, b"\xff\xff\xff\xff\x65abc", 4),
        (Coding.AVC, b"\0\0", 4),
        (Coding.AVC, b"no start code", 0),
        (Coding.AV1, b"\x32\xff\xff\xff\xff\xff\xff\xff\xff\xff", 0),
        (Coding.AV1, b"\x32\x7fa", 0),
        (Coding.AV1, b"\xb2\1a", 0),
    ],
    ids=[
        "length-of-2-32",
        "cut-length",
        "no-start-code",
        "endless-leb128",
        "size-past-end",
        "forbidden-bit",
    ],
)
def test_what_leads_nowhere_is_the_rest(coding: Coding, data: bytes, length: int) -> None:
    assert units(coding, data, length) == [Unit(REST, 0, len(data))]


def test_a_packet_of_start_codes_alone_is_bounded() -> None:
    assert len(units(Coding.AVC, b"\0\0\1\x65" * 100_000)) <= MAX_UNITS + 1
    assert len(units(Coding.AVC, b"\1\x65" * 100_000, 1)) <= MAX_UNITS + 1
    assert len(units(Coding.AV1, b"\x12\0" * 100_000)) <= MAX_UNITS + 1


@pytest.mark.parametrize(
    ("extradata", "size"),
    [
        (None, 0),
        (b"", 0),
        (b"\0\0\0\1\x67\x42\0", 0),
        (b"\1\x42\0\x1e\xff\xe1\0", 4),
        (b"\1\x42\0\x1e\xfd\xe1\0", 2),
        (b"\1\x42\0", 0),
    ],
)
def test_the_length_field_is_read_from_the_configuration(
    extradata: bytes | None, size: int
) -> None:
    assert length_size(Coding.AVC, extradata) == size


@given(st.sampled_from(Coding), st.binary(max_size=200))
def test_any_configuration_is_read_within_its_bounds(coding: Coding, extradata: bytes) -> None:
    for form in (extradata, b"\1" + extradata):
        assert sum(map(len, configured(coding, form))) <= len(form)


def test_parameter_sets_of_an_avcc_are_found() -> None:
    data = b"\1\x64\0\x1f\xff\xe1\0\3\x67ab\2\0\2\x68c\0\2\x68d"
    assert configured(Coding.AVC, data) == [b"\x67ab", b"\x68c", b"\x68d"]
    assert configured(Coding.AVC, data[:-1]) == [b"\x67ab", b"\x68c"]
