"""The analysis that tells where shots change, and leads to halts, jumps and runs between."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from forensics.analyses.shots import Shots
from forensics.context import ScratchContext
from forensics.errors import NotFitting
from forensics.media.film import cost, load_film
from forensics.media.identify import identify_file
from forensics.media.prepare import prepare
from forensics.media.prepared import load
from forensics.model import Diagnostic, Finding
from tests.analyses.films import ASSET, Luma, MadeFilm, Shown, film
from tests.media.making import make, pattern, x264
from tests.traces.courses import coded, wandering


def examine(made: MadeFilm) -> dict[str, Finding]:
    context = Shown(film=made)
    found = {finding.id: finding for finding in Shots().run(ASSET, context.context)}
    for finding in found.values():  # none of this may move a verdict
        assert finding.diagnostic is Diagnostic.NO
        assert finding.question is None
        assert {exhibit.id for exhibit in finding.exhibits} <= set(context.shown)
    return found


def cut_together() -> Luma:
    return coded(np.concatenate([wandering(40, seed) for seed in (1, 2, 3)]))


def test_cuts_are_told_with_their_times() -> None:
    found = examine(film(cut_together()))
    assert set(found) == {"cuts"}
    assert "(times: 2), at 1.60, 3.20 s" in found["cuts"].statement


def test_many_cuts_are_counted_and_not_all_told() -> None:
    found = examine(film(coded(np.concatenate([wandering(12, k) for k in range(30)]))))
    assert "and later" in found["cuts"].statement
    assert len([m for m in found["cuts"].measurements if m.key == "time"]) == 24


def test_what_runs_as_it_was_recorded_has_nothing_to_tell() -> None:
    assert not examine(film(coded(wandering(150, 2))))


def test_a_halt_is_a_lead() -> None:
    luma = wandering(160)
    still = np.repeat(luma[60:61], 30, axis=0)
    found = examine(film(np.concatenate([luma[:60], still, luma[61:]])))
    assert set(found) == {"frozen-run"}
    assert "2.40–3.60 s" in found["frozen-run"].statement


def test_a_run_put_into_a_shot_is_a_lead() -> None:
    luma = wandering()
    found = examine(film(coded(np.concatenate([luma[:50], wandering(30, 8), luma[50:]]))))
    assert set(found) == {"cuts", "run-between"}
    assert "2.00–3.20 s" in found["run-between"].statement


def test_a_passage_left_out_is_a_lead() -> None:
    luma = wandering(160, 2)
    found = examine(film(coded(np.concatenate([luma[:60], luma[64:]]))))
    assert len(found) == 1
    assert "2.40 s" in next(iter(found.values())).statement


def test_pictures_shown_again_are_told_as_history() -> None:
    found = examine(film(wandering(150)[np.arange(180) * 5 // 6]))
    assert "one in 6" in found["shown-again-regularly"].statement


def test_a_section_shown_twice_is_told_with_its_times() -> None:
    luma = coded(wandering(160), noise=0.1)
    slowed = np.concatenate([luma[:60], np.repeat(luma[60:85], 2, axis=0), luma[85:]])
    found = examine(film(slowed))
    span = found["slowed-section"].measurements[2].where
    assert span is not None
    assert span.start is not None
    assert abs(span.start - 60 / 25) < 0.2


def test_a_fade_is_told() -> None:
    share = np.concatenate([np.ones(40), np.linspace(1, 0, 20), np.zeros(10)])
    luma = (wandering(70) * share[:, None, None]).astype(np.uint8)
    assert "fades" in examine(film(luma))


def test_shots_that_differ_in_noise_are_told() -> None:
    made = film(cut_together())
    records = made.records.copy()
    records["noise"][40:80] = 3.0
    found = examine(replace(made, records=records))
    assert "1.0, 3.0, 1.0 grey levels" in found["noise-differs"].statement


def test_more_halts_than_are_told_are_counted() -> None:
    luma = wandering(500)
    halting = [
        part
        for k in range(8)
        for part in (luma[60 * k : 60 * k + 60], np.repeat(luma[60 * k + 59 :][:1], 20, 0))
    ]
    found = examine(film(np.concatenate([*halting, luma[480:]])))
    assert len([m for m in found["frozen-run"].measurements if m.key == "passage"]) == 6
    assert "Of 8 moments" in found["more-frozen-runs"].statement


def test_more_runs_between_than_are_told_are_counted() -> None:
    luma = wandering(360)
    parts = [(luma[40 * k : 40 * k + 40], wandering(15, 30 + k)) for k in range(8)]
    found = examine(
        film(coded(np.concatenate([one for pair in parts for one in pair] + [luma[320:]])))
    )
    assert len([m for m in found["run-between"].measurements if m.key == "passage"]) == 6
    assert "the first 6 are told" in found["more-runs-between"].statement


def test_more_fades_than_are_told_are_counted() -> None:
    share = np.tile(np.concatenate([np.linspace(0, 1, 12), np.linspace(1, 0, 12)]), 16)
    luma = (wandering(len(share)) * share[:, None, None]).astype(np.uint8)
    found = examine(film(luma))
    assert len([m for m in found["fades"].measurements if m.key == "passage"]) == 24
    assert "the first 24 are told" in found["more-fades"].statement


def test_more_shots_of_differing_noise_than_are_told_are_counted() -> None:
    made = film(coded(np.concatenate([wandering(14, k) for k in range(35)])))
    records = made.records.copy()
    records["noise"] = np.where(np.arange(len(records)) // 14 % 2, 3.0, 1.0)
    found = examine(replace(made, records=records))
    assert len([m for m in found["noise-differs"].measurements if m.key == "noise"]) == 24
    (counted,) = [m.value for m in found["more-noise"].measurements if m.key == "count"]
    assert 24 < int(counted) <= 35


def test_what_was_not_read_is_told() -> None:
    found = examine(replace(film(coded(wandering())), whole=False))
    assert set(found) == {"examined-in-part"}
    assert "first 5 s only" in found["examined-in-part"].statement


def test_of_a_file_that_is_read_in_part_the_seconds_are_told(tmp_path: Path) -> None:
    make(*pattern(4), *x264(), tmp_path / "made.mp4")
    (tmp_path / "made.mp4").rename(tmp_path / "asset")
    kind = identify_file(tmp_path / "asset")
    prepare(str(tmp_path), kind.kind.value, kind.mime, kind.demuxer, 10**8, 60.0)
    ready = load(tmp_path)
    read = load_film(tmp_path, ready, lambda: None, budget=50 * cost(160, 90, 400))
    assert 25 < len(read) < 75
    asset = replace(ASSET, probe=ready.probe)
    context = ScratchContext(asset, tmp_path, name=Shots.name, seconds=60)
    (finding,) = [f for f in Shots().run(asset, context) if f.id == "examined-in-part"]
    assert f"first {float(read.covered):.0f} s only" in finding.statement
    assert [(m.key, m.unit) for m in finding.measurements] == [("covered", "s")]


def test_a_video_of_few_pictures_is_declined() -> None:
    with pytest.raises(NotFitting):
        examine(film(wandering(7)))
