"""Help for a search elsewhere: pictures in a folder, links that only name an address, nothing sent."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from forensics.errors import UsageError
from forensics.reverse import ENGINES, links


def test_without_a_picture_on_the_web_the_links_lead_to_pages_that_take_one() -> None:
    assert [one.engine for one in links()] == ["Google Lens", "Yandex", "Bing", "TinEye"]
    assert [one.url for one in links()] == [one.upload for one in ENGINES]


def test_with_one_its_address_stands_quoted_in_each_link() -> None:
    address = "https://example.org/a.jpg?x=1&y=2#z"
    for one in links(address):
        parts = urlsplit(one.url)
        assert parts.scheme == "https"
        values = [v for vs in parse_qs(parts.query).values() for v in vs]
        assert address in {v.removeprefix("imgurl:") for v in values}


@pytest.mark.parametrize(
    "address",
    ["picture.jpg", "file:///etc/passwd", "javascript:alert(1)", "https://", "http://[::1", "",
     "https://example.org/a b", "https://example.org/\x1b[2J"],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="expected the address of a picture on the web"):
        links(address)
