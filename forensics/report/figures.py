"""Numbers as a person reads them: times, sizes, counts, digests, with the separators of the language.

Exact values are turned into text with whole-number arithmetic only, so that no machine rounds otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from forensics.language import figures, say, say_many
from forensics.model import Span
from forensics.report.clean import visible

_CLOCK = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)Z")
_SHORT = 12
"""Characters of a digest that are enough to tell files apart by eye; never enough to verify."""


def decimal(value: Fraction, places: int, *, trim: bool = False) -> str:
    """Returns `value` rounded half away from zero to `places` decimals; `trim` drops end zeros."""
    scale = 10**places
    scaled = (2 * abs(value.numerator) * scale + value.denominator) // (2 * value.denominator)
    whole, rest = divmod(scaled, scale)
    text = f"{whole}.{rest:0{places}d}" if places else str(whole)
    if trim and places:
        text = text.rstrip("0").rstrip(".")
    return figures(f"-{text}" if value < 0 and scaled else text)


def position(seconds: Fraction, places: int = 1) -> str:
    """Returns a time position or a duration: "0:05.2", "1:02:03.4", with `places` decimals."""
    scale = 10**places
    ticks = (2 * abs(seconds.numerator) * scale + seconds.denominator) // (2 * seconds.denominator)
    whole, rest = divmod(ticks, scale)
    minutes, secs = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02d}:{secs:02d}" if hours else f"{minutes}:{secs:02d}"
    if places:
        text = f"{text}.{rest:0{places}d}"
    return figures(f"-{text}" if seconds < 0 and ticks else text)


def exact_position(seconds: Fraction) -> str:
    """Returns a position to the millisecond, with the exact ratio where that is not all of it."""
    text = position(seconds, 3)
    if (seconds * 1000).denominator == 1:
        return text
    return say("{position} ({ratio} s exactly)", position=text, ratio=ratio(seconds))


def ratio(value: Fraction) -> str:
    """Returns "n/d", the denominator always there."""
    return f"{value.numerator}/{value.denominator}"


def span(value: Span) -> str:
    """Returns "0:05.2 to 0:09.8"."""
    return say("{start} to {end}", start=position(value.start), end=position(value.end))


def count(number: int, noun: str, many: str = "") -> str:
    """Returns "1 signature", "1,204 signatures", in English; what is translated says `say_many`."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def runs(numbers: Sequence[int]) -> list[str]:
    """Returns ascending numbers with neighbours drawn together: ["0 to 4", "7"]."""
    out: list[tuple[int, int]] = []
    for one in numbers:
        if out and one == out[-1][1] + 1:
            out[-1] = (out[-1][0], one)
        else:
            out.append((one, one))
    return [str(a) if a == b else say("{start} to {end}", start=str(a), end=str(b)) for a, b in out]


def size(octets: int) -> str:
    """Returns "982 bytes" or "1.4 MB (1,432,112 bytes)"; 1 MB is 1,000,000 bytes."""
    exact = say_many("{n} byte", "{n} bytes", octets)
    if octets >= 10**9:
        return say("{size} GB ({exact})", size=decimal(Fraction(octets, 10**9), 1), exact=exact)
    if octets >= 10**6:
        return say("{size} MB ({exact})", size=decimal(Fraction(octets, 10**6), 1), exact=exact)
    if octets >= 10**3:
        return say("{size} kB ({exact})", size=decimal(Fraction(octets, 10**3), 1), exact=exact)
    return exact


def short(digest: str) -> str:
    """Returns the first twelve characters of a digest, marked as a beginning."""
    return visible(digest if len(digest) <= _SHORT else f"{digest[:_SHORT]}…")


def when(text: str) -> str:
    """Returns a time on record as it is read, "2025-12-31 09:00 UTC"; another form stays as it is."""
    found = _CLOCK.fullmatch(text)
    if not found:
        return visible(text, 60)
    seconds = "" if found[3] == ":00" else found[3]
    return f"{found[1]} {found[2]}{seconds} UTC"
