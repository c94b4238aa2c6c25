"""The ports: what an analysis is, what it is handed, and what a ledger does for a check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from forensics.model.asset import Asset, Capability, MediaKind, Sha256
from forensics.model.case import Recorded
from forensics.model.container import Box
from forensics.model.copy import Hit, KnownAsset, Vote
from forensics.model.finding import Caveat, Exhibit, Finding, Pillar, Quantity
from forensics.model.part import Part
from forensics.model.sample import Look, Sample, SamplePlan

if TYPE_CHECKING:  # the vocabulary itself needs no numpy
    import numpy as np
    from numpy.typing import NDArray

    from forensics.index.postings import Postings


class Samples(Protocol):
    """The decoded pictures of the working copy, memory-mapped, in order of time."""

    plan: SamplePlan

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> Sample: ...

    def pixels(self, index: int) -> NDArray[np.uint8]:
        """Returns picture `index` as RGB, shape (height, width, 3), read-only."""
        ...


class Film(Protocol):
    """A small record of every picture of a video, memory-mapped, in order of time; not turned upright."""

    @property
    def codec(self) -> str:
        """The name of the coding ("h264", "hevc")."""
        ...

    @property
    def width(self) -> int:
        """Pixels of a picture, as the stream states them."""
        ...

    @property
    def height(self) -> int:
        """Pixels of a picture, as the stream states them."""
        ...

    @property
    def base(self) -> Fraction:
        """Seconds in a tick of the records' `time`."""
        ...

    @property
    def vectors(self) -> bool:
        """Whether motion vectors of this coding are told; where not, counts of blocks are -1."""
        ...

    @property
    def covered(self) -> Fraction:
        """Seconds from the start of the stream that were read."""
        ...

    @property
    def whole(self) -> bool:
        """Whether that is all of it; if not, `notes` says why."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out or could not be read, a sentence each."""
        ...

    @property
    def records(self) -> NDArray[np.void]:
        """One record a picture, fields as `forensics.media.filmed.RECORD` tells them; read-only."""
        ...

    @property
    def luma(self) -> NDArray[np.uint8]:
        """Small pictures of the brightness, shape (pictures, rows, columns); read-only."""
        ...

    def __len__(self) -> int: ...

    def time(self, index: int) -> Fraction:
        """Returns when picture `index` is shown, in seconds from the start of the stream."""
        ...


class Context(Protocol):
    """What an analysis is handed: shared, memoised readings of one asset.

    Attributes:
        path: The working copy of the file's bytes; reading it is allowed, writing is not.
        scratch: A folder of the analysis's own; the only place it may write.
        seed: For anything random; the same bytes give the same seed.
    """

    path: Path
    scratch: Path
    seed: int

    @property
    def samples(self) -> Samples:
        """The decoded pictures; empty for sound.

        Raises:
            MediaError: The pictures could not be decoded.
        """
        ...

    @property
    def film(self) -> Film:
        """Every picture of a video, up to a stated length; decoded when first asked for, once for all.

        Raises:
            NotFitting: The asset is no video.
            MissingCapability: The check is a quick one, which does not decode everything.
            LimitExceeded: It did not end in the time given to the first analysis that asked.
            MediaError: No picture could be decoded.
        """
        ...

    @property
    def carried(self) -> Part:
        """Everything that the file carries beside what it shows, as one tree (`forensics.inside`).

        What could not be read says so in its place, in `trouble`.
        """
        ...

    @property
    def boxes(self) -> Box | None:
        """The root of the ISO-BMFF box tree; None for other containers."""
        ...

    def check_deadline(self) -> None:
        """Call in long loops.

        Raises:
            LimitExceeded: The time given to this analysis is over.
        """
        ...

    def exhibit(self, id: str, picture: NDArray[np.uint8], caption: str) -> Exhibit:  # noqa: A002 - the model's word
        """Stores an RGB picture of shape (height, width, 3) as PNG and returns the exhibit."""
        ...


class Analysis(Protocol):
    """One question asked of an asset. One file each; none imports another.

    Attributes:
        name: Kebab-case, unique; also the entry point's name.
        version: Rises when results change.
        applies_to: Kinds of media it can say something about.
        needs: What must be installed.
        examines: Pillars that its findings can bear on.
        quantities: Everything it may measure.
        caveats: What it cannot show; rendered with every finding, in every format.
        viewing_aid: It helps the eye and can move no verdict.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    applies_to: ClassVar[frozenset[MediaKind]]
    needs: ClassVar[frozenset[Capability]]
    examines: ClassVar[frozenset[Pillar]]
    quantities: ClassVar[tuple[Quantity, ...]]
    caveats: ClassVar[tuple[Caveat, ...]]
    viewing_aid: ClassVar[bool]

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:
        """Yields findings in a fixed order; none means "examined, nothing found".

        Raises:
            NotFitting: This asset turns out to be none of its business (`forensics.registry`).
            ForensicsError: It could not come to an end; becomes a `Failed` outcome.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry before the ledger gives it a place, a time and an actor.

    Attributes:
        type: What kind of act it records ("asset-received", "outcome", "verdict"…).
        subject: What it is about, "sha256:<64 hex>" or another kind of name; or None.
        payload: JSON values without floats: objects, lists, text, integers within ±2^53, booleans, None.
        personal: Values that may tell about a private person, by JSON pointer-like key. The log
            keeps a salted commitment; the value can be deleted later.
        supersedes: Index of the entry that this one corrects, or None.
    """

    type: str
    subject: str | None
    payload: Mapping[str, Any]
    personal: Mapping[str, str] = field(default_factory=dict)
    supersedes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the ledger answers to an append.

    Attributes:
        entries: Indices of the new entries, in the order of the drafts.
        at: Their RFC 3339 time.
        size: Of the tree that the checkpoint signs.
        root: Its root, base64.
        checkpoint: The signed note, exact text.
        ledger: Path or address of the ledger.
        origin: The log's name, first line of its checkpoints.
    """

    entries: tuple[int, ...]
    at: str
    size: int
    root: str
    checkpoint: str
    ledger: str
    origin: str


