"""From a picture and its text to where it lies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from forensics.maps.drawings import Drawings
from forensics.maps.reading import (
    APART,
    given_label,
    inked,
    on_its_map,
    on_the_map,
    read_map,
)
from forensics.media import tesseract
from forensics.model.map import Box2D, Lettering, Panel, PanelKind, ReadBy, Statement
from tests.maps.pictured import NAMES, leaves, pictured
from tests.maps.readings import reading


def test_a_map_is_placed_by_the_text_that_its_file_carries() -> None:
    map_ = pictured()
    found = read_map(map_.pixels, seed=1, vector=map_.lettering)
    placement = found.placement
    assert placement is not None
    assert placement.placed
    assert placement.residual_km is not None
    assert placement.residual_km < 3
    assert {p.label for p in placement.control_points if p.accepted} == set(NAMES)
    assert found.sureness.startswith("A map: 12 of 12 names")
    assert (found.width, found.height) == (1000, 1000)
    assert found == read_map(map_.pixels, seed=1, vector=map_.lettering)


def test_a_persons_labels_are_kept_apart_and_taken_first() -> None:
    map_ = pictured()
    x, y = map_.points["Kyiv"]
    given = [given_label("Kyiv", x, y), given_label("Киев", x, y + 300)]
    found = read_map(map_.pixels, seed=1, given=given, vector=map_.lettering)
    assert [label.text for label in found.labels[:2]] == ["Kyiv", "Киев"]
    assert all(label.by is ReadBy.PERSON for label in found.labels[:2])
    assert [label.text for label in found.labels].count("Kyiv") == 1
    assert found.placement is not None
    persons = {p.label: p.accepted for p in found.placement.control_points if p.by is ReadBy.PERSON}
    assert persons == {"Kyiv": True, "Киев": False}


def test_labels_of_a_person_alone_place_a_map(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "program", lambda: None)
    map_ = pictured()
    given = [given_label(name, *point) for name, point in map_.points.items()]
    found = read_map(map_.pixels, seed=1, given=given)
    assert found.placement is not None
    assert found.placement.placed
    assert "tesseract-ocr" in found.notes[0]


def test_text_that_the_file_carries_but_does_not_show_is_left_out() -> None:
    map_ = pictured()
    box = Box2D(x=880, y=930, width=80, height=16)
    hidden = Lettering(text="Odesa", box=box, by=ReadBy.FILE)
    assert not inked(map_.pixels, hidden)
    found = read_map(map_.pixels, seed=1, vector=[*map_.lettering, hidden])
    assert "Odesa" not in {line.text for line in found.lettering}
    assert found.notes == ("Texts that the file carries but does not show, left out: 1.",)


@pytest.mark.parametrize("x", [-500.0, 5000.0])
def test_text_off_the_picture_is_not_shown(x: float) -> None:
    line = Lettering(text="Kursk", box=Box2D(x=x, y=10, width=50, height=16))
    assert not inked(pictured().pixels, line)


@pytest.mark.interop
def test_leaves_are_no_map() -> None:
    found = read_map(leaves(), seed=1)
    assert found.sureness == ""
    assert found.placement is not None
    assert not found.placement.placed


@pytest.mark.interop
def test_the_sample_is_placed() -> None:
    path = Path(__file__).parents[2] / "samples/released-map.png"
    found = read_map(np.asarray(cv2.imread(str(path))[:, :, ::-1], np.uint8), seed=1)
    placement = found.placement
    assert placement is not None
    assert placement.placed
    assert placement.projection == "Mercator"
    assert placement.residual_km is not None
    assert placement.residual_km < 1.5
    assert sum(p.accepted for p in placement.control_points) >= 24
    assert not {"Bes", "хо", "раниц", "РОССИЯ"} & {label.text for label in found.labels}
    assert {panel.kind.value for panel in found.panels} >= {"title", "table", "legend", "scale-bar"}


def test_what_is_drawn_among_names_of_another_map_is_not_put_on_the_ground() -> None:
    whole = reading()
    assert whole.placement is not None
    drawn = Drawings(tracks=whole.tracks, markers=whole.markers, areas=whole.areas)
    assert on_the_map(drawn, whole.placement) == drawn
    end = whole.tracks[0].end
    others = tuple(
        replace(p, x=end.x + 9 * i, y=end.y + 9 * i, accepted=False)
        for i, p in enumerate(whole.placement.control_points[:3])
    )
    points = (*whole.placement.control_points, *others)
    kept = on_the_map(drawn, replace(whole.placement, control_points=points))
    assert (kept.tracks[0].length_km, kept.tracks[0].end.lon) == (None, None)
    assert kept.tracks[0].path == whole.tracks[0].path
    assert "perhaps on another map" in kept.notes[-1]


@pytest.mark.parametrize(
    ("x", "inset", "holds"), [(0, False, False), (0, True, None), (5000, False, None)]
)
def test_a_scale_bar_of_another_map_accuses_nobody(
    x: float, inset: bool, holds: bool | None
) -> None:
    placement = reading().placement
    assert placement is not None
    middle = placement.control_points[0]
    box = Box2D(x=middle.x + x, y=middle.y, width=60, height=12)
    layout = [Panel(kind=PanelKind.INSET, box=box)] if inset else []
    bar = Statement(text="50 km", kind="scale", holds=False, why="It is not.", box=box)
    held = on_its_map(bar, placement, layout)
    assert held.holds is holds
    assert held.why.endswith(APART) is (holds is None)
