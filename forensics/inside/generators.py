"""What a file itself says of having been made, wholly or in part, by a generative system.

Only statements of the file are read: fields that standards define for it (IPTC DigitalSourceType in XMP and
in content credentials), and the settings that generating programs leave in text fields. A statement is the
file's own word, which anyone can write or remove; a file without one says nothing either way. Nothing here
looks at the picture.

Sources: IPTC NewsCodes "Digital Source Type" and Photo Metadata Standard 2025.1; C2PA Technical
Specification 2.4, section 18.16 (actions). The text fields are those that the programs write: AUTOMATIC1111's
web UI and its relatives ("parameters"), ComfyUI ("prompt", "workflow"), InvokeAI, Fooocus, NovelAI,
Midjourney.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from forensics.inside.credential_answers import EARLIER
from forensics.model.part import Part


class Extent(StrEnum):
    """How much of the content a statement is about."""

    WHOLE = "whole"
    PART = "part"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of a file that a generative system made it.

    Attributes:
        extent: How much of the content it is about.
        field: Where it stands, names joined by " / ".
        value: What it says, as stated and cut.
        of_ingredient: It is about an earlier file that went into this one.
        personal: The value may hold a person's words, such as the instruction given to the system.
    """

    extent: Extent
    field: str
    value: str
    of_ingredient: bool = False
    personal: bool = False


_EARLIER = {EARLIER, "ingredients", "xmpMM:Ingredients", "xmpMM:Pantry"}

MAX_STATEMENTS: Final = 32
MAX_VALUE: Final = 200
"""Characters kept of one value: enough to recognise it, and it stands in full in the tree."""

_SOURCE_TYPE_FIELDS = {
    "digitalSourceType",
    "Iptc4xmpExt:DigitalSourceType",
    "Iptc4xmpExt:DigitalSourcefileType",
}
_SOURCE_TYPES = {
    "trainedAlgorithmicMedia": Extent.WHOLE,
    "trainedAlgorithmicData": Extent.WHOLE,
    "compositeWithTrainedAlgorithmicMedia": Extent.PART,
    "compositeSynthetic": Extent.PART,
}
_SOURCE_TYPE = re.compile(
    r"(?:https?://(?:cv\.iptc\.org/newscodes|c2pa\.org)/digitalsourcetype/)?(\w{1,64})/?", re.ASCII
)
_NAMED_FIELDS = {
    "Iptc4xmpExt:AISystemUsed",
    "Iptc4xmpExt:AISystemVersionUsed",
    "Iptc4xmpExt:AIPromptInformation",
}
_PROGRAM_FIELDS = {
    "Software",
    "xmp:CreatorTool",
    "stEvt:softwareAgent",
    "softwareAgent",
    "claim_generator",
    "claim_generator_info",
    "photoshop:Credit",
    "Credit",
}
_PROGRAMS = re.compile(
    r"\b(midjourney|stable ?diffusion|dall[·\-\s]?e|novelai|comfyui|invokeai|fooocus|automatic1111"
    r"|adobe firefly|made with google ai|edited with google ai|openai|gpt-4o|chatgpt|ideogram"
    r"|leonardo\.ai|flux\.1|bing image creator|image creator from designer|kling ai|pika labs"
    r"|luma dream machine)\b",
    re.IGNORECASE,
)
_SETTINGS = {
    "parameters": re.compile(r"\bSteps: \d+.{0,400}\bSampler: ", re.DOTALL),
    "UserComment": re.compile(r"\bSteps: \d+.{0,400}\bSampler: ", re.DOTALL),
    "prompt": re.compile(r'"class_type"\s{0,8}:'),
    "workflow": re.compile(r'"(?:last_node_id|nodes)"\s{0,8}:'),
    "invokeai_metadata": re.compile(r"\{"),
    "sd-metadata": re.compile(r"\{"),
    "Dream": re.compile(r"."),
    "fooocus_scheme": re.compile(r"."),
    "Comment": re.compile(r'"(?:sampler|noise_schedule|uc)"\s{0,8}:'),
    "Description": re.compile(r"\bJob ID: [0-9a-f]{8}-[0-9a-f]{4}-"),
    "ImageDescription": re.compile(r"\bJob ID: [0-9a-f]{8}-[0-9a-f]{4}-"),
}
"""Text field, and what in it is of a generating program: a field of that name alone says nothing."""


def generator_statements(tree: Part) -> tuple[Statement, ...]:
    """Returns what a file states of generative systems, in the order of its tree.

    Args:
        tree: All that the file carries, or a part of it: "XMP", "C2PA", "Text", "EXIF".
    """
    found: dict[Statement, None] = {}
    for way, part in tree.walk():
        for statement in _of_part((tree.name, *way), part):
            found.setdefault(statement)
            if len(found) == MAX_STATEMENTS:
                return tuple(found)
    return tuple(found)


def source_type_extent(value: str) -> Extent | None:
    """Returns how much a DigitalSourceType says was generated; None where it says none of it was."""
    match = _SOURCE_TYPE.fullmatch(value.strip())
    return _SOURCE_TYPES.get(match[1]) if match else None


def _of_part(way: tuple[str, ...], part: Part) -> Iterator[Statement]:
    if not isinstance(part.value, str) or not part.value.strip():
        return
    # The items of an array are named "1", "2"…, a program's name may stand in "name": the name above tells.
    name = next((n for n in reversed(way) if not n.isdecimal() and n != "name"), "")
    field = " / ".join(n for n in way if n)
    value = part.value[:MAX_VALUE]
    earlier = _of_ingredient(way)
    extent: Extent | None = None
    if name in _SOURCE_TYPE_FIELDS:
        extent = source_type_extent(part.value)
    elif name in _NAMED_FIELDS or (name in _SETTINGS and _SETTINGS[name].search(part.value)):
        extent = Extent.UNSAID
    elif name in _PROGRAM_FIELDS and (match := _PROGRAMS.search(part.value[: 4 * MAX_VALUE])):
        extent, value = Extent.UNSAID, match[0]
    if extent:
        personal = part.personal and name not in {*_SOURCE_TYPE_FIELDS, *_PROGRAM_FIELDS}
        yield Statement(
            extent=extent, field=field, value=value, of_ingredient=earlier, personal=personal
        )


def _of_ingredient(way: tuple[str, ...]) -> bool:
    return not _EARLIER.isdisjoint(way)
