"""`forensics inspect`: what files carry; nothing is recorded."""

from __future__ import annotations

import json

from tests.cli.conftest import SAMPLES, Program


def test_a_file_is_shown_and_nothing_is_recorded(program: Program) -> None:
    ran = program("inspect", SAMPLES / "edited-still.jpg")
    assert ran.code == 0
    assert ran.err == ""
    assert "PhotoBench 11.2 (Windows)  [Image Software]" in ran.text
    assert not program.ledger.exists()
    assert list(program.home.iterdir()) == []


def test_standard_input_is_read(program: Program) -> None:
    ran = program("inspect", "-", stdin=(SAMPLES / "edited-still.jpg").read_bytes())
    assert ran.text.startswith("(standard input)\n")


def test_several_files_are_one_json_line_each_and_a_refusal_is_one_too(program: Program) -> None:
    (program.home / "note.txt").write_text("a text")
    files = [SAMPLES / "edited-still.jpg", "note.txt", SAMPLES / "released-map.png"]
    ran = program("inspect", "--jsonl", *files)
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert [f["schema"] for f in found] == [
        "forensics/inspect/1",
        "forensics/refusal/1",
        "forensics/inspect/1",
    ]
    assert ran.code == 3
    assert "note.txt looks like a text" in ran.err


def test_one_document_takes_one_file(program: Program) -> None:
    files = [SAMPLES / "edited-still.jpg", SAMPLES / "released-map.png"]
    assert program("inspect", "--json", *files).code == 2
    assert json.loads(program("inspect", "--json", files[1]).out)["file"]["mime"] == "image/png"


def test_two_files_are_compared(program: Program) -> None:
    files = [SAMPLES / "clean-still.jpg", SAMPLES / "edited-still.jpg"]
    ran = program("inspect", "--compare", *files)
    assert ran.code == 0
    assert "≠ changed" in ran.text
    found = json.loads(program("inspect", "--compare", "--json", *files).out)
    assert found["schema"] == "forensics/compare/1"
    makes = next(s for s in found["stated"] if s["a"]["field"] == "Image Make")
    assert (makes["state"], makes["a"]["value"], makes["b"]["value"]) == (
        "changed",
        "Sirin",
        "Ortvik Optics",
    )


def test_a_comparison_takes_two_files(program: Program) -> None:
    ran = program("inspect", "--compare", SAMPLES / "clean-still.jpg")
    assert ran.code == 2
    assert "takes two files, and 1 were given" in ran.err
    two = [SAMPLES / "clean-still.jpg", SAMPLES / "edited-still.jpg"]
    assert program("inspect", "--compare", "--jsonl", *two).code == 2


def test_the_same_file_gives_the_same_bytes(program: Program) -> None:
    file = SAMPLES / "released-drone-video.mp4"
    assert program("inspect", "--json", file).out == program("inspect", "--json", file).out
