"""The trees are those of RFC 9162: known roots, an independent witness, and a slow reading of the text itself."""

import pymerkle  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.kit import merkle

# The entries and roots that Certificate Transparency implementations test one another with.
VECTORS = [
    ("", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
    ("00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
    ("10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
    ("2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
    ("3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
    ("40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
    ("5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
    ("606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
]
SIZES = range(1, 34)
LEAVES = [merkle.leaf_hash(b"%d" % number) for number in range(SIZES.stop)]


def plain_root(leaves: list[bytes]) -> bytes:
    """Return MTH as section 2.1.1 defines it, by recursion."""
    if len(leaves) == 1:
        return leaves[0]
    k = plain_split(len(leaves))
    return merkle.node_hash(plain_root(leaves[:k]), plain_root(leaves[k:]))


def plain_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """Return PATH as section 2.1.3.1 defines it."""
    if len(leaves) == 1:
        return []
    k = plain_split(len(leaves))
    if index < k:
        return [*plain_path(index, leaves[:k]), plain_root(leaves[k:])]
    return [*plain_path(index - k, leaves[k:]), plain_root(leaves[:k])]


def plain_subproof(old: int, leaves: list[bytes], known: bool) -> list[bytes]:
    """Return SUBPROOF as section 2.1.4.1 defines it."""
    if old == len(leaves):
        return [] if known else [plain_root(leaves)]
    k = plain_split(len(leaves))
    if old <= k:
        return [*plain_subproof(old, leaves[:k], known), plain_root(leaves[k:])]
    return [*plain_subproof(old - k, leaves[k:], False), plain_root(leaves[:k])]


def plain_split(size: int) -> int:
    k = 1
    while k * 2 < size:
        k *= 2
    return k


class Table:
    """A table of nodes as a database would keep it, which counts what is read and refuses to be overwritten."""

    def __init__(self) -> None:
        self.rows: dict[tuple[int, int], bytes] = {}
        self.size = 0
        self.reads = 0

    def node_at(self, level: int, index: int) -> bytes:
        self.reads += 1
        return self.rows[level, index]

    def append(self, leaf: bytes) -> None:
        for level, index, digest in merkle.appended(self.size, leaf, self.node_at):
            assert (level, index) not in self.rows
            self.rows[level, index] = digest
        self.size += 1


@pytest.fixture(scope="module")
def table() -> Table:
    table = Table()
    for leaf in LEAVES:
        table.append(leaf)
    return table


def test_known_roots() -> None:
    leaves = [merkle.leaf_hash(bytes.fromhex(entry)) for entry, _ in VECTORS]
    for size, (_, expected) in enumerate(VECTORS, start=1):
        assert merkle.root(leaves[:size]).hex() == expected


def test_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", SIZES)
def test_roots_and_paths_agree_with_an_independent_witness(size: int) -> None:
    witness = pymerkle.InmemoryTree(algorithm="sha256")
    for number in range(size):
        witness.append_entry(b"%d" % number)
    root = merkle.root(LEAVES[:size])
    assert root == witness.get_root()
    for index in range(size):
        theirs = witness.prove_inclusion(index + 1)
        assert [LEAVES[index], *merkle.inclusion_proof(index, LEAVES[:size])] == theirs.path
        pymerkle.verify_inclusion(LEAVES[index], root, theirs)


@pytest.mark.parametrize("size", SIZES)
def test_proofs_are_those_of_the_text(size: int) -> None:
    leaves = LEAVES[:size]
    assert merkle.root(leaves) == plain_root(leaves)
    for index in range(size):
        assert merkle.inclusion_proof(index, leaves) == plain_path(index, leaves)
    for old in range(1, size + 1):
        assert merkle.consistency_proof(old, leaves) == plain_subproof(old, leaves, True)


@pytest.mark.parametrize("size", SIZES)
def test_every_inclusion_is_verified_and_no_other(size: int) -> None:
    root = merkle.root(LEAVES[:size])
    for index in range(size):
        proof = merkle.inclusion_proof(index, LEAVES[:size])
        verified = [
            (leaf, place)
            for leaf in range(size)
            for place in range(-1, size + 1)
            if merkle.verify_inclusion(LEAVES[leaf], place, size, proof, root)
        ]
        assert verified == [(index, index)]


@pytest.mark.parametrize("size", SIZES)
def test_every_growth_is_verified_and_no_other(size: int) -> None:
    root = merkle.root(LEAVES[:size])
    for old in range(1, size + 1):
        proof = merkle.consistency_proof(old, LEAVES[:size])
        old_root = merkle.root(LEAVES[:old])
        assert merkle.verify_consistency(old, size, old_root, root, proof)
        changed = merkle.root([merkle.leaf_hash(b"changed"), *LEAVES[1:old]])
        assert not merkle.verify_consistency(old, size, changed, root, proof)
        assert not merkle.verify_consistency(old, size, old_root, changed, proof)
        assert not merkle.verify_consistency(old, size, old_root, root, [*proof, root])
        assert not proof or not merkle.verify_consistency(old, size, old_root, root, proof[:-1])


@given(st.data())
def test_any_tampering_with_an_inclusion_proof_shows(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 33))
    index = data.draw(st.integers(0, size - 1))
    root = merkle.root(LEAVES[:size])
    proof = merkle.inclusion_proof(index, LEAVES[:size])
    place = data.draw(st.integers(0, len(proof) - 1))
    altered = [*proof[:place], merkle.leaf_hash(proof[place]), *proof[place + 1 :]]
    for wrong in (altered, proof[:place], [*proof, root], []):
        assert not merkle.verify_inclusion(LEAVES[index], index, size, wrong, root)


def test_impossible_sizes_and_indexes_are_not_verified() -> None:
    root = merkle.root(LEAVES[:1])
    assert merkle.verify_inclusion(LEAVES[0], 0, 1, [], root)
    assert not merkle.verify_inclusion(LEAVES[0], 0, 0, [], root)
    assert not merkle.verify_inclusion(LEAVES[0], 1, 1, [], root)
    assert not merkle.verify_consistency(0, 1, merkle.EMPTY_ROOT, root, [])
    assert not merkle.verify_consistency(2, 1, root, root, [])
    assert not merkle.verify_consistency(1, 2, root, root, [])
    assert not merkle.verify_consistency(3, 4, root, root, [])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 3)])
def test_no_proof_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(IndexError):
        merkle.inclusion_proof(index, LEAVES[:size])


@pytest.mark.parametrize(("old", "size"), [(0, 1), (2, 1), (-1, 3)])
def test_no_proof_of_a_tree_that_was_not_there(old: int, size: int) -> None:
    with pytest.raises(IndexError):
        merkle.consistency_proof(old, LEAVES[:size])


@pytest.mark.parametrize("size", SIZES)
def test_stored_nodes_give_the_root_and_proofs_of_every_earlier_size(table: Table, size: int) -> None:
    assert merkle.root_of(size, table.node_at) == plain_root(LEAVES[:size])
    for index in range(size):
        assert merkle.proof_of(index, size, table.node_at) == plain_path(index, LEAVES[:size])
    for old in range(1, size + 1):
        assert merkle.consistency_of(old, size, table.node_at) == plain_subproof(old, LEAVES[:size], True)


def test_only_complete_nodes_are_stored(table: Table) -> None:
    expected = {(level, index) for level in range(7) for index in range(table.size >> level)}
    assert table.rows.keys() == expected


@pytest.mark.parametrize("size", [999, 1000, 1023, 1024, 1025])
def test_few_nodes_are_read(size: int) -> None:
    table = Table()
    most = 0
    for number in range(size):
        table.reads = 0
        table.append(merkle.leaf_hash(b"%d" % number))
        most = max(most, table.reads)
    assert most <= 10
    table.reads = 0
    root = merkle.root_of(size, table.node_at)
    assert table.reads <= 11
    for index in (0, size // 2, size - 1):
        table.reads = 0
        proof = merkle.proof_of(index, size, table.node_at)
        assert table.reads <= 20
        assert merkle.verify_inclusion(table.rows[0, index], index, size, proof, root)
