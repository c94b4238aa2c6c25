"""`forensics hashes`: what one desk lists, another finds."""

from __future__ import annotations

import json
import shutil

from PIL import Image

from db.reading import Reader
from tests.cli.conftest import Program
from tests.cli.test_copies import validated


def test_a_copy_is_found_by_a_list_of_another_desk(copied: Program) -> None:
    ours = copied.home / "theirs" / "ledger.sqlite"
    ours.parent.mkdir()
    said = ("--publisher", "Desk \u202eA", "--published-at", "2025-12-29T12:00:00Z")
    with Image.open(copied.home / "inbox" / "one.png") as image:
        image.save(copied.home / "one.bmp")
    before = copied.ledger.read_bytes()
    done = copied("hashes", "export", "list.csv")
    assert (done.code, done.out, done.err) == (0, b"", "")
    assert copied.ledger.read_bytes() == before
    written = (copied.home / "list.csv").read_text()
    assert len(written.splitlines()) == 3
    assert "one.png" not in written, "a file name may tell of a person"
    done = copied("hashes", "import", "list.csv", *said, "--ledger", ours)
    assert done.code == 0, done.err
    assert "Recorded 2 assets" in done.text
    assert "\u202e" not in done.text
    done = copied("search", "one.bmp", "--json", "--ledger", ours)
    assert done.code == 1
    found = validated(done.out)
    (copy,) = found["copies"]
    assert copy["name"] == "(only in a list of hashes by Desk \u202eA)"
    (seen,) = copy["appearances"]
    assert (seen["what"], seen["by"]) == ("listed", "Desk \u202eA")
    assert (copy["tiles"], copy["scheme"]) == (0, "pdq/1")
    (finding,) = (f for f in found["outcome"]["findings"] if f["id"] == "copy-found")
    assert "known here only from a list of hashes by Desk" in finding["statement"]
    shown = copied("search", "one.bmp", "--ledger", ours)
    assert "Listed 2025-12-29 12:00 UTC" in shown.text
    assert "\u202e" not in shown.text
    assert copied("ledger", "verify", "--ledger", ours).code == 0


def test_names_leave_only_when_asked_for_and_never_as_formulas(copied: Program) -> None:
    shutil.move(copied.home / "inbox" / "one.png", copied.home / "=1+1.png")
    with Image.open(copied.home / "=1+1.png") as image:
        image.rotate(90, expand=True).save(copied.home / "=cmd.png")
    assert copied("register", "=cmd.png").code == 0
    done = copied("hashes", "export", "-", "--names", "--format", "pdq")
    assert done.code == 0
    assert any(line.endswith(",'=cmd.png") for line in done.text.splitlines())
    with Reader.open(copied.ledger) as reader:
        (last, *_) = reader.entries(type="asset-received")
    name = (last.entry.subject or "").removeprefix("sha256:")
    done = copied("hashes", "export", "-", "--format", "vpdq", "--asset", name)
    (one,) = json.loads(done.out)
    assert len(one.partition(",")[0]) == 64
    assert one.endswith(",0.000")


def test_a_hostile_list_records_nothing(copied: Program) -> None:
    before = copied.ledger.read_bytes()
    (copied.home / "list.csv").write_text(f"{'0a' * 32},9,a\n{'0a' * 32},\x1b[31m,b\n")
    done = copied(
        "hashes", "import", "list.csv", "--publisher", "A", "--published-at", "2025-12-29"
    )
    assert done.code == 2
    assert "line 2: expected a quality from 0 to 100" in done.err
    assert "\x1b" not in done.err
    assert copied.ledger.read_bytes() == before
