"""Every kind by its content, never by its name; what is refused is named."""

from __future__ import annotations

import io
import struct
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.media.identify import HEAD, Identity, identify
from forensics.model import MediaKind
from tests.media.making import coded, make, pattern, pdf, picture, svg, tone, x264


def _zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("video.mp4", b"x")
    return stream.getvalue()


STILLS = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
    "GIF": "image/gif",
    "BMP": "image/bmp",
    "HEIF": "image/heic",
    "AVIF": "image/avif",
}


@pytest.mark.parametrize(("form", "mime"), STILLS.items())
def test_stills(form: str, mime: str) -> None:
    found = identify(coded(picture(), form)[:HEAD])
    assert (found.kind, found.mime, found.demuxer) == (MediaKind.IMAGE, mime, None)


MOVING = [
    ("mp4", "mp4", x264(), "video/mp4", "mov"),
    ("mov", "mov", x264(), "video/quicktime", "mov"),
    ("mkv", "matroska", x264(), "video/x-matroska", "matroska"),
    ("webm", "webm", ("-c:v", "libvpx", "-b:v", "100k"), "video/webm", "matroska"),
    ("avi", "avi", ("-c:v", "mpeg4"), "video/x-msvideo", "avi"),
    ("mpegts", "mpegts", x264(), "video/mp2t", "mpegts"),
    ("m2ts", "mpegts", (*x264(), "-mpegts_m2ts_mode", "1"), "video/mp2t", "mpegts"),
]


@pytest.mark.parametrize(
    ("form", "options", "mime", "demuxer"), [m[1:] for m in MOVING], ids=[m[0] for m in MOVING]
)
def test_videos(
    tmp_path: Path, form: str, options: tuple[str, ...], mime: str, demuxer: str
) -> None:
    path = tmp_path / "report.pdf.exe"
    make(*pattern(1), *options, "-f", form, path)
    found = identify(path.read_bytes()[:HEAD])
    assert (found.kind, found.mime, found.demuxer) == (MediaKind.VIDEO, mime, demuxer)


SOUNDS = [
    ("wav", ("-f", "wav"), "audio/wav", "wav"),
    ("flac", ("-f", "flac"), "audio/flac", "flac"),
    ("mp3 with tags", ("-f", "mp3"), "audio/mpeg", "mp3"),
    ("bare mp3", ("-f", "mp3", "-id3v2_version", "0", "-write_xing", "0"), "audio/mpeg", "mp3"),
    ("ogg", ("-c:a", "libvorbis", "-f", "ogg"), "audio/ogg", "ogg"),
    ("adts", ("-c:a", "aac", "-f", "adts"), "audio/aac", "aac"),
    ("m4a", ("-c:a", "aac", "-f", "ipod"), "audio/mp4", "mov"),
    ("aiff", ("-f", "aiff"), "audio/aiff", "aiff"),
    ("caf", ("-f", "caf"), "audio/x-caf", "caf"),
]


@pytest.mark.parametrize(
    ("options", "mime", "demuxer"), [s[1:] for s in SOUNDS], ids=[s[0] for s in SOUNDS]
)
def test_sounds(tmp_path: Path, options: tuple[str, ...], mime: str, demuxer: str) -> None:
    path = tmp_path / "picture.jpg"
    make(*tone(1), *options, path)
    found = identify(path.read_bytes()[:HEAD])
    assert (found.kind, found.mime, found.demuxer) == (MediaKind.AUDIO, mime, demuxer)


def test_documents() -> None:
    assert identify(pdf([(10, 10, b"")])).kind is MediaKind.DOCUMENT
    assert identify(b"\0" * 300 + pdf([(10, 10, b"")])).kind is MediaKind.DOCUMENT


@pytest.mark.parametrize(
    "drawing",
    [
        svg(""),
        b"\xef\xbb\xbf" + svg(""),
        b"\xff\xfe" + svg("").decode().encode("utf-16-le"),
        svg("", prolog='<?xml version="1.0"?>\n<!-- <html> -->\n'),
        svg("", prolog='<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/x">'),
        svg("", prolog='<!DOCTYPE svg [<!ENTITY a "<html>"> <!ENTITY b "]">]>'),
        b'<s:svg xmlns:s="http://www.w3.org/2000/svg"/>',
    ],
    ids=["plain", "marked", "utf-16", "declared", "public", "entities", "prefixed"],
)
def test_drawings(drawing: bytes) -> None:
    found = identify(drawing)
    assert (found.kind, found.demuxer) == (MediaKind.DRAWING, "svg_pipe")


def _box(major: bytes, *brands: bytes) -> bytes:
    body = major + bytes(4) + b"".join(brands)
    return struct.pack(">I", 8 + len(body)) + b"ftyp" + body


