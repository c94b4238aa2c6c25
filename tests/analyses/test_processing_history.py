"""Rules about programs, each on a file that such a program writes, and what files state of their own past."""

from __future__ import annotations

import io
import os
import re
import struct
import tempfile
import tomllib
import zlib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from PIL.JpegPresets import presets
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from forensics.analyses.processing_history import MAX_SHOWN, ProcessingHistory
from forensics.inside.quantisation import MOZJPEG, scaled
from forensics.inside.read import read_file
from forensics.inside.traits import DERIVED
from forensics.media.identify import identify_file
from forensics.media.writers import parse_rules
from forensics.model import Asset, Context, Diagnostic, Direction, Finding, Part, Sha256
from forensics.running import held_to_contract
from tests.inside.jpegs import app, data_set, resource, saved, scene, segment, with_segments
from tests.inside.paged import CATALOG, TRAILER, Made
from tests.media.making import make, pattern, tone

TABLE = files("forensics.analyses").joinpath("data", "programs.toml").read_text(encoding="utf-8")
RULES = {rule.id: rule for rule in parse_rules(TABLE).writers}
XMP = "http://ns.adobe.com/xap/1.0/"


class Shown:
    """What this analysis reads of a context, over a real file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def carried(self) -> Part:
        return read_file(self.path, identify_file(self.path))

    def check_deadline(self) -> None:
        """No deadline here."""


def examine(path: Path) -> list[Finding]:
    identity = identify_file(path)
    assert identity.kind is not None
    asset = Asset(
        sha256=Sha256("0" * 64),
        size=path.stat().st_size,
        kind=identity.kind,
        mime=identity.mime,
        name="f",
    )
    analysis = ProcessingHistory()
    context = cast("Context", Shown(path))
    return list(held_to_contract(analysis, analysis.run(asset, context)))


def seen(path: Path, data: bytes) -> list[Finding]:
    path.write_bytes(data)
    return examine(path)


def ids(found: list[Finding]) -> set[str]:
    """The rules that met, by the caveat that each brings along."""
    return {c.id.removeprefix("rule-") for f in found for c in f.caveats if c.id[:5] == "rule-"}


# ------------------------------------------------------------------------------------------- the files


def xmp(inside: str, toolkit: str = "") -> bytes:
    spaces = {
        "xmp": XMP,
        "xmpMM": XMP + "mm/",
        "stEvt": XMP + "sType/ResourceEvent#",
        "stRef": XMP + "sType/ResourceRef#",
        "photoshop": "http://ns.adobe.com/photoshop/1.0/",
        "exif": "http://ns.adobe.com/exif/1.0/",
        "crs": "http://ns.adobe.com/camera-raw-settings/1.0/",
        "GIMP": "http://www.gimp.org/xmp/",
    }
    named = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
    mark = f' x:xmptk="{toolkit}"' if toolkit else ""
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"{mark}><rdf:RDF'
        f' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description{named}>{inside}'
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def jpeg_xmp(inside: str, toolkit: str = "") -> bytes:
    return saved(xmp=xmp(inside, toolkit))


def png(*chunks: tuple[bytes, bytes], **texts: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    for kind, data in chunks:
        info.add(kind, data)
    for key, value in texts.items():
        info.add_text(key.replace("__", ":"), value)
    stream = io.BytesIO()
    scene().save(stream, "PNG", pnginfo=info)
    return stream.getvalue()


def with_chunk(png: bytes, kind: bytes, data: bytes) -> bytes:
    """The picture with a chunk behind its header."""
    crc = zlib.crc32(kind + data).to_bytes(4, "big")
    return png[:33] + len(data).to_bytes(4, "big") + kind + data + crc + png[33:]


def pdf(producer: bytes) -> bytes:
    return Made().save({**CATALOG, 5: b"<< /Producer (%s) >>" % producer}, TRAILER).data


def svg(inside: str, attributes: str = "") -> bytes:
    return f'{inside}<svg xmlns="http://www.w3.org/2000/svg"{attributes}><g/></svg>'.encode()


def tabled(*tables: list[int] | tuple[int, ...], **options: object) -> bytes:
    return saved(qtables=[list(t) for t in tables], **options)


def photoshop(*segments: bytes) -> bytes:
    name = "maximum"
    preset = cast("dict[str, Any]", presets[name])
    made = tabled(*preset["quantization"], subsampling=preset["subsampling"])
    adobe = app(14, b"Adobe\0\x64\0\0\0\0\1")
    iptc = app(13, b"Photoshop 3.0\0" + resource(0x0404, data_set(2, 5, b"T")))
    return with_segments(made, *segments, iptc, adobe)


def moved(jpeg: bytes, order: str) -> bytes:
    """The stream with its segments between SOI and the coded picture put into another order of markers."""
    found: dict[int, list[bytes]] = {}
    position = 2
    while jpeg[position + 1] != 0xDA:
        size = 2 + int.from_bytes(jpeg[position + 2 : position + 4], "big")
        found.setdefault(jpeg[position + 1], []).append(jpeg[position : position + size])
        position += size
    wanted = [int(text, 16) for text in order.split()]
    assert set(wanted) == set(found)
    return jpeg[:2] + b"".join(b"".join(found[m]) for m in wanted) + jpeg[position:]


def apple() -> bytes:
    iptc = app(13, b"Photoshop 3.0\0" + resource(0x0404, b""))
    return moved(with_segments(saved(), iptc), "E0 ED C0 C4 DB")


@cache
def by_ffmpeg(name: str, *arguments: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        make(*arguments, path)
        return path.read_bytes()


def named_ffmpeg(name: str, *arguments: str) -> bytes:
    """As above, with the library's name and version, which `-bitexact` leaves out."""
    return by_ffmpeg(name, *arguments, "-fflags", "-bitexact", "-flags", "-bitexact")


