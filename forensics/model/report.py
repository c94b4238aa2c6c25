"""A report: everything one check came to, before it is rendered in any format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from forensics.model.asset import Asset, Sha256
from forensics.model.case import Case
from forensics.model.copy import Copy, KnownAsset, Relation, Searched
from forensics.model.finding import Direction
from forensics.model.outcome import Outcome
from forensics.model.part import Part
from forensics.model.ports import Receipt
from forensics.model.sample import SamplePlan
from forensics.model.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that a report may show; never part of the ledger.

    Attributes:
        id: "frame/3", "exhibit/error-level/level-map", "copy/0/query", "copy/0/copy".
        caption: One sentence: what is seen, and how it was made.
        mime: "image/png" or "image/jpeg".
        data: The encoded picture.
        width: Pixels.
        height: Pixels.
        time: Seconds from the start of its asset, or None.
    """

    id: str
    caption: str
    mime: str
    data: bytes
    width: int
    height: int
    time: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """What made a report: "forensics", its version, and the versions of all that it read with."""

    name: str
    version: str
    decoder: str
    libraries: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything one check came to.

    Attributes:
        tool: What made it.
        asset: What was examined.
        plan: Which pictures were taken; None where none could be.
        outcomes: One for each analysis, the copy search and claim tests included, in fixed order.
        copies: Earlier copies, strongest first.
        searched: What the copy search looked through; None if it could not be made.
        verdict: What may be said.
        receipt: Where it is recorded.
        pictures: For outputs that can show them.
        met: What the ledger knew of the very same file before this check; None if it was new here.
    """

    tool: Tool
    asset: Asset
    plan: SamplePlan | None
    outcomes: tuple[Outcome, ...]
    copies: tuple[Copy, ...]
    searched: Searched | None
    verdict: Verdict
    receipt: Receipt
    pictures: tuple[Picture, ...] = ()
    carried: Part | None = None
    met: KnownAsset | None = None

    @property
    def adverse(self) -> bool:
        """Something speaks against what the material states, or an earlier copy was found."""
        earlier = any(
            f.id in {"copy-found", "same-sound"} and f.direction is Direction.SUPPORTS_H1
            for outcome in self.outcomes
            for f in outcome.findings
        )
        return self.verdict.adverse or earlier


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The signed state of a ledger that a document was made from.

    Attributes:
        ledger: Path or address of the ledger.
        origin: The log's name.
        vkey: Its verification key, on the ledger's own word.
        size: Of the tree that the checkpoint signs.
        root: Its root, base64.
        checkpoint: The signed note, exact text.
    """

    ledger: str
    origin: str
    vkey: str
    size: int
    root: str
    checkpoint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReport:
    """Everything on record of one case, before it is rendered in any format.

    Attributes:
        tool: What made the document.
        case: What is on record.
        head: The ledger's state that it was read from.
        pictures: For outputs that can show them, by asset: ids as in `Picture`; "sky/<entry>" for pictures
            of a person's observations.
    """

    tool: Tool
    case: Case
    head: Head
    pictures: Mapping[Sha256, tuple[Picture, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchReport:
    """What a search that recorded nothing came to.

    Attributes:
        tool: What searched, with its versions.
        asset: The file in hand.
        plan: Which pictures were taken; None if none were.
        copies: Strongest first.
        searched: What was looked through; None where the search could not be made.
        outcome: The same for a verdict: "earlier-copies".
        ledger: What was searched: path or address.
        met: What is known of the very same file; None if it is new here.
    """

    tool: Tool
    asset: Asset
    plan: SamplePlan | None
    copies: tuple[Copy, ...]
    searched: Searched | None
    outcome: Outcome
    ledger: str
    met: KnownAsset | None = None

    @property
    def found(self) -> bool:
        """The file, its pictures, sound or a stream were met before; the same scene is no copy."""
        return self.met is not None or any(
            copy.relation is not Relation.SAME_SCENE for copy in self.copies
        )
