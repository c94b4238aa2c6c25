"""What is found does not depend on how an archive came about: order, batches, processes, looks in between."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.ledger import SqlLedger
from forensics import record
from forensics.copies.confirmed import Comparison, Confirmed
from forensics.copies.search import find_copies
from forensics.media.samples import StoredSamples
from forensics.media.worker import Worker
from forensics.model import Asset, Copy, Draft, Look, Relation, Searched
from forensics.readings import read
from forensics.seeking import sign
from tests.copies.exact import Clip
from tests.copies.films import cut_together, film
from tests.copies.pictures import cropped
from tests.media.reading import LIMITS

ROOT = Path(__file__).parents[2]
ORIGIN = "desk.example/archive"
Found = tuple[tuple[Copy, ...], Searched]

FILMS = {
    "known.mp4": (cut_together((1, 2, 3), 2), "25"),
    "again.mp4": (cut_together((1, 2, 3), 2), "34"),
    "later.mp4": (cut_together((9, 2, 3), 2), "25"),
    "apart.mp4": (cut_together((7, 8), 2), "25"),
}
"""Two of the same film, one that shares a passage with them, and one that shares nothing."""


@dataclass
class Remembering(Clip):
    """Compares each pair once, however often it is asked for."""

    done: dict[tuple[Fraction, Look], Confirmed | None] = field(default_factory=dict)

    def register(
        self, looks: Sequence[Look], pairs: Sequence[Comparison]
    ) -> list[Confirmed | None]:
        for pair in pairs:
            key = (pair.query, looks[pair.look])
            if key not in self.done:
                (self.done[key],) = super().register(looks, [pair])
        return [self.done[pair.query, looks[pair.look]] for pair in pairs]


@dataclass(frozen=True, kw_only=True)
class Archive:
    """Films, what registering each records, and one in hand."""

    films: list[Path]
    drafts: list[list[Draft]]
    asset: Asset
    clip: Remembering

    def ask(self, ledger: SqlLedger) -> Found:
        return find_copies(self.asset, self.clip.signed, ledger, self.clip)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("archive")
    drafts = []
    made = [cropped(p, 8, 172, 14, 306) for p in cut_together((2, 3), 2)]
    in_hand = film(folder / "in hand.mp4", made, 5, "-crf", "30")
    films = [film(folder / name, shown, 5, "-crf", crf) for name, (shown, crf) in FILMS.items()]
    with Worker(LIMITS) as worker:
        for path in films:
            with read(path, worker=worker, limits=LIMITS) as reading:
                signed = sign(reading, worker)
                plan = reading.prepared.plan
                drafts.append(
                    [
                        *record.received(reading.asset, reading.taken, kept=False),
                        *record.signed(reading.asset, signed.signatures, plan),
                        *record.looked(reading.asset, signed.looks, plan),
                    ]
                )
        with read(in_hand, worker=worker, limits=LIMITS) as reading:
            prepared = reading.prepared
            assert prepared.plan is not None
            samples = StoredSamples(reading.folder, prepared.plan, prepared.samples)
            pixels = {samples[i].time: samples.pixels(i) for i in range(len(samples))}
            clip = Remembering(signed=sign(reading, worker), pixels=pixels)
            yield Archive(films=films, drafts=drafts, asset=reading.asset, clip=clip)


def opened(folder: Path) -> SqlLedger:
    return SqlLedger.open(
        folder / "archive.sqlite", origin=ORIGIN, clock=lambda: datetime(2026, 1, 2, tzinfo=UTC)
    )


@pytest.fixture(scope="module")
def want(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What is found where each film was registered by itself, one after the other."""
    with opened(tmp_path_factory.mktemp("want")) as ledger:
        for drafts in archive.drafts:
            ledger.append(drafts)
        return archive.ask(ledger)


def test_the_films_that_share_a_passage_are_found_and_no_other(want: Found) -> None:
    copies, searched = want
    found = {copy.asset.name: copy for copy in copies}
    assert set(found) == {"known.mp4", "again.mp4", "later.mp4"}
    for copy in copies:
        assert copy.relation is Relation.COPY
        assert [round(copy.spans[0].copy.start - copy.spans[0].query.start)] == [2]
    assert searched.assets == 4


@settings(max_examples=6)
@given(order=st.randoms(use_true_random=False), between=st.sampled_from(["ask", "reopen", ""]))
def test_order_batches_and_looks_in_between_change_nothing(
    archive: Archive, want: Found, order: random.Random, between: str
) -> None:
    # Entries of one asset stay in order; those of several may come in turns.
    waiting = [list(drafts) for drafts in order.sample(archive.drafts, len(archive.drafts))]
    entries = []
    while waiting := [drafts for drafts in waiting if drafts]:
        entries.append(order.choice(waiting).pop(0))
    cuts = [0, *sorted(order.sample(range(1, len(entries)), order.randrange(6))), len(entries)]
    with TemporaryDirectory() as folder:
        ledger = opened(Path(folder))
        try:
            for start, end in pairwise(cuts):
                ledger.append(entries[start:end])
                if between == "ask":
                    archive.ask(ledger)
                elif between == "reopen":
                    ledger.close()
                    ledger = opened(Path(folder))
            assert archive.ask(ledger) == want
            ledger.rebuild()
            assert archive.ask(ledger) == want
        finally:
            ledger.close()


REGISTER = """
import sys
from pathlib import Path
from db.ledger import SqlLedger
from forensics.archive import register
from forensics.media.limits import Limits
from forensics.media.worker import Worker
limits = Limits(memory=3 << 30, seconds=60.0)
with SqlLedger.open(Path(sys.argv[1])) as ledger, Worker(limits) as worker:
    for path in sys.argv[2:]:
        done = register(Path(path), None, ledger=ledger, worker=worker, limits=limits, keep=False)
        assert done.new and not done.unsigned, done
"""


def timeless(found: Found) -> Found:
    """The same without the time at which each file was received."""
    copies, searched = found
    bare = [replace(c, asset=replace(c.asset, first_seen="", appearances=())) for c in copies]
    return tuple(bare), searched


def test_two_processes_that_register_at_once_change_nothing(
    archive: Archive, want: Found, tmp_path: Path
) -> None:
    opened(tmp_path).close()
    known, again, later, apart = map(str, archive.films)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", REGISTER, str(tmp_path / "archive.sqlite"), *films],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )
        for films in ((apart, again), (later, known))
    ]
    for writer in writers:
        _, said = writer.communicate(timeout=120)
        assert writer.returncode == 0, said
    with opened(tmp_path) as ledger:
        assert timeless(archive.ask(ledger)) == timeless(want)
