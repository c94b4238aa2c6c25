"""Copies of clips that are made here: found where they are copies, with the right passage, and only there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from forensics.copies.confirmed import Moved, Moving
from forensics.copies.decide import REENCODED
from forensics.copies.outcome import as_outcome
from forensics.copies.search import find_copies
from forensics.model import (
    Look,
    MediaKind,
    Relation,
)
from tests.copies.clips import RATE, Encode, ask, asset, still, times, travel
from tests.copies.exact import Clip, ExactIndex


@pytest.mark.parametrize(
    ("filters", "crf"),
    [
        ("null", 36),
        ("scale=176:98", 26),
        ("scale=640:360", 30),
        ("hue=s=0", 26),
        ("eq=brightness=0.1", 26),
    ],
    ids=["coarse", "smaller", "larger", "grey", "brighter"],
)
def test_an_edited_copy_is_found_whole(
    library: ExactIndex, encode: Encode, filters: str, crf: int
) -> None:
    copies, searched = ask(library, encode(travel(1, 12), filters, crf))
    assert set(copies) == {"first", "still"}
    copy = copies["first"]
    assert (copy.relation, copy.distance) == (Relation.COPY, None), "laid over it, not by codes"
    assert copy.transform in {REENCODED, "made grey", "made brighter"}
    assert (copy.transform == "made grey") is (filters == "hue=s=0")
    assert len(copy.spans) == 1
    (span,) = copy.spans
    assert times((span.query.start, span.query.end)) == pytest.approx((0, 11), abs=1)
    assert times((span.copy.start, span.copy.end)) == pytest.approx((0, 11), abs=1)
    assert copy.pairs >= 10
    assert copy.frames is not None
    assert abs(copy.frames[0] - copy.frames[1]) <= 1
    assert searched.queries == 12
    assert searched.skipped == 0
    assert searched.assets == 4
    assert searched.signatures == 12 + 9 + 1 + 1
    assert searched.compared > 12


def test_a_passage_inside_another_clip_is_found_where_it_stands(
    library: ExactIndex, encode: Encode
) -> None:
    pictures = [*travel(5, 4), *travel(2, 9)[3 * RATE : 8 * RATE], *travel(6, 3)]
    copies, _ = ask(library, encode(pictures, "scale=240:136", 28))
    assert set(copies) == {"second"}
    (span,) = copies["second"].spans
    assert times((span.query.start, span.query.end)) == pytest.approx((4, 8), abs=0.5)
    assert times((span.copy.start, span.copy.end)) == pytest.approx((3, 7), abs=0.5)


def test_two_passages_of_one_asset_are_two_spans(library: ExactIndex, encode: Encode) -> None:
    pictures = [*travel(1, 12)[8 * RATE :], *travel(5, 5), *travel(1, 3)]
    copies, _ = ask(library, encode(pictures, "null", 28))
    spans = copies["first"].spans
    assert [times((s.query.start, s.query.end)) for s in spans] == [
        pytest.approx((0, 3), abs=0.5),
        pytest.approx((9, 11), abs=0.5),
    ]
    assert [times((s.copy.start, s.copy.end)) for s in spans] == [
        pytest.approx((8, 11), abs=0.5),
        pytest.approx((0, 2), abs=0.5),
    ]


def test_unrelated_clips_are_not_found(library: ExactIndex, encode: Encode) -> None:
    for seed in (11, 12, 13):
        copies, searched = ask(library, encode(travel(seed, 6)))
        assert copies == {}
        assert searched.queries == 6


def test_an_asset_is_not_its_own_copy(library: ExactIndex, encode: Encode) -> None:
    made = encode(travel(2, 9))
    copies, searched = find_copies(asset("second"), made.signed, library, made)
    assert copies == ()
    assert searched.assets == 3


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ("crop=192:108:64:36", "cropped to"),
        ("hflip", "mirrored"),
        ("pad=320:320:0:70", "borders added"),
        ("crop=220:124:50:20,hflip", "mirrored, cropped to"),
        ("transpose=1", "turned by 90 degrees"),
    ],
    ids=["cropped", "mirrored", "letterboxed", "mirrored-and-cropped", "turned"],
)
def test_what_was_done_to_a_copy_is_said(
    library: ExactIndex, encode: Encode, filters: str, words: str
) -> None:
    copies, _ = ask(library, encode(travel(1, 12), filters, 28))
    copy = copies["first"]
    assert copy.relation is Relation.COPY
    assert words in copy.transform
    assert len(copy.placement) == 9


def test_another_speed_is_said(library: ExactIndex, encode: Encode) -> None:
    copies, _ = ask(library, encode(travel(1, 12), "setpts=PTS/0.8"))
    copy = copies["first"]
    found = re.fullmatch(r"played at about (0\.\d\d) times the speed", copy.transform)
    assert found
    assert float(found[1]) == pytest.approx(0.8, abs=0.06)
    (span,) = copy.spans
    assert times((span.copy.start, span.copy.end)) == pytest.approx((0, 11), abs=1)
    assert times((span.query.start, span.query.end)) == pytest.approx((0, 14), abs=1)


def test_a_still_is_found_in_moving_pictures_and_in_a_still(library: ExactIndex) -> None:
    picture = Image.fromarray(travel(1, 8)[7 * RATE]).resize((200, 112))
    copies, _ = ask(library, still(np.asarray(picture)), MediaKind.IMAGE)
    assert set(copies) == {"first", "still"}
    (span,) = copies["first"].spans
    assert (span.query.start, span.query.end) == (0, 0)
    assert span.copy.start <= 7 <= span.copy.end
    assert copies["still"].spans == ()


def test_moving_pictures_find_the_still_that_was_taken_from_them(
    library: ExactIndex, encode: Encode
) -> None:
    copies, _ = ask(library, encode(travel(1, 12), "scale=240:136", 28))
    (span,) = copies["still"].spans
    assert span.query.start <= 7 <= span.query.end
    assert (span.copy.start, span.copy.end) == (0, 0)


def test_one_static_shot_among_others_is_not_a_copy(encode: Encode) -> None:
    card = travel(20, 1)[0]
    index = ExactIndex()
    index.register(asset("earlier"), encode([*travel(21, 3), *[card] * 5 * RATE]).signed)
    copies, _ = ask(index, encode([*travel(22, 3), *[card] * 6 * RATE]))
    assert {copy.relation for copy in copies.values()} <= {Relation.SAME_SCENE}


def test_pictures_that_never_move_are_found_as_one_still(encode: Encode) -> None:
    index = ExactIndex()
    index.register(asset("earlier"), encode([travel(20, 1)[0]] * 5 * RATE).signed)
    copies, _ = ask(index, encode([travel(20, 1)[0]] * 3 * RATE, "scale=240:136"))
    assert copies["earlier"].relation is Relation.COPY


def test_pictures_with_nothing_in_them_find_nothing(encode: Encode) -> None:
    black = [np.zeros((180, 320, 3), np.uint8)] * 4 * RATE
    index = ExactIndex()
    index.register(asset("earlier"), encode(black).signed)
    copies, searched = ask(index, encode(black, "scale=240:136"))
    assert copies == {}
    assert (searched.queries, searched.skipped) == (0, 4)


class Undecodable(Clip):
    """A film that cannot be decoded again around the pictures that agree."""

    def motion(self, looks: Sequence[Look], pairs: Sequence[Moving]) -> list[Moved | None]:
        return [None, *[Moved(places=0, agree=0, together=0) for _ in pairs[1:]]]


def test_a_copy_whose_motion_could_not_be_seen_says_so(library: ExactIndex, encode: Encode) -> None:
    made = encode(travel(1, 12), "null", 30)
    copies, searched = ask(library, made)
    assert searched.notes == ()
    blind, told = ask(library, Undecodable(signed=made.signed, pixels=made.pixels))
    assert blind == copies
    assert told == replace(searched, notes=told.notes)
    (note,) = told.notes
    assert asset("first").sha256[:12] in note
    assert note.startswith("Whether what moves agrees as well could not be seen for")
    said = as_outcome(tuple(blind.values()), told, asset("in hand"), "2026-02-01T00:00:00Z")
    assert [f.statement for f in said.findings if f.id == "search-incomplete"] == [note]
