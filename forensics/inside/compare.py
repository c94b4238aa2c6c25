"""Two trees of parts laid beside each other: what is the same, what changed, what only one of them has.

Parts are aligned within their parents: first those that are the same through and through, wherever they
stand, then those of the same name that hold the same kind of thing, then those of the same name, in stored
order. Where a part lies in the file is no difference: it follows from what stands before it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from forensics.model import Part


class State(StrEnum):
    """What two aligned parts are to each other."""

    SAME = "same"
    CHANGED = "changed"
    """Its own value, size, meaning or trouble differs."""
    WITHIN = "within"
    """It is the same itself; something inside differs."""
    ONLY_A = "only-a"
    ONLY_B = "only-b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two parts that stand for each other, or one that stands alone.

    Attributes:
        state: What they are to each other.
        a: From the first tree, or None.
        b: From the second tree, or None; never both None.
        pairs: What lies inside, aligned, in the order of A; what only B has follows what it follows there.
    """

    state: State
    a: Part | None
    b: Part | None
    pairs: tuple[Pair, ...] = ()

    @property
    def name(self) -> str:
        """Name of the part."""
        part = self.a or self.b
        return part.name if part else ""

    def count(self, *states: State) -> int:
        """Returns how many pairs, this one and all below, are in one of the states."""
        found, stack = 0, [self]
        while stack:
            pair = stack.pop()
            found += pair.state in states
            stack.extend(pair.pairs)
        return found


def compare(a: Part, b: Part) -> Pair:
    """Aligns two trees."""
    return _pair(a, b, _Numbers())


class _Numbers:
    """Numbers for trees: two have the same number if they differ in nothing but where they lie."""

    def __init__(self) -> None:
        self._contents: dict[Hashable, int] = {}
        self._parts: dict[
            int, tuple[Part, int]
        ] = {}  # with the part, so that its address stays its own

    def of(self, part: Part) -> int:
        known = self._parts.get(id(part))
        if known is None:
            content = (part.name, *_own(part), tuple(map(self.of, part.parts)))
            known = part, self._contents.setdefault(content, len(self._contents))
            self._parts[id(part)] = known
        return known[1]


def _own(part: Part) -> tuple[Hashable, ...]:
    """What is compared of a part itself; the size of what holds others follows from them."""
    return part.value, part.meaning, part.trouble, None if part.parts else part.size


def _kind(part: Part) -> Hashable:
    """What a part of a common name holds: an EXIF block and an XMP packet are both "APP1"."""
    first = part.parts[0] if part.parts else None
    return part.name, first and first.name, first and first.value


def _pair(a: Part, b: Part, numbers: _Numbers) -> Pair:
    if numbers.of(a) == numbers.of(b):
        return _same(a, b)
    pairs = _aligned(a.parts, b.parts, numbers)
    state = State.WITHIN if _own(a) == _own(b) else State.CHANGED
    return Pair(state=state, a=a, b=b, pairs=pairs)


def _same(a: Part, b: Part) -> Pair:
    inner = tuple(_same(one, other) for one, other in zip(a.parts, b.parts, strict=True))
    return Pair(state=State.SAME, a=a, b=b, pairs=inner)


def _alone(part: Part, state: State) -> Pair:
    one, other = (part, None) if state is State.ONLY_A else (None, part)
    return Pair(state=state, a=one, b=other, pairs=tuple(_alone(p, state) for p in part.parts))


def _aligned(a: Sequence[Part], b: Sequence[Part], numbers: _Numbers) -> tuple[Pair, ...]:
    keys: tuple[Callable[[Part], Hashable], ...] = (
        numbers.of,
        _kind,
        lambda p: (p.name, p.parts[0].name if p.parts else None),
        lambda p: p.name,
    )
    partner: dict[int, int] = {}
    left = set(range(len(b)))
    for key in keys:
        free: dict[Hashable, deque[int]] = defaultdict(deque)
        for j in sorted(left):
            free[key(b[j])].append(j)
        for i, part in enumerate(a):
            if i not in partner and (waiting := free.get(key(part))):
                partner[i] = waiting.popleft()
                left.discard(partner[i])
    return tuple(_ordered(a, b, partner, left, numbers))


def _ordered(
    a: Sequence[Part], b: Sequence[Part], partner: dict[int, int], left: set[int], numbers: _Numbers
) -> list[Pair]:
    """In the order of A; what only B has stands behind the part that it follows in B."""
    behind: dict[int, list[Part]] = defaultdict(list)
    anchor = -1
    for j, part in enumerate(b):
        if j in left:
            behind[anchor].append(part)
        else:
            anchor = j
    found = [_alone(part, State.ONLY_B) for part in behind[-1]]
    for i, part in enumerate(a):
        if i not in partner:
            found.append(_alone(part, State.ONLY_A))
            continue
        found.append(_pair(part, b[partner[i]], numbers))
        found.extend(_alone(p, State.ONLY_B) for p in behind[partner[i]])
    return found
