"""`forensics observation` and `forensics note`: what a person read off an asset, and context."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.commands.opening import writing
from forensics.commands.options import (
    AssetArgument,
    ByOption,
    CaseOption,
    LedgerOption,
)
from forensics.commands.streams import console
from forensics.errors import UsageError

if TYPE_CHECKING:
    from forensics.model import Seen

_AtOption = Annotated[
    str | None,
    typer.Option("--at", metavar="TIME", help="In which picture of a video: 12.5, or 1:12.5."),
]
_WordsOption = Annotated[
    str | None, typer.Option("--words", help="How it was measured or seen, in your words.")
]
_LIGHTS = ("day", "twilight", "night")
_MOONS = ("full", "gibbous", "half", "crescent", "visible", "new", "not-visible")


def shadow(
    asset: AssetArgument,
    case: CaseOption,
    height: Annotated[
        str, typer.Option(metavar="LENGTH", help="Of what throws the shadow: 1.80±0.05.")
    ],
    shadow: Annotated[
        str, typer.Option(metavar="LENGTH", help="Of the shadow, in the same unit: 3.10±0.10.")
    ],
    azimuth: Annotated[
        str | None,
        typer.Option(
            metavar="DEGREES",
            help="Direction in which the shadow lies, clockwise from true north: 312±5.",
        ),
    ] = None,
    at: _AtOption = None,
    words: _WordsOption = None,
    by: ByOption = None,
    ledger: LedgerOption = None,
) -> None:
    """Record the length of a shadow, from which the height of the sun follows."""
    from forensics.cases.adding import measured
    from forensics.model import Seen

    values = {
        **measured(height, "--height", most=999_999, positive=True).named("height"),
        **measured(shadow, "--shadow", most=999_999, positive=True).named("shadow"),
        **(_azimuth(azimuth) if azimuth else {}),
    }
    _record(Seen.SHADOW, asset, case, values, at=at, words=words, by=by, ledger=ledger)


def azimuth(
    asset: AssetArgument,
    case: CaseOption,
    azimuth: Annotated[
        str,
        typer.Option(
            metavar="DEGREES", help="Direction of the sun, clockwise from true north: 132±5."
        ),
    ],
    at: _AtOption = None,
    words: _WordsOption = None,
    by: ByOption = None,
    ledger: LedgerOption = None,
) -> None:
    """Record the direction of the sun in a picture whose own direction is known."""
    from forensics.model import Seen

    values = _azimuth(azimuth)
    _record(Seen.AZIMUTH, asset, case, values, at=at, words=words, by=by, ledger=ledger)


def light(
    asset: AssetArgument,
    light: Annotated[str, typer.Argument(help=f"One of {', '.join(_LIGHTS)}.")],
    case: CaseOption,
    at: _AtOption = None,
    words: _WordsOption = None,
    by: ByOption = None,
    ledger: LedgerOption = None,
) -> None:
    """Record whether a picture shows day, twilight or night."""
    from forensics.model import Seen

    values = {"light": _one_of(light, _LIGHTS, "the light")}
    _record(Seen.LIGHT, asset, case, values, at=at, words=words, by=by, ledger=ledger)


def moon(
    asset: AssetArgument,
    moon: Annotated[str, typer.Argument(help=f"One of {', '.join(_MOONS)}.")],
    case: CaseOption,
    at: _AtOption = None,
    words: _WordsOption = None,
    by: ByOption = None,
    ledger: LedgerOption = None,
) -> None:
    """Record how the moon looks in a picture, or that it cannot be seen in a clear sky."""
    from forensics.model import Seen

    values = {"moon": _one_of(moon, _MOONS, "the moon")}
    _record(Seen.MOON, asset, case, values, at=at, words=words, by=by, ledger=ledger)


def season(
    asset: AssetArgument,
    season: Annotated[str, typer.Argument(help="In your words: 'snow, bare trees'.")],
    case: CaseOption,
    at: _AtOption = None,
    words: _WordsOption = None,
    by: ByOption = None,
    ledger: LedgerOption = None,
) -> None:
    """Record what a picture shows of the time of year."""
    from forensics.cases import adding
    from forensics.model import Seen

    values = {"season": adding.words(season, "SEASON")}
    _record(Seen.SEASON, asset, case, values, at=at, words=words, by=by, ledger=ledger)


def note(
    case: CaseOption,
    pillar: Annotated[
        str, typer.Option(help="What it bears on: provenance, source, date, location, motivation.")
    ],
    diagnostic: Annotated[
        str,
        typer.Option(
            help="Does it tell whether the claim is true? no: it would be seen just as well if the "
            "claim were false; yes; or unknown."
        ),
    ],
    text: Annotated[str, typer.Option(help="The context, in your words.")],
    reason: Annotated[str | None, typer.Option(help="Why it tells that, or does not.")] = None,
    asset: Annotated[
        str | None, typer.Option(metavar="FILE|ASSET", help="About this asset, not the case.")
    ] = None,
    by: ByOption = None,
    ledger: LedgerOption = None,
) -> None:
    """Add context to a case: it gives a reason and moves no verdict."""
    from forensics import archive
    from forensics.cases import adding
    from forensics.cases.settling import settle
    from forensics.model import Diagnostic, Pillar
    from forensics.report.caseacts import show_changed, show_noted

    pillars = tuple(p.value for p in Pillar)
    bears = Pillar(_one_of(pillar, pillars, "--pillar"))
    tells = Diagnostic(_one_of(diagnostic, tuple(d.value for d in Diagnostic), "--diagnostic"))
    said = adding.words(text, "--text")
    why = "" if reason is None else adding.words(reason, "--reason")
    if tells is not Diagnostic.UNKNOWN and not why:
        raise UsageError(
            f"--diagnostic {tells.value} needs --reason: why it tells that, or does not",
            hint="Where the reason is not known, say --diagnostic unknown.",
        )
    with writing(ledger) as opened:
        about = None if asset is None else archive.named(asset, opened)
        receipt = adding.add_note(
            opened,
            case,
            pillar=bears,
            diagnostic=tells,
            text=said,
            reason=why,
            by=by or opened.origin,
            asset=about,
        )
        settled = settle(opened, case)
    show_noted(case, tells, receipt, console())
    show_changed(settled.case, settled.changed, console())


def _record(
    kind: Seen,
    asset: str,
    case: str,
    values: Mapping[str, str],
    *,
    at: str | None,
    words: str | None,
    by: str | None,
    ledger: str | None,
) -> None:
    from forensics import archive
    from forensics.cases import adding
    from forensics.cases.settling import settle
    from forensics.report.caseacts import show_changed, show_observed

    time = None if at is None else adding.picture_time(at)
    said = "" if words is None else adding.words(words, "--words")
    with writing(ledger) as opened:
        sha256 = archive.named(asset, opened)
        receipt = adding.observe(
            opened, case, sha256, kind, values, time=time, words=said, by=by or opened.origin
        )
        settled = settle(opened, case)
    show_observed(settled.case, sha256, receipt, console())
    show_changed(settled.case, settled.changed, console())


def _azimuth(text: str) -> dict[str, str]:
    from forensics.cases.adding import measured

    return measured(text, "--azimuth", most=360, positive=False).named("azimuth")


def _one_of(text: str, words: tuple[str, ...], what: str) -> str:
    found = text.strip().lower()
    if found not in words:
        raise UsageError(f"{what} is {text!r}: expected one of {', '.join(words)}.")
    return found
