"""Maps that are made from a style and a seed, with everything on them known.

    python bench/maps_made.py FOLDER [--style PART] [--half tune] [--seeds 3]

writes them beside their truth as JSON: projection, names with their towns and points, tracks, marks, and
fifty points of the ground.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from maps_base import lay, wide_names
from maps_canvas import Canvas, Points, View, text_width
from maps_look import Style
from maps_signs import Box, clear, drawing, free, furniture
from maps_spoil import spoiled
from maps_styles import STYLES
from maps_towns import LANGUAGES, Town, towns

from forensics.maps.geography import length_km

REGIONS: Final = (
    # Longitude and latitude of the middle, and km across.
    (34.0, 54.2, 1150),
    (31.5, 49.0, 1250),
    (35.5, 46.3, 1000),
    (37.4, 48.6, 620),
    (25.0, 56.6, 1000),
    (36.5, 55.5, 900),
    (36.2, 51.2, 760),
    (27.0, 51.5, 1100),
    (38.6, 51.0, 1000),
    (30.0, 46.8, 800),
)
OFF_KM: Final = 0.7
"""By which one map's towns lie beside another's, in each direction (standard deviation)."""
GROUND: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A name on a map; x and y are of its dot, or of its middle where there are no dots.

    `right` tells whether it stands at the town that it names, which lies at `lon` and `lat`.
    """

    texts: tuple[str, ...]
    lon: float
    lat: float
    x: float
    y: float
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A line on a map: its points in the picture, its ends on the ground and its length."""

    path: list[list[float]]
    start: list[float]
    end: list[float]
    length_km: float
    colour: str
    dashed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is known of a made map; pixels are of the picture as it is in the end."""

    style: str
    half: str
    seed: int
    language: str
    projection: str
    km: float
    names: list[Named]
    tracks: list[Drawn]
    marks: list[list[float]]
    mark: str
    ground: list[list[float]]
    numbers: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A picture (RGB, uint8) and what is known of it."""

    picture: NDArray[np.uint8]
    truth: Truth


def make(style: Style, seed: int, *, shuffled: bool = False) -> Made:
    """Makes a map; `shuffled` puts every name at another town."""
    random = np.random.default_rng([zlib.crc32(style.name.encode()), seed])
    language = str(random.choice(style.languages))
    languages = [LANGUAGES.index(one) for one in language.split("+")]
    width, height = style.size
    canvas = Canvas(width, height, style.palette.panel)
    top = 84.0 if "title" in style.parts else 0.0
    view = _view(style, (0.0, top, float(width), float(height)), random)
    lay(canvas, view, style, random)
    taken = furniture(canvas, view, style, language, random)
    taken += wide_names(canvas, view, style, languages[0], random)
    tracks, marks, numbers = drawing(canvas, view, style, languages, taken, random)
    taken += [(x - 7, y - 7, x + 7, y + 7) for x, y in marks.tolist()]
    names = _names(canvas, view, style, languages, taken, random, shuffled=shuffled)
    ground = _ground(view, random)
    bare = np.array([free(tuple(p), taken) for p in ground[:, 2:]])
    ground = ground[bare if bare.sum() >= GROUND else slice(None)][:GROUND]
    picture, matrix = canvas.done(), np.eye(3)
    for step, amount in style.after:
        picture, moved = spoiled(picture, step, amount, random)
        matrix = moved @ matrix
    after = _through(matrix, np.array([[n.x, n.y] for n in names]))
    truth = Truth(
        style=style.name,
        half=style.half,
        seed=seed,
        language=language,
        projection=view.name,
        km=view.km,
        names=[
            Named(texts=n.texts, lon=n.lon, lat=n.lat, x=x, y=y, right=n.right)
            for n, (x, y) in zip(names, after.tolist(), strict=True)
        ],
        tracks=[
            Drawn(
                path=_through(matrix, path).tolist(),
                start=(ground_path := view.ground(path))[0].tolist(),
                end=ground_path[-1].tolist(),
                length_km=length_km(ground_path),
                colour="#{:02x}{:02x}{:02x}".format(*style.palette.accent),
                dashed=style.tracks == "dashed",
            )
            for path in tracks
        ],
        marks=_through(matrix, marks).tolist() if len(marks) else [],
        mark=style.markers,
        ground=np.column_stack((ground[:, :2], _through(matrix, ground[:, 2:]))).tolist(),
        numbers=numbers,
    )
    return Made(picture=picture, truth=truth)


def _view(style: Style, box: Box, random: np.random.Generator) -> View:
    """A part of the earth with towns enough; wide views for conic projections."""
    for _ in range(40):
        lon, lat, km = REGIONS[int(random.integers(len(REGIONS)))]
        if {"albers", "lambert", "azimuthal"} & set(style.projections):
            km *= 1.5
        wide = (box[2] - box[0]) / (box[3] - box[1])
        view = View(
            name=str(random.choice(style.projections)),
            lon=lon + random.uniform(-0.8, 0.8),
            lat=lat + random.uniform(-0.5, 0.5),
            km=km * random.uniform(0.85, 1.2) * min(1.0, wide),
            box=box,
            turn=random.uniform(-style.turn, style.turn),
        )
        at = view.pixels(np.array([(t.lon, t.lat) for t in towns()]))
        if view.inside(at, 30).sum() >= style.towns[0] + 4:
            return view
    raise AssertionError(f"no view of {style.name} has towns enough")


def _ground(view: View, random: np.random.Generator) -> Points:
    left, top, right, bottom = view.box
    at = random.uniform((left + 20, top + 20), (right - 20, bottom - 20), (4 * GROUND, 2))
    return np.column_stack((view.ground(at), at))


def _through(matrix: Points, points: Points) -> Points:
    if not len(points):
        return points
    moved = np.column_stack((points, np.ones(len(points)))) @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:], np.float64)


def _names(
    canvas: Canvas,
    view: View,
    style: Style,
    languages: list[int],
    taken: list[Box],
    random: np.random.Generator,
    *,
    shuffled: bool,
) -> list[Named]:
    """Writes towns' names where there is room, the largest towns first."""
    wanted = int(random.integers(style.towns[0], style.towns[1] + 1))
    order = sorted(towns(), key=lambda t: -t.rank - random.uniform(0, 1.6))
    placed: list[tuple[Town, float, float, Box, str]] = []
    for town in order:
        off = random.normal(0, OFF_KM, 2) / 111.2 / (np.cos(np.radians(town.lat)), 1)
        x, y = view.pixels(np.array([(town.lon, town.lat)]) + off)[0]
        spot = (x - 9, y - 9, x + 9, y + 9)
        if len(placed) == wanted or not view.inside(np.array([[x, y]]), 14)[0]:
            continue
        if not clear(spot, taken):
            continue
        found = _room(view, style, town, languages, (x, y), taken)
        if found is not None:
            taken += [found[0], spot]
            placed.append((town, x, y, *found))
    named = [town for town, *_ in placed]
    wrong = len(placed) if shuffled else round(style.wrong * len(placed))
    moved = random.permutation(len(placed))[:wrong].tolist()
    bearers = list(named)
    for here, there in zip(moved, moved[1:] + moved[:1], strict=True):
        bearers[here] = named[there]
    out = []
    for (_, x, y, box, anchor), own, bearer in zip(placed, named, bearers, strict=True):
        texts = _written(canvas, style, bearer, languages, (x, y), box, anchor)
        at = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) if style.dots == "none" else (x, y)
        out.append(
            Named(
                texts=texts,
                lon=bearer.lon,
                lat=bearer.lat,
                x=at[0],
                y=at[1],
                right=own is bearer,
            )
        )
    return out


