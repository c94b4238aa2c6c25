from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model import (
    Diagnostic,
    Direction,
    Finding,
    IntegrityPhrase,
    Measurement,
    MediaKind,
    Pillar,
    Question,
    Relation,
    Status,
    Strength,
    Verifiability,
    Where,
)
from forensics.report import words
from tests.report import made

QUESTION = Question(id="q", pillar=Pillar.DATE, h1="it was new", h2="it was old")


@pytest.mark.parametrize(
    ("seconds", "places", "want"),
    [
        (Fraction(0), 1, "0:00.0"),
        (Fraction(26, 5), 1, "0:05.2"),
        (Fraction(1001, 30000), 3, "0:00.033"),
        (Fraction(59_950, 1000), 1, "1:00.0"),
        (Fraction(3661), 0, "1:01:01"),
        (Fraction(36_000_049, 10), 1, "1000:00:04.9"),
        (Fraction(-1, 48), 3, "-0:00.021"),
        (Fraction(-1, 100_000), 1, "0:00.0"),
    ],
)
def test_position(seconds, places, want):
    assert words.position(seconds, places) == want


@given(st.fractions(min_value=-10_000, max_value=10_000), st.integers(1, 6))
def test_a_position_is_as_near_as_its_places_allow(seconds, places):
    text = words.position(seconds, places)
    total = Fraction(0)
    for part in text.lstrip("-").split(":"):
        total = total * 60 + Fraction(part)
    shown = -total if text.startswith("-") else total
    assert abs(shown - seconds) <= Fraction(1, 2 * 10**places)


@given(st.fractions(min_value=-10_000, max_value=10_000), st.integers(0, 6))
def test_a_decimal_is_as_near_as_its_places_allow(value, places):
    assert abs(Fraction(words.decimal(value, places)) - value) <= Fraction(1, 2 * 10**places)
    assert Fraction(words.decimal(value, places, trim=True)) == Fraction(
        words.decimal(value, places)
    )


def test_an_exact_position_says_when_milliseconds_are_not_all():
    assert words.exact_position(Fraction(1041, 200)) == "0:05.205"
    assert words.exact_position(Fraction(1, 3)) == "0:00.333 (1/3 s exactly)"


@pytest.mark.parametrize(
    ("octets", "want"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_432_112, "1.4 MB (1,432,112 bytes)"),
        (5_000_000_000, "5.0 GB (5,000,000,000 bytes)"),
    ],
)
def test_size(octets, want):
    assert words.size(octets) == want


def test_count():
    assert words.count(1, "copy", "copies") == "1 copy"
    assert words.count(1204, "copy", "copies") == "1,204 copies"
    assert words.count(0, "signature") == "0 signatures"


def test_runs_draw_neighbours_together():
    assert words.runs((31, 32, 33, 35, 39, 40)) == ["31 to 33", "35", "39 to 40"]
    assert words.runs(()) == []


def test_a_statement_bounds_each_value_and_keeps_the_sentence():
    finding = Finding(
        id="x",
        template="It says {said}, and that is all.",
        measurements=(Measurement(key="said", value="\x1b" * 9000, unit="text"),),
    )
    text = words.statement(finding)
    assert text.startswith("It says ⟨U+001B⟩")
    assert text.endswith(", and that is all.")
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("direction", "diagnostic", "strength", "want"),
    [
        (
            Direction.SUPPORTS_H1,
            Diagnostic.NO,
            None,
            (
                "This speaks for “it was new”, against “it was old”. "
                "But it would be expected either way, so it moves nothing."
            ),
        ),
        (
            Direction.SUPPORTS_H2,
            Diagnostic.YES,
            Strength(word="weak", scale="s/1", calibration="set (n = 30)"),
            (
                "This speaks for “it was old”, against “it was new”. "
                "Strength of the finding: weak (scale s/1, calibrated on set (n = 30))."
            ),
        ),
        (
            Direction.NEUTRAL,
            Diagnostic.UNKNOWN,
            None,
            (
                "This speaks neither for “it was new” nor for “it was old”. "
                "Whether it would be expected either way is not known. "
                "Its strength was not calibrated, so no word is given for it."
            ),
        ),
    ],
)
def test_bearing(direction, diagnostic, strength, want):
    finding = Finding(
        id="x",
        template="x",
        question=QUESTION,
        direction=direction,
        diagnostic=diagnostic,
        strength=strength,
    )
    assert words.bearing(finding) == want


def test_a_finding_without_a_question_bears_on_nothing():
    assert words.bearing(Finding(id="x", template="x")) == ""


def test_where_names_all_that_applies():
    where = Where(
        start=Fraction(1), end=Fraction(2), region=(1, 2, 30, 40), offset=1234, field="Image Make"
    )
    assert words.where(where) == (
        "field Image Make; 0:01.000 to 0:02.000; 30 × 40 px at 1, 2; byte 1,234"
    )
    assert words.where(None) == ""


def test_every_value_of_the_vocabulary_has_words():
    assert set(words.HEADLINES) == set(Verifiability)
    assert set(words.STATUSES) == set(Status)
    assert set(words.INTEGRITY) == set(IntegrityPhrase)
    assert set(words.RELATIONS) == set(Relation)
    assert set(words.KINDS) == set(MediaKind)


def test_a_search_says_what_it_looked_through(drone, still):
    assert "1,204 signatures from 12 other files" in words.searched(drone.searched)
    assert "holds no other file yet" in words.searched(still.searched)
    assert "could be made" in words.searched(None)
    assert "nothing to search with" in words.searched(replace(still.searched, schemes=()))


@pytest.mark.parametrize(
    "path",
    ["/tmp/a; rm -rf ~", "$(reboot)", "-x", "a b", "a\nb", "", "a'b", 'a"b', "a\u202eb", "`id`"],
)
def test_a_command_never_carries_a_path_that_a_shell_would_read_otherwise(path):
    report = made.drone()
    report = replace(report, receipt=replace(report.receipt, ledger=path))
    assert words.verify_command(report) == "forensics ledger verify --ledger LEDGER"


def test_the_command_names_a_plain_path(drone):
    assert words.verify_command(drone).endswith(" /home/desk/.local/share/forensics/ledger.sqlite")


def test_where_codes_did_not_decide_no_bits_are_said(drone):
    copy = drone.copies[0]
    assert "14 bits differ at the median" in words.match(copy)
    laid = words.match(replace(copy, distance=None, tiles=40, agree=38))
    assert "laid over each other, 38 of 40 places agree" in laid
    assert "bit" not in laid
