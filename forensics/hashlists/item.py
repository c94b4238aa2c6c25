"""One asset in a list of hashes, and the name that it gets where the list gives none.

The codes are PDQ, the quality 0 to 100, as ThreatExchange's tools write them: of a still one code, of a video
one code for each sampled picture (vPDQ).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from forensics.codec import ratio
from forensics.model import MediaKind, Sha256, Signature
from forensics.signatures.schemes import PDQ

SCHEME = PDQ
WIDTH = 32
"""Bytes in a code."""
NAMED = "forensics/hash-list-item/1"
"""First line of what the name of an item without a SHA-256 is the digest of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HashItem:
    """One asset in a list.

    Attributes:
        kind: A still or moving pictures.
        hashes: Its codes, in the order of the list; at least one.
        sha256: Of its bytes, as the list says; None where it does not.
        name: File name, as the list says; "" where it does not.
        publisher: Who published it, as the list says.
        published_at: RFC 3339 time in UTC before which it was published, as the list says.
        url: Where, as the list says.
    """

    kind: MediaKind
    hashes: tuple[Signature, ...]
    sha256: Sha256 | None = None
    name: str = ""
    publisher: str | None = None
    published_at: str | None = None
    url: str | None = None

    @property
    def subject(self) -> Sha256:
        """The name under which it is known here: that of its bytes, or one made of its codes.

        The latter is the SHA-256 of lines that end with a line feed: `forensics/hash-list-item/1`, the kind,
        and for each code, in order of time and code, the code in hexadecimal, a comma, and the time as "n/d"
        seconds. The same codes have the same name in every list.
        """
        if self.sha256 is not None:
            return self.sha256
        codes = sorted((one.time, one.code) for one in self.hashes)
        lines = [NAMED, self.kind.value]
        lines += [f"{code.hex()},{ratio(time)}" for time, code in codes]
        return Sha256(sha256("".join(f"{line}\n" for line in lines).encode("ascii")).hexdigest())
