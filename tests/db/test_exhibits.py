"""What analyses made of an original goes where the original goes."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from db import originals, redaction
from db.exhibits import exhibits, exhibits_of
from db.ledger import SqlLedger
from forensics.model import Draft, Sha256


def test_a_destroyed_original_takes_its_exhibits_along(tmp_path: Path) -> None:
    whole, view = tmp_path / "a.png", tmp_path / "view.png"
    whole.write_bytes(b"original")
    view.write_bytes(b"what an analysis drew")
    asset, shown = (Sha256(sha256(p.read_bytes()).hexdigest()) for p in (whole, view))
    subject = f"sha256:{asset}"
    stored = {"event": "stored", "sha256": asset, "size": 8}
    made = {"analysis": "x", "findings": [{"exhibits": [{"id": "view", "sha256": shown}]}]}
    path = tmp_path / "ledger.sqlite"
    with SqlLedger.open(path, origin="desk.example/t") as ledger:
        ledger.append(
            [
                Draft(type="custody", subject=subject, payload=stored),
                Draft(type="outcome", subject=subject, payload=made),
            ]
        )
        ledger.keep(whole, asset)
        ledger.keep(view, shown)
        assert originals.look_through(path).as_recorded
        with ledger.batch() as batch:
            assert exhibits(batch.connection) == {shown: {asset}}
            assert exhibits_of(batch.connection, asset) == {shown}
            batch.seal()
        redaction.redact(ledger, None, evidence=asset, reason="asked to")
        assert ledger.kept(asset) is None
        assert ledger.kept(shown) is None
    assert originals.look_through(path).as_recorded


def test_what_is_no_digest_becomes_no_path_and_another_original_stays(tmp_path: Path) -> None:
    outside, whole, other = tmp_path / "outside", tmp_path / "a", tmp_path / "b"
    for path in (outside, whole, other):
        path.write_bytes(path.name.encode())
    asset, second = (Sha256(sha256(p.read_bytes()).hexdigest()) for p in (whole, other))
    named = ["../../outside", str(outside), second]
    made = {"analysis": "x", "findings": [{"exhibits": [{"id": "v", "sha256": n} for n in named]}]}
    path = tmp_path / "ledger.sqlite"
    with SqlLedger.open(path, origin="desk.example/t") as ledger:
        ledger.append(
            [
                *(
                    Draft(
                        type="custody",
                        subject=f"sha256:{one}",
                        payload={"event": "stored", "sha256": one, "size": 1},
                    )
                    for one in (asset, second)
                ),
                Draft(type="outcome", subject=f"sha256:{asset}", payload=made),
            ]
        )
        ledger.keep(whole, asset)
        ledger.keep(other, second)
        assert originals.look_through(path).as_recorded
        redaction.redact(ledger, None, evidence=asset, reason="asked to")
        assert outside.exists()
        assert ledger.kept(second) is not None


def test_an_exhibit_that_outlived_its_original_is_told(tmp_path: Path) -> None:
    whole, view = tmp_path / "a", tmp_path / "view"
    whole.write_bytes(b"original")
    view.write_bytes(b"drawn")
    asset, shown = (Sha256(sha256(p.read_bytes()).hexdigest()) for p in (whole, view))
    subject = f"sha256:{asset}"
    made = {"analysis": "x", "findings": [{"exhibits": [{"id": "view", "sha256": shown}]}]}
    path = tmp_path / "ledger.sqlite"
    with SqlLedger.open(path, origin="desk.example/t") as ledger:
        custody = {"event": "stored", "sha256": asset, "size": 8}
        ledger.append(
            [
                Draft(type="custody", subject=subject, payload=custody),
                Draft(type="outcome", subject=subject, payload=made),
            ]
        )
        ledger.keep(whole, asset)
        redaction.redact(ledger, None, evidence=asset, reason="asked to")
        ledger.keep(view, shown)
    assert originals.look_through(path).destroyed == (shown,)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"findings": None},
        {"findings": 7},
        {"findings": "findings"},
        {"findings": {"exhibits": []}},
        {"findings": ["finding", 3, None, []]},
        {"findings": [{}, {"exhibits": None}, {"exhibits": "exhibits"}, {"exhibits": {}}]},
        {"findings": [{"exhibits": ["exhibit", 3, None, [], {}, {"sha256": ["0" * 64]}]}]},
    ],
    ids=str,
)
def test_an_outcome_whose_findings_have_another_shape_names_no_exhibit(
    tmp_path: Path, payload: dict[str, Any]
) -> None:
    asset, shown = "a" * 64, "b" * 64
    made = {"analysis": "x", "findings": [7, {"exhibits": [None, {"id": "view", "sha256": shown}]}]}
    path = tmp_path / "ledger.sqlite"
    with SqlLedger.open(path, origin="desk.example/t") as ledger:
        ledger.append(
            [
                Draft(
                    type="outcome", subject=f"sha256:{asset}", payload={"analysis": "x"} | payload
                ),
                Draft(type="outcome", subject=f"sha256:{asset}", payload=made),
            ]
        )
        with ledger.batch() as batch:
            assert exhibits(batch.connection) == {Sha256(shown): {Sha256(asset)}}
            batch.seal()
