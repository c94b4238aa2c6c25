"""One reading of an asset: probe it, decode it once, and leave a working copy for everything after.

Runs in a worker. What it made lies in the scratch folder; what it says is plain JSON.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forensics.errors import ForensicsError, LimitExceeded, MediaError
from forensics.media import ffmpeg, seen, stills
from forensics.media.places import NAMES
from forensics.media.prepared import Prepared
from forensics.media.probe import NO_TIME, UNKNOWN, read_container
from forensics.media.samples import PIXELS, StoredSamples
from forensics.media.worker import report_progress
from forensics.model import MediaKind, Probe, Sample, SamplePlan, Stream, StreamType

LONG_SIDE = 512
EVERY = Fraction(1)
MAX_SAMPLES = 1800
MAX_KEYFRAMES_PER_SECOND = 2
"""Above this, keyframes tell no more than the uniform samples (each picture is one)."""

QUICK = "Only keyframes were taken, as was asked for: what lies between them was not looked at."
QUICK_APART, QUICK_PICTURES = 6, 12
"""Keyframes are taken so many seconds apart, or nearer where a short video would give fewer than so many."""

SPARING = "Pictures that no other depends on were not decoded; the next one was taken instead."
SPARED_CODECS = frozenset({"h264", "hevc"})
"""Their packets state whether another picture depends on them, and decoders go by it."""
SPARED_SIZE, SPARED_RATE = 1280 * 720, 20
"""Pixels from which on decoding weighs much, and pictures a second at which the next one is near."""

DRAWING_SIDE = 1600
DRAWING_TRIAL = 64
PACKETS = "packets.npy"


def prepare(
    folder: str,
    kind: str,
    mime: str,
    demuxer: str | None,
    pixel_limit: int,
    seconds: float,
    quick: bool = False,
) -> Any:
    """Worker task: reads `folder/asset` and fills `folder`; returns `Prepared` as JSON values."""
    work = Path(folder)
    asset_kind = MediaKind(kind)
    if asset_kind is MediaKind.GEODATA:
        probe = Probe(container=NAMES[mime])
        prepared = Prepared(kind=asset_kind, probe=probe, plan=None, samples=())
    elif asset_kind in {MediaKind.VIDEO, MediaKind.AUDIO}:
        assert demuxer is not None  # noqa: S101 - identify gives one for these kinds
        prepared = _prepare_streams(work, asset_kind, demuxer, pixel_limit, seconds, quick)
    else:
        prepared = _prepare_pictures(work, asset_kind, mime, pixel_limit, seconds)
    return prepared.save(work)


def load_samples(folder: Path, prepared: Prepared) -> StoredSamples:
    """Returns the pictures of the working copy.

    Raises:
        MediaError: There are none, and why.
    """
    if prepared.trouble:
        raise MediaError(prepared.trouble)
    plan = prepared.plan or SamplePlan(keyframes=False, every=None, limit=0, long_side=None)
    return StoredSamples(folder, plan, prepared.samples)


def _prepare_streams(
    work: Path, kind: MediaKind, demuxer: str, pixel_limit: int, seconds: float, quick: bool
) -> Prepared:
    try:
        found = read_container(work / "asset", demuxer)
    except ForensicsError as error:
        return _nothing(kind, None, error)
    probe = found.probe
    np.save(work / PACKETS, found.packets)
    seen.save(work, found.seen)
    picture = main_picture_stream(probe)
    if picture is None:
        sound = any(s.type is StreamType.AUDIO for s in probe.streams)
        trouble = "" if sound else "The container holds no pictures and no sound."
        kind = MediaKind.AUDIO if sound else MediaKind.VIDEO
        return Prepared(kind=kind, probe=probe, plan=None, samples=(), trouble=trouble)
    try:
        plan = sampling(picture, probe.duration, quick=quick)
        samples: tuple[Sample, ...] = ()
        if spares(picture, plan):
            with contextlib.suppress(MediaError):  # all is decoded instead
                samples, notes = _decode_video(
                    work, demuxer, probe, picture, plan, pixel_limit, seconds, sparing=True
                )
        if samples and _each_span_seen(work, picture, plan, samples):
            plan = replace(plan, note=f"{plan.note} {SPARING}".strip())
        else:
            samples, notes = _decode_video(
                work, demuxer, probe, picture, plan, pixel_limit, seconds
            )
    except ForensicsError as error:
        return _nothing(MediaKind.VIDEO, probe, error)
    return Prepared(kind=MediaKind.VIDEO, probe=probe, plan=plan, samples=samples, notes=notes)


def _nothing(kind: MediaKind, probe: Probe | None, error: ForensicsError) -> Prepared:
    return Prepared(
        kind=kind,
        probe=probe,
        plan=None,
        samples=(),
        trouble=str(error),
        limited=isinstance(error, LimitExceeded),
    )


def main_picture_stream(probe: Probe) -> Stream | None:
    """Returns the moving picture to look at: the one with most packets, the first of equals.

    A sound file's cover picture has one packet beside a sound stream; it is not the asset's picture.
    """
    moving = [s for s in probe.streams if s.type is StreamType.VIDEO and s.packets]
    sound = any(s.type is StreamType.AUDIO for s in probe.streams)
    best = max(moving, key=lambda s: s.packets or 0, default=None)
    covers = {"mjpeg", "png", "bmp", "gif"}
    return None if best and sound and best.packets == 1 and best.codec in covers else best


def sampling(stream: Stream, duration: Fraction | None, *, quick: bool = False) -> SamplePlan:
    """Returns the plan for one moving picture: keyframes, and one picture a second unless it is `quick`.

    Long videos are sampled more thinly so that no more than `MAX_SAMPLES` are taken; where nearly every
    picture is a keyframe, keyframes are not taken as such. The plan says so.
    """
    notes = []
    length = duration or Fraction(0)
    keys = stream.keyframes or 0
    keyframes = bool(keys) and keys <= max(Fraction(1), MAX_KEYFRAMES_PER_SECOND * length)
    if not keyframes:
        notes.append(f"Keyframes not taken as such: {keys} in {float(length):.0f} s.")
    if quick and 0 < keys <= MAX_SAMPLES:
        step = apart(length)
        thinned = f" Of keyframes within {float(step):.1f} s of each other the first was taken."
        return SamplePlan(
            keyframes=True,
            every=None,
            limit=MAX_SAMPLES,
            long_side=LONG_SIDE,
            note=QUICK + (thinned if keys * step > length else ""),
        )
    every, room = EVERY, MAX_SAMPLES - (keys if keyframes else 0)
    if keyframes and room < MAX_SAMPLES // 2:
        keyframes, room = False, MAX_SAMPLES
        notes.append(f"Keyframes not taken as such: there are {keys}.")
    while length / every > room:
        every += 1
    if every != EVERY:
        notes.append(f"One picture in {every} s instead of {EVERY} s: the video is long.")
    return SamplePlan(
        keyframes=keyframes,
        every=every,
        limit=MAX_SAMPLES,
        long_side=LONG_SIDE,
        note=" ".join(notes),
    )


def apart(length: Fraction) -> Fraction:
    """Returns how many seconds lie at least between the keyframes that a quick look takes."""
    return min(Fraction(QUICK_APART), length / QUICK_PICTURES)


def spares(stream: Stream, plan: SamplePlan) -> bool:
    """Returns whether pictures that no other depends on may be left out of decoding."""
    return (
        plan.every is not None
        and stream.codec in SPARED_CODECS
        and (stream.width or 0) * (stream.height or 0) >= SPARED_SIZE
        and (stream.frame_rate or 0) >= SPARED_RATE
        and bool(stream.picture_types.get("B"))
    )


def reduced(width: int, height: int, rotation: int, long_side: int) -> tuple[int, int]:
    """Returns width and height after turning upright and reducing to `long_side`; never enlarged."""
    if rotation % 180:
        width, height = height, width
    longer = max(width, height)
    if longer <= long_side:
        return width, height
    return (
        max(1, round(width * long_side / longer)),
        max(1, round(height * long_side / longer)),
    )


def _decode_video(
    work: Path,
    demuxer: str,
    probe: Probe,
    stream: Stream,
    plan: SamplePlan,
    pixel_limit: int,
    seconds: float,
    *,
    sparing: bool = False,
) -> tuple[tuple[Sample, ...], tuple[str, ...]]:
    if stream.codec == UNKNOWN:
        raise MediaError("The video is coded in a way that cannot be decoded here.")
    if not stream.width or not stream.height:
        raise MediaError("The video states no picture size.")
    stills.refuse_if_large(stream.width, stream.height, pixel_limit)
    width, height = reduced(stream.width, stream.height, stream.rotation, LONG_SIDE)
    pixels, times = work / PIXELS, work / "times.txt"
    expected = (float((probe.duration or 0) / plan.every) if plan.every else 0.0) + (
        (stream.keyframes or 0) if plan.keyframes else 0
    )

    def watch() -> None:
        done = pixels.stat().st_size / (width * height * 3) if pixels.exists() else 0
        report_progress("decoding", done / max(expected, 1.0))

    complaints = ffmpeg.decode(
        work / "asset",
        demuxer,
        ffmpeg.Reduction(
            stream=stream.index,
            keyframes=plan.keyframes,
            every=plan.every,
            limit=plan.limit,
            width=width,
            height=height,
            threads=min(4, os.cpu_count() or 1),
            apart=apart(probe.duration or Fraction(0)),
            sparing=sparing,
        ),
        pixels=pixels,
        times=times,
        seconds=seconds,
        watch=watch,
    )
    samples = _timed(work, times, stream, width, height)
    notes = (f"The decoder complained {len(complaints)} times.",) if complaints else ()
    if not samples:
        raise MediaError("No picture could be decoded from the video.")
    return samples, notes


def _each_span_seen(
    work: Path, stream: Stream, plan: SamplePlan, samples: Sequence[Sample]
) -> bool:
    """Returns whether every span of the plan that holds pictures gave one, but for the last.

    Where most pictures are such that no other depends on them, leaving them out would leave gaps.
    """
    assert plan.every is not None  # noqa: S101 - as `spares` demands
    packets = np.load(work / PACKETS, allow_pickle=False)
    ticks = packets["pts"][packets["stream"] == stream.index]
    if (ticks == NO_TIME).any() or not stream.time_base:
        return False
    width = plan.every / stream.time_base
    span = (ticks - ticks.min()) * width.denominator // width.numerator
    held = set(span.tolist()) - {int(span.max())}
    return held <= {int(sample.time // plan.every) for sample in samples}


def _timed(work: Path, times: Path, stream: Stream, width: int, height: int) -> tuple[Sample, ...]:
    """Exact times from the decoder's own list, from the first shown picture on.

    Where the container leaves presentation times out, the decoder's are counted from the first picture;
    a picture without a time of its own, or with one that runs backwards, is put one tick after the last.
    """
    packets = np.load(work / PACKETS, allow_pickle=False)
    mine = packets[packets["stream"] == stream.index]
    stated = mine["pts"] != NO_TIME
    keys = set(np.where(stated, mine["pts"], mine["dts"])[mine["key"]].tolist())
    lines = [line.split(" ") for line in times.read_text().splitlines()]
    ticks = [int(tick) for tick, _ in lines]
    tick = next((Fraction(base) for _, base in lines), Fraction(0))
    start = (stream.start or Fraction(0)) if stated.all() else next(iter(ticks), 0) * tick
    samples: list[Sample] = []
    for index in range(min(len(ticks), (work / PIXELS).stat().st_size // (width * height * 3))):
        earliest = samples[-1].time + tick if samples else Fraction(0)
        samples.append(
            Sample(
                index=index,
                time=max(earliest, ticks[index] * tick - start),
                keyframe=ticks[index] in keys,
                width=width,
                height=height,
            )
        )
    return tuple(samples)


def _prepare_pictures(
    work: Path, kind: MediaKind, mime: str, pixel_limit: int, seconds: float
) -> Prepared:
    asset, pixels = work / "asset", work / PIXELS
    probe = None
    try:
        if kind is MediaKind.DRAWING:
            plan, samples = _draw(work, seconds)
            probe = Probe(container="SVG", pictures=1)
        elif kind is MediaKind.DOCUMENT:
            probe = stills.probe_pdf(asset)
            plan, samples = stills.decode_pdf(asset, pixels, pixel_limit)
        else:
            probe = stills.probe_still(asset, mime, pixel_limit)
            plan, samples = stills.decode_still(asset, mime, pixels, pixel_limit)
    except ForensicsError as error:
        return _nothing(kind, probe, error)
    return Prepared(kind=kind, probe=probe, plan=plan, samples=tuple(samples))


def _draw(work: Path, seconds: float) -> tuple[SamplePlan, list[Sample]]:
    """Rasterises an SVG on white through ffmpeg's librsvg, which follows no links to other files.

    It is drawn small first, to learn its shape: the size that it states may be anything.
    """
    small = _drawn(work, DRAWING_TRIAL, seconds)
    height = small.shape[0]
    wide = DRAWING_SIDE if height <= DRAWING_TRIAL else DRAWING_SIDE * DRAWING_TRIAL // height
    picture = _drawn(work, max(1, wide), seconds)
    (work / PIXELS).write_bytes(picture.tobytes())
    plan = SamplePlan(
        keyframes=True,
        every=None,
        limit=1,
        long_side=None,
        note=f"Drawn {DRAWING_SIDE} pixels on the longer side, on white.",
    )
    height, width, _ = picture.shape
    return plan, [Sample(index=0, time=Fraction(0), keyframe=True, width=width, height=height)]


def _drawn(work: Path, width: int, seconds: float) -> NDArray[np.uint8]:
    drawn = work / "drawn.pam"
    try:
        ffmpeg.draw(work / "asset", width, picture=drawn, seconds=seconds)
    except LimitExceeded:
        raise
    except MediaError as error:  # the decoder's own words say nothing of the cause
        raise MediaError(
            "The drawing cannot be drawn: it is damaged, has no area, or is larger than is drawn.",
            hint="Ask for a picture of it, and say who made that picture.",
        ) from error
    data = drawn.read_bytes()
    found = re.match(rb"P7\nWIDTH (\d+)\nHEIGHT (\d+)\nDEPTH 4\n(?:[A-Z].*\n)*?ENDHDR\n", data)
    if not found:
        raise MediaError("The drawing came out empty.")
    shape = (int(found[2]), int(found[1]), 4)
    layer = np.frombuffer(data, np.uint8, math.prod(shape), found.end()).reshape(shape)
    white = 255 - layer[..., 3:]  # its colours are already multiplied by their opacity
    return np.minimum(layer[..., :3], 255 - white) + white
