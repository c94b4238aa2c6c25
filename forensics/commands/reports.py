"""`forensics report`: a case as a document, made from what is on record."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.commands.opening import searching
from forensics.commands.options import LangOption, LedgerOption
from forensics.commands.streams import deliver

if TYPE_CHECKING:
    from forensics.model import CaseReport


class Format(StrEnum):
    """What a document is for."""

    HTML = "html"
    PDF = "pdf"
    MARKDOWN = "markdown"
    JSON = "json"
    REVIEWS = "reviews"
    PROV = "prov"
    CASE_UCO = "case-uco"


def report(
    case: Annotated[str, typer.Argument(help="The case.")],
    format: Annotated[  # noqa: A002 - the option's name
        Format, typer.Option("--format", "-f", help="A page, text for a page, or data.")
    ] = Format.HTML,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Write to this file instead of standard output."),
    ] = None,
    lang: LangOption = None,
    ledger: LedgerOption = None,
) -> None:
    """Make a document of a case from the ledger; the same ledger gives the same bytes."""
    from forensics import config

    language = config.language(lang)
    made = _made(case, ledger, pictures=format in {Format.HTML, Format.PDF})
    deliver(_render(made, format, language), out)


def _made(case: str, ledger: str | None, *, pictures: bool) -> CaseReport:
    from forensics.cases.reading import load
    from forensics.media.capabilities import this_tool
    from forensics.media.limits import Limits
    from forensics.media.worker import Worker
    from forensics.model import CaseReport
    from forensics.showing import case_pictures

    limits = Limits()
    with searching(ledger) as opened:
        read = load(opened, case)
        shown = {}
        if pictures:
            with Worker(limits) as worker:
                shown = case_pictures(read, opened, worker, limits)
        return CaseReport(tool=this_tool(), case=read, head=opened.head(), pictures=shown)


def _render(made: CaseReport, format: Format, language: str) -> bytes:  # noqa: A002 - as the option
    from forensics.exports.caseuco import case_uco_json
    from forensics.exports.prov import prov_json
    from forensics.exports.reviews import reviews_json
    from forensics.report.casedocument import case_json
    from forensics.report.casepage import render_case_html
    from forensics.report.markdown import render_markdown
    from forensics.report.pdf import render_pdf

    match format:
        case Format.HTML:
            return render_case_html(made, language).encode()
        case Format.PDF:
            return render_pdf(made, language)
        case Format.MARKDOWN:
            return render_markdown(made, language).encode()
        case Format.JSON:
            return case_json(made)
        case Format.REVIEWS:
            return reviews_json(made)
        case Format.PROV:
            return prov_json(made)
        case Format.CASE_UCO:
            return case_uco_json(made)
