"""What every test shares: no network, and one flag that makes the golden files again."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import disable_socket, socket_allow_hosts

# A machine that is busy with something else must not make a property test fail.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

GOLDEN_FLAG = "--regenerate-golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        GOLDEN_FLAG,
        action="store_true",
        default=False,
        help="write golden files from the present output instead of comparing; review the change",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Golden files are made again in one process: a page must not be read while another writes it."""
    if config.getoption(GOLDEN_FLAG):
        config.option.numprocesses = 0


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "loopback: may open sockets to 127.0.0.1 and ::1, no other")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Refuses internet sockets before any fixture runs; `loopback` tests may reach this machine.

    pytest-socket lifts the guard again after each test.
    """
    if item.get_closest_marker("loopback"):
        socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)
    else:
        disable_socket(allow_unix_socket=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """In CI a skip is a failure unless tests/skips.toml lists it with its reason."""
    if unlisted := _unlisted_skips(terminalreporter):
        terminalreporter.section("skipped without being listed in tests/skips.toml", red=True)
        for line in unlisted:
            terminalreporter.line(line)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter and _unlisted_skips(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _unlisted_skips(reporter: pytest.TerminalReporter) -> list[str]:
    listed = tomllib.loads((Path(__file__).parent / "skips.toml").read_text("utf-8"))["skip"]
    patterns = [skip["test"] for skip in listed]
    skipped = [report.nodeid for report in reporter.stats.get("skipped", [])]
    return sorted(n for n in skipped if not any(fnmatchcase(n, p) for p in patterns))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, bytes], None]:
    """Compares bytes with a golden file, or writes it when `--regenerate-golden` is given."""

    def check(path: Path, found: bytes) -> None:
        if request.config.getoption(GOLDEN_FLAG):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(found)
            return
        assert path.is_file(), f"{path.name} is missing: run pytest with {GOLDEN_FLAG}"
        want = path.read_bytes().decode()
        assert found.decode() == want, f"{path.name} differs: review, then run with {GOLDEN_FLAG}"

    return check
