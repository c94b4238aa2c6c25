"""PNG: every chunk in stored order, what it states, and whether its check value holds.

PNG (third edition, W3C 2025) sections 5 (layout), 11 (chunks) and annex on checks; APNG is part of it.
`caBX` is C2PA 2.2 section A.3.3. Private chunks of programs are named where it is known whose they are.
"""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from forensics.inside.exif import read_exif_part
from forensics.inside.icc import read_icc
from forensics.inside.jumbf import read_jumbf
from forensics.inside.making import kept, part
from forensics.inside.textchunk import read_text_chunk, unpack
from forensics.inside.trailing import read_trailing
from forensics.inside.window import Window
from forensics.model import Part

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
MAX_CHUNKS: Final = 100_000
"""Chunks whose headers are read."""
MAX_ALIKE: Final = 32
"""Chunks of one type that are shown each; the rest are counted."""
MAX_TOLD: Final = 2000
"""The same, of the types that hold metadata."""
MAX_CHECKED: Final = 128 << 20
"""Bytes whose check values are computed."""

_PIECE: Final = 1 << 20
_OVERHEAD: Final = 12
_TEXTS: Final = (b"tEXt", b"zTXt", b"iTXt")
_TELLING: Final = frozenset({*_TEXTS, b"eXIf", b"caBX", b"iCCP"})
_COLOURS: Final = {
    0: "grey", 2: "colour", 3: "palette", 4: "grey with transparency", 6: "colour with transparency",
}  # fmt: skip
_INTENTS: Final = ("perceptual", "relative colorimetric", "saturation", "absolute colorimetric")
_MEANINGS: Final = {
    b"PLTE": "Palette", b"IEND": "End of the picture", b"tRNS": "Transparency", b"hIST": "Use of the palette",
    b"sBIT": "Significant bits", b"bKGD": "Background colour", b"sPLT": "Suggested palette",
    b"fcTL": "A picture of the animation", b"fdAT": "Coded picture of the animation",
    b"dSIG": "Digital signature", b"iDOT": "Layout of the data; Apple's encoder writes it",
    b"CgBI": "Written by Apple's tool for devices: no PNG that others can read",
    b"npTc": "Android: how the picture may be stretched", b"npLb": "Android: layout bounds",
    b"mkBF": "Adobe Fireworks: document", b"mkTS": "Adobe Fireworks: document",
    b"mkBS": "Adobe Fireworks: document", b"mkBT": "Adobe Fireworks: document",
    b"prVW": "Adobe Fireworks: preview", b"vpAg": "Virtual page, as ImageMagick writes it",
    b"caNv": "Virtual page, as ImageMagick writes it", b"orNT": "Orientation, as ImageMagick writes it",
    b"meTa": "Metadata of a program", b"skMf": "Skitch: document", b"skRf": "Skitch: document",
    b"mDCV": "Mastering display", b"cLLI": "Content light level",
}  # fmt: skip


