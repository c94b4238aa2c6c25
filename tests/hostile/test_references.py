"""Files that point to other files or addresses: they are refused, or what they point to is not opened."""

from __future__ import annotations

import os
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from forensics.errors import IntakeError, MediaError
from forensics.media.ffmpeg import Reduction, decode
from forensics.media.intake import take_in
from forensics.media.probe import open_container
from tests.media.making import coded, colours, make, nearest_colour, picture, svg
from tests.media.reading import Reader


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip elsewhere, all red in its first second; nothing that is examined may show it."""
    return colours(tmp_path_factory.mktemp("elsewhere") / "other.mp4")


@pytest.fixture(scope="module")
def red(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("elsewhere") / "red.png"
    path.write_bytes(coded(picture().resize((1, 1)).resize((40, 20)), "PNG"))
    make("-f", "lavfi", "-i", "color=red:size=40x20", "-frames:v", "1", path)
    return path


@pytest.fixture
def caught() -> Iterator[tuple[int, list[bytes]]]:
    """A server on this machine that notes whoever calls; (port, calls)."""
    calls: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                with client:
                    client.settimeout(1)
                    try:
                        calls.append(client.recv(200))
                    except OSError:
                        calls.append(b"")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield server.getsockname()[1], calls
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def lists(other: Path, address: str) -> dict[str, bytes]:
    """Texts that make ffmpeg open something else, when it is let guess what they are."""
    return {
        "HLS playlist": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{other}\n{address}\n".encode(),
        "concat script": f"ffconcat version 1.0\nfile {other}\n".encode(),
        "bare concat script": f"file '{other}'\n".encode(),
        "SDP": b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nm=video 9 RTP/AVP 96\r\n",
        "DASH": f"<MPD><Period><BaseURL>{address}</BaseURL></Period></MPD>".encode(),
        "data address": b"data:video/mp4;base64,AAAA",
        "address": address.encode(),
        "protocol": f"concat:{other}|{other}".encode(),
        "windows playlist": f"[playlist]\nFile1={other}\n".encode(),
        "redirect": f"[Reference]\nRef1={address}\n".encode(),
    }


NAMES = sorted(lists(Path("/x"), "http://x"))


@pytest.mark.parametrize("name", NAMES)
def test_a_list_that_is_named_like_a_video_is_refused(
    name: str, other: Path, tmp_path: Path
) -> None:
    source, folder = tmp_path / "video.mp4", tmp_path / "scratch"
    source.write_bytes(lists(other, "http://127.0.0.1:9/a.ts")[name])
    folder.mkdir()
    with pytest.raises(IntakeError, match="not examined"):
        take_in(source, folder)


@pytest.mark.loopback
@pytest.mark.parametrize("demuxer", ["mov", "mpegts", "svg_pipe"])
@pytest.mark.parametrize("name", NAMES)
def test_a_list_that_got_past_intake_opens_nothing_else(
    name: str, demuxer: str, other: Path, tmp_path: Path, caught: tuple[int, list[bytes]]
) -> None:
    """The second line: were a list taken for media, no demuxer that is named would follow it."""
    port, calls = caught
    source = tmp_path / "asset"
    source.write_bytes(lists(other, f"http://127.0.0.1:{port}/a.ts")[name])
    one = Reduction(stream=0, keyframes=False, every=None, limit=1, width=8, height=8)
    pixels = tmp_path / "pixels"
    with pytest.raises(MediaError):
        decode(source, demuxer, one, pixels=pixels, times=tmp_path / "times", seconds=10)
    assert not pixels.exists() or not pixels.stat().st_size
    try:
        with open_container(source, demuxer) as container:
            own = sum(p.size for p in container.demux())
        assert own <= source.stat().st_size
    except (MediaError, OSError):
        pass
    assert calls == []


def _referring(clip: bytes, kind: bytes, target: bytes) -> bytes:
    """The clip with its sample data said to lie in another file (`dref`, ISO/IEC 14496-12 section 8.7.2)."""
    inner = clip.index(b"dref") - 4
    size = struct.unpack(">I", clip[inner : inner + 4])[0]
    entry = struct.pack(">I4sI", 12 + len(target), kind, 0) + target
    new = struct.pack(">I4sII", 16 + len(entry), b"dref", 0, 1) + entry
    grown = len(new) - size
    data = bytearray(clip[:inner] + new + clip[inner + size :])
    for name in (b"dinf", b"minf", b"mdia", b"trak", b"moov"):
        place = clip.rindex(name, 0, inner) - 4
        old = struct.unpack(">I", clip[place : place + 4])[0]
        data[place : place + 4] = struct.pack(">I", old + grown)
    return bytes(data)


def _alias(target: Path) -> bytes:
    """A QuickTime alias record with an absolute path (type 2) and the levels that ffmpeg follows."""
    path = os.fsencode(str(target))
    record = bytearray(150)
    record[4:6] = struct.pack(">H", 150)
    record[10] = 5
    record[11:16] = b"Macin"
    record[130:134] = struct.pack(">hh", 0, 0)
    extra = struct.pack(">HH", 2, len(path)) + path + (b"\0" if len(path) % 2 else b"")
    return bytes(record) + extra + struct.pack(">HH", 0xFFFF, 0)


@pytest.mark.loopback
@pytest.mark.parametrize("kind", ["url", "urn", "alis", "http"])
def test_sample_data_in_another_file_is_not_opened(
    reader: Reader, other: Path, tmp_path: Path, kind: str, caught: tuple[int, list[bytes]]
) -> None:
    port, calls = caught
    own = tmp_path / "own.mp4"
    make(
        "-i",
        other,
        "-vf",
        "negate",
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-pix_fmt",
        "yuv420p",
        own,
    )
    target = {
        "url": f"file://{other}".encode() + b"\0",
        "urn": str(other).encode() + b"\0" + str(other).encode() + b"\0",
        "alis": _alias(other),
        "http": f"http://127.0.0.1:{port}/x.mp4".encode() + b"\0",
    }[kind]
    box = {"url": b"url ", "urn": b"urn ", "alis": b"alis", "http": b"url "}[kind]
    crafted = _referring(own.read_bytes(), box, target)
    assert b"dref" in crafted
    found = reader.read(crafted)
    if not found.prepared.trouble:  # its own data was read instead
        assert nearest_colour(found.picture()[24, 32]) == "cyan"
    assert calls == []


@pytest.mark.loopback
@pytest.mark.parametrize(
    "way",
    [
        "href",
        "xlink",
        "bare path",
        "relative",
        "use",
        "entity",
        "include",
        "style",
        "http",
        "http style",
    ],
)
def test_a_drawing_shows_no_other_file(
    reader: Reader, red: Path, tmp_path: Path, way: str, caught: tuple[int, list[bytes]]
) -> None:
    port, calls = caught
    address = f"http://127.0.0.1:{port}/red.png"
    letters = tmp_path / "letters.txt"
    letters.write_text("█████")
    image = '<image width="40" height="20" preserveAspectRatio="none" {}="{}"/>'
    text = '<text x="0" y="18" font-size="20" fill="red">{}</text>'
    drawing = {
        "href": svg(image.format("href", red.as_uri())),
        "xlink": svg(image.format("xlink:href", red.as_uri())),
        "bare path": svg(image.format("href", red)),
        "relative": svg(image.format("href", os.path.relpath(red, tmp_path))),
        "use": svg(f'<use href="{red.as_uri()}#x"/>'),
        "entity": svg(
            text.format("&x;"),
            prolog=f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{letters.as_uri()}">]>',
        ),
        "include": svg(
            text.format(
                '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" '
                f'href="{letters.as_uri()}"/>'
            )
        ),
        "style": svg(
            f'<style>@import url("{red.as_uri()}"); rect {{fill: url("{red.as_uri()}#a")}}</style>'
            '<rect fill="none" width="1" height="1"/>'
        ),
        "http": svg(image.format("href", address)),
        "http style": svg(f'<style>@import url("{address}");</style>'),
    }[way]
    found = reader.read(drawing)
    if not found.prepared.trouble:
        pixels = found.picture().astype(int)
        assert not np.any((pixels[..., 0] > 200) & (pixels[..., 1] < 100)), "nothing red is drawn"
    assert calls == []


def test_a_drawing_with_its_own_red_would_be_seen(reader: Reader) -> None:
    """The test above can fail: red that the drawing holds itself is found in the same way."""
    pixels = reader.read(svg('<rect width="9" height="9" fill="red"/>')).picture().astype(int)
    assert np.any((pixels[..., 0] > 200) & (pixels[..., 1] < 100))


def _ebml(identifier: bytes, data: bytes) -> bytes:
    return identifier + (len(data) | 1 << 56).to_bytes(8, "big") + data


def test_a_matroska_that_names_other_segments_shows_only_its_own(
    reader: Reader, other: Path, tmp_path: Path
) -> None:
    """Some players follow PrevUID, PrevFilename, NextUID and NextFilename (RFC 9559 section 5.1.2)."""
    own, next_one = tmp_path / "own.mkv", tmp_path / "next.mkv"
    make("-ss", "2", "-t", "1", "-i", other, "-c:v", "libx264", "-preset", "ultrafast", "-an", own)
    make("-i", other, "-c", "copy", next_one)
    linked = (
        _ebml(b"\x3e\xb9\x23", b"\x11" * 16)
        + _ebml(b"\x3e\x83\xbb", str(next_one).encode())
        + _ebml(b"\x3c\xb9\x23", b"\x22" * 16)
        + _ebml(b"\x3c\x83\xab", str(next_one).encode())
    )
    data = own.read_bytes()
    info = data.index(b"\x15\x49\xa9\x66")
    length = data[info + 4]
    width = 9 - length.bit_length()
    size = int.from_bytes(data[info + 4 : info + 4 + width], "big") & ~(1 << 7 * width)
    body = data[info + 4 + width : info + 4 + width + size]
    crafted = (
        data[:info] + _ebml(b"\x15\x49\xa9\x66", body + linked) + data[info + 4 + width + size :]
    )
    assert nearest_colour(reader.read(crafted).picture()[24, 32]) == "blue"
    assert [s.time for s in reader.read(crafted).samples] == [0]


def test_subtitles_are_never_drawn_or_run(reader: Reader, other: Path, tmp_path: Path) -> None:
    text = tmp_path / "s.ass"
    text.write_text(
        "[Script Info]\nScriptType: v4.00+\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: D,/etc/passwd\n"
        "[Events]\nFormat: Start, End, Style, Text\n"
        "Dialogue: 0:00:00.00,0:00:05.00,D,{\\p1}m 0 0 l 999 0 999 999 0 999{\\p0}\n"
    )
    mkv = tmp_path / "clip.mkv"
    make("-i", other, "-i", text, "-map", "0", "-map", "1", "-c:v", "copy", "-c:s", "ass", mkv)
    plain, subtitled = reader.read(other), reader.read(mkv)
    assert np.array_equal(plain.picture(), subtitled.picture())
