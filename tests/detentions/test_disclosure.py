"""What may be published of small counts, attacked by subtraction; estimates made of it alone."""

import itertools

import numpy as np
import pytest

from pollwitness.detentions.disclosure import at_least, at_most, rebuilt, released, shown
from pollwitness.detentions.estimate import answer_from
from pollwitness.detentions.histories import Histories
from tests.detentions.published import KOSOVO, UNITED_KINGDOM


def test_nothing_below_ten_and_nothing_but_fives():
    assert all(shown(n) is None and at_least(n) == 0 for n in range(10))
    for n in range(10, 500):
        assert shown(n) % 5 == 0
        assert abs(shown(n) - n) <= 2
        assert at_least(n) % 5 == 0
        assert 0 <= n - at_least(n) < 5


@pytest.mark.parametrize("rule", [shown, at_least])
def test_a_part_is_not_found_by_subtraction(rule):
    """An attacker knows two published counts, of a whole and of the same without a small part.

    Whatever they are, they agree with nobody having been left out, or with at least five sizes of
    the part: nobody who was left out, or put in, is singled out.
    """
    possible: dict[tuple[int | None, int | None], set[int]] = {}
    for whole, part in itertools.product(range(10, 200), range(30)):
        if part <= whole:
            possible.setdefault((rule(whole), rule(whole - part)), set()).add(part)
    inner = {key: parts for key, parts in possible.items()
             if (key[0] or 0) < 180 and (key[0] or 0) - (key[1] or 0) < 20}  # fmt: skip
    assert len(inner) > 50
    for key, parts in inner.items():
        assert (0 in parts and len(parts) >= 3) or len(parts) >= 5, (key, parts)


@pytest.mark.parametrize("with_total", [False, True])
def test_a_hidden_count_is_not_found_from_all_that_is_published(with_total):
    """Every register of three lists with given published counts leaves each small count open.

    The attacker has the counts and those below ten together: each small count may be any of five.
    With the bounds of all people, at worst the number of all of them to five, that holds but for
    the rare registers in which nearly all that was rounded went one way.
    """
    large = np.array([40, 35, 20, 15, 60]) + list(itertools.product(range(-2, 3), repeat=5))
    small = np.array(list(itertools.product(range(10), repeat=2)))
    three = ("a", "b", "c")
    made = [released(Histories(three, np.array([0, 40, 35, one, 20, other, 15, 60])))
            for one, other in small.tolist()]  # fmt: skip
    assert {one.counts for one in made} == {(None, 40, 35, None, 20, None, 15, 60)}
    pooled = np.array([one.pooled or 0 for one in made])
    total = large.sum(axis=1)[:, None] + small.sum(axis=1)
    least = np.vectorize(at_least)(total)
    assert (np.vectorize(at_most)(total) == least + 5).all(), "both ends tell the same"
    key = np.broadcast_to(pooled, total.shape) + (least * 1_000 if with_total else 0)
    for place in (0, 1):
        sizes = np.broadcast_to(small[:, place], key.shape)
        pairs = np.unique(np.stack([key, sizes]).reshape(2, -1),
                          axis=1)  # fmt: skip
        keys, values = np.unique(pairs[0], return_counts=True)
        open_to_five = np.isin(key, keys[values >= 5]).mean()
        assert open_to_five == 1 if not with_total else open_to_five > 0.99


def test_sums_rounded_on_their_own_would_give_small_counts_away():
    """Why they are not published: with them, an attacker who knows the large counts solves."""

    def published(small):
        counts = np.array([0, 40, 33, small[0], 21, small[1], 15, 12])
        found = Histories(("a", "b", "c"), counts)
        sums = [*found.totals, found.observed, *(both for _a, _b, both in found.overlaps())]
        return tuple(map(shown, sums))

    alike: dict[object, list[tuple[int, int]]] = {}
    for small in itertools.product(range(10), repeat=2):
        alike.setdefault(published(small), []).append(small)
    assert any(len(pairs) == 1 for pairs in alike.values())


def test_estimates_are_made_of_published_counts_alone():
    """Two registers with the same published counts give the same page, to the last digit."""
    other = KOSOVO.counts.copy()
    other[1:] += np.array([1, 0, -2, 1, -1, 2, -1, 0, 1, 0, 1, -1, 0, 2, 0])
    first, second = released(KOSOVO), released(Histories(KOSOVO.lists, other))
    same = [shown(int(a)) == shown(int(b)) for a, b in zip(KOSOVO.counts, other, strict=True)]
    mixed = np.where(same, other, KOSOVO.counts)
    assert (mixed != KOSOVO.counts).sum() >= 5
    second = released(Histories(KOSOVO.lists, mixed))
    assert first.counts == second.counts
    assert np.array_equal(first.histories.counts, second.histories.counts)
    assert np.array_equal(rebuilt(first.histories.lists, first.counts[1:], first.pooled).counts,
                          first.histories.counts)  # fmt: skip


def test_pooled_people_are_all_spread_and_none_elsewhere():
    found = released(UNITED_KINGDOM)
    assert found.pooled == 20
    hidden = [h for h in range(1, 32) if found.counts[h] is None]
    assert all(UNITED_KINGDOM.counts[h] < 10 for h in hidden)
    assert found.histories.counts[hidden].sum() == 20
    assert all(found.histories.counts[h] == found.counts[h]
               for h in range(1, 32) if h not in hidden)  # fmt: skip
    assert found.counts[0] is None
    assert found.histories.counts[0] == 0


def test_too_much_that_is_hidden_carries_no_estimate():
    assert released(KOSOVO).is_enough
    assert not released(UNITED_KINGDOM).is_enough
    assert answer_from(released(UNITED_KINGDOM)) is None
    few = Histories.of(("a", "b"), {(1, 0): 40, (0, 1): 30, (1, 1): 8})
    assert answer_from(released(few)) is None
