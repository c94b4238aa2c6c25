"""Files as programs write them, one for each rule about programs."""

from __future__ import annotations

import io
import tempfile
import zlib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
from PIL import PngImagePlugin
from PIL.JpegPresets import presets
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from forensics.inside.quantisation import MOZJPEG, scaled
from forensics.media.writers import parse_rules
from tests.inside.jpegs import app, data_set, resource, saved, scene, segment, with_segments
from tests.inside.paged import CATALOG, TRAILER, Made
from tests.media.making import make, pattern, tone

TABLE = files("forensics.analyses").joinpath("data", "programs.toml").read_text(encoding="utf-8")
RULES = {rule.id: rule for rule in parse_rules(TABLE).writers}
XMP = "http://ns.adobe.com/xap/1.0/"


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
