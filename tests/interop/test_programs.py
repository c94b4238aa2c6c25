"""Files that programs of the system write meet the rules about these programs."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.analyses.programs import MADE
from tests.analyses.test_processing_history import examine, ids
from tests.media.making import make, pattern

pytestmark = pytest.mark.interop

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="5" height="5"/></svg>'


@pytest.mark.parametrize(
    ("command", "made", "rules"),
    [
        (["convert", "in.png", "out.png"], "out.png", {"imagemagick-png"}),
        (["convert", "in.png", "out.jpg"], "out.jpg", {"libjpeg-plain"}),
        (["convert", "in.png", "-strip", "out.png"], "out.png", {"png-plain"}),
        (["rsvg-convert", "in.svg", "-o", "out.png"], "out.png", {"cairo-png"}),
        (["rsvg-convert", "-f", "pdf", "in.svg", "-o", "out.pdf"], "out.pdf", {"cairo-pdf"}),
        (
            ["gs", "-q", "-sDEVICE=pdfwrite", "-o", "out.pdf", "in.pdf"],
            "out.pdf",
            {"ghostscript-pdf"},
        ),
        (["mkvmerge", "-q", "-o", "out.mkv", "in.mkv"], "out.mkv", {"mkvmerge"}),
        (
            ["exiftool", "-q", "-o", "out.jpg", "-XMP-dc:Title=x", "in.jpg"],
            "out.jpg",
            {"exiftool-toolkit"},
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_what_a_program_writes_meets_its_rule(
    command: Sequence[str], made: str, rules: set[str], tmp_path: Path
) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed; .ci/system-packages installs it")
    (tmp_path / "in.png").write_bytes(MADE["png-plain"]())
    (tmp_path / "in.jpg").write_bytes(MADE["libjpeg-plain"]())
    (tmp_path / "in.pdf").write_bytes(MADE["skia-pdf"]())
    (tmp_path / "in.svg").write_text(DRAWING, encoding="utf-8")
    make(*pattern(1, size="64x48", rate="5"), "-c:v", "mpeg4", tmp_path / "in.mkv")
    subprocess.run(command, cwd=tmp_path, check=True, timeout=60)
    assert ids(examine(tmp_path / made)) == rules
