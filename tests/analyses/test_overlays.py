"""The analysis that tells of bars and of what is burnt in."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from forensics.analyses.overlays import Overlays
from forensics.model import Diagnostic, Finding, MediaKind
from tests.analyses.test_copy_move import Shown, asset_of
from tests.analyses.test_recapture import video
from tests.traces.pictures import scene
from tests.traces.test_borders import before_itself, upright
from tests.traces.test_clocks import before, written
from tests.traces.test_overlaid import Grey, moving, with_logo
from tests.traces.test_texts import moving as text_scene
from tests.traces.test_texts import subtitled


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


def test_a_blurred_copy_beside_a_still_is_told_and_framed() -> None:
    shown = Shown(before_itself(upright()))
    (finding,) = Overlays().run(asset_of(MediaKind.IMAGE), shown.context)
    assert finding.id == "blurred-fill"
    assert finding.diagnostic is Diagnostic.NO
    assert "The search for copies looks at the picture without it as well." in finding.statement
    assert shown.shown["border"].shape == (288, 512, 3)


def test_lines_that_come_and_go_are_told_with_their_times() -> None:
    findings, context = examine(MediaKind.VIDEO, subtitled(text_scene()))
    (finding,) = [f for f in findings if f.id == "text-that-comes-and-goes"]
    times = [
        (m.where.start, m.where.end) for m in finding.measurements if m.key == "line" and m.where
    ]
    assert times == [(2, 5), (8, 11)]
    assert context.shown["text-that-comes-and-goes"].shape == (288, 2 * 512 + 6, 3)


def test_a_clock_is_told_with_its_beat_and_place(tmp_path: Path) -> None:
    texts = [f"12:{10 + k // 5}" for k in range(60)]
    pictures = [np.dstack([one] * 3) for one in written(before(still=True), texts)]
    asset, context = video(tmp_path, pictures, 5, Overlays.name)
    found = list(Overlays().run(asset, context))
    (finding,) = [f for f in found if f.id == "clock-or-counter"]
    assert "every 1.0 s" in finding.statement
    (place,) = [m for m in finding.measurements if m.key == "clock"]
    assert place.where is not None
    assert place.where.region is not None
    assert place.where.region[0] > 220
