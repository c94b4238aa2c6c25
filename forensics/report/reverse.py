"""What serves a search elsewhere, on a terminal and as JSON; and what became of recording one."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

import orjson
from rich.console import Console
from rich.text import Text

from forensics.language import noted, say
from forensics.model import MediaKind, Receipt, Sha256
from forensics.report import figures
from forensics.report.clean import visible
from forensics.report.page import QUIET, STRONG, Page, label
from forensics.reverse import Help

_NOTES = {
    "dark-or-blank": noted("It is dark or blank; none better was found."),
    "text": noted("Much of it looks like letters, which an engine may match instead of the scene."),
}


def show_help(given: Help, console: Console) -> None:
    """Prints the pictures, where to ask, and how to record what came of it."""
    page = Page(console)
    page.line(Text(say("Pictures for a search elsewhere"), style=STRONG), indent=0)
    for one in given.keyframes:
        at = "" if given.asset.kind is MediaKind.IMAGE else f"{figures.position(one.time)}  "
        page.print(Text(f"  {at}{visible(str(one.path), 400)}"))
        for note in one.notes:
            page.line(say(_NOTES[note]), style=QUIET, indent=4)
    page.line(
        say(
            "They were chosen for sharpness, light, little text and difference; a part of one, cut out, "
            "often finds more than the whole."
        ),
        style=QUIET,
    )
    page.heading(say("Where to ask"))
    for link in given.links:
        page.command(label(link.engine), link.url)
    page.line(
        say("Nothing was sent anywhere. Whoever asks hands the picture to the engine's operator."),
        style=QUIET,
    )
    page.heading(say("Record what came of it"))
    digits = given.asset.sha256[:16]
    page.command(
        Text(""),
        f"forensics appearance add {digits} --engine {shlex.quote(given.links[0].engine)} "
        "--asked-at TIME --source-url URL --published-at TIME",
    )
    page.command(
        Text(""),
        f"forensics appearance add {digits} --engine {shlex.quote(given.links[0].engine)} "
        "--asked-at TIME --nothing-found",
    )


def help_json(given: Help) -> str:
    """Returns the same as JSON: "forensics/reverse/1"."""
    value = {
        "schema": "forensics/reverse/1",
        "asset": {"sha256": given.asset.sha256, "name": given.asset.name},
        "keyframes": [
            {
                "path": str(one.path),
                "time": figures.ratio(one.time),
                "width": one.width,
                "height": one.height,
                "notes": list(one.notes),
            }
            for one in given.keyframes
        ],
        "links": [{"engine": one.engine, "url": one.url} for one in given.links],
    }
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def show_asked(
    sha256: Sha256,
    *,
    engine: str,
    asked_at: str,
    found: bool,
    by: str,
    receipt: Receipt,
    console: Console,
) -> None:
    """Prints what was recorded of a search elsewhere."""
    values = {
        "entry": str(receipt.entries[0]),
        "asset": sha256[:12],
        "engine": visible(engine, 100),
        "when": figures.when(asked_at),
        "by": visible(by, 200),
    }
    if found:
        said = say(
            "Recorded as entry {entry}: {engine}, asked {when} about sha256:{asset}, found it, as {by} says.",
            **values,
        )
    else:
        said = say(
            "Recorded as entry {entry}: {engine}, asked {when} about sha256:{asset}, found nothing, as {by} "
            "says.",
            **values,
        )
    Page(console).line(said, indent=0)


def show_in_cases(cases: Sequence[str], console: Console) -> None:
    """Prints that cases hold an asset of which something new was recorded, and what to do."""
    page = Page(console)
    for case in cases:
        page.line(
            say("It is offered as evidence in {case}; to judge it anew:", case=visible(case, 80))
        )
        page.command(Text(""), f"forensics recheck {shlex.quote(case)}")
