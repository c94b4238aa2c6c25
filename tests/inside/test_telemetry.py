"""Positions in tracks of telemetry: GoPro's, Google's and DJI's forms, and hostile ones."""

from __future__ import annotations

import struct
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.analyses.metadata import Metadata
from forensics.inside.telemetry import Fix, read_telemetry
from forensics.inside.window import Window
from forensics.media.boxes import read_boxes, walk_boxes
from forensics.model import Asset, MediaKind, Part, Probe, Sha256
from tests.media.isobmff import box, ftyp, full, hdlr


def key(name: bytes, kind: bytes, size: int, *values: bytes) -> bytes:
    body = b"".join(values)
    repeat = len(body) // size if size else 0
    return name + kind + struct.pack(">BH", size, repeat) + body + bytes(-len(body) % 4)


def holding(name: bytes, *inner: bytes) -> bytes:
    body = b"".join(inner)
    return name + b"\0" + struct.pack(">BH", 1, len(body)) + body


def gps5(lat: float, lon: float, fix: int = 3, time: bytes = b"251228210411.123") -> bytes:
    scale = struct.pack(">5i", 10**7, 10**7, 1000, 1000, 100)
    place = struct.pack(">5i", round(lat * 1e7), round(lon * 1e7), 1000, 0, 0)
    return holding(
        b"DEVC",
        key(b"DVNM", b"c", 1, b"HERO9"),
        holding(b"STRM", key(b"ACCL", b"s", 6, bytes(6))),
        holding(
            b"STRM",
            key(b"GPSF", b"L", 4, struct.pack(">I", fix)),
            key(b"GPSU", b"U", 16, time),
            key(b"SCAL", b"l", 4, scale),
            key(b"GPS5", b"l", 20, place, place),
        ),
    )


def gps9(lat: float, lon: float, days: int, since: int, fix: int = 3) -> bytes:
    scale = struct.pack(">9i", 10**7, 10**7, 1000, 1000, 100, 1, 1000, 100, 1)
    place = struct.pack(">7i2H", round(lat * 1e7), round(lon * 1e7), 0, 0, 0, days, since, 0, fix)
    return holding(
        b"DEVC",
        holding(b"STRM", key(b"SCAL", b"l", 4, scale), key(b"GPS9", b"?", 32, place)),
    )


def dji(text: str) -> bytes:
    data = text.encode()
    return struct.pack(">H", len(data)) + data


def film(kind: bytes, handler: bytes, *samples: bytes) -> bytes:
    at = len(ftyp()) + 8
    sizes = b"".join(struct.pack(">I", len(s)) for s in samples)
    table = box(
        b"stbl",
        full(b"stsd", struct.pack(">I", 1), box(kind, bytes(6), b"\0\1", bytes(4))),
        full(b"stts", struct.pack(">III", 1, len(samples), 1000)),
        full(b"stsc", struct.pack(">IIII", 1, 1, len(samples), 1)),
        full(b"stsz", struct.pack(">II", 0, len(samples)), sizes),
        full(b"stco", struct.pack(">II", 1, at)),
    )
    media = box(b"mdia", hdlr(handler, b"telemetry\0"), box(b"minf", table))
    return ftyp() + box(b"mdat", *samples) + box(b"moov", box(b"trak", media))


def read(data: bytes) -> tuple[str, tuple[Fix, ...]]:
    window = Window.over(data)
    root = walk_boxes(window)
    assert root is not None
    return read_telemetry(window, root)


def test_positions_of_a_gopro() -> None:
    form, found = read(film(b"gpmd", b"meta", gps5(57.98, 33.25), gps5(57.99, 33.26)))
    assert form == "GoPro"
    assert [(f.lat, f.lon) for f in found] == [(57.98, 33.25), (57.99, 33.26)]
    assert found[0].time == "2025-12-28T21:04:11Z"


def test_positions_of_a_newer_gopro() -> None:
    _, found = read(film(b"gpmd", b"meta", gps9(-33.5, -70.25, 9493, 3_600_000)))
    assert found == (Fix(lat=-33.5, lon=-70.25, time="2025-12-28T01:00:00Z"),)


def test_what_has_no_fix_is_left_out() -> None:
    none = film(b"gpmd", b"meta", gps5(57.98, 33.25, fix=0), gps9(1, 1, 1, 1, fix=0), gps5(0, 0))
    assert read(none) == ("", ())


