"""Strength words come only from counts, and never say more than the counts can."""

from __future__ import annotations

import ast
import json
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betaincinv

import forensics
from forensics.calibrated import SCALE, Row, calibration, read, strength, upper_rate, word
from forensics.errors import RegistryError
from forensics.registry import analyses

SHIPPED = sorted(
    file.name.removesuffix(".json")
    for file in resources.files("forensics.calibration").iterdir()
    if file.name.endswith(".json")
)


def row(**counts: int) -> Row:
    return Row(finding="f", quality="q", size="any", **counts)


@pytest.mark.parametrize(
    ("ratio", "said"),
    [
        (0.2, "no support"),
        (1, "no support"),
        (1.01, "weak"),
        (10, "weak"),
        (100, "moderate"),
        (101, "moderately strong"),
        (10_000, "strong"),
        (10_001, "very strong"),
        (1_000_000, "very strong"),
        (1_000_001, "extremely strong"),
    ],
)
def test_words_follow_the_cut_points(ratio: float, said: str) -> None:
    assert word(ratio) == said


@given(clean=st.integers(1, 100_000), edited=st.integers(1, 1000))
def test_n_untouched_files_support_at_most_a_third_of_n(clean: int, edited: int) -> None:
    ratio = row(clean=clean, alarms=0, edited=edited, hits=edited).ratio
    assert ratio is not None
    assert ratio <= max(1.0, clean / 3 + 1e-6)


@given(clean=st.integers(2, 500), alarms=st.integers(0, 500))
def test_more_alarms_never_support_more(clean: int, alarms: int) -> None:
    alarms %= clean
    assert upper_rate(alarms + 1, clean) >= upper_rate(alarms, clean) >= alarms / clean


def test_the_limit_is_clopper_and_pearsons() -> None:
    for alarms, clean in ((3, 50), (1, 30), (17, 108)):
        assert upper_rate(alarms, clean) == pytest.approx(
            float(betaincinv(alarms + 1, clean - alarms, 0.95)), abs=1e-9
        )


def test_what_was_not_measured_has_no_word() -> None:
    assert strength("no-such-analysis", 1, "f", "q") is None
    assert row(clean=0, alarms=0, edited=9, hits=9).ratio is None
    assert row(clean=9, alarms=0, edited=0, hits=0).ratio is None


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        "not json",
        '{"id": "a", "analysis": "a", "version": 1, "sets": [], "rows": [{"clean": 1}]}',
        json.dumps(
            {
                "id": "a",
                "analysis": "a",
                "version": 1,
                "sets": [],
                "rows": [
                    {"finding": "f", "quality": "q", "size": "any"}
                    | {"clean": 5, "alarms": 6, "edited": 1, "hits": 1}
                ],
            }
        ),
    ],
)
def test_a_damaged_file_is_refused(text: str) -> None:
    with pytest.raises(RegistryError):
        read(text)


@pytest.mark.parametrize("name", SHIPPED)
def test_each_shipped_word_is_backed_by_its_file(name: str) -> None:
    found = calibration(name)
    assert found is not None
    assert found.analysis == name
    assert found.id
    assert found.sets
    measured = {a.name: a.version for a in analyses()}
    assert measured.get(name, found.version) == found.version, "measured with another version"
    keys = [(row.finding, row.quality, row.size) for row in found.rows]
    assert len(set(keys)) == len(keys)
    for row in found.rows:
        said = strength(name, found.version, row.finding, row.quality, row.size)
        if not row.clean or not row.edited:
            assert said is None
            continue
        assert said is not None
        assert said.scale == SCALE
        assert found.id in said.calibration
        assert str(row.clean) in said.calibration
        cautious = row.hits / row.edited / max(3 / row.clean, row.alarms / row.clean)
        order = ["no support", "weak", "moderate", "moderately strong", "strong", "very strong"]
        assert order.index(said.word) <= order.index(word(max(cautious, 0)))
        assert strength(name, found.version + 1, row.finding, row.quality, row.size) is None


def test_nothing_else_makes_strength_words() -> None:
    """An analysis that wrote its own word would not be backed by a file."""
    root = Path(forensics.__file__).parent
    makers = {
        str(file.relative_to(root))
        for file in root.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Strength"
    }
    assert makers == {"calibrated.py"}
