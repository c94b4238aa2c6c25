"""Changes of keys: followed where the old key names the new one and both sign, refused otherwise."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forensics.ledger.entry import CHECKPOINT
from forensics.ledger.keychain import KEY_CHANGED, change_payload
from forensics.ledger.note import Checkpoint, Signer, sign
from forensics.ledger.verify import Grade
from tests.ledger.test_verify import OTHER, SIGNER, Log

THIRD = Signer(name="desk.example/case", private=Ed25519PrivateKey.from_private_bytes(b"t" * 32))


def seal(log: Log, *signers: Signer) -> str:
    """A checkpoint with these signatures, and its entry."""
    size, root = log.frontier.size, log.frontier.root()
    note = sign(Checkpoint(origin=log.signer.name, size=size, root=root).text, signers)
    encoded = base64.b64encode(root).decode()
    log.checkpoints.append((size, note))
    log.add(CHECKPOINT, {"size": size, "root": encoded, "note": note})
    return note


def begun() -> tuple[Log, str]:
    log = Log()
    log.create()
    log.add("claim", {"number": 1})
    return log, log.seal()


def change(log: Log, old: Signer, new: Signer, said: dict[str, str] | None = None) -> None:
    payload = change_payload(old.verifier, new.verifier, "yearly", destroy=False)
    log.add(KEY_CHANGED, payload | (said or {}))


def rotated() -> tuple[Log, list[str]]:
    """Entries 0–4 under the first key, 5–6 under the second."""
    log, first = begun()
    change(log, SIGNER, OTHER)
    both = seal(log, SIGNER, OTHER)
    log.signer = OTHER
    log.add("claim", {"number": 2})
    return log, [first, both, log.seal()]


@pytest.mark.parametrize("pinned", [SIGNER, OTHER], ids=["the first key", "the second key"])
def test_a_change_is_followed_from_either_key(pinned: Signer) -> None:
    log, held = rotated()
    found = log.verify(pinned=pinned.verifier, held=held)
    assert found.grade is Grade.SIGNED, found.sentences
    assert found.key == OTHER.verifier.short
    assert [(part.verifier, part.first, part.last) for part in found.keys] == [
        (SIGNER.verifier, 0, 4),
        (OTHER.verifier, 5, None),
    ]
    said = " ".join(found.sentences)
    assert f"Entries 0–4 were appended under {SIGNER.verifier.short}" in said
    assert f"The entries from 5 on were appended under {OTHER.verifier.short}" in said


def test_three_keys() -> None:
    log, _ = rotated()
    change(log, OTHER, THIRD)
    seal(log, OTHER, THIRD)
    log.signer = THIRD
    log.seal()
    for pinned in (SIGNER, OTHER, THIRD):
        assert log.verify(pinned=pinned.verifier).grade is Grade.SIGNED


def broken(log: Log, entry: int, match: str, **options: object) -> None:
    found = log.verify(**options)
    assert found.grade is Grade.BROKEN
    assert found.first_bad == entry, found.sentences
    assert match in found.sentences[0]


def test_a_key_that_leads_nowhere_is_refused() -> None:
    log, _ = rotated()
    broken(log, 0, "no change of keys leads", pinned=THIRD.verifier)


def test_a_new_key_that_nobody_named_is_refused() -> None:
    log, _ = begun()
    log.add("claim", {"number": 2})
    log.signer = OTHER
    log.seal()
    broken(log, 4, "expected a signature of")


@pytest.mark.parametrize("signers", [(SIGNER,), (OTHER,)], ids=["old alone", "new alone"])
def test_both_keys_must_sign_the_checkpoint_after_a_change(signers: tuple[Signer, ...]) -> None:
    log, _ = begun()
    change(log, SIGNER, OTHER)
    seal(log, *signers)
    broken(log, 4, "expected a signature of")


def test_the_old_key_signs_no_more_after_a_change() -> None:
    log, _ = rotated()
    log.signer = SIGNER
    log.add("claim", {"number": 3})
    log.seal()
    broken(log, 8, "expected a signature of")


def test_a_change_by_another_key_is_refused() -> None:
    log, _ = begun()
    change(log, THIRD, OTHER)
    seal(log, SIGNER, OTHER)
    broken(log, 3, "another key than the log's names a successor")


def test_a_change_under_another_actor_is_refused() -> None:
    log, _ = begun()
    log.signer = OTHER
    change(log, SIGNER, OTHER)
    seal(log, SIGNER, OTHER)
    broken(log, 3, "another key than the log's names a successor")


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ({"new": "x"}, "is not a verification key"),
        ({"new": SIGNER.verifier.vkey}, "signed this log before"),
        (
            {"new": Signer(name="other.example", private=OTHER.private).verifier.vkey},
            "has the name 'other.example'",
        ),
    ],
)
def test_an_unfit_new_key_is_refused(said: dict[str, str], match: str) -> None:
    log, _ = begun()
    change(log, SIGNER, OTHER, said)
    seal(log, SIGNER, OTHER)
    broken(log, 3, match)


def test_two_new_keys_at_once_are_refused() -> None:
    log, _ = begun()
    change(log, SIGNER, OTHER)
    change(log, SIGNER, THIRD)
    seal(log, SIGNER, THIRD)
    broken(log, 4, "a second new key is named")


def test_a_checkpoint_held_elsewhere_that_the_old_key_signed_too_late_is_seen() -> None:
    log, _ = rotated()
    # The root does not matter: the signature is looked at first.
    head = Checkpoint(origin=SIGNER.name, size=6, root=log.frontier.root())
    late = sign(head.text, [SIGNER])
    broken(log, 5, "is not signed by the key of this log", held=[late])
