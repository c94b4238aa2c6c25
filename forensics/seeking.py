"""Looking for earlier copies of a file in hand: sign it, ask the ledger, say what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from forensics.codec import revive
from forensics.copies import outcome as copy_search
from forensics.copies.search import find_copies
from forensics.errors import ForensicsError
from forensics.media.worker import Watch, Worker
from forensics.model import (
    Asset,
    Copy,
    CopyIndex,
    Failed,
    Outcome,
    Searched,
    Signature,
)
from forensics.readings import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What the search for earlier copies came to.

    Attributes:
        copies: Strongest first.
        searched: What was looked through; None where the pictures could not be signed.
        outcome: The same for the verdict: "earlier-copies".
    """

    copies: tuple[Copy, ...]
    searched: Searched | None
    outcome: Outcome


def first_received(asset: Asset, index: CopyIndex, clock: Callable[[], datetime]) -> str:
    """Returns the RFC 3339 time at which an asset was first received here: now, if it is new."""
    known = index.known(asset.sha256)
    return known.first_seen if known else clock().strftime("%Y-%m-%dT%H:%M:%SZ")


def sign(reading: Reading, worker: Worker, watch: Watch | None = None) -> tuple[Signature, ...]:
    """Returns the signatures of an asset's sampled pictures.

    Raises:
        ForensicsError: The pictures could not be decoded or signed.
    """
    answer = worker.call(
        "forensics.signatures.task:sign_samples", watch=watch, folder=str(reading.folder)
    )
    return revive(answer, tuple[Signature, ...])


def seek(
    reading: Reading,
    received_at: str,
    *,
    worker: Worker,
    ledger: CopyIndex,
    watch: Watch | None = None,
) -> tuple[tuple[Signature, ...], Sought]:
    """Signs the pictures and looks for copies among what the ledger met earlier."""
    asset = reading.asset
    try:
        signatures = sign(reading, worker, watch)
        copies, searched = find_copies(asset, signatures, ledger)
        outcome = copy_search.as_outcome(copies, searched, asset, received_at)
        return signatures, Sought(copies=copies, searched=searched, outcome=outcome)
    except ForensicsError as error:
        failed = Outcome(
            analysis=copy_search.NAME,
            version=copy_search.VERSION,
            examines=copy_search.EXAMINES,
            result=Failed(error=str(error)),
        )
        return (), Sought(copies=(), searched=None, outcome=failed)
