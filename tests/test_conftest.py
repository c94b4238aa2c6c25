"""The guard against the network holds, and only where it should."""

import socket

import pytest
from pytest_socket import SocketBlockedError, SocketConnectBlockedError

# pytest-socket also warns; the suite turns warnings into errors.
pytestmark = pytest.mark.filterwarnings("ignore:A test tried to use:UserWarning")


@pytest.fixture(scope="module")
def early():
    """Set up before any function-scoped fixture."""
    with pytest.raises(SocketBlockedError):
        socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    return True


def test_internet_sockets_are_refused_from_the_first_fixture_on(early):
    assert early
    with pytest.raises(SocketBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_names_are_not_resolved():
    with pytest.raises(SocketBlockedError):
        socket.getaddrinfo("example.org", 80)


def test_unix_sockets_are_allowed():
    left, right = socket.socketpair()
    with left, right:
        left.sendall(b"x")
        assert right.recv(1) == b"x"


@pytest.mark.loopback
def test_a_loopback_test_reaches_this_machine_and_no_other():
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()[:2], timeout=5) as client:
            assert client.getpeername()[0] == "127.0.0.1"
        with pytest.raises(SocketConnectBlockedError):
            socket.create_connection(("192.0.2.1", 80), timeout=1)
