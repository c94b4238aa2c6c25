"""`forensics map`: place a map graphic, measure what is drawn on it, and export it. Nothing is recorded."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.commands.options import JsonOption
from forensics.commands.streams import console, deliver, progress
from forensics.errors import EXIT_DONE, EXIT_INCOMPLETE, MediaError, UsageError

if TYPE_CHECKING:
    from forensics.mapping import Mapped
    from forensics.maps.asset import Given, GivenLabel

FileArgument = Annotated[Path, typer.Argument(help="The file; - reads standard input.")]
LabelOption = Annotated[
    list[str] | None,
    typer.Option(
        "--label",
        metavar="NAME=X,Y",
        help="A place's name as you read it, and its point in pixels from the upper left; repeatable.",
    ),
]
PictureOption = Annotated[
    int | None,
    typer.Option(
        "--picture",
        min=1,
        help="Which page or picture to read, from 1.",
        show_default="the first map",
    ),
]
DeadlineOption = Annotated[
    float | None, typer.Option(help="Seconds that reading the file may take; 900 unless set.")
]
RangeOption = Annotated[
    float | None,
    typer.Option(help="How far whatever flew can have flown, in km: tracks are held against it."),
]
SpeedOption = Annotated[
    str | None,
    typer.Option(
        metavar="SPEED|FROM-TO",
        help="How fast it flew, in km/h: tracks are held against the times that are stated.",
    ),
]


def place(
    file: FileArgument,
    label: LabelOption = None,
    picture: PictureOption = None,
    json: JsonOption = False,
    deadline: DeadlineOption = None,
) -> None:
    """Say where a map lies on the earth, as far as the names on it tell."""
    from forensics.report.mapped import render_placement

    mapped = _read(file, _given(label, picture), deadline)
    if json:
        _deliver_json(mapped, measured=False)
    else:
        render_placement(mapped, console())
    raise typer.Exit(_code(mapped))


def measure(
    file: FileArgument,
    label: LabelOption = None,
    max_range_km: RangeOption = None,
    speed_kmh: SpeedOption = None,
    picture: PictureOption = None,
    json: JsonOption = False,
    deadline: DeadlineOption = None,
) -> None:
    """Measure what is drawn on a map, and test what it states."""
    from forensics.report.mapped import render_measures

    if max_range_km is not None and not 0 < max_range_km < math.inf:
        raise UsageError(f"--max-range-km is {max_range_km:g}: expected a number above 0.")
    given = _given(label, picture, max_range_km, parse_speed(speed_kmh) if speed_kmh else None)
    mapped = _read(file, given, deadline)
    if json:
        _deliver_json(mapped, measured=True)
    else:
        render_measures(mapped, console())
    raise typer.Exit(_code(mapped))


def export(
    file: FileArgument,
    out: Annotated[
        Path | None,
        typer.Argument(help="Write the GeoJSON to this file.", show_default="standard output"),
    ] = None,
    geojson: Annotated[
        bool,
        typer.Option(
            "--geojson", help="As GeoJSON (RFC 7946), which QGIS opens; what is done unless --svg."
        ),
    ] = False,
    svg: Annotated[
        Path | None,
        typer.Option(help="Write the tracks on a neutral base map to this file, as SVG."),
    ] = None,
    label: LabelOption = None,
    picture: PictureOption = None,
    deadline: DeadlineOption = None,
) -> None:
    """Write what was read from a map where it lies on the earth, for other programs."""
    from forensics.report.mapped import to_geojson

    mapped = _read(file, _given(label, picture), deadline)
    placement = mapped.reading.placement
    if placement is None or not placement.placed:
        why = placement.why if placement else "Nothing was read."
        raise MediaError(
            f"The map is not placed, so there is nothing to export. {why}",
            hint="Give the names that you read with --label, five or more.",
        )
    if svg is not None:
        deliver(mapped.svg + "\n", svg)
    if geojson or svg is None or out is not None:
        deliver(to_geojson(mapped), out)


def parse_label(text: str) -> GivenLabel:
    """Returns the label that "NAME=X,Y" gives.

    Raises:
        UsageError: It is not of that form.
    """
    from forensics.maps.asset import GivenLabel

    name, _, point = text.rpartition("=")
    try:
        x, y = (float(part) for part in point.split(","))
    except ValueError:
        x = y = math.nan
    if not name.strip() or not (math.isfinite(x) and math.isfinite(y)):
        raise UsageError(
            f"--label is {text!r}: expected NAME=X,Y with a point in pixels.",
            hint='For example --label "Сумы=412,310".',
        )
    return GivenLabel(text=name.strip(), x=x, y=y)


def parse_speed(text: str) -> tuple[float, float]:
    """Returns the interval that "180" or "150-200" gives.

    Raises:
        UsageError: It is not of that form.
    """
    low, _, high = text.partition("-")
    try:
        speeds = float(low), float(high or low)
    except ValueError:
        speeds = math.nan, math.nan
    if not 0 < speeds[0] <= speeds[1] < math.inf:
        raise UsageError(
            f"--speed-kmh is {text!r}: expected a speed, or the slowest and the fastest.",
            hint="For example --speed-kmh 150-200.",
        )
    return speeds


def _given(
    labels: list[str] | None,
    picture: int | None,
    max_range_km: float | None = None,
    speed_kmh: tuple[float, float] | None = None,
) -> Given:
    from forensics.maps.asset import Given

    return Given(
        labels=tuple(parse_label(text) for text in labels or ()),
        max_range_km=max_range_km,
        speed_kmh=speed_kmh,
        picture=None if picture is None else picture - 1,
    )


def _read(file: Path, given: Given, deadline: float | None) -> Mapped:
    from forensics import config
    from forensics.mapping import map_of
    from forensics.media.limits import Limits
    from forensics.media.worker import Worker

    limits = Limits(seconds=config.deadline(deadline))
    source = sys.stdin.buffer if str(file) == "-" else file
    with Worker(limits) as worker, progress(file) as watch:
        return map_of(source, worker=worker, limits=limits, given=given, watch=watch)


def _deliver_json(mapped: Mapped, *, measured: bool) -> None:
    from forensics.media.capabilities import this_tool
    from forensics.report.mapped import to_json

    deliver(to_json(mapped, this_tool(), measured=measured), None)


def _code(mapped: Mapped) -> int:
    """A map whose lettering could not be read is not completed, unless a person's labels place it."""
    placement = mapped.reading.placement
    placed = placement is not None and placement.placed
    return EXIT_INCOMPLETE if mapped.reading.notes and not placed else EXIT_DONE
