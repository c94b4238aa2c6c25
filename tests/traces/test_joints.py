"""Whether a recording runs on without a run."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from forensics.traces.joints import (
    foreign,
    inserted,
    jump,
    loops,
    lopsided,
    moved,
    placed,
    steps,
    turned,
)
from forensics.traces.repeats import Way, repeats
from tests.traces.courses import Luma, coded, course, place, shown, wandering


def put_in(luma: Luma, first: int, length: int, at: int) -> Luma:
    return coded(np.concatenate([luma[:at], luma[first : first + length], luma[at:]]))


def test_a_run_put_into_its_own_shot_is_told_from_what_is_around_it() -> None:
    luma = put_in(wandering(), 20, 24, 90)
    (found,) = repeats(luma)
    run = inserted(luma, steps(luma), found)
    assert run is not None
    assert (run.begin, run.end) == (90, 114)
    assert run.into > 2
    assert run.seam < 1.5


def test_a_loop_begins_with_a_jump_back() -> None:
    luma = coded(np.concatenate([(w := wandering())[:70], w[45:70], w[70:]]))
    (found,) = repeats(luma)
    run = inserted(luma, steps(luma), found)
    assert run is not None
    assert run.begin == 70


def test_where_both_runs_begin_and_end_with_a_jump_neither_was_put_in() -> None:
    """A clip that is put on a screen twice."""
    luma, clip = wandering(150), wandering(30, 5)
    twice = [luma[:50], clip, luma[50:100], clip, luma[100:]]
    edited = coded(np.concatenate(twice))
    step = steps(edited)
    found = [each for each in repeats(edited) if each.length > 20]
    assert found
    for each in found:
        sides = [placed(edited, step, k, k + 30) for k in (50, 130)]
        assert all(side.put_in for side in sides)
        assert inserted(edited, step, each) is None


def test_a_loop_before_and_after_which_all_stands_is_none() -> None:
    """A sticker that moves twice in a chat, and stands before and after."""
    walk = course(30, 3)
    still = np.repeat(walk[:1], 40, 0)
    course_of = np.concatenate([still, walk, walk, np.repeat(walk[-1:], 40, 0)])
    luma = shown(place(3), course_of, 3, noise=0.1)
    step = steps(luma)
    found = [each for each in repeats(luma) if loops(each)]
    assert found
    assert all(inserted(luma, step, each) is None for each in found)


def test_a_run_between_two_titles_that_stand_has_no_place_there() -> None:
    talk, title = wandering(120, 5), shown(place(7), np.full((20, 2), 150.0), 7, noise=0.1)
    luma = np.concatenate([title, talk[40:75], title, talk])
    step = steps(luma)
    (found,) = [each for each in repeats(luma) if each.length > 30]
    assert placed(luma, step, 20, 55).put_in
    assert inserted(luma, step, found) is None


def test_a_run_put_into_a_scene_that_stands_is_told_by_what_it_shows() -> None:
    """Somebody goes by; and again later, where nobody did."""
    empty = np.clip(place(4)[100:136, 100:164], 0, 255).astype(np.uint8)
    somebody = np.clip(place(5)[:28, :16], 0, 255).astype(np.uint8)
    luma = np.repeat(empty[None], 160, axis=0)
    for k in range(60):
        move = np.array([[1, 0, 0.8 * k - 4], [0, 1, 5.3]])
        luma[30 + k] = cv2.warpAffine(
            somebody, move, (64, 36), dst=luma[30 + k], borderMode=cv2.BORDER_TRANSPARENT
        )
    edited = coded(np.concatenate([luma[:110], luma[46:76], luma[110:]]), noise=0.3)
    found = [r for each in repeats(edited) if (r := inserted(edited, steps(edited), each))]
    assert [(r.begin, r.end) for r in found] == [(110, 140)]


def test_a_picture_is_lopsided_by_the_share_that_differs_from_its_mirror_image() -> None:
    picture = np.full((10, 20), 90, np.uint8)
    assert lopsided(picture) == 0
    picture[:, :5] = 200
    assert lopsided(picture) == pytest.approx(0.5)


def test_a_shot_that_is_shown_twice_between_others_is_no_such_run() -> None:
    shot, one, other = wandering(40, 5), wandering(50, 6), wandering(50, 7)
    luma = coded(np.concatenate([shot, one, shot, other]))
    (found,) = repeats(luma)
    assert (found.first, found.again, found.length) == (0, 90, 40)
    assert inserted(luma, steps(luma), found) is None


def test_what_swings_regularly_jumps_nowhere() -> None:
    swing = np.stack([150 + 12 * np.sin(np.arange(160) / 40 * 2 * np.pi), np.full(160, 150.0)], 1)
    luma = shown(place(2), swing, 2)
    found = repeats(luma)
    assert found
    assert all(inserted(luma, steps(luma), each) is None for each in found)


def test_a_whole_video_that_runs_in_a_loop_has_nothing_around_it_to_run_on() -> None:
    luma = coded(np.concatenate([wandering(50)] * 3))
    found = repeats(luma)
    assert found
    assert all(inserted(luma, steps(luma), each) is None for each in found)


def test_a_section_mirrored_in_its_place_is_found() -> None:
    luma = wandering().copy()
    luma[40:70] = luma[40:70, :, ::-1]
    coded_again = coded(luma)
    assert turned(coded_again, steps(coded_again)) == ((40, 70),)


def test_cuts_between_different_shots_are_no_mirrored_section() -> None:
    luma = coded(np.concatenate([wandering(40, seed) for seed in range(5)]))
    assert not turned(luma, steps(luma))
    assert not foreign(luma, steps(luma), 8, 200)


def test_pictures_of_something_else_within_a_shot_are_a_run_between() -> None:
    luma = wandering()
    edited = coded(np.concatenate([luma[:50], wandering(30, 8), luma[50:]]))
    (run,) = foreign(edited, steps(edited), 8, 200)
    assert (run.begin, run.end) == (50, 80)


def test_where_everything_is_noise_nothing_runs_on() -> None:
    """The usual step is as large as any cut."""
    rng = np.random.default_rng(4)
    luma = rng.integers(0, 255, (200, 20, 30)).astype(np.uint8)
    step = steps(luma)
    assert not turned(luma, step)
    assert not foreign(luma, step, 5, 100)
    for way in (Way.PLAIN, Way.MIRRORED):
        assert not repeats(luma, way)


def test_at_the_ends_of_a_video_ratios_are_unknown() -> None:
    luma = wandering(40)
    run = placed(luma, steps(luma), 0, 40)
    assert np.isnan([run.into, run.out, run.seam]).all()
    assert not run.put_in


def test_the_share_that_moves_is_that_of_places() -> None:
    luma = np.full((30, 10, 10), 90, np.uint8)
    luma[::2, :5] = 140
    assert moved(luma, 0, 30) == pytest.approx(0.5)


def test_a_jump_is_measured_by_the_largest_step_around_it() -> None:
    step = np.array([0, 2, 2, 3, 12, 2, 2], np.float32)
    assert jump(step, 4) == pytest.approx(4)
    assert steps(np.zeros((1, 4, 4), np.uint8)).tolist() == [0]
    assert steps(np.zeros((0, 4, 4), np.uint8)).tolist() == []
