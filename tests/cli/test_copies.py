"""`forensics search`, `register` and `appearance add` as people and scripts run them."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import subprocess
from typing import Any

import jsonschema
import pytest
from PIL import Image
from referencing import Registry, Resource
from typer.testing import CliRunner

from cli import app
from db.reading import Reader
from forensics.errors import UsageError
from forensics.report.document import schema
from tests.cli.conftest import PROGRAM, SAMPLES, Program, picture
from tests.cli.test_check import on_terminal

WHERE = ("--source-url", "https://example.org/a", "--publisher", "Desk\u202e")


def validated(data: bytes) -> dict[str, Any]:
    """The document of a search, which follows its schema and, through it, that of reports."""
    document: dict[str, Any] = json.loads(data)
    report = Resource.from_contents(schema())
    registry: Registry[Any] = Registry().with_resource("urn:forensics:report:1", report)
    check = jsonschema.Draft202012Validator(schema("search-1"), registry=registry)
    check.validate(document)
    with pytest.raises(jsonschema.ValidationError):
        check.validate({**document, "searched": {"assets": 1}})
    return document


def payloads(program: Program, kind: str) -> list[dict[str, Any]]:
    with Reader.open(program.ledger) as reader:
        return [dict(stored.entry.payload) for stored in reader.entries(type=kind)]


def files_of(program: Program) -> dict[str, bytes]:
    """Every file of the ledger's own, and what beside it could tell of a search."""
    return {
        str(path): path.read_bytes()
        for path in program.home.iterdir()
        if path.is_file() and path.name.startswith("ledger.")
    }


def test_a_search_finds_a_copy_and_records_nothing(copied: Program) -> None:
    with Image.open(copied.home / "inbox" / "one.png") as image:
        image.save(copied.home / "one.bmp")
    before = files_of(copied)
    done = copied("search", "one.bmp", "--json")
    assert (done.code, done.err) == (1, "")
    found = validated(done.out)
    (copy,) = found["copies"]
    assert (copy["name"], copy["relation"]) == ("one.png", "copy")
    assert [a["what"] for a in copy["appearances"]] == ["received"]
    assert found["searched"]["assets"] == 2
    assert found["outcome"]["status"] == "ran"
    assert (found["ledger"], found["met"]) == (str(copied.ledger), None)
    piped = copied("search", "-", stdin=(copied.home / "one.bmp").read_bytes())
    assert piped.code == 1
    assert "one.png" in piped.text
    assert "Nothing was recorded." in piped.text
    assert files_of(copied) == before
    assert not (copied.home / "ledger.sqlite.index").exists()


def test_a_search_says_what_it_searched_where_it_found_nothing(once: Program) -> None:
    picture(once.home / "other.png", 5)
    done = once("search", "other.png", "--json")
    assert done.code == 0
    found = validated(done.out)
    assert found["copies"] == []
    assert [f["id"] for f in found["outcome"]["findings"]] == ["no-copy"]


def test_the_very_same_file_is_found_as_well(once: Program) -> None:
    done = once("search", "inbox/one.png", "--json")
    assert done.code == 1
    found = validated(done.out)
    assert found["copies"] == []
    assert found["met"]["name"] == "one.png"
    assert [seen["what"] for seen in found["met"]["appearances"]] == ["received"]
    shown = once("search", "inbox/one.png").text
    assert "This very file is known here" in shown


def test_a_search_refuses_what_it_cannot_read(once: Program) -> None:
    (once.home / "note.jpg").write_text("see you at nine")
    done = once("search", "note.jpg", "--json")
    assert (done.code, done.out) == (3, b"")
    assert "note.jpg looks like a text" in done.err
    damaged = once.home / "damaged.png"
    damaged.write_bytes((once.home / "inbox" / "one.png").read_bytes()[:200])
    done = once("search", "damaged.png", "--json")
    assert done.code == 3
    found = validated(done.out)
    assert (found["searched"], found["outcome"]["status"]) == (None, "failed")


def test_a_search_needs_a_ledger(program: Program) -> None:
    done = program("search", picture(program.home / "one.png"))
    assert done.code == 4
    assert "there is no ledger" in done.err
    assert not program.ledger.exists()


