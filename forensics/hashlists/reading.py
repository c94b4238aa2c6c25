"""Reading a list of hashes, whoever wrote it: bounded, line by line, and with errors that name the line.

Forms, told apart by their content (`docs/hash-lists.md` shows each):

- PDQ, as the reference's photo hasher prints it: lines `hash,quality,filename`; the name is everything after
  the second comma. With a header line of those names, it is CSV with the usual quotes.
- vPDQ, as the reference's video hasher writes it: lines `frame number,quality,hash,timestamp`, one video.
- vPDQ as JSON, as python-threatexchange has it: a list of texts `hash,quality,timestamp`, one video.
- Our own, with more about each asset: CSV with a header that names further columns, or a JSON object whose
  `format` is `forensics/hashes/1`.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from fractions import Fraction
from typing import Any

from forensics.errors import UsageError
from forensics.hashlists.item import SCHEME, HashItem
from forensics.model import MediaKind, Sha256, Signature
from forensics.model.moment import read_moment

FORMAT = "forensics/hashes/1"
COLUMNS = (
    "hash",
    "quality",
    "filename",
    "timestamp",
    "sha256",
    "kind",
    "publisher",
    "published_at",
    "url",
)
"""Of our own CSV form; the first three are those of the reference."""

MOST_BYTES = 512 * 2**20
MOST_LINE = 16 * 2**10
"""Characters in a line, or in one text of a JSON list."""
MOST_OF_ONE = 100_000
"""Codes of one asset: more than a day at one a second."""
_MOST_SECONDS = 10**7
_HASH = re.compile("[0-9a-fA-F]{64}", re.ASCII)
_WHOLE = re.compile("[0-9]{1,9}", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,8}(\.[0-9]{1,9})?(e\+0[0-9])?", re.ASCII)
"""python-threatexchange 1.2.17 writes three digits in all: 1234.567 is "1.23e+03" there."""
_KINDS = {
    kind.value: kind for kind in MediaKind if kind not in {MediaKind.AUDIO, MediaKind.GEODATA}
}
FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""How a cell begins that a spreadsheet would read as a formula, or that was kept from that before."""


class ListError(UsageError):
    """A list of hashes is not as it has to be."""


