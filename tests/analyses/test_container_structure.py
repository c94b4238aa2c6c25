from __future__ import annotations

import shlex
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import imageio_ffmpeg
import pytest

from forensics.analyses.container_structure import (
    MAX_SHOWN,
    MAX_TRACES,
    MAX_TRACKS,
    ContainerStructure,
)
from forensics.errors import NotFitting
from forensics.media.boxes import read_boxes
from forensics.model import Asset, Box, Context, Diagnostic, Direction, Finding, MediaKind, Sha256
from tests.media.isobmff import as_android, as_apple, box, ftyp, full, hdlr

STRIP = "-map_metadata -1 -bitexact -fflags +bitexact"
SOURCE = "-f lavfi -i testsrc2=s=64x64:r=10:d=3 -f lavfi -i sine=d=3"
UNSIGNED = "-c:v mpeg4 -g 5 -c:a aac -flags:v +bitexact -flags:a +bitexact"


class Shown:
    """What this analysis reads of a context, over a real file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.scratch = path.parent
        self.seed = 0

    @property
    def boxes(self) -> Box | None:
        return read_boxes(self.path)

    def check_deadline(self) -> None:
        pass


def examine(path: Path) -> list[Finding]:
    asset = Asset(
        sha256=Sha256("0" * 64),
        size=path.stat().st_size,
        kind=MediaKind.VIDEO,
        mime="video/mp4",
        name="file",
    )
    return list(ContainerStructure().run(asset, cast("Context", Shown(path))))


def by_id(path: Path) -> dict[str, Finding]:
    return {finding.id: finding for finding in examine(path)}


def ffmpeg(arguments: str, target: Path) -> Path:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y"]
    subprocess.run([*command, *shlex.split(arguments), str(target)], check=True)
    return target


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("container")


@pytest.fixture(scope="module")
def library(folder: Path) -> Path:
    """Written by libavformat; its coded streams carry no signature."""
    return ffmpeg(f"{SOURCE} {UNSIGNED}", folder / "library.mp4")


@pytest.fixture(scope="module")
def telephones(folder: Path, library: Path) -> dict[str, Path]:
    """The same samples, laid out as telephones do."""
    data = library.read_bytes()
    made = {"apple": folder / "apple.mov", "android": folder / "android.mp4"}
    made["apple"].write_bytes(as_apple(data))
    made["android"].write_bytes(as_android(data))
    for path in made.values():
        ffmpeg(f"-i {shlex.quote(str(path))} -f null", Path("-"))
    return made


@pytest.mark.parametrize("source", ["library", "apple", "android"])
@pytest.mark.parametrize(
    ("options", "suffix"),
    [
        ("-c copy", "mp4"),
        ("-ss 1 -c copy", "mp4"),
        (f"-c copy {STRIP}", "mp4"),
        ("-c copy -movflags +faststart", "mp4"),
        (f"-c copy -movflags +frag_keyframe+empty_moov {STRIP}", "mp4"),
        ("-c copy -brand mp42", "mp4"),
        ("-c copy", "mov"),
        (f"-c copy {STRIP}", "mov"),
        (f"-c copy -vn {STRIP}", "m4a"),
        (f"-c copy {STRIP}", "3gp"),
    ],
)
def test_what_libavformat_wrote_is_recognised(
    library: Path,
    telephones: dict[str, Path],
    tmp_path: Path,
    source: str,
    options: str,
    suffix: str,
) -> None:
    path = shlex.quote(str({"library": library, **telephones}[source]))
    found = by_id(ffmpeg(f"-i {path} {options}", tmp_path / f"copy.{suffix}"))
    assert found["writer-named"].measurements[0].value == "FFmpeg's libavformat"
    assert "as-device-writes" not in found


@pytest.mark.parametrize(
    ("name", "writer"),
    [("apple", "the camera of an Apple device"), ("android", "Android's MPEG4Writer")],
)
def test_a_telephones_file_lies_as_the_device_writes(
    telephones: dict[str, Path], name: str, writer: str
) -> None:
    found = by_id(telephones[name])
    assert set(found) == {"layout", "writer-named", "as-device-writes"}
    finding = found["as-device-writes"]
    assert finding.statement == (
        f"The boxes lie as {writer} writes them; nothing in them points to another writer."
    )
    assert finding.direction is Direction.SUPPORTS_H2
    assert finding.diagnostic is Diagnostic.UNKNOWN


@pytest.mark.parametrize(("name", "device"), [("apple", "an Apple"), ("android", "an Android")])
def test_a_copy_contradicts_the_device_it_states(
    telephones: dict[str, Path], tmp_path: Path, name: str, device: str
) -> None:
    copy = ffmpeg(f"-i {shlex.quote(str(telephones[name]))} -c copy", tmp_path / "copy.mp4")
    finding = by_id(copy)["device-against-writer"]
    assert finding.statement == (
        f"The file bears the marks of {device} device, but it was last written by FFmpeg's libavformat."
    )
    assert finding.direction is Direction.SUPPORTS_H1
    assert finding.diagnostic is Diagnostic.YES
    trace = next(m for m in finding.measurements if m.key == "trace")
    assert trace.where is not None
    assert trace.where.field == "moov/trak/mdia/hdlr"
    assert copy.read_bytes()[trace.where.offset or 0 :][4:8] == b"hdlr"


def test_a_device_whose_recorder_is_unknown_is_not_contradicted_for_certain(
    library: Path, tmp_path: Path
) -> None:
    """Drones write with libavformat themselves."""
    says = "-metadata make=DJI -metadata model=FC3682"
    path = shlex.quote(str(library))
    finding = by_id(ffmpeg(f"-i {path} -c copy {says}", tmp_path / "drone.mov"))[
        "device-against-writer"
    ]
    assert finding.diagnostic is Diagnostic.UNKNOWN
    assert [caveat.id for caveat in finding.caveats] == ["recorder-unknown"]


def test_a_rewrite_without_a_stated_device_is_history_only(library: Path) -> None:
    found = by_id(library)
    assert set(found) == {"layout", "writer-named", "rewritten", "times-unset"}
    assert found["rewritten"].direction is Direction.NEUTRAL
    assert found["rewritten"].diagnostic is Diagnostic.UNKNOWN


def test_an_encoders_signature_under_a_telephones_layout(folder: Path) -> None:
    coded = ffmpeg(f"{SOURCE} -c:v libx264 -c:a aac -flags:a +bitexact", folder / "x264.mp4")
    apple = folder / "x264.mov"
    apple.write_bytes(as_apple(coded.read_bytes()))
    findings = examine(apple)
    found = {finding.id: finding for finding in findings}
    named = [finding for finding in findings if finding.id == "encoder-named"]
    assert [f.measurements[0].value for f in named] == ["x264", "FFmpeg's libavcodec"]
    said = next(str(m.value) for m in named[0].measurements if m.key == "encoder-text")
    assert said.startswith("x264 - core")
    finding = found["device-against-encoder"]
    assert finding.direction is Direction.SUPPORTS_H1
    assert finding.diagnostic is Diagnostic.YES
    assert "as-device-writes" not in found


def test_metadata_that_a_program_added_are_no_devices(
    telephones: dict[str, Path], tmp_path: Path
) -> None:
    packet = b"<x:xmpmeta xmlns:x='adobe:ns:meta/' x:xmptk='Image::ExifTool 12.57'/>"
    uuid = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
    box = (8 + len(uuid) + len(packet)).to_bytes(4, "big") + b"uuid" + uuid + packet
    added = tmp_path / "added.mp4"
    added.write_bytes(telephones["android"].read_bytes() + box)
    found = by_id(added)
    assert "as-device-writes" not in found
    assert found["metadata-box-added"].direction is Direction.SUPPORTS_H1


def test_names_of_another_writer_under_libavformats_layout(library: Path, tmp_path: Path) -> None:
    names = '-metadata:s handler_name="L-SMASH Video Handler"'
    path = shlex.quote(str(library))
    finding = by_id(ffmpeg(f"-i {path} -c copy {names}", tmp_path / "two.mp4"))["two-writers"]
    assert finding.statement == (
        "The file was last written by FFmpeg's libavformat, and names in it are those of L-SMASH, as x264"
        " and several editors use it."
    )
    assert finding.direction is Direction.SUPPORTS_H1


def film(*edits: tuple[int, int], handler: bytes = b"vide", name: bytes = b"a name") -> bytes:
    """A movie of 1000 ticks a second, its media ten seconds of 30."""
    listed = b"".join(struct.pack(">IiI", *edit, 65536) for edit in edits)
    return box(
        b"moov",
        full(b"mvhd", struct.pack(">IIII", 1, 1, 1000, 10_000)),
        box(
            b"trak",
            box(b"edts", full(b"elst", struct.pack(">I", len(edits)), listed)),
            box(
                b"mdia",
                full(b"mdhd", struct.pack(">IIIIHH", 1, 1, 30, 300, 0, 0)),
                hdlr(handler, name + b"\0"),
            ),
        ),
    )


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., dict[str, Finding]]:
    def make(*parts: bytes) -> dict[str, Finding]:
        path = tmp_path / "made"
        path.write_bytes(b"".join((ftyp(), *parts)))
        return by_id(path)

    return make


Made = Callable[..., dict[str, Finding]]


@pytest.mark.parametrize(
    ("edits", "name", "statement"),
    [
        (
            [(8500, 45)],
            "hidden-start",
            "The file holds 1.500 s of pictures before the first one that players show.",
        ),
        (
            [(7000, 0)],
            "hidden-end",
            "The file holds 3.000 s of pictures after the last one that players show.",
        ),
        (
            [(2000, -1), (10_000, 0)],
            "late-start",
            "The pictures begin 2.000 s after the start of playback, as after a cut between keyframes.",
        ),
    ],
)
def test_edit_lists_that_hide_pictures(
    made: Made, edits: list[tuple[int, int]], name: str, statement: str
) -> None:
    found = made(film(*edits))
    assert set(found) == {"layout", name}
    assert found[name].statement == statement
    assert found[name].direction is Direction.SUPPORTS_H1


def test_a_delay_of_the_encoder_hides_nothing(made: Made) -> None:
    assert set(made(film((9500, 15)))) == {"layout"}


def test_edit_lists_of_sound_are_no_sign(made: Made) -> None:
    assert set(made(film((5000, 150), handler=b"soun"))) == {"layout"}


def test_a_truncated_file(made: Made) -> None:
    found = made(film((10_000, 0)), struct.pack(">I4s", 1000, b"mdat") + bytes(92))
    assert found["truncated"].statement == "The file ends 900 bytes before the end of its last box."
    assert "structure-problem" in found


def test_bytes_after_the_last_box(made: Made) -> None:
    found = made(film((10_000, 0)), b"\0\0\0\0PK\3\4 a hidden archive")
    assert found["trailing-bytes"].statement == (
        "After the last box there are 25 bytes that are no box."
    )


def test_problems_are_counted_and_the_first_are_shown(made: Made) -> None:
    found = made(*[box(b"moov", struct.pack(">I4s", 3, b"trak")) for _ in range(7)])
    problems = found["structure-problem"].measurements
    assert [m.value for m in problems if m.key == "problems"] == [7]
    assert sum(m.key == "problem" for m in problems) == 5


def test_text_of_the_file_is_cut_and_never_a_template(made: Made) -> None:
    evil = b"L-SMASH {0.__class__} {writer} \x1b[31m" + b"x" * 3000
    finding = made(film((10_000, 0), name=evil))["writer-named"]
    (trace,) = [str(m.value) for m in finding.measurements if m.key == "trace"]
    assert trace.startswith("handler: L-SMASH {0.__class__} {writer}")
    assert len(trace) == MAX_SHOWN
    assert "L-SMASH {0" not in finding.statement


def test_hundreds_of_tracks_give_few_findings(tmp_path: Path) -> None:
    track = film((5000, 60), name=b"Core Media ")[8 + 28 :]
    head = full(b"mvhd", struct.pack(">IIII", 1, 1, 1000, 10_000))
    path = tmp_path / "tracks"
    path.write_bytes(ftyp() + box(b"moov", head, track * 500))
    findings = examine(path)
    assert {f.id for f in findings} == {"layout", "writer-named", "hidden-start", "hidden-end"}
    assert len(findings) == 2 + 2 * MAX_TRACKS


def test_traces_are_bounded(made: Made) -> None:
    track = film((10_000, 0), name=b"L-SMASH 0000")[8 + 28 :]
    named = [track.replace(b"0000", b"%04d" % i) for i in range(100)]
    head = full(b"mvhd", struct.pack(">IIII", 1, 1, 1000, 10_000))
    finding = made(box(b"moov", head, *named))["writer-named"]
    assert sum(m.key == "trace" for m in finding.measurements) == MAX_TRACES


def test_an_unknown_note_in_the_stream_is_shown(made: Made, tmp_path: Path) -> None:
    body = b"\x06\x05\x1a" + bytes(15) + b"\1" + b"take twelve" + b"\x80"
    media = box(b"mdat", struct.pack(">I", len(body) - 1) + body)
    entry = box(b"avc1", bytes(78), box(b"avcC", bytes([1, 100, 0, 31, 0xFF])))
    table = box(
        b"stbl",
        full(b"stsd", struct.pack(">I", 1), entry),
        full(b"stco", struct.pack(">II", 1, len(ftyp()) + 8)),
    )
    track = box(b"trak", box(b"mdia", hdlr(b"vide", b""), box(b"minf", table)))
    found = made(media, box(b"moov", track))
    assert "take twelv" in found["encoder-note"].statement


def test_files_without_boxes_do_not_fit(tmp_path: Path) -> None:
    path = tmp_path / "picture"
    path.write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    with pytest.raises(NotFitting, match="no MP4, MOV, HEIC or AVIF"):
        examine(path)


def test_only_declared_quantities_and_pillars(
    library: Path, telephones: dict[str, Path], made: Made
) -> None:
    declared = {q.key: q.unit for q in ContainerStructure.quantities}
    findings: list[Any] = [
        *examine(library),
        *made(film((500, -1), (3000, 90)), b"\0" * 9).values(),
    ]
    for path in telephones.values():
        findings += examine(path)
    for finding in findings:
        assert finding.statement
        assert all(declared[m.key] == m.unit for m in finding.measurements)
        assert finding.question is None or finding.question.pillar in ContainerStructure.examines


def test_the_same_file_gives_the_same_findings(telephones: dict[str, Path]) -> None:
    assert examine(telephones["apple"]) == examine(telephones["apple"])
