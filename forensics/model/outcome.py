"""What became of an analysis: four things that are never collapsed into one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from forensics.model.finding import Finding, Pillar


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """It ran to its end. No findings: examined, and nothing found."""

    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotApplicable:
    """It has nothing to say about this kind of asset."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRun:
    """It could have run, but something it needs is missing or it was not asked for."""

    needs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """It began and did not end. Never read as "nothing found"."""

    error: str


Result = Ran | NotApplicable | NotRun | Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One analysis, at one version, on one asset.

    Attributes:
        analysis: Name of the analysis.
        version: Rises when its results change.
        examines: The pillars that its findings can bear on.
        result: What became of it.
        viewing_aid: It helps the eye and can move no verdict.
        parameters: What it was run with, as text: the sampling plan, radii, limits.
    """

    analysis: str
    version: int
    examines: tuple[Pillar, ...]
    result: Result
    viewing_aid: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """One of "ran", "not-applicable", "not-run", "failed"."""
        match self.result:
            case Ran():
                return "ran"
            case NotApplicable():
                return "not-applicable"
            case NotRun():
                return "not-run"
            case Failed():
                return "failed"

    @property
    def why(self) -> str | None:
        """Why it did not run to its end; None when it did."""
        match self.result:
            case Ran():
                return None
            case NotApplicable(why=why):
                return why
            case NotRun(needs=needs):
                return needs
            case Failed(error=error):
                return error

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What it found; empty unless it ran."""
        return self.result.findings if isinstance(self.result, Ran) else ()
