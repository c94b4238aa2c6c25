"""Sounds that tests of sound are made with: noise of a place, words, a grid's hum. Deterministic."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
RATE = 8000


def place(seed: int, seconds: float, rate: int = RATE) -> Sound:
    """Noise of a place, duller than white, at about -34 dB of full scale."""
    random = np.random.default_rng(seed)
    white = np.fft.rfft(random.normal(size=int(seconds * rate)))
    bins = np.fft.rfftfreq(int(seconds * rate), 1 / rate)
    sound = np.fft.irfft(white / np.maximum(bins, 50) ** 0.5, int(seconds * rate))
    return (0.02 * sound / sound.std()).astype(np.float32)


def voices(seed: int, seconds: float, rate: int = RATE) -> Sound:
    """Buzzes that glide, half of the time, over the noise of a place."""
    random = np.random.default_rng((7, seed))
    sound = place(seed, seconds, rate)
    t = np.arange(int(0.4 * rate)) / rate
    for start in np.arange(0.2, seconds - 0.5, 0.8):
        pitch = random.uniform(90, 220) * (1 + random.uniform(-0.3, 0.3) * t)
        phase = 2 * np.pi * np.cumsum(pitch) / rate
        buzz = sum(
            random.uniform(0.2, 1) / k * np.sin(k * phase + random.uniform(0, 6))
            for k in range(1, 12)
        )
        at = int(start * rate)
        sound[at : at + len(t)] += (0.06 * buzz * np.hanning(len(t))).astype(np.float32)
    return sound


def bells(seconds: float, rate: int = RATE) -> Sound:
    """The same note struck each second, over noise that is never the same."""
    t = np.arange(rate) / rate
    note = np.exp(-4 * t) * sum(np.sin(2 * np.pi * f * t) for f in (440.0, 660.0, 1210.0))
    return (0.1 * np.resize(note, int(seconds * rate)) + place(3, seconds, rate)).astype(np.float32)


def hum(
    seconds: float, grid: float, rate: int = RATE, *, seed: int = 1, level: float = 0.02
) -> Sound:
    """A grid that wanders by some 10 mHz, with eight multiples."""
    random = np.random.default_rng(seed)
    t = np.arange(int(seconds * rate)) / rate
    hertz = grid + 0.01 * np.sin(2 * np.pi * t / 23 + random.uniform(0, 6))
    phase = 2 * np.pi * np.cumsum(hertz) / rate
    made = sum(
        random.uniform(0.4, 1) * np.sin(k * phase + random.uniform(0, 6)) for k in range(1, 9)
    )
    return (level * made).astype(np.float32)


def without(sound: Sound, start: float, seconds: float, rate: int = RATE) -> Sound:
    """The sound with a passage taken out."""
    return np.concatenate([sound[: int(start * rate)], sound[int((start + seconds) * rate) :]])


def write(path: Path, sound: Sound, rate: int = RATE) -> Path:
    """Writes mono PCM of 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(sound, -1, 1) * 32767).round().astype("<i2").tobytes())
    return path