STILL = ("-f", "lavfi", "-i", "testsrc2=s=64x48:d=1", "-frames:v", "1", "-update", "1")
CLIP = (*pattern(1, size="64x48", rate="5"), "-c:v", "mpeg4")


def webm(muxing: str, writing: str) -> bytes:
    """A file of ffmpeg's in which another writer names itself, in elements of the same size."""
    data = bytearray(by_ffmpeg("a.mkv", *CLIP))
    at = data.index(b"\x4d\x80")
    size = data[at + 2] & 0x7F
    end = at + 3 + size
    assert data[end : end + 2] == b"\x57\x41"
    last = end + 3 + (data[end + 2] & 0x7F)
    texts = b"".join(
        mark + bytes([0x80 | len(text)]) + text.encode()
        for mark, text in ((b"\x4d\x80", muxing), (b"\x57\x41", writing))
    )
    grown = len(texts) - (last - at)
    info = data.rindex(b"\x15\x49\xa9\x66", 0, at)
    length = data[info + 4]
    if length == 0x01:
        data[info + 5 : info + 12] = (
            int.from_bytes(data[info + 5 : info + 12], "big") + grown
        ).to_bytes(7, "big")
    else:
        data[info + 4] = length + grown
        assert length & 0x80
        assert data[info + 4] & 0x80
    return bytes(data[:at]) + texts + bytes(data[last:])


def cv(form: str) -> bytes:
    done, data = cv2.imencode(form, np.asarray(scene()))
    assert done
    return bytes(data)


def tiff_named(software: str) -> bytes:
    fields = ImageFileDirectory_v2()
    fields[305] = software
    stream = io.BytesIO()
    scene().save(stream, "TIFF", tiffinfo=fields)
    return stream.getvalue()


def of_facebook() -> bytes:
    said = b"FBMD01000ac60300004a1d00002d4b000067580000"
    return with_segments(
        saved(), app(13, b"Photoshop 3.0\0" + resource(0x0404, data_set(2, 40, said)))
    )


def at_quality(quality: int, side: int, **options: object) -> bytes:
    return saved(scene(side, 8), quality=quality, **options)


