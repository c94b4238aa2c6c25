"""A real ledger, what it hands out, and judges that we did not write, each installed by its own tool."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from db import cosigning, proving
from db.ledger import SqlLedger
from db.reading import Reader
from db.witness import SqlWitness
from forensics.ledger.note import parse_vkey
from tests.db.drafts import Clock, Entropy, received

HERE = Path(__file__).parent
PYMERKLE = ("pymerkle==6.1.0", "cachetools==5.3.1")
RFC9162 = "@transmute/rfc9162@0.0.5"
SIGSTORE_PYTHON = "sigstore==4.5.1"
THREATEXCHANGE = ("threatexchange==1.2.17", "vpdq==0.2.5")
SIGSTORE_JAVASCRIPT = "@sigstore/verify@3.1.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What a ledger handed out: its bodies, its checkpoints with their cosignatures, its keys."""

    vkey: str
    witness: str
    bodies: list[bytes]
    notes: dict[int, str]
    proofs: dict[tuple[int, int], str]
    requests: dict[tuple[int, int], str]

    def root(self, size: int) -> str:
        return self.notes[size].split("\n")[2]

    def path(self, text: str) -> list[str]:
        """The hashes of a proof or request, as they stand in it."""
        lines = text.split("\n\n", maxsplit=1)[0].split("\n")
        return [line for line in lines if " " not in line and "@" not in line]


@pytest.fixture(scope="session")
def handed(tmp_path_factory: pytest.TempPathFactory) -> Handed:
    folder = tmp_path_factory.mktemp("ledger")
    witness = SqlWitness.make(folder / "w", "w.example/one", bytes(range(32)))
    with SqlLedger.open(
        folder / "case.sqlite", origin="desk.example/case", clock=Clock(), entropy=Entropy()
    ) as ledger:
        log = parse_vkey(ledger.vkey)

        def send(request: bytes) -> tuple[int, bytes, int | None]:
            found = witness.answer(request, [log], 1_740_830_400)
            return found.status, found.body.encode(), None

        for number in range(9):
            ledger.append([received(number), received(number + 100)][: 1 + number % 2])
            cosigning.ask(ledger.path, witness.cosigner.witness, send)
        with Reader.open(ledger.path) as reader, reader.snapshot() as connection:
            bodies = [e.body for e in reader.entries(oldest_first=True, limit=1000)]
            sizes = [e.index for e in reader.entries(type="checkpoint", oldest_first=True)]
            return Handed(
                vkey=ledger.vkey,
                witness=witness.cosigner.witness.vkey,
                bodies=bodies,
                notes={size: proving.checkpoint(connection, size) for size in sizes},
                proofs={
                    (index, size): proving.prove(connection, index, size).text
                    for size in sizes
                    for index in range(size)
                },
                requests={
                    (old, size): proving.request(connection, old, size).text
                    for size in sizes
                    for old in sizes
                    if old <= size
                },
            )


Judge = Callable[[list[dict[str, Any]]], list[Any]]


@pytest.fixture(scope="session")
def go(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """golang.org/x/mod's note and tlog, of Debian's package."""
    built = tmp_path_factory.mktemp("go") / "judge"
    environment = {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": "/usr/share/gocode",
        "GOFLAGS": "",
        "GOCACHE": str(tmp_path_factory.mktemp("gocache")),
        "CGO_ENABLED": "0",
    }
    subprocess.run(
        ["go", "build", "-o", built, "main.go"], cwd=HERE / "go", env=environment, check=True
    )
    return lambda cases: _asked([str(built)], cases)


@pytest.fixture(scope="session")
def javascript(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """@transmute/rfc9162, of npm."""
    folder = _npm(tmp_path_factory, RFC9162, "check.js")
    return lambda cases: _asked(["node", str(folder / "check.js")], cases)


@pytest.fixture(scope="session")
def sigstore_javascript(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """@sigstore/verify, of npm."""
    folder = _npm(tmp_path_factory, SIGSTORE_JAVASCRIPT, "sigstore.js")
    return lambda cases: _asked(["node", str(folder / "sigstore.js")], cases)


@pytest.fixture(scope="session")
def sigstore_python(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """sigstore-python, of PyPI, with all that it needs, in a folder of its own."""
    folder = tmp_path_factory.mktemp("sigstore")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder]
    subprocess.run([*pip, SIGSTORE_PYTHON], check=True, capture_output=True, timeout=300)
    judge = [sys.executable, str(HERE / "sigstore_judge.py"), str(folder)]
    return lambda cases: _asked(judge, cases)


@pytest.fixture(scope="session")
def threatexchange(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """python-threatexchange with its extension for vPDQ, of PyPI, in a folder of its own."""
    folder = tmp_path_factory.mktemp("threatexchange")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder]
    subprocess.run([*pip, *THREATEXCHANGE], check=True, capture_output=True, timeout=600)
    judge = [sys.executable, str(HERE / "threatexchange_judge.py"), str(folder)]
    return lambda cases: _asked(judge, cases)


@pytest.fixture(scope="session")
def pymerkle(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """pymerkle, of PyPI: returns root and path, both as it makes them itself."""
    folder = tmp_path_factory.mktemp("pypi")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder]
    subprocess.run([*pip, *PYMERKLE], check=True, capture_output=True, timeout=300)
    return lambda cases: _asked([sys.executable, str(HERE / "roots.py"), str(folder)], cases)


def _npm(tmp_path_factory: pytest.TempPathFactory, package: str, script: str) -> Path:
    """Installs a package, runs none of its scripts, and puts one of ours beside it."""
    folder = tmp_path_factory.mktemp("npm")
    shutil.copy(HERE / script, folder)
    npm = ["npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run([*npm, package], check=True, capture_output=True, timeout=300)
    return folder


def _asked(command: list[str], cases: list[dict[str, Any]]) -> list[Any]:
    done = subprocess.run(
        command, input=json.dumps(cases).encode(), capture_output=True, check=True, timeout=120
    )
    results: list[Any] = json.loads(done.stdout)
    assert len(results) == len(cases) > 0
    return results


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()
