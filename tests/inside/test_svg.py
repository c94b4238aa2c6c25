"""SVG as a tree: programs, metadata, texts, pictures, links and scripts, and hostile drawings."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.inside.summary import summarise
from forensics.inside.svg import read_svg
from forensics.model import Part
from tests.inside import hostile

PICTURE = b"\x89PNG\r\n\x1a\n picture"
DRAWING = (
    b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- Created with Inkscape (http://www.inkscape.org/) -->
<!-- a note -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
<!ENTITY ns_x "http://ns.adobe.com/Extensibility/1.0/"> ]>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="&ns_x;" xmlns:l="http://www.w3.org/1999/xlink"
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:cc="http://creativecommons.org/ns#" xmlns:i="http://www.inkscape.org/namespaces/inkscape"
 xmlns:s="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" width="10" viewBox="0 0 10 20"
 i:version="0.92.3" s:docname="/home/jo/map.svg"><title>Front</title><desc>By day</desc>
<metadata><rdf:RDF><cc:Work rdf:about=""><dc:title>My map</dc:title><dc:date>2025-01-02</dc:date>
<dc:creator><cc:Agent><dc:title>Jo &amp; Co</dc:title></cc:Agent></dc:creator></cc:Work></rdf:RDF></metadata>
<style>@import url("https://x.example/a.css"); text{font-family: 'Noto Sans', serif}</style>
<g display="none" i:label="secret"><title>layer</title><text>hidden words</text></g>
<text style="font-family:Arial">Kyiv <tspan>now</tspan></text>
<image l:href="data:image/png;base64,"""
    + b64encode(PICTURE)
    + b""""/><image href="../x.jpg"/><a href="https://x.example"><rect onclick="alert(1)"/></a>
<script>alert(2)</script><use href="#g"/></svg>"""
)


def tree(data: bytes) -> Part:
    return hostile.read(read_svg, data)


def test_programs_and_titles_are_told() -> None:
    found = tree(DRAWING)
    assert (found.name, found.trouble) == ("SVG", None)
    assert [p.value for p in found.all("Program")] == [
        "Inkscape 0.92.3",
        "Created with Inkscape (http://www.inkscape.org/)",
    ]
    assert (found.text("Title"), found.text("Description")) == ("Front", "By day")
    named = found.first("docname")
    assert named is not None
    assert (named.value, named.personal) == ("/home/jo/map.svg", True)
    assert [p.value for p in found.all("Remark")][1] == "a note"
    assert "http://ns.adobe.com/Extensibility/1.0/" in [p.value for p in found.all("Namespace")]


def test_metadata_are_read_though_their_prefixes_are_declared_around_them() -> None:
    found = tree(DRAWING)
    assert found.text("XMP", "dc:title") == "My map"
    assert found.text("XMP", "dc:creator", "cc:Agent", "dc:title") == "Jo & Co"
    facts = summarise(Part(name="File", parts=(found,)))
    assert next(f.value for f in facts if f.role == "software") == "Inkscape 0.92.3"
    assert "My map" in [f.value for f in facts if f.role == "description"]


def test_texts_fonts_pictures_links_and_scripts_are_listed() -> None:
    found = tree(DRAWING)
    assert [p.value for p in found.first("Text").parts] == ["layer", "hidden words", "now", "Kyiv"]
    assert [p.value for p in found.first("Fonts").parts] == ["Noto Sans", "serif", "Arial"]
    assert [(p.name, p.value) for p in found.first("Hidden").parts] == [("g", "secret")]
    inside, elsewhere = found.first("Pictures").parts
    assert (inside.value, inside.text("Preview")) == ("image/png", str(len(PICTURE)))
    assert (elsewhere.value, elsewhere.meaning) == ("../x.jpg", "elsewhere; not opened")
    assert [p.value for p in found.first("Links").parts] == [
        "https://x.example/a.css",
        "https://x.example",
    ]
    assert [p.value for p in found.first("Scripts").parts] == ["alert(1)", "alert(2)"]


