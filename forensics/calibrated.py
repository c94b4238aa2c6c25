"""Strength words, and where they come from: files of what was counted on untouched and on edited material.

A word stands for a likelihood ratio, hits by false alarms (ENFSI Guideline for Evaluative Reporting in
Forensic Science, 2015). What was never seen in n untouched files can still happen: a rate of false alarms
is therefore taken at the upper end of its one-sided 95 % interval (C. Clopper and E. Pearson, 1934), which
for none is the rule of three, 3/n. So n untouched files support no more than about n/3.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from forensics.errors import RegistryError
from forensics.model import STRENGTHS, Strength

SCALE: Final = "ENFSI-2015/1-10-100-1000-10000-1000000"
"""Id of the scale, with its cut points; a ratio at a cut point belongs to the lower band."""

EDGES: Final = (1, 10, 100, 1_000, 10_000, 1_000_000)
"""Largest ratio of each word; the last word is for all above."""

MOST: Final = 1_000_000
"""Files that one count may speak of: what says more was not measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What was counted for one class of material, on sources that nothing was tuned on.

    Attributes:
        finding: Id of the finding that was counted.
        quality: Class of quality ("q98-100", "social 1200 px q85"…), as the analysis names it.
        size: Class of size; "any" where sizes were not told apart.
        clean: Untouched files.
        alarms: Untouched files with the finding.
        edited: Edited files.
        hits: Edited files with the finding.
    """

    finding: str
    quality: str
    size: str
    clean: int
    alarms: int
    edited: int
    hits: int

    @property
    def ratio(self) -> float | None:
        """Hit rate by the upper limit of the rate of false alarms; None where one was not measured."""
        if not self.clean or not self.edited:
            return None
        return self.hits / self.edited / upper_rate(self.alarms, self.clean)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The file of one analysis.

    Attributes:
        id: Names this measurement; changes with every new one.
        analysis: Name of the analysis.
        version: Its version that was measured.
        sets: Ids of the sets of files, those that parameters were tuned on left out.
        rows: One for each finding, class of quality and class of size.
    """

    id: str
    analysis: str
    version: int
    sets: tuple[str, ...]
    rows: tuple[Row, ...]

    def row(self, finding: str, quality: str, size: str = "any") -> Row | None:
        """Returns what was counted for a class, or None if nothing was."""
        for row in self.rows:
            if (row.finding, row.quality, row.size) == (finding, quality, size):
                return row
        return None


def upper_rate(alarms: int, clean: int) -> float:
    """Returns the largest rate that is not refuted at 95 % by `alarms` among `clean` files; at least 3/n.

    Args:
        alarms: False alarms, 0 to `clean`.
        clean: Untouched files, at least 1.
    """
    if alarms >= clean:
        return 1.0
    low, high = alarms / clean, 1.0
    for _ in range(60):  # the chance of so few alarms falls as the rate rises
        middle = (low + high) / 2
        if _at_most(alarms, clean, middle) > 0.05:
            low = middle
        else:
            high = middle
    return min(1.0, max(high, 3 / clean))


def _at_most(alarms: int, clean: int, rate: float) -> float:
    """Chance of `alarms` or fewer among `clean` files."""
    if rate >= 1.0:
        return 0.0
    term = total = (1 - rate) ** clean
    for count in range(1, alarms + 1):
        term *= (clean - count + 1) / count * rate / (1 - rate)
        total += term
    return total


def word(ratio: float) -> str:
    """Returns the scale's word for a likelihood ratio; a band's upper edge belongs to the lower band."""
    return STRENGTHS[bisect_left(EDGES, ratio)]


def strength(
    analysis: str, version: int, finding: str, quality: str, size: str = "any"
) -> Strength | None:
    """Returns the word for a finding on material of a class; None: uncalibrated, so no word.

    A file that was made with another version of the analysis backs nothing.

    Args:
        analysis: The analysis's name.
        version: Its version.
        finding: The finding's id.
        quality: Class of quality, as in the analysis's file.
        size: Class of size, as in the analysis's file.
    """
    found = calibration(analysis)
    row = found.row(finding, quality, size) if found and found.version == version else None
    if found is None or row is None or row.ratio is None:
        return None
    return Strength(word=word(row.ratio), scale=SCALE, calibration=named(found, row))


def named(found: Calibration, row: Row) -> str:
    """Returns the id of a calibration with the class and the counts that a word rests on."""
    kind = row.quality if row.size == "any" else f"{row.quality}, {row.size}"
    return f"{found.id} ({kind}: {row.alarms} of {row.clean} untouched, {row.hits} of {row.edited} edited)"


@cache
def calibration(analysis: str) -> Calibration | None:
    """Returns the file of an analysis that comes with this package; None: it has none.

    Raises:
        RegistryError: The file is damaged.
    """
    file = resources.files("forensics.calibration").joinpath(f"{analysis}.json")
    return read(file.read_text("utf-8")) if file.is_file() else None


def read(text: str) -> Calibration:
    """Reads a calibration file.

    Raises:
        RegistryError: It does not say what such a file says, or its counts cannot be.
    """
    try:
        stated: dict[str, Any] = json.loads(text)
        found = Calibration(
            id=stated["id"],
            analysis=stated["analysis"],
            version=stated["version"],
            sets=tuple(stated["sets"]),
            rows=tuple(Row(**row) for row in stated["rows"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise RegistryError(
            f"A calibration file cannot be read: {type(error).__name__}.",
            hint="Make it anew with bench/calibrate.py.",
        ) from error
    for row in found.rows:
        if not (0 <= row.alarms <= row.clean <= MOST and 0 <= row.hits <= row.edited <= MOST):
            raise RegistryError(
                f"The calibration of {found.analysis} counts more findings than files, or too many files.",
                hint="Make it anew with bench/calibrate.py.",
            )
    return found
