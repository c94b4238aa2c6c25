"""Copies of clips that are made here: found where they are copies, with the right passage, and only there."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from forensics.copies.confirmed import Moved, Moving
from forensics.copies.decide import REENCODED
from forensics.copies.outcome import as_outcome
from forensics.copies.search import find_copies
from forensics.errors import LedgerBroken
from forensics.model import (
    Asset,
    Copy,
    Look,
    MediaKind,
    Probe,
    Ran,
    Relation,
    Searched,
    Sha256,
    Signature,
    Stream,
    StreamType,
)
from forensics.signatures.schemes import PDQ, PHASH
from forensics.signatures.signed import Asked, Signed
from forensics.signatures.task import sign_all
from tests.copies.exact import Clip, ExactIndex

RATE = 6
"""Pictures a second in the clips made here."""


def world(seed: int) -> np.ndarray:
    """A wide landscape of coarse and fine structure, RGB, for a camera to travel over."""
    rng = np.random.default_rng(seed)
    total = np.zeros((200, 1600, 3))
    for cells, weight in ((4, 55), (10, 45), (30, 25)):
        noise = rng.normal(0, weight, (cells, cells * 6, 3)).astype(np.float32)
        for channel in range(3):
            layer = Image.fromarray(noise[..., channel])
            total[..., channel] += np.asarray(layer.resize((1600, 200), Image.Resampling.BICUBIC))
    return np.clip(total + 120, 0, 255).astype(np.uint8)


def travel(seed: int, seconds: int) -> list[np.ndarray]:
    """Pictures of 320 × 180: a camera that travels a tenth of its view a second."""
    ground = world(seed)
    return [ground[8:188, 6 * n : 6 * n + 320] for n in range(seconds * RATE)]


Encode = Callable[..., Clip]


@pytest.fixture(scope="session")
def encode(tmp_path_factory: pytest.TempPathFactory) -> Encode:
    """Encodes pictures with the bundled ffmpeg, filtered, and signs one a second of what comes back."""
    folder = tmp_path_factory.mktemp("clips")

    def run(pictures: Sequence[np.ndarray], filters: str = "null", crf: int = 23) -> Clip:
        height, width = pictures[0].shape[:2]
        path = folder / f"{len(list(folder.iterdir()))}.mp4"
        writer = imageio_ffmpeg.write_frames(
            str(path),
            (width, height),
            fps=RATE,
            codec="libx264",
            macro_block_size=2,
            quality=None,
            ffmpeg_log_level="error",
            output_params=[
                "-crf",
                str(crf),
                "-preset",
                "ultrafast",
                "-vf",
                filters,
                "-threads",
                "1",
            ],
        )
        writer.send(None)
        for picture in pictures:
            writer.send(np.ascontiguousarray(picture))
        writer.close()
        return clip_of(path)

    return run


def clip_of(path: Path) -> Clip:
    pixels = {}
    with av.open(str(path)) as container:
        due = Fraction(0)
        for frame in container.decode(video=0):
            at = Fraction(frame.pts) * Fraction(frame.time_base)
            if at >= due:
                due += 1
                pixels[at] = frame.to_ndarray(format="rgb24")
    return clip(pixels)


def clip(pixels: dict[Fraction, np.ndarray]) -> Clip:
    held = list(pixels.values())
    return Clip(signed=sign_all(list(pixels), lambda i: held[i]), pixels=pixels)


def still(picture: np.ndarray) -> Clip:
    return clip({Fraction(0): picture})


def asset(name: str, kind: MediaKind = MediaKind.VIDEO, streams: tuple[Stream, ...] = ()) -> Asset:
    return Asset(
        sha256=Sha256(hashlib.sha256(name.encode()).hexdigest()),
        size=1000,
        kind=kind,
        mime="",
        name=name,
        probe=Probe(container="", streams=streams),
    )


@pytest.fixture(scope="session")
def library(encode: Encode) -> ExactIndex:
    """What was met before: two journeys, a still from one of them, and a picture of something else."""
    index = ExactIndex()
    index.register(asset("first"), encode(travel(1, 12)).signed)
    index.register(asset("second"), encode(travel(2, 9)).signed)
    index.register(asset("still", MediaKind.IMAGE), still(travel(1, 8)[7 * RATE]).signed)
    index.register(asset("other", MediaKind.IMAGE), still(world(9)[:180, :320]).signed)
    return index


def ask(
    index: ExactIndex, made: Clip, kind: MediaKind = MediaKind.VIDEO
) -> tuple[dict[str, Copy], Searched]:
    copies, searched = find_copies(asset("in hand", kind), made.signed, index, made)
    return {copy.asset.name: copy for copy in copies}, searched


def times(span: tuple[Fraction, Fraction]) -> tuple[float, float]:
    return float(span[0]), float(span[1])


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


def codes(entries: Sequence[tuple[str, bytes, int]]) -> Clip:
    """An asset of which only whole-picture codes are known, as from a list of hashes."""
    return Clip(
        signed=Signed(
            signatures=tuple(
                Signature(scheme=scheme, code=bits, quality=100, time=Fraction(time))
                for scheme, bits, time in entries
            ),
            asked=tuple(
                Asked(scheme=scheme, code=bits, quality=100, time=Fraction(time), turned="")
                for scheme, bits, time in entries
            ),
        ),
        pixels={},
    )


def test_codes_alone_decide_where_nothing_else_is_known() -> None:
    rng = np.random.default_rng(5)
    bits = [rng.bytes(32) for _ in range(6)]
    index = ExactIndex()
    index.register(asset("listed"), codes([(PDQ, b, t) for t, b in enumerate(bits)]).signed)
    copies, _ = ask(index, codes([(PDQ, b, t) for t, b in enumerate(bits[2:])]))
    assert copies["listed"].relation is Relation.COPY
    assert (copies["listed"].tiles, copies["listed"].distance) == (0, 0)
    assert not ask(index, codes([(PDQ, bits[0], 0), (PDQ, rng.bytes(32), 1)]))[0]


def test_codes_decide_where_no_picture_of_the_other_is_kept(encode: Encode) -> None:
    earlier = encode(travel(4, 9)).signed
    bare = tuple(replace(look, thumbnail=b"") for look in earlier.looks)
    index = ExactIndex()
    index.register(asset("of another desk"), replace(earlier, looks=bare))
    copies, searched = ask(index, encode(travel(4, 9)[2 * RATE :], "scale=240:136"))
    found = copies["of another desk"]
    assert (found.relation, found.scheme) == (Relation.COPY, PDQ)
    span = found.spans[0]
    assert times((span.query.start, span.copy.start)) == pytest.approx((0, 2), abs=1)
    assert (found.tiles, searched.compared) == (0, 0)
    said = as_outcome(tuple(copies.values()), searched, asset("in hand"), "2026-02-01T00:00:00Z")
    assert isinstance(said.result, Ran)
    template = said.result.findings[0].template
    assert "only codes of whole pictures could be compared" in template


def test_phash_alone_is_no_copy() -> None:
    index = ExactIndex()
    index.register(asset("earlier", MediaKind.IMAGE), codes([(PHASH, bytes(8), 0)]).signed)
    assert not ask(index, codes([(PHASH, bytes(8), 0)]), MediaKind.IMAGE)[0]


def suggested(seeds: Sequence[int], *, kept: bool) -> tuple[ExactIndex, Clip]:
    """Assets that one code suggests though they show other things, and what is asked with it."""
    index = ExactIndex()
    shared = Signature(scheme=PHASH, code=bytes(8), quality=100, time=Fraction(0))
    for seed in seeds:
        made = still(world(seed)[:180, :320]).signed
        looks = made.looks if kept else tuple(replace(one, thumbnail=b"") for one in made.looks)
        index.register(
            asset(f"still {seed}", MediaKind.IMAGE),
            Signed(signatures=(*made.signatures, shared), looks=looks),
        )
    mine = still(world(99)[:180, :320])
    asked = Asked(scheme=PHASH, code=bytes(8), quality=100, time=Fraction(0), turned="")
    signed = replace(mine.signed, asked=(*mine.signed.asked, asked))
    return index, Clip(signed=signed, pixels=mine.pixels)


def test_what_was_suggested_and_not_compared_is_told() -> None:
    index, mine = suggested(range(30, 39), kept=True)
    copies, searched = ask(index, mine, MediaKind.IMAGE)
    assert not copies
    assert searched.compared == 6
    (note,) = searched.notes
    assert note.startswith("3 more assets were suggested by codes and not compared")


def test_what_no_picture_is_kept_of_is_told() -> None:
    index, mine = suggested([30], kept=False)
    copies, searched = ask(index, mine, MediaKind.IMAGE)
    assert not copies
    assert searched.compared == 0
    (note,) = searched.notes
    assert note.startswith("1 asset was suggested by codes, but no picture of it could be laid")


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


@settings(max_examples=25, deadline=None)
@given(order=st.randoms(use_true_random=False))
def test_the_order_of_codes_and_of_registering_changes_nothing(order: random.Random) -> None:
    rng = np.random.default_rng(5)
    held = [[(PDQ, rng.bytes(32), t) for t in range(6)] for _ in range(2)]
    held[1][2:4] = held[0][2:4]
    plain, mixed = ExactIndex(), ExactIndex()
    names = ["a", "b"]
    for name, entries in zip(names, held, strict=True):
        plain.register(asset(name), codes(entries).signed)
    want = ask(plain, codes(held[0]))
    for place in order.sample([0, 1], 2):
        mixed.register(asset(names[place]), codes(order.sample(held[place], 6)).signed)
    assert ask(mixed, codes(order.sample(held[0], 6))) == want
    assert list(want[0]) == ["a", "b"]


def test_what_nearly_every_asset_shows_is_left_out() -> None:
    rng = np.random.default_rng(6)
    ident = [(PDQ, rng.bytes(32), t) for t in range(3)]
    index = ExactIndex()
    for n in range(12):
        own = [(PDQ, rng.bytes(32), 3 + t) for t in range(5)]
        index.register(asset(f"news {n}"), codes([*ident, *own]).signed)
    new = [(PDQ, rng.bytes(32), 3 + t) for t in range(5)]
    copies, searched = ask(index, codes([*ident, *new]))
    assert copies == {}
    assert searched.common == 3


def test_equal_strength_is_ordered_by_digest() -> None:
    index = ExactIndex()
    bits = np.random.default_rng(1).bytes(32)
    for n in range(5):
        index.register(asset(f"still {n}", MediaKind.IMAGE), codes([(PDQ, bits, 0)]).signed)
    copies, _ = ask(index, codes([(PDQ, bits, 0)]), MediaKind.IMAGE)
    assert [c.asset.sha256 for c in copies.values()] == sorted(index.assets)


def stream(kind: StreamType, digest: str | None, packets: int | None = 50) -> Stream:
    return Stream(
        index=0,
        type=kind,
        codec="h264",
        digest=digest,
        digest_scheme="packets/1" if digest else None,
        duration=Fraction(10),
        packets=packets,
    )


def test_the_same_coded_streams_are_found_whole_and_come_first() -> None:
    pictures, sound = stream(StreamType.VIDEO, "aa"), stream(StreamType.AUDIO, "bb")
    index = ExactIndex()
    index.register(asset("both", streams=(pictures, sound)), Signed())
    index.register(asset("sound", streams=(stream(StreamType.VIDEO, "cc"), sound)), Signed())
    bits = np.random.default_rng(1).bytes(32)
    made = codes([(PDQ, bits, 0)])
    index.register(asset("still", MediaKind.IMAGE), made.signed)
    mine = asset("in hand", streams=(pictures, sound))
    copies, _ = find_copies(mine, made.signed, index, made)
    assert [(c.asset.name, c.relation.value, c.transform.split(";")[0]) for c in copies] == [
        (
            "both",
            "same-stream",
            "the coded pictures and sound are bit for bit the same, in another wrapper",
        ),
        ("sound", "same-stream", "the coded sound is bit for bit the same, in another wrapper"),
        ("still", "copy", "none seen"),
    ]
    whole = copies[0].spans[0]
    assert (whole.query.start, whole.query.end, whole.copy.end) == (0, 10, 10)
    assert copies[0].pairs == 50


def test_what_was_framed_anew_is_found_by_what_it_codes() -> None:
    index = ExactIndex()
    for name, packets, pictures, sound in (
        ("elsewhere", "a1", "c1", "c2"),
        ("sound only", "a2", "c0", "c2"),
        ("as it is", "aa", "c1", "c0"),
    ):
        index.register(
            asset(
                name,
                streams=(
                    coded(stream(StreamType.VIDEO, packets), pictures),
                    coded(stream(StreamType.AUDIO, f"{packets}s"), sound),
                ),
            ),
            Signed(),
        )
    made = codes([])
    mine = asset(
        "in hand",
        streams=(
            coded(stream(StreamType.VIDEO, "aa"), "c1"),
            coded(stream(StreamType.AUDIO, "ss"), "c2"),
        ),
    )
    copies, _ = find_copies(mine, made.signed, index, made)
    alike = "in another wrapper: what is coded is bit for bit the same, how it is packed is not"
    assert {c.asset.name: (c.scheme, c.transform) for c in copies} == {
        "elsewhere": ("coded/1", f"the same pictures and sound {alike}"),
        "sound only": ("coded/1", f"the same sound {alike}"),
        "as it is": (
            "packets/1",
            "the coded pictures are bit for bit the same, in another wrapper",
        ),
    }
    assert {c.relation.value for c in copies} == {"same-stream"}


def coded(one: Stream, digest: str) -> Stream:
    return replace(one, coded_digest=digest, coded_digest_scheme="coded/1")


@pytest.mark.parametrize(
    "empty",
    [
        stream(StreamType.VIDEO, "e3", packets=0),
        stream(StreamType.DATA, "e3"),
        stream(StreamType.VIDEO, None),
    ],
    ids=["no-packets", "data-track", "unread"],
)
def test_streams_without_pictures_or_sound_are_never_alike(empty: Stream) -> None:
    index = ExactIndex()
    index.register(asset("earlier", streams=(empty,)), Signed())
    made = codes([])
    mine = asset("in hand", streams=(empty,))
    assert find_copies(mine, made.signed, index, made)[0] == ()


def test_an_index_that_names_what_it_does_not_know_is_broken() -> None:
    index = ExactIndex()
    bits = np.random.default_rng(1).bytes(32)
    made = codes([(PDQ, bits, 0)])
    index.register(asset("earlier"), made.signed)
    index.forgotten.add(asset("earlier").sha256)
    with pytest.raises(LedgerBroken, match="does not know"):
        ask(index, made, MediaKind.IMAGE)
