"""Proofs made here, op by op; hostile ones; and the reference client's examples where they are at hand."""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.ledger.opentimestamps import MAX_STAMP, By, StampError, read_stamp

HEAD = bytes.fromhex("004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e8929401")
DIGEST = sha256(b"a note").digest()
START = HEAD + b"\x08" + DIGEST
PENDING, BITCOIN = bytes.fromhex("83dfe30d2ef90c8e"), bytes.fromhex("0588960d73d71901")


def text(data: bytes) -> bytes:
    size, out = len(data), b""
    while size >= 0x80:
        out, size = out + bytes([size & 0x7F | 0x80]), size >> 7
    return out + bytes([size]) + data


def calendar(address: bytes = b"https://calendar.example") -> bytes:
    return b"\x00" + PENDING + text(text(address))


def block(height: bytes) -> bytes:
    return b"\x00" + BITCOIN + text(height)


def test_a_submitted_stamp() -> None:
    stamp = read_stamp(START + calendar())
    assert (stamp.algorithm, stamp.digest) == ("sha256", DIGEST)
    assert stamp.blocks == ()
    assert stamp.state == "submitted; no block is named yet"
    (attestation,) = stamp.attestations
    assert (attestation.by, attestation.where) == (By.CALENDAR, "https://calendar.example")


def test_a_stamp_in_a_block_names_the_root_that_the_operations_come_to() -> None:
    steps = b"\xf0" + text(b"after") + b"\xf1" + text(b"before") + b"\x08"
    stamp = read_stamp(START + b"\xff" + calendar() + steps + block(b"\xf7\xef\x15"))
    root = sha256(b"before" + DIGEST + b"after").digest()
    (attested,) = stamp.blocks
    assert (attested.where, attested.message) == ("358391", root)
    assert f"block 358391 with the Merkle root {root[::-1].hex()}" in stamp.state
    assert "does not check" in stamp.state


def test_an_operation_that_cannot_be_computed_leaves_the_root_open() -> None:
    stamp = read_stamp(START + b"\x67" + block(b"\x05"))
    assert stamp.blocks[0].message is None
    assert "Merkle root" not in stamp.state


def test_an_unknown_attestation_is_kept_and_proves_nothing() -> None:
    stamp = read_stamp(START + b"\x00" + b"\x01" * 8 + text(b"?"))
    assert stamp.attestations[0].by is By.OTHER
    assert stamp.blocks == ()


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"", "ends at byte 0"),
        (b"x" * 40, "another beginning"),
        (HEAD[:-1] + b"\x02\x08" + DIGEST + calendar(), "version 1, found 2"),
        (HEAD + b"\x09" + DIGEST, "unknown kind 0x09"),
        (START, "inside a value"),
        (START + calendar() + b"x", "1 bytes follow"),
        (START + b"\x77" + calendar(), "unknown operation 0x77"),
        (START + b"\xf0" + text(b""), "0 bytes, expected 1"),
        (START + b"\xf0" + text(bytes(5000)), "5000 bytes"),
        (START + (b"\xf0" + text(bytes(4000))) * 2 + calendar(), "more than 4096"),
        (START + b"\xf3" * 8 + calendar(), "more than 4096"),
        (START + b"\x08" * 300 + calendar(), "256 operations"),
        (START + b"\xff\x08" * 300 + calendar(), "256 operations"),
        (START + (b"\xff" + calendar(b"a")) * 10_001 + calendar(), "10000 in all"),
        (START + calendar(b"http://\x1b[2J"), "characters"),
        (START + block(b"\x80" * 10 + b"\x01"), "nine bytes"),
        (START + b"\xf0" + text(b"x") + block(b"\x01"), "33 bytes, expected a Merkle root"),
        (START + b"\x00" + PENDING + text(text(b"a") + b"b"), "1 bytes follow"),
        (bytes(MAX_STAMP + 1), "expected at most"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_hostile_stamp_is_refused(data: bytes, match: str) -> None:
    with pytest.raises(StampError, match=match):
        read_stamp(data)


@given(st.binary(max_size=200))
def test_any_tail_is_read_or_refused(tail: bytes) -> None:
    with suppress(StampError):
        assert read_stamp(START + tail).digest == DIGEST


if "FORENSICS_SHARED" in os.environ:

    def test_the_reference_clients_examples() -> None:
        folder = Path(os.environ["FORENSICS_SHARED"], "vectors/ledger/opentimestamps/examples")
        for path in folder.rglob("*.ots"):
            if path.parent.name == "invalid":
                with pytest.raises(StampError):
                    read_stamp(path.read_bytes())
                continue
            stamp = read_stamp(path.read_bytes())
            stamped = path.with_suffix("")
            if stamped.exists() and stamp.algorithm == "sha256":
                assert stamp.digest == sha256(stamped.read_bytes()).digest()
        hello = read_stamp((folder / "hello-world.txt.ots").read_bytes())
        assert hello.state.startswith(
            "names Bitcoin block 358391 with the Merkle root 8a1b66ecb7cbd07d8139a7e7d7f2c41a"
        )
