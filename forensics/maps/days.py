"""Which days a text names, in figures and in words, in Russian, Ukrainian and English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from forensics.model.map import Lettering

_DATE: Final = re.compile(r"(?<!\d)(\d{1,2})[./](\d{1,2})[./](\d{4})(?!\d)")
_ISO: Final = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_WORDS: Final = re.compile(r"(?<!\d)(\d{1,2}) ([а-яіїєґa-z]{3,9})\.?,? (\d{4})(?!\d)", re.I)
_TIME: Final = re.compile(r"(?<![\d.:])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])")
_MONTHS: Final = tuple(
    re.compile(rf"(?i)(?:{forms})")
    for forms in (
        "янв(?:ар[ьяе])?|січ(?:ень|ня|ні)?|jan(?:uary)?",
        "фев(?:рал[ьяе])?|лют(?:ий|ого|ому)?|feb(?:ruary)?",
        "мар(?:т[ае]?)?|бер(?:ез(?:ень|ня|ні))?|mar(?:ch)?",
        "апр(?:ел[ьяе])?|кві(?:т(?:ень|ня|ні))?|apr(?:il)?",
        "ма[йяе]|тра(?:в(?:ень|ня|ні))?|may",
        "июн[ьяе]?|чер(?:в(?:ень|ня|ні))?|june?",
        "июл[ьяе]?|лип(?:ень|ня|ні)?|july?",
        "авг(?:уст[ае]?)?|сер(?:п(?:ень|ня|ні))?|aug(?:ust)?",
        "сен(?:т(?:ябр[ьяе])?)?|вер(?:ес(?:ень|ня|ні))?|sep(?:t(?:ember)?)?",
        "окт(?:ябр[ьяе])?|жов(?:т(?:ень|ня|ні))?|oct(?:ober)?",
        "ноя(?:бр[ьяе])?|лис(?:топада?|топаді)?|nov(?:ember)?",
        "дек(?:абр[ьяе])?|гру(?:д(?:ень|ня|ні))?|dec(?:ember)?",
    )
)
"""All forms of their names: "91 decoys 2025" is no day of December."""


def read_dates(text: str) -> tuple[list[date], list[str]]:
    """Returns the dates in a text, and what looks like a date but is none."""
    found: list[date] = []
    wrong: list[str] = []
    for pattern, order in ((_DATE, (3, 2, 1)), (_ISO, (1, 2, 3)), (_WORDS, (3, 2, 1))):
        for match in pattern.finditer(text):
            year, month, day = (match[group] for group in order)
            number = int(month) if month.isdigit() else _month(month)
            if not number and not month.isdigit():
                continue
            if pattern is _DATE and number > 12 >= int(day):
                number, day = int(day), month  # as it is written in America
            try:
                found.append(date(int(year), number, int(day)))
            except ValueError:
                wrong.append(match[0])
    return list(dict.fromkeys(found)), wrong


def moments(lettering: Sequence[Lettering]) -> list[tuple[datetime, Lettering]]:
    """Returns the days with a time of day that lines name, each with its line, from top to bottom."""
    found = []
    for line in sorted(lettering, key=lambda line: (line.box.y, line.box.x)):
        dates, _ = read_dates(line.text)
        clock = _TIME.search(line.text)
        if clock and len(dates) == 1:
            at = datetime(dates[0].year, dates[0].month, dates[0].day, int(clock[1]), int(clock[2]))  # noqa: DTZ001 - as stated
            found.append((at, line))
    return found


def _month(name: str) -> int:
    """The number of a month; 0 for another word."""
    return next((n for n, form in enumerate(_MONTHS, 1) if form.fullmatch(name)), 0)
