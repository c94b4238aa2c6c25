"""Finds a verdict by what a person calls it, and walks it back to the entries that it rested on when made."""

from __future__ import annotations

import re
from collections.abc import Iterable

from forensics.cases import entries, recorded
from forensics.cases.fields import sha256_of
from forensics.cases.judging import resting_on
from forensics.cases.reading import case_of, unknown_case
from forensics.errors import UsageError
from forensics.model import CaseFile, Recorded, RecordedOutcome, Sha256
from forensics.verdict.claims import Offered
from forensics.verdict.explain import Explained, explain
from forensics.verdict.explain_claim import ExplainedClaim, explain_claim
from forensics.verdict.ruleset import load
from forensics.verdict.speaking import CONTEXT

_ENTRY = re.compile("[0-9]{1,7}", re.ASCII)
_CLAIM = re.compile("([a-z0-9]+(?:-[a-z0-9]+)*)/([1-9][0-9]{0,5})", re.ASCII)
_DIGITS = re.compile("[0-9a-f]{8,64}", re.ASCII)
_FORMS = (
    "Name it by the index of its entry, by its claim (valdai/1), or by eight or more digits of the asset's "
    "SHA-256."
)


def find_verdict(file: CaseFile, name: str) -> Recorded:
    """Returns the entry of a verdict.

    Args:
        file: The ledger.
        name: The index of an entry, "case/number" of a claim, or at least eight digits of an asset: of the
            latter two the verdict that stands now; of an asset the newest in a case, if it is in one.

    Raises:
        UsageError: Nothing is called so, or several things are.
    """
    if _ENTRY.fullmatch(name):
        found = file.recorded(int(name))
        if found is None or found.type not in {entries.VERDICT, entries.CLAIM_VERDICT}:
            what = "is none" if found is None else f"is of the type {found.type}"
            raise UsageError(f"there is no verdict in entry {name}: it {what}", hint=_FORMS)
        return found
    if claim := _CLAIM.fullmatch(name):
        return _of_claim(file, claim[1], int(claim[2]))
    if _DIGITS.fullmatch(name):
        return _of_asset(file, the_asset(file, name))
    raise UsageError(f"{name!r} names no verdict", hint=_FORMS)


def the_asset(file: CaseFile, digits: str) -> Sha256:
    """Returns the one asset received here whose name begins with some digits.

    Raises:
        UsageError: None does, or several do.
    """
    found = file.beginning(digits) if _DIGITS.fullmatch(digits) else []
    if len(found) != 1:
        several = f"{len(found)} assets received here begin" if found else "no asset begins"
        raise UsageError(
            f"{several} with {digits!r}: expected one",
            hint="Give more digits; at least eight." if found else _FORMS,
        )
    return found[0]


def newest(about: Iterable[Recorded]) -> list[RecordedOutcome]:
    """Returns the newest outcome of each analysis for each claim, of entries in rising order."""
    found: dict[tuple[str, int | None], RecordedOutcome] = {}
    for entry in about:
        if entry.type == entries.OUTCOME:
            one = recorded.outcome(entry)
            found[one.outcome.analysis, one.claim] = one
    return list(found.values())


def explain_verdict(file: CaseFile, entry: Recorded) -> Explained | ExplainedClaim:
    """Walks a verdict back.

    Raises:
        UsageError: Its ruleset is not there.
        LedgerError: An entry that it rests on cannot be read; names it.
    """
    if entry.type == entries.VERDICT:
        return _explain_asset(file, entry)
    made = recorded.claim_verdict(entry)
    case, number = case_of(entry) or "", made.verdict.claim
    given: list[Offered] = []
    assets: dict[str, Explained] = {}
    notes: list[RecordedOutcome] = []
    for one in made.verdict.assets:
        own = None if one.verdict is None else file.recorded(one.verdict)
        if own is not None:
            asset = Sha256(one.asset)
            given.append((asset, own.index, recorded.verdict(own).verdict))
            assets[asset] = _explain_asset(file, own)
            resting = resting_on(newest(_about(file, asset, case, entry)), number)
            notes += [note for note in resting if note.outcome.analysis == CONTEXT]
    about = [e for e in file.of_case(case) if e.index < entry.index]
    claims = [recorded.numbered(e) for e in about if e.type == entries.CLAIM]
    claim = next((c.claim for c in reversed(claims) if c.number == number), None)
    if claim is None:
        raise UsageError(f"the claim {case}/{number} is not on record before entry {entry.index}")
    outcomes = [*newest(e for e in about if sha256_of(e) is None), *notes]
    ruleset = load(made.verdict.ruleset)
    return explain_claim(case, made, claim, given, outcomes, assets, ruleset)


def _explain_asset(file: CaseFile, entry: Recorded) -> Explained:
    made = recorded.verdict(entry)
    asset = sha256_of(entry)
    if asset is None:
        raise UsageError(f"the verdict in entry {entry.index} is about no asset")
    outcomes = resting_on(newest(_about(file, asset, case_of(entry), entry)), made.claim)
    return explain(asset, made, outcomes, load(made.verdict.ruleset))


def _about(file: CaseFile, asset: Sha256, case: str | None, before: Recorded) -> list[Recorded]:
    """What was on record of an asset, by itself and in a case, before an entry."""
    return [
        e for e in file.of_asset(asset) if e.index < before.index and case_of(e) in {None, case}
    ]


def _of_claim(file: CaseFile, case: str, number: int) -> Recorded:
    about = file.of_case(case)
    if not any(entry.type == entries.OPENED for entry in about):
        raise unknown_case(file, case)
    verdicts = [e for e in about if e.type == entries.CLAIM_VERDICT]
    mine = [e for e in verdicts if recorded.claim_verdict(e).verdict.claim == number]
    if not mine:
        raise UsageError(
            f"there is no verdict on a claim {case}/{number}",
            hint=f"`forensics claim list {case}` lists the claims; "
            f"`forensics recheck {case}` judges them.",
        )
    return mine[-1]


def _of_asset(file: CaseFile, asset: Sha256) -> Recorded:
    verdicts = [e for e in file.of_asset(asset) if e.type == entries.VERDICT]
    if not verdicts:
        raise UsageError(f"there is no verdict on the asset {asset[:12]}…")
    in_cases = [entry for entry in verdicts if case_of(entry) is not None]
    return (in_cases or verdicts)[-1]
