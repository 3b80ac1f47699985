"""From pairs to persons, against slow average linkage; certainly different, against all subsets."""

import itertools

import numpy as np
import polars as pl
import pytest
from calibration.roster import roster

from pollwitness.detentions.certain import certainly_different
from pollwitness.detentions.linkage import Links
from pollwitness.detentions.names import groups
from pollwitness.detentions.persons import (
    Decisions,
    by_list,
    capture_histories,
    persons,
)
from pollwitness.detentions.transliteration import Spelling, is_cyrillic, to_latin
from pollwitness.errors import QuestionError


def links(pairs, records):
    frame = pl.DataFrame(
        sorted((min(a, b), max(a, b), p) for (a, b), p in pairs.items()), orient="row",
        schema={"first": pl.String, "second": pl.String, "probability": pl.Float64},
    )  # fmt: skip
    return Links(frame, records)


def slow_groups(ids, pairs, threshold):
    """Average linkage as it is defined: all pairs of groups anew at every step."""
    groups = [frozenset([one]) for one in ids]
    while True:
        best = (threshold, None)
        for one, other in itertools.combinations(groups, 2):
            values = [pairs.get(tuple(sorted(p)), 0.0) for p in itertools.product(one, other)]
            average = sum(values) / len(values)
            if average > best[0] or (best[1] is None and average >= threshold):
                best = (average, (one, other))
        if best[1] is None:
            return set(groups)
        groups = [g for g in groups if g not in best[1]] + [best[1][0] | best[1][1]]


@pytest.mark.parametrize("seed", range(60))
def test_persons_are_average_linkage(seed):
    rng = np.random.default_rng(seed)
    ids = [f"r{n}" for n in range(9)]
    pairs = {p: float(rng.random()) for p in itertools.combinations(ids, 2) if rng.random() < 0.5}
    found = persons(ids, links(pairs, 9), None, 0.5)
    groups: dict[str, set[str]] = {}
    for one, own in found.items():
        groups.setdefault(own, set()).add(one)
    assert set(map(frozenset, groups.values())) == slow_groups(ids, pairs, 0.5)
    assert all(own == min(group) for own, group in groups.items())


def test_chains_of_middling_pairs_make_no_person():
    ids = ["a", "b", "c", "d"]
    chain = {("a", "b"): 0.9, ("b", "c"): 0.7, ("c", "d"): 0.9}
    found = persons(ids, links(chain, 4))
    assert found == {"a": "a", "b": "a", "c": "c", "d": "c"}


def test_decisions_go_before_the_model():
    ids = ["a", "b", "c", "d"]
    pairs = links({("a", "b"): 0.99, ("b", "c"): 0.01}, 4)
    apart = Decisions(different=frozenset([("a", "b")]))
    assert len(set(persons(ids, pairs, apart).values())) == 4
    joined = Decisions(same=frozenset([("b", "c"), ("c", "d")]))
    assert persons(ids, pairs, joined) == {"a": "a", "b": "b", "c": "b", "d": "b"}
    both = Decisions(same=frozenset([("b", "c")]), different=frozenset([("a", "c")]))
    assert persons(ids, pairs, both) == {"a": "a", "b": "b", "c": "b", "d": "d"}


def test_decisions_that_contradict_each_other_are_refused():
    wrong = Decisions(same=frozenset([("a", "b"), ("b", "c")]), different=frozenset([("a", "c")]))
    with pytest.raises(QuestionError, match="a and c are joined and kept apart"):
        persons(["a", "b", "c"], links({}, 3), wrong)


def test_histories_count_persons_once():
    records = pl.DataFrame({"record_id": list("abcde"), "list_id": ["x", "x", "y", "y", "z"]})
    person = {"a": "a", "b": "a", "c": "a", "d": "d", "e": "e"}
    found = capture_histories(by_list(records), person, ["x", "y", "z"])
    assert found.counts.tolist() == [0, 0, 1, 1, 1, 0, 0, 0]
    assert found.observed == 3


def entries(rows):
    columns = ("record_id", "list_id", "given", "patronymic", "surname", "sex", "birth_year",
               "birth_month", "birth_day")  # fmt: skip
    schema = {name: pl.Int64 if name.startswith("birth") else pl.String for name in columns}
    return pl.DataFrame([(f"r{n}", *row, None, None) for n, row in enumerate(rows)], orient="row",
                        schema=schema)  # fmt: skip


def test_what_is_certainly_different():
    one = ("x", "Aleh", None, "Vymyslenka", "m", 1990)
    pairs = {
        ("y", "Oleg", None, "Вымышленко", None, 1990): 1,  # one name in two alphabets
        ("y", "Oleg", None, "Вымышленко", None, 1950): 1,  # the year alone may be a slip
        ("y", "Ihar", None, "Вымышленко", None, 1950): 2,
        ("y", "Ihar", None, "Вымышленко", None, 1991): 1,  # years that touch do not count
        ("y", "Ihar", None, "Вымышленко", "f", None): 1,  # name and sex are one part
        ("y", "Ihar", "Рыгоравіч", "Вымышленко", "f", 1950): 2,
        ("y", "Nosuchname", None, "Вымышленко", "f", None): 1,  # a name that no table knows
        ("x", "Oleg", None, "Вымышленко", "m", 1990): 1,
        ("y", None, None, None, None, None): 1,
    }
    for other, people in pairs.items():
        assert len(certainly_different(entries([one, other]), frozenset())) == people, other
    same_list = entries([one, ("x", "Oleg", None, "Вымышленко", "m", 1990)])
    assert len(certainly_different(same_list, frozenset({"x"}))) == 2
    assert certainly_different(entries([]), frozenset()) == []


