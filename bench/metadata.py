"""What do we read of pictures and videos that exiftool, ffprobe and mediainfo read, and how fast?

    python bench/metadata.py FOLDER [FOLDER …] [--processes N] [--out bench/metadata.md] [--note TEXT]

Fields of pictures are compared with those of exiftool, one by one: agreement wherever both have a value, and
who has a value that the other has not. Streams, durations, rates and tags of videos are compared with
ffprobe's, and streams and rates with mediainfo's. Times are of whole passes over the same files, after one
that only warms the disk's cache; those of single processes are of every n-th file.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.metadata_videos import compare_videos
from forensics.inside.read import read_file
from forensics.inside.summary import Fact, summarise
from forensics.media.identify import Identity, identify_file
from forensics.model import MediaKind, Part

EXIFTOOL = ("exiftool", "-j", "-G1", "-n", "-struct", "-charset", "filename=utf8")
FIELDS: Mapping[str, Mapping[str, str]] = {
    "make": {"IFD0:Make": "Image Make", "XMP-tiff:Make": "tiff:Make"},
    "model": {"IFD0:Model": "Image Model", "XMP-tiff:Model": "tiff:Model"},
    "recorded": {
        "ExifIFD:DateTimeOriginal": "EXIF DateTimeOriginal",
        "XMP-exif:DateTimeOriginal": "exif:DateTimeOriginal",
        "XMP-photoshop:DateCreated": "photoshop:DateCreated",
    },
    "digitised": {
        "ExifIFD:CreateDate": "EXIF DateTimeDigitized",
        "XMP-exif:DateTimeDigitized": "exif:DateTimeDigitized",
        "XMP-xmp:CreateDate": "xmp:CreateDate",
    },
    "changed": {
        "IFD0:ModifyDate": "Image DateTime",
        "XMP-xmp:ModifyDate": "xmp:ModifyDate",
    },
    "GPS": {"GPS": "GPS GPSLatitude", "XMP GPS": "exif:GPSLatitude"},
    "orientation": {
        "IFD0:Orientation": "Image Orientation",
        "XMP-tiff:Orientation": "tiff:Orientation",
    },
    "software": {
        "IFD0:Software": "Image Software",
        "XMP-tiff:Software": "tiff:Software",
        "PNG:Software": "Software",
    },
    "lens": {"ExifIFD:LensModel": "EXIF LensModel", "XMP-aux:Lens": "aux:Lens"},
    "XMP creator tool": {"XMP-xmp:CreatorTool": "xmp:CreatorTool"},
    "XMP history": {"XMP-xmpMM:History": "xmpMM:History"},
}
"""Field, and of each way in which it may be stored exiftool's name and ours."""
DATES = {"recorded", "digitised", "changed"}


@dataclass(slots=True)
class Tally:
    """What became of one field over all files."""

    both: int = 0
    agree: int = 0
    theirs: int = 0
    ours: int = 0
    differ: list[str] = field(default_factory=list)


def ours(path: Path, identity: Identity) -> tuple[Part, tuple[Fact, ...]]:
    """One file by our readers, in this process."""
    tree = read_file(path, identity)
    return tree, summarise(tree)


