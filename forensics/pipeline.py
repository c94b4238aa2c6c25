"""The whole story of one check, on one screen.

The way is one-directional: bytes, readings, outcomes, verdict, entries, report. Nothing later reaches back
to the bytes except through the working copy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from forensics import __version__, record, registry
from forensics.claims.time_and_place import compare_time_and_place
from forensics.codec import revive, well_formed
from forensics.copies import outcome as copy_search
from forensics.copies.search import find_copies
from forensics.errors import ForensicsError
from forensics.gallery import originals, pictures
from forensics.media.capabilities import available, libraries
from forensics.media.intake import Received, take_in
from forensics.media.limits import Limits
from forensics.media.prepared import Prepared
from forensics.media.worker import Watch, Worker
from forensics.model import (
    Asset,
    Claim,
    Copy,
    Failed,
    Ledger,
    Outcome,
    Report,
    Searched,
    Signature,
    Tool,
)
from forensics.verdict.engine import reach
from forensics.verdict.ruleset import load


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a check is made.

    Attributes:
        claim: What the asset is offered as evidence of; None: the verdict is about the file itself.
        keep: Store the original beside the ledger.
        limits: For the worker that reads media.
        with_pictures: Make the pictures that an HTML report shows.
    """

    claim: Claim | None = None
    keep: bool = True
    limits: Limits = field(default_factory=Limits)
    with_pictures: bool = False


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
    """Examines one file, records everything, and returns the report.

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
    with TemporaryDirectory(prefix="forensics-") as scratch:
        folder = Path(scratch)
        taken = take_in(source, folder, name=name)
        prepared = _prepare(taken, folder, worker, options.limits, watch)
        asset = _asset(taken, prepared)
        tool = _tool()

        known = ledger.known(asset.sha256)
        received_at = known.first_seen if known else clock().strftime("%Y-%m-%dT%H:%M:%SZ")
        signatures, copies, searched, search = _search(
            asset, received_at, folder, worker, ledger, watch
        )
        examined = [
            registry.examine(analysis, asset, folder, worker, available())
            for analysis in registry.analyses()
        ]
        tested = compare_time_and_place([*examined, search], copies, options.claim, received_at)
        outcomes = (search, *examined, tested)
        verdict = reach(outcomes, options.claim, load())

        opened = originals(copies, ledger) if options.with_pictures else {}
        if options.keep:
            ledger.keep(taken.path, asset.sha256)
        receipt = ledger.append(
            [
                *record.received(asset, taken, kept=options.keep),
                *record.signed(asset, signatures, prepared.plan),
                *record.sought(asset, copies, searched),
                *record.examined(asset, outcomes, tool),
                *record.judged(asset, options.claim, verdict, tool),
                *record.accessed(opened, asset),
            ]
        )
        report = Report(
            tool=tool,
            asset=asset,
            plan=prepared.plan,
            outcomes=outcomes,
            copies=copies,
            searched=searched,
            verdict=verdict,
            receipt=receipt,
        )
        if options.with_pictures:
            shown = pictures(report, prepared, folder, worker, opened, options.limits)
            report = replace(report, pictures=shown)
        return report


def _prepare(
    taken: Received, folder: Path, worker: Worker, limits: Limits, watch: Watch | None
) -> Prepared:
    """Probes and decodes; a worker that died leaves an asset without a probe, and the check goes on."""
    identity = taken.identity
    assert identity.kind is not None  # noqa: S101 - intake refuses the others
    try:
        answer = worker.call(
            "forensics.media.prepare:prepare",
            deadline=limits.seconds,
            watch=watch,
            folder=str(folder),
            kind=identity.kind.value,
            mime=identity.mime,
            demuxer=identity.demuxer,
            pixel_limit=limits.pixels,
            seconds=limits.seconds - 1,
        )
        return revive(answer, Prepared)
    except ForensicsError as error:
        prepared = Prepared(
            kind=identity.kind, probe=None, plan=None, samples=(), trouble=str(error)
        )
        prepared.save(folder)
        return prepared


def _asset(taken: Received, prepared: Prepared) -> Asset:
    return Asset(
        sha256=taken.sha256,
        size=taken.size,
        kind=prepared.kind,
        mime=taken.identity.mime,
        name=well_formed(taken.name),
        probe=prepared.probe,
    )


def _search(
    asset: Asset,
    received_at: str,
    folder: Path,
    worker: Worker,
    ledger: Ledger,
    watch: Watch | None,
) -> tuple[tuple[Signature, ...], tuple[Copy, ...], Searched | None, Outcome]:
    """Signs the pictures and looks for copies among what the ledger met earlier."""
    try:
        answer = worker.call(
            "forensics.signatures.task:sign_samples", watch=watch, folder=str(folder)
        )
        signatures = revive(answer, tuple[Signature, ...])
        copies, searched = find_copies(asset, signatures, ledger)
        return (
            signatures,
            copies,
            searched,
            copy_search.as_outcome(copies, searched, asset, received_at),
        )
    except ForensicsError as error:
        failed = Outcome(
            analysis=copy_search.NAME,
            version=copy_search.VERSION,
            examines=copy_search.EXAMINES,
            result=Failed(error=str(error)),
        )
        return (), (), None, failed


def _tool() -> Tool:
    used = libraries()
    return Tool(
        name="forensics", version=__version__, decoder=f"ffmpeg {used['ffmpeg']}", libraries=used
    )
