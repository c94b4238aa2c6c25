"""One worker for all readings of the session, and the clips that several tests look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from forensics.media.worker import Worker
from tests.media.making import make, pattern, tone, x264
from tests.media.reading import LIMITS, Reader


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with Worker(LIMITS) as worker:
        reader = Reader(tmp_path_factory.mktemp("readings"), worker)
        yield reader
        reader.clear()


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of H.264 with B-frames at 30000/1001 and AAC, in MP4."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    make(
        *pattern(3, rate="30000/1001"),
        *tone(3),
        *x264(gop=30),
        *("-c:a", "aac", "-b:a", "32k", "-metadata", "title=first"),
        path,
    )
    return path
