"""What a container says about itself, and digests of each coded stream, in one pass over the packets.

Nothing is decoded but one picture a video stream, for its rotation. Runs in a worker.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from forensics.errors import MediaError
from forensics.media.coded import SCHEME
from forensics.media.seen import Seen
from forensics.media.tracks import Track
from forensics.media.units import coding_of, length_size
from forensics.model import Probe, Stream, StreamType

DIGEST_SCHEME = "packets-sha256/1"
"""SHA-256 over the payloads of a stream's packets, in stored order, as the demuxer hands them out."""

PACKET = np.dtype(
    [
        ("stream", "u2"),
        ("pts", "i8"),
        ("dts", "i8"),
        ("duration", "u4"),
        ("size", "u4"),
        ("type", "S1"),
        ("key", "?"),
    ]
)
"""One packet. Times in ticks of the stream's time base; where there are none, `NO_TIME` and a
duration of 0."""

NO_TIME = -(2**63)
_MAX_TICKS = 2**32 - 1
UNKNOWN = "unknown"
"""Codec of a stream for which libav has no decoder."""

_TYPES = {t.value: t for t in StreamType}
MAX_PACKETS = 5_000_000
MAX_TEXT = 1024
MAX_TAGS = 200


def open_container(path: Path, demuxer: str) -> av.container.InputContainer:
    """Opens with one demuxer and no protocol but local files.

    Raises:
        MediaError: libav cannot read it.
    """
    options = {"protocol_whitelist": "file", "format_whitelist": _whitelist(demuxer)}
    try:
        return av.open(
            str(path), format=demuxer, container_options=options, metadata_errors="replace"
        )
    except (av.error.FFmpegError, ValueError) as error:
        raise MediaError(
            f"The container cannot be read: {_reason(error)}.",
            hint="It may be cut off or damaged; ask for the file again and compare the sizes.",
        ) from error


def _whitelist(demuxer: str) -> str:
    return {"mov": "mov,mp4,m4a,3gp,3g2,mj2", "matroska": "matroska,webm"}.get(demuxer, demuxer)


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or type(error).__name__)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Container:
    """What one pass over the packets of a container came to.

    Attributes:
        probe: What it says of itself.
        packets: Its packets in stored order, an array of `PACKET`.
        seen: What went by in each stream beside pictures and sound.
    """

    probe: Probe
    packets: np.ndarray[Any, Any]
    seen: tuple[Seen, ...]


def probe_container(path: Path, demuxer: str) -> tuple[Probe, np.ndarray[Any, Any]]:
    """Reads streams, tags and every packet.

    Returns:
        The probe, and the packets in stored order as an array of `PACKET`.

    Raises:
        MediaError: libav cannot read the container at all.
    """
    found = read_container(path, demuxer)
    return found.probe, found.packets


def read_container(path: Path, demuxer: str) -> Container:
    """Reads streams, tags and every packet, and what goes by in them.

    Raises:
        MediaError: libav cannot read the container at all.
    """
    notes: list[str] = []
    with open_container(path, demuxer) as container:
        placed = demuxer in _PLACED
        tracks = {s.index: _track(s, placed=placed) for s in container.streams}
        packets, complete = _read_packets(container, tracks, notes)
        streams = tuple(_stream(s, tracks[s.index], complete) for s in container.streams)
        seen = tuple(tracks[s.index].seen(_stated(s)) for s in container.streams)
        tags = _tags(container.metadata)
        name = container.format.name
    streams = tuple(_with_rotation(path, demuxer, s) for s in streams)
    durations = [s.duration for s in streams if s.duration is not None]
    probe = Probe(
        container=name,
        streams=streams,
        duration=max(durations, default=None),
        tags=tags,
        notes=tuple(notes),
    )
    return Container(probe=probe, packets=packets, seen=seen)


_PLACED = {"mov"}
"""Demuxers whose packets lie in one piece in the file, where they say."""


def _track(stream: Any, *, placed: bool) -> Track:
    codec, extradata = _codec(stream), _extradata(stream)
    coding = coding_of(codec)
    return Track(
        coding,
        codec=codec,
        pictures=stream.type == "video",
        sound=stream.type == "audio",
        length_size=length_size(coding, extradata),
        extradata=extradata,
        placed=placed,
    )


def _codec(stream: Any) -> str:
    """Returns the name of the coding, the same whichever decoder reads it; empty where libav has none."""
    context = stream.codec_context
    return str(context.codec.canonical_name) if context is not None else ""


