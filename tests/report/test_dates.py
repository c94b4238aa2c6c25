"""The dates of a case: in order, and days counted as people count them."""

from __future__ import annotations

import pytest

from forensics.report.dates import dates, gap
from tests.report.cased import report


@pytest.mark.parametrize(
    ("said", "released", "days"),
    [
        ("2025-12-29T18:00:00Z", "2025-12-31T09:00:00Z", "2 days later"),
        ("2025-12-29", "2025-12-31T09:00:00Z", "2 days later"),
        ("2025-12-29", "2025-12-31", "2 days later"),
        ("2025-12-29T23:00:00Z", "2025-12-30T01:00:00Z", "1 day later"),
    ],
)
def test_the_gap_between_a_claim_and_its_evidence(said: str, released: str, days: str) -> None:
    assert gap(said, [released]).endswith(f"{days}.")


@pytest.mark.parametrize(
    ("said", "released"),
    [(None, "2025-12-31"), ("2025-12-29", None), ("2025-12-29", "2025-12-29"), ("x", "2025-12-31")],
)
def test_where_nothing_is_known_nothing_is_said(said: str | None, released: str | None) -> None:
    assert gap(said, [released] if released else []) == ""


def test_a_time_without_a_zone_stands_where_the_middle_of_it_lies() -> None:
    made = dates(report("plain").case)
    assert made is not None
    assert [row.number for row in made.rows] == list(range(1, len(made.rows) + 1))
    assert made.rows[0].at == "2025-02-14 10:00 UTC"
    assert made.drawn
    assert len(made.marks) == len(made.rows)
