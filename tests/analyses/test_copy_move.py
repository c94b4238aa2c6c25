"""The analysis that finds copied pieces, over pictures and over a video's pictures."""

from __future__ import annotations

from fractions import Fraction
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from forensics.analyses.copy_move import CopyMove
from forensics.errors import NotFitting
from forensics.model import (
    Asset,
    Context,
    Diagnostic,
    Direction,
    Exhibit,
    Finding,
    MediaKind,
    Sample,
    Sha256,
)
from tests.traces.pictures import REACH, SOURCE, TARGET, put, scene


class Shown:
    """What this analysis reads of a context, over pictures one second apart."""

    def __init__(self, *pictures: NDArray[np.uint8]) -> None:
        self.pictures = pictures
        self.shown: dict[str, NDArray[np.uint8]] = {}

    @property
    def context(self) -> Context:
        return cast("Context", self)

    @property
    def samples(self) -> Shown:
        return self

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, index: int) -> Sample:
        height, width, _ = self.pictures[index].shape
        return Sample(index=index, time=Fraction(index), keyframe=True, width=width, height=height)

    def pixels(self, index: int) -> NDArray[np.uint8]:
        return self.pictures[index]

    def check_deadline(self) -> None:
        pass

    def exhibit(self, id: str, picture: NDArray[np.uint8], caption: str) -> Exhibit:
        self.shown[id] = picture
        return Exhibit(
            id=id, caption=caption, mime="image/png", path="x", sha256="0" * 64,
            width=picture.shape[1], height=picture.shape[0],
        )  # fmt: skip


def asset_of(kind: MediaKind) -> Asset:
    return Asset(sha256=Sha256("0" * 64), size=1, kind=kind, mime="image/png", name="file")


def examine(kind: MediaKind, *pictures: NDArray[np.uint8]) -> tuple[list[Finding], Shown]:
    shown = Shown(*pictures)
    return list(CopyMove().run(asset_of(kind), shown.context)), shown


def test_a_copied_piece_is_told_with_both_regions_and_drawn() -> None:
    (finding,), context = examine(MediaKind.IMAGE, put(scene()))
    assert finding.id == "copied-piece"
    assert finding.question is not None
    assert finding.question.id == "pixels-changed"
    assert finding.direction is Direction.SUPPORTS_H1
    regions = [m.where.region for m in finding.measurements if m.where and m.where.region]
    assert len(regions) == 2
    middles = sorted((x + w / 2, y + h / 2) for x, y, w, h in regions)
    for found, wanted in zip(middles, sorted((SOURCE, TARGET)), strict=True):
        assert np.hypot(found[0] - wanted[0], found[1] - wanted[1]) < REACH / 2
    assert "(shifted)" in finding.statement
    assert "which one, this does not tell" in finding.statement
    picture = context.shown["copied-piece-1"]
    assert picture.shape == (400, 560, 3)
    assert (picture != put(scene())).any()
    assert "560 px" in finding.exhibits[0].caption


def test_a_sign_repeated_in_one_row_accuses_nobody() -> None:
    picture = scene()
    picture[100:200, 400:500] = picture[100:200, 80:180]
    (finding,), context = examine(MediaKind.IMAGE, picture)
    assert finding.id == "repeated-piece"
    assert finding.question is None
    assert finding.diagnostic is Diagnostic.NO
    assert set(context.shown) == {"repeated-piece-1"}


def test_how_it_was_laid_is_told() -> None:
    (finding,), _ = examine(MediaKind.IMAGE, put(scene(), mirrored=True))
    assert "(mirrored)" in finding.statement


def test_a_clean_picture_gives_no_finding() -> None:
    findings, _ = examine(MediaKind.IMAGE, scene())
    assert not findings


def test_a_picture_with_nothing_to_compare_says_so() -> None:
    (finding,), _ = examine(MediaKind.IMAGE, np.full((300, 400, 3), 90, np.uint8))
    assert finding.id == "not-testable-drawn"
    assert finding.diagnostic is Diagnostic.NO
    assert finding.question is None


def test_of_a_video_only_what_lasts_is_told_with_its_times() -> None:
    clean, edited = scene(), put(scene())
    (finding,), _ = examine(MediaKind.VIDEO, clean, edited, edited)
    times = {(m.where.start, m.where.end) for m in finding.measurements if m.where}
    assert times == {(Fraction(1), Fraction(2))}
    findings, _ = examine(MediaKind.VIDEO, clean, edited)
    assert not findings


def test_a_video_without_pictures_is_declined() -> None:
    with pytest.raises(NotFitting):
        examine(MediaKind.VIDEO)
