"""Lists of hashes as others write them, and as nobody should."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forensics.errors import ForensicsError
from forensics.hashlists.item import HashItem
from forensics.hashlists.reading import COLUMNS, MOST_LINE, ListError, read_list
from forensics.hashlists.writing import as_csv, as_json, as_pdq
from forensics.model import MediaKind, Sha256, Signature

ONE, TWO = "f8" * 32, "0a" * 32
HEADER = ",".join(COLUMNS)


def code(digits: str, quality: int, time: str = "0") -> Signature:
    return Signature(
        scheme="pdq/1", code=bytes.fromhex(digits), quality=quality, time=Fraction(time)
    )


def test_lines_of_the_photo_hasher() -> None:
    found = read_list(f"{ONE},100,a, b=c.jpg\r\n\n{TWO.upper()},7,'=x.png\n{TWO},3\n".encode())
    assert [(i.kind, i.name) for i in found] == [
        (MediaKind.IMAGE, "a, b=c.jpg"),
        (MediaKind.IMAGE, "'=x.png"),
        (MediaKind.IMAGE, ""),
    ]
    assert [i.hashes for i in found] == [(code(ONE, 100),), (code(TWO, 7),), (code(TWO, 3),)]


def test_a_header_makes_it_csv_with_quotes() -> None:
    text = f'\ufeffHash,Quality,Filename\n{ONE},100,"a, ""b"".jpg"\n'
    (found,) = read_list(text.encode())
    assert (found.name, found.sha256, found.published_at) == ('a, "b".jpg', None, None)


def test_lines_of_the_video_hasher() -> None:
    (found,) = read_list(f"0,90,{ONE},0.000\n30,4,{TWO},1.001\n".encode())
    assert found.kind is MediaKind.VIDEO
    assert found.hashes == (code(ONE, 90), code(TWO, 4, "1.001"))


def test_vpdq_as_json() -> None:
    # The last as python-threatexchange 1.2.17 writes 1234.567 seconds.
    texts = [f"{ONE},90,0.000", f"{TWO},4,1.001", f"{ONE},9,1.23e+03"]
    (found,) = read_list(json.dumps(texts).encode())
    assert found.kind is MediaKind.VIDEO
    assert found.hashes == (code(ONE, 90), code(TWO, 4, "1.001"), code(ONE, 9, "1230"))


def test_our_own_csv_groups_the_rows_of_one_asset() -> None:
    sha = "ab" * 32
    rows = [
        HEADER,
        f"{ONE},9,'=a.mp4,0.000,{sha},video,Desk,2025-12-29,https://example.org",
        f"{TWO},8,'=a.mp4,1.000,{sha},video,Desk,2025-12-29,https://example.org",
        f"{ONE},9,b.jpg,,,,,,",
        f"{ONE},9,b.jpg,,,,,,",
    ]
    video, *stills = read_list("\n".join(rows).encode())
    assert video == HashItem(
        kind=MediaKind.VIDEO,
        hashes=(code(ONE, 9), code(TWO, 8, "1")),
        sha256=Sha256(sha),
        name="=a.mp4",
        publisher="Desk",
        published_at="2025-12-29",
        url="https://example.org",
    )
    assert len(stills) == 2, "two files of one name are not one asset"
    assert stills[0].subject == stills[1].subject, "equal codes have one name"
    assert video.subject == sha


def test_a_made_name_is_that_of_the_documentation() -> None:
    (found,) = read_list(f"1,90,{TWO},0.5\n0,1,{ONE},0.000\n".encode())
    # printf 'forensics/hash-list-item/1\nvideo\nf8…,0/1\n0a…,1/2\n' | sha256sum
    assert found.subject == "0a2af962f9e2f517be13e039b0cae23b621e9460c578a797bd0b70aa336027e5"


HOSTILE = {
    "empty": (b"", "empty"),
    "only-blanks": (b" \n\t\n", "empty"),
    "not-utf-8": (f"{ONE},1,a\n".encode() + b"\xff\n", "line 2: byte 69"),
    "a-picture": (b"\x89PNG\r\n\x1a\n", "is not UTF-8"),
    "some-text": (b"see you at nine", "line 1 begins with 'see you at nine'"),
    "short-hash": (f"{ONE},1,a\n{ONE[:-1]},1,b\n".encode(), "line 2: "),
    "quality-101": (f"{ONE},101,a\n".encode(), "line 1: expected a quality from 0 to 100"),
    "quality-negative": (f"{ONE},-1,a\n".encode(), "line 1: expected a quality"),
    "quality-arabic-digits": (f"{ONE},٣,a\n".encode(), "line 1: expected a quality"),
    "all-zero-of-quality": (f"{'0' * 64},50,a\n".encode(), "line 1: the hash says of nothing but"),
    "all-one-of-quality": (f"{ONE},9,a\n{'F' * 64},1,b\n".encode(), "line 2: the hash says of"),
    "nan-time": (f"0,1,{ONE},nan\n".encode(), "line 1: expected seconds"),
    "infinite-time": (f"0,1,{ONE},1e999\n".encode(), "line 1: expected seconds"),
    "negative-time": (f"0,1,{ONE},-1.0\n".encode(), "line 1: expected seconds"),
    "huge-time": (f"0,1,{ONE},99999999\n".encode(), "line 1: expected seconds"),
    "endless-line": (f"{ONE},1,{'a' * MOST_LINE}\n".encode(), "line 1 has"),
    "three-of-four": (f"0,1,{ONE}\n".encode(), "line 1: expected frame number"),
    "strange-column": (f"hash,quality,secret\n{ONE},1,a\n".encode(), "a column 'secret'"),
    "column-twice": (f"hash,quality,hash\n{ONE},1,{ONE}\n".encode(), "a column twice"),
    "only-a-header": (HEADER.encode(), "a header and no hash"),
    "columns-missing": (f"{HEADER}\n\n{ONE},1,a\n".encode(), "line 3 has 3 columns, expected 9"),
    "quote-left-open": (
        f'hash,quality,filename\n{ONE},1,"a\n'.encode(),
        "is not CSV: unexpected end",
    ),
    "strange-kind": (f"{HEADER}\n{ONE},1,a,,,sound,,,\n".encode(), "line 2: expected a kind"),
    "strange-time": (f"{HEADER}\n{ONE},1,a,,,,,soon,\n".encode(), "line 2: 'soon' is no time"),
    "strange-sha256": (f"{HEADER}\n{ONE},1,a,,12,,,,\n".encode(), "line 2: '12' is no SHA-256"),
    "json-broken": (b'[\n"a",\n', "line 3: the list is not JSON"),
    "json-nan": (b"[NaN]", "NaN is no number in JSON"),
    "json-numbers": (b"[1, 2]", "hash 1: expected the text"),
    "json-empty-list": (b"[]", "has no hash"),
    "json-deep": (b"[" * 100_000, "not JSON"),
    "json-other-format": (b'{"format": "x"}', "the format 'x'"),
    "json-no-assets": (b'{"format": "forensics/hashes/1"}', "`assets` is no list"),
    "json-asset-a-number": (b'{"format": "forensics/hashes/1", "assets": [1]}', "asset 1 is no"),
    "json-name-a-list": (
        f'{{"format": "forensics/hashes/1", "assets": [{{"name": [], "hashes": ["{ONE},1,0"]}}]}}'.encode(),
        "asset 1: 'name' is no text",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_list_is_refused_with_its_line(name: str) -> None:
    data, said = HOSTILE[name]
    with pytest.raises(ListError) as caught:
        read_list(data)
    assert said in str(caught.value)


@given(
    st.binary(max_size=300)
    | st.text(alphabet=f"{ONE[:2]}0,\n\"[{{}}]:.'a", max_size=300).map(str.encode)
)
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    try:
        assert read_list(data)
    except ForensicsError:
        return


def codes() -> st.SearchStrategy[Signature]:
    return st.builds(
        Signature,
        scheme=st.just("pdq/1"),
        code=st.binary(min_size=32, max_size=32),
        quality=st.integers(0, 100),
        time=st.integers(0, 10**9).map(lambda ms: Fraction(ms, 1000)),
    ).filter(lambda one: one.quality == 0 or one.code not in {bytes(32), b"\xff" * 32})


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20).map(
    str.strip
)


@given(st.lists(codes(), min_size=1, max_size=4), WORDS, WORDS)
@example([code(ONE, 1)], "=1+1", "''@a")
def test_what_is_written_is_read_again(hashes: list[Signature], name: str, publisher: str) -> None:
    item = HashItem(
        kind=MediaKind.VIDEO,
        hashes=tuple(hashes),
        sha256=Sha256("ab" * 32),
        name=name or "a",
        publisher=publisher or None,
        published_at="2025-12-29T12:00:00Z",
    )
    assert read_list(as_json([item])) == [item]
    assert read_list(as_csv([item])) == [item]


def test_no_cell_that_is_written_is_a_formula() -> None:
    for name in ("=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "'=1"):
        item = HashItem(
            kind=MediaKind.IMAGE, hashes=(code(ONE, 1),), name=name, publisher=name, url=name
        )
        for written in (as_csv([item]), as_pdq([item])):
            rows = list(csv.reader(io.StringIO(written.decode())))
            assert not any(
                cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row
            )
            assert len(rows) == 1 + (written == as_csv([item]))
