"""Words of several readings, put together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from forensics.maps.lettering import (
    contrast,
    flattened,
    inks,
    kept,
    lines,
    passes,
    read_lettering,
    script,
)
from forensics.media.tesseract import Word
from tests.maps.pictured import leaves, pictured


def word(text: str, x: float, y: float, *, confidence: int = 90, height: float = 16) -> Word:
    return Word(
        text=text,
        x=x,
        y=y,
        width=0.6 * height * len(text),
        height=height,
        confidence=confidence,
        line=1,
    )


def test_of_two_readings_of_one_place_the_surer_is_kept() -> None:
    found = kept([word("Kursk", 10, 10, confidence=60), word("Kurok", 11, 11, confidence=40)])
    assert [w.text for w in found] == ["Kursk"]


@pytest.mark.parametrize("text", ["—", "ооооо", "||||", "«»"])
def test_what_is_no_word_is_not_kept(text: str) -> None:
    assert kept([word(text, 10, 10)]) == []


def test_what_the_reader_is_unsure_of_is_not_kept() -> None:
    assert kept([word("Kursk", 10, 10, confidence=20)]) == []


def test_words_at_the_distance_of_a_space_are_one_line() -> None:
    found = lines([word("Veliky", 10, 10), word("Novgorod", 75, 11), word("Pskov", 300, 10)])
    assert [line.text for line in found] == ["Veliky Novgorod", "Pskov"]


def test_words_of_other_heights_and_levels_are_other_lines() -> None:
    found = lines([word("Kursk", 10, 10), word("MAP", 62, 0, height=40), word("Orel", 62, 24)])
    assert sorted(line.text for line in found) == ["Kursk", "MAP", "Orel"]


def test_letters_that_are_set_apart_are_one_name() -> None:
    spelt = [word(c, 100 + 34 * i, 50 + i % 2) for i, c in enumerate("РОССИЯ")]
    (line,) = lines([*spelt])
    assert line.text == "РОССИЯ"
    assert line.box.width == pytest.approx(5 * 34 + 9.6)


def test_a_few_lone_letters_are_no_name() -> None:
    assert {line.text for line in lines([word("N", 10, 10), word("С", 200, 10)])} == {"N", "С"}


def test_red_letters_stand_out_as_black_ones_do() -> None:
    picture = np.full((20, 20, 3), 235, np.uint8)
    picture[5, 5], picture[9, 9] = (180, 20, 20), (20, 20, 20)
    grey = contrast(picture)
    assert grey[5, 5] < 30 > grey[9, 9]
    assert grey[0, 0] > 200


def test_dark_graphics_are_read_the_other_way_round() -> None:
    dark = pictured(invert=True).pixels
    assert np.median(contrast(dark)) > 160
    ways = passes(dark, textured=False)
    assert len(ways) == 3
    assert all(np.median(way.layer) > 160 for way in ways)


def test_of_a_photograph_only_black_and_white_ink_is_read() -> None:
    white = np.where(pictured().pixels < 128, 255 - pictured().pixels, leaves() // 4)
    picture = np.asarray(white, np.uint8)
    ways = passes(picture, textured=True)
    assert all(way.layer.tobytes() in {ink.tobytes() for ink in inks(picture)} for way in ways)
    assert np.array_equal(ways[-1].layer, inks(picture)[1])
    assert passes(leaves(), textured=True) == []


@pytest.mark.interop
@pytest.mark.parametrize("invert", [False, True])
def test_a_drawn_map_is_read(invert: bool) -> None:
    map_ = pictured(invert=invert)
    read = " ".join(line.text for line in read_lettering(map_.pixels))
    unread = [name for name in map_.points if name.removesuffix("'") not in read]
    assert len(unread) <= 2


@pytest.mark.interop
def test_the_sample_is_read() -> None:
    path = Path(__file__).parents[2] / "samples/released-map.png"
    picture = np.asarray(cv2.imread(str(path))[:, :, ::-1], np.uint8)
    text = " ".join(line.text for line in read_lettering(picture))
    names = ("Вологда", "Псков", "Смоленск", "Брянск", "Воронеж", "Минск", "Гомель")
    assert [name for name in names if name not in text] == []
    assert "49+1+41=91" in text.replace(" ", "")


def test_the_script_is_told_by_the_words_that_are_surely_read() -> None:
    latin = [word(name, 10, 30 * i) for i, name in enumerate(("Kursk", "Minsk", "Gomel", "Moscow"))]
    cyrillic = [word(name, 10, 30 * i) for i, name in enumerate(("Курск", "Минск", "Гомель"))]
    assert script([*latin, word("Куїм", 10, 300)]) == ("eng",)
    assert script([*latin, *(replace(w, confidence=50) for w in cyrillic)]) == ("eng",)
    assert script([*cyrillic, word("Kyiv", 10, 300)]) == ("rus", "ukr")
    assert script([*latin, *cyrillic]) == script([]) == ("rus", "ukr", "eng")


def test_letters_are_put_on_white_whatever_ground_they_stood_on() -> None:
    grey = np.full((200, 200), 240, np.uint8)
    grey[:, 100:] = 150
    grey[50:60, 20:23] = grey[50:60, 150:153] = 60
    flat = flattened(grey)
    assert flat[55, 21] == 0
    assert flat[55, 151] < 100
    assert (flat[150:, :90] == 255).all()
    assert (flat[150:, 110:] == 255).all()
