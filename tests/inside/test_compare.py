"""Two trees are aligned by what their parts hold, and every difference is told once."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from forensics.inside.compare import Pair, State, compare
from forensics.model import Part


def part(name: str, *parts: Part, value: int | str | None = None, at: int | None = None) -> Part:
    return Part(name=name, value=value, at=at, parts=parts)


def states(pair: Pair) -> list[tuple[str, State]]:
    found = [(pair.name, pair.state)]
    for inner in pair.pairs:
        found += states(inner)
    return found


NAMES = st.sampled_from(["APP1", "EXIF", "Make", "DQT"])
TREES = st.recursive(
    st.builds(
        lambda n, v: part(n, value=v), NAMES, st.none() | st.integers(0, 2) | st.text(max_size=2)
    ),
    lambda inner: st.builds(lambda n, p: part(n, *p), NAMES, st.lists(inner, max_size=4)),
    max_leaves=20,
)


def size(tree: Part) -> int:
    return 1 + sum(1 for _ in tree.walk())


@given(TREES)
def test_a_tree_is_the_same_as_itself_wherever_its_parts_lie(tree: Part) -> None:
    def moved(p: Part) -> Part:
        return replace(p, at=7, parts=tuple(map(moved, p.parts)))

    assert {state for _, state in states(compare(tree, moved(tree)))} == {State.SAME}


@given(TREES, TREES)
def test_every_part_of_both_occurs_once(a: Part, b: Part) -> None:
    pair = compare(a, b)
    mirrored = compare(b, a)
    every = [state for _, state in states(pair)]
    both = sum(s in {State.SAME, State.CHANGED, State.WITHIN} for s in every)
    assert both + every.count(State.ONLY_A) == size(a)
    assert both + every.count(State.ONLY_B) == size(b)
    assert pair.count(State.SAME) == every.count(State.SAME)
    assert (pair.state is State.SAME) == (a == b) == (mirrored.state is State.SAME)


def test_a_block_of_the_same_name_is_aligned_by_what_it_holds() -> None:
    exif = part("APP1", part("EXIF", part("Make", value="One")))
    other = part("APP1", part("EXIF", part("Make", value="Two")))
    xmp = part("APP1", part("XMP", part("dc:format", value="image/jpeg")))
    pair = compare(part("JPEG", exif, xmp), part("JPEG", xmp, other))
    assert [(p.name, p.state) for p in pair.pairs] == [
        ("APP1", State.WITHIN),
        ("APP1", State.SAME),
    ]
    assert states(pair.pairs[0])[-1] == ("Make", State.CHANGED)


def test_what_only_one_has_stands_behind_what_it_follows() -> None:
    one, two, three = part("1"), part("2"), part("3")
    pair = compare(part("r", one, three), part("r", two, one, part("4"), three))
    assert [(p.name, p.state) for p in pair.pairs] == [
        ("2", State.ONLY_B),
        ("1", State.SAME),
        ("4", State.ONLY_B),
        ("3", State.SAME),
    ]


def test_the_size_of_a_holder_is_no_difference_of_its_own() -> None:
    a = replace(part("moov", part("free")), size=10)
    b = replace(part("moov", part("free"), part("udta")), size=20)
    assert compare(a, b).state is State.WITHIN
    assert (
        compare(replace(part("mdat"), size=1), replace(part("mdat"), size=2)).state is State.CHANGED
    )


def test_many_parts_of_one_name_take_little_time() -> None:
    a = part("r", *(part("x", value=n) for n in range(20_000)))
    b = part("r", *(part("x", value=n) for n in range(10_000, 30_000)))
    pair = compare(a, b)
    assert pair.count(State.SAME) == 10_000
    assert pair.count(State.CHANGED) == 10_001 - 1
