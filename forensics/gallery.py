"""Collects the pictures that a report shows: frames, exhibits, and copies side by side.

A picture that cannot be made is left out; the report's words do not depend on it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from forensics.codec import ratio, revive
from forensics.errors import ForensicsError, MediaError
from forensics.media.limits import Limits
from forensics.media.prepared import Prepared
from forensics.media.worker import Worker
from forensics.model import (
    Copy,
    CopyIndex,
    Exhibit,
    Ledger,
    Look,
    Outcome,
    Picture,
    Report,
    Sha256,
)

FRAMES = 12
"""Frames on the contact sheet."""

COPIES = 6
"""Copies shown side by side."""


def originals(copies: Sequence[Copy], ledger: Ledger) -> dict[Sha256, Path]:
    """Returns the stored originals that a report with these copies opens again."""
    wanted = [copy.asset.sha256 for copy in copies[:COPIES] if copy.frames is not None]
    kept = {sha256: ledger.kept(sha256) for sha256 in wanted}
    return {sha256: path for sha256, path in kept.items() if path is not None}


def kept_looks(
    copies: Sequence[Copy], opened: Mapping[Sha256, Path], index: CopyIndex
) -> dict[Sha256, tuple[Look, ...]]:
    """Returns the reduced pictures to show of copies whose originals are not opened."""
    found: dict[Sha256, tuple[Look, ...]] = {}
    for copy in copies[:COPIES]:
        if copy.frames is not None and copy.asset.sha256 not in opened:
            times = sorted({time for _, time in (copy.frames, *copy.more)})
            looks = [look for look in index.looks(copy.asset.sha256, times) if look.thumbnail]
            if looks:
                found[copy.asset.sha256] = (*found.get(copy.asset.sha256, ()), *looks)
    return found


def pictures(
    report: Report,
    prepared: Prepared,
    folder: Path,
    worker: Worker,
    opened: Mapping[Sha256, Path],
    looks: Mapping[Sha256, Sequence[Look]],
    limits: Limits,
) -> tuple[Picture, ...]:
    """Returns the pictures of a report, while its scratch folder is there.

    Args:
        report: The report.
        prepared: What was read of the asset.
        folder: The scratch folder.
        worker: Reads the media, under limits.
        opened: The `originals` that are recorded as accessed.
        looks: What is shown where there is no original (`kept_looks`).
        limits: For the worker.
    """
    return (
        *frames(prepared, folder, worker),
        *_exhibits(report, folder),
        *of_copies(report.copies, prepared, folder, worker, opened, looks, limits),
    )


def frames(
    prepared: Prepared, folder: Path, worker: Worker, number: int = FRAMES
) -> Iterator[Picture]:
    """Yields pictures of an asset, evenly over its length, while the scratch folder is there."""
    count = len(prepared.samples)
    wanted = min(number, count)
    chosen = sorted({round(i * (count - 1) / max(1, wanted - 1)) for i in range(wanted)})
    for index, made in _thumbnails(chosen, folder, worker):
        sample = prepared.samples[index]
        caption = f"Picture {index + 1} of {len(prepared.samples)}."
        yield from _picture(made, folder, f"frame/{index}", caption, sample.time)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """What a worker says of a picture that it left in the scratch folder."""

    path: str
    width: int
    height: int


def _thumbnails(indices: list[int], folder: Path, worker: Worker) -> list[tuple[int, _Made]]:
    with suppress(ForensicsError):
        made = revive(
            worker.call("forensics.media.gallery:thumbnails", folder=str(folder), indices=indices),
            tuple[_Made, ...],
        )
        return list(zip(indices, made, strict=False))
    return []


def exhibits(outcomes: Sequence[Outcome], folder: Path) -> Iterator[tuple[Outcome, Exhibit, Path]]:
    """Yields each exhibit of outcomes with the file that holds it, while the scratch folder is there."""
    for outcome in outcomes:
        for finding in outcome.findings:
            for e in finding.exhibits:
                yield outcome, e, folder / "analyses" / outcome.analysis / Path(e.path).name


def keep_exhibits(outcomes: Sequence[Outcome], folder: Path, ledger: Ledger) -> None:
    """Stores the exhibits under the digests that their entries name, for reports that are made later."""
    for _, exhibit, path in exhibits(outcomes, folder):
        ledger.keep(path, Sha256(exhibit.sha256))


def shown(outcome: Outcome, exhibit: Exhibit, data: bytes) -> Picture:
    """Returns an exhibit as a picture of a report."""
    return Picture(
        id=f"exhibit/{outcome.analysis}/{exhibit.id}",
        caption=exhibit.caption,
        mime=exhibit.mime,
        data=data,
        width=exhibit.width,
        height=exhibit.height,
    )


def _exhibits(report: Report, folder: Path) -> Iterator[Picture]:
    for outcome, exhibit, path in exhibits(report.outcomes, folder):
        with suppress(OSError):
            yield shown(outcome, exhibit, path.read_bytes())


def of_copies(
    copies: Sequence[Copy],
    prepared: Prepared,
    folder: Path,
    worker: Worker,
    opened: Mapping[Sha256, Path],
    looks: Mapping[Sha256, Sequence[Look]],
    limits: Limits,
) -> Iterator[Picture]:
    """Yields what shows copies beside an asset; the arguments are those of `pictures`."""
    for number, copy in enumerate(copies[:COPIES]):
        if copy.frames is None:
            continue
        mine, theirs = copy.frames
        nearest = min(prepared.samples, key=lambda s: (abs(s.time - mine), s.index))
        for _, made in _thumbnails([nearest.index], folder, worker):
            yield from _picture(made, folder, f"copy/{number}/query", "This asset.", mine)
        with suppress(ForensicsError):
            other, said = _other(copy, theirs, str(number), folder, worker, opened, looks, limits)
            yield from _picture(other, folder, f"copy/{number}/copy", said, theirs)
            for task, caption in _LAID.items() if copy.placement else ():
                answer = worker.call(
                    f"forensics.copies.shown:{task}_picture",
                    folder=str(folder),
                    index=nearest.index,
                    other=other.path,
                    placement=[ratio(value) for value in copy.placement],
                    name=f"{task}-{number}",
                )
                made = revive(answer, _Made)
                yield from _picture(made, folder, f"copy/{number}/{task}", caption, mine)
        yield from _further(copy, prepared, number, folder, worker, opened, looks, limits)


def _further(
    copy: Copy,
    prepared: Prepared,
    number: int,
    folder: Path,
    worker: Worker,
    opened: Mapping[Sha256, Path],
    looks: Mapping[Sha256, Sequence[Look]],
    limits: Limits,
) -> Iterator[Picture]:
    """Yields the further pairs of a copy, each only where both of its pictures can be had."""
    for place, (mine, theirs) in enumerate(copy.more):
        nearest = min(prepared.samples, key=lambda s: (abs(s.time - mine), s.index))
        with suppress(ForensicsError):
            name = f"{number}-{place}"
            other, said = _other(copy, theirs, name, folder, worker, opened, looks, limits)
            for _, made in _thumbnails([nearest.index], folder, worker):
                for what, one, caption, time in (
                    ("query", made, "This asset.", mine),
                    ("copy", other, said, theirs),
                ):
                    yield from _picture(
                        one, folder, f"copy/{number}/more/{place}/{what}", caption, time
                    )


OVERLAY = (
    "The other asset's picture laid on this one: grey where both agree, red or cyan where they do not; "
    "the line marks its edge."
)
_LAID = {
    "overlay": OVERLAY,
    "laid": "The other asset's picture, turned, scaled and moved into the frame of this one.",
}


def _other(
    copy: Copy,
    time: Fraction,
    name: str,
    folder: Path,
    worker: Worker,
    opened: Mapping[Sha256, Path],
    looks: Mapping[Sha256, Sequence[Look]],
    limits: Limits,
) -> tuple[_Made, str]:
    """Returns the other asset's picture, from its original or as the ledger keeps it, and what to say."""
    original = opened.get(copy.asset.sha256)
    if original is not None:
        answer = worker.call(
            "forensics.media.gallery:picture_at",
            source=str(original),
            folder=str(folder),
            name=f"copy-{name}",
            time=ratio(time),
            pixel_limit=limits.pixels,
            seconds=limits.seconds - 1,
        )
        return revive(answer, _Made), "The asset met earlier."
    kept = looks.get(copy.asset.sha256)
    if not kept:
        raise MediaError("Nothing of the other asset's pictures is kept.")
    look = min(kept, key=lambda one: (abs(one.time - time), one.time))
    made = _kept_reduced(look, folder, f"copy-{name}", worker)
    return made, "The asset met earlier, reduced: its original is not kept here."


