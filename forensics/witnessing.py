"""Witnessing over HTTP (C2SP tlog-witness, add-checkpoint): a server for one witness, and a client.

Both carry bytes and decide nothing: `forensics.ledger.witness` says what is answered.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from socket import AF_INET, AF_INET6, SHUT_RDWR, socket
from typing import Any, ClassVar
from urllib.parse import urlsplit

from forensics.errors import LedgerError, UsageError
from forensics.ledger.witness import MAX_REQUEST, PLAIN, SIZE, Answer

CALL = "/add-checkpoint"
SECONDS = 30.0
"""A client waits no longer for the whole exchange, a server no longer for the next bytes."""
MAX_ANSWER = 64 * 1024
"""No answer is longer than this many bytes."""
TOGETHER = 32
"""A server holds no more connections than this at the same time."""
LIFETIME = 120.0
"""Seconds after which a server ends a connection, whatever its client still does."""

_LENGTH = re.compile(r"0|[1-9][0-9]{0,9}", re.ASCII)
_SIZE = re.compile(rb"(0|[1-9][0-9]{0,15})\n")


class ExchangeError(LedgerError):
    """The witness could not be asked, or gave no usable answer; nothing was attached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a witness answered.

    Attributes:
        status: As in HTTP.
        body: At most `MAX_ANSWER` bytes.
        held: The size that it holds, where it answered with that (409).
    """

    status: int
    body: bytes
    held: int | None


def submit(url: str, request: bytes, *, seconds: float = SECONDS) -> Reply:
    """Sends a request to a witness.

    Args:
        url: The witness's submission prefix, http or https.
        request: The request's body.
        seconds: That the whole exchange may take.

    Raises:
        UsageError: The address is of another kind.
        ExchangeError: No answer, or one that is too long or too slow.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{url!r} is no address of a witness: expected http:// or https://")
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    end = time.monotonic() + seconds
    headers = {"Content-Type": PLAIN}
    connection: HTTPConnection | None = None
    try:
        connection = kind(parts.hostname, parts.port, timeout=seconds)
        connection.request("POST", parts.path.rstrip("/") + CALL, request, headers)
        answer = connection.getresponse()
        body = _bounded(answer, url, end)
    except (HTTPException, OSError, ValueError) as error:
        raise ExchangeError(
            f"the witness {url} gave no answer: {str(error) or type(error).__name__}",
            hint="Try again later; or carry the request by hand (`forensics ledger witness request`).",
        ) from error
    finally:
        if connection is not None:
            connection.close()
    held = _SIZE.fullmatch(body) if answer.getheader("Content-Type", "") == SIZE else None
    return Reply(
        status=answer.status,
        body=body,
        held=int(held[1]) if held and answer.status == 409 else None,
    )


def _bounded(answer: HTTPResponse, url: str, end: float) -> bytes:
    data = b""
    while chunk := answer.read1(1 << 16):
        data += chunk
        if len(data) > MAX_ANSWER:
            raise ExchangeError(
                f"the witness {url} sends too much: expected at most {MAX_ANSWER:,} bytes"
            )
        if time.monotonic() > end:
            raise ExchangeError(f"the witness {url} is too slow: it was still sending")
    return data


class WitnessServer(ThreadingHTTPServer):
    """Serves add-checkpoint at one address, until `shutdown`.

    Attributes:
        answer: Decides on a request's body; is called by several threads.
        told: Is called with each answer that leaves, and each error that kept one from being made.
    """

    daemon_threads = True
    request_queue_size = 2 * TOGETHER

    def __init__(
        self,
        host: str,
        port: int,
        answer: Callable[[bytes], Answer],
        told: Callable[[Answer | LedgerError], None],
    ) -> None:
        self.answer = answer
        self.told = told
        self._places = threading.BoundedSemaphore(TOGETHER)
        self.address_family = AF_INET6 if ":" in host else AF_INET
        super().__init__((host, port), _Handler)

    @property
    def url(self) -> str:
        """The submission prefix."""
        host, port = self.server_address[:2]
        name = str(host)
        return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Hands a connection to a thread; one too many is closed."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._places.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serves one connection, for no longer than `LIFETIME`."""
        last = threading.Timer(LIFETIME, _cut, [request])
        last.daemon = True
        last.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            last.cancel()
            self._places.release()

    def handle_error(self, request: socket | Any, client_address: Any) -> None:
        """A connection that broke is nobody's concern but the client's."""


def _cut(connection: socket) -> None:
    """Ends a connection whose client is too slow; it may have ended by itself."""
    with suppress(OSError):
        connection.shutdown(SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: WitnessServer
    protocol_version = "HTTP/1.1"
    server_version = "forensics-witness"
    sys_version = ""
    timeout: ClassVar[float] = SECONDS

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != CALL:
            self._refuse(404, f"expected {CALL}")
        elif not _LENGTH.fullmatch(length) or "Transfer-Encoding" in self.headers:
            self._refuse(411, "expected a Content-Length")
        elif int(length) > MAX_REQUEST:
            self._refuse(413, f"expected at most {MAX_REQUEST} bytes")
        else:
            data = self.rfile.read(int(length))
            if len(data) == int(length):
                self._answer(data)
            else:
                self.close_connection = True

    def send_error(
        self,
        code: int,
        message: str | None = None,  # noqa: ARG002 - it may repeat what the client sent
        explain: str | None = None,  # noqa: ARG002 - as the base class calls it
    ) -> None:
        """Answers in plain text what the base class would answer with a page."""
        if code == HTTPStatus.NOT_IMPLEMENTED:
            self._refuse(HTTPStatus.METHOD_NOT_ALLOWED, f"expected POST {CALL}", Allow="POST")
        else:
            if self.request_version == "HTTP/0.9":  # or nothing that could be read
                self.request_version = "HTTP/1.0"
            self._refuse(code, HTTPStatus(code).phrase)

    def _answer(self, data: bytes) -> None:
        try:
            found = self.server.answer(data)
        except LedgerError as error:
            self.server.told(error)
            self._refuse(500, "the witness cannot use its memory; nothing was cosigned")
            return
        self.server.told(found)
        self._send(found.status, found.content_type, found.body.encode("utf-8", "replace"))

    def _refuse(self, status: int, why: str, **headers: str) -> None:
        self.close_connection = True  # what the client still sends was not read
        said = f"{why}\n".encode("utf-8", "replace")
        self._send(status, PLAIN, b"" if self.command == "HEAD" else said, headers)

    def _send(
        self, status: int, content_type: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base class calls it
        """Nothing: what a client sends does not reach the terminal."""


def parse_address(text: str) -> tuple[str, int]:
    """Reads `127.0.0.1:7380` or `[::1]:7380`: an address of this machine and a port.

    Raises:
        UsageError: Not that.
    """
    host, colon, port = text.rpartition(":")
    host = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        address = str(ip_address(host))
    except ValueError:
        address = ""
    if not address or not colon or not _LENGTH.fullmatch(port) or int(port) > 65535:
        raise UsageError(
            f"{text!r} is no address to listen at: expected an IP address, a colon and a port",
            hint="For this machine only: 127.0.0.1:7380",
        )
    return address, int(port)
