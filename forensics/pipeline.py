"""The whole story of one check, on one screen.

The way is one-directional: bytes, readings, outcomes, verdict, entries, report. Nothing later reaches back
to the bytes except through the working copy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from forensics import record, registry
from forensics.claims.time_and_place import compare_time_and_place
from forensics.codec import revive
from forensics.errors import ForensicsError
from forensics.gallery import keep_exhibits, kept_looks, originals, pictures
from forensics.media.capabilities import available, this_tool
from forensics.media.limits import Limits
from forensics.media.worker import Watch, Worker
from forensics.model import CopyIndex, Ledger, Part, Report, SearchReport
from forensics.readings import read
from forensics.seeking import first_received, seek
from forensics.verdict.engine import reach
from forensics.verdict.ruleset import load


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a check is made.

    Attributes:
        keep: Store the original, and the pictures that analyses made of it, beside the ledger.
        limits: For the worker that reads media.
        with_pictures: Make the pictures that an HTML report shows.
        quick: Of videos take only the keyframes.
    """

    keep: bool = True
    limits: Limits = field(default_factory=Limits)
    with_pictures: bool = False
    quick: bool = False


def check(
    source: Path | BinaryIO,
    *,
    ledger: Ledger,
    worker: Worker,
    options: Options,
    name: str | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    watch: Watch | None = None,
) -> Report:
    """Examines one file by itself, records everything, and returns the report.

    What it is worth as evidence of a claim is judged in a case (`forensics.cases`).

    Args:
        source: A path, or an open binary stream.
        ledger: Where earlier copies are looked for and where the check is recorded.
        worker: Reads the media, under limits.
        options: How.
        name: File name as received; by default the path's last part.
        clock: Gives the time of receipt.
        watch: Told of progress.

    Raises:
        IntakeError: The file could not be taken in; nothing was recorded.
        LedgerError: The check could not be recorded.
    """
    with read(
        source,
        worker=worker,
        limits=options.limits,
        name=name,
        quick=options.quick,
        watch=watch,
    ) as reading:
        asset, folder = reading.asset, reading.folder
        received_at = first_received(asset, ledger, clock)
        signed, sought = seek(reading, received_at, worker=worker, ledger=ledger, watch=watch)
        examined = [
            registry.examine(analysis, asset, folder, worker, available())
            for analysis in registry.analyses()
        ]
        met = ledger.known(asset.sha256)
        tested = compare_time_and_place(
            [*examined, sought.outcome], sought.copies, None, received_at, met
        )
        outcomes = (sought.outcome, *examined, tested)
        verdict = reach(outcomes, None, load())

        opened = originals(sought.copies, ledger) if options.with_pictures else {}
        if options.keep:
            ledger.keep(reading.taken.path, asset.sha256)
            keep_exhibits(outcomes, folder, ledger)
        tool = this_tool()
        receipt = ledger.append(
            [
                *record.received(asset, reading.taken, kept=options.keep),
                *record.signed(asset, signed.signatures, reading.prepared.plan),
                *record.looked(asset, signed.looks, reading.prepared.plan),
                *record.heard(asset, signed.heard),
                *record.sought(asset, sought.copies, sought.searched),
                *record.examined(asset, outcomes, tool),
                record.judged(asset, verdict, tool),
                *record.accessed(opened, asset),
            ]
        )
        report = Report(
            tool=tool,
            asset=asset,
            plan=reading.prepared.plan,
            outcomes=outcomes,
            copies=sought.copies,
            searched=sought.searched,
            verdict=verdict,
            receipt=receipt,
            met=met,
        )
        if options.with_pictures:
            looks = kept_looks(sought.copies, opened, ledger)
            shown = pictures(
                report, reading.prepared, folder, worker, opened, looks, options.limits
            )
            report = replace(report, pictures=shown, carried=read_tree(folder, worker))
        return report


def read_tree(folder: Path, worker: Worker) -> Part:
    """Returns everything that the file in a scratch folder carries, or the trouble that kept it unread."""
    try:
        return revive(worker.call("forensics.inside.task:carried_tree", folder=str(folder)), Part)
    except ForensicsError as error:
        return Part(name="File", trouble=str(error))


def search(
    source: Path | BinaryIO,
    *,
    index: CopyIndex,
    worker: Worker,
    limits: Limits,
    name: str | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    watch: Watch | None = None,
    ledger: str = "",
    quick: bool = False,
) -> SearchReport:
    """Looks for earlier copies of one file and records nothing.

    Args:
        source: A path, or an open binary stream.
        index: What is known.
        worker: Reads the media, under limits.
        limits: For the worker.
        name: File name as received; by default the path's last part.
        clock: Gives the time of receipt.
        watch: Told of progress.
        ledger: What is searched, as it is shown.
        quick: Of videos take only the keyframes.

    Raises:
        IntakeError: The file could not be taken in.
        LedgerError: The index cannot be read.
    """
    with read(source, worker=worker, limits=limits, name=name, quick=quick, watch=watch) as reading:
        received_at = first_received(reading.asset, index, clock)
        _, sought = seek(reading, received_at, worker=worker, ledger=index, watch=watch)
        return SearchReport(
            tool=this_tool(),
            asset=reading.asset,
            plan=reading.prepared.plan,
            copies=sought.copies,
            searched=sought.searched,
            outcome=sought.outcome,
            ledger=ledger,
            met=index.known(reading.asset.sha256),
        )
