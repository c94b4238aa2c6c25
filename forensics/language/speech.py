"""Saying a message in the language that is spoken; see the package's own words for the contract."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from forensics.errors import UsageError
from forensics.language.catalogue import load
from forensics.language.elsewhere import canonical
from forensics.language.filling import OURS, fill

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "uk": "Українська",
    "ru": "Русский",
    "de": "Deutsch",
    "fr": "Français",
}
"""The languages that reports come in, each by its own name."""

_THOUSANDS = {"en": ",", "uk": "\u00a0", "ru": "\u00a0", "de": ".", "fr": "\u202f"}
_POINT = {"en": "."}
_JOINED = re.compile("(, |; | and )")
_CODE = re.compile(r"(?: \()?#[0-9a-f]{6}\)?$")
_SENTENCES = re.compile(r"(?<=\.) (?=[A-Z{])")


class Untranslated(str):
    """A sentence that is in English because the catalogue of the language spoken lacks it."""

    __slots__ = ()


@dataclass(slots=True, kw_only=True)
class Speech:
    """One language being spoken.

    Attributes:
        language: Its code, of `LANGUAGES`.
        missing: The messages that its catalogue lacked so far, in the order in which they were said.
    """

    language: str = "en"
    missing: dict[str, None] = field(default_factory=dict)


_SPOKEN: ContextVar[Speech] = ContextVar("_SPOKEN")


@contextmanager
def speaking(language: str) -> Iterator[Speech]:
    """Sets the language of all that is said within.

    Raises:
        UsageError: There is no such language here.
    """
    if language not in LANGUAGES:
        raise UsageError(
            f"No reports come in the language {language!r}.",
            hint=f"Choose one of {', '.join(LANGUAGES)}.",
        )
    speech = Speech(language=language)
    token = _SPOKEN.set(speech)
    try:
        yield speech
    finally:
        _SPOKEN.reset(token)


def current() -> Speech:
    """Returns what is being spoken; English where nobody chose."""
    return _SPOKEN.get(None) or Speech()


def say(message: str, /, **values: object) -> str:
    """Returns a sentence in the language spoken, its places filled.

    Args:
        message: The English sentence, with a `{name}` for each value.
        **values: What fills the places: text as it is, whole numbers with separators.
    """
    return _filled(chosen(message), values)


def say_many(one: str, many: str, n: int, /, **values: object) -> str:
    """Returns the form of a sentence that `n` asks for, its places filled, `{n}` with the number.

    Args:
        one: The English sentence for 1.
        many: The English sentence for any other number.
        n: How many.
        **values: What fills the other places.
    """
    return _filled(chosen_many(one, many, n), {"n": n, **values})


def say_as(context: str, message: str, /, **values: object) -> str:
    """Returns a short message as it stands in a context; see `say`.

    Args:
        context: Where it stands, one word: part of what the catalogue looks up.
        message: The English text.
        **values: What fills its places.
    """
    return _filled(chosen(message, context), values)


def told(text: str) -> str:
    """Returns a sentence of ours that was made elsewhere in the language spoken.

    It is looked up as it is; where its values are filled in already, by the messages that are marked so in
    the catalogue. A place named `our_…` holds words of ours, which are looked up as well.
    """
    if current().language == "en" or not text:
        return text
    catalogue = load(current().language)
    match = None if catalogue.has(text) else catalogue.match(text)
    if match is None:
        sentences = [] if catalogue.has(text) else _messages(text)
        return joined(" ", map(told, sentences)) if len(sentences) > 1 else chosen(text)
    message, values = match
    return _filled(
        chosen(message), {k: told_list(v) if k.startswith(OURS) else v for k, v in values.items()}
    )


def told_list(text: str) -> str:
    """Returns words of ours, several of which may be joined by commas, in the language spoken."""
    if current().language == "en" or not text:
        return text
    if _SENTENCES.search(text):
        return told(text)
    pieces = _JOINED.split(text)
    if _whole(text, pieces[::2]):
        return _word(text)
    said = [_word(piece) for piece in pieces[::2]]
    between = [f" {say('and')} " if joint == " and " else joint for joint in pieces[1::2]]
    return joined("", [one for pair in zip(said, [*between, ""], strict=True) for one in pair])


def _word(text: str) -> str:
    """A word of ours; a code behind it, or one that stands alone, is the same in all languages."""
    word = _CODE.sub("", text)
    said = told(word)
    return like(said, said + text[len(word) :])


def told_with(template: str, values: Mapping[str, str]) -> str:
    """Returns a template of ours that was made elsewhere, such as a finding's, filled with `values`.

    Parts of the template may themselves have been filled in before, as in a sentence that `told` takes. A
    place without a value stays as it is written: templates are read from ledgers, and may be anybody's.
    """
    known = _Lenient(values)
    if current().language == "en":
        return fill(template, known)
    template = canonical(template)
    sentences = _SENTENCES.split(template)
    if _whole(template, sentences):
        return _with(template, known)
    return joined(" ", [_with(sentence, known) for sentence in sentences])


def _with(template: str, known: Mapping[str, str]) -> str:
    """A template, or one sentence of it, filled."""
    catalogue = load(current().language)
    match = None if catalogue.has(template) else catalogue.match(template)
    if match is None:
        return _filled(chosen(template), known)
    message, caught = match
    inner = {name: _inner(name, text, known) for name, text in caught.items()}
    return _filled(chosen(message), inner)


def _inner(name: str, text: str, known: Mapping[str, str]) -> str:
    """What stands in a place of a message: a value, where the template has a place there; else its text."""
    if text[:1] == "{" and text[1:-1] in known:
        return known[text[1:-1]]
    return fill(told_list(text), known) if name.startswith(OURS) else text


def noted(message: str) -> str:
    """Returns a message as it is: it is said later, and this lets it be found where it stands."""
    return message


class _Lenient(dict[str, str]):
    """Values of which some may be missing."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def _messages(text: str) -> list[str]:
    """The messages that a text of several sentences is made of; one may hold several."""
    sentences, found = _SENTENCES.split(text), []
    while sentences:
        runs = range(len(sentences), 0, -1)
        length = next((n for n in runs if _known(" ".join(sentences[:n]))), 1)
        found.append(" ".join(sentences[:length]))
        sentences = sentences[length:]
    return found


