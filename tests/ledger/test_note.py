"""Signed notes, checkpoints and keys: what is written reads back, what is bent is refused."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from forensics.ledger import note
from forensics.ledger.note import NoteError

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=80).map(
    lambda text: text + "\n"
)
NAMES = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc", "Cf", "Cn", "Co", "Zs", "Zl", "Zp"], exclude_characters="+"
    ),
    min_size=1,
    max_size=20,
)

# The example of the C2SP signed-note document, whose key is published with golang.org/x/mod/sumdb/note.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNX"
    "gKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

# A tree head that sum.golang.org served, and the key that Go has built in for it.
SUMDB = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
SUMDB_NOTE = (
    "go.sum database tree\n"
    "65209736\n"
    "5+uGFjx6xBZG8ip1+wi77v+grwbhhukIrxEUS8PXvRo=\n"
    "\n"
    "— sum.golang.org Az3grnbssgK7ubgFX36gVETtNv0U23qxyAhAMai2QUfeGa3nB/akvkMdlUErfcZz7l/R3cVtYspg3"
    "dxXABkGZZKdsQ8=\n"
)


def signer(name: str = "desk.example/case", seed: int = 7) -> note.Signer:
    return note.Signer(name=name, private=Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


def test_a_published_note_verifies() -> None:
    parsed = note.parse_note(PETER_NOTE)
    verifier = note.parse_vkey(PETER)
    assert verifier.vkey == PETER
    assert note.verify_note(parsed, [verifier]) == (verifier,)


def test_a_served_checkpoint_verifies() -> None:
    found = note.open_checkpoint(SUMDB_NOTE, [note.parse_vkey(SUMDB)])
    assert (found.origin, found.size) == ("go.sum database tree", 65209736)
    with pytest.raises(NoteError, match="does not hold"):
        note.open_checkpoint(SUMDB_NOTE.replace("36\n5", "37\n5"), [note.parse_vkey(SUMDB)])


@given(TEXTS, NAMES)
def test_what_is_signed_reads_back_and_verifies(text: str, name: str) -> None:
    one, two = signer(name), signer(name + "2", 8)
    signed = note.sign(text, [one, two])
    parsed = note.parse_note(signed.encode())
    assert parsed.text == text
    assert note.verify_note(parsed, [two.verifier]) == (two.verifier,)
    assert note.verify_note(parsed, [two.verifier, one.verifier]) == (one.verifier, two.verifier)
    assert note.parse_vkey(one.verifier.vkey) == one.verifier
    changed = note.Note(text="x" + text, signatures=parsed.signatures)
    with pytest.raises(NoteError, match="does not hold"):
        note.verify_note(changed, [one.verifier])


@given(st.integers(0, 2**53), st.binary(min_size=32, max_size=32))
def test_checkpoints_read_back(size: int, root: bytes) -> None:
    checkpoint = note.Checkpoint(origin="desk.example/case", size=size, root=root)
    assert note.parse_checkpoint(checkpoint.text) == checkpoint
    signed = note.sign(checkpoint.text, [signer()])
    assert note.open_checkpoint(signed, [signer().verifier]) == checkpoint


def test_unknown_signers_are_passed_over_and_nobody_known_is_refused() -> None:
    signed = note.parse_note(note.sign("text\n", [signer(), signer("other", 9)]))
    assert note.verify_note(signed, [signer("other", 9).verifier])
    with pytest.raises(NoteError, match=r"expected a signature of third\+"):
        note.verify_note(signed, [signer("third", 3).verifier])
    with pytest.raises(NoteError, match="any known key"):
        note.verify_note(signed, [])


def test_a_known_signature_that_does_not_hold_spoils_the_note() -> None:
    good = note.parse_note(note.sign("text\n", [signer(), signer("other", 9)]))
    bad = note.parse_note(note.sign("other\n", [signer("other", 9)]))
    mixed = note.Note(text=good.text, signatures=(good.signatures[0], bad.signatures[0]))
    with pytest.raises(NoteError, match="does not hold"):
        note.verify_note(mixed, [signer().verifier, signer("other", 9).verifier])


SIGNED = note.sign("text\n", [signer()])
LINE = SIGNED.split("\n\n")[1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text\n",
        "text" + LINE,
        "text\n\n" + LINE[:-1],
        "text\n\n" + LINE + "\n",
        "text\n\n" + LINE + "more\n",
        "text\n\n" + LINE.replace("—", "-"),
        "text\n\n" + LINE.replace("— ", "—"),
        "text\n\n" + LINE.replace("desk.example", "desk example"),
        "text\n\n" + LINE.replace("desk.example", "desk+example"),
        "text\n\n" + LINE.replace("\n", "=\n"),
        "text\n\n" + LINE.replace("\n", " \n"),
        "text\n\n" + "— name AAAA\n",
        "text\n\n" + "— name \n",
        "te\txt\n\n" + LINE,
        "te\rxt\n\n" + LINE,
        "text\n\n" + LINE * 101,
        "x" * 1_000_001 + "\n\n" + LINE,
    ],
    ids=[
        "empty",
        "no-signature",
        "no-blank-line",
        "no-last-newline",
        "blank-line-last",
        "line-of-another-kind",
        "hyphen",
        "no-space",
        "space-in-name",
        "plus-in-name",
        "padding",
        "space-after-base64",
        "key-id-only",
        "nothing-signed",
        "tab",
        "carriage-return",
        "too-many-signatures",
        "too-long",
    ],
)
def test_malformed_notes_are_refused(text: str) -> None:
    with pytest.raises(NoteError):
        note.parse_note(text)


def test_bytes_that_are_not_utf_8_are_refused() -> None:
    with pytest.raises(NoteError, match="UTF-8"):
        note.parse_note(b"\xff\n\n" + LINE.encode())
    with pytest.raises(NoteError, match="UTF-8"):
        note.parse_note("\ud800\n\n" + LINE)


ROOT = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "text",
    [
        f"log\n1\n{ROOT}",
        f"log\n1\n\n{ROOT}\n",
        f"\n1\n{ROOT}\n",
        "log\n1\n",
        f"log\n01\n{ROOT}\n",
        f"log\n-1\n{ROOT}\n",
        f"log\n+1\n{ROOT}\n",
        f"log\n١\n{ROOT}\n",
        f"log\n{2**53 + 1}\n{ROOT}\n",
        f"log\n1\n{ROOT[:-1]}\n",
        f"log\n1\n{base64.b64encode(bytes(31)).decode()}\n",
        f"log\n1\n{ROOT[:-2]}B=\n",
        f"log\n1\n{ROOT}\n\n",
    ],
    ids=[
        "no-newline",
        "empty-line",
        "no-origin",
        "no-root",
        "leading-zero",
        "negative",
        "plus",
        "other-digits",
        "size-too-large",
        "unpadded-root",
        "short-root",
        "stray-bits-in-root",
        "empty-extension",
    ],
)
def test_malformed_checkpoints_are_refused(text: str) -> None:
    with pytest.raises(NoteError):
        note.parse_checkpoint(text)


def test_extension_lines_are_kept() -> None:
    assert note.parse_checkpoint(f"log\n1\n{ROOT}\nmore\n").extensions == ("more",)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "name",
        "name+c74f20a3",
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER.replace("c74f20a3", "C74F20A3"),
        PETER.replace("PeterNeumann", "Peter Neumann"),
        PETER[:-1],
        PETER.replace("+ARpc", "+AhpC"),
        "n+00000000+" + base64.b64encode(b"\x01" + bytes(32)).decode(),
        "n+00000000+" + base64.b64encode(b"\x01" + b"\xed" + b"\xff" * 30 + b"\x7f").decode(),
    ],
    ids=[
        "empty",
        "name-only",
        "no-key",
        "other-id",
        "capital-id",
        "space",
        "cut",
        "other-algorithm",
        "low-order-key",
        "non-canonical-key",
    ],
)
def test_malformed_keys_are_refused(vkey: str) -> None:
    with pytest.raises(NoteError):
        note.parse_vkey(vkey)


def test_a_private_key_is_never_printed() -> None:
    assert repr(signer()) == f"Signer({signer().verifier.short})"


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\nb", "a\u202eb"])
def test_names_that_could_mislead_are_refused(name: str) -> None:
    with pytest.raises(NoteError):
        note.check_name(name)
