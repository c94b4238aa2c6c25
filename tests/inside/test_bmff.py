from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.inside.bmff import read_bmff
from forensics.inside.window import MAX_DEPTH, Window
from forensics.model import Part
from tests.inside.movies import HOSTILE, cut_everywhere, made, sound, survives
from tests.media.isobmff import box, counted, ftyp, full, hdlr, keyed

XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="An editor"/>'
    b"</rdf:RDF></x:xmpmeta>"
)


def tree(data: bytes) -> Part:
    return sound(read_bmff(Window.over(data)), len(data))


def udta(*parts: bytes) -> Part:
    return tree(ftyp() + box(b"moov", box(b"udta", *parts)))


def test_a_film_is_told_with_dates_tags_and_chapters() -> None:
    root = tree(made("a.mp4"))
    assert root.trouble is None
    assert root.text("ftyp", "major") == "isom"
    assert root.text("mvhd", "creation") == "2024-03-01T10:11:12Z"
    assert root.text("ilst", "©nam") == "A film"
    assert root.text("ilst", "©cmt") == "a note"
    title = root.first("ilst", "©nam")
    assert title is not None
    assert title.personal
    duration = root.first("mvhd", "duration")
    assert duration is not None
    assert duration.meaning.startswith("1.0")
    assert [(c.value, c.meaning) for c in root.all("chapters", "chapter")] == [
        ("One", "from 0.000 s on"),
        ("Zwei ü", "from 0.500 s on"),
    ]
    profile = root.first("avcC", "profile")
    assert profile is not None
    assert profile.meaning
    assert root.text("hdlr", "name") == "VideoHandler"
    assert [p.meaning for p in root.all("trak")][:2] == ["track of pictures", "track of sound"]


def test_keys_of_a_telephone_are_named_and_places_told_in_words() -> None:
    root = tree(made("a.mov"))
    assert root.text("com.apple.quicktime.make") == "Apple"
    place = root.first("com.apple.quicktime.location.ISO6709")
    assert place is not None
    assert place.personal
    assert place.meaning == "47.37690 north, 8.54170 east, 408 m"


@pytest.mark.parametrize(("name", "key"), [("a.3gp", "loci"), ("user.mov", "©xyz")])
def test_places_in_user_data(name: str, key: str) -> None:
    place = tree(made(name)).first("udta", key)
    assert place is not None
    assert place.personal
    assert place.meaning.startswith("47.3769")


def test_fragments_are_counted() -> None:
    root = tree(made("fragments.mp4"))
    assert root.text("fragments") == "1"
    assert root.first("moof", "traf", "tfdt", "start") is not None
    lengths = [p.meaning for p in root.all("fragments", "track")]
    assert lengths[0] == "its last sample ends at 1.000 s"
    assert lengths[1].startswith("its last sample ends at 1.0")


def test_fragments_of_every_kind_add_up() -> None:
    """What samples last stands with the track, with the fragment or with each sample."""
    head = full(b"tkhd", struct.pack(">IIIII", 0, 0, 7, 0, 0), bytes(60))
    media = full(b"mdhd", struct.pack(">IIIIHH", 0, 0, 100, 0, 0, 0))
    movie = box(
        b"moov",
        box(b"trak", head, box(b"mdia", media)),
        box(b"mvex", full(b"trex", struct.pack(">IIIII", 7, 1, 20, 0, 0))),
    )

    def fragment(
        flags: int, lasts: bytes, run: int, *samples: int, start: int | None = None
    ) -> bytes:
        head = box(b"tfhd", struct.pack(">II", flags, 7), lasts)
        time = b"" if start is None else full(b"tfdt", struct.pack(">I", start))
        body = b"".join(struct.pack(">I", s) for s in samples)
        runs = box(b"trun", struct.pack(">II", run, len(samples) or 3), body)
        return box(b"moof", box(b"traf", head, time, runs))

    parts = fragment(0, b"", 0) + fragment(8, struct.pack(">I", 5), 0)
    parts += fragment(0, b"", 0x100, 10, 15) + fragment(0, b"", 0x100, 50, start=1000)
    root = tree(ftyp() + movie + parts)
    (track,) = root.all("fragments", "track")
    assert track.value == 7
    assert track.meaning == "its last sample ends at 10.500 s"
    (track,) = tree(ftyp() + movie + parts[: -len(fragment(0, b"", 0x100, 50, start=0))]).all(
        "fragments", "track"
    )
    assert track.meaning == "its last sample ends at 1.000 s"


def test_the_telemetry_of_a_gopro_names_it() -> None:
    sample = b"DVNMc\1\0\5HERO9\0\0\0"
    at = len(ftyp()) + 8
    table = box(
        b"stbl",
        full(b"stsd", struct.pack(">I", 1), box(b"gpmd", bytes(6), b"\0\1", bytes(4))),
        full(b"stts", struct.pack(">III", 1, 1, 1000)),
        full(b"stsc", struct.pack(">IIII", 1, 1, 1, 1)),
        full(b"stsz", struct.pack(">II", len(sample), 1)),
        full(b"stco", struct.pack(">II", 1, at)),
    )
    media = box(b"mdia", hdlr(b"meta", b"GoPro MET\0"), box(b"minf", table))
    root = tree(ftyp() + box(b"mdat", sample) + box(b"moov", box(b"trak", media)))
    assert root.text("trak", "GPMF", "DVNM") == "HERO9"


