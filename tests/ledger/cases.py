"""Reading merkle vectors: the field names are those of transparency-dev/merkle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from forensics.ledger.merkle import ProofError

Decode = Callable[[str], bytes]


def inclusion(case: dict[str, Any], decode: Decode) -> tuple[Any, ...]:
    return (
        case["leafIdx"],
        case["treeSize"],
        decode(case["leafHash"] or ""),
        [decode(p) for p in case["proof"] or []],
        decode(case["root"] or ""),
    )


def consistency(case: dict[str, Any], decode: Decode) -> tuple[Any, ...]:
    return (
        case["size1"],
        case["size2"],
        [decode(p) for p in case["proof"] or []],
        decode(case["root1"] or ""),
        decode(case["root2"] or ""),
    )


def checked(case: dict[str, Any], act: Callable[[], None]) -> None:
    """Runs a verification and holds it against `wantErr`."""
    if case["wantErr"]:
        with pytest.raises(ProofError):
            act()
    else:
        act()
