"""Sentences in templates: markup that is safe, and marked where it is not translated."""

from __future__ import annotations

from jinja2 import Environment
from markupsafe import Markup

from forensics.language import speaking
from forensics.report.spoken import install


def page(source: str, **names: object) -> str:
    environment = Environment(autoescape=True)
    install(environment)
    return environment.from_string(source).render(**names)


def test_values_are_escaped_and_made_visible_and_sentences_are_not_changed() -> None:
    said = page("<p>{{ say('It’s {x}\\'s.', x=x) }}</p>", x="<b>\u202e{y}")
    assert said == "<p>It’s &lt;b&gt;⟨U+202E⟩{y}'s.</p>"


def test_markup_stays_markup() -> None:
    said = page("{{ say('Run {c} & look.', c=c) }}", c=Markup("<code>x</code>"))
    assert said == "Run <code>x</code> &amp; look."


def test_numbers_have_their_form() -> None:
    source = "{{ say_many('{n} file', '{n} files', n) }}"
    assert [page(source, n=n) for n in (1, 1204)] == ["1 file", "1,204 files"]


def test_what_is_not_translated_is_marked_as_english_between_tags_only() -> None:
    source = (
        "<p title=\"{{ say_plain('Never said.') }}\">{{ say('Never said {x}.', x='<i>') }} "
        "{{ told('<Never> told.') }} {{ untranslated() }} {{ language() }}</p>"
    )
    with speaking("uk"):
        said = page(source)
    assert said == (
        '<p title="Never said."><span lang="en">Never said &lt;i&gt;.</span> '
        '<span lang="en">&lt;Never&gt; told.</span> 3 uk</p>'
    )
