import io
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from forensics.model import IntegrityPhrase, Verifiability
from forensics.report.text import render_text
from tests.report import made

GOLDEN = Path(__file__).parent / "golden"
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("name", ["drone", "still"])
def test_golden(name, width, golden, as_text):
    text = as_text(getattr(made, name)(), width)
    golden(GOLDEN / f"{name}-{width}.txt", text.encode())


@pytest.mark.parametrize("width", [40, 50, 60, 80, 100, 250])
def test_lines_fit_and_nothing_follows_their_ends(width, drone, as_text):
    for line in as_text(drone, width).splitlines():
        assert line == line.rstrip()
        if not line.startswith(("  To verify", "  Ledger ")):  # whole, so that they can be copied
            assert cell_len(line) <= min(width, 100)


def test_the_headline_comes_first(drone, as_text):
    assert as_text(drone).startswith("Not verifiable from this material\n  The footage was seen")


def test_it_ends_with_how_to_verify(drone, as_text):
    last = as_text(drone).rstrip("\n").splitlines()[-1]
    assert "forensics ledger verify --ledger /home/desk" in last


def test_colour_only_repeats_what_the_words_say(drone, as_text):
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=True, color_system="standard")
    render_text(drone, console)
    assert ANSI.search(out.getvalue())
    assert ANSI.sub("", out.getvalue()) == as_text(drone)


def test_no_color_is_heeded(drone):
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=True, _environ={"NO_COLOR": "1"})
    render_text(drone, console)
    codes = {code for found in ANSI.findall(out.getvalue()) for code in found[2:-1].split(";")}
    assert codes <= {"", "0", "1", "2"}  # weight may stay; colour may not


def test_a_caveat_that_all_findings_share_is_said_once(drone, as_text):
    text = " ".join(as_text(drone).split())
    assert text.count("Metadata is what the file says of itself.") == 1
    assert text.count("A time in a container comes from the clock") == 1


def test_a_viewing_aid_is_labelled(drone, as_text):
    text = as_text(drone)
    assert (
        "error-level v1: ran; 1 finding\n    viewing aid: it helps the eye and moves no verdict"
        in text
    )


def test_every_reason_is_shown(drone, as_text):
    shown = " ".join(as_text(drone).split())
    for pillar in drone.verdict.pillars:
        for reason in pillar.reasons:
            assert reason.text in shown


def test_none_found_names_what_was_searched(drone, as_text):
    text = as_text(replace(drone, copies=()))
    assert "None found.\n  Searched this ledger's index of 1,204 signatures" in text


def test_many_copies_are_counted_after_the_first_five(drone, as_text):
    text = as_text(replace(drone, copies=drone.copies[:1] * 12))
    assert text.count("упавший дрон август.mp4") == 5
    assert "And 7 copies more; --json lists all." in text


def test_the_accent_marks_only_what_speaks_against(still):
    contradicted = replace(
        still,
        verdict=replace(
            still.verdict,
            verifiability=Verifiability.CONTRADICTED,
            integrity=replace(still.verdict.integrity, phrase=IntegrityPhrase.INCONSISTENT),
        ),
    )
    for report, marked in ((still, 0), (contradicted, 2)):
        out = io.StringIO()
        render_text(report, Console(file=out, force_terminal=True, color_system="standard"))
        assert out.getvalue().count("35m") == marked


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param("\x1b[2J\x1b]0;title\x07\x9b31m", id="terminal-escapes"),
        pytest.param("a\nLedger      /somewhere/else\r", id="forged-line"),
        pytest.param("a\u202egpj.exe\u2066\u200b", id="reversed-order"),
        pytest.param("\udcff\udc9b", id="not-utf-8"),
        pytest.param("\u0301" * 60, id="only-combining-marks"),
        pytest.param("[bold red]x[/bold red][link=https://x.example]y[/]", id="markup"),
        pytest.param(":warning: :smile:", id="emoji-code"),
        pytest.param("{}{0}{says.__class__}", id="format-string"),
        pytest.param("x" * 10_000, id="ten-thousand-characters"),
        pytest.param("\u202e" * 10_000, id="ten-thousand-controls"),
    ],
)
def test_hostile_text_moves_nothing(hostile, as_text):
    text = as_text(made.hostile(hostile))
    kinds = {unicodedata.category(c) for c in text.replace("\n", "")}
    assert not kinds & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert "\n  Ledger      /somewhere/else" not in text
    assert len(text) < 120_000
    text.encode()


def test_markup_is_text(as_text):
    assert "[bold red]x[/bold red]" in as_text(made.hostile("[bold red]x[/bold red]"))


def test_an_emoji_code_is_text(as_text):
    assert ":warning:" in as_text(made.hostile(":warning:"))


def test_what_was_sampled_and_what_was_left_out_of_the_search_are_told(drone, as_text):
    quick = replace(drone.plan, note="Only keyframes were taken, as --quick asks.")
    searched = replace(drone.searched, common=1, compared=24)
    text = " ".join(as_text(replace(drone, plan=quick, searched=searched)).split())
    assert "Only keyframes were taken, as --quick asks." in text
    assert "Left out as too common here: 1 picture." in text
    assert "24 pairs of pictures were laid over each other." in text
