"""What analyses made of an original goes where the original goes."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from db import originals, redaction
from db.exhibits import exhibits
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
            assert exhibits(batch.connection) == exhibits(batch.connection, asset) == {shown}
            batch.seal()
        redaction.redact(ledger, None, evidence=asset, reason="asked to")
        assert ledger.kept(asset) is None
        assert ledger.kept(shown) is None
    assert originals.look_through(path).as_recorded
