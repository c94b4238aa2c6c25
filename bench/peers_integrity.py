"""Sets our analyses beside public tools on CASIA-v1: `python bench/peers_integrity.py --peers PYTHON`.

Pictures: authentic, spliced and copy-moved, sources of odd digest, evenly spread, as saved. A tool that gives
only a map has a rule from the sources of even digest: its score is by how many robust deviations the highest
hundredth of the smoothed map stands above the median; a picture counts as told from the highest score of
any authentic one on; the place is where the map exceeds the share of its range that gave the best MCC. The
tools run in an environment of their own (`pip install pyIFD`). Written is `bench/peers_integrity.md`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from calibrate import Item, correlation, examine
from calibrate_copy_move import measured
from numpy.typing import NDArray

from forensics.analyses.copy_move import CopyMove
from forensics.analyses.jpeg_grid import JpegGrid

HERE = Path(__file__).resolve().parent
KINDS = ("authentic", "splice", "copy-move")
TUNING = 10
LEVELS = (0.3, 0.5, 0.7, 0.85)

Mask = NDArray[np.bool_]
Map = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One picture; `tuning`: for the tools' thresholds only."""

    path: Path
    kind: str
    tuning: bool

    @property
    def mask(self) -> Mask | None:
        drawn = self.path.with_name(f"{self.path.stem}_mask.png")
        read = cv2.imread(str(drawn), cv2.IMREAD_GRAYSCALE) if drawn.exists() else None
        return None if read is None else np.asarray(read) > 127


@dataclass(slots=True)
class Row:
    """What one way came to."""

    counts: dict[str, list[bool]]
    agreement: list[float]
    seconds: float = 0.0
    megapixels: float = 0.0

    def line(self, name: str) -> str:
        told = " | ".join(f"{sum(self.counts[k])} of {len(self.counts[k])}" for k in KINDS)
        agreed = f"{np.mean(self.agreement):.2f}" if self.agreement else "–"
        return f"| {name} | {told} | {agreed} | {self.seconds / max(self.megapixels, 1e-9):.2f} |"


def cases(media: Path, each: int) -> list[Case]:
    """Returns the pictures, those for tuning first."""
    chosen = []
    for tuning, most in ((True, TUNING), (False, each)):
        for kind in KINDS:
            folder = media / "images" / "forgery" / "casia-v1" / kind
            files = [f for f in folder.glob("*.jpg") if measured(f.name) is not tuning]
            files.sort(key=lambda f: hashlib.sha256(f.name.encode()).digest())
            chosen += [Case(path=f, kind=kind, tuning=tuning) for f in files[:most]]
    return chosen


def ours(chosen: list[Case]) -> dict[str, Row]:
    """Runs both analyses on the pictures that are measured."""
    rows = {}
    for analysis, finding in ((JpegGrid(), "foreign-grid"), (CopyMove(), "copied-piece")):
        row = rows[f"this project: {analysis.name}"] = Row(
            counts={k: [] for k in KINDS}, agreement=[]
        )
        for case in chosen:
            if case.tuning:
                continue
            data = case.path.read_bytes()
            item = Item(
                source="", quality="", size="", edited=case.kind != KINDS[0], data=data, mask=None
            )
            found, seconds, amount = examine(analysis, item)
            row.counts[case.kind].append(finding in found)
            row.seconds += seconds
            row.megapixels += amount
            mask = case.mask
            if mask is not None and item.edited:
                row.agreement.append(correlation(mask, found.get(finding, ())))
    return rows


