"""How many rewritten files are recognised by their structure, and how many others accused?

    python bench/container.py FOLDER [FOLDER …] [--out bench/container.md] [--note TEXT]

Takes every MP4, MOV and M4V below the folders. Files that name libavformat (the text "Lavf") count as
its work; of all others, and of two telephone-like rewrites of each, derivatives are made with the bundled
ffmpeg. A derivative is recognised when `container-structure` names the family "ffmpeg"; an original is
accused when it does.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import imageio_ffmpeg

sys.path.insert(0, str(Path(__file__).parents[1]))

from forensics.analyses.container_structure import ContainerStructure
from forensics.media.boxes import read_boxes
from tests.media.isobmff import as_android, as_apple

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
STRIP = "-map_metadata -1 -bitexact -fflags +bitexact"
WAYS = {
    "copy": ("-c copy", "mp4"),
    "cut": ("-ss 2 -c copy", "mp4"),
    "copy, bit-exact, stripped": (f"-c copy {STRIP}", "mp4"),
    "copy, faststart": ("-c copy -movflags +faststart", "mp4"),
    "copy, fragmented, stripped": (f"-c copy {STRIP} -movflags +frag_keyframe+empty_moov", "mp4"),
    "copy to MOV": ("-c copy", "mov"),
    "copy to MOV, bit-exact, stripped": (f"-c copy {STRIP}", "mov"),
    "to Matroska and back, stripped": (f"-c copy {STRIP}", "mkv"),
    "coded anew, bit-exact, stripped": (f"-t 1 -c:v mpeg4 -c:a copy {STRIP}", "mp4"),
}


class Context:
    """The part of a context that this analysis reads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.boxes = read_boxes(path)

    def check_deadline(self) -> None:
        """No deadline here."""


def judge(path: Path) -> tuple[bool, set[str], str]:
    """Returns whether libavformat is named, the ids of the findings, and the writers named."""
    findings = list(ContainerStructure().run(None, Context(path)))
    writers = [str(m.value) for f in findings if f.id == "writer-named" for m in f.measurements[:1]]
    named = "; ".join(writers) or "none"
    return "FFmpeg's libavformat" in writers, {f.id for f in findings}, named


def by_layout(path: Path) -> bool:
    """Returns whether the layout alone tells libavformat, names and tags apart."""
    findings = ContainerStructure().run(None, Context(path))
    named = [f for f in findings if f.id == "writer-named"]
    return any(m.value == "box layout" for f in named for m in f.measurements if m.key == "sign")


def ffmpeg(source: Path, options: str, target: Path) -> bool:
    """Returns whether ffmpeg wrote the target."""
    command = [FFMPEG, "-v", "error", "-y", "-i", str(source), *shlex.split(options), str(target)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def derivatives(source: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yields each way and the file it led to."""
    for number, (way, (options, suffix)) in enumerate(WAYS.items()):
        target = folder / f"{number}.{suffix}"
        if not ffmpeg(source, options, target):
            continue
        if suffix == "mkv":
            back = target.with_suffix(".mp4")
            if not ffmpeg(target, options, back):
                continue
            target = back
        yield way, target


def main() -> None:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--note", default="", help="where the files come from")
    asked = parser.parse_args()
    files = sorted(
        {p for f in asked.folders for s in ("mp4", "mov", "m4v", "3gp") for p in f.rglob(f"*.{s}")}
    )
    made = [p for p in files if b"Lavf" in p.read_bytes()]
    others = [p for p in files if p not in made]
    named, recognised, tried = Counter[str](), Counter[str](), Counter[str]()
    contradicted = from_phones = 0
    named["files that name libavformat"] = sum(judge(p)[0] for p in made)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        phones = []
        for i, path in enumerate(others):
            for rewrite, suffix in ((as_apple, "mov"), (as_android, "mp4")):
                target = folder / f"phone-{i}.{suffix}"
                try:
                    target.write_bytes(rewrite(path.read_bytes()))
                except (StopIteration, KeyError):
                    continue
                root = read_boxes(path)
                if root and read_boxes(target) and not any(b.type == "moof" for b in root.children):
                    phones.append(target)
        named["others"] = sum(judge(p)[0] for p in others)
        named["telephone-like"] = sum(judge(p)[0] for p in phones)
        as_device = sum("as-device-writes" in judge(p)[1] for p in phones)
        signed = sum("device-against-encoder" in judge(p)[1] for p in phones)
        writers = Counter(judge(p)[2] for p in others)
        for path in [*others, *phones]:
            for way, target in derivatives(path, folder):
                found, ids, _ = judge(target)
                tried[way] += 1
                recognised[way] += found
                if path in phones and STRIP not in WAYS[way][0]:
                    from_phones += 1
                    contradicted += "device-against-writer" in ids
    version = subprocess.run(
        [FFMPEG, "-version"], check=True, capture_output=True, text=True
    ).stdout
    lines = [
        "# Container structure: recognised rewrites, accused originals",
        "",
        "Made by `python bench/container.py FOLDER …`",
        f"(container-structure version {ContainerStructure.version}, {version.split(' Copyright')[0]}).",
        "Data: the MP4, MOV and 3GP files of the folders; the telephone-like files are other writers'",
        "samples in boxes laid out as an iPhone's camera and Android's MPEG4Writer do, made by this project.",
        asked.note,
        "",
        "| files | n | named as libavformat's |",
        "|---|---:|---:|",
        f"| files that name libavformat | {len(made)} | {named['files that name libavformat']} |",
        f"| the same, by layout alone | {len(made)} | {sum(by_layout(p) for p in made)} |",
        f"| originals of other writers | {len(others)} | {named['others']} |",
        f"| telephone-like originals | {len(phones)} | {named['telephone-like']} |",
        *(f"| derivative: {way} | {tried[way]} | {recognised[way]} |" for way in WAYS),
        f"| all derivatives | {tried.total()} | {recognised.total()} |",
        "",
        "Writers named among the originals: "
        + ", ".join(f"{name} {count}" for name, count in sorted(writers.items()))
        + ".",
        "",
        f"Telephone-like originals found to lie as a device writes: {as_device} of {len(phones)}; the",
        f"signature of x264 in their samples gave away {signed} more. Of the derivatives whose metadata",
        f"were not stripped, {contradicted} of {from_phones} were found to contradict the device they state.",
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    if asked.out:
        asked.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
