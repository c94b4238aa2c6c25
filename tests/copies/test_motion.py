"""Two films of one place are told apart where something moves; real files, decoded around the pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from forensics.codec import plain, revive
from forensics.copies.confirmed import Moved, Moving
from forensics.media.worker import Worker
from forensics.model import Look
from forensics.signatures.local import look
from tests.copies.films import before_a_wall, film
from tests.copies.pictures import Picture
from tests.media.making import make, pattern, tone, x264
from tests.media.reading import LIMITS, Reader

AS_IT_LIES = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
RATE = 10
KNOWN = before_a_wall(1, 21, 6)
TIMES = (Fraction(1), Fraction(5, 2), Fraction(4))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with Worker(LIMITS) as worker:
        yield Reader(tmp_path_factory.mktemp("motion"), worker)


def looks(pictures: Sequence[Picture]) -> list[Look]:
    return [look(pictures[int(time * RATE)], time) for time in TIMES]


LOOKS = looks(KNOWN)


def moved(
    reader: Reader,
    file: Path,
    known: Sequence[Look],
    matrix: tuple[float, ...] = AS_IT_LIES,
    times: Sequence[Fraction] = TIMES,
    seconds: float = 20.0,
) -> list[Moved | None]:
    pairs = [Moving(query=time, look=i, matrix=matrix) for i, time in enumerate(times)]
    answer = reader.worker.call(
        "forensics.copies.motion:look_at_motion",
        folder=str(reader.read(file).folder),
        looks=plain(tuple(known)),
        moving=plain(tuple(pairs)),
        seconds=seconds,
    )
    return list(revive(answer, tuple[Moved | None, ...]))


def total(found: Sequence[Moved | None]) -> tuple[int, int]:
    seen = [one for one in found if one is not None]
    assert len(seen) == len(found)
    return sum(one.places for one in seen), sum(one.agree for one in seen)


def test_what_moves_agrees_in_a_copy_that_was_sampled_between_the_same_moments(
    reader: Reader, tmp_path: Path
) -> None:
    # Cut three tenths of a second later: no picture in hand is of the same moment as the known one.
    file = film(tmp_path / "copy.mp4", KNOWN[3:], RATE, "-crf", "32")
    places, agree = total(moved(reader, file, LOOKS))
    assert places >= 8
    assert 3 * agree >= 2 * places


def test_a_mirrored_copy_agrees_as_it_was_laid(reader: Reader, tmp_path: Path) -> None:
    file = film(tmp_path / "mirrored.mp4", [picture[:, ::-1] for picture in KNOWN], RATE)
    turned = (-1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    places, agree = total(moved(reader, file, LOOKS, turned))
    assert places >= 8
    assert 3 * agree >= 2 * places


def test_what_moves_does_not_agree_where_another_passed_the_same_wall(
    reader: Reader, tmp_path: Path
) -> None:
    file = film(tmp_path / "other.mp4", before_a_wall(1, 22, 6), RATE)
    places, agree = total(moved(reader, file, LOOKS))
    assert places >= 8
    assert 3 * agree < 2 * places


def test_where_nothing_moves_there_is_nothing_to_tell(reader: Reader, tmp_path: Path) -> None:
    still = before_a_wall(1, None, 6)
    file = film(tmp_path / "still.mp4", still, RATE)
    assert moved(reader, file, looks(still)) == [Moved(places=0, agree=0, together=0)] * len(TIMES)


@pytest.mark.parametrize("form", ["mkv", "ts"])
def test_the_moment_is_found_in_a_file_that_begins_late(
    reader: Reader, tmp_path: Path, form: str
) -> None:
    source = film(tmp_path / "source.mp4", KNOWN, RATE)
    file = tmp_path / f"late.{form}"
    make(
        *tone(8),
        "-itsoffset",
        "1.5",
        "-i",
        source,
        "-map",
        "1:v",
        "-map",
        "0:a",
        "-c:v",
        "copy",
        file,
    )
    places, agree = total(moved(reader, file, LOOKS))
    assert places >= 8
    assert 3 * agree >= 2 * places


def test_at_the_end_of_a_film_less_is_looked_at(reader: Reader, tmp_path: Path) -> None:
    file = film(tmp_path / "copy.mp4", KNOWN, RATE)
    last = Fraction(len(KNOWN) - 1, RATE)
    known = [look(KNOWN[-1], last), look(KNOWN[0], Fraction(0)), look(KNOWN[-1], last)]
    end, start, after = moved(reader, file, known, times=(last, Fraction(0), last + 20))
    assert end is not None
    assert start is not None
    assert end.places >= 2
    assert start.places >= 2
    assert after is None, "there is nothing to look at, which is not that nothing moves"


def test_a_film_of_one_picture_a_second_says_nothing_of_the_moment(
    reader: Reader, tmp_path: Path
) -> None:
    file = film(tmp_path / "slow.mp4", KNOWN[::RATE], 1)
    first, _, last = moved(reader, file, LOOKS)
    assert (first, last) == (None, None)


def test_decoding_that_takes_too_long_leaves_it_open(reader: Reader, tmp_path: Path) -> None:
    file = film(tmp_path / "copy.mp4", KNOWN, RATE)
    assert moved(reader, file, LOOKS, seconds=0.0) == [None] * len(TIMES)


def test_a_passage_that_cannot_be_decoded_tells_nothing(reader: Reader, tmp_path: Path) -> None:
    file = tmp_path / "damaged.mp4"
    make(*pattern(6, size="320x180", rate="10"), *x264(gop=10, b_frames=0), file)
    data = bytearray(file.read_bytes())
    noise = np.random.default_rng(5).integers(0, 256, len(data), dtype=np.uint8).tobytes()
    half = len(data) // 2
    data[half : len(data) - 4000] = noise[half : len(data) - 4000]
    file.write_bytes(data)
    assert not reader.read(file).prepared.trouble, "as a whole it can be read"
    assert moved(reader, file, LOOKS)[-1] is None
