"""What an owner could do to the file, and what verify says: the attack table of the design."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from db.ledger import SqlLedger
from db.verifying import verify
from forensics.errors import ForensicsError
from forensics.ledger.verify import Grade, Part
from tests.db.attacked import BATCHES, EACH, Case, made, recompute, sql
from tests.db.drafts import digest, plain


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return made(tmp_path_factory.mktemp("original"))


@pytest.fixture
def case(original: Case, tmp_path: Path) -> Case:
    for file in original.path.parent.glob("case.sqlite*"):
        shutil.copy(file, tmp_path)
    return Case(tmp_path / "case.sqlite", original.vkey, original.notes, original.sizes)


def check(case: Case, first_bad: int | None, match: str, *, held: int | None = None) -> None:
    found = verify(case.path, vkey=case.vkey, held=[] if held is None else [case.notes[held]])
    said = " ".join(found.sentences)
    assert found.grade is Grade.BROKEN, said
    assert found.first_bad == first_bad, said
    assert match in said
    assert f"(log, first at entry {first_bad})" in said


def test_the_original_is_signed_and_says_what_could_still_be_cut(case: Case) -> None:
    found = verify(case.path, vkey=case.vkey)
    assert found.grade is Grade.SIGNED
    assert (found.size, found.checkpoints, found.signed) == (121, 12, 120)
    assert found.open_to_change == (0, 120)
    assert any(
        s.startswith(
            "Entries 0–120 could still be cut or rewritten by the owner: you gave no checkpoint"
        )
        for s in found.sentences
    )
    found = verify(case.path, vkey=case.vkey, held=[case.notes[4], case.notes[7]])
    assert found.anchored == case.sizes[7]
    assert found.open_to_change == (case.sizes[7], 120)
    assert any("you gave no later checkpoint that was kept elsewhere" in s for s in found.sentences)


def test_without_a_key_it_is_integrity_only_and_says_why(case: Case) -> None:
    found = verify(case.path)
    assert found.grade is Grade.INTEGRITY_ONLY
    assert any("Only the file itself names that key" in s for s in found.sentences)


def edited(body: bytes) -> bytes:
    return body.replace(b'"claim 3"', b'"claim 8"')


@pytest.mark.parametrize(
    ("statements", "first_bad", "match"),
    [
        (
            [
                "UPDATE log_entry SET body = CAST(replace(body, 'claim 3', 'claim 8') AS BLOB) WHERE idx = 17"
            ],
            17,
            "body",
        ),
        (["UPDATE log_entry SET nodes = zeroblob(length(nodes)) WHERE idx = 40"], 40, "leaf hash"),
        (
            ["UPDATE log_entry SET nodes = CAST(nodes || zeroblob(32) AS BLOB) WHERE idx = 40"],
            40,
            "nodes",
        ),
        (["DELETE FROM log_entry WHERE idx = 30"], 30, "entry 30 is missing"),
        (["DELETE FROM log_entry WHERE idx = 0"], 0, "entry 0 is missing"),
        (
            [
                "DELETE FROM log_entry WHERE idx = 30",
                "UPDATE log_entry SET idx = -idx WHERE idx > 30",
                "UPDATE log_entry SET idx = -idx - 1 WHERE idx < 0",
            ],
            30,
            "nodes",
        ),
        (
            [
                "UPDATE log_entry SET idx = -1 WHERE idx = 24",
                "UPDATE log_entry SET idx = 24 WHERE idx = 33",
                "UPDATE log_entry SET idx = 33 WHERE idx = -1",
            ],
            24,
            "nodes",
        ),
        (
            [
                "CREATE TEMP TABLE t AS SELECT body FROM log_entry WHERE idx = 24",
                "UPDATE log_entry SET body = (SELECT body FROM log_entry WHERE idx = 33) WHERE idx = 24",
                "UPDATE log_entry SET body = (SELECT body FROM t) WHERE idx = 33",
            ],
            24,
            "leaf hash",
        ),
        (["DELETE FROM log_entry WHERE idx > 90"], 91, "a checkpoint of 100 entries is stored"),
        (
            ["DELETE FROM log_entry WHERE idx > 95", "DELETE FROM log_checkpoint WHERE size > 95"],
            91,
            "after the last checkpoint",
        ),
        (
            ["UPDATE log_checkpoint SET note = replace(note, '60', '61') WHERE size = 60"],
            60,
            "another",
        ),
        (["DELETE FROM log_checkpoint WHERE size = 60"], 60, "one of 70 entries"),
        (["DELETE FROM log_checkpoint"], 10, "nothing"),
    ],
    ids=[
        "edit",
        "edit-node",
        "grow-node",
        "delete",
        "delete-first",
        "delete-and-renumber",
        "swap-rows",
        "swap-bodies",
        "cut-tail-lazily",
        "cut-tail-between-checkpoints",
        "edit-checkpoint",
        "drop-checkpoint",
        "drop-all-checkpoints",
    ],
)
def test_a_change_is_caught_and_the_first_bad_entry_named(
    case: Case, statements: list[str], first_bad: int, match: str
) -> None:
    sql(case.path, *statements)
    check(case, first_bad, match)


def test_edit_with_all_nodes_made_anew(case: Case) -> None:
    sql(
        case.path,
        "UPDATE log_entry SET body = CAST(replace(body, 'claim 3', 'claim 8') AS BLOB) WHERE idx = 17",
    )
    recompute(case.path)
    check(case, 10, "entries 10–19 are not those that the checkpoint in entry 20 signs")


def test_edit_of_a_logged_checkpoint_with_all_nodes_made_anew(case: Case) -> None:
    old, new = case.notes[4].split("\n")[2], "A" * 43 + "="
    sql(
        case.path,
        (
            "UPDATE log_entry SET body = CAST(replace(body, ?, ?) AS BLOB) WHERE idx = 50",
            (old, new),
        ),
    )
    sql(
        case.path,
        ("UPDATE log_checkpoint SET note = replace(note, ?, ?) WHERE size = 50", (old, new)),
    )
    recompute(case.path)
    check(case, 50, "does not hold")


def test_cutting_the_tail_with_its_checkpoints_is_seen_only_with_a_copy_elsewhere(
    case: Case,
) -> None:
    sql(
        case.path,
        "DELETE FROM log_entry WHERE idx > 100",
        "DELETE FROM log_checkpoint WHERE size > 100",
    )
    with SqlLedger.open(case.path) as ledger:
        ledger.rebuild()
    found = verify(case.path, vkey=case.vkey, held=[case.notes[6]])
    assert found.problems[0].part is Part.DISCLOSURE
    sql(case.path, "DELETE FROM disclosure WHERE entry > 100")
    found = verify(case.path, vkey=case.vkey, held=[case.notes[6]])
    assert found.grade is Grade.SIGNED
    assert found.open_to_change == (70, 100)
    check(case, 101, "the log was cut", held=11)


def test_rewriting_with_the_owners_key_is_seen_only_with_a_copy_elsewhere(
    case: Case, tmp_path: Path
) -> None:
    key = (tmp_path / "case.sqlite.key").read_bytes()
    forged = tmp_path / "forged" / "case.sqlite"
    forge(forged, key)
    mine = Case(forged, case.vkey, case.notes, case.sizes)
    assert verify(forged, vkey=case.vkey).grade is Grade.SIGNED
    check(mine, 0, "a checkpoint held elsewhere signs", held=3)


def forge(path: Path, key: bytes) -> None:
    """Makes another log of the same name under the owner's own key."""
    seed = load_pem_private_key(key, None).private_bytes_raw()
    with SqlLedger.open(
        path, origin="desk.example/case", entropy=lambda size: (seed * 2)[:size]
    ) as ledger:
        for batch in range(BATCHES):
            ledger.append([plain(100 + batch + i) for i in range(EACH)])


