"""Takes a file in: hashes it first, copies it to the scratch folder, and says what it is.

Everything after this works on the copy. The original is opened once, for reading.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from forensics.errors import IntakeError
from forensics.media.identify import Identity, identify_file
from forensics.model import Sha256

CHUNK = 1 << 20
MAX_SIZE = 64 << 30
"""Bytes. A file beyond this is refused."""

EXAMINED = (
    "Examined are pictures (JPEG, PNG, WebP, TIFF, HEIC, AVIF, GIF, BMP), videos (MP4, MOV, MKV, WebM, "
    "AVI, MPEG-TS), sound, PDF, SVG, and places as data (GeoJSON, KML, KMZ, GPX)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A file that was taken in.

    Attributes:
        sha256: Of the bytes as they were read.
        blake2b: BLAKE2b-512 of the same bytes, hexadecimal.
        size: Bytes.
        name: File name as received.
        identity: What it is; its kind is one that is examined.
        path: The working copy.
    """

    sha256: Sha256
    blake2b: str
    size: int
    name: str
    identity: Identity
    path: Path


def take_in(source: Path | BinaryIO, folder: Path, *, name: str | None = None) -> Received:
    """Copies `source` into `folder` while hashing it, and identifies it.

    Args:
        source: A path, or an open binary stream (standard input).
        folder: An empty scratch folder.
        name: File name as received; by default the path's last part.

    Raises:
        IntakeError: It cannot be read, is empty, too large, not a regular file, or of no kind that is
            examined.
    """
    copy = folder / "asset"
    if isinstance(source, Path):
        name = name or source.name
        with _open_regular(source) as stream:
            digests, size = _copy(stream, copy, str(source))
    else:
        name = name or "(standard input)"
        digests, size = _copy(source, copy, name)
    said = str(source) if isinstance(source, Path) else name
    if not size:
        raise IntakeError(f"{said} is empty: expected media, found 0 bytes.", hint=EXAMINED)
    identity = identify_file(copy)
    if identity.kind is None:
        raise IntakeError(
            f"{said} looks like {identity.label}, which is not examined.", hint=EXAMINED
        )
    copy.chmod(0o400)
    sha256, blake2b = digests
    return Received(
        sha256=sha256, blake2b=blake2b, size=size, name=name, identity=identity, path=copy
    )


def _open_regular(source: Path) -> BinaryIO:
    """Opens without waiting on pipes or devices that pose as files."""
    try:
        descriptor = os.open(source, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        raise _unreadable(str(source), error) from error
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        what = "a folder" if stat.S_ISDIR(found.st_mode) else "a pipe or device"
        raise IntakeError(f"{source} is {what}: expected a regular file.", hint=EXAMINED)
    if found.st_size > MAX_SIZE:
        os.close(descriptor)
        raise IntakeError(
            f"{source} has {found.st_size} bytes: at most {MAX_SIZE} are taken in.",
            hint="Cut the part that matters and say so in the claim.",
        )
    return os.fdopen(descriptor, "rb")


def _unreadable(name: str, error: Exception) -> IntakeError:
    return IntakeError(
        f"{name} cannot be read: {getattr(error, 'strerror', None) or error}.",
        hint="Check the path and its permissions; nothing was recorded for it.",
    )


def _chunks(stream: BinaryIO, name: str) -> Iterator[bytes]:
    try:
        while chunk := stream.read(CHUNK):
            yield chunk
    except OSError as error:
        raise _unreadable(name, error) from error


def _copy(stream: BinaryIO, copy: Path, name: str) -> tuple[tuple[Sha256, str], int]:
    """Returns SHA-256 and BLAKE2b-512 (RFC 7693), and size."""
    digest, second, size = hashlib.sha256(), hashlib.blake2b(), 0
    try:
        with copy.open("wb") as out:
            for chunk in _chunks(stream, name):
                digest.update(chunk)
                second.update(chunk)
                size += len(chunk)
                if size > MAX_SIZE:
                    raise IntakeError(f"{name} goes on past {MAX_SIZE} bytes, the most taken in.")
                out.write(chunk)
    except OSError as error:
        raise IntakeError(
            f"{name} could not be copied to the scratch folder: {error.strerror}.",
            hint=f"Free space at {copy.parent.parent}, or set TMPDIR to a larger disk.",
        ) from error
    return (Sha256(digest.hexdigest()), second.hexdigest()), size
