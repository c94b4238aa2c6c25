"""The coded streams of a video or sound file as a tree: coding, times, groups of pictures, messages, digests.

One pass over the packets, made by `forensics.media.probe.read_container`, is all that it needs; where a check
has made it already, what it left in the scratch folder is read instead.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from forensics.inside.codedmessages import of_messages, time_code
from forensics.inside.codednames import MATRICES, PRIMARIES, RANGES, TRANSFERS, said
from forensics.inside.codedsets import of_set
from forensics.inside.codedtimes import groups, seconds, timing
from forensics.inside.making import part
from forensics.inside.window import Window
from forensics.media import prepared, seen
from forensics.media.intake import MAX_SIZE
from forensics.media.prepare import PACKETS
from forensics.media.probe import read_container
from forensics.media.seen import Seen
from forensics.media.units import coding_of
from forensics.model import Part, Probe, Stream, StreamType

_PLAIN_TAGS: Final = frozenset(
    {"encoder", "handler_name", "language", "creation_time", "duration", "vendor_id", "rotate"}
    | {"bps", "number_of_frames", "number_of_bytes", "timecode", "mimetype"}
)
"""Tags that name or locate nobody; of others it cannot be told."""
_NEAR: Final = Fraction(1, 1000)


def read_coded(path: Path, demuxer: str) -> Part:
    """Reads a container and returns "Streams".

    Args:
        path: The file.
        demuxer: libav's name of the one that may open it.

    Raises:
        MediaError: The container cannot be read.
    """
    found = read_container(path, demuxer)
    return coded_tree(found.probe, found.packets, found.seen)


def read_prepared(folder: Path) -> Part | None:
    """Returns "Streams" from what a check left in its scratch folder; None where there is none.

    Args:
        folder: Made by this program: what lies in it is believed.
    """
    if not (folder / seen.FILE).exists() or not (folder / PACKETS).exists():
        return None
    probe = prepared.load(folder).probe
    if probe is None:
        return None
    packets = np.load(folder / PACKETS, allow_pickle=False)
    return coded_tree(probe, packets, seen.load(folder))


def coded_tree(probe: Probe, packets: NDArray[Any], streams: Sequence[Seen]) -> Part:
    """Returns "Streams": one part for each stream, and how pictures and sound lie beside each other.

    Args:
        probe: What the container says.
        packets: Its packets in stored order, as `forensics.media.probe.PACKET`.
        streams: What went by in them.
    """
    window = Window(io.BytesIO(), size=MAX_SIZE)  # nothing is read through it: it counts and places
    raw = {one.index: one for one in streams}
    parts = [
        _stream(window, stream, raw.get(stream.index) or Seen(index=stream.index), packets)
        for stream in probe.streams
    ]
    parts.extend(_together(window, probe.streams))
    trouble = " ".join(probe.notes) or None
    meaning = f"{len(probe.streams)} in {probe.container}"
    return part(window, "Streams", meaning=meaning, trouble=trouble, parts=tuple(parts))


def _stream(window: Window, stream: Stream, raw: Seen, packets: NDArray[Any]) -> Part:
    mine = packets[packets["stream"] == stream.index]
    coding = coding_of(raw.codec)
    found: list[Part | None] = [*_facts(window, stream, raw, mine)]
    pictures = stream.type is StreamType.VIDEO
    if pictures:
        found.extend(_picture_facts(window, stream, raw))
    if pictures or stream.type is StreamType.AUDIO:
        found.append(timing(window, stream, mine, pictures=pictures))
    if pictures:
        found.append(groups(window, coding, raw, mine))
        if raw.time_code and (shown := time_code(coding, raw.time_code)):
            found.append(part(window, "Time code", shown, meaning="of the first group of pictures"))
    found.extend(of_set(window, coding, unit) for unit in raw.sets)
    found.append(of_messages(window, raw, coding))
    found.append(_tags(window, stream))
    name = f"Stream {stream.index}"
    kept = tuple(one for one in found if one is not None)
    return part(window, name, stream.type.value, meaning=_summary(stream), parts=kept)


def _summary(stream: Stream) -> str:
    said_of = [stream.codec]
    if stream.width and stream.height:
        said_of.append(f"{stream.width} × {stream.height}")
    if stream.sample_rate:
        said_of.append(f"{stream.sample_rate} Hz")
    return ", ".join(said_of)


def _facts(window: Window, stream: Stream, raw: Seen, packets: NDArray[Any]) -> Iterator[Part]:
    tag = f"named {raw.tag} in the container" if raw.tag else ""
    yield part(window, "codec", raw.codec or stream.codec, meaning=tag)
    for scheme, digest in stream.digests:
        coded = scheme == stream.coded_digest_scheme
        meaning = (
            "SHA-256 of what is coded, whatever the wrapper" if coded else "SHA-256 of the packets"
        )
        yield part(window, scheme, digest, meaning=meaning)
    if stream.profile:
        yield part(window, "profile", stream.profile)
    if raw.level is not None:
        yield part(window, "level", raw.level, meaning="as the coding numbers it")
    if stream.sample_rate:
        yield part(window, "sample rate", stream.sample_rate, meaning="samples per second")
    if stream.channels:
        yield part(window, "channels", stream.channels)
    if raw.disposition:
        yield part(
            window, "disposition", ", ".join(raw.disposition), meaning="what the track is for"
        )
    if stream.time_base:
        yield part(window, "time base", str(stream.time_base), meaning="seconds per tick")
    if stream.start is not None:
        yield part(
            window, "start", seconds(stream.start), meaning="seconds, first time of a packet"
        )
    yield from _durations(window, stream, raw)
    if stream.packets is not None:
        yield part(window, "packets", stream.packets)
    size = int(packets["size"].sum())
    yield part(window, "bytes", size, meaning="in all packets")
    if stream.duration:
        rate = round(8 * size / stream.duration)
        stated = f"; the container states {raw.bit_rate}" if raw.bit_rate else ""
        yield part(window, "bit rate", rate, meaning=f"bits per second, measured{stated}")
    if raw.extradata_size:
        yield part(window, "configuration", raw.extradata_size, meaning="bytes for the decoder")


def _durations(window: Window, stream: Stream, raw: Seen) -> Iterator[Part]:
    measured, stated = stream.duration, raw.stated
    if measured is not None:
        yield part(
            window, "duration", seconds(measured), meaning="seconds, measured on the packets"
        )
    if stated is not None:
        differs = measured is not None and abs(stated - measured) > _NEAR
        meaning = "seconds, as the container states"
        if differs and measured is not None:
            meaning += f"; {seconds(stated - measured)} more than measured"
        yield part(window, "stated duration", seconds(stated), meaning=meaning)


def _picture_facts(window: Window, stream: Stream, raw: Seen) -> Iterator[Part]:
    if stream.width and stream.height:
        yield part(window, "size", f"{stream.width} × {stream.height}", meaning="pixels")
    if raw.sample_aspect not in {None, Fraction(1)}:
        yield part(
            window, "pixel shape", str(raw.sample_aspect), meaning="width by height of a pixel"
        )
    if stream.pixel_format:
        yield part(window, "pixel format", stream.pixel_format)
    if stream.rotation:
        yield part(window, "rotation", stream.rotation, meaning="degrees clockwise for display")
    if stream.frame_rate:
        rate = f"{float(stream.frame_rate):.3f}"
        exact = str(stream.frame_rate)
        yield part(window, "frame rate", rate, meaning=f"pictures per second on average ({exact})")
    if raw.colour and len(raw.colour) == 4:
        primaries, transfer, matrix, scale = raw.colour
        yield part(
            window,
            "colour",
            parts=(
                part(window, "primaries", primaries, meaning=said(PRIMARIES, primaries)),
                part(window, "transfer", transfer, meaning=said(TRANSFERS, transfer)),
                part(window, "matrix", matrix, meaning=said(MATRICES, matrix)),
                part(window, "range", scale, meaning=said(RANGES, scale)),
            ),
        )


def _tags(window: Window, stream: Stream) -> Part | None:
    if not stream.tags:
        return None
    tags = tuple(
        part(window, name, value, personal=name.lower().partition("-")[0] not in _PLAIN_TAGS)
        for name, value in stream.tags.items()
    )
    return part(window, "Tags", parts=tags)


def _together(window: Window, streams: Sequence[Stream]) -> Iterator[Part]:
    """How the first sound lies beside the first pictures: offset, difference in length, and at the end."""
    first = {
        kind: next((s for s in streams if s.type is kind and s.duration), None)
        for kind in (StreamType.VIDEO, StreamType.AUDIO)
    }
    pictures, sound = first[StreamType.VIDEO], first[StreamType.AUDIO]
    if not pictures or not sound or pictures.start is None or sound.start is None:
        return
    if pictures.duration is None or sound.duration is None:
        return
    offset = sound.start - pictures.start
    longer = sound.duration - pictures.duration
    yield part(
        window,
        "Pictures and sound",
        meaning=f"stream {pictures.index} and stream {sound.index}",
        parts=(
            part(window, "offset", seconds(offset), meaning="seconds that the sound begins later"),
            part(window, "longer", seconds(longer), meaning="seconds that the sound is longer"),
            part(
                window, "end", seconds(offset + longer), meaning="seconds that the sound ends later"
            ),
        ),
    )
