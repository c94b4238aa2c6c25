"""Asks a time-stamping authority over HTTP (RFC 3161 section 3.4): one query, one bounded answer."""

from __future__ import annotations

import time
from email.message import Message
from http.client import HTTPException, HTTPResponse
from typing import IO, NoReturn
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from forensics.errors import UsageError
from forensics.ledger.timestamps import MAX_TOKEN, TimestampError

SECONDS = 30.0
"""The whole exchange takes no longer than this."""


class _NoRedirect(HTTPRedirectHandler):
    """An answer from elsewhere is not that of the authority that was named."""

    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,  # noqa: ARG002 - as the base class calls it
        headers: Message,
        newurl: str,
    ) -> NoReturn:
        raise HTTPError(req.full_url, code, f"leads elsewhere, to {newurl}", headers, fp)


def ask(url: str, query: bytes, *, seconds: float = SECONDS) -> bytes:
    """Sends a time-stamp query and returns the answer's bytes, unverified.

    Args:
        url: Of the authority, http or https.
        query: A TimeStampReq, DER.
        seconds: That the whole exchange may take.

    Raises:
        UsageError: The address is of another kind.
        TimestampError: No answer, a refusal, or one that is too long or too slow.
    """
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise UsageError(f"{url!r} is no address of an authority: expected http:// or https://")
    headers = {
        "Content-Type": "application/timestamp-query",
        "Accept": "application/timestamp-reply",
    }
    request = Request(url, data=query, headers=headers)  # noqa: S310 - the scheme was checked
    end = time.monotonic() + seconds
    try:
        with build_opener(_NoRedirect).open(request, timeout=seconds) as answer:
            return _bounded(answer, url, end)
    except (HTTPError, URLError, HTTPException, OSError, ValueError) as error:
        said = str(error)
        if isinstance(error, HTTPError):
            said = f"{error.code} {error.reason}"
            error.close()
        raise TimestampError(
            f"the authority {url} gave no answer: {said}",
            hint="Try again later; or carry the query by hand with --query-out and --reply-in.",
        ) from error


def _bounded(answer: HTTPResponse, url: str, end: float) -> bytes:
    data = b""
    while chunk := answer.read1(1 << 16):
        data += chunk
        if len(data) > MAX_TOKEN:
            raise TimestampError(
                f"the authority {url} sends too much: expected at most {MAX_TOKEN:,} bytes"
            )
        if time.monotonic() > end:
            raise TimestampError(f"the authority {url} is too slow: it was still sending")
    return data
