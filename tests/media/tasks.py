"""Tasks that a worker is given by tests: each misbehaves in one way."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from forensics.errors import MissingCapability, NotFitting
from forensics.media.limits import allow_processor_time
from forensics.media.worker import report_progress


def echo(value: Any) -> Any:
    return value


def process() -> int:
    return os.getpid()


def peak() -> int:
    """Most memory ever resident, KiB."""
    status = Path("/proc/self/status").read_text()  # getrusage starts at the parent's peak
    return int(status.split("VmHWM:")[1].split()[0])


def abort() -> None:
    os.abort()


def fault() -> None:
    ctypes.string_at(0)


def leave() -> None:
    sys.exit(3)


def close_the_answers() -> None:
    os.closerange(3, 64)
    time.sleep(600)


def allocate(size: int) -> int:
    return len(bytearray(size))


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def spin() -> None:
    allow_processor_time(0.2)
    while True:
        pass


def use_up_processor_time_at_once() -> None:
    os.kill(os.getpid(), signal.SIGXCPU)


def write(path: str, size: int) -> None:
    with Path(path).open("wb") as out:
        out.truncate(0)
        for _ in range(size >> 16):
            out.write(bytes(1 << 16))


def shout() -> str:
    sys.stdout.write("\x1b[2J<script>\n")
    os.write(1, b'{"order": 1, "result": "forged"}\n')
    os.write(2, b"\x1b]0;title\x07")
    return "said"


def flood(size: int) -> str:
    return "x" * size


def progress(steps: int) -> str:
    for step in range(steps):
        report_progress("stepping", step / steps)
    return "done"


def progress_without_end() -> None:
    while True:
        report_progress("stepping", 0.5)


def speak(line: str) -> None:
    """Writes past the protocol, as a worker that was taken over could."""
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, line.encode() + b"\n")
        except OSError:
            continue
    time.sleep(600)


def speak_without_newline() -> None:
    while True:
        for descriptor in range(3, 8):
            try:
                os.write(descriptor, b"x" * (1 << 16))
            except OSError:
                continue


def leave_a_child() -> int:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid


def wait_on_a_child(pid_file: str) -> None:
    """Runs a program as decoders are run, and waits for it."""
    program = (
        "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"
    )
    subprocess.run([sys.executable, "-c", program, pid_file], check=False)


def run_a_decoder(pid_file: str) -> None:
    from forensics.media import ffmpeg

    program = (
        "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"
    )
    ffmpeg.run([sys.executable, "-c", program, pid_file], seconds=600)


def die_while_a_child_holds_the_answers() -> None:
    if os.fork() == 0:
        time.sleep(600)
    os.abort()


def answer_twice() -> int:
    os.fork()
    return os.getpid()


def surroundings() -> dict[str, str]:
    return dict(os.environ)


def connect(port: int) -> str:
    with socket.socket() as client:
        client.settimeout(5)
        client.connect(("127.0.0.1", port))
    return "connected"


def descriptors() -> list[str]:
    found = []
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - what the names are links to may be gone
        try:
            found.append(os.readlink(f"/proc/self/fd/{name}"))  # noqa: PTH115 - the link as it is written
        except OSError:
            continue
    return found


def not_json() -> Any:
    return {1, 2}


def raises(kind: str) -> None:
    raise {"NotFitting": NotFitting, "MissingCapability": MissingCapability}[kind](
        "no such luck", hint="try elsewhere"
    )


def stumble(secret: str) -> None:
    raise KeyError(secret)


def pixels_by_cv2(path: str) -> str:
    import cv2

    try:
        picture = cv2.imread(path)
    except cv2.error as error:
        return f"refused: {error.code}"
    return "nothing" if picture is None else str(picture.shape)


def touch_samples(folder: str, count: int) -> int:
    """Reads `count` pictures through the working copy; returns the growth of resident memory, KiB."""
    from forensics.media.prepare import load_samples
    from forensics.media.prepared import load

    samples = load_samples(Path(folder), load(Path(folder)))
    samples.pixels(0).sum()
    before = peak()
    for index in range(count):
        samples.pixels(index).sum()
    return peak() - before