def read_png(window: Window) -> Part:
    """Reads a PNG file.

    Returns:
        "PNG" with a part for each chunk, named by its type: text chunks are "Text"
        (`forensics.inside.textchunk`), `eXIf` holds "EXIF", `iCCP` "ICC", `caBX` "C2PA"; neighbouring
        `IDAT` are one part. "trailing data" is what follows the end.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    trouble = None
    parts: tuple[Part, ...] = ()
    if window.read(0, 8) != SIGNATURE:
        trouble = "It does not begin with the eight bytes that mark a PNG file."
    else:
        parts, trouble = _Reader(window).read()
    return part(window, "PNG", start=0, size=window.size, trouble=trouble, parts=parts)


class _Reader:
    """One pass over one file."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._unchecked = 0
        self._left = MAX_CHECKED
        self._seen: Counter[bytes] = Counter()
        self._trouble: str | None = "It breaks off before its end chunk."

    def read(self) -> tuple[tuple[Part, ...], str | None]:
        """The parts, and what is wrong with the file as a whole."""
        allowance = self._window.allowance
        spare = allowance.closings
        parts = kept(self._chunks())
        parts += kept(self._uncounted())
        return parts, allowance.reached if allowance.closings < spare else self._trouble

    def _chunks(self) -> Iterator[Part]:
        window, at = self._window, len(SIGNATURE)
        coded = _Coded()
        for _ in range(MAX_CHUNKS):
            head = window.read(at, 8)
            if len(head) < 8:
                break
            size, kind = struct.unpack(">I4s", head)
            if not kind.isalpha():
                self._trouble = f"At byte {at} no chunk begins; the rest was not read."
                break
            there = min(size, window.size - at - 8)
            wrong = self._check(kind, at, size)
            if kind == b"IDAT":
                coded.add(at, there + _OVERHEAD, wrong)
            else:
                yield from coded.part(window)
                coded = _Coded()
                self._seen[kind] += 1
                if self._seen[kind] <= _shown(kind):
                    yield self._chunk(kind, at, there, wrong)
            at += size + _OVERHEAD
            if kind == b"IEND":
                self._trouble = None
                break
        else:
            self._trouble = window.allowance.reach(
                f"It has more than {MAX_CHUNKS} chunks; the rest was not read."
            )
        yield from coded.part(window)
        if self._trouble is None and at < window.size:
            yield read_trailing(window.inner(at))

    def _uncounted(self) -> Iterator[Part]:
        for kind, count in self._seen.items():
            more = count - _shown(kind)
            if more > 0:
                meaning = f"{more} more chunks of this type, not shown"
                trouble = None
                if kind in _TELLING:
                    trouble = self._window.allowance.reach(
                        f"Of its {count} chunks of the type {kind.decode()} the first {MAX_TOLD} were read."
                    )
                yield part(self._window, kind.decode(), meaning=meaning, trouble=trouble)
        if self._unchecked:
            meaning = f"The check values of {self._unchecked} chunks were not computed"
            yield part(self._window, "check values", meaning=meaning)

    def _check(self, kind: bytes, at: int, size: int) -> str | None:
        """What is wrong with the extent or the check value of the chunk; section 5.3."""
        window = self._window
        if at + size + _OVERHEAD > window.size:
            left = max(0, window.size - at - 8)
            return f"It states {size} bytes and a check value; {left} bytes are left in the file."
        if size > self._left:
            self._unchecked += 1
            return None
        self._left -= size
        found = zlib.crc32(kind)
        for start in range(at + 8, at + 8 + size, _PIECE):
            found = zlib.crc32(window.read(start, min(_PIECE, at + 8 + size - start)), found)
        if window.read(at + 8 + size, 4) != found.to_bytes(4, "big"):
            return "Its check value does not hold: it was damaged or changed after it was written."
        return None

    def _chunk(self, kind: bytes, at: int, size: int, wrong: str | None) -> Part:
        window, body = self._window, self._window.inner(at + 8, size)
        inner: tuple[Part, ...] = ()
        value: int | str | None = None
        meaning = _MEANINGS.get(kind, "")
        if kind in _TEXTS:
            text, *held = read_text_chunk(body, kind)
            inner = (*text.parts, *held)
            meaning, wrong = text.meaning, wrong or text.trouble
        elif kind == b"eXIf":
            inner = (read_exif_part(body),)
        elif kind == b"caBX":
            inner = (read_jumbf(body),)
        elif kind == b"iCCP":
            value, inner, wrong = _profile(body, wrong)
        elif kind in _SHORT:
            try:
                value, meaning = _SHORT[kind](body.read(0, 64))
            except (struct.error, IndexError):
                wrong = wrong or f"Its {size} bytes are too few for what it has to state."
        elif not meaning:
            meaning = "Not in the specification" + ("" if kind[1] & 0x20 else "; a reserved name")
        return part(
            window,
            "Text" if kind in _TEXTS else kind.decode(),
            value,
            start=at,
            size=min(size + _OVERHEAD, window.size - at),
            meaning=meaning,
            trouble=wrong,
            parts=inner,
        )


