"""What is said of a video's past: on clips coded here once, twice, with repeated pictures, and damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.analyses.video_history import VideoHistory
from forensics.context import ScratchContext
from forensics.errors import MissingCapability
from forensics.media.identify import identify_file
from forensics.media.prepare import prepare
from forensics.media.prepared import load
from forensics.model import Asset, Diagnostic, Finding, Sha256
from forensics.running import held_to_contract
from tests.media.making import make, x264

ZOOM = ("-f", "lavfi", "-i", "mandelbrot=size=192x112:rate=25:end_scale=0.02:maxiter=200")
GRAIN = "format=yuv420p,noise=alls=6:allf=t:all_seed=7"
FINE = "format=yuv420p,noise=alls=2:allf=t:all_seed=7"


def first(folder: Path, *options: str, seconds: float = 8, graph: str = GRAIN) -> Path:
    made = folder / "first.mp4"
    make(*ZOOM, "-t", seconds, "-vf", graph, *options, made)
    return made


def findings(folder: Path, made: Path, *, quick: bool = False) -> dict[str, Finding]:
    (folder / "asset").write_bytes(made.read_bytes())
    kind = identify_file(folder / "asset")
    prepare(str(folder), kind.kind.value, kind.mime, kind.demuxer, 120_000_000, 60.0, quick)
    prepared = load(folder)
    asset = Asset(
        sha256=Sha256("0" * 64),
        size=made.stat().st_size,
        kind=prepared.kind,
        mime=kind.mime,
        name="asset",
        probe=prepared.probe,
    )
    context = ScratchContext(asset, folder, name="video-history", seconds=60)
    analysis = VideoHistory()
    return {f.id: f for f in held_to_contract(analysis, analysis.run(asset, context))}


def value(finding: Finding, key: str) -> str:
    return next(str(m.value) for m in finding.measurements if m.key == key)


def test_a_video_coded_twice_is_told_with_its_first_group(tmp_path: Path) -> None:
    made = first(tmp_path, "-c:v", "mpeg4", "-g", "12", "-q:v", "4")
    make("-i", made, *x264("-crf", "22", gop=250, b_frames=0), tmp_path / "second.mp4")
    found = findings(tmp_path, tmp_path / "second.mp4")
    assert set(found) == {"present-coding", "coded-before"}
    told = found["coded-before"]
    assert value(told, "first-group") == "12"
    assert told.diagnostic is Diagnostic.NO
    assert told.question is None
    assert told.strength is None
    assert told.exhibits[0].width == 1200
    assert "10^-3" in told.exhibits[0].caption


def test_pictures_taken_out_after_the_first_coding_break_its_rhythm(tmp_path: Path) -> None:
    made = first(tmp_path, "-c:v", "mpeg4", "-g", "12", "-q:v", "4", seconds=20)
    second = x264("-crf", "22", gop=250, b_frames=0)
    make("-i", made, *second, tmp_path / "whole.mp4")
    assert "earlier-groups-change" not in findings(tmp_path, tmp_path / "whole.mp4")
    (tmp_path / "film.json").unlink()
    shorter = "select='lt(n,250)+gte(n,293)',setpts=N/25/TB"
    make("-i", made, "-vf", shorter, *second, tmp_path / "shorter.mp4")
    told = findings(tmp_path, tmp_path / "shorter.mp4")["earlier-groups-change"]
    assert (value(told, "first-group"), value(told, "then-group")) == ("12", "12")
    assert 9 <= float(value(told, "until")) < float(value(told, "from")) <= 11
    assert told.question is None
    assert told.strength is None
    assert "cut" not in {m.key for m in told.measurements}, "nothing is seen to change there"
    assert told.exhibits[0].height == 640


def test_a_video_coded_once_is_not(tmp_path: Path) -> None:
    found = findings(tmp_path, first(tmp_path, *x264("-crf", "22", gop=250, b_frames=0)))
    assert "coded-before" not in found
    assert "rhythm" not in found
    present = found["present-coding"]
    assert value(present, "codec") == "h264"
    assert value(present, "types") == "I 1, P 199"
    assert value(present, "covered") == "8.0"


def test_repeated_pictures_are_looked_at_first(tmp_path: Path) -> None:
    made = first(tmp_path, *x264("-crf", "22", gop=250, b_frames=0), graph=f"{FINE},fps=30")
    found = findings(tmp_path, made)
    assert set(found) == {"present-coding", "repeated-pictures"}
    assert value(found["repeated-pictures"], "distance") == "6.00"


def test_the_present_groups_are_told(tmp_path: Path) -> None:
    even = x264("-sc_threshold", "0", gop=20)
    found = findings(tmp_path, first(tmp_path, *even, seconds=4))["present-coding"]
    assert (value(found, "shortest"), value(found, "longest")) == ("20", "20")
    assert "of {shortest} pictures" in found.template


def test_a_coding_without_vectors_is_not_testable(tmp_path: Path) -> None:
    found = findings(tmp_path, first(tmp_path, "-c:v", "mjpeg", seconds=1))
    assert "vectors" in value(found["not-testable"], "why")


def test_a_coding_that_renews_band_by_band_is_not_testable(tmp_path: Path) -> None:
    refreshed = x264("-x264-params", "intra-refresh=1", gop=25, b_frames=0)
    found = findings(tmp_path, first(tmp_path, *refreshed, seconds=4))
    assert "band by band" in value(found["not-testable"], "why")


@pytest.mark.parametrize("pictures", [1, 2, 30])
def test_too_few_pictures(tmp_path: Path, pictures: int) -> None:
    found = findings(tmp_path, first(tmp_path, "-frames:v", str(pictures), *x264()))
    assert set(found) == {"present-coding", "not-testable"}
    assert "are needed" in value(found["not-testable"], "why")


def test_times_of_changing_length(tmp_path: Path) -> None:
    graph = f"{GRAIN},setpts=PTS*(1+mod(N\\,3)/4)"
    options = ("-fps_mode", "vfr", *x264("-crf", "24", b_frames=0, gop=250))
    assert "coded-before" not in findings(tmp_path, first(tmp_path, *options, graph=graph))


def test_a_torn_tail(tmp_path: Path) -> None:
    made = first(tmp_path, *x264("-movflags", "+faststart"), seconds=4)
    data = made.read_bytes()
    made.write_bytes(data[: len(data) * 2 // 3])
    assert "present-coding" in findings(tmp_path, made)


def test_a_quick_check_does_not_run_it(tmp_path: Path) -> None:
    made = first(tmp_path, *x264(), seconds=1)
    with pytest.raises(MissingCapability):
        findings(tmp_path, made, quick=True)
