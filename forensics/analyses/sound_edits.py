"""Is sound missing, does it come again, does its background step, is it as long as the pictures?

Methods: `forensics.traces.silences`, `soundloops` and `soundsteps`. Each of these is left by edits, and
each by other things as well, which the sound alone does not tell apart: so they show where to listen, and
move nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from forensics.calibrated import calibration
from forensics.errors import NotFitting
from forensics.model import (
    Asset,
    Capability,
    Caveat,
    Context,
    Diagnostic,
    Exhibit,
    Finding,
    Measurement,
    MediaKind,
    Pillar,
    Quantity,
    Stream,
    StreamType,
    Where,
)
from forensics.traces.heard import checked, gathered, main_track
from forensics.traces.silences import Silence, silences
from forensics.traces.soundlevels import Course, course
from forensics.traces.soundloops import MOST_SECONDS as MOST_COMPARED
from forensics.traces.soundloops import RATE, Repeat, repeats
from forensics.traces.soundpage import page
from forensics.traces.soundsteps import SIDE, Step, steps

MOST_SECONDS: Final = 3600
"""What comes later is not heard: an hour of levels takes about 12 MB, a quarter of samples 90 MB."""
LEAST_SECONDS: Final = 3.0
TOLD: Final = 12
"""Places of one kind that are told."""
APART: Final = Fraction(1, 2)
"""Seconds by which sound and pictures must differ to be told."""
_COUNTED = {
    "repeated-passage": "passages put in again",
    "digital-silence": "passages set to zero",
    "background-step": "steps of the level",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Found:
    heard: Course
    coding: str
    sound: NDArray[np.float32]
    silent: Sequence[Silence]
    again: Sequence[Repeat]
    stepped: Sequence[Step]

    @property
    def compared(self) -> float:
        """Seconds that were compared with one another."""
        return len(self.sound) / RATE


class SoundEdits:
    """See the module's docstring."""

    name: ClassVar[str] = "sound-edits"
    version: ClassVar[int] = 1
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset({MediaKind.AUDIO, MediaKind.VIDEO})
    needs: ClassVar[frozenset[Capability]] = frozenset({Capability.PYAV})
    examines: ClassVar[frozenset[Pillar]] = frozenset({Pillar.INTEGRITY})
    viewing_aid: ClassVar[bool] = False
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(key="heard", unit="s", meaning="Sound that was examined."),
        Quantity(key="compared", unit="s", meaning="Sound that was compared with itself."),
        Quantity(
            key="coding", unit="text", meaning="Class of the sound's coding; rates of one channel."
        ),
        Quantity(key="silence", unit="s", meaning="Beginning and end of a passage without sound."),
        Quantity(
            key="passage",
            unit="s",
            meaning="Beginning and end of a passage, and where it begins again, to a thousandth.",
        ),
        Quantity(
            key="alike",
            unit="correlation",
            meaning="Mean correlation of a passage with its repeat, sample upon sample.",
        ),
        Quantity(key="step", unit="s", meaning="Moment at which the background changes."),
        Quantity(key="change", unit="dB", meaning="Median change of the background over bands."),
        Quantity(key="count", unit="count", meaning="Places of this kind."),
        Quantity(key="sound", unit="s", meaning="First and last time of the sound track."),
        Quantity(key="pictures", unit="s", meaning="First and last time of the pictures."),
        Quantity(
            key="sees", unit="text", meaning="How many edits were found when this was measured."
        ),
    )
    caveats: ClassVar[tuple[Caveat, ...]] = (
        Caveat(
            id="made-of-copies",
            text=(
                "Music and signals made with a computer consist of copies, and sound that was put under "
                "pictures is silent, repeated and stepped as its makers like. None of this tells who did "
                "it, or why."
            ),
        ),
        Caveat(
            id="smooth-cuts",
            text=(
                "Cuts with a fade, within speech, or between passages with the same background leave nothing "
                "that is looked for here; nor does speech made or changed by other means."
            ),
        ),
        Caveat(
            id="recorders-step",
            text=(
                "Recorders set their level, suppress noise and open gates, and things nearby are switched "
                "on and off: the background steps then too."
            ),
        ),
    )

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:
        """Yields what was found of each kind, or that nothing was; and lengths that differ."""
        found = _listen(context)
        parts = (_silent(found), _quiet(found), _again(found), _stepped(found))
        there = [part for part in parts if part is not None]
        if len(found.silent) == 1 and found.silent[0].exact and _all(found):
            yield _empty(found)
        elif found.heard.seconds < LEAST_SECONDS:
            yield _short(found)
        elif there:
            picture = _drawn(context, found)
            for part in there:
                yield replace(part, exhibits=(picture,))
        else:
            yield _nothing(found)
        if found.compared >= MOST_COMPARED:
            yield _in_part(found)
        if asset.kind is MediaKind.VIDEO:
            yield from _lengths(asset)


