"""How many edited copies are found, and does anything unrelated match?

    python bench/copies.py MEDIA [--out bench/copies.md] [--cache FOLDER]

MEDIA is a folder with videos/misc, videos/tmk, images/pdq and images/forgery/casia-v1/authentic. Bases are
its videos and slow pans over CASIA photographs (made here); each is edited with the bundled ffmpeg, and
each edit is asked for among all bases and still pictures. Radii were chosen on the tune half of the bases
and are reported on the test half. An asset of another family that is named a copy is a false match.
"""

from __future__ import annotations

import argparse
import hashlib
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import av
import cv2
import imagehash
import imageio_ffmpeg
import numpy as np
import scipy
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from forensics.copies.search import find_copies
from forensics.model import (
    Asset,
    Copy,
    Hit,
    KnownAsset,
    MediaKind,
    Searched,
    Sha256,
    Signature,
)
from forensics.signatures.pdq import luminance, pdq
from forensics.signatures.perceptual import phash
from forensics.signatures.schemes import PDQ, PHASH, SCHEMES, Scheme, differing_bits
from forensics.signatures.sign import sign

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
LONG_SIDE = 512
PANS = 18
PASSAGE_FROM = 0.3
PASSAGE = "half of it, from three tenths on, CRF 28"
SECONDS = 8
"""Real clips are cut to this length and to 640 px before anything else, to bound the time this takes."""
STILLS = 120

