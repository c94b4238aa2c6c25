"""A private PostgreSQL server for the tests: its own folder, a socket in it, no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

PASSWORD = "very secret/@:"
QUOTED = "very%20secret%2F%40%3A"


@dataclass(frozen=True)
class Postgres:
    """A running server."""

    folder: Path
    numbers: Iterator[int]

    def url(self, database: str, user: str = "desk") -> str:
        return f"postgresql+psycopg://{user}:{QUOTED}@/{database}?host={self.folder}"

    def run(self, statement: str, database: str = "postgres", user: str = "desk") -> list[tuple]:
        """Runs one statement as somebody who writes SQL."""
        import psycopg

        with psycopg.connect(
            host=str(self.folder), dbname=database, user=user, password=PASSWORD, autocommit=True
        ) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def new(self) -> str:
        """Makes an empty database whose own order of text is not that of the code points."""
        name = f"case{next(self.numbers)}"
        self.run(
            f"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"
        )
        return name


def binaries() -> Path | None:
    """Returns the folder of the newest server that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


@contextmanager
def running(bin_: Path) -> Iterator[Postgres]:
    """Makes and runs a server until the end of the block; PostgreSQL refuses to run as root."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    (folder / "password").write_text(PASSWORD)
    user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        shutil.chown(folder / "password", "postgres")
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    folder.chmod(0o755)

    def do(*command: str) -> None:
        with (folder.parent / f"{folder.name}.log").open("ab") as log:
            subprocess.run(
                [*user, *command], check=True, cwd=folder, stdout=log, stderr=log, timeout=60
            )

    data = str(folder / "data")
    try:
        do(
            *(str(bin_ / "initdb"), "-D", data, "-U", "desk", "--no-sync"),
            *("--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256"),
            f"--pwfile={folder / 'password'}",
        )
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        do(str(bin_ / "pg_ctl"), "-D", data, "-w", "-o", options, "start")
        try:
            yield Postgres(folder, count())
        finally:
            do(str(bin_ / "pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        (folder.parent / f"{folder.name}.log").unlink(missing_ok=True)