def _listen(context: Context) -> _Found:
    heard = main_track(context.path)
    if heard is None:
        raise NotFitting("It has no sound track.")
    levels = course(checked(heard.track(MOST_SECONDS).blocks(), context.check_deadline), heard.rate)
    if not levels.seconds:
        raise NotFitting("Its sound track holds no sound that can be read.")
    blocks = list(
        gathered(checked(heard.track(MOST_COMPARED, RATE).blocks(), context.check_deadline), RATE)
    )
    sound = np.concatenate(blocks) if blocks else np.zeros(0, np.float32)
    del blocks
    return _Found(
        heard=levels,
        coding=heard.coding,
        sound=sound,
        silent=silences(levels),
        again=repeats(sound, context.check_deadline),
        stepped=steps(levels, context.check_deadline),
    )


def _all(found: _Found) -> bool:
    return found.silent[0].end - found.silent[0].start >= found.heard.seconds - 0.1


def _place(key: str, start: float, end: float, words: str | None = None) -> Measurement:
    return Measurement(
        key=key,
        value=words or f"{start:.2f}–{end:.2f}",
        unit="s",
        where=Where(start=Fraction(round(start * 100), 100), end=Fraction(round(end * 100), 100)),
    )


def _count(number: int) -> Measurement:
    return Measurement(key="count", value=number, unit="count")


def _heard(found: _Found) -> Measurement:
    return Measurement(key="heard", value=f"{found.heard.seconds:.1f}", unit="s")


def _silent(found: _Found) -> Finding | None:
    return _passages(
        "digital-silence",
        "Within the sound, all samples are zero for a while (number of passages: {count}; {silence} "
        "s). A microphone leaves no such silence: a program made it. Muting, gates, coding, and gaps "
        "in a stream do so, and edits.",
        [one for one in found.silent if one.exact and one.inner],
    )


def _quiet(found: _Found) -> Finding | None:
    return _passages(
        "quiet-passage",
        "The sound is next to silent for a while (number of passages: {count}; {silence} s; peaks below "
        "-66 dB of full scale).",
        [one for one in found.silent if not one.exact and one.inner],
    )


def _passages(name: str, template: str, there: Sequence[Silence]) -> Finding | None:
    if not there:
        return None
    places = [_place("silence", one.start, one.end) for one in there[:TOLD]]
    return Finding(
        id=name,
        template=template,
        measurements=(_count(len(there)), *places),
        diagnostic=Diagnostic.NO,
    )


def _again(found: _Found) -> Finding | None:
    if not found.again:
        return None
    shown = found.again[:TOLD]
    return Finding(
        id="repeated-passage",
        template=(
            "Passages of the sound come again sample by sample, with all the noise that is in them (number: "
            "{count}; {passage} s; correlation: {alike}). Such a repeat is a copy. Music and signals made "
            "with a computer consist of copies; the sound of a place, or of a voice, does not come again "
            "so. Which of them this is, has to be heard."
        ),
        measurements=(
            _count(len(found.again)),
            *(
                _place(
                    "passage",
                    r.start,
                    r.start + r.seconds,
                    f"{r.start:.2f}–{r.start + r.seconds:.2f} again from {r.again:.3f}",
                )
                for r in shown
            ),
            *(
                Measurement(
                    key="alike",
                    value=f"{r.alike:.2f}",
                    unit="correlation",
                    where=Where(
                        start=Fraction(round(r.again * 100), 100),
                        end=Fraction(round((r.again + r.seconds) * 100), 100),
                    ),
                )
                for r in shown
            ),
        ),
        diagnostic=Diagnostic.NO,
    )