MADE: dict[str, Callable[[], bytes]] = {
    "ffmpeg-jpeg-comment": lambda: named_ffmpeg("a.jpg", *STILL),
    "ffmpeg-jpeg-tables": lambda: by_ffmpeg("a.jpg", *STILL),
    "libjpeg-plain": saved,
    "mozjpeg-tables": lambda: tabled(scaled(75, MOZJPEG), scaled(75, MOZJPEG)),
    "photoshop-jpeg": photoshop,
    "photoshop-save-for-web": lambda: photoshop(app(12, b"Ducky\0\1\0\4\0\0\0\x3c\0\0")),
    "apple-jpeg": apple,
    "facebook-instructions": of_facebook,
    "twitter-like": lambda: at_quality(85, 1200, progressive=True),
    "telegram-like": lambda: at_quality(87, 1280),
    "png-plain": png,
    "ffmpeg-png": lambda: by_ffmpeg("a.png", *STILL),
    "imagemagick-png": lambda: png(
        date__create="2026-01-02T03:04:05+00:00", date__modify="2026-01-02T03:04:05+00:00"
    ),
    "cairo-png": lambda: png((b"bKGD", b"\0\xff" * 3)),
    "skia-png": lambda: png((b"sBIT", b"\x08\x08\x08")),
    "apple-png": lambda: with_chunk(png(), b"iDOT", bytes(28)),
    "apple-screenshot": lambda: jpeg_xmp("<exif:UserComment>Screenshot</exif:UserComment>"),
    "gnome-screenshot": lambda: png(Software="gnome-screenshot"),
    "inkscape-png": lambda: png(Software="www.inkscape.org"),
    "imageready-png": lambda: png(Software="Adobe ImageReady"),
    "matplotlib-png": lambda: png(Software="Matplotlib version3.9.0, https://matplotlib.org/"),
    "gimp-fields": lambda: jpeg_xmp("<GIMP:Version>2.10.34</GIMP:Version>"),
    "gimp-comment": lambda: png(Comment="Created with GIMP"),
    "gimp-comment-jpeg": lambda: with_segments(saved(), segment(0xFE, b"Created with GIMP")),
    "ffmpeg-tiff": lambda: named_ffmpeg("a.tiff", *STILL),
    "adobe-toolkit": lambda: jpeg_xmp("", "Adobe XMP Core 5.6-c011 79.156380, 2014/05/21-23:38:37"),
    "android-toolkit": lambda: jpeg_xmp("", "Adobe XMP Core 5.1.0-jc003"),
    "apple-toolkit": lambda: jpeg_xmp("", "XMP Core 6.0.0"),
    "exiv2-toolkit": lambda: jpeg_xmp("", "XMP Core 4.4.0-Exiv2"),
    "exiftool-toolkit": lambda: jpeg_xmp("", "Image::ExifTool 12.57"),
    "camera-raw": lambda: jpeg_xmp(
        "<crs:Version>15.0</crs:Version><crs:AlreadyApplied>True</crs:AlreadyApplied>"
    ),
    "ffmpeg-matroska": lambda: by_ffmpeg("a.mkv", *CLIP),
    "mkvmerge": lambda: webm(
        "libebml v1.4.4 + libmatroska v1.7.1", "mkvmerge v74.0.0 ('X') 64-bit"
    ),
    "chrome-webm": lambda: webm("Chrome", "Chrome"),
    "firefox-webm": lambda: webm("QTmuxingAppLibWebM-0.0.1", "QTwritingAppLibWebM-0.0.1"),
    "google-webm": lambda: webm("google/video-file", "google/video-file"),
    "gstreamer-matroska": lambda: webm("GStreamer matroskamux version 1.22", "GStreamer"),
    "libwebm": lambda: webm("libwebm-1.0.0.30", "mine"),
    "whammy": lambda: webm("whammy", "whammy"),
    "ffmpeg-riff": lambda: named_ffmpeg("a.wav", *tone(1)),
    "ffmpeg-transport": lambda: by_ffmpeg("a.ts", *CLIP),
    "ffmpeg-sound": lambda: named_ffmpeg("a.mp3", *tone(1)),
    "ffmpeg-flac": lambda: by_ffmpeg("a.flac", *tone(1)),
    "ffmpeg-ogg": lambda: by_ffmpeg("a.ogg", *tone(1), "-c:a", "libopus"),
    "tiktok-comment": lambda: by_ffmpeg(
        "a.mp4", *CLIP, "-metadata", "comment=vid:v09044g40000abcdef0123"
    ),
    "skia-pdf": lambda: pdf(b"Skia/PDF m126"),
    "quartz-pdf": lambda: pdf(b"macOS Version 14.4 \\(Build 23E214\\) Quartz PDFContext"),
    "windows-print-pdf": lambda: pdf(b"Microsoft: Print To PDF"),
    "microsoft-office-pdf": lambda: pdf(b"Microsoft\xae Word 2019"),
    "cairo-pdf": lambda: pdf(b"cairo 1.16.0 \\(https://cairographics.org\\)"),
    "libreoffice-pdf": lambda: pdf(b"LibreOffice 7.4"),
    "ghostscript-pdf": lambda: pdf(b"GPL Ghostscript 10.00.0"),
    "adobe-pdf-library": lambda: pdf(b"Adobe PDF library 15.00"),
    "canva": lambda: jpeg_xmp(
        "<xmp:CreatorTool>Canva (Renderer) doc=DAH user=UAC brand=A. N. Other</xmp:CreatorTool>"
    ),
    "canva-pdf": lambda: pdf(b"Canva"),
    "pdftex": lambda: pdf(b"pdfTeX-1.40.24"),
    "qt-pdf": lambda: pdf(b"Qt 5.15.8"),
    "itext-pdf": lambda: pdf(b"iText 2.1.7 by 1T3XT"),
    "inkscape-svg": lambda: svg(
        "", ' xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" inkscape:version="1.2"'
    ),
    "libreoffice-svg": lambda: svg(
        "", ' xmlns:ooo="http://xml.openoffice.org/svg/export" ooo:a="b"'
    ),
    "illustrator-svg": lambda: svg("<!-- Generator: Adobe Illustrator 28.1.0, SVG Export -->"),
}
"""A file for each rule: by the program itself where it is at hand, else as it is known to write."""