def theirs(chosen: list[Case], python: str) -> tuple[dict[str, Row], dict[str, str]]:
    """Runs the tools; returns their rows, and why those failed that did."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "jobs.json").write_text(json.dumps([str(c.path) for c in chosen]), "utf-8")
        subprocess.run([python, str(HERE / "peers_integrity_maps.py"), name], check=True)
        done = json.loads((folder / "done.json").read_text("utf-8"))
        rows: dict[str, Row] = {}
        failed = {d["method"]: d["failed"] for d in done if d["failed"]}
        for method in dict.fromkeys(d["method"] for d in done):
            of = [d for d in done if d["method"] == method and not d["failed"]]
            if of:
                maps = {d["number"]: np.load(folder / f"{d['number']}-{method}.npy") for d in of}
                rows[method] = _judged(chosen, maps)
                rows[method].seconds = sum(d["seconds"] for d in of)
                rows[method].megapixels = sum(_pixels(chosen[d["number"]]) for d in of) / 1e6
        return rows, failed


def _pixels(case: Case) -> int:
    picture = cv2.imread(str(case.path))
    return 0 if picture is None else picture.shape[0] * picture.shape[1]


def _judged(chosen: list[Case], maps: dict[int, Map]) -> Row:
    row = Row(counts={k: [] for k in KINDS}, agreement=[])
    scores = {number: _score(drawn) for number, drawn in maps.items()}
    tuning = [s for n, s in scores.items() if chosen[n].tuning and chosen[n].kind == KINDS[0]]
    least = max(tuning, default=np.inf)
    level = max(LEVELS, key=lambda at: _agreement(chosen, maps, at, tuning=True))
    for number, score in scores.items():
        if not chosen[number].tuning:
            row.counts[chosen[number].kind].append(score > least)
            mask = chosen[number].mask
            if mask is not None:
                drawn = _places(maps[number], mask, level) & (score > least)
                row.agreement.append(_matthews(mask, drawn))
    return row


def _score(drawn: Map) -> float:
    smooth = np.asarray(cv2.blur(np.nan_to_num(drawn), (3, 3)))
    middle = float(np.median(smooth))
    spread = float(np.median(np.abs(smooth - middle))) + 1e-6 * (1 + abs(middle))
    return (float(np.quantile(smooth, 0.99)) - middle) / spread


def _agreement(chosen: list[Case], maps: dict[int, Map], level: float, *, tuning: bool) -> float:
    found = [
        _matthews(mask, _places(drawn, mask, level))
        for number, drawn in maps.items()
        if chosen[number].tuning is tuning and (mask := chosen[number].mask) is not None
    ]
    return float(np.mean(found)) if found else 0.0


def _places(drawn: Map, mask: Mask, level: float) -> Mask:
    whole = np.nan_to_num(np.asarray(drawn, np.float32))
    size = (mask.shape[1], mask.shape[0])
    large = np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_LINEAR))
    low, high = float(large.min()), float(large.max())
    return np.asarray(large > low + level * (high - low))


def _matthews(mask: Mask, drawn: Mask) -> float:
    both, neither = float((mask & drawn).sum()), float((~mask & ~drawn).sum())
    over, under = float((~mask & drawn).sum()), float((mask & ~drawn).sum())
    below = (both + over) * (both + under) * (neither + over) * (neither + under)
    return (both * neither - over * under) / below**0.5 if below else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", required=True, help="python of the tools' environment")
    parser.add_argument("--media", type=Path, default=HERE.parents[1] / "shared" / "media")
    parser.add_argument("--each", type=int, default=40, help="pictures of a kind")
    parser.add_argument("--out", type=Path, default=HERE / "peers_integrity.md")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    chosen = cases(given.media, given.each)
    rows, failed = theirs(chosen, given.peers)
    rows = ours(chosen) | rows
    lines = [
        "| way | told: authentic | told: splice | told: copy-move | MCC | s per MP |",
        "|---|---|---|---|---|---|",
        *(row.line(name) for name, row in rows.items()),
        "",
        *(f"- {name} fails: `{why}`." for name, why in failed.items() if name not in rows),
    ]
    page = given.out.read_text("utf-8")
    begin, end = "<!-- generated -->", "<!-- end -->"
    before, rest = page.split(begin)
    after = rest.split(end)[1]
    table = "\n".join(lines)
    given.out.write_text(f"{before}{begin}\n\n{table}\n\n{end}{after}", "utf-8")
    print(table)


if __name__ == "__main__":
    main()
