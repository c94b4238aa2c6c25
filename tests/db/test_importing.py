"""Other desks' bundles: searched beside the own log, kept apart, refused where they contradict each other."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from db.exporting import Wanted, export
from db.importing import Forked, OtherKeyError, import_bundle
from db.ledger import SqlLedger
from db.reading import Reader
from db.verifying import verify
from forensics.errors import LedgerBroken, UsageError
from forensics.ledger.policy import parse_policy
from forensics.ledger.verify import Grade, Part
from forensics.model import Draft
from tests.db.drafts import digest, plain, received, signatures

DESK = "other.example/log"


def seen(number: int) -> Draft:
    return Draft(
        type="appearance",
        subject=f"sha256:{digest(number)}",
        payload={"what": "published", "at": "2024-05-01T00:00:00Z", "by": "a person", "url": "x"},
    )


@pytest.fixture
def desk(make: Callable[..., SqlLedger]) -> SqlLedger:
    """Another desk, which has met the assets 1 and 2."""
    desk = make("desk.sqlite", origin=DESK)
    desk.append([received(1), signatures(1, [bytes(32), b"\x0f" * 32]), seen(1)])
    desk.append([received(2), signatures(2, [b"\xf0" * 32])])
    return desk


@pytest.fixture
def mine(make: Callable[..., SqlLedger]) -> SqlLedger:
    mine = make()
    mine.append([received(2), signatures(2, [b"\xaa" * 32])])
    return mine


def out(ledger: SqlLedger, name: str = "left.zip", **wanted: object) -> Path:
    path = ledger.path.with_name(name)
    export(ledger, path, Wanted(**wanted))
    return path


def sound(ledger: SqlLedger) -> bool:
    found = verify(ledger.path, vkey=ledger.vkey)
    assert found.grade is Grade.SIGNED, found.problems
    return True


def test_its_signatures_and_appearances_join_the_search_on_its_word(
    mine: SqlLedger, desk: SqlLedger
) -> None:
    assert mine.nearest("pdq/1", [bytes(32)], 0) == []
    made = import_bundle(mine, out(desk), vkey=desk.vkey)
    assert (made.origin, made.assets, made.signatures, made.before) == (DESK, 2, 3, 0)
    (hit,) = mine.nearest("pdq/1", [b"\x0f" * 32], 0)
    assert (hit.asset, hit.time) == (digest(1), Fraction(1, 2))
    known = mine.known(digest(1))
    assert known.name == f"(met by {DESK})"
    assert [(a.what, a.by) for a in known.appearances] == [
        ("published", DESK),
        ("received", DESK),
    ]
    stream = received(1).payload["streams"][0]["digest"]
    assert mine.same_stream("packets/1", [stream]) == [(stream, digest(1))]
    assert mine.extent(["pdq/1"], digest(9)) == (3, 2)
    assert sound(mine)
    desk.append([received(4, coded="c4")])
    import_bundle(mine, out(desk, "newer.zip"))
    assert mine.same_stream("coded/1", ["c4"]) == [("c4", digest(4))]
    assert sound(mine)


def test_an_asset_met_here_keeps_its_own_signatures_and_gains_their_word(
    mine: SqlLedger, desk: SqlLedger
) -> None:
    import_bundle(mine, out(desk))
    assert mine.nearest("pdq/1", [b"\xf0" * 32], 0) == []
    assert len(mine.nearest("pdq/1", [b"\xaa" * 32], 0)) == 1
    known = mine.known(digest(2))
    assert known.name == "видео.mp4"
    assert {a.by for a in known.appearances} == {"desk.example/case", DESK}


def test_it_is_recorded_and_never_in_the_own_log(mine: SqlLedger, desk: SqlLedger) -> None:
    before = mine.known(digest(2)).first_seen
    made = import_bundle(mine, out(desk), vkey=desk.vkey)
    with Reader.open(mine.path) as reader:
        entry = reader.entry(made.entry).entry
        assert reader.size() == 4 + 2
    assert entry.type == "import"
    assert entry.payload["origin"] == DESK
    assert entry.payload["size"] == 7
    assert entry.payload["grade"] == "signed"
    assert entry.payload["checkpoint"].startswith(f"{DESK}\n7\n")
    assert entry.payload["bodies"] == 7
    assert mine.known(digest(2)).first_seen == before


def test_the_same_again_brings_nothing_and_a_newer_one_grows(
    mine: SqlLedger, desk: SqlLedger
) -> None:
    part = out(desk, "part.zip", assets=(digest(1),))
    assert import_bundle(mine, part).assets == 1
    again = import_bundle(mine, part)
    assert (again.entry, again.before) == (None, 7)
    assert mine.nearest("pdq/1", [b"\xf0" * 32], 0) == []
    desk.append([received(3), signatures(3, [b"\x33" * 32])])
    newer = import_bundle(mine, out(desk, "newer.zip", since=part))
    assert (newer.before, newer.assets) == (7, 3)
    assert len(mine.nearest("pdq/1", [b"\x33" * 32], 0)) == 1
    assert import_bundle(mine, part).entry is None
    assert sound(mine)
    assert mine.rebuild()
    assert sound(mine)
    assert len(mine.nearest("pdq/1", [b"\x33" * 32], 0)) == 1


def test_a_log_that_was_written_anew_is_refused_and_the_entry_named(
    mine: SqlLedger, desk: SqlLedger, make: Callable[..., SqlLedger], tmp_path: Path
) -> None:
    import_bundle(mine, out(desk))
    seed = (tmp_path / "desk.sqlite.key").read_bytes()
    (tmp_path / "fork").mkdir()
    (tmp_path / "fork" / "desk.sqlite.key").write_bytes(seed)
    with sqlite3.connect(desk.path) as connection:
        connection.execute("VACUUM INTO ?", (str(tmp_path / "fork" / "desk.sqlite"),))
    with sqlite3.connect(tmp_path / "fork" / "desk.sqlite") as raw:
        for (name,) in raw.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("DELETE FROM log_entry WHERE idx > 4")
        raw.execute("DELETE FROM log_checkpoint WHERE size > 4")
        raw.execute("DELETE FROM disclosure WHERE entry > 4")
    with SqlLedger.open(tmp_path / "fork" / "desk.sqlite") as fork:
        fork.append([plain(i) for i in range(9)])
        path = out(fork)
    size = len(Reader.open(mine.path).entries(limit=1000))
    with pytest.raises(Forked, match=r"shows two different logs\. From entry 5 on"):
        import_bundle(mine, path, vkey=desk.vkey)
    assert len(Reader.open(mine.path).entries(limit=1000)) == size
    assert sound(mine)


@pytest.fixture
def impostor(make: Callable[..., SqlLedger]) -> SqlLedger:
    """Another log under the name of that desk, with a key of its own; longer than the desk's."""
    impostor = make("impostor.sqlite", origin=DESK)
    impostor.append([received(1), signatures(1, [b"\x55" * 32]), received(4), received(5)])
    impostor.append([plain(i) for i in range(20)])
    return impostor


