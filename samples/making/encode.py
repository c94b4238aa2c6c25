"""Runs the ffmpeg binary that comes with imageio-ffmpeg, so that the same bytes come out twice."""

from __future__ import annotations

import subprocess
import wave
from pathlib import Path

import imageio_ffmpeg
import numpy as np

from making.raster import Vec
from making.sound import RATE

LIMIT_SECONDS = 900


def command(arguments: list[str]) -> list[str]:
    """Build a command line: one thread, quiet, no questions."""
    quiet = ["-hide_banner", "-loglevel", "error", "-nostdin", "-y"]
    return [imageio_ffmpeg.get_ffmpeg_exe(), *quiet, *arguments]


def run(arguments: list[str]) -> None:
    """Run ffmpeg to its end.

    Raises:
        RuntimeError: ffmpeg failed; the message carries what it said.
    """
    done = subprocess.run(
        command(arguments), capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"ffmpeg ended with {done.returncode}: {done.stderr.strip()}")


class FrameSink:
    """Feeds raw RGB frames to ffmpeg, which encodes them."""

    def __init__(self, *, size: tuple[int, int], rate: int, arguments: list[str]) -> None:
        """Start ffmpeg; `arguments` are what follows the input, the output path last."""
        raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}"]
        line = command([*raw, "-r", str(rate), "-i", "pipe:0", *arguments])
        line.remove("-nostdin")
        self.process = subprocess.Popen(line, stdin=subprocess.PIPE)

    def write(self, frame: bytes) -> None:
        """Hand over one frame."""
        if self.process.stdin is None:
            raise RuntimeError("ffmpeg was started without an input")
        self.process.stdin.write(frame)

    def close(self) -> None:
        """Wait for the file to be complete.

        Raises:
            RuntimeError: ffmpeg failed.
        """
        if self.process.stdin is not None:
            self.process.stdin.close()
        code = self.process.wait(timeout=LIMIT_SECONDS)
        if code != 0:
            raise RuntimeError(f"ffmpeg ended with {code} while encoding frames")


def write_wave(path: Path, samples: Vec) -> None:
    """Write one channel of sound as 16-bit PCM."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
