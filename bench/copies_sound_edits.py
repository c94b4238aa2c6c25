"""What is done to a sound before it is asked for, and how it is written."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sounds

from forensics.media import ffmpeg

Sound = sounds.Sound


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What is done to a sound: first to its samples, then by ffmpeg."""

    group: str
    name: str
    filters: str = ""
    coded: tuple[str, ...] = ()
    suffix: str = ".wav"
    samples: Callable[[Sound], Sound] = lambda sound: sound
    map: Callable[[float], float] = lambda t: t
    """From a moment of the edited sound to the moment of the source, in seconds."""


def _mixed(sound: Sound, other: Sound, decibels: float) -> Sound:
    other = np.resize(other, len(sound))
    level = np.sqrt((sound**2).mean() / max(float((other**2).mean()), 1e-12))
    return (sound + other * level * 10 ** (-decibels / 20)).astype(np.float32)


def _noisy(decibels: float, kind: str, seed: int) -> Callable[[Sound], Sound]:
    def add(sound: Sound) -> Sound:
        return _mixed(sound, sounds.make(kind, seed, len(sound) / sounds.RATE), decibels)

    return add


def _middle(sound: Sound) -> Sound:
    count = max(len(sound) * 2 // 5, min(len(sound), 8 * sounds.RATE))
    start = (len(sound) - count) // 2
    return sound[start : start + count]


def _within(sound: Sound) -> Sound:
    return np.concatenate([sounds.make("report", 9001, 8), sound, sounds.make("street", 9002, 6)])


def _speed(factor: float) -> str:
    return f"asetrate={round(sounds.RATE * factor)},aresample={sounds.RATE}"


def edits() -> list[Edit]:
    """Returns what is done to each source."""
    made = [
        Edit(group="re-encode", name="AAC 24 kbit/s", coded=("-c:a", "aac", "-b:a", "24k"), suffix=".m4a"),
        Edit(group="re-encode", name="MP3 32 kbit/s", coded=("-b:a", "32k"), suffix=".mp3"),
        Edit(group="re-encode", name="Opus 12 kbit/s", suffix=".ogg",
             coded=("-c:a", "libopus", "-b:a", "12k", "-ar", "48000")),
        Edit(group="re-encode", name="AMR, telephone", filters="aresample=8000", suffix=".amr",
             coded=("-c:a", "libopencore_amrnb", "-b:a", "7.95k", "-ar", "8000")),
        Edit(group="trim", name="middle two fifths, at least 8 s", samples=_middle),
        Edit(group="trim", name="within other sound", samples=_within, map=lambda t: t - 8),
        Edit(group="noise", name="white noise 15 dB below", samples=_noisy(15, "noise", 9003)),
        Edit(group="noise", name="white noise 10 dB below", samples=_noisy(10, "noise", 9004)),
        Edit(group="noise", name="street 10 dB below", samples=_noisy(10, "street", 9005)),
        Edit(group="filter", name="low-pass 1,500 Hz", filters="lowpass=1500,lowpass=1500"),
        Edit(group="filter", name="high-pass 500 Hz", filters="highpass=500,highpass=500"),
        Edit(group="filter", name="echo", filters="aecho=0.8:0.7:80|190:0.5|0.3"),
        Edit(group="filter", name="compressed loudness",
             filters="acompressor=threshold=0.05:ratio=8:makeup=4"),
        Edit(group="filter", name="20 dB quieter", filters="volume=-20dB"),
        Edit(group="mixed", name="speech 6 dB below", samples=_noisy(6, "speech", 9006)),
        Edit(group="mixed", name="music 3 dB below", samples=_noisy(3, "music", 9007)),
    ]  # fmt: skip
    made += [
        Edit(
            group="tempo",
            name=f"tempo {factor}",
            filters=f"rubberband=tempo={factor}",
            map=lambda t, f=factor: t * f,
        )
        for factor in (0.75, 0.8, 1.1, 1.25)
    ]
    made += [
        Edit(group="pitch", name=f"pitch {factor}", filters=f"rubberband=pitch={factor}")
        for factor in (0.95, 1.03, 1.05)
    ]
    made += [
        Edit(
            group="speed",
            name=f"speed {factor}",
            filters=_speed(factor),
            map=lambda t, f=factor: t * f,
        )
        for factor in (0.8, 1.04, 1.25)
    ]
    return made


def write(sound: Sound, edit: Edit, path: Path) -> None:
    """Writes an edited sound as a file."""
    raw = path.with_suffix(".f32")
    edit.samples(sound).astype("<f4").tofile(raw)
    filters = ["-af", edit.filters] if edit.filters else []
    command = [ffmpeg.binary(), "-v", "error", "-y", "-f", "f32le", "-ar", str(sounds.RATE), "-ac", "1",
               "-i", raw, *filters, *edit.coded, "-bitexact", path]  # fmt: skip
    subprocess.run(command, check=True)
    raw.unlink()
