"""Worker task: signs every picture of a working copy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from forensics.codec import plain
from forensics.media.prepare import load_samples
from forensics.media.prepared import load
from forensics.media.worker import report_progress
from forensics.model import Signature
from forensics.signatures.sign import sign


def sign_samples(folder: str) -> Any:
    """Returns the signatures of all pictures in `folder`, in order of time, as JSON values.

    Raises:
        MediaError: The pictures could not be decoded.
    """
    work = Path(folder)
    samples = load_samples(work, load(work))
    signatures: list[Signature] = []
    for index in range(len(samples)):
        signatures.extend(sign(samples.pixels(index), samples[index].time))
        if index % 50 == 49:
            report_progress("signing", index / len(samples))
    return plain(signatures)
