"""Reading a file as a check does: intake in the caller, decoding in a worker."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from numpy.typing import NDArray

from forensics.codec import revive
from forensics.media.intake import take_in
from forensics.media.limits import Limits
from forensics.media.prepared import Prepared
from forensics.media.samples import StoredSamples
from forensics.media.worker import Worker
from forensics.model import Probe, Sample, SamplePlan, Stream, StreamType

LIMITS = Limits(memory=3 << 30, seconds=60.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of one file, and the scratch folder in which it lies."""

    folder: Path
    prepared: Prepared

    @property
    def probe(self) -> Probe:
        assert self.prepared.probe is not None, self.prepared.trouble
        return self.prepared.probe

    @property
    def plan(self) -> SamplePlan:
        assert self.prepared.plan is not None, self.prepared.trouble
        return self.prepared.plan

    @property
    def samples(self) -> tuple[Sample, ...]:
        assert not self.prepared.trouble, self.prepared.trouble
        return self.prepared.samples

    @property
    def video(self) -> Stream:
        return next(s for s in self.probe.streams if s.type is StreamType.VIDEO)

    def picture(self, index: int = 0) -> NDArray[np.uint8]:
        return StoredSamples(self.folder, self.plan, self.samples).pixels(index)


class Reader:
    """Reads files in one worker, each in a scratch folder of its own below `root`."""

    def __init__(self, root: Path, worker: Worker) -> None:
        self._root = root
        self.worker = worker

    def read(self, source: Path | bytes, *, seconds: float = 60.0, quick: bool = False) -> Reading:
        folder = Path(mkdtemp(dir=self._root))
        if isinstance(source, bytes):
            file = folder / "file"
            file.write_bytes(source)
            source = file
        work = folder / "work"
        work.mkdir()
        taken = take_in(source, work)
        assert taken.identity.kind is not None
        answer = self.worker.call(
            "forensics.media.prepare:prepare",
            deadline=seconds,
            folder=str(work),
            kind=taken.identity.kind.value,
            mime=taken.identity.mime,
            demuxer=taken.identity.demuxer,
            pixel_limit=LIMITS.pixels,
            seconds=seconds - 1,
            quick=quick,
        )
        return Reading(folder=work, prepared=revive(answer, Prepared))

    def clear(self) -> None:
        shutil.rmtree(self._root, ignore_errors=True)
