"""How much of edited sound is found again, and at what cost.

    python bench/copies_sound.py MEDIA --work FOLDER --out bench/copies_sound.md

MEDIA holds the shared test videos (`videos/`); the rest is made by `bench/sounds.py`, with espeak-ng for
speech. Sources are divided by family: even seeds and half of the media families are for tuning, the rest for
the table. What is known: every source of both halves, other sounds of every kind, and plain ones.
The peer is fpcalc (Debian package libchromaprint-tools), under the same queries, its threshold set after
the fact to the lowest at which it gives no false match.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
import sounds
from copies_sound_edits import Edit, Sound, edits, write

from forensics.codec import revive
from forensics.copies.sound import SoundMatch, match
from forensics.index.postings import Known, Postings, build
from forensics.media import ffmpeg
from forensics.model import Sha256
from forensics.signatures.hear import hear
from forensics.signatures.levels import load_levels
from forensics.signatures.signed import Heard
from forensics.signatures.sound import SCHEME, STEP, Levels, SoundCodes, encode, levels

SECONDS, OTHERS_SECONDS = 24, 40
SEEDS = {"tune": (0, 2), "test": (1, 3)}
OTHERS = 8
"""Other sounds of each kind among the known."""
UNKNOWN = 2
"""Sounds of each kind that are asked for and not known."""
MEDIA = {
    "tune": ("misc/big-buck-bunny-480p-30sec.mp4", "misc/guitar.mp3", "misc/friday.mp4",
             "tmk/pattern-longer-no-bar.mp4"),
    "test": ("misc/voices-around-a-fire.mp3", "misc/crystal.mp4", "misc/frog.mp4", "misc/rabbit.mp4",
             "tmk/chair-orig-22-sd-bar.mp4"),
}  # fmt: skip
DEMUXERS = {
    ".wav": "wav",
    ".mp3": "mp3",
    ".m4a": "mov",
    ".mp4": "mov",
    ".ogg": "ogg",
    ".amr": "amr",
}


def _hear(path: Path, demuxer: str) -> tuple[Levels, SoundCodes]:
    """Hears a file as a check does."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "asset").symlink_to(path.absolute())
        heard = revive(hear(folder, demuxer), Heard)
        codes = heard.codes or encode(levels([]))
        return np.array(load_levels(Path(folder))), codes


def _decoded(path: Path) -> Sound:
    command = [ffmpeg.binary(), "-v", "error", "-i", path, "-ac", "1", "-ar", str(sounds.RATE),
               "-f", "f32le", "-"]  # fmt: skip
    data = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(data, "<f4")


def _raw_chromaprint(path: Path) -> np.ndarray:
    command = ["fpcalc", "-raw", "-plain", "-length", "0", path]
    said = subprocess.run(command, capture_output=True, check=False, text=True).stdout.strip()
    return np.array([int(v) for v in said.split(",")] if said else [], np.uint32)


def _closest(query: np.ndarray, known: np.ndarray) -> float:
    """Best share of equal bits over at least 5 s of overlap (40 values) that are not nearly constant."""
    best = 0.0
    for offset in range(-(len(query) - 40), len(known) - 40 + 1):
        mine = query[max(0, -offset) : len(known) - offset]
        theirs = known[max(0, offset) : max(0, offset) + len(mine)]
        mine = mine[: len(theirs)]
        equal = 1 - int(np.bitwise_count(mine ^ theirs).sum()) / (32 * len(mine))
        if equal > best and len(set(mine.tolist())) >= 20:
            best = equal
    return best


@dataclass(slots=True)
class Tally:
    """What one edit came to."""

    asked: int = 0
    found: int = 0
    false: int = 0
    errors: list[float] = field(default_factory=list)
    peer: list[float] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Bench:
    """The known sounds, the sources, and where files are kept between runs."""

    work: Path
    known: dict[Sha256, SoundCodes] = field(default_factory=dict)
    chromaprint: dict[str, np.ndarray] = field(default_factory=dict)
    sources: dict[str, Sound] = field(default_factory=dict)
    peer: bool = False
    groups: tuple[str, ...] = ()
    unknown: bool = True

    def add(self, name: str, sound: Sound) -> None:
        path = self.work / (name.replace("/", "_").replace(".", "_") + ".wav")
        if not path.exists():
            write(sound, Edit(group="", name=""), path)
        self.known[Sha256(name)] = _hear(path, "wav")[1]
        if self.peer:
            self.chromaprint[name] = _raw_chromaprint(path)

    def made(self, kind: str, seed: int, seconds: float) -> Sound:
        path = self.work / f"made-{kind}-{seed}-{seconds}.npy"
        if not path.exists():
            np.save(path, sounds.make(kind, seed, seconds))
        sound: Sound = np.load(path)
        return sound


