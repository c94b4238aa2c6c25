"""Pure verification, on logs made by hand."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from forensics.ledger.entry import CHECKPOINT, CREATED, FORMAT, Entry, entry_bytes
from forensics.ledger.merkle import Frontier, leaf_hash
from forensics.ledger.note import Checkpoint, NoteError, Signer, sign
from forensics.ledger.verify import Grade, Stored, Verification, verify_log

SIGNER = Signer(name="desk.example/case", private=Ed25519PrivateKey.from_private_bytes(b"k" * 32))
OTHER = Signer(name="desk.example/case", private=Ed25519PrivateKey.from_private_bytes(b"o" * 32))


class Log:
    """A log that can be written as one likes."""

    def __init__(self, signer: Signer = SIGNER) -> None:
        self.signer = signer
        self.frontier = Frontier()
        self.stored: list[Stored] = []
        self.checkpoints: list[tuple[int, str]] = []

    def add(self, type_: str, payload: dict, at: str = "2025-03-01T12:00:00Z") -> None:
        body = entry_bytes(
            Entry(
                type=type_,
                at=at,
                actor=self.signer.verifier.short,
                subject=None,
                payload=payload,
                commitments={},
            )
        )
        index = self.frontier.size
        nodes = b"".join(self.frontier.add(leaf_hash(body)))
        self.stored.append((index, body, nodes))

    def create(self, **changes: object) -> None:
        said = {"format": FORMAT, "origin": self.signer.name, "vkey": self.signer.verifier.vkey}
        self.add(CREATED, said | changes)

    def seal(self, at: str = "2025-03-01T12:00:00Z", **changes: object) -> str:
        checkpoint = Checkpoint(
            origin=str(changes.pop("origin", self.signer.name)),
            size=int(changes.pop("signs", self.frontier.size)),
            root=self.frontier.root(),
            extensions=tuple(changes.pop("extensions", ())),
        )
        note = sign(checkpoint.text, [changes.pop("signer", self.signer)])
        said = {
            "size": self.frontier.size,
            "root": base64.b64encode(checkpoint.root).decode(),
            "note": note,
        }
        self.checkpoints.append((self.frontier.size, note))
        self.add(CHECKPOINT, said | changes, at)
        return note

    def verify(self, **options: object) -> Verification:
        given = {"pinned": SIGNER.verifier} | options
        return verify_log(self.stored, self.checkpoints, **given)


def log_of(batches: list[int]) -> Log:
    log = Log()
    log.create()
    for batch in batches:
        for number in range(batch):
            log.add("claim", {"number": number})
        log.seal()
    return log


@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.data())
def test_good_logs_hold_and_one_changed_byte_does_not(
    batches: list[int], data: st.DataObject
) -> None:
    log = log_of(batches)
    found = log.verify()
    assert found.grade is Grade.SIGNED
    assert (found.size, found.checkpoints) == (len(log.stored), len(batches))
    assert found.root == log.frontier.root()
    index = data.draw(st.integers(0, len(log.stored) - 1))
    _, body, nodes = log.stored[index]
    place = data.draw(st.integers(0, len(body) - 1))
    changed = bytearray(body)
    changed[place] ^= data.draw(st.integers(1, 255))
    log.stored[index] = (index, bytes(changed), nodes)
    bad = log.verify()
    assert bad.grade is Grade.BROKEN
    assert bad.first_bad == index
    log.stored[index] = (index, bytes(changed), None)
    last = len(log.stored) - 1
    bad = verify_log(
        [(i, body, None) for i, body, _ in log.stored],
        log.checkpoints,
        pinned=SIGNER.verifier,
    )
    if index < last:
        assert bad.grade is Grade.BROKEN
        assert bad.first_bad is not None
        assert bad.first_bad <= index


def test_an_empty_log_says_so() -> None:
    found = verify_log([], [], pinned=SIGNER.verifier)
    assert found.grade is Grade.INTEGRITY_ONLY
    assert found.sentences == ("The ledger is empty: nothing was recorded in it yet.",)
    assert found.open_to_change is None


@pytest.mark.parametrize(
    ("act", "first_bad", "match"),
    [
        (lambda log: log.seal(signer=OTHER), 1, "expected a signature of"),
        (lambda log: log.seal(origin="desk.example/other"), 1, "of another log"),
        (lambda log: log.seal(signs=7), 1, "signs 7 entries, expected 1"),
        (lambda log: log.seal(size=7), 1, "signs 1 entries, expected 1"),
        (lambda log: log.seal(root="x"), 1, "something else"),
        (lambda log: log.seal(extensions=["more"]), 1, "something else"),
        (lambda log: log.seal(note="x"), 1, "stored beside it is another text"),
        (lambda log: log.checkpoints.append((1, "x")), 1, "does not repeat the checkpoint"),
    ],
    ids=["key", "origin", "signed-size", "size", "root", "extension", "note", "row"],
)
def test_bent_checkpoints_are_named(
    act: Callable[[Log], object], first_bad: int, match: str
) -> None:
    log = Log()
    log.create()
    act(log)
    log.add("claim", {})
    log.seal()
    found = log.verify()
    assert found.grade is Grade.BROKEN
    assert found.first_bad == first_bad
    assert match in found.sentences[0]


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"format": "forensics/ledger/2"}, "format"),
        ({"vkey": "x"}, "names no usable key"),
        ({"vkey": OTHER.verifier.vkey}, "begun with another key"),
        ({"origin": "x"}, "not that of its key"),
    ],
)
def test_a_bent_first_entry_is_named(changes: dict, match: str) -> None:
    log = Log()
    log.create(**changes)
    log.seal()
    found = log.verify()
    assert found.first_bad == 0
    assert match in found.sentences[0]


def test_a_log_without_its_first_entry_is_refused() -> None:
    log = Log()
    log.add("claim", {})
    log.seal()
    assert "begins with 'claim'" in log.verify().sentences[0]


def test_a_clock_that_was_set_back_is_a_remark() -> None:
    log = Log()
    log.create()
    log.seal("2025-03-01T12:00:00Z")
    log.seal("2024-03-01T12:00:00Z")
    found = log.verify()
    assert found.grade is Grade.SIGNED
    assert any("Entry 2 states an earlier time" in s for s in found.sentences)


def test_what_is_held_elsewhere_must_be_a_checkpoint() -> None:
    with pytest.raises(NoteError):
        log_of([1]).verify(held=["nothing of the kind"])


def test_a_held_checkpoint_of_another_log_is_told() -> None:
    other = Checkpoint(origin="desk.example/other", size=1, root=bytes(32))
    found = log_of([1]).verify(held=[sign(other.text, [SIGNER])])
    assert "held elsewhere is of another log" in found.sentences[0]


def test_the_last_entry_alone_is_named_in_the_singular() -> None:
    log = log_of([2])
    found = log.verify(held=[log.checkpoints[-1][1]])
    assert "with the checkpoint among them, signed by" in found.sentences[0]
    assert any(s.startswith("Entry 3 could still be cut") for s in found.sentences)
