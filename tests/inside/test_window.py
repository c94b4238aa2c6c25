import pytest

from forensics.errors import LimitExceeded
from forensics.inside.window import Allowance, Window


def test_nothing_outside_the_window_is_read() -> None:
    window = Window.over(b"0123456789").inner(2, 5)
    assert (window.at, window.size, window.depth) == (2, 5, 1)
    assert window.read() == b"23456"
    assert window.read(3, 2**63) == b"56"
    assert window.read(5) == window.read(-1) == b""
    assert window.inner(4, 2**63).read() == b"6"
    assert window.inner(2**63).read() == b""


def test_the_allowance_is_shared_by_all_windows_on_a_file() -> None:
    window = Window.over(b"0123456789", Allowance(bytes=8))
    window.inner(0, 4).read()
    window.unpacked(b"abc").read(0, 1)
    with pytest.raises(LimitExceeded, match="bytes are to be read"):
        window.read(0, 1)


def test_what_was_unpacked_has_no_place_in_the_file() -> None:
    inner = Window.over(b"xyz").unpacked(b"abc").inner(1)
    assert inner.at is None
    assert inner.read() == b"bc"