def test_a_fork_after_a_copy_left_is_seen(case: Case) -> None:
    sql(
        case.path,
        "DELETE FROM log_entry WHERE idx > 50",
        "DELETE FROM log_checkpoint WHERE size > 50",
        "DELETE FROM disclosure WHERE entry > 50",
    )
    with SqlLedger.open(case.path) as ledger:
        ledger.rebuild()
        for batch in range(8):
            ledger.append([plain(500 + batch)] * EACH)
    assert verify(case.path, vkey=case.vkey, held=[case.notes[4]]).grade is Grade.SIGNED
    found = verify(case.path, vkey=case.vkey, held=[case.notes[4], case.notes[5]])
    assert found.first_bad == 50
    assert (
        "entries 50–59 are not those that a checkpoint held elsewhere signs" in found.sentences[0]
    )


def test_rewriting_with_a_new_key_is_seen_by_a_pinned_key(case: Case, tmp_path: Path) -> None:
    forged = tmp_path / "forged" / "case.sqlite"
    with SqlLedger.open(forged, origin="desk.example/case") as ledger:
        ledger.append([plain(1)])
    check(Case(forged, case.vkey, [], []), 0, "begun with another key")
    assert verify(forged).grade is Grade.INTEGRITY_ONLY
    found = verify(forged, held=[case.notes[2]])
    assert "not signed by the key of this log" in found.sentences[0]


