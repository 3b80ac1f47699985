"""Names across alphabets: against ICU, every form of the table, patterns, and names that differ."""

import itertools
import re

import pytest

from pollwitness.detentions.names import (
    corrected,
    given_key,
    groups,
    normalised,
    patronymic_key,
    skeleton,
    surname_key,
)
from pollwitness.detentions.transliteration import Spelling, is_cyrillic, plain, to_latin

SURNAMES = {
    "Belarusian": ["Вымышленка", "Прыдуманскі", "Няісноўская", "Ціхавольскі", "Сяргейчык",
                   "Цэпкавіч", "Шчэрбіч", "Хадасевіч", "Юшкоўскі",
                   "Гарбунова", "Жданёнак", "Дзядзюк",
                   "Лявонаў", "Мікалаеня", "Ёлкін", "Ігнацюк", "Пракапчук", "Эйсмант"],
    "Russian": ["Вымышленко", "Придуманский", "Неисновская", "Тихоновский", "Сергейчик", "Хрущанов",
                "Щербич", "Ходасевич", "Юшковский", "Горбунова", "Жданёнок", "Цепков", "Леонов"],
}  # fmt: skip


def romanised(icu, language, name):
    """The romanisation of BGN/PCGN by ICU, without marks that English texts leave out."""
    found = icu.Transliterator.createInstance(f"{language}-Latin/BGN").transliterate(name)
    return re.sub("[ʹʺ’·]", "", found)


@pytest.mark.parametrize("language", ["Belarusian", "Russian"])
def test_english_spellings_against_icu(language):
    """Ours are the letters of BGN/PCGN as the press writes them: no primes, ў as u, yo, and no y
    before e within a word."""
    icu = pytest.importorskip("icu", reason="ICU (PyICU) is not installed")
    is_russian = language == "Russian"
    names = SURNAMES[language] + [
        name for line in groups() for name in line
        if is_cyrillic(name)
        and not re.search("[іў'’ґ]" if is_russian else "[ищъ'’ґ]", name.lower())
    ]  # fmt: skip
    assert len(names) > 100
    for name in names:
        theirs = romanised(icu, language, name).replace("w", "u").replace("W", "U")
        theirs = (
            theirs.replace("ë", "yo").replace("Ë", "Yo").replace("Yë", "Yo").replace("yyo", "yo")
        )
        ours = to_latin(name, Spelling.ENGLISH, is_russian=is_russian)
        assert re.sub("(?<=.)ye", "e", theirs) == re.sub("(?<=.)ye", "e", ours), name


@pytest.mark.parametrize("language", ["Belarusian", "Russian"])
def test_keys_of_what_icu_writes(language):
    """A name and its romanisation by ICU, with marks or without, are one name."""
    icu = pytest.importorskip("icu", reason="ICU (PyICU) is not installed")
    for name in SURNAMES[language]:
        assert surname_key(romanised(icu, language, name)) == surname_key(name), name
    foreign = "[ищъ]" if language == "Belarusian" else "[іў'’]"
    given = [name for line in groups() for name in line
             if is_cyrillic(name) and not re.search(foreign, name.lower())]  # fmt: skip
    assert len(given) > 100
    for name in given:
        assert given_key(romanised(icu, language, name)) == given_key(name), name


def test_every_form_of_the_table_has_the_key_of_its_line():
    seen: dict[str, str] = {}
    for line in groups():
        keys = {given_key(name) for name in line}
        assert len(keys) == 1, line
        assert seen.setdefault(keys.pop(), line[0]) == line[0]
    assert len(groups()) > 90


@pytest.mark.parametrize("spelling", Spelling)
def test_every_name_in_every_spelling_has_one_key(spelling):
    for name in SURNAMES["Belarusian"]:
        assert surname_key(to_latin(name, spelling)) == surname_key(name), name
    for line in groups():
        if is_cyrillic(line[0]):
            assert given_key(to_latin(line[0], spelling)) == given_key(line[0])


@pytest.mark.parametrize(
    "names",
    [
        ("Ціханоўская", "Тихановская", "Cichanoŭskaja", "Tsikhanouskaya", "Tikhanovskaya",
         "Tichanowskaja"),
        ("Лукашэнка", "Лукашенко", "Łukašenka", "Lukashenka", "Lukashenko"),
        ("Бабарыка", "Бабарико", "Babaryka", "Babariko"),
        ("Цапкала", "Цепкало", "Capkała", "Tsapkala", "Tsepkalo"),
    ],
)  # fmt: skip
def test_public_names_as_the_press_writes_them(names):
    assert len({surname_key(name) for name in names}) == 1


@pytest.mark.parametrize(
    "pair",
    [("Aleh", "Oleg"), ("Ryhor", "Grigory"), ("Mikola", "Nikolai"), ("Volha", "Olga"),
     ("Siarhei", "Sergey"), ("Jaŭhien", "Evgeny"), ("Uladzimir", "Vladimir"),
     ("Dzmitry", "Dmitrii"),
     ("Zmicier", "Zmitser"), ("Kaciaryna", "Ekaterina"), ("Pavieł", "Pavel")],
)  # fmt: skip
def test_given_names_that_are_one(pair):
    first, second = pair
    assert given_key(first) == given_key(second)


def test_names_that_are_two_stay_two():
    """No two lines of the table fall together, nor surnames that differ in a consonant."""
    first = [line[0] for line in groups()]
    assert len({given_key(name) for name in first}) == len(first)
    for one, other in itertools.combinations(
        ["Вымышленка", "Вымышлевіч", "Прыдуманскі", "Прыдубскі", "Цэпкавіч", "Рэпкавіч"], 2
    ):
        assert surname_key(one) != surname_key(other)


def test_feminine_surnames_and_patronymics():
    assert surname_key("Гарбунова") == surname_key("Гарбуноў") == surname_key("Gorbunov")
    assert surname_key("Прыдуманская") == surname_key("Придуманский")
    fathers = [
        ("Рыгоравіч", "Григорьевна", "Ryhoraŭna", "Grigoryevich", "Hryhoravich"),
        ("Мікалаевіч", "Николаевна", "Mikałajevič", "Nikolayevich"),
        ("Ільіч", "Ильинична", "Illich", "Ilyich"),
        ("Уладзіміравіч", "Владимировна", "Uladzimiravich"),
    ]
    for forms in fathers:
        assert len({patronymic_key(one) for one in forms}) == 1, forms
    assert len({patronymic_key(forms[0]) for forms in fathers}) == len(fathers)
    assert patronymic_key("") == ""


def test_slips_are_mended_only_where_one_frequent_name_is_near():
    keys = {given_key("Аляксандр"): 500, given_key("Аляксанр"): 2, given_key("Вольга"): 90}
    found = corrected(keys)
    assert found == {given_key("Аляксанр"): given_key("Аляксандр")}
    assert corrected({given_key("Аляксандр"): 12, given_key("Аляксанр"): 2}) == {}
    assert corrected({given_key("Вольга"): 900, given_key("Алег"): 1}) == {}


def test_what_holds_no_letter_is_not_known():
    assert normalised("", "", "-") == normalised("  ", "'", "—")
    assert skeleton("--") == ""
    assert plain("Łukašenka-Ź") == "lukasenkaz"
    assert to_latin("Ivanov", Spelling.PASSPORT) == "Ivanov"
