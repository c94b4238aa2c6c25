"""What goes by in the packets of a container beside pictures and sound, kept raw for who reads it later.

Light to import: whoever reads it needs no decoder. `forensics.inside.coded` says what it means.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from forensics.codec import plain, revive

FILE = "seen.json"
MAX_DATA = 4096
"""Bytes kept of a message or a parameter set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message in a coded stream: the first of its kind, or one of few that differ.

    Attributes:
        kind: Type of an SEI payload or of AV1 metadata; the start code of MPEG user data; -1: what stands in
            the first packet of sound.
        packet: Which packet of the stream it came with, from 0; -1: the decoder configuration.
        at: Where its unit begins in the file; None where that cannot be told.
        unit: Bytes of that unit; None as `at`.
        size: Bytes of the message.
        data: The first `MAX_DATA` of them.
    """

    kind: int
    packet: int
    at: int | None
    unit: int | None = None
    size: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen of one stream.

    Attributes:
        index: Of the stream in its container.
        codec: libav's canonical name; empty where it knows none.
        tag: Four characters that name the coding in the container, or empty.
        length_size: Bytes before each NAL unit; 0: start codes.
        extradata: The decoder's configuration, at most 64 KiB.
        extradata_size: Bytes of it.
        level: As libav reads it; None where it gives none.
        colour: Numbers of primaries, transfer, matrix (ITU-T H.273) and libav's range; None for sound.
        sample_aspect: Shape of a pixel; None where unstated.
        bit_rate: Stated bits per second, or None.
        disposition: What the container says the track is for ("default", "attached_pic").
        stated: Duration in seconds that the container states, or None.
        start: First time in seconds that it states, or None.
        units: How many units of each kind there are, all packets together.
        firsts: How many packets begin their picture with a unit of each kind.
        closed: Of MPEG groups of pictures that say so: how many are closed.
        groups: How many such headers there are.
        broken: How many of them say that a link is broken.
        time_code: First group header or group of VOP, raw.
        sets: Distinct parameter sets, in order of their first use, at most 4 KiB each.
        messages: Those kept.
        counts: How many messages there are of each kind.
    """

    index: int
    codec: str = ""
    tag: str = ""
    length_size: int = 0
    extradata: bytes = b""
    extradata_size: int = 0
    level: int | None = None
    colour: tuple[int, ...] | None = None
    sample_aspect: Fraction | None = None
    bit_rate: int | None = None
    disposition: tuple[str, ...] = ()
    stated: Fraction | None = None
    start: Fraction | None = None
    units: Mapping[str, int] = field(default_factory=dict)
    firsts: Mapping[str, int] = field(default_factory=dict)
    closed: int = 0
    groups: int = 0
    broken: int = 0
    time_code: bytes = b""
    sets: tuple[bytes, ...] = ()
    messages: tuple[Message, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def save(folder: Path, seen: tuple[Seen, ...]) -> None:
    """Leaves what was seen in a scratch folder."""
    (folder / FILE).write_text(json.dumps(plain(seen)))


def load(folder: Path) -> tuple[Seen, ...]:
    """Returns what `save` left; nothing where there is none."""
    path = folder / FILE
    return revive(json.loads(path.read_text()), tuple[Seen, ...]) if path.exists() else ()
