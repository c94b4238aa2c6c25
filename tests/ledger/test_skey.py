"""Private keys of people in one line: what is written is read, and nothing else."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.ledger.note import NoteError, sign, verify_note
from forensics.ledger.note import parse_note as parse
from forensics.ledger.skey import read_skey, write_skey

SEED = bytes(range(32))
LINE = write_skey("desk-editor", SEED)


def test_a_key_signs_what_its_public_half_verifies() -> None:
    signer = read_skey(LINE)
    (found,) = verify_note(parse(sign("A text.\n", [signer])), [signer.verifier])
    assert found.name == "desk-editor"


def test_a_vector_of_the_go_implementation_is_read() -> None:
    """golang.org/x/mod/sumdb/note, example of package documentation."""
    signer = read_skey(
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    )
    assert signer.verifier.vkey == (
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    )


@given(st.binary(min_size=32, max_size=32))
def test_every_seed_comes_back(seed: bytes) -> None:
    assert read_skey(write_skey("a", seed)).private.private_bytes_raw() == seed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PRIVATE+KEY+",
        "PRIVATE+KEY+desk-editor",
        LINE.removeprefix("PRIVATE+"),
        LINE.replace("desk-editor", "desk-author"),
        LINE.replace("desk-editor", "desk editor"),
        LINE + LINE,
        LINE.replace("+AQ", "+Ag"),
        LINE.strip()[:-4],
        "PRIVATE+KEY+a+00000000+" + base64.b64encode(b"\x01" + SEED).decode(),
        "-----BEGIN PRIVATE KEY-----\n",
    ],
)
def test_what_is_no_such_key_is_refused_and_never_repeated(text: str) -> None:
    with pytest.raises(NoteError) as raised:
        read_skey(text)
    secret = LINE.strip().rsplit("+", 1)[1]
    assert secret not in str(raised.value)


def test_a_name_that_cannot_name_a_key_is_refused() -> None:
    with pytest.raises(NoteError):
        write_skey("desk+editor", SEED)
