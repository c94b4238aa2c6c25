"""Status codes of C2PA: what each check that failed says, and what it does not.

Source: C2PA Technical Specification 2.4, section 15.2 (success, informational and failure codes).
"""

from __future__ import annotations

from typing import Final

BINDINGS: Final = ("dataHash", "bmffHash", "boxesHash", "collectionHash", "multiAssetHash")
"""Kinds of hash over the file itself; the codes are "assertion.<kind>.match" and ".mismatch"."""

SIGNATURE_FITS: Final = "claimSignature.validated"
SIGNATURE_WRONG: Final = frozenset({"claimSignature.mismatch", "claimSignature.missing"})
TIME_STAMPED: Final = "timeStamp.validated"
TRUSTED: Final = "signingCredential.trusted"
UNTRUSTED: Final = frozenset({"signingCredential.untrusted", "timeStamp.untrusted"})

DEPENDS_ON_TODAY: Final = frozenset({"signingCredential.expired"})
"""Without a time stamp, whether a certificate has expired depends on the day on which the file is read; a
result must not. The certificate's term is shown instead."""

FAILED_CHECKS: Final = {
    **{
        f"assertion.{kind}.mismatch": "the file's bytes do not fit the hash that was signed"
        for kind in BINDINGS
    },
    "assertion.hashedURI.mismatch": "a statement in the credential does not fit the hash that was signed",
    "assertion.missing": "a statement that was signed is not there",
    "assertion.undeclared": "a statement stands in the credential that was not signed",
    "assertion.multipleHardBindings": "the credential binds itself to the file more than once",
    "claim.missing": "the claim that the signature is about is not there",
    "claim.multiple": "the credential holds several claims",
    "claim.hardBindings.missing": "nothing binds the credential to the file's bytes",
    "claimSignature.missing": "the signature is not there",
    "claimSignature.mismatch": "the signature does not fit the claim",
    "claimSignature.outsideValidity": "it was signed outside the term of the signer's certificate",
    "signingCredential.revoked": "the signer's certificate was revoked",
    "signingCredential.ocsp.revoked": "the signer's certificate was revoked",
    "ingredient.manifest.missing": "the credential of an ingredient is not there",
    "ingredient.manifest.mismatch": "the credential of an ingredient does not fit the hash that was signed",
    "ingredient.claimSignature.missing": "an ingredient's signature is not there",
    "ingredient.claimSignature.mismatch": "an ingredient's signature does not fit what was signed",
    "manifest.multipleParents": "the credential names several files as the one that was edited",
    "manifest.update.invalid": "an update of the credential changes what an update must not",
    "manifest.update.wrongParents": "an update of the credential does not name one earlier credential",
}
"""Checks whose failure tells that something was changed, added or left out after it was signed. A failure of
any other code may only say that the library and the credential are of different versions."""
