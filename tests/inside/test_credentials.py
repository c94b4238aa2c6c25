"""Content credentials: three answers apart, and nothing against a file for what the library cannot do."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

pytest.importorskip("c2pa")

from forensics.errors import ForensicsError, MediaError, NotFitting, UsageError
from forensics.inside.credential_answers import (
    EARLIER,
    MANIFEST,
    Credentials,
    Integrity,
    Signature,
    Trust,
    TrustList,
)
from forensics.inside.credentials import KeptElsewhere, judged, read_credentials, tool, trust_list
from forensics.inside.window import MAX_TEXT
from forensics.media.limits import Limits
from forensics.media.worker import Worker
from tests.inside.signed import GENERATED, OPENED, Identity, identity, picture, signed

JPEG = "image/jpeg"
Reading = Callable[..., Credentials]


@pytest.fixture(scope="module")
def desk() -> Identity:
    return identity()


@pytest.fixture(scope="module")
def stranger() -> Identity:
    return identity("Somebody Else")


@pytest.fixture(scope="module")
def plain_file(desk: Identity) -> bytes:
    return signed(desk)


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    def read(data: bytes, trusted: Identity | None = None, mime: str = JPEG) -> Credentials:
        path = tmp_path / "file"
        path.write_bytes(data)
        chosen = TrustList(name="mine", pem=trusted.root) if trusted else None
        found = read_credentials(path, mime, chosen)
        assert found is not None
        return found

    return read


def codes(found: Credentials) -> set[tuple[str, bool]]:
    return {(p.code, p.of_ingredient) for p in found.problems}


def troubled(found: Credentials) -> set[str]:
    return {p.name for p in found.part.parts if p.trouble}


def test_without_a_list_nothing_is_said_of_trust(plain_file: bytes, reading: Reading) -> None:
    found = reading(plain_file)
    assert (found.integrity, found.signature, found.trust) == (
        Integrity.FITS,
        Signature.VALID,
        Trust.NO_LIST,
    )
    assert found.trust_list is None
    assert found.holds
    assert not found.problems
    assert not found.time_stamped


def test_a_list_is_named_and_decides_trust_alone(
    plain_file: bytes, reading: Reading, desk: Identity, stranger: Identity
) -> None:
    known, unknown = reading(plain_file, desk), reading(plain_file, stranger)
    assert (known.trust, unknown.trust) == (Trust.TRUSTED, Trust.NOT_ON_LIST)
    assert known.trust_list == unknown.trust_list == "mine"
    assert known.holds
    assert unknown.holds
    assert known.part.text("signer trust") == "trusted: mine"
    assert unknown.part.text("signer trust") == "not on the list: mine"


def test_a_changed_pixel_breaks_integrity_and_nothing_else(
    plain_file: bytes, reading: Reading, desk: Identity
) -> None:
    changed = bytearray(plain_file)
    changed[-20] ^= 1
    found = reading(bytes(changed), desk)
    assert found.integrity is Integrity.DOES_NOT_FIT
    assert found.signature is Signature.VALID
    assert found.trust is Trust.TRUSTED
    assert codes(found) == {("assertion.dataHash.mismatch", False)}
    assert not found.holds
    assert troubled(found) == {"integrity"}


def test_a_changed_claim_breaks_the_signature(plain_file: bytes, reading: Reading) -> None:
    found = reading(plain_file.replace(b"made in a test", b"made in a tent"))
    assert found.signature is Signature.INVALID
    assert ("claimSignature.mismatch", False) in codes(found)
    assert "signature" in troubled(found)


def test_a_changed_statement_breaks_neither_but_is_told(
    plain_file: bytes, reading: Reading
) -> None:
    found = reading(plain_file.replace(b"digitalCapture", b"compositeCapt_"))
    assert found.integrity is Integrity.FITS
    assert found.signature is Signature.VALID
    assert codes(found) == {("assertion.hashedURI.mismatch", False)}
    assert not found.holds
    assert troubled(found) == {"problem"}


def test_an_edited_file_names_the_one_before_and_carries_its_picture(
    plain_file: bytes, reading: Reading, desk: Identity
) -> None:
    found = reading(signed(desk, assertions=(OPENED,), parent=plain_file))
    assert found.holds
    assert [t.of for t in found.thumbnails] == ["the file when it was signed", "ingredient 1"]
    assert all(t.data.startswith(b"\xff\xd8") for t in found.thumbnails)
    assert troubled(found) == set()
    names = [p.name for p in found.part.parts if p.name in {MANIFEST, EARLIER}]
    assert names == [MANIFEST, EARLIER]
    ingredient = found.part.first(MANIFEST, "ingredients", "1")
    assert ingredient is not None
    assert ingredient.text("title") == "the one before"
    assert ingredient.text("relationship") == "parentOf"


def test_what_was_wrong_with_an_ingredient_is_not_put_on_the_file(
    plain_file: bytes, reading: Reading, desk: Identity
) -> None:
    """The signer took in a file whose credential was invalid already, and says so."""
    broken = plain_file.replace(b"digitalCapture", b"compositeCapt_")
    found = reading(signed(desk, assertions=(OPENED,), parent=broken))
    assert found.holds
    assert "assertion.hashedURI.mismatch" in {p.value for p in found.part.all("code")}


def test_an_ingredient_changed_afterwards_is_told_as_such(
    plain_file: bytes, reading: Reading, desk: Identity
) -> None:
    edited = signed(desk, assertions=(OPENED,), parent=plain_file)
    found = reading(edited.replace(b"digitalCapture", b"compositeCapt_"))
    assert found.integrity is Integrity.FITS
    assert found.signature is Signature.VALID
    assert any(of_ingredient for _, of_ingredient in codes(found))
    assert not found.holds


@pytest.mark.slow
def test_an_expired_certificate_without_a_time_stamp_is_never_held_against_a_file(
    reading: Reading,
) -> None:
    soon = identity("Soon Over", end=datetime.now(UTC) + timedelta(seconds=2))
    data = signed(soon)
    before = reading(data)
    time.sleep(3)
    after = reading(data)
    assert (before.integrity, before.signature, before.trust, before.problems) == (
        after.integrity,
        after.signature,
        after.trust,
        after.problems,
    )
    assert before.part == after.part
    assert reading(data, soon).trust is Trust.EXPIRED


def test_the_certificate_and_its_term_are_shown(plain_file: bytes, reading: Reading) -> None:
    part = reading(plain_file).part
    assert part.text("signature_info", "common_name") == "Test Desk"
    assert part.text("validity", "notBefore").startswith("2020-01-01")
    assert part.text("validity", "notAfter").startswith("2060-01-01")
    assert part.text("tool") == tool()
    assert "c2pa-python" in tool()


def test_names_and_titles_are_personal_and_sources_are_not(
    desk: Identity, reading: Reading
) -> None:
    author = {"label": "stds.schema-org.CreativeWork", "data": {"author": [{"name": "A. Person"}]}}
    part = reading(signed(desk, assertions=(GENERATED, author))).part
    personal = {p.name: p.personal for _, p in part.walk() if p.value is not None}
    assert personal["common_name"]
    assert personal["title"]
    assert not personal["digitalSourceType"]
    named = list(part.all("stds.schema-org.CreativeWork", "author", "1", "name"))
    assert [p.value for p in named] == ["A. Person"]
    assert all(p.personal for p in named)


def test_hostile_text_is_kept_as_text_and_cut(desk: Identity, reading: Reading) -> None:
    title = "\x1b[2J\u202e<script>" + "x" * (MAX_TEXT + 10)
    part = reading(signed(desk, title=title)).part
    found = part.first(MANIFEST, "title")
    assert found is not None
    assert found.value == title[:MAX_TEXT]
    assert found.trouble


def test_other_formats(desk: Identity, reading: Reading) -> None:
    data = signed(desk, picture("PNG"), mime="image/png")
    assert reading(data, desk, "image/png").holds
    data = signed(desk, picture("WEBP"), mime="image/webp")
    assert reading(data, desk, "image/webp").holds


def test_a_file_without_one_has_none(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(picture())
    assert read_credentials(path, JPEG) is None


def test_a_format_that_carries_none_is_not_examined(plain_file: bytes, reading: Reading) -> None:
    with pytest.raises(NotFitting):
        reading(plain_file, mime="video/x-matroska")


def test_a_credential_that_is_kept_elsewhere_is_not_fetched(desk: Identity, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(signed(desk, remote="https://credentials.example/one.c2pa"))
    with pytest.raises(KeptElsewhere, match="nothing is fetched"):
        read_credentials(path, JPEG)


def _stored(data: bytes) -> int:
    """Where the store begins: its first JUMBF box."""
    return data.index(b"jumb") - 4


DAMAGE = {
    "box-length-zero": lambda d, at: d[:at] + bytes(4) + d[at + 4 :],
    "box-length-2-63": lambda d, at: (
        d[:at] + b"\x00\x00\x00\x01jumb" + b"\x80" + bytes(7) + d[at + 16 :]
    ),
    "cut-in-the-store": lambda d, at: d[: at + 3000],
    "unknown-claim": lambda d, at: d.replace(b"c2pa.hash.data", b"c2pa.hash.dat~"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_credential_that_cannot_be_read_is_no_accusation(
    plain_file: bytes, reading: Reading, damage: str
) -> None:
    with pytest.raises(MediaError, match=r"c2pa-rs .* cannot read") as caught:
        reading(DAMAGE[damage](plain_file, _stored(plain_file)))
    assert "nothing follows from it" in caught.value.hint
    assert "tamper" not in str(caught.value)


def test_a_picture_cut_short_is_not_said_to_carry_a_credential(tmp_path: Path) -> None:
    whole = io.BytesIO()
    Image.effect_noise((200, 100), 40).save(whole, "PNG")
    half = tmp_path / "half.png"
    half.write_bytes(whole.getvalue()[: len(whole.getvalue()) // 2])
    with pytest.raises(MediaError, match="could not be told"):
        read_credentials(half, "image/png")


def test_truncated_files_and_flipped_bytes_end_clearly(plain_file: bytes, reading: Reading) -> None:
    at = _stored(plain_file)
    _ends_clearly(plain_file[:at] + b"\xff\xff\xff\xff" + plain_file[at + 4 :], reading)
    _ends_clearly(plain_file[:at] + bytes(4000) + plain_file[at + 4000 :], reading)
    for end in range(at, at + 3000, 211):
        _ends_clearly(plain_file[:end], reading)
    for place in range(at, at + 12_000, 397):
        changed = bytearray(plain_file)
        changed[place] ^= 0xFF
        _ends_clearly(bytes(changed), reading)


def _ends_clearly(data: bytes, reading: Reading) -> None:
    try:
        found = reading(data)
    except (ForensicsError, AssertionError):  # unreadable, or none
        return
    assert found.part.first("integrity")


def read_in_worker(path: str) -> list[str]:
    """Worker task: what is read there."""
    found = read_credentials(Path(path), JPEG)
    assert found is not None
    return [found.integrity, found.signature, found.trust, str(len(found.thumbnails))]


def test_it_works_in_the_limited_worker(plain_file: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(plain_file)
    with Worker(Limits()) as worker:
        state = worker.call("forensics.media.limits:state")
        found = worker.call(f"{__name__}:read_in_worker", path=str(path))
    assert state["memory"] == Limits().memory
    assert found == ["fits", "valid", "no list given", "1"]


def test_the_path_of_a_list_reaches_the_worker(desk: Identity, tmp_path: Path) -> None:
    path = tmp_path / "mine.pem"
    path.write_text(desk.root)
    with Worker(Limits(trust_list=str(path))) as worker:
        name = worker.call(f"{__name__}:list_in_worker")
    assert name.startswith("mine.pem (SHA-256 ")


def list_in_worker() -> str:
    """Worker task: the list that is used there."""
    found = trust_list()
    assert found is not None
    return found.name


@pytest.fixture
def no_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORENSICS_TRUST_LIST", raising=False)


@pytest.mark.usefixtures("no_list")
def test_no_list_is_shipped() -> None:
    assert trust_list() is None
    assert trust_list("") is None


@pytest.mark.parametrize("content", [None, b"", b"no certificate", b"\xff\xfe"], ids=str)
def test_a_list_that_cannot_be_read_is_said_at_once(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "list.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match="trust list") as caught:
        trust_list(str(path))
    assert "PEM" in caught.value.hint


BOUND = "self#jumbf=/c2pa/one/c2pa.assertions/c2pa.hash.data"


@pytest.mark.parametrize(
    ("passed", "failed", "integrity", "partial"),
    [
        (["assertion.dataHash.match"], [], Integrity.FITS, False),
        ([], ["assertion.dataHash.mismatch"], Integrity.DOES_NOT_FIT, False),
        (
            ["assertion.dataHash.match"],
            ["assertion.dataHash.mismatch"],
            Integrity.NOT_CHECKED,
            True,
        ),
        ([], ["assertion.dataHash.malformed"], Integrity.NOT_CHECKED, False),
        ([], [], Integrity.NOT_CHECKED, False),
        (["assertion.bmffHash.match"], [], Integrity.FITS, False),
    ],
)
def test_a_hash_that_leaves_out_more_is_neither_fit_nor_misfit(
    passed: list[str], failed: list[str], integrity: Integrity, partial: bool
) -> None:
    """As the library reports it where the range left out is not that of the credential."""
    store = {
        "validation_results": {
            "activeManifest": {
                "success": [{"code": code, "url": BOUND} for code in passed],
                "failure": [{"code": code, "url": BOUND} for code in failed],
            }
        }
    }
    found = judged(store, {}, None, ())
    assert (found.integrity, found.partial) == (integrity, partial)
    assert not found.holds
    assert found.signature is Signature.NOT_CHECKED


@pytest.mark.parametrize(
    "store", [{}, {"validation_results": []}, {"manifests": {"x": 7}}], ids=str
)
def test_json_of_another_form_is_no_answer(store: dict[str, object]) -> None:
    found = judged(store, {"manifests": [3]}, None, ())
    assert found.integrity is Integrity.NOT_CHECKED
    assert found.signature is Signature.NOT_CHECKED