def _whole(text: str, pieces: Sequence[str]) -> bool:
    """Is a text one message, and not several that were joined? Asked as it stands, in pieces, by pattern."""
    if load(current().language).has(text) or len(pieces) == 1:
        return True
    return not all(_known(piece) for piece in pieces) and _known(text)


def _known(text: str) -> bool:
    text = _CODE.sub("", text)
    catalogue = load(current().language)
    return not text or catalogue.has(text) or catalogue.match(text) is not None


def chosen(message: str, context: str | None = None) -> str:
    """Returns what the catalogue has for a message, not filled; the message, marked, where it lacks it."""
    if current().language == "en":
        return message
    found = load(current().language).messages
    return _or_missing(
        message,
        lambda: found.gettext(message) if context is None else found.pgettext(context, message),
    )


def chosen_many(one: str, many: str, n: int) -> str:
    """Returns the form of a message that a number asks for, not filled; likewise."""
    message = one if n == 1 else many
    if current().language == "en":
        return message
    return _or_missing(message, lambda: load(current().language).messages.ngettext(one, many, n))


def _or_missing(message: str, look_up: Callable[[], str]) -> str:
    try:
        return look_up()
    except KeyError:
        current().missing[message] = None
        return Untranslated(message)


def like(source: str, text: str) -> str:
    """Returns `text`, made from the sentence `source`, as untranslated as that is."""
    return Untranslated(text) if isinstance(source, Untranslated) else text


def joined(between: str, said: Iterable[str]) -> str:
    """Returns whole sentences or words of a list joined; untranslated if one of them is."""
    pieces = list(said)
    one = next((p for p in pieces if isinstance(p, Untranslated)), "")
    return like(one, between.join(pieces))


def number(value: int) -> str:
    """Returns a whole number with the separators of the language: "1,204"."""
    return f"{value:,}".replace(",", _THOUSANDS[current().language])


def figures(text: str) -> str:
    """Returns a decimal, given with a point, with the point of the language: "1.4"."""
    return text.replace(".", _POINT.get(current().language, ","))


def as_text(value: object) -> str:
    """Returns a value as it is written into a sentence."""
    return number(value) if type(value) is int else str(value)


def _filled(message: str, values: Mapping[str, object]) -> str:
    return like(message, fill(message, values, as_text))
