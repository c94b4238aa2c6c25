"""What a file carries, for a terminal and as JSON: calm, whole, and harmless whatever the file says."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource
from rich.console import Console

from forensics.errors import ForensicsError
from forensics.inside.summary import summarise
from forensics.inspection import Inspection
from forensics.model import MediaKind, Part, Sha256, Tool
from forensics.report import compared, inspected, tree
from forensics.report.document import refusal, schema, to_jsonl
from forensics.report.html import render_html
from tests.report import made

TOOL = Tool(name="forensics", version="1", decoder="ffmpeg 1", libraries={"av": "1"})


def part(name: str, *parts: Part, **more: Any) -> Part:
    return Part(name=name, parts=parts, **more)


def picture(make: str = "Maker", *extra: Part) -> Part:
    image = part(
        "Image",
        part("Make", value=make, at=100, size=6),
        part("Orientation", value=6, meaning="Turned by 90°", at=120, size=2),
        at=38,
        size=230,
    )
    tables = (
        part("DQT", at=200 + n, size=67, trouble="It is cut off." if n == 7 else None)
        for n in range(9)
    )
    app1 = part("APP1", part("EXIF", image), at=2, size=1_234_567)
    jpeg = part("JPEG", part("SOI", at=0, size=2), app1, *extra, *tables, meaning="8 × 8 pixels")
    return part("File", jpeg, at=0, size=1_300_000)


def inspection(found: Part, name: str = "picture.jpg", digit: str = "0") -> Inspection:
    return Inspection(
        name=name,
        size=1_300_000,
        kind=MediaKind.IMAGE,
        mime="image/jpeg",
        label="JPEG picture",
        sha256=Sha256(digit * 64),
        blake2b=digit * 128,
        stated=summarise(found),
        tree=found,
    )


def printed(render: Callable[[Console], None], width: int = 80) -> str:
    out = io.StringIO()
    render(Console(file=out, width=width, color_system=None))
    return out.getvalue()


def inspected_text(found: Part, width: int = 80, *, whole: bool = False) -> str:
    return printed(lambda c: inspected.render_inspection(inspection(found), c, whole=whole), width)


def compared_text(a: Part, b: Part, width: int = 80, *, whole: bool = False) -> str:
    one, other = inspection(a), inspection(b, "other.jpg", "1")
    return printed(lambda c: compared.render_comparison(one, other, c, whole=whole), width)


def validator(name: str) -> Draft202012Validator:
    known = [schema(n) for n in ("report-1", "inspect-1", "compare-1")]
    registry: Registry[Any] = Registry().with_resources(
        (s["$id"], Resource.from_contents(s)) for s in known
    )
    Draft202012Validator.check_schema(schema(name))
    return Draft202012Validator(schema(name), registry=registry)


@pytest.mark.parametrize("width", [60, 80])
def test_the_text_fits_the_terminal_and_ends_where_it_ends(width: int) -> None:
    for text in (
        inspected_text(picture(), width),
        compared_text(picture(), picture("Other", part("COM", value="x" * 300)), width),
    ):
        lines = text.splitlines()
        assert all(len(line) <= width for line in lines)
        assert all(line == line.rstrip() for line in lines)


def test_first_what_it_is_then_what_it_states_then_what_is_wrong_then_all() -> None:
    text = inspected_text(picture())
    order = [
        "picture.jpg",
        "SHA-256",
        "What it states",
        "Maker",
        "What is wrong",
        "DQT: ",
        "offset",
    ]
    places = [text.index(word) for word in order]
    assert places == sorted(places)
    assert "0" * 64 in text


def test_what_may_name_or_locate_a_person_is_marked_in_words() -> None:
    image = part("Image", part("Make", value="Maker"), part("Artist", value="Jo", personal=True))
    extent = part("Extent", personal=True)
    text = inspected_text(part("File", part("JPEG", part("EXIF", image), extent)))
    lines = [line.split() for line in text.splitlines()]
    assert ["Credits", "author", "Jo", "[Image", "Artist]", "(personal)"] in lines
    assert ["Artist", "Jo", "(personal)"] in lines
    assert ["Extent", "(personal)"] in lines
    assert not any("Maker" in line and "(personal)" in line for line in lines)


def credential(signature: str, trouble: str | None) -> Part:
    return part(
        "C2PA",
        part("integrity", value="fits"),
        part("signature", value=signature, trouble=trouble),
    )


def test_our_answers_on_a_credential_are_not_called_the_files_own_word() -> None:
    found = part("File", picture().parts[0], credential("invalid", "The signature does not fit."))
    text = inspected_text(found)
    stated, checked = text.index("What it states\n"), text.index("What checking its credential")
    own = text.index("What it states is the file's own word")
    assert stated < own < checked < text.index("What is wrong with it")
    assert "invalid" not in text[stated:checked]
    assert "C2PA › signature: The signature does not fit." in text
    alone = inspected_text(part("File", credential("valid", None)))
    assert "Nothing of its device, dates" in alone
    assert "own word" not in alone
    page = render_html(replace(made.still(), carried=found))
    assert page.index("own word") < page.index("What checking its credential came to")
    assert "<caption>What checking its credential came to</caption>" in page


def test_long_lists_are_folded_and_trouble_is_not() -> None:
    text = inspected_text(picture())
    assert "… 5 more parts named DQT" in text
    assert text.count("It is cut off.") == 2
    assert "207" in text
    whole = inspected_text(picture(), whole=True)
    assert "more part" not in whole
    assert sum(line.split()[2:3] == ["DQT"] for line in whole.splitlines()) == 9


def test_nothing_is_lost_by_folding() -> None:
    wide = part("File", part("X", *(part(f"n{n}", value=n) for n in range(500))))
    rows = list(tree.rows(wide.parts[0]))
    shown = sum(row.part is not None for row in rows)
    assert shown == tree.MOST
    assert rows[-1].said == f"… {500 - tree.MOST} more parts"
    assert sum(1 for row in tree.rows(wide.parts[0], whole=True)) == 500


def test_a_file_that_states_nothing_says_so() -> None:
    text = inspected_text(part("File", part("BMP")))
    assert "Nothing of its device, dates, place, programs or people." in text
    assert "What is wrong" not in text


NASTY = "\x1b[31m\u202e\u2066<script>&\"'\r\n\x00\u200b"
TEXTS = st.text(max_size=30) | st.just(NASTY)
TREES = st.recursive(
    st.builds(
        lambda n, v, m, t: Part(name=n, value=v, meaning=m, trouble=t, at=1, size=2),
        TEXTS,
        TEXTS | st.integers() | st.none(),
        TEXTS,
        TEXTS | st.none(),
    ),
    lambda inner: st.builds(
        lambda n, p: Part(name=n, parts=tuple(p)), TEXTS, st.lists(inner, max_size=5)
    ),
    max_leaves=12,
)


@settings(max_examples=25)
@given(TREES, TREES)
def test_nothing_from_a_file_reaches_the_terminal_unescaped(a: Part, b: Part) -> None:
    for text in (inspected_text(a), compared_text(a, b), compared_text(a, b, whole=True)):
        assert not [c for c in text if c != "\n" and category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]


@settings(max_examples=25)
@given(TREES)
def test_nothing_from_a_file_reaches_the_page_unescaped(found: Part) -> None:
    page = render_html(replace(made.still(), carried=found))
    for hidden in ("<script>&", "\x1b", "\u202e", "\u2066", "\u200b"):
        assert hidden not in page


def test_the_page_shows_the_tree_folded() -> None:
    page = render_html(replace(made.still(), carried=picture()))
    assert '<details class="tree">' in page
    assert "It is cut off." in page
    assert "… 5 more parts named DQT" in page
    assert 'href="#carried"' in page
    assert 'id="carried"' not in render_html(made.still())


@settings(max_examples=25)
@given(TREES)
def test_json_follows_its_schema_and_has_everything(found: Part) -> None:
    data = json.loads(inspected.to_json(inspection(found), TOOL))
    validator("inspect-1").validate(data)
    assert count(data["tree"], "parts") == 1 + sum(1 for _ in found.walk())


def count(value: dict[str, Any], inner: str) -> int:
    return 1 + sum(count(part, inner) for part in value.get(inner, ()))


@settings(max_examples=25)
@given(TREES, TREES)
def test_a_comparison_follows_its_schema(a: Part, b: Part) -> None:
    data = json.loads(compared.to_json(inspection(a), inspection(b), TOOL))
    validator("compare-1").validate(data)


def track(number: int, kind: str, digest: str) -> Part:
    return part(f"Stream {number}", part("coded-sha256/1", value=digest), value=kind)


def test_a_comparison_says_which_tracks_are_the_same_in_another_wrapper() -> None:
    a = part("File", part("MP4"), part("Streams", track(0, "video", "aa"), track(1, "audio", "bb")))
    b = part("File", part("MKV"), part("Streams", track(0, "audio", "bb"), track(1, "video", "aa")))
    text = compared_text(a, b, 100)
    scheme = "(coded-sha256/1)."
    assert f"Stream 0 of A, Stream 1 of B: the same pictures, in another wrapper {scheme}" in text
    assert f"Stream 1 of A, Stream 0 of B: the same sound, in another wrapper {scheme}" in text
    data = json.loads(compared.to_json(inspection(a), inspection(b, digit="1"), TOOL))
    validator("compare-1").validate(data)
    assert [(s["type"], s["a"], s["b"], s["digest"]) for s in data["same_streams"]] == [
        ("video", "Stream 0", "Stream 1", "aa"),
        ("audio", "Stream 1", "Stream 0", "bb"),
    ]
    assert "another wrapper" not in compared_text(a, picture())


ENDS = "a\u2028b\u2029c\x85d\\\u2028e\x0b\x0c\x1c\x1d\x1ef"


def test_a_document_on_one_line_is_one_line_for_every_reader() -> None:
    found = inspection(part("File", part("COM", value=ENDS)), name=ENDS)
    line = inspected.to_json(found, TOOL, line=True)
    assert len(line.decode().splitlines()) == 1
    assert json.loads(line) == json.loads(inspected.to_json(found, TOOL))
    refused = refusal(ENDS, ForensicsError(ENDS), line=True)
    assert len(refused.decode().splitlines()) == 1
    assert json.loads(refused)["name"] == ENDS
    report = made.still()
    named = to_jsonl(replace(report, asset=replace(report.asset, name=ENDS)))
    assert len(named.decode().splitlines()) == 1
    assert json.loads(named)["asset"]["name"] == ENDS


@pytest.mark.parametrize("name", ["inspect-1", "compare-1"])
def test_the_way_of_validating_that_the_page_shows_works(name: str, tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "inspecting.md"
    (shown,) = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    one, other = inspection(picture()), inspection(picture("Other"), digit="1")
    data = {
        "inspect-1": inspected.to_json(one, TOOL),
        "compare-1": compared.to_json(one, other, TOOL),
    }[name]
    (tmp_path / "found.json").write_bytes(data)
    place = f'open("{tmp_path / "found.json"}", "rb")'
    run = shown.replace('open("found.json", "rb")', place)
    run = run.replace('schema("inspect-1")', f'schema("{name}")')
    assert place in run
    exec(compile(run, str(page), "exec"), {})
    spoiled = json.loads(data)
    del spoiled["tool"]
    (tmp_path / "found.json").write_text(json.dumps(spoiled))
    with pytest.raises(ValidationError):
        exec(compile(run, str(page), "exec"), {})


def test_numbers_beyond_what_readers_keep_are_text() -> None:
    found = json.loads(inspected.to_json(inspection(part("File", part("n", value=2**60))), TOOL))
    assert found["tree"]["parts"][0]["value"] == str(2**60)


def test_every_difference_has_a_sign_and_a_word() -> None:
    text = compared_text(picture("One"), picture("Two", part("COM", value="said")))
    assert any(
        line.split()[:3] == ["≠", "changed", "make"] and "One" in line and "Two" in line
        for line in text.splitlines()
    )
    assert any(line.split()[:5] == [">", "only", "in", "B", "COM"] for line in text.splitlines())
    assert "1 changed, 0 only in A, 1 only in B" in text
    assert "Orientation" not in text
    assert "Orientation" in compared_text(picture("One"), picture("Two"), whole=True)


def test_the_same_bytes_are_called_the_same() -> None:
    one = inspection(picture())
    text = printed(lambda c: compared.render_comparison(one, one, c))
    assert text.startswith("The two files are the same, byte for byte.")
    assert "≠" not in text
