"""Cosignatures: the vectors, what is made reads back, bent ones and bent keys are refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from forensics.ledger import cosign, note
from forensics.ledger.note import NoteError

CASES = json.loads(
    (Path(__file__).parents[1] / "vectors/ledger/cosignature.json").read_text("utf-8")
)
TEXT = f"desk.example/case\n7\n{note.to_base64(bytes(32))}\n"


def cosigner(name: str = "w.example", seed: int = 5) -> cosign.Cosigner:
    return cosign.Cosigner(
        name=name, private=Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    )


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_the_vectors(case: dict[str, Any]) -> None:
    witness = cosign.parse_witness_key(case["vkey"])
    assert witness.vkey == case["vkey"]
    line = note.parse_signature_line(case["line"].removesuffix("\n"))
    if case["wantErr"]:
        with pytest.raises(NoteError, match="cosignature"):
            cosign.verify_cosignature(case["text"], line, witness)
    else:
        held = cosign.verify_cosignature(case["text"], line, witness)
        assert (held.seconds, held.line) == (case["seconds"], case["line"])


@given(st.integers(1, cosign.MAX_TIME))
def test_what_is_made_verifies_and_is_the_same_every_time(seconds: int) -> None:
    made = cosign.cosign(TEXT, cosigner(), seconds)
    assert made == cosign.cosign(TEXT, cosigner(), seconds)
    line = note.parse_signature_line(made.line.removesuffix("\n"))
    assert cosign.verify_cosignature(TEXT, line, made.witness) == made


@pytest.mark.parametrize("seconds", [-1, 0, 2**63])
def test_no_cosignature_carries_a_time_outside_the_format(seconds: int) -> None:
    with pytest.raises(NoteError, match="cannot carry the time"):
        cosign.cosign(TEXT, cosigner(), seconds)


def test_times_are_told_in_utc() -> None:
    assert cosign.cosign(TEXT, cosigner(), 1_740_830_400).at == "2025-03-01T12:00:00Z"
    assert cosign.cosign(TEXT, cosigner(), 2**62).at == f"{2**62} seconds after 1970"


def test_of_each_known_witness_the_first_line_counts_and_all_must_hold() -> None:
    one, two, third = cosigner(), cosigner("two.example", 6), cosigner("third.example", 8)
    lines = [cosign.cosign(TEXT, k, t).line for k, t in ((two, 9), (one, 5), (one, 4), (third, 3))]
    signed = note.parse_note(f"{TEXT}\n{''.join(lines)}")
    found = cosign.cosignatures(signed, [one.witness, two.witness])
    assert [(c.witness.name, c.seconds) for c in found] == [("two.example", 9), ("w.example", 5)]
    bent = note.parse_note(f"{TEXT.replace('7', '8')}\n{''.join(lines)}")
    with pytest.raises(NoteError, match="does not hold"):
        cosign.cosignatures(bent, [third.witness])
    assert cosign.cosignatures(bent, []) == ()


def test_a_log_key_is_no_witness_key_and_the_other_way_round() -> None:
    private = cosigner().private
    log = note.Signer(name="w.example", private=private).verifier
    with pytest.raises(NoteError, match=r"expected 0x04 and 32 bytes .* begin with 0x01"):
        cosign.parse_witness_key(log.vkey)
    with pytest.raises(NoteError, match=r"expected 0x01 and 32 bytes .* begin with 0x04"):
        note.parse_vkey(cosigner().witness.vkey)
    with pytest.raises(NoteError, match="contradicts itself"):
        cosign.parse_witness_key(cosigner().witness.vkey.replace("w.example", "v.example"))
    with pytest.raises(NoteError, match="proper Ed25519 key"):
        cosign.Witness(name="w.example", public=bytes(32))


def test_a_private_key_is_never_printed() -> None:
    assert repr(cosigner()) == f"Cosigner({cosigner().witness.short})"