def test_camera_motion_metadata() -> None:
    place = struct.pack("<HHddd", 0, 5, 57.98, 33.25, 100.0)
    timed = struct.pack("<HHdiddffffffff", 0, 6, 1_450_990_818.0, 3, 57.99, 33.26, *[0.0] * 8)
    form, found = read(film(b"camm", b"camm", place, timed, struct.pack("<HH3f", 0, 2, 1, 2, 3)))
    assert form == "CAMM"
    assert found == (
        Fix(lat=57.98, lon=33.25),
        Fix(lat=57.99, lon=33.26, time="2025-12-28T21:00:00Z"),
    )


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("F/2.8, SS 320.68, ISO 100, EV 0, GPS (33.2500, 57.9800, 15), D 24.37m", ""),
        ("HOME(33.1,57.9) 2025.12.28 21:04:11\nGPS(33.2500,57.9800,16)", "2025-12-28 21:04:11"),
        (
            "2025-12-28 21:04:11.123\n[iso : 100] [latitude: 57.9800] [longitude: 33.2500]",
            "2025-12-28 21:04:11",
        ),
        ("[latitude : 57.9800] [longtitude : 33.2500]", ""),
    ],
)
def test_subtitles_of_an_aircraft(text: str, time: str) -> None:
    assert read(film(b"tx3g", b"sbtl", dji(text))) == (
        "DJI",
        (Fix(lat=57.98, lon=33.25, time=time),),
    )


@pytest.mark.parametrize(
    "sample",
    [
        dji("a subtitle of a film"),
        dji("GPS (999.0000, 99.0000, 1)"),
        dji("[latitude: 91.0000] [longitude: 1.0000]"),
        b"",
        b"\xff\xff",
    ],
)
def test_what_is_no_position(sample: bytes) -> None:
    assert read(film(b"tx3g", b"sbtl", sample)) == ("", ())


def test_numbers_that_are_none() -> None:
    for bad in (float("nan"), float("inf"), 1e308):
        sample = struct.pack("<HHddd", 0, 5, bad, 33.25, 0)
        assert read(film(b"camm", b"camm", sample)) == ("", ())
        timed = struct.pack("<HHdidd", 0, 6, bad, 3, 57.0, 33.0)
        assert all(not fix.time for fix in read(film(b"camm", b"camm", timed))[1])


def test_a_scale_of_zero_and_a_scale_that_is_missing() -> None:
    place = struct.pack(">5i", 1, 1, 1, 1, 1)
    for scale in (bytes(20), b""):
        inner = key(b"SCAL", b"l", 4, scale), key(b"GPS5", b"l", 20, place)
        assert read(film(b"gpmd", b"meta", holding(b"STRM", *inner))) == ("", ())


@given(st.binary(max_size=200), st.sampled_from([b"gpmd", b"camm", b"tx3g"]))
def test_any_bytes_are_survived(noise: bytes, kind: bytes) -> None:
    handler = b"sbtl" if kind == b"tx3g" else b"meta"
    read(film(kind, handler, noise, gps5(1, 1)[: len(noise)] + noise))


def test_a_track_beyond_the_end_of_the_file(tmp_path: Path) -> None:
    whole = film(b"gpmd", b"meta", gps5(57.98, 33.25))
    for end in range(0, len(whole), 7):
        root = walk_boxes(Window.over(whole[:end]))
        if root is not None:
            read_telemetry(Window.over(whole[:end]), root)


def test_what_metadata_says_of_a_track(tmp_path: Path) -> None:
    path = tmp_path / "asset"
    samples = [gps5(57.98 + i / 1000, 33.25) for i in range(300)]
    path.write_bytes(film(b"gpmd", b"meta", *samples))
    context = SimpleNamespace(path=path, boxes=read_boxes(path), carried=Part(name="File"))
    asset = Asset(
        sha256=Sha256("0" * 64),
        size=path.stat().st_size,
        kind=MediaKind.VIDEO,
        mime="video/mp4",
        name="x.mp4",
        probe=Probe(container="mp4"),
    )
    (finding,) = Metadata().run(asset, context)
    assert finding.id == "track-stated"
    assert finding.statement == (
        "The file carries 300 positions of the camera while it recorded (GoPro telemetry), from "
        "2025-12-28T21:04:11Z to 2025-12-28T21:04:11Z."
    )
    values = {m.key: str(m.value) for m in finding.measurements}
    track = values["track"].split(";")
    assert (len(track), track[0], track[-1]) == (100, "57.98000,33.25000", "58.27900,33.25000")
    (quantity,) = (q for q in Metadata.quantities if q.key == "track")
    assert quantity.personal
