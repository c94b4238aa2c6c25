"""Measures the analysis copy-move: false alarms on untouched pictures and videos, copied pieces found.

    python -m bench.copy_move ../shared/media [--set casia|made|large|videos] [--most 100] [--out rows.json]

CASIA-v1's sources are parted by their ids into those that parameters were tuned on and those measured here.
`made` are copies put by this script into untouched CASIA pictures (one seed a picture): shifted, turned,
scaled, mirrored, each saved at two qualities. `large` are the untouched photographs of the other folders, as
they are and as platforms save them (1200 px, quality 85), and such copies in them. Prints a table; rows are
in the form of `forensics.calibrated.Row`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.analyses.copy_move import SMALL, CopyMove
from forensics.context import ScratchContext
from forensics.errors import ForensicsError
from forensics.media.intake import take_in
from forensics.media.limits import Limits
from forensics.media.prepare import prepare
from forensics.media.prepared import load
from forensics.model import Asset
from forensics.traces.pieces import look

Pixels = NDArray[np.uint8]
Case = tuple[str, str, bool, Pixels]
"""Class, size class, whether a copied piece is in it, and the picture."""

LIMIT = 20_000_000
KINDS = ("shifted", "turned", "scaled", "mirrored")


def measured(name: str) -> bool:
    """Whether a CASIA-v1 file is kept apart for measuring, by the id of its (first) source."""
    found = re.search(r"([a-z]{3})_?(\d{4})", name)
    source = (found[1] + found[2]) if found else name
    return bool(hashlib.sha256(source.encode()).digest()[0] % 2)


def read(path: Path) -> Pixels | None:
    """Returns a picture as RGB, or None where it cannot be read or is too large for this measuring."""
    found = cv2.imread(str(path))
    if found is None or found.shape[0] * found.shape[1] > LIMIT:
        return None
    return np.asarray(cv2.cvtColor(found, cv2.COLOR_BGR2RGB), np.uint8)


def saved(rgb: Pixels, quality: int) -> Pixels:
    """Returns a picture as it is after one more saving as JPEG."""
    _, data = cv2.imencode(".jpg", rgb[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)


def shared(rgb: Pixels) -> Pixels:
    """Returns a picture as platforms save it: 1200 px on the longer side, quality 85."""
    scale = min(1.0, 1200 / max(rgb.shape[:2]))
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return saved(np.asarray(small, np.uint8), 85)


def copied(rgb: Pixels, kind: str, seed: str) -> Pixels:
    """Returns the picture with an elliptical piece of it (a sixth of each side) put elsewhere."""
    random = np.random.default_rng(list(hashlib.sha256(seed.encode()).digest()[:8]))
    height, width = rgb.shape[:2]
    reach = np.array([width, height]) / 12 * random.uniform(1, 1.5)
    while True:
        source, target = (
            reach * 1.5 + random.random(2) * ([width, height] - reach * 3) for _ in range(2)
        )
        if (np.abs(source - target) > 2.2 * reach).any():
            break
    if kind in {"shifted", "mirrored"}:
        source, target = source.round(), target.round()
    turn = np.deg2rad(random.uniform(10, 60)) if kind == "turned" else 0.0
    scale = random.choice([0.75, 0.85, 1.2, 1.4]) if kind == "scaled" else 1.0
    linear = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    if kind == "mirrored":
        linear = linear @ np.diag([-1.0, 1.0])
    matrix = np.column_stack([linear, target - linear @ source])
    mask = np.zeros((height, width), np.float32)
    cv2.ellipse(mask, (source.round().astype(int).tolist(), (2 * reach).tolist(), 0.0), 1.0, -1)
    size = (width, height)
    piece = cv2.warpAffine(rgb, matrix, size, flags=cv2.INTER_CUBIC)
    share = cv2.GaussianBlur(cv2.warpAffine(mask, matrix, size), (0, 0), 1)[:, :, None]
    mixed = rgb + (np.asarray(piece, np.float32) - rgb) * share
    return np.clip(mixed.round(), 0, 255).astype(np.uint8)


def casia(media: Path, most: int) -> Iterator[Case]:
    """Yields the measuring half of CASIA-v1."""
    folder = media / "images/forgery/casia-v1"
    for name, edited in (("authentic", False), ("copy-move", True)):
        for path in [p for p in sorted((folder / name).glob("*.jpg")) if measured(p.name)][:most]:
            picture = read(path)
            if picture is not None:
                yield "CASIA-v1", "small", edited, picture


def made(media: Path, most: int) -> Iterator[Case]:
    """Yields self-made copies in the measuring half of CASIA-v1's untouched pictures."""
    folder = media / "images/forgery/casia-v1/authentic"
    for number, path in enumerate(
        [p for p in sorted(folder.glob("*.jpg")) if measured(p.name)][:most]
    ):
        picture = read(path)
        if picture is not None:
            kind = KINDS[number % len(KINDS)]
            for quality in (90, 75):
                yield (
                    f"{kind} q{quality}",
                    "small",
                    True,
                    saved(copied(picture, kind, path.name), quality),
                )


