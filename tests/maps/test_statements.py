from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.maps.days import read_dates
from forensics.maps.statements import counts, statements
from forensics.model.map import Box2D, Lettering, Marker


def line(text: str, x: float = 0, y: float = 0) -> Lettering:
    return Lettering(text=text, box=Box2D(x=x, y=y, width=9 * len(text), height=18))


def table(*figures: int, total: int) -> list[Lettering]:
    names = ("Брянская область", "Смоленская область", "Новгородская область")
    rows = [line(n, 0, 50 * i) for i, n in enumerate(names)]
    rows += [line(str(n), 220, 50 * i) for i, n in enumerate(figures)]
    return [*rows, line("ВСЕГО", 0, 150), line(str(total), 220, 150)]


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("49 + 1 + 41 = 91", True),
        ("49+1+41=91", True),
        ("49+1+41=90", False),
        ("Check: 49 + 1 + 42 = 91", False),
        ("2 : 49 + 1 + 42 = 91", None),
        ("91 = 49 + 1 + 41", True),
        ("92 = 49 + 1 + 41", False),
        ("600 + 400 = 1 000", True),
        ("600 + 400 = 1 100", None),
        ("50 - 3 + 4 = 51", None),
        ("2 x 3 + 4 = 10", None),
        ("3 + 4 = 14 / 2", None),
    ],
)
def test_a_sum_that_is_written_out_is_added_up(text: str, holds: bool | None) -> None:
    (found,) = statements([line(text)])
    assert (found.kind, found.holds) == ("sum", holds)


@pytest.mark.parametrize("text", ["49 + 7 + 41 = 91", "31.11.2025"])
def test_what_was_read_badly_accuses_nobody(text: str) -> None:
    (found,) = statements([replace(line(text), confidence=60)])
    assert found.holds is None
    assert "not read surely" in found.why


@pytest.mark.parametrize(
    ("names", "figures"),
    [
        (("Запущено", "из них сбито", "упало"), (91, 80, 11)),
        (("Shahed", "Gerbera", "Kalibr"), (91, 7, 8)),
        (("Shahed", "of which shot down", "Kalibr"), (80, 70, 9)),
    ],
)
def test_rows_that_are_parts_of_others_accuse_nobody(
    names: tuple[str, ...], figures: tuple[int, ...]
) -> None:
    lines = [line(name, 0, 50 * i) for i, name in enumerate((*names, "Всего"))]
    lines += [line(str(n), 220, 50 * i) for i, n in enumerate((*figures, 91))]
    (found,) = [s for s in statements(lines) if s.kind == "sum"]
    assert found.holds is None
    assert "may be parts of it" in found.why


@pytest.mark.parametrize("text", ["12:30+3=15", "1.5+2=3", "Тел. 8+9", "a=b"])
def test_what_is_no_sum_is_none(text: str) -> None:
    assert [s for s in statements([line(text)]) if s.kind == "sum"] == []


def test_a_total_is_held_against_the_figures_above_it() -> None:
    (good,) = [s for s in statements(table(49, 1, 41, total=91)) if s.kind == "sum"]
    (bad,) = [s for s in statements(table(49, 1, 41, total=97)) if s.kind == "sum"]
    assert good.holds
    assert "49 + 1 + 41, the figures above it, are 91 as stated" in good.why
    assert bad.holds is False
    assert "are 91 and not stated" in bad.why


def test_a_figure_that_stands_twice_is_compared() -> None:
    lines = [*table(49, 1, 41, total=91), line("Новгородская обл. 14", 600, 300)]
    lines += [line("Брянская обл. 49", 600, 350), line("Смоленская обл. 1", 600, 400)]
    (found,) = [s for s in statements(lines) if s.text.startswith("Новгородская")]
    assert found.holds is False
    assert found.text.endswith("14, 41")


def test_two_tables_that_may_count_different_things_accuse_nobody() -> None:
    lines = [*table(49, 1, 41, total=91), line("Новгородская обл. 14", 600, 300)]
    (found,) = [s for s in statements(lines) if s.text.startswith("Новгородская")]
    assert found.holds is None
    assert "it may count something else" in found.why


