"""What is stored beside a checkpoint to show when it existed, and what each of these shows."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from forensics.errors import ForensicsError
from forensics.ledger.opentimestamps import Stamp, StampError, read_stamp
from forensics.ledger.timestamps import Chain, Stamped, verify_token

ANCHOR = "anchor"
"""Type of the entry that records that a token or stamp was stored."""
RFC3161 = "rfc3161"
OTS = "ots"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """One token or stamp that is stored for a checkpoint.

    Attributes:
        size: Of the checkpoint: how many entries it signs.
        kind: `RFC3161` or `OTS`.
        name: Whose it is, as it was stored.
        sha256: Of its bytes, hexadecimal; the `anchor` entry has it too.
        token: What a time-stamp token says; None for a stamp, or where it cannot be read.
        stamp: What a stamp says; None for a token, or where it cannot be read.
        trouble: Why it shows nothing; "" otherwise.
    """

    size: int
    kind: str
    name: str
    sha256: str
    token: Stamped | None = None
    stamp: Stamp | None = None
    trouble: str = ""

    @property
    def holds(self) -> bool:
        """It is a token that was verified under a given root."""
        return self.token is not None and self.token.holds

    @property
    def sentence(self) -> str:
        """What it shows, for a person."""
        these = f"the first {self.size} entries" if self.size > 1 else "the first entry"
        if self.trouble:
            return f"What {self.name} stored for {these} shows nothing: {self.trouble}."
        if self.token is not None:
            how = (
                "its signature was verified at that time under a given root"
                if self.holds
                else "its signature was not verified, as no root certificate was given"
            )
            return (
                f"{these.capitalize()} existed not after {self.token.gen_time}, by the word of "
                f"{self.token.tsa or self.name}; {how}."
            )
        state = self.stamp.state if self.stamp else ""
        return f"An OpenTimestamps stamp over {these}: {state}."


def read_anchor(
    size: int, kind: str, name: str, data: bytes, note: bytes, roots_pem: bytes | None
) -> Anchor:
    """Reads what is stored for a checkpoint, and verifies as much as can be verified offline.

    Args:
        size: Of the checkpoint.
        kind: `RFC3161` or `OTS`.
        name: Whose it is.
        data: The token or stamp.
        note: The checkpoint's note as the log alone signed it.
        roots_pem: Certificates of authorities that are trusted, PEM; None: signatures are not verified.
    """
    digest = sha256(data).hexdigest()
    try:
        if kind == OTS:
            stamp, token = check_stamp(data, note), None
            trouble = ""
        else:
            stamp, token = None, verify_token(data, note, roots_pem)
            trouble = trouble_with(token)
    except ForensicsError as error:
        stamp, token, trouble = None, None, str(error)
    return Anchor(
        size=size, kind=kind, name=name, sha256=digest, token=token, stamp=stamp, trouble=trouble
    )


def check_stamp(data: bytes, note: bytes) -> Stamp:
    """Reads a stamp that has to commit to the SHA-256 of a note.

    Raises:
        StampError: It cannot be read, or commits to something else.
    """
    stamp = read_stamp(data)
    expected = sha256(note).digest()
    if (stamp.algorithm, stamp.digest) != ("sha256", expected):
        raise StampError(
            f"the stamp is over something else: expected the SHA-256 {expected.hex()}, "
            f"found the {stamp.algorithm} {stamp.digest.hex()}"
        )
    return stamp


def trouble_with(token: Stamped) -> str:
    """Says why a token shows nothing; "" if it shows something."""
    if not token.imprint:
        return "the token is not over the checkpoint's note"
    if token.chain is Chain.FAILED:
        return f"the authority's signature does not hold under the given root: {token.why}"
    return ""
