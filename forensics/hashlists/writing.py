"""Writing lists of hashes, in the forms that ThreatExchange's tools read and in our own, which tells more.

Nothing personal is written unless asked for: an asset is named by its SHA-256, its file name left out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

import orjson

from forensics.codec import well_formed
from forensics.errors import UsageError
from forensics.hashlists.item import HashItem
from forensics.hashlists.reading import COLUMNS, FORMAT, FORMULA
from forensics.model import Signature

_BREAKS = str.maketrans(dict.fromkeys("\r\n\0\x85\u2028\u2029", "�"))
"""What ends a line somewhere; the forms of lines cannot hold it."""


def as_csv(items: Sequence[HashItem]) -> bytes:
    """Returns our own CSV: one row for each hash, with what is known of its asset in every row."""
    out = io.StringIO(newline="")
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for item in items:
        for one in item.hashes:
            told = (
                one.code.hex(),
                str(one.quality),
                _cell(item.name or item.subject),
                "" if _alone(item) else _seconds(one.time),
                item.sha256 or "",
                item.kind.value,
                _cell(item.publisher or ""),
                item.published_at or "",
                _cell(item.url or ""),
            )
            rows.writerow(told)
    return out.getvalue().encode()


def as_json(items: Sequence[HashItem]) -> bytes:
    """Returns our own JSON: what is known of each asset, and its hashes as python-threatexchange has them."""
    assets = [
        {
            key: well_formed(value)
            for key, value in (
                ("sha256", item.sha256),
                ("kind", item.kind.value),
                ("name", item.name),
                ("publisher", item.publisher),
                ("published_at", item.published_at),
                ("url", item.url),
            )
            if value
        }
        | {"hashes": [_text(one) for one in item.hashes]}
        for item in items
    ]
    layout = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps({"format": FORMAT, "assets": assets}, option=layout)


def as_pdq(items: Sequence[HashItem]) -> bytes:
    """Returns PDQ lines `hash,quality,filename`, as the reference's photo hasher prints them.

    Raises:
        UsageError: There is no still among the assets.
    """
    stills = [item for item in items if _alone(item)]
    if not stills:
        raise UsageError(
            "none of the assets is a still, and lines of PDQ hold nothing else",
            hint="Use --format csv or json, or vpdq for one video.",
        )
    lines = (
        f"{one.code.hex()},{one.quality},{_cell(item.name or item.subject)}\n"
        for item in stills
        for one in item.hashes
    )
    return "".join(lines).encode()


def as_vpdq(items: Sequence[HashItem]) -> bytes:
    """Returns the vPDQ of one video as python-threatexchange has it: a JSON list of texts.

    Raises:
        UsageError: There is not exactly one asset.
    """
    return orjson.dumps(
        [_text(one) for one in _only(items).hashes], option=orjson.OPT_APPEND_NEWLINE
    )


def as_vpdq_text(items: Sequence[HashItem]) -> bytes:
    """Returns the vPDQ of one video as lines, as the reference's video hasher writes them.

    Frame numbers count the hashes: which pictures of the file they are of is told by their times.

    Raises:
        UsageError: There is not exactly one asset.
    """
    lines = (
        f"{number},{one.quality},{one.code.hex()},{_seconds(one.time)}\n"
        for number, one in enumerate(_only(items).hashes)
    )
    return "".join(lines).encode()


FORMATS: Mapping[str, Callable[[Sequence[HashItem]], bytes]] = MappingProxyType(
    {
        "csv": as_csv,
        "json": as_json,
        "pdq": as_pdq,
        "vpdq": as_vpdq,
        "vpdq-text": as_vpdq_text,
    }
)
"""What can be written, by the name of its form."""


def _only(items: Sequence[HashItem]) -> HashItem:
    if len(items) != 1:
        raise UsageError(
            f"a list of vPDQ is of one video; these are {len(items):,} assets",
            hint="Name one with --asset, or use --format csv or json.",
        )
    return items[0]


def _alone(item: HashItem) -> bool:
    return len(item.hashes) == 1 and item.hashes[0].time == 0


def _text(one: Signature) -> str:
    return f"{one.code.hex()},{one.quality},{_seconds(one.time)}"


def _seconds(time: Fraction) -> str:
    """Returns seconds with three decimals, rounded to the nearest; exact halves to the even one."""
    thousandths = round(time * 1000)
    return f"{thousandths // 1000}.{thousandths % 1000:03}"


def _cell(text: str) -> str:
    """Returns text that a spreadsheet reads as text, and that stays on its line."""
    safe = well_formed(text).translate(_BREAKS)
    return f"'{safe}" if FORMULA.match(safe) else safe
