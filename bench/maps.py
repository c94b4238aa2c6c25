"""How many maps are placed, how exactly, and is anything placed that should not be?

    python bench/maps.py --work FOLDER [--half test] [--seeds 4] [--style PART] [--not SHARE]
                         [--media ../shared/media] [--others FOLDER] [--out bench/maps.md]

Maps are made from styles and seeds (`maps_made.py`); the reader was tuned on the styles of the tune half
only. What is read is compared with what was drawn. With `--not 1`, two hundred pictures that must not be
placed are read as well; `--others` names a folder of maps by other people's software with what is known of
them (`maps_others.py`). Results are kept in FOLDER, so that a second run reads only what is new.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from maps_made import as_json, make
from maps_not import not_maps
from maps_styles import STYLES

from forensics.errors import ForensicsError
from forensics.maps.fitted import ground
from forensics.maps.geography import distances_km
from forensics.maps.graphic import glance
from forensics.maps.reading import read_map
from forensics.model.map import MapReading

Record = dict[str, Any]
WRONG_KM: Final = 25.0
"""Median error above which a placement is wrong."""
AT_DOT, BESIDE, END = 5.0, 60.0, 25.0
"""Pixels: a label is at its dot, near its name; an end of a track is found."""
LENGTH: Final = 0.1
"""Share by which a track's length may be off and still be called measured."""
MEANING: Final = (
    f"Errors are at 50 random points of the ground. A name is read when a label within {BESIDE:.0f} pixels"
    f" may mean its town, and at its dot when it is within {AT_DOT:.0f}. A placement is wrong when its median"
    f" error exceeds {WRONG_KM:.0f} km. A track is found when both ends are within {END:.0f} pixels, headed"
    " when its arrow is read the right way round, and measured when its length is right within a tenth."
)
FIRST_SEED: Final = {"tune": 0, "test": 100}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="results are kept here")
    parser.add_argument("--half", choices=("tune", "test"), default="test")
    parser.add_argument("--seeds", type=int, default=4, help="maps of each style")
    parser.add_argument("--first", type=int, help="seed of the first; others than were looked at")
    parser.add_argument("--style", default="", help="part of a style's name")
    parser.add_argument("--not", type=float, default=0.0, dest="share", metavar="SHARE")
    parser.add_argument("--media", type=Path, default=Path("../shared/media"))
    parser.add_argument("--others", type=Path, help="made by maps_others.py")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    first = FIRST_SEED[options.half] if options.first is None else options.first
    made = [
        _kept(
            options.work / f"{options.half}-{style.name}-{seed}.json",
            lambda s=style, n=seed: _made(s, n),
        )
        for seed in range(first, first + options.seeds)
        for style in STYLES
        if style.half == options.half and options.style in style.name
    ]
    others = [
        _kept(options.work / f"other-{path.stem}.json", lambda p=path: _other(p))
        for path in (sorted(options.others.glob("*.json")) if options.others else ())
    ]
    unplaced = []
    pictures = not_maps(options.media, options.share) if options.share else ()
    for kind, number, draw in pictures:
        path = options.work / f"not-{kind}-{number}.json"
        unplaced.append(_kept(path, lambda k=kind, d=draw: {"style": k, **_read(d(), None)}))
    text = report(made, others, unplaced, options.half)
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")


def _kept(path: Path, measure: Any) -> Record:
    if path.exists():
        return dict(json.loads(path.read_text("utf-8")))
    record: Record = measure()
    path.write_text(json.dumps(record), encoding="utf-8")
    print(path.stem, _words(record), file=sys.stderr, flush=True)
    return record


def _words(record: Record) -> str:
    median = record.get("median_km")
    return (
        f"placed={record['placed']} {record['projection']} median={median}"
        f" read={record.get('read')}/{record.get('names')} wall={record['wall']:.1f}"
    )


def _made(style: Any, seed: int) -> Record:
    map_ = make(style, seed)
    return {"style": style.name, **_read(map_.picture, as_json(map_.truth))}


def _other(path: Path) -> Record:
    truth = json.loads(path.read_text("utf-8"))
    read = cv2.imread(str(path.with_suffix(".png")))
    if read is None:
        raise SystemExit(f"{path.with_suffix('.png')} cannot be read")
    picture = np.asarray(read[:, :, ::-1], np.uint8).copy()
    return {"style": truth["style"], **_read(picture, truth)}


