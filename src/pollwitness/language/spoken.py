"""Which language is spoken now, and how its texts, dates and direction are had."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from gettext import NullTranslations

from babel import Locale
from babel.dates import format_date
from babel.numbers import get_decimal_symbol, get_group_symbol, get_minus_sign_symbol


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A language: its tag (BCP 47), its translations and the signs of its numbers.

    >>> Language("be").direction, Language("ar").direction
    ('ltr', 'rtl')
    """

    tag: str
    translations: NullTranslations = field(default_factory=NullTranslations, repr=False)
    locale: Locale = field(init=False, repr=False)
    group: str = field(init=False, repr=False)
    decimal: str = field(init=False, repr=False)
    minus: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # A pseudo locale such as ar-XB takes what is known of its language.
        locale = Locale.parse(self.tag.partition("-")[0])
        object.__setattr__(self, "locale", locale)
        signs = {
            "group": get_group_symbol(locale),
            "decimal": get_decimal_symbol(locale),
            "minus": get_minus_sign_symbol(locale),
        }
        for name, sign in signs.items():
            object.__setattr__(self, name, sign)

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``: the way the language is written."""
        return "rtl" if self.locale.text_direction == "rtl" else "ltr"

    @property
    def name(self) -> str:
        """What the language calls itself."""
        own = self.locale.get_language_name(self.locale) or self.tag
        return own[:1].upper() + own[1:]


ENGLISH = Language("en")
_SPOKEN: ContextVar[Language] = ContextVar("spoken", default=ENGLISH)


def spoken() -> Language:
    """The language spoken now; English where nobody chose another."""
    return _SPOKEN.get()


@contextmanager
def speaking(language: Language) -> Iterator[Language]:
    """Speak a language inside the block, in this thread or task alone."""
    token = _SPOKEN.set(language)
    try:
        yield language
    finally:
        _SPOKEN.reset(token)


def mark(text: str) -> str:
    """Mark a text for translation; it is translated where it is filled."""
    return text


def gettext(text: str) -> str:
    """A text in the language spoken now."""
    return _SPOKEN.get().translations.gettext(text)


def ngettext(one: str, many: str, number: int) -> str:
    """The form of a text for a number, in the language spoken now."""
    return _SPOKEN.get().translations.ngettext(one, many, number)


def day_text(moment: str) -> str:
    """The day of an ISO date or time, as the language writes it; the hour is kept if there is one.

    >>> day_text("2020-08-14"), day_text("2020-08-10T16:19+03:00")
    ('14 August 2020', '10 August 2020, 16:19 (UTC+03:00)')
    """
    day = format_date(
        datetime.date.fromisoformat(moment[:10]), _DAY.get(spoken().tag, "long"), spoken().locale
    )
    if "T" not in moment:
        return day
    when = datetime.datetime.fromisoformat(moment)
    zone = when.strftime("%z")
    shift = "UTC" if when.utcoffset() == datetime.timedelta() else f"UTC{zone[:3]}:{zone[3:5]}"
    return f"{day}, {when:%H:%M} ({shift})"


_DAY = {"en": "d MMMM yyyy"}
"""English is written the same for readers everywhere: day, month, year."""
