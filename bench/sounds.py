"""Varied sound made from a kind and a seed: what the sound benchmark searches in and for.

Speech is spoken by espeak-ng (Debian package of that name) from words of random syllables, in many
voices; everything else is synthesised here. The same kind, seed and length give the same sound.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import wave
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import signal

RATE = 22050
Sound = NDArray[np.float32]
Maker = Callable[[np.random.Generator, float], Sound]

_VOICES = ("en", "de", "es", "fr", "it", "pl", "tr", "sv", "pt", "nl", "cs", "fi", "hu", "ro", "el")
_ONSETS = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr", "pl", "br")
_VOWELS = ("a", "e", "i", "o", "u", "ai", "au", "ea")
_CODAS = ("", "", "n", "r", "s", "l", "t", "nd")


def make(kind: str, seed: int, seconds: float) -> Sound:
    """Returns `seconds` of one kind of sound, mono at `RATE`, at most 0.9 in amplitude."""
    names = (*MAKERS, *PLAIN)
    random = np.random.default_rng((names.index(kind), seed))
    sound = {**MAKERS, **PLAIN}[kind](random, seconds)[: int(seconds * RATE)]
    peak = float(np.abs(sound).max(initial=0))
    return (sound * (0.9 / peak if peak > 0.9 else 1)).astype(np.float32)


def can_speak() -> bool:
    """Returns whether espeak-ng is installed."""
    return shutil.which("espeak-ng") is not None


def _seconds(seconds: float) -> Sound:
    return np.zeros(int(seconds * RATE) + 1, np.float32)


def _add(sound: Sound, part: Sound, at: float) -> None:
    start = int(at * RATE)
    part = part[: max(0, len(sound) - start)]
    sound[start : start + len(part)] += part


def _note(random: np.random.Generator, pitch: float, length: float, timbre: Sound) -> Sound:
    """One note: harmonics with their own decay, an attack, and a little vibrato."""
    t = np.arange(int(length * RATE)) / RATE
    wobble = 1 + 0.004 * np.sin(2 * np.pi * random.uniform(4, 6) * t)
    phase = 2 * np.pi * np.cumsum(pitch * wobble) / RATE
    note = np.zeros_like(t)
    for k, level in enumerate(timbre, 1):
        if k * pitch < 0.45 * RATE:
            note += level * np.sin(k * phase) * np.exp(-t * k * 0.4)
    attack = np.minimum(1, t / random.uniform(0.005, 0.06))
    release = np.minimum(1, (length - t) / 0.05)
    return (0.2 * note * attack * release).astype(np.float32)


def _timbre(random: np.random.Generator) -> Sound:
    harmonics = np.arange(1, 12)
    return (harmonics ** -random.uniform(0.8, 2.5) * random.uniform(0.2, 1, 11)).astype(np.float32)


def _music(random: np.random.Generator, seconds: float) -> Sound:
    """Chords and a melody over them, in a random key, scale, tempo and instrumentation."""
    sound, beat = _seconds(seconds), 60 / random.uniform(65, 170)
    root = 110 * 2 ** (random.integers(0, 12) / 12)
    scale = np.array([[0, 2, 4, 5, 7, 9, 11], [0, 2, 3, 5, 7, 8, 10], [0, 2, 3, 5, 7, 9, 10]])[
        random.integers(0, 3)
    ]
    lead, pad = _timbre(random), _timbre(random)
    step, time, degree = int(random.integers(0, 7)), 0.0, 7
    while time < seconds:
        for third in (0, 2, 4):
            at = step + third
            pitch = root * 2 ** ((scale[at % 7] + 12 * (at // 7)) / 12)
            _add(sound, 0.5 * _note(random, pitch, 4 * beat, pad), time)
        left = 4.0
        while left > 0:
            length = min(left, float(random.choice([0.5, 0.5, 1, 1, 1.5, 2])))
            degree = int(np.clip(degree + random.integers(-3, 4), 3, 17))
            if random.random() > 0.12:
                pitch = root * 2 * 2 ** ((scale[degree % 7] + 12 * (degree // 7 - 1)) / 12)
                _add(sound, _note(random, pitch, length * beat, lead), time + (4 - left) * beat)
            left -= length
        step, time = int((step + random.choice([1, 3, 4, 5])) % 7), time + 4 * beat
    return sound


def _beat(random: np.random.Generator, seconds: float) -> Sound:
    """A drum loop with fills, and a bass line: the same bars come again."""
    sound, beat = _seconds(seconds), 60 / random.uniform(80, 175)
    t = np.arange(int(0.3 * RATE)) / RATE
    kick = np.sin(2 * np.pi * 50 * t + 20 * np.exp(-t * 30)) * np.exp(-t * 12)
    snare = random.normal(size=len(t)) * np.exp(-t * 18) * 0.5
    hat = np.diff(random.normal(size=len(t) + 1)) * np.exp(-t * 60) * 0.25
    drums = [(d.astype(np.float32), random.random(16) < p) for d, p in
             ((kick, 0.3), (snare, 0.2), (hat, 0.6))]  # fmt: skip
    bass, timbre = 55 * 2 ** (random.integers(0, 12, 8) / 12), _timbre(random)
    for number in range(int(seconds / beat * 4) + 1):
        for drum, pattern in drums:
            if pattern[number % 16] ^ (random.random() < 0.06):
                _add(sound, 0.5 * drum, number * beat / 4)
        if number % 4 == 0:
            pitch = bass[(number // 4) % 8] * random.choice([1, 1, 1, 1.5, 2])
            _add(sound, 0.8 * _note(random, pitch, beat, timbre), number * beat / 4)
    return sound


def _shaped_noise(random: np.random.Generator, count: int, low: float, high: float) -> Sound:
    sections = signal.butter(2, (low, min(high, 0.45 * RATE)), "band", fs=RATE, output="sos")
    return signal.sosfilt(sections, random.normal(size=count)).astype(np.float32)


def _slow(random: np.random.Generator, count: int, seconds: float) -> Sound:
    """A smooth random course around 0 with a standard deviation of 1."""
    knots = random.normal(size=int(count / RATE / seconds) + 4)
    at = np.arange(count) / RATE / seconds
    return np.interp(at, np.arange(len(knots)), knots).astype(np.float32)


def _nature(random: np.random.Generator, seconds: float) -> Sound:
    """Wind in gusts, and birds: chirps whose phrases are never quite the same."""
    sound = _seconds(seconds)
    sound += (
        0.04 * _shaped_noise(random, len(sound), 80, 700) * np.exp(_slow(random, len(sound), 2))
    )
    for _ in range(int(random.integers(1, 5))):
        low, time = random.uniform(700, 2800), 0.0
        while time < seconds:
            for _ in range(int(random.integers(2, 9))):
                length = random.uniform(0.04, 0.25)
                t = np.linspace(0, 1, int(length * RATE))
                pitch = low * (
                    1 + random.uniform(-0.3, 0.4) * t + random.uniform(-0.2, 0.2) * t * t
                )
                call = np.sin(2 * np.pi * np.cumsum(pitch) / RATE) * np.sin(np.pi * t)
                _add(sound, (0.15 * call).astype(np.float32), time)
                time += length + random.uniform(0.03, 0.15)
            time += random.uniform(0.3, 2)
    return sound


def _street(random: np.random.Generator, seconds: float) -> Sound:
    """Engines that change speed, a siren, horns, steps."""
    sound = _seconds(seconds)
    for _ in range(int(random.integers(1, 4))):
        speed = 40 * np.exp(0.4 * _slow(random, len(sound), 1.5))
        phase = 2 * np.pi * np.cumsum(speed) / RATE
        level = np.exp(_slow(random, len(sound), 2.5))
        for k in range(1, 20):
            sound += (0.02 * level * random.uniform(0.2, 1) * np.sin(k * phase)).astype(np.float32)
    t = np.arange(len(sound)) / RATE
    pitch = random.uniform(500, 900) * 2 ** (
        0.4 * np.sin(2 * np.pi * random.uniform(0.15, 0.5) * t)
    )
    near = np.exp(_slow(random, len(sound), 3) - 1)
    sound += (0.05 * near * np.sin(2 * np.pi * np.cumsum(pitch) / RATE)).astype(np.float32)
    for at in np.cumsum(random.exponential(1.2, int(seconds))):
        if at < seconds:
            tone = _note(random, random.uniform(300, 600), random.uniform(0.15, 1), _timbre(random))
            _add(sound, 0.6 * tone, float(at))
    return sound + 0.02 * _shaped_noise(random, len(sound), 100, 4000)


def _blasts(random: np.random.Generator, seconds: float) -> Sound:
    """Shots and explosions at random times, with echoes, over a faint wind."""
    sound = _seconds(seconds)
    for at in np.cumsum(random.exponential(0.7, int(seconds * 3))):
        if at < seconds:
            count = int(random.uniform(0.1, 1.8) * RATE)
            fall = np.exp(-np.arange(count) / RATE * random.uniform(3, 25))
            high = random.uniform(300, 5000)
            blast = 0.7 * random.uniform(0.1, 1) * _shaped_noise(random, count, 40, high) * fall
            for _ in range(3):
                _add(sound, blast.astype(np.float32), float(at))
                at, blast = at + random.uniform(0.05, 0.6), 0.4 * blast  # noqa: PLW2901 - its echo
    return sound + 0.01 * _shaped_noise(random, len(sound), 80, 1500)


def _words(random: np.random.Generator, count: int) -> str:
    def syllable() -> str:
        return "".join(str(random.choice(part)) for part in (_ONSETS, _VOWELS, _CODAS))

    words = ["".join(syllable() for _ in range(random.integers(1, 4))) for _ in range(count)]
    ends = random.random(count)
    return " ".join(
        w + ("." if e < 0.08 else "," if e < 0.15 else "") for w, e in zip(words, ends, strict=True)
    )


def _speech(random: np.random.Generator, seconds: float) -> Sound:
    """One voice saying words of random syllables, in a room of its own."""
    voice = f"{random.choice(_VOICES)}+{random.choice(['m1', 'm3', 'm5', 'm7', 'f1', 'f2', 'f3', 'f4'])}"
    command = ["espeak-ng", "--stdout", "-v", voice, "-s", str(random.integers(120, 210)),
               "-p", str(random.integers(20, 80)), _words(random, int(seconds * 4) + 10)]  # fmt: skip
    said = subprocess.run(command, capture_output=True, check=True).stdout
    said = said[: len(said)]
    with wave.open(io.BytesIO(said)) as file:  # the length in its header is made up
        data = np.frombuffer(file.readframes(len(said)), "<i2")[: int(seconds * RATE)]
    sound = data.astype(np.float32) / 32768
    room = random.normal(size=int(0.25 * RATE)) * np.exp(-np.arange(int(0.25 * RATE)) / RATE * 18)
    wet = signal.fftconvolve(sound, room)[: len(sound)] * random.uniform(0, 0.06)
    return (sound + wet).astype(np.float32)


def _babble(random: np.random.Generator, seconds: float) -> Sound:
    """Four voices at once, over a street."""
    sound = 0.5 * _street(random, seconds)
    for _ in range(4):
        _add(sound, random.uniform(0.2, 0.8) * _speech(random, seconds), random.uniform(0, 1.5))
    return sound


def _report(random: np.random.Generator, seconds: float) -> Sound:
    """A voice over music: a news report."""
    music = _music(random, seconds) if random.random() < 0.5 else _beat(random, seconds)
    _add(music, 1.2 * _speech(random, seconds), 0.5)
    return music


def _silence(random: np.random.Generator, seconds: float) -> Sound:
    return (random.normal(size=len(_seconds(seconds))) * 10 ** random.uniform(-6, -4)).astype(
        np.float32
    )


def _hum(random: np.random.Generator, seconds: float) -> Sound:
    t = np.arange(len(_seconds(seconds))) / RATE
    base = random.choice([50, 60])
    tones = sum(
        0.3 / k * np.sin(2 * np.pi * base * k * t + random.uniform(0, 6)) for k in range(1, 12)
    )
    return (tones + 0.002 * random.normal(size=len(t))).astype(np.float32)


def _noise(random: np.random.Generator, seconds: float) -> Sound:
    return 0.2 * _shaped_noise(random, len(_seconds(seconds)), 50, random.uniform(2000, 9000))


def _tone(random: np.random.Generator, seconds: float) -> Sound:
    t = np.arange(len(_seconds(seconds))) / RATE
    return (0.5 * np.sin(2 * np.pi * random.choice([400, 440, 800, 1000]) * t)).astype(np.float32)


def _beeps(random: np.random.Generator, seconds: float) -> Sound:
    """A beep each second, as beside a test card or a countdown."""
    t = np.arange(len(_seconds(seconds))) / RATE
    on = (t % 1) < random.choice([0.1, 0.2, 0.5])
    return (0.5 * on * np.sin(2 * np.pi * random.choice([440, 1000]) * t)).astype(np.float32)


def _sweep(random: np.random.Generator, seconds: float) -> Sound:
    t = np.arange(len(_seconds(seconds))) / RATE
    low = float(random.choice([60, 100, 200]))
    return (0.5 * signal.chirp(t, low, max(1.0, seconds), 4000, "logarithmic")).astype(np.float32)


def _applause(random: np.random.Generator, seconds: float) -> Sound:
    """Hundreds of hands: dense clicks, each with its own colour."""
    sound = _seconds(seconds)
    for _ in range(20):
        high = random.uniform(1200, 5000)
        clap = _shaped_noise(random, int(0.03 * RATE), 500, high)
        clap *= np.exp(-np.arange(len(clap)) / RATE * 150)
        clicks = (random.random(len(sound)) < 15 / RATE) * random.uniform(0.3, 1, len(sound))
        sound += 0.1 * signal.fftconvolve(clicks, clap)[: len(sound)].astype(np.float32)
    return sound


def _fan(random: np.random.Generator, seconds: float) -> Sound:
    """Two machines on the mains that beat against each other, and the air they move."""
    sound = 0.05 * _shaped_noise(random, len(_seconds(seconds)), 60, random.uniform(800, 4000))
    t = np.arange(len(sound)) / RATE
    for base in random.choice([24.5, 29.2, 49.0, 50.0, 60.0], 2) + random.uniform(-0.6, 0.6, 2):
        for k in range(1, 16):
            level = 0.1 * random.uniform(0.2, 1) / k
            sound += (level * np.sin(2 * np.pi * base * k * t + random.uniform(0, 6))).astype(
                np.float32
            )
    return sound


def _rain(random: np.random.Generator, seconds: float) -> Sound:
    """Drops without number on something that rings a little."""
    sound = 0.02 * _shaped_noise(random, len(_seconds(seconds)), 400, 7000)
    drops = (random.random(len(sound)) < 60 / RATE) * random.exponential(1, len(sound))
    ring = np.exp(-np.arange(400) / RATE * random.uniform(150, 500))
    ring *= np.sin(2 * np.pi * random.uniform(700, 3000) * np.arange(400) / RATE)
    return sound + 0.05 * signal.fftconvolve(drops, ring)[: len(sound)].astype(np.float32)


def _idling(random: np.random.Generator, seconds: float) -> Sound:
    """An engine that idles: the same thump again and again, nearly on time."""
    sound = 0.01 * _shaped_noise(random, len(_seconds(seconds)), 60, 2000)
    thump = _shaped_noise(random, int(0.06 * RATE), 50, random.uniform(300, 1500))
    thump *= np.exp(-np.arange(len(thump)) / RATE * 60)
    apart = 1 / random.choice([8, 10, 12.5, 16])
    for number in range(int(seconds / apart)):
        _add(sound, 0.5 * thump, max(0.0, number * apart + random.normal() * 0.002))
    return sound


def _crickets(random: np.random.Generator, seconds: float) -> Sound:
    """Chirps at a fixed pace and pitch, by day or night the same."""
    sound = 0.005 * _shaped_noise(random, len(_seconds(seconds)), 200, 3000)
    t = np.arange(len(sound)) / RATE
    for _ in range(3):
        pace, pitch = random.choice([2.0, 2.5, 3.0]), random.uniform(2000, 3500)
        on = ((t * pace + random.random()) % 1 < 0.4) * np.sin(np.pi * ((t * 30) % 1))
        sound += (0.1 * on * np.sin(2 * np.pi * pitch * t)).astype(np.float32)
    return sound


def _hiss(random: np.random.Generator, seconds: float) -> Sound:
    """What a recorder adds where nothing sounds: noise of a few steps of 12 bits, and the mains."""
    sound = random.normal(size=len(_seconds(seconds))) * random.uniform(0.5, 4) / 2048
    t = np.arange(len(sound)) / RATE
    sound += random.uniform(0, 2) / 2048 * np.sin(2 * np.pi * random.choice([50, 100, 60, 120]) * t)
    return (np.rint(sound * 2048) / 2048).astype(np.float32)


MAKERS: dict[str, Maker] = {
    "music": _music, "beat": _beat, "nature": _nature, "street": _street, "blasts": _blasts,
    "speech": _speech, "babble": _babble, "report": _report,
}  # fmt: skip
"""Sound that a copy can be known by."""

PLAIN: dict[str, Maker] = {
    "silence": _silence, "hum": _hum, "noise": _noise, "tone": _tone, "beeps": _beeps,
    "sweep": _sweep, "applause": _applause, "fan": _fan, "rain": _rain, "idling": _idling,
    "crickets": _crickets, "hiss": _hiss,
}  # fmt: skip
"""Sound with so little in it that one may be taken for another, which must never happen."""
