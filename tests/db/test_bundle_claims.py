"""Bundles with all sums made anew that claim more than was shown, and results that must not overstate."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db.held import read_left, verify_against
from db.ledger import SqlLedger
from forensics.errors import UsageError
from forensics.ledger.audit import Audit
from forensics.ledger.note import Signer, sign
from forensics.ledger.policy import parse_policy
from forensics.ledger.verify import Grade
from forensics.report.bundle import headline, sentences
from tests.db.bundled import audited, cosigned, files, out, rewritten
from tests.db.drafts import digest, plain, received

Change = Callable[[dict[str, bytes]], None]


def moved(old: int, new: int) -> Change:
    """Puts a checkpoint and what is attached to it into the folder of another size."""

    def change(data: dict[str, bytes]) -> None:
        folder = f"data/checkpoints/{old}/"
        for name in [name for name in data if name.startswith(folder)]:
            data[f"data/checkpoints/{new}/{name.removeprefix(folder)}"] = data.pop(name)

    return change


@pytest.mark.parametrize("moves", [[(15, 20)], [(15, 998), (24, 999)], [(24, 999)]])
def test_a_checkpoint_lies_in_the_folder_of_its_own_size(
    ledger: SqlLedger, moves: list[tuple[int, int]]
) -> None:
    policy = parse_policy(cosigned(ledger, 15, "a", "b"))
    path = out(ledger)
    assert [n for n in files(path) if n.startswith("data/checkpoints/24/")]

    def change(data: dict[str, bytes]) -> None:
        for move in moves:
            moved(*move)(data)

    found = audited(rewritten(path, change), policy=policy)
    assert (found.grade, found.witnessed, found.accepted) == (Grade.BROKEN, 0, False)
    assert "a checkpoint lies in the folder of its own size" in str(found.problem)


def with_line(name: str, line: str) -> Change:
    def change(data: dict[str, bytes]) -> None:
        data[name] += line.encode()
        for cosigned_ in [n for n in data if n == name.replace("checkpoint.txt", "cosigned.txt")]:
            del data[cosigned_]

    return change


STRANGER = "\N{EM DASH} reuters.example/verified AAAAAAAA\n"


def test_no_line_of_others_is_sealed_with_a_checkpoint(ledger: SqlLedger) -> None:
    cosigned(ledger, 15, "a")
    path = out(ledger)
    own = files(path)["data/checkpoints/22/checkpoint.txt"].decode().split("\n\n")[1]
    for line in (STRANGER, own):
        inner = rewritten(path, with_line("data/checkpoints/15/checkpoint.txt", line))
        found = audited(inner, vkey=ledger.vkey)
        assert (found.grade, found.first_bad) == (Grade.BROKEN, 15)
        assert "does not repeat, byte for byte" in str(found.problem)
        head = rewritten(path, with_line("data/checkpoints/22/checkpoint.txt", line))
        found = audited(head, vkey=ledger.vkey)
        assert found.grade is Grade.BROKEN
        assert "has 2 signature lines, expected one of each key" in str(found.problem)


def test_nothing_is_added_to_an_earlier_checkpoint(ledger: SqlLedger) -> None:
    first = out(ledger)
    ledger.append([plain(1)])
    second = out(ledger, "second.zip", since=first)
    added = rewritten(second, with_line("data/since/checkpoint.txt", STRANGER))
    found = audited(added, vkey=ledger.vkey)
    assert (found.grade, found.first_bad) == (Grade.BROKEN, 20)
    same = out(ledger, "same.zip", since=second, assets=(digest(1),))
    assert audited(same, vkey=ledger.vkey).since == 24
    again = out(ledger, "again.zip", since=same)
    assert audited(again, vkey=ledger.vkey).grade is Grade.SIGNED
    signed = rewritten(again, with_line("data/since/checkpoint.txt", STRANGER))
    assert audited(signed, vkey=ledger.vkey).grade is Grade.BROKEN


LINES: dict[str, tuple[bytes, bytes]] = {
    "value-given-twice": (b'{"entry":', b'{"value":"FORGED","entry":'),
    "another-part": (b'{"entry":', b'{"aside":"FORGED","entry":'),
    "a-space": (b'{"entry":', b'{"entry": '),
    "index-as-text": (b'"entry":1,', b'"entry":"1",'),
    "index-as-decimal": (b'"entry":1,', b'"entry":1.0,'),
    "index-as-bool": (b'"entry":1,', b'"entry":true,'),
}


@pytest.mark.parametrize("name", LINES)
def test_a_disclosed_value_has_one_spelling(ledger: SqlLedger, name: str) -> None:
    def change(data: dict[str, bytes]) -> None:
        data["data/disclosures.txt"] = data["data/disclosures.txt"].replace(*LINES[name], 1)

    found = audited(rewritten(out(ledger), change), vkey=ledger.vkey)
    assert found.grade is Grade.BROKEN
    assert "line 1 of data/disclosures.txt is not a disclosed value" in str(found.problem)


def test_disclosed_values_rise(ledger: SqlLedger) -> None:
    def swap(data: dict[str, bytes]) -> None:
        one, two, *rest = data["data/disclosures.txt"].splitlines(keepends=True)
        data["data/disclosures.txt"] = b"".join([two, one, *rest])

    found = audited(rewritten(out(ledger), swap), vkey=ledger.vkey)
    assert "line 2 of data/disclosures.txt is out of order" in str(found.problem)


def test_what_the_bag_says_of_itself_is_not_sealed(ledger: SqlLedger) -> None:
    found = audited(out(ledger), vkey=ledger.vkey)
    assert "bag-info.txt" in found.unsealed


def test_a_checkpoint_of_another_log_is_a_mistake_and_no_damage(
    ledger: SqlLedger, make: Callable[..., SqlLedger]
) -> None:
    other = make("other.sqlite", origin="other.example/log")
    note = other.append([plain(1)]).checkpoint
    with pytest.raises(
        UsageError, match=r"is of the log 'other\.example/log', and the bundle is of"
    ):
        audited(out(ledger), vkey=ledger.vkey, held=(note,))
    # Who expects that log was given another one.
    assert audited(out(ledger, "b.zip"), vkey=other.vkey, held=(note,)).grade is Grade.BROKEN


def test_a_newer_checkpoint_cannot_be_compared_and_an_older_one_is(ledger: SqlLedger) -> None:
    path = out(ledger)
    newer = ledger.append([plain(1)]).checkpoint
    found = audited(path, vkey=ledger.vkey, held=(newer,))
    assert (found.grade, found.held) == (Grade.SIGNED, 0)
    assert found.open_to_change == (0, 19)
    assert any("newer than this bundle" in remark for remark in found.remarks)
    forged = Signer(name=ledger.origin, private=Ed25519PrivateKey.generate())
    text = files(path)["data/checkpoints/20/checkpoint.txt"].decode().split("\n\n")[0] + "\n"
    found = audited(path, vkey=ledger.vkey, held=(sign(text, [forged]),))
    assert found.grade is Grade.BROKEN


def said(found: Audit) -> str:
    return " ".join(sentences(found))


def test_the_headline_says_of_how_many_entries(ledger: SqlLedger) -> None:
    policy = parse_policy(cosigned(ledger, 15, "a", "b"))
    assert headline(audited(out(ledger), policy=policy)) == (
        "Signed (24 entries), witnessed (the first 15, by 2 of 3)"
    )
    assert headline(audited(out(ledger, "b.zip"), vkey=ledger.vkey)) == "Signed (26 entries)"


def test_one_entry_and_one_line_are_one(make: Callable[..., SqlLedger]) -> None:
    log = make()
    log.append([received(1)])
    log.append([plain(1)])
    cosigned(log, 4 - 2, "a")
    words = said(audited(out(log), vkey=log.vkey))
    assert "carries one line of another, which was not verified" in words
    note = log.append([plain(i) for i in range(2)]).checkpoint
    size = int(note.split("\n")[1])
    log.append([plain(3)])
    found = audited(out(log, "b.zip"), vkey=log.vkey, held=(note,))
    assert found.open_to_change == (size, size + 1)
    assert re.search(
        rf"For entries {size}–{size + 1} only the owner vouches: .* written them anew", said(found)
    )


def test_a_key_that_was_given_beside_a_policy_counts(ledger: SqlLedger, tmp_path: Path) -> None:
    policy = parse_policy(cosigned(ledger, 15, "a", "b").split(b"\n", 1)[1])
    found = audited(out(ledger), policy=policy, vkey=ledger.vkey)
    assert (found.grade, found.accepted) == (Grade.WITNESSED, True)
    assert audited(tmp_path / "left.zip", policy=policy).accepted is False


def test_what_may_be_held_elsewhere_is_named_and_what_was_given_is_not_again(
    ledger: SqlLedger,
) -> None:
    cosigned(ledger, 15, "a")
    first = out(ledger)
    out(ledger, "second.zip")

    def told(*bundles: Path) -> str:
        left = [read_left(path) for path in bundles]
        found = verify_against(ledger.path, vkey=ledger.vkey, notes=[], bundles=left)
        return " ".join(found.sentences)

    assert "you gave no checkpoint that was kept elsewhere" in told()
    assert (
        "By the log's own word bundles left with the first 22, 24 entries: whoever holds" in told()
    )
    assert "By the log's own word witnesses cosigned the first 15 entries" in told()
    assert "you gave no later checkpoint that was kept elsewhere" in told(first)
    assert "By the log's own word bundles left with the first 24 entries" in told(first)
    assert "witnesses cosigned" not in told(first)
