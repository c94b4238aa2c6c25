"""What a file states is found wherever its format keeps it, and nowhere else."""

from __future__ import annotations

import pytest

from forensics.inside.summary import ROLES, Fact, facts_of, summarise
from forensics.model import Part

SIDES = ("West", "South", "East", "North")


def at(*path: str, value: str = "x", **more: object) -> Part:
    """A tree that holds one value at the end of a path."""
    inner = Part(name=path[-1], value=value, **more)
    for name in reversed(path[:-1]):
        inner = Part(name=name, parts=(inner,))
    return Part(name="File", parts=(inner,))


@pytest.mark.parametrize(
    ("path", "role", "field"),
    [
        ("JPEG/APP1/EXIF/Image/Make", "make", "Image Make"),
        ("JPEG/APP1/XMP/tiff:Make", "make", "tiff:Make"),
        ("JPEG/APP1/XMP/dc:creator/1", "author", "dc:creator"),
        ("JPEG/APP1/XMP/dc:title/x-default", "description", "dc:title"),
        ("JPEG/APP13/Photoshop/IPTC/By-line", "author", "IPTC By-line"),
        ("PNG/Text/Creation Time", "created", "Creation Time"),
        ("BMFF/moov/mvhd/creation", "created", "mvhd creation"),
        ("BMFF/moov/meta/ilst/com.apple.quicktime.model", "model", "com.apple.quicktime.model"),
        ("BMFF/moov/udta/meta/ilst/©too", "software", "©too"),
        ("Matroska/Segment/Info/WritingApp", "software", "WritingApp"),
        ("Ogg/stream/comments/vendor", "software", "comments vendor"),
        ("MPEG audio/ID3/TPE1", "author", "TPE1"),
        ("RIFF/LIST INFO/ISFT", "software", "ISFT"),
        ("PDF/Info/Producer", "software", "Producer"),
        ("GPX/creator", "software", "creator"),
    ],
)
def test_a_field_is_found_where_its_format_keeps_it(path: str, role: str, field: str) -> None:
    tree = at(*path.split("/"), value=" said\0")
    assert summarise(tree) == (
        Fact(role=role, field=field, value="said", personal=role in {"author", "description"}),
    )


@pytest.mark.parametrize(
    "path",
    [
        "JPEG/APP1/EXIF/Thumbnail/JPEG/APP1/EXIF/Image/Make",
        "JPEG/MPF/Preview/JPEG/APP1/EXIF/Image/Make",
        "JPEG/APP1/XMP/xmpMM:DerivedFrom/dc:title",
        "C2PA/manifest/title",
        "SVG/Elements/title",
        "Streams/video 0/Tags/encoder",
        "GPX/Places/Track/Times/Earliest",
        "BMFF/moov/hdlr/vendor",
    ],
)
def test_what_speaks_of_something_else_is_left_out(path: str) -> None:
    assert summarise(at(*path.split("/"))) == ()


@pytest.mark.parametrize("value", ["", "  ", "\0\0", "Unknown", "none", "N/A"])
def test_blank_values_state_nothing(value: str) -> None:
    assert list(facts_of({"Image Make": [value]})) == []


def test_a_zone_and_a_clock_of_their_own_are_joined_to_their_dates() -> None:
    found = facts_of(
        {
            "EXIF DateTimeOriginal": ["2025:12:30 06:12:00"],
            "EXIF OffsetTimeOriginal": ["+03:00"],
            "IPTC DateCreated": ["20251230"],
            "IPTC TimeCreated": ["061200+0300"],
        }
    )
    assert [(f.field, f.value, f.zone) for f in found] == [
        ("EXIF DateTimeOriginal", "2025:12:30 06:12:00", "+03:00"),
        ("IPTC DateCreated", "20251230 061200+0300", None),
    ]


