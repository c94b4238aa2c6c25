"""A case: one or more claims, the assets offered for them, and what people add. A fold over entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from forensics.model.asset import Appearance, Asset, Sha256
from forensics.model.claim import Claim
from forensics.model.copy import Copy, Searched
from forensics.model.finding import Diagnostic, Pillar
from forensics.model.outcome import Outcome
from forensics.model.verdict import ClaimVerdict, Status, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """Who wrote an entry, and when it was written.

    Attributes:
        entry: Its index.
        at: RFC 3339 time of the append.
        by: Whose word it is: a desk or a person, by their own word, or "(redacted)".
    """

    entry: int
    at: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedClaim:
    """A claim of a case.

    Attributes:
        number: From 1; "valdai/1" names it.
        claim: What is claimed.
        stated: The entry that holds it.
    """

    number: int
    claim: Claim
    stated: Stated


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An asset that is offered as evidence of claims.

    Attributes:
        asset: Which.
        claims: Numbers of the claims; empty: all of the case.
        released_at: RFC 3339 time or day at which it was released as their evidence; where the entry says
            none, the one that the claims state for all of it; None: they state none, or several.
        url: Where, or None.
        publisher: By whom, or None.
        stated: The entry that says so.
    """

    asset: Sha256
    claims: tuple[int, ...]
    released_at: str | None
    url: str | None
    publisher: str | None
    stated: Stated


class Seen(StrEnum):
    """What a person can read off a picture about the sky, the light and the time of year."""

    SHADOW = "shadow"
    AZIMUTH = "azimuth"
    LIGHT = "light"
    MOON = "moon"
    SEASON = "season"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What a person read off an asset. Never the machine's word.

    Attributes:
        asset: In which asset.
        kind: What was observed.
        values: Decimals and words as text, by name: "height", "height-error", "shadow", "shadow-error"
            (one unit for both), "azimuth", "azimuth-error" (degrees from true north, clockwise), "light",
            "moon", "season".
        time: In which picture, seconds from the start, or None.
        words: How it was measured, in the person's words; may be empty.
        stated: The entry.
    """

    asset: Sha256
    kind: Seen
    values: Mapping[str, str]
    time: Fraction | None
    words: str
    stated: Stated


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Context that a person adds; it gives a reason and moves nothing.

    Attributes:
        asset: About this asset; None: about the case.
        pillar: What it bears on.
        diagnostic: Would it be seen just as well if the claim were false?
        text: The person's words.
        reason: Why it tells the propositions apart, or does not.
        stated: The entry.
    """

    asset: Sha256 | None
    pillar: Pillar
    diagnostic: Diagnostic
    text: str
    reason: str
    stated: Stated


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideSearch:
    """A search that a person made elsewhere: "nothing found" is recorded too.

    Attributes:
        asset: Whose picture was asked for.
        engine: Which search engine or archive.
        asked_at: RFC 3339 time.
        found: Whether anything was found; where, the appearances say.
        url: What was found first, or None.
        crop: Which part of the picture was asked with, in words, or None.
        time: Which picture, seconds from the start, or None.
        stated: The entry.
    """

    asset: Sha256
    engine: str
    asked_at: str
    found: bool
    url: str | None
    crop: str | None
    time: Fraction | None
    stated: Stated


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanDecision:
    """What a person decided, signed with a key of their own, beside the machine's verdict.

    Attributes:
        on: Index of the verdict's entry.
        outcome: "upheld", "changed" or "withdrawn".
        pillars: The person's own status, by pillar; integrity is not among them.
        words: Why, or "(redacted)".
        category: A MediaReview category, or None.
        key: Short form of the key that signed, on the log's word.
        stated: The entry.
    """

    on: int
    outcome: str
    pillars: Mapping[Pillar, Status]
    words: str
    category: str | None
    key: str
    stated: Stated


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedOutcome:
    """An outcome, and the entry that holds it.

    Attributes:
        entry: Index.
        outcome: What was recorded.
        claim: Number of the claim that it was made for, or None: it is about the asset (or case) alone.
    """

    entry: int
    outcome: Outcome
    claim: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedVerdict:
    """A verdict on an asset, and the entry that holds it.

    Attributes:
        entry: Index.
        at: RFC 3339 time.
        verdict: What was said.
        claim: Number of the claim it was judged against, or None.
        supersedes: Index of the verdict that it takes the place of, or None.
        why: "checked", "recheck" or "re-evaluated".
        changes: What is different from the verdict before, one sentence each.
    """

    entry: int
    at: str
    verdict: Verdict
    claim: int | None = None
    supersedes: int | None = None
    why: str = "checked"
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedClaimVerdict:
    """A verdict on a claim, and the entry that holds it; the attributes are those of `RecordedVerdict`."""

    entry: int
    at: str
    verdict: ClaimVerdict
    supersedes: int | None = None
    why: str = "checked"
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAsset:
    """All that is on record of an asset of a case.

    Attributes:
        asset: What was received; without what only the container's metadata would tell.
        received_at: RFC 3339 time of its first receipt here.
        offers: As evidence of what it was offered, and when it was released.
        outcomes: The newest of each analysis, and of those made for a claim the newest for each claim.
        copies: Of the newest search.
        searched: Of the newest search, or None.
        verdicts: All on record for this case, oldest first; the last of each claim stands.
        appearances: Where and when it was itself seen, receipt here included, earliest first.
        outside: Searches that people made elsewhere.
    """

    asset: Asset
    received_at: str
    offers: tuple[Offer, ...]
    outcomes: tuple[RecordedOutcome, ...]
    copies: tuple[Copy, ...] = ()
    searched: Searched | None = None
    verdicts: tuple[RecordedVerdict, ...] = ()
    appearances: tuple[Appearance, ...] = ()
    outside: tuple[OutsideSearch, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything on record of one case, up to an entry.

    Attributes:
        id: Kebab-case; names it in this ledger.
        title: What it is about, in words, or "(redacted)".
        opened: The entry that opened it.
        claims: By number.
        assets: In the order in which they were offered.
        observations: In the order of their entries.
        notes: Likewise.
        outcomes: Made for the whole case: corroboration.
        verdicts: On its claims, oldest first; the last of each claim stands.
        decisions: Of people, oldest first.
        entries: Indices of all entries that belong to it.
        size: How many entries the log had when it was read.
    """

    id: str
    title: str
    opened: Stated
    claims: tuple[NumberedClaim, ...] = ()
    assets: tuple[CaseAsset, ...] = ()
    observations: tuple[Observation, ...] = ()
    notes: tuple[Note, ...] = ()
    outcomes: tuple[RecordedOutcome, ...] = ()
    verdicts: tuple[RecordedClaimVerdict, ...] = ()
    decisions: tuple[HumanDecision, ...] = ()
    entries: tuple[int, ...] = ()
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An entry as it is read back, with the values behind its commitments filled in.

    Attributes:
        index: Its place in the log.
        type: What kind of act it records.
        at: RFC 3339 time.
        subject: "sha256:…", "case:…" or None.
        payload: As in the log; `{"commitment": key}` where a value is kept apart.
        disclosed: The values behind the commitments that were not deleted, by key.
        leaf: Leaf hash, hexadecimal.
        supersedes: Index of the entry that this one corrects, or None.
    """

    index: int
    type: str
    at: str
    subject: str | None
    payload: Mapping[str, object]
    disclosed: Mapping[str, str] = field(default_factory=dict)
    leaf: str = ""
    supersedes: int | None = None
