"""What the times and types of packets say: steady or varying rate, gaps, overlaps, groups of pictures.

All of it is measured on the packets; nothing is decoded.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from forensics.inside.codednames import AVC_FIRSTS, HEVC_FIRSTS
from forensics.inside.making import part
from forensics.inside.window import Window
from forensics.media.probe import NO_TIME
from forensics.media.seen import Seen
from forensics.media.units import Coding
from forensics.model import Part, Stream

LISTED: Final = 20
"""Gaps and overlaps that are listed one by one."""
PATTERN: Final = 60
"""Types shown of the first group."""
_STEADY: Final = 0.95
"""Share of intervals that must be alike for the others to count as gaps."""
_TOLERANCE: Final = Fraction(2, 1000)
"""Seconds by which times of sound may be off: containers round them."""

Packets = NDArray[Any]


def seconds(value: Fraction) -> str:
    """Returns seconds to the nearest millisecond, "-0.021"."""
    thousandths = round(value * 1000)
    sign = "-" if thousandths < 0 else ""
    return f"{sign}{abs(thousandths) // 1000}.{abs(thousandths) % 1000:03}"


def timing(window: Window, stream: Stream, packets: Packets, *, pictures: bool) -> Part | None:
    """Returns "Timing" of one stream; None where its packets have no times.

    Args:
        window: Counts the parts.
        stream: Which one.
        packets: Its packets in stored order, as `forensics.media.probe.PACKET`.
        pictures: It is of pictures, which may be stored in another order than they are shown.
    """
    base = stream.time_base
    stated = packets[packets["pts"] != NO_TIME]
    if base is None or len(stated) < 2:
        return None
    found: list[Part] = []
    if len(stated) < len(packets):
        missing = len(packets) - len(stated)
        found.append(
            part(
                window, "without a time", missing, meaning="packets that state no time to be shown"
            )
        )
    dts = packets["dts"][packets["dts"] != NO_TIME]
    if back := int((np.diff(dts) < 0).sum()):
        found.append(
            part(
                window,
                "running backwards",
                back,
                meaning="packets to be decoded before an earlier one",
            )
        )
    order = np.argsort(stated["pts"], kind="stable")
    times, lengths = stated["pts"][order], stated["duration"][order].astype(np.int64)
    steps = np.diff(times)
    if same := int((steps == 0).sum()):
        found.append(
            part(
                window, "at the same time", same, meaning="packets shown at the time of another one"
            )
        )
    found.extend(
        _of_pictures(window, base, times, steps)
        if pictures
        else _of_sound(window, base, times, steps, lengths)
    )
    return part(window, "Timing", parts=tuple(found))


def _of_pictures(window: Window, base: Fraction, times: Packets, steps: Packets) -> Iterator[Part]:
    steps = np.where(steps > 0, steps, 0)
    moving = steps[steps > 0]
    if not len(moving):
        return
    usual = int(np.median(moving))
    alike = np.abs(steps - usual) <= 1
    share = float(alike.mean())
    if alike.all():
        yield part(
            window,
            "rate",
            "constant",
            meaning="all pictures are shown equally long, as far as can be told",
        )
    elif share >= _STEADY:
        yield part(
            window,
            "rate",
            "constant but for some",
            meaning=f"{int((~alike).sum())} of {len(steps)} intervals differ from the usual one",
        )
    else:
        kinds = len(np.unique(steps))
        yield part(
            window, "rate", "variable", meaning=f"{kinds} different intervals between pictures"
        )
    for name, value in (
        ("shortest", int(moving.min())),
        ("usual", usual),
        ("longest", int(steps.max())),
    ):
        yield part(window, name, seconds(value * base), meaning="seconds between pictures")
    if share >= _STEADY:
        late = np.flatnonzero(steps >= 2 * usual - 1)
        late = late[steps[late] > usual + 1]
        yield from _list(
            window, "Gaps", base, times, late, steps - usual, "seconds without a new picture"
        )


def _of_sound(
    window: Window, base: Fraction, times: Packets, steps: Packets, lengths: Packets
) -> Iterator[Part]:
    if not lengths.any():
        lengths = np.full(len(times), int(np.median(steps)))
    slack = max(2, int(_TOLERANCE / base))
    off = steps - lengths[:-1]
    gaps, overlaps = np.flatnonzero(off > slack), np.flatnonzero(off < -slack)
    yield from _list(window, "Gaps", base, times, gaps, off, "seconds without sound packets")
    yield from _list(window, "Overlaps", base, times, overlaps, -off, "seconds stated twice")
    if not len(gaps) and not len(overlaps):
        yield part(
            window, "rate", "without a gap", meaning="each packet begins where the last one ends"
        )


def _list(
    window: Window,
    name: str,
    base: Fraction,
    times: Packets,
    places: Packets,
    lengths: Packets,
    meaning: str,
) -> Iterator[Part]:
    if not len(places):
        return
    start = int(times[0])
    listed = [
        part(
            window,
            f"after {seconds((int(times[place]) - start) * base)} s",
            seconds(int(lengths[place]) * base),
            meaning=meaning,
        )
        for place in places[:LISTED]
    ]
    more = None if len(places) <= LISTED else f"Only the first {LISTED} are listed."
    yield part(window, name, len(places), meaning="how many", trouble=more, parts=tuple(listed))


def groups(window: Window, coding: Coding, seen: Seen, packets: Packets) -> Part | None:
    """Returns "Groups of pictures" of a stream of pictures; None where it has no keyframe."""
    keys = np.flatnonzero(packets["key"])
    if not len(keys):
        return None
    found = [part(window, "keyframes", len(keys), meaning=f"of {len(packets)} packets")]
    types, counts = np.unique(packets["type"], return_counts=True)
    for kind, count in zip(types.tolist(), counts.tolist(), strict=True):
        found.append(
            part(
                window,
                kind.decode("ascii", "replace") or "?",
                count,
                meaning="pictures of this type",
            )
        )
    ends = np.append(keys[1:], len(packets))
    lengths = ends - keys
    whole = lengths[:-1] if len(lengths) > 1 else lengths
    usual, often = np.unique(whole, return_counts=True)
    best = int(usual[int(np.argmax(often))])
    found += [
        part(
            window, "shortest", int(whole.min()), meaning="pictures from one keyframe to the next"
        ),
        part(window, "usual", best, meaning=f"pictures; {int(often.max())} of {len(whole)} groups"),
        part(window, "longest", int(whole.max()), meaning="pictures from one keyframe to the next"),
        part(
            window, "last", int(lengths[-1]), meaning="pictures from the last keyframe to the end"
        ),
    ]
    first = b"".join(packets["type"][keys[0] : ends[0]][:PATTERN].tolist()).decode(
        "ascii", "replace"
    )
    found.append(part(window, "first group", first, meaning="types in the order of coding"))
    if (run := _longest_run(packets)) is not None:
        found.append(part(window, "B in a row", run, meaning="at most, in the order of showing"))
    found.extend(_closed(window, coding, seen, packets, keys, ends))
    return part(window, "Groups of pictures", parts=tuple(found))


def _longest_run(packets: Packets) -> int | None:
    if (packets["pts"] == NO_TIME).any() or not (packets["type"] == b"B").any():
        return None
    shown = packets["type"][np.argsort(packets["pts"], kind="stable")] == b"B"
    edges = np.flatnonzero(np.diff(np.concatenate(([0], shown.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max())


def _closed(
    window: Window, coding: Coding, seen: Seen, packets: Packets, keys: Packets, ends: Packets
) -> Iterator[Part]:
    """Which groups lean on the one before: by what they say, and by pictures shown before their keyframe."""
    names = {Coding.AVC: AVC_FIRSTS, Coding.HEVC: HEVC_FIRSTS}.get(coding, {})
    for kind, count in seen.firsts.items():
        if int(kind) in names:
            yield part(window, f"NAL type {kind}", count, meaning=f"pictures; {names[int(kind)]}")
    if seen.groups:
        yield part(
            window,
            "said to be closed",
            seen.closed,
            meaning=f"of {seen.groups} groups with a header",
        )
        yield part(
            window, "said to be broken", seen.broken, meaning="groups cut off from the one before"
        )
    if (packets["pts"] == NO_TIME).any():
        return
    owner = np.repeat(packets["pts"][keys], ends - keys)
    leading = packets["pts"][keys[0] :] < owner
    group = np.repeat(np.arange(len(keys)), ends - keys)
    leaning = len(np.unique(group[leading]))
    open_ = leaning and not (
        coding is Coding.HEVC and not any(k in seen.firsts for k in ("8", "9"))
    )
    yield part(
        window,
        "with pictures before the keyframe",
        leaning,
        meaning=(
            "groups some of whose pictures are shown before their keyframe: open groups"
            if open_
            else "groups some of whose pictures are shown before their keyframe"
        ),
    )
