"""Measures analyses on untouched and edited material: `python bench/calibrate.py jpeg-grid [--media FOLDER]`.

For each analysis a module `calibrate_<name>.py` beside this one says what it is measured on:

    ANALYSIS   the class
    FINDINGS   ids of the findings that are counted
    SETS       ids of the sets, as words
    items(media)   the material, one `Item` after the other; none that anything was tuned on
    counted(finding, quality)   whether a class is about a finding; all are where there is no such function

Written are `forensics/calibration/<name>.json`, from which strength words come, and the analysis's part of
`bench/integrity.md`. The analysis runs as in a check, on the bytes of a file, but without a worker.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.calibrated import Row, word
from forensics.context import ScratchContext
from forensics.media.identify import identify_file
from forensics.media.prepare import load_samples, prepare
from forensics.media.prepared import load
from forensics.model import Asset, Sha256
from forensics.running import held_to_contract

ROOT = Path(__file__).resolve().parents[1]
PIXELS = 120_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One file to be examined.

    Attributes:
        source: Which source it is made of; a source counts once in each class, clean and edited.
        quality: Class of quality, as the analysis names it.
        size: Class of size, as the analysis names it; "any" where sizes are not told apart.
        edited: Whether it was.
        data: The file's bytes.
        mask: What was edited, where that is a place in the picture.
        also: Further classes of quality that it counts in.
    """

    source: str
    quality: str
    size: str
    edited: bool
    data: bytes
    mask: NDArray[np.bool_] | None = None
    also: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """What was counted for one finding and one class."""

    clean: set[str] = field(default_factory=set)
    alarms: set[str] = field(default_factory=set)
    edited: set[str] = field(default_factory=set)
    hits: set[str] = field(default_factory=set)
    agreement: list[float] = field(default_factory=list)
    seconds: float = 0.0
    amount: float = 0.0


def examine(analysis: Any, item: Item) -> tuple[dict[str, list[tuple[int, ...]]], float, float]:
    """Returns the regions of each finding by its id, seconds of processor time, and megapixels or minutes."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "asset").write_bytes(item.data)
        kind = identify_file(work / "asset")
        prepare(folder, kind.kind.value, kind.mime, kind.demuxer, PIXELS, 600.0)
        prepared = load(work)
        asset = Asset(
            sha256=Sha256(hashlib.sha256(item.data).hexdigest()),
            size=len(item.data),
            kind=prepared.kind,
            mime=kind.mime,
            name="file",
            probe=prepared.probe,
        )
        context = ScratchContext(asset, work, name=analysis.name, seconds=600.0)
        start = time.process_time()
        found: dict[str, list[tuple[int, ...]]] = {}
        for finding in held_to_contract(analysis, analysis.run(asset, context)):
            regions = {m.where.region for m in finding.measurements if m.where and m.where.region}
            found.setdefault(finding.id, []).extend(sorted(regions))
        seconds = time.process_time() - start
        samples = load_samples(work, prepared)
        duration = prepared.probe.duration if prepared.probe else None
        amount = float(duration) / 60 if duration else 0.0
        if not amount and len(samples):
            amount = samples[0].width * samples[0].height / 1e6
        return found, seconds, amount


def correlation(mask: NDArray[np.bool_], regions: Iterable[tuple[int, ...]]) -> float:
    """Returns Matthews' correlation coefficient of what was edited and the regions found; 0 if undefined."""
    drawn = np.zeros(mask.shape, bool)
    for x, y, wide, high in regions:
        drawn[y : y + high, x : x + wide] = True
    both, neither = int((mask & drawn).sum()), int((~mask & ~drawn).sum())
    over, under = int((~mask & drawn).sum()), int((mask & ~drawn).sum())
    below = float(both + over) * (both + under) * (neither + over) * (neither + under)
    return (both * neither - over * under) / below**0.5 if below else 0.0


