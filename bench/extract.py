"""What do signatures cost beside bare decoding of the same 1080p file, and beside its playing time?

    python bench/extract.py --work FOLDER [--runs 3] [--out bench/extract.md]

Bare decoding is `ffmpeg -threads 1 -i FILE -map 0:v:0 -f null -`. Ours is all from bytes to signatures:
taking in, probing, the one decode pass, signing. Both are CPU seconds, of this process and those it starts,
measured in turn in one run. The files are made here and kept in the folder: a hand-held camera over rendered
ground with people and noise.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import av
import cv2
import imageio_ffmpeg
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from copies_ours import InProcess
from copies_peers import spent
from copies_scenes import FFMPEG

from forensics.media.limits import Limits
from forensics.readings import read
from forensics.seeking import sign

WIDTH, HEIGHT, FPS = 1920, 1080, 30
VIDEOS = ((20, 3), (20, 0), (60, 3))
"""Seconds, and B pictures in a row at most: software encodes with them, most telephones without."""


def make_video(out: Path, seconds: int, between: int) -> None:
    """Writes 1080p H.264, a keyframe every 2 s: ground of several scales, figures that cross it, noise."""
    rng = np.random.default_rng(4)
    size = WIDTH * 5 // 4, HEIGHT * 5 // 4
    ground = np.zeros((size[1], size[0], 3), np.float32)
    for cells, weight in ((6, 90), (24, 60), (96, 45), (380, 30)):
        coarse = rng.random((cells * 9 // 16 + 1, cells, 3)).astype(np.float32)
        ground += weight * cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC)
    noise = rng.normal(0, 4, (8, HEIGHT, WIDTH, 1)).astype(np.float32)
    command = [FFMPEG, "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s",
               f"{WIDTH}x{HEIGHT}", "-r", str(FPS), "-i", "-", "-c:v", "libx264", "-preset", "veryfast",
               "-crf", "23", "-g", str(2 * FPS), "-bf", str(between), "-threads", "1", "-pix_fmt", "yuv420p",
               str(out)]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None  # noqa: S101 - given as PIPE
        for number in range(seconds * FPS):
            at = number / FPS
            x, y = 200 + 180 * np.sin(at / 4), 120 + 100 * np.cos(at / 5)
            move = np.float32([[1, 0, -x], [0, 1, -y]])
            seen = cv2.warpAffine(ground, move, (WIDTH, HEIGHT)) + noise[number % 8]
            picture = np.clip(seen, 0, 255).astype(np.uint8)
            for figure in range(5):
                left = int((figure * 0.23 + at * (0.03 + 0.01 * figure)) % 1 * WIDTH)
                body = (left, 520 + 40 * figure), (left + 90, 900 + 30 * figure)
                cv2.rectangle(picture, *body, (40 * figure, 90, 200 - 30 * figure), -1)
            process.stdin.write(picture.tobytes())
    if process.returncode:
        sys.exit("the video could not be made")


def decoded(video: Path, *options: str) -> None:
    command = [FFMPEG, "-nostdin", "-v", "error", "-threads", "1", *options, "-i", str(video)]
    subprocess.run([*command, "-map", "0:v:0", "-f", "null", "-"], check=True)


def signed(video: Path, *, quick: bool = False) -> int:
    """Returns how many signatures were made."""
    with InProcess() as worker, read(video, worker=worker, limits=Limits(), quick=quick) as reading:
        return len(sign(reading, worker).signatures)


WAYS: dict[str, Callable[[Path], object]] = {
    "full": signed,
    "--quick": lambda video: signed(video, quick=True),
}


def cost(step: Callable[[Path], object], video: Path) -> float:
    before = spent()
    step(video)
    return spent() - before


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    lines = [
        "# Cost of signatures beside bare decoding",
        "",
        f"    python bench/extract.py --work FOLDER --runs {options.runs}",
        "",
        (
            f"forensics {version('forensics')}, ffmpeg {imageio_ffmpeg.get_ffmpeg_version()}, numpy "
            f"{version('numpy')}, Python {platform.python_version()}, {platform.machine()}."
        ),
        f"CPU seconds of one core, median of {options.runs} runs in turn; imports are not counted.",
        "",
        "| video | | CPU s | × real time | ratio to bare decoding: median (least–most) |",
        "|---|---|---|---|---|",
    ]
    for seconds, between in VIDEOS:
        video = options.work / f"made-{seconds}-{between}.mp4"
        if not video.exists():
            part = video.with_suffix(".part.mp4")
            make_video(part, seconds, between)
            part.rename(video)
        lines += measured(video, between, options.runs)
    lines += [
        "",
        "Goals: full ≤ 1.25 × bare decoding and ≥ 5 × real time; quick ≥ 60 × real time.",
        "",
    ]
    text = "\n".join(lines)
    print(text)
    if options.out:
        options.out.write_text(text, "utf-8")


def measured(video: Path, between: int, runs: int) -> list[str]:
    """Returns the rows of one video."""
    with av.open(str(video)) as container:
        seconds = float(container.duration or 0) / av.time_base
        stream = container.streams.video[0]
        shape = f"{stream.width} × {stream.height} at {float(stream.average_rate or 0):.0f}"
    rate = video.stat().st_size * 8 / seconds / 1e6
    coded = "with B pictures" if between else "without B pictures"
    name = f"{seconds:.0f} s, {shape}, {rate:.1f} Mbit/s, {coded}"
    signed(video)  # so that imports are not counted
    bare, ours = [], {name: [] for name in WAYS}
    keyframes = []
    for _ in range(runs):
        bare.append(cost(decoded, video))
        keyframes.append(cost(lambda video: decoded(video, "-skip_frame", "nokey"), video))
        for way, step in WAYS.items():
            ours[way].append(cost(step, video))
    lines = []
    for way, costs in (
        ("bare decoding", bare),
        ("bare decoding of keyframes", keyframes),
        *((f"signatures, {way}", costs) for way, costs in ours.items()),
    ):
        ratios = sorted(mine / other for mine, other in zip(costs, bare, strict=True))
        middle = statistics.median(costs)
        lines.append(
            f"| {name} | {way} | {middle:.2f} | {seconds / middle:.1f} | "
            f"**{statistics.median(ratios):.2f}** ({ratios[0]:.2f}–{ratios[-1]:.2f}) |"
        )
        name = ""
    return lines


if __name__ == "__main__":
    main()
