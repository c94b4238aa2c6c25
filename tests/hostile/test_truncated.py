"""Files that are cut off or damaged at many places: read in part or told clearly, never a crash."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest

from forensics.errors import IntakeError
from forensics.media.prepared import Prepared
from tests.media.making import make, pattern, tone, x264
from tests.media.reading import Reader

FORMS = {
    "mp4": (*x264(gop=10), "-c:a", "aac", "-movflags", "+faststart", "-f", "mp4"),
    "fragmented mp4": (
        *x264(gop=10),
        "-c:a",
        "aac",
        "-movflags",
        "frag_keyframe+empty_moov",
        "-f",
        "mp4",
    ),
    "matroska": (*x264(gop=10), "-c:a", "aac", "-f", "matroska"),
    "mpegts": (*x264(gop=10), "-c:a", "aac", "-f", "mpegts"),
    "avi": ("-c:v", "mpeg4", "-g", "10", "-c:a", "mp3", "-f", "avi"),
    "webm": ("-c:v", "libvpx", "-b:v", "200k", "-g", "10", "-c:a", "libopus", "-f", "webm"),
}
SOUNDS = {
    "mp3": ("-f", "mp3"),
    "flac": ("-f", "flac"),
    "ogg": ("-c:a", "libvorbis", "-f", "ogg"),
    "wav": ("-f", "wav"),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    made = {}
    for name, options in {**FORMS, **SOUNDS}.items():
        source = (*pattern(2, rate="10"), *tone(2)) if name in FORMS else tone(1)
        make(*source, *options, folder / "file")
        made[name] = (folder / "file").read_bytes()
    return made


def read(reader: Reader, data: bytes) -> Prepared | None:
    """What came of it; None where intake refused it by name."""
    try:
        found = reader.read(data, seconds=20).prepared
    except IntakeError as error:
        assert "looks like" in str(error)
        return None
    assert "Reading the file failed" not in found.trouble
    assert found.trouble.endswith(".") or not found.trouble
    times = [s.time for s in found.samples]
    assert all(a < b for a, b in pairwise(times))
    return found


@pytest.mark.parametrize("name", [*FORMS, *SOUNDS])
def test_a_file_cut_off_anywhere_is_read_in_part_or_told(
    reader: Reader, whole: dict[str, bytes], name: str
) -> None:
    data = whole[name]
    for part in (0.002, 0.01, 0.03, 0.1, 0.5, 0.9, 0.999):
        found = read(reader, data[: max(12, int(len(data) * part))])
        if name in FORMS and part == 0.9 and found is not None:
            assert found.samples, f"{name} holds pictures that can be shown: {found.trouble}"


@pytest.mark.parametrize("name", FORMS)
def test_a_cut_off_stream_has_fewer_packets_and_says_what_it_lacks(
    reader: Reader, whole: dict[str, bytes], name: str
) -> None:
    before, after = (read(reader, d) for d in (whole[name], whole[name][: len(whole[name]) // 2]))
    assert before is not None
    assert before.probe is not None
    assert after is not None
    if after.probe is not None:
        assert sum(s.packets or 0 for s in after.probe.streams) < sum(
            s.packets or 0 for s in before.probe.streams
        )
        assert [s.digest for s in after.probe.streams] != [s.digest for s in before.probe.streams]


@pytest.mark.parametrize("name", [*FORMS, *SOUNDS])
def test_a_damaged_file_is_read_in_part_or_told(
    reader: Reader, whole: dict[str, bytes], name: str
) -> None:
    chance = random.Random(name)
    for _ in range(5):
        data = bytearray(whole[name])
        for _ in range(12):
            data[chance.randrange(8, len(data))] = chance.randrange(256)
        read(reader, bytes(data))


@pytest.mark.slow
@pytest.mark.parametrize("name", [*FORMS, *SOUNDS])
def test_many_damaged_files_are_read_in_part_or_told(
    reader: Reader, whole: dict[str, bytes], name: str
) -> None:
    chance = random.Random(f"many {name}")
    for count in (1, 4, 40, 400):
        for _ in range(12):
            data = bytearray(whole[name])
            for _ in range(count):
                data[chance.randrange(4, len(data))] = chance.randrange(256)
            read(reader, bytes(data[: chance.randrange(64, len(data) + 1)]))


@pytest.mark.parametrize("name", ["mp4", "mpegts"])
def test_a_damaged_file_is_read_the_same_way_twice(
    reader: Reader, whole: dict[str, bytes], name: str
) -> None:
    chance = random.Random(7)
    data = bytearray(whole[name])
    for _ in range(60):
        data[chance.randrange(len(data) // 4, len(data))] = chance.randrange(256)
    readings = [reader.read(bytes(data)) for _ in range(4)]
    assert all(r.prepared == readings[0].prepared for r in readings)
    pixels = {_pixels(r.folder) for r in readings}
    assert len(pixels) == 1


def _pixels(folder: Path) -> bytes:
    file = folder / "pixels.rgb"
    return file.read_bytes() if file.exists() else b""
