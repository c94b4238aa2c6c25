"""What files say of generative systems: the statements are found, and look-alikes are not."""

from __future__ import annotations

import time

import pytest

from forensics.inside.generators import (
    MAX_STATEMENTS,
    MAX_VALUE,
    Extent,
    generator_statements,
    source_type_extent,
)
from forensics.inside.window import MAX_TEXT, Window
from forensics.inside.xmp import read_xmp
from forensics.model import Part
from tests.inside.test_xmp import packet

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
A1111 = (
    "a street at night\nNegative prompt: people\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1,"
    " Size: 512x512, Model hash: 6ce0161689"
)
COMFY = '{"3": {"class_type": "KSampler", "inputs": {"seed": 1}}}'


def tree(*way: str, value: str, personal: bool = False) -> Part:
    """A file's tree with one value at the end of a way of names."""
    part = Part(name=way[-1], value=value, personal=personal)
    for name in reversed(way[:-1]):
        part = Part(name=name, parts=(part,))
    return Part(name="File", parts=(part,))


@pytest.mark.parametrize(
    ("said", "extent"),
    [
        ("trainedAlgorithmicMedia", Extent.WHOLE),
        ("compositeWithTrainedAlgorithmicMedia", Extent.PART),
        ("compositeSynthetic", Extent.PART),
        ("digitalCapture", None),
        ("algorithmicMedia", None),
        ("algorithmicallyEnhanced", None),
        ("humanEdits", None),
        ("somethingNew", None),
    ],
)
def test_a_source_type_says_how_much_was_generated(said: str, extent: Extent | None) -> None:
    assert source_type_extent(IPTC + said) is extent
    assert source_type_extent(said) is extent
    assert source_type_extent(f" {IPTC}{said}/ ") is extent


def test_only_the_vocabularies_of_iptc_and_c2pa_count() -> None:
    assert (
        source_type_extent("http://c2pa.org/digitalsourcetype/trainedAlgorithmicData")
        is Extent.WHOLE
    )
    assert source_type_extent("https://place.example/trainedAlgorithmicMedia") is None
    assert source_type_extent("not trainedAlgorithmicMedia") is None


def test_xmp_is_read_as_files_write_it() -> None:
    data = packet(
        f'<a:DigitalSourceType xmlns:a="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">{IPTC}trainedAlgorithmicMedia'
        "</a:DigitalSourceType>"
        '<a:AISystemUsed xmlns:a="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">A System</a:AISystemUsed>'
    )
    found = generator_statements(Part(name="File", parts=(read_xmp(Window.over(data)),)))
    assert [(s.extent, s.value) for s in found] == [
        (Extent.WHOLE, f"{IPTC}trainedAlgorithmicMedia"),
        (Extent.UNSAID, "A System"),
    ]
    assert found[0].field == "File / XMP / Iptc4xmpExt:DigitalSourceType"
    assert not found[0].personal


SAID = {
    "a1111": (("Text", "parameters"), A1111),
    "a1111-in-exif": (("EXIF", "EXIF", "UserComment"), A1111),
    "comfy-prompt": (("Text", "prompt"), COMFY),
    "comfy-workflow": (("Text", "workflow"), '{"last_node_id": 9, "nodes": []}'),
    "novelai": (("Text", "Comment"), '{"prompt": "x", "steps": 28, "sampler": "k_euler"}'),
    "software": (("EXIF", "Image", "Software"), "NovelAI"),
    "creator-tool": (("XMP", "xmp:CreatorTool"), "Midjourney 6"),
    "midjourney": (
        ("XMP", "dc:description", "Description"),
        "a street --v 6 Job ID: 0a1b2c3d-0a1b-4c3d-9e8f-001122334455",
    ),
    "firefly": (("C2PA", "manifest", "actions", "1", "softwareAgent"), "Adobe Firefly"),
    "agent-by-name": (("C2PA", "manifest", "actions", "1", "softwareAgent", "name"), "DALL·E 3"),
    "google": (("IPTC", "Credit"), "Made with Google AI"),
}


@pytest.mark.parametrize("case", SAID)
def test_what_generating_programs_write_is_recognised(case: str) -> None:
    way, value = SAID[case]
    (found,) = generator_statements(tree(*way, value=value, personal=True))
    assert found.extent is Extent.UNSAID
    assert found.field.endswith(way[-1])


SILENT = {
    "a parameter of something else": (("Text", "parameters"), "exposure 1/80, Steps: none"),
    "a prompt of a person": (("Text", "prompt"), "Please look at this picture."),
    "a workflow of a desk": (("Text", "workflow"), "scan, check, publish"),
    "a comment": (("Text", "Comment"), "Created with GIMP"),
    "a camera": (("EXIF", "Image", "Software"), "Ver.1.00"),
    "an editor": (("XMP", "xmp:CreatorTool"), "Adobe Photoshop 26.1"),
    "a word in a caption": (("XMP", "dc:description", "1"), "A talk about Midjourney and DALL-E."),
    "a title": (("C2PA", "manifest", "title"), "midjourney.png"),
    "a captured picture": (
        ("C2PA", "manifest", "actions", "1", "digitalSourceType"),
        f"{IPTC}digitalCapture",
    ),
    "a part of a word": (("EXIF", "Image", "Software"), "Openairport 2"),
}


@pytest.mark.parametrize("case", SILENT)
def test_look_alikes_say_nothing(case: str) -> None:
    way, value = SILENT[case]
    assert generator_statements(tree(*way, value=value)) == ()


@pytest.mark.parametrize(
    "way",
    [
        ("C2PA", "earlier manifest", "assertions", "c2pa.actions", "actions", "1"),
        ("C2PA", "manifest", "ingredients", "1"),
        ("XMP", "xmpMM:Pantry", "1"),
    ],
)
def test_what_is_said_of_an_earlier_file_is_not_put_on_this_one(way: tuple[str, ...]) -> None:
    said = tree(*way, "digitalSourceType", value="trainedAlgorithmicMedia")
    (found,) = generator_statements(said)
    assert found.of_ingredient


def test_a_persons_words_are_personal_and_cut() -> None:
    (found,) = generator_statements(tree("Text", "parameters", value=A1111 * 9, personal=True))
    assert found.personal
    assert found.value == (A1111 * 9)[:MAX_VALUE]
    (named,) = generator_statements(tree("XMP", "xmp:CreatorTool", value="x midjourney y"))
    assert named.value == "midjourney"


def test_the_same_statement_counts_once_and_there_is_an_end() -> None:
    one = Part(name="digitalSourceType", value="trainedAlgorithmicMedia")
    assert len(generator_statements(Part(name="File", parts=(one,) * 50))) == 1
    many = tuple(Part(name=f"at {n}", parts=(one,)) for n in range(100))
    assert len(generator_statements(Part(name="File", parts=many))) == MAX_STATEMENTS


@pytest.mark.parametrize(
    "text",
    ["Steps: " * 600, "Steps: " + "1" * 4000, '"class_type"' + " " * 4000, "Job ID: " * 500],
    ids=["steps", "digits", "spaces", "jobs"],
)
def test_texts_made_to_be_slow_are_not(text: str) -> None:
    started = time.monotonic()
    for name in ("parameters", "prompt", "workflow", "Comment", "Description", "Software"):
        generator_statements(tree("Text", name, value=text[:MAX_TEXT]))
    assert time.monotonic() - started < 1