def test_xmp_is_read_where_it_stands() -> None:
    for carried in (box(b"uuid", XMP_UUID, XMP), box(b"moov", box(b"udta", box(b"XMP_", XMP)))):
        root = tree(ftyp() + carried)
        assert root.text("XMP", "xmp:CreatorTool") == "An editor"


def test_content_credentials_are_named() -> None:
    root = tree(ftyp() + box(b"uuid", bytes.fromhex("d8fec3d61b0e483c92975828877ec481"), bytes(9)))
    named = root.first("d8fec3d6-1b0e-483c-9297-5828877ec481")
    assert named is not None
    assert "C2PA" in named.meaning


def test_sonys_metadata_is_read_as_xml() -> None:
    document = b'<NonRealTimeMeta><Device manufacturer="Sony" serialNo="7"/></NonRealTimeMeta>\0'
    meta = full(b"meta", hdlr(b"nrtm", b""), full(b"xml ", document))
    root = tree(ftyp() + meta)
    assert root.text("NonRealTimeMeta", "Device", "manufacturer") == "Sony"
    serial = root.first("Device", "serialNo")
    assert serial is not None
    assert serial.personal
    assert [p.name for _, p in root.walk() if p.value == "7"] == ["serialNo"]


def test_a_gopros_metadata_is_read() -> None:
    def klv(key: bytes, kind: bytes, size: int, repeat: int, value: bytes) -> bytes:
        return (
            key
            + kind
            + struct.pack(">BH", size, repeat)
            + value.ljust(-(-len(value) // 4) * 4, b"\0")
        )

    inner = klv(b"DVNM", b"c", 1, 5, b"HERO9") + klv(b"CASN", b"c", 1, 4, b"C123")
    inner += klv(b"TMPC", b"f", 4, 1, struct.pack(">f", 21.5))
    inner += klv(b"ACCL", b"s", 6, 1, struct.pack(">3h", 1, -2, 3))
    data = klv(b"DEVC", b"\0", 1, len(inner), inner)
    root = udta(box(b"GPMF", data), box(b"FIRM", b"HD9.01\0\0"))
    assert root.text("DEVC", "DVNM") == "HERO9"
    assert root.text("DEVC", "TMPC") == "21.5"
    assert root.text("DEVC", "ACCL") == "1 -2 3"
    assert root.text("FIRM") == "HD9.01"
    serial = root.first("CASN")
    assert serial is not None
    assert serial.personal


def test_pictures_in_it_can_be_cut_out() -> None:
    picture = b"\xff\xd8\xff\xe0" + bytes(20) + b"\xff\xd9"
    meta = full(
        b"meta",
        hdlr(b"mdir", b""),
        box(b"ilst", box(b"covr", box(b"data", struct.pack(">II", 13, 0), picture))),
    )
    canon = box(b"CNTH", box(b"CNDA", bytes(4), picture))
    data = ftyp() + box(b"moov", box(b"udta", meta, canon))
    root = tree(data)
    for name in ("Preview", "Thumbnail"):
        found = root.first(name)
        assert found is not None
        assert found.at is not None
        assert found.size is not None
        assert data[found.at : found.at + found.size] == picture


def test_edits_are_told_in_words() -> None:
    head = full(b"mvhd", struct.pack(">IIII", 0, 0, 1000, 3000), bytes(80))
    edits = full(b"elst", struct.pack(">IIiIIiI", 2, 500, -1, 65536, 1000, 15, 131072))
    media = full(b"mdhd", struct.pack(">IIIIHH", 0, 0, 30, 90, 0x15C7, 0))
    root = tree(ftyp() + box(b"moov", head, box(b"trak", box(b"edts", edits), box(b"mdia", media))))
    assert [e.meaning for e in root.all("elst", "edit")] == [
        "for 0.500 s nothing is shown",
        "for 1.000 s the media from 0.500 s on, at 2 times its speed",
    ]


def test_what_stands_behind_the_boxes_is_told() -> None:
    root = tree(made("a.mp4") + b"PK\x03\x04 and more")
    (found,) = root.all("trailing data")
    assert found.meaning == "looks like a ZIP archive"
    assert found.trouble == "13 bytes stand behind the end of the format."


def packed(movie: bytes) -> bytes:
    data = struct.pack(">I", len(movie)) + zlib.compress(movie)
    return ftyp(b"qt  ") + box(b"moov", box(b"cmov", box(b"dcom", b"zlib"), box(b"cmvd", data)))


def test_a_compressed_movie_header_is_read() -> None:
    inner = box(b"moov", box(b"udta", box(b"\xa9nam", struct.pack(">HH", 5, 0), b"title")))
    root = tree(packed(inner))
    title = root.first("cmvd", "moov", "udta", "©nam")
    assert title is not None
    assert (title.value, title.at) == ("title", None)
    broken = tree(packed(b"no box")).first("cmvd", "moov")
    assert broken is not None
    assert broken.trouble == "What was unpacked does not begin with a box."


def test_compressed_headers_in_compressed_headers_are_bounded() -> None:
    inner = box(b"moov", box(b"udta"))
    for _ in range(60):
        data = struct.pack(">I", len(inner)) + zlib.compress(inner)
        inner = box(b"moov", box(b"cmov", box(b"cmvd", data)))
    assert survives(read_bmff, inner)
    bomb = zlib.compress(box(b"moov", bytes(20 << 20)))
    assert survives(read_bmff, box(b"moov", box(b"cmov", box(b"cmvd", bytes(4), bomb))))


def test_media_in_another_file_is_told() -> None:
    reference = full(b"dref", struct.pack(">I", 1), full(b"url ", b"file:///secret.mov\0"))
    root = tree(
        ftyp() + box(b"moov", box(b"trak", box(b"mdia", box(b"minf", box(b"dinf", reference)))))
    )
    assert root.text("dref", "url ") == "file:///secret.mov"


def test_hostile_texts_are_carried_as_they_are() -> None:
    text = HOSTILE.replace("\0", "").encode()
    root = tree(
        ftyp()
        + box(
            b"moov",
            keyed({text: text}, quicktime=True),
            box(b"udta", box(b"\xa9nam", struct.pack(">HH", len(text), 0), text)),
        )
    )
    assert root.text("©nam") == text.decode()
    assert root.text("ilst", text.decode()) == text.decode()


def test_a_sentence_for_what_is_no_such_file() -> None:
    assert tree(b"").trouble
    assert tree(b"\x89PNG" + bytes(90)).trouble


def test_boxes_nested_ten_thousand_deep() -> None:
    data = b""
    for _ in range(10_000):
        data = struct.pack(">I4s", len(data) + 8, b"udta") + data
    root = survives(read_bmff, ftyp() + box(b"moov", data))
    assert root is not None
    assert max(len(path) for path, _ in root.walk()) <= MAX_DEPTH
    assert any("deeper" in (p.trouble or "") for _, p in root.walk())


@pytest.mark.parametrize("size", [2**32 - 1, 2**63, 2**64 - 1])
def test_impossible_sizes(size: int) -> None:
    data = ftyp() + struct.pack(">I4sQ", 1, b"moov", size) + box(b"udta")
    assert survives(read_bmff, data)
    assert survives(
        read_bmff, ftyp() + struct.pack(">I4s", min(size, 2**32 - 1), b"moov") + box(b"udta")
    )


def test_an_entity_bomb_in_a_cameras_document() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b'<!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
    root = tree(ftyp() + full(b"meta", hdlr(b"nrtm", b""), full(b"xml ", bomb)))
    found = root.first("XML")
    assert found is not None
    assert "document type" in (found.trouble or "")


def test_a_document_nested_ten_thousand_deep() -> None:
    bomb = b"<a>" * 10_000 + b"</a>" * 10_000
    root = tree(ftyp() + full(b"meta", hdlr(b"nrtm", b""), full(b"xml ", bomb)))
    found = root.first("XML")
    assert found is not None
    assert "deeper" in (found.trouble or "")


SMALL = (
    ftyp()
    + box(b"free", b"padded by someone\0")
    + box(b"uuid", XMP_UUID, XMP)
    + box(
        b"moov",
        full(b"mvhd", struct.pack(">IIII", 1, 2, 1000, 3000), bytes(80)),
        keyed({b"com.apple.quicktime.make": b"Apple"}, quicktime=True),
        box(
            b"udta",
            box(b"\xa9xyz", struct.pack(">HH", 18, 0), b"+47.3769+008.5417/"),
            full(b"chpl", b"\0\0\0\0\1", struct.pack(">QB", 0, 3), b"one", version=1),
            full(
                b"loci",
                struct.pack(">H", 0x15C7),
                b"here\0\0",
                struct.pack(">iii", 1, 2, 3),
                b"earth\0\0",
            ),
            box(
                b"Xtra",
                struct.pack(">II", 29, 5),
                b"WM/Ab",
                struct.pack(">IIH", 1, 12, 8),
                b"a\0b\0c\0",
            ),
            box(b"NCTG", struct.pack(">IHH", 1, 2, 6), b"NIKON\0"),
            box(b"GPMF", b"DVNMc\1\0\5HERO9\0\0\0"),
            box(b"name", counted(b"n")),
        ),
    )
)


def test_every_beginning_of_a_small_file() -> None:
    root = tree(SMALL)
    assert root.text("Xtra", "WM/Ab") == "abc"
    assert root.text("NCTG", "Make") == "NIKON"
    cut_everywhere(read_bmff, SMALL)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_changed_bytes_never_raise(data: st.DataObject) -> None:
    changed = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at] = data.draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF, at & 0xFF]))
    survives(read_bmff, bytes(changed))
