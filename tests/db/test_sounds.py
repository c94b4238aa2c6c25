"""Codes of sound: recorded, rebuilt, imported, kept in files, and never trusted over the log."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from db import sounds
from db.exporting import Wanted, export
from db.importing import import_bundle
from db.ledger import SqlLedger
from db.searching import SearchReader
from db.verifying import verify
from forensics.errors import LedgerBroken, LedgerError
from forensics.index.postings import Postings, look_up
from forensics.model import Draft
from tests.db.drafts import digest, received, sound

SCHEME = "sound/1"


def told(known: Postings) -> dict[str, list[int]]:
    return {
        name: known.codes[start:end].tolist()
        for name, start, end in zip(known.assets, known.starts, known.starts[1:], strict=False)
    }


def same(one: Postings, other: Postings) -> bool:
    names = ("starts", "codes", "telling", "keys", "places")
    return one.assets == other.assets and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in names
    )


def changed(draft: Draft, **parts: object) -> Draft:
    payload = {key: value for key, value in {**draft.payload, **parts}.items() if value is not None}
    return Draft(type=draft.type, subject=draft.subject, payload=payload)


def test_sound_comes_back_sorted_as_it_was_recorded(either) -> None:
    ledger = either()
    assert told(ledger.sounds(SCHEME)) == {}
    ledger.append([received(2), sound(2, [5, 1 << 31], (1,)), received(1), sound(1, [7])])
    known = ledger.sounds(SCHEME)
    assert told(known) == {digest(1): [7], digest(2): [5, 1 << 31]}
    assert known.telling.tolist() == [True, True, False]
    assert look_up(known, np.array([1 << 31], np.uint32))[1].size == 0, "it says nothing"
    assert ledger.sounds("sound/2").assets == ()
    assert verify(ledger.path).problems == ()


def test_a_later_entry_replaces_and_sound_without_codes_is_none(either) -> None:
    ledger = either()
    ledger.append([received(1), sound(1, [7]), received(2), sound(2, [])])
    assert told(ledger.sounds(SCHEME)) == {digest(1): [7]}
    ledger.append([sound(1, [8, 9]), sound(2, [3])])
    assert told(ledger.sounds(SCHEME)) == {digest(1): [8, 9], digest(2): [3]}
    ledger.append([sound(1, [])])
    assert told(ledger.sounds(SCHEME)) == {digest(2): [3]}


def test_a_rebuild_and_another_order_give_the_same(make) -> None:
    one, other = make("one.sqlite"), make("other.sqlite")
    drafts = [part for i in range(9) for part in (received(i), sound(i, [i, 3 * i, 1 << i]))]
    one.append(drafts)
    for start in reversed(range(0, len(drafts), 2)):
        other.append(drafts[start : start + 2])
    assert same(one.sounds(SCHEME), other.sounds(SCHEME))
    before = one.sounds(SCHEME)
    one.rebuild()
    assert same(one.sounds(SCHEME), before)
    with SearchReader.open(other.path) as reader:
        assert same(reader.sounds(SCHEME), before)


def test_what_is_much_lies_in_files_that_follow_the_log(
    make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sounds, "FILED", 3)
    ledger = make()
    folder = ledger.path.with_name(ledger.path.name + ".index")
    ledger.append([received(1), sound(1, [7, 8])])
    ledger.sounds(SCHEME)
    assert not list(folder.glob("sounds-*")), "two codes are few"
    ledger.append([received(2), sound(2, [5, 6])])
    before = ledger.sounds(SCHEME)
    (kept,) = folder.glob("sounds-*")
    with SearchReader.open(ledger.path) as reader:
        mapped = reader.sounds(SCHEME)
        assert isinstance(mapped.codes, np.memmap)
        assert same(mapped, before)
    ledger.append([received(3), sound(3, [1]), sound(1, [9, 9])])
    with SearchReader.open(ledger.path) as reader:
        assert told(reader.sounds(SCHEME)) == {digest(1): [9, 9], digest(2): [5, 6], digest(3): [1]}
    assert list(folder.glob("sounds-*")) == [kept], "who only reads writes nothing"
    ledger.sounds(SCHEME)
    (newer,) = folder.glob("sounds-*")
    assert newer != kept
    shutil.rmtree(folder)
    ledger.rebuild()
    assert [path.name for path in folder.glob("sounds-*")] == [newer.name]


@pytest.mark.parametrize("name", ["starts", "codes", "telling", "keys", "places"])
@pytest.mark.parametrize("damage", ["cut", "shifted", "gone"])
def test_damaged_files_are_never_an_answer(
    make, monkeypatch: pytest.MonkeyPatch, name: str, damage: str
) -> None:
    monkeypatch.setattr(sounds, "FILED", 1)
    ledger = make()
    ledger.append([received(1), sound(1, [7, 8]), received(2), sound(2, [5, 6])])
    before = ledger.sounds(SCHEME)
    (path,) = ledger.path.with_name(ledger.path.name + ".index").glob(f"sounds-*/sound-{name}.npy")
    array = np.load(path)
    if damage == "cut":
        np.save(path, array[:-1])
    elif damage == "shifted":
        np.save(path, array.astype(np.int64)[::-1] + 40)
    else:
        path.unlink()
    with SearchReader.open(ledger.path) as reader:
        assert same(reader.sounds(SCHEME), before)


def test_files_of_another_log_are_not_used(make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounds, "FILED", 1)
    one, other = make("one.sqlite"), make("other.sqlite")
    one.append([received(1), sound(1, [7])])
    other.append([received(1), sound(1, [8])])
    one.sounds(SCHEME)
    shutil.copytree(
        one.path.with_name("one.sqlite.index"), other.path.with_name("other.sqlite.index")
    )
    with SearchReader.open(other.path) as reader:
        assert told(reader.sounds(SCHEME)) == {digest(1): [8]}


def out(desk: SqlLedger, folder: Path) -> Path:
    path = folder / "bundle.zip"
    export(desk, path, Wanted())
    return path


def test_another_desks_sound_is_searched_until_it_is_heard_here(make, tmp_path: Path) -> None:
    desk, mine = make("desk.sqlite", origin="desk.example/log"), make("mine.sqlite")
    desk.append([received(1), sound(1, [7]), received(2), sound(2, [5]), sound(9, [1])])
    mine.append([received(2), sound(2, [6])])
    import_bundle(mine, out(desk, tmp_path), vkey=desk.vkey)
    assert told(mine.sounds(SCHEME)) == {digest(1): [7], digest(2): [6]}, "9 was never received"
    assert verify(mine.path).problems == ()
    before = mine.sounds(SCHEME)
    mine.rebuild()
    assert same(mine.sounds(SCHEME), before)
    mine.append([received(1), sound(1, [4])])
    assert told(mine.sounds(SCHEME)) == {digest(1): [4], digest(2): [6]}


@pytest.mark.parametrize(
    "parts",
    [
        {"codes": "AAAA"},
        {"plain": ""},
        {"codes": "not base64"},
        {"step": "0/1"},
        {"seconds": "1.5"},
        {"seconds": None},
        {"scheme": None},
        {"plain": 5},
    ],
    ids=str,
)
def test_sound_in_another_form_is_refused_here_and_passed_over_there(
    make, tmp_path: Path, parts: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = make()
    bad = changed(sound(1, [7]), **parts)
    with pytest.raises(LedgerError):
        ledger.append([received(1), bad])
    desk = make("desk.sqlite", origin="desk.example/log")
    with monkeypatch.context() as patch:
        patch.setattr(sounds, "put", lambda *_: None)
        desk.append([received(1), bad, received(2), sound(2, [4])])
    assert import_bundle(ledger, out(desk, tmp_path), vkey=desk.vkey).unread == 1
    assert told(ledger.sounds(SCHEME)) == {digest(2): [4]}


def test_tables_that_name_another_entry_are_noticed(make, raw) -> None:
    ledger = make()
    ledger.append([received(1), sound(1, [7])])
    raw.execute("UPDATE sound SET entry = 1")
    raw.commit()
    with pytest.raises(LedgerBroken, match="no codes of sound"):
        ledger.sounds(SCHEME)
    (problem,) = verify(ledger.path).problems
    assert problem.what.startswith("the table sound does not follow")
