"""A finding: a sentence with its measurements, the question it bears on, and its caveats."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

Value = int | str
"""A measured value: whole numbers, or text. Decimals are text ("0.25"), ratios "n/d"; never floats."""


class Pillar(StrEnum):
    """What a verdict speaks about: First Draft's five pillars, and integrity (SWGDE 23-V-001)."""

    PROVENANCE = "provenance"
    SOURCE = "source"
    DATE = "date"
    LOCATION = "location"
    MOTIVATION = "motivation"
    INTEGRITY = "integrity"


class Direction(StrEnum):
    """Which of a question's two propositions a finding speaks for."""

    SUPPORTS_H1 = "supports-h1"
    SUPPORTS_H2 = "supports-h2"
    NEUTRAL = "neutral"


class Diagnostic(StrEnum):
    """Does the finding tell the two propositions apart?

    "no": it is expected just as much either way; it is shown and moves nothing.
    """

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A pair of propositions, of which at most one holds (ENFSI DI-03).

    Attributes:
        id: Kebab-case; the ruleset refers to it.
        pillar: What the answer bears on.
        h1: First proposition, a sentence without its full stop.
        h2: Its alternative.
    """

    id: str
    pillar: Pillar
    h1: str
    h2: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number or text that an analysis may report, declared before it is measured.

    Attributes:
        key: Kebab-case, unique within the analysis.
        unit: "px", "s", "bytes", "count", "text", "time" and so on.
        meaning: What it says, one sentence.
        source: Where the definition comes from: a standard's section, a paper, or this project.
        personal: It may tell about a private person (place, serial number, author): the ledger keeps
            a salted commitment to it in the log and the value where it can be deleted.
    """

    key: str
    unit: str
    meaning: str
    source: str = ""
    personal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where in the asset a value was measured; what does not apply is None.

    Attributes:
        start: Seconds from the start.
        end: Seconds from the start.
        region: x, y, width, height in pixels of the full-size picture.
        offset: Bytes from the start of the file.
        field: Name of the field that states it, as the format names it.
    """

    start: Fraction | None = None
    end: Fraction | None = None
    region: tuple[int, int, int, int] | None = None
    offset: int | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """The value of a declared quantity. Text from a file is hostile until an output escapes it."""

    key: str
    value: Value
    unit: str
    where: Where | None = None
    personal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Caveat:
    """What an analysis cannot show. It travels with each of its findings into every output."""

    id: str
    text: str


STRENGTHS = (
    "no support",
    "weak",
    "moderate",
    "moderately strong",
    "strong",
    "very strong",
    "extremely strong",
)
"""Words of strength, weakest first (ENFSI 2015)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """A word for a measured likelihood ratio (ENFSI 2015), with what backs it.

    Attributes:
        word: From the scale.
        scale: Id of the scale and its cut points.
        calibration: Id of the calibration file, its size within.
    """

    word: str
    scale: str
    calibration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """A picture that an analysis made to show its finding.

    Attributes:
        id: Kebab-case, unique within the outcome.
        caption: One sentence: what is seen, and how it was made.
        mime: "image/png" or "image/jpeg".
        path: File name within the analysis's scratch folder.
        sha256: Of the file, hexadecimal.
        width: Pixels.
        height: Pixels.
    """

    id: str
    caption: str
    mime: str
    path: str
    sha256: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that an analysis saw.

    Attributes:
        id: Kebab-case, unique within the analysis's vocabulary; the same for the same kind of thing.
        template: Sentence with `{key}` for each measurement it uses. A key measured more than once is
            joined with commas.
        measurements: Values, in the order they are shown.
        question: The pair of propositions it bears on; None: it describes, and moves nothing.
        direction: Which proposition it speaks for.
        diagnostic: Whether it tells the propositions apart.
        strength: None: uncalibrated, so no word.
        exhibits: Pictures that show it.
        caveats: Those of the analysis, put here by the registry, and any of its own.
    """

    id: str
    template: str
    measurements: tuple[Measurement, ...] = ()
    question: Question | None = None
    direction: Direction = Direction.NEUTRAL
    diagnostic: Diagnostic = Diagnostic.UNKNOWN
    strength: Strength | None = None
    exhibits: tuple[Exhibit, ...] = ()
    caveats: tuple[Caveat, ...] = ()

    @property
    def statement(self) -> str:
        """The sentence with its values filled in."""
        values: dict[str, list[str]] = {}
        for m in self.measurements:
            values.setdefault(m.key, []).append(str(m.value))
        return self.template.format_map({key: ", ".join(vs) for key, vs in values.items()})
