"""XMP: every form in which RDF writes a property, and packets made to do harm."""

from __future__ import annotations

import time
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.errors import LimitExceeded
from forensics.inside.window import MAX_DEPTH, MAX_TEXT, Allowance, Window
from forensics.inside.xmp import MAX_PACKETS, find_packets, read_xmp
from forensics.inside.xmp_tree import MAX_NODES
from forensics.model import Part

NAMES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"'
    ' xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"'
    ' xmlns:stRef="http://ns.adobe.com/xap/1.0/sType/ResourceRef#"'
    ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"'
    ' xmlns:other="http://names.example/"'
)


def packet(inner: str, attributes: str = "", *, wrapped: bool = True) -> bytes:
    """A packet with one description."""
    text = (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Tests 1"><rdf:RDF {NAMES}>'
        f'<rdf:Description rdf:about="" {attributes}>{inner}</rdf:Description></rdf:RDF></x:xmpmeta>'
    )
    if wrapped:
        text = f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>{text}\n  \n<?xpacket end="w"?>'
    return text.encode()


def read(data: bytes) -> Part:
    return read_xmp(Window.over(data))


def shape(part: Part) -> list[tuple[tuple[str, ...], object]]:
    """Names and values of everything below the packet, without the toolkit."""
    return [(way, p.value) for way, p in part.walk() if way[0] != "x:xmptk"]


def test_properties_as_attributes_and_as_elements_are_the_same() -> None:
    attributes = read(packet("", 'xmp:CreatorTool="T 1" xmp:Rating="3"'))
    elements = read(packet("<xmp:CreatorTool>T 1</xmp:CreatorTool><xmp:Rating>3</xmp:Rating>"))
    assert shape(attributes) == shape(elements)
    assert shape(elements) == [(("xmp:CreatorTool",), "T 1"), (("xmp:Rating",), "3")]
    assert elements.trouble is None
    assert elements.text("x:xmptk") == "Tests 1"


def test_arrays_of_each_kind_have_numbered_items() -> None:
    for kind in ("Bag", "Seq", "Alt"):
        found = read(
            packet(
                f"<dc:subject><rdf:{kind}><rdf:li>a</rdf:li><rdf:li>b</rdf:li></rdf:{kind}></dc:subject>"
            )
        )
        assert shape(found) == [
            (("dc:subject",), None),
            (("dc:subject", "1"), "a"),
            (("dc:subject", "2"), "b"),
        ]


def test_languages_are_told() -> None:
    found = read(
        packet(
            '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">A</rdf:li><rdf:li xml:lang="uk">Б</rdf:li>'
            "</rdf:Alt></dc:title>"
        )
    )
    items = found.first("dc:title")
    assert items is not None
    assert [(p.value, p.meaning) for p in items.parts] == [
        ("A", "the text for every language without its own"),
        ("Б", "language uk"),
    ]
    assert all(p.personal for p in items.parts)


STRUCTURES = {
    "resource": '<xmpMM:DerivedFrom rdf:parseType="Resource"><stRef:documentID>d</stRef:documentID>'
    "<stRef:instanceID>i</stRef:instanceID></xmpMM:DerivedFrom>",
    "description": "<xmpMM:DerivedFrom><rdf:Description><stRef:documentID>d</stRef:documentID>"
    "<stRef:instanceID>i</stRef:instanceID></rdf:Description></xmpMM:DerivedFrom>",
    "short description": '<xmpMM:DerivedFrom><rdf:Description stRef:documentID="d" stRef:instanceID="i"/>'
    "</xmpMM:DerivedFrom>",
    "attributes": '<xmpMM:DerivedFrom stRef:documentID="d" stRef:instanceID="i"/>',
}


@pytest.mark.parametrize("form", STRUCTURES)
def test_a_structure_is_the_same_in_every_form(form: str) -> None:
    assert shape(read(packet(STRUCTURES[form]))) == [
        (("xmpMM:DerivedFrom",), None),
        (("xmpMM:DerivedFrom", "stRef:documentID"), "d"),
        (("xmpMM:DerivedFrom", "stRef:instanceID"), "i"),
    ]


