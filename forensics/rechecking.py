"""The whole story of looking at a case again: what is new since, what it changes, and nothing else.

New is an analysis, or a version of one, that is not on record for an asset; one that failed or did not run
and now can; what the index learned since its last search; and what can be tested with it: times and places,
sky, notes. The bytes come from the evidence store, or are handed in. Verdicts that say something else take
the place of those that stand: in this case, in every other one that holds the asset, and outside cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from forensics import record, registry
from forensics.cases import entries
from forensics.cases.judging import resting_on, same
from forensics.cases.reading import list_cases, load
from forensics.cases.reevaluating import reevaluate_alone
from forensics.cases.settling import settle
from forensics.errors import ForensicsError, LedgerError, UsageError
from forensics.media.capabilities import available, this_tool
from forensics.media.limits import Limits
from forensics.media.worker import Watch, Worker
from forensics.model import (
    Analysis,
    Asset,
    Capability,
    CaseAsset,
    CaseLedger,
    Copy,
    Draft,
    Outcome,
    Relation,
    Sha256,
)
from forensics.readings import Reading, read
from forensics.seeking import Sought, seek
from forensics.verdict import ruleset


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecked:
    """What looking at a case again came to.

    Attributes:
        case: Its id.
        looked: What was looked at, one sentence each.
        changed: What is different, one sentence each; empty: nothing is.
        missed: Of `looked`, what could not be looked at.
        entries: What was written.
        adverse: A verdict that is new speaks against what the material states.
    """

    case: str
    looked: tuple[str, ...]
    changed: tuple[str, ...]
    missed: tuple[str, ...]
    entries: tuple[int, ...]
    adverse: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """With what a case is looked at again.

    Attributes:
        worker: Reads the media, under limits.
        limits: For the worker.
        files: Where the bytes of assets are that were not kept, by SHA-256.
        quick: Of videos take only the keyframes.
        watch: Told of progress.
    """

    worker: Worker
    limits: Limits
    files: Mapping[Sha256, Path]
    quick: bool = False
    watch: Watch | None = None


def by_digest(paths: Sequence[Path]) -> dict[Sha256, Path]:
    """Returns files by the SHA-256 of their bytes.

    Raises:
        UsageError: One cannot be read.
    """
    found: dict[Sha256, Path] = {}
    for path in paths:
        try:
            with path.open("rb") as file:
                found[Sha256(file_digest(file, "sha256").hexdigest())] = path
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
    return found


def recheck(case_id: str, ledger: CaseLedger, means: Means) -> Rechecked:
    """Looks at a case again; records what is new, and that it was looked at.

    Raises:
        UsageError: There is no such case.
        LedgerError: It could not be read or recorded.
    """
    case = load(ledger, case_id)
    seen = [_look_at(asset, ledger, means) for asset in case.assets]
    written = [index for one in seen if one.drafts for index in ledger.append(one.drafts).entries]
    touched = {one.asset for one in seen if one.changed}
    changed = [told for one in seen for told in one.changed]
    for name in (case_id, *_others(ledger, case_id, touched)):
        settled = settle(ledger, name, why=entries.RECHECKED)
        written += [index for receipt in settled.receipts for index in receipt.entries]
        changed += [told if name == case_id else f"Case {name}: {told}" for told in settled.changed]
    for sha256 in sorted(touched):
        alone = reevaluate_alone(
            ledger, sha256, ruleset.load(), this_tool(), why=entries.RECHECKED, anew=True
        )
        written += alone.entries
        changed += alone.changed
    looked = tuple(one.looked for one in seen)
    done = entries.rechecked(
        case_id, since=case.size, looked=looked, changed=changed, tool=this_tool()
    )
    written += ledger.append([done]).entries
    return Rechecked(
        case=case_id,
        looked=looked,
        changed=tuple(changed),
        missed=tuple(one.looked for one in seen if not one.whole),
        entries=tuple(written),
        adverse=any(
            verdict.verdict.adverse
            for asset in load(ledger, case_id).assets
            for verdict in asset.verdicts
            if verdict.entry in written
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What looking at one asset again came to."""

    asset: Sha256
    looked: str
    drafts: tuple[Draft, ...] = ()
    changed: tuple[str, ...] = ()
    whole: bool = False


def _look_at(asset: CaseAsset, ledger: CaseLedger, means: Means) -> _Seen:
    """Looks at one asset again, if its bytes are there."""
    sha256 = asset.asset.sha256
    name = f"Asset {sha256[:12]}"
    path = ledger.kept(sha256) or means.files.get(sha256)
    if path is None:
        why = "its original was not kept here, and none was given with --file"
        return _Seen(asset=sha256, looked=f"{name} was not examined again: {why}.")
    try:
        with read(
            path,
            worker=means.worker,
            limits=means.limits,
            name=asset.asset.name,
            quick=means.quick,
            watch=means.watch,
        ) as reading:
            _check_bytes(reading, sha256, path)
            return _look(asset, reading, ledger, means)
    except LedgerError:
        raise
    except ForensicsError as error:
        return _Seen(asset=sha256, looked=f"{name} could not be examined again: {error}")


