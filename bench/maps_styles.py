"""The styles in which maps are made: half of them to tune on, the others to measure with.

A style fixes what a newsroom or a press office would keep from map to map; the seed decides the rest:
which part of the earth, how large, which towns, and what is drawn on them.
"""

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

_TV = frozenset({"title", "panel", "legend", "scale", "callouts", "countries", "logo"})

STYLES: Final = (
    # To tune on.
    Style(
        name="pale television graphic",
        half="tune",
        palette=PALE,
        size=(1600, 1000),
        face="noto",
        backdrop="relief",
        letters=17,
        parts=_TV | {"waters"},
        markers="cross",
        areas=True,
    ),
    Style(
        name="channel post",
        half="tune",
        palette=DARK,
        size=(1280, 1280),
        languages=("ru", "uk"),
        halo=None,
        parts=frozenset({"title", "watermark", "legend"}),
        tracks="dashed",
        markers="disc",
        letters=19,
        after=(("jpeg", 78),),
    ),
    Style(
        name="satellite, yellow borders",
        half="tune",
        palette=PHOTO,
        backdrop="satellite",
        dots="ring",
        halo=(0, 0, 0),
        letters=17,
        languages=("uk", "en"),
        parts=frozenset({"watermark", "scale"}),
        tracks="arcs",
        markers="triangle",
        after=(("jpeg", 70),),
    ),
    Style(
        name="atlas page, conic",
        half="tune",
        palette=GREEN,
        face="noto-serif",
        projections=("lambert",),
        dots="ring",
        halo=None,
        parts=frozenset({"graticule", "countries", "waters", "scale", "curved"}),
        tracks="",
        letters=15,
        languages=("ru", "en"),
    ),
    Style(
        name="sheet photographed, light tilt",
        half="tune",
        palette=WHITE,
        size=(1500, 1060),
        letters=20,
        parts=frozenset({"title", "legend", "scale", "countries"}),
        markers="star",
        after=(("photo", 0.5), ("jpeg", 85)),
    ),
    Style(
        name="web map, 720 wide",
        half="tune",
        palette=OSM,
        backdrop="roads",
        letters=20,
        dots="disc",
        tracks="straight",
        parts=frozenset({"countries"}),
        after=(("width", 720), ("jpeg", 60)),
        languages=("ru", "uk", "en"),
    ),
    Style(
        name="plate carrée in grey",
        half="tune",
        palette=GREY,
        projections=("plate carree", "equirectangular"),
        face="dejavu-narrow",
        dots="square",
        halo=None,
        letters=16,
        parts=frozenset({"title", "countries", "inset"}),
        tracks="arrows",
        languages=("en", "ru"),
    ),
    Style(
        name="screenshot with pen",
        half="tune",
        palette=SAND,
        backdrop="regions",
        letters=17,
        parts=frozenset({"countries"}),
        tracks="",
        after=(("pen", 1.0), ("screenshot", 1.0)),
    ),
    # To measure with.
    Style(
        name="blue television graphic",
        half="test",
        palette=BLUE,
        size=(1920, 1080),
        face="nimbus",
        halo=(12, 33, 70),
        letters=22,
        dot=5.5,
        parts=_TV,
        markers="star",
        areas=True,
    ),
    Style(
        name="ministry briefing slide",
        half="test",
        palette=RED,
        size=(1600, 900),
        face="nimbus-narrow",
        backdrop="regions",
        dots="ring",
        letters=18,
        parts=frozenset({"title", "panel", "legend", "scale", "callouts", "logo", "waters"}),
        markers="cross",
        areas=True,
        languages=("ru", "uk"),
    ),
    Style(
        name="messenger infographic",
        half="test",
        palette=MIDNIGHT,
        size=(1080, 1350),
        face="gothic",
        halo=None,
        dots="disc",
        dot=5,
        letters=20,
        parts=frozenset({"title", "panel", "watermark"}),
        tracks="dashed",
        markers="triangle",
        languages=("ru", "uk"),
        after=(("jpeg", 80),),
    ),
    Style(
        name="satellite picture, white names",
        half="test",
        palette=PHOTO,
        size=(1440, 900),
        face="noto",
        backdrop="satellite",
        dots="square",
        halo=(20, 20, 20),
        letters=18,
        languages=("en", "ru"),
        projections=("mercator", "ellipsoidal mercator"),
        parts=frozenset({"scale", "logo"}),
        tracks="arrows",
        markers="disc",
        after=(("jpeg", 75),),
    ),
    Style(
        name="printed page photographed at an angle",
        half="test",
        palette=TEAL,
        size=(1500, 1060),
        face="century",
        letters=21,
        halo=None,
        dots="disc",
        parts=frozenset({"title", "countries", "scale"}),
        tracks="straight",
        after=(("photo", 1.0), ("jpeg", 82)),
        languages=("ru", "en"),
    ),
    Style(
        name="insets",
        half="test",
        palette=GREEN,
        size=(1400, 1000),
        face="noto-display",
        parts=frozenset({"inset", "scale", "legend", "countries", "waters"}),
        letters=16,
        languages=("uk", "ru", "en"),
        markers="cross",
    ),
    Style(
        name="curved names of rivers and countries",
        half="test",
        palette=SAND,
        face="palatino",
        projections=("lambert", "gauss-kruger"),
        dots="ring",
        halo=None,
        lean=False,
        parts=frozenset({"curved", "countries", "waters", "graticule"}),
        tracks="arcs",
        languages=("ru", "uk"),
    ),
    Style(
        name="two languages one under the other",
        half="test",
        palette=PALE,
        size=(1500, 1000),
        face="noto",
        languages=("ru+en", "uk+en"),
        letters=16,
        towns=(10, 18),
        parts=frozenset({"title", "countries"}),
        tracks="arrows",
    ),
    Style(
        name="JPEG of quality 50",
        half="test",
        palette=OSM,
        backdrop="regions",
        face="dejavu",
        letters=16,
        parts=frozenset({"countries", "scale"}),
        tracks="arrows",
        markers="disc",
        after=(("jpeg", 50),),
    ),
    Style(
        name="640 pixels wide",
        half="test",
        palette=PALE,
        size=(1280, 820),
        face="nimbus",
        letters=23,
        dot=6,
        towns=(10, 18),
        parts=frozenset({"countries", "title"}),
        tracks="arrows",
        after=(("width", 640), ("jpeg", 75)),
        languages=("ru", "uk"),
    ),
    Style(
        name="dark theme",
        half="test",
        palette=DARK,
        size=(1500, 900),
        face="noto-display",
        halo=None,
        dots="ring",
        letters=17,
        parts=frozenset({"countries", "legend", "scale"}),
        tracks="arcs",
        markers="star",
        languages=("en", "uk"),
        projections=("mercator",),
    ),
    Style(
        name="screenshot marked by hand",
        half="test",
        palette=OSM,
        backdrop="roads",
        face="noto",
        letters=17,
        languages=("uk", "ru", "en"),
        tracks="",
        after=(("pen", 1.6), ("screenshot", 0.8), ("jpeg", 70)),
    ),
    Style(
        name="Albers conic or azimuthal, wide view",
        half="test",
        palette=WHITE,
        size=(1500, 1000),
        face="dejavu-narrow",
        projections=("albers", "azimuthal", "stereographic"),
        letters=15,
        towns=(20, 34),
        parts=frozenset({"graticule", "countries", "scale"}),
        tracks="straight",
        languages=("en", "ru"),
    ),
    Style(
        name="letter-spaced capitals",
        half="test",
        palette=TEAL,
        face="gothic",
        upper=True,
        spacing=3.0,
        letters=15,
        halo=None,
        parts=frozenset({"countries", "title"}),
        tracks="dashed",
    ),
    Style(
        name="italic serif names, turned by some degrees",
        half="test",
        palette=SAND,
        face="dejavu-serif",
        lean=True,
        turn=9.0,
        letters=16,
        parts=frozenset({"scale", "waters"}),
        tracks="arrows",
        areas=True,
    ),
    Style(
        name="a fifth of the names at wrong towns",
        half="test",
        palette=GREY,
        face="noto",
        wrong=0.2,
        letters=17,
        towns=(16, 26),
        parts=frozenset({"title", "countries"}),
        tracks="straight",
        markers="cross",
    ),
    Style(
        name="names without dots",
        half="test",
        palette=RED,
        size=(1400, 900),
        face="nimbus",
        dots="none",
        letters=18,
        towns=(14, 24),
        parts=frozenset({"countries", "title"}),
        tracks="arrows",
        areas=True,
    ),
)
