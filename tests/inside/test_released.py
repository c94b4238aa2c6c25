"""A program or phone cannot have saved a file before it came out."""

from __future__ import annotations

import re

import pytest

from forensics.inside.released import named_by, releases, too_early
from forensics.inside.stated import Stated, Text, Time
from forensics.model import Part
from forensics.model.moment import read_moment

NOTHING = Part(name="File")


def saying(named: tuple[str, str], *times: tuple[str, str]) -> Stated:
    read = [(field, read_moment(text)) for field, text in times]
    role = "model" if "odel" in named[0] else "software"
    return Stated(
        texts=(Text(role=role, field=named[0], value=named[1]),),
        times=tuple(Time(role="x", field=f, moment=m) for f, m in read if m),
        unset=(),
        places=(),
    )


NEW = ("Image Software", "Adobe Photoshop 25.0 (Windows)")


def test_a_program_that_states_a_time_before_it_came_out_is_told() -> None:
    (one,) = too_early(saying(NEW, ("Image DateTime", "2015:03:01 10:00:00")), NOTHING)
    assert (one.release.name, one.release.month) == ("Adobe Photoshop 25", "2023-09")
    assert one.named == NEW
    assert one.stated == ("Image DateTime", "2015:03:01 10:00:00")


@pytest.mark.parametrize(
    ("named", "times"),
    [
        (NEW, [("Image DateTime", "2024:03:01 10:00:00")]),
        # Given to some before all: a year is allowed.
        (NEW, [("Image DateTime", "2022:11:01 10:00:00")]),
        # The time of the recording is not that of the saving.
        (NEW, [("EXIF DateTimeOriginal", "2008:03:01 10:00:00")]),
        # Another block's time is not this program's.
        (NEW, [("xmp:ModifyDate", "2008-03-01T10:00:00Z")]),
        # Of several the latest counts.
        (
            ("xmp:CreatorTool", "Adobe Photoshop 25.0 (Macintosh)"),
            [("xmp:ModifyDate", "2015-03-01T10:00:00Z"), ("xmp:MetadataDate", "2024-03-01T10:00:00Z")],
        ),
        (("Image Software", "Adobe Photoshop 25.0 (iOS)"), [("Image DateTime", "2015:03:01 10:00:00")]),
        (("Image Software", "Ver.1.02"), [("Image DateTime", "1999:03:01 10:00:00")]),
        # A camera's clock is often not set.
        (("Image Model", "NIKON Z 9"), [("EXIF DateTimeOriginal", "2001:03:01 10:00:00")]),
        (("Image Model", "iPhone 13 Pro"), [("EXIF DateTimeOriginal", "2021:10:01 10:00:00")]),
    ],
)  # fmt: skip
def test_what_can_be_is_not_told(named: tuple[str, str], times: list[tuple[str, str]]) -> None:
    assert not list(too_early(saying(named, *times), NOTHING))


def test_a_phone_that_recorded_before_it_came_out_is_told() -> None:
    stated = saying(
        ("Image Model", "iPhone 13 Pro"), ("EXIF DateTimeOriginal", "2014:10:01 10:00:00")
    )
    (one,) = too_early(stated, NOTHING)
    assert one.release.kind == "phone"


def step(agent: str, when: str) -> Part:
    said = {"stEvt:action": "saved", "stEvt:softwareAgent": agent, "stEvt:when": when}
    return Part(name="1", parts=tuple(Part(name=k, value=v) for k, v in said.items()))


def test_each_step_of_a_history_is_judged_by_its_own_time() -> None:
    steps = (
        step("Adobe Photoshop CS6 (Macintosh)", "2013-01-01T10:00:00+01:00"),
        step("Adobe Photoshop 25.0 (Macintosh)", "2013-01-02T10:00:00+01:00"),
    )
    events = Part(name="xmpMM:History", parts=steps)
    tree = Part(name="File", parts=(Part(name="XMP", parts=(events,)),))
    nothing = Stated(texts=(), times=(), unset=(), places=())
    (one,) = too_early(nothing, tree)
    assert one.stated == ("xmpMM:History 2", "2013-01-02T10:00:00+01:00")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Adobe Photoshop CS2 Windows", "Adobe Photoshop CS2"),
        ("Adobe Photoshop CS5.1 Macintosh", "Adobe Photoshop CS5.1"),
        ("Adobe Photoshop CC 2014 (Macintosh)", "Adobe Photoshop CC 2014"),
        ("Adobe Photoshop CC (Macintosh)", "Adobe Photoshop CC"),
        ("Adobe Photoshop Lightroom Classic 10.3 (Windows)", "Adobe Lightroom Classic 10"),
        ("Adobe Lightroom 5.3 (Macintosh)", "Adobe Lightroom 5"),
        ("GIMP 2.10.8", "GIMP 2.10"),
        ("GIMP 2.1", None),
        ("Adobe Photoshop 7.0", None),
        ("Adobe Photoshop Elements 7.0", None),
        ("Adobe Photoshop 250.0 Windows", None),
        ("I like Adobe Photoshop 25.0 (Windows)", None),
        ("Adobe Photoshop CS" + "(" * 10**6, None),
    ],
)
def test_a_name_leads_to_its_entry(text: str, name: str | None) -> None:
    found = named_by(text, "program")
    assert (found and found.name) == name


def test_the_table_is_whole() -> None:
    for release in releases():
        assert re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", release.month)
        assert release.kind in {"program", "phone"}
        assert release.evidence in {
            "measured here",
            "published",
            "stated by its maker",
            "commonly known",
        }
    names = [r.name for r in releases()]
    assert len(set(names)) == len(names)
