"""Where a ledger lies: a file, or a PostgreSQL server.

What is kept beside a ledger file (key, evidence, lock) is kept in a folder of this machine for a ledger on a
server. A server's password is in its URL and nowhere else: whatever is printed or recorded is `shown`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Self, TypeAlias

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from forensics.errors import LedgerError

DRIVER = "postgresql+psycopg"
HIDDEN = "***"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A ledger in a PostgreSQL database.

    Attributes:
        url: How to connect; never printed.
        beside: Stands for the ledger's file: the key and the evidence lie beside this path.
    """

    url: URL = field(repr=False)
    beside: Path

    @classmethod
    def parse(cls, text: str, folder: Path) -> Self:
        """Reads `postgresql+psycopg://user:password@host:port/database`.

        Args:
            text: The URL; `postgresql://` means the same driver.
            folder: Where the folders of ledgers on servers lie.

        Raises:
            LedgerError: It is not such a URL; the message does not repeat it, as it may hold a password.
        """
        hint = f"Expected {DRIVER}://user@host:port/database."
        try:
            url = make_url(text)
        except (ArgumentError, ValueError):
            raise LedgerError("the ledger's URL cannot be read", hint=hint) from None
        if url.drivername in {"postgresql", "postgres"}:
            url = url.set(drivername=DRIVER)
        if url.drivername != DRIVER or not url.database:
            raise LedgerError(
                f"a ledger cannot be kept under a URL of the kind {url.drivername!r}"
                if url.database
                else "the ledger's URL names no database",
                hint=hint,
            )
        where = "\n".join(str(part) for part in (_host(url), url.port or 5432, url.database))
        name = "".join(c if c.isalnum() else "-" for c in url.database)[:40]
        beside = folder / f"{name}-{sha256(where.encode()).hexdigest()[:12]}" / "ledger"
        return cls(url=url, beside=beside)

    @property
    def shown(self) -> str:
        """The URL without password and options."""
        user = f"{self.url.username}@" if self.url.username else ""
        port = f":{self.url.port}" if self.url.port else ""
        return f"{DRIVER}://{user}{_host(self.url)}{port}/{self.url.database}"

    def hide(self, text: str) -> str:
        """Takes the password out of somebody else's message."""
        for secret in (self.url.password, self.url.query.get("password")):
            if secret:
                text = text.replace(str(secret), HIDDEN)
        return text

    def __str__(self) -> str:
        return self.shown


Place: TypeAlias = Path | Server


def beside(place: Place) -> Path:
    """Returns the path that key, evidence and lock lie beside."""
    return place.beside if isinstance(place, Server) else place


def _host(url: URL) -> str:
    host = url.host or url.query.get("host") or "localhost"
    return host if isinstance(host, str) else ",".join(host)
