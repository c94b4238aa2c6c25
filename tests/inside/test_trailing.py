import pytest

from forensics.inside.trailing import read_trailing
from forensics.inside.window import Window


@pytest.mark.parametrize(
    ("data", "looks"),
    [
        (b"PK\x03\x04rest", "looks like a ZIP archive"),
        (b"\xff\xd8\xff\xe0", "looks like a JPEG picture"),
        (b"\0\0\0\x18ftypisom", "looks like another MP4 file"),
        (b"data 8db42d694ccc418790edff439fe026bf", "looks like metadata of an Insta360 camera"),
        (bytes(100), "looks like zeros"),
        (bytes(20_000), "looks like zeros, at its beginning and its end"),
        (b"hidden", "of no known form"),
    ],
)
def test_what_stands_behind_the_end_looks_like(data: bytes, looks: str) -> None:
    found = read_trailing(Window.over(b"file" + data).inner(4))
    assert (found.at, found.size) == (4, len(data))
    assert found.meaning == looks
    assert found.trouble == f"{len(data)} bytes stand behind the end of the format."
