"""ICC profiles: header, tags in all their text types, digest, defects."""

from __future__ import annotations

import hashlib
import struct

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageCms

from forensics.inside.icc import read_icc
from tests.inside.hostile import NASTY, changed, cuts, overstated, read
from tests.inside.jpegs import troubles

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def profile(*tags: tuple[bytes, bytes]) -> bytes:
    """A profile with the given tags, their digest stated."""
    start = 132 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, value in tags:
        table += name + struct.pack(">II", start + len(body), len(value))
        body += value + bytes(-len(value) % 4)
    size = start + len(body)
    head = struct.pack(">I4s4B4s4s4s6H4s4s", size, b"test", 4, 0x30, 0, 0, b"mntr", b"RGB ", b"XYZ ",
                       2020, 2, 3, 4, 5, 6, b"acsp", b"APPL")  # fmt: skip
    head += bytes(4) + b"makeMODL" + bytes(8) + bytes(4) + bytes(12) + b"crea"
    data = head + bytes(128 - len(head)) + table + body
    identity = hashlib.md5(data).digest()
    return data[:84] + identity + data[100:]


def mluc(*texts: tuple[bytes, str]) -> bytes:
    head = b"mluc\0\0\0\0" + struct.pack(">II", len(texts), 12)
    records, body = b"", b""
    for language, text in texts:
        coded = text.encode("utf-16-be")
        records += language + struct.pack(">II", len(coded), 16 + 12 * len(texts) + len(body))
        body += coded
    return head + records + body


def test_the_header_and_the_texts_are_read() -> None:
    found = read(
        read_icc,
        profile(
            (b"desc", mluc((b"enUS", "Display Ж"))),
            (b"cprt", b"text\0\0\0\0Nobody\0"),
            (b"rTRC", b"curv\0\0\0\0\0\0\0\1\2\x33"),
            (b"wtpt", b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)),
        ),
    )
    assert not troubles(found)
    said = {p.name: p.value for p in found.parts}
    assert said["ProfileVersion"] == "4.3.0"
    assert said["ProfileDateTime"] == "2020-02-03T04:05:06Z"
    assert (said["ProfileClass"], said["DeviceModel"]) == ("mntr", "MODL")
    assert (said["desc"], said["cprt"]) == ("Display Ж", "Nobody")
    assert (said["rTRC"], said["wtpt"]) == ("gamma 2.199", "0.9642 1.0000 0.8249")


def test_its_digest_is_held_against_it() -> None:
    data = profile((b"cprt", b"text\0\0\0\0Nobody\0"))
    assert not troubles(read(read_icc, data))
    found = read(read_icc, data.replace(b"Nobody", b"Person"))
    assert troubles(found) == [
        "The profile was changed after this digest was made, or it was made otherwise."
    ]


def test_several_languages_are_parts() -> None:
    found = read(read_icc, profile((b"desc", mluc((b"enUS", "one"), (b"deDE", "eins")))))
    desc = found.first("desc")
    assert desc is not None
    assert [(p.name, p.value) for p in desc.parts] == [("enUS", "one"), ("deDE", "eins")]


def test_texts_are_kept_as_they_are() -> None:
    for text in NASTY:
        value = text.replace("\0", "")
        assert read(read_icc, profile((b"desc", mluc((b"enUS", value))))).text("desc") == value


def test_littlecms_profile_is_read() -> None:
    found = read(read_icc, SRGB)
    assert "sRGB" in found.text("desc")
    assert found.trouble is None


def test_it_stands_cut_overstated_and_absurd_profiles() -> None:
    data = profile((b"desc", mluc((b"enUS", "one"))), (b"cprt", b"text\0\0\0\0Nobody\0"))
    cuts(read_icc, data)
    overstated(read_icc, data)
    many = data[:128] + b"\xff\xff\xff\xff" + b"desc\0\0\0\x84\xff\xff\xff\xff" * 5000
    assert any("the first 200 are read" in t for t in troubles(read(read_icc, many)))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), max_size=8))
def test_it_stands_changed_bytes(places: list[tuple[int, int]]) -> None:
    changed(read_icc, SRGB, places)
