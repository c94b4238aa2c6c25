"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

LedgerOption = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        metavar="FILE|URL",
        help="The ledger's SQLite file, or postgresql+psycopg://user@host/database "
        "[env: FORENSICS_LEDGER].",
        show_default=False,
    ),
]
OutOption = Annotated[
    Path | None, typer.Option(help="Write to this file instead of standard output.")
]
HomeOption = Annotated[
    Path | None,
    typer.Option(help="The witness's folder.", show_default="beside the ledger"),
]
LogOption = Annotated[
    list[str] | None, typer.Option("--log", help="Key of a log that is witnessed; repeatable.")
]
WitnessOption = Annotated[
    str | None, typer.Option("--witness", help="The witness's key, as it was told to you.")
]
RootOption = Annotated[
    Path | None,
    typer.Option("--tsa-root", help="Root certificates of time-stamping authorities, PEM."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
JsonlOption = Annotated[
    bool, typer.Option("--jsonl", help="Print one JSON document a line, one a file.")
]
DeciderOption = Annotated[
    list[str] | None,
    typer.Option(
        "--decider",
        help="The key of somebody who decides, as that person told it to you; may be repeated.",
    ),
]
LAST = 2**53
"""No entry has a larger index: numbers in a log end there."""
QuickOption = Annotated[
    bool,
    typer.Option(
        "--quick", help="Of videos take only the keyframes: many times faster, and sees less."
    ),
]
ByOption = Annotated[
    str | None,
    typer.Option("--by", help="Whose word that is.", show_default="the ledger's own name"),
]
CaseArgument = Annotated[
    str, typer.Argument(metavar="CASE", help="The case's id, as `forensics case list` shows it.")
]
CaseOption = Annotated[str, typer.Option("--case", help="The case that it belongs to.")]
AssetArgument = Annotated[
    str,
    typer.Argument(
        metavar="FILE|ASSET",
        help="The file, the asset's SHA-256, or the first 8 or more of its digits.",
    ),
]
KeepOption = Annotated[
    bool | None,
    typer.Option(
        "--keep/--no-keep", help="Store the originals beside the ledger, or only record them."
    ),
]
DeadlineOption = Annotated[
    float | None, typer.Option(help="Seconds that reading one file may take; 900 unless set.")
]
LangOption = Annotated[
    str | None,
    typer.Option(
        "--lang", metavar="en|uk|ru|de|fr", help="Language of the report.", show_default="en"
    ),
]
