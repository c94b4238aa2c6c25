"""How a made map looks: its colours, and all else that a style fixes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from maps_canvas import Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours of a map."""

    sea: Colour
    lands: tuple[Colour, ...]
    border: Colour
    coast: Colour
    town: Colour
    name: Colour
    country: Colour
    accent: Colour
    second: Colour
    panel: Colour
    panel_text: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a map looks.

    Attributes:
        name: Of the style.
        half: "tune" or "test".
        size: Of the drawing, in pixels.
        languages: Of which the seed takes one; two joined by "+" are written one under the other.
        face: Font family.
        projections: Of which the seed takes one.
        palette: Colours.
        backdrop: "flat", "relief", "satellite", "roads" or "regions".
        dots: "disc", "ring", "square" or "none".
        dot: Radius in pixels.
        letters: Size of names in pixels.
        towns: Fewest and most names.
        halo: Rim around names, or None.
        upper: Names in capitals.
        spacing: Pixels between the letters of towns' names.
        lean: Names in italics.
        parts: What else there is: title, panel, legend, scale, inset, graticule, curved, callouts,
            countries, waters, watermark, logo.
        tracks: "arrows", "straight", "dashed", "arcs" or "".
        markers: "cross", "disc", "star", "triangle" or "".
        areas: Launch areas are shaded.
        turn: Most degrees by which north leans.
        wrong: Share of names that stand at the wrong town.
        after: What became of the picture, in order: (step, amount).
    """

    name: str
    half: str
    palette: Palette
    size: tuple[int, int] = (1280, 860)
    languages: tuple[str, ...] = ("ru",)
    face: str = "dejavu"
    projections: tuple[str, ...] = ("mercator",)
    backdrop: str = "flat"
    dots: str = "disc"
    dot: float = 4.0
    letters: float = 16.0
    towns: tuple[int, int] = (14, 26)
    halo: Colour | None = (255, 255, 255)
    upper: bool = False
    spacing: float = 0.0
    lean: bool = False
    parts: frozenset[str] = frozenset()
    tracks: str = "arrows"
    markers: str = ""
    areas: bool = False
    turn: float = 0.0
    wrong: float = 0.0
    after: tuple[tuple[str, float], ...] = ()


def _palette(*rest: str, sea: str, lands: str) -> Palette:
    keys = ("border", "coast", "town", "name", "country", "accent", "second", "panel", "panel_text")
    return Palette(
        sea=_hex(sea),
        lands=tuple(_hex(land) for land in lands.split()),
        **dict(zip(keys, (_hex(c) for c in rest[0].split()), strict=True)),
    )


def _hex(text: str) -> Colour:
    return int(text[:2], 16), int(text[2:4], 16), int(text[4:], 16)


PALE: Final = _palette(
    "7a7a80 6a9cc0 1b2437 1b2437 98a0a8 c8161d 12254a fafafa 1b2437",
    sea="a9c8e0",
    lands="f2efe6 e6e3da eae6d4 dfe3de",
)
BLUE: Final = _palette(
    "e8f0f8 8fb6dc ffffff ffffff b6cbe6 ffcc22 e2302b 0c2146 ffffff",
    sea="123a6e",
    lands="2c5d96 34679f 275487",
)
DARK: Final = _palette(
    "5a6472 3a4a5c e8eaee d8dce2 76808c ff4d3d ffb020 0f1318 e8eaee",
    sea="0d141c",
    lands="1f2730 252e38 222b33",
)
MIDNIGHT: Final = _palette(
    "4d5b8c 2d3a6a ffffff c9d4ff 6676b0 ff7043 40e0d0 101830 ffffff",
    sea="0a0f24",
    lands="1a2244 1e2850",
)
SAND: Final = _palette(
    "a08a60 8db4c4 3a2c18 3a2c18 b09a70 a01818 205080 f4ead2 3a2c18",
    sea="c4dce4",
    lands="f0e2c0 e8d8b0 ecdcb8",
)
GREEN: Final = _palette(
    "8c5a96 5a98b4 202020 202020 8a8a8a d02020 1a1a9a ffffff 202020",
    sea="a8d4e6",
    lands="dcecc4 f6e8b8 f8d8d0 e0dcf0",
)
WHITE: Final = _palette(
    "9a9a9a 9a9a9a 111111 111111 b0b0b0 d40000 0050b0 ffffff 111111",
    sea="ffffff",
    lands="eeeeee e4e4e4",
)
GREY: Final = _palette(
    "ffffff ffffff 222222 333333 a6a6a6 e03c31 4a4a4a e9e9e9 222222",
    sea="cfd6da",
    lands="b9bdc0 c2c6c8 b2b6ba",
)
OSM: Final = _palette(
    "a06aa8 88b0c8 222222 333333 9a7aa0 e01b24 1a5fb4 ffffff 222222",
    sea="aad3df",
    lands="f2efe9",
)
PHOTO: Final = _palette(
    "f4e89a c8d8a0 ffffff ffffff f0f0f0 ff2a1a ffe14a 1a1a1a ffffff",
    sea="16304a",
    lands="5a6a3c 6c6a46 586040",
)
RED: Final = _palette(
    "b03030 7a9cb8 1a1a1a 1a1a1a c08080 b00010 303030 fdf6f2 5a0008",
    sea="d4e2ec",
    lands="fbf3ea f6d9cf f3e6da",
)
TEAL: Final = _palette(
    "2f6f73 2f6f73 10393c 10393c 5f9fa3 d2472f 10393c 17555a ffffff",
    sea="d7ecec",
    lands="a9d2cf b7dad6 9bc8c5",
)
