from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.inside.window import Window
from forensics.inside.xmltree import read_xml
from forensics.model import Part
from tests.inside.movies import HOSTILE, sound, survives


def tree(data: bytes) -> Part:
    return sound(read_xml(Window.over(data)), len(data))


def test_elements_and_attributes_are_parts() -> None:
    root = tree(
        b'<a xmlns="urn:x" b="1"><c>text</c><modelName>X</modelName><ownerName>Y</ownerName></a>\0'
    )
    assert root.text("a", "b") == "1"
    assert root.text("a", "c") == "text"
    owner, model = root.first("ownerName"), root.first("modelName")
    assert owner is not None
    assert model is not None
    assert (owner.personal, model.personal) == (True, False)


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"", "not well-formed"),
        (b"<a>", "not well-formed"),
        (b"<a/><b/>", "not well-formed"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "not well-formed"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "document type"),
        (
            b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>',
            "document type",
        ),
        (b"<a>" * 10_000 + b"</a>" * 10_000, "deeper"),
    ],
)
def test_documents_that_are_not_read(data: bytes, trouble: str) -> None:
    root = survives(read_xml, data)
    assert root is not None
    assert trouble in (root.trouble or "")
    assert root.parts == ()


def test_elements_nested_deeper_than_is_kept() -> None:
    root = tree(b"<a>" * 100 + b"</a>" * 100)
    assert any("deeper" in (p.trouble or "") for _, p in root.walk())


def test_hostile_texts_are_carried_as_they_are() -> None:
    text = "\u202egnp.exe\u2066 &lt;script&gt;"
    assert tree(f"<a>{text}</a>".encode()).text("a") == "\u202egnp.exe\u2066 <script>"
    assert tree(f"<a>{HOSTILE}</a>".encode()).trouble


@given(
    st.lists(
        st.sampled_from(
            ["<a>", "</a>", "<b c='d'>", "</b>", "text", "<", "&", "<!--", "-->", "<![CDATA["]
        )
    )
)
def test_any_mark_up_is_read_or_refused(pieces: list[str]) -> None:
    assert survives(read_xml, "".join(pieces).encode())
