"""Which texts name a country, a region or a water instead of a town? They have no point of their own."""

from __future__ import annotations

import re
from typing import Final

from forensics.model.map import Lettering

SPACED: Final = 1.25
"""Heights that each letter of a name is wide where it is set apart, as names of areas are."""

_NAMES: Final = """
    ukraine russia belarus moldova poland lithuania latvia estonia finland romania bulgaria hungary slovakia
    turkey georgia armenia azerbaijan kazakhstan germany czechia sweden norway denmark greece serbia austria
    iran iraq syria israel lebanon jordan italy france spain uzbekistan turkmenistan china crimea donbas
    украина россия беларусь белоруссия молдавия молдова польша литва латвия эстония финляндия румыния
    болгария венгрия словакия турция грузия армения азербайджан казахстан германия чехия швеция норвегия
    дания греция сербия австрия иран ирак сирия израиль ливан иордания италия франция испания узбекистан
    туркмения туркменистан китай крым донбасс днр лнр рф
    україна росія білорусь польща естонія фінляндія румунія болгарія угорщина словаччина туреччина грузія
    вірменія німеччина чехія швеція норвегія данія греція сербія австрія іран сирія ізраїль ліван йорданія
    італія франція іспанія литва латвія молдова крим донбас
"""
_COUNTRIES: Final = frozenset(_NAMES.split())
_KINDS: Final = re.compile(
    r"(?i)\b(обл|область|области|області|край|р-н|район|района|республика|республіка|федерация|федерація|ао"
    r"|море|залив|затока|озеро|водохранилище|водосховище|река|річка|oblast|region|district|republic|sea|gulf"
    r"|bay|lake|river|peninsula|raion|federation)\b"
)


def names_an_area(line: Lettering) -> bool:
    """Returns whether a text names a country, region or water, or is set so wide that it names some area."""
    text = line.text.strip(" .,:;").casefold()
    letters = [c for c in text if c.isalnum()]
    wide = (
        len(letters) > 3 and line.box.width > SPACED * len(text.replace(" ", "")) * line.box.height
    )
    return wide or is_area(text) or bool(_KINDS.search(text))


def is_area(name: str) -> bool:
    """Returns whether a name is that of a country, or of a land as large."""
    return name.casefold().replace(" ", "") in _COUNTRIES
