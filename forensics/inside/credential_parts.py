"""Manifests of content credentials as parts: what c2pa-python gives as JSON, with bounds and meanings.

Everything in them is what the signer states; the meanings say so. Source: C2PA Technical Specification 2.4,
section 18 (standard assertions).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from forensics.codec import well_formed
from forensics.inside.window import MAX_DEPTH, MAX_TEXT
from forensics.model.part import Part

MAX_VALUES: Final = 5_000
"""Values kept of all manifests of a file."""

_MEANINGS: Final = {
    "claim_generator": "the program that made the claim, as stated",
    "claim_generator_info": "the program that made the claim, as stated",
    "title": "title of the file, as stated",
    "format": "media type, as stated",
    "instance_id": "names this version of the file",
    "document_id": "names the file through its versions",
    "ingredients": "earlier files that went into this one, as stated",
    "relationship": "parentOf: it was edited; componentOf: it was placed; inputTo: it was used",
    "assertions": "statements that were signed",
    "actions": "what was done, in stored order, as stated",
    "action": "what was done",
    "digitalSourceType": "how the content came into being, as stated",
    "softwareAgent": "the program that did it, as stated",
    "when": "when, as stated",
    "signature_info": "who signed",
    "alg": "algorithm of the signature",
    "issuer": "organisation in the signer's certificate",
    "common_name": "name in the signer's certificate",
    "cert_serial_number": "serial number of the signer's certificate",
    "time": "when it was signed, by the time stamp",
    "validity": "term of the signer's certificate",
    "thumbnail": "a small picture that the credential carries",
    "validation_status": "checks that failed when the ingredient was taken in, as stated",
    "code": "which check",
    "redactions": "statements that were taken out, as stated",
}
_HARMLESS: Final = re.compile(
    r"claim_generator(_info)?|name|version|format|instance_id|document_id|relationship|label|kind|instance|alg"
    r"|claim_version|identifier|active_manifest|validation_status|code|url|hash|actions?|digitalSourceType"
    r"|softwareAgent|when|time|notBefore|notAfter|validity|specVersion|cert_serial_number|\d+"
)
_OPEN_ASSERTIONS: Final = re.compile(
    r"c2pa\.(actions|hash|ingredient|thumbnail)\b.*|cawg\.training-mining.*"
)


class Bounds:
    """How many values may still be kept."""

    def __init__(self) -> None:
        self.left = MAX_VALUES

    def keep(self) -> bool:
        """Whether one more may be kept."""
        self.left -= 1
        return self.left >= 0


def manifest_part(
    name: str, label: str, manifest: Mapping[str, Any], term: Mapping[str, Any], bounds: Bounds
) -> Part:
    """Returns one manifest as a part.

    Args:
        name: Of the part.
        label: Its label.
        manifest: As the library gives it.
        term: Of the signer's certificate: "notBefore" and "notAfter".
        bounds: Shared by all manifests of a file.
    """
    parts = []
    for key, value in manifest.items():
        if key == "assertions" and isinstance(value, list):
            parts.append(_assertions(value, bounds))
        elif key == "signature_info" and isinstance(value, dict):
            parts.append(
                _part(
                    key,
                    {**value, "validity": term} if term else value,
                    bounds,
                    depth=2,
                    personal=False,
                )
            )
        elif key != "label":
            parts.append(_part(key, value, bounds, depth=2, personal=False))
    return Part(
        name=name,
        value=_cut(label)[0],
        meaning="a signed claim, with what it states",
        parts=tuple(parts),
    )


def _assertions(values: list[Any], bounds: Bounds) -> Part:
    found = []
    for value in values:
        if not isinstance(value, dict) or not bounds.keep():
            continue
        label = str(value.get("label", "?"))
        personal = not _OPEN_ASSERTIONS.fullmatch(label)
        data = value.get("data")
        held = _part(label, data, bounds, depth=3, personal=personal, secret=personal)
        found.append(held)
    return Part(name="assertions", meaning=_MEANINGS["assertions"], parts=tuple(found))


def _part(
    name: str, value: Any, bounds: Bounds, *, depth: int, personal: bool, secret: bool = False
) -> Part:
    """Any JSON value. `secret`: everything in it may be personal, whatever it is called."""
    name = _cut(name)[0]
    personal = secret or personal or not _HARMLESS.fullmatch(name)
    meaning = _MEANINGS.get(name, "")
    if isinstance(value, dict | list):
        if depth > MAX_DEPTH:
            return Part(
                name=name,
                personal=personal,
                meaning=meaning,
                trouble="It is nested deeper than is read.",
            )
        # A holder is not personal for its name; what lies in it is judged by its own.
        inner = [
            _part(key, held, bounds, depth=depth + 1, personal=False, secret=secret)
            for key, held in _items(value)
            if bounds.keep()
        ]
        trouble = "It holds more than is kept." if bounds.left < 0 else None
        return Part(
            name=name, meaning=meaning, personal=secret, parts=tuple(inner), trouble=trouble
        )
    text, trouble = _cut(_scalar(value))
    return Part(
        name=name,
        value=value if isinstance(value, int) and not isinstance(value, bool) else text,
        meaning=meaning,
        personal=personal,
        trouble=trouble,
    )


def _items(value: dict[str, Any] | list[Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from ((str(key), held) for key, held in value.items())
    else:
        yield from ((str(number), held) for number, held in enumerate(value, 1))


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _cut(text: str) -> tuple[str, str | None]:
    if len(text) > MAX_TEXT:
        return well_formed(
            text[:MAX_TEXT]
        ), f"Only the first {MAX_TEXT} of {len(text)} characters are kept."
    return well_formed(text), None
