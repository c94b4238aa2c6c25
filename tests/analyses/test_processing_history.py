"""Rules about programs, each on a file that such a program writes, and what files state of their own past."""

from __future__ import annotations

import os
import re
import struct
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from PIL import Image

from forensics.analyses.processing_history import MAX_SHOWN, ProcessingHistory
from forensics.inside.quantisation import scaled
from forensics.inside.read import read_file
from forensics.inside.traits import DERIVED
from forensics.media.identify import identify_file
from forensics.model import Asset, Context, Diagnostic, Direction, Finding, Part, Sha256
from forensics.running import held_to_contract
from tests.analyses.programs import MADE, RULES, TABLE, cv, jpeg_xmp, of_facebook, tiff_named
from tests.inside.jpegs import saved


class Shown:
    """What this analysis reads of a context, over a real file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def carried(self) -> Part:
        return read_file(self.path, identify_file(self.path))

    def check_deadline(self) -> None:
        """No deadline here."""


def examine(path: Path) -> list[Finding]:
    identity = identify_file(path)
    assert identity.kind is not None
    asset = Asset(
        sha256=Sha256("0" * 64),
        size=path.stat().st_size,
        kind=identity.kind,
        mime=identity.mime,
        name="f",
    )
    analysis = ProcessingHistory()
    context = cast("Context", Shown(path))
    return list(held_to_contract(analysis, analysis.run(asset, context)))


def seen(path: Path, data: bytes) -> list[Finding]:
    path.write_bytes(data)
    return examine(path)


def ids(found: list[Finding]) -> set[str]:
    """The rules that met, by the caveat that each brings along."""
    return {c.id.removeprefix("rule-") for f in found for c in f.caveats if c.id[:5] == "rule-"}


def test_every_rule_says_what_it_rests_on_and_what_it_cannot_show() -> None:
    tables = tomllib.loads(TABLE)["writer"]
    assert len(RULES) == len(tables) > 50
    for table in tables:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", table["id"])
        assert table["kind"] in {
            *("general-library", "editor", "converter", "platform", "system", "device"),
            *("screen-capture", "document-program"),
        }
        assert table["shows"] in {"layout", "tag", "name", "habit", "block"}
        assert table["evidence"] in {"measured here", "published", "stated by its maker"}
        assert table["evidence"] == "measured here" or len(table["source"]) > 10
        assert table["cannot_show"][0].isupper()
        assert table["cannot_show"].endswith(".")
        for condition in table["all"]:
            assert "/" in condition["fact"] or condition["fact"] in {*DERIVED, "COM", "Comment"}


def test_every_rule_has_a_file() -> None:
    assert set(MADE) == set(RULES)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_file_as_the_program_writes_it_meets_the_rule(rule: str, tmp_path: Path) -> None:
    found = seen(tmp_path / "file", MADE[rule]())
    assert rule in ids(found)
    assert all(f.direction is Direction.NEUTRAL and f.diagnostic is Diagnostic.NO for f in found)
    assert all(f.question is None for f in found)
    named = next(f for f in found if any(c.id == f"rule-{rule}" for c in f.caveats))
    values = {m.key: m.value for m in named.measurements}
    assert values["program"]
    assert RULES[rule].evidence in {m.value for m in named.measurements if m.key == "evidence"}
    expected = {"habit": "program-like", "block": "metadata-writer"}.get(RULES[rule].shows)
    assert named.id == (expected or named.id)
    assert "tamper" not in named.statement.lower()


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (saved, "libjpeg-plain"),
        (lambda: cv(".jpg"), "libjpeg-plain"),
        (lambda: saved(progressive=True, optimize=True), "libjpeg-plain"),
        (lambda: cv(".png"), "png-plain"),
    ],
)
def test_the_common_libraries_are_known(
    data: Callable[[], bytes], rule: str, tmp_path: Path
) -> None:
    assert ids(seen(tmp_path / "file", data())) == {rule}


def test_names_are_told_as_what_copies_carry_along(tmp_path: Path) -> None:
    found = seen(tmp_path / "file", of_facebook())
    assert [f.id for f in found] == ["program-mark"]
    assert "copies carry it along" in found[0].statement


def test_a_likeness_is_never_told_as_an_origin(tmp_path: Path) -> None:
    found = seen(tmp_path / "file", MADE["telegram-like"]())
    assert {f.id for f in found} == {"program-named", "program-like"}
    likeness = next(f for f in found if f.id == "program-like")
    assert likeness.statement == (
        "The file is such as Telegram's programs can write; other programs can write so too."
    )


def test_names_of_people_behind_a_mark_are_not_shown(tmp_path: Path) -> None:
    found = seen(tmp_path / "file", MADE["canva"]())
    assert "Other" not in repr([f.measurements for f in found])


def test_an_unknown_writer_is_told(tmp_path: Path) -> None:
    assert [f.id for f in seen(tmp_path / "file", tiff_named("Firmware 1.2"))] == ["writer-unknown"]


def test_an_editor_that_the_file_names_is_left_to_the_metadata(tmp_path: Path) -> None:
    named = "<xmp:CreatorTool>GIMP 2.10</xmp:CreatorTool><GIMP:Version>2.10.34</GIMP:Version>"
    assert seen(tmp_path / "file", jpeg_xmp(named)) == []
    assert ids(seen(tmp_path / "file", MADE["gimp-fields"]())) == {"gimp-fields"}


def camera(make: str) -> bytes:
    """A picture as cameras write it: EXIF first, tables of their own."""
    exif = Image.Exif()
    exif[271], exif[272], exif[305] = make, "Model 5", "Ver.1.00"
    tables = [[v + 3 + i % 3 for i, v in enumerate(scaled(93))] for _ in range(2)]
    return saved(qtables=tables, exif=exif)


def original(data: bytes) -> bytes:
    """The stream without JFIF, as cameras write."""
    size = struct.unpack(">H", data[4:6])[0]
    return data[:2] + data[4 + size :] if data[3] == 0xE0 else data


@pytest.mark.parametrize("make", ["NIKON", "Canon", "samsung", "Apple"])
def test_a_picture_as_cameras_write_it_is_not_said_to_be_saved_again(
    make: str, tmp_path: Path
) -> None:
    assert [f.id for f in seen(tmp_path / "file", original(camera(make)))] == ["writer-unknown"]


# ------------------------------------------------------------------------------------- stated history


def event(action: str, agent: str, when: str) -> str:
    return (
        f'<rdf:li rdf:parseType="Resource"><stEvt:action>{action}</stEvt:action>'
        f"<stEvt:softwareAgent>{agent}</stEvt:softwareAgent><stEvt:when>{when}</stEvt:when></rdf:li>"
    )


HISTORY = "<xmpMM:History><rdf:Seq>{}</rdf:Seq></xmpMM:History>"


def test_steps_are_told_with_the_first_and_the_last_time(tmp_path: Path) -> None:
    steps = event("created", "Tool 1", "2025-03-01T10:00:00+02:00")
    steps += 3 * event("saved", "Tool 2", "2025-03-02T10:00:00+02:00")
    (found,) = [
        f
        for f in seen(tmp_path / "file", jpeg_xmp(HISTORY.format(steps)))
        if f.id == "history-stated"
    ]
    values = [(m.key, m.value) for m in found.measurements]
    assert ("steps", 4) in values
    assert [v for k, v in values if k == "step"] == [
        "created by Tool 1",
        "saved by Tool 2 (3 times)",
    ]
    assert ("first", "2025-03-01T10:00:00+02:00") in values
    assert ("last", "2025-03-02T10:00:00+02:00") in values


def test_documents_and_layers_are_told(tmp_path: Path) -> None:
    inside = (
        '<xmpMM:DerivedFrom rdf:parseType="Resource"><stRef:documentID>xmp.did:1</stRef:documentID>'
        "</xmpMM:DerivedFrom><photoshop:DocumentAncestors><rdf:Bag><rdf:li>A</rdf:li><rdf:li>B</rdf:li>"
        "<rdf:li>A</rdf:li></rdf:Bag></photoshop:DocumentAncestors><photoshop:TextLayers><rdf:Seq>"
        '<rdf:li rdf:parseType="Resource"><photoshop:LayerName>name of A. N. Other</photoshop:LayerName>'
        "<photoshop:LayerText>words</photoshop:LayerText></rdf:li></rdf:Seq></photoshop:TextLayers>"
    )
    found = {f.id: f for f in seen(tmp_path / "file", jpeg_xmp(inside))}
    assert found["derived-stated"].measurements[0].value == "xmp.did:1"
    assert found["ancestors-stated"].measurements[0].value == 2
    assert "ancestors-pile-up" in {c.id for c in found["ancestors-stated"].caveats}
    layer = next(m for m in found["layers-named"].measurements if m.key == "layer")
    assert layer.value == "name of A. N. Other"
    assert layer.personal


def test_long_histories_are_cut(tmp_path: Path) -> None:
    steps = "".join(event(f"step{n}", "x" * 300, "no time") for n in range(90))
    found = {f.id: f for f in seen(tmp_path / "file", jpeg_xmp(HISTORY.format(steps)))}
    told = found["history-stated"].measurements
    assert told[0].value == 90
    assert len(told) == 21
    assert all(len(str(m.value)) <= MAX_SHOWN for m in told)


# -------------------------------------------------------------------------------------- found pictures

RESAVED = {"nikon-e950.jpg"}
"""A camera's picture with image resources, Adobe marker and tables of Photoshop: one did save it again."""
if "FORENSICS_SHARED" in os.environ:
    FOLDER = Path(os.environ["FORENSICS_SHARED"], "media/images/exif")
    FOUND = sorted(p for p in FOLDER.rglob("*") if p.suffix.lower() in {".jpg", ".jpeg", ".heic"})

    @pytest.mark.parametrize("path", FOUND, ids=lambda p: p.name)
    def test_no_found_picture_is_said_to_be_an_editors_unless_it_says_so(path: Path) -> None:
        said = [f for f in examine(path) if f.id in {"program-named", "program-mark"}]
        kinds = {m.value for f in said for m in f.measurements if m.key == "class"}
        assert ("an editing program" in kinds) == (path.name in RESAVED)
        assert "a service that writes anew what is uploaded or made there" not in kinds
