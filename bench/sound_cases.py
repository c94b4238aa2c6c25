"""Sounds that are made, edited and coded, for `calibrate_sound_edits` and `calibrate_mains_hum`."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import sounds
from numpy.typing import NDArray

from forensics.traces.heard import AAC, AAC_LOW, MP3, OPUS, WHOLE

RATE = 22050
Sound = NDArray[np.float32]

CODINGS: dict[str, tuple[str, ...]] = {
    WHOLE: ("-c:a", "pcm_s16le", "-f", "wav"),
    AAC: ("-c:a", "aac", "-ar", "44100", "-b:a", "128k", "-f", "ipod"),
    AAC_LOW: ("-c:a", "aac", "-ar", "44100", "-b:a", "64k", "-f", "ipod"),
    MP3: ("-c:a", "libmp3lame", "-ar", "44100", "-b:a", "128k", "-f", "mp3"),
    OPUS: ("-c:a", "libopus", "-ar", "48000", "-b:a", "32k", "-f", "ogg"),
}
"""By class of coding; all mono. AAC at 64 kbit/s is what social media hand out, or near it."""


def coded(sound: Sound, coding: str, rate: int = RATE) -> bytes:
    """Returns mono sound as a file of a class of coding."""
    kind = CODINGS[coding]
    end = ["/dev/stdout"] if "ipod" not in kind else ["-movflags", "empty_moov", "/dev/stdout"]
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-y",
        "-f",
        "f32le",
        "-ar",
        str(rate),
        "-ac",
        "1",
        "-i",
        "-",
    ]
    options = ["-ac", "1", "-bitexact", *kind, *end]
    data = np.clip(sound, -1, 1).astype("<f4").tobytes()
    return subprocess.run(command + options, input=data, capture_output=True, check=True).stdout


def read(path: Path, rate: int = RATE) -> Sound:
    """Returns the sound of a file, mono."""
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-i",
        str(path),
        "-vn",
        "-ac",
        "1",
        "-ar",
        str(rate),
        "-f",
        "f32le",
        "-",
    ]
    made = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(made, "<f4").copy()


def outdoors(seed: int, seconds: float) -> Sound:
    """A voice, or what goes on in a street or in nature, over the noise of place and recorder."""
    random = np.random.default_rng((31, seed))
    kind = ("speech", "street", "nature", "babble", "blasts", "rain")[seed % 6]
    sound = sounds.make(kind, seed, seconds)
    sound = np.pad(sound, (0, max(0, int(seconds * RATE) - len(sound))))
    place = random.normal(size=len(sound)).astype(np.float32)
    fall = np.fft.rfftfreq(len(place), 1 / RATE)
    shape = 1 / np.maximum(fall, 40) ** random.uniform(0.2, 0.8)
    place = np.fft.irfft(np.fft.rfft(place) * shape, len(place)).astype(np.float32)
    place *= 10 ** (random.uniform(-52, -34) / 20) / place.std()
    own = random.normal(size=len(sound)) * 10 ** (random.uniform(-75, -60) / 20)
    return (0.5 * sound + place + own).astype(np.float32)


def music(seed: int, seconds: float) -> Sound:
    """Music made with a computer, where bars come again as they are."""
    return 0.7 * sounds.make(("beat", "music", "beeps")[seed % 3], seed, seconds)


def _place(random: np.random.Generator, sound: Sound, seconds: float) -> int:
    margin = int(2.5 * RATE)
    return int(random.integers(margin, len(sound) - margin - int(seconds * RATE)))


def taken_out(random: np.random.Generator, sound: Sound, other: Sound) -> Sound:  # noqa: ARG001 - an edit
    """Takes out 1 to 5 s."""
    seconds = random.uniform(1, 5)
    at = _place(random, sound, seconds)
    return np.concatenate([sound[:at], sound[at + int(seconds * RATE) :]])


def put_in(random: np.random.Generator, sound: Sound, other: Sound) -> Sound:
    """Puts in 2 to 5 s of another sound."""
    count = int(random.uniform(2, 5) * RATE)
    at, start = _place(random, sound, 0), int(random.integers(0, len(other) - count))
    return np.concatenate([sound[:at], other[start : start + count], sound[at:]])


def looped(random: np.random.Generator, sound: Sound, other: Sound) -> Sound:  # noqa: ARG001 - an edit
    """Puts 1.5 to 5 s in again, at once or elsewhere."""
    seconds = random.uniform(1.5, 5)
    start, at = _place(random, sound, seconds), _place(random, sound, 0)
    piece = sound[start : start + int(seconds * RATE)]
    if random.random() < 0.5:
        at = start + len(piece)
    return np.concatenate([sound[:at], piece, sound[at:]])


def muted(random: np.random.Generator, sound: Sound, other: Sound) -> Sound:  # noqa: ARG001 - an edit
    """Sets 0.3 to 3 s to zero."""
    seconds = random.uniform(0.3, 3)
    at = _place(random, sound, seconds)
    made = sound.copy()
    made[at : at + int(seconds * RATE)] = 0
    return made


def stepped(random: np.random.Generator, sound: Sound, other: Sound) -> Sound:  # noqa: ARG001 - an edit
    """From some place on, everything is 8 to 16 dB louder or softer."""
    at = _place(random, sound, 0)
    made = sound.copy()
    made[at:] *= 10 ** (random.choice([-1, 1]) * random.uniform(8, 16) / 20)
    return made / max(1.0, float(np.abs(made).max()))


def hum(seed: int, seconds: float, *, switched: bool = False, sagging: bool = False) -> Sound:
    """The mains: a grid whose frequency wanders by some 20 mHz, with multiples of differing strength.

    Where `switched`, another device on the same grid goes on or off on the way; where `sagging`, it is fed
    by a generator that slows down under a load and comes back.
    """
    random = np.random.default_rng((50, seed))
    count, slow = int(seconds * RATE), 10
    steps = random.normal(size=count * slow // RATE + 2)
    wander = np.zeros(len(steps))
    for k in range(1, len(steps)):  # drawn back to the middle within some 20 s
        wander[k] = wander[k - 1] * (1 - 1 / (20 * slow)) + 0.02 * steps[k] / np.sqrt(10 * slow)
    off = random.uniform(-0.03, 0.03)
    at = np.arange(count) / RATE
    hertz = (50, 60)[seed % 2] + off + np.interp(at * slow, np.arange(len(wander)), wander)
    if sagging:
        place, long = random.uniform(0.3, 0.7) * seconds, random.uniform(0.5, 2)
        hertz = hertz - random.uniform(0.05, 0.4) * np.exp(-(((at - place) / long) ** 2))
    phase = 2 * np.pi * np.cumsum(hertz) / RATE + random.uniform(0, 2 * np.pi)
    sound = _device(random, phase)
    if switched:
        other = _device(random, phase)
        place = int(random.uniform(0.3, 0.7) * count)
        other[:place] = 0
        sound = sound + random.uniform(0.3, 1.5) * other
    return sound.astype(np.float32)


def _device(random: np.random.Generator, phase: NDArray[np.float64]) -> Sound:
    made = np.zeros(len(phase))
    for k in range(1, 13):
        level = random.uniform(0.2, 1) * (1.0 if k % 2 == 0 else 0.4) / k**0.5
        if k == 1:
            level *= 0.3  # small microphones hear little of it
        made += level * np.sin(k * phase + random.uniform(0, 2 * np.pi))
    return (made / made.std()).astype(np.float32)


def near_mains(seed: int, seconds: float) -> Sound:
    """A place with hum, loud or faint; sometimes a device is switched, or the recorder sets its level."""
    random = np.random.default_rng((51, seed))
    place = outdoors(seed, seconds)
    level = random.uniform(-38, -28) if random.random() < 0.6 else random.uniform(-50, -42)
    sound = place + 10 ** (level / 20) * hum(
        seed, seconds, switched=seed % 3 == 2, sagging=seed % 4 == 2
    )
    if seed % 5 == 4:
        sound *= 10 ** (random.uniform(-6, 6) / 20 * np.linspace(0, 1, len(sound)) ** 2)
    return (sound / max(1.0, float(np.abs(sound).max()))).astype(np.float32)


def struck(seed: int, seconds: float) -> Sound:
    """Music: one low note with its multiples, 50 or 60 Hz, struck anew every 6 to 12 s, over faint noise."""
    random = np.random.default_rng((52, seed))
    grid, numbers = (50, 60)[seed % 2], np.arange(1, 9)
    levels, turns = random.uniform(0.3, 1, 8) / numbers, random.uniform(0, 2 * np.pi, 8)
    note = np.zeros(int(seconds * RATE))
    at = 0
    while at < len(note):
        at_end = min(len(note), at + int(random.uniform(6, 12) * RATE))
        t = np.arange(at_end - at) / RATE
        for k, level, turn in zip(numbers, levels, turns, strict=True):
            note[at:at_end] += level * np.sin(2 * np.pi * k * grid * t + turn)
        at = at_end
    loud = random.uniform(0.02, 0.15)
    return (loud * note + 0.01 * random.normal(size=len(note))).astype(np.float32)
