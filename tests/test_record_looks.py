"""What is kept of pictures, as entries: one for the reduced pictures, as many as needed for local codes."""

from __future__ import annotations

from base64 import b64decode
from fractions import Fraction

import pytest

from forensics import record
from forensics.model import Asset, LocalCodes, Look, MediaKind, SamplePlan

ASSET = Asset(
    sha256="a" * 64, size=1, kind=MediaKind.VIDEO, mime="video/mp4", name="x.mp4", probe=None
)
PLAN = SamplePlan(keyframes=True, every=Fraction(2), limit=400, long_side=512)


def look(number: int, codes: int, schemes: tuple[str, ...] = ("orb-grid/1",)) -> Look:
    time = Fraction(2 * number)
    local = [
        LocalCodes(
            scheme=scheme,
            time=time,
            width=512,
            height=288,
            points=bytes([number]) * 6 * codes,
            codes=bytes([number]) * 32 * codes,
        )
        for scheme in schemes
    ]
    return Look(time=time, width=512, height=288, thumbnail=b"%d" % number, local=tuple(local))


def test_nothing_kept_is_nothing_recorded() -> None:
    assert record.looked(ASSET, (), PLAN) == []


def test_reduced_pictures_are_personal_and_codes_are_joined_by_scheme() -> None:
    kept = [look(0, 2, ("sift-grid/1", "orb-grid/1")), look(1, 1, ("sift-grid/1", "orb-grid/1"))]
    pictures, orb, sift = record.looked(ASSET, kept, PLAN)
    assert pictures.type == "looks"
    assert pictures.payload["times"] == ["0/1", "2/1"]
    assert pictures.payload["sizes"] == [[512, 288]] * 2
    assert pictures.payload["plan"]["limit"] == 400
    keys = [one["commitment"] for one in pictures.payload["thumbnails"]]
    assert [b64decode(pictures.personal[key]) for key in keys] == [b"0", b"1"]
    for draft, scheme in ((orb, "orb-grid/1"), (sift, "sift-grid/1")):
        assert draft.type == "signatures"
        assert draft.personal == {}
        assert draft.payload["scheme"] == scheme
        assert "part" not in draft.payload
        assert (draft.payload["times"], draft.payload["counts"]) == (["0/1", "2/1"], [2, 1])
        assert b64decode(draft.payload["codes"]) == bytes(64) + b"\x01" * 32
        assert b64decode(draft.payload["points"]) == bytes(12) + b"\x01" * 6


def test_codes_that_are_too_many_for_one_entry_are_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "_PART", 3 * 38)
    kept = [look(i, count) for i, count in enumerate([1, 2, 1, 5, 1])]
    _, *parts = record.looked(ASSET, kept, PLAN)
    assert [part.payload["counts"] for part in parts] == [[1, 2], [1], [5], [1]]
    assert [part.payload.get("part") for part in parts] == [None, 1, 2, 3]
    joined = b"".join(b64decode(part.payload["codes"]) for part in parts)
    assert joined == b"".join(one.local[0].codes for one in kept)
