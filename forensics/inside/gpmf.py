"""GoPro's metadata: keys, each with a type and values (github.com/gopro/gpmf-parser, "GPMF introduction")."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from forensics.inside.making import latin1, part
from forensics.inside.window import Window
from forensics.media.boxtext import four_cc
from forensics.model import Part

MAX_VALUES: Final = 16
_FORMS: Final = {
    "b": "b",
    "B": "B",
    "s": "h",
    "S": "H",
    "l": "i",
    "L": "I",
    "j": "q",
    "J": "Q",
    "f": "f",
    "d": "d",
}
_NAMES: Final = {
    "DEVC": "device",
    "DVID": "number of the device",
    "DVNM": "name of the device",
    "STRM": "stream of measurements",
    "STNM": "name of the stream",
    "FMWR": "firmware",
    "LINF": "serial number of the lens",
    "CINF": "serial number of the chip",
    "CASN": "serial number of the camera",
    "MINF": "model of the camera",
    "MUID": "identifier of the recording",
    "GPS5": "positions",
    "GPS9": "positions",
    "GPSU": "time of the satellites",
    "GPSF": "fix of the satellites",
    "TZON": "minutes from UTC, as set in the camera",
    "CDAT": "time of recording",
    "MMOD": "mode of recording",
    "VRES": "size of the picture, pixels",
    "VFPS": "pictures per second",
    "ACCL": "acceleration",
    "GYRO": "rotation",
}
_PERSONAL: Final = ("LINF", "CINF", "CASN", "MUID", "GPS5", "GPS9", "GPSU", "USRM")


def read_gpmf(window: Window) -> Iterator[Part]:
    """Yields a part for each key; a key of type zero holds others.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    at = 0
    while at + 8 <= window.size:
        raw, kind, size, repeat = struct.unpack(">4sBBH", window.read(at, 8))
        if not any(raw):
            return
        length = size * repeat
        name = four_cc(raw)
        trouble = None
        if at + 8 + length > window.size:
            trouble = f"It states {length} bytes, but only {window.size - at - 8} are left."
        inner = window.inner(at + 8, length)
        parts: tuple[Part, ...] = ()
        value: int | str | None = None
        if kind:
            value = _value(chr(kind), inner)
        elif inner.too_deep:
            trouble = "It is nested deeper than is read."
        else:
            parts = tuple(read_gpmf(inner))
        yield part(
            window,
            name,
            value,
            start=at,
            size=min(8 + length, window.size - at),
            meaning=_NAMES.get(name, ""),
            trouble=trouble,
            personal=name in _PERSONAL,
            parts=parts,
        )
        if trouble:
            return
        at += 8 + (length + 3 & ~3)


def _value(kind: str, window: Window) -> int | str | None:
    data = window.read(0, 4096)
    if kind in "cFGU":
        return latin1(data) if kind != "G" else data[:64].hex()
    form = _FORMS.get(kind)
    if form is None or not data:
        return f"{window.size} bytes of type {four_cc(kind.encode('latin-1'))}"
    width = struct.calcsize(f">{form}")
    count = min(len(data) // width, MAX_VALUES)
    found = struct.unpack_from(f">{count}{form}", data)
    if len(found) == 1 and isinstance(found[0], int) and window.size == width:
        return found[0]
    more = " …" if window.size // width > count else ""
    return " ".join(format(n, ".7g") if isinstance(n, float) else str(n) for n in found) + more
