"""What every form of a report looks up in outcomes: those that did not end, exhibits, places of findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from forensics.model import Finding, Outcome, Picture

_ORDER: Final = ("failed", "not-run", "not-applicable")


def not_ended(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Returns what broke, then what was left out, then what does not fit."""
    rest = [o for o in outcomes if o.status != "ran"]
    return sorted(rest, key=lambda o: _ORDER.index(o.status))


def exhibits(
    outcome: Outcome, finding: Finding, pictures: Mapping[str, Picture]
) -> list[tuple[str, Picture | None]]:
    """Returns the captions of a finding's exhibits, with the pictures that are at hand."""
    return [
        (e.caption, pictures.get(f"exhibit/{outcome.analysis}/{e.id}")) for e in finding.exhibits
    ]


def anchor(outcomes: Iterable[tuple[object, Outcome]], reference: str) -> str | None:
    """Returns a page's own id for "analysis/finding-id", or None if it is not among `outcomes`.

    Args:
        outcomes: Each with what the page calls it by.
        reference: What a reason of a verdict names.
    """
    for key, outcome in outcomes:
        for j, finding in enumerate(outcome.findings):
            if f"{outcome.analysis}/{finding.id}" == reference:
                return f"finding-{key}-{j}"
    return None
