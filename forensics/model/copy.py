"""A copy: another asset that shares pictures or sound with the one in hand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from forensics.model.asset import Appearance, MediaKind, Sha256
from forensics.model.claim import Span


class Relation(StrEnum):
    """How two assets are alike."""

    COPY = "copy"
    SAME_SCENE = "same-scene"
    SAME_SOUND = "same-sound"
    SAME_STREAM = "same-stream"
    """The coded pictures (or sound) are bit for bit the same, in another wrapper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One signature of the index that lies within the radius of one that was asked for.

    Attributes:
        query: Position among the codes asked for, from 0.
        asset: Whose signature it is.
        time: Where it stands in that asset, in seconds.
        distance: Bits that differ.
    """

    query: int
    asset: Sha256
    time: Fraction
    distance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """How much one picture that was asked for has in common with one of the index, by their local codes.

    Attributes:
        query: Position among the pictures asked for, from 0.
        asset: Whose picture it is.
        time: Where it stands in that asset, in seconds.
        votes: Codes of the picture asked for that have one within the radius there.
        weight: The same, each code counted 1000 divided by the number of assets in which it has one:
            what occurs everywhere (an ident, a typeface) hardly counts.
    """

    query: int
    asset: Sha256
    time: Fraction
    votes: int
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAsset:
    """What the ledger knows of an asset it has met.

    Attributes:
        sha256: Its name.
        kind: What it is.
        name: File name as received, or "(redacted)".
        first_seen: RFC 3339 time of its first entry here.
        appearances: Where it was seen, earliest first; receipt here included.
        listed_by: Who published the list of hashes that is all that is known of it; None otherwise.
        points: Picture points of its largest picture, as its container states it; None where not known.
    """

    sha256: Sha256
    kind: MediaKind
    name: str
    first_seen: str
    appearances: tuple[Appearance, ...] = ()
    listed_by: str | None = None
    points: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopySpan:
    """The same pictures on both sides, in seconds from the start of each asset."""

    query: Span
    copy: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An asset met before that shares pictures or sound with the one in hand.

    Attributes:
        relation: How they are alike.
        asset: The other asset.
        spans: Where they are alike; empty where time means nothing.
        transform: What was done to the pictures, in words; "none seen" where nothing shows.
        distance: Median of the differing bits over the matched pairs; 0 for equal streams; None where codes
            did not decide: pictures were laid over each other, or sounds were compared.
        pairs: How many pairs of pictures agree.
        scheme: Signature scheme that found it.
        frames: Times of the best pair, in seconds: in the asset in hand, in the other.
        more: Times of a few further pairs, as in `frames`, from the beginning to the end of what agrees.
        tiles: Places compared after the pairs had been laid over each other; 0: codes alone decided.
        agree: How many of them agree.
        placement: How the other's picture of the best pair lies on the one in hand: 3 × 3, row by row,
            shares of its width and height to those of the picture in hand; empty where not registered.
        part: Thousandths of the other's picture that are seen in the one in hand; 1000 where not known.
    """

    relation: Relation
    asset: KnownAsset
    spans: tuple[CopySpan, ...]
    transform: str
    distance: int | None
    pairs: int
    scheme: str
    frames: tuple[Fraction, Fraction] | None = None
    tiles: int = 0
    agree: int = 0
    placement: tuple[Fraction, ...] = ()
    part: int = 1000
    more: tuple[tuple[Fraction, Fraction], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What a search looked through, so that "none found" means something.

    Attributes:
        signatures: Signatures in the index, over the schemes asked.
        assets: Assets in the index other than the one in hand.
        schemes: Which were compared.
        radius: Bits within which a signature counts as a hit, per scheme in the same order; of sound, how
            many of 32 may differ in the mean over two seconds, uncertain bits counting for less.
        queries: Signatures asked with; pictures with too little in them are left out.
        skipped: Pictures left out for that.
        common: Pictures left out because they occur in so many assets here (an ident, a countdown).
        compared: Pairs of pictures that were registered and compared.
        sounds: Assets other than the one in hand with whose sound its own was compared.
        listened: Seconds of its sound that were asked with; silence, hum, noise and bare tones are not.
        notes: What could not be looked at or was left out, one sentence each.
    """

    signatures: int
    assets: int
    schemes: tuple[str, ...]
    radius: tuple[int, ...]
    queries: int
    skipped: int
    common: int = 0
    compared: int = 0
    sounds: int = 0
    listened: int = 0
    notes: tuple[str, ...] = ()
