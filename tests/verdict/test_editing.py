"""Signs of editing in a verdict: what was measured well moves integrity, and no pillar."""

from __future__ import annotations

import pytest

from forensics.model import (
    STRENGTHS,
    Diagnostic,
    Direction,
    Finding,
    Integrity,
    IntegrityPhrase,
    Outcome,
    Question,
    Status,
    Verdict,
    Verifiability,
)
from forensics.model.questions import FIRST_RECORDING, PASSAGES_CHANGED, PIXELS_CHANGED
from forensics.verdict.engine import reach
from forensics.verdict.ruleset import load
from tests.verdict.made import outcome, strength

EDITED = [PIXELS_CHANGED, PASSAGES_CHANGED]


def trace(
    question: Question, word: str | None, direction: Direction = Direction.SUPPORTS_H1
) -> Finding:
    return Finding(
        id="trace",
        template="Said.",
        question=question,
        direction=direction,
        diagnostic=Diagnostic.YES,
        strength=strength(word) if word else None,
    )


def verdict(*findings: Finding, aid: bool = False) -> Verdict:
    outcomes: list[Outcome] = [outcome("made-up", *findings, aid=aid)]
    return reach(outcomes, None, load())


def integrity(*findings: Finding) -> Integrity:
    return verdict(*findings).integrity


@pytest.mark.parametrize("question", EDITED, ids=lambda q: q.id)
@pytest.mark.parametrize("word", [*STRENGTHS, None, "a word of another scale"])
def test_only_what_was_measured_well_says_inconsistent(
    question: Question, word: str | None
) -> None:
    enough = word in STRENGTHS and STRENGTHS.index(word) >= STRENGTHS.index("moderate")
    said = integrity(trace(question, word))
    assert said.phrase is (IntegrityPhrase.INCONSISTENT if enough else IntegrityPhrase.INCONCLUSIVE)
    assert said.reasons[0].findings == ("made-up/trace",)


@pytest.mark.parametrize("question", EDITED, ids=lambda q: q.id)
@pytest.mark.parametrize("word", ["weak", "strong", None])
def test_a_file_with_signs_of_editing_is_never_as_its_device_wrote_it(
    question: Question, word: str | None
) -> None:
    clean = trace(FIRST_RECORDING, "strong", Direction.SUPPORTS_H2)
    assert integrity(clean).phrase is IntegrityPhrase.CONSISTENT
    assert integrity(clean, trace(question, word)).phrase is not IntegrityPhrase.CONSISTENT


@pytest.mark.parametrize("question", EDITED, ids=lambda q: q.id)
def test_signs_of_editing_move_no_pillar_and_no_headline(question: Question) -> None:
    made = verdict(trace(question, "extremely strong"))
    assert made.verifiability is Verifiability.NOT_VERIFIABLE
    assert {p.status for p in made.pillars} <= {Status.UNDETERMINED, Status.NOT_EXAMINED}
    assert any(
        "as the recording device wrote it" in s or "device wrote it" in s
        for s in made.would_settle_it
    )


def test_a_viewing_aid_moves_no_integrity() -> None:
    made = verdict(trace(PIXELS_CHANGED, "extremely strong"), aid=True)
    assert made.integrity.phrase is IntegrityPhrase.INCONCLUSIVE