def test_a_log_under_a_key_that_was_given_takes_the_place_of_one_on_its_own_word(
    mine: SqlLedger, desk: SqlLedger, impostor: SqlLedger
) -> None:
    import_bundle(mine, out(impostor, "poison.zip"))
    assert len(mine.nearest("pdq/1", [b"\x55" * 32], 0)) == 1
    with pytest.raises(OtherKeyError, match="Each is known by its own word alone"):
        import_bundle(mine, out(desk))
    assert sound(mine)
    made = import_bundle(mine, out(desk, "again.zip"), vkey=desk.vkey)
    assert (made.before, made.assets) == (0, 2)
    for _ in range(2):
        assert mine.nearest("pdq/1", [b"\x55" * 32], 0) == []
        assert len(mine.nearest("pdq/1", [bytes(32)], 0)) == 1
        assert mine.known(digest(4)) is None
        assert sound(mine)
        mine.rebuild()
    for vkey in (None, impostor.vkey):
        with pytest.raises(OtherKeyError, match="which you gave") as refused:
            import_bundle(mine, out(impostor, f"poison-{vkey is None}.zip"), vkey=vkey)
        assert "two different logs" not in str(refused.value)
    desk.append([received(3)])
    assert import_bundle(mine, out(desk, "later.zip")).assets == 3
    assert sound(mine)


def test_a_key_that_is_given_later_is_recorded_once(mine: SqlLedger, desk: SqlLedger) -> None:
    path = out(desk)
    import_bundle(mine, path)
    policy = parse_policy(f"log {desk.vkey}\nquorum none\n".encode())
    entry = import_bundle(mine, path, policy=policy).entry
    assert entry is not None
    with Reader.open(mine.path) as reader:
        assert reader.entry(entry).entry.payload["key_given"] is True
    assert import_bundle(mine, path, policy=policy).entry is None
    assert import_bundle(mine, path).entry is None
    assert sound(mine)


def test_a_bundle_of_its_own_and_a_broken_one_are_refused(
    mine: SqlLedger, desk: SqlLedger, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="is a bundle of this ledger"):
        import_bundle(mine, out(mine))
    path = out(desk, "theirs.zip")
    path.write_bytes(path.read_bytes().replace(b"pdq/1", b"pdq/9"))
    with pytest.raises(LedgerBroken, match=r"nothing was imported: the bundle .* is broken"):
        import_bundle(mine, path)
    path.write_bytes(b"PK no zip")
    with pytest.raises(LedgerBroken, match="is broken"):
        import_bundle(mine, path)


def test_what_cannot_be_searched_is_kept_and_counted(
    mine: SqlLedger, desk: SqlLedger, make: Callable[..., SqlLedger]
) -> None:
    odd = received(6)
    odd.payload["kind"] = "hologram"
    desk.append([odd])
    assert import_bundle(mine, out(desk)).unread == 1
    assert mine.known(digest(6)) is None
    narrow = make("narrow.sqlite", origin="narrow.example/log")
    narrow.append([received(5), signatures(5, [bytes(8)])])  # another width than here
    import_bundle(mine, out(narrow, "narrow.zip"))
    assert [hit.asset for hit in mine.nearest("pdq/1", [bytes(32)], 0)] == [digest(1)]
    assert sound(mine)


