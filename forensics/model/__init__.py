"""The vocabulary: what is examined, what was found, and what may be said of it.

Standard library only, and pure: no clock, no files, no network. Every value is frozen.
"""

from forensics.model.asset import (
    Appearance,
    Asset,
    Capability,
    MediaKind,
    Probe,
    Sha256,
    Stream,
    StreamType,
)
from forensics.model.claim import Claim, Place, Span
from forensics.model.container import Box
from forensics.model.copy import Copy, CopySpan, Hit, KnownAsset, Relation, Searched, Vote
from forensics.model.finding import (
    Caveat,
    Diagnostic,
    Direction,
    Exhibit,
    Finding,
    Measurement,
    Pillar,
    Quantity,
    Question,
    Strength,
    Value,
    Where,
)
from forensics.model.outcome import Failed, NotApplicable, NotRun, Outcome, Ran, Result
from forensics.model.part import Part
from forensics.model.ports import Analysis, Context, CopyIndex, Draft, Ledger, Receipt, Samples
from forensics.model.report import Picture, Report, SearchReport, Tool
from forensics.model.sample import LocalCodes, Look, Sample, SamplePlan, Signature
from forensics.model.verdict import (
    Integrity,
    IntegrityPhrase,
    PillarVerdict,
    Reason,
    Status,
    Verdict,
    Verifiability,
)

__all__ = [
    "Analysis",
    "Appearance",
    "Asset",
    "Box",
    "Capability",
    "Caveat",
    "Claim",
    "Context",
    "Copy",
    "CopyIndex",
    "CopySpan",
    "Diagnostic",
    "Direction",
    "Draft",
    "Exhibit",
    "Failed",
    "Finding",
    "Hit",
    "Integrity",
    "IntegrityPhrase",
    "KnownAsset",
    "Ledger",
    "LocalCodes",
    "Look",
    "Measurement",
    "MediaKind",
    "NotApplicable",
    "NotRun",
    "Outcome",
    "Part",
    "Picture",
    "Pillar",
    "PillarVerdict",
    "Place",
    "Probe",
    "Quantity",
    "Question",
    "Ran",
    "Reason",
    "Receipt",
    "Relation",
    "Report",
    "Result",
    "Sample",
    "SamplePlan",
    "Samples",
    "SearchReport",
    "Searched",
    "Sha256",
    "Signature",
    "Span",
    "Status",
    "Stream",
    "StreamType",
    "Strength",
    "Tool",
    "Value",
    "Verdict",
    "Verifiability",
    "Vote",
    "Where",
]
