"""Pages to HTML, in one language: templates, links, numbers and dates."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pollwitness import __version__
from pollwitness.checks import verdict_word
from pollwitness.language import Language, day_text, gettext, mark, ngettext, whole_number
from pollwitness.quantities import Verdict
from pollwitness.report.charts import claim_bar
from pollwitness.report.charts.drawing import printable
from pollwitness.report.methods import METHODS
from pollwitness.report.pages.page import Page
from pollwitness.report.paths import link, numbered
from pollwitness.report.subject import Subject
from pollwitness.report.theme import MARKS, VERDICT_COLOURS

NAVIGATION = (
    ("claims", mark("Claims"), "index.html"),
    ("areas", mark("Areas"), "areas/index.html"),
    ("quantities", mark("Who says what"), "quantities/index.html"),
    ("samples", mark("Samples"), "samples/index.html"),
    ("people", mark("Listed people"), "people.html"),
    ("evidence", mark("Evidence"), "evidence.html"),
    ("documents", mark("Documents"), "documents.html"),
    ("methods", mark("Methods"), "methods/index.html"),
    ("downloads", mark("Downloads"), "downloads.html"),
)
"""The entries of the navigation: section, words, path; samples and listed people only if any."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The report in one language: where its folder lies below the report's own.

    ``folder`` is empty for the first language and "ru/" for another.
    """

    language: Language
    folder: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same page in another language."""

    tag: str
    name: str
    href: str


def environment() -> Environment:
    """The templates, with every text escaped and every unknown name an error."""
    made = Environment(
        loader=PackageLoader("pollwitness.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_kept_together,
        auto_reload=False,
    )
    made.globals.update(
        _=gettext,
        ngettext=ngettext,
        day=day_text,
        number=whole_number,
        word=verdict_word,
        claim_bar=claim_bar,
        colour=VERDICT_COLOURS.__getitem__,
        drawn=MARKS.__getitem__,
        is_web=is_web,
        numbered=numbered,
        method_title=_method_title,
        relations_rows=_relations_rows,
        V=Verdict,
    )
    return made


def _kept_together(value: object) -> object:
    """A number stays on the line of its sign."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return printable(value).replace(" %", "\u00a0%")


def is_web(address: str) -> bool:
    """Whether an address may be a link: anything but the web stays text.

    >>> is_web("https://example.org/"), is_web("javascript:alert(1)")
    (True, False)
    """
    return address.lower().startswith(("https://", "http://"))


def _method_title(path: str) -> str:
    name = path.removeprefix("methods/").removesuffix(".html")
    return gettext(METHODS[name].title)


def _relations_rows(relations: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [(one, other, words) for one, words, other in relations]


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders pages of one edition. ``address`` is where the report will be published, or empty."""

    subject: Subject
    edition: Edition
    editions: tuple[Edition, ...]
    address: str
    templates: Environment

    def page(self, page: Page) -> bytes:
        """The bytes of a page; the language must be the one spoken now."""
        template = self.templates.get_template(page.template)
        return template.render(self._names(page)).encode()

    def fingerprint(self, page: Page) -> str:
        """The digest of everything that a page is made from: alike, it need not be made again."""
        editions = [(other.folder, other.language.tag) for other in self.editions]
        own = (self.edition.folder, self.edition.language.tag)
        parts = (page, own, editions, self.address, self.subject.tables.case)
        return hashlib.sha256(f"{made_with()} {parts!r}".encode()).hexdigest()

    def _names(self, page: Page) -> Mapping[str, object]:
        here = self.edition.folder + page.path
        names: dict[str, object] = {
            "page": page,
            "case": self.subject.tables.case,
            "language": self.edition.language,
            "languages": [self._elsewhere(page, other) for other in self.editions],
            "navigation": [
                (name, gettext(words), path) for name, words, path in NAVIGATION if self._has(name)
            ],
            "address": self.address,
            "folder": self.edition.folder,
            "version": __version__,
            "link": _linker(page.path),
            "shared": _linker(here),
        }
        return names | dict(page.content)

    def _has(self, section: str) -> bool:
        if section == "people":
            return self.subject.listed is not None
        return section != "samples" or bool(self.subject.samples)

    def _elsewhere(self, page: Page, other: Edition) -> Elsewhere:
        source = self.edition.folder + page.path
        return Elsewhere(
            other.language.tag,
            other.language.name,
            link(source, other.folder + page.path),
        )


@lru_cache(maxsize=1)
def made_with() -> str:
    """The digest of the program itself: code, templates, translations."""
    digest = hashlib.sha256(__version__.encode())
    for file in _files(resources.files("pollwitness")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(folder: Traversable) -> Iterator[Traversable]:
    """Every file that the program is made of, by name."""
    for one in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if one.is_dir():
            yield from _files(one)
        elif one.name.endswith((".py", ".j2", ".po")):
            yield one


def _linker(source: str) -> Callable[[str], str]:
    return lambda target: link(source, target)
