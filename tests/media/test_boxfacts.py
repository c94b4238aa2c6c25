from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

from forensics.media.boxes import read_boxes
from forensics.media.boxfacts import Fact, Playback, read_facts, read_playback
from forensics.model import Box
from tests.media.isobmff import box, ftyp, full, hdlr, keyed


def tree(path: Path, *parts: bytes) -> Box:
    path.write_bytes(b"".join(parts))
    root = read_boxes(path)
    assert root is not None
    return root


def film(*edits: tuple[int, int], length: int = 300, handler: bytes = b"vide") -> bytes:
    """A movie of 1000 ticks a second, its media of 30."""
    listed = b"".join(struct.pack(">IiI", *edit, 65536) for edit in edits)
    return box(
        b"moov",
        full(b"mvhd", struct.pack(">IIII", 0, 0, 1000, 10_000)),
        box(
            b"trak",
            box(b"edts", full(b"elst", struct.pack(">I", len(edits)), listed)),
            box(
                b"mdia",
                full(b"mdhd", struct.pack(">IIIIHH", 0, 0, 30, length, 0, 0)),
                hdlr(handler, b"VideoHandler\0"),
            ),
        ),
    )


def test_facts_carry_their_place(tmp_path: Path) -> None:
    root = tree(tmp_path / "f", ftyp(b"isom", 512, b"isom"), box(b"free"), box(b"mdat"), film())
    facts = read_facts(root)
    assert facts["major"] == (Fact(text="isom", offset=0, field="ftyp"),)
    assert facts["order"][0].text == "ftyp free mdat moov"
    assert facts["before-mdat"] == (Fact(text="free 8", offset=20, field="free"),)
    assert facts["trak-order"][0].text == "edts mdia"
    assert facts["movie-timescale"][0].text == "1000"
    assert facts["handler"][0].field == "moov/trak/mdia/hdlr"


def test_repeats_are_said_once_and_absent_facts_are_absent(tmp_path: Path) -> None:
    root = tree(tmp_path / "f", ftyp(), *[box(b"free"), box(b"free"), box(b"skip")] * 2)
    facts = read_facts(root)
    assert facts["order"][0].text == "ftyp free skip free skip"
    assert "handler" not in facts
    assert "tool" not in facts


def test_keys_are_sorted_into_make_model_and_tool(tmp_path: Path) -> None:
    values = {
        b"com.apple.quicktime.make": b"Apple",
        b"com.android.model": b"Pixel",
        b"com.apple.quicktime.software": b"17.5",
        b"something.else": b"?",
    }
    facts = read_facts(tree(tmp_path / "f", ftyp(), box(b"moov", keyed(values, quicktime=True))))
    assert [f.text for f in facts["make"]] == ["Apple"]
    assert [f.text for f in facts["model"]] == ["Pixel"]
    assert [f.text for f in facts["tool"]] == ["17.5"]
    assert [f.text for f in facts["key"]] == [key.decode() for key in values]


def playback(path: Path, movie: bytes) -> list[Playback]:
    return list(read_playback(tree(path, ftyp(), movie)))


def test_what_edit_lists_hide(tmp_path: Path) -> None:
    (found,) = playback(tmp_path / "f", film((250, -1), (6000, 45)))
    assert found.handler == "vide"
    assert found.late == Fraction(1, 4)
    assert found.hidden_start == Fraction(3, 2)
    assert found.hidden_end == Fraction(10) - Fraction(3, 2) - 6


def test_a_plain_edit_list_hides_nothing(tmp_path: Path) -> None:
    (found,) = playback(tmp_path / "f", film((10_000, 0)))
    assert (found.late, found.hidden_start, found.hidden_end) == (0, 0, 0)


def test_unknown_lengths_hide_nothing_at_the_end(tmp_path: Path) -> None:
    """Fragmented files state zero for the length of an edit, or of the media."""
    for movie in (film((0, 3)), film((10_000, 3), length=0)):
        (found,) = playback(tmp_path / "f", movie)
        assert found.hidden_end == 0


def test_edit_lists_longer_than_what_is_read_hide_nothing_at_the_end(tmp_path: Path) -> None:
    (found,) = playback(tmp_path / "f", film(*[(10, 30 * i) for i in range(9)]))
    assert found.hidden_end == 0


def test_tracks_without_times_are_left_out(tmp_path: Path) -> None:
    head = full(b"mvhd", struct.pack(">IIII", 0, 0, 0, 0))
    assert playback(tmp_path / "f", box(b"moov", head, film((1, 1))[8 + 28 :])) == []
    assert playback(tmp_path / "g", film((500, -1))) == []
