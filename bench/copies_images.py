"""Of still pictures edited in 26 ways, how many are found again, and does anything unrelated match?

    python bench/copies_images.py MEDIA [--part test] [--sources 60] [--out bench/copies_images.md]

MEDIA is a folder with images/forgery/casia-v1/authentic and videos. Sources are divided into a tune and a
test half; limits were chosen on the tune half. Known are all sources and at least 2,000 pictures that have
nothing to do with them: other photographs and quarters of them, and pictures made by `images_edits`. The
index of local codes gives the guesses, `confirm` decides. A source that is named a copy where another
was edited is a false match, and so is every distractor.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import av
import cv2
import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.images_edits import EDITS, MADE, Picture
from forensics.copies.confirm import confirm, query_picture
from forensics.index import local as index
from forensics.index.columns import Columns, as_words
from forensics.model import LocalCodes, Look, Relation
from forensics.signatures.local import ORB_GRID, SIFT_GRID, look, resized
from forensics.signatures.pdq import dihedral, luminance, pdq
from forensics.signatures.schemes import LOCAL
from forensics.signatures.trim import trimmed

LONG_SIDE = 512
CANDIDATES = 12
SEED = 4
SETTINGS = 30
"""Photographs that others are set into; they are not known."""
TAKES = (
    ("table", ("misc/rabbit.mp4", "misc/frog.mp4", "misc/crystal.mp4")),
    ("carphone", ("misc/carphone_pristine.mp4",)),
    ("chair", ("tmk/chair-20-sd-bar.mp4",)),
    ("flower", ("misc/flower.mp4",)),
    ("friday", ("misc/friday.mp4",)),
)
"""Recordings of one scene: no two pictures that are a second or more apart are copies of each other."""
NOW = Fraction(0)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("media", type=Path)
    arguments.add_argument("--part", choices=("tune", "test"), default="test")
    arguments.add_argument("--sources", type=int, default=60, help="in this half")
    arguments.add_argument("--distractors", type=int, default=2000)
    arguments.add_argument("--out", type=Path)
    given = arguments.parse_args()
    cv2.setNumThreads(1)
    media: Path = given.media
    sources, settings, rest = divided(photographs(media), given.part, given.sources)
    known = dict(sources)
    for name, picture in distractors(rest):
        known[name] = picture
        if len(known) >= len(sources) + given.distractors:
            break
    begun = time.process_time()
    looks = {name: look(picture, NOW) for name, picture in known.items()}
    cost = 1000 * (time.process_time() - begun) / len(looks)
    whole = {name: codes_of(picture) for name, picture in known.items()}
    guesses = Guesses(looks)
    tally = Tally()
    for name, edit in EDITS.items():
        for number, (source, picture) in enumerate(sources.items()):
            chance = np.random.default_rng([SEED, number, len(name)])
            other = list(settings.values())[number % len(settings)]
            query = resized(edit(picture, other, chance), LONG_SIDE)
            ask(name, source, query, looks, guesses, tally)
            ask_whole(name, source, query, whole, tally)
        print(name, dict(tally.found), dict(tally.false), file=sys.stderr, flush=True)
        tally.close(name)
    text = "\n".join(page(given, sources, looks, tally, cost, takes(media / "videos")))
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")
    print(text)


# --- pictures


def photographs(media: Path) -> dict[str, Picture]:
    """Returns the authentic photographs of CASIA that can be read, by name."""
    folder = media / "images" / "forgery" / "casia-v1" / "authentic"
    read = {path.stem: cv2.imread(str(path)) for path in sorted(folder.iterdir())}
    return {
        name: resized(np.ascontiguousarray(picture[..., ::-1]), LONG_SIDE)
        for name, picture in read.items()
        if picture is not None
    }


def divided(
    pictures: Mapping[str, Picture], part: str, count: int
) -> tuple[dict[str, Picture], dict[str, Picture], dict[str, Picture]]:
    """Returns the sources of one half, those to set others into, and the rest without either half."""
    names = [list(pictures)[k] for k in np.random.default_rng(SEED).permutation(len(pictures))]
    tune, test = names[:count], names[count : 2 * count]
    settings = names[2 * count : 2 * count + SETTINGS]
    rest = names[2 * count + SETTINGS :]
    chosen = tune if part == "tune" else test
    groups = (chosen, settings, rest)
    first, second, third = ({name: pictures[name] for name in group} for group in groups)
    return first, second, third


def distractors(rest: Mapping[str, Picture]) -> Iterator[tuple[str, Picture]]:
    """Yields pictures unrelated to any source: photographs, quarters of others, made ones of all kinds."""
    for number, (name, picture) in enumerate(rest.items()):
        if number % 2 == 0:
            yield name, picture
            continue
        height, width = picture.shape[0] // 2, picture.shape[1] // 2
        for row in range(2):
            for column in range(2):
                part = picture[row * height :, column * width :][:height, :width]
                yield (
                    f"{name}, quarter {row}{column}",
                    np.asarray(cv2.resize(part, None, fx=2, fy=2)),
                )
    seed = 0
    while True:
        for kind, make in MADE.items():
            made = make(np.random.default_rng([SEED, seed]))
            yield f"{kind} {seed}", resized(made, LONG_SIDE)
        seed += 1


# --- guesses and answers


class Guesses:
    """The voting index over the local codes of all known pictures."""

    def __init__(self, looks: Mapping[str, Look]) -> None:
        self.names = list(looks)
        self.columns: dict[str, Columns] = {}
        self.owner: dict[str, NDArray[np.int64]] = {}
        for scheme in (ORB_GRID, SIFT_GRID):
            codes = [of(scheme, kept.local).codes for kept in looks.values()]
            self.owner[scheme] = np.repeat(np.arange(len(codes)), [len(c) // 32 for c in codes])
            words = as_words(b"".join(codes), 32)
            self.columns[scheme] = index.sort(words, 32, index.stride_for(len(words)))

    def best(self, sets: Sequence[LocalCodes], limit: int) -> list[str]:
        """Returns the known pictures with most votes over all sets, most first."""
        votes: Counter[int] = Counter()
        for codes in sets:
            words = as_words(codes.codes, 32)
            if not len(words):
                continue
            radius = LOCAL[codes.scheme].radius
            for near in index.met(self.columns[codes.scheme], 32, words, radius):
                pictures = self.owner[codes.scheme][near.place]
                counted = index.count_votes(
                    near.query, pictures, pictures, np.zeros(len(words), np.int64), 4 * limit
                )
                for picture, weight in zip(counted.picture, counted.weight, strict=True):
                    votes[int(picture)] += int(weight)
        ranked = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
        return [self.names[picture] for picture, _ in ranked[:limit]]


def of(scheme: str, local: Sequence[LocalCodes]) -> LocalCodes:
    return next(codes for codes in local if codes.scheme == scheme)


class Tally:
    """What was found, edit by edit."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, Counter[str], Counter[str]]] = []
        self.found: Counter[str] = Counter()
        self.false: Counter[str] = Counter()
        self.named: list[str] = []
        self.seconds = 0.0
        self.negatives = 0
        self.peers: dict[str, list[tuple[str, int, int]]] = {}

    def close(self, name: str) -> None:
        self.rows.append((name, self.found, self.false))
        self.found, self.false = Counter(), Counter()


