"""An archive of known footage: assets registered so that later releases can be compared with them.

Registering examines nothing and judges nothing: it takes a file in, signs its pictures and sound, and
records where it appeared, on the word of whoever registers it. A file whose registration is recorded
already is passed over, so that a run that was cut short can simply be repeated.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import file_digest
from pathlib import Path

from forensics import record
from forensics.errors import IntakeError, LimitExceeded, MediaError, UsageError
from forensics.media.limits import Limits
from forensics.media.worker import Watch, Worker
from forensics.model import Appearance, KnownAsset, Ledger, Receipt, Sha256
from forensics.model.moment import read_moment
from forensics.readings import read
from forensics.seeking import hear, sign
from forensics.signatures.signed import Signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What became of one file.

    Attributes:
        sha256: Its name.
        receipt: Of the new entries; None where all of it was recorded before.
        new: The asset had not been received before.
        unsigned: Why its pictures or its sound could not be signed, so that no search will find it by
            them; "" otherwise.
        notes: What went wrong while it was read without stopping that, one sentence each: of a file that is
            damaged or was cut off, only what could be decoded will be found.
    """

    sha256: Sha256
    receipt: Receipt | None
    new: bool = False
    unsigned: str = ""
    notes: tuple[str, ...] = ()


def stated_time(text: str, now: datetime | None = None) -> str:
    """Returns the RFC 3339 time in UTC that a person's words mean, or the day, where they name no more.

    A day without a zone stays one: it lasts from its beginning in the east to its end in the west, and what
    rests on it says no more than that. A time of day needs its zone: none is guessed.

    Args:
        text: A day, or a time with its zone.
        now: The clock; by default the machine's.

    Raises:
        UsageError: It is no time, a time of day without a zone, or more than a day ahead.
    """
    moment = read_moment(text)
    if moment is None:
        raise UsageError(
            f"expected a date, or a date and a time, found {text!r}",
            hint="Write it as in 2025-12-29T18:00:00+02:00, or as a day: 2025-12-29.",
        )
    if moment.earliest > (now or datetime.now(UTC)) + timedelta(days=1):
        raise UsageError(
            f"{text!r} lies ahead of this machine's clock: nothing was published then yet",
            hint="Look at the year, and at the clock of this machine.",
        )
    if _DAY.fullmatch(text.strip()):
        return text.strip()
    if moment.latest - moment.earliest >= _HOUR:
        raise UsageError(
            f"{text!r} names no zone, and none is guessed",
            hint="Write it as in 2025-12-29T18:00:00+02:00, or 2025-12-29T16:00:00Z.",
        )
    return moment.latest.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_HOUR = timedelta(hours=1)