def test_a_drawing_with_nothing_in_it() -> None:
    assert tree(b'<svg xmlns="http://www.w3.org/2000/svg"/>').trouble is None


# Hostile drawings


def test_it_stands_being_cut_anywhere() -> None:
    for size in range(0, len(DRAWING), 3):
        tree(DRAWING[:size])


@settings(max_examples=60, deadline=None)
@given(places=st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), max_size=12))
def test_it_stands_changed_bytes(places: list[tuple[int, int]]) -> None:
    hostile.changed(read_svg, DRAWING, places)


NESTED = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
)
HOSTILE = {
    "entities of entities": b'<!DOCTYPE svg [<!ENTITY e0 "ha">'
    + NESTED
    + b"]>"
    + SVG
    + b"><text>&e11;</text></svg>",
    "an entity often": b'<!DOCTYPE svg [<!ENTITY e "'
    + b"a" * 99
    + b'">]>'
    + SVG
    + b' a="'
    + b"&e;" * 200_000
    + b'"/>',
    "a file": b'<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    + SVG
    + b"><text>&e;</text></svg>",
    "elements 10,000 deep": SVG + b">" + b"<g>" * 10_000,
    "metadata 10,000 deep": SVG + b"><r:RDF>" + b"<r:li>" * 10_000,
    "metadata without end": SVG + b"><r:RDF><r:Description/>",
    "many elements": SVG + b">" + b"<g/>" * 60_000,
    "many attributes": SVG + b"".join(b' onx%d="1"' % n for n in range(5000)) + b"/>",
    "many namespaces": SVG + b"".join(b' xmlns:n%d="u%d"' % (n, n) for n in range(5000)) + b"/>",
    "no base64": SVG + b'><image href="data:image/png;base64,A%zz"/></svg>',
    "parameters of data": SVG + b'><image href="data:' + b";" * 100_000 + b'"/></svg>',
    "styles": SVG + b' style="' + b"font-family:" * 50_000 + b"url(" * 50_000 + b'"/>',
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_drawings_end_in_a_tree(data: bytes) -> None:
    found = hostile.read_or_limit(read_svg, data)
    assert found is None or found.name == "SVG"
    assert "root:" not in repr(found)


@pytest.mark.parametrize("text", hostile.NASTY)
def test_texts_come_through_as_they_are(text: str) -> None:
    plain = "".join(c if c >= " " or c in "\n\t" else "?" for c in text).replace("\r", "")
    escaped = plain.replace("&", "&amp;").replace("<", "&lt;").encode()
    assert tree(SVG + b"><text>" + escaped + b"</text></svg>").text("Text", "text") == plain.strip()


names = st.sampled_from(["svg", "g", "text", "title", "image", "script", "style", "metadata", "a"])
attributes = st.dictionaries(
    st.sampled_from(["href", "style", "onload", "display", "font-family", "opacity"]),
    st.sampled_from(["none", "data:,x", "data:;base64,QQ==", "javascript:x", "#a", "url(x)", "0"]),
    max_size=3,
)
elements = st.recursive(
    st.text(st.characters(min_codepoint=97, max_codepoint=122), max_size=5).map(str.encode),
    lambda inner: st.builds(
        lambda name, given, content: (
            b"<%s%s>%s</%s>"
            % (
                name.encode(),
                b"".join(b' %s="%s"' % (k.encode(), v.encode()) for k, v in given.items()),
                b"".join(content),
                name.encode(),
            )
        ),
        names,
        attributes,
        st.lists(inner, max_size=3),
    ),
    max_leaves=10,
)


@settings(deadline=None)
@given(st.lists(elements, max_size=4))
def test_any_elements_are_read(inside: list[bytes]) -> None:
    assert tree(SVG + b">" + b"".join(inside) + b"</svg>").trouble is None