class CopyIndex(Protocol):
    """The part of a ledger that searches for copies. Exact to the stated radius."""

    def nearest(self, scheme: str, codes: Sequence[bytes], radius: int) -> list[Hit]:
        """Returns every signature of `scheme` within `radius` bits of any code.

        Order: by query, then asset, then time.
        """
        ...

    def spread(self, scheme: str, codes: Sequence[bytes], radius: int) -> list[int]:
        """Returns in how many assets each code has a signature within the radius.

        What is very common (an ident, a countdown) tells nothing and brings hits without end.
        """
        ...

    def votes(
        self,
        scheme: str,
        pictures: Sequence[bytes],
        radius: int,
        *,
        limit: int,
        without: Sha256 | None = None,
    ) -> list[Vote]:
        """Returns which known pictures share most local codes with each picture asked for.

        Nearly exact while there are few codes, ever less so with many (`forensics.index.local`): candidates
        to be confirmed, never an answer.

        Args:
            scheme: A local one.
            pictures: Of each picture its codes, joined.
            radius: Bits within which a code counts as met again.
            limit: For each picture asked for, this many known ones at most, those of most weight.
            without: An asset to be left out.

        Returns:
            By query, then falling weight, falling votes, asset and time.
        """
        ...

    def looks(self, asset: Sha256, times: Sequence[Fraction]) -> list[Look]:
        """Returns what is kept of the pictures nearest to some times, each once, in order of time.

        The thumbnail is empty where it was deleted, or where another desk has it; nothing is returned for
        an asset whose pictures have no local codes and no thumbnails.
        """
        ...

    def sounds(self, scheme: str) -> Postings:
        """Returns the codes of sound of all known assets under a scheme, sorted to be looked up."""
        ...

    def same_stream(self, scheme: str, digests: Sequence[str]) -> list[tuple[str, Sha256]]:
        """Returns (digest, asset) for every known asset that has one of the stream digests."""
        ...

    def known(self, sha256: Sha256) -> KnownAsset | None:
        """Returns what is known of an asset, or None if it was never met."""
        ...

    def extent(self, schemes: Sequence[str], without: Sha256) -> tuple[int, int]:
        """Returns (signatures, assets) in the index, leaving out one asset."""
        ...


class Ledger(CopyIndex, Protocol):
    """Where a check is recorded, and where earlier copies are looked for."""

    def keep(self, path: Path, sha256: Sha256) -> Path:
        """Stores the bytes read-only under their digest; returns where. Keeps what is there already."""
        ...

    def kept(self, sha256: Sha256) -> Path | None:
        """Returns where the bytes of an asset are stored, or None if they were not kept."""
        ...

    def own(self, sha256: Sha256) -> KnownAsset | None:
        """Returns what is known of an asset that was received here; None if it never was."""
        ...

    def beginning(self, digits: str) -> list[Sha256]:
        """Returns the assets received here whose names begin with these digits, in order of name."""
        ...

    def append(self, drafts: Sequence[Draft]) -> Receipt:
        """Appends entries in order, signs a checkpoint, and logs the checkpoint; all or nothing.

        Raises:
            LedgerError: Nothing was recorded; says why and what to do.
        """
        ...


class CaseFile(Protocol):
    """The part of a ledger that cases are read from: no signatures, no pictures."""

    def size(self) -> int:
        """Returns how many entries the log has."""
        ...

    def opened(self) -> list[Recorded]:
        """Returns the entries that opened cases, oldest first."""
        ...

    def of_case(self, case: str) -> list[Recorded]:
        """Returns the entries that are about a case, or say that they belong to it, oldest first."""
        ...

    def of_asset(self, sha256: Sha256) -> list[Recorded]:
        """Returns the entries that tell what an asset is and what was found, oldest first."""
        ...

    def recorded(self, index: int) -> Recorded | None:
        """Returns one entry, of any type; None if there is none."""
        ...

    def known(self, sha256: Sha256) -> KnownAsset | None:
        """Returns what is known of an asset, or None if it was never met."""
        ...

    def beginning(self, digits: str) -> list[Sha256]:
        """Returns the assets received here whose names begin with these digits, in order of name."""
        ...


class CaseLedger(Ledger, CaseFile, Protocol):
    """A ledger that cases are read from and written to."""
