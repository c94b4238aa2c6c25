"""What works on this machine, in which version, where it is, and what repairs it."""

from __future__ import annotations

import importlib
import os
import platform
import sqlite3
import sys
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import distribution
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from forensics import __version__
from forensics.errors import ForensicsError, MediaError
from forensics.ledger.journal import journal_mode
from forensics.media import ffmpeg, tesseract
from forensics.media.capabilities import package_version
from forensics.media.limits import Limits
from forensics.media.worker import Worker

SECONDS = 30.0
"""Wall-clock time for one trial."""


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
    ("av", "av", "containers and packets"),
    ("pillow", "PIL.Image", "pictures"),
    ("pillow-heif", "pillow_heif", "HEIC pictures"),
    ("pypdfium2", "pypdfium2", "PDF pages"),
    ("exifread", "exifread", "EXIF"),
    ("c2pa-python", "c2pa", "content credentials"),
    ("opencv-python-headless", "cv2", "picture analysis"),
    ("imagehash", "imagehash", "perceptual hashes"),
    ("cryptography", "cryptography.hazmat.bindings._rust", "signed checkpoints"),
    ("sqlalchemy", "sqlalchemy", "the ledger"),
)


def examine() -> list[Finding]:
    """Returns the state of every capability, by really using the ones that can fail."""
    with Worker(Limits()) as worker:
        return [
            Finding(name="forensics", state="ready", version=__version__),
            Finding(
                name="Python", state="ready", version=platform.python_version(), path=sys.executable
            ),
            _ffmpeg(worker),
            *(_package(*package, worker) for package in _PACKAGES),
            _tesseract(worker),
            _no_second_opencv(),
            _sqlite(),
            _postgres(worker),
            *_worker(worker),
        ]


def _ffmpeg(worker: Worker) -> Finding:
    """Asks for the version, and decodes a small picture in the way that every video is decoded."""
    name, version, path = "ffmpeg (decoding)", "", ""
    try:
        version, path = ffmpeg.version(), str(ffmpeg.binary())
        with TemporaryDirectory(prefix="forensics-") as folder:
            worker.call("forensics.doctor:decode_trial", deadline=SECONDS, folder=folder)
    except ForensicsError as error:
        repair = f"{error} pip install --force-reinstall imageio-ffmpeg".strip()
        if "FORENSICS_FFMPEG" in os.environ:
            repair = f"{error} Unset FORENSICS_FFMPEG to use the bundled ffmpeg."
        return Finding(name=name, state="missing", version=version, path=path, repair=repair)
    return Finding(name=name, state="ready", version=version, path=path)


def decode_trial(folder: str) -> None:
    """Worker task: makes a picture and decodes it by ffmpeg, with every option that a check uses.

    Raises:
        ForensicsError: This ffmpeg cannot do it; old ones lack an option.
    """
    work = Path(folder)
    (work / "asset").write_bytes(b"P5 32 32 255\n" + bytes(range(256)) * 4)
    reduction = ffmpeg.Reduction(
        stream=0, keyframes=True, every=Fraction(1), limit=1, width=16, height=16
    )
    pixels = work / "pixels"
    ffmpeg.decode(
        work / "asset",
        "pgm_pipe",
        reduction,
        pixels=pixels,
        times=work / "times",
        seconds=SECONDS - 1,
    )
    if pixels.stat().st_size != 16 * 16 * 3:
        raise MediaError("This ffmpeg does not decode a simple picture.")


def _package(name: str, module: str, purpose: str, worker: Worker) -> Finding:
    version = package_version(name)
    label = f"{name} ({purpose})"
    if version is None:
        return Finding(name=label, state="missing", repair=f"pip install {name}")
    where = str(distribution(name).locate_file(""))
    try:  # a package can be installed and still not load, for want of a system library
        worker.call("forensics.doctor:import_trial", deadline=SECONDS, module=module)
    except ForensicsError:
        repair = f"pip install --force-reinstall {name}"
        return Finding(name=label, state="missing", version=version, path=where, repair=repair)
    return Finding(name=label, state="ready", version=version, path=where)


def _tesseract(worker: Worker) -> Finding:
    """Has tesseract read a word; only the lettering of maps needs it, and labels can be given by hand."""
    name = "tesseract (lettering of maps)"
    install = "apt-get install tesseract-ocr tesseract-ocr-rus tesseract-ocr-ukr"
    try:
        version, lacking = worker.call("forensics.doctor:reading_trial", deadline=SECONDS)
    except ForensicsError as error:
        return Finding(name=name, state="limited", repair=f"{error} {install}")
    path = tesseract.program() or ""
    if lacking:
        repair = f"Without the language data of {', '.join(lacking)}. {install}"
        return Finding(name=name, state="limited", version=version, path=path, repair=repair)
    return Finding(name=name, state="ready", version=version, path=path)


def reading_trial() -> tuple[str, list[str]]:
    """Worker task: reads an empty picture; returns the version, and the languages that are not there.

    Raises:
        ForensicsError: tesseract is missing or does not run.
    """
    tesseract.read([np.full((40, 120), 255, np.uint8)], mode=tesseract.LINE, seconds=SECONDS - 1)
    there = tesseract.languages()
    return tesseract.version() or "", [name for name in tesseract.LANGUAGES if name not in there]


def import_trial(module: str) -> None:
    """Worker task: loads a module."""
    importlib.import_module(module)


def _sqlite() -> Finding:
    """Says which journal a ledger file gets; both are safe, the write-ahead log is faster."""
    version, journal = sqlite3.sqlite_version, journal_mode(sqlite3.sqlite_version_info)
    if journal == "wal":
        return Finding(
            name="SQLite (ledger files, journal mode WAL)", state="ready", version=version
        )
    return Finding(
        name="SQLite (ledger files, journal mode TRUNCATE)",
        state="limited",
        version=version,
        repair="This SQLite has the WAL-reset bug (fixed in 3.51.3, 3.50.7 and 3.44.6), so ledgers use the "
        "journal mode TRUNCATE: as safe, but slower. A Python with a newer SQLite needs no other change.",
    )


def _postgres(worker: Worker) -> Finding:
    """Says whether ledgers on a PostgreSQL server can be used; most people need none."""
    label = "psycopg (ledgers on PostgreSQL)"
    if package_version("psycopg") is None:
        repair = 'Only for ledgers on a server: pip install "forensics[postgres]"'
        return Finding(name=label, state="limited", repair=repair)
    return _package("psycopg", "psycopg", "ledgers on PostgreSQL", worker)


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


def _worker(worker: Worker) -> list[Finding]:
    """Asks a worker under limits whether it is cut off from networks."""
    try:
        answer = worker.call("forensics.media.limits:state", deadline=SECONDS)
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
