"""The worker compares pictures of a working copy with what is kept of others, whatever that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from forensics.codec import plain, revive
from forensics.copies.confirmed import Comparison, Confirmed
from forensics.media.worker import Worker
from forensics.model import Look, Relation
from forensics.signatures.local import look
from forensics.signatures.task import LOOKS, load_looks
from tests.copies.films import cut_together, film
from tests.copies.pictures import cropped, jpeg, scene
from tests.copies.thumbnails import GOOD, NO_THUMBNAILS, coded, with_segment
from tests.media.reading import LIMITS, Reader

SECONDS = 2
THEN = Fraction(7)


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker(LIMITS) as started:
        yield started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, worker: Worker) -> Path:
    """The working copy of a film of three scenes, signed."""
    root = tmp_path_factory.mktemp("compare")
    source = film(root / "film.mp4", cut_together((1, 2, 3), SECONDS), 5)
    work = Reader(root, worker).read(source).folder
    worker.call("forensics.signatures.task:sign_samples", folder=str(work))
    return work


def compared(
    worker: Worker, folder: Path, known: list[Look], pairs: list[tuple[int, int]]
) -> tuple[Confirmed | None, ...]:
    asked = tuple(Comparison(query=Fraction(time), look=place) for time, place in pairs)
    answer = worker.call(
        "forensics.copies.compare:compare_pictures",
        folder=str(folder),
        looks=plain(tuple(known)),
        pairs=plain(asked),
    )
    return revive(answer, tuple[Confirmed | None, ...])


KNOWN = {
    "first": look(scene(1), THEN),
    "mirrored": look(np.ascontiguousarray(scene(2)[:, ::-1]), THEN),
    "part": look(cropped(scene(3), 30, 260, 60, 450), THEN),
    "other": look(scene(8), THEN),
}


def test_each_pair_is_answered_in_its_place(worker: Worker, folder: Path) -> None:
    known = list(KNOWN.values())
    pairs = [(5, 2), (0, 3), (1, 0), (3, 1), (0, 1), (2, 1)]
    part, none, first, mirrored, neither, again = compared(worker, folder, known, pairs)
    assert none is None
    assert neither is None
    for made, time in ((part, 5), (first, 1), (mirrored, 3), (again, 2)):
        assert made is not None
        assert (made.relation, made.query, made.reference) == (Relation.COPY, time, THEN)
    assert mirrored is not None
    assert mirrored.mirrored
    assert "mirrored" in mirrored.words
    assert part is not None
    assert part.of_query < 900 < part.of_reference


def test_nothing_to_compare_is_no_answer(worker: Worker, folder: Path) -> None:
    assert compared(worker, folder, [KNOWN["first"]], []) == ()


def test_it_is_the_same_whether_or_not_signing_left_its_codes(
    worker: Worker, folder: Path, tmp_path: Path
) -> None:
    unsigned = tmp_path / "unsigned"
    unsigned.mkdir()
    for file in folder.iterdir():
        if file.name != LOOKS:
            (unsigned / file.name).symlink_to(file)
    assert load_looks(folder)
    assert load_looks(unsigned) == ()
    pairs = [(0, 0), (2, 1), (4, 2)]
    known = list(KNOWN.values())
    assert compared(worker, unsigned, known, pairs) == compared(worker, folder, known, pairs)


@pytest.mark.parametrize("defect", NO_THUMBNAILS)
def test_a_thumbnail_that_is_none_leaves_its_own_pair_out_and_no_other(
    worker: Worker, folder: Path, defect: str
) -> None:
    thumbnail = NO_THUMBNAILS[defect]
    assert thumbnail != GOOD
    bad = replace(KNOWN["first"], thumbnail=thumbnail)
    before, damaged, after = compared(
        worker, folder, [bad, KNOWN["first"]], [(0, 1), (0, 0), (1, 1)]
    )
    assert damaged is None
    assert before is not None
    assert after is not None


def test_a_thumbnail_is_taken_as_it_lies_whatever_its_metadata_say(
    worker: Worker, folder: Path
) -> None:
    turned = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    told = replace(KNOWN["first"], thumbnail=with_segment(GOOD, 0xE1, turned))
    as_it_is, as_told = compared(worker, folder, [KNOWN["first"], told], [(0, 0), (0, 1)])
    assert as_it_is is not None
    assert as_told == as_it_is


def test_a_thumbnail_of_another_picture_than_its_codes_is_no_copy(
    worker: Worker, folder: Path
) -> None:
    false = replace(KNOWN["first"], thumbnail=KNOWN["other"].thumbnail)
    (made,) = compared(worker, folder, [false], [(0, 0)])
    assert made is None or made.relation is Relation.SAME_SCENE


def test_what_was_compared_holds_no_scratch_file_open(tmp_path: Path, worker: Worker) -> None:
    source = tmp_path / "picture.jpg"
    source.write_bytes(coded(jpeg(scene(1), 80), "JPEG"))
    with Worker(LIMITS) as own:
        work = Reader(tmp_path, own).read(source).folder
        compared(own, work, [KNOWN["first"]], [(0, 0)])
        answer = own.call("tests.copies.mapped:files", below=str(work))
    assert answer == []