ONE_PERSON = {
    "another alphabet, without a slip": [
        ("Павел", "Лявонавіч", "Воўк"),
        ("Павел", "Леонович", "Волк"),
    ],
    "two forms of a given name": [
        ("Зміцер", "Зміцеравіч", "Уласаў"),
        ("Дмитрий", "Дмитриевич", "Власов"),
    ],
    "initials": [("Мария", "П.", "К."), ("Мария", "Петровна", "Неисновская")],
    "an initial, and a slip in the year": [
        ("Иван", "П.", "Вымышлев", None, 1980),
        ("Иван", "Петрович", "Вымышлев", None, 1990),
    ],
    "names in each other's column": [("Раман", None, "Андрэй"), ("Андрэй", None, "Раман")],
    "a letter that makes a woman of a man": [
        ("Александр", None, "Вымышлев", "m"),
        ("Александра", None, "Вымышлева", "f"),
    ],
    "Latin letters that look Cyrillic": [
        ("Иван", "Cтeпaнoвич", "Cухарeвич"),
        ("Иван", "Степанович", "Сухаревич"),
    ],
    "a short name, and a slip in the year": [
        ("Алесь", None, "Вымышлевіч", None, 1962),
        ("Александр", None, "Вымышлевич", None, 1926),
    ],
    "Łacinka without marks": [
        ("Ales", None, "Bielacki", None, 1962),
        ("Алесь", None, "Бяляцкі", None, 1926),
    ],
    "letters with their marks apart": [
        ("Іван", None, "Ивано\u0443\u0306", None, 1950),
        ("Иван", None, "Иванов", None, 1990),
    ],
    "Ukrainian letters": [("Іван", "Іванович", "Єсипенко"), ("Иван", "Иванович", "Есипенко")],
}


@pytest.mark.parametrize("how", ONE_PERSON)
def test_one_person_is_never_certainly_two(how):
    rows = []
    for number, (given, father, surname, *more) in enumerate(ONE_PERSON[how]):
        sex, year = (*more, None, None)[:2]
        rows.append((f"list-{number}", given, father, surname, sex, year))
    assert len(certainly_different(entries(rows), frozenset())) == 1


def test_every_spelling_of_every_name_is_one_person():
    """Belarusian, Russian and Latin forms of one person never differ in two parts, nor with a year
    that is a slip."""
    spellings = ["Вымышленка", "Цэпкавіч", "Дзядзюк", "Уласюк", "Ёлкін", "Гарбуноў", "Сяргейчык",
                 "Шчэрбіч", "Лявонаў", "Юшкоўскі"]  # fmt: skip
    for surname, line in zip(spellings * 12, groups(), strict=False):
        forms = [name for name in line if is_cyrillic(name)]
        rows = [
            ("a", name, None, surname, None, 1950 + 30 * (n % 2)) for n, name in enumerate(forms)
        ]
        rows += [("b", to_latin(forms[0], one), None, to_latin(surname, one), None, 1990)
                 for one in Spelling]  # fmt: skip
        assert len(certainly_different(entries(rows), frozenset())) == 1, (surname, line)


def test_a_set_of_certainly_different_entries_against_all_subsets():
    """Small rosters: never more than the largest clique, nor than the people there are."""
    reached = 0
    for seed in range(12):
        made = roster(np.random.default_rng(seed), 12, lists=3)
        records, unique = made.records, frozenset({"list-0"})
        ids = records["record_id"].to_list()
        apart = set()
        for pair in itertools.combinations(ids, 2):
            both = records.filter(pl.col("record_id").is_in(pair))
            if len(certainly_different(both, unique)) == 2:
                apart.add(pair)
        largest = max(
            size for size in range(1, 13) for subset in itertools.combinations(ids, size)
            if all(pair in apart for pair in itertools.combinations(subset, 2))
        )  # fmt: skip
        found = certainly_different(records, unique)
        assert all(pair in apart for pair in itertools.combinations(sorted(found), 2))
        assert len(found) <= largest <= len(set(made.person.tolist()))
        reached += len(found) == largest
    assert reached >= 9, "the greedy search is nearly always as good as the best"


def test_the_bound_holds_on_rosters_with_slips():
    """No two entries of the set are of one person, but for one in a thousand."""
    made = roster(np.random.default_rng(4), 6_000)
    ids = made.records["record_id"].to_list()
    who = dict(zip(ids, made.person.tolist(), strict=True))
    found = certainly_different(made.records, frozenset())
    people = len({who[one] for one in found})
    assert people >= 0.999 * len(found)
    assert len(found) <= len(set(who.values()))
    assert len(found) > 0.4 * len(set(who.values()))
