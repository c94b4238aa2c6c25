"""Types of streams (ISO/IEC 13818-1:2022 table 2-34 and registered ones), and texts of broadcasters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

STREAMS: Final[Mapping[int, str]] = {
    0x01: "MPEG-1 Video",
    0x02: "MPEG-2 Video",
    0x03: "MPEG-1 Audio",
    0x04: "MPEG-2 Audio",
    0x05: "private sections",
    0x06: "private data: subtitles, teletext, AC-3, Opus and others",
    0x0F: "AAC in ADTS",
    0x10: "MPEG-4 Visual",
    0x11: "AAC in LATM",
    0x15: "metadata",
    0x1B: "H.264",
    0x24: "H.265",
    0x33: "H.266",
    0x42: "AVS",
    0x80: "PCM of Blu-ray discs",
    0x81: "AC-3",
    0x82: "DTS",
    0x83: "TrueHD",
    0x84: "E-AC-3",
    0x86: "DTS-HD",
    0x87: "E-AC-3",
    0x90: "subtitles of Blu-ray discs",
    0xEA: "VC-1",
}
_TABLES: Final = {
    1: "iso8859-5",
    2: "iso8859-6",
    3: "iso8859-7",
    4: "iso8859-8",
    5: "iso8859-9",
    6: "iso8859-10",
    7: "iso8859-11",
    9: "iso8859-13",
    10: "iso8859-14",
    11: "iso8859-15",
    0x11: "utf-16-be",
    0x15: "utf-8",
}


def service_text(data: bytes) -> str:
    """Returns a text of ETSI EN 300 468 annex A; its first byte may name the character table."""
    if data and data[0] < 0x20:
        if data[0] == 0x10 and len(data) >= 3 and 1 <= data[2] <= 15 and data[2] != 12:
            return data[3:].decode(f"iso8859-{data[2]}", "replace")
        return data[1:].decode(_TABLES.get(data[0], "latin-1"), "replace")
    return data.decode("latin-1")