def _stated(stream: Any) -> Seen:
    context = stream.codec_context
    base = Fraction(stream.time_base) if stream.time_base else None
    video = context is not None and stream.type == "video"
    aspect = context.sample_aspect_ratio if video else None
    return Seen(
        index=stream.index,
        codec=_codec(stream),
        tag=_tag(context) if context is not None else "",
        level=context.level if video and context.level >= 0 else None,
        colour=(
            (context.color_primaries, context.color_trc, context.colorspace, context.color_range)
            if video
            else None
        ),
        sample_aspect=Fraction(aspect) if aspect else None,
        bit_rate=context.bit_rate if context is not None and context.bit_rate else None,
        disposition=tuple(
            str(one.name) for one in type(stream.disposition) if one in stream.disposition
        ),
        stated=stream.duration * base if base and stream.duration else None,
        start=stream.start_time * base if base and stream.start_time is not None else None,
    )


def _tag(context: Any) -> str:
    try:
        return "".join(c for c in str(context.codec_tag) if c.isprintable())
    except UnicodeDecodeError:  # four bytes that are no letters
        return ""


def _read_packets(
    container: av.container.InputContainer, tracks: dict[int, Track], notes: list[str]
) -> tuple[np.ndarray[Any, Any], bool]:
    rows: list[tuple[int, int, int, int, int, bytes, bool]] = []
    chunks: list[np.ndarray[Any, Any]] = []
    complete, count = True, 0
    try:
        for packet in container.demux():
            if not packet.size:  # libav's end marker
                continue
            track = tracks.setdefault(packet.stream_index, Track())
            kind = track.see(packet)
            rows.append(
                (
                    packet.stream_index,
                    NO_TIME if packet.pts is None else packet.pts,
                    NO_TIME if packet.dts is None else packet.dts,
                    min(packet.duration or 0, _MAX_TICKS),
                    packet.size,
                    kind.encode(),
                    packet.is_keyframe,
                )
            )
            count += 1
            if len(rows) == 1 << 16:
                chunks.append(np.array(rows, PACKET))
                rows.clear()
            if count >= MAX_PACKETS:
                notes.append(f"Only the first {MAX_PACKETS} packets were read.")
                complete = False
                break
    except (av.error.FFmpegError, ValueError) as error:
        notes.append(f"Reading stopped after {count} packets: {_reason(error)}.")
        complete = False
    return np.concatenate([*chunks, np.array(rows, PACKET)]), complete


def _extradata(stream: Any) -> bytes | None:
    context = stream.codec_context
    return bytes(context.extradata) if context is not None and context.extradata else None


def _stream(stream: Any, track: Track, complete: bool) -> Stream:
    context = stream.codec_context
    known = context is not None  # PyAV gives none where libav has no decoder for the coding
    video, audio = known and stream.type == "video", known and stream.type == "audio"
    base = stream.time_base
    coded = track.coded.hexdigest() if complete and track.coded else None
    duration = None
    if base and track.first is not None and track.end is not None and track.end > track.first:
        duration = (track.end - track.first) * Fraction(base)
    return Stream(
        index=stream.index,
        type=_TYPES.get(stream.type, StreamType.DATA),
        codec=context.name if known else UNKNOWN,
        digest=track.digest.hexdigest() if complete and track.packets else None,
        digest_scheme=DIGEST_SCHEME if complete and track.packets else None,
        coded_digest=coded,
        coded_digest_scheme=SCHEME if coded else None,
        width=context.width if video else None,
        height=context.height if video else None,
        time_base=Fraction(base) if base else None,
        frame_rate=Fraction(stream.average_rate) if video and stream.average_rate else None,
        start=track.first * Fraction(base) if base and track.first is not None else None,
        duration=duration,
        packets=track.packets,
        keyframes=track.keyframes,
        picture_types=dict(sorted(track.types.items())),
        sample_rate=context.sample_rate if audio else None,
        channels=context.channels if audio else None,
        profile=str(context.profile) if known and context.profile else None,
        pixel_format=context.pix_fmt if video else None,
        tags=_tags(stream.metadata),
    )


def _tags(metadata: dict[str, str]) -> dict[str, str]:
    return {k[:MAX_TEXT]: v[:MAX_TEXT] for k, v in list(metadata.items())[:MAX_TAGS]}


def _with_rotation(path: Path, demuxer: str, stream: Stream) -> Stream:
    """Decodes one picture: libav gives the display matrix with it."""
    if stream.type is not StreamType.VIDEO or not stream.packets:
        return stream
    with (
        contextlib.suppress(av.error.FFmpegError, ValueError, MediaError),
        open_container(path, demuxer) as container,
    ):
        for frame in container.decode(container.streams[stream.index]):
            turn = -int(getattr(frame, "rotation", 0)) % 360
            return replace(stream, rotation=turn)
    return stream
