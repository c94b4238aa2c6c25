"""Tokens and stamps in a bundle: what each shows of when a checkpoint existed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from forensics.errors import MissingCapability
from forensics.ledger.bundle import Bundle, BundleError
from forensics.ledger.opentimestamps import StampError, read_stamp
from forensics.ledger.timestamps import Chain, TimestampError, verify_token


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A token or a stamp over a checkpoint.

    Attributes:
        size: Of the checkpoint.
        name: The file in the bundle.
        at: Time by which the checkpoint existed, RFC 3339; None: not verified.
        said: What it comes to, one sentence.
    """

    size: int
    name: str
    at: str | None
    said: str


def times(bundle: Bundle, roots_pem: bytes | None) -> Iterator[Timed]:
    """Yields what each token and stamp shows.

    Raises:
        BundleError: One is none, or is over other bytes than the checkpoint beside it.
    """
    for size in bundle.sizes:
        note = bundle.note(size).encode()
        for name, token in bundle.attached(size, ".tsr"):
            yield _token(size, name, token, note, roots_pem)
        for name, data in bundle.attached(size, ".ots"):
            try:
                stamp = read_stamp(data)
            except StampError as error:
                raise BundleError(f"{name} is no OpenTimestamps proof: {error}") from error
            if stamp.algorithm == "sha256" and stamp.digest != sha256(note).digest():
                raise BundleError(f"{name} is over other bytes than the checkpoint beside it")
            yield Timed(size=size, name=name, at=None, said=f"OpenTimestamps: {stamp.state}")


def _token(size: int, name: str, token: bytes, note: bytes, roots_pem: bytes | None) -> Timed:
    try:
        stamped = verify_token(token, note, roots_pem)
    except MissingCapability as error:
        return Timed(size=size, name=name, at=None, said=f"token present, not verified: {error}")
    except TimestampError as error:
        raise BundleError(f"{name} is no time-stamp token: {error}") from error
    if not stamped.imprint:
        raise BundleError(f"{name} is over other bytes than the checkpoint beside it")
    if stamped.holds:
        return Timed(
            size=size, name=name, at=stamped.gen_time, said=f"{stamped.gen_time} by {stamped.tsa}"
        )
    why = (
        "no root certificate was given"
        if stamped.chain is Chain.NO_ROOT
        else f"its signature does not lead to the root that was given ({stamped.why})"
    )
    said = f"states {stamped.gen_time} by {stamped.tsa}; not verified: {why}"
    return Timed(size=size, name=name, at=None, said=said)
