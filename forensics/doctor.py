"""What works on this machine, in which version, where it is, and what repairs it."""

from __future__ import annotations

import platform
import sqlite3
import sys
from dataclasses import dataclass
from importlib.metadata import distribution

from forensics import __version__
from forensics.errors import ForensicsError
from forensics.media import ffmpeg
from forensics.media.capabilities import package_version
from forensics.media.limits import Limits
from forensics.media.worker import Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One capability.

    Attributes:
        name: What it is for.
        state: "ready", "missing" or "limited".
        version: As it states it, or empty.
        path: Where it is, or empty.
        repair: One command or sentence; empty when nothing is amiss.
    """

    name: str
    state: str
    version: str = ""
    path: str = ""
    repair: str = ""


_PACKAGES = (
    ("av", "containers and packets"),
    ("pillow", "pictures"),
    ("pillow-heif", "HEIC pictures"),
    ("pypdfium2", "PDF pages"),
    ("exifread", "EXIF"),
    ("opencv-python-headless", "picture analysis"),
    ("imagehash", "perceptual hashes"),
    ("cryptography", "signed checkpoints"),
    ("sqlalchemy", "the ledger"),
)


def examine() -> list[Finding]:
    """Returns the state of every capability, by really using the ones that can fail."""
    return [
        Finding(name="forensics", state="ready", version=__version__),
        Finding(
            name="Python", state="ready", version=platform.python_version(), path=sys.executable
        ),
        _ffmpeg(),
        *(_package(name, purpose) for name, purpose in _PACKAGES),
        _no_second_opencv(),
        Finding(name="SQLite", state="ready", version=sqlite3.sqlite_version),
        *_worker(),
    ]


def _ffmpeg() -> Finding:
    name = "ffmpeg (decoding)"
    repair = "pip install --force-reinstall imageio-ffmpeg"
    try:
        return Finding(
            name=name, state="ready", version=ffmpeg.version(), path=str(ffmpeg.binary())
        )
    except (ForensicsError, OSError) as error:
        hint = error.hint if isinstance(error, ForensicsError) else ""
        return Finding(name=name, state="missing", repair=hint or repair)


def _package(name: str, purpose: str) -> Finding:
    version = package_version(name)
    label = f"{name} ({purpose})"
    if version is None:
        return Finding(name=label, state="missing", repair=f"pip install {name}")
    where = str(distribution(name).locate_file(""))
    return Finding(name=label, state="ready", version=version, path=where)


def _no_second_opencv() -> Finding:
    """Two builds of OpenCV write into one folder; the last one installed half overwrites the other."""
    other = package_version("opencv-python")
    if other is None:
        return Finding(name="one build of OpenCV", state="ready")
    return Finding(
        name="one build of OpenCV",
        state="limited",
        version=other,
        repair="pip uninstall -y opencv-python && "
        "pip install --force-reinstall opencv-python-headless",
    )


def _worker() -> list[Finding]:
    """Starts a worker under limits and asks it whether it is cut off from networks."""
    try:
        with Worker(Limits()) as worker:
            answer = worker.call("forensics.media.limits:state", deadline=30)
    except ForensicsError as error:
        return [
            Finding(name="limited worker", state="missing", repair=f"{error} {error.hint}".strip())
        ]
    memory = f"{int(answer['memory']) >> 20} MiB"
    offline = answer["offline"]
    return [
        Finding(name="limited worker", state="ready", version=memory),
        Finding(
            name="worker without network",
            state="ready" if offline else "limited",
            repair=""
            if offline
            else "The system forbids network namespaces; decoders are still kept to local files.",
        ),
    ]
