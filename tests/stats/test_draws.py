"""Public draws: published numbers, the same bytes always, and chances in proportion."""

import hashlib
import heapq
import json
import subprocess

import numpy as np
import pytest

from pollwitness.stats.draws import (
    as_hashed,
    different_numbers,
    next_ticket,
    sorted_by_hash,
    tickets,
    weighted,
)


def vectors(reference_data, name):
    return json.loads((reference_data.parent / "vectors" / name).read_text("utf-8"))


def test_the_47_numbers_of_colorado(reference_data):
    known = vectors(reference_data, "prng_sampling.json")["colorado"]
    assert len(known["without_replacement"]) == 47
    assert different_numbers(known["seed"], 1, 876, 47) == known["without_replacement"]
    with pytest.raises(ValueError, match="more draws"):
        different_numbers("1", 1, 3, 4)


def test_the_consistent_sampler(reference_data):
    known = vectors(reference_data, "consistent_sampler.json")["plain"]
    first = known[0]
    got = {first["ids"][one.place]: one.number for one in tickets(first["seed"], first["ids"])}
    assert [got[name] for name in first["ids"]] == first["fractions"]
    ids = [f"station-{n}" for n in range(50)]
    for case in known[1:]:
        heap = tickets(case["seed"], ids)
        heapq.heapify(heap)
        drawn = []
        while len(drawn) < case["take"]:
            one = heapq.heappop(heap)
            drawn.append([one.number[:20], ids[one.place], one.generation])
            heapq.heappush(heap, next_ticket(one))
        assert drawn == case["tickets"]
        plain = [[one.number[:20], ids[one.place], 1] for one in tickets(case["seed"], ids)]
        assert plain[: case["take"]] == case["without_replacement"]


def test_next_tickets_grow_behind_nines():
    one = tickets("x", ["a"])[0]
    late = type(one)("0.9998" + "1" * 30, 0, 1)
    again = next_ticket(late)
    assert again.number > late.number
    assert again.number.startswith("0.999")
    assert again.generation == 2


def test_a_pocket_program_draws_the_same():
    """With sha256sum and shell arithmetic alone, for weights that add up to less than 2^32."""
    weights = [5, 0, 20, 75]
    drawn = weighted("20200809", weights, 6)
    for one in drawn:
        line = subprocess.run(
            ["sha256sum"], input=f"20200809,{one.k}", capture_output=True, text=True, check=True
        ).stdout.split()[0]
        assert int(line, 16) % 100 == one.number
        ends = np.cumsum(weights)
        assert one.place == next(n for n, end in enumerate(ends) if end > one.number)


def test_draws_are_in_proportion_to_weights():
    weights = [1, 0, 3, 6]
    places = [one.place for one in weighted("7", weights, 4_000)]
    counts = np.bincount(places, minlength=4)
    assert counts[1] == 0
    assert counts / 4_000 == pytest.approx([0.1, 0, 0.3, 0.6], abs=0.03)
    large = [2**62, 2**62, 2**62]
    assert {one.place for one in weighted("7", large, 40)} == {0, 1, 2}
    for wrong in ([0, 0], [-1, 2]):
        with pytest.raises(ValueError, match="weight"):
            weighted("7", wrong, 1)


def test_the_order_by_hash_needs_no_library():
    ids = ["s1", 2, "Ж-3", "e\u0301"]
    wanted = sorted(range(4), key=lambda n: hashlib.sha256(
        f"seed,{as_hashed(ids[n])}".encode()).hexdigest())  # fmt: skip
    assert sorted_by_hash("seed", ids) == wanted
    assert sorted_by_hash("seed", ["s1", 2, "Ж-3", "é"]) == wanted, "one text in two forms"
