"""The index in files: the answers stay those of a search through everything, whatever lies in the files."""

from __future__ import annotations

import json
import pickle
import random
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import segments
from db.codes import Kind
from db.exporting import Wanted, export
from db.importing import import_bundle
from db.indexfiles import Held
from db.ledger import SqlLedger
from db.searching import SearchReader
from forensics.model import Draft
from tests.db.drafts import digest, local, received, signatures

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no files are written there")

ASKED = [sha256(b"code %d" % i).digest() for i in range(40)]


def fewer(patch: pytest.MonkeyPatch) -> None:
    """Twenty codes are many, and forty fill a segment."""
    patch.setattr(segments, "FILED", 20)
    patch.setattr(segments, "MOST", 40)
    patch.setattr(segments, "_PARTS", 3)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer(monkeypatch)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ledger of eight assets and its index."""
    where = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        fewer(patch)
        with SqlLedger.open(where / "case.sqlite", origin="desk.example/case") as ledger:
            grow(ledger, *range(8))
            (where / "expected").write_bytes(pickle.dumps(answers(ledger)))
    return where


@pytest.fixture
def filled(template: Path, make: Callable[..., SqlLedger], tmp_path: Path) -> SqlLedger:
    """The same, to be changed."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    return make()


@pytest.fixture
def expected(template: Path) -> list[object]:
    """The answers of that ledger."""
    return pickle.loads((template / "expected").read_bytes())


def near(code: bytes, number: int) -> bytes:
    bits = random.Random(number).sample(range(256), number % 12)
    return (int.from_bytes(code) ^ sum(1 << bit for bit in bits)).to_bytes(32)


def drafts(number: int, count: int = 7) -> list[Draft]:
    codes = [near(ASKED[(5 * number + i) % 40], number + i) for i in range(count)]
    return [signatures(number, codes), local(number, [b"".join(codes[:4]), b"".join(codes[4:])])]


def answers(ledger: SqlLedger | SearchReader) -> list[object]:
    return [
        *ledger.nearest("pdq/1", ASKED, 31),
        *ledger.spread("pdq/1", ASKED, 31),
        *ledger.votes("orb-grid/1", [b"".join(ASKED[:20]), b"".join(ASKED[20:])], 60, limit=30),
    ]


def fresh(ledger: SqlLedger) -> list[object]:
    """The answers of a copy of the ledger that has no files."""
    path = ledger.path.with_name("copy.sqlite")
    shutil.copy(ledger.path, path)
    with SearchReader.open(path) as reader:
        return answers(reader)


def listed(ledger: SqlLedger, kind: Kind = Kind.PICTURES, scheme: str = "pdq/1") -> dict:
    stem = Held(kind=kind, scheme=scheme, width=32).stem
    return json.loads((folder(ledger) / f"{stem}.json").read_text())


def folder(ledger: SqlLedger) -> Path:
    return ledger.path.with_name(ledger.path.name + ".index")


def grow(ledger: SqlLedger, *numbers: int) -> None:
    for number in numbers:
        ledger.append(drafts(number))
        answers(ledger)


def test_what_was_written_is_used_and_only_what_came_since_is_read(
    filled, expected, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = filled
    size = listed(ledger)["size"]
    assert size > 0
    read: list[int] = []
    real = segments.read
    monkeypatch.setattr(segments, "read", lambda *args: (read.append(args[4]), real(*args))[1])
    with SearchReader.open(ledger.path) as reader:
        assert answers(reader) == expected
    assert read[0] == size
    monkeypatch.undo()
    assert fresh(ledger) == answers(ledger) == expected


def test_segments_are_few_and_hold_every_code_once(filled) -> None:
    ledger = filled
    grow(ledger, *range(8, 14))
    told = listed(ledger)
    assert 14 * 7 - 20 <= sum(part["codes"] for part in told["segments"]) <= 14 * 7
    assert all(part["codes"] <= 40 for part in told["segments"])
    there = {path.name for path in folder(ledger).iterdir() if path.is_dir()}
    other = listed(ledger, Kind.PLACES, "orb-grid/1")
    assert there == {part["name"] for part in (*told["segments"], *other["segments"])}


def test_what_was_replaced_is_left_out_when_segments_are_joined(make, monkeypatch) -> None:
    monkeypatch.setattr(segments, "MOST", 10_000)
    ledger = make()
    for _ in range(12):
        ledger.append(drafts(1))
        answers(ledger)
    assert len(answers(ledger)) == len(fresh(ledger))
    assert sum(part["codes"] for part in listed(ledger)["segments"]) <= 40


def test_registering_again_replaces_what_is_in_files(filled) -> None:
    ledger = filled
    ledger.append(drafts(3, 2))
    assert answers(ledger) == fresh(ledger)
    with SqlLedger.open(ledger.path) as again:
        assert answers(again) == fresh(ledger)


def test_a_rebuild_makes_the_files_again(filled, expected) -> None:
    ledger = filled
    (folder(ledger) / "old").mkdir()
    ledger.rebuild()
    assert not (folder(ledger) / "old").exists()
    assert listed(ledger)["size"] == listed(ledger, Kind.PLACES, "orb-grid/1")["size"]
    assert answers(ledger) == expected


def test_files_of_another_log_are_not_used(filled, expected, make) -> None:
    one, other = filled, make("other.sqlite", origin="other.example/case")
    for number in range(8):
        other.append(drafts(20 + number))
    assert not folder(other).exists()
    shutil.copytree(folder(one), folder(other))
    assert answers(other) == fresh(other) != expected


def test_an_older_copy_of_the_ledger_is_not_searched_with_newer_files(filled) -> None:
    ledger = filled
    old = ledger.path.read_bytes()
    grow(ledger, 8, 9, 10, 11)
    ledger.close()
    ledger.path.write_bytes(old)
    with SqlLedger.open(ledger.path) as again:
        assert answers(again) == fresh(again)


def test_files_that_are_removed_while_they_are_used_are_made_again(filled, expected) -> None:
    assert answers(filled) == expected
    shutil.rmtree(folder(filled))
    assert answers(filled) == expected
    grow(filled, 8, 9, 10)
    assert answers(filled) == fresh(filled)
    with SearchReader.open(filled.path) as reader:
        assert answers(reader) == answers(filled)
    assert sum(part["codes"] for part in listed(filled)["segments"]) >= 8 * 7


def change(path: Path, what: str) -> None:
    """Damages one array of a segment."""
    array = np.load(path)
    if what == "cut short":
        path.write_bytes(path.read_bytes()[:-8])
    elif what == "gone":
        path.unlink()
    elif what == "objects":
        np.save(path, np.array([{}], object), allow_pickle=True)
    elif what == "other numbers":
        np.save(path, array.astype(np.float64) if array.dtype.names is None else array[:0])
    elif what == "fewer":
        np.save(path, array[..., :-1] if array.ndim > 1 else array[:-1])
    elif what == "no such places" and array.dtype == np.uint32:
        array[:, 1:-1] = 4_000_000_000
        np.save(path, array)


@pytest.mark.parametrize("array", ["codes", "groups", "starts", "order"])
@pytest.mark.parametrize(
    "what", ["cut short", "gone", "objects", "other numbers", "fewer", "no such places"]
)
def test_damaged_files_change_no_answer(filled, expected, array: str, what: str) -> None:
    ledger = filled
    ledger.close()
    for path in folder(ledger).glob(f"*/{array}.npy"):
        change(path, what)
    with SearchReader.open(ledger.path) as reader:
        assert answers(reader) == expected


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", '{"format": 99}', "x" * 100, "\x00", '{"segments": ["../.."]}'],
)
def test_a_list_of_segments_that_says_something_else_is_passed_over(
    filled, expected, text: str
) -> None:
    ledger = filled
    for path in folder(ledger).glob("*.json"):
        path.write_text(text)
    with SqlLedger.open(ledger.path) as again:
        assert answers(again) == expected
        assert listed(again)["segments"]


