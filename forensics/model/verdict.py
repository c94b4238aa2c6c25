"""A verdict: what the material can and cannot show, element by element. Never "real" or "fake"."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from forensics.model.claim import Claim
from forensics.model.finding import Pillar


class Status(StrEnum):
    """What can be said about one pillar."""

    CORROBORATED = "corroborated"
    CONSISTENT = "consistent"
    UNDETERMINED = "undetermined"
    CONTRADICTED = "contradicted"
    NOT_EXAMINED = "not-examined"


class IntegrityPhrase(StrEnum):
    """SWGDE 23-V-001: the three results that may be stated about a file."""

    CONSISTENT = "consistent with an original"
    INCONSISTENT = "inconsistent with an original"
    INCONCLUSIVE = "inconclusive"


class Verifiability(StrEnum):
    """The headline: about verifiability, never about truth."""

    CONTRADICTED = "contradicted"
    NOT_VERIFIABLE = "not verifiable from this material"
    PARTLY_CORROBORATED = "partly corroborated"
    CORROBORATED = "corroborated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a status was given.

    Attributes:
        text: One sentence of the ruleset; it carries no value from the file.
        rule: Id of the rule that spoke, or of the default that applied.
        findings: "analysis/finding-id" of the findings it rests on.
    """

    text: str
    rule: str
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PillarVerdict:
    """What can be said about one of the five pillars, and why."""

    pillar: Pillar
    status: Status
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity:
    """What can be said about the file itself, and why."""

    phrase: IntegrityPhrase
    reasons: tuple[Reason, ...]


class Support(StrEnum):
    """What an asset that is offered as evidence lends to a claim."""

    REMOVED = "removed"
    """It is contradicted as evidence: its support falls away, and nothing more follows from that."""
    OPEN = "open"
    """Nothing outside it confirms it, and nothing speaks against it."""
    PARTLY = "partly"
    """Part of what the claim needs of it is confirmed by something outside it."""
    CONFIRMED = "confirmed"
    """All that the claim needs of it is confirmed by something outside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedAsset:
    """What one asset lends to a claim, and why.

    Attributes:
        asset: SHA-256, hexadecimal.
        verdict: Index of the entry of its own verdict, or None where it is not recorded yet.
        support: What it lends.
        reason: One sentence of the ruleset.
        because: The reasons of its own verdict that decided it.
    """

    asset: str
    verdict: int | None
    support: Support
    reason: str
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimVerdict:
    """What all the material offered for a claim can and cannot show, under one ruleset.

    Attributes:
        ruleset: Id and version.
        claim: Number of the claim in its case.
        verifiability: The headline.
        because: Why the headline is what it is, one sentence.
        pillars: The five, always all.
        assets: What each asset lends, in the order in which they were offered.
        could_not_be_confirmed: One sentence each.
        would_settle_it: One sentence each.
    """

    ruleset: str
    claim: int
    verifiability: Verifiability
    because: str
    pillars: tuple[PillarVerdict, ...]
    assets: tuple[OfferedAsset, ...]
    could_not_be_confirmed: tuple[str, ...]
    would_settle_it: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What this material can and cannot show, under one ruleset.

    Attributes:
        ruleset: Id and version, "forensics-rules/1".
        verifiability: The headline.
        about: "claim", or "file": what the file itself states or implies.
        because: Why the headline is what it is, one sentence.
        pillars: The five, always all, in First Draft's order.
        integrity: About the file.
        claim: The claim it was judged against, or None.
        could_not_be_confirmed: One sentence each.
        would_settle_it: One sentence each.
    """

    ruleset: str
    verifiability: Verifiability
    about: str
    because: str
    pillars: tuple[PillarVerdict, ...]
    integrity: Integrity
    claim: Claim | None
    could_not_be_confirmed: tuple[str, ...]
    would_settle_it: tuple[str, ...]

    @property
    def adverse(self) -> bool:
        """Something speaks against what the material states: a pillar, or its integrity."""
        return (
            self.verifiability is Verifiability.CONTRADICTED
            or self.integrity.phrase is IntegrityPhrase.INCONSISTENT
            or any(p.status is Status.CONTRADICTED for p in self.pillars)
        )