def reduced(
    look: Look,
    folder: Path,
    id: str,  # noqa: A002 - as the picture calls it
    caption: str,
    worker: Worker,
) -> Iterator[Picture]:
    """Yields a picture as the ledger keeps it, read in the worker: it may come from another desk.

    Raises:
        ForensicsError: It is no picture.
    """
    made = _kept_reduced(look, folder, id.replace("/", "-"), worker)
    yield from _picture(made, folder, id, caption, look.time)


def _kept_reduced(look: Look, folder: Path, name: str, worker: Worker) -> _Made:
    answer = worker.call(
        "forensics.copies.shown:reduced_picture",
        folder=str(folder),
        thumbnail=b64encode(look.thumbnail).decode("ascii"),
        name=name,
    )
    return revive(answer, _Made)


def _picture(
    made: _Made,
    folder: Path,
    id: str,  # noqa: A002 - as the picture's field
    caption: str,
    time: Fraction,
) -> Iterator[Picture]:
    """The picture, read from our own folder whatever path the worker names; nothing if it is not there."""
    with suppress(OSError):
        yield Picture(
            id=id,
            caption=caption,
            mime="image/jpeg",
            data=(folder / Path(made.path).name).read_bytes(),
            width=made.width,
            height=made.height,
            time=time,
        )
