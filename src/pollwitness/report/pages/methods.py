"""The method pages."""

from __future__ import annotations

from collections.abc import Iterator

from pollwitness.checks import CATALOGUE
from pollwitness.language import gettext as _
from pollwitness.report.methods import METHODS
from pollwitness.report.pages.page import Page


def method_pages() -> Iterator[Page]:
    """One page for every method, and their list."""
    for name, method in METHODS.items():
        checks = [check for check in CATALOGUE if check.page == f"methods/{name}"]
        yield Page(
            f"methods/{name}.html",
            "method.html.j2",
            _(method.title),
            "methods",
            about=_(method.asks),
            content={
                "method": method,
                "asks": _(method.asks),
                "steps": [_(step) for step in method.steps],
                "limits": [_(limit) for limit in method.limits],
                "references": [_(reference) for reference in method.references],
                "checks": [
                    (check.id, f"{check.function.__module__}.{check.function.__name__}")
                    for check in checks
                ],
            },
        )
    yield Page(
        "methods/index.html", "methods.html.j2", _("Methods"), "methods",
        content={
            "listed": [(_(m.title), f"methods/{n}.html", _(m.asks)) for n, m in METHODS.items()]
        },
    )  # fmt: skip
