"""Codes of test cards: pictures that say nothing of where footage comes from, in any ledger.

Idents and countdowns are learned from the ledger itself; cards are the same everywhere, so their codes are
shipped (`data/make_cards.py`).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def cards() -> tuple[bytes, ...]:
    """Returns the PDQ codes of test cards."""
    text = files("forensics.signatures").joinpath("data/cards.txt").read_text("ascii")
    return tuple(bytes.fromhex(line.split(" ", 1)[0]) for line in text.splitlines())
