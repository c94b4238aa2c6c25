"""Texts, codes and times as boxes of ISO base media files and QuickTime movies state them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

Fields = dict[str, int | str]

MAX_TEXT: Final = 4096
MAX_LIST: Final = 8

_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
_LAST_SECOND: Final = int((datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC) - _EPOCH).total_seconds())
_MACINTOSH: Final = 0x400
"""Language codes below this are Macintosh ones, and their texts are in a Macintosh script."""


def four_cc(raw: bytes) -> str:
    r"""Returns a type as text; bytes outside printable ASCII become `\xNN`."""
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else f"\\x{byte:02x}" for byte in raw)


def code(raw: bytes) -> str:
    """Returns a vendor or component code; four zeros are empty."""
    return four_cc(raw) if any(raw) else ""


def text(data: bytes) -> str:
    """Returns text as stated, without the zeros at its end."""
    return data[: 4 * MAX_TEXT].decode("utf-8", "replace").rstrip("\0")[:MAX_TEXT]


def old_text(data: bytes, language: int) -> str:
    """Returns text that is UTF-8 or UTF-16 by its mark, else Macintosh Roman by its language code."""
    data = data[: 4 * MAX_TEXT]
    if data[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return data.decode("utf-16", "replace").rstrip("\0")[:MAX_TEXT]
    try:
        return data.decode("utf-8").rstrip("\0")[:MAX_TEXT]
    except UnicodeDecodeError:
        roman = language < _MACINTOSH
        return data.decode("mac_roman" if roman else "utf-8", "replace").rstrip("\0")[:MAX_TEXT]


def readable(data: bytes, most: int = 256) -> str:
    """Returns the printable ASCII that the data begins with and a zero ends, or "" where it is none."""
    head = data[:most].split(b"\0", 1)[0]
    return head.decode("ascii") if all(0x20 <= byte < 0x7F for byte in head) else ""


def seconds(ticks: int) -> str | None:
    """Returns seconds since 1904 as RFC 3339 text; None for zero and for what lies beyond year 9999."""
    if not 0 < ticks <= _LAST_SECOND:
        return None
    return (_EPOCH + timedelta(seconds=ticks)).strftime("%Y-%m-%dT%H:%M:%SZ")


def language(packed: int) -> str:
    """Returns three letters of five bits (ISO/IEC 14496-12 section 8.4.2), else the number."""
    letters = "".join(chr(0x60 + (packed >> shift & 0x1F)) for shift in (10, 5, 0))
    return letters if letters.isalpha() and packed & 0x8000 == 0 else str(packed)


def known(**values: int | str | None) -> Fields:
    """Returns the fields that have a value."""
    return {key: value for key, value in values.items() if value is not None}
