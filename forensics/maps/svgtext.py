"""The text that an SVG drawing carries, and where it stands on the picture that is drawn of it.

Positions follow SVG 1.1: sections 7 (coordinate systems) and 10 (text). The width of a text depends on a font
that need not be here, so it is estimated; style sheets are not looked into.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forensics.inside.markup import read_markup
from forensics.inside.window import Window
from forensics.model.map import Box2D, Lettering, ReadBy

MAX_LINES: Final = 3_000
MAX_TEXT: Final = 200
LETTER: Final = 0.56
"""Widths of a letter in heights of the font, in most sans-serif fonts."""
ABOVE: Final = 0.74
"""Of the font's height that letters rise over their line."""

Matrix = NDArray[np.float64]

_UNSHOWN: Final = frozenset(
    {
        "defs",
        "symbol",
        "clipPath",
        "mask",
        "pattern",
        "marker",
        "title",
        "desc",
        "metadata",
        "style",
    }
)
_NUMBER: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_STEP: Final = re.compile(r"(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^)]{0,200})\)")
_UNITS: Final = {"pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "em": 16.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """What an element hands on to those in it."""

    matrix: Matrix
    size: float
    anchor: str
    shown: bool
    x: float = 0.0
    y: float = 0.0


def svg_lettering(path: Path, width: int, height: int) -> tuple[Lettering, ...]:
    """Returns the texts of a drawing; none of one that is damaged where its text is.

    Args:
        path: An SVG document.
        width: Pixels of the picture that is drawn of it.
        height: As `width`.

    Raises:
        LimitExceeded: It is larger than is read.
    """
    with path.open("rb") as file:
        reader = _Texts(width, height)
        with np.errstate(all="ignore"):  # numbers without end are dropped where they are used
            read_markup(Window(file, size=path.stat().st_size), reader)
    return tuple(reader.found)


class _Texts:
    """Told of one document."""

    def __init__(self, width: int, height: int) -> None:
        self.found: list[Lettering] = []
        self._size = (width, height)
        self._states = [_State(matrix=np.eye(3), size=16.0, anchor="start", shown=True)]
        self._names: list[str] = []
        self._text = ""

    def start(self, tag: str, attributes: dict[str, str], /) -> None:
        name = tag.rpartition("}")[2]
        if name in {"text", "tspan"}:
            self._finish()
        before = self._states[-1]
        style = _style(attributes)
        matrix = before.matrix
        if name == "svg" and not self._names:
            matrix = _viewed(attributes, self._size)
        else:
            matrix = matrix @ _transform(attributes.get("transform", ""))
        stated = {axis: _first(attributes.get(axis)) for axis in "xy"}
        moved = {axis: _first(attributes.get("d" + axis)) or 0.0 for axis in "xy"}
        own = name in {"text", "tspan"}
        fresh = name == "text"
        old = (0.0, 0.0) if fresh else (before.x, before.y)
        x, y = (
            (stated[axis] if own and stated[axis] is not None else at) or 0.0
            for axis, at in zip("xy", old, strict=True)
        )
        self._states.append(
            _State(
                matrix=matrix,
                size=_length(style.get("font-size"), before.size) or before.size,
                anchor=style.get("text-anchor", before.anchor),
                shown=before.shown
                and name not in _UNSHOWN
                and style.get("display") != "none"
                and style.get("visibility") != "hidden",
                x=x + (moved["x"] if own else 0.0),
                y=y + (moved["y"] if own else 0.0),
            )
        )
        self._names.append(name)

    def end(self) -> None:
        if self._names and self._names[-1] in {"text", "tspan"}:
            self._finish()
        if self._names:
            self._names.pop()
            self._states.pop()

    def data(self, text: str, /) -> None:
        if self._names and self._names[-1] in {"text", "tspan"} and len(self._text) < 4 * MAX_TEXT:
            self._text += text

    def comment(self, text: str, /) -> None:
        """Nothing that is shown."""

    def start_ns(self, prefix: str, uri: str, /) -> None:
        """Elements are known by their local names."""

    def _finish(self) -> None:
        text, self._text = " ".join(self._text.split())[:MAX_TEXT], ""
        state = self._states[-1]
        if not text or not state.shown or len(self.found) >= MAX_LINES:
            return
        wide = LETTER * state.size * len(text)
        left = state.x - wide * {"middle": 0.5, "end": 1.0}.get(state.anchor, 0.0)
        top = state.y - ABOVE * state.size
        corners = (
            state.matrix
            @ np.array(
                [
                    (left, top, 1),
                    (left + wide, top, 1),
                    (left, state.y, 1),
                    (left + wide, state.y, 1),
                ]
            ).T
        )
        if not np.isfinite(corners).all():
            return
        (x, y), (right, bottom) = corners[:2].min(axis=1), corners[:2].max(axis=1)
        turned = math.degrees(math.atan2(state.matrix[1, 0], state.matrix[0, 0]))
        if right > 0 and bottom > 0 and x < self._size[0] and y < self._size[1]:
            self.found.append(
                Lettering(
                    text=text,
                    box=Box2D(
                        x=float(x), y=float(y), width=float(right - x), height=float(bottom - y)
                    ),
                    angle=round(turned, 1) + 0.0,
                    by=ReadBy.FILE,
                )
            )


def _style(attributes: dict[str, str]) -> dict[str, str]:
    """Properties as attributes state them; `style` counts for more (SVG 1.1 section 6.4)."""
    found = dict(attributes)
    for entry in attributes.get("style", "")[:4096].split(";"):
        name, _, value = entry.partition(":")
        found[name.strip()] = value.strip()
    return found


def _numbers(text: str) -> list[float]:
    return [float(n) for n in _NUMBER.findall(text[:400])][:16]


def _first(text: str | None) -> float | None:
    numbers = _numbers(text) if text else []
    return numbers[0] if numbers else None


def _length(text: str | None, of: float) -> float | None:
    number = _first(text)
    if number is None or text is None:
        return None
    if text.rstrip().endswith("%"):
        return number * of / 100
    if text.rstrip().endswith("em"):
        return number * of
    return number * next((f for unit, f in _UNITS.items() if text.rstrip().endswith(unit)), 1.0)


def _viewed(attributes: dict[str, str], size: tuple[int, int]) -> Matrix:
    """From the drawing's units to pixels: its view box is fitted into the picture and put in the middle."""
    box = _numbers(attributes.get("viewBox", ""))
    if len(box) != 4 or min(box[2:]) <= 0:
        stated = [_length(attributes.get(side), 0.0) or 0.0 for side in ("width", "height")]
        box = [0.0, 0.0, *(s or float(p) for s, p in zip(stated, size, strict=True))]
    x, y, wide, high = box
    if wide <= 0 or high <= 0:
        return np.eye(3)
    scale = min(size[0] / wide, size[1] / high)
    left, top = (size[0] - scale * wide) / 2 - scale * x, (size[1] - scale * high) / 2 - scale * y
    return np.array([[scale, 0, left], [0, scale, top], [0, 0, 1.0]])


def _transform(text: str) -> Matrix:
    """The matrix of a transform attribute (SVG 1.1 section 7.6)."""
    matrix = np.eye(3)
    for kind, inside in _STEP.findall(text[:4096]):
        matrix = matrix @ _step(kind, _numbers(inside))
    return matrix


def _step(kind: str, n: list[float]) -> Matrix:
    step = np.eye(3)
    if kind == "matrix" and len(n) == 6:
        step[:2] = np.array(n).reshape(3, 2).T
    elif kind == "translate" and n:
        step[:2, 2] = n[0], n[1] if len(n) > 1 else 0.0
    elif kind == "scale" and n:
        step[0, 0], step[1, 1] = n[0], n[1] if len(n) > 1 else n[0]
    elif kind == "rotate" and n:
        a, (cx, cy) = math.radians(n[0]), (n[1], n[2]) if len(n) > 2 else (0.0, 0.0)
        c, s = math.cos(a), math.sin(a)
        step[:2] = [[c, -s, cx - c * cx + s * cy], [s, c, cy - s * cx - c * cy]]
    elif kind == "skewX" and n:
        step[0, 1] = math.tan(math.radians(n[0]))
    elif kind == "skewY" and n:
        step[1, 0] = math.tan(math.radians(n[0]))
    return step