def test_when_an_asset_was_first_told_of_stays_as_it_was(mine: SqlLedger, desk: SqlLedger) -> None:
    part = out(desk, "part.zip", assets=(digest(2),))
    whole = out(desk, "whole.zip", since=part)
    times = {}
    first = import_bundle(mine, part).entry
    assert mine.known(digest(1)) is None  # its body was left out
    second = import_bundle(mine, whole).entry
    desk.append([received(3), received(1), signatures(1, [b"\x77" * 32])])
    third = import_bundle(mine, out(desk, "third.zip")).entry
    with Reader.open(mine.path) as reader:
        times = {entry: reader.entry(entry).entry.at for entry in (first, second, third)}
    for _ in range(2):
        assert mine.known(digest(1)).first_seen == times[second]
        assert mine.known(digest(3)).first_seen == times[third]
        assert sound(mine)
        mine.rebuild()


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ("entry = 1 WHERE idx = 2", f"entry 2 of {DESK} did not come with entry 1"),
        ("entry = 6 WHERE idx = 2", f"with entry 4 and before came 6 bodies of {DESK}: 7 were"),
        ("entry = 4 WHERE idx = 8", f"entry 8 of {DESK} did not come with entry 4"),
    ],
    ids=["no-import", "later", "earlier"],
)
def test_with_which_import_an_entry_came_cannot_be_changed_unseen(
    mine: SqlLedger, desk: SqlLedger, change: str, match: str
) -> None:
    assert import_bundle(mine, out(desk)).entry == 4
    desk.append([received(3)])
    assert import_bundle(mine, out(desk, "newer.zip")).entry == 6
    assert sound(mine)
    with sqlite3.connect(mine.path) as raw:
        raw.execute(f"UPDATE foreign_entry SET {change}")
    found = verify(mine.path, vkey=mine.vkey)
    assert [p.what for p in found.problems if match in p.what], found.problems


def test_a_file_of_the_third_schema_is_verified_and_brought_up(
    mine: SqlLedger, desk: SqlLedger
) -> None:
    import_bundle(mine, out(desk))
    with sqlite3.connect(mine.path) as raw:
        raw.execute("ALTER TABLE foreign_entry DROP COLUMN entry")
        newer = (
            "local_codes",
            "look",
            "foreign_local_codes",
            "sound",
            "foreign_sound",
            "coded_stream",
            "case_file",
        )
        for table in newer:
            raw.execute(f"DROP TABLE {table}")
        raw.execute("DROP INDEX signature_entry")
        raw.execute("UPDATE alembic_version SET version_num = '0003'")
        raw.execute("PRAGMA user_version = 3")
    assert sound(mine)
    with SqlLedger.open(mine.path) as again:
        assert again.known(digest(1)).first_seen
        desk.append([received(3)])
        import_bundle(again, out(desk, "newer.zip"))
        assert again.known(digest(3)).first_seen
    assert sound(mine)


@pytest.mark.parametrize(
    ("statement", "part", "match"),
    [
        (
            "UPDATE foreign_entry SET body = CAST('x' AS BLOB) WHERE idx = 2",
            Part.FOREIGN,
            f"the body of entry 2 of {DESK} is not the one that was imported",
        ),
        (
            "UPDATE foreign_entry SET leaf = zeroblob(32), body = NULL WHERE idx = 2",
            Part.FOREIGN,
            "do not lead to the checkpoint under which they were imported",
        ),
        ("DELETE FROM foreign_entry WHERE idx = 2", Part.FOREIGN, f"entry 2 of {DESK} is missing"),
        ("DELETE FROM foreign_entry", Part.FOREIGN, "expected 7 with the root"),
        (
            "UPDATE foreign_entry SET body = NULL WHERE idx = 2",
            Part.FOREIGN,
            f"1 bodies of {DESK} are missing",
        ),
        ("UPDATE foreign_log SET size = 4", Part.PROJECTION, "foreign_log does not follow"),
        ("DELETE FROM foreign_log", Part.PROJECTION, "foreign_log does not follow"),
        ("DELETE FROM foreign_signature", Part.PROJECTION, "foreign_signature does not follow"),
        (
            "UPDATE foreign_appearance SET at = '1999-01-01T00:00:00Z'",
            Part.PROJECTION,
            "foreign_appearance does not follow",
        ),
        (
            "INSERT INTO foreign_entry VALUES ('ghost.example', 0, zeroblob(32), NULL, 4)",
            Part.FOREIGN,
            "entries of ghost.example are kept, but no import",
        ),
    ],
)
def test_a_change_in_what_was_imported_is_caught(
    mine: SqlLedger, desk: SqlLedger, statement: str, part: Part, match: str
) -> None:
    import_bundle(mine, out(desk))
    with sqlite3.connect(mine.path) as raw:
        raw.execute(statement)
    found = verify(mine.path, vkey=mine.vkey)
    assert found.grade is Grade.BROKEN
    assert any(p.part is part and match in p.what for p in found.problems), found.problems