def ask(
    edit: str,
    source: str,
    query: Picture,
    looks: Mapping[str, Look],
    guesses: Guesses,
    tally: Tally,
) -> None:
    """Asks for one edited picture; also for its source if the guesses do not hold it."""
    begun = time.process_time()
    asked = query_picture(query, NOW)
    best = guesses.best([*asked.local, *asked.mirrored()], CANDIDATES)
    named = {}
    for name in best:
        found = confirm(asked, looks[name])
        if found is not None:
            named[name] = found
    tally.seconds += time.process_time() - begun
    tally.negatives += len(looks) - 1
    tally.found["queries"] += 1
    tally.found["guessed"] += source in best
    direct = named.get(source) or confirm(asked, looks[source])
    tally.found["confirmed"] += direct is not None and direct.relation is Relation.COPY
    for name, found in named.items():
        if found.relation is Relation.COPY:
            if name == source:
                tally.found["found"] += 1
            else:
                tally.false["copy"] += 1
                tally.named.append(f"{edit}: {source} named {name}")
        elif name != source:
            tally.false["scene"] += 1


Codes = tuple[bytes, bytes]


def codes_of(picture: Picture) -> Codes:
    """Returns PDQ and pHash of a picture."""
    phash = imagehash.phash(Image.fromarray(picture)).hash
    return pdq(luminance(picture))[0], np.packbits(phash.ravel()).tobytes()


def ask_whole(
    edit: str, source: str, query: Picture, known: Mapping[str, Codes], tally: Tally
) -> None:
    """Notes for each peer the distance to the source and the least to anything else."""
    table = [np.frombuffer(b"".join(c[k] for c in known.values()), np.uint8) for k in (0, 1)]
    pdqs, phashes = table[0].reshape(-1, 32), table[1].reshape(-1, 8)
    code, short = codes_of(query)
    inner = trimmed(query)
    turned = list(dihedral(luminance(query)))
    if inner is not None:
        turned += dihedral(luminance(inner))
    asked = {
        "pHash": (phashes, [short]),
        "PDQ": (pdqs, [code]),
        "PDQ, eight turns, trimmed": (pdqs, turned),
    }
    place = list(known).index(source)
    for peer, (codes, ours) in asked.items():
        far = np.stack(
            [
                np.bitwise_count(codes ^ np.frombuffer(c, np.uint8)).sum(axis=1, dtype=int)
                for c in ours
            ]
        ).min(axis=0)
        other = int(np.delete(far, place).min())
        tally.peers.setdefault(peer, []).append((edit, int(far[place]), other))


