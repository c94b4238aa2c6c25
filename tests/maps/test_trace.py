"""Languages by their letters, colours by their area, fonts and programs as the file names them."""

from __future__ import annotations

import numpy as np
import pytest

from forensics.maps.trace import colour_word, languages, palette, traces
from forensics.model import Part
from forensics.model.map import Box2D, Lettering

BOX = Box2D(x=0, y=0, width=10, height=10)


def lines(*texts: str) -> list[Lettering]:
    return [Lettering(text=text, box=BOX) for text in texts]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Направления полёта беспилотных летательных аппаратов, объекты", ("Russian",)),
        ("Напрямки польоту безпілотних апаратів, об'єкти, її", ("Ukrainian",)),
        ("Мінская вобласць, Гродзенская ўлада, ўзброеныя, быў", ("Belarusian", "Russian")),
        ("МОСКВА ТУЛА КАЛУГА ТАМБОВ", ("a language in Cyrillic letters",)),
        ("Directions of flight, launch areas", ("a language in Latin letters",)),
        ("Рига 91", ()),
    ],
)
def test_letters_of_its_own_tell_a_language(text: str, found: tuple[str, ...]) -> None:
    assert languages(lines(text))[: len(found) or None] == found


def test_two_languages_are_told_apart() -> None:
    both = lines(
        "Направления полёта беспилотников объявлены", "Directions of flight as announced by them"
    )
    assert languages(both) == ("Russian", "a language in Latin letters")


def test_colours_are_told_by_the_area_that_they_cover() -> None:
    picture = np.full((100, 100, 3), (236, 236, 230), np.uint8)
    picture[:30] = (24, 44, 78)
    picture[90:, :5] = (255, 0, 0)  # too small to be told
    assert palette(picture) == ("grey (#ecece6)", "dark blue (#182c4e)")


@pytest.mark.parametrize(
    ("colour", "word"),
    [
        ((0, 0, 0), "black"),
        ((250, 250, 250), "white"),
        ((128, 130, 128), "grey"),
        ((200, 20, 20), "red"),
        ((200, 20, 60), "red"),
        ((160, 200, 220), "pale blue"),
        ((20, 60, 20), "dark green"),
    ],
)
def test_colours_have_plain_words(colour: tuple[int, int, int], word: str) -> None:
    assert colour_word(*colour) == word


def test_fonts_and_programs_are_those_of_the_file() -> None:
    fonts = Part(
        name="Fonts",
        value=2,
        parts=(Part(name="Font", value="Rubik"), Part(name="Font", value="Rubik")),
    )
    info = Part(name="Info", parts=(Part(name="Producer", value="Mapmaker 3"),))
    carried = Part(name="File", parts=(Part(name="PDF", parts=(info, fonts)),))
    found = traces(np.zeros((4, 4, 3), np.uint8), (), carried)
    assert found.fonts == ("Rubik",)
    assert found.programs == ("Mapmaker 3",)
    assert found.languages == ()
    assert found.palette == ("black (#000000)",)