@pytest.mark.parametrize(
    ("latitude", "longitude", "place"),
    [
        ("55,45.267N", "37,37.0E", "55.754450, 37.616667"),
        ("33,54,0S", "70,30,0W", "-33.900000, -70.500000"),
        ("55,45.267E", "37,37.0N", None),
        ("95,0.0N", "37,37.0E", None),
        ("0,0.0N", "0,0.0E", None),
        ("\x1b[2J", "37,37.0E", None),
    ],
)
def test_a_place_is_read_from_xmp(latitude: str, longitude: str, place: str | None) -> None:
    found = facts_of({"exif:GPSLatitude": [latitude], "exif:GPSLongitude": [longitude]})
    assert [f.value for f in found if f.role == "place"] == ([place] if place else [])


def test_steps_of_a_history_are_told_in_order() -> None:
    steps = tuple(
        Part(
            name=str(n),
            parts=(
                Part(name="stEvt:action", value=action),
                Part(name="stEvt:softwareAgent", value="Tool 1"),
                Part(name="stEvt:when", value="2025-12-30"),
            ),
        )
        for n, action in enumerate(("created", "saved"), 1)
    )
    xmp = Part(name="XMP", parts=(Part(name="xmpMM:History", parts=steps),))
    found = summarise(Part(name="File", parts=(xmp,)))
    assert [(f.role, f.value) for f in found] == [
        ("history", "created by Tool 1 at 2025-12-30"),
        ("history", "saved by Tool 1 at 2025-12-30"),
    ]


def test_facts_stand_in_the_order_of_their_roles() -> None:
    found = [
        f.role
        for f in facts_of(
            {"Title": ["a"], "Image Make": ["b"], "Producer": ["c"], "ModDate": ["d"]}
        )
    ]
    assert found == sorted(found, key=ROLES.index)


def test_programs_named_in_streams_and_credentials_are_told_as_encoders() -> None:
    streams = at(
        "Streams", "Stream 0", "Messages", "unregistered user data", "version", value="x264"
    )
    sound = at("Streams", "Stream 1", "Messages", "first sound", value="Lavc59.37.100")
    sample = at("BMFF", "moov", "trak", "stsd", "avc1", "compressor", value="Lavc59 libx264")
    claim = at("C2PA", "manifest", "claim_generator", value="maker/1")
    tree = Part(
        name="File", parts=tuple(p for t in (streams, sound, sample, claim) for p in t.parts)
    )
    assert [(f.role, f.value) for f in summarise(tree)] == [
        ("encoder", "x264"),
        ("encoder", "Lavc59.37.100"),
        ("encoder", "Lavc59 libx264"),
        ("encoder", "maker/1"),
    ]
    earlier = at("C2PA", "earlier manifest", "claim_generator", value="maker/1")
    assert summarise(earlier) == ()


def test_the_area_of_all_places_is_told_and_that_of_one_is_not() -> None:
    sides = tuple(Part(name=n, value=v) for n, v in zip(SIDES, ("1", "2", "3", "4"), strict=True))
    extent = Part(name="Extent", parts=sides)
    places = Part(name="Places", parts=(Part(name="Track", parts=(extent,)),))
    (found,) = summarise(Part(name="File", parts=(Part(name="GPX", parts=(extent, places)),)))
    assert found == Fact(
        role="area", field="GPX Extent", value="2 to 4 north, 1 to 3 east", personal=True
    )


def test_what_a_credential_came_to_and_what_is_said_of_generators_are_told() -> None:
    answers = (Part(name="integrity", value="fits"), Part(name="tool", value="c2pa-python 1"))
    source = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    xmp = Part(name="XMP", parts=(Part(name="Iptc4xmpExt:DigitalSourceType", value=source),))
    found = summarise(Part(name="File", parts=(xmp, Part(name="C2PA", parts=answers))))
    assert [(f.role, f.value) for f in found] == [
        ("origin", source),
        ("generator", source),
        ("credential", "fits"),
    ]
