"""The analysis that tells of bars and of what is burnt in."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from forensics.analyses.overlays import Overlays
from forensics.model import Diagnostic, Finding, MediaKind
from tests.analyses.test_copy_move import Shown, asset_of
from tests.traces.pictures import scene
from tests.traces.test_overlaid import Grey, moving, with_logo


def examine(kind: MediaKind, pictures: Grey) -> tuple[list[Finding], Shown]:
    shown = Shown(*(np.dstack([one] * 3) for one in pictures))
    return list(Overlays().run(asset_of(kind), shown.context)), shown


def test_what_is_burnt_in_is_told_with_its_box_and_times_and_drawn() -> None:
    (finding,), context = examine(MediaKind.VIDEO, with_logo(moving()))
    assert finding.id == "burnt-in"
    assert finding.question is None
    assert finding.diagnostic is Diagnostic.NO
    (box,) = [m for m in finding.measurements if m.key == "burnt-in"]
    assert box.where is not None
    assert (box.where.start, box.where.end) == (Fraction(0), Fraction(7))
    assert "number of boxes: 1" in finding.statement
    assert context.shown["burnt-in"].shape == (200, 300, 3)


def test_bars_of_a_still_are_told() -> None:
    picture = scene()[:, :, :1].transpose(2, 0, 1).copy()
    picture[:, :40] = 0
    (finding,), _ = examine(MediaKind.IMAGE, picture)
    assert finding.id == "bars"
    assert "above 40" in finding.statement


def test_a_clean_still_gives_no_finding() -> None:
    findings, _ = examine(MediaKind.IMAGE, scene()[:, :, :1].transpose(2, 0, 1))
    assert not findings


def test_a_video_that_stands_still_says_that_nothing_can_be_told() -> None:
    (finding,), _ = examine(MediaKind.VIDEO, np.repeat(moving(1), 8, axis=0))
    assert finding.id == "burnt-in-not-testable"
