"""`forensics claim`: what is claimed in a case, in the words of whoever claims it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from forensics.commands.opening import searching, writing
from forensics.commands.options import CaseArgument, JsonOption, LedgerOption
from forensics.commands.streams import console
from forensics.errors import UsageError

_TimeHelp = "With its zone: 2025-12-29T18:00:00+03:00; or the day."


def add(
    case: CaseArgument,
    file: Annotated[
        Path | None, typer.Argument(help="A TOML file with the claim; or give options.")
    ] = None,
    statement: Annotated[
        str | None, typer.Option(help="The claim, in the words of whoever makes it.")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who makes it.")] = None,
    first_said_at: Annotated[
        str | None, typer.Option(metavar="TIME", help=f"When it was first said. {_TimeHelp}")
    ] = None,
    said_where: Annotated[
        str | None, typer.Option(help="Where it was first said: an address, or a medium.")
    ] = None,
    released_at: Annotated[
        str | None,
        typer.Option(metavar="TIME", help=f"When its evidence was released. {_TimeHelp}"),
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Where its evidence came from, as stated.")
    ] = None,
    start: Annotated[
        str | None,
        typer.Option("--from", metavar="TIME", help="When the event began, as stated."),
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help="When it ended, as stated.")
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option(help="The zone of --from and --to: +03:00, or Europe/Moscow."),
    ] = None,
    place: Annotated[str | None, typer.Option(help="The stated place, in words.")] = None,
    lat: Annotated[str | None, typer.Option(help="Of its centre, decimal degrees.")] = None,
    lon: Annotated[str | None, typer.Option(help="Of its centre, decimal degrees.")] = None,
    radius_km: Annotated[str | None, typer.Option(help="How far around it reaches.")] = None,
    count: Annotated[
        list[str] | None,
        typer.Option(help="A number that it states, as in '91 drones'; repeatable."),
    ] = None,
    corrects: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="NUMBER",
            help="Number of the claim that was recorded wrongly; this one takes its place.",
        ),
    ] = None,
    recorded_by: Annotated[
        str | None, typer.Option(help="Who records it.", show_default="the ledger's own name")
    ] = None,
    ledger: LedgerOption = None,
) -> None:
    """Take a claim into a case, from a file or from options."""
    from forensics.cases.acts import correct_claim, take_claim
    from forensics.cases.reading import load
    from forensics.cases.settling import settle
    from forensics.claims.claimfile import claim_of, read_claim
    from forensics.report.caseacts import show_changed, show_claimed

    stated = _present(
        {
            "statement": statement,
            "by": by,
            "first_said_at": first_said_at,
            "said_where": said_where,
            "released_at": released_at,
            "source": source,
            "event": _present({"from": start, "to": end, "zone": zone}),
            "place": _present({"name": place, "lat": lat, "lon": lon, "radius_km": radius_km}),
            "count": [_count(one) for one in count or []],
        }
    )
    if (file is None) is not bool(stated):
        raise UsageError(
            "a claim comes from a file, or from options: one of them is needed, and not both",
            hint="`forensics claim add CASE claim.toml`, or --statement … --by …",
        )
    hint = "Give --statement and --by, times with their zone, and --lat with --lon."
    claim = read_claim(file) if file else claim_of({"claim": stated}, "The options", hint)
    with writing(ledger) as opened:
        there, who = load(opened, case).claims, recorded_by or opened.origin
        if corrects is None:
            _, number = take_claim(opened, case, claim, by=who)
        else:
            number = corrects
            correct_claim(opened, case, number, claim, by=who)
        settled = settle(opened, case)
    show_claimed(
        settled.case, number, known=claim in [one.claim for one in there], console=console()
    )
    show_changed(settled.case, settled.changed, console())


def list_(case: CaseArgument, ledger: LedgerOption = None, json: JsonOption = False) -> None:
    """List the claims of a case, and what stands on each."""
    from forensics.cases.reading import load
    from forensics.report.caseacts import claims_json, show_claims

    with searching(ledger) as reader:
        found = load(reader, case)
    if json:
        typer.echo(claims_json(found))
    else:
        show_claims(found, console())


def show(
    claim: Annotated[str, typer.Argument(metavar="CASE/NUMBER", help="As in valdai/1.")],
    ledger: LedgerOption = None,
    json: JsonOption = False,
) -> None:
    """Show a claim: what it states, what is offered for it and when, and what stands."""
    from forensics.cases.adding import find_claim
    from forensics.report.caseacts import claim_json
    from forensics.report.cases import show_claim

    with searching(ledger) as reader:
        case, found = find_claim(reader, claim)
    if json:
        typer.echo(claim_json(case, found))
    else:
        show_claim(case, found, console())


def _present(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value not in (None, {}, [])}


def _count(text: str) -> dict[str, Any]:
    number, _, what = text.strip().partition(" ")
    if not (number.isascii() and number.isdigit() and len(number) <= 15 and what.strip()):
        raise UsageError(
            f"--count is {text!r}: expected a number and what is counted.",
            hint="As in '91 drones'.",
        )
    return {"number": int(number), "what": what.strip()}