def exiftool(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Some files by one process of exiftool; numbers stay as they are written."""
    done = subprocess.run([*EXIFTOOL, *map(str, paths)], capture_output=True, check=False)
    found: list[dict[str, Any]] = json.loads(done.stdout, parse_float=str, parse_int=str)
    return found


def their_value(tags: Mapping[str, Any], name: str) -> str:
    """What exiftool gives for a field, in the form that is compared."""
    if name.endswith("GPS"):
        group = "GPS" if name == "GPS" else "XMP-exif"
        latitude, longitude = (tags.get(f"{group}:GPS{k}") for k in ("Latitude", "Longitude"))
        if latitude in {None, ""} or longitude in {None, ""}:
            return ""
        if group == "GPS":  # the groups of EXIF hold no sign; the composite does
            latitude = tags.get("Composite:GPSLatitude", latitude)
            longitude = tags.get("Composite:GPSLongitude", longitude)
        return f"{float(latitude):.4f}, {float(longitude):.4f}"
    value = tags.get(name, "")
    if isinstance(value, dict):  # one step
        value = [value]
    if isinstance(value, list):
        return "; ".join(_step(step) for step in value)
    return str(value)


def _step(step: Any) -> str:
    return (
        f"{step.get('Action', '')} {step.get('SoftwareAgent', '')}"
        if isinstance(step, dict)
        else str(step)
    )


def our_values(tree: Part, facts: Sequence[Fact], name: str) -> list[str]:
    """What we give for a field, in the form that is compared."""
    if name == "xmpMM:History":
        steps = [s for events in tree.all("xmpMM:History") for s in events.parts]
        said = [f"{s.text('stEvt:action')} {s.text('stEvt:softwareAgent')}" for s in steps]
        return ["; ".join(said)] if said else []
    values = [f.value for f in facts if f.field.lower() == name.lower()]  # some write tiff:software
    if name.endswith("GPSLatitude"):
        return [", ".join(f"{float(n):.4f}" for n in v.split(", ")) for v in values if ", " in v]
    return values


def alike(kind: str, theirs: str, mine: str) -> bool:
    """Whether two values say the same: dates by their digits, texts without the space around them."""
    if kind in DATES:
        return _digits(theirs) == _digits(mine)
    if kind == "GPS":
        pairs = zip(theirs.split(", "), mine.split(", "), strict=True)
        return all(abs(float(a) - float(b)) <= 0.0002 for a, b in pairs)
    return " ".join(theirs.split()) == " ".join(mine.split())


def _digits(text: str) -> str:
    return re.sub(r"\D", "", re.split(r"[.Z+]|-\d\d:?\d\d$", text.strip())[0]).ljust(14, "0")[:14]


def blank(kind: str, value: str) -> bool:
    """Whether a value states nothing: empty, zeros of a clock, words for nothing."""
    if kind in DATES:
        return not _digits(value).strip("0")
    return value.strip().strip("\0").lower() in {"", "unknown", "none", "n/a"}


def compare(
    paths: Sequence[Path],
    tags: Sequence[Mapping[str, Any]],
    read: Sequence[tuple[Part, tuple[Fact, ...]]],
) -> dict[str, Tally]:
    """Tallies every field over all files."""
    found: dict[str, Tally] = defaultdict(Tally)
    for path, theirs, (tree, facts) in zip(paths, tags, read, strict=True):
        for kind, names in FIELDS.items():
            for their_name, our_name in names.items():
                value = their_value(theirs, their_name)
                mine = [v for v in our_values(tree, facts, our_name) if not blank(kind, v)]
                _count(found[kind], kind, path, "" if blank(kind, value) else value, mine)
    return found


def _count(tally: Tally, kind: str, path: Path, value: str, mine: list[str]) -> None:
    if value and mine:
        tally.both += 1
        same = any(alike(kind, value, v) for v in mine)
        tally.agree += same
        if not same:
            tally.differ.append(f"{path.name}: {kind}: {value!r} / {mine[0]!r}")
    elif value:
        tally.theirs += 1
        tally.differ.append(f"{path.name}: {kind}: {value!r} / nothing")
    elif mine:
        tally.ours += 1


def timed(work: Callable[[], object]) -> float:
    """Seconds of one pass."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def pictures(folders: Sequence[Path]) -> Iterator[tuple[Path, Identity]]:
    """Every picture below the folders that we take in."""
    for path in sorted(p for folder in folders for p in folder.rglob("*") if p.is_file()):
        found = identify_file(path)
        if found.kind is MediaKind.IMAGE:
            yield path, found


def field_table(found: Mapping[str, Tally]) -> list[str]:
    rows = [
        "| field | both have a value | agree | only exiftool | only ours |",
        "|---|---:|---:|---:|---:|",
    ]
    for kind in FIELDS:
        t = found[kind]
        rows.append(f"| {kind} | {t.both} | {t.agree} | {t.theirs} | {t.ours} |")
    return rows


def time_table(
    files: list[tuple[Path, Identity]], plain: list[tuple[Path, Identity]], every: int
) -> list[str]:
    """Times of exiftool and ours, per file; `plain` are those without content credentials."""
    paths = [p for p, _ in files]
    plain_paths = [p for p, _ in plain]
    some = paths[::every]
    rows = [
        ("exiftool, one process a file", some, lambda: [exiftool([p]) for p in some]),
        ("exiftool, one process for all", paths, lambda: exiftool(paths)),
        ("ours, one process a file", some, lambda: [inspect([p]) for p in some]),
        ("ours, one process for all (`forensics inspect --jsonl`)", paths, lambda: inspect(paths)),
        ("ours, in one process (`read_file`)", paths, lambda: [ours(p, i) for p, i in files]),
        (
            "exiftool, one process for all without credentials",
            plain_paths,
            lambda: exiftool(plain_paths),
        ),
        ("ours, the same in one process", plain_paths, lambda: [ours(p, i) for p, i in plain]),
    ]
    lines = [
        "| way | files | ms a file | times faster than exiftool, one process a file |",
        "|---|---:|---:|---:|",
    ]
    one = 0.0
    for name, read, work in rows:
        each = timed(work) / len(read)
        one = one or each
        lines.append(f"| {name} | {len(read)} | {each * 1000:.1f} | {one / each:.1f} |")
    return lines


def inspect(paths: Sequence[Path]) -> None:
    """Some files by one process of ours."""
    program = Path(sys.executable).parent / "forensics"
    subprocess.run([program, "inspect", "--jsonl", *paths], capture_output=True, check=False)


def failures(read: Sequence[tuple[Part, tuple[Fact, ...]]]) -> int:
    """How many readers ended in an error that nobody foresaw."""
    return sum("Reading it failed" in (p.trouble or "") for tree, _ in read for p in tree.parts)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folders", nargs="+", type=Path)
    arguments.add_argument("--processes", type=int, default=60, help="files for one process each")
    arguments.add_argument("--out", type=Path)
    arguments.add_argument("--note", default="")
    given = arguments.parse_args()
    files = list(pictures(given.folders))
    paths = [p for p, _ in files]
    tags = exiftool(paths)
    read = [ours(p, i) for p, i in files]
    found = compare(paths, tags, read)
    plain = [f for f, (tree, _) in zip(files, read, strict=True) if tree.first("C2PA") is None]
    version = tags[0]["ExifTool:ExifToolVersion"]
    formats = Counter(i.mime.removeprefix("image/") for _, i in files)
    named = ", ".join(f"{n} {name}" for name, n in formats.most_common())
    said = (
        f"{len(files)} pictures ({named}); exiftool {version}. A field kept in EXIF and in XMP is "
        "compared in each. Dates are compared to the second, places to 0.0002°."
    )
    lines = [
        "# Metadata: what we read of what others read",
        "",
        "Made by `python bench/metadata.py FOLDER …`.",
        given.note,
        "",
        "## Pictures, against exiftool",
        "",
        said,
        "",
        *field_table(found),
        "",
        f"Readers that ended in an unforeseen error: {failures(read)}.",
        "",
        *time_table(files, plain, max(1, len(files) // given.processes)),
        "",
        "Ours checks the signatures of content credentials, which exiftool does not.",
        "",
        *compare_videos(given.folders),
    ]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    for tally in found.values():
        sys.stderr.write("".join(f"{line}\n" for line in tally.differ))
    if given.out:
        given.out.write_text(text)


if __name__ == "__main__":
    main()
