"""What the worker is asked about two pictures, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from forensics.model import Relation

NONE_SEEN = "none seen"
"""Said where nothing was done to the pictures, as far as comparing them shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """How a reference picture lies on a query picture, and how far the two agree.

    Attributes:
        relation: COPY or SAME_SCENE: what this pair of pictures speaks for by itself.
        query: Time of the query picture, in seconds.
        reference: Time of the reference picture, in seconds.
        inliers: Distinct places that obey the transform.
        tiles: Tiles of the overlap with something to compare.
        agree: How many of them agree.
        closeness: Mean correlation of the tiles, in hundredths.
        matrix: Row by row, 3 × 3: shares of the reference's width and height to those of the query's.
        mirrored: The reference is seen mirrored.
        of_query: Share of the query's area that the reference covers, in thousandths.
        of_reference: Share of the reference's area that is on the query, in thousandths.
        words: What was done to the reference, "mirrored, cropped to 62 %"; "none seen" if nothing.
    """

    relation: Relation
    query: Fraction
    reference: Fraction
    inliers: int
    tiles: int
    agree: int
    closeness: int
    matrix: tuple[float, ...]
    mirrored: bool
    of_query: int
    of_reference: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One pair of pictures to be compared.

    Attributes:
        query: Time of the picture in hand, in seconds.
        look: Position of the known picture among those handed over.
    """

    query: Fraction
    look: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """A pair that agrees, to be looked at where something moves.

    Attributes:
        query: Time of the picture in hand, in seconds.
        look: Position of the known picture among those handed over.
        matrix: How it lies on the picture in hand, as in `Confirmed`.
    """

    query: Fraction
    look: int
    matrix: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How far two videos agree where something moves.

    Attributes:
        places: That move within the second around the pair; 0: it was looked at, and nothing does.
        agree: How many of them agree at the moment at which all of them together do so best.
        together: How many of them agree best at that moment themselves.
    """

    places: int
    agree: int
    together: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A line in time along which two videos are to be followed.

    Attributes:
        matrix: How the other lies on the one in hand throughout, as in `Confirmed`.
        speed: Seconds of the other that pass in one second of the one in hand.
        offset: Time in the other at which the one in hand begins, in seconds; may be off by about one.
        start: Of the passage, in seconds of the one in hand.
        end: The same.
    """

    matrix: tuple[float, ...]
    speed: Fraction
    offset: Fraction
    start: Fraction
    end: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """How far two videos take one course, at the offset at which they do so most.

    Attributes:
        alike: Correlation of their coarse brightness over places and time, in hundredths.
        strength: How much it changes, in tenths of a grey level (standard deviation, of the lesser).
        tiles: Tiles compared, over all pairs, laid by the one transform.
        agree: How many of them agree.
        pairs: Times of the pictures that were compared, in hand and in the other, in seconds.
    """

    alike: int
    strength: int
    tiles: int
    agree: int
    pairs: tuple[tuple[Fraction, Fraction], ...]
