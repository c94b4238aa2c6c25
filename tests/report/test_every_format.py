"""What no output may leave out, on any report: each caveat, each outcome, each open question."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from forensics.language.extract import said_in_template
from forensics.model import (
    Caveat,
    Failed,
    Finding,
    NotApplicable,
    NotRun,
    Outcome,
    Ran,
)
from forensics.report import words
from forensics.report.clean import visible
from forensics.report.document import schema, to_json
from forensics.report.html import render_html
from tests.report import made

VALIDATOR = Draft202012Validator(schema())
SENTENCES = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=120)
NAMES = st.from_regex(r"[a-z]{3,8}(-[a-z]{3,8})?", fullmatch=True)
CAVEATS = st.builds(Caveat, id=NAMES, text=SENTENCES)
FINDINGS = st.builds(
    lambda name, text, caveats: Finding(
        id=name, template=text.replace("{", "{{").replace("}", "}}"), caveats=tuple(caveats)
    ),
    NAMES,
    SENTENCES,
    st.lists(CAVEATS, max_size=3),
)
RESULTS = st.one_of(
    st.builds(lambda f: Ran(findings=tuple(f)), st.lists(FINDINGS, max_size=3)),
    st.builds(NotApplicable, why=SENTENCES),
    st.builds(NotRun, needs=SENTENCES),
    st.builds(Failed, error=SENTENCES),
)
OUTCOMES = st.lists(
    st.builds(
        Outcome,
        analysis=NAMES,
        version=st.integers(1, 99),
        examines=st.just(()),
        result=RESULTS,
        viewing_aid=st.booleans(),
    ),
    max_size=4,
)
LISTS = st.lists(SENTENCES, max_size=3).map(tuple)


class _Words(HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.found, self.style = [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.style = tag == "style"

    def handle_data(self, data):
        if not self.style:
            self.found.append(data)


def squashed(text):
    """Without white space, which wrapping and markup may change."""
    return "".join(text.split())


def page_words(report):
    return "".join(_Words(render_html(report)).found)


@settings(max_examples=40)
@given(outcomes=OUTCOMES, unconfirmed=LISTS, settling=LISTS, width=st.sampled_from([40, 60, 80]))
def test_nothing_is_lost_in_any_format(as_text, outcomes, unconfirmed, settling, width):
    report = made.still()
    report = replace(
        report,
        outcomes=tuple(outcomes),
        verdict=replace(
            report.verdict, could_not_be_confirmed=unconfirmed, would_settle_it=settling
        ),
    )
    value = orjson.loads(to_json(report))
    VALIDATOR.validate(value)
    text, page = squashed(as_text(report, width)), squashed(page_words(report))

    assert value["verdict"]["could_not_be_confirmed"] == list(unconfirmed)
    assert value["verdict"]["would_settle_it"] == list(settling)
    for sentence in (*unconfirmed, *settling):
        assert squashed(visible(sentence)) in text
        assert squashed(visible(sentence)) in page

    for outcome, told in zip(outcomes, value["outcomes"], strict=True):
        status = words.OUTCOMES[outcome.status]
        assert (told["analysis"], told["status"]) == (outcome.analysis, outcome.status)
        assert squashed(f"{outcome.analysis} v{outcome.version}: {status}") in text
        row = f"{outcome.analysis} version {outcome.version}{status}"
        assert squashed(row) in page
        if outcome.why is not None:
            assert told["why"] == outcome.why
            assert squashed(visible(outcome.why)) in text
            assert squashed(visible(outcome.why)) in page
        for finding, said in zip(outcome.findings, told["findings"], strict=True):
            assert said["statement"] == finding.statement
            assert squashed(visible(finding.statement)) in text
            assert squashed(visible(finding.statement)) in page
            assert said["caveats"] == [{"id": c.id, "text": c.text} for c in finding.caveats]
            for caveat in finding.caveats:
                assert squashed(visible(caveat.text)) in text
                assert squashed(visible(caveat.text)) in page


@pytest.mark.parametrize("name", ["drone", "still"])
def test_every_format_names_the_record(name, as_text):
    report = getattr(made, name)()
    receipt = report.receipt
    value = orjson.loads(to_json(report))["ledger"]
    assert (value["size"], value["root"]) == (receipt.size, receipt.root)
    text, page = as_text(report), page_words(report)
    for told in (text, page):
        assert receipt.ledger in told
        assert words.verify_command(report) in told
        assert ", ".join(words.runs(receipt.entries)) in told
    assert f"root {receipt.root[:12]}" in text
    assert receipt.root in page


FORBIDDEN = re.compile(r"\b(real|fake|authentic|genuine|true|false|deepfake)\b|%|!", re.IGNORECASE)


def test_our_own_words_judge_no_truth(as_text):
    """The reports made here hold only plain sentences, so whatever is found would be ours."""
    for report in (made.drone(), made.still()):
        text = as_text(report).replace("\n", " ")
        assert not FORBIDDEN.findall(text)
        assert not FORBIDDEN.findall(page_words(report).removeprefix("\n"))


def test_the_template_holds_no_such_word_in_any_branch():
    folder = resources.files("forensics.report") / "templates"
    template = "".join((folder / f"{n}.html.j2").read_text() for n in ("report", "parts"))
    prose = re.sub(r"\{[%#{].*?[%#}]\}|<[^>]*>", " ", template, flags=re.DOTALL)
    said = " ".join(f"{m.id} {m.many}" for m in said_in_template(template))
    assert "Skip to the report" in said
    assert not FORBIDDEN.findall(prose.replace("<!doctype html>", "") + said)
