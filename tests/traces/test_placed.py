"""Boxes of reduced pictures, in pixels of the full ones."""

from __future__ import annotations

from fractions import Fraction

import pytest

from forensics.model import Asset, MediaKind, Probe, Sample, Sha256, Stream, StreamType
from forensics.traces.placed import in_full, listed, written


def asset(width: int | None, height: int | None, rotation: int = 0) -> Asset:
    stream = Stream(
        index=0,
        type=StreamType.VIDEO,
        codec="h264",
        width=width,
        height=height,
        rotation=rotation,
        packets=9,
    )
    return Asset(
        sha256=Sha256("0" * 64),
        size=1,
        kind=MediaKind.VIDEO,
        mime="video/mp4",
        name="file",
        probe=Probe(container="mp4", streams=(stream,)),
    )


def sample(width: int, height: int) -> Sample:
    return Sample(index=0, time=Fraction(0), keyframe=True, width=width, height=height)


@pytest.mark.parametrize(
    ("of", "reduced", "box", "full"),
    [
        (asset(1920, 1080), sample(512, 288), (0, 0, 512, 288), (0, 0, 1920, 1080)),
        (asset(1920, 1080), sample(512, 288), (128, 72, 64, 36), (480, 270, 240, 135)),
        (asset(1920, 1080, 90), sample(288, 512), (72, 128, 36, 64), (270, 480, 135, 240)),
        (asset(720, 480), sample(512, 341), (511, 340, 1, 1), (718, 478, 2, 2)),
    ],
)
def test_a_box_is_scaled_to_the_full_picture(
    of: Asset,
    reduced: Sample,
    box: tuple[int, int, int, int],
    full: tuple[int, int, int, int],
) -> None:
    assert in_full(box, of, reduced) == full


def test_where_the_size_is_not_known_there_is_no_box() -> None:
    assert in_full((0, 0, 1, 1), asset(None, None), sample(512, 288)) is None


def test_a_still_is_sampled_in_full() -> None:
    still = Asset(
        sha256=Sha256("0" * 64), size=1, kind=MediaKind.IMAGE, mime="image/png", name="file"
    )
    assert in_full((3, 4, 5, 6), still, sample(100, 100)) == (3, 4, 5, 6)


def test_a_box_is_written_with_its_size_first() -> None:
    assert written((3, 4, 50, 60)) == "50×60 px at 3, 4"


def test_a_list_that_is_cut_short_says_so() -> None:
    boxes = [(0, 8 * k, 16, 24) for k in range(3)]
    assert listed(boxes, 3) == "16×24 px at 0, 0; 16×24 px at 0, 8; 16×24 px at 0, 16"
    assert listed(boxes, 2) == "16×24 px at 0, 0; 16×24 px at 0, 8; …"
