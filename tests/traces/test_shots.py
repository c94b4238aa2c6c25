"""Cuts, jumps and fades."""

from __future__ import annotations

import numpy as np
import pytest

from forensics.traces.joints import steps
from forensics.traces.shots import cuts, fades, jumps, spans
from tests.traces.courses import coded, wandering


def test_each_shot_begins_with_a_cut() -> None:
    luma = coded(np.concatenate([wandering(40, seed) for seed in (1, 2, 3)]))
    assert cuts(luma, steps(luma)) == (40, 80)
    assert not jumps(luma, steps(luma))


def test_a_passage_left_out_is_a_jump() -> None:
    luma = wandering(160, 2)
    shorter = coded(np.concatenate([luma[:60], luma[64:]]))
    step = steps(shorter)
    found = (*cuts(shorter, step), *jumps(shorter, step))
    assert found == (60,)


@pytest.mark.parametrize("seed", range(4))
def test_what_moves_has_no_cut(seed: int) -> None:
    luma = coded(wandering(160, seed))
    assert not cuts(luma, steps(luma))
    assert not jumps(luma, steps(luma))


def test_fades_to_and_from_black_are_told_with_their_ends() -> None:
    share = np.concatenate([np.ones(30), np.linspace(1, 0, 16), np.zeros(5), np.linspace(0, 1, 16)])
    share = np.concatenate([share, np.ones(30)])
    luma = (wandering(len(share)) * share[:, None, None]).astype(np.uint8)
    out, into = fades(luma)
    assert out.out
    assert not into.out
    assert 20 <= out.begin <= 33
    assert 42 <= out.end <= 48
    assert 46 <= into.begin <= 52
    assert 62 <= into.end <= 78


def test_a_cut_to_black_is_no_fade() -> None:
    luma = wandering(60).copy()
    luma[30:] = 0
    assert not fades(luma)


def test_plain_pictures_are_no_trouble() -> None:
    for count in (0, 1, 20):
        luma = np.zeros((count, 5, 5), np.uint8)
        assert not fades(luma)
        assert not cuts(luma, steps(luma))


def test_spans_cover_everything() -> None:
    assert spans(100, (40, 70)) == ((0, 40), (40, 70), (70, 100))
    assert spans(5, ()) == ((0, 5),)
