"""What the worker makes of an asset's pictures and sound: what is recorded, and what is asked with."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction

from forensics.model.sample import LocalCodes, Look, Signature
from forensics.signatures.sound import SoundCodes


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A whole-picture code under which an earlier copy of a picture may be known.

    Attributes:
        scheme: Of the code.
        time: Of the picture, in seconds.
        code: Of the picture as it is, or (PDQ) turned, mirrored or without its border.
        quality: 0 to 100.
        turned: What was done to it first, in words; "" for the picture as it is.
    """

    scheme: str
    time: Fraction
    code: bytes
    quality: int
    turned: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was heard of an asset.

    Attributes:
        codes: None where there is no sound track, or none that could be heard.
        seconds: How much of the track was heard.
        notes: What was left out or went wrong, one sentence each.
    """

    codes: SoundCodes | None
    seconds: Fraction
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """An asset's pictures and sound, signed.

    Attributes:
        signatures: Whole-picture codes of all sampled pictures, all schemes; recorded.
        looks: Kept pictures with local codes and a thumbnail, in order of time; recorded.
        asked: Whole-picture codes to ask with.
        mirrored: Local codes of the kept pictures' mirror images, where asking with them is cheap.
        heard: Its main sound track; None where it has none.
    """

    signatures: tuple[Signature, ...] = ()
    looks: tuple[Look, ...] = ()
    asked: tuple[Asked, ...] = ()
    mirrored: tuple[LocalCodes, ...] = ()
    heard: Heard | None = None

    def nearest_look(self, time: Fraction) -> int | None:
        """Returns the position of the kept picture that stands for the one at a time; None: none kept.

        That is the last one kept before it, unless the next is nearer than a quarter of a second.
        """
        times = [look.time for look in self.looks]
        if not times:
            return None
        after = bisect_left(times, time)
        if after < len(times) and times[after] - time <= Fraction(1, 4):
            return after
        return max(after - 1, 0)

    def local_codes(self, scheme: str) -> list[list[bytes]]:
        """Returns the codes of every kept picture under a scheme: as it is, and mirrored where made."""
        plain = [
            b"".join(one.codes for one in look.local if one.scheme == scheme) for look in self.looks
        ]
        by_time = {one.time: one.codes for one in self.mirrored if one.scheme == scheme}
        turned = [by_time.get(look.time, b"") for look in self.looks]
        return [plain, turned] if by_time else [plain]
