"""The search for earlier copies as it ships, over a real ledger: register the clips, then seek each query.

Media are read in this process, as a worker would, so that its processor time can be counted. Answers are
kept under a digest of the code that gives them, so that a run goes on where another stopped, and a change
of the code starts anew.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from copies_cases import Clip, Query
from copies_edits import digest
from copies_peers import spent

from db.ledger import SqlLedger
from forensics import archive
from forensics.media.limits import Limits
from forensics.media.worker import Worker
from forensics.model import Copy
from forensics.readings import read
from forensics.seeking import seek

ROOT = Path(__file__).resolve().parents[1]
DECIDING = (
    "forensics/copies", "forensics/index", "forensics/media", "forensics/model", "forensics/signatures",
    "forensics/archive.py", "forensics/readings.py", "forensics/record.py", "forensics/seeking.py",
    "db/index.py", "db/models.py", "db/projections.py",
)  # fmt: skip
"""What decides an answer; a change there makes the kept ones void."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One answer of the search.

    Attributes:
        clip: Which was found.
        relation: "copy", "same-scene"…
        pairs: How many pictures agree.
        transform: In words.
        spans: (start, end) in the query, (start, end) in the clip, in seconds.
    """

    clip: Clip
    relation: str
    pairs: int
    transform: str
    spans: tuple[tuple[float, float, float, float], ...]

    @property
    def is_copy(self) -> bool:
        return self.relation in {"copy", "same-stream"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found for one query, and the CPU seconds that it took from file to answer."""

    found: tuple[Found, ...]
    seconds: float


class InProcess(Worker):
    """Does a worker's tasks where it is called; what goes in and out is JSON all the same."""

    def __init__(self) -> None:
        super().__init__(Limits())

    def call(self, task: str, *, deadline: Any = None, watch: Any = None, **arguments: Any) -> Any:  # noqa: ARG002 - the worker's
        module, function = task.split(":")
        run = getattr(importlib.import_module(module), function)
        return json.loads(json.dumps(run(**arguments)))


def answers(clips: Sequence[Clip], queries: Sequence[Query], folder: Path) -> Iterator[Answer]:
    """Yields the answer to each query, in order."""
    place = folder / _key(clips)
    place.mkdir(parents=True, exist_ok=True)
    kept = place / "answers.jsonl"
    known: dict[str, Any] = {}
    if kept.exists():
        for line in kept.read_text("utf-8").splitlines():
            known.update(json.loads(line))
    by_digest = {digest(clip.path): clip for clip in clips}
    with (
        SqlLedger.open(place / "ledger.sqlite", origin="bench.example/copies") as ledger,
        InProcess() as worker,
    ):
        for clip in clips:
            archive.register(
                clip.path, None, ledger=ledger, worker=worker, limits=Limits(), keep=False
            )
        with kept.open("a", encoding="utf-8") as out:
            for query in queries:
                name = digest(query.path)
                if name not in known:
                    known[name] = _asked(query.path, ledger, worker)
                    out.write(json.dumps({name: known[name]}) + "\n")
                    out.flush()
                yield _revived(known[name], by_digest)


def _asked(path: Path, ledger: SqlLedger, worker: Worker) -> Any:
    before = spent()
    with read(path, worker=worker, limits=Limits()) as reading:
        _, sought = seek(reading, "2026-01-01T00:00:00Z", worker=worker, ledger=ledger)
    if sought.searched is None:
        raise RuntimeError(f"{path}: {sought.outcome}")
    return {"seconds": spent() - before, "found": [_plain(c) for c in sought.copies]}


def _plain(copy: Copy) -> dict[str, Any]:
    return {
        "asset": copy.asset.sha256,
        "relation": copy.relation.value,
        "pairs": copy.pairs,
        "transform": copy.transform,
        "spans": [
            [float(t) for t in (s.query.start, s.query.end, s.copy.start, s.copy.end)]
            for s in copy.spans
        ],
    }


def _revived(data: Any, clips: Mapping[str, Clip]) -> Answer:
    found = tuple(
        Found(
            clip=clips[item["asset"]],
            relation=item["relation"],
            pairs=item["pairs"],
            transform=item["transform"],
            spans=tuple(tuple(span) for span in item["spans"]),
        )
        for item in data["found"]
    )
    return Answer(found=found, seconds=data["seconds"])


def span_errors(found: Found, truth: tuple[Fraction, Fraction, Fraction, Fraction]) -> list[float]:
    """Returns by how many seconds each end of the matched passage is off, on both sides."""
    if not found.spans:
        return []
    edges = (
        min(s[0] for s in found.spans), max(s[1] for s in found.spans),
        min(s[2] for s in found.spans), max(s[3] for s in found.spans),
    )  # fmt: skip
    return [abs(edge - float(true)) for edge, true in zip(edges, truth, strict=True)]


def _key(clips: Sequence[Clip]) -> str:
    state = hashlib.sha256()
    for name in DECIDING:
        place = ROOT / name
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            state.update(path.read_bytes())
    for clip in clips:
        state.update(digest(clip.path).encode())
    return state.hexdigest()[:16]
