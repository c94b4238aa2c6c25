"""Time-stamp tokens (RFC 3161) over a checkpoint: asking, reading, and verifying at the token's own time.

A token says that its authority saw the checkpoint's note no later than `gen_time`. The certificate has to be
valid then, not now: a token outlives the certificate that signed it. The bytes that are stamped are the note
as the log alone signed it (`docs/ledger-format.md`). Signatures are checked by the package `rfc3161-client`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from typing import Any

from cryptography.x509 import Certificate, load_der_x509_certificate, load_pem_x509_certificates

from forensics.errors import ForensicsError, MissingCapability
from forensics.ledger import der

MAX_TOKEN = 1 << 20
"""No answer and no token is longer than this many bytes."""

SHA2 = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
"""The hashes that a token may be over, by object identifier."""
_SHA256_DER = bytes.fromhex("0609608648016503040201")
_GRANTED = der.sequence(der.integer(0))
_CERTIFICATES = 0xA0  # [0] IMPLICIT in SignedData, RFC 5652 section 5.1
_STATUS = (
    "granted",
    "granted with changes",
    "rejected",
    "waiting",
    "warning of a revocation",
    "notice of a revocation",
)


class TimestampError(ForensicsError):
    """A time-stamp answer or token is malformed, or is not the one that was asked for."""


_SAID = re.compile(r'(?:data: "Verify error: |reason: ")([^"]+)"')
_WORDS = 300


class Chain(StrEnum):
    """Whether the authority's signature was verified up to a root certificate."""

    VERIFIED = "verified"
    NO_ROOT = "no root given"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """What a token says, and how much of it was verified.

    Attributes:
        gen_time: When the authority signed, RFC 3339 in UTC.
        serial: Number of the token with its authority, decimal.
        policy: Object identifier, "1.2.3".
        tsa: Subject of the certificate that signed, RFC 4514; "" if the token carries none.
        imprint: The token is over the given note.
        chain: How far the signature was verified, at `gen_time`.
        why: What failed; "" otherwise.
    """

    gen_time: str
    serial: str
    policy: str
    tsa: str
    imprint: bool
    chain: Chain
    why: str = ""

    @property
    def holds(self) -> bool:
        """The note existed at `gen_time`, by the word of an authority under a given root."""
        return self.imprint and self.chain is Chain.VERIFIED


def query(note: bytes, nonce: int | None) -> bytes:
    """Returns the TimeStampReq (RFC 3161 section 2.4.1) for a note: SHA-256, certificate wanted.

    Args:
        note: The exact bytes to be stamped.
        nonce: A random number that the answer has to repeat; None for a query that is carried by hand.
    """
    algorithm = der.sequence(_SHA256_DER, bytes([0x05, 0x00]))
    imprint = der.sequence(algorithm, der.value(der.OCTETS, hashlib.sha256(note).digest()))
    asked = [der.integer(1), imprint]
    if nonce is not None:
        asked.append(der.integer(nonce))
    return der.sequence(*asked, bytes([0x01, 0x01, 0xFF]))


def token_in(reply: bytes, nonce: int | None) -> bytes:
    """Returns the token of an authority's answer (TimeStampResp, RFC 3161 section 2.4.2).

    Args:
        reply: The answer.
        nonce: The number that was sent; None: none was, and any is accepted.

    Raises:
        TimestampError: Not an answer, a refusal, or an answer to another query.
    """
    response = _decode(reply)
    status = int(response.status)
    if status not in (0, 1):
        said = "; ".join(str(text) for text in response.status_string)[:500]
        named = _STATUS[status] if 0 <= status < len(_STATUS) else str(status)
        raise TimestampError(
            f"the authority gave no token: expected the status granted, found {named}"
            + (f" ({said})" if said else ""),
            hint="Ask again later, or ask another authority.",
        )
    found = _read(response)["nonce"]
    if nonce is not None and found != nonce:
        raise TimestampError(
            f"the answer is not to this query: expected the nonce {nonce}, found {found}",
            hint="Ask again; if it happens again, somebody may be replaying old answers.",
        )
    return der.value(*der.parts(der.only(reply, der.SEQUENCE))[1])


def imprinted(token: bytes) -> tuple[str, bytes]:
    """Returns (hash algorithm as an object identifier, digest) that a token is over.

    Raises:
        TimestampError: Not a token.
    """
    info = _read(_response(token))
    return info["algorithm"], info["imprint"]


