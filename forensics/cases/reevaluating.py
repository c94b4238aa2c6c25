"""Old verdicts under a ruleset: the rules speak again on what is on record, and no file is opened.

Where the ruleset says the same, nothing is written. What it says otherwise is a new entry that supersedes.
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.cases import entries, recorded
from forensics.cases.judging import judge_assets, judge_claims, resting_on
from forensics.cases.reading import case_of, load
from forensics.cases.walking import newest
from forensics.codec import plain
from forensics.model import CaseFile, CaseLedger, Draft, Sha256, Tool
from forensics.verdict.difference import changes
from forensics.verdict.engine import reach
from forensics.verdict.ruleset import Ruleset


@dataclass(frozen=True, slots=True, kw_only=True)
class Reevaluated:
    """What applying a ruleset again came to.

    Attributes:
        entries: What was written; none: the ruleset says the same.
        changed: What is different, one sentence each.
    """

    entries: tuple[int, ...]
    changed: tuple[str, ...]


def reevaluate(ledger: CaseLedger, case: str, ruleset: Ruleset, tool: Tool) -> Reevaluated:
    """Applies a ruleset to all verdicts of a case; to those on claims only if it speaks of claims.

    Raises:
        UsageError: There is no such case.
        LedgerError: It cannot be read, or nothing can be recorded.
    """
    written: list[int] = []
    changed: list[str] = []
    steps = (judge_assets, judge_claims) if ruleset.claims else (judge_assets,)
    for judge in steps:
        made = judge(load(ledger, case), ruleset, tool, why=entries.REEVALUATED, anew=False)
        changed += made.changed
        if made.drafts:
            written += ledger.append(made.drafts).entries
    return Reevaluated(entries=tuple(written), changed=tuple(changed))


def reevaluate_alone(
    ledger: CaseLedger, asset: Sha256, ruleset: Ruleset, tool: Tool, *, why: str
) -> Reevaluated:
    """Applies a ruleset to the verdict on an asset that was made outside cases.

    Raises:
        LedgerError: It cannot be read, or nothing can be recorded.
    """
    made = rejudge_alone(ledger, asset, ruleset, tool, why=why)
    if made is None:
        return Reevaluated(entries=(), changed=())
    told = [f"Asset {asset[:12]}, judged outside cases: {one}" for one in made.payload["changes"]]
    return Reevaluated(entries=ledger.append([made]).entries, changed=tuple(told))


def rejudge_alone(
    file: CaseFile, asset: Sha256, ruleset: Ruleset, tool: Tool, *, why: str
) -> Draft | None:
    """Returns the verdict outside cases that an asset is to have now; None where nothing is different.

    Args:
        file: The ledger.
        asset: Which asset.
        ruleset: By which it is judged.
        tool: What judges.
        why: `entries.RECHECKED` or `REEVALUATED`.
    """
    about = [entry for entry in file.of_asset(asset) if case_of(entry) is None]
    verdicts = [entry for entry in about if entry.type == entries.VERDICT]
    if not verdicts:
        return None
    before = recorded.verdict(verdicts[-1])
    outcomes = [one.outcome for one in resting_on(newest(about), None)]
    after = reach(outcomes, before.verdict.claim, ruleset)
    told = changes(before.verdict, after)
    if not told:
        return None
    return Draft(
        type=entries.VERDICT,
        subject=entries.asset_subject(asset),
        payload={
            **plain(after),
            "made_with": plain(tool),
            "why": why,
            "changes": list(told),
        },
        supersedes=before.entry,
    )
