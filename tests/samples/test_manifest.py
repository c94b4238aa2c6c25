"""The sample files are those that the manifest describes."""

import hashlib
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
MANIFEST = tomllib.loads((SAMPLES / "manifest.toml").read_text(encoding="utf-8"))
FILES: list[dict[str, Any]] = MANIFEST["file"]
NOT_SAMPLES = {"make.py", "manifest.toml", "README.md"}
KEYS = {"name", "sha256", "size", "licence", "how_made", "depicts", "planted", "states", "expect"}


def test_every_file_is_listed_once() -> None:
    present = {
        path.name for path in SAMPLES.iterdir() if path.is_file() and path.name not in NOT_SAMPLES
    }
    listed = [entry["name"] for entry in FILES]
    assert sorted(listed) == sorted(present)


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: str(entry["name"]))
def test_digest_and_size_are_right(entry: dict[str, Any]) -> None:
    data = (SAMPLES / entry["name"]).read_bytes()
    assert len(data) == entry["size"]
    assert hashlib.sha256(data).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: str(entry["name"]))
def test_entry_is_complete(entry: dict[str, Any]) -> None:
    assert set(entry) == KEYS
    assert entry["licence"] == "CC0-1.0"
    assert all(isinstance(entry[key], str) and entry[key] for key in ("how_made", "depicts"))
    for key in ("planted", "states", "expect"):
        assert all(isinstance(line, str) and line for line in entry[key])
    assert entry["expect"]


def test_manifest_says_that_nothing_is_real() -> None:
    assert "show no real event" in MANIFEST["notice"]


def test_manifest_names_the_versions_that_made_the_files() -> None:
    names = {"numpy", "opencv-python-headless", "pillow", "imageio-ffmpeg", "ffmpeg", "machine"}
    assert set(MANIFEST["made_with"]) == names
    assert all(MANIFEST["made_with"].values())


def test_released_video_carries_no_trace_of_a_desktop_encoder() -> None:
    data = (SAMPLES / "released-drone-video.mp4").read_bytes()
    for trace in (b"Lavf", b"Lavc", b"x264"):
        assert trace not in data


@pytest.mark.slow
def test_files_come_out_byte_for_byte() -> None:
    done = subprocess.run(
        [sys.executable, str(SAMPLES / "make.py"), "--check"],
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
