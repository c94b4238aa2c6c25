"""What a map draws and states, against places that other assets state and counts of the claims."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from forensics.claims.timeline import findings
from forensics.inside.places import distance_km
from forensics.model import (
    CaseAsset,
    Caveat,
    Diagnostic,
    Finding,
    Measurement,
    NumberedClaim,
)
from forensics.sky.region import position

NEAR_KM: Final = 50.0
"""A map of a country puts the end of an arrow no finer."""

_AUTHOR: Final = Caveat(
    id="author-chose",
    text="What a map marks and counts is what its author drew, and may be misread.",
)
_END: Final = re.compile(
    r" to (\d{1,2}\.\d\d)° ([NS]), (\d{1,3}\.\d\d)° ([EW])(?: \(± (\d+(?:\.\d)?) km\))?"
)
_COUNTED: Final = re.compile(r"(?P<name>[^\d]{3,80}?)[ :–—-]+(?P<number>\d{1,6})\s*$")
_STATEMENTS: Final = ("statement-holds", "statement-does-not-hold", "statement-not-tested")
_STEM: Final = 5
"""Letters in which two names of one thing agree, whatever their endings."""


def against_map(graphic: CaseAsset, other: CaseAsset) -> Iterator[Finding]:
    """Yields how far the tracks of a map end from the place that another asset states."""
    stated = stated_place(other)
    ends = list(_ends(graphic))
    if stated is None or not ends:
        return
    km, error = min((distance_km(*stated, lat, lon), error) for lat, lon, error in ends)
    values = (
        Measurement(key="map", value=graphic.asset.sha256[:12], unit="text"),
        Measurement(key="other", value=other.asset.sha256[:12], unit="text"),
        Measurement(key="distance", value=f"{km:.0f}", unit="km"),
        Measurement(key="error", value=f"{error:.0f}", unit="km"),
    )
    far = km > NEAR_KM + error
    yield Finding(
        id="map-away-from-place" if far else "map-near-place",
        template="The tracks on the map {map} end {distance} km (give or take {error}) or more from "
        "the place that {other} states."
        if far
        else "A track on the map {map} ends {distance} km (give or take {error}) from the place that {other} "
        "states.",
        measurements=values,
        diagnostic=Diagnostic.UNKNOWN if far else Diagnostic.NO,
        caveats=(_AUTHOR,),
    )


def counts(claims: Sequence[NumberedClaim], assets: Sequence[CaseAsset]) -> Iterator[Finding]:
    """Yields numbers of a claim beside those that a map states of the same thing."""
    for claim in sorted(claims, key=lambda c: c.number):
        for count in claim.claim.counts:
            for asset in assets:
                numbers = sorted(
                    {n for name, n in _stated_counts(asset) if _same(name, count.what)}
                )
                if numbers:
                    agrees = count.number in numbers
                    yield Finding(
                        id="counts-agree" if agrees else "counts-differ",
                        template="The claim {claim} states {claimed} ({what}), and so does {asset}."
                        if agrees
                        else "The claim {claim} states {claimed} ({what}), and {asset} states {stated}.",
                        measurements=(
                            Measurement(key="claim", value=claim.number, unit="number"),
                            Measurement(key="claimed", value=count.number, unit="count"),
                            Measurement(key="what", value=count.what, unit="text"),
                            Measurement(key="asset", value=asset.asset.sha256[:12], unit="text"),
                            *(Measurement(key="stated", value=n, unit="count") for n in numbers),
                        ),
                        diagnostic=Diagnostic.NO if agrees else Diagnostic.UNKNOWN,
                        caveats=(_AUTHOR,),
                    )


def _ends(graphic: CaseAsset) -> Iterator[tuple[float, float, float]]:
    """Degrees north and east of the ends of tracks, and by how many kilometres they may be off."""
    for f in findings(graphic, "map-graphic", "track"):
        for m in f.measurements:
            found = _END.search(str(m.value)) if m.key == "track" else None
            if found:
                lat = float(found[1]) * (-1 if found[2] == "S" else 1)
                lon = float(found[3]) * (-1 if found[4] == "W" else 1)
                yield lat, lon, float(found[5] or 0)


def stated_place(asset: CaseAsset) -> tuple[float, float] | None:
    """Returns degrees north and east that a file states, or None."""
    for f in findings(asset, "metadata", "place-stated"):
        values = {m.key: str(m.value) for m in f.measurements}
        return position(values.get("latitude", ""), values.get("longitude", ""))
    return None


def _stated_counts(asset: CaseAsset) -> Iterator[tuple[str, int]]:
    """Names with a number behind them, as the statements of a map graphic have them; and its tracks."""
    for id in _STATEMENTS:  # noqa: A001 - the model's word
        for f in findings(asset, "map-graphic", id):
            for m in f.measurements:
                found = _COUNTED.fullmatch(str(m.value).strip()) if m.key == "statement" else None
                if found:
                    yield found["name"], int(found["number"])
    tracks = len(findings(asset, "map-graphic", "track"))
    more = [
        int(m.value)
        for f in findings(asset, "map-graphic", "more-tracks")
        for m in f.measurements
        if m.key == "tracks" and isinstance(m.value, int)
    ]
    if tracks:
        yield "tracks", max([tracks, *more])


def _same(name: str, what: str) -> bool:
    """Whether two names share a word, but for its ending."""
    mine, theirs = (
        {w[:_STEM] for w in re.findall(r"[^\W\d_]{3,}", text.casefold())} for text in (name, what)
    )
    return bool(mine & theirs)