def _texts(style: Style, town: Town, languages: list[int]) -> tuple[str, ...]:
    texts = (town.names[language] for language in languages)
    return tuple(text.upper() if style.upper else text for text in texts)


def _size(style: Style, town: Town) -> tuple[float, int]:
    size = style.letters * (1.15 if town.rank == 3 else 1.0 if town.rank == 2 else 0.9)
    return size, 2 if style.lean else int(town.rank == 3)


def _room(
    view: View,
    style: Style,
    town: Town,
    languages: list[int],
    at: tuple[float, float],
    taken: list[Box],
) -> tuple[Box, str] | None:
    """The first side of a dot with room for its name."""
    size, cut = _size(style, town)
    wide = max(
        text_width(text, style.face, size, cut, style.spacing)
        for text in _texts(style, town, languages)
    )
    high = 1.02 * size * len(languages)
    gap = style.dot + 0.3 * size
    x, y = at
    sides = {
        "l": (x + gap, y - high / 2),
        "r": (x - gap - wide, y - high / 2),
        "m": (x - wide / 2, y - gap - high),
        "n": (x - wide / 2, y + gap),
    }
    if style.dots == "none":
        sides = {"m": (x - wide / 2, y - high / 2)}
    for anchor, (left, top) in sides.items():
        box = (left, top, left + wide, top + high)
        corners = np.array([box[:2], box[2:]])
        if view.inside(corners, 4).all() and clear(box, taken):
            return box, anchor
    return None


def _written(
    canvas: Canvas,
    style: Style,
    town: Town,
    languages: list[int],
    at: tuple[float, float],
    box: Box,
    anchor: str,
) -> tuple[str, ...]:
    look = style.palette
    size, cut = _size(style, town)
    texts = _texts(style, town, languages)
    x = {"l": box[0], "r": box[2]}.get(anchor, (box[0] + box[2]) / 2)
    for row, text in enumerate(texts):
        canvas.text(
            text,
            x,
            box[1] + size * (0.86 + 1.02 * row),
            style.face,
            size,
            look.name,
            cut=cut,
            anchor={"n": "m"}.get(anchor, anchor) + "s",
            halo=style.halo,
            spacing=style.spacing,
        )
    radius = style.dot * (1.25 if town.rank == 3 else 1.0)
    ground = style.halo or look.lands[0]
    if style.dots == "square":
        corners = (at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius)
        canvas.box(corners, look.town, ground)
    elif style.dots == "disc":
        canvas.disc(*at, radius + 0.8, ground)
        canvas.disc(*at, radius, look.town)
    elif style.dots == "ring":
        canvas.disc(*at, radius + 1, ground, look.town, 2.0)
    return texts


def as_json(truth: Truth) -> dict[str, Any]:
    """Returns what is known, for a JSON file."""
    return asdict(truth)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--style", default="", help="part of its name")
    parser.add_argument("--half", default="", choices=("", "tune", "test"))
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for style in STYLES:
        if options.style not in style.name or options.half not in style.half:
            continue
        for seed in range(options.seeds):
            made = make(style, seed)
            stem = options.folder / f"{style.half}-{style.name.replace(' ', '-')}-{seed}"
            cv2.imwrite(f"{stem}.png", made.picture[:, :, ::-1])
            stem.with_name(stem.name + ".json").write_text(
                json.dumps(as_json(made.truth), ensure_ascii=False), encoding="utf-8"
            )


if __name__ == "__main__":
    main()