VIDEO_EDITS: Mapping[str, tuple[str, int]] = {
    "re-encoded, CRF 28": ("null", 28),
    "re-encoded, CRF 38": ("null", 38),
    "scaled to 640": ("scale=640:-2", 26),
    "scaled to 320": ("scale=320:-2", 26),
    "12 pictures a second": ("fps=12", 26),
    "grey": ("hue=s=0", 26),
    "brighter by .15": ("eq=brightness=0.15", 26),
    "darker by .15": ("eq=brightness=-0.15", 26),
    "letterbox, a third more height": ("pad=iw:ceil(ih*2/3)*2:0:(oh-ih)/2", 26),
    "cropped by 10 %": ("crop=floor(iw*0.45)*2:floor(ih*0.45)*2", 26),
    "mirrored": ("hflip", 26),
}
NIGHT = (
    "lutyuv=y='16+(val-16)*{gain}':u='128+(val-128)*{gain}':v='128+(val-128)*{gain}',"
    "noise=alls=3:allf=t:all_seed=1"
)
IMAGE_EDITS: Mapping[str, Callable[[NDArray[np.uint8]], NDArray[np.uint8]]] = {
    "JPEG quality 30": lambda p: jpeg(p, 30),
    "scaled by .5, JPEG 70": lambda p: jpeg(scaled(p, 0.5), 70),
    "scaled by .25, JPEG 70": lambda p: jpeg(scaled(p, 0.25), 70),
    "grey, JPEG 70": lambda p: jpeg(
        cv2.cvtColor(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB), 70
    ),
    "brighter by 40 levels": lambda p: jpeg(cv2.add(p, np.full_like(p, 40)), 70),
    "letterbox, a third more height": lambda p: jpeg(
        cv2.copyMakeBorder(p, p.shape[0] // 6, p.shape[0] // 6, 0, 0, cv2.BORDER_CONSTANT), 70
    ),
    "cropped by 10 %": lambda p: jpeg(
        p[p.shape[0] // 20 : -(p.shape[0] // 20), p.shape[1] // 20 : -(p.shape[1] // 20)], 70
    ),
    "mirrored": lambda p: jpeg(np.ascontiguousarray(p[:, ::-1]), 70),
}
EXPECTED_MISS = {"letterbox, a third more height", "mirrored"}


# Printed by the reference library for pictures of its public test data (pdq/data), as
# "<file>: <hash in hexadecimal>, <quality>".
PUBLISHED = {
    "bridge-mods/aaa-orig.jpg": (
        "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22",
        100,
    ),
    "bridge-mods/blur-a-little.jpg": (
        "f8f8f0cee0f4a84f06370a2a038f63f0b36e26d596621e1d33e6b39c4e9c9b22",
        100,
    ),
    "bridge-mods/shrink-a-lot.jpg": (
        "d0f8f1ccc0f4a84d0a370a3a228f67f0b36e2ed5b6623e1d33e6339c4e9c9b22",
        100,
    ),
    "bridge-mods/square-128x128.jpg": (
        "d8f8f1eec0f4a84f0e37022a078f63f0b36e2ed596621e1d33e6239c4e9c9b22",
        100,
    ),
    "misc-images/small.jpg": (
        "0007001f003f003f007f00ff00ff00ff01ff01ff01ff03ff03ff03ff03ff03ff",
        0,
    ),
    "misc-images/wee.jpg": (
        "6227401f601ff4ccafcc9fad4b0d95d371a2eb7265a3285234d228ca94deeb2d",
        100,
    ),
    "reg-test-input/dih/bridge-2-rotate-90.jpg": (
        "30a10efd71cc3d429013d48d0ffffc52e34e0e17ada952a9d29685211ea9e5af",
        100,
    ),
    "reg-test-input/dih/bridge-3-rotate-180.jpg": (
        "adad5a64b5a142e75b62a09857da895ae63b847fc23794b766b319361bc93188",
        100,
    ),
    "reg-test-input/dih/bridge-4-rotate-270.jpg": (
        "a5f0a457a48995e8c9065c275aaa5498b61ba4bdf8fcf80387c32f8b1bfc4f05",
        100,
    ),
    "reg-test-input/dih/bridge-5-flipx.jpg": (
        "f8f80f31e0f417b20e37f5cd028f980fb36ed02a9662c1e233e64c634e9c64dd",
        100,
    ),
    "reg-test-input/labelme-subset/q0003.jpg": (
        "54a9f7c321d1443c43ba566e21d4a13989a3553f1472611cbbc5fda59e03b677",
        3,
    ),
    "reg-test-input/labelme-subset/q0746.jpg": (
        "1049d96239e24d4dca2c55512b8bdb77425f4dbcf575a0a95555aaab5554aaaa",
        100,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A file with its signatures."""

    name: str
    family: str
    asset: Asset
    signatures: tuple[Signature, ...]


@dataclass(slots=True)
class ExactIndex:
    """Every signature in one array for each scheme; compares with all of them."""

    items: Sequence[Item]
    _codes: dict[str, tuple[NDArray[np.uint8], list[tuple[Sha256, Fraction]]]] = field(
        default_factory=dict
    )
    _known: dict[Sha256, KnownAsset] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for item in self.items:
            self._known[item.asset.sha256] = KnownAsset(
                sha256=item.asset.sha256, kind=item.asset.kind, name=item.name, first_seen=""
            )
        for scheme in SCHEMES:
            rows = [
                (s.code, item.asset.sha256, s.time)
                for item in self.items
                for s in item.signatures
                if s.scheme == scheme
            ]
            codes = np.frombuffer(b"".join(row[0] for row in rows), np.uint8)
            self._codes[scheme] = (codes.reshape(len(rows), -1), [row[1:] for row in rows])

    def nearest(self, scheme: str, codes: Sequence[bytes], radius: int) -> list[Hit]:
        stored, owners = self._codes[scheme]
        hits = []
        for number, code in enumerate(codes):
            differ = np.bitwise_count(stored ^ np.frombuffer(code, np.uint8)).sum(axis=1)
            hits += [
                Hit(query=number, asset=owners[i][0], time=owners[i][1], distance=int(differ[i]))
                for i in np.flatnonzero(differ <= radius).tolist()
            ]
        return sorted(hits, key=lambda hit: (hit.query, hit.asset, hit.time))

    def same_stream(self, scheme: str, digests: Sequence[str]) -> list[tuple[str, Sha256]]:  # noqa: ARG002
        return []

    def known(self, sha256: Sha256) -> KnownAsset | None:
        return self._known.get(sha256)

    def extent(self, schemes: Sequence[str], without: Sha256) -> tuple[int, int]:
        count = sum(owner != without for scheme in schemes for owner, _ in self._codes[scheme][1])
        return count, len(set(self._known) - {without})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("media", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--cache", type=Path, help="keep the clips made here for the next run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        text = measure(options.media, options.cache or Path(scratch))
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")


def measure(media: Path, work: Path) -> str:
    work.mkdir(parents=True, exist_ok=True)
    pictures = sorted((media / "images/forgery/casia-v1/authentic").glob("*.jpg"))
    order = sorted(pictures, key=lambda p: hashlib.sha256(p.name.encode()).digest())
    stills = [still(path, path.stem) for path in order]
    still_paths = dict(zip((item.name for item in stills[:STILLS]), order[:STILLS], strict=True))
    clips = real_clips(media, work) + pans(order[STILLS : STILLS + 2 * PANS], work)
    panned = {path.stem for path in order[STILLS : STILLS + 2 * PANS]}
    stills = [item for item in stills if item.name not in panned]
    bridge = sorted((media / "images/pdq/bridge-mods").glob("*.jpg"))
    bridges = [replace(still(path, path.stem), family="bridge") for path in bridge]
    bases = [moving(path, family) for path, family in clips]
    # One file of each family is edited; the others stay in the index as variants.
    first: dict[str, tuple[Path, Item]] = {}
    for (path, family), item in zip(clips, bases, strict=True):
        first.setdefault(family, (path, item))
    queries: dict[str, list[tuple[Item, Item]]] = {}
    for family, (path, item) in first.items():
        for name, (filters, crf) in VIDEO_EDITS.items():
            made = encode(path, work, f"{family}-{name}", filters, crf)
            queries.setdefault(name, []).append((item, moving(made, family)))
        passage = encode(path, work, f"{family}-passage", "null", 28, passage=True)
        queries.setdefault(PASSAGE, []).append((item, moving(passage, family)))
    nights: list[Item] = []
    for gain in ("0.25", "0.1"):
        for family, (path, _) in first.items():
            dark = encode(path, work, f"{family}-night-{gain}", NIGHT.format(gain=gain), 20)
            again = encode(
                dark, work, f"{family}-night-{gain}-again", "scale=trunc(iw*0.3)*2:-2", 30
            )
            nights.append(moving(dark, family))
            queries.setdefault(f"night (tones × {gain}) scaled by .6, CRF 30", []).append(
                (nights[-1], moving(again, family))
            )
    for family, (path, item) in first.items():
        queries.setdefault("one picture of the video as a still", []).append(
            (item, still_of(path, family))
        )
    image_queries: dict[str, list[tuple[Item, Item]]] = {}
    for item in stills[:STILLS]:
        pixels = read(still_paths[item.name])
        for name, edit in IMAGE_EDITS.items():
            image_queries.setdefault(name, []).append(
                (item, signed(edit(pixels), f"{item.name} {name}", item.family))
            )
    image_queries["the eleven other bridge-mods"] = [(bridges[0], item) for item in bridges[1:]]
    index = ExactIndex([*bases, *nights, *stills, bridges[0]])
    originals = [*bases, *nights, *stills]
    return report(index, queries, image_queries, originals, media)


def report(
    index: ExactIndex,
    queries: Mapping[str, list[tuple[Item, Item]]],
    image_queries: Mapping[str, list[tuple[Item, Item]]],
    originals: Sequence[Item],
    media: Path,
) -> str:
    lines = ["# Earlier copies: what the first version finds", "", *header(index)]
    lines += [
        "## Choosing the radii, on the tune half",
        "",
        "| radii | video edits | image edits | stills of videos | false matches |",
        "|---|---|---|---|---|",
    ]
    tune = {name: half(pairs, 0) for name, pairs in queries.items()}
    tune_images = {name: half(pairs, 0) for name, pairs in image_queries.items()}
    tuned_originals = [item for item in originals if side(item.family) == 0]
    for label, schemes in choices():
        video, video_false, _, _ = score(index, wanted(tune), schemes)
        image, image_false, _, _ = score(index, wanted(tune_images), schemes)
        alone, alone_false, _, _ = score(
            index, tune["one picture of the video as a still"], schemes
        )
        false = video_false + image_false + alone_false
        false += score(index, [(item, item) for item in tuned_originals], schemes)[1]
        lines.append(f"| {label} | {video} | {image} | {alone} | {len(false)} |")
    lines += ["", *near_pictures(index)]
    lines += [
        "",
        "## On the test half",
        "",
        "| edit | found | false matches | others of its family named |",
        "|---|---|---|---|",
    ]
    shown: list[tuple[str, str]] = []
    errors: list[Fraction] = []
    for title, group in (("video", queries), ("image", image_queries)):
        everything = {name: half(pairs, 1) for name, pairs in group.items()}
        for name, pairs in everything.items():
            if not pairs:
                continue
            found, false, near, spans = score(index, pairs, SCHEMES)
            errors += spans
            shown += false
            note = " (expected miss)" if name in EXPECTED_MISS else ""
            lines.append(f"| {title}: {name}{note} | {found} | {len(false)} | {len(near)} |")
        found, false, near, _ = score(index, wanted(everything), SCHEMES)
        lines.append(
            f"| **{title}: all but the expected misses** | **{found}** | {len(false)} | {len(near)} |"
        )
    whole = [(item, item) for item in originals]
    _, false, near, _ = score(index, whole, SCHEMES)
    shown += false
    count = len(whole) * len(index.items)
    lines.append(
        f"| unedited originals, both halves, {count:,} pairs | | {len(false)} | {len(near)} |"
    )
    takes = sorted({frozenset(pair) for pair in near if other_take(*pair)}, key=sorted)
    lines += [
        "",
        "Others of its family are night versions, shorter or longer cuts and re-coloured variants of the "
        "same recording, and so copies, but for pairs of different takes of one scene. Of those, "
        f"{len(takes)} were named among the originals"
        + (": " + "; ".join(" and ".join(sorted(pair)) for pair in takes) + "." if takes else "."),
        "",
        "Median error of the ends of the matched spans in the other file, for the half of a clip: "
        + (f"{float(sorted(errors)[len(errors) // 2]):.2f} s." if errors else "none."),
    ]
    if shown:
        lines += [
            "",
            "False matches (query, asset):",
            "",
            *sorted({f"- {a}: {b}" for a, b in shown}),
        ]
    lines += ["", "## Agreement with published PDQ hashes", "", published(media)]
    lines += ["", "## Milliseconds for each picture, one core", "", *timing(media)]
    return "\n".join(lines) + "\n"


def published(media: Path) -> str:
    bits = []
    same = 0
    for name, (want, quality) in PUBLISHED.items():
        code, got = pdq(luminance(read(media / "images/pdq" / name)))
        bits.append(differing_bits(code, bytes.fromhex(want)))
        same += got == quality
    return (
        f"Of {len(bits)} pictures of the reference's test data, {bits.count(0)} have exactly the published "
        f"code (most bits that differ: {max(bits)}), and {same} the published quality."
    )


def near_pictures(index: ExactIndex) -> list[str]:
    """Counts pairs of single pictures of different families that lie within some bits of each other."""
    family = {item.asset.sha256: item.family for item in index.items}
    rows = ["| pictures of different families | pairs | within, in bits |", "|---|---|---|"]
    for scheme, limits in ((PDQ, (31, 40, 50, 60)), (PHASH, (2, 4, 6, 8, 10))):
        signatures = [
            (item.family, s)
            for item in index.items
            for s in item.signatures
            if s.scheme == scheme and s.quality >= SCHEMES[scheme].least_quality
        ]
        hits = index.nearest(scheme, [s.code for _, s in signatures], limits[-1])
        stored = {
            (item.asset.sha256, s.time)
            for item in index.items
            for s in item.signatures
            if s.scheme == scheme and s.quality >= SCHEMES[scheme].least_quality
        }
        apart = [
            hit.distance
            for hit in hits
            if family[hit.asset] != signatures[hit.query][0] and (hit.asset, hit.time) in stored
        ]
        sizes = Counter(name for name, _ in signatures)
        pairs = (len(signatures) ** 2 - sum(n * n for n in sizes.values())) // 2
        within = ", ".join(f"{limit}: {sum(d <= limit for d in apart) // 2}" for limit in limits)
        rows.append(f"| {scheme} | {pairs:,} | {within} |")
    return rows


def other_take(one: str, other: str) -> bool:
    """Says whether two files are different takes of the chair scene: their numbers tell."""
    found = [re.search(r"chair-(?:orig-)?(\d+)", name) for name in (one, other)]
    numbers = [match[1] for match in found if match]
    return len(set(numbers)) == 2


def header(index: ExactIndex) -> list[str]:
    moving_count = sum(item.asset.kind is MediaKind.VIDEO for item in index.items)
    return [
        "    python bench/copies.py MEDIA --out bench/copies.md",
        "",
        (
            f"Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}, "
            f"imagehash {imagehash.__version__}, OpenCV {cv2.__version__}, PyAV {av.__version__}, "
            f"ffmpeg {imageio_ffmpeg.get_ffmpeg_version()}."
        ),
        "",
        (
            f"In the index: {moving_count} videos (the first {SECONDS} s of real ones at 640 px, {PANS} "
            f"pans over photographs, two night versions of each family) and "
            f"{len(index.items) - moving_count} still pictures. Families, not files, are divided into "
            "halves. A found copy names the right asset. An asset of another family is a false match; one "
            "of the same family that is not the base itself is counted apart."
        ),
        "",
    ]


def choices() -> Iterable[tuple[str, Mapping[str, Scheme]]]:
    pdq_only = {PDQ: SCHEMES[PDQ]}
    yield f"pdq {SCHEMES[PDQ].radius}", pdq_only
    for radius in (4, 6, 8, 10):
        for alone in (2, 4):
            both = {
                **pdq_only,
                PHASH: replace(SCHEMES[PHASH], radius=radius, alone=alone, distinct=radius + 1),
            }
            yield f"pdq {SCHEMES[PDQ].radius}, phash64 {radius} (alone {alone})", both
    looser = {
        PDQ: replace(SCHEMES[PDQ], distinct=24),
        PHASH: replace(SCHEMES[PHASH], distinct=6),
    }
    yield "as chosen, but distinct from 24 and 6 bits on", looser
    for radius in (24, 40):
        yield (
            f"pdq {radius}",
            {PDQ: replace(SCHEMES[PDQ], radius=radius, alone=radius, distinct=radius + 1)},
        )


def score(
    index: ExactIndex, pairs: Sequence[tuple[Item, Item]], schemes: Mapping[str, Scheme]
) -> tuple[str, list[tuple[str, str]], list[tuple[str, str]], list[Fraction]]:
    """Returns found of asked, false matches, other files of the family, and errors of span ends."""
    hits = 0
    near: list[tuple[str, str]] = []
    false: list[tuple[str, str]] = []
    errors: list[Fraction] = []
    for base, query in pairs:
        copies, _ = search(index, query, schemes)
        for copy in copies:
            item = next(i for i in index.items if i.asset.sha256 == copy.asset.sha256)
            if item is base:
                hits += 1
                if query.name.endswith("-passage"):
                    errors += span_errors(base, query, copy)
            elif item.family == query.family:
                near.append((query.name, item.name))
            else:
                false.append((query.name, item.name))
    return f"{hits}/{len(pairs)}", false, near, errors


def search(
    index: ExactIndex, query: Item, schemes: Mapping[str, Scheme]
) -> tuple[tuple[Copy, ...], Searched]:
    return find_copies(query.asset, query.signatures, index, schemes)


def span_errors(base: Item, query: Item, copy: Copy) -> list[Fraction]:
    """Returns how far the ends of the matched span lie from those of the passage."""
    start = Fraction(PASSAGE_FROM) * LENGTHS[base.asset.sha256]
    first, last = copy.spans[0].copy.start, copy.spans[-1].copy.end
    return [abs(first - start), abs(last - start - query.signatures[-1].time)]


LENGTHS: dict[Sha256, Fraction] = {}


def wanted(groups: Mapping[str, list[tuple[Item, Item]]]) -> list[tuple[Item, Item]]:
    skip = {*EXPECTED_MISS, "one picture of the video as a still"}
    return [pair for name, pairs in groups.items() if name not in skip for pair in pairs]


def half(pairs: Iterable[tuple[Item, Item]], which: int) -> list[tuple[Item, Item]]:
    return [pair for pair in pairs if side(pair[0].family) == which]


def side(family: str) -> int:
    return hashlib.sha256(f"side {family}".encode()).digest()[0] & 1


def real_clips(media: Path, work: Path) -> list[tuple[Path, str]]:
    """Returns the start of each video with its family: what stands before the first mark in its name."""
    paths = sorted([*(media / "videos/misc").glob("*.mp4"), *(media / "videos/tmk").glob("*.mp4")])
    made = []
    for path in paths:
        out = work / f"base-{path.stem}.mp4"
        if not out.exists():
            reduce = "scale='min(640,iw)':-2,scale=trunc(iw/2)*2:trunc(ih/2)*2"
            run(["-t", str(SECONDS), "-i", str(path), "-an", "-vf", reduce, *x264(20)], out)
        made.append((out, path.stem.split("-")[0].split("_")[0]))
    return made


def pans(paths: Sequence[Path], work: Path) -> list[tuple[Path, str]]:
    """Makes clips that move slowly over two photographs each, 4 s for either."""
    made = []
    for number in range(0, len(paths) - 1, 2):
        out = work / f"pan-{number:02}.mp4"
        if not out.exists():
            one = "scale=960:640,zoompan=z='1+0.002*on':x='on':y='on/2':d=100:s=480x320:fps=25,setsar=1"
            graph = f"[0:v]{one}[a];[1:v]{one}[b];[a][b]concat=n=2:v=1"
            inputs = ["-i", str(paths[number]), "-i", str(paths[number + 1])]
            run([*inputs, "-filter_complex", graph, *x264(20)], out)
        made.append((out, f"pan{number:02}"))
    return made


def encode(
    path: Path, work: Path, name: str, filters: str, crf: int, *, passage: bool = False
) -> Path:
    safe = "".join(c if c.isalnum() or c in ".-" else "_" for c in name)
    out = work / f"{safe}.mp4"
    if not out.exists():
        cut = []
        if passage:
            length = float(duration(path))
            cut = ["-ss", f"{PASSAGE_FROM * length:.6f}", "-t", f"{0.5 * length:.6f}"]
        run(
            [
                *cut,
                "-i",
                str(path),
                "-an",
                "-vf",
                f"{filters},scale=trunc(iw/2)*2:trunc(ih/2)*2",
                *x264(crf),
            ],
            out,
        )
    return out


def x264(crf: int) -> list[str]:
    return [
        "-c:v",
        "libx264",
        "-preset",
        "superfast",
        "-crf",
        str(crf),
        "-threads",
        "1",
        "-pix_fmt",
        "yuv420p",
    ]


def run(arguments: Sequence[str], out: Path) -> None:
    part = out.with_suffix(".part.mp4")
    subprocess.run([FFMPEG, "-v", "error", "-y", *arguments, str(part)], check=True, timeout=300)
    part.rename(out)


def duration(path: Path) -> Fraction:
    with av.open(str(path)) as container:
        return Fraction(container.duration or 0, av.time_base)


def frames(path: Path) -> Iterable[tuple[Fraction, NDArray[np.uint8]]]:
    """Yields keyframes and one picture a second, at most 512 px on the long side, from 0 s on."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        scale = min(1.0, LONG_SIDE / max(stream.width, stream.height))
        size = {
            "width": max(1, round(stream.width * scale)),
            "height": max(1, round(stream.height * scale)),
        }
        start, due = None, Fraction(0)
        for frame in container.decode(stream):
            at = Fraction(frame.pts) * Fraction(frame.time_base)
            start = at if start is None else start
            if frame.key_frame or at - start >= due:
                while at - start >= due:
                    due += 1
                yield (
                    at - start,
                    frame.reformat(format="rgb24", interpolation="AREA", **size).to_ndarray(),
                )


def moving(path: Path, family: str) -> Item:
    signatures = tuple(s for at, pixels in frames(path) for s in sign(pixels, at))
    item = item_of(path.stem, family, MediaKind.VIDEO, signatures)
    LENGTHS[item.asset.sha256] = duration(path)
    return item


def still_of(path: Path, family: str) -> Item:
    """Returns a picture from the middle of a video, scaled to 400 px and saved as JPEG."""
    with av.open(str(path)) as container:
        pictures = list(container.decode(video=0))
        pixels = pictures[len(pictures) // 2].to_ndarray(format="rgb24")
    return signed(jpeg(scaled(pixels, 400 / max(pixels.shape)), 75), f"{path.stem} still", family)


def still(path: Path, name: str) -> Item:
    return signed(read(path), name, name)


def signed(pixels: NDArray[np.uint8], name: str, family: str) -> Item:
    pixels = scaled(pixels, min(1.0, LONG_SIDE / max(pixels.shape[:2])))
    return item_of(name, family, MediaKind.IMAGE, sign(pixels, Fraction(0)))


def item_of(name: str, family: str, kind: MediaKind, signatures: tuple[Signature, ...]) -> Item:
    sha256 = Sha256(hashlib.sha256(f"{kind} {name}".encode()).hexdigest())
    return Item(
        name=name,
        family=family,
        asset=Asset(sha256=sha256, size=1, kind=kind, mime="", name=name),
        signatures=signatures,
    )


def read(path: Path) -> NDArray[np.uint8]:
    return cv2.cvtColor(
        cv2.imread(str(path), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION), cv2.COLOR_BGR2RGB
    )


def jpeg(pixels: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    return cv2.imdecode(
        cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR
    )


def scaled(pixels: NDArray[np.uint8], factor: float) -> NDArray[np.uint8]:
    return (
        pixels
        if factor == 1
        else cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    )


def timing(media: Path) -> list[str]:
    rows = ["| size | luminance | PDQ | pHash | both signatures |", "|---|---|---|---|---|"]
    source = read(media / "images/pdq/bridge-mods/aaa-orig.jpg")
    for width, height in ((512, 288), (512, 512), (1920, 1080)):
        pixels = cv2.resize(source, (width, height), interpolation=cv2.INTER_AREA)
        luma = luminance(pixels)
        grey = np.rint(luma).astype(np.uint8)
        steps: list[Callable[[], object]] = [
            lambda p=pixels: luminance(p),
            lambda v=luma: pdq(v),
            lambda v=grey: phash(v),
            lambda p=pixels: sign(p, Fraction(0)),
        ]
        rows.append(
            f"| {width} × {height} | "
            + " | ".join(f"{milliseconds(step):.2f}" for step in steps)
            + " |"
        )
    return rows


def milliseconds(step: Callable[[], object], repeats: int = 60) -> float:
    taken = []
    for _ in range(repeats):
        start = time.process_time()
        step()
        taken.append(time.process_time() - start)
    return sorted(taken)[repeats // 2] * 1000


if __name__ == "__main__":
    main()
