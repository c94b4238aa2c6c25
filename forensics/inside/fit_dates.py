"""Which of the times that a file states cannot both hold, and which merely differ?

Times are compared as intervals (`forensics.model.moment`): no zone is guessed. What has a usual innocent
reason differs, and a wrong or unset clock is the most usual: only times that one clock wrote contradict.

Sources: CIPA DC-008 section 4.6.6 (what each date of EXIF means), Metadata Working Group, "Guidelines for
Handling Image Metadata" 2.0, section 5.3 (which dates of EXIF, XMP and IPTC repeat one another), IS-GPS-200
section 20.3.3.3 (the number of a week is sent in ten bits, so that old receivers are off by 1024 weeks).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from forensics.inside.stated import SLACK, Time
from forensics.model.moment import Moment, read_moment

_ROLLOVER: Final = timedelta(weeks=1024)
_OF_A_WORK: Final = frozenset(
    {
        *("photoshop:DateCreated", "IPTC DateCreated", "IPTC DigitalCreationDate", "dc:date"),
        *("©day", "ICRD", "TDRC", "date", "DATE", "DATE_RECORDED", "DATE_DIGITIZED"),
    }
)
"""Dates that people enter, perhaps of a work that is pictured or performed."""
_ZONE_ADDED: Final = frozenset(
    {"exif:DateTimeOriginal", "exif:DateTimeDigitized", "xmp:CreateDate"}
)
"""Dates that programs copy from EXIF into XMP, which long had no form without a zone."""
_OF_A_SAVING: Final = (
    frozenset({"xmp:CreateDate", "xmp:ModifyDate"}),
    frozenset({"CreationDate", "ModDate"}),
    frozenset({"mvhd creation", "mvhd modification"}),
)
"""Dates that a program puts down by the clock of one computer."""
_OF_A_DEVICE: Final = frozenset(
    {"EXIF DateTimeOriginal", "EXIF DateTimeDigitized", "Image DateTime"}
)
"""Dates that a device puts down by its one clock, unless a program saved the file again."""
_SAME_DATE: Final = (
    frozenset({"EXIF DateTimeOriginal", "exif:DateTimeOriginal"}),
    frozenset({"exif:DateTimeOriginal"}),
)
"""Fields that are copies of one another."""

_ONE_CLOCK = (
    "One clock wrote both, so that a wrong one does not explain it. A program that corrects one of the "
    "two and leaves the other does, or a device that writes a fixed date."
)
_CAMERA = "The clocks of many cameras are wrong or were never set; a receiver has its time from satellites."
_CLOCKS = (
    "More than one clock may have written them, and those of cameras and computers are often wrong."
)
_ENTERED = (
    "One is a date that people enter: it can be that of a work that is shown, or of a publication."
)
_FIX = "A device can state the time and place of its last fix, hours or days before the recording."
_WEEKS = "They lie 1024 weeks apart or a multiple of that: some receivers count weeks in ten bits."
_ZONE = "Some programs add the zone of the computer to the time of a camera, which has none."
_RESET = "The earlier one lies on the first of January, where the clocks of many cameras begin."
_CARRIED = "Programs that convert a document can keep an earlier date of change."


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two times that a file states, of which the earlier cannot lie before the later as they mean it.

    Attributes:
        earlier: The time that lies earlier.
        later: The other one.
        contradicts: They cannot both hold; False: a usual reason explains it.
        reason: What can cause it innocently, as a sentence or more.
    """

    earlier: Time
    later: Time
    contradicts: bool
    reason: str


def disagreements(times: Sequence[Time], *, edited: bool = False) -> tuple[Disagreement, ...]:
    """Returns every pair of times that do not fit, contradictions first, each pair of values once.

    Args:
        times: What the file states.
        edited: The file names a program that saved it, so that its time of change is of another clock.
    """
    found = sorted(_all(times, edited), key=lambda d: not d.contradicts)
    once: dict[tuple[str, str], Disagreement] = {}
    for one in found:
        once.setdefault((one.earlier.moment.text, one.later.moment.text), one)
    return tuple(once.values())


def _all(times: Sequence[Time], edited: bool) -> Iterator[Disagreement]:
    for earlier in times:
        for later in times:
            if earlier.moment.before(later.moment, SLACK) and _wrong_way(earlier, later):
                excuse = _excuse(earlier, later, edited)
                yield Disagreement(
                    earlier=earlier,
                    later=later,
                    contradicts=not excuse,
                    reason=excuse or _ONE_CLOCK,
                )


def _wrong_way(earlier: Time, later: Time) -> bool:
    """Whether the earlier of two times means something that cannot come first."""
    if later.role in {"captured", "satellite"}:
        return True  # nothing is digitised, saved or changed before it was recorded
    return {earlier.field, later.field} in _OF_A_SAVING and earlier.role == "modified"


def _excuse(earlier: Time, later: Time, edited: bool) -> str:
    """What usually causes this; empty where no zone and no wrong clock does."""
    fields = {earlier.field, later.field}
    apart = later.moment.earliest - earlier.moment.earliest
    if fields & _OF_A_WORK:
        return _ENTERED
    if "satellite" in {earlier.role, later.role} and _weeks(apart):
        return _WEEKS
    if earlier.role == "satellite":
        return _FIX
    if not _bare(earlier).before(_bare(later), SLACK):
        return _ZONE
    if fields in _OF_A_SAVING:
        return _CARRIED
    if _first_of_january(earlier):
        return _RESET
    if later.role == "satellite":
        return _CAMERA
    return "" if _one_clock(fields, edited) else _CLOCKS


def _one_clock(fields: set[str], edited: bool) -> bool:
    """Whether one clock wrote both fields, right or wrong, or they are copies of one another."""
    device = _OF_A_DEVICE - {"Image DateTime"} if edited else _OF_A_DEVICE
    return fields in _SAME_DATE or fields <= device


def _bare(time: Time) -> Moment:
    """The time without a zone that a program may have added."""
    bare = read_moment(time.moment.text[:19]) if time.field in _ZONE_ADDED else None
    return bare or time.moment


def _weeks(apart: timedelta) -> bool:
    """Whether two times lie whole rollovers apart, within the two days that zones make."""
    rest = apart % _ROLLOVER
    return apart > _ROLLOVER / 2 and min(rest, _ROLLOVER - rest) <= timedelta(days=2)


def _first_of_january(time: Time) -> bool:
    digits = "".join(c for c in time.moment.text[:12] if c.isdigit())
    return digits[4:8] == "0101"