def large(media: Path, most: int) -> Iterator[Case]:
    """Yields photographs of at least half a megapixel, as they are and re-encoded, and copies in them."""
    folders = (
        "images/exif/jpg",
        "images/pdq/misc-images",
        "images/c2pa/image",
        "images/pdq/bridge-mods",
    )
    paths = [p for f in folders for p in sorted((media / f).rglob("*.jp*g"))]
    taken = 0
    seen: set[tuple[int, ...]] = set()
    for path in paths:
        picture = read(path) if taken < most else None
        if picture is None or picture.shape[0] * picture.shape[1] < SMALL:
            continue
        tiny = cv2.resize(
            cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (9, 8), interpolation=cv2.INTER_AREA
        )
        look_alike = tuple((tiny[:, 1:] > tiny[:, :-1]).ravel().tolist())
        if look_alike in seen:
            continue
        seen.add(look_alike)
        kind = KINDS[taken % len(KINDS)]
        taken += 1
        other = copied(picture, kind, path.name)
        yield "as found", "large", False, picture
        yield "social 1200 px q85", "large", False, shared(picture)
        yield "as found", "large", True, saved(other, 92)
        yield "social 1200 px q85", "large", True, shared(other)


def videos(media: Path) -> Iterator[tuple[str, int, float]]:
    """Yields each untouched video with the number of findings and the seconds that it took."""
    for path in sorted((media / "videos").rglob("*.mp4")):
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            try:
                taken = take_in(path, work)
                kind, mime, demuxer = (
                    taken.identity.kind,
                    taken.identity.mime,
                    taken.identity.demuxer,
                )
                if kind is None:
                    continue
                prepare(folder, kind, mime, demuxer, Limits().pixels, 300.0)
                ready = load(work)
                asset = Asset(
                    sha256=taken.sha256, size=taken.size, kind=ready.kind, mime=mime, name=taken.name,
                    probe=ready.probe,
                )  # fmt: skip
                context = ScratchContext(asset, work, name="copy-move", seconds=300.0)
                start = time.process_time()
                found = [f for f in CopyMove().run(asset, context) if f.id == "copied-piece"]
            except ForensicsError as error:
                print(f"{path.name}: {error}")
                continue
            yield path.name, len(found), time.process_time() - start


def main() -> None:
    """Runs the sets asked for and prints one line for each class."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("media", type=Path)
    parser.add_argument("--set", choices=("casia", "made", "large", "videos"), action="append")
    parser.add_argument("--most", type=int, default=1000, help="pictures of a set, at most")
    parser.add_argument("--out", type=Path, help="where to write the rows")
    given = parser.parse_args()
    counts: dict[tuple[str, str], Counter[str]] = {}
    for name, cases in (("casia", casia), ("made", made), ("large", large)):
        if given.set and name not in given.set:
            continue
        for group, size, edited, picture in cases(given.media, given.most):
            start = time.process_time()
            looked = look(picture, lambda: None)
            row = counts.setdefault((group, size), Counter())
            row["edited" if edited else "clean"] += 1
            row["hits" if edited else "alarms"] += bool(looked.pieces)
            row["untestable"] += not looked.testable
            row["ms"] += round(1000 * (time.process_time() - start))
            row["kilopixels"] += picture.shape[0] * picture.shape[1] // 1000
    rows = []
    for (group, size), row in counts.items():
        print(
            f"{group:24} {size:6} alarms {row['alarms']}/{row['clean']} hits {row['hits']}/{row['edited']} "
            f"not testable {row['untestable']}, {row['ms'] / max(1, row['kilopixels']):.2f} s per megapixel"
        )
        kept = {k: row[k] for k in ("clean", "alarms", "edited", "hits")}
        rows.append({"finding": "copied-piece", "quality": group, "size": size, **kept})
    if not given.set or "videos" in given.set:
        results = list(videos(given.media))
        print(f"videos: alarms {sum(n > 0 for _, n, _ in results)}/{len(results)}", results)
    if given.out:
        given.out.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
