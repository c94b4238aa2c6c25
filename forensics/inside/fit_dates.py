"""Which of the times that a file states cannot both hold, and which merely differ?

Times are compared as intervals (`forensics.model.moment`): no zone is guessed. What has a usual innocent
reason differs; only what has none but a wrong clock or a wrong entry contradicts.

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
_ONE_CLOCK: Final = (
    frozenset({"xmp:CreateDate", "xmp:ModifyDate"}),
    frozenset({"CreationDate", "ModDate"}),
    frozenset({"mvhd creation", "mvhd modification"}),
)

_CLOCK = "A wrongly set camera clock or a conversion tool can cause this innocently."
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
        reason: What can cause it innocently, as a sentence.
    """

    earlier: Time
    later: Time
    contradicts: bool
    reason: str


def disagreements(times: Sequence[Time]) -> tuple[Disagreement, ...]:
    """Returns every pair of times that do not fit, contradictions first, each pair of values once."""
    found = sorted(_all(times), key=lambda d: not d.contradicts)
    once: dict[tuple[str, str], Disagreement] = {}
    for one in found:
        once.setdefault((one.earlier.moment.text, one.later.moment.text), one)
    return tuple(once.values())


def _all(times: Sequence[Time]) -> Iterator[Disagreement]:
    for earlier in times:
        for later in times:
            if earlier.moment.before(later.moment, SLACK) and _wrong_way(earlier, later):
                excuse = _excuse(earlier, later)
                yield Disagreement(
                    earlier=earlier,
                    later=later,
                    contradicts=not excuse,
                    reason=excuse or _CLOCK,
                )


def _wrong_way(earlier: Time, later: Time) -> bool:
    """Whether the earlier of two times means something that cannot come first."""
    if later.role in {"captured", "satellite"}:
        return True  # nothing is digitised, saved or changed before it was recorded
    return {earlier.field, later.field} in _ONE_CLOCK and earlier.role == "modified"


def _excuse(earlier: Time, later: Time) -> str:
    """What usually causes this; empty where nothing does but a clock or an entry that is wrong."""
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
    if fields in _ONE_CLOCK:
        return _CARRIED
    return _RESET if _first_of_january(earlier) else ""


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
