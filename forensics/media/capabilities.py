"""What this machine can read with, and in which versions. They are part of every record."""

from __future__ import annotations

import functools
import subprocess
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from forensics import __version__
from forensics.errors import MissingCapability
from forensics.media import ffmpeg, tesseract
from forensics.model import Capability, Tool

_PACKAGES = {
    Capability.C2PA: "c2pa-python",
    Capability.PYAV: "av",
    Capability.HEIF: "pillow-heif",
    Capability.PDF: "pypdfium2",
}
_LIBRARIES = (
    "av",
    "c2pa-python",
    "exifread",
    "imagehash",
    "numpy",
    "opencv-python-headless",
    "pillow",
    "pillow-heif",
    "pypdfium2",
    "scipy",
)


@functools.cache
def package_version(name: str) -> str | None:
    """Returns the installed version of a distribution, or None."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


@functools.cache
def available() -> Mapping[Capability, str | None]:
    """Returns the version of each capability, None where it is missing."""
    found = {capability: package_version(package) for capability, package in _PACKAGES.items()}
    try:
        found[Capability.FFMPEG] = ffmpeg.version()
    except (MissingCapability, OSError):
        found[Capability.FFMPEG] = None
    try:
        found[Capability.TESSERACT] = tesseract.version()
    except (OSError, subprocess.SubprocessError):
        found[Capability.TESSERACT] = None
    return found


def libraries() -> dict[str, str]:
    """Returns the versions of all that results can depend on, by name; "missing" where absent."""
    versions = {name: package_version(name) or "missing" for name in _LIBRARIES}
    programs = {
        capability.value: available()[capability] or "missing"
        for capability in (Capability.FFMPEG, Capability.TESSERACT)
    }
    return {**programs, **versions}


def this_tool() -> Tool:
    """Returns what is at work, with its versions."""
    used = libraries()
    return Tool(
        name="forensics", version=__version__, decoder=f"ffmpeg {used['ffmpeg']}", libraries=used
    )
