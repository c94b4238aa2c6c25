"""The comparison that the transcripts rest on accepts what it should, and nothing else."""

from pathlib import Path

import pytest

from tests.docs.transcript import Step, matches, steps


@pytest.mark.parametrize(
    ("expected", "printed"),
    [
        (("one", "two"), "one\ntwo\n"),
        (("one  two",), "one  two   \n\n"),
        (("at ...Z",), "at 2025-12-30T03:12:07Z\n"),
        (("first", "...", "last"), "first\nlast\n"),
        (("first", "...", "last"), "first\na\n\nb\nlast\n"),
        (("...",), ""),
        (("...", "end"), "x\nend\n"),
        (("begin", "..."), "begin\nx\n"),
        ((), ""),
    ],
)
def test_what_was_promised_matches(expected: tuple[str, ...], printed: str) -> None:
    assert matches(expected, printed)


@pytest.mark.parametrize(
    ("expected", "printed"),
    [
        (("one",), "one\ntwo\n"),
        (("one", "two"), "one\n"),
        (("one",), "One\n"),
        (("a...c",), "a\nc\n"),
        (("first", "...", "last"), "first\na\nlast one\n"),
        (("a.c",), "abc\n"),
        ((), "something\n"),
    ],
)
def test_anything_else_does_not(expected: tuple[str, ...], printed: str) -> None:
    assert not matches(expected, printed)


def test_only_console_blocks_are_read(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```sh\n$ no\n```\n\n```console\n$ yes\nout  \n$ more\n```\n$ no\n")
    assert steps(page) == [
        Step(line=6, command="yes", expected=("out",)),
        Step(line=8, command="more", expected=()),
    ]
