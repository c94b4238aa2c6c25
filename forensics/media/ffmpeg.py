"""The one door to ffmpeg: which binary, what it is told, and how it is run.

ffmpeg-python builds the command and nothing else: it has no deadline and reads a path that begins with
"-" as an option. Here every path is absolute, only local files and one demuxer are allowed, and the
command runs under our own subprocess with a wall-clock limit. Limits on memory, processor time and file
size are inherited from the worker that calls this.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import select
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg
import imageio_ffmpeg

from forensics.errors import LimitExceeded, MediaError, MissingCapability
from forensics.media.limits import die_with_parent

POLL = 0.25
"""Seconds between two looks at a running decoder."""

GRACE = 5.0
"""Seconds in which a decoder that has said its last must end."""

MAX_COMPLAINTS = 64 * 1024
"""Bytes of a decoder's complaints that are read."""


@functools.cache
def binary() -> Path:
    """Returns the ffmpeg in use: `FORENSICS_FFMPEG` if set, else the bundled one.

    Raises:
        MissingCapability: There is none.
    """
    chosen = os.environ.get("FORENSICS_FFMPEG")
    if chosen:
        path = Path(chosen)
        if not path.is_absolute() or not os.access(path, os.X_OK):
            raise MissingCapability(
                f"FORENSICS_FFMPEG is {chosen!r}: expected the absolute path of a program.",
                hint="Set it to a full path, or unset it to use the bundled ffmpeg.",
            )
        return path
    try:
        return Path(imageio_ffmpeg.get_ffmpeg_exe()).absolute()
    except RuntimeError as error:
        raise MissingCapability(
            "No ffmpeg was found: the bundled one is missing.",
            hint="Reinstall it: pip install --force-reinstall imageio-ffmpeg",
        ) from error


