"""Makes `cards.txt`: PDQ codes of the test cards that ffmpeg draws, as broadcasters' cards look.

    python forensics/signatures/data/make_cards.py

One line a card and moment: code, name. Cards that move are taken at several moments.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import imageio_ffmpeg
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from forensics.signatures.pdq import luminance, pdq

OUT = Path(__file__).parent / "cards.txt"
STEADY = (
    "smptebars",
    "smptehdbars",
    "pal75bars",
    "pal100bars",
    "rgbtestsrc",
    "yuvtestsrc",
    "colorchart",
)
MOVING = ("testsrc", "testsrc2")
SHAPES = ((512, 384), (512, 288), (288, 512), (384, 384))
MOMENTS = range(0, 60, 2)


def drawn(name: str, width: int, height: int, at: int) -> np.ndarray:
    size = "" if name == "colorchart" else f"=size={width}x{height}:rate=1"
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", f"{name}{size}",
        "-vf", f"select=gte(n\\,{at}),scale={width}:{height}", "-frames:v", "1",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-",
    ]  # fmt: skip
    data = subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603 - ours, no shell
    return np.frombuffer(data, np.uint8).reshape(height, width, 3)


def main() -> None:
    lines: dict[str, str] = {}
    for name in (*STEADY, *MOVING):
        for width, height in SHAPES:
            for at in MOMENTS if name in MOVING else (0,):
                code, _ = pdq(luminance(drawn(name, width, height, at)))
                near = (bin(int(code.hex(), 16) ^ int(known, 16)).count("1") for known in lines)
                if min(near, default=256) > 12:  # what lies nearer adds nothing to the radius
                    lines[code.hex()] = f"{name} {width}x{height}"
    OUT.write_text("".join(f"{code} {name}\n" for code, name in lines.items()))
    print(f"{OUT.name}: {len(lines)} codes")


if __name__ == "__main__":
    main()
