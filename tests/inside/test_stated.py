"""What a file states of its source, date and place."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from forensics.inside.stated import Stated, read_stated
from forensics.model import Asset, MediaKind, Part, Probe, Sha256, Stream, StreamType


def asset(tags: dict[str, str] | None = None, stream_tags: dict[str, str] | None = None) -> Asset:
    stream = Stream(index=0, type=StreamType.VIDEO, codec="h264", tags=stream_tags or {})
    probe = Probe(container="mov", streams=(stream,), tags=tags or {})
    return Asset(
        sha256=Sha256("0" * 64), size=1, kind=MediaKind.VIDEO, mime="", name="x", probe=probe
    )


def carrying(exif: dict[str, str]) -> Part:
    """The tree of a picture with these fields of EXIF."""
    blocks: dict[str, list[Part]] = {}
    for name, value in exif.items():
        block, field = name.split(" ")
        blocks.setdefault(block, []).append(Part(name=field, value=value))
    held = tuple(Part(name=block, parts=tuple(parts)) for block, parts in blocks.items())
    return Part(name="File", parts=(Part(name="JPEG", parts=(Part(name="EXIF", parts=held),)),))


def stated(exif: dict[str, str] | None = None, **tags: str) -> Stated:
    held = asset({k.replace("__", "."): v for k, v in tags.items()})
    return read_stated(held, carrying(exif or {}))


def test_device_software_and_author_are_read() -> None:
    found = stated(
        {
            "Image Make": "Maker",
            "Image Model": "Model 5",
            "Image Software": "Firmware 1",
            "Image Artist": "A. N.",
        }
    )
    assert [(t.role, t.field, t.value) for t in found.texts] == [
        ("make", "Image Make", "Maker"),
        ("model", "Image Model", "Model 5"),
        ("software", "Image Software", "Firmware 1"),
        ("author", "Image Artist", "A. N."),
    ]


def test_blank_fields_state_nothing() -> None:
    found = stated({"Image Make": "  ", "Image Model": "\0\0", "Image Software": "Unknown"})
    assert found.texts == ()


def test_hostile_texts_stay_exact() -> None:
    nasty = "\x1b[31m<b>\u202egpj\n"
    assert stated({"Image Make": nasty + "x"}).texts[0].value == nasty + "x"


def test_an_editor_is_recognised_and_a_camera_is_not() -> None:
    editor = stated({"Image Software": "Adobe Photoshop 25.0 (Windows)"}).editor
    assert editor is not None
    assert editor.value.startswith("Adobe Photoshop")
    assert stated({"Image Software": "Ver.1.02"}).editor is None
    assert stated(encoder="Lavf61.1.100").editor is None


def test_an_asset_without_a_probe_states_nothing() -> None:
    bare = Asset(sha256=Sha256("0" * 64), size=1, kind=MediaKind.IMAGE, mime="", name="x")
    assert read_stated(bare, Part(name="File")) == Stated(texts=(), times=(), unset=(), places=())


@pytest.mark.parametrize(
    ("field", "text", "earliest"),
    [
        ("EXIF DateTimeOriginal", "2025:12:30 06:12:00", "2025-12-29T16:12:00"),
        ("com__apple__quicktime__creationdate", "2025-12-30T06:12:00+0300", "2025-12-30T03:12:00"),
        ("creation_time", "2025-12-30T06:12:00.000000Z", "2025-12-29T16:12:00"),
        ("CreationDate", "D:20251230061200+03'00'", "2025-12-30T03:12:00"),
        ("date", "2025-12-30", "2025-12-29T10:00:00"),
        ("date", "20251230", "2025-12-29T10:00:00"),
    ],
)
def test_every_form_of_date_is_read(field: str, text: str, earliest: str) -> None:
    found = stated({field: text}) if field.startswith("EXIF") else stated(**{field: text})
    (time,) = found.times
    assert time.moment.earliest == datetime.fromisoformat(earliest).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "    :  :     :  :  ", "yesterday", "2025:13:40 99:99:99", "0000:00:00 00:00:00"]
)
def test_what_is_no_date_is_no_date(text: str) -> None:
    assert stated({"EXIF DateTimeOriginal": text}).times == ()


@pytest.mark.parametrize("text", ["1904-01-01T00:00:00.000000Z", "1970-01-01T00:00:00Z"])
def test_the_zero_of_a_clock_is_an_unset_date(text: str) -> None:
    found = stated(creation_time=text)
    assert found.times == ()
    assert [t.field for t in found.unset] == ["creation_time"]


def test_a_zone_in_a_field_of_its_own_counts() -> None:
    found = stated(
        {"EXIF DateTimeOriginal": "2025:12:30 06:12:00", "EXIF OffsetTimeOriginal": "+03:00"}
    )
    assert found.times[0].moment.earliest == datetime(2025, 12, 30, 3, 12, tzinfo=UTC)
    assert found.times[0].moment.latest == found.times[0].moment.earliest


# Places


GPS = {
    "GPS GPSLatitude": "[55, 45, 801/50]",
    "GPS GPSLatitudeRef": "N",
    "GPS GPSLongitude": "[37, 37, 0]",
    "GPS GPSLongitudeRef": "E",
}


def test_a_place_is_read_from_exif() -> None:
    assert stated(GPS).place == ("55.754450", "37.616667", "GPS GPSLatitude")


def test_south_and_west_are_negative() -> None:
    found = stated({**GPS, "GPS GPSLatitudeRef": "S", "GPS GPSLongitudeRef": "W"}).place
    assert found is not None
    assert found[:2] == ("-55.754450", "-37.616667")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "[55, 45, 1/0]",
            "[0/0, 0/0, 0/0]",
            "[]",
            "55",
            "[1e999999999]",
            "[" + "9" * 5000 + "]",
            "[nan]",
        ),
        *(
            "[95, 0, 0]",
            "[-5, 0, 0]",
            "[1, 2, 3, 4]",
            "[٥, ٥]",
            "[1/-0]",
            "\x1b[2J",
            "[1_000]",
        ),
    ],
    ids=lambda text: text[:12],
)
def test_numbers_that_are_no_latitude_are_no_place(text: str) -> None:
    found = stated(
        {**GPS, "GPS GPSLatitude": text, "GPS GPSTimeStamp": text, "GPS GPSDate": "2025:12:30"}
    )
    assert found.place is None or text == "55"


def test_a_place_without_its_hemisphere_is_no_place() -> None:
    assert stated({k: v for k, v in GPS.items() if k != "GPS GPSLatitudeRef"}).place is None


def test_zero_zero_is_an_unset_place() -> None:
    assert (
        stated({**GPS, "GPS GPSLatitude": "[0, 0, 0]", "GPS GPSLongitude": "[0, 0, 0]"}).place
        is None
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("+55.7522+037.6156/", ("55.752200", "37.615600")),
        ("-33.9-070.5+500.0/", ("-33.900000", "-70.500000")),
        ("+95.0+037.6/", None),
        ("+55.7522+190.0/", None),
        ("55.7,37.6", None),
        ("", None),
    ],
)
def test_a_place_is_read_from_a_container(text: str, place: tuple[str, str] | None) -> None:
    found = stated(location=text).place
    assert (found and found[:2]) == place


def test_the_satellites_time_is_utc() -> None:
    found = stated({"GPS GPSDate": "2025:12:30", "GPS GPSTimeStamp": "[3, 12, 0]"})
    (time,) = found.times
    assert (time.role, time.moment.earliest) == (
        "satellite",
        datetime(2025, 12, 30, 3, 12, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "clock", ["[25, 0, 0]", "[-1, 0, 0]", "[9999999999, 0, 0]", "[1, 2]", "[1, 2, 1/0]"]
)
def test_a_satellite_clock_that_cannot_be_is_left_out(clock: str) -> None:
    assert stated({"GPS GPSDate": "2025:12:30", "GPS GPSTimeStamp": clock}).times == ()
