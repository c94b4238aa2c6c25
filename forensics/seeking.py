"""Looking for earlier copies of a file in hand: sign and hear it, ask the ledger, say what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from forensics.codec import plain, revive
from forensics.copies import outcome as copy_search
from forensics.copies.confirmed import (
    Comparison,
    Confirmed,
    Course,
    Followed,
    Moved,
    Moving,
)
from forensics.copies.search import find_copies
from forensics.errors import ForensicsError, MediaError
from forensics.media.worker import Watch, Worker
from forensics.model import (
    Asset,
    Copy,
    CopyIndex,
    Failed,
    Look,
    Outcome,
    Searched,
    StreamType,
)
from forensics.readings import Reading
from forensics.signatures.levels import load_levels
from forensics.signatures.signed import Heard, Signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What the search for earlier copies came to.

    Attributes:
        copies: Strongest first.
        searched: What was looked through; None where the search failed.
        outcome: The same for the verdict: "earlier-copies".
    """

    copies: tuple[Copy, ...]
    searched: Searched | None
    outcome: Outcome


def first_received(asset: Asset, index: CopyIndex, clock: Callable[[], datetime]) -> str:
    """Returns the RFC 3339 time at which an asset was first received here: now, if it is new."""
    known = index.known(asset.sha256)
    met = known is not None and known.listed_by is None  # a list of hashes brings no file
    return known.first_seen if known and met else clock().strftime("%Y-%m-%dT%H:%M:%SZ")


def sign(reading: Reading, worker: Worker, watch: Watch | None = None) -> Signed:
    """Returns an asset's pictures, signed.

    Raises:
        ForensicsError: The pictures could not be decoded or signed.
    """
    answer = worker.call(
        "forensics.signatures.task:sign_samples", watch=watch, folder=str(reading.folder)
    )
    return revive(answer, Signed)


def hear(reading: Reading, worker: Worker, watch: Watch | None = None) -> Heard | None:
    """Returns what is heard of an asset's main sound track; None if it has none.

    Raises:
        LimitExceeded: It could not be heard within the limits.
        MediaError: It could not be read.
    """
    demuxer = reading.taken.identity.demuxer
    if demuxer is None or all(s.type is not StreamType.AUDIO for s in reading.asset.streams):
        return None
    answer = worker.call(
        "forensics.signatures.hear:hear", watch=watch, folder=str(reading.folder), demuxer=demuxer
    )
    return revive(answer, Heard)


def seek(
    reading: Reading,
    received_at: str,
    *,
    worker: Worker,
    ledger: CopyIndex,
    watch: Watch | None = None,
) -> tuple[Signed, Sought]:
    """Signs pictures and sound and looks for copies among what the ledger met earlier.

    What cannot be read of either leaves the search of the other as it is, and the outcome says so. Where the
    pictures cannot be read and nothing else finds a copy, the search as a whole has failed.

    Returns:
        What is recorded of the asset, also where the search failed; and what the search came to.
    """
    asset = reading.asset
    signed, unsigned = Signed(), ""
    try:
        try:
            signed = sign(reading, worker, watch)
        except MediaError as error:
            unsigned = f"The pictures could not be searched for: {error}"
        try:
            heard = hear(reading, worker, watch)
        except MediaError as error:
            note = f"The sound could not be heard: {error}"
            heard = Heard(codes=None, seconds=Fraction(0), notes=(note,))
        signed = replace(signed, heard=heard)
        sound = load_levels(reading.folder) if heard is not None and heard.codes else None
        compare = _InWorker(reading, worker, watch)
        copies, searched = find_copies(asset, signed, ledger, compare, sound)
    except ForensicsError as error:
        return signed, _failed(str(error))
    if unsigned:
        searched = replace(searched, notes=(unsigned, *searched.notes))
        if not copies:
            return signed, _failed(" ".join((*searched.notes, *_heard_in_vain(searched))))
    outcome = copy_search.as_outcome(copies, searched, asset, received_at)
    return signed, Sought(copies=copies, searched=searched, outcome=outcome)


def _heard_in_vain(searched: Searched) -> Iterator[str]:
    if searched.listened:
        yield (
            f"No copy was found by its sound, of which {searched.listened} s could be asked with; it was "
            f"compared with that of {searched.sounds} other asset{'' if searched.sounds == 1 else 's'}."
        )


def _failed(why: str) -> Sought:
    failed = Outcome(
        analysis=copy_search.NAME,
        version=copy_search.VERSION,
        examines=copy_search.EXAMINES,
        result=Failed(error=why),
    )
    return Sought(copies=(), searched=None, outcome=failed)


class _InWorker:
    """Compares pictures of a reading in the worker (`forensics.copies.comparing.Compare`)."""

    def __init__(self, reading: Reading, worker: Worker, watch: Watch | None) -> None:
        self._folder = str(reading.folder)
        self._worker = worker
        self._watch = watch

    def register(
        self, looks: Sequence[Look], pairs: Sequence[Comparison]
    ) -> Sequence[Confirmed | None]:
        answer = self._worker.call(
            "forensics.copies.compare:compare_pictures",
            watch=self._watch,
            folder=self._folder,
            looks=plain(tuple(looks)),
            pairs=plain(tuple(pairs)),
        )
        return revive(answer, tuple[Confirmed | None, ...])

    def motion(self, looks: Sequence[Look], pairs: Sequence[Moving]) -> Sequence[Moved | None]:
        try:
            answer = self._worker.call(
                "forensics.copies.motion:look_at_motion",
                watch=self._watch,
                folder=self._folder,
                looks=plain(tuple(looks)),
                moving=plain(tuple(pairs)),
                seconds=_DECODING,
            )
        except MediaError:  # the pictures agree; that they could not be looked at further is told
            return [None for _ in pairs]
        return revive(answer, tuple[Moved | None, ...])

    def follow(self, looks: Sequence[Look], courses: Sequence[Course]) -> Sequence[Followed | None]:
        try:
            answer = self._worker.call(
                "forensics.copies.course:follow_courses",
                watch=self._watch,
                folder=self._folder,
                looks=plain(tuple(looks)),
                courses=plain(tuple(courses)),
                seconds=_DECODING,
            )
        except MediaError:  # what single pictures say stands
            return [None for _ in courses]
        return revive(answer, tuple[Followed | None, ...])


_DECODING = 60.0
"""Seconds that decoding a little more of a video may take."""
