"""What does a check cost beside bare decoding of the same file, and does its memory grow with length?

Makes camera-like 1080p H.264 clips, then runs `forensics check` and `ffmpeg -f null` on each in turn and
prints a Markdown table: processor seconds, wall seconds, peak memory, and their ratio.

    python bench/check.py --minutes 1 10 --out bench/check.md

Processor time is that of the whole process tree (wait4). Memory is the largest sum of proportional set sizes
(/proc/*/smaps_rollup) over the tree, looked at every 50 ms. Linux only.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import imageio_ffmpeg

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
SECOND_SOURCE = "testsrc2=s=1920x1080:r=30,noise=alls=8:allf=t,format=yuv420p"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One run: processor seconds, wall seconds, peak memory in MiB."""

    processor: float
    wall: float
    memory: float


def make_clip(folder: Path, minutes: int) -> Path:
    """Makes one minute of picture and sound, and repeats its packets for longer clips."""
    minute = folder / "minute.mp4"
    if not minute.exists():
        subprocess.run(
            [FFMPEG, "-v", "error", "-f", "lavfi", "-i", SECOND_SOURCE,
             "-f", "lavfi", "-i", "anoisesrc=a=0.05:seed=7:r=48000", "-t", "60", "-c:v", "libx264",
             "-preset", "veryfast", "-crf", "24", "-g", "60", "-c:a", "aac", str(minute)],
            check=True,
        )  # fmt: skip
    if minutes == 1:
        return minute
    clip = folder / f"{minutes}-minutes.mp4"
    subprocess.run(
        [FFMPEG, "-v", "error", "-stream_loop", str(minutes - 1), "-i", str(minute), "-c", "copy",
         str(clip)],
        check=True,
    )  # fmt: skip
    return clip


def tree_memory(root: int) -> float:
    """Returns the proportional set size of a process and all below it, in MiB."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    total, stack = 0, [root]
    while stack:
        process = stack.pop()
        stack.extend(children.get(process, []))
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def run(command: list[str]) -> Cost:
    """Runs a command to its end and returns what it cost."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak, over = 0.0, threading.Event()

    def look() -> None:
        nonlocal peak
        while not over.wait(0.05):
            peak = max(peak, tree_memory(process.pid))

    watcher = threading.Thread(target=look)
    watcher.start()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    over.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1}:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return Cost(processor=used.ru_utime + used.ru_stime, wall=wall, memory=peak)


def median(costs: list[Cost]) -> Cost:
    return Cost(
        processor=statistics.median(c.processor for c in costs),
        wall=statistics.median(c.wall for c in costs),
        memory=max(c.memory for c in costs),
    )


def measure(clip: Path, folder: Path, repeats: int) -> tuple[Cost, Cost]:
    """Returns (bare decode, check), each the median of alternating runs; memory is the largest."""
    forensics = str(Path(sys.executable).with_name("forensics"))
    bare, check = [], []
    for number in range(repeats):
        bare.append(run([FFMPEG, "-nostdin", "-v", "error", "-threads", "2", "-i", str(clip),
                         "-map", "0:v:0", "-f", "null", "-"]))  # fmt: skip
        ledger = (
            folder / f"{clip.stem}-{number}.sqlite"
        )  # a fresh one, so that each run does the same
        check.append(run([forensics, "check", str(clip), "--ledger", str(ledger)]))
    return median(bare), median(check)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for minutes in options.minutes:
            clip = make_clip(folder, minutes)
            bare, check = measure(clip, folder, options.repeats)
            rows.append(
                f"| {minutes} min, {clip.stat().st_size / 1e6:.0f} MB | {bare.processor:.1f} | "
                f"{check.processor:.1f} | **{check.processor / bare.processor:.2f}** | {bare.wall:.1f} | "
                f"{check.wall:.1f} | {bare.memory:.0f} | **{check.memory:.0f}** |"
            )
    command = f"python bench/check.py --minutes {' '.join(map(str, options.minutes))}"
    table = f"""# Cost of a check beside bare decoding

`{command} --repeats {options.repeats}`

forensics {version("forensics")}, ffmpeg {imageio_ffmpeg.get_ffmpeg_version()}, PyAV {version("av")},
numpy {version("numpy")}, Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}.
Clips: 1920 × 1080, 30 pictures per second, x264 veryfast CRF 24, a keyframe every 2 s, AAC sound; moving test
picture, noise; longer clips repeat the packets of the first minute. Median of {options.repeats} alternating
runs, a fresh ledger each, the original kept; memory is the largest seen. Bare decoding is
`ffmpeg -threads 2 -i FILE -map 0:v:0 -f null -`. Goals: ratio ≤ 1.25, memory ≤ 600 MiB whatever the
length.

| clip | decode, CPU s | check, CPU s | ratio | decode, s | check, s | decode, MiB | check, MiB |
|---|---|---|---|---|---|---|---|
{chr(10).join(rows)}
"""
    print(table)
    if options.out:
        options.out.write_text(table, "utf-8")


if __name__ == "__main__":
    main()