@pytest.mark.parametrize(
    ("statement", "part", "match"),
    [
        ("UPDATE asset SET first_seen = '2001-01-01T00:00:00Z'", Part.PROJECTION, "table asset"),
        ("DELETE FROM signature WHERE entry = 2", Part.PROJECTION, "table signature"),
        ("UPDATE signature SET codes = zeroblob(length(codes))", Part.PROJECTION, "signature"),
        ("DELETE FROM appearance", Part.PROJECTION, "appearance"),
        ("UPDATE verdict SET verifiability = 'corroborated'", Part.PROJECTION, "verdict"),
        ("UPDATE ledger_meta SET value = 'x' WHERE key = 'origin'", Part.PROJECTION, "ledger_meta"),
        ("UPDATE disclosure SET value = 'other.mp4' WHERE entry = 1", Part.DISCLOSURE, "entry 1"),
        (
            "INSERT INTO disclosure VALUES (3, 'name', zeroblob(32), 'x')",
            Part.DISCLOSURE,
            "no commit",
        ),
        ("DROP INDEX stream_digest", Part.SCHEMA, "the index stream_digest is missing"),
        (
            "CREATE TRIGGER quiet AFTER INSERT ON verdict BEGIN DELETE FROM verdict; END",
            Part.SCHEMA,
            "the trigger 'quiet' was added",
        ),
        ("CREATE VIEW v AS SELECT 1", Part.SCHEMA, "the view 'v' was added"),
    ],
)
def test_what_lies_beside_the_log_is_compared(
    case: Case, statement: str, part: Part, match: str
) -> None:
    sql(case.path, statement)
    found = verify(case.path, vkey=case.vkey)
    assert found.grade is Grade.BROKEN
    assert found.problems[0].part is part
    assert match in found.sentences[0]
    assert any("The log itself holds" in s for s in found.sentences)


def test_missing_triggers_are_told(case: Case) -> None:
    sql(case.path, fair=False)
    found = verify(case.path, vkey=case.vkey)
    assert len(found.problems) == 6
    assert all(p.part is Part.SCHEMA and "trigger" in p.what for p in found.problems)


def test_a_redacted_value_breaks_nothing(case: Case) -> None:
    sql(case.path, "DELETE FROM disclosure WHERE entry = 1")
    assert verify(case.path, vkey=case.vkey).grade is Grade.SIGNED
    with SqlLedger.open(case.path) as ledger:
        assert ledger.known(digest(0)).name == "(redacted)"


def test_nothing_is_signed_on_top_of_a_changed_log(case: Case) -> None:
    sql(case.path, "UPDATE log_entry SET nodes = zeroblob(length(nodes)) WHERE idx = 63")
    with (
        SqlLedger.open(case.path) as ledger,
        pytest.raises(ForensicsError, match="no longer lead to the checkpoint"),
    ):
        ledger.append([plain(1)])
    assert verify(case.path).first_bad == 63