def verify_token(token: bytes, note: bytes, roots_pem: bytes | None) -> Stamped:
    """Verifies a token over a note.

    Args:
        token: A TimeStampToken, DER.
        note: The exact bytes that it should be over.
        roots_pem: Certificates that are trusted, PEM; None: the signature is not verified.

    Raises:
        TimestampError: Not a token, or `roots_pem` holds no certificate.
        MissingCapability: The package that verifies tokens is not installed.
    """
    response = _response(token)
    info = _read(response)
    hash_ = SHA2.get(info["algorithm"])
    chain, why = _chain(
        response, info["imprint"], [] if roots_pem is None else read_roots(roots_pem)
    )
    return Stamped(
        gen_time=info["gen_time"],
        serial=info["serial"],
        policy=info["policy"],
        tsa=info["tsa"],
        imprint=hash_ is not None and hashlib.new(hash_, note).digest() == info["imprint"],
        chain=chain,
        why=why,
    )


def read_roots(pem: bytes) -> list[Certificate]:
    """Reads certificates in PEM form.

    Raises:
        TimestampError: There is none.
    """
    try:
        return load_pem_x509_certificates(pem)
    except ValueError as error:
        raise TimestampError(
            f"the root holds no certificate in PEM form: {error}",
            hint="Ask the authority for its root certificate, as a file that begins with BEGIN CERTIFICATE.",
        ) from error


def _chain(response: Any, imprint: bytes, roots: list[Certificate]) -> tuple[Chain, str]:
    if not roots:
        return Chain.NO_ROOT, ""
    client, why = _client(), ""
    for root in roots:  # one by one: of two roots with one name, OpenSSL may try only the wrong one
        try:
            # The imprint is compared apart, so that a failure is one of signature or certificates.
            client.VerifierBuilder(roots=[root]).build().verify(response, imprint)
        except Exception as error:  # noqa: BLE001 - whatever it stumbles over, it did not verify
            why = _words(str(error))
        else:
            return Chain.VERIFIED, ""
    return Chain.FAILED, why


def _words(error: str) -> str:
    """Returns what OpenSSL says last, which is what it comes to, without its lists of files and numbers."""
    head, stack, rest = error.partition(": ErrorStack(")
    said = _SAID.findall(rest) if stack else []
    words = f"{head}: {said[-1]}" if said else head
    return words[:_WORDS]


def _response(token: bytes) -> Any:
    """Reads a token as the answer that it came in."""
    return _decode(der.sequence(_GRANTED, token))


def _decode(reply: bytes) -> Any:
    if len(reply) > MAX_TOKEN:
        raise TimestampError(
            f"a time-stamp answer has {len(reply):,} bytes, expected at most {MAX_TOKEN:,}"
        )
    try:
        return _client().decode_timestamp_response(_ordered(reply))
    except ValueError as error:
        raise TimestampError(
            f"expected a time-stamp answer or token (RFC 3161, DER), found {len(reply)} bytes of "
            f"something else: {error}"
        ) from error


def _read(response: Any) -> dict[str, Any]:
    """Returns what the signed part of a token says."""
    try:
        info = response.tst_info
        imprint = info.message_imprint
        return {
            "gen_time": info.gen_time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "serial": str(info.serial_number),
            "policy": info.policy.dotted_string,
            "nonce": info.nonce,
            "algorithm": imprint.hash_algorithm.dotted_string,
            "imprint": bytes(imprint.message),
            "tsa": _signer(response),
        }
    except Exception as error:  # hostile certificates make the parsers raise errors of many kinds
        raise TimestampError(f"a time-stamp token cannot be read: {error}") from error


def _signer(response: Any) -> str:
    """Returns the subject of the certificate that the signature names."""
    signed = response.signed_data
    wanted = {(info.issuer, info.serial_number) for info in signed.signer_infos}
    for encoded in signed.certificates:
        certificate = load_der_x509_certificate(encoded)
        if (certificate.issuer, certificate.serial_number) in wanted:
            return certificate.subject.rfc4514_string()
    return ""


def _ordered(reply: bytes) -> bytes:
    """Puts the certificates beside a token into the order that DER asks of a SET.

    Some authorities, OpenSSL's among them, leave them unordered, and strict readers refuse that. No signature
    covers this set (RFC 5652 section 5.4).
    """
    answer = der.parts(der.only(reply, der.SEQUENCE))
    if len(answer) < 2:
        return reply
    content_info = der.parts(answer[1][1])
    if len(content_info) != 2:
        return reply
    signed = der.parts(der.only(content_info[1][1], der.SEQUENCE))
    for place, (tag, content) in enumerate(signed):
        if tag == _CERTIFICATES:
            ordered = sorted(der.value(*part) for part in der.parts(content))
            signed[place] = (tag, b"".join(ordered))
    content_info[1] = (content_info[1][0], der.sequence(der.joined(signed)))
    return der.sequence(
        der.joined([answer[0], (answer[1][0], der.joined(content_info)), *answer[2:]])
    )


def _client() -> Any:
    try:
        import rfc3161_client  # noqa: PLC0415 - only those who use tokens load it
    except ImportError as error:
        raise MissingCapability(
            "time-stamp tokens were not verified: the package rfc3161-client is not installed here",
            hint="Install it with `pip install rfc3161-client`, and run the same command again.",
        ) from error
    return rfc3161_client