def read_list(data: bytes) -> list[HashItem]:
    """Returns the assets in a list, in its order.

    Args:
        data: The whole file, at most `MOST_BYTES`.

    Raises:
        ListError: It has none of the forms, or breaks off from its form; names the line.
    """
    if len(data) > MOST_BYTES:
        raise ListError(
            f"the list has {len(data):,} bytes, expected at most {MOST_BYTES:,}",
            hint="Divide it, and import the parts one after another.",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ListError(f"line {line}: byte {error.start} of the file is not UTF-8") from error
    head = text.lstrip()[:1]
    if not head:
        raise ListError("the list is empty: expected at least one hash")
    if head in "[{":
        return _from_json(text)
    return _from_lines(text.split("\n"))


def _from_lines(lines: Sequence[str]) -> list[HashItem]:
    numbered = [(n, line.removesuffix("\r")) for n, line in enumerate(lines, 1) if line.strip()]
    for number, line in numbered:
        if len(line) > MOST_LINE:
            raise ListError(
                f"line {number} has {len(line):,} characters, expected at most {MOST_LINE:,}"
            )
    first = numbered[0][1]
    names = tuple(name.strip().lower() for name in first.split(","))
    if names[:2] == ("hash", "quality"):
        return _table(lines, names)
    if _HASH.fullmatch(first.split(",")[0].strip()):
        return [_photo(number, line) for number, line in numbered]
    if _WHOLE.fullmatch(first.split(",")[0].strip()):
        return [_video(_frame_line(number, line) for number, line in numbered)]
    raise ListError(
        f"line 1 begins with {first[:40]!r}: expected a hash of 64 hexadecimal digits, a frame number, a "
        "header, or JSON",
        hint="docs/hash-lists.md shows the forms that can be read.",
    )


def _photo(number: int, line: str) -> HashItem:
    parts = line.split(",", 2)
    if len(parts) < 2:
        raise ListError(f"line {number}: expected hash,quality,filename, found one part")
    name = parts[2].strip() if len(parts) == 3 else ""
    code = _signature(f"line {number}", parts[0], parts[1], Fraction(0))
    return HashItem(kind=MediaKind.IMAGE, hashes=(code,), name=name)


def _frame_line(number: int, line: str) -> Signature:
    parts = line.split(",")
    if len(parts) != 4 or not _WHOLE.fullmatch(parts[0].strip()):
        raise ListError(
            f"line {number}: expected frame number,quality,hash,timestamp, found {line[:80]!r}"
        )
    where = f"line {number}"
    return _signature(where, parts[2], parts[1], _seconds(where, parts[3]))


def _table(lines: Sequence[str], names: tuple[str, ...]) -> list[HashItem]:
    """Reads CSV with a header; rows that follow each other and are about one asset make one item."""
    if strange := [name for name in names if name not in COLUMNS]:
        raise ListError(
            f"line 1 names a column {strange[0]!r}: expected some of {', '.join(COLUMNS)}"
        )
    if len(set(names)) != len(names):
        raise ListError("line 1 names a column twice")
    rows = csv.reader((f"{line}\n" for line in lines), strict=True)
    items: list[HashItem] = []
    codes: list[Signature] = []
    last: HashItem | None = None
    try:
        for row in rows:
            where = f"line {rows.line_num}"
            if rows.line_num == 1 or not any(cell.strip() for cell in row):
                continue
            if len(row) != len(names):
                raise ListError(
                    f"{where} has {len(row)} columns, expected {len(names)} as in line 1"
                )
            cells = dict(zip(names, row, strict=True))
            item = _row(where, cells)
            one = replace(item, hashes=())
            if one == last and cells.get("timestamp", "").strip():
                codes.extend(item.hashes)
                _bounded(where, codes)
                continue
            if last is not None:
                items.append(replace(last, hashes=tuple(codes)))
            last, codes = one, list(item.hashes)
    except csv.Error as error:
        raise ListError(f"line {rows.line_num} is not CSV: {error}") from error
    if last is not None:
        items.append(replace(last, hashes=tuple(codes)))
    if not items:
        raise ListError("the list has a header and no hash")
    return items


def _row(where: str, cells: Mapping[str, str]) -> HashItem:
    told = {name: _unescaped(cell.strip()) for name, cell in cells.items()}
    time = told.get("timestamp", "")
    kind = told.get("kind") or ("video" if time else "image")
    code = _signature(
        where, told["hash"], told["quality"], _seconds(where, time) if time else Fraction(0)
    )
    return _item(where, told, kind, (code,), told.get("filename", ""))


def _from_json(text: str) -> list[HashItem]:
    try:
        found = json.loads(text, parse_constant=_refused, parse_int=str, parse_float=str)
    except (ValueError, RecursionError) as error:
        line = f"line {error.lineno}: " if isinstance(error, json.JSONDecodeError) else ""
        raise ListError(f"{line}the list is not JSON: {error}") from error
    if isinstance(found, list):
        return [_video(_texts("", found))]
    if found.get("format") != FORMAT:
        raise ListError(
            f'expected a list of texts, or an object with "format": "{FORMAT}"; '
            f"found the format {str(found.get('format'))[:80]!r}"
        )
    assets = found.get("assets")
    if not isinstance(assets, list) or not assets:
        raise ListError("`assets` is no list of at least one object")
    return [_asset(f"asset {number}", one) for number, one in enumerate(assets, 1)]


def _asset(where: str, given: Any) -> HashItem:
    if not isinstance(given, dict):
        raise ListError(f"{where} is no object")
    hashes = given.get("hashes")
    if not isinstance(hashes, list) or not hashes:
        raise ListError(f"{where}: `hashes` is no list of at least one text")
    told = {key: value for key, value in given.items() if key != "hashes" and value is not None}
    for key, value in told.items():
        if not isinstance(value, str) or len(value) > MOST_LINE:
            raise ListError(f"{where}: {key[:40]!r} is no text of at most {MOST_LINE:,} characters")
    codes = _checked(where, list(_texts(f"{where}, ", hashes)))
    kind = told.get("kind") or ("video" if len(codes) > 1 else "image")
    return _item(where, told, kind, codes, told.get("name", ""))


def _texts(within: str, given: Sequence[Any]) -> Iterator[Signature]:
    """Reads texts `hash,quality,timestamp`."""
    for number, one in enumerate(given, 1):
        where = f"{within}hash {number}"
        parts = one.split(",") if isinstance(one, str) and len(one) <= MOST_LINE else ()
        if len(parts) != 3:
            raise ListError(f'{where}: expected the text "hash,quality,timestamp"')
        yield _signature(where, parts[0], parts[1], _seconds(where, parts[2]))


def _video(codes: Iterable[Signature]) -> HashItem:
    return HashItem(kind=MediaKind.VIDEO, hashes=_checked("the list", list(codes)))


def _item(
    where: str, told: Mapping[str, str], kind: str, codes: tuple[Signature, ...], name: str
) -> HashItem:
    digits = told.get("sha256", "").lower()
    if digits and not _HASH.fullmatch(digits):
        raise ListError(f"{where}: {digits[:80]!r} is no SHA-256 of 64 hexadecimal digits")
    if kind not in _KINDS:
        raise ListError(f"{where}: expected a kind of {', '.join(_KINDS)}, found {kind[:40]!r}")
    return HashItem(
        kind=_KINDS[kind],
        hashes=codes,
        sha256=Sha256(digits) if digits else None,
        name=name,
        publisher=told.get("publisher") or None,
        published_at=_moment(where, told.get("published_at", "")),
        url=told.get("url") or None,
    )


def _signature(where: str, code: str, quality: str, time: Fraction) -> Signature:
    digits, said = code.strip(), quality.strip()
    if not _HASH.fullmatch(digits):
        raise ListError(f"{where}: {digits[:80]!r} is no hash of 64 hexadecimal digits")
    if not _WHOLE.fullmatch(said) or int(said) > 100:
        raise ListError(f"{where}: expected a quality from 0 to 100, found {said[:40]!r}")
    if int(said) and len(set(digits.lower())) == 1 and digits[0] in "0fF":
        # PDQ sets about half of its bits; without any gradient it sets none, and the quality is 0 then.
        raise ListError(
            f"{where}: the hash says of nothing but one colour that its quality is {said}, which is 0 there"
        )
    return Signature(scheme=SCHEME, code=bytes.fromhex(digits), quality=int(said), time=time)


def _seconds(where: str, text: str) -> Fraction:
    said = text.strip()
    if not _SECONDS.fullmatch(said) or Fraction(said) > _MOST_SECONDS:
        raise ListError(f"{where}: expected seconds such as 12.345, found {said[:40]!r}")
    return Fraction(said)


_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _moment(where: str, text: str) -> str | None:
    if not text:
        return None
    moment = read_moment(text)
    if moment is None:
        raise ListError(f"{where}: {text[:80]!r} is no time such as 2025-12-29T18:00:00Z")
    if _DAY.fullmatch(text.strip()):  # as `forensics.archive.stated_time` takes it
        return text.strip()
    return moment.latest.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _checked(where: str, codes: list[Signature]) -> tuple[Signature, ...]:
    if not codes:
        raise ListError(f"{where} has no hash")
    _bounded(where, codes)
    return tuple(codes)


def _bounded(where: str, codes: Sequence[Signature]) -> None:
    if len(codes) > MOST_OF_ONE:
        raise ListError(f"{where}: more than {MOST_OF_ONE:,} hashes of one asset")


def _unescaped(cell: str) -> str:
    """Takes away the sign that keeps a spreadsheet from reading a cell as a formula."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant} is no number in JSON")
