"""How an expected number of false alarms is said."""

from __future__ import annotations

import math


def chance(log_nfa: float) -> str:
    """Returns a number of false alarms as the least power of ten that it stays below.

    Args:
        log_nfa: The decimal logarithm of the number.
    """
    return f"less than 10^{math.floor(log_nfa) + 1}"
