"""One reading of every picture: what it tells, where it ends, and what it makes of damage."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.analyses.video_history import VideoHistory
from forensics.context import ScratchContext
from forensics.errors import LimitExceeded, MediaError, MissingCapability, NotFitting
from forensics.language.extract import messages
from forensics.language.filling import values_in
from forensics.media import film
from forensics.media.film import StoredFilm, cost, load_film, small_shape
from forensics.media.filmed import TILE, blocks_counted, mean_quantiser, noise, reduced_to
from forensics.media.identify import identify_file
from forensics.media.prepare import prepare
from forensics.media.prepared import Prepared, load
from forensics.model import Asset, MediaKind, Sha256
from tests.media.making import make, pattern, tone, x264

VECTOR = np.dtype(
    [
        ("source", "i4"),
        ("w", "u1"),
        ("h", "u1"),
        ("src_x", "i2"),
        ("src_y", "i2"),
        ("dst_x", "i2"),
        ("dst_y", "i2"),
        ("flags", "u8"),
        ("motion_x", "i4"),
        ("motion_y", "i4"),
        ("motion_scale", "u2"),
    ]
)


def no_deadline() -> None:
    pass


def prepared(folder: Path, *, quick: bool = False) -> Prepared:
    kind = identify_file(folder / "asset")
    prepare(str(folder), kind.kind.value, kind.mime, kind.demuxer, 120_000_000, 60.0, quick)
    return load(folder)


def filmed(folder: Path, budget: int = film.BUDGET) -> StoredFilm:
    return load_film(folder, prepared(folder), no_deadline, budget=budget)


def clip(folder: Path, *options: str, seconds: float = 2, ending: str = "mp4") -> Path:
    made = folder / f"made.{ending}"
    make(*pattern(seconds), *(options or x264()), made)
    made.rename(folder / "asset")
    return folder


def context(folder: Path, kind: MediaKind = MediaKind.VIDEO, seconds: float = 60) -> ScratchContext:
    size = (folder / "asset").stat().st_size
    asset = Asset(sha256=Sha256("0" * 64), size=size, kind=kind, mime="video/mp4", name="asset")
    return ScratchContext(asset, folder, name="some", seconds=seconds)


def test_every_picture_has_a_record(tmp_path: Path) -> None:
    found = filmed(clip(tmp_path))
    records = found.records
    assert len(found) == 50
    assert [found.time(k) for k in range(50)] == [Fraction(k, 25) for k in range(50)]
    assert records["type"][0] == b"I"
    assert set(records["type"].tolist()) == {b"I", b"P", b"B"}
    assert records["key"].sum() == 2
    assert found.covered == 2
    assert found.whole
    assert not found.notes
    assert found.luma.shape == (50, 36, 64)


def test_sizes_are_those_of_the_packets(tmp_path: Path) -> None:
    found = filmed(clip(tmp_path))
    packets = np.load(tmp_path / "packets.npy")
    ordered = packets[np.argsort(packets["pts"])]
    assert found.records["size"].tolist() == ordered["size"].tolist()


def test_blocks_add_up(tmp_path: Path) -> None:
    records = filmed(clip(tmp_path)).records
    assert (records["blocks"] == 60).all()
    told = sum(records[name] for name in ("intra", "still", "whole", "inter"))
    assert (told == 60).all()
    assert (records["intra"][records["type"] == b"I"] == 60).all()
    assert np.isfinite(records["step"]).all()
    assert (records["band"] <= 1).all()
    assert (records["band"][records["type"] == b"I"] == 1).all()


def test_a_picture_shown_again_stands_still(tmp_path: Path) -> None:
    graph = ("-vf", "loop=loop=20:size=1:start=20,trim=end_frame=50", "-fps_mode", "passthrough")
    found = filmed(clip(tmp_path, *graph, *x264(b_frames=0)))
    frozen = found.records[22:40]
    assert (frozen["change"] < 1).all()
    assert (frozen["still"] + frozen["intra"] >= 58).all()
    assert found.records["change"][1:20].min() > frozen["change"].max()
    assert np.ptp(found.luma[22:40].astype(int), axis=0).max() <= 4


def test_mpeg4_tells_vectors(tmp_path: Path) -> None:
    found = filmed(clip(tmp_path, "-c:v", "mpeg4", "-g", "12", "-q:v", "5"))
    predicted = found.records[found.records["type"] == b"P"]
    assert found.vectors
    assert (predicted["intra"] < 60).all()


def test_a_coding_without_vectors_says_so(tmp_path: Path) -> None:
    found = filmed(clip(tmp_path, "-c:v", "libvpx-vp9", "-cpu-used", "8", ending="webm"))
    assert not found.vectors
    assert (found.records["intra"] == -1).all()
    assert np.isnan(found.records["motion"]).all()
    assert len(found) == 50


def test_ten_bits_and_colours_without_a_plane_of_brightness(tmp_path: Path) -> None:
    found = filmed(clip(tmp_path, "-c:v", "ffv1", "-pix_fmt", "gbrp", seconds=1, ending="mkv"))
    assert len(found) == 25
    assert 20 < found.records["mean"].mean() < 235


def test_the_budget_ends_it_and_it_says_so(tmp_path: Path) -> None:
    clip(tmp_path)
    found = filmed(tmp_path, budget=20 * cost(160, 90, 400))
    assert 10 < len(found) < 30
    assert not found.whole
    assert found.covered == found.time(len(found) - 1) + Fraction(1, 25)
    assert found.notes == ("Only the first 1 s were read: decoding all of it takes too long.",)


def test_the_same_file_gives_the_same_film(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    (second / "asset").write_bytes((clip(first) / "asset").read_bytes())
    one, other = filmed(first), filmed(second)
    assert one.records.tobytes() == other.records.tobytes()
    assert one.luma.tobytes() == other.luma.tobytes()


def test_a_torn_tail_gives_what_came_before(tmp_path: Path) -> None:
    make(*pattern(2), *x264(), "-f", "mpegts", tmp_path / "made.ts")
    whole = (tmp_path / "made.ts").read_bytes()
    (tmp_path / "asset").write_bytes(whole[: len(whole) // 2])
    assert 10 < len(filmed(tmp_path)) < 50


def test_noise_instead_of_packets_ends(tmp_path: Path) -> None:
    make(*pattern(2), *x264(), "-f", "mpegts", tmp_path / "made.ts")
    whole = bytearray((tmp_path / "made.ts").read_bytes())
    rng = np.random.default_rng(1)
    for at in range(len(whole) // 3, len(whole) - 188, 188):
        whole[at + 20 : at + 180] = rng.integers(0, 256, 160, np.uint8).tobytes()
    (tmp_path / "asset").write_bytes(whole)
    found = filmed(tmp_path)
    assert 5 < len(found) < 60
    assert (np.diff(found.records["time"]) > 0).all()


def test_times_that_run_backwards_are_put_in_order(tmp_path: Path) -> None:
    shuffled = "setts=pts='if(eq(mod(N,10),5),PTS-3*DURATION,PTS)':dts=DTS-DURATION*3"
    options = ("-c:v", "mjpeg", "-q:v", "9", "-bsf:v", shuffled)
    found = filmed(clip(tmp_path, *options, ending="mkv"))
    assert len(found) == 50
    assert found.notes == ("Pictures without a time of their own, put after the one before: 5.",)
    assert (np.diff(found.records["time"]) > 0).all()


def test_what_was_not_read_as_it_stands_is_said_beside_each_coding_and_can_be_translated(
    tmp_path: Path,
) -> None:
    """All of it was read, and yet it has something to tell: its size changes on the way."""
    for second, size in enumerate((96, 48)):
        later = ("-output_ts_offset", str(second), "-f", "mpegts")
        make(*pattern(1), "-s", f"{size * 2}x{size}", *x264(), *later, tmp_path / f"{second}")
    (tmp_path / "asset").write_bytes((tmp_path / "0").read_bytes() + (tmp_path / "1").read_bytes())
    prepared(tmp_path)
    seen = context(tmp_path)
    assert seen.film.whole
    assert "Its pictures change their size on the way." in seen.film.notes
    asset = Asset(
        sha256=Sha256("0" * 64), size=1, kind=MediaKind.VIDEO, mime="video/mp2t", name="asset"
    )
    present = next(iter(VideoHistory().run(asset, seen)))
    assert tuple(caveat.text for caveat in present.caveats) == seen.film.notes
    assert len({caveat.id for caveat in present.caveats}) == len(seen.film.notes)
    known = [m.id for m in messages()]
    for note in seen.film.notes:
        assert any(values_in(message, note) is not None for message in known)


def test_sound_has_no_film(tmp_path: Path) -> None:
    make(*tone(1), "-c:a", "aac", tmp_path / "made.mp4")
    (tmp_path / "made.mp4").rename(tmp_path / "asset")
    with pytest.raises(MediaError, match="no moving pictures"):
        load_film(tmp_path, prepared(tmp_path), no_deadline)
    with pytest.raises(NotFitting):
        _ = context(tmp_path).film


def test_a_quick_check_does_not_decode_everything(tmp_path: Path) -> None:
    prepared(clip(tmp_path), quick=True)
    with pytest.raises(MissingCapability, match="quick"):
        _ = context(tmp_path).film
    assert not (tmp_path / "film.json").exists()


def test_it_is_read_once_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(clip(tmp_path))
    first = context(tmp_path).film
    monkeypatch.setattr(film, "_read", None)
    again = context(tmp_path).film
    assert again.records.tobytes() == first.records.tobytes()


def test_what_did_not_end_is_not_begun_again(tmp_path: Path) -> None:
    prepared(clip(tmp_path))
    for seconds in (0, 60):
        with pytest.raises(LimitExceeded):
            _ = context(tmp_path, seconds=seconds).film


def test_a_decoder_that_took_the_worker_with_it_is_not_asked_again(tmp_path: Path) -> None:
    prepared(clip(tmp_path))
    (tmp_path / "film.json").write_text(json.dumps({"stopped": "It did not come to an end."}))
    with pytest.raises(LimitExceeded, match="did not come to an end"):
        _ = context(tmp_path).film


@given(st.floats(0.5, 12), st.integers(0, 100))
def test_noise_is_estimated(level: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    slope = np.linspace(60, 180, TILE)
    tiles = slope + rng.normal(0, level, (25, TILE, TILE))
    assert noise(tiles.round().astype(np.int16)) == pytest.approx(level, rel=0.1, abs=0.15)


def test_no_noise_where_there_is_no_room() -> None:
    assert noise(np.zeros((1, 2, 40), np.int16)) == 0


@given(st.integers(-(2**15), 2**15 - 1), st.integers(-(2**15), 2**15 - 1), st.integers(0, 4))
def test_vectors_that_point_anywhere_are_counted(x: int, y: int, scale: int) -> None:
    vectors = np.zeros(3, VECTOR)
    vectors["w"], vectors["h"], vectors["motion_scale"] = 16, 16, scale
    vectors["dst_x"], vectors["dst_y"], vectors["motion_x"] = x, y, (0, 7, 2**31 - 1)
    counts, band, motion = blocks_counted(vectors, 50, 40)
    assert band == 1
    assert sum(counts) == 12
    assert counts[0] == 11
    assert motion >= 0


def test_blocks_by_their_vectors() -> None:
    vectors = np.zeros(4, VECTOR)
    vectors["motion_scale"] = 4
    vectors["w"], vectors["h"] = (16, 16, 16, 16), (16, 16, 8, 8)
    vectors["dst_x"], vectors["dst_y"] = (8, 24, 40, 40), (8, 8, 4, 12)
    vectors["motion_y"] = (0, 8, 0, 0)
    assert blocks_counted(vectors, 64, 16) == ((1, 1, 1, 1), 1.0, pytest.approx(2 * 256 / 768))


@given(st.binary(max_size=200))
def test_any_bytes_as_quantisers(data: bytes) -> None:
    mean_quantiser(data)


def test_small_pictures_keep_the_shape() -> None:
    assert small_shape(1920, 1080) == (36, 64)
    assert small_shape(1080, 1920) == (64, 36)
    assert small_shape(20, 10) == (10, 20)
    assert small_shape(5000, 1) == (1, 64)


@given(st.integers(250, 900), st.integers(250, 900), st.integers(0, 9))
def test_small_pictures_of_mirrored_pictures_are_mirrored(
    width: int, height: int, seed: int
) -> None:
    coarse = np.random.default_rng(seed).integers(0, 256, (5, 7), np.uint8)
    plane = np.kron(coarse, np.ones((-(-height // 5), -(-width // 7)), np.uint8))[:height, :width]
    shape = small_shape(width, height)
    small = reduced_to(plane, shape).astype(int)
    mirrored = reduced_to(np.ascontiguousarray(plane[:, ::-1]), shape).astype(int)
    assert small.shape == shape
    assert np.abs(small - mirrored[:, ::-1]).mean() < 12


def test_moving_pictures_that_are_gone_are_a_clear_error(tmp_path: Path) -> None:
    """Another container of the same kind stands where the file was read before."""
    found = prepared(clip(tmp_path))
    make(*tone(1), "-c:a", "aac", tmp_path / "sound.mp4")
    (tmp_path / "sound.mp4").rename(tmp_path / "asset")
    with pytest.raises(MediaError, match="expected in stream 0"):
        load_film(tmp_path, found, no_deadline)
