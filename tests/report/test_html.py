import base64
import itertools
import re
import unicodedata
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import pytest

from forensics.model import Picture
from forensics.report.html import render_html
from tests.report import made

GOLDEN = Path(__file__).parent / "golden"
VOID = {"meta", "img", "br", "rect", "polygon"}
PLAIN = "plain"


class Page(HTMLParser):
    """Reads a page strictly: every element closed in order, every attribute kept."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.text, self.texts = [], [], [], []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert tag in VOID
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.texts.append((tuple(self.open), data))

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def words(self):
        return " ".join("".join(data for _, data in self.texts).split())


@pytest.mark.parametrize("name", ["drone", "still"])
def test_golden(name, golden):
    golden(GOLDEN / f"{name}.html", render_html(getattr(made, name)()).encode())


@pytest.fixture(scope="module")
def page():
    return Page(render_html(made.drone()))


def test_it_is_a_whole_document(page):
    text = render_html(made.drone())
    assert text.startswith("<!doctype html>\n")
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == 1
    assert [len(page.all(tag)) for tag in ("header", "main", "nav", "footer")] == [1, 1, 1, 1]


def test_nothing_is_fetched_and_nothing_runs(page):
    tags = {name for name, _ in page.tags}
    assert not tags & {"script", "link", "iframe", "object", "embed", "form", "base", "video"}
    for _, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on")]
        assert "srcset" not in attrs
        assert attrs.get("src", "data:image/png;base64,").startswith("data:image/")
        assert attrs.get("href", "#").startswith("#")
    css = (resources.files("forensics.report") / "templates/report.css").read_text()
    assert "url(" not in css
    assert "@import" not in css


def test_the_policy_forbids_the_rest(page):
    policies = [
        a["content"] for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policies == [
        (
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
            "base-uri 'none'; form-action 'none'"
        )
    ]


def test_ids_are_unique_and_links_arrive(page):
    ids = Counter(attrs["id"] for _, attrs in page.tags if "id" in attrs)
    assert max(ids.values()) == 1
    wanted = {attrs["href"][1:] for attrs in page.all("a")}
    wanted |= {attrs["aria-labelledby"] for _, attrs in page.tags if "aria-labelledby" in attrs}
    assert wanted <= set(ids)
    assert "finding-0-1" in wanted


def test_headings_skip_no_level(page):
    levels = [int(name[1]) for name, _ in page.tags if re.fullmatch("h[1-6]", name)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_pictures_say_what_they_show_and_tables_what_they_list(page):
    assert len(page.all("img")) == 9
    assert all(attrs["alt"] and attrs["width"] for attrs in page.all("img"))
    assert len(page.all("table")) == len(page.all("caption"))
    assert all(attrs["scope"] in {"row", "col"} for attrs in page.all("th"))
    assert all(attrs["aria-label"] for attrs in page.all("svg"))


def test_a_picture_is_embedded_byte_for_byte(page, drone):
    sources = {attrs["src"] for attrs in page.all("img")}
    for picture in drone.pictures:
        assert f"data:image/png;base64,{base64.b64encode(picture.data).decode()}" in sources


@pytest.mark.parametrize("mime", ["image/svg+xml", "text/html", 'image/png" onload="x'])
def test_a_picture_of_another_type_is_not_embedded(mime, still):
    picture = Picture(
        id="frame/0", caption="c", mime=mime, data=b"<svg onload=x>", width=8, height=6
    )
    page = Page(render_html(replace(still, pictures=(picture,))))
    assert not page.all("img")
    assert "No picture could be shown here." in page.words


def test_a_missing_exhibit_is_said(drone):
    page = Page(render_html(replace(drone, pictures=())))
    assert "No picture could be shown here. Error level at quality 90" in page.words
    assert "Frames" not in page.words


def test_reasons_point_to_their_findings(page):
    assert {"href": "#finding-7-0"} in page.all("a")
    assert "Rule copy-precedes-event; rests on earlier-copies/earlier-copy" in page.words


def test_viewing_aids_stand_apart(page):
    aids = page.words.index("Helps the eye; moves no verdict.")
    assert aids < page.words.index("A map of what is lost when")
    assert page.words.index("The container was written by Lavf60.16.100") < aids


def test_what_is_sealed_is_said_and_the_checkpoint_is_verbatim(page, drone):
    assert "This report is not itself inside the seal." in page.words
    verbatim = "".join(data for opened, data in page.texts if opened[-1:] == ("pre",))
    assert verbatim == drone.receipt.checkpoint


def test_no_claim_no_quotation(still):
    page = Page(render_html(still))
    assert not page.all("blockquote")
    assert "This is about what the file itself states or implies" in page.words


HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": '" onerror="alert(1)" x=\'',
    "end-of-style": "</style></title></pre><img src=x onerror=alert(1)>",
    "comment": "<!-- --> ]]> <![CDATA[",
    "template": "{{ 7*7 }}{% for x in y %}{# #}",
    "entity": "&lt;script&gt;&#x202e;",
    "address": "javascript:alert(1)",
    "terminal-escapes": "\x1b[2J\x1b]0;x\x07",
    "null": "a\0b",
    "reversed-order": "a\u202egpj.exe\u2066\u200f",
    "forged-lines": "a\nb\r\nc\u2028d",
    "not-utf-8": "\udcff.mp4",
    "ten-thousand-characters": "<b>" * 3334,
}


@pytest.fixture(scope="module")
def plain():
    return Page(render_html(made.hostile(PLAIN)))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_changes_no_element_and_no_attribute(name, plain):
    raw = render_html(made.hostile(HOSTILE[name]))
    page = Page(raw)

    def shape(found):
        return [
            (tag, [(k, v if k not in {"alt"} else "") for k, v in a.items()]) for tag, a in found
        ]

    assert shape(page.tags) == shape(plain.tags)
    kinds = {unicodedata.category(c) for c in raw.replace("\n", "")}
    assert not kinds & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert len(raw) < 400_000
    raw.encode()


def test_hostile_text_can_still_be_read():
    words = Page(render_html(made.hostile("<b>\u202egpj.exe"))).words
    assert "The file says <b>⟨U+202E⟩gpj.exe." in words


def _palettes():
    css = (resources.files("forensics.report") / "templates/report.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    found = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", block)) for block in blocks]
    return list(zip(("light", "dark", "print"), found, strict=True))


def _luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(one, two):
    high, low = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("name", "palette"), _palettes())
def test_contrast_is_enough_to_read(name, palette):
    """WCAG 2.2, 1.4.3 for text and 1.4.11 for the drawing."""
    for ground in ("paper", "tint", "raised"):
        for ink in ("ink", "soft", "accent"):
            assert _contrast(palette[ink], palette[ground]) >= 4.5, (ink, ground)
    assert _contrast(palette["match"], palette["paper"]) >= 3
    assert _contrast(palette["match"], palette["rule"]) >= 3