def _read(picture: NDArray[np.uint8], truth: Record | None) -> Record:
    """Reads a picture and compares with what is known of it."""
    looked = glance(picture).may_be_map
    wall, before = time.perf_counter(), _spent()
    try:
        reading = read_map(picture, seed=7)
    except ForensicsError as error:
        reading = MapReading(
            width=picture.shape[1], height=picture.shape[0], sureness="", notes=(str(error),)
        )
    found: Record = {
        "wall": time.perf_counter() - wall,
        "cpu": _spent() - before,
        "placed": bool(reading.placement and reading.placement.placed),
        "projection": reading.placement.projection if reading.placement else "",
        "why": reading.placement.why if reading.placement else " ".join(reading.notes),
        "labels": len(reading.labels),
        "glance": looked,
    }
    if truth is not None:
        found |= {"true_projection": truth["projection"], **_compared(reading, truth)}
    return found


def _spent() -> float:
    """CPU seconds of this process and of those that it waited for."""
    both = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in both)


def _compared(reading: MapReading, truth: Record) -> Record:
    names = [n for n in truth["names"] if n["right"]]
    found: Record = {"names": len(names), **_labels(reading, names)}
    if reading.placement is not None and reading.placement.placed:
        points = np.array(truth["ground"])
        away = distances_km(
            np.array(ground(reading.placement, points[:, 2:].tolist())), points[:, :2]
        )
        found |= {"median_km": float(np.median(away)), "worst_km": float(away.max())}
        at = [(n["x"], n["y"]) for n in names]
        towns = np.array([(n["lon"], n["lat"]) for n in names])
        off = distances_km(np.array(ground(reading.placement, at)), towns)
        found |= {"label_km": float(np.median(off)), "label_worst_km": float(off.max())}
        found["said_km"] = reading.placement.residual_km
    return found | _tracks(reading, truth["tracks"]) | _marks(reading, truth["marks"])


def _labels(reading: MapReading, names: Sequence[Record]) -> Record:
    """How many names have a label nearby that may mean their town, and how many at their dot."""
    near, exact = 0, 0
    for name in names:
        here = np.array([[name["lon"], name["lat"]]])
        gaps = [
            float(np.hypot(label.x - name["x"], label.y - name["y"]))
            for label in reading.labels
            if any(
                distances_km(np.array([[c.place.lon, c.place.lat]]), here)[0] < 5
                for c in label.candidates
            )
        ]
        near += any(gap < BESIDE for gap in gaps)
        exact += any(gap < AT_DOT for gap in gaps)
    return {"read": near, "at_dot": exact}


def _tracks(reading: MapReading, drawn: Sequence[Record]) -> Record:
    """Tracks of which both ends are found, the right way round, with their length; and others."""
    used: set[int] = set()
    found, headed, measured, errors = 0, 0, 0, []
    for track in drawn:
        ends = np.array([track["path"][0], track["path"][-1]])
        near = []
        for index, read in enumerate(reading.tracks):
            own = np.array([(read.start.x, read.start.y), (read.end.x, read.end.y)])
            ways = [float(np.hypot(*(order - ends).T).max()) for order in (own, own[::-1])]
            if index not in used and min(ways) <= END:
                near.append((min(ways), index, ways[0] < ways[1]))
        if near:
            _, index, straight = min(near)
            used.add(index)
            read = reading.tracks[index]
            found += 1
            headed += read.arrow and straight
            if read.length_km is not None:
                errors.append(abs(read.length_km / track["length_km"] - 1))
                measured += errors[-1] < LENGTH
    return {
        "tracks": len(drawn),
        "tracks_found": found,
        "tracks_headed": headed,
        "tracks_measured": measured,
        "tracks_other": len(reading.tracks) - len(used),
        "lengths_off": errors,
    }


def _marks(reading: MapReading, drawn: Sequence[Sequence[float]]) -> Record:
    """The kind of marker that hits most of the drawn marks, and how many it counts."""
    best, count = 0, 0
    for marker in reading.markers:
        points = np.array([(p.x, p.y) for p in marker.points]).reshape(-1, 2)
        if not len(points):
            continue
        hits = sum(bool((np.hypot(*(points - mark).T) < 6).any()) for mark in np.array(drawn))
        if hits > best:
            best, count = hits, marker.count
    return {"marks": len(drawn), "marks_hit": best, "marks_counted": count}


