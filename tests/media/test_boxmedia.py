"""What boxes about codings, fragments and references state, by payloads made by hand."""

from __future__ import annotations

import struct

import pytest

from forensics.media.boxfields import decode
from forensics.media.boxmedia import location, references
from forensics.media.boxuser import Scope


@pytest.mark.parametrize(
    ("raw", "payload", "stated"),
    [
        (
            b"colr",
            b"nclx\0\x09\0\x10\0\x09\x80",
            {"kind": "nclx", "primaries": 9, "transfer": 16, "matrix": 9, "full_range": 1},
        ),
        (b"colr", b"prof....", {"kind": "prof"}),
        (b"pasp", struct.pack(">II", 4, 3), {"across": 4, "down": 3}),
        (b"av1C", b"\x81\x08\x4c\0", {"profile": 0, "level": 8, "depth": 10}),
        (b"vpcC", b"\1\0\0\0\2\x1f\xa2", {"profile": 2, "level": 31, "depth": 10}),
        (
            b"dOps",
            struct.pack(">BBHI", 0, 2, 312, 48000),
            {"channels": 2, "pre_skip": 312, "rate": 48000},
        ),
        (b"clli", struct.pack(">HH", 1000, 400), {"most": 1000, "mean": 400}),
        (b"mfhd", struct.pack(">II", 0, 9), {"sequence": 9}),
        (b"tfdt", struct.pack(">IQ", 1 << 24, 2**40), {"start": 2**40}),
        (
            b"prft",
            struct.pack(">IIQI", 0, 1, 3_900_000_000 << 32, 0),
            {"track": 1, "clock": "2023-08-02T21:20:00Z"},
        ),
        (
            b"sidx",
            struct.pack(">IIIIIHH", 0, 1, 1000, 0, 0, 0, 3),
            {"track": 1, "timescale": 1000, "entries": 3},
        ),
        (b"keyd", b"mdtacom.apple.x", {"key": "mdta:com.apple.x"}),
        (b"frma", b"avc1", {"coding": "avc1"}),
        (
            b"emsg",
            struct.pack(">IIQII", 1 << 24, 90, 5, 6, 7) + b"urn:x\0v\0",
            {"scheme": "urn:x", "value": "v", "timescale": 90, "id": 7},
        ),
        (
            b"emsg",
            bytes(4) + b"urn:x\0v\0" + struct.pack(">IIII", 90, 5, 6, 7),
            {"scheme": "urn:x", "value": "v", "timescale": 90, "id": 7},
        ),
        (
            b"esds",
            b"\0\0\0\0\3\x19\0\1\0\4\x11\x40\x15\0\0\0\0\1\xf4\0\0\0\xfa\0\5\2\x12\x10",
            {"object": 0x40, "maximum": 128_000, "average": 64_000, "sound_object": 2},
        ),
    ],
)
def test_boxes_of_codings_and_fragments(
    raw: bytes, payload: bytes, stated: dict[str, int | str]
) -> None:
    assert decode(raw, "", payload, len(payload), Scope()) == (stated, None)


def test_references_and_places_of_media() -> None:
    assert references(struct.pack(">II", 3, 4)) == {"tracks": "3,4"}
    assert location(b"url ", b"\0\0\0\1") == {"here": 1}
    assert location(b"alis", bytes(4) + b"record") == {"here": 0, "bytes": 6}
