"""Taking a file in: hashed first, copied exactly, read-only, and refused with a reason."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.errors import IntakeError
from forensics.media import intake
from forensics.media.intake import take_in
from forensics.model import MediaKind
from tests.media.making import coded, picture

PNG = coded(picture(), "PNG")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return scratch


def test_the_copy_is_exact_read_only_and_named_by_its_hash(tmp_path: Path, folder: Path) -> None:
    source = tmp_path / "picture.doc"
    source.write_bytes(PNG)
    found = take_in(source, folder)
    assert found.sha256 == hashlib.sha256(PNG).hexdigest()
    assert found.blake2b == hashlib.blake2b(PNG, digest_size=64).hexdigest()
    assert found.size == len(PNG)
    assert found.name == "picture.doc"
    assert found.identity.kind is MediaKind.IMAGE
    assert found.path.read_bytes() == PNG
    assert stat.S_IMODE(found.path.stat().st_mode) == 0o400
    assert source.read_bytes() == PNG


def test_a_file_larger_than_one_chunk_is_copied_whole(tmp_path: Path, folder: Path) -> None:
    data = PNG + os.urandom(3 * intake.CHUNK + 17)
    source = tmp_path / "x"
    source.write_bytes(data)
    found = take_in(source, folder)
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert found.path.read_bytes() == data


@pytest.mark.parametrize(
    "name",
    [
        "-rf.png",
        "a\nb.png",
        "\x1b[31mred.png",
        "\u202egpj.exe",
        "<b>.png",
        "%d%s.png",
        "'\";.png",
        "ю" * 100,
    ],
)
def test_the_name_is_kept_exactly(tmp_path: Path, folder: Path, name: str) -> None:
    source = tmp_path / name
    source.write_bytes(PNG)
    assert take_in(source, folder).name == name


def test_a_name_of_bytes_that_are_no_text_is_kept(tmp_path: Path, folder: Path) -> None:
    source = tmp_path / os.fsdecode(b"\xff\xfe.png")
    source.write_bytes(PNG)
    assert os.fsencode(take_in(source, folder).name) == b"\xff\xfe.png"


def test_standard_input_is_taken_in(folder: Path) -> None:
    found = take_in(io.BytesIO(PNG), folder)
    assert (found.name, found.size) == ("(standard input)", len(PNG))
    assert found.path.read_bytes() == PNG


def test_a_stream_that_comes_in_drops_is_taken_in(folder: Path) -> None:
    class Drops(io.RawIOBase):
        left = PNG

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            drop, self.left = self.left[:7], self.left[7:]
            return drop

    found = take_in(Drops(), folder, name="dropped.png")
    assert found.identity.mime == "image/png"
    assert found.path.read_bytes() == PNG


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(data=st.binary(min_size=1, max_size=400))
def test_any_bytes_are_taken_in_or_refused_with_a_name(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "asset").unlink(missing_ok=True)
    try:
        found = take_in(io.BytesIO(data), tmp_path, name="x")
    except IntakeError as error:
        assert "looks like" in str(error)
        assert error.hint
    else:
        assert found.path.read_bytes() == data


def refusal(source: Path, folder: Path) -> str:
    with pytest.raises(IntakeError) as caught:
        take_in(source, folder)
    assert caught.value.hint
    assert caught.value.exit_code == 3
    return str(caught.value)


def test_a_folder_is_refused(tmp_path: Path, folder: Path) -> None:
    assert "a folder" in refusal(tmp_path, folder)


def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path, folder: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    assert "a pipe or device" in refusal(tmp_path / "pipe.mp4", folder)


def test_a_device_is_refused(folder: Path) -> None:
    assert "a pipe or device" in refusal(Path("/dev/zero"), folder)


def test_a_missing_file_is_refused(tmp_path: Path, folder: Path) -> None:
    assert "No such file" in refusal(tmp_path / "missing.mp4", folder)


def test_a_file_without_permission_is_refused(tmp_path: Path, folder: Path) -> None:
    source = tmp_path / "locked"
    source.write_bytes(PNG)
    source.chmod(0)
    superuser = os.geteuid() == 0
    if superuser:  # who may read everything
        os.seteuid(65534)
    try:
        assert "Permission denied" in refusal(source, folder)
    finally:
        if superuser:
            os.seteuid(0)


def test_a_name_that_cannot_be_is_refused(folder: Path) -> None:
    assert "null" in refusal(Path("a\0b"), folder)
    assert "too long" in refusal(Path("x" * 5000), folder)


def test_a_stream_that_breaks_is_refused_as_unreadable(folder: Path) -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(IntakeError, match="broken cannot be read: Input/output error"):
        take_in(Broken(), folder, name="broken")


def test_an_empty_file_is_refused(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    assert "0 bytes" in refusal(tmp_path / "empty.mp4", folder)


def test_a_file_of_another_kind_is_refused_by_what_it_looks_like(
    tmp_path: Path, folder: Path
) -> None:
    (tmp_path / "video.mp4").write_bytes(b"#EXTM3U\n/etc/passwd\n")
    assert "looks like a playlist that points elsewhere" in refusal(tmp_path / "video.mp4", folder)


def test_a_file_past_the_largest_size_is_refused_before_it_is_read(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MAX_SIZE", 1 << 40)
    source = tmp_path / "large.mp4"
    source.touch()
    os.truncate(source, (1 << 40) + 1)
    assert f"{(1 << 40) + 1} bytes" in refusal(source, folder)
    assert not list(folder.iterdir())


def test_a_stream_past_the_largest_size_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MAX_SIZE", 1000)
    with pytest.raises(IntakeError, match="past 1000 bytes"):
        take_in(io.BytesIO(PNG + bytes(2000)), folder)


def test_a_link_is_followed(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "target").write_bytes(PNG)
    (tmp_path / "link.png").symlink_to(tmp_path / "target")
    found = take_in(tmp_path / "link.png", folder)
    assert found.name == "link.png"
    assert not found.path.is_symlink()


def test_a_full_scratch_disk_is_an_error_of_intake(tmp_path: Path, folder: Path) -> None:
    source = tmp_path / "picture.png"
    source.write_bytes(PNG + bytes(1 << 20))
    program = """
import resource, sys
from pathlib import Path
from forensics.errors import IntakeError
from forensics.media.intake import take_in
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
try:
    take_in(Path(sys.argv[1]), Path(sys.argv[2]))
except IntakeError as error:
    print(error, error.hint)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, source, folder],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
    )
    assert "could not be copied to the scratch folder" in done.stdout
    assert "TMPDIR" in done.stdout
