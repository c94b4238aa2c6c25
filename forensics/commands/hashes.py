"""`forensics hashes`: lists of hashes, so that desks can share what they know without sharing media."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.commands.given import address
from forensics.commands.opening import digest, reading, writing_or_new
from forensics.commands.options import LedgerOption
from forensics.commands.streams import console, deliver, progress, read
from forensics.errors import UsageError

if TYPE_CHECKING:
    from forensics.hashlists.item import HashItem
    from forensics.model import KnownAsset, Signature


class Form(StrEnum):
    """The forms in which a list can be written."""

    CSV = "csv"
    JSON = "json"
    PDQ = "pdq"
    VPDQ = "vpdq"
    VPDQ_TEXT = "vpdq-text"


def export(
    file: Annotated[Path, typer.Argument(help="The list to write; - writes to standard output.")],
    asset: Annotated[
        list[str] | None,
        typer.Option(help="Only the asset of this SHA-256; may be repeated."),
    ] = None,
    form: Annotated[
        Form,
        typer.Option(
            "--format",
            help="csv, json: everything. pdq: lines of stills. vpdq, vpdq-text: one video.",
        ),
    ] = Form.CSV,
    names: Annotated[
        bool, typer.Option("--names", help="Write file names too, which may tell of a person.")
    ] = False,
    ledger: LedgerOption = None,
) -> None:
    """Write PDQ hashes of what was received here, for other desks and for ThreatExchange's tools.

    Of an asset that was published, the first publication is told as well. Nothing is recorded.
    """
    from db.hashes import signed
    from forensics.hashlists.item import SCHEME
    from forensics.hashlists.writing import FORMATS

    chosen = [digest(one, "--asset") for one in asset] if asset else None
    with reading(ledger) as opened, opened.snapshot() as connection:
        items = [
            _item(known, codes, names=names) for known, codes in signed(connection, SCHEME, chosen)
        ]
    if not items:
        raise UsageError(
            "no picture was signed in this ledger",
            hint="`forensics register FILE` signs a file's pictures.",
        )
    deliver(FORMATS[form.value](items), None if str(file) == "-" else file)


def import_(
    file: Annotated[Path, typer.Argument(help="The list.")],
    publisher: Annotated[str, typer.Option(help="Who published it: everything is their word.")],
    published_at: Annotated[
        str,
        typer.Option(
            "--published-at",
            metavar="TIME",
            help="When it was published: 2025-12-29T18:00:00+02:00, or a day.",
        ),
    ],
    source_url: Annotated[
        str | None, typer.Option("--source-url", metavar="URL", help="Where it was found.")
    ] = None,
    ledger: LedgerOption = None,
) -> None:
    """Take in a list of PDQ or vPDQ hashes, so that later releases are compared with what it lists.

    What was recorded from the same list before is passed over.
    """
    from forensics.archive import stated_time
    from forensics.hashlists.reading import MOST_BYTES, read_list
    from forensics.hashlists.taking import Source, take_in
    from forensics.report.archive import show_taken

    if not publisher.strip() or len(publisher) > _LONGEST:
        raise UsageError(f"--publisher is empty or longer than {_LONGEST} characters")
    source = Source(
        publisher=publisher, published_at=stated_time(published_at), url=address(source_url)
    )
    data = read(file, MOST_BYTES)
    items = read_list(data)
    with writing_or_new(ledger) as opened, progress(file) as watch:
        taken = take_in(data, items, source, opened, watch)
    show_taken(taken, source, console())


_LONGEST = 200


def _item(known: KnownAsset, codes: tuple[Signature, ...], *, names: bool) -> HashItem:
    from forensics.hashlists.item import HashItem

    first = next((one for one in known.appearances if one.what == "published"), None)
    return HashItem(
        kind=known.kind,
        hashes=codes,
        sha256=known.sha256,
        name=known.name if names else "",
        publisher=first.publisher if first else None,
        published_at=first.at if first else None,
        url=first.url if first else None,
    )
