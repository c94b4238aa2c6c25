"""What is found out about the content credentials of a file: three answers apart, and what supports them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from forensics.model.part import Part

MANIFEST: Final = "manifest"
EARLIER: Final = "earlier manifest"
"""Names of the parts that hold the manifest in force, and those of files that went into this one."""


class Integrity(StrEnum):
    """Whether the file's bytes fit the hash in the credential."""

    FITS = "fits"
    DOES_NOT_FIT = "does not fit"
    NOT_CHECKED = "not checked"


class Signature(StrEnum):
    """Whether the signature fits the claim that it signs."""

    VALID = "valid"
    INVALID = "invalid"
    NOT_CHECKED = "not checked"


class Trust(StrEnum):
    """Whether the signer's certificate leads to a trusted one."""

    TRUSTED = "trusted"
    NOT_ON_LIST = "not on the list"
    EXPIRED = "not checked: the certificate has expired, and no time stamp dates the signature"
    NO_LIST = "no list given"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustList:
    """Certificates that a person chose to trust.

    Attributes:
        name: File name and the first digits of the digest: enough to tell two lists apart.
        pem: Its text.
    """

    name: str
    pem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A check that failed.

    Attributes:
        code: Status code of the specification, section 15.2.
        label: Of the manifest or assertion that it is about, as the file names it.
        of_ingredient: It is about an earlier file that went into this one.
    """

    code: str
    label: str
    of_ingredient: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumbnail:
    """A small picture that a credential carries.

    Attributes:
        of: "ingredient 2" or "the file itself".
        mime: As the credential states it.
        data: Its bytes, unchecked.
    """

    of: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The content credentials of one file.

    Attributes:
        tool: What read them, with versions.
        integrity: See there; of the manifest that is in force, as are the next two.
        partial: The hash fits but leaves out more of the file than the credential itself.
        signature: See there.
        trust: See there.
        trust_list: Name of the list that was used; None without one.
        time_stamped: A time stamp that fits the signature says when it was there.
        problems: Checks that failed, in the order of the library, without what only says that the signer
            is on no list and without what depends on the day of reading.
        part: "C2PA": all of this, and every manifest, the one in force first.
        thumbnails: Pictures of the manifest in force.
    """

    tool: str
    integrity: Integrity
    partial: bool
    signature: Signature
    trust: Trust
    trust_list: str | None
    time_stamped: bool
    problems: tuple[Problem, ...]
    part: Part
    thumbnails: tuple[Thumbnail, ...]

    @property
    def holds(self) -> bool:
        """Whether the file fits, the signature fits, and no check failed, of ingredients included."""
        return (
            self.integrity is Integrity.FITS
            and self.signature is Signature.VALID
            and not self.problems
        )
