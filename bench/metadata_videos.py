"""The part of bench/metadata.py about videos and sound: ours against ffprobe and mediainfo."""

from __future__ import annotations

import json
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from forensics.errors import MediaError
from forensics.inside.read import read_file
from forensics.inside.summary import summarise
from forensics.media.identify import Identity, identify_file
from forensics.media.probe import probe_container
from forensics.model import MediaKind, Probe, StreamType

FFPROBE = ("ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json")
KINDS = {"Video": StreamType.VIDEO, "Audio": StreamType.AUDIO, "Text": StreamType.SUBTITLE}
TAGS = (
    "encoder",
    "creation_time",
    "title",
    "artist",
    "date",
    "comment",
    "make",
    "model",
    "location",
)


def movies(folders: Sequence[Path]) -> Iterator[tuple[Path, Identity]]:
    """Every video and every sound below the folders that we take in."""
    for path in sorted(p for folder in folders for p in folder.rglob("*") if p.is_file()):
        found = identify_file(path)
        if found.kind in {MediaKind.VIDEO, MediaKind.AUDIO}:
            yield path, found


def _json(command: Sequence[str], path: Path) -> dict[str, Any]:
    done = subprocess.run([*command, str(path)], capture_output=True, check=False)
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return {}
    return found


def _close(one: float, other: float, slack: float) -> bool:
    return abs(one - other) <= slack


def _ffprobe(found: dict[str, Any], probe: Probe, count: Counter[tuple[str, str]]) -> None:
    streams = found.get("streams", [])
    coded = [s.get("codec_name", "unknown") for s in streams]
    _note(count, "streams and codecs", coded == [_codec(s.codec) for s in probe.streams])
    for theirs, mine in zip(streams, probe.streams, strict=False):
        if "width" in theirs and mine.width:
            _note(
                count,
                "size in pixels",
                (theirs["width"], theirs["height"]) == (mine.width, mine.height),
            )
        rate = theirs.get("avg_frame_rate", "0/0")
        if theirs.get("codec_type") == "video" and not rate.startswith("0") and mine.frame_rate:
            same = _close(
                float(Fraction(rate)), float(mine.frame_rate), 0.01 * float(mine.frame_rate)
            )
            _note(count, "pictures per second", same)
        if "sample_rate" in theirs:
            same = (
                int(theirs["sample_rate"]) == mine.sample_rate
                and theirs.get("channels") == mine.channels
            )
            _note(count, "sound rate and channels", same)
        if "duration" in theirs and mine.duration is not None:
            _note(
                count,
                "duration of a stream",
                _close(float(theirs["duration"]), float(mine.duration), 0.1),
            )
    duration = found.get("format", {}).get("duration")
    if duration and probe.duration is not None:
        _note(count, "duration of the file", _close(float(duration), float(probe.duration), 0.1))


def _codec(name: str) -> str:
    """The coding that a decoder is for: libav has two decoders for MP3."""
    return name.removesuffix("float") if name.startswith("mp3") else name


def _tags(
    found: dict[str, Any], stated: set[str], probe: Probe, count: Counter[tuple[str, str]]
) -> None:
    tags = {k.lower(): str(v) for k, v in found.get("format", {}).get("tags", {}).items()}
    known = {_plain(v) for v in (*stated, *probe.tags.values())}
    for name in TAGS:
        if value := tags.get(name, "").strip():
            _note(count, "tags", _plain(value) in known)


def _plain(text: str) -> str:
    """A date without its form, any other text as it is."""
    return text.replace("T", " ").replace(".000000Z", "").removesuffix("Z").strip()


def _mediainfo(found: dict[str, Any], probe: Probe, count: Counter[tuple[str, str]]) -> None:
    tracks = found.get("media", {}).get("track", []) if found.get("media") else []
    theirs = Counter(KINDS[t["@type"]] for t in tracks if t["@type"] in KINDS)
    mine = Counter(s.type for s in probe.streams if s.type in KINDS.values())
    _note(count, "tracks by kind", theirs == mine)
    for track in tracks:
        stream = next((s for s in probe.streams if s.type is KINDS.get(track["@type"])), None)
        if stream is None or theirs[stream.type] != 1:
            continue
        if "Width" in track and stream.width:
            same = (int(track["Width"]), int(track["Height"])) == (stream.width, stream.height)
            _note(count, "size in pixels", same)
        if track["@type"] == "Video" and "FrameRate" in track and stream.frame_rate:
            rate = float(stream.frame_rate)
            _note(
                count, "pictures per second", _close(float(track["FrameRate"]), rate, 0.01 * rate)
            )
        if "Duration" in track and stream.duration is not None:
            _note(
                count,
                "duration of a stream",
                _close(float(track["Duration"]), float(stream.duration), 0.1),
            )
        if "SamplingRate" in track and stream.sample_rate:
            _note(count, "sound rate", int(float(track["SamplingRate"])) == stream.sample_rate)


def _note(count: Counter[tuple[str, str]], what: str, same: bool) -> None:
    count[what, "both"] += 1
    count[what, "agree"] += same


def _table(name: str, count: Counter[tuple[str, str]]) -> list[str]:
    rows = [
        f"| {what} | {count[what, 'both']} | {count[what, 'agree']} |"
        for what in dict.fromkeys(key for key, _ in count)
    ]
    return [f"| against {name} | both have a value | agree |", "|---|---:|---:|", *rows, ""]


def compare_videos(folders: Sequence[Path]) -> list[str]:
    """Returns the lines of the report about videos and sound."""
    files = list(movies(folders))
    by_ffprobe: Counter[tuple[str, str]] = Counter()
    by_mediainfo: Counter[tuple[str, str]] = Counter()
    spent: dict[str, float] = defaultdict(float)
    unread = []
    for path, identity in files:
        start = time.perf_counter()
        stated = {f.value for f in summarise(read_file(path, identity))}
        spent["tree"] += time.perf_counter() - start
        try:
            probe, _ = probe_container(path, identity.demuxer or "")
        except MediaError:
            unread.append(path.name)
            continue
        start = time.perf_counter()
        theirs = _json(FFPROBE, path)
        spent["ffprobe"] += time.perf_counter() - start
        start = time.perf_counter()
        info = _json(("mediainfo", "--Output=JSON"), path)
        spent["mediainfo"] += time.perf_counter() - start
        _ffprobe(theirs, probe, by_ffprobe)
        _tags(theirs, stated, probe, by_ffprobe)
        _mediainfo(info, probe, by_mediainfo)
    each = {
        name: f"{seconds / max(1, len(files)) * 1000:.0f} ms" for name, seconds in spent.items()
    }
    said = (
        f"{len(files)} files; not read by us: {', '.join(unread) or 'none'}. Durations agree within 0.1 s, "
        "rates within one in a hundred. Ours are measured on the packets, theirs as the container states."
    )
    took = (
        f"Time a file: our whole tree with every packet and its digests {each['tree']} (in one process); "
        f"ffprobe {each['ffprobe']}, mediainfo {each['mediainfo']} (one process each; what containers state)."
    )
    return [
        "## Videos and sound, against ffprobe and mediainfo",
        "",
        said,
        "",
        *_table("ffprobe", by_ffprobe),
        *_table("mediainfo", by_mediainfo),
        took,
    ]
