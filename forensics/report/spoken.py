"""Languages in templates: sentences as markup, values escaped, what is not translated marked as English.

`install` gives an environment `say`, `say_many`, `say_as` and `told` for what stands between tags, and
`say_plain`, `say_many_plain` and `told_plain` for attributes and titles, where no tag can stand. `language()`
and `untranslated()` give what is being spoken, and how many of its sentences are in English so far.
"""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import Environment
from markupsafe import Markup, escape

from forensics import language
from forensics.language.filling import pieces
from forensics.language.speech import as_text
from forensics.report.clean import visible

_LITERAL = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;"})
"""What a sentence of ours needs between tags; its apostrophes stay as they are."""


def install(environment: Environment) -> None:
    """Gives a template environment the ways to say something."""
    environment.globals.update(
        say=_say,
        say_many=_say_many,
        say_as=_say_as,
        told=_told,
        say_plain=language.say,
        say_many_plain=language.say_many,
        told_plain=language.told,
        language=lambda: language.current().language,
        untranslated=lambda: len(language.current().missing),
    )
    environment.tests["english"] = _english
    environment.filters["bare"] = str
    environment.filters["first_upper"] = _first_upper


def _first_upper(text: str) -> str:
    """A phrase as a sentence begins, or a heading; the rest of it stays as it is."""
    return language.like(text, text[:1].upper() + text[1:])


def finished(value: object) -> object:
    """Makes every text of every expression visible; what is markup of ours passes, English is marked."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, str):
        return (
            _marked(value, escape(visible(str(value)))) if _english(value) else visible(str(value))
        )
    return "" if value is None else value


def _english(text: object) -> bool:
    """Is this a sentence that ought to be in another language?"""
    return isinstance(text, language.Untranslated)


def _say(message: str, /, **values: object) -> Markup:
    return _markup(language.chosen(message), values)


def _say_many(one: str, many: str, n: int, /, **values: object) -> Markup:
    return _markup(language.chosen_many(one, many, n), {"n": n, **values})


def _say_as(context: str, message: str, /, **values: object) -> Markup:
    return _markup(language.chosen(message, context), values)


def _told(text: str) -> Markup:
    said = language.told(text)
    return _marked(said, escape(visible(said)))


def _markup(message: str, values: Mapping[str, object]) -> Markup:
    out = []
    for literal, name in pieces(message):
        out.append(Markup(literal.translate(_LITERAL)))  # noqa: S704 - our own words, escaped here
        if name is not None:
            value = values[name]
            out.append(value if isinstance(value, Markup) else escape(visible(as_text(value))))
    return _marked(message, Markup().join(out))


def _marked(said: str, markup: Markup) -> Markup:
    """Says of a sentence that it is English where it ought not to be."""
    return Markup('<span lang="en">{}</span>').format(markup) if _english(said) else markup