# ------------------------------------------------------------------------------------------- the rules


def test_every_rule_says_what_it_rests_on_and_what_it_cannot_show() -> None:
    tables = tomllib.loads(TABLE)["writer"]
    assert len(RULES) == len(tables) > 50
    for table in tables:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", table["id"])
        assert table["kind"] in {
            *("general-library", "editor", "converter", "platform", "system", "device"),
            *("screen-capture", "document-program"),
        }
        assert table["shows"] in {"layout", "tag", "name", "habit", "block"}
        assert table["evidence"] in {"measured here", "published", "stated by its maker"}
        assert table["evidence"] == "measured here" or len(table["source"]) > 10
        assert table["cannot_show"][0].isupper()
        assert table["cannot_show"].endswith(".")
        for condition in table["all"]:
            assert "/" in condition["fact"] or condition["fact"] in {*DERIVED, "COM", "Comment"}


def test_every_rule_has_a_file() -> None:
    assert set(MADE) == set(RULES)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_file_as_the_program_writes_it_meets_the_rule(rule: str, tmp_path: Path) -> None:
    found = seen(tmp_path / "file", MADE[rule]())
    assert rule in ids(found)
    assert all(f.direction is Direction.NEUTRAL and f.diagnostic is Diagnostic.NO for f in found)
    assert all(f.question is None for f in found)
    named = next(f for f in found if any(c.id == f"rule-{rule}" for c in f.caveats))
    values = {m.key: m.value for m in named.measurements}
    assert values["program"]
    assert RULES[rule].evidence in {m.value for m in named.measurements if m.key == "evidence"}
    expected = {"habit": "program-like", "block": "metadata-writer"}.get(RULES[rule].shows)
    assert named.id == (expected or named.id)
    assert "tamper" not in named.statement.lower()


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (saved, "libjpeg-plain"),
        (lambda: cv(".jpg"), "libjpeg-plain"),
        (lambda: saved(progressive=True, optimize=True), "libjpeg-plain"),
        (lambda: cv(".png"), "png-plain"),
    ],
)
def test_the_common_libraries_are_known(
    data: Callable[[], bytes], rule: str, tmp_path: Path
) -> None:
    assert ids(seen(tmp_path / "file", data())) == {rule}


def test_names_are_told_as_what_copies_carry_along(tmp_path: Path) -> None:
    found = seen(tmp_path / "file", of_facebook())
    assert [f.id for f in found] == ["program-mark"]
    assert "copies carry it along" in found[0].statement


def test_a_likeness_is_never_told_as_an_origin(tmp_path: Path) -> None:
    found = seen(tmp_path / "file", MADE["telegram-like"]())
    assert {f.id for f in found} == {"program-named", "program-like"}
    likeness = next(f for f in found if f.id == "program-like")
    assert likeness.statement == (
        "The file is such as Telegram's programs can write; other programs can write so too."
    )


def test_names_of_people_behind_a_mark_are_not_shown(tmp_path: Path) -> None:
    found = seen(tmp_path / "file", MADE["canva"]())
    assert "Other" not in repr([f.measurements for f in found])


def test_an_unknown_writer_is_told(tmp_path: Path) -> None:
    assert [f.id for f in seen(tmp_path / "file", tiff_named("Firmware 1.2"))] == ["writer-unknown"]


def test_an_editor_that_the_file_names_is_left_to_the_metadata(tmp_path: Path) -> None:
    named = "<xmp:CreatorTool>GIMP 2.10</xmp:CreatorTool><GIMP:Version>2.10.34</GIMP:Version>"
    assert seen(tmp_path / "file", jpeg_xmp(named)) == []
    assert ids(seen(tmp_path / "file", MADE["gimp-fields"]())) == {"gimp-fields"}


def camera(make: str) -> bytes:
    """A picture as cameras write it: EXIF first, tables of their own."""
    exif = Image.Exif()
    exif[271], exif[272], exif[305] = make, "Model 5", "Ver.1.00"
    tables = [[v + 3 + i % 3 for i, v in enumerate(scaled(93))] for _ in range(2)]
    return saved(qtables=tables, exif=exif)


