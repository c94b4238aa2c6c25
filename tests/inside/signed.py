"""Makes files with content credentials: keys and certificates of the test's own, signed by c2pa-python."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image

CREATED = {
    "label": "c2pa.actions",
    "data": {
        "actions": [
            {
                "action": "c2pa.created",
                "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
            }
        ]
    },
}
GENERATED = json.loads(json.dumps(CREATED).replace("digitalCapture", "trainedAlgorithmicMedia"))
OPENED = {
    "label": "c2pa.actions",
    "data": {"actions": [{"action": "c2pa.opened", "parameters": {"ingredientIds": ["before"]}}]},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A signer: chain of certificates and key in PEM, and the root that it leads to."""

    chain: str
    key: str
    root: str


def identity(
    name: str = "Test Desk", *, end: datetime = datetime(2060, 1, 1, tzinfo=UTC)
) -> Identity:
    """Makes a root and a certificate under it, of the form that C2PA asks for."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = _name(f"{name} Root")
    root = (
        _builder(root_name, root_name, root_key, datetime(2070, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(sign_certificates=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    certificate = (
        _builder(_name(name), root_name, key, end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(sign_certificates=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
            critical=False,
        )
        .sign(root_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    root_text = root.public_bytes(pem).decode()
    return Identity(
        chain=certificate.public_bytes(pem).decode() + root_text,
        key=key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
        root=root_text,
    )


def picture(kind: str = "JPEG") -> bytes:
    """A small picture."""
    stream = io.BytesIO()
    Image.linear_gradient("L").resize((96, 64)).convert("RGB").save(stream, kind)
    return stream.getvalue()


def signed(
    who: Identity,
    data: bytes | None = None,
    *,
    mime: str = "image/jpeg",
    assertions: tuple[dict[str, Any], ...] = (CREATED,),
    parent: bytes | None = None,
    title: str = "made in a test",
    remote: str | None = None,
) -> bytes:
    """Returns a file with a credential, in it or kept elsewhere."""
    manifest = {
        "claim_generator_info": [{"name": "tests", "version": "1"}],
        "title": title,
        "assertions": list(assertions),
    }
    settings = {
        "verify": {"verify_after_sign": False, "remote_manifest_fetch": False, "ocsp_fetch": False}
    }
    out = io.BytesIO()
    info = c2pa.C2paSignerInfo(
        c2pa.C2paSigningAlg.ES256, who.chain.encode(), who.key.encode(), None
    )
    with (
        c2pa.Context.from_dict(settings) as context,
        c2pa.Builder(manifest, context=context) as builder,
        c2pa.Signer.from_info(info) as signer,
    ):
        if parent is not None:
            builder.add_ingredient(
                {"title": "the one before", "relationship": "parentOf", "label": "before"},
                mime,
                io.BytesIO(parent),
            )
        if remote:
            builder.set_no_embed()
            builder.set_remote_url(remote)
        builder.sign(signer, mime, io.BytesIO(data or picture()), out)
    return out.getvalue()


def _name(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        encipher_only=False,
        decipher_only=False,
    )
