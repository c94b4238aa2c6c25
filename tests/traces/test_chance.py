"""How an expected number of false alarms is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.traces.chance import chance


@pytest.mark.parametrize(
    ("log_nfa", "said"),
    [
        (-3.4, "less than 10^-3"),
        (-300.5, "less than 10^-300"),
        (-4.0, "less than 10^-3"),
        (0.3, "less than 10^1"),
    ],
)
def test_chance_is_a_power_of_ten_not_reached(log_nfa: float, said: str) -> None:
    assert chance(log_nfa) == said


@given(st.floats(-1e5, 1e3))
def test_chance_is_never_understated(log_nfa: float) -> None:
    power = int(chance(log_nfa).removeprefix("less than 10^"))
    assert power - 1 <= log_nfa < power
