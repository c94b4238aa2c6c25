"""What codes alone say: where they decide, what they only suggest, and what they are not asked about."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.copies.outcome import as_outcome
from forensics.errors import LedgerBroken
from forensics.model import (
    MediaKind,
    Ran,
    Relation,
    Signature,
)
from forensics.signatures.schemes import PDQ, PHASH
from forensics.signatures.signed import Asked, Signed
from tests.copies.clips import RATE, Encode, ask, asset, codes, still, times, travel, world
from tests.copies.exact import Clip, ExactIndex


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


def test_an_index_that_names_what_it_does_not_know_is_broken() -> None:
    index = ExactIndex()
    bits = np.random.default_rng(1).bytes(32)
    made = codes([(PDQ, bits, 0)])
    index.register(asset("earlier"), made.signed)
    index.forgotten.add(asset("earlier").sha256)
    with pytest.raises(LedgerBroken, match="does not know"):
        ask(index, made, MediaKind.IMAGE)
