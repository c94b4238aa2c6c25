"""GIF: comments, application extensions, loops and delays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from forensics.inside.gif import MAX_BLOCKS, MAX_SHOWN, read_gif
from tests.inside.hostile import NASTY, changed, cuts, overstated, read, read_or_limit
from tests.inside.test_tiff import IPTC, PROFILE, XMP
from tests.media.making import coded, picture

SCREEN = b"GIF89a\x04\0\x03\0\x80\0\0" + bytes(6)
PICTURE = b"\x2c\0\0\0\0\x04\0\x03\0\0\x02\x02\x44\x01\0"
MAGIC = b"\x01" + bytes(range(0xFF, -1, -1)) + b"\0"


def blocks(data: bytes) -> bytes:
    pieces = [data[at : at + 255] for at in range(0, len(data), 255)]
    return b"".join(bytes([len(p)]) + p for p in pieces) + b"\0"


def control(delay: int) -> bytes:
    return b"\x21\xf9\x04\0" + delay.to_bytes(2, "little") + b"\0\0"


def application(name: bytes, data: bytes) -> bytes:
    return b"\x21\xff\x0b" + name + blocks(data)


def comment(text: bytes) -> bytes:
    return b"\x21\xfe" + blocks(text)


def gif(*parts: bytes, after: bytes = b"") -> bytes:
    return SCREEN + b"".join(parts) + b"\x3b" + after


WHOLE = gif(
    application(b"NETSCAPE2.0", b"\x01\x03\0"),
    comment(b"made by hand " * 30),
    b"\x21\xff\x0bXMP DataXMP" + XMP + MAGIC,
    application(b"ICCRGBG1012", PROFILE),
    application(b"MGKIPTC0000", IPTC),
    control(10),
    PICTURE,
    control(25),
    PICTURE,
)


def test_everything_beside_the_pictures_is_a_part() -> None:
    found = read(read_gif, WHOLE)
    assert found.trouble is None
    assert found.value == "89a"
    assert [p.name for p in found.parts] == [
        *("Screen", "NETSCAPE2.0", "Comment", "XMP DataXMP", "ICCRGBG1012", "MGKIPTC0000"),
        "Pictures",
    ]
    assert found.text("Screen") == "4 x 3"
    assert found.text("Comment") == "made by hand " * 30
    assert found.text("XMP", "xmp:CreatorTool") == "Tool 1"
    assert found.text("ICC", "ProfileClass") == "mntr"
    assert found.text("IPTC", "By-line") == "Writer"


def test_pictures_loops_and_delays_are_told() -> None:
    found = read(read_gif, WHOLE)
    loops, delays = found.first("NETSCAPE2.0"), found.first("Delays")
    assert loops is not None
    assert delays is not None
    assert (loops.value, loops.meaning) == (3, "Played 3 times more")
    assert (delays.value, delays.meaning) == (
        "10 to 25",
        "Hundredths of a second; 0.35 s in all",
    )
    assert found.text("Pictures") == "2"


def test_what_pillow_writes_is_read() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime", "blue")]
    data = coded(
        frames[0],
        "GIF",
        save_all=True,
        append_images=frames[1:],
        duration=80,
        loop=0,
        comment=b"x y",
    )
    found = read(read_gif, data)
    assert found.trouble is None
    assert found.text("Pictures") == "3"
    assert found.text("Comment") == "x y"
    assert found.text("Delays") == "8"
    loops = found.first("NETSCAPE2.0")
    assert loops is not None
    assert loops.meaning == "Played for ever"
    assert read(read_gif, coded(picture(), "GIF")).trouble is None


@pytest.mark.parametrize("text", NASTY)
def test_comments_stay_exact_and_are_personal(text: str) -> None:
    part = read(read_gif, gif(comment(text.encode()))).first("Comment")
    assert part is not None
    assert part.value == text.partition("\0")[0]
    assert part.personal


def test_parts_lie_where_their_bytes_do() -> None:
    part = read(read_gif, WHOLE).first("Comment")
    assert part is not None
    assert part.at is not None
    assert WHOLE[part.at : part.at + 2] == b"\x21\xfe"
    assert WHOLE[part.at + (part.size or 0) - 1] == 0


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"\x89PNG", "does not begin"),
        (gif(PICTURE)[:-1], "breaks off"),
        (gif(b"\x99\x99"), "no block begins"),
        (gif(*[PICTURE] * (MAX_BLOCKS + 1)), "more than 20000 blocks"),
    ],
)
def test_damage_is_told(data: bytes, trouble: str) -> None:
    found = read(read_gif, data)
    assert found.trouble is not None
    assert trouble in found.trouble


def test_comments_without_end_are_counted() -> None:
    found = read(read_gif, gif(*[comment(b"x")] * 1000))
    assert len(list(found.all("Comment"))) == MAX_SHOWN
    assert found.first("extensions") is not None


def test_what_follows_the_end_is_told() -> None:
    part = read(read_gif, gif(PICTURE, after=b"PK\x03\x04")).parts[-1]
    assert (part.name, part.meaning) == ("trailing data", "looks like a ZIP archive")


def test_a_file_cut_anywhere_is_read_as_far_as_it_goes() -> None:
    cuts(read_gif, WHOLE[:600])
    cuts(read_gif, gif(control(10), PICTURE, application(b"MGKIPTC0000", IPTC)))


def test_lengths_beyond_everything_end() -> None:
    overstated(read_gif, WHOLE[:800], step=5)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=30))
def test_changed_bytes_never_raise(places: list[tuple[int, int]]) -> None:
    changed(read_gif, WHOLE, places)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.just(PICTURE),
            st.integers(0, 0xFFFF).map(control),
            st.binary(max_size=300).map(comment),
            st.tuples(
                st.sampled_from([b"NETSCAPE2.0", b"XMP DataXMP", b"ICCRGBG1012", b"MGK8BIM0000"]),
                st.binary(max_size=300),
            ).map(lambda pair: application(*pair)),
        ),
        max_size=12,
    )
)
def test_any_blocks_are_read(parts: list[bytes]) -> None:
    found = read_or_limit(read_gif, gif(*parts))
    assert found is not None
    assert found.trouble is None
    assert found.text("Pictures") == str(parts.count(PICTURE))
