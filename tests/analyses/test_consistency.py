"""What does not fit, on files that say it; and what a verdict makes of it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image
from PIL.JpegPresets import presets

from forensics.analyses.consistency import Consistency
from forensics.context import ScratchContext
from forensics.inside.photoshop import WRITTEN_AGAIN
from forensics.model import (
    Asset,
    Diagnostic,
    Direction,
    Finding,
    MediaKind,
    Outcome,
    Part,
    Pillar,
    Probe,
    Ran,
    Sha256,
    Status,
    Stream,
    StreamType,
)
from forensics.running import held_to_contract
from forensics.verdict.engine import reach
from forensics.verdict.ruleset import load
from tests.inside.jpegs import app, scene, with_segments, xmp

SIZE = (64, 48)
PAGE = Path(__file__).parents[2] / "docs" / "analyses" / "consistency.md"


def jpeg(
    image: Mapping[int, object] = {},
    exif: Mapping[int, object] = {},
    gps: Mapping[int, object] = {},
    *,
    properties: tuple[tuple[str, str, str], ...] = (),
    **options: object,
) -> bytes:
    held = Image.Exif()
    held.update(image)
    held.get_ifd(0x8769).update(exif)
    held.get_ifd(0x8825).update(gps)
    stream = io.BytesIO()
    scene(*SIZE).save(stream, "JPEG", exif=held, **options)
    data = stream.getvalue()
    return with_segments(data, xmp(*properties)) if properties else data


def examine(folder: Path, data: bytes, mime: str = "image/jpeg") -> list[Finding]:
    (folder / "asset").write_bytes(data)
    still = Stream(index=0, type=StreamType.IMAGE, codec="jpeg", width=SIZE[0], height=SIZE[1])
    asset = Asset(
        sha256=Sha256("0" * 64), size=len(data), kind=MediaKind.IMAGE, mime=mime, name="file",
        probe=Probe(container="jpeg", streams=(still,)),
    )  # fmt: skip
    analysis = Consistency()
    context = ScratchContext(asset, folder, name=analysis.name, seconds=60.0)
    return list(held_to_contract(analysis, analysis.run(asset, context)))


def status(pillar: Pillar, findings: list[Finding]) -> Status:
    ran = Outcome(
        analysis="consistency", version=1, examines=tuple(sorted(Consistency.examines)),
        result=Ran(findings=tuple(findings)),
    )  # fmt: skip
    verdict = reach([ran], None, load())
    return next(p.status for p in verdict.pillars if p.pillar is pillar)


MAKE, MODEL, SOFTWARE, DATETIME = 0x010F, 0x0110, 0x0131, 0x0132
ORIGINAL, WIDTH, HEIGHT, LENS = 0x9003, 0xA002, 0xA003, 0xA434
CAMERA = {MAKE: "NIKON", MODEL: "COOLPIX P6000"}
PHONE = {MAKE: "Apple", MODEL: "iPhone 13 Pro"}
WHOLE = {
    ORIGINAL: "2023:05:04 12:00:00",
    WIDTH: SIZE[0],
    HEIGHT: SIZE[1],
    LENS: "iPhone 13 Pro back triple camera 5.7mm f/1.5",
}
NS_EXIF, NS_TIFF = "http://ns.adobe.com/exif/1.0/", "http://ns.adobe.com/tiff/1.0/"


def test_a_picture_as_a_phone_writes_it_fits(tmp_path: Path) -> None:
    given = jpeg({**PHONE, DATETIME: "2023:05:04 12:00:00"}, WHOLE, quality=90)
    (found,) = examine(tmp_path, given)
    assert found.id == "dates-agree"
    assert found.diagnostic is Diagnostic.NO


def test_a_file_that_states_nothing_is_told_nothing(tmp_path: Path) -> None:
    assert examine(tmp_path, jpeg()) == []


def only(found: list[Finding], name: str) -> Finding:
    (one,) = [f for f in found if f.id != "dates-agree"]
    assert one.id == name
    assert any(c.id == "innocent-cause" for c in one.caveats)
    return one


def test_two_dates_that_cannot_both_hold(tmp_path: Path) -> None:
    given = jpeg({**PHONE, DATETIME: "2022:05:04 12:00:00"}, WHOLE, quality=90)
    found = examine(tmp_path, given)
    one = only(found, "dates-contradict")
    assert one.statement == (
        "Image DateTime states 2022:05:04 12:00:00, EXIF DateTimeOriginal states "
        "2023:05:04 12:00:00: both cannot hold."
    )
    assert status(Pillar.DATE, found) is Status.CONTRADICTED


def test_a_camera_whose_clock_is_a_day_behind_its_receiver_is_not_accused(tmp_path: Path) -> None:
    noon = (14.0, 27.0, 7.0)
    taken = {ORIGINAL: "2008:10:22 16:28:39"}
    found = examine(tmp_path, jpeg(CAMERA, taken, {7: noon, 29: "2008:10:23"}, quality=90))
    one = only(found, "dates-differ")
    assert one.direction is Direction.NEUTRAL
    assert status(Pillar.DATE, found) is Status.UNDETERMINED


def test_a_named_editor_had_another_clock_than_the_camera(tmp_path: Path) -> None:
    image = {**CAMERA, DATETIME: "2008:07:31 17:32:06", SOFTWARE: "GIMP 2.4.5"}
    found = examine(tmp_path, jpeg(image, {ORIGINAL: "2011:02:03 12:00:00"}, quality=90))
    only(found, "dates-differ")
    assert status(Pillar.DATE, found) is Status.UNDETERMINED


def test_what_is_usual_moves_nothing(tmp_path: Path) -> None:
    entered = ("photoshop:DateCreated", "http://ns.adobe.com/photoshop/1.0/", "2001-05-04")
    given = jpeg(PHONE, WHOLE, properties=(entered,), quality=90)
    found = examine(tmp_path, given)
    one = only(found, "dates-differ")
    assert one.direction is Direction.NEUTRAL
    assert status(Pillar.DATE, found) is Status.UNDETERMINED


def test_a_program_older_than_it_can_be(tmp_path: Path) -> None:
    image = {SOFTWARE: "Adobe Photoshop 25.0 (Windows)", DATETIME: "2015:03:01 10:00:00"}
    found = examine(tmp_path, jpeg(image))
    one = only(found, "older-than-its-maker")
    assert "came out in 2023-09 (known as: commonly known)" in one.statement
    assert status(Pillar.DATE, found) is Status.CONTRADICTED


def test_two_places(tmp_path: Path) -> None:
    gps = {1: "N", 2: (55.0, 45.0, 0.0), 3: "E", 4: (37.0, 37.0, 0.0)}
    near = (("a:GPSLatitude", NS_EXIF, "55,45.5N"), ("b:GPSLongitude", NS_EXIF, "37,37E"))
    far = (("a:GPSLatitude", NS_EXIF, "50,27N"), ("b:GPSLongitude", NS_EXIF, "30,31E"))
    assert examine(tmp_path, jpeg(gps=gps, properties=near)) == []
    (tmp_path / "carried.json").unlink()
    found = examine(tmp_path, jpeg(gps=gps, properties=far))
    one = only(found, "places-contradict")
    assert "756 km away" in one.statement
    assert {m.key for m in one.measurements if m.personal} == {"one-place", "other-place"}
    assert status(Pillar.LOCATION, found) is Status.CONTRADICTED


def test_a_lens_of_another_phone(tmp_path: Path) -> None:
    other = {**WHOLE, LENS: "iPhone 6s back camera 4.15mm f/2.2"}
    found = examine(tmp_path, jpeg(PHONE, other, quality=90))
    only(found, "lens-of-another-device")
    assert status(Pillar.SOURCE, found) is Status.UNDETERMINED


def test_a_model_of_another_maker(tmp_path: Path) -> None:
    found = examine(tmp_path, jpeg({MAKE: "SONY", MODEL: "Canon EOS 5D"}))
    only(found, "model-of-another-maker")


def test_copies_of_the_maker_that_differ(tmp_path: Path) -> None:
    given = jpeg({MAKE: "SONY"}, properties=(("tiff:Make", NS_TIFF, "Canon"),))
    one = only(examine(tmp_path, given), "copies-differ")
    assert one.direction is Direction.SUPPORTS_H2


def test_copies_that_say_how_it_lies_only_describe(tmp_path: Path) -> None:
    given = jpeg({0x0112: 1}, properties=(("tiff:Orientation", NS_TIFF, "6"),))
    one = only(examine(tmp_path, given), "copies-differ")
    assert (one.question, one.diagnostic) == (None, Diagnostic.NO)


@pytest.mark.parametrize(
    ("software", "direction"),
    [("15.4", Direction.SUPPORTS_H2), ("GIMP 2.10.8", Direction.NEUTRAL)],
)
def test_a_size_that_is_not_the_stated_one(
    tmp_path: Path, software: str, direction: Direction
) -> None:
    given = jpeg({**PHONE, SOFTWARE: software}, {**WHOLE, WIDTH: 4032, HEIGHT: 3024}, quality=90)
    one = only(examine(tmp_path, given), "size-differs")
    assert one.direction is direction
    assert (
        one.statement == "The fields of the file state 4032 × 3024 pixels; its picture has 64 × 48."
    )


def test_tables_of_a_program_under_a_device(tmp_path: Path) -> None:
    tables = presets["maximum"]["quantization"]
    one = only(examine(tmp_path, jpeg(PHONE, WHOLE, qtables=tables)), "tables-of-a-program")
    assert "Photoshop" in one.statement
    (tmp_path / "carried.json").unlink()
    edited = {**PHONE, SOFTWARE: "Adobe Photoshop 25.0 (Windows)"}
    assert examine(tmp_path, jpeg(edited, WHOLE, qtables=tables)) == []


def track(stated: str, measured: str) -> Part:
    parts = (Part(name="duration", value=measured), Part(name="stated duration", value=stated))
    return Part(name="Streams", parts=(Part(name="Stream 0", parts=parts),))


@pytest.mark.parametrize(
    ("stated", "measured", "told"),
    [("6.166", "6.167", 0), ("60.000", "6.167", 1), ("6.167", "60.000", 1), ("100", "104", 0)],
)
def test_a_length_that_is_not_the_stated_one(stated: str, measured: str, told: int) -> None:
    class Context:
        carried = Part(name="File", parts=(track(stated, measured),))

    film = Asset(sha256=Sha256("0" * 64), size=1, kind=MediaKind.VIDEO, mime="video/mp4", name="f")
    found = list(Consistency().run(film, Context()))
    assert [f.id for f in found] == ["length-differs"] * told


def test_a_caption_that_another_program_wrote_is_told() -> None:
    class Context:
        carried = Part(name="File", parts=(Part(name="CaptionDigest", meaning=WRITTEN_AGAIN),))

    picture = Asset(sha256=Sha256("0" * 64), size=1, kind=MediaKind.IMAGE, mime="", name="f")
    (found,) = Consistency().run(picture, Context())
    assert found.id == "caption-written-again"


def test_many_contradictions_of_one_kind_are_told_up_to_a_bound(tmp_path: Path) -> None:
    steps = "".join(
        f'<rdf:li stEvt:softwareAgent="Adobe Photoshop 25.0 (Windows)" stEvt:when="2001-01-{n % 28 + 1:02}"/>'
        for n in range(150)
    )
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" '
        'xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"><xmpMM:History><rdf:Seq>'
        f"{steps}</rdf:Seq></xmpMM:History></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    payload = b"http://ns.adobe.com/xap/1.0/\0" + packet.encode()
    found = examine(tmp_path, with_segments(jpeg(), app(1, payload)))
    assert [f.id for f in found] == ["older-than-its-maker"] * 20


def test_the_page_names_the_findings_on_devices_too() -> None:
    page = PAGE.read_text("utf-8")
    for name in ("lens-of-another-device", "model-of-another-maker"):
        assert f"`{name}`" in page