@pytest.mark.parametrize(
    "form",
    [
        '<rdf:li stEvt:action="saved" stEvt:softwareAgent="Photoshop"/>',
        (
            '<rdf:li rdf:parseType="Resource"><stEvt:action>saved</stEvt:action>'
            "<stEvt:softwareAgent>Photoshop</stEvt:softwareAgent></rdf:li>"
        ),
        (
            '<rdf:li><rdf:Description stEvt:action="saved"><stEvt:softwareAgent>Photoshop'
            "</stEvt:softwareAgent></rdf:Description></rdf:li>"
        ),
    ],
    ids=["short", "resource", "mixed"],
)
def test_the_steps_of_a_history_are_read(form: str) -> None:
    found = read(packet(f"<xmpMM:History><rdf:Seq>{form}{form}</rdf:Seq></xmpMM:History>"))
    history = found.first("xmpMM:History")
    assert history is not None
    assert [p.name for p in history.parts] == ["1", "2"]
    for step in history.parts:
        assert step.text("stEvt:action") == "saved"
        assert step.text("stEvt:softwareAgent") == "Photoshop"
    assert history.meaning.startswith("steps that programs say")


def test_a_qualified_value_keeps_its_qualifier() -> None:
    found = read(
        packet(
            '<dc:source rdf:parseType="Resource"><rdf:value>here</rdf:value><other:sure>no</other:sure>'
            "</dc:source>"
        )
    )
    assert shape(found) == [(("dc:source",), "here"), (("dc:source", "other:sure"), "no")]


def test_an_address_is_a_value() -> None:
    found = read(packet('<dc:relation rdf:resource="https://place.example/"/>'))
    assert shape(found) == [(("dc:relation",), "https://place.example/")]


def test_a_well_known_namespace_has_its_own_prefix_whatever_the_file_calls_it() -> None:
    found = read(
        packet(
            '<a:CreatorTool xmlns:a="http://ns.adobe.com/xap/1.0/">T</a:CreatorTool><other:x>1</other:x>'
        )
    )
    assert shape(found) == [(("xmp:CreatorTool",), "T"), (("other:x",), "1")]


def test_what_may_name_or_place_a_person_is_marked() -> None:
    found = read(
        packet(
            "<exif:GPSLatitude>52,30.5N</exif:GPSLatitude><exif:FNumber>4/1</exif:FNumber>"
            "<photoshop:City>K</photoshop:City><photoshop:ColorMode>3</photoshop:ColorMode>"
            "<other:anything>x</other:anything><xmp:Rating>1</xmp:Rating>"
            "<dc:creator><rdf:Seq><rdf:li>A. Person</rdf:li></rdf:Seq></dc:creator>"
        )
    )
    marked = {p.name for _, p in found.walk() if p.personal}
    assert marked == {"exif:GPSLatitude", "photoshop:City", "other:anything", "dc:creator", "1"}


def test_several_descriptions_are_one_list() -> None:
    text = (
        f"<rdf:RDF {NAMES}><rdf:Description xmp:Rating='1'/><rdf:Description rdf:about='uuid:7'"
        " xmp:Label='x'/></rdf:RDF>"
    )
    assert shape(read(text.encode())) == [
        (("xmp:Rating",), "1"),
        (("rdf:about",), "uuid:7"),
        (("xmp:Label",), "x"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "utf-32"])
def test_every_encoding_of_unicode_is_read(encoding: str) -> None:
    text = packet("<dc:format>Ж€𝄞</dc:format>", wrapped=False).decode()
    assert read(text.encode(encoding)).text("dc:format") == "Ж€𝄞"


def test_zeros_around_a_packet_are_passed_over() -> None:
    assert read(bytes(64) + packet("<xmp:Rating>1</xmp:Rating>") + bytes(64)).trouble is None


