"""Code that is not ours judges what a ledger hands out: notes, cosignatures, roots, and every proof."""

from __future__ import annotations

import pytest

from forensics.ledger import note
from tests.interop.conftest import Handed, Judge, encoded

pytestmark = pytest.mark.interop


def test_go_makes_the_same_trees_and_accepts_the_notes(go: Judge, handed: Handed) -> None:
    keys = {"vkey": handed.vkey, "witnesses": [handed.witness]}
    bodies = [encoded(b) for b in handed.bodies]
    cases = [
        {"kind": "tree", "text": text, "bodies": bodies[:size], **keys}
        for size, text in handed.notes.items()
    ]
    assert set(go(cases)) == {""}
    changed = [*bodies[:2], encoded(b"changed"), *bodies[3:]]
    (said,) = go([{**cases[-1], "bodies": changed[: max(handed.notes)]}])
    assert said.startswith("expected the root")


def test_go_accepts_every_proof_of_an_entry(go: Judge, handed: Handed) -> None:
    keys = {"vkey": handed.vkey, "witnesses": [handed.witness]}
    cases = [{"kind": "proof", "text": text, **keys} for text in handed.proofs.values()]
    assert len(cases) > 100
    assert set(go(cases)) == {""}


def test_go_accepts_every_proof_of_growth(go: Judge, handed: Handed) -> None:
    keys = {"vkey": handed.vkey, "witnesses": []}
    cases = [
        {"kind": "consistency", "text": text, "root": handed.root(old), **keys}
        for (old, _), text in handed.requests.items()
    ]
    assert len(cases) > 40
    assert set(go(cases)) == {""}


def test_go_refuses_what_is_not_so(go: Judge, handed: Handed) -> None:
    size = max(handed.notes)
    good = handed.proofs[3, size]
    keys = {"vkey": handed.vkey, "witnesses": [handed.witness]}
    old = min(handed.notes)
    other = f"{handed.vkey.split('+')[0]}+{handed.witness.split('+', 1)[1]}"
    results = go(
        [
            {"kind": "proof", "text": good.replace("index 3", "index 4"), **keys},
            {"kind": "proof", "text": good.replace(f"\n{size}\n", f"\n{size + 1}\n"), **keys},
            {"kind": "proof", "text": good, "vkey": handed.vkey, "witnesses": [other]},
            {
                "kind": "consistency",
                "text": handed.requests[old, size],
                "root": handed.root(size),
                "vkey": handed.vkey,
                "witnesses": [],
            },
        ]
    )
    assert all(results)


def test_a_note_that_go_made_is_accepted_here(go: Judge, handed: Handed) -> None:
    text = "\n".join(handed.notes[max(handed.notes)].split("\n")[:3]) + "\n"
    (made,) = go([{"kind": "sign", "text": text, "vkey": "desk.example/case"}])
    vkey, signed = made.split("\n", 1)
    found = note.open_checkpoint(signed, [note.parse_vkey(vkey)])
    assert found.text == text


def test_javascript_accepts_every_proof(javascript: Judge, handed: Handed) -> None:
    inclusion = [
        {
            "kind": "inclusion",
            "index": index,
            "size": size,
            "root": handed.root(size),
            "body": encoded(handed.bodies[index]),
            "path": handed.path(text),
        }
        for (index, size), text in handed.proofs.items()
    ]
    consistency = [
        {
            "kind": "consistency",
            "old": old,
            "size": size,
            "oldRoot": handed.root(old),
            "root": handed.root(size),
            "path": handed.path(text),
        }
        for (old, size), text in handed.requests.items()
        if old < size
    ]
    assert all(javascript([*inclusion, *consistency]))
    size = max(handed.notes)
    wrong = [
        {**inclusion[-1], "index": 0},
        *({**c, "oldRoot": handed.root(size)} for c in consistency),
    ]
    assert not any(javascript(wrong))


def test_pymerkle_makes_the_same_roots_and_paths(pymerkle: Judge, handed: Handed) -> None:
    places = [(index, size) for index, size in handed.proofs if index % 3 == 0]
    found = pymerkle(
        [
            {"index": index, "bodies": [encoded(b) for b in handed.bodies[:size]]}
            for index, size in places
        ]
    )
    for (index, size), made in zip(places, found, strict=True):
        assert made["root"] == handed.root(size)
        assert made["path"] == handed.path(handed.proofs[index, size])