def takes(folder: Path) -> list[tuple[str, Counter[str]]]:
    """Returns per scene, and per kind of pair, what pairs of its pictures are named."""
    rows = []
    for name, files in TAKES:
        shots = [shot for file in files for shot in shots_of(folder / file)]
        asked = [query_picture(picture, NOW) for _, _, picture in shots]
        kept = [look(picture, NOW) for _, _, picture in shots]
        counts: dict[str, Counter[str]] = {"two recordings": Counter(), "one recording": Counter()}
        for one, other in combinations(range(len(shots)), 2):
            same = shots[one][0] == shots[other][0]
            if same and abs(shots[one][1] - shots[other][1]) < 1:
                continue
            found = confirm(asked[one], kept[other])
            counts["one recording" if same else "two recordings"][
                found.relation.value if found else "none"
            ] += 1
        rows += [(f"{name}, {kind}", count) for kind, count in counts.items() if count]
    return rows


def shots_of(path: Path) -> list[tuple[str, float, Picture]]:
    """Returns four pictures of a video, evenly spread, with their times."""
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    chosen = [frames[len(frames) * k // 10] for k in (1, 4, 6, 9)]
    return [
        (path.name, float(f.time or 0), resized(f.to_ndarray(format="rgb24"), LONG_SIDE))
        for f in chosen
    ]


# --- the page


def page(
    given: argparse.Namespace,
    sources: Mapping[str, Picture],
    looks: Mapping[str, Look],
    tally: Tally,
    cost: float,
    scenes: Sequence[tuple[str, Counter[str]]],
) -> Iterator[str]:
    """Yields the lines of the report."""
    queries = len(sources) * len(EDITS)
    yield "# Earlier copies of still pictures"
    yield ""
    yield (
        f"    python bench/copies_images.py MEDIA --part {given.part} --sources {len(sources)} "
        f"--distractors {given.distractors}"
    )
    yield ""
    yield (
        f"Python {platform.python_version()}, numpy {np.__version__}, OpenCV {cv2.__version__}, "
        f"imagehash {imagehash.__version__}."
    )
    yield ""
    yield (
        f"{len(sources)} photographs of the {given.part} half in {len(EDITS)} edits, {queries} queries; "
        f"{len(looks)} known pictures, {tally.negatives:,} pairs that must not match. Peers are given "
        "their best limit on these very pairs: the least distance to anything unrelated, less one bit."
    )
    yield ""
    peers = list(tally.peers)
    limits = {peer: min(row[2] for row in tally.peers[peer]) - 1 for peer in peers}
    yield f"| edit | found | source among the {CANDIDATES} guesses | confirmed if guessed | " + (
        " | ".join(f"{peer} (≤ {limits[peer]} bits)" for peer in peers) + " |"
    )
    yield "|---" * (4 + len(peers)) + "|"
    total: Counter[str] = Counter()
    for name, found, false in tally.rows:
        n = found["queries"]
        hits = {p: sum(e == name and d <= limits[p] for e, d, _ in tally.peers[p]) for p in peers}
        total.update(found)
        total.update(false)
        total.update(hits)
        cells = [found["found"], found["guessed"], found["confirmed"], *hits.values()]
        yield f"| {name} | " + " | ".join(f"{c}/{n}" for c in cells) + " |"
    cells = [total[k] for k in ("found", "guessed", "confirmed", *peers)]
    yield "| **all** | " + " | ".join(f"**{c / queries:.4f}**" for c in cells) + " |"
    yield ""
    yield f"False matches: {total['copy']}. Unrelated pictures named the same scene: {total['scene']}."
    for line in tally.named:
        yield f"- {line}"
    yield ""
    yield "## Other takes of the same scene"
    yield ""
    yield "| scene | pairs of pictures | named a copy | named the same scene |"
    yield "|---|---|---|---|"
    for name, named in scenes:
        cells = [named.total(), named["copy"], named["same-scene"]]
        yield f"| {name} | " + " | ".join(str(cell) for cell in cells) + " |"
    yield ""
    yield (
        "A single pair of pictures cannot always tell a later picture of the same recording, or a fixed "
        "camera's, from a copy; for videos, what follows in time decides."
    )
    yield ""
    yield (
        f"CPU: {cost:.0f} ms for what is kept of a known picture, "
        f"{1000 * tally.seconds / queries:.0f} ms for a query with {CANDIDATES} guesses."
    )


if __name__ == "__main__":
    main()