def test_bytes_that_are_not_utf_8_are_replaced_and_told() -> None:
    found = read(packet("<dc:format>caf@</dc:format>").replace(b"@", b"\xe9"))
    assert found.text("dc:format") == "caf\ufffd"
    assert found.trouble


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip)
LOCALS = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,8}", fullmatch=True)
VALUES = st.recursive(
    TEXTS,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4)
        | st.dictionaries(LOCALS, inner, min_size=1, max_size=4)
    ),
    max_leaves=12,
)


def written(name: str, value: object) -> str:
    """A property in RDF, by the plainest form of each kind."""
    if isinstance(value, str):
        return f"<{name}>{escape(value)}</{name}>"
    if isinstance(value, list):
        return f"<{name}><rdf:Seq>{''.join(written('rdf:li', v) for v in value)}</rdf:Seq></{name}>"
    assert isinstance(value, dict)
    fields = "".join(written(f"other:{k}", v) for k, v in value.items())
    return f'<{name} rdf:parseType="Resource">{fields}</{name}>'


def tree(part: Part) -> object:
    """What was written, from what was read."""
    if not part.parts:
        return part.value
    if part.parts[0].name == "1":
        return [tree(p) for p in part.parts]
    return {p.name.removeprefix("other:"): tree(p) for p in part.parts}


@given(st.dictionaries(LOCALS, VALUES, min_size=1, max_size=5))
def test_what_was_written_is_read(properties: dict[str, object]) -> None:
    found = read(packet("".join(written(f"other:{k}", v) for k, v in properties.items())))
    assert found.trouble is None
    parts = [p for p in found.parts if p.name != "x:xmptk"]
    assert {p.name.removeprefix("other:"): tree(p) for p in parts} == properties


@given(st.binary(max_size=300), st.integers(0, 400))
def test_no_bytes_raise(noise: bytes, at: int) -> None:
    sample = packet("<xmp:Rating>1</xmp:Rating>", "xmp:Label='x'")
    read(noise)
    read(sample[:at] + noise + sample[at:])


def test_every_truncation_keeps_what_came_before() -> None:
    sample = packet("<xmp:Rating>1</xmp:Rating><xmp:Label>x</xmp:Label>")
    rated = sample.index(b"</xmp:Rating>") + len(b"</xmp:Rating>")
    for end in range(len(sample)):
        found = read(sample[:end])
        assert found.name == "XMP"
        if end >= rated:
            assert found.text("xmp:Rating") == "1"
        if end < sample.index(b"</x:xmpmeta>"):
            assert found.trouble


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {c} "{f"&{p};" * 10}">' for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><x>&i;</x>"
)


@pytest.mark.parametrize(
    "hostile",
    [
        BOMB,
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
        '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://place.example/">%a;]><x/>',
    ],
    ids=["billion-laughs", "external-type", "external-entity", "parameter-entity"],
)
def test_entities_and_document_types_end_the_reading(hostile: str) -> None:
    started = time.monotonic()
    found = read(hostile.encode())
    assert "entities" in (found.trouble or "")
    assert not found.parts
    assert time.monotonic() - started < 1


def test_nesting_10000_deep_is_cut() -> None:
    for name in ("x", "rdf:li", "other:y"):
        opened, closed = f"<{name}>" * 10_000, f"</{name}>" * 10_000
        found = read(packet(f"{opened}core{closed}<xmp:Rating>1</xmp:Rating>"))
        assert "deeper" in (found.trouble or "")
        assert found.text("xmp:Rating") == "1"


def test_structures_in_structures_are_cut_at_the_depth_of_all_trees() -> None:
    deep: object = "core"
    for _ in range(MAX_DEPTH + 3):
        deep = {"y": deep}
    found = read(packet(written("other:y", deep)))
    assert any("deeper" in (p.trouble or "") for _, p in found.walk()) or found.trouble
    assert max(len(way) for way, _ in found.walk()) <= MAX_DEPTH + 1


