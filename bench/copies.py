"""How many edited copies of videos are found, and does anything unrelated match?

    python bench/copies.py --work FOLDER [--media ../shared/media] [--only EDIT…] [--split test]
                           [--peers NAME…] [--out bench/copies.md]

Thirty edits of real and self-made videos are looked for among their sources and distractors. Ours is the
search as it ships, over a real ledger, with the thresholds it ships with. A peer's threshold is its highest
score of any unrelated pair of the same half, which favours it; its settings are chosen on the tune half.
Clips and answers stay in FOLDER, so that a second run makes only what changed.
"""

from __future__ import annotations

import argparse
import platform
import re
import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import imageio_ffmpeg
from copies_cases import EXCERPT, Cases, Clip, Query, cases
from copies_edits import EDITS
from copies_ours import Answer, answers, span_errors
from copies_peers import PEERS, Peer, References, spent

from forensics.copies.outcome import VERSION

HALVES = ("tune", "test")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What one method came to, by query; None for a query that it was not asked.

    Attributes:
        title: Of the column.
        hit: For each query, whether its source was found.
        false: Unrelated pairs called copies.
        scenes: Other takes of a scene called copies.
        seconds: CPU seconds a query, from file to answer, median.
        note: How its threshold came about.
    """

    title: str
    hit: Sequence[bool]
    false: int
    scenes: int
    seconds: float
    note: str


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="clips and answers are kept here")
    parser.add_argument("--media", type=Path, default=Path("../shared/media"))
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="EDIT", help="names or parts of them"
    )
    parser.add_argument("--split", choices=HALVES, help="only this half; both: test is shown")
    parser.add_argument(
        "--peers", nargs="*", metavar="NAME", help="parts of names; none: only ours"
    )
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    halves = (options.split,) if options.split else HALVES
    asked = cases(options.media, options.work, options.only, halves)
    text = report(asked, options.work, options.peers, halves[-1])
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")


def report(asked: Cases, work: Path, peers: Sequence[str] | None, shown: str) -> str:
    """Returns the whole page; `shown` is the half in its tables."""
    queries = list(asked.queries)
    given = list(answers(asked.clips, queries, work / "ours"))
    chosen = [p for p in PEERS if peers is None or any(part in p.name for part in peers)]
    columns = [ours(asked, given, shown)]
    for peer in chosen:
        if peer.installed:
            columns += measured(peer, asked, work / "peers", shown)
    lines = [
        "# Earlier copies of videos",
        "",
        f"    python bench/copies.py {' '.join(_arguments())}".rstrip(),
        "",
        *_header(asked, columns, shown),
        "",
        *_table(asked, columns, shown),
        "",
        *_details(queries, given, shown),
        "",
    ]
    return "\n".join(lines)


def ours(asked: Cases, given: Sequence[Answer], half: str) -> Column:
    """What the search as it ships came to."""
    hit, false, scenes = [], 0, 0
    for query, answer in zip(asked.queries, given, strict=True):
        copies = [found.clip for found in answer.found if found.is_copy]
        hit.append(any(clip.family == query.family for clip in copies))
        if query.half in {half, "both"}:
            false += sum(clip.scene != query.scene for clip in copies)
            scenes += sum(_another_take(query, clip) for clip in copies)
    return Column(
        title="**ours**",
        hit=hit,
        false=false,
        scenes=scenes,
        seconds=statistics.median(a.seconds for a in given),
        note=f"earlier-copies version {VERSION} as it ships",
    )


def _another_take(query: Query, clip: Clip) -> bool:
    return clip.scene == query.scene and clip.family != query.family


def measured(peer: Peer, asked: Cases, folder: Path, half: str) -> list[Column]:
    """What a peer came to: as shipped, where it ships a threshold, and tuned."""
    known = References([peer.of(clip.path, folder)[0] for clip in asked.clips])
    made = [peer.of(query.path, folder) for query in asked.queries]
    pairs = [[(q, c) for c in asked.clips] for q in asked.queries]
    related = np.array([[q.family == c.family for q, c in row] for row in pairs])
    apart = np.array([[q.scene != c.scene for q, c in row] for row in pairs])
    mine = np.array([q.half in {half, "both"} for q in asked.queries])
    before = spent()
    scores = np.array([peer.scores(m, known, peer.settings) for m, _ in made])
    matching = (spent() - before) / len(made)
    tables = {setting: scores[:, i] for i, setting in enumerate(peer.settings)}
    seconds = statistics.median(s for _, s in made) + matching
    tuned = max(
        peer.settings,
        key=lambda s: _found(asked.queries, tables[s], related, apart, "tune", None)[0],
    )

    def column(setting: tuple[int, ...], least: float | None, note: str) -> Column:
        _, level, false = _found(asked.queries, tables[setting], related, apart, half, least)
        over = tables[setting] > level if least is None else tables[setting] >= least
        return Column(
            title=f"{peer.name} {note}",
            hit=(over & related).any(axis=1).tolist(),
            false=false,
            scenes=int((over & ~related & ~apart)[mine].sum()),
            seconds=seconds,
            note=f"setting {setting}, {'at least' if least is not None else 'above'} {level:.2f}",
        )

    shipped = [column(*peer.shipped, "shipped")] if peer.shipped else []
    return [*shipped, column(tuned, None, "tuned")]


def _found(
    queries: Sequence[Query],
    table: NDArray[np.float64],
    related: NDArray[np.bool_],
    apart: NDArray[np.bool_],
    half: str,
    least: float | None,
) -> tuple[int, float, int]:
    """Returns copies found in a half, the threshold, and the unrelated pairs that reach it.

    Without a threshold it is the highest score of an unrelated pair, which copies must exceed.
    """
    mine = np.array([q.half in {half, "both"} for q in queries])
    copies = mine & np.array([q.edit is not None for q in queries])
    unrelated = table[mine][apart[mine]]
    if not mine.any() or not copies.any():
        return 0, 1.0, 0
    best = np.where(related, table, -1).max(axis=1)[copies]
    if least is None:
        level = float(unrelated.max())
        return int((best > level).sum()), level, 0
    return int((best >= least).sum()), least, int((unrelated >= least).sum())


def _header(asked: Cases, columns: Sequence[Column], half: str) -> list[str]:
    mine = [q for q in asked.queries if q.half in {half, "both"}]
    pairs = sum(c.scene != q.scene for q in mine for c in asked.clips)
    edits = sum(q.edit not in {None, EXCERPT} for q in mine)
    takes = sum(q.edit is None and any(_another_take(q, c) for c in asked.clips) for q in mine)
    strange = sum(q.edit is None for q in mine) - takes
    bases = [c for c in asked.clips if c.half != "both"]
    notes = [f"{c.title.strip('*')}: {c.note}" for c in columns]
    used = [f"{n} {version(n)}" for n in ("numpy", "opencv-python-headless", "imagehash", "av")]
    asked_peers = [p for p in PEERS if any(c.title.startswith(p.name) for c in columns)]
    used += [p.release for p in asked_peers if p.package]
    missing = [p.name for p in PEERS if not p.installed]
    absent = f" Not installed: {', '.join(missing)}." if missing else ""
    return [
        (
            f"Python {platform.python_version()}, {', '.join(used)}, ffmpeg "
            f"{imageio_ffmpeg.get_ffmpeg_version()}."
        ),
        "",
        (
            f"In the index: {len(bases)} sources of both halves and {len(asked.clips) - len(bases)} "
            f"distractors, of at most 480 px, 10 s, 15 pictures a second. Asked, in the {half} half: "
            f"{edits} edited sources, "
            f"{strange} videos of nothing in the index, {takes} other takes of a "
            f"scene in it. Unrelated pairs: {pairs:,}."
        ),
        "",
        (
            "Twelve sources are recordings; the others and all distractors are made by "
            "`bench/copies_scenes.py` (seven kinds of scene, one seed for each video, over photographs of "
            "CASIA v1, none of them in two videos). Other takes are eight self-made ones, with the same "
            "camera path over one photograph seen from a little beside: harder than two recordings, which "
            "no hand films alike. Three recordings were made on one table: pairs of those are pairs of one "
            "scene, like other takes, and counted apart. The last row is of two excerpts of one source as "
            "their publisher cut them; it is in no total."
        ),
        "",
        (
            f"Thresholds: {'; '.join(notes)}. Those of tuned peers are the highest score of an unrelated "
            "pair of this half, their settings the best on the tune half."
        ),
        "",
        (
            "pHash and PDQ are made in one pass, whose cost both columns give. TMK+PDQF is not measured: "
            "it is on no package registry, and its repository could not be "
            f"reached.{absent}"
        ),
    ]


def _table(asked: Cases, columns: Sequence[Column], half: str) -> list[str]:
    queries = asked.queries
    lines = [
        "| edit | n | " + " | ".join(c.title for c in columns) + " |",
        "|---|---|" + "---|" * len(columns),
    ]
    names = [edit.name for edit in EDITS]
    for edit in (*names, EXCERPT):
        mine = [i for i, q in enumerate(queries) if q.edit == edit and q.half == half]
        if mine:
            shares = " | ".join(_share(c.hit, mine) for c in columns)
            lines.append(f"| {edit} | {len(mine)} | {shares} |")
    for name in HALVES[::-1]:
        mine = [i for i, q in enumerate(queries) if q.edit in names and q.half == name]
        if mine:
            shares = " | ".join(f"**{_share(c.hit, mine, 3)}**" for c in columns)
            note = "" if name == half else " (thresholds of the other half)"
            lines.append(f"| **all, {name} half**{note} | {len(mine)} | {shares} |")
    scenes = sum(
        _another_take(q, c) for q in queries if q.half in {half, "both"} for c in asked.clips
    )
    lines += [
        "| unrelated pairs called a copy | | " + " | ".join(str(c.false) for c in columns) + " |",
        f"| pairs of one scene called a copy | {scenes} | "
        + " | ".join(str(c.scenes) for c in columns)
        + " |",
        "| CPU s a query, median | | " + " | ".join(f"{c.seconds:.2f}" for c in columns) + " |",
    ]
    return lines


def _details(queries: Sequence[Query], given: Sequence[Answer], half: str) -> list[str]:
    """What else is known of ours: spans, scenes, and each thing that went wrong by name."""
    errors: list[float] = []
    missed: dict[str, list[str]] = {}
    wrong: Counter[str] = Counter()
    scenes: Counter[str] = Counter()
    for query, answer in zip(queries, given, strict=True):
        if query.half not in {half, "both"}:
            continue
        own = [f for f in answer.found if f.clip.family == query.family]
        for found in answer.found:
            if found.clip.scene != query.scene:
                wrong[
                    f"{query.edit or 'as it is'}, {query.family}: {found.clip.name}, {found.relation}"
                ] += 1
            elif _another_take(query, found.clip):
                scenes[found.relation] += 1
        if query.edit is None or query.span is None:
            continue
        copies = [f for f in own if f.is_copy]
        if not copies:
            missed.setdefault(query.edit, []).append(
                query.family + (f" ({own[0].relation})" if own else "")
            )
        else:
            errors += span_errors(copies[0], query.span)
    lines = ["## Ours in detail", ""]
    if errors:
        lines.append(
            f"Ends of the matched spans, on both sides: median error {statistics.median(errors):.2f} s, "
            f"nine in ten within {np.percentile(errors, 90):.2f} s."
        )
    said = ", ".join(f"{name} {count}" for name, count in sorted(scenes.items())) or "none named"
    lines += [f"Pairs of one scene: {said}.", "", "Missed:", ""]
    lines += [f"- {edit}: {', '.join(names)}" for edit, names in missed.items()] or ["- none"]
    lines += ["", "Unrelated videos named, in whatever relation:", ""]
    lines += [f"- {name}" for name in sorted(wrong)] or ["- none"]
    return lines


def _share(hit: Sequence[bool], which: Sequence[int], digits: int = 2) -> str:
    return f"{sum(hit[i] for i in which) / len(which):.{digits}f}"


def _arguments() -> list[str]:
    """Returns what was asked on the command line, with folders that are this machine's left out."""
    said = re.sub(r"(--(?:work|media|out)) \S+", r"\1 …", " ".join(sys.argv[1:]))
    return said.replace("--out …", "--out bench/copies.md").split(" ")


if __name__ == "__main__":
    main()
