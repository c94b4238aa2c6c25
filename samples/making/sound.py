"""The sound of the night video: wind on the microphone, steps in snow, a distant voice."""

from __future__ import annotations

import numpy as np

from making.raster import Vec

RATE = 48000


def _band(noise: Vec, low: float, high: float) -> Vec:
    """Keep a band of frequencies, with soft edges."""
    spectrum = np.fft.rfft(noise)
    f = np.fft.rfftfreq(len(noise), 1 / RATE)
    shape = 1 / (1 + (low / np.maximum(f, 1e-3)) ** 6) / (1 + (f / high) ** 4)
    out = np.fft.irfft(spectrum * shape, len(noise))
    return np.asarray(out / np.std(out))


def _slow(rng: np.random.Generator, n: int, seconds: float) -> Vec:
    """Make a level that wanders between 0 and about 1."""
    knots = rng.uniform(0, 1, int(n / RATE / seconds) + 3)
    t = np.arange(n) / RATE / seconds
    k = t.astype(int)
    f = (1 - np.cos(np.pi * (t - k))) / 2
    return np.asarray(knots[k] * (1 - f) + knots[k + 1] * f)


def _wind(rng: np.random.Generator, n: int) -> Vec:
    gust = _slow(rng, n, 1.4) ** 1.6
    rumble = _band(rng.standard_normal(n), 35, 160) * gust
    rush = _band(rng.standard_normal(n), 250, 900) * (0.15 + gust**2)
    return np.asarray(
        0.10 * rumble + 0.022 * rush + 0.004 * _band(rng.standard_normal(n), 400, 6000)
    )


def _step(rng: np.random.Generator) -> Vec:
    """Make one step in dry snow: a creak of hundreds of grains that break, then the release."""
    n = int(RATE * rng.uniform(0.24, 0.34))
    t = np.arange(n) / n
    press = np.exp(-(((t - 0.22) / 0.13) ** 2)) + 0.5 * np.exp(-(((t - 0.68) / 0.12) ** 2))
    grains = (rng.uniform(0, 1, n) < 0.035 * press) * rng.standard_normal(n) * 3
    body = _band(grains + 0.06 * press * rng.standard_normal(n), 700, 4200)
    thud = np.sin(2 * np.pi * 62 * t * n / RATE) * np.exp(-(((t - 0.15) / 0.09) ** 2))
    return np.asarray(0.055 * body * press + 0.12 * thud)


def _voice(rng: np.random.Generator, n: int, pitch: float) -> Vec:
    """Make a murmur without words: a buzz through three moving resonances, heard far off."""
    tune = pitch * (1 + 0.16 * (_slow(rng, n, 0.33) - 0.5) + 0.02 * (_slow(rng, n, 0.04) - 0.5))
    phase = np.cumsum(tune) / RATE
    syllables = np.clip(1.9 * _slow(rng, n, 0.11) - 0.5, 0, 1) * (_slow(rng, n, 1.5) > 0.38)
    first, second = 330 + 420 * _slow(rng, n, 0.13), 900 + 1100 * _slow(rng, n, 0.15)
    out = np.zeros(n)
    for k in range(1, 22):
        f = tune * k
        level = (
            np.exp(-(((f - first) / 110) ** 2))
            + 0.5 * np.exp(-(((f - second) / 170) ** 2))
            + 0.12 * np.exp(-(((f - 2500) / 300) ** 2))
            + 0.02
        ) / k**0.4
        out += level * np.sin(2 * np.pi * k * phase)
    dry = out * np.convolve(syllables, np.hanning(1200) / 600, "same")
    # The wood gives the voice back from many sides, late and dull.
    echo = rng.standard_normal(RATE // 2) * np.exp(-np.arange(RATE // 2) / (0.09 * RATE))
    size = n + len(echo)
    wet = np.fft.irfft(np.fft.rfft(dry, size) * np.fft.rfft(echo, size), size)[:n]
    mixed = _band(dry / np.std(dry) + 0.8 * wet / np.std(wet), 180, 1900)
    return np.asarray(mixed)


def night(*, seed: int, seconds: float, walking: tuple[tuple[float, float], ...]) -> Vec:
    """Make the whole sound track.

    Args:
        seed: Names the recording.
        seconds: Length.
        walking: Spans in which the person who films walks.

    Returns:
        Samples from -1 to 1 at 48 kHz, one channel.
    """
    rng = np.random.default_rng(seed)
    n = int(seconds * RATE)
    mix = _wind(rng, n) + 0.0016 * rng.standard_normal(n)
    mix += 0.020 * _voice(rng, n, 118.0) * (0.35 + 0.65 * _slow(rng, n, 2.0))
    mix += 0.009 * _voice(rng, n, 152.0)
    for start, end in walking:
        at = start
        while at < end:
            step = _step(rng) * rng.uniform(0.7, 1.25)
            k = int(at * RATE)
            mix[k : k + len(step)] += step[: max(0, n - k)]
            at += rng.uniform(0.48, 0.64)
    for at in rng.uniform(0, seconds - 1, 5):
        k = int(at * RATE)
        knock = _band(rng.standard_normal(RATE // 8), 60, 300) * np.hanning(RATE // 8) ** 3
        mix[k : k + len(knock)] += 0.05 * knock
    # A phone's automatic gain: soft limiting.
    return np.asarray(np.tanh(1.5 * mix) / 1.5)