@functools.cache
def version() -> str:
    """Returns the version of the ffmpeg in use, as it states it.

    Raises:
        MissingCapability: There is none, or the program is no ffmpeg.
    """
    program, said = binary(), b""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        said = subprocess.run(  # noqa: S603 - our own binary, fixed arguments
            [program, "-version"], capture_output=True, timeout=20, check=False
        ).stdout
    found = re.match(rb"ffmpeg version (\S{1,80})", said)
    if not found:
        raise MissingCapability(
            f"{program} does not answer as ffmpeg does.",
            hint="Point FORENSICS_FFMPEG at an ffmpeg, or unset it to use the bundled one.",
        )
    return found.group(1).decode("ascii", "replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduction:
    """What is taken from a stream and how small it is made.

    Attributes:
        stream: Index of the stream in the container.
        keyframes: Take each picture that can be decoded on its own.
        every: Take one more picture in each such span of seconds; None: no more, or all where keyframes
            are not asked for.
        limit: No more than this many.
        width: Pixels of the result, after turning it upright.
        height: Pixels of the result.
        threads: Decoder threads.
        start: Seconds from the start to seek to first; None: from the first picture.
        apart: Of keyframes alone, leave out those that follow the one before within so many seconds.
        sparing: Do not decode pictures that no other depends on; the next one stands for them.
    """

    stream: int
    keyframes: bool
    every: Fraction | None
    limit: int
    width: int
    height: int
    threads: int = 2
    start: Fraction | None = None
    apart: Fraction | None = None
    sparing: bool = False


def decode(
    source: Path,
    demuxer: str,
    reduction: Reduction,
    *,
    pixels: Path,
    times: Path,
    seconds: float,
    watch: Callable[[], None] = lambda: None,
) -> tuple[str, ...]:
    """Decodes a stream once and writes the chosen pictures, reduced, as raw RGB.

    Args:
        source: The working copy.
        demuxer: The one demuxer that may open it.
        reduction: What to take.
        pixels: Written: pictures of height × width × 3 bytes, one after the other.
        times: Written: one line a picture, "pts time_base" of the stream it came from.
        seconds: Wall-clock limit.
        watch: Called a few times a second while it runs.

    Returns:
        What the decoder complained of, one line each.

    Raises:
        LimitExceeded: It did not end in time.
        MediaError: It ended without success.
    """
    # No probe of the whitelist is left to defaults: "file" alone, so a playlist opens nothing else.
    stream = ffmpeg.input(
        str(source.absolute()),
        f=demuxer,
        protocol_whitelist="file",
        format_whitelist=demuxer,
        threads=reduction.threads,
        **({} if reduction.start is None else {"ss": f"{float(reduction.start):.6f}"}),
        **_left_out(reduction),
    )[str(reduction.stream)]
    stream = stream.filter("select", _selection(reduction)) if reduction.every else stream
    stream = stream.filter(
        "scale", reduction.width, reduction.height, flags="area+accurate_rnd+bitexact"
    )
    # Times are wanted as the container states them: not shifted (`copyts`), and in its own ticks.
    output = ffmpeg.output(
        stream,
        str(pixels.absolute()),
        f="rawvideo",
        pix_fmt="rgb24",
        fps_mode="passthrough",
        enc_time_base="demux",
        stats_enc_pre=str(times.absolute()),
        stats_enc_pre_fmt="{pts} {tb}",
        **{"frames:v": reduction.limit},
    )
    return run(_command(output, "-copyts"), seconds=seconds, watch=watch)


def draw(source: Path, width: int, *, picture: Path, seconds: float) -> None:
    """Rasterises a vector drawing (SVG), `width` pixels wide and as high as it then is.

    One that states no size of its own is drawn into a square.

    Writes `picture` as PAM with four channels, the colours multiplied by their opacity.

    Raises:
        LimitExceeded: It did not end in time.
        MediaError: It ended without success.
    """
    stream = ffmpeg.input(
        str(source.absolute()),
        f="svg_pipe",
        protocol_whitelist="file",
        format_whitelist="svg_pipe",
        width=width,
        height=width,  # counts only where the drawing states no size
    )
    output = ffmpeg.output(
        stream,
        str(picture.absolute()),
        f="image2pipe",
        vcodec="pam",
        pix_fmt="rgba",
        **{"frames:v": 1},
    )
    run(_command(output), seconds=seconds)


def _command(output: Any, *options: str) -> list[str]:
    program, *rest = output.compile(cmd=str(binary()), overwrite_output=True)
    return [program, "-nostdin", "-hide_banner", "-loglevel", "repeat+error", *options, *rest]


def _left_out(reduction: Reduction) -> dict[str, str]:
    """Options by which the decoder does not even look at what is not wanted."""
    if reduction.every:
        return {"skip_frame": "noref"} if reduction.sparing else {}
    if not reduction.keyframes:
        return {}
    options = {"skip_frame": "nokey"}
    if reduction.apart:
        # Variable 0 holds when the next is due, 1 whether there was one; a packet without a time is kept.
        due = f"pts*tb+{float(reduction.apart):.6f}"
        wanted = "key*(eq(pts,nopts)+not(ld(1))+gte(pts*tb,ld(0)))"
        dropping = f"noise=drop='if({wanted},0*st(1,1)*st(0,{due}),1)'"
        options[f"bsf:{reduction.stream}"] = dropping
    return options


def _selection(reduction: Reduction) -> str:
    """One picture for each full span since the first, and every keyframe (ffmpeg expression)."""
    every = reduction.every or Fraction(1)
    slot = f"floor((t-start_t)*{every.denominator}/{every.numerator})"
    before = f"floor((prev_t-start_t)*{every.denominator}/{every.numerator})"
    key = "+key" if reduction.keyframes else ""
    return f"isnan(prev_t)+gt({slot},{before}){key}"


def run(
    command: list[str], *, seconds: float, watch: Callable[[], None] = lambda: None
) -> tuple[str, ...]:
    """Runs a decoder command to its end; see `decode` for what it returns and raises."""
    with subprocess.Popen(  # noqa: S603 - no shell; built above from absolute paths
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=die_with_parent,  # noqa: PLW1509 - one system call in a process of one thread
    ) as process:
        try:
            complaints = _follow(process, seconds, watch)
        except BaseException:
            process.kill()
            raise
    lines = tuple(complaints.decode("utf-8", "replace").splitlines())
    if process.returncode == -signal.SIGXCPU:
        raise LimitExceeded("Decoding used more processor time than allowed and was stopped.")
    if process.returncode:
        raise MediaError(
            f"The decoder ended with {process.returncode}: {_cause(lines)}.",
            hint="The file may be cut off or damaged; ask for it again and compare the sizes.",
        )
    return lines


def _follow(process: subprocess.Popen[bytes], seconds: float, watch: Callable[[], None]) -> bytes:
    """Waits for a decoder to end and returns what it complained of, up to `MAX_COMPLAINTS` bytes."""
    assert process.stderr is not None  # noqa: S101 - given as PIPE
    errors, complaints = process.stderr.fileno(), b""
    until, looked = time.monotonic() + seconds, time.monotonic()
    while (now := time.monotonic()) < until:
        if select.select([errors], [], [], min(POLL, until - now))[0]:
            said = os.read(errors, 1 << 16)
            if not said:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(GRACE)
                    return complaints
                break
            complaints += said[: MAX_COMPLAINTS - len(complaints)]
        if now - looked >= POLL:
            watch()
            looked = now
    raise LimitExceeded(
        f"Decoding did not end within {seconds:.0f} s.",
        hint="Raise --deadline, or cut the part that matters.",
    )


def _cause(lines: tuple[str, ...]) -> str:
    """The first complaint, without addresses, which differ from run to run, and without paths."""
    text = next((line for line in lines if line.strip()), "it said nothing")
    return re.sub(r"(\[[^\]]*\] ?)|(/\S+)", "", text).strip().rstrip(".")[:200]
