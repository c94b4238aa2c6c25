"""MP3 files: tags before and behind the sound, the frames counted, and what the coder signed.

ISO/IEC 11172-3 section 2.4.1.3 and ISO/IEC 13818-3 (frame headers); "Mp3 Info Tag revision 1 Specifications"
(gabriel.mp3-tech.org) for the Xing, Info and LAME tag.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from forensics.inside.ape import read_ape
from forensics.inside.id3 import read_id3, read_id3v1, tag_size
from forensics.inside.making import part
from forensics.inside.window import Window
from forensics.media.boxtext import readable
from forensics.model import Part

MAX_SOUND: Final = 64 << 20
"""Bytes of sound in which frames are counted."""
MAX_LOOKS: Final = 500_000
"""Places that are looked at for a frame."""
_CHUNK: Final = 1 << 20
_RATES: Final = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_KILOBITS: Final = {
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_VERSIONS: Final = {3: "MPEG-1", 2: "MPEG-2", 0: "MPEG-2.5"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What a frame's four bytes state."""

    version: int
    layer: int
    rate: int
    kilobits: int
    mono: bool
    size: int

    @property
    def samples(self) -> int:
        if self.layer == 1:
            return 384
        return 576 if self.layer == 3 and self.version != 3 else 1152


def read_mp3(window: Window) -> Part:
    """Reads a whole file.

    Returns:
        "MPEG audio" with "ID3", "frames", "Xing" or "Info", "APE" and "ID3v1", as far as they are there.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    parts: list[Part] = []
    start = tag_size(window)
    if start:
        parts.append(read_id3(window))
    behind = list(_behind(window))
    end = min((p.at for p in behind if p.at is not None), default=window.size)
    parts += _sound(window, start, end)
    return part(
        window,
        "MPEG audio",
        start=0,
        size=window.size,
        meaning="frames of MPEG audio, and tags about them",
        parts=(*parts, *reversed(behind)),
    )


def _behind(window: Window) -> Iterator[Part]:
    """The tags at the end, the last first."""
    end = window.size
    old = read_id3v1(window)
    if old is not None:
        yield old
        end -= 128
    ape = read_ape(window.inner(0, end))
    if ape is not None:
        yield ape


def _head(data: bytes) -> _Head | None:
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        return None
    version, layer = data[1] >> 3 & 3, 4 - (data[1] >> 1 & 3)
    index, rate_index, padding = data[2] >> 4, data[2] >> 2 & 3, data[2] >> 1 & 1
    if version == 1 or layer == 4 or index in (0, 15) or rate_index == 3:
        return None
    rate = _RATES[version][rate_index]
    kilobits = _KILOBITS[version == 3, layer][index - 1]
    if layer == 1:
        size = (12_000 * kilobits // rate + padding) * 4
    else:
        samples = 576 if layer == 3 and version != 3 else 1152
        size = samples // 8 * kilobits * 1000 // rate + padding
    return _Head(
        version=version,
        layer=layer,
        rate=rate,
        kilobits=kilobits,
        mono=data[3] >> 6 == 3,
        size=size,
    )


@dataclass(slots=True)
class _Count:
    """What was counted of the frames."""

    first: _Head
    at: int
    frames: int = 0
    end: int = 0
    skipped: int = 0
    lowest: int = 1 << 30
    highest: int = 0


def _sound(window: Window, start: int, end: int) -> Iterator[Part]:
    count = _counted(window, start, end)
    if count is None:
        yield part(window, "frames", 0, trouble="No frame of MPEG audio was found behind the tags.")
        return
    first = count.first
    tag = list(_xing(window.inner(count.at, first.size), first))
    played = count.frames - len(tag)
    stopped = count.end < end
    seconds = played * first.samples / first.rate
    trouble = None
    if count.skipped:
        trouble = f"{count.skipped} bytes between the frames are no frames."
    stated = next((int(p.text("frames") or 0) for p in tag if p.first("frames")), 0)
    if stated and stated != played and not stopped:
        trouble = f"The tag of the coder states {stated} frames, but {played} are there."
    rates = (
        f"{count.lowest}" if count.lowest == count.highest else f"{count.lowest} to {count.highest}"
    )
    yield part(
        window,
        "frames",
        played,
        start=count.at,
        size=count.end - count.at,
        meaning=f"{seconds:.3f} s of sound" + (", as far as was counted" if stopped else ""),
        trouble=trouble,
        parts=(
            part(window, "coding", f"{_VERSIONS[first.version]} layer {first.layer}"),
            part(window, "rate", first.rate, meaning="samples per second"),
            part(window, "channels", 1 if first.mono else 2),
            part(window, "bitrate", rates, meaning="thousand bits per second"),
        ),
    )
    yield from tag


def _counted(window: Window, start: int, end: int) -> _Count | None:
    """Walks the frames; what is no frame is skipped until two frames follow each other."""
    count: _Count | None = None
    base, data = start, window.read(start, min(_CHUNK, end - start))
    at = start
    stop = min(end, start + MAX_SOUND)
    for _ in range(MAX_LOOKS):
        if at >= stop:
            break
        if at + 4096 > base + len(data) and base + len(data) < end:
            base, data = at, window.read(at, min(_CHUNK, end - at))
        head = _head(data[at - base : at - base + 4])
        if head is not None and count is not None and head.rate != count.first.rate:
            head = None
        if head is not None and (count is None or count.end != at):
            place = at - base + head.size
            after = _head(data[place : place + 4])
            if after is None and at + head.size < end:
                head = None
        if head is None:
            found = data.find(b"\xff", at - base + 1)
            at = base + found if found >= 0 else base + len(data)
            continue
        count = count or _Count(first=head, at=at, end=at)
        count.skipped += at - count.end
        count.frames += 1
        count.lowest, count.highest = (
            min(count.lowest, head.kilobits),
            max(count.highest, head.kilobits),
        )
        at += head.size
        count.end = min(at, end)
    return count


def _xing(window: Window, head: _Head) -> Iterator[Part]:
    """The tag in the first frame, which is not played."""
    side = (17 if head.mono else 32) if head.version == 3 else (9 if head.mono else 17)
    data = window.read(4 + side, 160)
    name = data[:4].decode("latin-1")
    if name not in ("Xing", "Info"):
        vbri = window.read(36, 18)
        if vbri[:4] == b"VBRI":
            frames = int.from_bytes(vbri[14:18], "big")
            inner = part(window, "frames", frames)
            yield part(
                window,
                "VBRI",
                start=36,
                size=26,
                meaning="tag of Fraunhofer's coder",
                parts=(inner,),
            )
        return
    flags, at = int.from_bytes(data[4:8], "big"), 8
    parts = []
    for bit, field in ((1, "frames"), (2, "bytes")):
        if flags & bit:
            parts.append(part(window, field, int.from_bytes(data[at : at + 4], "big")))
            at += 4
    at += (100 if flags & 4 else 0) + (4 if flags & 8 else 0)
    signed = readable(data[at : at + 9])
    if signed:
        parts.append(part(window, "encoder", signed, meaning="coder that signed the sound"))
        gaps = int.from_bytes(data[at + 21 : at + 24], "big")
        parts.append(part(window, "delay", gaps >> 12, meaning="samples before the sound"))
        parts.append(part(window, "padding", gaps & 0xFFF, meaning="samples behind the sound"))
    said = (
        "tag of the coder: variable bit rate"
        if name == "Xing"
        else "tag of the coder: constant bit rate"
    )
    yield part(window, name, start=4 + side, size=at, meaning=said, parts=tuple(parts))