def original(data: bytes) -> bytes:
    """The stream without JFIF, as cameras write."""
    size = struct.unpack(">H", data[4:6])[0]
    return data[:2] + data[4 + size :] if data[3] == 0xE0 else data


@pytest.mark.parametrize("make", ["NIKON", "Canon", "samsung", "Apple"])
def test_a_picture_as_cameras_write_it_is_not_said_to_be_saved_again(
    make: str, tmp_path: Path
) -> None:
    assert [f.id for f in seen(tmp_path / "file", original(camera(make)))] == ["writer-unknown"]


# ------------------------------------------------------------------------------------- stated history


def event(action: str, agent: str, when: str) -> str:
    return (
        f'<rdf:li rdf:parseType="Resource"><stEvt:action>{action}</stEvt:action>'
        f"<stEvt:softwareAgent>{agent}</stEvt:softwareAgent><stEvt:when>{when}</stEvt:when></rdf:li>"
    )


HISTORY = "<xmpMM:History><rdf:Seq>{}</rdf:Seq></xmpMM:History>"


def test_steps_are_told_with_the_first_and_the_last_time(tmp_path: Path) -> None:
    steps = event("created", "Tool 1", "2025-03-01T10:00:00+02:00")
    steps += 3 * event("saved", "Tool 2", "2025-03-02T10:00:00+02:00")
    (found,) = [
        f
        for f in seen(tmp_path / "file", jpeg_xmp(HISTORY.format(steps)))
        if f.id == "history-stated"
    ]
    values = [(m.key, m.value) for m in found.measurements]
    assert ("steps", 4) in values
    assert [v for k, v in values if k == "step"] == [
        "created by Tool 1",
        "saved by Tool 2 (3 times)",
    ]
    assert ("first", "2025-03-01T10:00:00+02:00") in values
    assert ("last", "2025-03-02T10:00:00+02:00") in values


def test_documents_and_layers_are_told(tmp_path: Path) -> None:
    inside = (
        '<xmpMM:DerivedFrom rdf:parseType="Resource"><stRef:documentID>xmp.did:1</stRef:documentID>'
        "</xmpMM:DerivedFrom><photoshop:DocumentAncestors><rdf:Bag><rdf:li>A</rdf:li><rdf:li>B</rdf:li>"
        "<rdf:li>A</rdf:li></rdf:Bag></photoshop:DocumentAncestors><photoshop:TextLayers><rdf:Seq>"
        '<rdf:li rdf:parseType="Resource"><photoshop:LayerName>name of A. N. Other</photoshop:LayerName>'
        "<photoshop:LayerText>words</photoshop:LayerText></rdf:li></rdf:Seq></photoshop:TextLayers>"
    )
    found = {f.id: f for f in seen(tmp_path / "file", jpeg_xmp(inside))}
    assert found["derived-stated"].measurements[0].value == "xmp.did:1"
    assert found["ancestors-stated"].measurements[0].value == 2
    assert "ancestors-pile-up" in {c.id for c in found["ancestors-stated"].caveats}
    layer = next(m for m in found["layers-named"].measurements if m.key == "layer")
    assert layer.value == "name of A. N. Other"
    assert layer.personal


def test_long_histories_are_cut(tmp_path: Path) -> None:
    steps = "".join(event(f"step{n}", "x" * 300, "no time") for n in range(90))
    found = {f.id: f for f in seen(tmp_path / "file", jpeg_xmp(HISTORY.format(steps)))}
    told = found["history-stated"].measurements
    assert told[0].value == 90
    assert len(told) == 21
    assert all(len(str(m.value)) <= MAX_SHOWN for m in told)


# -------------------------------------------------------------------------------------- found pictures

RESAVED = {"nikon-e950.jpg"}
"""A camera's picture with image resources, Adobe marker and tables of Photoshop: one did save it again."""

if "FORENSICS_SHARED" in os.environ:
    FOLDER = Path(os.environ["FORENSICS_SHARED"], "media/images/exif")
    FOUND = sorted(p for p in FOLDER.rglob("*") if p.suffix.lower() in {".jpg", ".jpeg", ".heic"})

    @pytest.mark.parametrize("path", FOUND, ids=lambda p: p.name)
    def test_no_found_picture_is_said_to_be_an_editors_unless_it_says_so(path: Path) -> None:
        said = [f for f in examine(path) if f.id in {"program-named", "program-mark"}]
        kinds = {m.value for f in said for m in f.measurements if m.key == "class"}
        assert ("an editing program" in kinds) == (path.name in RESAVED)
        assert "a service that writes anew what is uploaded or made there" not in kinds