@pytest.mark.parametrize(
    "changes",
    [
        {"checkpoint": None},
        {"checkpoint": "0" * 64},
        {"size": True},
        {"size": 10**6},
        {"width": 16},
        {"stride": 20},
        {"scheme": "other/1"},
        {"segments": [{"name": "../other", "codes": 1, "groups": 1, "origins": [""]}]},
        {"segments": [7]},
    ],
)
def test_a_list_that_does_not_fit_the_log_is_passed_over(filled, expected, changes: dict) -> None:
    ledger = filled
    for path in folder(ledger).glob("*.json"):
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    with SearchReader.open(ledger.path) as reader:
        assert answers(reader) == expected


def test_other_desks_codes_are_in_the_files_until_own_ones_come(make, tmp_path: Path) -> None:
    desk, mine = make("desk.sqlite", origin="other.example/desk"), make("mine.sqlite")
    for number in range(6):
        desk.append([received(number), *drafts(number)])
    export(desk, tmp_path / "out.zip", Wanted())
    import_bundle(mine, tmp_path / "out.zip")
    assert answers(mine) == answers(desk) == fresh(mine)
    assert [part["origins"] for part in listed(mine)["segments"]] == [
        ["", "other.example/desk"]
    ] * 2
    mine.append(drafts(2, 3))
    assert answers(mine) == fresh(mine)
    desk.append([received(9), *drafts(9)])
    export(desk, tmp_path / "more.zip", Wanted())
    import_bundle(mine, tmp_path / "more.zip")
    assert answers(mine) == fresh(mine)
    mine.rebuild()
    assert answers(mine) == fresh(mine)


@settings(max_examples=3, deadline=None)
@given(st.permutations(range(9)), st.lists(st.integers(0, 8), max_size=4, unique=True))
def test_order_and_batches_change_no_answer(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], cuts: list[int]
) -> None:
    found = []
    for numbers, ends in ((list(range(9)), [9]), (order, sorted({*cuts, 9} - {0}))):
        path = tmp_path_factory.mktemp("order") / "case.sqlite"
        with SqlLedger.open(path) as ledger:
            start = 0
            for end in ends:
                ledger.append([draft for n in numbers[start:end] for draft in drafts(n)])
                answers(ledger)
                start = end
            found.append(answers(ledger))
    assert found[0] == found[1]


@pytest.mark.slow
def test_several_processes_write_and_read_at_once(filled) -> None:
    ledger = filled
    code = textwrap.dedent("""
        import sys
        from pathlib import Path
        from db import segments
        from db.ledger import SqlLedger
        from tests.db.test_indexfiles import answers, drafts
        segments.FILED, segments.MOST, segments._PARTS = 20, 40, 3
        with SqlLedger.open(Path(sys.argv[1])) as ledger:
            for number in range(8):
                ledger.append(drafts(100 * int(sys.argv[2]) + number))
                answers(ledger)
    """)
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(ledger.path), str(i)]) for i in range(3)
    ]
    for one in running:
        assert one.wait(120) == 0
    assert answers(ledger) == fresh(ledger)
    assert len([h for h in ledger.nearest("pdq/1", ASKED, 31) if h.asset == digest(207)]) == 7
    with SearchReader.open(ledger.path) as reader:
        assert answers(reader) == fresh(ledger)
