"""Merkle trees as in RFC 9162 section 2.1, over a list in memory or over a table of stored nodes.

A leaf is always given as its hash, ``leaf_hash(data)``. Node (level, index) covers the leaves from index * 2**level up
to, not including, (index + 1) * 2**level; level 0 is the leaves. Only nodes whose leaves are all there are stored, so
a stored node never changes, and no writer ever has to read more than log2(size) of them.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

NodeAt = Callable[[int, int], bytes]

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one entry, 32 bytes; the prefix keeps entries and nodes apart."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above two others."""
    return sha256(b"\x01" + left + right).digest()


# Over a list of leaf hashes


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root of all these leaves; of none, the hash of nothing."""
    return root_of(len(leaves), _nodes_of(leaves))


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the hashes that lead from one leaf to the root, lowest first. Raises IndexError for no such leaf."""
    return proof_of(index, len(leaves), _nodes_of(leaves))


def consistency_proof(old_size: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the hashes that show that the tree of the first ``old_size`` leaves only grew. Raises IndexError."""
    return consistency_of(old_size, len(leaves), _nodes_of(leaves))


# Over a table of stored nodes


def appended(position: int, leaf: bytes, node_at: NodeAt) -> list[tuple[int, int, bytes]]:
    """Return the nodes (level, index, hash) to be stored when this leaf is appended at this position, leaf first.

    On average two nodes; reads as many stored ones as there are nodes above the leaf to store.
    """
    nodes = [(0, position, leaf)]
    level, index, current = 0, position, leaf
    while index % 2:
        current = node_hash(node_at(level, index - 1), current)
        level, index = level + 1, index // 2
        nodes.append((level, index, current))
    return nodes


def root_of(size: int, node_at: NodeAt) -> bytes:
    """Return the root of the first ``size`` leaves, from at most log2(size) + 1 stored nodes."""
    return _range_hash(0, size, node_at) if size else EMPTY_ROOT


def proof_of(index: int, size: int, node_at: NodeAt) -> list[bytes]:
    """Return the inclusion proof of one leaf among the first ``size``, lowest hash first.

    Reads O(log size) stored nodes. Raises IndexError when the leaf is not among them.
    """
    if not 0 <= index < size:
        raise IndexError(f"no leaf {index} in a tree of {size}")
    proof = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(_range_hash(middle, end, node_at))
            end = middle
        else:
            proof.append(_range_hash(start, middle, node_at))
            start = middle
    return proof[::-1]


def consistency_of(old_size: int, size: int, node_at: NodeAt) -> list[bytes]:
    """Return the proof that the first ``old_size`` leaves of ``size`` are the old tree, lowest hash first.

    Reads O(log size) stored nodes. Raises IndexError unless 0 < old_size <= size.
    """
    if not 0 < old_size <= size:
        raise IndexError(f"no tree of {old_size} within a tree of {size}")
    proof = []
    start, end = 0, size
    while end != old_size:
        middle = start + _split(end - start)
        if old_size <= middle:
            proof.append(_range_hash(middle, end, node_at))
            end = middle
        else:
            proof.append(_range_hash(start, middle, node_at))
            start = middle
    if start:  # else the old root itself is a node of the new tree, and the verifier has it
        proof.append(_range_hash(start, end, node_at))
    return proof[::-1]


# For whoever does not trust us


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether the leaf is at this index of the tree with this size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, current = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place % 2 or place == last:
            current = node_hash(sibling, current)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and current == root


def verify_consistency(old_size: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether the tree of ``size`` with this root begins with the old tree (RFC 9162, 2.1.4.2)."""
    if not 0 < old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == root
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        return False
    place, last = old_size - 1, size - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and old == old_root and new == root


def _split(size: int) -> int:
    """Return the largest power of two smaller than the size."""
    return 1 << (size - 1).bit_length() - 1


def _range_hash(start: int, end: int, node_at: NodeAt) -> bytes:
    """Return the hash over the leaves from start up to end, where start is aligned as in every subtree of the RFC."""
    pieces = []
    while start < end:
        level = (end - start).bit_length() - 1
        pieces.append(node_at(level, start >> level))
        start += 1 << level
    current = pieces.pop()
    while pieces:
        current = node_hash(pieces.pop(), current)
    return current


def _nodes_of(leaves: Sequence[bytes]) -> NodeAt:
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
    return lambda level, index: levels[level][index]
