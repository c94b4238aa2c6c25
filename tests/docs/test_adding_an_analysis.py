"""An analysis from another package, made as the guide says, takes part in a check."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from PIL import Image

from forensics.analyses import example

GUIDE = Path(__file__).parents[2] / "docs" / "adding-an-analysis.md"


def test_a_package_of_ones_own_adds_an_analysis(tmp_path: Path) -> None:
    shown = re.search(r"```python\n(.+?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert shown
    head = Path(example.__file__).read_text("utf-8").split("class Example")[0]
    package = tmp_path / "elsewhere"
    (package / "upright-1.dist-info").mkdir(parents=True)
    (package / "upright.py").write_text(head + shown[1].replace('"example"', '"upright"'))
    (package / "upright-1.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: upright\nVersion: 1\n"
    )
    (package / "upright-1.dist-info" / "entry_points.txt").write_text(
        "[forensics.analyses]\nupright = upright:Example\n"
    )
    picture = tmp_path / "picture.png"
    Image.new("RGB", (30, 20), "teal").save(picture)
    done = subprocess.run(
        [Path(sys.executable).parent / "forensics", "check", picture, "--json"],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "PYTHONPATH": str(package),
            "FORENSICS_LEDGER": str(tmp_path / "ledger.sqlite"),
        },
        capture_output=True,
        timeout=120,
        check=False,
    )
    outcomes = {o["analysis"]: o for o in json.loads(done.stdout)["outcomes"]}
    (finding,) = outcomes["upright"]["findings"]
    assert finding["statement"] == "The first picture is 30 pixels wide and 20 high."
    assert [c["id"] for c in finding["caveats"]] == ["as-stored"]
