"""What people do to a case: open it, take in a claim, offer an asset. Each is recorded once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from forensics.cases import entries
from forensics.cases.reading import list_cases, load, released_with
from forensics.codec import plain
from forensics.errors import UsageError
from forensics.ledger.canonical import canonical_bytes
from forensics.model import Case, CaseLedger, Claim, Receipt, Sha256

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """As what an asset is offered.

    Attributes:
        case: Its id.
        claims: Numbers of the claims; empty: all of the case.
        released_at: RFC 3339 time or day at which it was released as their evidence; None: as the claims
            state it.
        url: Where, or None.
        publisher: By whom, or None.
        by: Who records it.
    """

    case: str
    claims: tuple[int, ...] = ()
    released_at: str | None = None
    url: str | None = None
    publisher: str | None = None
    by: str = ""


def check_id(case: str) -> str:
    """Returns a case's id.

    Raises:
        UsageError: It cannot be one.
    """
    if not _ID.fullmatch(case) or len(case) > _LONGEST:
        raise UsageError(
            f"{case!r} cannot name a case: expected small letters and digits, joined by hyphens, "
            f"at most {_LONGEST}.",
            hint="For example: valdai-2025.",
        )
    return case


def open_case(ledger: CaseLedger, case: str, *, title: str, by: str) -> Receipt:
    """Opens a case.

    Raises:
        UsageError: The id cannot be one, or is taken.
    """
    check_id(case)
    if any(one.id == case for one in list_cases(ledger)):
        raise UsageError(
            f"there is a case {case!r} already", hint=f"`forensics case show {case}` shows it."
        )
    return ledger.append([entries.opened(case, title=title, by=by)])


def case_for(claim: Claim) -> str:
    """Returns the id of the case that a claim stands in where nobody named one: drawn from what it says."""
    return f"claim-{sha256(canonical_bytes(plain(claim))).hexdigest()[:8]}"


def take_claim(ledger: CaseLedger, case: str | None, claim: Claim, *, by: str) -> tuple[str, int]:
    """Takes a claim into a case, which is opened if it is not there; one that is there already is left so.

    Args:
        ledger: Where the case is.
        case: Its id; None: one that is drawn from the claim.
        claim: What is claimed.
        by: Who records it.

    Returns:
        The case, and the claim's number in it.
    """
    name = check_id(case) if case is not None else case_for(claim)
    if not any(one.id == name for one in list_cases(ledger)):
        ledger.append([entries.opened(name, title=claim.statement, by=by)])
    there = load(ledger, name).claims
    for one in there:
        if one.claim == claim:
            return name, one.number
    number = max((one.number for one in there), default=0) + 1
    ledger.append([entries.claimed(name, number, claim, by=by)])
    return name, number


def correct_claim(
    ledger: CaseLedger, case: str, number: int, claim: Claim, *, by: str
) -> Receipt | None:
    """Records a claim of a case anew as it should read; None where it reads so already.

    Args:
        ledger: Where the case is.
        case: Its id.
        number: Of the claim that was recorded wrongly.
        claim: As it should read.
        by: Who records it.

    Raises:
        UsageError: There is no such case, no such claim in it, or another one that states the same.
    """
    there = load(ledger, case)
    check_numbers(there, [number])
    before = next(one for one in there.claims if one.number == number)
    if before.claim == claim:
        return None
    if same := [one.number for one in there.claims if one.claim == claim]:
        raise UsageError(f"the claim {case}/{same[0]} states the same already")
    draft = entries.claimed(case, number, claim, by=by, supersedes=before.stated.entry)
    return ledger.append([draft])


def offer(ledger: CaseLedger, asset: Sha256, offering: Offering) -> Receipt | None:
    """Records that an asset is offered as evidence; None where that is on record already.

    Raises:
        UsageError: There is no such case, or no such claim in it.
    """
    case = load(ledger, offering.case)
    check_numbers(case, offering.claims)
    released = offering.released_at or released_with(case.claims, offering.claims)
    for known in case.assets:
        if known.asset.sha256 == asset and any(
            (o.claims, o.released_at, o.url, o.publisher)
            == (offering.claims, released, offering.url, offering.publisher)
            for o in known.offers
        ):
            return None
    draft = entries.offered(
        offering.case,
        asset,
        claims=offering.claims,
        released_at=offering.released_at,
        url=offering.url,
        publisher=offering.publisher,
        by=offering.by,
    )
    return ledger.append([draft])


def check_numbers(case: Case, claims: Sequence[int]) -> None:
    """Checks that a case has claims of these numbers.

    Raises:
        UsageError: It has not.
    """
    there = [one.number for one in case.claims]
    if missing := [number for number in claims if number not in there]:
        raise UsageError(
            f"the case {case.id!r} has no claim {missing[0]}",
            hint=f"It has: {', '.join(map(str, there))}."
            if there
            else f"`forensics claim add {case.id} claim.toml` adds one.",
        )
