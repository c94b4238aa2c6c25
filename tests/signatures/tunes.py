"""Sound made on the spot at the rate of `forensics.signatures.sound`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from forensics.signatures.sound import RATE

Sound = NDArray[np.float32]


def tune(seed: int, seconds: float) -> Sound:
    """Three voices of random notes with harmonics: no two seeds sound alike."""
    random = np.random.default_rng(seed)
    sound = np.zeros(int(seconds * RATE))
    for _ in range(3):
        at = 0.0
        while at < seconds:
            length = float(random.uniform(0.12, 0.7))
            start, end = int(at * RATE), min(len(sound), int((at + length) * RATE))
            t = np.arange(end - start) / RATE
            pitch = 220 * 2 ** (random.integers(0, 30) / 12)
            for harmonic in range(1, 5):
                level = float(random.uniform(0.2, 1)) / harmonic
                sound[start:end] += (
                    level * np.sin(2 * np.pi * pitch * harmonic * t) * np.exp(-3 * t / length)
                )
            at += length
    return (0.1 * sound).astype(np.float32)


def noise(seed: int, seconds: float, level: float = 0.05) -> Sound:
    random = np.random.default_rng((seed, 1))
    return (level * random.normal(size=int(seconds * RATE))).astype(np.float32)


def pink(seed: int, seconds: float) -> Sound:
    made: Sound = signal.lfilter([0.05], [1, -0.95], noise(seed, seconds, 0.3)).astype(np.float32)
    return made


def played(sound: Sound, speed: float) -> Sound:
    """Plays faster or slower, with the pitch that goes with it."""
    return signal.resample(sound, int(len(sound) / speed)).astype(np.float32)


def plain(kind: str, seconds: float) -> Sound:
    """Sound that says nothing of where it is from."""
    t = np.arange(int(seconds * RATE)) / RATE
    made = {
        "silence": np.zeros_like(t),
        "faint-hiss": noise(3, seconds, 1e-5),
        "hum": sum(0.2 / k * np.sin(2 * np.pi * 50 * k * t) for k in range(1, 20)),
        "tone": 0.5 * np.sin(2 * np.pi * 1000 * t),
        "two-tones": 0.3 * np.sin(2 * np.pi * 770 * t) + 0.3 * np.sin(2 * np.pi * 1336 * t),
        "beeps": 0.5 * np.sin(2 * np.pi * 1000 * t) * (t % 1 < 0.2),
        "noisy-beeps": 0.5 * np.sin(2 * np.pi * 1000 * t) * (t % 1 < 0.2) + noise(6, seconds, 0.01),
        "sweep": 0.5 * signal.chirp(t, 100, seconds, 3900, "logarithmic"),
        "clipped": np.sign(np.sin(2 * np.pi * 300 * t)),
        "constant": np.full_like(t, 0.7),
        "not-a-number": np.full_like(t, np.nan),
    }
    return np.asarray(made[kind], dtype=np.float32)


PLAIN = (
    "silence", "faint-hiss", "hum", "tone", "two-tones", "beeps", "noisy-beeps",
    "sweep", "clipped", "constant", "not-a-number",
)  # fmt: skip
