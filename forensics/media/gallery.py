"""Small pictures for a report: frames of the working copy, and of an earlier copy at one time.

Worker tasks; a report is made of what they leave in the scratch folder.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from forensics.errors import MediaError
from forensics.media import ffmpeg
from forensics.media.identify import HEAD, identify
from forensics.media.prepare import load_samples, main_picture_stream, prepare, reduced
from forensics.media.prepared import load
from forensics.media.probe import open_container, probe_container
from forensics.media.stills import refuse_if_large
from forensics.model import MediaKind

SIDE = 480
"""Pixels on the longer side."""

QUALITY = 82
_NO_PICTURES = "The earlier copy holds no pictures."


def thumbnails(folder: str, indices: list[int]) -> Any:
    """Writes samples of the working copy as JPEG; returns [{path, width, height}]."""
    work = Path(folder)
    samples = load_samples(work, load(work))
    return [_write(samples.pixels(i), work / f"frame-{i}.jpg") for i in indices]


def picture_at(
    source: str, folder: str, name: str, time: str, pixel_limit: int, seconds: float
) -> Any:
    """Writes the picture of another asset at a time as JPEG; returns {path, width, height}.

    Raises:
        MediaError: It could not be decoded.
    """
    work, wanted = Path(folder), Fraction(time)
    with TemporaryDirectory(dir=work) as scratch:
        other = Path(scratch)
        (other / "asset").symlink_to(source)
        with Path(source).open("rb") as stream:
            identity = identify(stream.read(HEAD))
        if identity.kind is None:
            raise MediaError("The earlier copy is of a kind that is not examined.")
        pixels = None
        if identity.kind is MediaKind.VIDEO and identity.demuxer:
            pixels = _seek(other, identity.demuxer, wanted, pixel_limit, seconds)
        if pixels is None:
            prepare(scratch, identity.kind, identity.mime, identity.demuxer, pixel_limit, seconds)
            prepared = load(other)
            samples = load_samples(other, prepared)
            if not len(samples):
                raise MediaError(_NO_PICTURES)
            nearest = min(prepared.samples, key=lambda s: (abs(s.time - wanted), s.index))
            pixels = samples.pixels(nearest.index)
        return _write(pixels, work / f"{name}.jpg")


def _seek(
    folder: Path, demuxer: str, time: Fraction, pixel_limit: int, seconds: float
) -> NDArray[np.uint8] | None:
    """The picture of a video nearest to a time, without decoding all that comes before it.

    Half a picture's span is taken off, so that the first picture from there on is the nearest. None where
    the container led elsewhere: not every one can be sought in.
    """
    probe, _ = probe_container(folder / "asset", demuxer)
    stream = main_picture_stream(probe)
    if stream is None or not stream.width or not stream.height:
        raise MediaError(_NO_PICTURES)
    refuse_if_large(stream.width, stream.height, pixel_limit)
    with open_container(folder / "asset", demuxer) as container:
        zero = Fraction(container.start_time or 0, 1_000_000)  # ffmpeg seeks from there
    span = 1 / stream.frame_rate if stream.frame_rate else Fraction(0)
    time = min(time, max(Fraction(0), (stream.duration or time) - span))
    start = stream.start or Fraction(0)
    width, height = reduced(stream.width, stream.height, stream.rotation, SIDE)
    pixels = folder / "seek.rgb"
    ffmpeg.decode(
        folder / "asset",
        demuxer,
        ffmpeg.Reduction(
            stream=stream.index,
            keyframes=False,
            every=None,
            limit=1,
            width=width,
            height=height,
            start=max(Fraction(0), time - span / 2 + start - zero),
        ),
        pixels=pixels,
        times=folder / "seek.txt",
        seconds=seconds,
    )
    found = (folder / "seek.txt").read_text().split()
    if len(found) != 2 or pixels.stat().st_size < width * height * 3:
        return None
    if abs(int(found[0]) * Fraction(found[1]) - start - time) > span:
        return None
    return np.fromfile(pixels, np.uint8, width * height * 3).reshape(height, width, 3)


def _write(pixels: NDArray[np.uint8], path: Path) -> dict[str, Any]:
    image = Image.fromarray(np.ascontiguousarray(pixels))
    image.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    image.save(path, "JPEG", quality=QUALITY)
    return {"path": str(path), "width": image.width, "height": image.height}