def test_ever_more_elements_and_attributes_end_the_reading() -> None:
    many = read(packet("<xmp:Rating>1</xmp:Rating>" * (MAX_NODES + 10)))
    assert "more than" in (many.trouble or "")
    assert len(many.parts) <= MAX_NODES
    wide = read(packet("", " ".join(f'other:a{n}="x"' for n in range(MAX_NODES + 10))))
    assert "more than" in (wide.trouble or "")


def test_the_allowance_of_the_file_ends_the_reading() -> None:
    data = packet("<xmp:Rating>1</xmp:Rating>" * 50)
    found = read_xmp(Window.over(data, Allowance(parts=20)))
    assert len(found.parts) == 19
    assert "parts that are kept" in (found.trouble or "")
    with pytest.raises(LimitExceeded):
        read_xmp(Window.over(data, Allowance(bytes=20)))


def test_a_long_text_is_cut_and_told() -> None:
    found = read(packet(f"<xmp:Label>{'x' * (MAX_TEXT + 1)}</xmp:Label>")).first("xmp:Label")
    assert found is not None
    assert found.value == "x" * MAX_TEXT
    assert str(MAX_TEXT + 1) in (found.trouble or "")


@pytest.mark.parametrize(
    "hostile", ["&#27;[2J", "\u202egnp.exe", "<script>", "'; DROP TABLE", "\u2028\ufeff"]
)
def test_hostile_texts_stay_texts(hostile: str) -> None:
    inner = hostile if hostile.startswith("&") else escape(hostile)
    found = read(packet(f"<xmp:Label>{inner}</xmp:Label>", f"xmp:Nickname={quoteattr(hostile)}"))
    if hostile.startswith("&"):  # XML has no place for control characters, escaped or not
        assert found.trouble
    else:
        assert found.text("xmp:Label") == hostile
        assert found.text("xmp:Nickname") == hostile


def test_half_a_surrogate_pair_is_replaced() -> None:
    found = read(packet("<xmp:Label>a@b</xmp:Label>").replace(b"@", b"\xed\xa0\x80"))
    found.text("xmp:Label").encode("utf-8")
    assert found.trouble


def test_what_is_no_xmp_is_said() -> None:
    assert read(b"").trouble
    assert read(b"<html><body/></html>").trouble
    assert read(b"\x00" * 100).trouble


def test_rdf_beyond_xmp_is_named() -> None:
    found = read(packet('<dc:format rdf:parseType="Literal"><b>x</b></dc:format>')).first(
        "dc:format"
    )
    assert found is not None
    assert "XMP forbids" in (found.trouble or "")


def test_packets_are_found_wherever_they_lie() -> None:
    one, two = (
        packet("<xmp:Rating>1</xmp:Rating>"),
        packet("<xmp:Rating>2</xmp:Rating>", wrapped=False),
    )
    data = b"junk" * 100 + one + b"x" * (1 << 20) + two + b"tail"
    found = list(find_packets(Window.over(data)))
    assert [w.at for w in found] == [400, 400 + len(one) + (1 << 20)]
    assert [read_xmp(w).text("xmp:Rating") for w in found] == ["1", "2"]
    assert read_xmp(found[0]).size == len(one)
    assert len(list(find_packets(Window.over(data), limit=1000))) == 1


@pytest.mark.parametrize("shift", range(0, 80, 7))
def test_a_packet_across_the_edge_of_a_chunk_is_found(shift: int) -> None:
    data = b"." * ((1 << 20) - shift) + packet("<xmp:Rating>1</xmp:Rating>")
    (found,) = find_packets(Window.over(data))
    assert read_xmp(found).text("xmp:Rating") == "1"


def test_packets_without_end_cost_no_more_than_the_file() -> None:
    started = time.monotonic()
    found = list(find_packets(Window.over(b"<?xpacket begin=" * 200_000)))
    assert len(found) <= MAX_PACKETS
    (only,) = find_packets(Window.over(b"<?xpacket begin=''?><x:xmpmeta>"))
    assert only.size == 31
    assert time.monotonic() - started < 5
