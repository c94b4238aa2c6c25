"""Links between the documents lead somewhere, and what they say of the code and its limits holds."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from forensics import registry
from forensics.analyses import sound_edits
from forensics.inside.geo import MAX_DOCUMENTS
from forensics.inside.geojson import MAX_GEOJSON
from forensics.inside.markup import MAX_ELEMENTS, MAX_MARKUP, MAX_NESTING
from forensics.inside.pdffile import MAX_GENERATIONS, MAX_OBJECTS, MAX_PDF, MAX_STREAM
from forensics.inside.window import MAX_BYTES, MAX_DEPTH, MAX_PARTS
from forensics.inside.zipped import MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED
from forensics.media import film, intake, prepare, worker
from forensics.media.limits import Limits
from forensics.traces import soundloops

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    plain = (re.sub(r"[^\w\s-]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_within_the_project_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.exists(), f"{page.name} links to {target}"
        assert path.is_relative_to(ROOT), f"{page.name} links out of the project: {target}"
        assert not anchor or anchor in anchors(path), f"{page.name} links to {target}"


def test_every_page_is_reached_from_the_readme() -> None:
    reached, ahead = set(), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in reached:
            continue
        reached.add(page)
        for target in re.findall(r"\]\(([^)#\s]+\.md)", page.read_text("utf-8")):
            linked = (page.parent / target).resolve()
            if linked.is_file():
                ahead.append(linked)
    assert not [p.name for p in PAGES if p not in reached]


def test_what_the_terminology_names_is_in_the_code() -> None:
    page = (ROOT / "docs" / "terminology.md").read_text("utf-8")
    names = re.findall(r"\| `((?:forensics|db)[\w.]+)` \|$", page, re.MULTILINE)
    assert len(names) > 20
    for name in names:
        module, _, thing = name.rpartition(".")
        found = importlib.import_module(module)
        assert hasattr(found, thing) or importlib.import_module(name), name


def test_the_limits_are_those_of_the_code() -> None:
    page = (ROOT / "docs" / "limits.md").read_text("utf-8")
    stated = dict(re.findall(r"^\| (.+?) \| (.+?) \|$", page, re.MULTILINE))
    limits = Limits()
    assert stated == {
        "limit": "value",
        "address space of the worker, and of each program it starts": f"{limits.memory >> 30} GiB",
        "size of any one file it writes": f"{limits.file_size >> 30} GiB",
        "open files": str(limits.open_files),
        "wall-clock time for reading one file": f"{limits.seconds:.0f} s, `--deadline`",
        "wall-clock time for one analysis": f"{registry.SECONDS:.0f} s",
        "pixels of one picture, refused before it is decoded": f"{limits.pixels // 10**6} million",
        "size of one answer": f"{worker.MAX_ANSWER >> 20} MiB",
        "size of a file taken in": f"{intake.MAX_SIZE >> 30} GiB",
        "pictures sampled from one video": f"{prepare.MAX_SAMPLES:,}",
        "pictures of one video that are looked at one by one, for its course": (
            f"{film.BUDGET // 10**9} thousand million pixels: about 3 min of 1080p, 7 min of 720p"
        ),
        "sound heard for its levels and hum; for repeats": (
            f"the first {sound_edits.MOST_SECONDS // 60} min; the first "
            f"{soundloops.MOST_SECONDS // 60:.0f} min"
        ),
        "bytes read, packed and unpacked, to show what one file carries": f"{MAX_BYTES >> 20} MiB",
        "parts shown of one file, and levels of parts in parts": f"{MAX_PARTS:,}; {MAX_DEPTH}",
        "a PDF that is looked into": (
            f"{MAX_PDF >> 20} MiB; {MAX_OBJECTS:,} objects, {MAX_GENERATIONS} savings, "
            f"{MAX_STREAM >> 20} MiB unpacked of one stream"
        ),
        "a document of KML, GPX or SVG": (
            f"{MAX_MARKUP >> 20} MiB; {MAX_ELEMENTS:,} elements, {MAX_NESTING} in one another"
        ),
        "a document of GeoJSON": f"{MAX_GEOJSON >> 20} MiB",
        "an archive of places (KMZ)": (
            f"{MAX_MEMBERS:,} members listed, {MAX_DOCUMENTS} documents read, {MAX_UNPACKED >> 20} MiB "
            f"unpacked of one, and {MAX_RATIO} bytes for each packed byte"
        ),
    }