@pytest.mark.slow
def test_an_archive_is_registered_once_past_what_is_refused(program: Program) -> None:
    footage = program.home / "footage"
    picture(footage / "a.png", 1)
    picture(footage / "b.png", 2)
    shutil.copy(footage / "a.png", footage / "same-as-a.png")
    (footage / "note.jpg").write_text("see you at nine")
    whole = (footage / "b.png").read_bytes()
    (footage / "damaged.png").write_bytes(whole[:200])
    done = program("register", "footage", *WHERE, "--published-at", "2025-12-29", "--no-keep")
    assert done.code == 3
    assert "note.jpg looks like a text" in done.err
    lines = done.text.splitlines()
    assert "\u202e" not in done.text
    (damaged,) = [line for line in lines if "damaged.png" in line]
    assert "registered without all signatures" in damaged
    assert lines[-1] == "5 files: 3 registered, 1 known already, 1 refused."
    told = payloads(program, "appearance")
    assert len(told) == 3
    # A day is over last at the date line, twelve hours after Greenwich.
    assert {said["at"] for said in told} == {"2025-12-29"}
    assert {said["publisher"] for said in told} == {"Desk\u202e"}

    size = program.ledger.stat().st_size
    again = program("register", "footage", *WHERE, "--published-at", "2025-12-29", "--no-keep")
    assert again.text.splitlines()[-1] == "5 files: 0 registered, 4 known already, 1 refused."
    assert program.ledger.stat().st_size == size
    more = program("register", "footage/a.png", "--published-at", "2025-12-01T10:00:00+02:00")
    assert more.code == 0
    assert "appearance recorded" in more.text
    with Image.open(footage / "a.png") as image:
        image.save(program.home / "a.bmp")
    (copy,) = validated(program("search", "a.bmp", "--json").out)["copies"]
    ats = [a["at"] for a in copy["appearances"] if a["what"] == "published"]
    assert ats == ["2025-12-01T08:00:00Z", "2025-12-29"]
    assert program("ledger", "verify").code == 0


@pytest.mark.slow
def test_a_registration_that_was_killed_is_repeated(program: Program) -> None:
    many = 6
    for seed in range(many):
        picture(program.home / "footage" / f"{seed}.png", seed)
    with subprocess.Popen(
        [PROGRAM, "register", "footage", "--published-at", "2025-12-29"],
        env=program.environment(PYTHONUNBUFFERED="1"),
        cwd=program.home,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert b"registered, entries" in first
    done = program("register", "footage", "--published-at", "2025-12-29")
    assert done.code == 0
    said = done.text.splitlines()
    assert "registered already" in said[0]
    assert len(said) == many + 1
    assert len(payloads(program, "asset-received")) == many
    assert len(payloads(program, "appearance")) == many
    assert program("ledger", "verify").code == 0


@pytest.mark.slow
def test_what_reached_a_limit_is_not_registered_and_can_be_repeated(program: Program) -> None:
    one = SAMPLES / "released-drone-video.mp4"
    done = program("register", one, "--deadline", "1", "--no-keep")
    assert done.code == 3
    assert "Raise --deadline" in done.err
    assert payloads(program, "asset-received") == []
    assert program("register", one, "--no-keep").code == 0
    assert len(payloads(program, "signatures")) == 5


@pytest.mark.slow
def test_progress_of_an_archive_is_for_terminals(program: Program) -> None:
    picture(program.home / "one.png")
    said = on_terminal(program, "register", "one.png", stream="stderr")
    assert b"one.png: reading" in said


@pytest.mark.parametrize(
    "command",
    [
        ("register", "inbox/one.png", "--publisher", "Desk"),
        ("register", "inbox/one.png", "--published-at", "yesterday"),
        ("appearance", "add", "inbox/one.png", "--publisher", "Desk"),
        ("appearance", "add", "0123", "--published-at", "2025-12-29"),
        ("appearance", "add", "0" * 64, "--published-at", "2025-12-29"),
        ("appearance", "add", "nowhere.png", "--published-at", "2025-12-29"),
    ],
)
def test_what_cannot_be_recorded_is_refused(
    once: Program, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(once.home)
    done = CliRunner().invoke(app, [*command, "--ledger", str(once.ledger)])
    assert isinstance(done.exception, UsageError)
    assert done.output == ""


def test_an_appearance_is_recorded_once(copied: Program) -> None:
    one = copied.home / "inbox" / "one.png"
    name = hashlib.sha256(one.read_bytes()).hexdigest()
    said = ("--published-at", "2025-12-29T18:00:00+02:00", *WHERE)
    first = copied("appearance", "add", one, *said)
    assert first.code == 0
    assert "published 2025-12-29T16:00:00Z at https://example.org/a" in first.text
    assert "\u202e" not in first.text
    for asset in (name, f"sha256:{name[:8]}", one):
        again = copied("appearance", "add", asset, *said)
        assert again.code == 0
        assert again.text.startswith("Recorded already")
    captured = copied("appearance", "add", name[:12], "--captured-at", "2025-12-28", "--by", "desk")
    assert captured.text.startswith("Recorded as entry")
    told = sorted(said["what"] for said in payloads(copied, "appearance"))
    assert told == ["captured", "published"]
    unknown = picture(copied.home / "unknown.png", 9)
    done = copied("appearance", "add", unknown, *said)
    assert done.code == 2
    assert "register FILE" in done.err
