"""Numbers as a language writes them: with at most the digits that mean something."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from babel.lists import format_list

from pollwitness.language.spoken import gettext, spoken


def whole_number(value: int) -> str:
    """A whole number with its thousands separated.

    >>> whole_number(-1234567)
    '-1,234,567'
    """
    language = spoken()
    digits = f"{abs(value):,}".replace(",", language.group)
    return f"{language.minus}{digits}" if value < 0 else digits


def fixed(value: Fraction, digits: int) -> str:
    """Rounded half up to so many decimals, with trailing zeros removed.

    >>> fixed(Fraction(24989, 1000), 2), fixed(Fraction(1, 2), 0)
    ('24.99', '1')
    """
    language = spoken()
    scale = 10**digits
    units = (abs(value) * scale + Fraction(1, 2)).__floor__()
    whole, rest = divmod(units, scale)
    decimals = f"{rest:0{digits}d}".rstrip("0") if digits else ""
    sign = language.minus if value < 0 and units else ""
    return f"{sign}{whole_number(whole)}" + (f"{language.decimal}{decimals}" if decimals else "")


def decimal_number(value: Fraction) -> str:
    """A number with two decimals, or three below 1; whole numbers without.

    >>> [decimal_number(n) for n in (Fraction(104, 5), Fraction(7), Fraction(1, 8))]
    ['20.8', '7', '0.125']
    """
    if value.denominator == 1:
        return whole_number(value.numerator)
    return fixed(value, 2 if abs(value) >= 1 else 3)


def percentage(value: Fraction) -> str:
    """A number of percent, with its sign.

    >>> percentage(Fraction(801, 10))
    '80.1 %'
    """
    return gettext("{n} %").format(n=fixed(value, 2))


def probability(value: float) -> str:
    """A probability with two digits that mean something; very small ones as a power of ten.

    >>> probability(0.05), probability(0.1783), probability(4.7e-45), probability(0.0)
    ('0.05', '0.18', '5·10⁻⁴⁵', '0')
    """
    if value == 0 or value >= 0.001:
        return fixed(Fraction(value), 2 if value >= 0.095 else 3 if value >= 0.0095 else 4)
    digits, exponent = f"{value:.0e}".split("e")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digits}·10{raised}"


def listed(names: Iterable[str]) -> str:
    """Names as a list in a sentence.

    >>> listed(["Brest", "Gomel", "Minsk"])
    'Brest, Gomel and Minsk'
    """
    return format_list(list(names), style="standard", locale=_list_locale())


def _list_locale() -> str:
    # British English has no comma before "and".
    return "en_GB" if spoken().tag == "en" else str(spoken().locale)
