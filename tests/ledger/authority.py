"""A time-stamping authority of the test's own: certificates made here, tokens by `openssl ts`.

`python -m tests.ledger.authority` writes `tests/vectors/ledger/timestamps.json` again.
"""

from __future__ import annotations

import base64
import json
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from forensics.ledger.timestamps import query, token_in

CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/root.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
"""
KEY_USAGE = dict.fromkeys(
    (
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "encipher_only",
        "decipher_only",
    ),
    False,
)


class Authority:
    """A root, an authority under it, and the folder that both lie in.

    Args:
        folder: For keys, certificates and the serial number.
        valid: From when to when the authority's certificate is valid, in days from now.
        purpose: What the authority's certificate is for.
    """

    def __init__(
        self,
        folder: Path,
        *,
        valid: tuple[float, float] = (-1, 30),
        purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.TIME_STAMPING,
    ) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        root = _certificate("A root of the test", root_key, None, (-4000, 4000), None)
        tsa = _certificate("An authority of the test", key, (root, root_key), valid, purpose)
        self.root = root.public_bytes(Encoding.PEM)
        (folder / "root.pem").write_bytes(self.root)
        (folder / "tsa.pem").write_bytes(tsa.public_bytes(Encoding.PEM))
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / "tsa.key").write_bytes(pem)
        (folder / "serial").write_text("1000")
        (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))

    def reply(self, asked: bytes) -> bytes:
        """Answers a query."""
        (self.folder / "query.tsq").write_bytes(asked)
        self.run("-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "reply.tsr")
        return (self.folder / "reply.tsr").read_bytes()

    def token(self, note: bytes) -> bytes:
        """Stamps a note."""
        return token_in(self.reply(query(note, None)), None)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["openssl", "ts", *arguments], cwd=self.folder, capture_output=True, check=True
        )


@contextmanager
def serving(answer: Callable[[bytes, BaseHTTPRequestHandler], bytes | None]) -> Iterator[str]:
    """Serves on loopback; `answer` returns the body, or None when it wrote the whole answer itself."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            body = answer(asked, self)
            if body is not None:
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False  # closing waits until every answer has ended
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/stamp"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None,
    valid: tuple[float, float],
    purpose: x509.ObjectIdentifier | None,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now, is_root = datetime.now(UTC), issuer is None
    signer_name, signer = (subject, key) if issuer is None else (issuer[0].subject, issuer[1])
    usage = x509.KeyUsage(
        digital_signature=not is_root, key_cert_sign=is_root, crl_sign=is_root, **KEY_USAGE
    )
    builder = (
        x509.CertificateBuilder(issuer_name=signer_name, subject_name=subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=valid[0]))
        .not_valid_after(now + timedelta(days=valid[1]))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    if purpose is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
    return builder.sign(signer, SHA256())


def vectors() -> dict[str, object]:
    """Tokens of several authorities over one note, with the roots to verify them under."""
    note = "desk.example/case\n4\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2kxq2I=\n\n— desk.example/case AAAA\n"
    with tempfile.TemporaryDirectory() as folder:
        made = {
            "brief": Authority(Path(folder, "brief"), valid=(-1, 0.01)),
            "past": Authority(Path(folder, "past"), valid=(-20, -10)),
        }
        asked = query(note.encode(), 77)
        return {
            "note": note,
            "nonce": 77,
            "authorities": {
                name: {
                    "root": authority.root.decode(),
                    "reply": base64.b64encode(authority.reply(asked)).decode(),
                }
                for name, authority in made.items()
            },
        }


if __name__ == "__main__":
    target = Path(__file__).parents[1] / "vectors/ledger/timestamps.json"
    target.write_text(json.dumps(vectors(), indent=1) + "\n")
