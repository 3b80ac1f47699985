"""The languages that are shipped, and their translations, read from the package's .po files."""

from __future__ import annotations

import io
from functools import lru_cache
from gettext import GNUTranslations
from importlib import resources

from babel.core import default_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from pollwitness.errors import QuestionError
from pollwitness.language.spoken import ENGLISH, Language

SHIPPED = ("en", "be", "ru")
"""The tags of the languages that every text is translated into."""


@lru_cache(maxsize=8)
def language(tag: str) -> Language:
    """A shipped language.

    Raises:
        QuestionError: if there is no translation into it.
    """
    if tag == ENGLISH.tag:
        return ENGLISH
    if tag not in SHIPPED:
        raise QuestionError(f"no translation into {tag!r}; there are {', '.join(SHIPPED)}")
    messages = resources.files("pollwitness.language") / "messages" / f"{tag}.po"
    with messages.open("rb") as stream:
        catalogue = read_po(stream, locale=tag)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language(tag, GNUTranslations(compiled))


def language_of_environment() -> Language:
    """The shipped language that the environment asks for, or English."""
    wanted = (default_locale("LC_MESSAGES") or "en").partition("_")[0]
    return language(wanted) if wanted in SHIPPED else ENGLISH
