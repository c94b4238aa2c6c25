"""What every form of a report looks up in outcomes."""

from __future__ import annotations

from forensics.report.lookup import anchor, exhibits, not_ended
from tests.report import made


def test_what_broke_comes_before_what_was_left_out_and_that_before_what_does_not_fit() -> None:
    ended = not_ended(made.drone().outcomes)
    assert [one.status for one in ended] == ["failed", "not-run", "not-applicable"]
    assert not_ended(reversed(ended)) == ended


def test_a_finding_has_its_place_and_one_that_is_not_here_has_none() -> None:
    outcomes = list(enumerate(made.drone().outcomes))
    assert anchor(outcomes, "metadata/written-at") == "finding-0-1"
    assert anchor(outcomes, "metadata/re-muxed") is None


def test_an_exhibit_has_its_caption_also_where_its_picture_is_not_at_hand() -> None:
    report = made.drone()
    outcome = next(one for one in report.outcomes if one.analysis == "error-level")
    (finding,) = outcome.findings
    pictures = {picture.id: picture for picture in report.pictures}
    ((caption, picture),) = exhibits(outcome, finding, pictures)
    assert picture is pictures["exhibit/error-level/level-map"]
    assert exhibits(outcome, finding, {}) == [(caption, None)]
