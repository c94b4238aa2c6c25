"""Which known assets carry the sound of the one in hand, encoded again, cut, faster or higher?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from forensics.copies.sound import SAME_BITS, SoundMatch, match
from forensics.model import Asset, Copy, CopyIndex, KnownAsset, Relation, Sha256, StreamType
from forensics.signatures.signed import Heard
from forensics.signatures.sound import SCHEME, STEP, Levels

_LEAST = 3
"""Seconds that must say something: a shorter passage is never called the same sound."""
_FASTER, _HIGHER = Fraction(1, 100), Fraction(15, 1000)
"""Changes of speed and pitch below which none is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounds:
    """What asking with the sound in hand came to.

    Attributes:
        copies: The assets with the same sound, by name.
        assets: How many others it was compared with.
        seconds: Of it that were asked with; 0: nothing in it says anything.
        schemes: What was compared, with the bits that may differ; empty where nothing was.
    """

    copies: tuple[Copy, ...] = ()
    assets: int = 0
    seconds: int = 0
    schemes: Mapping[str, int] = field(default_factory=dict)


def same_sounds(
    asset: Asset,
    heard: Heard | None,
    sound: Levels | None,
    index: CopyIndex,
    known: Callable[[CopyIndex, Sha256], KnownAsset],
) -> Sounds:
    """Returns the assets with the same sound; those that carry its very stream are left to `same_streams`.

    Args:
        asset: The asset in hand; its own sound is left out.
        heard: What was heard of it.
        sound: Levels of the same; None where it has none.
        index: What is known.
        known: Returns what is known of an asset that the index names.
    """
    if heard is None or heard.codes is None or sound is None:
        return Sounds()
    seconds = int(int(heard.codes.telling().sum()) * STEP)
    if seconds < _LEAST:
        return Sounds()
    there = index.sounds(SCHEME)
    equal = _with_equal_stream(asset, index)
    copies = tuple(
        _same_sound(found, known(index, found.asset))
        for found in match(sound, there, asset.sha256)
        if found.asset not in equal
    )
    return Sounds(
        copies=tuple(sorted(copies, key=lambda copy: copy.asset.sha256)),
        assets=len(set(there.assets) - {asset.sha256}),
        seconds=seconds,
        schemes={SCHEME: SAME_BITS},
    )


def duration(copy: Copy) -> Fraction:
    """Returns for how long two assets agree, in seconds of the one in hand."""
    return sum((span.query.end - span.query.start for span in copy.spans), Fraction(0))


def _with_equal_stream(asset: Asset, index: CopyIndex) -> set[Sha256]:
    return {
        other
        for stream in asset.streams
        if stream.type is StreamType.AUDIO
        for scheme, digest in stream.digests
        for _, other in index.same_stream(scheme, [digest])
    }


def _same_sound(found: SoundMatch, other: KnownAsset) -> Copy:
    return Copy(
        relation=Relation.SAME_SOUND,
        asset=other,
        spans=found.spans,
        transform=in_words(found.tempo, found.pitch),
        distance=None,
        pairs=0,
        scheme=SCHEME,
    )


def in_words(tempo: Fraction, pitch: Fraction) -> str:
    """Returns what was done to sound, given how many times as fast and as high it is."""
    said = []
    if abs(tempo - 1) >= _FASTER:
        said.append(f"played at about {float(round(tempo, 2)):g} times the speed")
    if abs(pitch - 1) >= _HIGHER:
        side = "higher" if pitch > 1 else "lower"
        said.append(f"about {round(100 * abs(pitch - 1))} % {side} in pitch")
    return ", ".join(said) or "at most cut or re-encoded"
