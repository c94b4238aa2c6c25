"""Other projects' vectors, where FORENSICS_SHARED names the folder that holds them."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import rfc8785

from forensics.ledger import ed25519, merkle, note
from forensics.ledger.canonical import CanonicalError, canonical_bytes
from tests.ledger.cases import checked, consistency, inclusion

if "FORENSICS_SHARED" in os.environ:
    VECTORS = Path(os.environ["FORENSICS_SHARED"]) / "vectors/ledger"
    REKOR = "log2025-alpha1.rekor.sigstage.dev"
    REKOR_KEY = "Pn+AREHoBaZ7wgS1zBqpxmLSGnyhxXj4lFxSdWVB8o8="

    def test_transparency_dev_inclusion() -> None:
        cases = read_all("inclusion")
        for case in cases:
            checked(case, lambda c=case: merkle.verify_inclusion(*inclusion(c, base64.b64decode)))

    def test_transparency_dev_consistency() -> None:
        cases = read_all("consistency")
        for case in cases:
            checked(
                case, lambda c=case: merkle.verify_consistency(*consistency(c, base64.b64decode))
            )

    def read_all(kind: str) -> list[dict]:
        files = sorted((VECTORS / "transparency-dev-merkle/testdata" / kind).rglob("*.json"))
        assert len(files) == 98
        return [json.loads(file.read_text()) for file in files]

    def test_tessera_checkpoints_lead_to_their_entries() -> None:
        log = VECTORS / "tessera/testdata/log"
        frontier = merkle.Frontier()
        for size in range(16):
            parsed = note.parse_note((log / f"checkpoint.{size}").read_bytes())
            checkpoint = note.parse_checkpoint(parsed.text)
            assert parsed.signatures[0].name == "example.com/log/testdata"
            if size:
                tile = (log / f"tile/0/000.p/{size}").read_bytes()
                assert len(tile) == size * 32
                frontier.add(tile[-32:])
            assert (checkpoint.size, checkpoint.root) == (size, frontier.root())

    def test_rfc_8785_texts() -> None:
        accepted = []
        for file in sorted((VECTORS / "jcs/testdata/input").iterdir()):
            want = (VECTORS / "jcs/testdata/output" / file.name).read_bytes()
            value = json.loads(file.read_text())
            assert rfc8785.dumps(value) == want, "the oracle itself"
            try:
                found = canonical_bytes(value)
            except CanonicalError:
                continue  # decimals, or keys beyond ASCII: outside our profile
            assert found == want
            accepted.append(file.name)
        assert accepted == ["arrays.json", "unicode.json"]

    def test_ed25519_edge_cases_follow_the_pinned_rule() -> None:
        file = VECTORS / "cctv-ed25519/ed25519/ed25519vectors.json"
        cases = json.loads(file.read_text())
        assert len(cases) == 914
        refused = {
            "low_order_A",
            "low_order_R",
            "non_canonical_A",
            "non_canonical_R",
            "low_order_residue",
        }
        for case in cases:
            key, signature = bytes.fromhex(case["key"]), bytes.fromhex(case["sig"])
            found = ed25519.verifies(key, signature, case["msg"].encode())
            assert found == (not refused & set(case["flags"] or [])), case["number"]

    def bundles(pattern: str) -> dict[str, dict]:
        """The entry with an inclusion proof of each sigstore bundle, by its folder."""
        found = {}
        folder = VECTORS / "sigstore-conformance/test/assets/bundle-verify"
        for file in sorted(folder.glob(f"{pattern}/bundle*.json")):
            try:
                entries = json.loads(file.read_text())["verificationMaterial"]["tlogEntries"]
            except ValueError:
                continue
            for entry in entries:
                if entry.get("inclusionProof"):
                    assert file.parent.name not in found
                    found[file.parent.name] = entry
        return found

    def test_sigstore_inclusion_proofs() -> None:
        accepted, refused = 0, set()
        for name, entry in bundles("*").items():
            proof = entry["inclusionProof"]
            try:
                merkle.verify_inclusion(
                    int(proof["logIndex"]),
                    int(proof["treeSize"]),
                    merkle.leaf_hash(base64.b64decode(entry["canonicalizedBody"])),
                    [base64.b64decode(h) for h in proof.get("hashes", [])],
                    base64.b64decode(proof["rootHash"]),
                )
                accepted += 1
            except merkle.ProofError:
                refused.add(name)
        assert accepted == 60
        assert refused == {
            "bundle-empty-certificate-chain_fail",
            "bundle-invalid-base64-signature_fail",
            "incorrect-public-key_fail",
            "inclusion-proof-corrupted-hash_fail",
            "invalid-inclusion-proof_fail",
        }

    def test_checkpoints_of_rekor_2_with_and_without_cosignatures() -> None:
        log = note.Verifier(name=REKOR, public=base64.b64decode(REKOR_KEY))
        found = bundles("rekor2-checkpoint-*")
        assert len(found) == 10
        for name, entry in found.items():
            envelope = entry["inclusionProof"]["checkpoint"]["envelope"]
            try:
                checkpoint = note.open_checkpoint(envelope, [log])
            except note.NoteError:
                assert name.endswith("_fail"), name
            else:
                assert not name.endswith("_fail"), name
                assert checkpoint.origin == REKOR