def report(
    made: Sequence[Record], others: Sequence[Record], unplaced: Sequence[Record], half: str
) -> str:
    """Returns the page."""
    lines = [
        "# Maps",
        "",
        f"    python bench/maps.py {' '.join(_arguments())}".rstrip(),
        "",
        _tools(),
        "",
        f"{len(made)} made maps of the {half} half. {MEANING}",
        "",
        *(_table(made) if made else ()),
        "",
    ]
    if others:
        lines += ["## Maps by other people's software", "", *_table(others), ""]
    if unplaced:
        lines += ["## Pictures that must not be placed", "", *_nothing(unplaced), ""]
    return "\n".join(lines)


def _tools() -> str:
    used = ", ".join(f"{n} {version(n)}" for n in ("numpy", "opencv-python-headless", "pillow"))
    program = shutil.which("tesseract") or sys.executable
    seen = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    read = (seen.stdout + seen.stderr).partition("\n")[0]
    others = (
        "Other work ran on the machine: CPU seconds (tesseract's among them) say more than wall"
    )
    return f"Python {platform.python_version()}, {used}, {read}. {others} seconds; medians."


def _arguments() -> list[str]:
    """The command as given; folders of this machine go without their parents."""
    return [Path(a).name if "/" in a and not a.startswith("bench/") else a for a in sys.argv[1:]]


def _by_style(records: Iterable[Record]) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[record["style"]].append(record)
    return dict(groups)


def _table(records: Sequence[Record]) -> list[str]:
    heads = (
        *(
            "style",
            "seen at a glance",
            "placed",
            "wrong",
            "median km",
            "worst km",
            "at labels: median, worst km",
        ),
        *("names read", "at their dot", "tracks found", "headed", "measured", "other lines"),
        *("marks hit, counted", "CPU s", "wall s"),
    )
    rows = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    groups = _by_style(records)
    for name, own in [*groups.items(), ("**all**", list(records))]:
        rows.append(f"| {name} | {' | '.join(_row(own))} |")
    return rows


def _row(own: Sequence[Record]) -> list[str]:
    placed = [r for r in own if r["placed"]]
    wrong = sum(r["median_km"] > WRONG_KM for r in placed)

    def of(key: str, of_key: str) -> str:
        whole = sum(r[of_key] for r in own)
        return f"{sum(r[key] for r in own)}/{whole}" if whole else "–"

    def km(key: str, pick: Any) -> str:
        return f"{pick([r[key] for r in placed]):.1f}" if placed else "–"

    marks = sum(r["marks"] for r in own)
    counted = sum(r["marks_counted"] for r in own)
    return [
        f"{sum(r['glance'] for r in own)}/{len(own)}",
        f"{len(placed)}/{len(own)}",
        str(wrong),
        km("median_km", statistics.median),
        km("worst_km", max),
        f"{km('label_km', statistics.median)}, {km('label_worst_km', max)}",
        of("read", "names"),
        of("at_dot", "names"),
        of("tracks_found", "tracks"),
        of("tracks_headed", "tracks"),
        of("tracks_measured", "tracks"),
        str(sum(r["tracks_other"] for r in own)),
        f"{of('marks_hit', 'marks')}, {counted}" if marks else "–",
        f"{statistics.median(r['cpu'] for r in own):.1f}",
        f"{statistics.median(r['wall'] for r in own):.1f}",
    ]


def _nothing(records: Sequence[Record]) -> list[str]:
    rows = [
        "| kind | pictures | taken for a map at a glance | placed | CPU s | wall s |",
        "|---" * 6 + "|",
    ]
    for name, own in [*_by_style(records).items(), ("**all**", list(records))]:
        rows.append(
            f"| {name} | {len(own)} | {sum(r['glance'] for r in own)} | {sum(r['placed'] for r in own)} |"
            f" {statistics.median(r['cpu'] for r in own):.1f} |"
            f" {statistics.median(r['wall'] for r in own):.1f} |"
        )
    return rows


if __name__ == "__main__":
    main()