def register(
    path: Path,
    appearance: Appearance | None,
    *,
    ledger: Ledger,
    worker: Worker,
    limits: Limits,
    keep: bool,
    quick: bool = False,
    watch: Watch | None = None,
) -> Registered:
    """Takes a file into the archive, or adds what is new about one that is in it.

    A file of media that cannot be decoded is taken in without signatures: that it was here can matter, and a
    run that is repeated need not read it again. One that reached a limit is not: with more time it may do.

    Args:
        path: The file.
        appearance: Where it was seen; None: it is only taken in.
        ledger: The archive.
        worker: Reads the media.
        limits: For the worker.
        keep: Store the original beside the ledger.
        quick: Of videos take only the keyframes.
        watch: Told of progress.

    Raises:
        IntakeError: The file could not be taken in; nothing was recorded.
        LimitExceeded: It could not be read within the limits; nothing was recorded.
        LedgerError: It could not be recorded.
    """
    met = ledger.own(digest_of(path))
    if met is not None:
        if appearance is None or _said(met, appearance):
            return Registered(sha256=met.sha256, receipt=None)
        receipt = ledger.append([record.appeared(met.sha256, appearance)])
        return Registered(sha256=met.sha256, receipt=receipt)
    with read(path, worker=worker, limits=limits, quick=quick, watch=watch) as reading:
        if reading.prepared.limited:
            raise LimitExceeded(
                f"{path} was not registered: {reading.prepared.trouble}",
                hint="Raise --deadline, or cut the part that matters, and register that.",
            )
        signed, unsigned = Signed(), ""
        try:
            signed = sign(reading, worker, watch)
        except LimitExceeded:
            raise
        except MediaError as error:
            unsigned = str(error)
        try:
            signed = replace(signed, heard=hear(reading, worker, watch))
        except LimitExceeded:
            raise
        except MediaError as error:
            unsigned = f"{unsigned} The sound could not be heard: {error}".lstrip()
        if keep:
            ledger.keep(reading.taken.path, reading.asset.sha256)
        drafts = [
            *record.received(reading.asset, reading.taken, kept=keep),
            *record.signed(reading.asset, signed.signatures, reading.prepared.plan),
            *record.looked(reading.asset, signed.looks, reading.prepared.plan),
            *record.heard(reading.asset, signed.heard),
        ]
        if appearance is not None:
            drafts.append(record.appeared(reading.asset.sha256, appearance))
        receipt = ledger.append(drafts)
        probe = reading.prepared.probe
        notes = (*reading.prepared.notes, *(probe.notes if probe else ()))
    return Registered(
        sha256=reading.asset.sha256, receipt=receipt, new=True, unsigned=unsigned, notes=notes
    )


def add_appearance(sha256: Sha256, appearance: Appearance, ledger: Ledger) -> Receipt | None:
    """Records where an asset was seen; None where the same is recorded already.

    Raises:
        UsageError: The ledger has never met the asset.
        LedgerError: It could not be recorded.
    """
    met = ledger.known(sha256)
    if met is None:
        raise UsageError(
            f"the ledger has not met sha256:{sha256}",
            hint="Register the file itself first: `forensics register FILE`.",
        )
    if _said(met, appearance):
        return None
    return ledger.append([record.appeared(sha256, appearance)])


def _said(known: KnownAsset, appearance: Appearance) -> bool:
    """Whether the same appearance is recorded, whoever recorded it here."""
    told = {(a.what, a.at, a.url, a.publisher, a.by) for a in known.appearances}
    mine = appearance
    return (mine.what, mine.at, mine.url, mine.publisher, mine.by) in told


def digest_of(path: Path) -> Sha256:
    """Returns the name that the bytes of a file give it.

    Raises:
        IntakeError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return Sha256(file_digest(file, "sha256").hexdigest())
    except OSError as error:
        raise IntakeError(f"{path} cannot be read: {error.strerror or error}.") from error


def file_named(text: str) -> Path | None:
    """Returns the file that a person names, or None where the name is of an asset, or of nothing."""
    digits = text.lower().removeprefix("sha256:")
    # Path.is_file may raise
    return Path(text) if not _DIGITS.fullmatch(digits) and os.path.isfile(text) else None  # noqa: PTH113 - no error on odd names


def named(text: str, ledger: Ledger) -> Sha256:
    """Returns the asset that a person names: by its SHA-256, by its first digits, or by a file.

    Raises:
        UsageError: None, or more than one, is meant.
    """
    digits = text.lower().removeprefix("sha256:")
    if _DIGITS.fullmatch(digits):
        found = ledger.beginning(digits)
        if len(found) == 1:
            return found[0]
        if found:
            raise UsageError(
                f"{text} begins the name of {len(found)} assets: {', '.join(f[:16] for f in found[:5])}",
                hint="Give more digits.",
            )
    elif (file := file_named(text)) is not None:
        return digest_of(file)
    raise UsageError(
        f"the ledger knows no asset {text!r}",
        hint="Name a file, or at least 8 digits of a SHA-256 as `forensics ledger log` shows them.",
    )


_DIGITS = re.compile("[0-9a-f]{8,64}", re.ASCII)
