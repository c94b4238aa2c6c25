"""Looking for earlier copies from file to answer: the worker signs and compares, the ledger is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from db.ledger import SqlLedger
from forensics.archive import register
from forensics.media.worker import Worker
from forensics.model import Asset, Copy, Failed, MediaKind, Ran, Relation, Sha256
from forensics.readings import read
from forensics.seeking import Sought, first_received, seek
from forensics.signatures.signed import Signed
from tests.copies.films import before_a_wall, film
from tests.copies.pictures import Picture, scene
from tests.media.making import coded
from tests.media.reading import LIMITS

RATE = 10
NOW = datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC)


def passing(walker: int, seconds: int) -> list[Picture]:
    """A wall, most of which is seen throughout, and somebody who passes it."""
    return before_a_wall(1, walker, seconds, RATE, wide=110, tall=120)


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker(LIMITS) as started:
        yield started


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory, worker: Worker) -> Iterator[SqlLedger]:
    """Met before: somebody who passes a wall, and a photograph."""
    folder = tmp_path_factory.mktemp("met")
    met = [folder / "passing.mp4", folder / "photograph.jpg"]
    film(met[0], passing(21, 10), RATE)
    met[1].write_bytes(coded(Image.fromarray(scene(6)), "JPEG"))
    at = datetime(2026, 1, 2, tzinfo=UTC)
    place = folder / "met.sqlite"
    with SqlLedger.open(place, origin="desk.example/a", clock=lambda: at) as opened:
        for path in met:
            register(path, None, ledger=opened, worker=worker, limits=LIMITS, keep=False)
        yield opened


def sought(path: Path, ledger: SqlLedger, worker: Worker) -> tuple[Signed, Sought]:
    with read(path, worker=worker, limits=LIMITS) as reading:
        return seek(reading, "2026-03-04T00:00:00Z", worker=worker, ledger=ledger)


def copies(
    folder: Path, ledger: SqlLedger, worker: Worker, pictures: Sequence[Picture]
) -> tuple[Copy, ...]:
    _, found = sought(film(folder / "in hand.mp4", pictures, RATE), ledger, worker)
    assert isinstance(found.outcome.result, Ran)
    assert found.searched is not None
    assert found.searched.assets == 2
    return found.copies


def test_a_mirrored_and_shortened_copy_is_found_where_it_was(
    tmp_path: Path, ledger: SqlLedger, worker: Worker
) -> None:
    mirrored = [picture[:, ::-1] for picture in passing(21, 10)[33:93]]
    (copy,) = copies(tmp_path, ledger, worker, mirrored)
    assert (copy.relation, copy.asset.name) == (Relation.COPY, "passing.mp4")
    assert "mirrored" in copy.transform
    span = copy.spans[0]
    rounds = (float(span.copy.start - span.query.start) - 3.3) / 1.91
    assert abs(rounds - round(rounds)) < 0.3, "who passes comes by every 1.91 seconds"


def test_another_who_passes_the_same_wall_is_the_same_scene_at_most(
    tmp_path: Path, ledger: SqlLedger, worker: Worker
) -> None:
    (found,) = copies(tmp_path, ledger, worker, passing(22, 7))
    assert found.relation is Relation.SAME_SCENE
    assert found.transform == "not told, as what moves does not agree"


def test_other_pictures_find_nothing(tmp_path: Path, ledger: SqlLedger, worker: Worker) -> None:
    assert copies(tmp_path, ledger, worker, before_a_wall(3, 23, 4)) == ()


def test_pictures_that_cannot_be_read_are_a_search_that_failed(
    tmp_path: Path, ledger: SqlLedger, worker: Worker
) -> None:
    path = tmp_path / "cut-off.png"
    path.write_bytes(coded(Image.fromarray(scene(6)), "PNG")[:90])
    signed, found = sought(path, ledger, worker)
    assert signed == Signed()
    assert (found.copies, found.searched) == ((), None)
    assert isinstance(found.outcome.result, Failed)
    assert found.outcome.result.error


def test_what_was_met_is_received_when_it_was_first_and_what_is_new_now(
    tmp_path: Path, ledger: SqlLedger, worker: Worker
) -> None:
    (known,) = sought_names(tmp_path, ledger, worker)
    met = ledger.known(known)
    assert met is not None
    assert first_received(named(known), ledger, lambda: NOW) == met.first_seen
    new = named(Sha256("0" * 64))
    assert first_received(new, ledger, lambda: NOW) == "2026-03-04T05:06:07Z"


def sought_names(folder: Path, ledger: SqlLedger, worker: Worker) -> list[Sha256]:
    path = folder / "smaller.jpg"
    smaller = Image.fromarray(np.ascontiguousarray(scene(6)[::2, ::2]))
    path.write_bytes(coded(smaller, "JPEG", quality=70))
    return [copy.asset.sha256 for copy in sought(path, ledger, worker)[1].copies]


def named(sha256: Sha256) -> Asset:
    return Asset(sha256=sha256, size=1, kind=MediaKind.IMAGE, mime="", name="", probe=None)