@pytest.mark.parametrize(
    ("head", "mime"),
    [
        (_box(b"mif1", b"mif1", b"heic"), "image/heic"),
        (_box(b"mif1", b"mif1", b"avif", b"miaf"), "image/avif"),
        (_box(b"mif1", b"miaf"), "image/heif"),
        (_box(b"isom", b"iso2", b"avc1", b"mp41"), "video/mp4"),
        (_box(b"M4A ", b"isom"), "audio/mp4"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "video/quicktime"),
        (b"\0\0\0\x00ftyp", "video/mp4"),
    ],
)
def test_brands_decide_among_files_of_boxes(head: bytes, mime: str) -> None:
    assert identify(head).mime == mime


def _tar() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("x"))
    return stream.getvalue()


REFUSED = {
    "zip": (_zip(), "a ZIP archive or an office document"),
    "gzip": (_tar(), "a gzip archive"),
    "web page": (b"<!DOCTYPE html>\n<title>video.mp4</title>", "a web page"),
    "old web page": (b'\n<!doctype HTML PUBLIC "-//W3C//DTD HTML 4.01//EN">', "a web page"),
    "undeclared web page": (b"<!-- hello --><html>", "a web page"),
    "json": (b' {"video": 1}', "a JSON document"),
    "json list": (b"[[1, 2]]", "a JSON document"),
    "playlist": (b"#EXTM3U\nhttp://192.0.2.1/a.ts\n", "a playlist that points elsewhere"),
    "marked playlist": (b"\xef\xbb\xbf#EXTM3U\n", "a playlist that points elsewhere"),
    "pls": (b"[playlist]\nFile1=/etc/passwd\n", "a playlist that points elsewhere"),
    "concat": (b"ffconcat version 1.0\nfile /etc/passwd\n", "a playlist that points elsewhere"),
    "sdp": (
        b"v=0\r\no=- 0 0 IN IP4 192.0.2.1\r\n",
        "a stream description that points elsewhere",
    ),
    "bare concat": (b"file /etc/passwd\n", "a text"),
    "data address": (b"data:video/mp4;base64,AAAA", "a text"),
    "xml": (b'<?xml version="1.0"?><mpd/>', "an XML document"),
    "dash": (b"<MPD xmlns='urn:mpeg:dash:schema:mpd:2011'/>", "an XML document"),
    "program": (b"\x7fELF\x02\x01\x01", "a program"),
    "windows program": (b"MZ\x90\x00\x03", "a Windows program"),
    "script": (b"#!/bin/sh\nrm -r /\n", "a script"),
    "text": ("Просто текст\n".encode(), "a text"),
    "jxl": (b"\xff\x0a\xfa\x1f", "a JPEG XL picture"),
    "jxl in boxes": (b"\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL picture"),
    "jp2": (b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 picture"),
    "photoshop": (b"8BPS\0\1", "a Photoshop document"),
    "flash": (b"FLV\x01\x05", "a Flash video"),
    "program stream": (b"\0\0\1\xba\x44", "an MPEG program stream"),
    "sqlite": (b"SQLite format 3\0", "an SQLite database"),
    "zeros": (bytes(4096), "a file of no known kind"),
    "noise": (bytes(range(128, 256)) * 8, "a file of no known kind"),
    "nothing": (b"", "a file of no known kind"),
}


@pytest.mark.parametrize(("head", "label"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_examined_is_named(head: bytes, label: str) -> None:
    found = identify(head)
    assert found.kind is None
    assert found.label == label


@given(st.binary(max_size=600))
def test_any_bytes_have_an_identity(head: bytes) -> None:
    assert isinstance(identify(head), Identity)


STARTS = [
    *(b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", b"RIFF", b"\0\0\0\x20ftyp", b"\x1a\x45\xdf\xa3", b"BM"),
    *(b"ID3", b"\xff\xfb", b"\x47" + bytes(187), b"FORM\0\0\0\0AIFF", b"%PDF-", b"<?xml", b"<!--"),
    *(
        b"<svg",
        b"<!DOCTYPE svg [",
        b"#EXTM3U",
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"{",
        b"P6 ",
    ),
]


@given(
    st.sampled_from(STARTS), st.lists(st.sampled_from(STARTS) | st.binary(max_size=40), max_size=12)
)
def test_any_bytes_after_a_known_start_have_an_identity(start: bytes, rest: list[bytes]) -> None:
    found = identify(start + b"".join(rest))
    assert isinstance(found, Identity)
    assert found.label
    assert (found.demuxer is None) or found.kind is not None


@given(st.text(max_size=300))
def test_text_is_never_media_unless_it_is_a_drawing_or_holds_a_pdf_mark(text: str) -> None:
    head = b"Note: " + text.encode("utf-8", "surrogatepass")
    if b"%PDF-" not in head:
        assert identify(head).kind is None


@pytest.mark.parametrize(
    "unit",
    [b"<!--", b"<?", b"<!", b"<", b"<![", b"<![]>", b"<?a?>", b"]", b" ", b"< ", b"a:", b"<!a[] "],
)
def test_text_made_to_be_read_slowly_is_read_quickly(unit: bytes) -> None:
    started = time.monotonic()
    identify((b"<!DOCTYPE x [" + unit * HEAD)[:HEAD])
    identify((unit * HEAD)[:HEAD])
    assert time.monotonic() - started < 2
