"""Frames of ID3v2 (id3.org, "ID3 tag version 2.4.0 - Native Frames", and 2.2 and 2.3 before it)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FRAMES: Final[Mapping[str, str]] = {
    "TIT1": "group of works",
    "TIT2": "title",
    "TIT3": "subtitle",
    "TPE1": "performer",
    "TPE2": "band",
    "TPE3": "conductor",
    "TPE4": "who changed it",
    "TALB": "album",
    "TCOM": "composer",
    "TEXT": "author of the text",
    "TCOP": "copyright",
    "TENC": "who coded it",
    "TSSE": "program and settings that coded it",
    "TCON": "genre",
    "TRCK": "number in the album",
    "TYER": "year",
    "TDAT": "day and month, DDMM",
    "TIME": "time, HHMM",
    "TDRC": "time of recording",
    "TDRL": "time of release",
    "TDEN": "time of coding",
    "TDTG": "time of tagging",
    "TDOR": "time of the first release",
    "TLEN": "length, milliseconds",
    "TLAN": "language",
    "TMED": "medium that it comes from",
    "TOFN": "original name of the file",
    "TOPE": "original performer",
    "TOWN": "owner of the file",
    "TPUB": "publisher",
    "TRSN": "name of the radio station",
    "TSRC": "ISRC",
    "TXXX": "text of any kind",
    "COMM": "comment",
    "USLT": "lyrics",
    "APIC": "picture",
    "PRIV": "data of a program",
    "UFID": "identifier in a database",
    "GEOB": "file",
    "POPM": "rating by a person, with an e-mail address",
    "PCNT": "how often it was played",
    "MCDI": "table of contents of a disc",
    "CHAP": "chapter",
    "CTOC": "list of chapters",
    "WXXX": "address of any kind",
    "WOAF": "address of the file",
    "WOAR": "address of the performer",
    "WOAS": "address of the source",
}

OLD: Final[Mapping[str, str]] = {
    "TT1": "TIT1",
    "TT2": "TIT2",
    "TT3": "TIT3",
    "TP1": "TPE1",
    "TP2": "TPE2",
    "TP3": "TPE3",
    "TAL": "TALB",
    "TCM": "TCOM",
    "TXT": "TEXT",
    "TCR": "TCOP",
    "TEN": "TENC",
    "TSS": "TSSE",
    "TCO": "TCON",
    "TRK": "TRCK",
    "TYE": "TYER",
    "TDA": "TDAT",
    "TIM": "TIME",
    "TLE": "TLEN",
    "TLA": "TLAN",
    "TOF": "TOFN",
    "TPB": "TPUB",
    "TXX": "TXXX",
    "COM": "COMM",
    "ULT": "USLT",
    "PIC": "APIC",
    "UFI": "UFID",
    "GEO": "GEOB",
    "POP": "POPM",
    "CNT": "PCNT",
    "MCI": "MCDI",
    "WXX": "WXXX",
    "WAF": "WOAF",
    "WAR": "WOAR",
    "WAS": "WOAS",
}
"""Frames of version 2.2 and their names since 2.3."""

_PERSONAL: Final = frozenset(
    (
        *("TIT1", "TIT2", "TIT3", "TPE1", "TPE2", "TPE3", "TPE4", "TCOM", "TEXT", "TCOP", "TENC"),
        *("TOFN", "TOPE", "TOWN", "TXXX", "COMM", "USLT", "POPM", "GEOB", "UFID", "WXXX", "WOAR"),
    )
)


def is_personal(name: str) -> bool:
    """Tells whether a frame may name a person or is free text."""
    return name in _PERSONAL
