"""Worker task: signs every picture of a working copy."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.codec import plain, revive
from forensics.media.prepare import load_samples
from forensics.media.prepared import load
from forensics.media.worker import report_progress
from forensics.model import LocalCodes, Look, SamplePlan, Signature
from forensics.signatures.keep import kept
from forensics.signatures.local import look, mirrored_codes
from forensics.signatures.schemes import PDQ, SIFT_GRID
from forensics.signatures.sign import sign
from forensics.signatures.signed import Asked, Signed

LOOKS = "looks.json"
QUICK_APART, QUICK_KEPT = Fraction(10), 6
"""In a quick look pictures are kept so many seconds apart, or nearer where these would be too few."""


def sign_samples(folder: str) -> Any:
    """Returns what is made of all pictures in `folder` (`Signed`), in order of time, as JSON values.

    Raises:
        MediaError: The pictures could not be decoded.
    """
    work = Path(folder)
    samples = load_samples(work, load(work))
    cv2.setNumThreads(
        1
    )  # pictures are small: threads that wait for each other cost half as much again
    times = [samples[i].time for i in range(len(samples))]
    said = plain(sign_all(times, samples.pixels, report_progress, _apart(samples.plan, times)))
    (work / LOOKS).write_text(json.dumps(said["looks"]))
    return said


def sign_all(
    times: Sequence[Fraction],
    pixels: Callable[[int], NDArray[np.uint8]],
    watch: Callable[[str, float], None] | None = None,
    apart: Fraction | None = None,
) -> Signed:
    """Returns an asset's pictures, signed.

    Args:
        times: Of the sampled pictures, in seconds, rising.
        pixels: Gives each as RGB, shape (height, width, 3).
        watch: Told of progress.
        apart: Seconds between pictures that are kept, at least; None: as `kept` has it.
    """

    def report(done: float) -> None:
        if watch:
            watch("signing", done)

    signatures: list[Signature] = []
    asked: list[Asked] = []
    for index, time in enumerate(times):
        made, variants = sign(pixels(index), time)
        signatures.extend(made)
        asked.extend(variants)
        if index % 50 == 49:
            report(index / len(times) / 2)
    whole = [s for s in signatures if s.scheme == PDQ]
    looks: list[Look] = []
    mirrored: list[LocalCodes] = []
    chosen = kept([s.time for s in whole], [s.code for s in whole], apart)
    for number, index in enumerate(chosen):
        picture = pixels(index)
        looks.append(look(picture, times[index]))
        # A mirror image's SIFT codes are these bits in another order; ORB would be a second reading.
        mirrored.extend(
            mirrored_codes(picture, [c for c in looks[-1].local if c.scheme == SIFT_GRID])
        )
        if number % 20 == 19:
            report(0.5 + number / len(chosen) / 2)
    return Signed(
        signatures=tuple(signatures),
        looks=tuple(looks),
        asked=tuple(asked),
        mirrored=tuple(mirrored),
    )


def _apart(plan: SamplePlan, times: Sequence[Fraction]) -> Fraction | None:
    """Returns how far apart pictures are kept in a quick look, where local codes would cost most of all."""
    if not plan.keyframes or plan.every is not None or not times:
        return None
    return max(Fraction(1), min(QUICK_APART, (times[-1] - times[0]) / QUICK_KEPT))


def load_looks(folder: Path) -> tuple[Look, ...]:
    """Returns the kept pictures that signing left in a scratch folder; none if it did not come so far."""
    file = folder / LOOKS
    return revive(json.loads(file.read_text()), tuple[Look, ...]) if file.exists() else ()
