"""The contract, held against every registered analysis and against the template.

A new analysis gets all of this for free: deterministic, declared quantities only, caveats on every finding,
silent on clean samples, alive on damaged input, within its deadline, writing nowhere but in its scratch.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from forensics import registry
from forensics.analyses.example import Example
from forensics.codec import plain
from forensics.context import ScratchContext
from forensics.errors import (
    ForensicsError,
    LimitExceeded,
    MissingCapability,
    NotFitting,
    RegistryError,
)
from forensics.inside.task import KEPT
from forensics.media import film, tesseract
from forensics.media.intake import take_in
from forensics.media.limits import Limits
from forensics.media.prepare import prepare
from forensics.media.prepared import load
from forensics.model import Analysis, Asset, Direction, Finding, Measurement, MediaKind, Pillar
from forensics.running import held_to_contract

SAMPLES = Path(__file__).parents[2] / "samples"
CLEAN = ("clean-still.jpg", "released-drone-video.mp4")
FILES = (*CLEAN, "edited-still.jpg", "released-map.pdf", "released-map.png", "earlier-footage.mp4")
ANALYSES = (*registry.analyses(), Example())
FOREVER = 600.0
DECLINES = (NotFitting, MissingCapability)
"""An analysis has nothing to say about an asset, or lacks what this asset needs."""

every_analysis = pytest.mark.parametrize("analysis", ANALYSES, ids=lambda a: a.name)
every_file = pytest.mark.parametrize("name", FILES)


@pytest.fixture(autouse=True)
def without_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    """The contract is the same whether a machine has tesseract, which takes seconds for each picture."""
    monkeypatch.setattr(tesseract, "program", lambda: None)
    monkeypatch.setattr(tesseract, "version", lambda: None)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Asset]]:
    return {name: read(SAMPLES / name, tmp_path_factory.mktemp("prepared")) for name in FILES}


def read(path: Path, folder: Path) -> tuple[Path, Asset]:
    taken = take_in(path, folder)
    assert taken.identity.kind is not None
    prepare(
        str(folder),
        taken.identity.kind,
        taken.identity.mime,
        taken.identity.demuxer,
        Limits().pixels,
        FOREVER,
    )
    ready = load(folder)
    asset = Asset(
        sha256=taken.sha256,
        size=taken.size,
        kind=ready.kind,
        mime=taken.identity.mime,
        name=taken.name,
        probe=ready.probe,
    )
    return folder, asset


def run(analysis: Analysis, folder: Path, asset: Asset, seconds: float = FOREVER) -> list[Finding]:
    context = ScratchContext(asset, folder, name=analysis.name, seconds=seconds)
    return list(held_to_contract(analysis, analysis.run(asset, context)))


Found = Callable[[Analysis], dict[str, list[Finding]]]


@pytest.fixture(scope="session")
def found(prepared: dict[str, tuple[Path, Asset]]) -> Found:
    """What an analysis finds in the samples that it does not decline, looked at once for all tests."""
    known: dict[str, dict[str, list[Finding]]] = {}

    def findings(analysis: Analysis) -> dict[str, list[Finding]]:
        if analysis.name not in known:
            known[analysis.name] = dict(fitting(analysis, prepared))
        return known[analysis.name]

    return findings


def fitting(
    analysis: Analysis, prepared: dict[str, tuple[Path, Asset]]
) -> Iterator[tuple[str, list[Finding]]]:
    """Findings on every sample that the analysis does not decline."""
    for name, (folder, asset) in prepared.items():
        if asset.kind in analysis.applies_to:
            try:
                yield name, run(analysis, folder, asset)
            except DECLINES:
                continue


@every_analysis
def test_it_declares_what_the_contract_asks(analysis: Analysis) -> None:
    registry.check_contract(analysis)
    assert type(analysis).__doc__
    for quantity in analysis.quantities:
        assert quantity.unit
        assert quantity.meaning.endswith(".")


@every_analysis
def test_it_fits_at_least_one_sample_and_finds_the_same_twice(
    analysis: Analysis, prepared: dict[str, tuple[Path, Asset]], found: Found
) -> None:
    once = {name: plain(findings) for name, findings in found(analysis).items()}
    again = {name: plain(findings) for name, findings in fitting(analysis, prepared)}
    assert once
    assert json.dumps(once) == json.dumps(again)


@every_analysis
def test_every_finding_reads_as_a_sentence_with_its_caveats(
    analysis: Analysis, found: Found
) -> None:
    for findings in found(analysis).values():
        for f in findings:
            assert "{" not in f.template.format_map(Anything())
            assert f.statement.endswith(".")
            assert set(analysis.caveats) <= set(f.caveats)
            assert f.strength is None  # no calibration is shipped yet, so no word may be used
            for m in f.measurements:
                assert isinstance(m.value, int | str)


class Anything(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "x"


@every_analysis
@pytest.mark.parametrize("name", CLEAN)
def test_it_accuses_no_clean_sample(analysis: Analysis, name: str, found: Found) -> None:
    for f in found(analysis).get(name, []):
        if f.question and f.question.pillar is Pillar.INTEGRITY:
            assert f.direction is not Direction.SUPPORTS_H1, f.statement
        if f.question and f.question.pillar is Pillar.DATE:
            assert f.direction is not Direction.SUPPORTS_H2, f.statement


@every_analysis
@pytest.mark.parametrize(
    "damage", ["empty", "one-byte", "not-media", "cut-in-half", "head-only", "tail-zeroed"]
)
@every_file
def test_it_survives_damaged_bytes(
    analysis: Analysis,
    damage: str,
    name: str,
    tmp_path: Path,
    prepared: dict[str, tuple[Path, Asset]],
) -> None:
    """The working copy is damaged after the reading, which is worse than any file could be."""
    folder, asset = prepared[name]
    data = (folder / "asset").read_bytes()
    damaged = {
        "empty": b"",
        "one-byte": b"\x00",
        "not-media": b"just some words " * 400,
        "cut-in-half": data[: len(data) // 2],
        "head-only": data[:64],
        "tail-zeroed": data[: len(data) // 2] + bytes(len(data) - len(data) // 2),
    }[damage]
    for entry in folder.iterdir():
        # The film of the undamaged file, where another test left it, would hide the damage.
        if entry.is_file() and entry.name not in {"asset", *film.FILES}:
            (tmp_path / entry.name).symlink_to(entry)
    (tmp_path / "asset").write_bytes(damaged)
    try:
        run(analysis, tmp_path, asset)
    except ForensicsError as error:
        assert str(error)


@every_analysis
def test_a_picture_of_one_pixel_is_no_trouble(analysis: Analysis, tmp_path: Path) -> None:
    from PIL import Image

    source = tmp_path / "dot.jpg"
    Image.new("RGB", (1, 1), "grey").save(source)
    folder = tmp_path / "scratch"
    folder.mkdir()
    folder, asset = read(source, folder)
    if MediaKind.IMAGE in analysis.applies_to:
        try:
            run(analysis, folder, asset)
        except NotFitting as fit:
            assert str(fit)


@every_analysis
def test_it_writes_nowhere_but_in_its_scratch(
    analysis: Analysis, tmp_path: Path, prepared: dict[str, tuple[Path, Asset]]
) -> None:
    for name, (folder, asset) in prepared.items():
        copy = tmp_path / name
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("analyses"))
        before = {p: p.stat().st_mtime_ns for p in copy.rglob("*") if p.is_file()}
        if asset.kind in analysis.applies_to:
            try:
                run(analysis, copy, asset)
            except DECLINES:
                continue
        after = {p: p.stat().st_mtime_ns for p in copy.rglob("*") if p.is_file()}
        # Whoever asks first for the tree of what the file carries, or for the film, has it kept for all.
        new = set(after) - set(before) - {copy / kept for kept in (KEPT, *film.FILES)}
        assert all(p.is_relative_to(copy / "analyses" / analysis.name) for p in new)
        assert {p: t for p, t in after.items() if p in before} == before


@every_analysis
def test_it_minds_its_deadline(
    analysis: Analysis, tmp_path: Path, prepared: dict[str, tuple[Path, Asset]]
) -> None:
    """With no time at all it either stops, or was done before it looked at the clock."""
    for name, (folder, asset) in prepared.items():
        if asset.kind in analysis.applies_to:
            # In a folder of its own: a film whose reading was stopped stays so for whoever asks next.
            own = tmp_path / name
            shutil.copytree(folder, own, ignore=shutil.ignore_patterns("analyses", *film.FILES))
            try:
                run(analysis, own, asset, seconds=-1.0)
            except (LimitExceeded, *DECLINES) as error:
                assert str(error)


def test_the_template_is_not_registered() -> None:
    assert "example" not in {a.name for a in registry.analyses()}


def test_an_undeclared_quantity_is_refused() -> None:
    finding = Finding(
        id="x", template="{y}", measurements=(Measurement(key="y", value=1, unit="px"),)
    )
    with pytest.raises(RegistryError, match="does not declare"):
        list(held_to_contract(Example(), iter([finding])))


def test_a_pillar_that_is_not_examined_is_refused() -> None:
    from forensics.model.questions import STATED_DATES

    finding = Finding(id="x", template="X.", question=STATED_DATES)
    with pytest.raises(RegistryError, match="does not examine"):
        list(held_to_contract(Example(), iter([finding])))


@pytest.mark.parametrize(
    ("attribute", "value", "says"),
    [
        ("name", "Not Kebab", "kebab-case"),
        ("version", 0, "whole number"),
        ("applies_to", frozenset(), "applies to nothing"),
        ("caveats", (), "states no caveat"),
        ("quantities", Example.quantities * 2, "share a key"),
    ],
)
def test_a_broken_contract_is_named(attribute: str, value: object, says: str) -> None:
    broken = type("Broken", (Example,), {attribute: value})()
    with pytest.raises(RegistryError, match=says):
        registry.check_contract(broken)


def test_a_missing_part_of_the_contract_is_named() -> None:
    class Bare:
        name = "bare"

    with pytest.raises(RegistryError, match="lacks version"):
        registry.check_contract(Bare())


def test_caveats_of_a_finding_stay_beside_those_of_the_analysis() -> None:
    from forensics.model import Caveat

    own = Caveat(id="own", text="Own.")
    made = Finding(id="x", template="X.", caveats=(own,))
    (held,) = held_to_contract(Example(), iter([replace(made)]))
    assert held.caveats == (*Example.caveats, own)
