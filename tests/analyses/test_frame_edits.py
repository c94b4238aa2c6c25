"""The analysis that tells passages that come again and sections that are mirrored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from forensics.analyses.frame_edits import FrameEdits, share
from forensics.context import ScratchContext
from forensics.errors import NotFitting
from forensics.media.identify import identify_file
from forensics.media.prepare import prepare
from forensics.media.prepared import load
from forensics.model import Asset, Diagnostic, Direction, Finding, MediaKind, Sha256
from tests.analyses.films import ASSET, Luma, Shown, film
from tests.traces.courses import coded, course, place, shown, wandering


def examine(
    luma: Luma, ticks: np.ndarray[tuple[int], np.dtype[np.int_]] | None = None
) -> tuple[list[Finding], Shown]:
    context = Shown(film=film(luma, ticks))
    return list(FrameEdits().run(ASSET, context.context)), context


def test_a_repeated_run_is_told_with_both_times_and_drawn() -> None:
    luma = wandering()
    (finding,), context = examine(
        coded(np.concatenate([luma[:90], luma[20:44], luma[90:]])),
    )
    assert finding.id == "repeated-run"
    assert finding.question is not None
    assert finding.question.id == "passages-changed"
    assert finding.direction is Direction.SUPPORTS_H1
    assert finding.diagnostic is Diagnostic.YES
    times = {m.key: (m.where.start, m.where.end) for m in finding.measurements if m.where}
    assert times["passage"] == (Fraction(20, 25), Fraction(44, 25))
    assert times["again"] == (Fraction(90, 25), Fraction(114, 25))
    assert "(24 pictures" in finding.statement
    assert "as it is" in finding.statement
    picture = context.shown["repeated-run-1"]
    assert picture.shape[1] == 1200
    assert "64 px" in finding.exhibits[0].caption


def test_a_run_that_is_also_mirrored_is_told_as_such() -> None:
    luma = wandering()
    (finding,), _ = examine(coded(np.concatenate([luma[:90], luma[20:50, :, ::-1], luma[90:]])))
    assert finding.id == "repeated-run"
    assert "mirrored" in finding.statement


def test_a_shot_shown_twice_is_told_and_moves_nothing() -> None:
    shot = wandering(40, 5)
    (finding,), _ = examine(coded(np.concatenate([shot, wandering(50, 6), shot, wandering(50, 7)])))
    assert finding.id == "repeated-passage"
    assert finding.question is None
    assert finding.direction is Direction.NEUTRAL
    assert finding.diagnostic is Diagnostic.NO


def test_a_direct_loop_is_weak_as_ordinary_videos_have_it() -> None:
    """A player that is wound back while its screen is recorded leaves the same."""
    luma = wandering()
    (loop,), _ = examine(coded(np.concatenate([luma[:70], luma[45:70], luma[70:]])))
    (copy,), _ = examine(coded(np.concatenate([luma[:90], luma[20:44], luma[90:]])))
    assert (loop.id, copy.id) == ("looped-run", "repeated-run")
    assert loop.direction is copy.direction is Direction.SUPPORTS_H1
    assert loop.strength is not None
    assert loop.strength.word == "weak"
    assert copy.strength is not None
    assert "twice in a row" in loop.statement
    assert "twice in a row" not in copy.statement


def test_a_report_that_is_announced_with_a_word_from_it_is_not_accused() -> None:
    """The one who announces it hardly moves, so that without the word the announcement runs on."""
    report, reader = wandering(140, 5), shown(place(6), course(60, 6) * 0.25 + 100, 6)
    spoken = [reader[:30], report[50:80], reader[30:], report]
    (finding,), _ = examine(coded(np.concatenate(spoken)))
    assert finding.id == "repeated-passage"
    assert finding.question is None


def test_a_teaser_between_two_titles_is_not_accused() -> None:
    talk = wandering(140, 5).astype(np.float64)
    title = np.repeat(shown(place(7), np.full((1, 2), 150.0), 7), 20, axis=0)
    into = np.clip(np.arange(140) / 12, 0, 1)[:, None, None]
    whole = (talk * into + title[0] * (1 - into)).astype(np.uint8)
    luma = coded(np.concatenate([title, talk[50:85].astype(np.uint8), title, whole]), noise=0.3)
    findings, _ = examine(luma)
    assert {f.id for f in findings} == {"repeated-passage"}


def test_more_passages_than_are_told_are_counted() -> None:
    shots = [wandering(30, seed) for seed in range(20, 28)]
    findings, _ = examine(coded(np.concatenate([*shots, wandering(40, 3), *shots[::-1]])))
    found = {f.id: f for f in findings}
    assert set(found) == {"repeated-passage", "more-repeated-passages"}
    assert len([m for m in found["repeated-passage"].measurements if m.key == "passage"]) == 6
    assert "Of 8 other passages" in found["more-repeated-passages"].statement
    assert "6 are told" in found["more-repeated-passages"].statement


def test_a_screen_in_a_scene_that_stands_moves_nothing() -> None:
    """The same two seconds run on it again and again, with a jump each time."""
    luma = shown(place(1), np.full((160, 2), 150.0), 1)
    program = wandering(50, 4)[:, ::3, ::3]
    for k in range(160):
        luma[k, 10:22, 20:42] = program[k % 50]
    findings, _ = examine(coded(luma))
    assert {f.id for f in findings} == {"repeated-passage"}


def test_a_section_mirrored_in_its_place_is_told() -> None:
    luma = wandering().copy()
    luma[40:70] = luma[40:70, :, ::-1]
    (finding,), context = examine(coded(luma))
    assert finding.id == "mirrored-section"
    assert finding.direction is Direction.SUPPORTS_H1
    assert "1.60–2.80 s" in finding.statement
    assert set(context.shown) == {"mirrored-section-40"}


def test_several_sections_that_flip_move_nothing_and_are_counted() -> None:
    luma = wandering(360, 4).copy()
    for begin in range(20, 340, 40):
        luma[begin : begin + 20] = luma[begin : begin + 20, :, ::-1]
    findings, _ = examine(coded(luma))
    flipped = [f for f in findings if f.id == "mirrored-section"]
    assert len(flipped) == 6
    for finding in flipped:
        assert finding.direction is Direction.NEUTRAL
        assert finding.diagnostic is Diagnostic.NO
        assert finding.strength is None
    (more,) = [f for f in findings if f.id == "more-mirrored-sections"]
    assert {m.key: m.value for m in more.measurements} == {"found": 8, "shown": 6}


def test_a_drawn_figure_that_turns_round_is_no_mirrored_section() -> None:
    luma = np.full((120, 36, 64), 200, np.uint8)
    for k in range(120):
        cv2.circle(luma[k], (32, 14), 8, 60, -1)
        cv2.line(luma[k], (34, 20), (int(48 + 3 * np.sin(k / 4)), 18), 90, 3)
    luma[40:70] = luma[40:70, :, ::-1]
    findings, _ = examine(coded(luma))
    assert "mirrored-section" not in {f.id for f in findings}


@pytest.mark.parametrize(("part", "words"), [(0.02, "less than a tenth"), (0.36, "about a third")])
def test_shares_are_told_in_words(part: float, words: str) -> None:
    assert share(part) == words
    assert share(1.0) == "nearly all"


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_told_of_what_runs_as_it_was_recorded(seed: int) -> None:
    findings, _ = examine(coded(wandering(160, seed)))
    assert not findings


@pytest.mark.parametrize("rates", [(6, 5), (5, 6)])
def test_a_changed_frame_rate_is_no_edit(rates: tuple[int, int]) -> None:
    luma = coded(wandering(160, 2))
    count = len(luma) * rates[0] // rates[1]
    findings, _ = examine(luma[np.arange(count) * rates[1] // rates[0]])
    assert not findings


def test_times_follow_a_variable_frame_rate() -> None:
    luma = wandering()
    edited = coded(np.concatenate([luma[:90], luma[20:44], luma[90:]]))
    ticks = np.cumsum(np.random.default_rng(1).integers(1, 4, len(edited)))
    (finding,), _ = examine(edited, ticks - ticks[0])
    starts = [m.where.start for m in finding.measurements if m.where]
    assert starts == [Fraction(int(ticks[k] - ticks[0]), 25) for k in (20, 90)]


def test_a_scene_that_stands_is_told_as_not_testable() -> None:
    (finding,), _ = examine(shown(place(1), np.full((100, 2), 150.0), 1))
    assert finding.id == "not-testable-still"
    assert finding.diagnostic is Diagnostic.NO


def test_what_was_not_read_is_told() -> None:
    context = Shown(film=replace(film(coded(wandering())), whole=False))
    (finding,) = FrameEdits().run(ASSET, context.context)
    assert finding.id == "examined-in-part"
    assert "first 5 s only" in finding.statement


@pytest.mark.parametrize("count", [1, 15])
def test_a_video_of_few_pictures_is_declined(count: int) -> None:
    with pytest.raises(NotFitting):
        examine(np.zeros((count, 36, 64), np.uint8))


def test_equal_times_and_tiny_pictures_are_no_trouble() -> None:
    rng = np.random.default_rng(2)
    luma = rng.integers(0, 255, (40, 1, 2)).astype(np.uint8)
    examine(luma, np.zeros(40, np.int64))


def filmed(count: int, seed: int) -> list[Luma]:
    """What a camera that is held shows of a place, large enough to be coded."""
    large = np.clip(cv2.resize(place(seed), None, fx=4, fy=4), 0, 255).astype(np.uint8)
    rng = np.random.default_rng(seed)
    pictures = []
    for x, y in (course(count, seed) * 4).round().astype(int):
        seen = large[y : y + 144, x : x + 256] + rng.normal(0, 2, (144, 256))
        pictures.append(np.clip(seen, 0, 255).astype(np.uint8))
    return pictures


def examined(folder: Path, pictures: Sequence[Luma]) -> list[Finding]:
    """Findings in a coded file of these pictures."""
    file = folder / "asset.avi"
    writer = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*"MJPG"), 25, (256, 144))
    for picture in pictures:
        writer.write(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR))
    writer.release()
    file.rename(folder / "asset")
    kind = identify_file(folder / "asset")
    prepare(str(folder), kind.kind.value, kind.mime, kind.demuxer, 10**8, 60.0)
    asset = Asset(
        sha256=Sha256("0" * 64),
        size=1,
        kind=MediaKind.VIDEO,
        mime=kind.mime,
        name="f",
        probe=load(folder).probe,
    )
    context = ScratchContext(asset, folder, name=FrameEdits.name, seconds=60)
    return list(FrameEdits().run(asset, context))


def test_in_a_coded_file_a_repeated_run_is_found(tmp_path: Path) -> None:
    pictures = filmed(90, 3)
    (finding,) = examined(tmp_path, [*pictures[:60], *pictures[15:40], *pictures[60:]])
    assert finding.id == "repeated-run"
    assert "0.60–1.60 s come again in 2.40–3.40 s" in finding.statement
    assert finding.strength is not None
    assert (tmp_path / "analyses" / "frame-edits" / "repeated-run-1.png").exists()


def test_in_a_coded_file_a_direct_loop_is_weak(tmp_path: Path) -> None:
    pictures = filmed(90, 3)
    (finding,) = examined(tmp_path, [*pictures[:50], *pictures[25:50], *pictures[50:]])
    assert finding.id == "looped-run"
    assert finding.direction is Direction.SUPPORTS_H1
    assert finding.strength is not None
    assert finding.strength.word == "weak"
    assert (tmp_path / "analyses" / "frame-edits" / "looped-run-1.png").exists()


def test_in_a_coded_file_several_flips_move_nothing(tmp_path: Path) -> None:
    pictures = filmed(140, 3)
    for begin in (20, 60, 100):
        pictures[begin : begin + 20] = [
            np.ascontiguousarray(one[:, ::-1]) for one in pictures[begin : begin + 20]
        ]
    found = examined(tmp_path, pictures)
    assert [finding.id for finding in found] == ["mirrored-section"] * 3
    assert {finding.direction for finding in found} == {Direction.NEUTRAL}
    assert {finding.strength for finding in found} == {None}
