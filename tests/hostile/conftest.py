"""One worker for all hostile readings of the session; it is replaced whenever one of them ends it."""

from __future__ import annotations

from collections.abc import Iterator

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
def mp4(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """One second of H.264 and AAC."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    make(*pattern(1), *tone(1), *x264(gop=10), "-c:a", "aac", path)
    return path.read_bytes()