def measure(module: Any, media: Path, jobs: int) -> dict[tuple[str, str, str], Tally]:
    """Runs the analysis on all items and returns what was counted, by finding, quality and size."""
    tallies: dict[tuple[str, str, str], Tally] = defaultdict(Tally)
    counted = getattr(module, "counted", lambda _finding, _quality: True)
    with Pool(jobs, cv2.setNumThreads, (1,)) as pool:
        for item, (found, seconds, amount) in pool.imap(
            partial(_examined, module.ANALYSIS()), module.items(media)
        ):
            for name, quality in product(module.FINDINGS, (item.quality, *item.also)):
                if not counted(name, quality):
                    continue
                tally = tallies[name, quality, item.size]
                tally.seconds += seconds
                tally.amount += amount
                (tally.edited if item.edited else tally.clean).add(item.source)
                if name in found:
                    (tally.hits if item.edited else tally.alarms).add(item.source)
                    if not item.edited:
                        print("false alarm:", name, quality, item.source, flush=True)
                if item.edited and item.mask is not None:
                    tally.agreement.append(correlation(item.mask, found.get(name, ())))
    return tallies


def _examined(
    analysis: Any, item: Item
) -> tuple[Item, tuple[dict[str, list[tuple[int, ...]]], float, float]]:
    found = examine(analysis, item)
    return replace(item, data=b""), found


def rows(tallies: dict[tuple[str, str, str], Tally]) -> list[tuple[Row, Tally]]:
    return [
        (
            Row(
                finding=name,
                quality=quality,
                size=size,
                clean=len(tally.clean),
                alarms=len(tally.alarms),
                edited=len(tally.edited),
                hits=len(tally.hits),
            ),
            tally,
        )
        for (name, quality, size), tally in tallies.items()
    ]


def as_json(module: Any, counted: list[tuple[Row, Tally]]) -> str:
    analysis = module.ANALYSIS
    names = ("finding", "quality", "size", "clean", "alarms", "edited", "hits")
    stated = {
        "analysis": analysis.name,
        "version": analysis.version,
        "sets": list(module.SETS),
        "rows": [{name: getattr(row, name) for name in names} for row, _ in counted],
    }
    digest = hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()[:8]
    return json.dumps({"id": f"{analysis.name}-{digest}"} | stated, indent=2) + "\n"


def as_table(module: Any, counted: list[tuple[Row, Tally]]) -> str:
    lines = [
        f"## {module.ANALYSIS.name}",
        "",
        (module.__doc__ or "").strip(),
        "",
        "| finding | quality | size | false alarms | found | MCC | strength | s per MP or min |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row, tally in counted:
        agreed = f"{np.mean(tally.agreement):.2f}" if tally.agreement else "–"
        pace = f"{tally.seconds / tally.amount:.2f}" if tally.amount else "–"
        said = word(row.ratio) if row.ratio is not None else "–"
        lines.append(
            f"| {row.finding} | {row.quality} | {row.size} | {row.alarms} of {row.clean} "
            f"| {row.hits} of {row.edited} | {agreed} | {said} | {pace} |"
        )
    return "\n".join(lines)


HEAD = """# Signs of editing: what was measured

Written by `bench/calibrate.py`, one part for each analysis. A false alarm is an untouched file with the
finding; cutting a picture and saving it again counts as untouched here, since nothing was put in. "MCC" is
Matthews' correlation of what was edited with the regions found, over all edited files, missed ones included.
Each source counts once in a class, or each file where a part says so. No source is in here that anything was
tuned on, but for photographs of recapture and two clips of overlays: they were looked at while thresholds
were chosen.
"""


def write_table(path: Path, name: str, table: str) -> None:
    """Puts an analysis's part into the page, in place of its earlier one."""
    begin, end = f"<!-- generated: {name} -->", f"<!-- end: {name} -->"
    page = path.read_text("utf-8") if path.exists() else HEAD
    part = f"{begin}\n\n{table}\n\n{end}"
    old = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    page = old.sub(lambda _: part, page) if old.search(page) else f"{page.rstrip()}\n\n{part}\n"
    path.write_text(page, "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("analysis", help="name of the analysis")
    parser.add_argument("--media", type=Path, default=ROOT.parent / "shared" / "media")
    parser.add_argument("--jobs", type=int, default=1, help="how many files at a time")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    module = importlib.import_module("calibrate_" + chosen.analysis.replace("-", "_"))
    counted = rows(measure(module, chosen.media, chosen.jobs))
    file = ROOT / "forensics" / "calibration" / f"{chosen.analysis}.json"
    file.write_text(as_json(module, counted), "utf-8")
    table = as_table(module, counted)
    write_table(ROOT / "bench" / "integrity.md", chosen.analysis, table)
    print(table)


if __name__ == "__main__":
    main()
