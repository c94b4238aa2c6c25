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
from forensics.media.identify import HEAD, identify
from forensics.media.passage import passage
from forensics.media.prepare import load_samples, main_picture_stream, prepare
from forensics.media.prepared import load
from forensics.media.probe import probe_container
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
    span = 1 / stream.frame_rate if stream.frame_rate else Fraction(0)
    time = min(time, max(Fraction(0), (stream.duration or time) - span))
    found = passage(
        folder,
        demuxer,
        stream,
        start=time - span / 2,
        every=None,
        limit=1,
        long_side=SIDE,
        seconds=seconds,
    )
    return next((pixels for at, pixels in found if abs(at - time) <= span), None)


def _write(pixels: NDArray[np.uint8], path: Path) -> dict[str, Any]:
    image = Image.fromarray(np.ascontiguousarray(pixels))
    image.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    image.save(path, "JPEG", quality=QUALITY)
    return {"path": str(path), "width": image.width, "height": image.height}
