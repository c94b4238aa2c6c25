"""Tokens of authorities whose certificates ended long before these tests run, and hostile answers.

The vectors were made with `openssl ts` (`tests/ledger/authority.py`). "brief" ended minutes after its token;
"past" had ended before it.
"""

from __future__ import annotations

import base64
import json
import random
import sys
from pathlib import Path

import pytest

from forensics.errors import MissingCapability
from forensics.ledger import der
from forensics.ledger.timestamps import (
    Chain,
    TimestampError,
    imprinted,
    query,
    token_in,
    verify_token,
)

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/ledger/timestamps.json").read_text())
NOTE = VECTORS["note"].encode()
REPLY = base64.b64decode(VECTORS["authorities"]["brief"]["reply"])
TOKEN = token_in(REPLY, VECTORS["nonce"])
ROOT = VECTORS["authorities"]["brief"]["root"].encode()
OTHER_ROOT = VECTORS["authorities"]["past"]["root"].encode()


def test_a_token_holds_at_its_own_time_although_its_certificate_ended() -> None:
    found = verify_token(TOKEN, NOTE, ROOT)
    assert found.holds
    assert (found.chain, found.imprint, found.why) == (Chain.VERIFIED, True, "")
    assert (found.policy, found.serial) == ("1.2.3.4.1", str(0x1001))
    assert found.tsa == "CN=An authority of the test"
    assert found.gen_time.endswith("Z")


def test_a_certificate_that_had_ended_before_the_token_fails() -> None:
    past = VECTORS["authorities"]["past"]
    token = token_in(base64.b64decode(past["reply"]), None)
    found = verify_token(token, NOTE, past["root"].encode())
    assert found.chain is Chain.FAILED
    assert "expired" in found.why
    assert not found.holds


def test_another_root_fails() -> None:
    found = verify_token(TOKEN, NOTE, OTHER_ROOT)
    assert (found.chain, found.imprint) == (Chain.FAILED, True)
    assert found.why


def test_the_right_root_among_others_is_found() -> None:
    assert verify_token(TOKEN, NOTE, OTHER_ROOT + ROOT).holds


def test_without_a_root_it_says_so() -> None:
    found = verify_token(TOKEN, NOTE, None)
    assert (found.chain, found.imprint, found.holds) == (Chain.NO_ROOT, True, False)


def test_why_it_does_not_hold_is_told_in_words() -> None:
    flipped = TOKEN[:-5] + bytes([TOKEN[-5] ^ 1]) + TOKEN[-4:]
    for token, root in ((TOKEN, OTHER_ROOT), (flipped, ROOT)):
        why = verify_token(token, NOTE, root).why
        assert why.endswith("signature failure")
        assert "ErrorStack" not in why
        assert ".c" not in why


def test_another_note_is_told_from_a_bad_signature() -> None:
    found = verify_token(TOKEN, NOTE + b"\n", ROOT)
    assert (found.chain, found.imprint, found.holds) == (Chain.VERIFIED, False, False)


def test_the_token_is_the_part_of_the_answer_that_the_authority_signed() -> None:
    assert TOKEN in REPLY
    assert imprinted(TOKEN)[0] == "2.16.840.1.101.3.4.2.1"


def test_an_answer_to_another_query_is_refused() -> None:
    with pytest.raises(TimestampError, match="expected the nonce 78, found 77"):
        token_in(REPLY, 78)


def test_a_refusal_is_told_with_the_authoritys_words() -> None:
    text = der.sequence(der.value(0x0C, b"no such policy"))
    refusal = der.sequence(der.sequence(der.integer(2), text))
    with pytest.raises(TimestampError, match=r"found rejected \(no such policy\)"):
        token_in(refusal, None)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>no</html>",
        b"\x30",
        b"\x30\x80\x00\x00",
        b"\x30\x84\xff\xff\xff\xff",
        b"\x1f\x81\x01",
        REPLY[:-1],
        REPLY[:40],
        REPLY + b"\0",
        b"\x30\x00",
        bytes(1 << 20) + b"x",
        der.sequence(der.integer(0), der.integer(0)),
    ],
    ids=[
        "empty",
        "a page",
        "tag only",
        "indefinite length",
        "huge length",
        "long tag",
        "cut",
        "cut early",
        "more behind",
        "empty sequence",
        "too long",
        "no status",
    ],
)
def test_what_is_no_answer_is_refused(data: bytes) -> None:
    with pytest.raises(TimestampError):
        token_in(data, None)
    with pytest.raises(TimestampError):
        verify_token(data, NOTE, ROOT)


def test_no_flipped_bit_changes_what_a_token_says() -> None:
    whole = verify_token(TOKEN, NOTE, ROOT)
    chance = random.Random(3161)
    refused = 0
    for _ in range(300):
        bit = chance.randrange(len(TOKEN) * 8)
        data = bytearray(TOKEN)
        data[bit // 8] ^= 1 << bit % 8
        try:
            found = verify_token(bytes(data), NOTE, ROOT)
        except TimestampError:
            refused += 1
            continue
        if found.holds:  # in the certificates that nothing rests on
            assert (found.gen_time, found.serial) == (whole.gen_time, whole.serial)
        else:
            refused += 1
    assert refused > 100


@pytest.mark.parametrize(
    "root",
    [b"", b"x", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
    ids=["empty", "text", "no certificate inside"],
)
def test_a_root_that_is_none_is_refused(root: bytes) -> None:
    with pytest.raises(TimestampError, match="no certificate"):
        verify_token(TOKEN, NOTE, root)


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    with pytest.raises(MissingCapability, match="not installed") as caught:
        verify_token(TOKEN, NOTE, ROOT)
    assert "pip install" in caught.value.hint


@pytest.mark.parametrize("nonce", [None, 0, 127, 128, 2**63, 2**64 - 1])
def test_a_query_is_der(nonce: int | None) -> None:
    asked = der.parts(der.only(query(NOTE, nonce), der.SEQUENCE))
    assert asked[0] == (der.INTEGER, b"\x01")
    assert asked[-1] == (0x01, b"\xff")
    numbers = [
        int.from_bytes(content, "big", signed=True)
        for tag, content in asked[1:]
        if tag == der.INTEGER
    ]
    assert numbers == ([] if nonce is None else [nonce])
