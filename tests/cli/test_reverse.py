"""`forensics reverse`: pictures in a folder, from a file or from what is kept."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image

from tests.cli.conftest import Program, picture


def test_pictures_are_written_for_a_file_without_any_ledger(program: Program) -> None:
    picture(program.home / "one.png")
    done = program("reverse", "one.png", "--out", "found", "--json")
    assert done.code == 0, done.err
    (one,) = json.loads(done.out)["keyframes"]
    with Image.open(program.home / one["path"]) as image:
        assert image.size == (one["width"], one["height"])
    assert not program.ledger.exists()
    shown = program("reverse", "one.png", "--out", "found", "--picture-url", "https://a.example/p")
    assert "https://tineye.com/search?url=https%3A%2F%2Fa.example%2Fp" in shown.text
    assert "Nothing was sent anywhere." in shown.text


def test_the_kept_original_of_a_known_asset_serves_and_that_is_recorded(copied: Program) -> None:
    asset = json.loads((copied.home / "first.json").read_bytes())["asset"]["sha256"]
    done = copied("reverse", asset[:10], "--out", "found", "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["asset"] == {"sha256": asset, "name": "one.png"}
    log = json.loads(copied("ledger", "log", "--type", "custody", "--json", "--limit", "1").out)
    assert "search elsewhere" in json.dumps(log)
    (kept,) = Path(copied.home).glob(f"*evidence*/*/{asset}")
    kept.chmod(0o600)
    kept.unlink()
    gone = copied("reverse", asset[:10], "--out", "found")
    assert gone.code == 2
    assert "is not kept beside this ledger" in gone.err


def test_a_file_without_pictures_is_told(program: Program) -> None:
    (program.home / "track.gpx").write_text(
        '<gpx version="1.1" creator="x"><trk><trkseg><trkpt lat="1" lon="2"/></trkseg></trk></gpx>'
    )
    done = program("reverse", "track.gpx", "--out", "found")
    assert done.code == 3
    assert "pictures" in done.err
    assert not (program.home / "found").exists()
