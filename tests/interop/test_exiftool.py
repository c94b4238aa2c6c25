"""exiftool reads from our samples what we read, and reads what it wrote itself in the same way as we do."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from forensics.inside.read import read_file
from forensics.inside.summary import summarise
from forensics.media.identify import HEAD, identify
from tests.media.making import coded, picture

SAMPLES = Path(__file__).parents[2] / "samples"
NAMES = {
    "IFD0:Make": "Image Make",
    "IFD0:Model": "Image Model",
    "IFD0:Software": "Image Software",
    "IFD0:Orientation": "Image Orientation",
    "IFD0:ModifyDate": "Image DateTime",
    "ExifIFD:DateTimeOriginal": "EXIF DateTimeOriginal",
    "ExifIFD:CreateDate": "EXIF DateTimeDigitized",
    "ExifIFD:LensModel": "EXIF LensModel",
    "XMP-xmp:CreatorTool": "xmp:CreatorTool",
    "XMP-dc:Creator": "dc:creator",
    "XMP-photoshop:City": "photoshop:City",
    "IPTC:By-line": "IPTC By-line",
}
WRITTEN = {
    "EXIF:Make": "Maker ä",
    "EXIF:Model": "Model 5",
    "EXIF:Software": "Firmware 1.2",
    "EXIF:DateTimeOriginal": "2025:12:30 06:12:00",
    "EXIF:LensModel": "24-70mm F4",
    "XMP-xmp:CreatorTool": "Tool 1 (Windows)",
    "XMP-dc:Creator": "A. N. Other",
    "XMP-photoshop:City": "Zürich",
}

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(not shutil.which("exiftool"), reason="exiftool is not installed"),
]


def theirs(path: Path) -> dict[str, str]:
    command = ["exiftool", "-j", "-G1", "-n", str(path)]
    done = subprocess.run(command, capture_output=True, check=True)
    found: dict[str, str] = json.loads(done.stdout, parse_float=str, parse_int=str)[0]
    return {NAMES[name]: value for name, value in found.items() if name in NAMES}


def ours(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        identity = identify(file.read(HEAD))
    stated = summarise(read_file(path, identity))
    return {f.field: f.value for f in stated if f.field in NAMES.values()}


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.[jp][pn]g")), ids=lambda p: p.name)
def test_our_samples_state_the_same_to_both(path: Path) -> None:
    assert ours(path) == theirs(path)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_what_exiftool_wrote_is_read_as_it_reads_it(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"picture.{form.lower()}"
    path.write_bytes(coded(picture(), form))
    written = dict(WRITTEN)
    if form in {"JPEG", "TIFF"}:
        written["IPTC:By-line"] = "A. N. Other"
    arguments = [f"-{name}={value}" for name, value in written.items()]
    subprocess.run(["exiftool", "-q", "-overwrite_original", *arguments, str(path)], check=True)
    found = ours(path)
    assert found == theirs(path)
    assert set(written.values()) <= set(found.values())
