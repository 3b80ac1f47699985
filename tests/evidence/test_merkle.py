"""Merkle trees against the vectors of RFC 6962, and against the definition done slowly."""

import base64
import hashlib
import json

import pytest

from pollwitness.evidence.merkle import (
    ProofError,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    range_hash,
    root_of,
)
from tests.evidence.vectors import vectors

ENTRIES = [f"entry {n}".encode() for n in range(70)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


def slow_root(leaves):
    """The definition in RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + slow_root(leaves[:k]) + slow_root(leaves[k:])).digest()


def node(height, place):
    return slow_root(LEAVES[place << height : (place + 1) << height])


def decoded(case, *names):
    return [base64.b64decode(case[name] or "") for name in names]


def outcome(function, *arguments):
    try:
        function(*arguments)
    except ProofError:
        return True
    return False


def test_published_root_of_eight_entries():
    """The tree of the reference implementations; its root is in RFC 6962's test data."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
              "606162636465666768696a6b6c6d6e6f"]  # fmt: skip
    root = root_of(leaf_hash(bytes.fromhex(text)) for text in inputs)
    assert root.hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@pytest.mark.parametrize("size", range(len(ENTRIES)))
def test_roots_and_ranges_are_the_definition(size):
    assert root_of(LEAVES[:size]) == slow_root(LEAVES[:size]) == range_hash(0, size, node)


def test_every_proof_of_every_tree_holds_and_no_other():
    for size in range(1, 40):
        root = slow_root(LEAVES[:size])
        for index in range(size):
            proof = inclusion_proof(index, size, node)
            check_inclusion(index, size, LEAVES[index], proof, root)
            with pytest.raises(ProofError):
                check_inclusion(index, size, LEAVES[index + 1], proof, root)
            with pytest.raises(ProofError):
                check_inclusion(index, size, LEAVES[index], [*proof, root], root)
            if size > 1:
                with pytest.raises(ProofError):
                    check_inclusion(index, size, LEAVES[index], proof[:-1], root)


def test_every_pair_of_trees_is_consistent_and_no_fork_is():
    forked = [*LEAVES[:5], leaf_hash(b"another"), *LEAVES[6:]]
    for new in range(1, 40):
        root = slow_root(LEAVES[:new])
        for old in range(1, new + 1):
            proof = consistency_proof(old, new, node)
            check_consistency(old, new, proof, slow_root(LEAVES[:old]), root)
            if old > 5:
                with pytest.raises(ProofError):
                    check_consistency(old, new, proof, slow_root(forked[:old]), root)


def test_entries_that_are_not_there():
    for call in (lambda: inclusion_proof(3, 3, node), lambda: consistency_proof(4, 3, node)):
        with pytest.raises(ProofError):
            call()


def test_published_inclusion_cases(reference_data):
    found = 0
    for file in sorted(vectors(reference_data, "rfc6962-merkle").glob("**/inclusion/**/*.json")):
        case = json.loads(file.read_text())
        root, leaf = decoded(case, "root", "leafHash")
        proof = [base64.b64decode(one) for one in case["proof"] or []]
        refused = outcome(check_inclusion, case["leafIdx"], case["treeSize"], leaf, proof, root)
        assert refused == case["wantErr"], file
        found += 1
    assert found == 98


def test_published_consistency_cases(reference_data):
    found = 0
    for file in sorted(vectors(reference_data, "rfc6962-merkle").glob("**/consistency/**/*.json")):
        case = json.loads(file.read_text())
        first, second = decoded(case, "root1", "root2")
        proof = [base64.b64decode(one) for one in case["proof"] or []]
        refused = outcome(check_consistency, case["size1"], case["size2"], proof, first, second)
        assert refused == case["wantErr"], file
        found += 1
    assert found == 98
