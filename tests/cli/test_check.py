"""`forensics check` as people and scripts run it."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import jsonschema
import pytest
from PIL import Image

from forensics.report.document import schema
from tests.cli.conftest import PROGRAM, SAMPLES, Program, picture


def test_a_batch_goes_on_past_a_bad_file_and_says_so(program: Program) -> None:
    picture(program.home / "inbox" / "one.png", 1)
    (program.home / "inbox" / "note.jpg").write_text("see you at nine")
    (program.home / "inbox" / "empty.mp4").touch()
    (program.home / "inbox" / ".hidden.png").write_bytes(b"\x89PNG")
    two = picture(program.home / "two.png", 2)
    done = program("check", "inbox", "missing.png", two, "--jsonl", "--report", "pages")
    assert done.code == 3
    told = [json.loads(line) for line in done.text.splitlines()]
    reports = [document for document in told if document["schema"] == "forensics/report/1"]
    assert [r["asset"]["name"] for r in reports] == ["one.png", "two.png"]
    refused = [document for document in told if document["schema"] == "forensics/refusal/1"]
    assert [Path(r["name"]).name for r in refused] == ["empty.mp4", "note.jpg", "missing.png"]
    assert all(r["error"] and r["exit_code"] == 3 for r in refused)
    for report in reports:
        jsonschema.validate(report, schema())
    assert len(done.err.splitlines()) == 6, "three refusals, each with what to do"
    for said in ("note.jpg looks like a text", "empty.mp4 is empty", "missing.png cannot be read"):
        assert said in done.err
    pages = sorted((program.home / "pages").iterdir())
    assert [p.name for p in pages] == ["3-one.png.html", "5-two.png.html"]
    assert "<!doctype html>" in pages[0].read_text("utf-8").lower()


def test_standard_input_is_a_file_without_a_name(program: Program) -> None:
    data = picture(program.home / "one.png").read_bytes()
    done = program("check", "-", "--json", stdin=data)
    assert done.code == 0
    asset = json.loads(done.out)["asset"]
    assert (asset["name"], asset["size"]) == ("(standard input)", len(data))


def test_one_document_of_a_file_that_is_not_its_own_copy(copied: Program) -> None:
    done = copied("check", "inbox/one.png", "--json", "--no-keep", "--report", "page.html")
    report = json.loads(done.out)
    jsonschema.validate(report, schema())
    assert done.err == ""
    assert done.code == 0
    assert (copied.home / "page.html").stat().st_size > 10_000
    assert report["ledger"]["path"] == str(copied.ledger)
    assert report["copies"] == []
    assert report["searched"]["assets"] == 1


def test_the_same_picture_in_another_file_is_found_and_is_adverse(copied: Program) -> None:
    with Image.open(copied.home / "inbox" / "one.png") as image:
        image.save(copied.home / "one.bmp")
    done = copied("check", "one.bmp", "--json", "--no-keep")
    (copy,) = json.loads(done.out)["copies"]
    assert copy["name"] == "one.png"
    assert done.code == 1


def test_the_report_for_a_person_has_no_colour_in_a_pipe(copied: Program) -> None:
    done = copied("check", "inbox/one.png")
    assert done.text.startswith("Not verifiable from this material\n")
    assert "\x1b" not in done.text
    # A path is never broken, however long.
    lines = [line for line in done.text.splitlines() if str(copied.ledger) not in line]
    assert max(map(len, lines)) <= 80
    assert done.err == ""


def on_terminal(program: Program, *arguments: str, stream: str, **env: str) -> bytes:
    """What a command shows on a terminal that one of its two outputs is."""
    main, other = pty.openpty()
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: other}
    with subprocess.Popen(
        [PROGRAM, *arguments],
        env=program.environment(TERM="xterm-256color", **env),
        cwd=program.home,
        **pipes,
    ) as process:
        os.close(other)
        said = b""
        with suppress(OSError):  # the other end is closed
            while chunk := os.read(main, 1 << 16):
                said += chunk
    os.close(main)
    assert process.returncode == 0
    return said


def test_colour_is_for_terminals_and_no_color_ends_it(once: Program) -> None:
    coloured = on_terminal(once, "ledger", "verify", stream="stdout")
    assert b"\x1b[" in coloured
    plain = on_terminal(once, "ledger", "verify", stream="stdout", NO_COLOR="1")
    assert not re.search(rb"\x1b\[[0-9;]*[349][0-7]", plain)


@pytest.mark.slow
def test_progress_is_for_terminals(copied: Program) -> None:
    said = on_terminal(copied, "check", "inbox/one.png", "--no-keep", stream="stderr")
    assert b"one.png: reading" in said


HOSTILE = {
    "newline": "a\nforensics: all is well.png",
    "ansi-escape": "a\x1b[2J\x1b[31mred.png",
    "right-to-left": "a\u202egnp.exe.png",
    "markup": "[bold]a[_bold]<script>alert(1)<_script>.png",
    "very-long": "a" * 240 + ".png",
    "sql": "a'; DROP TABLE log_entry;--.png",
}


def test_hostile_names_stay_text_everywhere(program: Program) -> None:
    names = {HOSTILE["very-long"], "".join(v for k, v in HOSTILE.items() if k != "very-long")}
    for seed, name in enumerate(names):
        picture(program.home / "in" / name, seed)
    done = program("check", "in", "--report", "pages")
    assert done.code in {0, 1}
    log = program("ledger", "log", "--type", "asset-received")
    for text in (done.text, log.text):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert not any(line.startswith("forensics: all") for line in text.splitlines())
    assert "⟨U+202E⟩" in done.text
    pages = list((program.home / "pages").iterdir())
    assert len(pages) == len(names)
    for page in pages:
        assert page.name.isprintable()
        text = page.read_text("utf-8")
        assert "<script" not in text
        assert "\u202e" not in text
    entries = json.loads(program("ledger", "log", "--type", "asset-received", "--json").out)
    assert {entry["disclosed"]["name"] for entry in entries["entries"]} == names
    assert program("ledger", "verify").code == 0


def test_missing_files_with_hostile_names_are_refused_in_plain_text(program: Program) -> None:
    done = program("check", *HOSTILE.values())
    assert done.code == 3
    assert len(done.err.splitlines()) == 2 * len(HOSTILE)
    assert "\x1b" not in done.err
    assert "\u202e" not in done.err


@pytest.mark.slow
def test_a_name_that_is_no_text_is_written_out_in_json(program: Program) -> None:
    name = b"a\xff\xfe.png"
    os.rename(picture(program.home / "x.png"), os.fsencode(program.home) + b"/" + name)  # noqa: PTH104 - a path has no such names
    report = json.loads(program("check", name, "--json").out)
    assert report["asset"]["name"] == r"a\udcff\udcfe.png"
    jsonschema.validate(report, schema())


@pytest.mark.slow
def test_a_name_that_begins_with_a_hyphen(program: Program) -> None:
    picture(program.home / "-x.png")
    done = program("check", "--jsonl", "--no-keep", "--", "-x.png", "./-x.png")
    names = [json.loads(line)["asset"]["name"] for line in done.text.splitlines()]
    assert names == ["-x.png", "-x.png"]
    assert program("check", "-x.png").code == 2


@pytest.mark.slow
def test_keeping_the_original_and_not_keeping_it(program: Program) -> None:
    one, two = (picture(program.home / f"{n}.png", n) for n in (1, 2))
    store = program.home / "ledger.evidence"
    assert program("check", two, "--no-keep").code == 0
    assert not store.exists()
    assert program("check", one).code == 0
    files = [p for p in store.rglob("*") if p.is_file()]
    # Pictures that analyses made are kept beside it.
    assert [p for p in files if p.read_bytes() == one.read_bytes()]
    assert all(p.name == hashlib.sha256(p.read_bytes()).hexdigest() for p in files)
    assert not any(p.stat().st_mode & 0o222 for p in files)
    custody = program("ledger", "log", "--type", "custody").text
    assert "not-kept" in custody
    assert "stored" in custody


def test_a_check_touches_nothing_but_its_ledger(program: Program) -> None:
    scratch = program.home / "scratch"
    scratch.mkdir()
    file = picture(program.home / "one.png")
    file.chmod(0o400)
    before = (file.stat().st_mtime_ns, file.read_bytes())
    ledger = program.home / "not" / "there" / "case.sqlite"
    done = program("check", file, "--ledger", ledger, env={"TMPDIR": str(scratch)})
    assert done.code == 0
    assert (file.stat().st_mtime_ns, file.read_bytes()) == before
    assert list(scratch.iterdir()) == []
    assert {p.name for p in program.home.iterdir()} == {"not", "one.png", "scratch"}
    assert ledger.with_name("case.sqlite.key").stat().st_mode & 0o077 == 0


def test_what_is_refused_leaves_no_entry(copied: Program) -> None:
    before = hashlib.sha256(copied.ledger.read_bytes()).digest()
    (copied.home / "note.txt").write_text("words")
    assert copied("check", "note.txt", copied.home / "nothing.png").code == 3
    assert hashlib.sha256(copied.ledger.read_bytes()).digest() == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("check",), "Missing argument"),
        (("check", "--nope", "x"), "No such option"),
        (("nope",), "No such command"),
        (("check", "x.png", "y.png", "--json"), "--jsonl"),
        (("check", "x.png", "--claim", "missing.toml"), "cannot be read"),
        (("check", "x.png", "--deadline", "0"), "expected 1 to 86400 seconds"),
        (("check", "x.png", "--deadline", "soon"), "--deadline"),
        (("check", "-", "-"), "can be given once"),
        (("ledger", "show", "x"), "Invalid value"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_asked_for_ends_with_2(
    program: Program, arguments: tuple[str, ...], says: str
) -> None:
    (program.home / "empty").mkdir()
    done = program(*arguments)
    assert done.code == 2
    assert says in done.err
    assert done.out == b""
    assert not program.ledger.exists()


def test_a_claim_file_with_a_mistake_is_refused_with_the_form(program: Program) -> None:
    (program.home / "claim.toml").write_text('[claim]\nstatement = "x"\nby = "y"\nwhen = 2025\n')
    done = program("check", picture(program.home / "one.png"), "--claim", "claim.toml")
    assert done.code == 2
    assert "unknown keys: when" in done.err


def test_with_a_claim_the_headline_is_about_the_claim(copied: Program) -> None:
    done = copied("check", "inbox/one.png", "--claim", SAMPLES / "claim.toml", "--json")
    verdict = json.loads(done.out)["verdict"]
    assert verdict["about"] == "claim"
    assert verdict["claim"]["place"]["radius_km"] == "60"


def test_the_same_file_gives_the_same_findings_and_verdict(once: Program, tmp_path: Path) -> None:
    first = json.loads((once.home / "first.json").read_bytes())
    ledger = tmp_path / "other.sqlite"
    again = json.loads(once("check", "inbox/one.png", "--json", "--ledger", ledger).out)
    assert first.pop("ledger") != again.pop("ledger")
    assert first == again


def test_an_interruption_ends_with_130_and_keeps_what_was_recorded(program: Program) -> None:
    first = picture(program.home / "first.png")
    printed = program.home / "printed.jsonl"
    with (
        printed.open("wb") as out,
        subprocess.Popen(
            [PROGRAM, "check", first, "-", "--jsonl"],
            stdin=subprocess.PIPE,  # never written to: the second file never ends
            stdout=out,
            stderr=subprocess.PIPE,
            env=program.environment(),
            cwd=program.home,
        ) as process,
    ):
        until = time.monotonic() + 60
        while not printed.stat().st_size and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
    assert json.loads(printed.read_bytes())["asset"]["name"] == "first.png"
    assert program("ledger", "verify").code == 0


def test_a_reader_that_goes_away_is_no_error(once: Program) -> None:
    process = subprocess.Popen(
        [PROGRAM, "ledger", "log"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=once.environment(),
        cwd=once.home,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    said = process.stderr.read()
    process.stderr.close()
    process.wait(60)
    assert b"Traceback" not in said
    assert b"Exception" not in said
    assert process.returncode != 70


def test_a_terminal_without_unicode_gets_numbers(once: Program) -> None:
    env = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = once("ledger", "verify", env=env)
    assert done.code == 0
    assert done.out.isascii()
    assert rb"\u2013" in done.out, "the dash between two numbers"


def test_python_dash_m_works_too(program: Program) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cli", "--version"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("forensics ")