def _check_bytes(reading: Reading, sha256: Sha256, path: Path) -> None:
    if reading.asset.sha256 != sha256:
        raise LedgerError(
            f"{path} is not what it was stored as: expected the SHA-256 {sha256}, found "
            f"{reading.asset.sha256}",
            hint="`forensics ledger verify --originals` tells which originals are damaged.",
        )


def _look(asset: CaseAsset, reading: Reading, ledger: CaseLedger, means: Means) -> _Seen:
    """Searches again, and runs what is new."""
    name = f"Asset {asset.asset.sha256[:12]}"
    on_record = resting_on(asset.outcomes, None)
    there = {one.outcome.analysis: one.outcome for one in on_record}
    _, sought = seek(
        reading, asset.received_at, worker=means.worker, ledger=ledger, watch=means.watch
    )
    can = available()
    examined = [
        registry.examine(analysis, reading.asset, reading.folder, means.worker, can)
        for analysis in registry.analyses()
        if is_new(analysis, there.get(analysis.name), can)
    ]
    fresh = [o for o in examined if not same(there.get(o.analysis), o)]
    ran = ", ".join(f"{o.analysis} {o.version}" for o in examined) or "none is new"
    again = _sought_again(asset, there.get(sought.outcome.analysis), sought, reading.asset)
    searched = (
        f"it was searched for among {sought.searched.assets} other assets"
        if sought.searched
        else "the search failed"
    )
    return _Seen(
        asset=asset.asset.sha256,
        looked=f"{name}: {searched}; analyses that were run: {ran}.",
        drafts=(
            *(record.sought(reading.asset, sought.copies, sought.searched) if again else ()),
            *record.examined(
                reading.asset, [sought.outcome, *fresh] if again else fresh, this_tool()
            ),
        ),
        changed=(
            *(f"{name}: {told}" for told in _new_copies(asset.copies, sought.copies)),
            *(f"{name}: {_became(there.get(o.analysis), o)}" for o in fresh),
        ),
        whole=all(o.status != "failed" for o in (sought.outcome, *examined)),
    )


def _sought_again(asset: CaseAsset, before: Outcome | None, sought: Sought, known: Asset) -> bool:
    """Tells whether a search says anything else than the one on record, down to what was looked through."""
    there = record.sought(known, asset.copies, asset.searched)
    here = record.sought(known, sought.copies, sought.searched)
    return not same(before, sought.outcome) or [d.payload for d in there] != [
        d.payload for d in here
    ]


def is_new(
    analysis: Analysis,
    on_record: Outcome | None,
    available: Mapping[Capability, str | None],
) -> bool:
    """Tells whether an analysis can say more than is on record.

    Args:
        analysis: Which.
        on_record: What became of it last.
        available: What is installed: of what did not run for want of something, whether that is there now
            is seen only by running it, unless the analysis names it among its needs.
    """
    if on_record is None or on_record.version != analysis.version:
        return True
    if on_record.status == "not-run":
        return all(available.get(need) is not None for need in analysis.needs)
    return on_record.status == "failed"


def _new_copies(before: Sequence[Copy], after: Sequence[Copy]) -> Iterator[str]:
    known = {(copy.asset.sha256, copy.relation) for copy in before}
    for copy in after:
        if (copy.asset.sha256, copy.relation) not in known:
            first = min([*(a.at for a in copy.asset.appearances), copy.asset.first_seen])
            yield (
                f"another asset that was not known before, {copy.asset.sha256[:12]}, "
                f"{_SHARES[copy.relation]}; it is on record since {first}."
            )


_SHARES = {
    Relation.COPY: "carries the same pictures",
    Relation.SAME_STREAM: "carries a coded stream of this one",
    Relation.SAME_SOUND: "carries the same sound",
    Relation.SAME_SCENE: "seems to show the same scene in another recording",
}


def _became(before: Outcome | None, after: Outcome) -> str:
    if before is None:
        return f"the analysis {after.analysis} is new; it {_DID[after.status]}."
    if before.version != after.version:
        return (
            f"the analysis {after.analysis} {_DID[after.status]} in version {after.version}; version "
            f"{before.version} was on record."
        )
    return f"the analysis {after.analysis} {_DID[after.status]}; before, it {_DID[before.status]}."


_DID = {
    "ran": "ran",
    "not-applicable": "does not apply",
    "not-run": "was not run",
    "failed": "failed",
}


def _others(ledger: CaseLedger, case: str, touched: set[Sha256]) -> list[str]:
    """Returns the other cases that hold an asset of which something new was found."""
    names = [one.id for one in list_cases(ledger) if touched and one.id != case]
    return [name for name in names if touched & {a.asset.sha256 for a in load(ledger, name).assets}]