@pytest.mark.parametrize(
    "lines",
    [
        [line("Sector 1"), line("Sector 2", 400, 300)],
        [line("Сбито 12"), line("Сбито 7", 400, 300)],
        [line("Брянская область"), line("12", 220), line("14", 260)],
        [line("Всего 12"), line("Всего 7", 400, 300)],
    ],
)
def test_figures_of_different_things_are_not_compared(lines: list[Lettering]) -> None:
    assert [s.text for s in statements(lines) if s.kind == "count"] == []


@pytest.mark.parametrize(("count", "holds"), [(91, True), (89, True), (80, None)])
def test_symbols_are_held_against_the_total(count: int, holds: bool | None) -> None:
    marker = Marker(kind="cross", colour="#102040", count=count, error=2, points=())
    found = [s for s in statements(table(49, 1, 41, total=91), [marker]) if s.kind == "count"]
    assert [s.holds for s in found] == [holds]


def test_other_symbols_are_not_held_against_it() -> None:
    marker = Marker(kind="dot", colour="#102040", count=24, error=2, points=())
    assert not [s for s in statements(table(49, 1, 41, total=91), [marker]) if s.kind == "count"]


@pytest.mark.parametrize(
    ("text", "days", "wrong"),
    [
        ("в ночь на 29 декабря 2025 г.", [date(2025, 12, 29)], []),
        ("с 21:00 28.12.2025", [date(2025, 12, 28)], []),
        ("5 лютого 2024", [date(2024, 2, 5)], []),
        ("2025-12-29", [date(2025, 12, 29)], []),
        ("31.11.2025", [], ["31.11.2025"]),
        ("12 негритят 2025", [], []),
        ("12/25/2025", [date(2025, 12, 25)], []),
        ("91 decoys 2025", [], []),
        ("60 маршрутов 2025", [], []),
        ("22 листопада 2025", [date(2025, 11, 22)], []),
        ("5 September 2025", [date(2025, 9, 5)], []),
        ("192.168.10.2025", [], []),
    ],
)
def test_dates_are_read(text: str, days: list[date], wrong: list[str]) -> None:
    assert read_dates(text) == (days, wrong)


def test_a_period_is_read_with_its_zone() -> None:
    lines = [line("Период: с 21:00 28.12.2025", 0, 0), line("до 09:00 29.12.2025 (мск)", 0, 30)]
    (period,) = [s for s in statements(lines) if s.kind == "period"]
    assert period.holds
    assert "12 h" in period.why
    assert "Moscow time" in period.why


def test_a_period_that_runs_backwards_does_not_hold() -> None:
    lines = [line("с 21:00 29.12.2025", 0, 0), line("до 09:00 29.12.2025", 0, 30)]
    (period,) = [s for s in statements(lines) if s.kind == "period"]
    assert period.holds is False


def test_two_moments_that_are_no_period_accuse_nobody() -> None:
    lines = [line("Опубликовано 12:00 29.12.2025"), line("Удар 22:00 28.12.2025", 0, 30)]
    (period,) = [s for s in statements(lines) if s.kind == "period"]
    assert period.holds is None


@given(st.lists(st.text(max_size=40), max_size=12))
def test_any_lettering_gives_statements(texts: list[str]) -> None:
    lines = [line(text, 0, 20 * i) for i, text in enumerate(texts)]
    counts(lines)
    for found in statements(lines):
        assert found.why.endswith(".")


@pytest.mark.parametrize(
    ("dropped", "why"),
    [(1, "A row between them may not have been read"), (0, "The figure of the row above them")],
)
def test_a_row_that_was_not_read_accuses_nobody(dropped: int, why: str) -> None:
    lines = [part for part in table(49, 1, 41, total=91) if part.text != str((49, 1)[dropped])]
    (found,) = [s for s in statements(lines) if s.kind == "sum"]
    assert found.holds is None
    assert why in found.why


def test_a_figure_that_was_read_badly_accuses_nobody() -> None:
    lines = [
        replace(part, confidence=55 if part.text == "41" else 95)
        for part in table(49, 1, 41, total=97)
    ]
    (found,) = [s for s in statements(lines) if s.kind == "sum"]
    assert found.holds is None
    assert "Not every figure was read surely" in found.why
