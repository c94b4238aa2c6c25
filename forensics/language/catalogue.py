"""Catalogues: gettext's form, kept as readable `.po` files in the package and read when first needed.

Babel reads them, and the standard library's `gettext` does the choosing; plural forms go by a file's header.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from typing import TYPE_CHECKING

from forensics.language.filling import OURS, pieces, places, values_in

if TYPE_CHECKING:
    from babel.messages import Catalog

DOMAIN = "forensics"
FILLED = "made elsewhere"
"""The comment on a message that reaches the renderers with its values filled in."""
_LITERAL = 8
"""Letters of its own that a message needs before anything but numbers may stand in its places."""
_NUMBER = re.compile(r"[0-9.,]+")


class _Gaps(NullTranslations):
    """What stands in for a message that a catalogue lacks: None, which no translation is."""

    def gettext(self, message: str) -> str:
        raise KeyError(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:  # noqa: ARG002 - as the base calls it
        raise KeyError(msgid1)

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002 - as the base calls it
        raise KeyError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The messages of one language.

    Attributes:
        messages: Looks up, and raises KeyError for what it lacks.
        filled: Messages that may come with their values filled in, by their first words.
    """

    messages: NullTranslations
    filled: Mapping[str, tuple[str, ...]]

    def has(self, message: str) -> bool:
        """Is this very message in it?"""
        try:
            self.messages.gettext(message)
        except KeyError:
            return False
        return True

    def match(self, text: str) -> tuple[str, dict[str, str]] | None:
        """Returns the message that `text` was filled from, the one with most words of its own, and values.

        Where `text` is a template itself, one of its places stands in one place of the message.
        """
        candidates = [*self.filled.get(_start(text), ()), *self.filled.get("", ())]
        for message in sorted(candidates, key=_weight, reverse=True):
            values = values_in(message, text)
            light = _weight(message) < _LITERAL
            if values is not None and all(self._fits(k, v, light) for k, v in values.items()):
                return message, values
        return None

    def _fits(self, name: str, value: str, light: bool) -> bool:
        """May a value stand in a place? In a message of few words only numbers and words of ours may."""
        if light:
            ours = name.startswith(OURS) and self.has(value)
            return ours or _NUMBER.fullmatch(value) is not None
        return name.startswith(OURS) or not places(value) or value == f"{{{value[1:-1]}}}"


def read(language: str) -> Catalog:
    """Returns a packaged catalogue as Babel reads it."""
    from babel.messages.pofile import read_po  # noqa: PLC0415 - English needs none of it

    path = resources.files(__package__) / "catalogues" / language / f"{DOMAIN}.po"
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


@lru_cache(maxsize=8)
def load(language: str) -> Catalogue:
    """Returns a packaged catalogue, ready to be asked; what it marks as uncertain is left out."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - only where a catalogue is read

    catalog = read(language)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    messages = GNUTranslations(compiled)
    messages.add_fallback(_Gaps())
    filled: dict[str, list[str]] = {}
    for message in catalog:
        ids = message.id if isinstance(message.id, (list, tuple)) else [message.id]
        if FILLED in message.auto_comments and message.string and not message.fuzzy:
            for one in ids:
                if places(one) and _weight(one):
                    filled.setdefault(_start(one), []).append(one)
    return Catalogue(messages=messages, filled={key: tuple(ms) for key, ms in filled.items()})


def _start(text: str) -> str:
    """The first word, where no place is in it; else nothing."""
    word = text.split(" ", 1)[0]
    return "" if "{" in word or word == text else word


def _weight(message: str) -> int:
    return sum(len(literal) for literal, _ in pieces(message))
