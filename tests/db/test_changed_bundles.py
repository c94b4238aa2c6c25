"""What an audit says of a bundle that was changed, with all its sums made anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db.ledger import SqlLedger
from forensics.ledger.note import Signer, parse_note, sign
from forensics.ledger.verify import Grade
from tests.db.bundled import audited, out, rewritten
from tests.db.drafts import digest


def line_of(data: dict[str, bytes], index: int) -> bytes:
    return next(
        line
        for line in data["data/log/entries.txt"].splitlines(keepends=True)
        if line.startswith(b"%d\t" % index)
    )


def edit_entry(data: dict[str, bytes]) -> None:
    line = line_of(data, 7)
    changed = line.replace(b"pdq/1", b"pdq/2")
    data["data/log/entries.txt"] = data["data/log/entries.txt"].replace(line, changed)


def drop_entry(data: dict[str, bytes]) -> None:
    data["data/log/entries.txt"] = data["data/log/entries.txt"].replace(line_of(data, 7), b"")


def swap_entries(data: dict[str, bytes]) -> None:
    one, other = line_of(data, 7), line_of(data, 8)
    data["data/log/entries.txt"] = data["data/log/entries.txt"].replace(one + other, other + one)


def cut_entries(data: dict[str, bytes]) -> None:
    text = data["data/log/entries.txt"]
    data["data/log/entries.txt"] = text[: text.index(line_of(data, 15))]


def no_line_feed(data: dict[str, bytes]) -> None:
    data["data/log/entries.txt"] = data["data/log/entries.txt"][:-1]


def edit_checkpoint(data: dict[str, bytes]) -> None:
    name = "data/checkpoints/20/checkpoint.txt"
    data[name] = data[name].replace(b"\n20\n", b"\n19\n")


def no_checkpoint(data: dict[str, bytes]) -> None:
    del data["data/checkpoints/20/checkpoint.txt"]


def signed_by_another(data: dict[str, bytes]) -> None:
    name = "data/checkpoints/20/checkpoint.txt"
    key = Signer(name="desk.example/case", private=Ed25519PrivateKey.generate())
    data[name] = sign(parse_note(data[name]).text, [key]).encode()


def edit_value(data: dict[str, bytes]) -> None:
    data["data/disclosures.txt"] = data["data/disclosures.txt"].replace(b".mp4", b".avi", 1)


def value_of_nothing(data: dict[str, bytes]) -> None:
    data["data/disclosures.txt"] = data["data/disclosures.txt"].replace(b'"name"', b'"place"', 1)


def evidence_of_another_name(data: dict[str, bytes]) -> None:
    data[f"data/evidence/{digest(1)}"] = b"something"


@pytest.mark.parametrize(
    ("change", "first_bad", "match"),
    [
        (edit_entry, 5, "entries 5–9 are not those that the checkpoint in entry 10 signs"),
        (drop_entry, 7, "entry 7 is missing: in its place comes entry 8"),
        (swap_entries, 7, "entry 7 is missing"),
        (cut_entries, 15, "signs 20, and 15 are here"),
        (no_line_feed, None, "does not end with a line feed"),
        (edit_checkpoint, None, "is a checkpoint of 19 entries: a checkpoint lies in"),
        (no_checkpoint, None, "holds no checkpoint"),
        (signed_by_another, 20, "does not hold"),
        (edit_value, 1, "is not the one that entry 1 commits to"),
        (value_of_nothing, 1, "belongs to no commitment"),
        (evidence_of_another_name, None, "does not have the bytes it is named after"),
    ],
    ids=lambda c: getattr(c, "__name__", ""),
)
def test_a_change_with_all_sums_made_anew_is_caught(
    ledger: SqlLedger, change: Callable[..., None], first_bad: int | None, match: str
) -> None:
    found = audited(rewritten(out(ledger), change), vkey=ledger.vkey)
    assert found.grade is Grade.BROKEN
    assert match in str(found.problem)
    assert found.first_bad == first_bad


def edit_leaf(data: dict[str, bytes]) -> None:
    lines = data["data/log/leaves.txt"].splitlines(keepends=True)
    lines[8] = b"0" * 64 + b"\n"
    data["data/log/leaves.txt"] = b"".join(lines)


def cut_leaves(data: dict[str, bytes]) -> None:
    data["data/log/leaves.txt"] = data["data/log/leaves.txt"][: 65 * 9]


def other_proof(data: dict[str, bytes]) -> None:
    data["data/since/proof.txt"] = data["data/since/proof.txt"].replace(b"old 20", b"old 15")


@pytest.mark.parametrize(
    ("change", "first_bad", "match"),
    [
        (edit_entry, 7, "the body of entry 7 is not the one that was appended"),
        (drop_entry, None, None),
        (edit_leaf, 8, "the body of entry 8"),
        (cut_leaves, 9, "has a body and no leaf hash"),
        (other_proof, None, "is not for the checkpoints beside it"),
    ],
    ids=lambda c: getattr(c, "__name__", ""),
)
def test_a_change_in_a_bundle_of_some_bodies(
    ledger: SqlLedger, change: Callable[..., None], first_bad: int | None, match: str | None
) -> None:
    first = out(ledger)
    path = out(ledger, "part.zip", assets=(digest(1),), since=first, personal=False)
    found = audited(rewritten(path, change), vkey=ledger.vkey)
    if match is None:  # one body less is not a contradiction: its leaf hash is there
        assert (found.grade, found.bodies) == (Grade.SIGNED, 1 + 4 + 4 - 1)
        return
    assert found.grade is Grade.BROKEN
    assert match in str(found.problem)
    assert found.first_bad == first_bad
