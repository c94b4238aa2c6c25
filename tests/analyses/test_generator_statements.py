"""Findings on what files say of generative systems, on files that say it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from forensics.analyses.generator_statements import GeneratorStatements
from forensics.context import ScratchContext
from forensics.model import Asset, Diagnostic, Direction, Finding, MediaKind, Sha256
from forensics.running import held_to_contract

SETTINGS = "a street at night\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512"


def examine(folder: Path, data: bytes, mime: str = "image/png") -> list[Finding]:
    (folder / "asset").write_bytes(data)
    asset = Asset(
        sha256=Sha256("0" * 64), size=len(data), kind=MediaKind.IMAGE, mime=mime, name="file"
    )
    analysis = GeneratorStatements()
    context = ScratchContext(asset, folder, name=analysis.name, seconds=60.0)
    return list(held_to_contract(analysis, analysis.run(asset, context)))


def png(**texts: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    for key, value in texts.items():
        info.add_text(key, value)
    stream = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stream, "PNG", pnginfo=info)
    return stream.getvalue()


def test_silence_is_told_and_moves_nothing(tmp_path: Path) -> None:
    (found,) = examine(tmp_path, png(Comment="made with care"))
    assert found.id == "nothing-stated"
    assert found.diagnostic is Diagnostic.NO
    assert found.direction is Direction.NEUTRAL


def test_settings_of_a_generating_program_are_the_files_own_word(tmp_path: Path) -> None:
    (found,) = examine(tmp_path, png(parameters=SETTINGS))
    assert found.id == "generated"
    assert found.direction is Direction.SUPPORTS_H1
    assert found.diagnostic is Diagnostic.YES
    assert found.statement.startswith("The file says that a generative system made it.")
    assert {c.id for c in found.caveats} == {"own-word", "silence-says-nothing"}
    words = next(m for m in found.measurements if m.key == "words")
    assert words.personal
    assert words.where is not None
    assert words.where.field is not None
    assert words.where.field.endswith("parameters")


def test_the_source_type_in_a_signed_action_counts(tmp_path: Path) -> None:
    pytest.importorskip("c2pa")
    from tests.inside.signed import CREATED, GENERATED, OPENED, identity, signed

    desk = identity()
    made = signed(desk, assertions=(GENERATED,))
    assert [f.id for f in examine(tmp_path, made, "image/jpeg")] == ["generated"]
    (tmp_path / "again").mkdir()
    taken = signed(desk, assertions=(CREATED,))
    assert [f.id for f in examine(tmp_path / "again", taken, "image/jpeg")] == ["nothing-stated"]
    (tmp_path / "edited").mkdir()
    edited = signed(desk, assertions=(OPENED,), parent=made)
    found = examine(tmp_path / "edited", edited, "image/jpeg")
    assert [f.id for f in found] == ["generated-ingredient"]


def test_a_part_is_told_apart_from_the_whole(tmp_path: Path) -> None:
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
        ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description'
        ' xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" e:DigitalSourceType='
        '"http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"/>'
        "</rdf:RDF></x:xmpmeta>"
    )
    stream = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stream, "JPEG", xmp=xmp.encode())
    assert [f.id for f in examine(tmp_path, stream.getvalue(), "image/jpeg")] == [
        "generated-in-part"
    ]
