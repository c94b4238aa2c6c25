"""The attack table of the design, every cell: what was done to a ledger, and what whoever verifies it holds.

Three verifiers: one has the file and its key; one also the checkpoint that a witness saw; one also a bundle
that left before that. The slow run has 2,000 entries with a checkpoint each 100, as in the table.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from db.exporting import Wanted, export
from db.held import Left, read_left, verify_against
from db.ledger import SqlLedger
from forensics.ledger.verify import Grade, Verification
from tests.db.attacked import recompute, sql
from tests.db.drafts import plain

ORIGIN = "desk.example/case"
BATCHES = 20
LEFT, SEEN, BACK, CUT = 12, 15, 14, 18
"""Batches after which the bundle left, the witness saw, the log is rolled back to, its tail is cut."""


@dataclass(frozen=True)
class Case:
    """A ledger of 20 batches; `each` entries a batch, the last of them repeats the checkpoint."""

    path: Path
    each: int
    vkey: str
    witnessed: str
    left: Left

    def end(self, batch: int) -> int:
        """How many entries there are after a batch."""
        return batch * self.each

    @property
    def target(self) -> int:
        """An entry after everything that left."""
        return self.end(16) + 3


def fill(ledger: SqlLedger, batch: int, each: int, *, first: int = 0) -> str:
    """Appends until the batch is full; returns its checkpoint."""
    used = 1 if batch == 1 else 2 if batch == LEFT + 1 and not first else 0
    drafts = [plain(first + batch * each + i) for i in range(each - 1 - used)]
    return ledger.append(drafts).checkpoint


def make(folder: Path, each: int) -> Case:
    path = folder / "case.sqlite"
    notes = {}
    with SqlLedger.open(path, origin=ORIGIN) as ledger:
        for batch in range(1, BATCHES + 1):
            notes[batch] = fill(ledger, batch, each)
            if batch == LEFT:
                export(ledger, folder / "left.zip", Wanted())
        return Case(path, each, ledger.vkey, notes[SEEN], read_left(folder / "left.zip"))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return make(tmp_path_factory.mktemp("small"), 10)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return make(tmp_path_factory.mktemp("whole"), 100)


def copied(case: Case, folder: Path) -> Case:
    for file in case.path.parent.glob("case.sqlite*"):
        shutil.copy(file, folder)
    return Case(folder / case.path.name, case.each, case.vkey, case.witnessed, case.left)


def cut(case: Case, size: int) -> None:
    """Cuts the tail with everything that belongs to it, as a careful owner would."""
    sql(
        case.path,
        f"DELETE FROM log_entry WHERE idx >= {size}",
        f"DELETE FROM log_checkpoint WHERE size >= {size}",
        f"DELETE FROM disclosure WHERE entry >= {size}",
    )
    with SqlLedger.open(case.path) as ledger:
        ledger.rebuild()


def edit(case: Case) -> int:
    changed = "CAST(replace(body, 'claim', 'CLAIM') AS BLOB)"
    sql(case.path, f"UPDATE log_entry SET body = {changed} WHERE idx = {case.target}")
    return case.target


def edit_with_new_nodes(case: Case) -> int:
    edit(case)
    recompute(case.path)
    return case.end(16) - 1


def delete(case: Case) -> int:
    sql(case.path, f"DELETE FROM log_entry WHERE idx = {case.target}")
    return case.target


def renumber(case: Case) -> int:
    sql(
        case.path,
        f"DELETE FROM log_entry WHERE idx = {case.target}",
        f"UPDATE log_entry SET idx = -idx WHERE idx > {case.target}",
        "UPDATE log_entry SET idx = -idx - 1 WHERE idx < 0",
    )
    return case.target


def swap(case: Case) -> int:
    one, other = case.target, case.target + 2
    sql(
        case.path,
        f"UPDATE log_entry SET idx = -1 WHERE idx = {one}",
        f"UPDATE log_entry SET idx = {one} WHERE idx = {other}",
        f"UPDATE log_entry SET idx = {other} WHERE idx = -1",
    )
    return one


def edit_checkpoint(case: Case) -> int:
    size = case.end(16) - 1
    sql(case.path, f"UPDATE log_checkpoint SET note = note || 'x' WHERE size = {size}")
    return size


def cut_lazily(case: Case) -> int:
    sql(case.path, f"DELETE FROM log_entry WHERE idx >= {case.end(CUT)}")
    return case.end(CUT)


def cut_tail(case: Case) -> int:
    cut(case, case.end(CUT))
    return case.end(CUT)


def roll_back(case: Case) -> int:
    cut(case, case.end(BACK))
    return case.end(BACK)


def fork(case: Case) -> int:
    cut(case, case.end(LEFT))
    with SqlLedger.open(case.path) as ledger:
        for batch in range(LEFT + 1, BATCHES + 1):
            fill(ledger, batch, case.each, first=9000)
    return case.end(LEFT)


def rewrite(case: Case) -> int:
    key = load_pem_private_key(case.path.with_name("case.sqlite.key").read_bytes(), None)
    forge(case, key.private_bytes_raw())
    return 0


def rewrite_with_new_key(case: Case) -> int:
    forge(case, b"another key of 32 bytes in length")
    return 0


def forge(case: Case, seed: bytes) -> None:
    """Makes another log of the same name in the place of this one."""
    for file in case.path.parent.glob("case.sqlite*"):
        file.unlink()
    with SqlLedger.open(case.path, origin=ORIGIN, entropy=lambda n: (seed * 2)[:n]) as ledger:
        for batch in range(1, BATCHES + 1):
            fill(ledger, batch, case.each, first=9000)


ALONE, WITNESS, BUNDLE = "the file alone", "a witness's checkpoint", "a bundle that left"
EVERY = {ALONE, WITNESS, BUNDLE}
TABLE: dict[Callable[[Case], int], set[str]] = {
    edit: EVERY,
    edit_with_new_nodes: EVERY,
    delete: EVERY,
    renumber: EVERY,
    swap: EVERY,
    edit_checkpoint: EVERY,
    cut_lazily: EVERY,
    cut_tail: set(),
    roll_back: {WITNESS},
    rewrite: {WITNESS, BUNDLE},
    fork: {WITNESS},
    rewrite_with_new_key: EVERY,
}
"""Where each attack is caught, by what is held."""
EXACT = {edit, edit_with_new_nodes, delete, renumber, swap, edit_checkpoint, cut_lazily, roll_back}
"""Attacks of which the message names the first bad entry itself; of the others the range it lies in."""


def verified(case: Case, holding: str) -> Verification:
    notes = [case.witnessed] if holding == WITNESS else []
    bundles = [case.left] if holding == BUNDLE else []
    return verify_against(case.path, vkey=case.vkey, notes=notes, bundles=bundles)


def check(case: Case, attack: Callable[[Case], int], holding: str) -> None:
    first = attack(case)
    found = verified(case, holding)
    said = " ".join([*found.sentences, *found.remarks])
    if holding in TABLE[attack]:
        assert found.grade is Grade.BROKEN, said
        assert found.first_bad is not None
        assert f"first at entry {found.first_bad})" in said
        if attack in EXACT:
            assert found.first_bad == first, said
        else:
            named = re.search(r"entries (\d+)–(\d+) are not those", said)
            low, high = map(int, named.groups()) if named else (found.first_bad, found.first_bad)
            assert low <= first <= high, said
        return
    assert found.grade is Grade.SIGNED, said
    assert re.search(r"Entries \d+–\d+ could still be cut or rewritten by the owner", said)
    if holding == BUNDLE and attack is fork:
        assert "No entry records that the bundle left.zip left this ledger" in said


@pytest.mark.parametrize(
    ("attack", "holding"),
    [
        pytest.param(attack, holding, id=f"{attack.__name__}-{holding}")
        for attack, caught in TABLE.items()
        for holding in (ALONE, WITNESS, BUNDLE)
        if caught != EVERY or holding == ALONE
    ],
)
def test_a_cell(small: Case, tmp_path: Path, attack: Callable[[Case], int], holding: str) -> None:
    check(copied(small, tmp_path), attack, holding)


@pytest.mark.slow
@pytest.mark.parametrize("holding", [ALONE, WITNESS, BUNDLE])
@pytest.mark.parametrize("attack", TABLE, ids=lambda a: a.__name__)
def test_a_cell_of_2000_entries(
    whole: Case, tmp_path: Path, attack: Callable[[Case], int], holding: str
) -> None:
    check(copied(whole, tmp_path), attack, holding)


@pytest.mark.parametrize("holding", [ALONE, WITNESS, BUNDLE])
def test_the_ledger_itself_is_signed_and_the_range_named(small: Case, holding: str) -> None:
    found = verified(small, holding)
    assert found.grade is Grade.SIGNED, found.problems
    anchored = {ALONE: 0, WITNESS: small.end(SEEN) - 1, BUNDLE: small.end(LEFT) - 1}[holding]
    assert found.open_to_change == (anchored, small.end(BATCHES) - 1)
    if holding == BUNDLE:
        assert f"Entry {small.end(LEFT)} records that the bundle left.zip left." in found.remarks


def test_a_new_key_without_the_right_one_pinned_is_seen_by_what_left(
    small: Case, tmp_path: Path
) -> None:
    case = copied(small, tmp_path)
    rewrite_with_new_key(case)
    assert verify_against(case.path, vkey=None, notes=[], bundles=[]).grade is Grade.INTEGRITY_ONLY
    for notes, bundles in (([case.witnessed], []), ([], [case.left])):
        found = verify_against(case.path, vkey=None, notes=notes, bundles=bundles)
        assert found.grade is Grade.BROKEN
        assert found.first_bad == 0
