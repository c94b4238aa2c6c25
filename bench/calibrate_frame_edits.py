"""Passages repeated, looped or mirrored.

Untouched: scenes made as from a camera that is held, pans or stands (`frame_edits_scenes`), and what could
be taken for an edit: scenes that stand, wheels and screens that repeat in them, regular swings, recorded
screens, slides, time lapses, animations, backgrounds that loop, matches with replays, bulletins with an ident
shown twice; ordinary videos of 36 kinds (`frame_edits_ordinary`, without those that a rule was made for); and
those videos of the shared folder that nothing was tuned on. One in four at another frame rate (25 to 30,
30 to 25, irregular). Edited: camera-like scenes and those videos, a run of 0.6 s and more put in elsewhere,
looped, put in mirrored, or mirrored in its place. Coded at crf 18, 23 and 30 by turns, and
enlarged to 720 rows at crf 28. Each kind of edit leaves one of the findings: `repeated-run` what was put in
elsewhere (4 of 7 edits, one of them mirrored), `looped-run` what directly comes again (2 of 7),
`mirrored-section` what was mirrored in its place (1 of 7); each row counts all edits. `looped-run` is
weak, for ordinary videos have it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from calibrate import Item
from frame_edits_made import UNTOUCHED, Pixels, coded, decoded, edit, untouched
from frame_edits_ordinary import ORDINARY
from frame_edits_scenes import CAMERA, OTHERS, RATE, Scene

from forensics.analyses.frame_edits import FrameEdits

ANALYSIS = FrameEdits
FINDINGS = ("repeated-run", "looped-run", "mirrored-section")
SETS = (
    "made camera-like scenes, 90 pictures of 480 x 270, seeds from 3000",
    "made scenes that could be taken for edits, seeds from 3000",
    "made ordinary videos, 150 pictures of 480 x 270, seeds from 3000",
    "videos chair-19, doorknob, pattern-longer, padded-dimensions",
)
VIDEOS = (
    "chair-19-sd-bar",
    "doorknob-hd-no-bar",
    "pattern-longer-no-bar",
    "test-padded-dimensions",
)
EDITS = ("repeat", "loop", "mirror-copy", "repeat", "loop", "mirror", "repeat")
CODINGS = ("crf 18", "crf 23", "crf 30")
LARGE = "720p CRF 28"
PICTURES, LONGER = 90, 150
CAMERAS, OTHER, COMMON, LARGE_EVERY = 20, 4, 3, 5
"""Seeds of each camera-like, other and ordinary scene; one source in so many is coded large as well."""
FIRST = 3000
"""The first seed; rules and thresholds were chosen on seeds below 2000."""
LEARNT = frozenset({"plain figure", "arrow", "teaser", "report"})
"""Ordinary kinds that were accused when they were first looked at, and that a rule was made for."""


def items(media: Path) -> Iterator[Item]:
    for number, source in enumerate(sources(media)):
        yield from made_of(number, source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What clips are made of; its pictures are made when they are asked for, with their rate."""

    name: str
    camera: bool
    pictures: Callable[[], tuple[list[Pixels], float]]


def sources(media: Path) -> Iterator[Source]:
    for name in VIDEOS:
        file = media / "videos" / "tmk" / f"{name}.mp4"
        if file.exists():
            yield Source(name=name, camera=True, pictures=partial(decoded, file, PICTURES))
    common = {kind: scene for kind, scene in ORDINARY.items() if kind not in LEARNT}
    for camera, scenes, seeds, count in (
        (True, CAMERA, CAMERAS, PICTURES),
        (False, OTHERS, OTHER, PICTURES),
        (False, common, COMMON, LONGER),
    ):
        for seed in range(FIRST, FIRST + seeds):
            for kind, scene in scenes.items():
                yield Source(
                    name=f"{kind}-{seed}",
                    camera=camera,
                    pictures=partial(_made, scene, seed, count),
                )


def _made(scene: Scene, seed: int, count: int) -> tuple[list[Pixels], float]:
    return list(scene(seed, count)), RATE


def made_of(number: int, source: Source) -> Iterator[Item]:
    """Yields the clips of one source: untouched, and edited where it is as from a camera."""
    pictures, rate = source.pictures()
    codings = [(CODINGS[(number + number // 6) % 3], "below 720p")]
    if number % LARGE_EVERY == 0:
        codings.append((LARGE, LARGE))
    for coding, quality in codings:
        rng = random.Random(number)  # noqa: S311 - repeatable
        kind = UNTOUCHED[1 + number // 4 % 3] if number % 4 == 3 else UNTOUCHED[0]
        layouts = [(False, untouched(kind, len(pictures), rng))]
        if source.camera:
            done = edit(EDITS[number % len(EDITS)], len(pictures), rate, rng)
            layouts.append((True, done.places))
        for edited, places in layouts:
            yield Item(
                source=source.name,
                quality=quality,
                size="any",
                edited=edited,
                data=coded(pictures, places, coding, rate),
            )
