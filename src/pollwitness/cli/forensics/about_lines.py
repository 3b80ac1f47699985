"""How the null model, the blind spots and the innocent explanations of a result are printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pollwitness.claims import Json
from pollwitness.forensics.about import About
from pollwitness.language import gettext as _


def about_lines(methods: Iterable[tuple[str, About]]) -> Iterator[str]:
    """Every method once, with the names of the results that it stands for."""
    named: dict[About, list[str]] = {}
    for name, about in methods:
        named.setdefault(about, []).append(name)
    for about, names in named.items():
        yield ", ".join(names) + ":"
        yield "  " + _("Compared with: {null}.").format(null=_(about.null))
        yield "  " + _("Limits: {blind}.").format(blind=_(about.blind))
        yield "  " + _("Innocent: {innocent}.").format(innocent=_(about.innocent))
        if about.reference:
            yield "  " + _("Literature: {reference}.").format(reference=about.reference)


def about_object(about: About) -> dict[str, Json]:
    """The same for machines, in English."""
    return {
        "null_model": about.null,
        "not_seen": about.blind,
        "innocent": about.innocent,
        "reference": about.reference,
    }
