"""Breaks in the phase of mains hum.

Sources: sounds of places and voices with hum, all made here (`bench/sound_cases.py`, 24 s each): a grid whose
frequency wanders by some 20 mHz, multiples of differing strength, at -50 to -28 dB of full scale, over
noise of the place at -52 to -34 dB. Of the untouched ones, a third has another device on the same grid
switched on or off on the way, a fifth a recorder that sets its level, a quarter a generator that sags.
Untouched as well: sounds of the shared media folder as they are (as found; none has hum). Edited: 1 to 5 s
taken out, or 2 to 5 s of another place put in, at one place of chance, without a fade (odd seeds); a cut by
whole periods of the mains cannot be found. Untouched, too: music of notes at 50 or 60 Hz that are struck anew
now and then. All is coded as AAC at 64 kbit/s, and each place in one other way in turn. There is no recording
with known edits among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import sound_cases
from calibrate import Item

from forensics.analyses.mains_hum import MainsHum
from forensics.traces.heard import AAC_LOW

ANALYSIS = MainsHum
FINDINGS = ("hum-breaks",)
SETS = (
    "made-hum-24s, seeds 100 to 159",
    "made-notes-40s, seeds 100 to 119",
    "shared sounds: misc and tmk, as found",
)
SEEDS = range(100, 160)
SECONDS = 24.0


def items(media: Path) -> Iterator[Item]:
    for file in shared(media):
        yield Item(
            source=file.stem.split("-")[0],
            quality="as found",
            size="any",
            edited=False,
            data=file.read_bytes(),
        )
    for seed in SEEDS:
        made = [sound_cases.near_mains(seed, SECONDS)]
        if seed % 2:
            random = np.random.default_rng((8, seed))
            other = sound_cases.near_mains(seed + 1000, SECONDS)
            edit = sound_cases.put_in if seed % 3 == 0 else sound_cases.taken_out
            made.append(edit(random, made[0], other))
        others = [coding for coding in sound_cases.CODINGS if coding != AAC_LOW]
        for coding in (AAC_LOW, others[seed // 2 % len(others)]):
            for edited, sound in enumerate(made):
                yield Item(
                    source=f"made-{seed}",
                    quality=coding,
                    size="any",
                    edited=bool(edited),
                    data=sound_cases.coded(sound, coding),
                )
    for seed in range(100, 120):
        yield Item(
            source=f"notes-{seed}",
            quality=AAC_LOW,
            size="any",
            edited=False,
            data=sound_cases.coded(sound_cases.struck(seed, 40.0), AAC_LOW),
        )


def shared(media: Path) -> list[Path]:
    """Files of the shared folder that have sound."""
    folder = media / "videos"
    files = [*(folder / "misc").glob("*.mp[34]"), *(folder / "tmk").glob("*.mp4")]
    silent = ("bikes", "carphone", "scene_cuts", "test-padded", "flower-fragmented")
    return sorted(file for file in files if not file.stem.startswith(silent))
