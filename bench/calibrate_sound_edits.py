"""Silence, repeats and steps in sound.

Sources: voices, streets, nature, babble, blasts and rain over the noise of place and recorder, 30 s each;
music and signals made with a computer, of copied bars; all made here (`bench/sounds.py`,
`bench/sound_cases.py`; speech by espeak-ng). Untouched as well: the sounds of the shared media folder, as
found. Edited: in one file, 1.5 to 5 s are put in again, 0.3 to 3 s are set to zero, and from some place on
all is 8 to 16 dB louder or softer; each finding is counted for itself. All are leads that move nothing, so
there is no word; music made of copied bars is found to come again, as it does.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import sound_cases
from calibrate import Item
from calibrate_mains_hum import shared

from forensics.analyses.sound_edits import SoundEdits

ANALYSIS = SoundEdits
FINDINGS = ("repeated-passage", "digital-silence", "background-step")
SETS = (
    "made-places-30s, seeds 100 to 129",
    "made-music-30s, seeds 100 to 102",
    "shared sounds: misc and tmk, as found",
)
PLACES, MUSIC = "speech and places", "music made with a computer"


def items(media: Path) -> Iterator[Item]:
    for file in shared(media):
        yield Item(
            source=file.stem.split("-")[0],
            quality="as found",
            size="any",
            edited=False,
            data=file.read_bytes(),
        )
    for seed in range(100, 130):
        random = np.random.default_rng((9, seed))
        sound = sound_cases.outdoors(seed, 30.0)
        changed = sound
        for edit in (sound_cases.looped, sound_cases.stepped, sound_cases.muted):
            changed = edit(random, changed, sound)
        yield from _coded(f"made-{seed}", PLACES, (sound, changed))
    for seed in range(100, 103):
        yield from _coded(f"music-{seed}", MUSIC, (sound_cases.music(seed, 30.0),))


def _coded(source: str, kind: str, made: tuple[sound_cases.Sound, ...]) -> Iterator[Item]:
    for coding in sound_cases.CODINGS:
        for edited, sound in enumerate(made):
            yield Item(
                source=source,
                quality=coding,
                size=kind,
                edited=bool(edited),
                data=sound_cases.coded(sound, coding),
            )
