"""Clips that are encoded once for all tests."""

from __future__ import annotations

from collections.abc import Sequence

import imageio_ffmpeg
import numpy as np
import pytest

from forensics.model import (
    MediaKind,
)
from tests.copies.clips import RATE, Encode, asset, clip_of, still, travel, world
from tests.copies.exact import Clip, ExactIndex


@pytest.fixture(scope="session")
def encode(tmp_path_factory: pytest.TempPathFactory) -> Encode:
    """Encodes pictures with the bundled ffmpeg, filtered, and signs one a second of what comes back."""
    folder = tmp_path_factory.mktemp("clips")

    def run(pictures: Sequence[np.ndarray], filters: str = "null", crf: int = 23) -> Clip:
        height, width = pictures[0].shape[:2]
        path = folder / f"{len(list(folder.iterdir()))}.mp4"
        writer = imageio_ffmpeg.write_frames(
            str(path),
            (width, height),
            fps=RATE,
            codec="libx264",
            macro_block_size=2,
            quality=None,
            ffmpeg_log_level="error",
            output_params=[
                "-crf",
                str(crf),
                "-preset",
                "ultrafast",
                "-vf",
                filters,
                "-threads",
                "1",
            ],
        )
        writer.send(None)
        for picture in pictures:
            writer.send(np.ascontiguousarray(picture))
        writer.close()
        return clip_of(path)

    return run


@pytest.fixture(scope="session")
def library(encode: Encode) -> ExactIndex:
    """What was met before: two journeys, a still from one of them, and a picture of something else."""
    index = ExactIndex()
    index.register(asset("first"), encode(travel(1, 12)).signed)
    index.register(asset("second"), encode(travel(2, 9)).signed)
    index.register(asset("still", MediaKind.IMAGE), still(travel(1, 8)[7 * RATE]).signed)
    index.register(asset("other", MediaKind.IMAGE), still(world(9)[:180, :320]).signed)
    return index
