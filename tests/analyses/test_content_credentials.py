"""Findings on content credentials, and the verdicts that rest on them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("c2pa")

from forensics.analyses.content_credentials import ContentCredentials
from forensics.codec import plain
from forensics.context import ScratchContext
from forensics.errors import MediaError
from forensics.model import (
    Asset,
    Diagnostic,
    Direction,
    Finding,
    IntegrityPhrase,
    MediaKind,
    Outcome,
    Pillar,
    Ran,
    Sha256,
    Status,
    Verdict,
)
from forensics.model.questions import (
    FIRST_RECORDING,
    MADE_BY_GENERATOR,
    SAVED_BY_EDITOR,
    SEEN_BEFORE,
)
from forensics.running import held_to_contract
from forensics.verdict.engine import reach
from forensics.verdict.ruleset import load
from tests.inside.signed import CREATED, OPENED, Identity, identity, picture, signed

Examine = Callable[..., dict[str, Finding]]


@pytest.fixture(scope="module")
def desk() -> Identity:
    return identity()


@pytest.fixture(scope="module")
def plain_file(desk: Identity) -> bytes:
    return signed(desk)


@pytest.fixture
def examine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Examine:
    def run(data: bytes, trusted: Identity | None = None) -> dict[str, Finding]:
        monkeypatch.delenv("FORENSICS_TRUST_LIST", raising=False)
        if trusted:
            (tmp_path / "mine.pem").write_text(trusted.root)
            monkeypatch.setenv("FORENSICS_TRUST_LIST", str(tmp_path / "mine.pem"))
        (tmp_path / "asset").write_bytes(data)
        asset = Asset(
            sha256=Sha256("0" * 64),
            size=len(data),
            kind=MediaKind.IMAGE,
            mime="image/jpeg",
            name="file",
        )
        analysis = ContentCredentials()
        context = ScratchContext(asset, tmp_path, name=analysis.name, seconds=60.0)
        found = list(held_to_contract(analysis, analysis.run(asset, context)))
        assert len({f.id for f in found}) == len(found)
        return {f.id: f for f in found}

    return run


def test_without_a_credential_nothing_moves(examine: Examine) -> None:
    (found,) = examine(picture()).values()
    assert found.id == "no-credential"
    assert found.direction is Direction.NEUTRAL
    assert found.diagnostic is Diagnostic.NO


def test_a_credential_of_an_unknown_signer_is_shown_and_moves_nothing(
    examine: Examine, plain_file: bytes
) -> None:
    found = examine(plain_file)
    assert set(found) == {
        "credential",
        "credential-holds",
        "signing-not-dated",
        "actions-stated",
        "thumbnail-carried",
    }
    assert all(f.diagnostic is Diagnostic.NO for f in found.values())
    assert found["credential"].statement == (
        "The file carries a content credential. Its hash over the file: fits. Its signature: valid."
        " Its signer: no list given."
    )
    (exhibit,) = found["thumbnail-carried"].exhibits
    assert "Small picture of the file when it was signed" in exhibit.caption


def test_a_trusted_signer_is_told_with_the_list(
    examine: Examine, plain_file: bytes, desk: Identity
) -> None:
    found = examine(plain_file, desk)["credential-trusted"]
    assert found.direction is Direction.SUPPORTS_H2
    assert found.diagnostic is Diagnostic.YES
    assert "on the trust list mine.pem (SHA-256 " in found.statement


def test_an_unlisted_signer_is_not_an_invalid_one(examine: Examine, plain_file: bytes) -> None:
    found = examine(plain_file, identity("Somebody Else"))
    assert "credential-invalid" not in found
    assert found["credential-holds"].diagnostic is Diagnostic.NO
    assert "not on the list" in found["credential-holds"].statement


def test_an_invalid_credential_tells_with_its_code(
    examine: Examine, plain_file: bytes, desk: Identity
) -> None:
    changed = plain_file[:-20] + bytes([plain_file[-20] ^ 1]) + plain_file[-19:]
    found = examine(changed, desk)["credential-invalid"]
    assert found.direction is Direction.SUPPORTS_H1
    assert found.diagnostic is Diagnostic.YES
    assert "assertion.dataHash.mismatch" in found.statement
    assert "any ordinary change" in " ".join(c.text for c in found.caveats)


def test_ingredients_are_named_and_shown(
    examine: Examine, plain_file: bytes, desk: Identity
) -> None:
    found = examine(signed(desk, assertions=(OPENED,), parent=plain_file))["ingredients-stated"]
    assert [m.value for m in found.measurements] == [1, "parentOf", "the one before"]
    assert [m.personal for m in found.measurements] == [False, False, True]
    assert len(found.exhibits) == 2


def test_an_ingredient_changed_afterwards_is_told_apart(
    examine: Examine, plain_file: bytes, desk: Identity
) -> None:
    edited = signed(desk, assertions=(OPENED,), parent=plain_file)
    found = examine(edited.replace(b"digitalCapture", b"compositeCapt_"))
    assert "ingredient-invalid" in found
    assert "credential-trusted" not in found
    assert "credential-holds" not in found


def test_a_credential_that_is_kept_elsewhere_is_said(examine: Examine, desk: Identity) -> None:
    (found,) = examine(signed(desk, remote="https://credentials.example/x.c2pa")).values()
    assert found.id == "kept-elsewhere"
    assert found.diagnostic is Diagnostic.NO


def test_an_unreadable_credential_is_a_failure_and_no_finding(
    examine: Examine, plain_file: bytes
) -> None:
    with pytest.raises(MediaError, match="cannot read"):
        examine(plain_file.replace(b"c2pa.hash.data", b"c2pa.hash.dat~"))


def test_findings_repeat_byte_for_byte(examine: Examine, plain_file: bytes) -> None:
    assert plain(examine(plain_file)) == plain(examine(plain_file))


def judge(found: dict[str, Finding], *others: Finding) -> Verdict:
    outcomes = [
        Outcome(
            analysis=name,
            version=1,
            examines=(Pillar.INTEGRITY, Pillar.PROVENANCE),
            result=Ran(findings=tuple(findings)),
            viewing_aid=False,
        )
        for name, findings in (("content-credentials", found.values()), ("another", others))
    ]
    return reach(outcomes, None, load())


def provenance(verdict: Verdict) -> tuple[Status, list[str]]:
    pillar = next(p for p in verdict.pillars if p.pillar is Pillar.PROVENANCE)
    return pillar.status, [r.rule for r in pillar.reasons]


def test_provenance_is_supported_by_a_trusted_signer_only(
    examine: Examine, plain_file: bytes, desk: Identity
) -> None:
    assert provenance(judge(examine(plain_file, desk))) == (
        Status.CONSISTENT,
        ["signed-by-trusted-signer"],
    )
    stranger = identity("Somebody Else")
    for found in (examine(plain_file), examine(plain_file, stranger)):
        assert provenance(judge(found)) == (Status.UNDETERMINED, ["credential-without-trust"])
    assert provenance(judge(examine(picture())))[0] is Status.UNDETERMINED


def test_a_trusted_credential_with_earlier_files_leaves_provenance_open(
    examine: Examine, plain_file: bytes, desk: Identity
) -> None:
    found = examine(signed(desk, assertions=(OPENED,), parent=plain_file), desk)
    assert "credential-trusted" in found
    assert provenance(judge(found)) == (Status.UNDETERMINED, ["credential-names-earlier-files"])


@pytest.mark.parametrize(
    "question",
    [SEEN_BEFORE, SAVED_BY_EDITOR, FIRST_RECORDING, MADE_BY_GENERATOR],
    ids=lambda q: q.id,
)
def test_a_trusted_signer_outweighs_nothing_that_was_found(
    examine: Examine, plain_file: bytes, desk: Identity, question: object
) -> None:
    against = Finding(
        id="x",
        template="X.",
        question=question,
        direction=Direction.SUPPORTS_H1,
        diagnostic=Diagnostic.YES,
    )
    assert provenance(judge(examine(plain_file, desk), against))[0] is Status.UNDETERMINED


def test_an_invalid_credential_bears_on_integrity_and_confirms_nothing(
    examine: Examine, plain_file: bytes, desk: Identity
) -> None:
    changed = plain_file[:-20] + bytes([plain_file[-20] ^ 1]) + plain_file[-19:]
    verdict = judge(examine(changed, desk))
    assert verdict.integrity.phrase is IntegrityPhrase.INCONSISTENT
    assert [r.rule for r in verdict.integrity.reasons] == ["changed-after-signing"]
    assert provenance(verdict) == (Status.UNDETERMINED, ["credential-invalid"])


def test_a_valid_credential_alone_makes_no_original(
    examine: Examine, plain_file: bytes, desk: Identity
) -> None:
    assert judge(examine(plain_file, desk)).integrity.phrase is IntegrityPhrase.INCONCLUSIVE


def test_the_actions_are_told_in_their_order(examine: Examine, desk: Identity) -> None:
    twice = {
        "label": "c2pa.actions",
        "data": {"actions": [*CREATED["data"]["actions"], {"action": "c2pa.cropped"}]},
    }
    found = examine(signed(desk, assertions=(twice,)))["actions-stated"]
    assert found.statement == "The credential states what was done (2): c2pa.created, c2pa.cropped."
