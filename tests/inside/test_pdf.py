"""PDF as a tree: savings, information, what pages hold, what is hidden, and hostile files."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.inside.pdf import read_pdf
from forensics.inside.pdfobjects import Lexer, Malformed, Name, Ref, text
from forensics.inside.summary import summarise
from forensics.model import Part
from tests.inside import hostile, paged
from tests.inside.paged import CATALOG, TRAILER, Made, packed, stream


def tree(data: bytes) -> Part:
    return hostile.read(read_pdf, data)


def with_objects(*bodies: bytes, **replaced: bytes) -> Part:
    """The tree of a file with more objects, numbered from 7 on; `o3` replaces the third."""
    objects = CATALOG | {int(k[1:]): v for k, v in replaced.items()}
    return tree(Made().save(objects | dict(enumerate(bodies, 7)), TRAILER).data)


@pytest.mark.parametrize("data", [paged.plain(), paged.modern()], ids=["text", "streams"])
def test_what_a_page_and_its_document_state(data: bytes) -> None:
    found = tree(data)
    assert (found.name, found.trouble) == ("PDF", None)
    assert found.text("Version") == "1.7"
    assert found.text("Pages") == "1"
    assert found.text("Language") == "uk-UA"
    assert found.text("XMP", "xmp:CreatorTool") == "A writer"
    assert len(list(found.all("XMP"))) == 1
    hidden = found.first("Hidden text", "Page 1")
    assert hidden is not None
    assert (hidden.value, hidden.meaning) == (2, "pieces of text not painted; 2 others in it are")


def test_each_saving_says_what_it_changed() -> None:
    found = tree(paged.changed())
    first, second, third = found.first("Generations").parts
    assert (found.text("Generations"), found.trouble) == ("3", None)
    assert [g.text("Objects") for g in (first, second, third)] == ["6", "1", "1"]
    assert (second.text("Replaced"), third.text("Deleted")) == ("1", "1")
    assert (first.text("Producer"), second.text("Producer")) == ("Writer 1", "Editor 2")
    assert third.first("Producer") is None, "said only where it changes"
    assert [g.at for g in (first, second, third)] == [0, first.size, first.size + second.size]
    assert found.text("Info", "Producer") == "Editor 2"
    assert "saved again" in found.first("First identifier").meaning


def test_savings_with_tables_in_streams() -> None:
    found = tree(paged.modern())
    first, second = found.first("Generations").parts
    assert (first.text("Table"), first.text("Producer")) == ("stream", "Writer 1")
    assert (second.text("Replaced"), second.text("Producer")) == ("1", "Editor 2")


def test_only_the_last_saving_speaks_for_the_file() -> None:
    facts = summarise(Part(name="File", parts=(tree(paged.changed()),)))
    assert [f.value for f in facts if f.role == "software"] == ["A writer", "Editor 2"]
    assert [f.value for f in facts if f.role == "modified"] == ["D:20250607080910Z"]


def test_information_is_text_in_any_coding() -> None:
    found = with_objects(
        o5=b"<< /Author <FEFF042E> /Title (\\344\\200\\n\\)) /Own#20Key (x) /Trapped /True >>"
    )
    info = found.first("Info")
    assert info is not None
    assert {p.name: (p.value, p.personal) for p in info.parts} == {
        "Author": ("Ю", True),
        "Title": ("ä•\n)", True),
        "Own Key": ("x", True),
        "Trapped": ("True", False),
    }


def test_fonts_and_pictures_are_listed() -> None:
    found = with_objects(
        b"<< /Type /Font /Subtype /TrueType /BaseFont /ABCDEF+Arial /FontDescriptor 8 0 R >>",
        b"<< /Type /FontDescriptor /FontFile2 9 0 R >>",
        stream(b"font"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        stream(
            b"\xff\xd8 jpeg \xff\xd9",
            b"/Type /XObject /Subtype /Image /Width 3 /Height 2 /BitsPerComponent 8 /Filter /DCTDecode"
            b" /ColorSpace [/ICCBased 9 0 R]",
        ),
    )
    assert [(p.value, p.meaning) for p in found.all("Font")] == [
        ("ABCDEF+Arial", "TrueType; embedded, only the characters used"),
        ("Helvetica", "Type1; not embedded"),
    ]
    image = found.first("Image")
    assert image is not None
    assert (image.value, image.size, image.text("Colours")) == ("3 × 2", 10, "ICCBased")


def test_layers_attachments_scripts_and_links_are_named() -> None:
    found = with_objects(
        b"<< /Type /OCG /Name (Front lines) >>",
        b"<< /Type /Filespec /F (a.txt) /UF <FEFF0430> /EF << /F 9 0 R >> /Desc (notes) >>",
        stream(b"hello", b"/Subtype /text#2Fplain /Params << /Size 5 /ModDate (D:2025) >>"),
        b"<< /Type /Annot /Subtype /Link /Rect [0 0 1 1] /A << /S /URI /URI (https://x.example) >> >>",
        b"<< /S /JavaScript /JS 12 0 R >>",
        packed(b"app.alert(1)"),
        b"<< /S /Launch /F (cmd.exe) >>",
        b"<< /Type /Annot /Subtype /Redact /Rect [0 0 1 1] >>",
        o1=b"<< /Type /Catalog /Pages 2 0 R /OCProperties << /D << /OFF [7 0 R] >> >> /OpenAction 11 0 R >>",
    )
    layer, attached = found.first("Layer"), found.first("Attachment")
    assert layer is not None
    assert attached is not None
    assert (layer.value, layer.meaning) == ("Front lines", "off when the document is opened")
    assert (attached.value, attached.size, attached.text("Size")) == ("а", 5, "5")
    assert attached.text("Media type") == "text/plain"
    assert found.text("Link") == "https://x.example"
    assert found.text("Script") == "app.alert(1)"
    assert found.text("Launch") == "cmd.exe"
    assert found.first("OpenAction") is not None
    assert {p.name: p.value for p in found.first("Annotations").parts} == {"Link": 1, "Redact": 1}
    assert "still in the file" in found.first("Annotations", "Redact").meaning


def signed(length: int) -> str:
    covered = b"<< /Type /Sig /Filter /Adobe.PPKLite /Name (Jo) /ByteRange [0 9 20 %d] >>" % length
    found = tree(Made().save(CATALOG | {7: covered}, TRAILER).data).first("Signature")
    assert found is not None
    assert found.text("Name") == "Jo"
    return found.meaning


def test_a_signature_says_what_it_covers_and_that_it_is_not_verified() -> None:
    size = len(Made().save(CATALOG | {7: b"x" * 72}, TRAILER).data)
    assert "were appended after it; not verified here" in signed(100)
    assert "covers the whole file" in signed(
        size - 20 + len(b"%d" % size) - len(b"1")
    )  # length of the number
    assert "does not cover" in signed(10**9)


def test_pages_laid_on_a_map() -> None:
    viewport = (
        b"/VP [<< /Type /Viewport /Name (Sheet) /BBox [0 0 100 100] /Measure << /Type /Measure /Subtype /GEO "
        b"/GPTS [50 30 51 30 51 31.5 50 31.5] /GCS << /Type /PROJCS /EPSG 32636 /WKT (PROJCS[1]) >> >> >>]"
    )
    registered = (
        b"/LGIDict << /Type /LGIDict /Version (2.1) /Registration [[(1) (2) (30.5) (50.5)]] "
        b"/Projection << /ProjectionType (UT) /Zone 36 >> >>"
    )
    found = with_objects(
        o3=b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] %s %s >>" % (viewport, registered)
    )
    one = found.first("Viewport")
    assert one is not None
    assert {p.name: p.value for p in one.first("Extent").parts} == {
        "West": "30",
        "South": "50",
        "East": "31.5",
        "North": "51",
    }
    assert (one.value, one.text("GCS", "EPSG"), one.text("GCS", "WKT")) == (
        "Sheet",
        "32636",
        "PROJCS[1]",
    )
    assert found.text("LGIDict", "Registration", "Point") == "1 2 30.5 50.5"
    assert found.text("LGIDict", "Projection", "Zone") == "36"


def test_what_is_encrypted_is_said_and_not_shown() -> None:
    lock = b"<< /Filter /Standard /V 2 /R 3 /P -44 >>"
    found = tree(Made().save(CATALOG | {7: lock}, TRAILER + b" /Encrypt 7 0 R").data)
    assert "encrypted" in (found.first("Encryption").trouble or "")
    assert found.first("Info") is None
    assert found.first("XMP") is None
    assert found.text("Pages") == "1"


def test_a_document_within_or_before_another_is_hinted_at() -> None:
    inside = Made().save(CATALOG | {7: stream(paged.plain())}, TRAILER).data
    assert "2 end marks where 1" in (tree(inside).first("Generations").trouble or "")
    behind = tree(paged.plain() + b"more than this")
    assert behind.text("Trailing data") == str(len(b"\nmore than this"))
    before = tree(b"\0" * 9 + paged.plain())
    assert (before.first("Version").trouble, before.text("Pages")) == (
        "9 bytes stand before it.",
        "1",
    )


def test_objects_are_looked_for_where_the_table_is_gone() -> None:
    for data in (paged.plain(), paged.modern()):
        lost = tree(data.replace(b"startxref", b"startxxxx"))
        assert "looked for" in (lost.trouble or "")
        assert lost.text("Pages") == "1"


# Hostile files


@pytest.mark.parametrize("data", [paged.changed(), paged.modern()], ids=["text", "streams"])
def test_it_stands_being_cut_anywhere(data: bytes) -> None:
    for size in range(0, len(data), 5):
        tree(data[:size])


@pytest.mark.parametrize("data", [paged.changed(), paged.modern()], ids=["text", "streams"])
@settings(max_examples=60, deadline=None)
@given(places=st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), max_size=12))
def test_it_stands_changed_bytes(data: bytes, places: list[tuple[int, int]]) -> None:
    hostile.changed(read_pdf, data, places)


@pytest.mark.parametrize("words", hostile.NASTY)
def test_texts_come_through_as_they_are(words: str) -> None:
    coded = b"<FEFF" + words.encode("utf-16-be").hex().encode() + b">"
    assert with_objects(o5=b"<< /Producer %s >>" % coded).text("Info", "Producer") == words


HUGE = b"9223372036854775808"
HOSTILE = {
    "a chain that bites its tail": Made()
    .save(CATALOG, TRAILER + b" /Prev 20")
    .data.replace(b"/Prev 20", b"/Prev %d" % Made().save(CATALOG).data.rindex(b"xref\n0")),
    "a table of 2^63 entries": paged.plain().replace(b"xref\n0 1\n", b"xref\n0 9999999999\n"),
    "a length of 2^63": paged.plain().replace(b"/Length", b"/Length " + HUGE + b" %"),
    "a stream whose length leads to itself": Made()
    .save(CATALOG | {4: b"<< /Length 4 0 R >>\nstream\nx\nendstream"}, TRAILER)
    .data,
    "an object that is itself": Made().save(CATALOG | {5: b"5 0 R"}, TRAILER).data,
    "pages that hold themselves": Made()
    .save(CATALOG | {2: b"<< /Kids [2 0 R 2 0 R 3 0 R 3 0 R] >>"}, TRAILER)
    .data,
    "arrays 10,000 deep": Made().save(CATALOG | {7: b"[" * 10_000 + b"]" * 10_000}, TRAILER).data,
    "dictionaries 10,000 deep": Made().save(CATALOG | {7: b"<< /a " * 10_000}, TRAILER).data,
    "a string without an end": Made().save(CATALOG | {7: b"(" * 10_000}, TRAILER).data,
    "strings over strings": b"%PDF-1.4\n" + b"".join(b"%d 0 obj (" % n for n in range(1, 30_000)),
    "comments over comments": b"%PDF-1.4\n"
    + b"".join(b"%d 0 obj %%" % n for n in range(1, 30_000)),
    "percent signs": b"%PDF-1.4\n1 0 obj " + b"%" * 200_000,
    "numbers": b"%PDF-1.4\n" + b"1 " * 200_000,
    "startxref": b"%PDF-1.4\n" + b"startxref\n9\n%%EOF\n" * 20_000,
    "trailers": b"%PDF-1.4\n" + b"trailer << /Root 1 0 R " * 20_000,
    "widths of nothing": paged.modern().replace(b"/W [1 3 1]", b"/W [0 0 0]"),
    "widths of 2^63": paged.modern().replace(b"/W [1 3 1]", b"/W [1 %s 1]" % HUGE),
    "an index of 2^63": paged.modern().replace(b"/Index [", b"/Index [0 %s " % HUGE),
    "columns of 2^63": paged.modern().replace(b"/Columns 5", b"/Columns " + HUGE),
    "a first of 2^63": paged.modern().replace(b"/First ", b"/First " + HUGE),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_end_in_a_tree(data: bytes) -> None:
    found = hostile.read_or_limit(read_pdf, data)
    assert found is None or found.name == "PDF"


def test_streams_that_unfold_are_bounded() -> None:
    bomb = zlib.compress(b" " * (64 << 20), 9)
    objects = {n: stream(bomb, b"/Subtype /Form /Filter /FlateDecode") for n in range(7, 17)}
    hostile.read_or_limit(read_pdf, Made().save(CATALOG | objects, TRAILER).data)


def test_an_object_stream_that_holds_its_own_length() -> None:
    body = b"7 0\n99\n"
    holder = b"<< /Type /ObjStm /N 1 /First 4 /Length 7 0 R >>\nstream\n" + body + b"\nendstream"
    made = Made().save_packed({9: holder, **CATALOG}, {7: b"1"}, TRAILER)
    assert tree(made.data).text("Pages") == "1"


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.binary(max_size=12)
    | st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=6).map(Name)
    | st.builds(Ref, st.integers(0, 10**9), st.integers(0, 65535)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(min_codepoint=65, max_codepoint=90), max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def written(value: object) -> bytes:
    if value is None or isinstance(value, bool):
        return {None: b"null", True: b"true", False: b"false"}[value]
    if isinstance(value, Name):
        return b"/" + b"".join(b"#%02x" % c for c in value.encode())
    if isinstance(value, Ref):
        return b"%d %d R" % (value.number, value.generation)
    if isinstance(value, bytes):
        return b"(" + b"".join(b"\\%03o" % c for c in value) + b")"
    if isinstance(value, list):
        return b"[" + b" ".join(map(written, value)) + b"]"
    if isinstance(value, dict):
        return (
            b"<<" + b"".join(b"/%s %s" % (k.encode(), written(v)) for k, v in value.items()) + b">>"
        )
    return b"%d" % value


@given(values)
def test_what_is_written_is_read(value: object) -> None:
    assert Lexer(written(value)).value() == value


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_none(data: bytes) -> None:
    try:
        value = Lexer(data).value()
    except Malformed:
        return
    assert text(value) is None or isinstance(value, bytes | Name)
