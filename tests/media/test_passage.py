"""Pictures from a time on, with the times at which they stand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from forensics.errors import LimitExceeded
from forensics.media.passage import passage
from forensics.media.prepare import main_picture_stream
from forensics.media.probe import probe_container
from tests.media.making import COLOURS, colours, make, nearest_colour, tone, x264


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten pictures a second, of another colour in each second; one keyframe."""
    return colours(tmp_path_factory.mktemp("film") / "film.mp4")


def taken(
    folder: Path,
    source: Path,
    demuxer: str,
    start: Fraction,
    every: Fraction | None,
    limit: int,
    seconds: float = 20.0,
) -> list[tuple[Fraction, str]]:
    (folder / "asset").symlink_to(source)
    stream = main_picture_stream(probe_container(source, demuxer)[0])
    assert stream is not None
    found = passage(
        folder,
        demuxer,
        stream,
        start=start,
        every=every,
        limit=limit,
        long_side=32,
        seconds=seconds,
    )
    assert {pixels.shape for _, pixels in found} <= {(24, 32, 3)}
    return [(at, nearest_colour(pixels[12, 16])) for at, pixels in found]


def test_each_picture_comes_with_its_time(film: Path, tmp_path: Path) -> None:
    found = taken(tmp_path, film, "mov", Fraction(28, 10), None, 4)
    assert found == [
        (Fraction(28, 10), COLOURS[2]),
        (Fraction(29, 10), COLOURS[2]),
        (Fraction(30, 10), COLOURS[3]),
        (Fraction(31, 10), COLOURS[3]),
    ]


def test_times_count_from_the_start_of_the_stream(film: Path, tmp_path: Path) -> None:
    late = tmp_path / "late.mkv"
    make(*tone(8), "-itsoffset", "1.5", "-i", film, "-c:v", "copy", "-map", "0", "-map", "1", late)
    found = taken(tmp_path, late, "matroska", Fraction(4), None, 3)
    assert [colour for _, colour in found] == [COLOURS[4]] * 3
    assert [float(at) for at, _ in found] == pytest.approx([4.0, 4.1, 4.2], abs=0.002)


def test_where_a_container_led_elsewhere_the_times_say_so(film: Path, tmp_path: Path) -> None:
    """MPEG-TS leads to the next keyframe; here one stands at each three seconds."""
    stream = tmp_path / "film.ts"
    make("-i", film, *x264(gop=30, b_frames=0), stream)
    ((first, colour), *_) = taken(tmp_path, stream, "mpegts", Fraction(1), None, 3)
    assert first > 2
    assert colour == COLOURS[int(first)]


def test_before_the_start_and_past_the_end(film: Path, tmp_path: Path) -> None:
    begin, end = tmp_path / "begin", tmp_path / "end"
    begin.mkdir()
    end.mkdir()
    assert taken(begin, film, "mov", Fraction(-1), None, 2)[0] == (Fraction(0), COLOURS[0])
    assert taken(end, film, "mov", Fraction(100), None, 2) == []


def test_it_ends_in_time(film: Path, tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded):
        taken(tmp_path, film, "mov", Fraction(0), None, 2, seconds=0.0)
