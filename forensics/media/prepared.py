"""What one reading of an asset came to. Light to import: the caller of a worker needs no decoder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forensics.codec import plain, revive
from forensics.model import MediaKind, Probe, Sample, SamplePlan

FILE = "prepared.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What a reading of an asset came to.

    Attributes:
        kind: Refined by the streams: an MP4 without pictures is sound.
        probe: None where the container could not be read.
        plan: None where no pictures could be or were to be decoded.
        samples: The pictures in the working copy, by time.
        trouble: Why there is no probe or there are no pictures; empty where all went well.
        limited: A limit was the reason; with more time, memory or pixels allowed it may go well.
        notes: What went wrong on the way without stopping it, one sentence each.
    """

    kind: MediaKind
    probe: Probe | None
    plan: SamplePlan | None
    samples: tuple[Sample, ...]
    trouble: str = ""
    limited: bool = False
    notes: tuple[str, ...] = ()

    def save(self, folder: Path) -> Any:
        """Leaves this in a scratch folder for everything after; returns it as JSON values."""
        answer = plain(self)
        (folder / FILE).write_text(json.dumps(answer))
        return answer


def load(folder: Path) -> Prepared:
    """Returns what `prepare` left in a scratch folder."""
    return revive(json.loads((folder / FILE).read_text()), Prepared)
