"""What people add to a case: what they read off an asset, context, and what they asked elsewhere.

Each is a person's word, recorded as such; the machine's part begins when the case is settled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from forensics import record
from forensics.cases import entries
from forensics.cases.acts import check_numbers
from forensics.cases.reading import case_of, is_withdrawal, load
from forensics.errors import UsageError
from forensics.model import (
    Appearance,
    Case,
    CaseFile,
    CaseLedger,
    Diagnostic,
    Draft,
    NumberedClaim,
    Pillar,
    Receipt,
    Seen,
    Sha256,
)
from forensics.model.moment import Moment, read_moment

WORDS = 5000
"""Characters of a person's words in one entry."""
_MEASURED = re.compile(
    r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*(?:(?:±|\+/-|\+-)\s*(\d{1,6}(?:\.\d{1,6})?)\s*)?", re.ASCII
)
_CLAIM = re.compile(r"([^/\s]+)/([1-9]\d{0,5})", re.ASCII)
_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?([0-5]?\d):)?(\d{1,6}(?:\.\d{1,9})?)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_RATIO = re.compile(r"\d{1,15}/[1-9]\d{0,14}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A number that a person measured, as decimals.

    Attributes:
        value: What was measured.
        error: To how much on both sides; None: the person did not say.
    """

    value: str
    error: str | None

    def named(self, name: str) -> dict[str, str]:
        """Returns it as values of an observation."""
        error = {} if self.error is None else {f"{name}-error": self.error}
        return {name: self.value, **error}


def measured(text: str, option: str, *, most: int, positive: bool) -> Measured:
    """Reads a number with its error: "1.80±0.05", "1.80 +/- 0.05", or "1.80" alone.

    Args:
        text: What the person wrote.
        option: How it is named where it is wrong.
        most: It may not be larger.
        positive: It has to be above nothing.

    Raises:
        UsageError: It is none.
    """
    found = _MEASURED.fullmatch(text)
    value = Decimal(found[1]) if found else Decimal(-1)
    if found is None or value > most or (positive and value == 0):
        low = "above 0" if positive else "from 0"
        raise UsageError(
            f"{option} is {text!r}: expected a number {low} to {most}, with its error where it is known.",
            hint="Write it as in 1.80±0.05, with a point; +/- serves as well as ±.",
        )
    return Measured(value=found[1], error=found[2])


def picture_time(text: str, option: str = "--at") -> Fraction:
    """Reads a place in a video: seconds, minutes and seconds, or a ratio as `--json` prints it.

    Raises:
        UsageError: It is none.
    """
    if _RATIO.fullmatch(text):
        return Fraction(text)
    found = _CLOCK.fullmatch(text)
    if found is None or (found[2] is not None and Fraction(found[3]) >= 60):
        raise UsageError(
            f"{option} is {text!r}: expected a place in the video.",
            hint="Write it as in 12.5 (seconds), 1:12.5 or 1:02:12.5.",
        )
    return 3600 * int(found[1] or 0) + 60 * int(found[2] or 0) + Fraction(found[3])


def instant(text: str, option: str, now: datetime | None = None) -> str:
    """Reads a time that has passed, with its zone, and returns it in UTC, RFC 3339.

    Args:
        text: What the person wrote.
        option: How it is named where it is wrong.
        now: The clock; by default the machine's.

    Raises:
        UsageError: It is no time, has no zone, or lies ahead.
    """
    moment = read_moment(text)
    if moment is None or moment.latest != moment.earliest:
        what = "is no time" if moment is None else "names no time of day with a zone"
        raise UsageError(
            f"{option} is {text!r}, which {what}: none is guessed.",
            hint="Write it as in 2025-12-31T12:00:00+03:00, or 2025-12-31T09:00Z.",
        )
    _check_passed(moment, text, option, now)
    return moment.latest.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day_or_instant(text: str, option: str, now: datetime | None = None) -> str:
    """Reads a time that has passed as `instant` does, or a day alone, which stays one: "2025-12-31".

    Raises:
        UsageError: It is neither, has a time without a zone, or lies ahead.
    """
    day = text.strip()
    moment = read_moment(day) if _DAY.fullmatch(day) else None
    if moment is None:
        return instant(text, option, now)
    _check_passed(moment, text, option, now)
    return day


def words(text: str, option: str) -> str:
    """Returns a person's words, without space around them.

    Raises:
        UsageError: There are none, or too many.
    """
    said = text.strip()
    if not said or len(said) > WORDS:
        found = f"{len(said):,} characters" if said else "nothing"
        raise UsageError(f"{option} holds {found}: expected 1 to {WORDS:,} characters of text.")
    return said


def _check_passed(moment: Moment, text: str, option: str, now: datetime | None) -> None:
    if moment.earliest > (now or datetime.now(UTC)) + timedelta(days=1):
        raise UsageError(
            f"{option} is {text!r}, which lies ahead of this machine's clock.",
            hint="Look at the year, and at the clock of this machine.",
        )


def find_claim(file: CaseFile, name: str) -> tuple[Case, NumberedClaim]:
    """Returns the claim that a person calls "valdai/1", and its case.

    Raises:
        UsageError: Nothing is called so.
    """
    found = _CLAIM.fullmatch(name)
    if found is None:
        raise UsageError(
            f"{name!r} names no claim: expected a case and a number, as in valdai/1.",
            hint="`forensics claim list CASE` lists the claims of a case.",
        )
    case, number = load(file, found[1]), int(found[2])
    check_numbers(case, [number])
    return case, next(one for one in case.claims if one.number == number)


def observe(
    ledger: CaseLedger,
    case: str,
    asset: Sha256,
    kind: Seen,
    values: Mapping[str, str],
    *,
    time: Fraction | None,
    words: str,
    by: str,
) -> Receipt:
    """Records what a person read off an asset of a case.

    Raises:
        UsageError: There is no such case, or the asset is not in it.
    """
    _check_asset(load(ledger, case), asset)
    draft = entries.observed(case, asset, kind, values, time=time, words=words, by=by)
    return ledger.append([draft])


def add_note(
    ledger: CaseLedger,
    case: str,
    *,
    pillar: Pillar,
    diagnostic: Diagnostic,
    text: str,
    reason: str,
    by: str,
    asset: Sha256 | None,
) -> Receipt:
    """Records context that a person adds, about a case or one asset of it.

    Raises:
        UsageError: There is no such case, or the asset is not in it.
    """
    made = load(ledger, case)
    if asset is not None:
        _check_asset(made, asset)
    draft = entries.noted(
        case, pillar=pillar, diagnostic=diagnostic, text=text, reason=reason, by=by, asset=asset
    )
    return ledger.append([draft])


_NAMED = {
    entries.OFFERED: "offer of an asset",
    entries.OBSERVATION: "observation",
    entries.NOTE: "note",
}


def withdraw(
    ledger: CaseLedger, index: int, kind: str, *, reason: str, by: str
) -> tuple[str, Receipt]:
    """Records that an offer, an observation or a note counts no more; it stays in the log.

    Args:
        ledger: Where the case is.
        index: Of the entry.
        kind: `entries.OFFERED`, `OBSERVATION` or `NOTE`: what it is expected to be.
        reason: Why.
        by: Who withdraws it.

    Returns:
        The case that it belonged to, and the receipt.

    Raises:
        UsageError: The entry is none of this kind, or counts no more already.
    """
    entry = ledger.recorded(index)
    case = None if entry is None or entry.type != kind else case_of(entry)
    if entry is None or case is None:
        what = "there is none" if entry is None else f"it is of the type {entry.type}"
        raise UsageError(
            f"entry {index} is no {_NAMED[kind]}: {what}",
            hint="`forensics case show CASE` names the entries.",
        )
    if is_withdrawal(entry) or index not in load(ledger, case).entries:
        raise UsageError(
            f"entry {index} counts no more already: a later one took its place, or withdrew it",
            hint=f"`forensics case show {case}` shows what counts.",
        )
    return case, ledger.append([entries.withdrawn(entry, reason=reason, by=by)])


def add_asked(
    ledger: CaseLedger,
    asked: Draft,
    asset: Sha256,
    appearance: Appearance | None,
    case: str | None,
) -> Receipt:
    """Records a search that a person made elsewhere, and the appearance that it found, at once.

    Args:
        ledger: Where the asset is on record.
        asked: The search (`entries.asked_elsewhere`).
        asset: Whose picture was asked with.
        appearance: What was found, where it tells when; left out where the same is on record.
        case: For which case, or None.

    Raises:
        UsageError: The asset was not received here, or is not in the case.
    """
    met = ledger.own(asset)
    if met is None:
        raise UsageError(
            f"the ledger has not met sha256:{asset}",
            hint="Register the file itself first: `forensics register FILE`.",
        )
    if case is not None:
        _check_asset(load(ledger, case), asset)
    new = appearance is not None and appearance not in met.appearances
    found = [record.appeared(asset, appearance)] if new and appearance else []
    return ledger.append([asked, *found])


def _check_asset(case: Case, asset: Sha256) -> None:
    if all(one.asset.sha256 != asset for one in case.assets):
        raise UsageError(
            f"the case {case.id!r} holds no asset sha256:{asset[:12]}",
            hint=f"`forensics case add {case.id} {asset[:12]}` offers it as evidence first.",
        )
