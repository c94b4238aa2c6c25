"""Two films are followed along one line in time: a copy takes the same course, another recording does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from forensics.codec import plain, revive
from forensics.copies.confirmed import Course, Followed
from forensics.media.worker import Worker
from forensics.model import Look
from forensics.signatures.local import look
from tests.copies.films import before_a_wall, film
from tests.copies.pictures import Picture
from tests.media.reading import LIMITS, Reader

RATE = 10
AS_IT_LIES = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
MIRRORED = (-1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
KNOWN = before_a_wall(1, 21, 8)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with Worker(LIMITS) as worker:
        yield Reader(tmp_path_factory.mktemp("course"), worker)


def looks(pictures: Sequence[Picture]) -> tuple[Look, ...]:
    return tuple(look(pictures[at * RATE], Fraction(at)) for at in range(len(pictures) // RATE))


LOOKS = looks(KNOWN)


def followed(
    reader: Reader,
    file: Path,
    known: tuple[Look, ...] = LOOKS,
    *,
    matrix: tuple[float, ...] = AS_IT_LIES,
    speed: Fraction = Fraction(1),
    offset: Fraction = Fraction(0),
    seconds: float = 20.0,
) -> Followed | None:
    course = Course(matrix=matrix, speed=speed, offset=offset, start=Fraction(0), end=Fraction(7))
    answer = reader.worker.call(
        "forensics.copies.course:follow_courses",
        folder=str(reader.read(file).folder),
        looks=plain(known),
        courses=plain((course,)),
        seconds=seconds,
    )
    (one,) = revive(answer, tuple[Followed | None, ...])
    return one


def darkened(pictures: Sequence[Picture]) -> list[Picture]:
    """A fourth of the light, and the noise of a sensor."""
    noise = np.random.default_rng(3)
    return [
        np.clip(picture * 0.25 + noise.normal(0, 4, picture.shape), 0, 255).astype(np.uint8)
        for picture in pictures
    ]


@pytest.mark.parametrize(
    ("name", "pictures", "matrix", "crf"),
    [
        ("coarse", KNOWN, AS_IT_LIES, "42"),
        ("dark", darkened(KNOWN), AS_IT_LIES, "30"),
        ("mirrored", [picture[:, ::-1] for picture in KNOWN], MIRRORED, "32"),
    ],
)
def test_a_copy_takes_the_same_course(
    reader: Reader,
    tmp_path: Path,
    name: str,
    pictures: Sequence[Picture],
    matrix: tuple[float, ...],
    crf: str,
) -> None:
    one = followed(
        reader, film(tmp_path / f"{name}.mp4", pictures, RATE, "-crf", crf), matrix=matrix
    )
    assert one is not None
    assert one.alike >= 90
    assert one.strength >= 20
    assert len(one.pairs) == len(LOOKS)
    assert all(abs(copy - query) <= Fraction(1, 10) for query, copy in one.pairs)


def test_the_moment_is_sought_beside_the_line(reader: Reader, tmp_path: Path) -> None:
    cut = film(tmp_path / "cut.mp4", KNOWN[7:], RATE)
    one = followed(reader, cut, offset=Fraction(1))
    assert one is not None
    assert one.alike >= 90
    assert all(abs(copy - query - Fraction(7, 10)) <= Fraction(1, 10) for query, copy in one.pairs)


def test_a_faster_copy_is_followed_at_its_speed(reader: Reader, tmp_path: Path) -> None:
    fast = film(tmp_path / "fast.mp4", KNOWN, RATE * 6 // 5)
    one = followed(reader, fast, speed=Fraction(6, 5))
    slow = followed(reader, fast)
    assert one is not None
    assert slow is not None
    assert one.alike >= 90 > slow.alike


def test_another_who_passed_the_same_wall_takes_another_course(
    reader: Reader, tmp_path: Path
) -> None:
    one = followed(reader, film(tmp_path / "other.mp4", before_a_wall(1, 22, 8), RATE))
    assert one is not None
    assert one.strength >= 30
    assert one.alike <= 50
    assert 10 * one.agree >= 3 * one.tiles, "the wall agrees all the same"


def test_of_too_few_pictures_there_is_no_course(reader: Reader, tmp_path: Path) -> None:
    assert followed(reader, film(tmp_path / "copy.mp4", KNOWN, RATE), LOOKS[:2]) is None


def test_decoding_that_takes_too_long_leaves_it_open(reader: Reader, tmp_path: Path) -> None:
    assert followed(reader, film(tmp_path / "copy.mp4", KNOWN, RATE), seconds=0.0) is None
