"""A case's verdicts follow its entries: whoever adds to a case settles it afterwards.

Nothing is written where nothing is different, so that settling twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.cases import entries
from forensics.cases.judging import judge_assets, judge_claims
from forensics.cases.reading import load
from forensics.media.capabilities import this_tool
from forensics.model import Case, CaseLedger, Receipt
from forensics.verdict import ruleset


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What settling a case came to.

    Attributes:
        case: As it stands now.
        receipts: Of what was recorded, in order; none: nothing is different.
        changed: What is different from verdicts that stood, one sentence each.
    """

    case: Case
    receipts: tuple[Receipt, ...]
    changed: tuple[str, ...]


def settle(
    ledger: CaseLedger, case: str, *, why: str = entries.CHECKED, claims: bool = True
) -> Settled:
    """Judges the assets of a case against its claims, then the claims, and records what is different.

    Args:
        ledger: Where the case is.
        case: Its id.
        why: `entries.CHECKED` or `RECHECKED`: said of verdicts that supersede.
        claims: Judge the claims as well; False where more assets are to come first.

    Raises:
        UsageError: There is no such case.
        LedgerError: It cannot be read, or nothing can be recorded.
    """
    rules, tool = ruleset.load(), this_tool()
    receipts: list[Receipt] = []
    changed: list[str] = []
    for judge in (judge_assets, judge_claims) if claims else (judge_assets,):
        judged = judge(load(ledger, case), rules, tool, why=why)
        changed += judged.changed
        if judged.drafts:
            receipts.append(ledger.append(judged.drafts))
    return Settled(case=load(ledger, case), receipts=tuple(receipts), changed=tuple(changed))
