"""The case that this project began with: the released video is a part of earlier footage, cropped.

This must stay found as a copy, whatever rule of the search changes: the sample case rests on
it.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from db.ledger import SqlLedger
from forensics.archive import register
from forensics.media.limits import Limits
from forensics.media.worker import Worker
from forensics.model import Relation
from forensics.pipeline import search

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.mark.parametrize("name", ["released-drone-video.mp4", "released-drone-video-reupload.mp4"])
def test_the_released_video_is_found_in_the_earlier_footage(name: str, tmp_path: Path) -> None:
    limits = Limits()
    with (
        SqlLedger.open(tmp_path / "ledger.sqlite", origin="desk.example/t") as ledger,
        Worker(limits) as worker,
    ):
        register(
            SAMPLES / "earlier-footage.mp4",
            None,
            ledger=ledger,
            worker=worker,
            limits=limits,
            keep=True,
        )
        found = search(SAMPLES / name, index=ledger, worker=worker, limits=limits)
    copy = next(one for one in found.copies if one.relation is Relation.COPY)
    first = copy.spans[0]
    assert abs((first.copy.start - first.query.start) - Fraction(5)) <= Fraction(1, 2)
    assert sum(s.query.end - s.query.start for s in copy.spans) >= 10
