"""Passages repeated, looped or mirrored.

Untouched: scenes made as from a camera that is held, pans or stands (`frame_edits_scenes`), and what could
be taken for an edit: scenes that stand, wheels and screens that repeat in them, regular swings, recorded
screens, slides, time lapses, animations, backgrounds that loop, matches with replays, bulletins with an ident
shown twice; and those videos of the shared folder that nothing was tuned on. One in four at another frame
rate (25 to 30, 30 to 25, irregular). Edited: camera-like scenes and those videos, a run of 0.6 s and more put
in elsewhere, looped, put in mirrored, or mirrored in its place. Coded at crf 18, 23 and 30 by turns, and
enlarged to 720 rows at crf 28. `repeated-run` cannot be found in the last kind of edit, nor
`mirrored-section` in the others; each row counts all edits.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from calibrate import Item
from frame_edits_made import UNTOUCHED, Pixels, coded, decoded, edit, untouched
from frame_edits_scenes import CAMERA, OTHERS, RATE

from forensics.analyses.frame_edits import FrameEdits

ANALYSIS = FrameEdits
FINDINGS = ("repeated-run", "mirrored-section")
SETS = (
    "made camera-like scenes, 90 pictures of 480 x 270, seeds from 1000",
    "made scenes that could be taken for edits, seeds from 1000",
    "videos chair-19, doorknob, pattern-longer, padded-dimensions",
)
VIDEOS = (
    "chair-19-sd-bar",
    "doorknob-hd-no-bar",
    "pattern-longer-no-bar",
    "test-padded-dimensions",
)
EDITS = ("repeat", "loop", "mirror-copy", "repeat", "loop", "mirror")
CODINGS = ("crf 18", "crf 23", "crf 30")
LARGE = "720p CRF 28"
PICTURES = 90
CAMERAS, OTHER, LARGE_EVERY = 10, 4, 7
"""Seeds of each camera-like scene and of each other scene; one source in so many is coded large as well."""


def items(media: Path) -> Iterator[Item]:
    for number, (source, pictures, rate, camera) in enumerate(_sources(media)):
        codings = [(CODINGS[(number + number // 6) % 3], "below 720p")]
        if number % LARGE_EVERY == 0:
            codings.append((LARGE, LARGE))
        for coding, size in codings:
            rng = random.Random(number)  # noqa: S311 - repeatable
            kind = UNTOUCHED[1 + number // 4 % 3] if number % 4 == 3 else UNTOUCHED[0]
            places = untouched(kind, len(pictures), rng)
            made = coded(pictures, places, coding, rate)
            yield Item(source=source, quality=size, size="any", edited=False, data=made)
            if camera:
                done = edit(EDITS[number % len(EDITS)], len(pictures), rate, rng)
                made = coded(pictures, done.places, coding, rate)
                yield Item(source=source, quality=size, size="any", edited=True, data=made)


def _sources(media: Path) -> Iterator[tuple[str, list[Pixels], float, bool]]:
    for name in VIDEOS:
        file = media / "videos" / "tmk" / f"{name}.mp4"
        if file.exists():
            pictures, rate = decoded(file, PICTURES)
            yield name, pictures, float(np.round(rate, 3)), True
    for seed in range(CAMERAS):
        for kind, scene in CAMERA.items():
            yield f"{kind}-{seed}", list(scene(1000 + seed, PICTURES)), RATE, True
    for seed in range(OTHER):
        for kind, scene in OTHERS.items():
            yield f"{kind}-{seed}", list(scene(1000 + seed, PICTURES)), RATE, False
