"""The same coded streams in another file, however they are packed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from forensics.copies.search import find_copies
from forensics.model import (
    MediaKind,
    Stream,
    StreamType,
)
from forensics.signatures.schemes import PDQ
from forensics.signatures.signed import Signed
from tests.copies.clips import asset, codes
from tests.copies.exact import ExactIndex


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