def _shown(kind: bytes) -> int:
    return MAX_TOLD if kind in _TELLING else MAX_ALIKE


class _Coded:
    """Neighbouring chunks of coded picture."""

    def __init__(self) -> None:
        self._at: int | None = None
        self._size = self._count = 0
        self._wrong: list[str] = []

    def add(self, at: int, size: int, wrong: str | None) -> None:
        self._at = at if self._at is None else self._at
        self._size += size
        self._count += 1
        if wrong:
            self._wrong.append(wrong)

    def part(self, window: Window) -> Iterator[Part]:
        if self._at is None:
            return
        chunks = f"{self._count} chunks" if self._count > 1 else "1 chunk"
        bad = len(self._wrong)
        yield part(
            window,
            "IDAT",
            start=self._at,
            size=min(self._size, window.size - self._at),
            meaning=f"Coded picture, {chunks}",
            trouble=f"In {bad} of {chunks}: {self._wrong[0]}" if bad else None,
        )


def _profile(body: Window, wrong: str | None) -> tuple[str, tuple[Part, ...], str | None]:
    """`iCCP`, section 11.3.2.3: a name, a method, a profile packed by zlib."""
    name, _, packed = body.read().partition(b"\0")
    data, trouble = unpack(packed[1:])
    return name.decode("latin-1"), (read_icc(body.unpacked(data)),), wrong or trouble


def _header(data: bytes) -> tuple[str, str]:
    width, height, depth, colour, _, _, interlace = struct.unpack_from(">IIBBBBB", data)
    order = "interlaced" if interlace else "not interlaced"
    kind = _COLOURS.get(colour, f"colour type {colour}")
    return f"{width} x {height}", f"Pixels; {depth} bits a channel, {kind}, {order}"


def _density(data: bytes) -> tuple[str, str]:
    across, down, unit = struct.unpack_from(">IIB", data)
    if unit != 1:
        return f"{across} x {down}", "Shape of a pixel, no unit stated"
    return f"{across} x {down}", f"Pixels per metre, {across * 0.0254:.4g} per inch"


def _time(data: bytes) -> tuple[str, str]:
    year, *rest = struct.unpack_from(">HBBBBB", data)
    month, day, hour, minute, second = rest
    return (
        f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z",
        "Last change of the picture; UTC by the specification",
    )


def _animation(data: bytes) -> tuple[int, str]:
    frames, plays = struct.unpack_from(">II", data)
    return frames, "Pictures of an animation, played " + (f"{plays} times" if plays else "for ever")


def _gamma(data: bytes) -> tuple[str, str]:
    (stated,) = struct.unpack_from(">I", data)
    return f"{stated / 100_000:.5g}", "Gamma of the picture"


def _chromaticity(data: bytes) -> tuple[str, str]:
    numbers = struct.unpack_from(">8I", data)
    return " ".join(f"{n / 100_000:.5g}" for n in numbers), "White, red, green, blue: x and y"


def _intent(data: bytes) -> tuple[int, str]:
    return data[0], "sRGB" + (f", {_INTENTS[data[0]]}" if data[0] < len(_INTENTS) else "")


def _offset(data: bytes) -> tuple[str, str]:
    across, down, unit = struct.unpack_from(">iiB", data)
    return f"{across} {down}", "Place on a page, in " + ("micrometres" if unit else "pixels")


def _coding(data: bytes) -> tuple[str, str]:
    return " ".join(
        map(str, data[:4])
    ), "Primaries, transfer, matrix, range as ITU-T H.273 numbers them"


_SHORT: Final[Mapping[bytes, Callable[[bytes], tuple[int | str, str]]]] = {
    b"IHDR": _header,
    b"pHYs": _density,
    b"tIME": _time,
    b"acTL": _animation,
    b"gAMA": _gamma,
    b"cHRM": _chromaticity,
    b"sRGB": _intent,
    b"oFFs": _offset,
    b"cICP": _coding,
}
