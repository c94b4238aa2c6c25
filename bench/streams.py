"""Do streams, durations, rates and tags agree with ffprobe and mediainfo, and what does reading them cost?

    python bench/streams.py FILE… [--out bench/streams.md]

For each field: of how many streams both have a value, how many agree, and how many only one has. And which
digests of the streams survive `ffmpeg -c copy` into other containers. ffprobe, ffmpeg and mediainfo are the
system's.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from forensics.errors import ForensicsError
from forensics.inside.coded import coded_tree
from forensics.media.identify import HEAD, identify
from forensics.media.probe import read_container
from forensics.model import Part, Stream

WRAPPERS = {
    "MP4": ("mp4", ()),
    "MOV": ("mov", ()),
    "fragmented MP4": ("mp4", ("-movflags", "frag_keyframe+delay_moov")),
    "Matroska": ("mkv", ()),
    "MPEG-TS": ("ts", ()),
}
DEMUXERS = {"mp4": "mov", "mov": "mov", "mkv": "matroska", "ts": "mpegts"}
MATRIX = {"bt709": "BT.709", "smpte170m": "SMPTE 170M", "bt470bg": "BT.470 BG"}

_NOBODY = "[0][0][0][0]"
"""How older versions of ffprobe show a vendor of four zeros, which newer ones leave out."""

Value = Any


def demuxer(path: Path) -> str | None:
    with path.open("rb") as file:
        return identify(file.read(HEAD)).demuxer


def ours(stream: Stream, part: Part) -> dict[str, Value]:
    """Returns the fields that are compared; None where there is no value."""
    video = stream.type.value == "video"
    return {
        "kind": stream.type.value,
        "codec": part.text("codec"),
        "size": (stream.width, stream.height) if video else None,
        "rotation": stream.rotation if video else None,
        "pixel format": stream.pixel_format,
        "profile": stream.profile,
        "level": int(part.text("level")) if part.text("level") else None,
        "matrix": next((p.meaning for p in part.all("colour", "matrix")), None),
        "pictures per second": float(stream.frame_rate) if stream.frame_rate else None,
        "samples per second": stream.sample_rate,
        "channels": stream.channels,
        "packets": stream.packets,
        "start": float(stream.start) if stream.start is not None else None,
        "duration": float(stream.duration) if stream.duration is not None else None,
        "encoder in the stream": part.text("version") or None,
        "tags": dict(stream.tags),
    }


def ffprobe(path: Path) -> list[dict[str, Value]]:
    command = [
        "ffprobe",
        "-v",
        "error",
        "-of",
        "json",
        "-show_streams",
        "-count_packets",
        str(path),
    ]
    done = subprocess.run(command, capture_output=True, check=False)
    return [
        {
            "kind": s.get("codec_type"),
            "codec": s.get("codec_name"),
            "size": (s["width"], s["height"]) if "width" in s else None,
            "rotation": _turn(s) if s.get("codec_type") == "video" else None,
            "pixel format": s.get("pix_fmt"),
            "profile": s.get("profile") if s.get("profile") != "unknown" else None,
            "level": s["level"] if s.get("level", -1) >= 0 else None,
            "matrix": MATRIX.get(s.get("color_space", ""), s.get("color_space")),
            "pictures per second": _rate(s.get("avg_frame_rate")) or None,
            "samples per second": int(s["sample_rate"]) if "sample_rate" in s else None,
            "channels": s.get("channels"),
            "packets": int(s.get("nb_read_packets", 0)),
            "start": float(s["start_time"]) if "start_time" in s else None,
            "duration": float(s["duration"]) if "duration" in s else None,
            "encoder in the stream": None,
            "tags": {k: v for k, v in s.get("tags", {}).items() if v != _NOBODY},
        }
        for s in json.loads(done.stdout or b"{}").get("streams", [])
    ]


def _turn(stream: dict[str, Value]) -> int:
    stated = [d["rotation"] for d in stream.get("side_data_list", []) if "rotation" in d]
    return -int(stated[0]) % 360 if stated else 0


def _rate(text: str | None) -> float:
    above, _, below = (text or "0/0").partition("/")
    return float(Fraction(int(above), int(below))) if int(below) else 0.0


def mediainfo(path: Path) -> list[dict[str, Value]]:
    command = ["mediainfo", "--Output=JSON", str(path)]
    done = subprocess.run(command, capture_output=True, check=False)
    media = json.loads(done.stdout or b"{}").get("media") or {}
    tracks = [t for t in media.get("track", []) if t["@type"] in {"Video", "Audio"}]
    tracks.sort(key=lambda t: int(t.get("StreamOrder", "0").rpartition("-")[2]))
    return [
        {
            "kind": t["@type"].lower(),
            "size": (int(t["Sampled_Width"]), int(t["Sampled_Height"]))
            if "Sampled_Width" in t
            else None,
            "rotation": round(float(t["Rotation"])) % 360 if "Rotation" in t else None,
            "pictures per second": float(t["FrameRate"])
            if "Height" in t and "FrameRate" in t
            else None,
            "samples per second": int(t["SamplingRate"]) if "SamplingRate" in t else None,
            "channels": int(t["Channels"]) if "Channels" in t else None,
            "packets": int(t["FrameCount"]) if "Height" in t and "FrameCount" in t else None,
            "duration": float(t["Duration"]) if "Duration" in t else None,
            "encoder in the stream": t.get("Encoded_Library") if "Height" in t else None,
        }
        for t in tracks
    ]


def agree(field: str, one: Value, other: Value) -> bool:
    if field == "tags":
        return all(one.get(k) == v for k, v in other.items())
    if field == "encoder in the stream":
        return str(other).split()[0] in str(one)
    if field == "duration":
        return bool(abs(one - other) <= 0.05)
    if isinstance(one, float):
        return bool(abs(one - other) <= max(0.0011, 0.0001 * abs(other)))
    if field == "matrix":
        return str(other) in str(one) or other == "unknown"
    return bool(one == other)


class Table:
    """Counts of agreement by field."""

    def __init__(self) -> None:
        self.rows: dict[str, Counter[str]] = {}
        self.differences: list[str] = []

    def add(self, path: Path, mine: dict[str, Value], theirs: dict[str, Value]) -> None:
        for field, value in theirs.items():
            counts = self.rows.setdefault(field, Counter())
            own = mine[field]
            if value is None or own is None or (field == "tags" and not (value or own)):
                counts["only ours"] += own is not None and value is None
                counts["only theirs"] += own is None and value is not None
            else:
                same = agree(field, own, value)
                counts["both"] += 1
                counts["agree"] += same
                if not same:
                    self.differences.append(f"{path.name}, {field}: {own} here, {value} there")

    def markdown(self) -> Iterator[str]:
        yield "| field | both have it | agree | only here | only there |"
        yield "|---|---|---|---|---|"
        for field, counts in self.rows.items():
            keys = ("both", "agree", "only ours", "only theirs")
            yield f"| {field} | {' | '.join(str(counts[key]) for key in keys)} |"


def survival(paths: Sequence[Path], scratch: Path) -> Iterator[str]:
    yield "| put into | tracks | as packed | as coded |"
    yield "|---|---|---|---|"
    for name, (form, options) in WRAPPERS.items():
        counts: Counter[str] = Counter()
        for path in paths:
            other = scratch / f"other.{form}"
            command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(path), "-map", "0:v?",
                       "-map", "0:a?", "-c", "copy", *options, str(other)]  # fmt: skip
            if subprocess.run(command, capture_output=True, check=False).returncode:
                continue
            try:
                before, after = (read_container(p, demuxer(p) or "") for p in (path, other))
            except ForensicsError:  # ffmpeg could write nothing of it
                continue
            there = {s.type: s for s in after.probe.streams}
            for stream in before.probe.streams:
                if stream.type in there and stream.coded_digest:
                    counts["tracks"] += 1
                    counts["packed"] += stream.digest == there[stream.type].digest
                    counts["coded"] += stream.coded_digest == there[stream.type].coded_digest
        yield f"| {name} | {counts['tracks']} | {counts['packed']} | {counts['coded']} |"


def spent() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def cost(paths: Sequence[Path]) -> Iterator[str]:
    largest = max(paths, key=lambda p: p.stat().st_size)
    tool = demuxer(largest) or ""
    read_container(largest, tool)
    decode = ["ffmpeg", "-nostdin", "-v", "error", "-threads", "1", "-i", str(largest),
              "-map", "0:v:0", "-f", "null", "-"]  # fmt: skip
    steps: dict[str, Any] = {
        "bare decoding": lambda: subprocess.run(decode, check=True),
        "ffprobe -count_packets": lambda: ffprobe(largest),
        "mediainfo": lambda: mediainfo(largest),
        "streams, digests, messages here": lambda: coded_tree(
            (found := read_container(largest, tool)).probe, found.packets, found.seen
        ),
        "BLAKE2b-512 of the file": lambda: hashlib.blake2b(largest.read_bytes()),
    }  # fmt: skip
    yield f"| {largest.name}, {largest.stat().st_size / 1e6:.1f} MB | CPU s, median of 3 |"
    yield "|---|---|"
    for name, step in steps.items():
        taken = []
        for _ in range(3):
            before = spent()
            step()
            taken.append(spent() - before)
        yield f"| {name} | {sorted(taken)[1]:.3f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    against = {"ffprobe": Table(), "mediainfo": Table()}
    read, missed, seconds, counts = [], [], 0.0, Counter[str]()
    for path in options.files:
        tool = demuxer(path)
        theirs = {"ffprobe": ffprobe(path), "mediainfo": mediainfo(path)}
        begin = time.monotonic()
        try:
            found = read_container(path, tool) if tool else None
        except ForensicsError:
            found = None
        if found is None:
            missed.append(f"{path.name} ({len(theirs['ffprobe'])} streams by ffprobe)")
            continue
        tree = coded_tree(found.probe, found.packets, found.seen)
        seconds += time.monotonic() - begin
        read.append(path)
        mine = [ours(s, p) for s, p in zip(found.probe.streams, tree.parts, strict=False)]
        for name, table in against.items():
            kinds = {"video", "audio"} if name == "mediainfo" else {one["kind"] for one in mine}
            beside = [one for one in mine if one["kind"] in kinds]
            counts[name] += len(theirs[name]) == len(beside)
            for one, other in zip(beside, theirs[name], strict=False):
                table.add(path, one, other)
    lines = ["# Streams, durations, rates and tags beside ffprobe and mediainfo", ""]
    lines += [
        f"`python bench/streams.py` on {len(read)} files; {1000 * seconds / max(1, len(read)):.0f} ms each.",
        "",
    ]
    if missed:
        lines += [f"Not read here: {', '.join(missed)}.", ""]
    for name, table in against.items():
        lines += [f"## {name}", "", f"As many streams: {counts[name]} of {len(read)} files.", ""]
        lines += [*table.markdown(), "", *(f"- {one}" for one in table.differences), ""]
    with tempfile.TemporaryDirectory() as scratch:
        lines += ["## Digests after a change of container", "", *survival(read, Path(scratch)), ""]
    lines += ["## Cost", "", *cost(read), ""]
    text = "\n".join(lines)
    print(text)
    if options.out:
        options.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
