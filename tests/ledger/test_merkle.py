"""The tree against its definition and against fixed vectors."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.ledger import merkle
from tests.ledger.cases import checked, consistency, inclusion

OWN = json.loads((Path(__file__).parents[1] / "vectors/ledger/merkle.json").read_text())


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def leaves_of(size: int) -> list[bytes]:
    return [merkle.leaf_hash(b"%d" % i) for i in range(size)]


def reader(leaves: list[bytes]) -> merkle.NodeReader:
    def node(level: int, position: int) -> bytes:
        start = position << level
        assert start + (1 << level) <= len(leaves), "only complete nodes may be asked for"
        return naive_root(leaves[start : start + (1 << level)])

    return node


@given(st.integers(0, 70))
def test_frontier_gives_the_root_of_the_definition(size: int) -> None:
    leaves = leaves_of(size)
    frontier = merkle.Frontier()
    for i, leaf in enumerate(leaves):
        completed = frontier.add(leaf)
        node = reader(leaves)
        assert completed == [node(k, i >> k) for k in range(len(completed))]
        assert len(completed) == ((i + 1) & -(i + 1)).bit_length()
    assert frontier.root() == naive_root(leaves)
    assert merkle.root_from_leaves(leaves) == naive_root(leaves)
    assert merkle.root_at(size, reader(leaves)) == naive_root(leaves)
    assert frontier.peaks == [reader(leaves)(*peak) for peak in merkle.peak_nodes(size)]


@given(st.data())
def test_inclusion_proofs_hold_and_nothing_else_does(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 70))
    index = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size)
    root = naive_root(leaves)
    proof = merkle.inclusion_proof(index, size, reader(leaves))
    merkle.verify_inclusion(index, size, leaves[index], proof, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda i: i != index) | st.just(size))
    with pytest.raises(merkle.ProofError):
        merkle.verify_inclusion(other, size, leaves[index], proof, root)
    with pytest.raises(merkle.ProofError):
        merkle.verify_inclusion(index, size, merkle.leaf_hash(b"other"), proof, root)
    with pytest.raises(merkle.ProofError):
        merkle.verify_inclusion(index, size, leaves[index], [*proof, root], root)
    if proof:
        with pytest.raises(merkle.ProofError):
            merkle.verify_inclusion(index, size, leaves[index], proof[:-1], root)


@given(st.data())
def test_consistency_proofs_hold_and_nothing_else_does(data: st.DataObject) -> None:
    size2 = data.draw(st.integers(1, 70))
    size1 = data.draw(st.integers(1, size2))
    leaves = leaves_of(size2)
    root1, root2 = naive_root(leaves[:size1]), naive_root(leaves)
    proof = merkle.consistency_proof(size1, size2, reader(leaves))
    merkle.verify_consistency(size1, size2, proof, root1, root2)
    wrong = sha256(b"wrong").digest()
    for attempt in [
        (size1, size2, proof, wrong, root2),
        (size1, size2, proof, root1, wrong),
        (size1, size2, [*proof, wrong], root1, root2),
        (0, size2, proof, root1, root2),
        (size2 + 1, size2, proof, root1, root2),
    ]:
        with pytest.raises(merkle.ProofError):
            merkle.verify_consistency(*attempt)
    for i in range(len(proof)):
        with pytest.raises(merkle.ProofError):
            merkle.verify_consistency(
                size1, size2, [*proof[:i], wrong, *proof[i + 1 :]], root1, root2
            )


def test_errors_carry_expected_and_found() -> None:
    leaves = leaves_of(2)
    with pytest.raises(merkle.ProofError) as caught:
        merkle.verify_inclusion(0, 2, leaves[0], [leaves[1]], leaves[0])
    assert caught.value.expected == leaves[0]
    assert caught.value.found == naive_root(leaves)
    assert leaves[0].hex() in str(caught.value)


def test_an_edge_with_missing_parts_is_refused() -> None:
    with pytest.raises(merkle.ProofError, match="expected 2, found 1"):
        merkle.Frontier(3, [b"\0" * 32])


@pytest.mark.parametrize("case", OWN["roots"], ids=lambda c: str(c["size"]))
def test_own_roots(case: dict[str, str]) -> None:
    leaves = [merkle.leaf_hash(bytes.fromhex(v)) for v in OWN["leaves"]][: int(case["size"])]
    assert merkle.root_from_leaves(leaves).hex() == case["want"]


@pytest.mark.parametrize("case", OWN["inclusion"], ids=lambda c: c["desc"])
def test_own_inclusion(case: dict[str, object]) -> None:
    checked(case, lambda: merkle.verify_inclusion(*inclusion(case, bytes.fromhex)))


@pytest.mark.parametrize("case", OWN["consistency"], ids=lambda c: c["desc"])
def test_own_consistency(case: dict[str, object]) -> None:
    checked(case, lambda: merkle.verify_consistency(*consistency(case, bytes.fromhex)))


@pytest.mark.parametrize("before", [0, 1024, 3 * 1024, 7 * 1024])
@pytest.mark.parametrize("count", [1, 2, 3, 511, 512, 1000, 1023, 1024])
def test_a_block_completes_the_same_nodes_as_its_leaves_one_by_one(before: int, count: int) -> None:
    leaves = [merkle.leaf_hash(b"%d" % i) for i in range(before + count)]
    one = merkle.Frontier()
    for leaf in leaves[:before]:
        one.add(leaf)
    start = merkle.Frontier(one.size, one.peaks)
    block = merkle.Block(leaves[before:])
    assert block.completed(start) == [b"".join(one.add(leaf)) for leaf in leaves[before:]]
    for part in {1, count // 2, count} - {0}:
        grown = block.grown(start, part)
        expected = merkle.root_from_leaves(leaves[: before + part])
        assert (grown.size, grown.root()) == (before + part, expected)
    assert start.size == before
