"""Witnessing over HTTP on this machine: what is answered, and what a hostile peer may try on either side."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler

import pytest

from forensics import witnessing
from forensics.errors import LedgerError, UsageError
from forensics.ledger.witness import MAX_REQUEST, SIZE, Answer
from forensics.witnessing import ExchangeError, WitnessServer, parse_address, submit
from tests.ledger.authority import serving


@contextmanager
def witness(
    answer: Callable[[bytes], Answer], told: list[object] | None = None
) -> Iterator[WitnessServer]:
    seen: list[object] = [] if told is None else told
    with WitnessServer("127.0.0.1", 0, answer, seen.append) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def yes(data: bytes) -> Answer:
    return Answer(status=200, body=f"{len(data)}\n")


@pytest.mark.loopback
def test_the_request_goes_out_and_the_answer_comes_back() -> None:
    told: list[object] = []
    with witness(yes, told) as server:
        reply = submit(server.url, b"old 0\n")
    assert (reply.status, reply.body, reply.held) == (200, b"6\n", None)
    assert told == [yes(b"old 0\n")]


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("body", "content_type", "status", "held"),
    [
        ("17\n", SIZE, 409, 17),
        ("0\n", SIZE, 409, 0),
        ("17\n", "text/plain", 409, None),
        ("17", SIZE, 409, None),
        ("017\n", SIZE, 409, None),
        ("-1\n", SIZE, 409, None),
        ("17\n", SIZE, 200, None),
    ],
)
def test_a_size_is_one_only_where_it_is_said_to_be(
    body: str, content_type: str, status: int, held: int | None
) -> None:
    found = Answer(status=status, body=body, content_type=content_type)
    with witness(lambda _: found) as server:
        assert submit(server.url, b"x").held == held


@pytest.mark.loopback
def test_a_connection_serves_several_requests() -> None:
    with witness(yes) as server:
        connection = HTTPConnection("127.0.0.1", server.server_address[1], timeout=5)
        for size in (1, 2, 3):
            connection.request("POST", "/add-checkpoint", bytes(size))
            assert connection.getresponse().read() == b"%d\n" % size
        connection.close()


@pytest.mark.loopback
def test_a_witness_without_its_memory_answers_500_and_says_why_only_here() -> None:
    def broken(data: bytes) -> Answer:
        raise LedgerError("the disk is full at /secret")

    told: list[object] = []
    with witness(broken, told) as server:
        reply = submit(server.url, b"x")
    assert reply.status == 500
    assert b"secret" not in reply.body
    assert "secret" in str(told[0])


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("GET /add-checkpoint HTTP/1.1", 405),
        ("HEAD /add-checkpoint HTTP/1.1", 405),
        ("POST / HTTP/1.1\r\nContent-Length: 1", 404),
        ("POST /add-checkpoint/ HTTP/1.1\r\nContent-Length: 1", 404),
        ("POST /add-checkpoint HTTP/1.1", 411),
        ("POST /add-checkpoint HTTP/1.1\r\nContent-Length: -1", 411),
        ("POST /add-checkpoint HTTP/1.1\r\nContent-Length: +1", 411),
        ("POST /add-checkpoint HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked", 411),
        (f"POST /add-checkpoint HTTP/1.1\r\nContent-Length: {MAX_REQUEST + 1}", 413),
        ("nonsense", 400),
        ("POST " + "a" * 70_000 + " HTTP/1.1", 414),
    ],
    ids=lambda v: str(v)[:60],
)
def test_hostile_requests_are_refused_and_the_connection_closed(head: str, status: int) -> None:
    with witness(yes) as server, socket.create_connection(server.server_address[:2], 5) as client:
        client.sendall(f"{head}\r\nHost: w\r\n\r\n".encode())
        answer = b""
        while chunk := client.recv(65536):
            answer += chunk
    assert f" {status} ".encode() in answer.split(b"\r\n")[0]
    assert b"Python" not in answer


@pytest.mark.loopback
def test_a_body_that_ends_early_is_not_answered() -> None:
    told: list[object] = []
    with (
        witness(yes, told) as server,
        socket.create_connection(server.server_address[:2], 5) as client,
    ):
        client.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 9\r\n\r\nold")
        client.shutdown(socket.SHUT_WR)
        assert client.recv(100) == b""
    assert told == []


@pytest.mark.loopback
def test_slow_clients_are_cut_off_and_too_many_are_turned_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(witnessing, "LIFETIME", 1.0)
    before = threading.active_count()
    with witness(yes) as server, ExitStack() as clients:
        slow = [
            clients.enter_context(socket.create_connection(server.server_address[:2], 5))
            for _ in range(witnessing.TOGETHER)
        ]
        with pytest.raises(ExchangeError, match="gave no answer"):
            submit(server.url, b"x")
        for client in slow:
            assert client.recv(1) == b""
        end = time.monotonic() + 5
        while threading.active_count() > before + 1 and time.monotonic() < end:
            time.sleep(0.01)
        assert submit(server.url, b"x").status == 200


@pytest.mark.loopback
def test_an_answer_without_end_is_cut_off() -> None:
    def endless(asked: bytes, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(100):
                handler.wfile.write(bytes(1 << 16))
        except OSError:
            pass

    with serving(endless) as url, pytest.raises(ExchangeError, match="sends too much"):
        submit(url, b"x")


@pytest.mark.loopback
def test_nobody_there_is_said_with_the_other_way() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ExchangeError, match="gave no answer") as error:
        submit(f"http://127.0.0.1:{port}", b"x")
    assert "by hand" in error.value.hint


@pytest.mark.parametrize("url", ["ftp://w.example", "w.example", "", "http:///x", "file:///etc"])
def test_only_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(UsageError, match="no address of a witness"):
        submit(url, b"x")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("127.0.0.1:7380", ("127.0.0.1", 7380)),
        ("[::1]:0", ("::1", 0)),
        ("0.0.0.0:80", ("0.0.0.0", 80)),
    ],
)
def test_addresses_to_listen_at(text: str, found: tuple[str, int]) -> None:
    assert parse_address(text) == found


@pytest.mark.parametrize(
    "text", ["", ":80", "127.0.0.1", "localhost:80", "127.0.0.1:65536", "127.0.0.1:-1"]
)
def test_what_is_no_address_to_listen_at(text: str) -> None:
    with pytest.raises(UsageError, match="no address to listen at"):
        parse_address(text)


@pytest.mark.loopback
def test_another_method_is_told_in_plain_text_which_one_is_meant() -> None:
    with witness(yes) as server:
        connection = HTTPConnection("127.0.0.1", server.server_address[1], timeout=5)
        connection.request("GET", "/add-checkpoint")
        found = connection.getresponse()
        assert (found.status, found.headers["Allow"]) == (405, "POST")
        assert found.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert found.read() == b"expected POST /add-checkpoint\n"
        connection.close()
