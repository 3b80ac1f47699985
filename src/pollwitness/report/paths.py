"""Where every page of the report lies: stable names, so that a link can be quoted."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from posixpath import dirname, relpath

_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", "index", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10)))
)
"""Names that some systems do not take for a file, whatever follows the dot."""


def file_names(ids: Iterable[str]) -> Mapping[str, str]:
    """A file name for every id: the id itself, with a digest where two would fall together.

    Some systems hold "A" and "a" for one file, and some names they refuse.

    >>> dict(file_names(["BY", "con"]))
    {'BY': 'BY', 'con': 'con-1143da2b'}
    """
    known = list(ids)
    folded = Counter(one.casefold() for one in known)
    plain = {one.casefold() for one in known if _is_plain(one, folded)}
    return {one: one if _is_plain(one, folded) else _with_digest(one, plain) for one in known}


def _is_plain(name: str, folded: Counter[str]) -> bool:
    stem = name.casefold().partition(".")[0]
    odd = stem in _RESERVED or name.startswith(".") or _NUMBERED.search(name.casefold())
    return folded[name.casefold()] == 1 and not odd


_NUMBERED = re.compile(r"-page-[0-9]+$")
"""So end the names of further pages of a long table."""


def _with_digest(name: str, taken: set[str]) -> str:
    """The name with as many digits of its digest as tell it from all plain names."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    lengths = (8, 16, 32, 64)
    made = (f"{name.lstrip('.')}-{digest[:length]}" for length in lengths)
    return next(one for one in made if one.casefold() not in taken)


def link(source: str, target: str) -> str:
    """The relative address of a page as seen from another.

    >>> link("claims/a.html", "areas/b.html#c"), link("index.html", "claims/a.html")
    ('../areas/b.html#c', 'claims/a.html')
    """
    page, mark, anchor = target.partition("#")
    if page == source and anchor:
        return f"#{anchor}"
    return relpath(page, dirname(source) or ".") + mark + anchor


def numbered(path: str, page: int) -> str:
    """The path of one page of a long table; the first has no number.

    >>> numbered("areas/x.html", 1), numbered("areas/x.html", 3)
    ('areas/x.html', 'areas/x-page-3.html')
    """
    stem = path.removesuffix(".html")
    return path if page == 1 else f"{stem}-page-{page}.html"


def page_count(rows: int, rows_a_page: int) -> int:
    """How many pages a long table has: one at least."""
    return max(-(-rows // rows_a_page), 1)
