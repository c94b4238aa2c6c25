"""CASE/UCO, judged by the community's own validator."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from forensics.exports.caseuco import case_uco_json
from tests.report.cased import digest, report


@pytest.mark.slow
@pytest.mark.parametrize("version", ["case-1.4.0", "case-1.5.0"])
def test_the_communitys_validator_accepts_it(version: str, tmp_path: Path) -> None:
    path = tmp_path / "case.jsonld"
    path.write_bytes(case_uco_json(report("plain words")))
    program = Path(sys.executable).with_name("case_validate")
    done = subprocess.run(
        [program, "--built-version", version, path],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert "Conforms: True" in done.stdout, done.stdout[-2000:] + done.stderr[-2000:]


def test_each_name_that_is_referred_to_is_there() -> None:
    value = json.loads(case_uco_json(report()))
    text = json.dumps(value)
    there = {one["@id"] for one in value["@graph"]}
    inside = set(re.findall(r'"@id": "(kb:[^"]+)", "@type"', text))
    assert set(re.findall(r'"@id": "(kb:[^"]+)"', text)) <= there | inside


def test_each_file_carries_its_digest() -> None:
    value = json.loads(case_uco_json(report()))
    files = [one for one in value["@graph"] if one["@type"] == "uco-observable:File"]
    text = json.dumps(files)
    assert len(files) == 2
    assert digest("video") in text
    assert digest("other") in text


def test_the_same_bytes() -> None:
    assert case_uco_json(report()) == case_uco_json(report())
