"""`forensics check` on places as data: what is said of them, and what cannot be examined."""

from __future__ import annotations

import json

import jsonschema
import pytest

from forensics.report.document import schema
from tests.cli.conftest import Program
from tests.inside import mapped

SAID = {
    "gpx": {"software-stated", "author-stated", "dates-stated", "places-marked", "marked-times"},
    "kmz": {"software-stated", "author-stated", "places-marked", "marked-times"},
    "world-file": {"picture-laid"},
}


@pytest.mark.parametrize("form", SAID)
def test_places_are_their_authors_word(program: Program, form: str) -> None:
    (program.home / "places").write_bytes(mapped.EVERY[form])
    done = program("check", "places", "--json", "--report", "page.html")
    report = json.loads(done.out)
    jsonschema.validate(report, schema())
    assert done.code == 0
    assert report["asset"]["kind"] == "geodata"
    outcomes = {o["analysis"]: o for o in report["outcomes"]}
    assert {f["id"] for f in outcomes["metadata"]["findings"]} >= SAID[form]
    (searched,) = outcomes["earlier-copies"]["findings"]
    assert "holds no pictures and no sound" in searched["statement"]
    for name in ("container-structure", "error-level"):
        assert outcomes[name]["status"] == "not-applicable"
        assert outcomes[name]["why"].endswith("this is places as data.")
    assert all(o["status"] in {"ran", "not-applicable"} for o in report["outcomes"])
    location = report["verdict"]["pillars"]["location"]
    assert location["status"] == "undetermined"
    assert "author's word" in json.dumps(location)