def _span_error(found: SoundMatch, edit: Edit) -> float:
    """How far the passages' ends lie off the line that the edit draws, at most."""
    return max(
        abs(edit.map(float(here)) - float(there))
        for span in found.spans
        for here, there in ((span.query.start, span.copy.start), (span.query.end, span.copy.end))
    )


def run(
    bench: Bench, half: str, postings: Postings
) -> tuple[dict[str, Tally], list[str], list[float]]:
    """Asks for every edit of every source of one half, and for what is not known."""
    tallies: dict[str, Tally] = {}
    false: list[str] = []
    negatives: list[float] = []
    for edit in edits():
        if bench.groups and edit.group not in bench.groups:
            continue
        tally = tallies[edit.name] = Tally()
        for name, sound in bench.sources.items():
            if not name.startswith(half):
                continue
            path = bench.work / f"query-{os.getpid()}{edit.suffix}"
            write(sound, edit, path)
            heard = _hear(path, DEMUXERS[edit.suffix])[0]
            tally.asked += 1
            matches = match(heard, postings)
            mine = [m for m in matches if m.asset == name]
            tally.found += bool(mine)
            if mine and edit.name not in {"middle two fifths, at least 8 s"}:
                tally.errors.append(_span_error(mine[0], edit))
            if not mine:
                tally.missed.append(name.split("/", 1)[1])
            wrong = [m for m in matches if m.asset != name]
            tally.false += len(wrong)
            false += [
                f"{edit.name}: {name} -> {m.asset} ({m.agreement}, {_said(m)})" for m in wrong
            ]
            if bench.peer:
                values = _raw_chromaprint(path)
                tally.peer.append(_closest(values, bench.chromaprint[name]))
                other = [k for k in bench.chromaprint if k != name]
                step = max(1, len(other) // 6)
                at = tally.asked % step
                negatives += [_closest(values, bench.chromaprint[k]) for k in other[at::step]]
        print(
            edit.name,
            tally.found,
            tally.asked,
            tally.false,
            tally.missed,
            file=sys.stderr,
            flush=True,
        )
    for kind in (*sounds.MAKERS, *sounds.PLAIN) if bench.unknown else ():
        tally = tallies[f"not known: {kind}"] = Tally()
        for seed in range(UNKNOWN):
            sound = bench.made(kind, 500 + seed + 100 * (half == "test"), SECONDS)
            path = bench.work / f"query-{os.getpid()}.wav"
            write(sound, Edit(group="", name=""), path)
            tally.asked += 1
            wrong = match(_hear(path, "wav")[0], postings)
            tally.false += len(wrong)
            false += [
                f"not known: {kind} {seed} -> {m.asset} ({m.agreement}, {_said(m)})" for m in wrong
            ]
    return tallies, false, negatives


def _said(found: SoundMatch) -> str:
    ends = [(float(s.query.start), float(s.query.end), float(s.copy.start)) for s in found.spans]
    return f"tempo {float(found.tempo)}, pitch {float(found.pitch)}, {ends}"


def cost(bench: Bench, hours: int) -> str:
    """Times a search of 60 s in as many hours: the known codes again and again, cut up and changed."""
    random = np.random.default_rng(1)
    many: dict[Sha256, SoundCodes] = {}
    total, wanted = 0, int(hours * 3600 / STEP)
    while total < wanted:
        for name, codes in list(bench.known.items()):
            values = codes.array()
            chunks = [values[i : i + 8] for i in range(0, len(values) - 8, 8)]
            if not chunks or total >= wanted:
                continue
            mixed = np.concatenate([chunks[i] for i in random.permutation(len(chunks))])
            for _ in range(6):
                mixed = mixed ^ (
                    np.uint32(1) << random.integers(0, 32, len(mixed)).astype(np.uint32)
                )
            many[Sha256(f"{name} {total}")] = SoundCodes(
                scheme=SCHEME, step=STEP, codes=mixed.astype("<u4").tobytes(),
                plain=codes.plain[: -(-len(mixed) // 8)] + b"\xff",
            )  # fmt: skip
            total += len(mixed)
    start = time.process_time()
    postings = build(_unpacked({**many, **bench.known}))
    made = time.process_time() - start
    sound = bench.made("report", 7777, 60)
    path = bench.work / f"query-{os.getpid()}.wav"
    write(sound, Edit(group="", name=""), path)
    start = time.process_time()
    heard = _hear(path, "wav")[0]
    listening = time.process_time() - start
    start = time.process_time()
    matches = match(heard, postings)
    unknown = time.process_time() - start
    source = next(n for n in bench.sources if "report" in n)
    write(
        np.resize(bench.sources[source], 60 * sounds.RATE),
        edits()[0],
        bench.work / f"query-{os.getpid()}.m4a",
    )
    heard = _hear(bench.work / f"query-{os.getpid()}.m4a", "mov")[0]
    start = time.process_time()
    again = match(heard, postings)
    known = time.process_time() - start
    size = sum(getattr(postings, n).nbytes for n in ("codes", "telling", "keys", "places"))
    return (
        f"Among {total * float(STEP) / 3600:.0f} hours of sound ({len(postings.keys):,} telling codes, "
        f"{size >> 20} MB, sorted in {made:.1f} s), in seconds of one core: 60 s of sound that is not known "
        f"{unknown:.1f} ({len(matches)} found), 60 s that are known {known:.1f} "
        f"({sum(m.asset == source for m in again)} found). Decoding and hearing 60 s: {listening:.2f}."
    )


def _unpacked(codes: dict[Sha256, SoundCodes]) -> Known:
    return {asset: (one.array(), one.telling()) for asset, one in codes.items()}


def table(half: str, tallies: dict[str, Tally], negatives: list[float]) -> list[str]:
    """Returns the lines of the table of one half."""
    bar = max(negatives, default=1.0)
    lines = [
        f"## The {half} half",
        "",
        "| edit | found | false matches | off the line, median s | fpcalc |",
        "|---|---|---|---|---|",
    ]
    groups: dict[str, list[Tally]] = defaultdict(list)
    for edit in (edit for edit in edits() if edit.name in tallies):
        groups[edit.group].append(tallies[edit.name])
        lines.append(_row(f"{edit.group}: {edit.name}", [tallies[edit.name]], bar))
    lines += [_row(f"**{group}, all**", some, bar) for group, some in groups.items()]
    asked = {
        n.removeprefix("not known: "): t for n, t in tallies.items() if n.startswith("not known")
    }
    lines.append("")
    lines.append(
        "Asked for and not known (sounds, false matches): "
        + ", ".join(f"{kind} {t.asked}, {t.false}" for kind, t in asked.items())
        + "."
    )
    return [*lines, ""]


def _row(name: str, tallies: list[Tally], bar: float) -> str:
    asked, found = sum(t.asked for t in tallies), sum(t.found for t in tallies)
    errors = [e for t in tallies for e in t.errors]
    off = f"{np.median(errors):.2f}" if errors else ""
    peer = [p for t in tallies for p in t.peer]
    theirs = f"{sum(p > bar for p in peer)}/{len(peer)}" if peer else ""
    return f"| {name} | {found}/{asked} | {sum(t.false for t in tallies)} | {off} | {theirs} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("media", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--half", choices=("tune", "test", "both"), default="both")
    parser.add_argument("--peer", action="store_true", help="Ask fpcalc too.")
    parser.add_argument("--seeds", type=int, default=2, help="Sources of each kind, at most 2.")
    parser.add_argument(
        "--hours", type=int, default=100, help="Sound to time a search in; 0: none."
    )
    parser.add_argument("--groups", help="Only these groups of edits, with commas between.")
    parser.add_argument("--edits-only", action="store_true", help="Ask for nothing unknown.")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    bench = Bench(
        work=options.work,
        peer=options.peer,
        groups=tuple(options.groups.split(",")) if options.groups else (),
        unknown=not options.edits_only,
    )
    for half, seeds in SEEDS.items():
        for kind in sounds.MAKERS:
            for seed in seeds[: options.seeds]:
                bench.sources[f"{half}/{kind}-{seed}"] = bench.made(kind, seed, SECONDS)
        for file in MEDIA[half]:
            bench.sources[f"{half}/{file}"] = _decoded(options.media / "videos" / file)
    for name, sound in bench.sources.items():
        bench.add(name, sound)
    for kind in sounds.MAKERS:
        for seed in range(OTHERS):
            bench.add(f"other/{kind}-{seed}", bench.made(kind, 100 + seed, OTHERS_SECONDS))
    for kind in sounds.PLAIN:
        for seed in range(3):
            bench.add(f"plain/{kind}-{seed}", bench.made(kind, seed, SECONDS))
    hours = sum(len(c.codes) // 4 for c in bench.known.values()) * STEP / 3600
    postings = build(_unpacked(bench.known))
    versions = (
        f"Python {platform.python_version()}, numpy {np.__version__}, PyAV {av.__version__}, "
        f"ffmpeg {ffmpeg.version()}. Known: {len(bench.known)} sounds, {float(hours):.1f} hours."
    )
    lines = [
        "# Sound: what is found again",
        "",
        "    python bench/copies_sound.py MEDIA --work FOLDER --peer --out bench/copies_sound.md",
        "",
        versions,
        "",
    ]
    for half in ("tune", "test") if options.half == "both" else (options.half,):
        tallies, false, negatives = run(bench, half, postings)
        lines += table(half, tallies, negatives)
        print("\n".join(false), file=sys.stderr)
    if options.hours:
        lines += ["## Cost", "", cost(bench, options.hours), ""]
    text = "\n".join(lines)
    if options.out:
        options.out.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
