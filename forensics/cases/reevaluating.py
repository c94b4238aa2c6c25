"""Old verdicts under a ruleset: the rules speak again on what is on record, and no file is opened.

Where the ruleset says the same, nothing is written. What it says otherwise is a new entry that supersedes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forensics import record
from forensics.cases import entries, recorded
from forensics.cases.judging import FOR_CLAIMS, judge_assets, judge_claims, resting_on, same
from forensics.cases.reading import case_of, load
from forensics.cases.walking import newest
from forensics.claims.time_and_place import compare_time_and_place
from forensics.codec import plain
from forensics.errors import UsageError
from forensics.model import CaseFile, CaseLedger, Claim, Draft, Outcome, Recorded, Sha256, Tool
from forensics.verdict.difference import changes
from forensics.verdict.engine import reach
from forensics.verdict.ruleset import CURRENT, Ruleset


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
    """Applies a ruleset to all verdicts of a case.

    Raises:
        UsageError: There is no such case; or it has claims, and the ruleset is older than verdicts on claims:
            those on assets alone would leave a case that says two things. Nothing is written.
        LedgerError: It cannot be read, or nothing can be recorded.
    """
    if ruleset.claims is None and load(ledger, case).claims:
        raise UsageError(
            f"The ruleset {ruleset.id} is older than verdicts on claims, and the case {case} has claims: "
            "expected one that speaks of claims. Nothing was written.",
            hint=f"Apply {CURRENT}, or `forensics reevaluate ASSET --ruleset {ruleset.id}` to an asset "
            "that was judged outside cases.",
        )
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
    ledger: CaseLedger,
    asset: Sha256,
    ruleset: Ruleset,
    tool: Tool,
    *,
    why: str,
    anew: bool = False,
) -> Reevaluated:
    """Applies a ruleset to the verdict on an asset that was made outside cases, if there is one.

    Args:
        ledger: Where it is.
        asset: Which asset.
        ruleset: By which it is judged.
        tool: What judges.
        why: `entries.RECHECKED` or `REEVALUATED`.
        anew: Compare times and places anew with what is on record now; else as it was recorded.

    Raises:
        LedgerError: It cannot be read, or nothing can be recorded.
    """
    about = [entry for entry in ledger.of_asset(asset) if case_of(entry) is None]
    verdicts = [entry for entry in about if entry.type == entries.VERDICT]
    if not verdicts:
        return Reevaluated(entries=(), changed=())
    before = recorded.verdict(verdicts[-1])
    outcomes = {one.outcome.analysis: one.outcome for one in resting_on(newest(about), None)}
    drafts: list[Draft] = []
    if anew:
        tested = _times_and_places(ledger, asset, about, outcomes, before.verdict.claim)
        if not same(outcomes.get(tested.analysis), tested):
            drafts.append(record.examination(entries.asset_subject(asset), tested, tool))
        outcomes[tested.analysis] = tested
    after = reach(list(outcomes.values()), before.verdict.claim, ruleset)
    told = changes(before.verdict, after)
    if not told:
        return Reevaluated(entries=(), changed=())
    drafts.append(
        Draft(
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
    )
    return Reevaluated(
        entries=ledger.append(drafts).entries,
        changed=tuple(f"Asset {asset[:12]}, judged outside cases: {one}" for one in told),
    )


def _times_and_places(
    file: CaseFile,
    asset: Sha256,
    about: Sequence[Recorded],
    outcomes: Mapping[str, Outcome],
    claim: Claim | None,
) -> Outcome:
    searches = [entry for entry in about if entry.type == "search"]
    received = next((entry.at for entry in about if entry.type == "asset-received"), "")
    copies = recorded.search(searches[-1], file.known)[0] if searches else ()
    own = [outcome for name, outcome in outcomes.items() if name not in FOR_CLAIMS]
    return compare_time_and_place(own, copies, claim, received, file.known(asset))
