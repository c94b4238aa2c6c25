"""Checking a file as evidence: examine it by itself, offer it, judge it against the claims of a case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from forensics import pipeline
from forensics.cases.acts import Offering, offer
from forensics.cases.judging import FOR_CLAIMS, made_for, standing
from forensics.cases.settling import settle
from forensics.media.worker import Watch, Worker
from forensics.model import Case, CaseLedger, Receipt, Report


def check_for(
    source: Path | BinaryIO,
    offering: Offering,
    *,
    ledger: CaseLedger,
    worker: Worker,
    options: pipeline.Options,
    name: str | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    watch: Watch | None = None,
) -> Report:
    """Checks one file and judges it against the claims that it is offered for.

    The claims themselves are judged when all files are in (`forensics.cases.settling.settle`).

    Args:
        source: A path, or an open binary stream.
        offering: Of which case and claims it is to be evidence.
        ledger: Where the case is.
        worker: Reads the media, under limits.
        options: How.
        name: File name as received; by default the path's last part.
        clock: Gives the time of receipt.
        watch: Told of progress.

    Returns:
        The report of the check, with the verdict on the file as evidence of the first of the claims.

    Raises:
        UsageError: There is no such case, or no such claim in it.
        IntakeError: The file could not be taken in; nothing was recorded.
        LedgerError: The check could not be recorded.
    """
    report = pipeline.check(
        source,
        ledger=ledger,
        worker=worker,
        options=options,
        name=name,
        clock=clock,
        watch=watch,
    )
    offered = offer(ledger, report.asset.sha256, offering)
    settled = settle(ledger, offering.case, claims=False)
    receipts = [report.receipt, *([offered] if offered else []), *settled.receipts]
    return _against(replace(report, receipt=_joined(receipts)), settled.case, offering)


def _against(report: Report, case: Case, offering: Offering) -> Report:
    """Returns the report with the verdict against the first claim that the asset is offered for."""
    numbers = offering.claims or tuple(one.number for one in case.claims)
    asset = next(one for one in case.assets if one.asset.sha256 == report.asset.sha256)
    verdict = standing(asset, numbers[0]) if numbers else None
    if verdict is None:
        return report
    claim = next(one for one in case.claims if one.number == numbers[0])
    kept = [outcome for outcome in report.outcomes if outcome.analysis not in FOR_CLAIMS]
    outcomes = (*kept, *made_for(case, asset, claim))
    return replace(report, verdict=verdict.verdict, outcomes=outcomes)


def _joined(receipts: list[Receipt]) -> Receipt:
    """Returns one receipt for several appends: all entries, under the last checkpoint."""
    return replace(receipts[-1], entries=tuple(i for receipt in receipts for i in receipt.entries))
