"""The manifest: which files there are, with which digests, made by which versions."""

from __future__ import annotations

import hashlib
import platform
import re
import subprocess
import tomllib
from importlib.metadata import version
from pathlib import Path

import imageio_ffmpeg

LIBRARIES = ("numpy", "opencv-python-headless", "pillow", "imageio-ffmpeg")


def digest(path: Path) -> str:
    """Give the SHA-256 of a file, as 64 hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def versions() -> dict[str, str]:
    """Give the versions on which the bytes depend."""
    first = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-version"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout.split()
    found = {name: version(name) for name in LIBRARIES}
    return {**found, "ffmpeg": first[2], "machine": platform.machine()}


def digests(path: Path) -> dict[str, str]:
    """Read the digests that a manifest states, by file name."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["file"]
    return {entry["name"]: entry["sha256"] for entry in entries}


def stated_versions(path: Path) -> dict[str, str]:
    """Read the versions that a manifest states."""
    made_with: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))["made_with"]
    return made_with


def refresh(path: Path, folder: Path) -> None:
    """Bring digests, sizes and versions up to date; the prose of the manifest is kept.

    Args:
        path: The manifest.
        folder: Where the files lie.

    Raises:
        ValueError: The manifest lacks the two lines for a file that it names.
    """
    words = path.read_text(encoding="utf-8")
    for name in digests(path):
        file = folder / name
        pattern = rf'(name = "{re.escape(name)}"\nsha256 = )"[^"]*"(\nsize = )\d+'
        words, count = re.subn(pattern, rf'\g<1>"{digest(file)}"\g<2>{file.stat().st_size}', words)
        if count != 1:
            raise ValueError(f"{path.name}: expected one block for {name}, found {count}")
    for key, value in versions().items():
        words = re.sub(rf'^("?{re.escape(key)}"? = )"[^"]*"', rf'\g<1>"{value}"', words, flags=re.M)
    path.write_text(words, encoding="utf-8")
