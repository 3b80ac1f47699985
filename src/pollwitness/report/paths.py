"""Where every page of the report lies: stable names, so that a link can be quoted."""

from __future__ import annotations

import hashlib
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
    return {one: one if _is_plain(one, folded) else _with_digest(one) for one in known}


def _is_plain(name: str, folded: Counter[str]) -> bool:
    stem = name.casefold().partition(".")[0]
    return folded[name.casefold()] == 1 and stem not in _RESERVED and not name.startswith(".")


def _with_digest(name: str) -> str:
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name.lstrip('.')}-{digest}"


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
