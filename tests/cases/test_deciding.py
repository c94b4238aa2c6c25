"""What a person may decide: one thing at a time, of the vocabulary, and a category only of media."""

from __future__ import annotations

import pytest

from forensics.cases import entries
from forensics.cases.deciding import CATEGORIES, decision_on, earlier_decision
from forensics.errors import UsageError
from forensics.model import Recorded


def verdict(kind: str = entries.VERDICT) -> Recorded:
    return Recorded(index=7, type=kind, at="2026-01-02T12:00:00Z", subject="sha256:00", payload={})


def test_a_status_for_a_pillar_changes_the_verdict() -> None:
    said = decision_on(verdict(), ["date=contradicted", "motivation=undetermined"])
    assert said == {
        "decision": "changed",
        "pillars": {"date": "contradicted", "motivation": "undetermined"},
    }


def test_a_verdict_is_upheld_or_withdrawn() -> None:
    assert decision_on(verdict(), [], uphold=True) == {"decision": "upheld"}
    assert decision_on(verdict(), [], withdraw=True) == {"decision": "withdrawn"}


@pytest.mark.parametrize("category", CATEGORIES)
def test_each_of_the_six_categories_can_be_chosen(category: str) -> None:
    assert decision_on(verdict(), [], uphold=True, category=category)["category"] == category


@pytest.mark.parametrize(
    ("statuses", "options", "match"),
    [
        ([], {}, "decide one thing"),
        (["date=contradicted"], {"uphold": True}, "decide one thing"),
        ([], {"uphold": True, "withdraw": True}, "decide one thing"),
        (["date=contradicted", "date=consistent"], {}, "names a pillar twice"),
        (["integrity=inconclusive"], {}, "integrity is measured"),
        (["truth=corroborated"], {}, "expected pillar=status"),
        (["date"], {}, "expected pillar=status"),
        (["date=fake"], {}, "expected pillar=status"),
        ([], {"uphold": True, "category": "NotVerifiable"}, "none of a MediaReview"),
        ([], {"uphold": True, "category": "MissingContext"}, "none of a MediaReview"),
        ([], {"withdraw": True, "category": CATEGORIES[0]}, "says nothing in its place"),
    ],
)
def test_what_cannot_be_decided_is_refused(
    statuses: list[str], options: dict[str, object], match: str
) -> None:
    with pytest.raises(UsageError, match=match):
        decision_on(verdict(), statuses, **options)


def test_a_claim_has_no_media_category() -> None:
    with pytest.raises(UsageError, match="a MediaReview is about media"):
        decision_on(verdict(entries.CLAIM_VERDICT), [], uphold=True, category=CATEGORIES[0])


def test_the_last_decision_of_the_same_key_on_the_same_entry_is_found() -> None:
    def made(index: int, on: int, vkey: str) -> Recorded:
        return Recorded(
            index=index,
            type="decision",
            at="2026-01-02T12:00:00Z",
            subject="sha256:00",
            payload={"statement": {"entry": on}, "vkey": vkey},
        )

    about = [made(8, 7, "a"), made(9, 7, "b"), made(10, 7, "a"), made(11, 6, "a"), verdict()]
    assert earlier_decision(about, 7, "a") == 10
    assert earlier_decision(about, 5, "a") is None
