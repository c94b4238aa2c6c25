"""A case as it stands: a pure fold over its entries, the same for everybody who has them.

Entries of kinds that are not known here are passed over; one of a known kind that cannot be read ends the
reading with an error that names it, since a case from which something is silently missing would mislead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from forensics.cases import entries, recorded
from forensics.cases.fields import Unreadable, reading, said, sha256_of, stated
from forensics.cases.recorded import Known
from forensics.errors import UsageError
from forensics.model import (
    Case,
    CaseAsset,
    CaseFile,
    NumberedClaim,
    Offer,
    Recorded,
    RecordedOutcome,
    Sha256,
    Stated,
)

_CORRECTED = {entries.OFFERED, entries.OBSERVATION, entries.NOTE, entries.OUTSIDE}
"""Of these a later entry takes the place of the one that it supersedes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A case in the list of all: what opened it.

    Attributes:
        id: Names it.
        title: What it is about, or "(redacted)".
        stated: The entry that opened it.
    """

    id: str
    title: str
    stated: Stated


def list_cases(file: CaseFile) -> tuple[Opened, ...]:
    """Returns the cases of a ledger, in the order in which they were opened."""
    found: dict[str, Opened] = {}
    for entry in file.opened():
        if name := case_of(entry):
            one = Opened(id=name, title=said(entry, "title"), stated=stated(entry))
            found.setdefault(name, one)
    return tuple(found.values())


def load(file: CaseFile, case: str) -> Case:
    """Returns a case as a ledger has it now.

    Raises:
        UsageError: There is no such case.
        LedgerError: An entry of it cannot be read; names it.
    """
    size = file.size()
    own = [entry for entry in file.of_case(case) if entry.index < size]
    if not any(entry.type == entries.OPENED for entry in own):
        raise unknown_case(file, case)
    assets = dict.fromkeys(
        sha256 for entry in own if entry.type == entries.OFFERED and (sha256 := sha256_of(entry))
    )
    about = [entry for one in assets for entry in file.of_asset(one) if entry.index < size]
    return read_case(case, [*own, *about], known=file.known, size=size)


def cases_with(file: CaseFile, sha256: Sha256) -> tuple[str, ...]:
    """Returns the cases in which an asset is offered as evidence, in the order of offering."""
    about = file.of_asset(sha256)
    replaced = _replaced(about)
    offers = (e for e in about if _offers(e, replaced))
    return tuple(dict.fromkeys(case for e in offers if (case := case_of(e))))


def read_elsewhere(file: CaseFile, sha256: Sha256, case: str) -> tuple[str, ...]:
    """Returns the other cases in which people read something off an asset, or noted something on it."""
    about = file.of_asset(sha256)
    replaced = _replaced(about)
    said = [
        case_of(e)
        for e in about
        if e.type in {entries.OBSERVATION, entries.NOTE}
        and e.index not in replaced
        and not is_withdrawal(e)
    ]
    return tuple(dict.fromkeys(name for name in said if name is not None and name != case))


def is_examined(file: CaseFile, sha256: Sha256) -> bool:
    """Tells whether an asset was examined here, and not only registered."""
    return any(e.type == entries.OUTCOME and case_of(e) is None for e in file.of_asset(sha256))


def unknown_case(file: CaseFile, case: str) -> UsageError:
    """Returns what to say where a case is asked for that was never opened."""
    there = ", ".join(one.id for one in list_cases(file)[:8])
    return UsageError(
        f"there is no case {case!r} in this ledger",
        hint=f"There is: {there}." if there else "`forensics case new ID --title …` opens one.",
    )


def read_case(case: str, given: Iterable[Recorded], *, known: Known, size: int) -> Case:
    """Returns a case, read from entries.

    Args:
        case: Its id.
        given: The entries about it and about its assets, in any order; others are passed over.
        known: What is known of an asset: its appearances, and those of its copies.
        size: How many entries the log has.

    Raises:
        UsageError: None of the entries opened the case.
        LedgerError: An entry cannot be read; names it.
    """
    mine = _belonging(case, given)
    by_type: dict[str, list[Recorded]] = {}
    for entry in mine:
        if not is_withdrawal(entry):
            by_type.setdefault(entry.type, []).append(entry)
    opened = by_type.get(entries.OPENED, [])
    if not opened:
        raise UsageError(f"there is no case {case!r} in this ledger")
    with reading(opened[0]):
        title, begun = said(opened[0], "title"), stated(opened[0])
    claims = _claims(by_type.get(entries.CLAIM, []))
    observed = (recorded.observation(e) for e in by_type.get(entries.OBSERVATION, []))
    on_claims = by_type.get(entries.CLAIM_VERDICT, [])
    return Case(
        id=case,
        title=title,
        opened=begun,
        claims=claims,
        assets=_assets(by_type, claims, known),
        observations=tuple(o for o in observed if o is not None),
        notes=tuple(recorded.note(e) for e in by_type.get(entries.NOTE, [])),
        outcomes=_newest(e for e in by_type.get(entries.OUTCOME, []) if sha256_of(e) is None),
        verdicts=tuple(recorded.claim_verdict(e) for e in on_claims),
        decisions=tuple(recorded.decision(e) for e in by_type.get(_DECISION, [])),
        entries=tuple(e.index for e in mine),
        size=size,
    )


_RECEIVED, _SEARCH, _APPEARANCE, _DECISION = "asset-received", "search", "appearance", "decision"


def case_of(entry: Recorded) -> str | None:
    """Returns the case that an entry is about or says that it belongs to, or None."""
    kind, _, name = (entry.subject or "").partition(":")
    if kind == "case":
        return name
    named = entry.payload.get("case")
    return named if isinstance(named, str) else None


def is_withdrawal(entry: Recorded) -> bool:
    """Tells whether an entry only says that the one that it supersedes counts no more."""
    return entry.type in _CORRECTED and entry.payload.get("withdrawn") is True


def released_with(claims: Iterable[NumberedClaim], numbers: Sequence[int]) -> str | None:
    """Returns when the evidence of claims was released, if those that state a time state the same.

    Args:
        claims: Of the case.
        numbers: Of which claims; empty: of all.
    """
    chosen = [one.claim.released_at for one in claims if not numbers or one.number in numbers]
    stated = {time for time in chosen if time is not None}
    return stated.pop() if len(stated) == 1 else None


def _belonging(case: str, given: Iterable[Recorded]) -> list[Recorded]:
    """Returns the entries of a case, each once, by index: its own, and those of its assets of no case.

    A verdict on an asset that was made for no case, or for another, is none of this one; a decision belongs
    to it if the entry that it is about does.
    """
    every = {entry.index: entry for entry in given}
    ordered = [every[index] for index in sorted(every)]
    replaced = _replaced(e for e in ordered if case_of(e) in {case, None})
    offered = {sha256_of(e) for e in ordered if _offers(e, replaced) and case_of(e) == case}
    offered.discard(None)
    found: dict[int, Recorded] = {}
    for entry in ordered:
        mine = case_of(entry) == case
        if entry.type == _DECISION:
            mine = _decided_on(entry) in found
        elif entry.type in _OF_ASSETS and case_of(entry) is None:
            mine = sha256_of(entry) in offered
        if mine and entry.index not in replaced:
            found[entry.index] = entry
    return list(found.values())


def _replaced(given: Iterable[Recorded]) -> set[int]:
    """Returns the indices of the entries that later ones correct or withdraw."""
    return {e.supersedes for e in given if e.type in _CORRECTED and e.supersedes is not None}


def _offers(entry: Recorded, replaced: set[int]) -> bool:
    offer = entry.type == entries.OFFERED and not is_withdrawal(entry)
    return offer and entry.index not in replaced


_OF_ASSETS = {_RECEIVED, _SEARCH, _APPEARANCE, entries.OUTCOME, entries.OUTSIDE}
"""What is on record of an asset whatever case it is in."""


def _decided_on(entry: Recorded) -> object:
    statement = entry.payload.get("statement")
    return statement.get("entry") if isinstance(statement, Mapping) else None


def _claims(given: Sequence[Recorded]) -> tuple[NumberedClaim, ...]:
    """Returns the claims by number; of two with one number the later corrects the earlier."""
    found = {one.number: one for one in map(recorded.numbered, given)}
    return tuple(found[number] for number in sorted(found))


def _assets(
    by_type: Mapping[str, Sequence[Recorded]], claims: Sequence[NumberedClaim], known: Known
) -> tuple[CaseAsset, ...]:
    offers: dict[Sha256, list[Offer]] = {}
    first: dict[Sha256, Recorded] = {}
    for entry in by_type.get(entries.OFFERED, []):
        offer = recorded.offer(entry)
        if offer.released_at is None:
            offer = replace(offer, released_at=released_with(claims, offer.claims))
        offers.setdefault(offer.asset, []).append(offer)
        first.setdefault(offer.asset, entry)
    return tuple(
        _asset(first[sha256], tuple(mine), by_type, known) for sha256, mine in offers.items()
    )


def _asset(
    offered: Recorded,
    offers: tuple[Offer, ...],
    by_type: Mapping[str, Sequence[Recorded]],
    known: Known,
) -> CaseAsset:
    def of(kind: str) -> list[Recorded]:
        return [e for e in by_type.get(kind, ()) if e.subject == offered.subject]

    received, searches = of(_RECEIVED), of(_SEARCH)
    if not received:
        raise Unreadable(
            f"entry {offered.index} offers {offered.subject}, of which no receipt is on record",
            hint="`forensics ledger verify` tells whether the record is whole.",
        )
    asset = recorded.asset(received[-1])
    copies, searched = recorded.search(searches[-1], known) if searches else ((), None)
    met = known(asset.sha256)
    return CaseAsset(
        asset=asset,
        received_at=received[0].at,
        offers=offers,
        outcomes=_newest(of(entries.OUTCOME)),
        copies=copies,
        searched=searched,
        verdicts=tuple(recorded.verdict(e) for e in of(entries.VERDICT)),
        appearances=met.appearances if met else (),
        outside=tuple(recorded.outside(e) for e in of(entries.OUTSIDE)),
    )


def _newest(given: Iterable[Recorded]) -> tuple[RecordedOutcome, ...]:
    """Returns the newest outcome of each analysis for each claim, in the order of the first ones."""
    found: dict[tuple[str, int | None], RecordedOutcome] = {}
    for entry in given:
        one = recorded.outcome(entry)
        found[one.outcome.analysis, one.claim] = one
    return tuple(found.values())
