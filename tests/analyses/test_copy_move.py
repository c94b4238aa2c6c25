"""The analysis that finds copied pieces, over pictures and over a video's pictures."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import cast

import cv2
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


def collage() -> NDArray[np.uint8]:
    """Four pictures side by side, one of them there twice."""
    one, other = scene()[:200, :280], 255 - np.rot90(scene())[:200, :280]
    return np.vstack([np.hstack([one, other]), np.hstack([scene()[200:, 280:], one])])


def inset() -> NDArray[np.uint8]:
    """A picture with a part of it shown again, twice as large."""
    picture = scene()
    part = cv2.resize(picture[40:130, 40:160], None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    picture[200:380, 300:540] = part
    return picture


def contact_sheet() -> NDArray[np.uint8]:
    """Small pictures on grained paper, in rows that are shifted; one of them is there twice."""
    rng = np.random.default_rng(6)
    page = np.clip(rng.normal(225, 5, (560, 760, 3)), 0, 255).astype(np.uint8)
    shots = [scene()[y : y + 110, x : x + 150] for y in (0, 140, 280) for x in (0, 180, 400)]
    for number, (x, y) in enumerate(
        (30 + 180 * k, 20 + 47 * k + 180 * row) for row in range(2) for k in range(4)
    ):
        page[y : y + 110, x : x + 150] = shots[number % 6]
    return page


def sign(seed: int, side: int) -> NDArray[np.uint8]:
    """A thing that is nowhere else."""
    dots = np.random.default_rng(seed).integers(40, 210, (side, side, 3)).astype(np.uint8)
    return np.asarray(cv2.GaussianBlur(dots, (0, 0), 1.6), np.uint8)


def badges() -> NDArray[np.uint8]:
    """A picture with one small sign laid over it at places of chance."""
    picture = cv2.resize(scene(), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    for x, y in ((90, 70), (910, 131), (400, 620)):
        picture[y : y + 60, x : x + 60] = sign(9, 60)
    return np.asarray(picture)


def models() -> NDArray[np.uint8]:
    """Three round things, each of them there twice, as in a game."""
    picture = np.vstack([scene(), 255 - scene()[::-1]])
    rows, columns = np.mgrid[:100, :100]
    disc = np.hypot(columns - 50, rows - 50) < 48
    places = (((20, 30), (430, 90)), ((180, 270), (40, 520)), ((300, 650), (420, 330)))
    for seed, pair in enumerate(places):
        model = sign(seed, 100)
        for x, y in pair:
            picture[y : y + 100, x : x + 100][disc] = model[disc]
    return picture


@pytest.mark.parametrize("made", [collage, inset, contact_sheet, badges, models])
def test_what_pages_repeat_is_shown_and_accuses_nobody(
    made: Callable[[], NDArray[np.uint8]],
) -> None:
    findings, context = examine(MediaKind.IMAGE, np.ascontiguousarray(made()))
    assert {finding.id for finding in findings} == {"repeated-piece"}
    for finding in findings:
        assert finding.question is None
        assert finding.direction is Direction.NEUTRAL
        assert finding.diagnostic is Diagnostic.NO
        assert finding.strength is None
        assert "Whether one was copied later is open." in finding.statement
        assert len([m for m in finding.measurements if m.where and m.where.region]) == 2
    assert len(context.shown) == len(findings)


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
