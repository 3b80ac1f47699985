"""To which option, contest and area of a case a statement belongs, where its words say so plainly.

A wrong link would judge a statement that nobody made. So a name is linked only as the subject of a
verb of winning or behind "votes for"; a pronoun never; and the whole of a case is only meant where
no word speaks of a part of it. All else stays open for the person who decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pollwitness.reading.propose import Proposal
from pollwitness.reading.quantities import QuantityMention
from pollwitness.reading.words import either, words_of
from pollwitness.tables import Case, Option, OptionKind

_AUXILIARY = r"(?:(?:has|have|had|is said to have|was said to have)\s+)?"
_Area = tuple[str, str, str | None]


def option_of(text: str, one: Proposal, figure: QuantityMention, case: Case) -> str | None:
    """The option that won the figure, if the clause says so of exactly one."""
    core = one.core.of(text)
    before = core[: max(figure.span.start - one.core.start, 0)]
    behind = text[figure.span.end : one.core.end]
    options = [option for contest in case.contests for option in contest.options]
    found = [option.id for option in options
             if _won(before, option) or _votes_for(behind, option)]  # fmt: skip
    named = [option.id for option in options if _is_named(core, option)]
    return found[0] if len(found) == 1 and named == found else None


def _name(option: Option) -> str:
    """The pattern of an option's name: a candidate by the last name, with or without the first."""
    if option.kind is not OptionKind.CANDIDATE:
        return re.escape(option.name)
    first, _space, last = option.name.rpartition(" ")
    return rf"(?:{re.escape(first)}\s+)?{re.escape(last)}" if first else re.escape(last)


def _is_named(core: str, option: Option) -> bool:
    last = option.name.split()[-1] if option.kind is OptionKind.CANDIDATE else option.name
    return re.search(rf"(?<!\w){re.escape(last)}(?!\w)", core, re.IGNORECASE) is not None


def _won(before: str, option: Option) -> bool:
    """`NAME (has) won`, with at most titles before the name and no other first name."""
    verbs, titles = _scope()
    subject = re.compile(
        rf"^\W*(?:that\s+)?(?:.*[,;:]\s*|.*?\b(?:and|but|while|data|figures|count)\s+)?"
        rf"(?:(?:{titles})\s+)*(?:{_name(option)})\s+{_AUXILIARY}(?:{verbs})\s*[\w\s]{{0,24}}$",
        re.IGNORECASE | re.DOTALL,
    )
    return subject.match(before[-_LONGEST:]) is not None


_LONGEST = 300


def _votes_for(behind: str, option: Option) -> bool:
    """`(percent) (of the) votes for NAME`, `for NAME`, `went to NAME`."""
    _verbs, titles = _scope()
    pattern = (
        rf"^\s*(?:(?:of\s+the\s+)?(?:ballots|votes?)\s+)?(?:were\s+cast\s+)?"
        rf"(?:for|went\s+to)\s+(?:(?:{titles})\s+)*(?:{_name(option)})(?![\w'\u2019])"
    )
    return re.match(pattern, behind, re.IGNORECASE) is not None


@lru_cache(maxsize=1)
def _scope() -> tuple[str, str]:
    scope = words_of("en").circumstances["scope"]
    return either(scope["won"]), either(scope["titles"])


def is_of_this_election(text: str, one: Proposal, case: Case) -> bool:
    """Whether nothing speaks of another election: another kind of office, another year."""
    sentence = one.sentence.of(text)
    own = " ".join([case.title, *(contest.name for contest in case.contests)]).lower()
    others = [word for word in words_of("en").circumstances["scope"]["others"] if word not in own]
    if _holds_any(sentence, tuple(others)):
        return False
    year = case.date[:4]
    named = set(re.findall(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]\d|\d)", sentence))
    is_dated = one.date is not None and one.date.first is not None
    if is_dated and one.date is not None and one.date.first is not None:
        named |= {str(one.date.first.year)} if one.date.grain == "year" else set()
    return named <= {year}


def area_of(text: str, one: Proposal, areas: Sequence[_Area]) -> str | None:
    """The area that the sentence names up to the end of the clause; the whole where none is.

    The whole of the case is only meant where nothing speaks of a part of it.
    """
    sentence = text[one.sentence.start : max(one.core.end, one.sentence.start)]
    known = {name.casefold(): area for area, name, _parent in areas}
    roots = [(area, name) for area, name, parent in areas if parent is None]
    parts = {name: area for name, area in known.items() if area not in {r for r, _n in roots}}
    named = {area for name, area in parts.items() if _holds_any(sentence, (name,))}
    if named:
        return named.pop() if len(named) == 1 else None
    place = one.circumstances.place
    where = None if place is None else place.of(text).casefold().removeprefix("the ")
    is_root = where is not None and where in {name.casefold() for _area, name in roots}
    scope = words_of("en").circumstances["scope"]["local"]
    firsts = {name.split()[0].strip(",.") for name in parts if len(name.split()) > 1}
    own = {"station", "stations"} if one.unit == "polling_stations" else set()
    local = tuple(set(scope) - own)
    if (where is not None and not is_root) or _holds_any(sentence, local):
        return None
    if _holds_any(sentence, tuple(firsts - set(scope))):
        return None
    return roots[0][0] if len(roots) == 1 else None


def _holds_any(sentence: str, words: tuple[str, ...]) -> bool:
    if not words:
        return False
    return re.search(rf"(?<!\w)(?:{either(words)})(?!\w)", sentence, re.IGNORECASE) is not None