def _stepped(found: _Found) -> Finding | None:
    if not found.stepped:
        return None
    shown = found.stepped[:TOLD]
    return Finding(
        id="background-step",
        template=(
            "The background of the sound changes within a tenth of a second and stays changed, as where "
            f"recordings are joined (number: {{count}}; at {{step}} s; by {{change}} dB; steady for {SIDE} s "
            "before and after). Recorders that set their level or suppress noise, and things that are "
            "switched on or off, do the same."
        ),
        measurements=(
            _count(len(found.stepped)),
            *(_place("step", s.at - 0.05, s.at + 0.05, f"{s.at:.1f}") for s in shown),
            *(Measurement(key="change", value=f"{s.decibels:+.0f}", unit="dB") for s in shown),
        ),
        diagnostic=Diagnostic.NO,
    )


def _empty(found: _Found) -> Finding:
    return Finding(
        id="empty-sound",
        template=(
            "The sound track holds nothing but digital silence ({heard} s): the sound was taken away, or "
            "never was recorded."
        ),
        measurements=(_heard(found),),
        diagnostic=Diagnostic.NO,
    )


def _short(found: _Found) -> Finding:
    return Finding(
        id="not-testable",
        template=(
            f"The sound lasts {{heard}} s; under {LEAST_SECONDS:.0f} s, whether it was edited is not "
            f"testable."
        ),
        measurements=(_heard(found),),
        diagnostic=Diagnostic.NO,
    )


def _in_part(found: _Found) -> Finding:
    return Finding(
        id="examined-in-part",
        template=(
            "Of a long sound, silence and steps were looked for in the first {heard} s, passages that come "
            "again in the first {compared} s: what is later was not examined."
            if found.heard.seconds >= MOST_SECONDS
            else "Of a long sound ({heard} s), passages that come again were looked for in the first "
            "{compared} s only."
        ),
        measurements=(
            _heard(found),
            Measurement(key="compared", value=f"{found.compared:.1f}", unit="s"),
        ),
        diagnostic=Diagnostic.NO,
    )


def _nothing(found: _Found) -> Finding:
    return Finding(
        id="nothing-found",
        template=(
            "In {heard} s of sound ({coding}) no exact silence, no passage that comes again ({compared} s "
            "compared) and no step of the background was found; {sees}. That nothing was found does not show "
            "that nothing was done."
        ),
        measurements=(
            _heard(found),
            Measurement(key="coding", value=found.coding, unit="text"),
            Measurement(key="compared", value=f"{found.compared:.1f}", unit="s"),
            Measurement(key="sees", value=_sees(found.coding), unit="text"),
        ),
        diagnostic=Diagnostic.NO,
    )


def _sees(coding: str) -> str:
    known = calibration(SoundEdits.name)
    told = []
    for finding, what in _COUNTED.items():
        row = known.row(finding, coding, "speech and places") if known else None
        if row is not None and row.edited:
            told.append(f"{row.hits} of {row.edited} {what}")
    if not told:
        return "how much would be found in sound coded alike was not measured"
    return "in sound coded alike were found, when this was measured, " + ", ".join(told)


def _drawn(context: Context, found: _Found) -> Exhibit:
    return context.exhibit(
        "sound",
        page(found.heard, found.sound, found.silent, found.again, found.stepped),
        "Above: peak levels of the whole sound; marked are passages of zeros, passages that come again "
        "(numbered), and steps of the background. Below: spectrum around the first of them, 32 ms at a "
        "time, black at -20 dB of full scale and above, white at -100 dB.",
    )


def _lengths(asset: Asset) -> Iterator[Finding]:
    sound, pictures = (_main(asset, kind) for kind in (StreamType.AUDIO, StreamType.VIDEO))
    if sound is None or pictures is None:
        return
    (first, last), (begins, ends) = sound, pictures
    if max(abs(first - begins), abs(last - ends)) <= APART:
        return
    yield Finding(
        id="lengths-differ",
        template=(
            "Sound and pictures do not begin and end together: the sound runs from {sound} s, the "
            "pictures from {pictures} s. Cutting without coding anew, editing programs and some recorders "
            "leave it so."
        ),
        measurements=(
            _place("sound", float(first), float(last)),
            _place("pictures", float(begins), float(ends)),
        ),
        diagnostic=Diagnostic.NO,
    )


def _main(asset: Asset, kind: StreamType) -> tuple[Fraction, Fraction] | None:
    """First and last time of the stream of a kind with most packets."""
    streams: list[Stream] = [s for s in asset.streams if s.type is kind and s.duration is not None]
    if not streams:
        return None
    stream = max(streams, key=lambda s: (s.packets or 0, -s.index))
    start = stream.start or Fraction(0)
    return start, start + (stream.duration or Fraction(0))
