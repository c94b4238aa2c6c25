"""Asking an authority over HTTP: what it answers, and what a hostile one may try."""

from __future__ import annotations

import subprocess
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from forensics.authority import ask
from forensics.errors import UsageError
from forensics.ledger.timestamps import Chain, TimestampError, query, token_in, verify_token
from tests.ledger.authority import Authority, serving

NOTE = "desk.example/case\n4\nroot\n\n— desk.example/case AAAA\n".encode()


@pytest.mark.loopback
def test_the_query_goes_out_and_the_answer_comes_back() -> None:
    seen = []

    def answer(asked: bytes, handler: BaseHTTPRequestHandler) -> bytes:
        seen.append((asked, handler.headers["Content-Type"]))
        return b"answer"

    with serving(answer) as url:
        assert ask(url, b"query") == b"answer"
    assert seen == [(b"query", "application/timestamp-query")]


@pytest.mark.loopback
def test_an_answer_without_end_is_cut_off() -> None:
    def answer(asked: bytes, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(1000):
                handler.wfile.write(bytes(1 << 16))
        except OSError:
            pass

    with serving(answer) as url, pytest.raises(TimestampError, match="sends too much"):
        ask(url, b"query")


@pytest.mark.loopback
def test_an_answer_that_drips_is_given_up() -> None:
    def answer(asked: bytes, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(40):
                handler.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            pass

    began = time.monotonic()
    with serving(answer) as url, pytest.raises(TimestampError, match="too slow"):
        ask(url, b"query", seconds=0.3)
    assert time.monotonic() - began < 5


@pytest.mark.loopback
def test_silence_is_given_up() -> None:
    def answer(asked: bytes, handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.6)

    with serving(answer) as url, pytest.raises(TimestampError, match="gave no answer"):
        ask(url, b"query", seconds=0.2)


@pytest.mark.loopback
@pytest.mark.parametrize("target", ["file:///etc/hostname", "http://127.0.0.1:9/", "ftp://x/"])
def test_an_answer_that_leads_elsewhere_is_refused(target: str) -> None:
    def answer(asked: bytes, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(307)
        handler.send_header("Location", target)
        handler.end_headers()

    with serving(answer) as url, pytest.raises(TimestampError, match="gave no answer: 307"):
        ask(url, b"query")


@pytest.mark.loopback
def test_an_error_is_told() -> None:
    def answer(asked: bytes, handler: BaseHTTPRequestHandler) -> None:
        handler.send_error(503)

    with serving(answer) as url, pytest.raises(TimestampError, match="503") as caught:
        ask(url, b"query")
    assert "--query-out" in caught.value.hint


@pytest.mark.loopback
def test_nobody_there() -> None:
    with serving(lambda asked, handler: b"") as url:
        pass
    with pytest.raises(TimestampError, match="gave no answer"):
        ask(url, b"query", seconds=2)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://tsa.example", "tsa.example", "http://"]
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(UsageError, match="expected http:// or https://"):
        ask(url, b"query")


@pytest.mark.loopback
@pytest.mark.interop
def test_an_authority_of_openssl_stamps_and_openssl_accepts_the_token(tmp_path: Path) -> None:
    authority = Authority(tmp_path / "tsa")
    with serving(lambda asked, handler: authority.reply(asked)) as url:
        token = token_in(ask(url, query(NOTE, 4242)), 4242)
    found = verify_token(token, NOTE, authority.root)
    assert found.holds
    (authority.folder / "note").write_bytes(NOTE)
    (authority.folder / "token").write_bytes(token)
    accepted = ("-verify", "-data", "note", "-in", "token", "-token_in", "-CAfile", "root.pem")
    authority.run(*accepted)
    (authority.folder / "note").write_bytes(NOTE + b"x")
    with pytest.raises(subprocess.CalledProcessError):
        authority.run(*accepted)


@pytest.mark.interop
def test_a_certificate_for_another_purpose_fails(tmp_path: Path) -> None:
    from cryptography.x509.oid import ExtendedKeyUsageOID

    other = Authority(tmp_path / "tsa")
    sealing = Authority(tmp_path / "web", purpose=ExtendedKeyUsageOID.SERVER_AUTH)
    with pytest.raises(subprocess.CalledProcessError):
        sealing.token(NOTE)  # openssl itself refuses to stamp with it
    assert verify_token(other.token(NOTE), NOTE, sealing.root).chain is Chain.FAILED
